"""Structured learning finds where values begin, joins what was interrupted, and gives the same bytes twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from invented import notices

from extractor.readers.text import read_text
from extractor.tagging.features import FeatureExtractor
from extractor.tagging.layout import analyse_layout
from extractor.tagging.model import BEGINS, CONTINUES, TaggerModel, label_runs
from training.annotations import AnnotatedDocument, Span
from training.evaluate import evaluate
from training.fit import fit
from training.options import FitOptions, choose_options
from training.structured import begin_labels, encode, windows_of

NAMES = ("Aldous", "Berit", "Cosmo", "Dagny", "Edwin", "Fenna", "Gorm", "Hedda", "Ivo", "Jorun")
OPTIONS = FitOptions(
    structured=True, generic=True, hidden=0, epochs=20, batch=256, learning_rate=2e-2, min_count=1, outside_rate=1.0
)


def lists(count: int, first: int = 0) -> list[AnnotatedDocument]:
    """Guests side by side, each "Surname, First": equal labels adjoin."""
    out = []
    for number in range(first, first + count):
        rng = np.random.default_rng(number)
        words, spans = ["Guests", ":"], []
        for _ in range(int(rng.integers(2, 5))):
            one, other = rng.choice(NAMES, 2, replace=False)
            spans.append(Span("guest", [len(words), len(words) + 1]))
            words += [f"{one},", str(other)]
        document = read_text(" ".join(words) + "\nthank you")
        assert [token.text for token in document.tokens][: len(words)] == words
        out.append(AnnotatedDocument(f"list-{number}", document, spans))
    return out


@pytest.fixture(scope="module")
def learned() -> TaggerModel:
    return fit(lists(30), OPTIONS)


def test_labels_that_adjoin_learn_where_they_begin() -> None:
    documents = lists(20)
    layouts = [analyse_layout(item.document) for item in documents]
    assert begin_labels(documents, layouts, 0.1) == {"guest"}
    for item in documents:
        item.spans = item.spans[:1]
    assert begin_labels(documents, layouts, 0.1) == set()


def test_adjoining_values_are_told_apart_in_new_documents(learned: TaggerModel) -> None:
    assert learned.begins == ["guest"]
    assert evaluate(lists(10, first=100), learned)["spans"]["micro"]["f1"] > 0.95


def test_probabilities_are_of_labels_not_of_states(learned: TaggerModel) -> None:
    tagging = learned.tag(lists(1, first=100)[0].document)
    assert set(tagging.labels) == {"O", "guest"}
    assert (tagging.probability > 0.5).all()
    np.testing.assert_allclose(tagging.margin, 2 * tagging.probability - 1, atol=1e-4)  # two labels: p - (1 - p)


def test_two_fits_are_the_same_bytes_and_a_stored_model_labels_alike(learned: TaggerModel, tmp_path: Path) -> None:
    learned.save(tmp_path / "one")
    fit(lists(30), OPTIONS).save(tmp_path / "two")
    for name in ("weights.npz", "model.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    again, document = TaggerModel.load(tmp_path / "one"), lists(1, first=100)[0].document
    assert again.begins == learned.begins
    assert label_runs(again.tag(document)) == label_runs(learned.tag(document))


@pytest.mark.parametrize("hidden", [0, 16])
def test_a_base_is_continued_and_keeps_what_it_knows(hidden: int) -> None:
    options = replace(OPTIONS, hidden=hidden)
    base = fit(lists(30), options)
    more = lists(6, first=300)
    for item in more:
        item.spans.append(Span("thanks", [len(item.document.tokens) - 1]))
    model = fit(more, replace(options, epochs=8), base=base)
    assert model.labels == ["O", "guest", "thanks"]
    assert model.begins == ["guest"]
    assert evaluate(lists(10, first=100), model)["spans"]["labels"]["guest"]["f1"] > 0.9
    new = lists(4, first=400)
    assert all(model.tag(item.document).labels[-1] == "thanks" for item in new)


def test_windows_hold_every_labelled_token_once_and_weigh_what_they_stand_for() -> None:
    documents = lists(12) + notices(8)
    data, _ = encode(documents, FeatureExtractor([], generic=True), OPTIONS, None, lambda line: None)
    windows = windows_of(data, replace(OPTIONS, window=5, outside_rate=0.3), np.random.default_rng(0))
    times = np.zeros(len(data.target), dtype=int)
    for lo, hi, weight in zip(windows.first, windows.last, windows.weight, strict=True):
        times[lo:hi] += 1
        labelled = (data.target[lo:hi] != 0).any()
        assert weight == pytest.approx(1.0 if labelled else 1 / 0.3)
        assert not (np.isin(data.starts, np.arange(lo + 1, hi))).any()  # no window holds two documents
    assert times.max() == 1
    assert (times[data.target != 0] == 1).all()


def test_a_value_has_one_beginning_also_where_it_is_interrupted() -> None:
    item = lists(1)[0]
    item.spans = [Span("guest", [2, 5]), Span("guest", [3, 4])]
    data, states = encode([item, *lists(5)], FeatureExtractor([], generic=True), OPTIONS, None, lambda line: None)
    assert [states[state][1] for state in data.target[2:6]] == [BEGINS, BEGINS, CONTINUES, CONTINUES]


def test_options_follow_from_the_documents() -> None:
    few = choose_options(notices(20), 3)
    assert (few.seed, few.structured, few.generic, few.hidden) == (3, True, True, 0)
    many = choose_options(notices(20) * 1500, 3)
    assert (many.structured, many.generic, many.hidden > 0) == (True, True, True)


def test_ownership_forms_are_learned_token_by_token() -> None:
    from training.synthesis.corpus import documents as synthetic

    forms = list(synthetic(4, 5, kinds={"pdf": 1.0}))
    options = choose_options(forms, 0)
    assert (options.structured, options.generic, options.hidden) == (False, False, 64)


def test_continuing_takes_more_passes_over_fewer_documents(learned: TaggerModel) -> None:
    few, more = (choose_options(lists(count), 0, learned) for count in (50, 3000))
    assert few.epochs > more.epochs >= 3
    assert few.learning_rate < choose_options(lists(5), 0).learning_rate
