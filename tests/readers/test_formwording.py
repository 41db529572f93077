"""The form's own wording on scans: what is taken for it, and what never is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from extractor.readers.formwording import as_wording, form_wording
from extractor.readers.linenet import LineText
from extractor.readers.segments import Segment


def run(width: int = 400) -> Segment:
    others = np.zeros((20, width), np.uint8)
    return Segment(100, 50, 100 + width, 70, 14.0, 66, others, [(100, 52, width, 14)])


def line(text: str, belief: float = 0.9) -> LineText:
    edges = np.linspace(100, 500, len(text) + 1).tolist()
    return LineText(text, list(itertools.pairwise(edges)), belief)


def words(text: str, belief: float = 0.9) -> list[str] | None:
    found = as_wording(line(text, belief), run(), 3)
    return None if found is None else [read.text for read in found]


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("2.IssuerNameandTickerorTradingSymbol", "2. Issuer Name and Ticker or Trading Symbol"),
        ("2.ssuerNameandTickerorTradingSymbo1", "2. Issuer Name and Ticker or Trading Symbol"),
        ("purchaseorSaleofequitySecuritiesofthe", "purchase or sale of equity securities of the"),
        ("(Month/Day/Year)", "(Month/Day/Year)"),
        ("Ownership", "Ownership"),
        ("UNTEDSTATESSECURITIESANDEXCHANGECOMMISSION", "UNITED STATES SECURITIES AND EXCHANGE COMMISSION"),
    ],
)
def test_wording_is_known_whole_or_misread(read: str, said: str) -> None:
    assert words(read) == said.split()


@pytest.mark.parametrize(
    "value",
    [
        "CommonStock",
        "XOfficer(givetitle",  # the tick before a caption
        "Officer(givetitlebelow)X",
        "DirectorX10%Owner",
        "2.Transaction(1)",  # a footnote mark behind a heading
        "Form4",  # which form it is
        "SECForm5",
        "D",
        "(I)",
        "08/28/2025",
        "883,258,188",
        "$154.72",
        "Directorship",
        "BeneficiallyOwnedbySpouse",
    ],
)
def test_values_ticks_and_marks_never_pass_for_wording(value: str) -> None:
    assert words(value) is None


def test_short_words_need_belief() -> None:
    assert words("Code", belief=0.2) is None
    assert words("Code", belief=0.9) == ["Code"]


def test_case_is_that_of_the_print() -> None:
    assert words("Securities") == ["Securities"]
    assert words("securities") == ["securities"]
    assert words("OMBAPPROVAL") == ["OMB", "APPROVAL"]


def test_words_have_their_own_places_and_no_passage_runs_into_the_next() -> None:
    found = as_wording(line("WashingtonD.C.20549"), run(), 3)
    assert found is not None
    assert [read.text for read in found] == ["Washington,", "D.C.", "20549"]
    assert all(a.x1 <= b.x0 + 1e-6 for a, b in itertools.pairwise(found))
    assert {read.segment for read in found} == {3}
    assert all(0.86 <= read.confidence < 1.0 for read in found)
    assert words("20549OMBAPPROVAL") is None


def test_words_end_where_their_print_does() -> None:
    segment = run()
    segment.components = [(105, 52, 180, 14), (350, 52, 100, 14)]
    found = as_wording(line("ReportingOwners"), segment, 0)
    assert found is not None
    assert [(read.x0, read.x1) for read in found] == [(105, 285), (350, 450)]


def test_every_passage_is_known_as_it_is_printed() -> None:
    passages = [p for p in form_wording().printed.splitlines() if len(p) >= 10 and not p.lower().startswith("secform")]
    assert len(passages) > 100
    for passage in passages:
        found = words(passage)
        assert found is not None, passage
        assert "".join(found).lower() == passage.lower()
