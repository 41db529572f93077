"""How a model is fitted, and how that is chosen from the annotations at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extractor.labels import OUTSIDE
from extractor.tagging.features import HASH_BITS
from extractor.tagging.filings import is_ownership_form
from extractor.tagging.landmarks import find_landmarks
from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument

_SMALL = 150_000  # tokens
_LOOKED_AT = 40  # documents
_LEAST_SEEN, _MOST_EPOCHS = 200_000, 24  # tokens to see when continuing a base, in so many passes at most
_FEW = 100_000  # tokens
_FEW_DROPOUT = 0.75
"""Features hidden where few documents are gone through often: what is learned must not hang on their very words.

With 5 documents of a layout left out of training 72 % of the loss was won back so, 59 % with 0.3.
"""


@dataclass(frozen=True, slots=True)
class FitOptions:
    """`hidden`: hidden units, 0 for a linear model (structured only). `batch`: tokens of a step.

    `outside_rate`: share of unlabelled tokens kept for training (their lost weight is put back into the bias); where
    structured, of windows without any label (each then counts so much more).
    `feature_dropout`: share of a token's features hidden at each pass, so that no single clue of a layout is relied on;
    `hidden_dropout`: the same for hidden units, structured only.
    `min_count`: a feature must occur on that many tokens to get weights; `max_features` keeps the most frequent.
    `chain_weight`: how strongly transitions count against the classifier, where they are counted.
    `structured`: learn classifier and chain together (training.structured), with `window` tokens of a window,
    `chain_l2` drawing the transitions to zero, and `begin_share` (see there, begin_labels). `generic`: features for
    any form.
    """

    seed: int = 0
    hidden: int = 64
    epochs: int = 3
    batch: int = 2048
    learning_rate: float = 3e-3
    l2: float = 1e-6
    outside_rate: float = 0.4
    feature_dropout: float = 0.3
    hidden_dropout: float = 0.0
    min_count: int = 4
    max_features: int = 75_000
    keyword_share: float = 0.06
    chain_weight: float = 0.5
    structured: bool = False
    generic: bool = False
    window: int = 200
    chain_l2: float = 1e-6
    begin_share: float = 0.1


def choose_options(
    documents: Sequence[AnnotatedDocument], seed: int, base: TaggerModel | None = None, *, rehearsed: bool = False
) -> FitOptions:
    """Options for annotations as they are.

    - Ownership forms, told by their landmarks: token by token with the form's own features. Assembly puts their values
      together from tokens, so the tokens' labels count, and those were better so: at 532 documents row F1 0.805 against
      0.762 structured, although exact spans were worse (0.877 against 0.927).
    - Any other form: features of any form and structured learning. With few tokens a linear model that hides many
      features (FUNSD, 149 documents: F1 0.67 on three folds, a hidden layer of 64 units 0.63), else a hidden layer.
    - On from a base: as the base was learned; few documents are gone through more often; in full steps, with most
      features hidden, where what the base knows is `rehearsed` beside them, else in smaller steps.
    """
    options = FitOptions(seed=seed)
    if base.generic if base is not None else not ownership_forms(documents):
        options = replace(
            options, structured=True, generic=True, outside_rate=1.0, batch=512, min_count=2, max_features=150_000
        )
        if sum(len(item.document.tokens) for item in documents) < _SMALL:
            options = replace(options, hidden=0, epochs=10, learning_rate=1e-2, l2=1e-4, feature_dropout=0.6)
        else:
            options = replace(options, epochs=5, learning_rate=2e-3, l2=1e-5, feature_dropout=0.5, hidden_dropout=0.3)
    if base is not None:
        tokens = max(1, sum(len(item.document.tokens) for item in documents))
        epochs = min(_MOST_EPOCHS, max(3, -(-_LEAST_SEEN // tokens)))
        few = tokens < _FEW
        batch = 512 if few else options.batch  # small steps are dear, and few documents need many
        rate = options.learning_rate / (1 if few and rehearsed else 4)
        hidden = max(options.feature_dropout, _FEW_DROPOUT) if few and rehearsed else options.feature_dropout
        options = replace(options, epochs=epochs, batch=batch, learning_rate=rate, feature_dropout=hidden)
    return options


def ownership_forms(documents: Sequence[AnnotatedDocument]) -> bool:
    """Whether most of the documents (of some, evenly picked) have the landmarks of Forms 3, 4 and 5."""
    some = documents[:: max(1, len(documents) // _LOOKED_AT)]
    return 2 * sum(is_ownership_form(find_landmarks(item.document.tokens)) for item in some) > len(some)


def labels_in(documents: Sequence[AnnotatedDocument], base: TaggerModel | None) -> list[str]:
    """Labels to learn, that of unlabelled tokens first, the rest sorted. ValueError where there is none to learn."""
    known = set(base.labels) if base is not None else set()
    labels = {span.label for item in documents for span in item.spans} | known
    if not labels - {OUTSIDE}:
        raise ValueError("the annotations hold no labelled span")
    return [OUTSIDE, *sorted(labels - {OUTSIDE})]


def vocabulary(hashes: NDArray[np.uint32], options: FitOptions) -> NDArray[np.int64]:
    """The features in use, ascending: those that occur often enough, the most frequent where there are too many."""
    counts = np.bincount(hashes.ravel(), minlength=1 << HASH_BITS)
    chosen = np.flatnonzero(counts >= options.min_count)
    if len(chosen) > options.max_features:
        chosen = chosen[np.argsort(-counts[chosen], kind="stable")[: options.max_features]]
    return np.sort(chosen)
