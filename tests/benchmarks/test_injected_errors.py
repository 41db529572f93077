"""The benchmark of injected errors: what it injects can be seen, and its marks hold for invented filings."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
pytest.importorskip("reportlab")

import injected_errors
from injected_errors import MARKS, falsely, inject, judge, measure, missed, readied

from training.synthesis.invent import invent_filing


@pytest.fixture(scope="module")
def invented():
    return [invent_filing(random.Random(f"tests:{number}"), None) for number in range(60)]


def test_an_error_changes_one_thing_in_a_copy(invented):
    rng = random.Random(0)
    kinds = set()
    for filing in invented:
        before = readied(filing).to_json()
        for one in inject(readied(filing), rng):
            kinds.add(one.kind)
            assert one.filing.to_json() != before
            assert one.truth is None or one.kind == "digit"
        assert readied(filing).to_json() == before
    assert kinds == {"digit", "date", "row", "leg"}


def test_the_marks_hold_for_invented_filings(invented):
    figures = measure(invented, seed=0)
    injected = sum(counts["injected"] for counts in figures.values())
    flagged = sum(counts["flagged"] for counts in figures.values())
    assert injected > 60
    assert flagged / injected >= MARKS["flagged"]
    assert falsely(invented) <= 0.02


def test_checks_that_see_nothing_miss_their_marks(invented, monkeypatch):
    monkeypatch.setattr(injected_errors, "check_filing", lambda filing: None)
    figures = {"invented": {"untouched_flagged": 0.0, "filings": 60, "errors": measure(invented, seed=0)}}
    assert any("of errors flagged" in line for line in missed(figures))


def test_a_digit_put_right_counts_as_repaired(invented):
    rng = random.Random(1)
    digits = [one for filing in invented for one in inject(readied(filing), rng) if one.kind == "digit"]
    verdicts = [judge(one) for one in digits]
    assert any(right for _, right in verdicts)
    assert all(seen for seen, right in verdicts if right)
