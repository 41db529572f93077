"""Columns of tables on pages: named by labels, headings and the form's order."""

from __future__ import annotations

import numpy as np
import pytest
from grids import grid, with_labels

from extractor.assembly.headings import named
from extractor.assembly.page_columns import heading_over, settle_page_columns
from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE

_TABLE = """
title        | date       | code | shares | A/D | price   | owned  | D/I
Common Stock | 2024-03-01 | S    | 1,200  | D   | $12.50  | 8,800  | D
Common Stock | 2024-03-02 | S    | 1,300  | D   | $12.75  | 7,500  | D
Common Stock | 2024-03-02 | F    | 100    | D   | $12.80  | 7,400  | D
"""


def _relabel(labelled: Labelled, changes: dict[int, str], sure: float = 0.5) -> Labelled:
    labels = list(labelled.tagging.labels)
    beliefs = np.full(len(labels), 0.99, dtype=np.float32)
    for index, label in changes.items():
        labels[index], beliefs[index] = label, sure
    return with_labels(labelled.document, labels, [float(belief) for belief in beliefs])


def _index(labelled: Labelled, text: str) -> int:
    return next(i for i, token in enumerate(labelled.tokens) if token.text == text)


def test_a_value_mislabelled_takes_the_field_of_its_column() -> None:
    table = grid(_TABLE)
    price = _index(table, "$12.75")
    wrong = _relabel(table, {price: "non_derivative.shares_owned_following"})
    assert settle_page_columns(wrong).label(price) == "non_derivative.price_per_share"


def test_an_unlabelled_piece_of_a_cut_cell_takes_the_field_of_its_column() -> None:
    first, *others = _TABLE.replace("2024-03-02 | S ", "2024-03-0  | S ").rsplit("\n", 2)
    piece_below = "             | 2          |      |        |     |         |        |  "
    table = grid("\n".join([first, piece_below, *others]))
    piece = _index(table, "2")
    wrong = _relabel(table, {piece: OUTSIDE})
    assert settle_page_columns(wrong).label(piece) == "non_derivative.transaction_date"


def test_marks_and_dashes_are_left_alone() -> None:
    table = grid(_TABLE.replace("$12.75 ", "(1)    ").replace("1,300 ", "-     "))
    mark, dash = _index(table, "(1)"), _index(table, "-")
    settled = settle_page_columns(_relabel(table, {dash: OUTSIDE}))
    assert settled.label(mark) == "footnote.mark"
    assert settled.label(dash) == OUTSIDE


def test_text_and_scans_keep_their_labels() -> None:
    table = grid(_TABLE, kind="image")
    price = _index(table, "$12.75")
    wrong = _relabel(table, {price: "non_derivative.shares_owned_following"})
    assert settle_page_columns(wrong) is wrong


def test_letters_fill_no_column_of_numbers() -> None:
    table = grid(_TABLE.replace("$12.75 ", "Inc    "))
    word = _index(table, "Inc")
    assert settle_page_columns(_relabel(table, {word: OUTSIDE})).label(word) == OUTSIDE


def test_headings_below_a_table_are_no_titles() -> None:
    table = grid(_TABLE + "Footnotes:   |            |      |        |     |         |        |  \n")
    word = _index(table, "Footnotes:")
    settled = settle_page_columns(_relabel(table, {word: "non_derivative.security_title"}, 0.99))
    assert settled.label(word) == OUTSIDE


def test_a_nature_of_ownership_that_wraps_is_no_heading() -> None:
    table = grid(
        "title | owned | D/I | nature\n"
        "Common Stock | 8,800 | I   | See       \n"
        "             |       |     | Footnotes \n"
        "Common Stock | 500   | D   |           "
    )
    assert settle_page_columns(table).label(_index(table, "Footnotes")) == "non_derivative.nature_of_ownership"


@pytest.mark.parametrize(
    ("letters", "derivative", "field"),
    [
        ("deemedexecutiondateifany", False, "deemed_execution_date"),
        ("pricepershare", False, "price_per_share"),
        ("conversionorexercisepriceofderivativesecurity", True, "conversion_or_exercise_price"),
        ("priceofderivativesecurity", True, "price_per_share"),
        ("amountornumberofshares", True, "underlying_security_shares"),
        ("dateexercisable", True, "exercise_date"),
        ("acquireda", True, "shares_acquired"),
        ("ownershipformdirectdorindirecti", True, "direct_or_indirect"),
        ("natureofindirectbeneficialownership", False, "nature_of_ownership"),
        ("directindirect", False, "direct_or_indirect"),
        ("remarks", False, ""),
    ],
)
def test_headings_name_fields(letters: str, derivative: bool, field: str) -> None:
    assert named(letters, derivative) == field


def test_the_words_above_a_lone_mark_name_its_column() -> None:
    lines = (
        "title | date | code | shares | price | owned",
        "Title        | Transaction | Code |  Amount | Price | Owned",
        "of Security  | Date        |      |         |       | Following",
        "Common Stock | 2024-03-01  | S    |  1,200  | (1)   | 8,800",
    )
    table = grid("\n".join(lines))
    first = _index(table, "2024-03-01")
    labels = [
        OUTSIDE if token.line < 2 else label for token, label in zip(table.tokens, table.tagging.labels, strict=True)
    ]
    assert heading_over(with_labels(table.document, labels), _index(table, "(1)"), first, derivative=False) == (
        "price_per_share"
    )
