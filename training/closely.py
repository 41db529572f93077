"""Teaches a model a few documents to the last token, and changes as little else as it can.

Ordinary continuation moves every weight a little at each step (Adam makes small gradients as large as great ones): it
learns new documents, and blurs old ones. Here only tokens that are still wrong, or not sure enough, give a gradient, as
in passive-aggressive learning (Crammer et al., "Online Passive-Aggressive Algorithms", 2006); only the weights of
features move, the rarer a feature the more, so that what a token has in common with all others stays as it is; and
known documents stand guard: a token of theirs that would turn wrong pulls back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extractor.tagging.features import HASH_BITS
from extractor.tagging.layout import Layout
from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument

_SURE = 0.9  # a right token below this probability is still worked on
_PASSES = 40
_GUARD_EVERY = 4
_STEPS = 6  # on the hard tokens, before all are looked at again
_RATE = 0.5
_COMMON = 5.0  # a feature that so many tokens have moves at half the rate of one that is unique


@dataclass(slots=True)
class _Document:
    hashes: NDArray[np.int64]
    layout: Layout
    target: NDArray[np.int64]
    guarded: NDArray[np.bool_]  # tokens to be right in the end


def learn_closely(
    base: TaggerModel,
    documents: Sequence[AnnotatedDocument],
    known: Sequence[AnnotatedDocument] = (),
    progress: Callable[[str], None] = lambda line: None,
) -> TaggerModel:
    """A model that labels `documents` as they are annotated, and `known` ones no worse than `base` does.

    Every label of the documents must be one that the base knows (ValueError). Confidence is the base's. Deterministic:
    nothing is drawn.
    """
    unknown = sorted({span.label for item in documents for span in item.spans} - set(base.labels))
    if unknown:
        raise ValueError(f"the base does not know the label {unknown[0]}; train without --closely")
    new = [_encoded(base, item) for item in documents]
    old = [_encoded(base, item) for item in known]
    for item in old:  # what the base has wrong there is not this training's business
        item.guarded = base_right(base, item)
    everything = [*new, *old]
    model = _with_features(base, new)
    slots = model.slots()
    counts = np.bincount(
        np.concatenate([slots[item.hashes].ravel() for item in everything]) + 1, minlength=len(model.vocabulary) + 1
    )[1:]
    rate = (_RATE / (1.0 + counts / _COMMON)).astype(np.float32)[:, None]
    bound = np.abs(base.embedding).max(axis=0)  # weights are stored in 8 bits: a greater one would blur all the others
    for number in range(_PASSES):
        # to look at the known ones takes longest, and they seldom change
        looked_at = everything if number % _GUARD_EVERY == 1 else new
        hard = [_hard(model, item) for item in looked_at]
        wrong = [sum(len(h.wrong) for h in part) for part in (hard[: len(new)], hard[len(new) :])]
        if not sum(wrong) and number:
            if looked_at is everything:
                break
            looked_at = everything
            hard = [_hard(model, item) for item in everything]
            wrong[1] = sum(len(h.wrong) for h in hard[len(new) :])
            if not wrong[1]:
                break
        rows = np.concatenate([slots[item.hashes[h.tokens]] for item, h in zip(looked_at, hard, strict=True)])
        progress(f"pass {number + 1}: {wrong[0]} tokens wrong, {wrong[1]} of known documents, {len(rows)} looked at")
        target = np.concatenate([item.target[h.tokens] for item, h in zip(looked_at, hard, strict=True)])
        said = np.concatenate([h.said for h in hard])
        for step in range(_STEPS):
            # first against what the chain chose, which may stand in spite of a sure classifier; then for certainty
            _step(model, rows, target, said if step < 2 else None, rate, bound)
    return model


def base_right(model: TaggerModel, item: _Document) -> NDArray[np.bool_]:
    """Tokens of a document that a model labels as annotated."""
    return _path(model, item, model.log_probabilities(item.hashes.astype(np.uint64))) == item.target


def _encoded(model: TaggerModel, item: AnnotatedDocument) -> _Document:
    hashes, layout = model.extractor(item.document)
    label_id = {label: i for i, label in enumerate(model.labels)}
    target = np.array([label_id.get(label, 0) for label in item.token_labels()], dtype=np.int64)
    return _Document(hashes.astype(np.int64), layout, target, np.ones(len(target), dtype=bool))


def _with_features(base: TaggerModel, documents: Sequence[_Document]) -> TaggerModel:
    """A copy of the base that also has the features of tokens it is wrong or unsure about, with no weight yet."""
    fresh: list[NDArray[np.int64]] = [base.vocabulary.astype(np.int64)]
    for item in documents:
        fresh.append(item.hashes[_hard(base, item).tokens].ravel())
    vocabulary = np.unique(np.concatenate(fresh))
    vocabulary = vocabulary[(vocabulary >= 0) & (vocabulary < 1 << HASH_BITS)]
    embedding = np.zeros((len(vocabulary), base.embedding.shape[1]), dtype=np.float32)
    embedding[np.searchsorted(vocabulary, base.vocabulary)] = base.embedding
    return replace(
        base,
        vocabulary=vocabulary.astype(np.int32),
        embedding=embedding,
        info={},
        _slots=None,
        _padded=None,
        _stored=None,
    )


def _path(model: TaggerModel, item: _Document, logs: NDArray[np.float32]) -> NDArray[np.int64]:
    """The chain's labels, in token order."""
    from extractor.tagging.decode import decode

    out = np.empty(len(logs), dtype=np.int64)
    out[item.layout.order] = decode(logs[item.layout.order], model.transition, item.layout.bond)[0]
    return out


