"""Drift: batches that differ from the documents at calibration are warned of, others are not."""

import json

import numpy as np
import pytest
from scipy.stats import binom

from extractor.confidence.drift import Observation, _chance_of, observe, summarise, warnings
from extractor.record import Field, Filing, Issuer, Row, Source


def seen(count: int, seed: int, kind: str = "scan", loss: float = 0.0, quality_loss: float = 0.0) -> list[Observation]:
    rng = np.random.default_rng(seed)
    return [
        Observation(
            kind,
            float(0.97 - loss - 0.05 * rng.random()),
            float(0.9 - loss - 0.1 * rng.random()),
            float(0.9 - quality_loss - 0.1 * rng.random()),
            float(0.1 * rng.random()),
            float(0.1 * rng.random()),
        )
        for _ in range(count)
    ]


SUMMARY = json.loads(json.dumps(summarise([*seen(200, 0), *seen(200, 1, "html")])))


def test_a_batch_like_those_at_calibration_gets_no_warning():
    for seed in range(2, 30):
        assert warnings(SUMMARY, [*seen(60, seed), *seen(60, seed + 100, "html")]) == []


def test_less_certain_values_and_worse_pages_are_named_with_their_kind():
    said = warnings(SUMMARY, [*seen(40, 5, loss=0.05), *seen(40, 6, "html")])
    assert said
    assert all(line.startswith("scan: ") for line in said)
    assert any("values are less certain" in line for line in said)
    assert any("read less well" in line for line in warnings(SUMMARY, seen(40, 7, quality_loss=0.1)))


def test_better_documents_are_no_drift():
    assert warnings(SUMMARY, seen(60, 8, loss=-0.03)) == []


def test_a_handful_of_documents_says_nothing_and_an_unknown_kind_is_named():
    assert warnings(SUMMARY, seen(5, 9, loss=0.3)) == []
    assert "not calibrated on" in warnings(SUMMARY, seen(5, 9, "text"))[0]
    assert warnings({}, seen(50, 9, loss=0.5)) == []


def test_a_filing_is_observed_by_its_values_and_its_pages():
    filing = Filing(
        source=Source(input_kind="image"),
        form_type=Field("4", confidence=0.8),
        issuer=Issuer(name=Field("Birchwood Lanterns", confidence=0.6)),
        non_derivative=[Row(shares=Field(5, confidence=1.0), price_per_share=Field(None, confidence=0.0, marks=[1]))],
        signals={"word_quality": 0.7, "label_doubt": 0.2, "strays": 0.1},
    )
    made = observe(filing)
    assert made is not None
    assert (made.kind, made.quality, made.doubt, made.strays) == ("scan", 0.7, 0.2, 0.1)
    assert np.isclose(made.confidence, 0.8)
    assert observe(Filing(source=Source(input_kind="xml"), form_type=Field("4"))) is None
    assert observe(Filing()) is None


@pytest.mark.parametrize(("beyond", "seen"), [(0, 20), (5, 20), (20, 20), (33, 200), (1100, 10_000)])
def test_the_chance_of_so_many_documents_is_the_binomial_tail(beyond: int, seen: int) -> None:
    assert _chance_of(beyond, seen, 0.11) == pytest.approx(binom.sf(beyond - 1, seen, 0.11), rel=1e-6)
