"""Values of ownership XML without their tags: rows, parties and flags told by the schema's order alone."""

from __future__ import annotations

import pytest

from extractor import extract_text
from extractor.pipeline import NOT_A_FORM
from extractor.record import Filing

_HEAD = ["X0508", "4", "2024-05-01", "0", "0001234567", "Alto Robotics Inc.", "ALTO", "0001987654", "Quill Marta J."]
_ADDRESS = ["12 Harbor Way", "Suite 4", "Reno", "NV", "89501"]
_SALE = ["Common Stock", "2024-05-01", "4", "S", "0", "1200", "31.5", "D", "44800", "I", "By Quill Family Trust"]
_GRANT = [
    *("Restricted Stock Units", "2024-05-01", "4", "A", "0", "500", "0", "A"),
    *("2031-05-01", "Common Stock", "500", "500", "D"),
]
_REST = ["Sold under a plan adopted on January 5, 2024.", "/s/ Marta J. Quill", "2024-05-03"]


def _read(*parts: list[str], between: str = "\n") -> Filing:
    return extract_text(between.join(value for part in parts for value in part))


def _value(field: object) -> object:
    return getattr(field, "value", None)


@pytest.mark.parametrize("between", ["\n", "\n\n    ", " "])
def test_rows_are_read_whether_values_have_lines_of_their_own_or_not(between: str) -> None:
    filing = _read(
        _HEAD, _ADDRESS, ["0", "1", "0", "0", "Chief Financial Officer", "0"], _SALE, _GRANT, _REST, between=between
    )
    (sale,) = filing.non_derivative
    assert [_value(sale.shares), _value(sale.price_per_share), _value(sale.shares_owned_following)] == [
        1200,
        31.5,
        44800,
    ]
    assert (_value(sale.transaction_code), _value(sale.acquired_disposed), _value(sale.direct_or_indirect)) == (
        "S",
        "D",
        "I",
    )
    assert _value(sale.nature_of_ownership) == "By Quill Family Trust"
    (grant,) = filing.derivative
    assert _value(grant.underlying_security_title) == "Common Stock"
    assert (_value(grant.shares), _value(grant.acquired_disposed), _value(grant.expiration_date)) == (
        500,
        "A",
        "2031-05-01",
    )
    assert _value(filing.issuer.ticker) == "ALTO"
    assert _value(filing.aff10b5_one) is False


def test_parties_and_flags_follow_the_order_of_lines() -> None:
    filing = _read(_HEAD, _ADDRESS, ["1", "1", "0", "0", "Chief Executive Officer", "1"], _SALE, _REST)
    (owner,) = filing.reporting_owners
    assert _value(owner.street) == "12 Harbor Way Suite 4"
    assert (_value(owner.city), _value(owner.state), _value(owner.zip)) == ("Reno", "NV", "89501")
    assert [_value(owner.is_director), _value(owner.is_officer), _value(owner.is_other)] == [True, True, False]
    assert _value(owner.officer_title) == "Chief Executive Officer"
    assert _value(filing.aff10b5_one) is True


def test_a_text_after_an_indirect_holding_is_its_nature_not_the_next_title() -> None:
    first = ["Common Stock", "700", "I", "By Spouse"]
    filing = _read(_HEAD, _ADDRESS, ["1", "0", "0", "0"], _SALE, first, ["Common Stock", "80", "D"], _REST)
    assert [_value(row.nature_of_ownership) for row in filing.non_derivative] == [
        "By Quill Family Trust",
        "By Spouse",
        None,
    ]
    assert [row.kind for row in filing.non_derivative] == ["transaction", "holding", "holding"]


def test_a_row_that_damage_made_unreadable_does_not_end_the_table() -> None:
    spoilt = ["Common Stock", "2024-05-01", "4", "S", "0", "12oo", "x1.5", "D"]
    filing = _read(_HEAD, _ADDRESS, ["1", "0", "0", "0"], _SALE, spoilt, _SALE, _REST)
    assert len(filing.non_derivative) == 2


def test_the_words_of_a_footnote_are_no_rows() -> None:
    note = ["Includes 300 shares. Of these", "300", "were sold on", "2024-05-01", "at 5 D Street."]
    filing = _read(_HEAD, _ADDRESS, ["1", "0", "0", "0"], _SALE, note, _REST)
    assert len(filing.non_derivative) == 1
    assert filing.derivative == []


def test_dates_and_numbers_without_the_head_of_a_filing_are_no_form() -> None:
    filing = _read(["4", "2024-05-01", "Alto Robotics Inc."], _SALE)
    assert NOT_A_FORM in filing.review_reasons
    assert filing.non_derivative == []
