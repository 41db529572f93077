"""Lost transaction dates are given where the rows around or box 3 tell them, and not otherwise."""

from __future__ import annotations

from made_filings import make_filing, make_trade

from extractor.checking import check_filing
from extractor.checking.rule import value_of
from extractor.record import Field, Filing, Row

DAY, NEXT = "2024-05-02", "2024-05-03"


def lost(shares: int, owned: int) -> Row:
    return make_trade("S", "D", shares, owned, transaction_date=None)


def checked(*rows: Row, period: str | None = None, kind: str = "text") -> Filing:
    filing = make_filing(*rows)
    filing.source.input_kind = kind
    filing.form_type = Field("4")
    filing.period_of_report = Field(period) if period else None
    check_filing(filing)
    return filing


def dates(filing: Filing) -> list[object]:
    return [value_of(row.transaction_date) for row in filing.non_derivative]


def test_a_row_between_two_of_one_day_is_of_that_day() -> None:
    one, other = (make_trade("S", "D", 100, owned, transaction_date=DAY) for owned in (900, 700))
    last = make_trade("S", "D", 100, 600, transaction_date=NEXT)
    filing = checked(one, lost(100, 800), other, last, period=DAY)
    assert dates(filing) == [DAY, DAY, DAY, NEXT]
    date = filing.non_derivative[1].transaction_date
    assert date is not None
    assert date.method == "derived"
    assert any(check.code == "date_derived" for check in filing.checks)


def test_where_all_dates_were_lost_box_3_tells_them() -> None:
    assert dates(checked(lost(100, 900), lost(100, 800), period=DAY)) == [DAY, DAY]


def test_between_two_days_nothing_is_given() -> None:
    one = make_trade("S", "D", 100, 900, transaction_date=DAY)
    other = make_trade("S", "D", 100, 700, transaction_date=NEXT)
    assert dates(checked(one, lost(100, 800), other, period=DAY)) == [DAY, None, NEXT]


def test_a_page_that_was_read_exactly_is_left_as_it_is() -> None:
    assert dates(checked(lost(100, 900), period=DAY, kind="pdf_text")) == [None]


def test_without_any_date_nothing_is_given() -> None:
    assert dates(checked(lost(100, 900))) == [None]
