"""The tagger learns from annotations, whatever their labels, and twice the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import labels_of, notices

from extractor.labels import FORM_LABELS
from extractor.tagging.decode import BONDS
from extractor.tagging.features import FeatureExtractor
from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument, Span
from training.fit import FitOptions, chain, encode, fit, form_keywords
from training.synthesis.corpus import documents as synthetic

OPTIONS = FitOptions(epochs=12, hidden=16, batch=256, learning_rate=1e-2, min_count=2)


def right(model: TaggerModel, documents: list[AnnotatedDocument]) -> float:
    """Share of labelled tokens that the model labels so."""
    pairs = [
        (given, gold)
        for item in documents
        for given, gold in zip(model.tag(item.document).labels, item.token_labels(), strict=True)
        if gold != "O"
    ]
    return sum(given == gold for given, gold in pairs) / len(pairs)


@pytest.fixture(scope="module")
def learned() -> TaggerModel:
    return fit(notices(60), OPTIONS)


def files(model: TaggerModel, directory: Path) -> dict[str, bytes]:
    model.save(directory)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_any_label_set_is_learned_and_found_in_new_documents(learned: TaggerModel) -> None:
    new = notices(12, first=500)
    assert learned.labels == ["O", *sorted(labels_of(notices(60)))]
    assert set(learned.labels).isdisjoint(FORM_LABELS)
    assert right(learned, new) > 0.95
    assert all(np.isfinite(learned.tag(item.document).probability).all() for item in new)


def test_two_fits_are_the_same_bytes(learned: TaggerModel, tmp_path: Path) -> None:
    again = fit(notices(60), OPTIONS)
    assert files(learned, tmp_path / "one") == files(again, tmp_path / "two")


def test_another_seed_is_another_model(learned: TaggerModel) -> None:
    other = fit(notices(60), replace(OPTIONS, seed=1, epochs=1))
    assert not np.array_equal(other.output, learned.output)


def test_a_stored_model_labels_as_the_fitted_one(learned: TaggerModel, tmp_path: Path) -> None:
    learned.save(tmp_path)
    again = TaggerModel.load(tmp_path)
    item = notices(1, first=500)[0]
    assert again.tag(item.document).labels == learned.tag(item.document).labels


def test_two_labels_are_enough() -> None:
    documents = notices(30)
    for item in documents:
        item.spans = [span for span in item.spans if span.label == "day"]
    model = fit(documents, OPTIONS)
    assert model.labels == ["O", "day"]
    new = notices(6, first=500)
    for item in new:
        item.spans = [span for span in item.spans if span.label == "day"]
        assert model.tag(item.document).labels == item.token_labels()


def test_a_base_is_continued_and_keeps_its_labels_and_words(learned: TaggerModel) -> None:
    more = notices(20, first=800)
    for item in more:
        item.spans = [Span("carrier" if span.label == "sender" else span.label, span.tokens) for span in item.spans]
    before = learned.embedding.copy()
    model = fit(more, replace(OPTIONS, epochs=4), base=learned)
    assert model.labels == sorted({*learned.labels, "carrier"}, key=lambda label: (label != "O", label))
    assert model.keywords == learned.keywords
    assert set(learned.vocabulary) <= set(model.vocabulary)
    known = [label for label in learned.labels if label != "sender"]
    old = [learned.labels.index(label) for label in known]
    new = [model.labels.index(label) for label in known]
    np.testing.assert_array_equal(model.transition[:, new][:, :, new], learned.transition[:, old][:, :, old])
    np.testing.assert_array_equal(learned.embedding, before)


def test_a_base_knows_what_it_learned_after_a_short_continuation(learned: TaggerModel) -> None:
    short = replace(OPTIONS, epochs=1, learning_rate=1e-3)
    new = notices(12, first=500)
    assert right(fit(notices(4), short, base=learned), new) > right(fit(notices(4), short), new) + 0.3


def test_annotations_without_labels_are_refused() -> None:
    documents = notices(3)
    for item in documents:
        item.spans = []
    with pytest.raises(ValueError, match="no labelled span"):
        fit(documents, OPTIONS)


def test_forms_are_learned_from_a_few_invented_ones() -> None:
    made = list(synthetic(8, 5, kinds={"pdf": 1.0}))
    model = fit(made, FitOptions(epochs=8, batch=128, learning_rate=1e-2, min_count=4, hidden=16))
    assert set(model.labels) <= {"O", *FORM_LABELS}
    assert right(model, made) > 0.8


def test_form_words_are_those_outside_of_values_in_many_documents() -> None:
    words = form_keywords(notices(30), 0.5)
    assert {"parcel", "from", "weighs", "kg", "sent"} <= set(words)
    assert words == sorted(words)
    assert set(words).isdisjoint({"tavener", "brannock", "ship"})


def test_transitions_are_counted_along_the_decoding_order() -> None:
    documents = notices(10)
    labels = ["O", *sorted(labels_of(documents))]
    data = encode(documents, FeatureExtractor([]), labels, lambda line: None)
    tokens = sum(len(item.document.tokens) for item in documents)
    assert data.hashes.shape[0] == len(data.target) == tokens
    assert data.transitions.sum() == tokens - len(documents)


@given(st.integers(2, 4), st.integers(0, 2**31), st.floats(0.1, 1.0))
def test_the_chain_prefers_what_follows_more_often_than_by_chance(labels: int, seed: int, weight: float) -> None:
    counts = np.random.default_rng(seed).integers(0, 50, (BONDS, labels, labels)).astype(float)
    scores = chain(counts, weight)
    assert scores.shape == counts.shape
    assert np.isfinite(scores).all()
    assert np.abs(scores).max() <= 8.0 * weight + 1e-6
    counts[0] = 0.0
    counts[0, 0, 0] = counts[0, 1, 1] = 500.0
    scores = chain(counts, weight)
    assert scores[0, 0, 0] > 0 > scores[0, 0, 1]
