"""A few documents are learned to the last token; what the model knew stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from invented import notice, notices

from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument, Span
from training.closely import learn_closely
from training.fit import FitOptions, fit


@pytest.fixture(scope="module")
def base() -> TaggerModel:
    return fit(notices(40), FitOptions(epochs=12, hidden=16, batch=256, learning_rate=1e-2, min_count=2))


def corrected(number: int) -> AnnotatedDocument:
    """A notice whose sender a person wants labelled otherwise than the model does."""
    item = notice(number)
    item.spans = [Span("parcel.number" if s.label == "sender" else s.label, s.tokens) for s in item.spans]
    return item


def wrong_tokens(model: TaggerModel, items: list[AnnotatedDocument]) -> int:
    return sum(
        label != truth
        for item in items
        for label, truth in zip(model.tag(item.document).labels, item.token_labels(), strict=True)
    )


def test_corrected_documents_are_read_right_also_as_stored(base: TaggerModel, tmp_path: Path) -> None:
    new = [corrected(500), corrected(501)]
    assert wrong_tokens(base, new) >= 2
    model = learn_closely(base, new)
    assert wrong_tokens(model, new) == 0
    model.save(tmp_path)
    assert wrong_tokens(TaggerModel.load(tmp_path), new) == 0


def test_known_documents_stand_guard(base: TaggerModel) -> None:
    """The corrected notice contradicts what its like say; with them beside it they are not given up."""
    known = [notice(number) for number in range(900, 930)]
    new = [corrected(500)]
    assert wrong_tokens(base, known) == 0
    unguarded = wrong_tokens(learn_closely(base, new), known)
    assert unguarded >= 10
    assert wrong_tokens(learn_closely(base, new, known), known) < unguarded / 2


def test_only_the_weights_of_features_move_and_the_base_stays_as_it_is(base: TaggerModel) -> None:
    before = base.embedding.copy()
    model = learn_closely(base, [corrected(500)])
    assert (base.embedding == before).all()
    for name in ("output", "output_bias", "hidden_bias", "transition"):
        assert (getattr(model, name) == getattr(base, name)).all()
    assert np.abs(model.embedding).max() <= np.abs(base.embedding).max()
    assert set(base.vocabulary) <= set(model.vocabulary)


def test_the_same_documents_give_the_same_model(base: TaggerModel) -> None:
    one, two = (learn_closely(base, [corrected(500)], [notice(900)]) for _ in range(2))
    assert (one.embedding == two.embedding).all()
    assert (one.vocabulary == two.vocabulary).all()


def test_documents_that_are_right_already_change_nothing(base: TaggerModel) -> None:
    item = notice(3)
    assert wrong_tokens(base, [item]) == 0
    model = learn_closely(base, [item])
    assert wrong_tokens(model, [item]) == 0


def test_a_label_that_the_base_does_not_know_is_refused(base: TaggerModel) -> None:
    item = notice(3)
    item.spans.append(Span("colour", [0]))
    with pytest.raises(ValueError, match="does not know the label colour"):
        learn_closely(base, [item])
