"""Figures of a model on annotations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from invented import labels_of, notices

from extractor.tagging.model import TaggerModel
from training.annotations import Span
from training.evaluate import evaluate, predicted_entities, show
from training.fit import FitOptions, fit


@pytest.fixture(scope="module")
def model() -> TaggerModel:
    return fit(notices(40), FitOptions(epochs=12, hidden=16, batch=256, learning_rate=1e-2, min_count=2))


def without(figures: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if name not in names}


def test_a_model_is_right_where_it_agrees_with_the_annotations(model: TaggerModel) -> None:
    documents = notices(6, first=200)
    for item in documents:  # what the model says is the truth
        found = predicted_entities(model.tag(item.document))
        item.spans = [Span(label, sorted(tokens)) for label, tokens in found]
    figures = evaluate(documents, model)
    assert without(figures["spans"]["micro"], "support") == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert without(figures["spans"]["macro"], "support") == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert figures["tokens"]["accuracy"] == 1.0
    assert figures["records"] is None


def test_spans_must_be_exact(model: TaggerModel) -> None:
    (item,) = notices(1, first=200)
    (day,) = (tokens for label, tokens in predicted_entities(model.tag(item.document)) if label == "day")
    item.spans = [Span("day", [*sorted(day), max(day) + 1])]
    figures = evaluate([item], model)["spans"]["labels"]
    assert figures["day"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1}
    assert figures["sender"]["support"] == 0


def test_precision_and_recall_tell_surplus_from_missing(model: TaggerModel) -> None:
    documents = notices(4, first=200)
    for item in documents:
        found = [Span(label, sorted(tokens)) for label, tokens in predicted_entities(model.tag(item.document))]
        item.spans = [span for span in found if span.label != "day"]
    documents[0].spans.append(Span("sender", [0]))
    figures = evaluate(documents, model)["spans"]["labels"]
    assert figures["day"]["recall"] == 0.0
    assert figures["sender"]["precision"] == 1.0
    assert figures["sender"]["recall"] == pytest.approx(4 / 5)


def test_every_label_has_its_line_in_the_table(model: TaggerModel) -> None:
    documents = notices(4)
    text = show(evaluate(documents, model))
    assert all(label in text for label in [*labels_of(documents), "(micro)", "(macro)"])
    assert "row_f1" not in text


def test_records_are_scored_where_they_are_known(model_directory: Path) -> None:
    documents = notices(2)
    documents[0].record = {"form_type": "4", "issuer": {"name": "Quillon"}, "non_derivative": [{"shares": 5}]}
    figures = evaluate(documents, TaggerModel.load(model_directory))
    assert figures["records"] == {"header_f1": 0.0, "cell_f1": 0.0, "row_f1": 0.0, "documents": 1}
    assert "row_f1" in show(figures)


def test_nothing_to_evaluate_gives_figures_of_nothing(model: TaggerModel) -> None:
    figures = evaluate([], model)
    assert figures["spans"]["micro"]["support"] == figures["tokens"]["support"] == 0
    assert figures["records"] is None
