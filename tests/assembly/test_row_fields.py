"""Cells of the tables to fields, where recognition changed what is printed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from grids import grid
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly.row_fields import AmountContext
from extractor.assembly.tables import assemble_table
from extractor.record import Row

HEAD = "title        | date       | code | shares  | A/D | price      | owned      | D/I | nature\n"


def rows_of(text: str, *, quality: float = 0.9, derivative: bool = False) -> list[Row]:
    """The rows of a scanned table as it is drawn."""
    labelled = grid(text, table="derivative" if derivative else "non_derivative", kind="pdf_scan")
    labelled.document.tokens[:] = [replace(token, quality=quality) for token in labelled.document.tokens]
    return assemble_table(labelled, derivative, set())


def value(row: Row, name: str) -> object:
    field = getattr(row, name)
    return field.value if field is not None else None


WHOLE = HEAD + "Common Stock | 03/14/2024 | S    | 57.125  | D   | $20.1025   | 98.000     | D   |\n"
MIXED = (
    HEAD
    + "Common Stock | 03/14/2024 | S    | 50.000  | D   | $20.1025   | 98,000     | D   |\n"
    + "\n"
    + "Common Stock | 03/15/2024 | S    | 57.125  | D   | $20.1025   | 9,923.8931 | D   |\n"
)


def test_points_among_whole_amounts_are_misread_commas() -> None:
    (row,) = rows_of(WHOLE)
    assert (value(row, "shares"), value(row, "shares_owned_following")) == (57125, 98000)
    assert row.shares is not None
    assert row.shares.raw == "57.125"


def test_what_is_printed_is_left_where_characters_are_known() -> None:
    (row,) = rows_of(WHOLE, quality=1.0)
    assert value(row, "shares") == 57.125


def test_beside_fractions_a_point_is_a_comma_only_before_a_final_zero() -> None:
    first, second = rows_of(MIXED)
    assert (value(first, "shares"), value(second, "shares")) == (50000, 57.125)


def test_a_plan_holds_fractions() -> None:
    text = HEAD + "Common Stock |            |      |         |     |            | 324.143    | I   | By 401(k) plan\n"
    (row,) = rows_of(text)
    assert value(row, "shares_owned_following") == 324.143


def test_points_are_commas_in_both_columns_of_the_second_table() -> None:
    text = (
        "title | date       | code | acquired | disposed | owned  | of\n"
        "Unit  | 03/14/2024 | M    |          | 7.836    | 12.000 | 7.836\n"
    )
    (row,) = rows_of(text, derivative=True)
    assert (value(row, "shares"), value(row, "underlying_security_shares")) == (7836, 7836)
    assert value(row, "acquired_disposed") == "D"


@pytest.mark.parametrize(
    ("printed", "meant"), [("$263.10287", 263.1028), ("$265.614880", 265.6148), ("$9.1025", 9.1025)]
)
def test_a_price_has_four_decimals_at_most(printed: str, meant: float) -> None:
    line = f"Common Stock | 03/14/2024 | S    | 1,250   | D   | {printed:<10} | 98,000     | D   |\n"
    (row,) = rows_of(HEAD + line)
    assert value(row, "price_per_share") == meant
    (row,) = rows_of(HEAD + line, quality=1.0)
    assert value(row, "price_per_share") == float(printed.strip("$"))


@given(st.integers(1, 999), st.integers(0, 999), st.booleans(), st.booleans())
def test_more_signs_of_fractions_never_make_more_thousands(whole: int, rest: int, fractional: bool, plan: bool) -> None:
    text = f"{whole}.{rest:03d}"
    assert AmountContext(False, False).is_thousands(text)
    assert AmountContext(fractional, plan).is_thousands(text) == (text.endswith("0") or not (fractional or plan))


@pytest.mark.parametrize("printed", ["Option Right to Buy)", "Option (Right to Buy", "Option (Right to Buy??"])
def test_a_lost_bracket_of_a_right_is_put_back(printed: str) -> None:
    line = f"{printed} | 03/14/2024 | S    | 1,250   | D   | $1.00      | 98,000     | D   |\n"
    (row,) = rows_of(HEAD + line)
    assert value(row, "security_title") == "Option (Right to Buy)"
    (row,) = rows_of(HEAD + line, quality=1.0)
    assert value(row, "security_title") == printed