@dataclass(slots=True)
class _Hard:
    """Tokens to work on, what the chain says they are (-1 where it is right), and those that are wrong."""

    tokens: NDArray[np.intp]
    said: NDArray[np.int64]
    wrong: NDArray[np.intp]


def _hard(model: TaggerModel, item: _Document) -> _Hard:
    """Guarded tokens that are wrong or not sure enough, with their neighbours.

    A guarded token of a known document counts only where it is wrong: it need not become surer than it was.
    """
    logs = model.log_probabilities(item.hashes.astype(np.uint64))
    path = _path(model, item, logs)
    wrong = (path != item.target) & item.guarded
    own = logs[np.arange(len(logs)), item.target]
    unsure = (own < np.log(_SURE)) & item.guarded if item.guarded.all() else wrong
    # the neighbours of a wrong token hold it there through the chain: they are made surer with it
    place = np.flatnonzero(wrong[item.layout.order])
    beside = np.zeros(len(logs), dtype=bool)
    for step in (-1, 1):
        near = np.clip(place + step, 0, len(logs) - 1)
        beside[item.layout.order[near]] = True
    tokens = np.flatnonzero(wrong | unsure | (beside & item.guarded))
    return _Hard(tokens, np.where(wrong, path, -1)[tokens], np.flatnonzero(wrong))


def _step(
    model: TaggerModel,
    rows: NDArray[np.int32],
    target: NDArray[np.int64],
    said: NDArray[np.int64] | None,
    rate: NDArray[np.float32],
    bound: NDArray[np.float32],
) -> None:
    """One gradient step on the weights of features, in place. `rows` (tokens, templates) are their places or -1.

    Where `said` names the label that a token wrongly got, the step goes straight from it to the right one.
    """
    if not len(rows):
        return
    padded = np.vstack([model.embedding, np.zeros((1, model.embedding.shape[1]), dtype=np.float32)])
    before = padded[rows].sum(axis=1) + model.hidden_bias
    hidden = np.maximum(before, 0.0)
    scores = hidden @ model.output + model.output_bias
    scores -= scores.max(axis=1, keepdims=True)
    slope = np.exp(scores)
    slope /= slope.sum(axis=1, keepdims=True)
    slope[np.arange(len(target)), target] -= 1.0
    if said is not None:
        wrong = np.flatnonzero(said >= 0)
        slope[wrong] = 0.0
        slope[wrong, said[wrong]] = 1.0
        slope[wrong, target[wrong]] -= 1.0
    # a unit that is off gives no slope, and a token whose units are all off could never be learned
    back = (slope @ model.output.T) * np.where(before > 0, 1.0, 0.1)
    gradient = np.zeros_like(padded)
    np.add.at(gradient, rows.ravel(), np.repeat(back, rows.shape[1], axis=0))
    moved = np.flatnonzero(np.abs(gradient[:-1]).sum(axis=1))
    model.embedding[moved] -= (rate[moved] / np.sqrt(rows.shape[1])) * gradient[:-1][moved]
    np.clip(model.embedding, -bound, bound, out=model.embedding)
