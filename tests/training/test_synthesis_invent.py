"""Invented filings are consistent: balances run, dates follow each other, marks and notes agree."""

from __future__ import annotations

import random

import pytest

from extractor.record import Filing, Row
from training.synthesis.invent import invent_filing


def filings(count: int = 120) -> list[Filing]:
    return [invent_filing(random.Random(seed)) for seed in range(count)]


def values(row: Row, derivative: bool = True) -> list[object]:
    return [field for field in row.fields(derivative).values() if field is not None]


def test_the_same_seed_gives_the_same_filing() -> None:
    assert invent_filing(random.Random(7)).to_dict() == invent_filing(random.Random(7)).to_dict()


def test_balances_run_within_a_title_and_a_line_of_ownership() -> None:
    steps = balanced = 0
    for filing in filings():
        last: dict[tuple[object, ...], float] = {}
        for row in filing.non_derivative:
            assert row.security_title is not None
            assert row.shares_owned_following is not None
            nature = row.nature_of_ownership.value if row.nature_of_ownership else None
            line = row.direct_or_indirect.value if row.direct_or_indirect else None
            key = (row.security_title.value, line, nature)
            after = float(row.shares_owned_following.value or 0)
            if row.kind == "transaction" and key in last and row.shares and row.acquired_disposed:
                sign = 1 if row.acquired_disposed.value == "A" else -1
                steps += 1
                balanced += abs(max(0.0, last[key] + sign * float(row.shares.value or 0)) - after) < 0.01
            last[key] = after
    assert steps > 50
    assert balanced / steps > 0.93


def test_dates_follow_each_other() -> None:
    for filing in filings():
        assert filing.period_of_report is not None
        form = str(filing.form_type.value if filing.form_type else "")
        days = [str(r.transaction_date.value) for r in filing.non_derivative + filing.derivative if r.transaction_date]
        if form[0] == "4" and days:
            assert filing.period_of_report.value == min(days)
        for signature in filing.signatures:
            if signature.date is not None:
                assert str(signature.date.value) >= max([*days, str(filing.period_of_report.value)])
        assert (filing.date_of_original_submission is not None) == form.endswith("/A")


def test_every_mark_has_its_footnote_and_rows_list_their_marks() -> None:
    for filing in filings():
        known = {note.id for note in filing.footnotes}
        assert known == set(range(1, len(known) + 1))
        for derivative, rows in ((False, filing.non_derivative), (True, filing.derivative)):
            for row in rows:
                marks = {mark for field in row.fields(derivative).values() if field for mark in field.marks}
                assert sorted(marks) == row.footnotes
                assert marks <= known


def test_form_3_has_holdings_only() -> None:
    initial = [f for f in filings(300) if f.form_type and str(f.form_type.value)[0] == "3"]
    assert initial
    assert any(f.no_securities_owned for f in initial)
    for filing in initial:
        rows = filing.non_derivative + filing.derivative
        assert all(row.kind == "holding" and row.transaction_date is None for row in rows)
        assert bool(rows) != (filing.no_securities_owned is not None)
        assert filing.aff10b5_one is None


def test_the_variety_of_real_filings_occurs() -> None:
    sample = filings(600)
    rows = [row for f in sample for row in f.non_derivative + f.derivative]
    codes = {str(row.transaction_code.value) for row in rows if row.transaction_code}
    assert codes >= set("PSAMFGCDJXLWIUZKEH")
    assert any(row.voluntary for row in rows)
    assert any(row.equity_swap_involved for row in rows)
    assert any(row.price_per_share and row.price_per_share.value is None and row.price_per_share.marks for row in rows)
    assert any(len(f.reporting_owners) > 3 for f in sample)
    assert max(len(f.non_derivative) for f in sample) > 15
    assert len({str(f.issuer.name.value) for f in sample if f.issuer.name}) > 590


@pytest.mark.parametrize("era", ["typed", "older", "current"])
def test_filings_fall_into_the_era_asked_for(era: str) -> None:
    filing = invent_filing(random.Random(1), era)
    assert filing.period_of_report is not None
    year = int(str(filing.period_of_report.value)[:4])
    assert {"typed": 1995 < year < 2005, "older": 2002 < year < 2025, "current": year > 2022}[era]
