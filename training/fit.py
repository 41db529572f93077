"""Fits the token classifier and its chain from annotated documents: any label set, seeded, repeatable.

Here the classifier is learned token by token and the chain from counts; training.structured learns the two together.
training.options says which is used when.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from extractor.labels import OUTSIDE
from extractor.tagging.decode import BONDS
from extractor.tagging.features import HASH_BITS, FeatureExtractor
from extractor.tagging.model import TaggerModel
from extractor.tagging.words import plain_word
from training.annotations import AnnotatedDocument
from training.options import FitOptions, labels_in
from training.options import vocabulary as frequent
from training.structured import fit_structured

Progress = Callable[[str], None]


@dataclass(slots=True)
class Encoded:
    """All documents as arrays: `hashes` (tokens, templates), `target` (tokens,) label ids, `order` per document."""

    labels: list[str]
    hashes: NDArray[np.uint32]
    target: NDArray[np.int64]
    transitions: NDArray[np.float64]


def form_keywords(documents: Iterable[AnnotatedDocument], share: float) -> list[str]:
    """Words of the printed form: those outside of any value in at least `share` of the documents, sorted."""
    counts: Counter[str] = Counter()
    total = 0
    for item in documents:
        total += 1
        labels = item.token_labels()
        seen = {plain_word(t.text) for t, label in zip(item.document.tokens, labels, strict=True) if label == OUTSIDE}
        counts.update(word for word in seen if word and not word.isdigit() and len(word) <= 24)
    return sorted(word for word, count in counts.items() if count >= max(2, share * total))


def encode(
    documents: Sequence[AnnotatedDocument], extractor: FeatureExtractor, labels: list[str], progress: Progress
) -> Encoded:
    """Features and label ids of every token, and how often labels follow each other by bond."""
    label_id = {label: i for i, label in enumerate(labels)}
    blocks: list[NDArray[np.uint32]] = []
    targets: list[NDArray[np.int64]] = []
    transitions = np.zeros((BONDS, len(labels), len(labels)))
    for number, item in enumerate(documents):
        hashes, layout = extractor(item.document)
        target = np.array([label_id[label] for label in item.token_labels()], dtype=np.int64)
        blocks.append(hashes.astype(np.uint32))
        targets.append(target)
        path = target[layout.order]
        np.add.at(transitions, (layout.bond[1:], path[:-1], path[1:]), 1.0)
        if (number + 1) % 500 == 0:
            progress(f"features: {number + 1} of {len(documents)} documents")
    return Encoded(labels, np.concatenate(blocks), np.concatenate(targets), transitions)


def fit(
    documents: Sequence[AnnotatedDocument],
    options: FitOptions,
    *,
    base: TaggerModel | None = None,
    progress: Progress = lambda line: None,
) -> TaggerModel:
    """Train on all documents, from scratch or on from the weights of `base`. ValueError where they hold no label."""
    # the features of a base model stand on its form words: they stay as they are
    keywords = base.keywords if base else form_keywords(documents, options.keyword_share)
    if options.structured or (base is not None and (base.generic or base.begins)):
        return fit_structured(documents, options, keywords, base, progress)
    if options.generic or not options.hidden:
        raise ValueError("features for any form and models without hidden units are for structured learning")
    return _fit_tokens(documents, options, keywords, base, progress)


def _fit_tokens(
    documents: Sequence[AnnotatedDocument],
    options: FitOptions,
    keywords: list[str],
    base: TaggerModel | None,
    progress: Progress,
) -> TaggerModel:
    from sklearn.neural_network import MLPClassifier

    rng = np.random.default_rng(options.seed)
    labels = labels_in(documents, base)
    extractor = FeatureExtractor(keywords)
    data = encode(documents, extractor, labels, progress)
    progress(f"{len(data.target)} tokens, {len(labels)} labels, {len(keywords)} form words")

    keep = (data.target != 0) | (rng.random(len(data.target)) < options.outside_rate)
    hashes, target = data.hashes[keep], data.target[keep]
    vocabulary = frequent(hashes, options)
    if base is not None:
        vocabulary = np.union1d(vocabulary, base.vocabulary.astype(np.int64))
    hidden = base.embedding.shape[1] if base else options.hidden
    slots = np.full(1 << HASH_BITS, -1, dtype=np.int32)
    slots[vocabulary] = np.arange(len(vocabulary), dtype=np.int32)
    progress(f"{len(target)} tokens to learn from, {len(vocabulary)} features")

    network = MLPClassifier(
        hidden_layer_sizes=(hidden,),
        alpha=options.l2,
        batch_size=options.batch,
        learning_rate_init=options.learning_rate,
        random_state=options.seed,
        shuffle=False,
    )
    steps_total = options.epochs * math.ceil(len(target) / options.batch)
    step = 0
    classes = np.arange(len(labels))
    for epoch in range(options.epochs):
        loss = 0.0
        permutation = rng.permutation(len(target))
        for lo in range(0, len(target), options.batch):
            picked = permutation[lo : lo + options.batch]
            index = slots[hashes[picked]]
            index[rng.random(index.shape, dtype=np.float32) < options.feature_dropout] = -1
            x = _sparse(index, len(vocabulary))
            x.data /= np.float32(1.0 - options.feature_dropout)
            # linear decay to a tenth: the last steps average out the noise of the small batches
            if step:
                network._optimizer.learning_rate_init = options.learning_rate * (1.0 - 0.9 * step / steps_total)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network.partial_fit(x, target[picked], classes=classes)
            if not step and base is not None:
                _continue_from(network, base, labels, vocabulary, options.outside_rate)
                # that step was taken from random weights; what it measured would hold back all that follow
                for moment in (*network._optimizer.ms, *network._optimizer.vs):
                    moment[...] = 0.0
                network._optimizer.t = 0
            loss += float(network.loss_) * len(picked)
            step += 1
        progress(f"epoch {epoch + 1} of {options.epochs}: loss {loss / len(target):.4f}")

    bias = network.intercepts_[1].astype(np.float32)
    if len(labels) == 2:  # scikit-learn trains one output for two classes
        output = np.column_stack([np.zeros(hidden), network.coefs_[1][:, 0]]).astype(np.float32)
        bias = np.array([0.0, bias[0]], dtype=np.float32)
    else:
        output = network.coefs_[1].astype(np.float32)
    bias[0] -= np.float32(math.log(options.outside_rate))
    return TaggerModel(
        labels=labels,
        keywords=keywords,
        vocabulary=vocabulary.astype(np.int32),
        embedding=network.coefs_[0].astype(np.float32),
        hidden_bias=network.intercepts_[0].astype(np.float32),
        output=output,
        output_bias=bias,
        transition=_joined_chain(chain(data.transitions, options.chain_weight), labels, base),
    )


def _continue_from(
    network: Any, base: TaggerModel, labels: list[str], vocabulary: NDArray[np.int64], outside_rate: float
) -> None:
    """Overwrite the freshly made weights of a network in place with those of a base model, where it has them."""
    place = np.searchsorted(vocabulary, base.vocabulary)
    network.coefs_[0][...] = 0.0
    network.coefs_[0][place] = base.embedding
    network.intercepts_[0][...] = base.hidden_bias
    column = np.array([labels.index(label) for label in base.labels])
    if len(labels) > 2:
        network.coefs_[1][:, column] = base.output
        network.intercepts_[1][...] = base.output_bias.min()
        network.intercepts_[1][column] = base.output_bias
        network.intercepts_[1][0] += math.log(outside_rate)


def _joined_chain(new: NDArray[np.float32], labels: list[str], base: TaggerModel | None) -> NDArray[np.float32]:
    """A base model saw far more sequences than a few new documents hold: its transitions stay where it has them."""
    if base is None:
        return new
    column = np.array([labels.index(label) for label in base.labels])
    new[:, column[:, None], column[None, :]] = base.transition
    return new


def chain(counts: NDArray[np.float64], weight: float) -> NDArray[np.float32]:
    """Transition scores from counts (BONDS, labels, labels): weighted pointwise mutual information, smoothed.

    The classifier's probability already holds how frequent a label is, so only the excess over chance is added.
    """
    scores = np.zeros(counts.shape)
    for bond in range(len(counts)):
        table = counts[bond]
        following = table.sum(axis=0) + 1.0
        expected = following / following.sum()
        smoothed = (table + 5.0 * expected[None, :]) / (table.sum(axis=1, keepdims=True) + 5.0)
        scores[bond] = np.log(smoothed / expected[None, :])
    return np.asarray(weight * np.clip(scores, -8.0, 8.0), dtype=np.float32)


def _sparse(index: NDArray[np.int32], width: int) -> csr_matrix:
    """Rows of ones at the known features."""
    known = index >= 0
    pointer = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
    matrix = csr_matrix((np.ones(int(pointer[-1]), dtype=np.float32), index[known], pointer), shape=(len(index), width))
    matrix.sum_duplicates()
    return matrix
