"""Rows whose line was spoilt get their amounts from the rest of the filing, or are dropped."""

from __future__ import annotations

from made_filings import make_filing, make_row, make_trade

from extractor.assembly.lost_lines import LOST
from extractor.checking.lost_rows import LostRows
from extractor.record import Filing, Row


def spoilt(day: str = "2024-05-02") -> Row:
    row = make_row(security_title="Common Stock", transaction_date=day)
    row.kind = "transaction"
    assert row.security_title is not None
    row.security_title.signals[LOST] = 1.0
    return row


def table(*rows: Row, derivative: tuple[Row, ...] = ()) -> Filing:
    filing = make_filing(*rows)
    filing.derivative = list(derivative)
    day = filing.non_derivative[-1].transaction_date
    assert day is not None
    for row in (*rows, *derivative):
        if row.transaction_date is not None:
            row.transaction_date.value = day.value
    return filing


def amounts(filing: Filing) -> list[tuple[object, object, object]]:
    return [
        tuple(
            None if field is None else field.value
            for field in (row.shares, row.acquired_disposed, row.shares_owned_following)
        )
        for row in filing.non_derivative
    ]


def test_one_spoilt_row_moved_the_balance_between_its_neighbours() -> None:
    filing = table(make_trade("S", "D", 100, 900), spoilt(), make_trade("S", "D", 50, 810))
    (check,) = LostRows().repair(filing)
    assert amounts(filing)[1] == (40, "D", 860)
    assert check.fields == ["non_derivative[1]"]


def test_spoilt_rows_received_what_table_two_exercised() -> None:
    exercised = tuple(make_trade("M", "D", amount, 0) for amount in (100, 15, 25))
    filing = table(
        make_trade("M", "A", 100, 900), spoilt(), spoilt(), make_trade("S", "D", 50, 890), derivative=exercised
    )
    LostRows().repair(filing)
    assert amounts(filing)[1:3] == [(15, "A", 915), (25, "A", 940)]
    codes = [row.transaction_code.value for row in filing.non_derivative if row.transaction_code is not None]
    assert codes == ["M", "M", "M", "S"]


def test_nothing_is_invented_where_the_amounts_do_not_follow() -> None:
    filing = table(make_trade("S", "D", 100, 900), spoilt(), spoilt(), make_trade("S", "D", 50, 810))
    assert LostRows().repair(filing) == []
    assert len(filing.non_derivative) == 2


def test_a_spoilt_row_at_an_end_without_exercise_is_dropped() -> None:
    filing = table(make_trade("S", "D", 100, 900), spoilt())
    LostRows().repair(filing)
    assert len(filing.non_derivative) == 1
