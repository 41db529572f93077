"""Dates in the wrong column."""

from __future__ import annotations

from extractor.assembly.misplaced import settle_dates
from extractor.record import Field, Row

PERIOD = Field("2026-05-21")


def test_a_deemed_date_without_a_transaction_date_is_the_transaction_date() -> None:
    row = Row(kind="transaction", shares=Field(5), deemed_execution_date=Field("2026-05-21"))
    settle_dates([row], False, PERIOD, "4")
    assert row.transaction_date is not None
    assert row.transaction_date.value == "2026-05-21"
    assert row.deemed_execution_date is None


def test_a_lone_exercise_date_years_ahead_is_an_expiration() -> None:
    far = Row(exercise_date=Field("2032-01-01"))
    near = Row(exercise_date=Field("2027-01-01"))
    both = Row(exercise_date=Field("2032-01-01"), expiration_date=Field("2034-01-01"))
    settle_dates([far, near, both], True, PERIOD, "4")
    assert far.exercise_date is None
    assert far.expiration_date is not None
    assert near.exercise_date is not None
    assert near.expiration_date is None
    assert both.exercise_date is not None


def test_a_holding_was_not_traded_years_before_the_period() -> None:
    old = Row(kind="transaction", transaction_date=Field("2016-12-29"))
    traded = Row(kind="transaction", transaction_date=Field("2016-12-29"), transaction_code=Field("M"), shares=Field(1))
    settle_dates([old, traded], True, PERIOD, "4")
    assert (old.kind, old.transaction_date) == ("holding", None)
    assert old.exercise_date is not None
    assert traded.transaction_date is not None
