"""Figures, tables and pictures of how far confidences can be trusted."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from extractor.record import Field, Filing, Issuer, Row, Source
from training.comparing import compare
from training.guarantee import Judged
from training.reliability import auroc, coverage_at, ece, joined, picture, report, table
from training.reliability import judged as judged_values


def judged(count: int = 600, seed: int = 0, shift: float = 0.0) -> Judged:
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.5, 1, count)
    documents = [f"d{number // 20}" for number in range(count)]
    kinds = ["html" if number < count // 2 else "text" for number in range(count)]
    return Judged(confidence, rng.random(count) < confidence - shift, documents, documents, kinds)


def test_ece_is_the_mean_gap_between_confidence_and_accuracy():
    confidence = np.array([0.9] * 10 + [0.6] * 10)
    right = np.array([True] * 8 + [False] * 2 + [True] * 6 + [False] * 4)
    assert ece(confidence, right, bins=2) == pytest.approx(0.05)
    assert ece(np.zeros(0), np.zeros(0, dtype=bool)) == 0.0


def test_auroc_counts_pairs_and_ties_half():
    confidence = np.array([0.9, 0.8, 0.8, 0.1])
    assert auroc(confidence, np.array([True, True, False, False])) == pytest.approx(0.875)
    assert auroc(confidence, np.ones(4, dtype=bool)) is None


def test_coverage_goes_on_to_the_last_place_with_few_enough_errors():
    confidence = np.linspace(1, 0.5, 10)
    right = np.array([True, False, True, True, True, True, True, True, True, False])
    assert coverage_at(confidence, right, 0.1) == pytest.approx(0.0 + 0.1)
    assert coverage_at(confidence, right, 0.2) == pytest.approx(1.0)
    assert coverage_at(confidence, right, 0.12) == pytest.approx(0.9)
    assert coverage_at(np.zeros(0), np.zeros(0, dtype=bool), 0.1) == 0.0


def test_report_has_every_kind_with_intervals_around_its_figures():
    made = report(judged(), bootstrap=40)
    assert list(made) == ["all", "html", "text"]
    assert made["html"]["values"] == 300
    assert made["html"]["documents"] == 15
    low, high = made["all"]["intervals"]["brier"]
    assert low < made["all"]["brier"] < high
    assert made["all"]["curve"][-1] == [1.0, pytest.approx(1 - made["all"]["accuracy"], abs=1e-5)]
    assert sum(count for _, _, count in made["all"]["bins"]) == 600


def test_report_is_the_same_twice_and_sees_overconfidence():
    assert report(judged(), bootstrap=20) == report(judged(), bootstrap=20)
    assert report(judged(shift=0.2), bootstrap=0)["all"]["ece"] > 0.15 > report(judged(), bootstrap=0)["all"]["ece"]


def test_table_and_picture_show_every_kind():
    made = report(judged(), bootstrap=20)
    rows = table(made).splitlines()
    assert [row.split("|")[1].strip() for row in rows[2:]] == ["all", "html", "text"]
    assert len({row.count("|") for row in rows}) == 1
    drawn = picture(made)
    assert drawn == picture(made)
    root = ElementTree.fromstring(drawn)
    assert {"all", "html", "text"} <= {t.text.split(":")[0] for t in root.iter() if t.tag.endswith("}text") and t.text}


def test_table_of_a_stored_report_is_that_of_the_report():
    made = report(judged(), bootstrap=20)
    stored = json.loads(json.dumps(made, sort_keys=True))
    assert table(stored) == table(made)


def test_picture_of_nothing_is_still_a_picture():
    empty = Judged(np.zeros(0), np.zeros(0, dtype=bool), [], [], [])
    ElementTree.fromstring(picture(report(empty)))
    assert report(empty)["all"]["values"] == 0


def test_what_counts_is_judged_with_what_the_filing_says_or_what_is_given():
    filing = Filing(
        source=Source(input_kind="pdf_scan"),
        form_type=Field("4", confidence=0.9),
        not_subject_to_section_16=Field(False, confidence=0.8),
        remarks=Field("None", confidence=0.7),
        issuer=Issuer(name=Field("Birchwood Lanterns", confidence=0.6)),
        non_derivative=[Row(kind="holding", security_title=Field("Common Stock", confidence=0.5))],
    )
    gold = {
        "form_type": "4",
        "not_subject_to_section_16": False,
        "remarks": None,
        "issuer": {"name": "Birchwood Lamps"},
        "non_derivative": [{"kind": "holding", "security_title": "Common Stock"}],
    }
    samples = compare(filing, gold, "d1", "someone").fields
    values = judged_values(samples)
    verdicts = {0.9: True, 0.6: False, 0.5: True}
    assert dict(zip(values.confidence.tolist(), values.right.tolist(), strict=True)) == verdicts
    assert (set(values.kinds), set(values.documents), set(values.owners)) == ({"scan"}, {"d1"}, {"someone"})
    again = judged_values(samples, np.arange(len(samples)) / 100)
    counting = [number / 100 for number, sample in enumerate(samples) if sample.counts]
    assert again.confidence.tolist() == counting
    assert again.right.tolist() == values.right.tolist()


def test_documents_of_one_name_stay_apart_when_joined():
    one = judged(40)
    both = joined([one, one])
    assert len(both.right) == 80
    assert len(set(both.documents)) == 2 * len(set(one.documents))
    assert both.kinds == one.kinds * 2
    assert len(joined([]).right) == 0
