"""Learns classifier and chain together: a conditional random field over windows of tokens in decoding order.

Where equal labels often adjoin each other, or values are often interrupted, a label has two states, for the first token
of a value and for the others; see begin_labels. Without hidden units the model is linear, which is what a few dozen
documents can fill.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from extractor.labels import OUTSIDE
from extractor.tagging.decode import BONDS
from extractor.tagging.features import HASH_BITS, FeatureExtractor
from extractor.tagging.layout import Layout
from extractor.tagging.model import BEGINS, CONTINUES, PLAIN, TaggerModel, Tagging, label_runs
from training.annotations import AnnotatedDocument
from training.crf import UNBOUND, chain_loss
from training.network import Adam, Network
from training.options import FitOptions, labels_in
from training.options import vocabulary as frequent

Progress = Callable[[str], None]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
State = tuple[str, int]


@dataclass(slots=True)
class Sequences:
    """All documents as arrays, tokens in decoding order.

    `hashes` (tokens, templates); `target` (tokens,) state ids; `bond` (tokens,), UNBOUND at the first of a document;
    `starts` (documents + 1,) where each begins.
    """

    hashes: NDArray[np.uint32]
    target: Ints
    bond: Ints
    starts: Ints


@dataclass(slots=True)
class Windows:
    """`first`, `last` (windows,) tokens of each, last exclusive; `weight` (windows,) how much each counts."""

    first: Ints
    last: Ints
    weight: Floats


def begin_labels(documents: Sequence[AnnotatedDocument], layouts: Sequence[Layout], share: float) -> set[str]:
    """Labels that need to know where a value begins.

    That are those of which more than `share` of the values are not what the rule finds that takes neighbours of one
    label within a row or block together (see extractor.tagging.model.label_runs).
    """
    total: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    nothing = np.zeros(0, dtype=np.float32)
    for item, layout in zip(documents, layouts, strict=True):
        labels = item.token_labels()
        tagging = Tagging(labels, nothing, nothing, layout)
        runs = {frozenset(run) for run in label_runs(tagging)}
        for span in item.spans:
            total[span.label] += 1
            missed[span.label] += frozenset(span.tokens) not in runs
    return {label for label, count in total.items() if missed[label] > share * count}


def states_of(labels: Sequence[str], begin: set[str]) -> list[State]:
    """Two states for labels in `begin`, one for others; the first is that of unlabelled tokens."""
    states: list[State] = []
    for label in labels:
        states += [(label, BEGINS), (label, CONTINUES)] if label in begin else [(label, PLAIN)]
    return states


def encode(
    documents: Sequence[AnnotatedDocument],
    extractor: FeatureExtractor,
    options: FitOptions,
    base: TaggerModel | None,
    progress: Progress,
) -> tuple[Sequences, list[State]]:
    """Features and states of every token, and the states there are. ValueError where no token has a label."""
    blocks: list[NDArray[np.uint32]] = []
    layouts: list[Layout] = []
    for number, item in enumerate(documents):
        hashes, layout = extractor(item.document)
        blocks.append(hashes[layout.order].astype(np.uint32))
        layouts.append(layout)
        if (number + 1) % 500 == 0:
            progress(f"features: {number + 1} of {len(documents)} documents")
    labels = labels_in(documents, base)
    begin = begin_labels(documents, layouts, options.begin_share) - {OUTSIDE}
    if base is not None:  # what a base knows keeps its states
        begin -= set(base.labels)
        begin |= {label for label, role in base.states() if role == BEGINS}
    states = states_of(labels, begin)
    place = {state: i for i, state in enumerate(states)}
    targets: list[Ints] = []
    for item, layout in zip(documents, layouts, strict=True):
        token_labels = item.token_labels()
        rank = np.argsort(layout.order)
        first = {min(span.tokens, key=lambda i: rank[i]) for span in item.spans if span.tokens}
        target = [
            place[label, (BEGINS if i in first else CONTINUES) if label in begin else PLAIN]
            for i, label in enumerate(token_labels)
        ]
        targets.append(np.array(target, dtype=np.int64)[layout.order])
    bonds = [np.r_[UNBOUND, layout.bond[1:]][: len(layout.bond)] for layout in layouts]
    starts = np.cumsum([0, *(len(block) for block in blocks)])
    return Sequences(np.concatenate(blocks), np.concatenate(targets), np.concatenate(bonds), starts), states


def windows_of(data: Sequences, options: FitOptions, rng: np.random.Generator) -> Windows:
    """Cut every document into windows; of those without labels a share is kept, and weighs the more."""
    first: list[Ints] = []
    last: list[Ints] = []
    for start, end in zip(data.starts[:-1], data.starts[1:], strict=True):
        if end > start:
            # windows of a document are equally long, so that none is a stub
            edges = np.linspace(start, end, max(1, round((end - start) / options.window)) + 1).round().astype(np.int64)
            first.append(edges[:-1])
            last.append(edges[1:])
    begin, end = np.concatenate(first), np.concatenate(last)
    labelled = np.add.reduceat(data.target != 0, begin) > 0
    keep = labelled | (rng.random(len(begin)) < options.outside_rate)
    weight = np.where(labelled, 1.0, 1.0 / options.outside_rate).astype(np.float32)
    return Windows(begin[keep], end[keep], weight[keep])


def fit_structured(
    documents: Sequence[AnnotatedDocument],
    options: FitOptions,
    keywords: list[str],
    base: TaggerModel | None,
    progress: Progress,
) -> TaggerModel:
    """Train on all documents, from scratch or on from the weights of `base`. ValueError where they hold no label."""
    rng = np.random.default_rng(options.seed)
    generic = base.generic if base else options.generic
    data, states = encode(documents, FeatureExtractor(keywords, generic=generic), options, base, progress)
    labels = list(dict.fromkeys(label for label, _ in states))
    progress(f"{len(data.target)} tokens, {len(labels)} labels, {len(states)} states, {len(keywords)} form words")

    windows = windows_of(data, options, rng)
    vocabulary = frequent(data.hashes, options)
    if base is not None:
        vocabulary = np.union1d(vocabulary, base.vocabulary.astype(np.int64))
    slots = np.full(1 << HASH_BITS, -1, dtype=np.int32)
    slots[vocabulary] = np.arange(len(vocabulary), dtype=np.int32)
    progress(f"{int((windows.last - windows.first).sum())} tokens to learn from, {len(vocabulary)} features")

    transition = np.zeros((BONDS, len(states), len(states)), dtype=np.float32)
    if base is None:
        network = Network.random(len(vocabulary), options.hidden, len(states), rng)
    else:
        network = _resumed(base, states, vocabulary)
        column = np.array([states.index(state) for state in base.states()])
        transition[:, column[:, None], column[None, :]] = base.transition
    optimizer = Adam()
    parameters = [*network.parameters, transition]
    size = max(1, options.batch // options.window)
    steps_total = options.epochs * math.ceil(len(windows.first) / size)
    step = 0
    for epoch in range(options.epochs):
        loss = 0.0
        permutation = rng.permutation(len(windows.first))
        for lo in range(0, len(permutation), size):
            picked = permutation[lo : lo + size]
            batch = _Batch(data, windows, picked)
            index = slots[data.hashes[batch.tokens]]
            index[rng.random(index.shape, dtype=np.float32) < options.feature_dropout] = -1
            x, rows = _sparse(index)
            x.data /= np.float32(1.0 - options.feature_dropout)
            hidden, scores = network.forward(x, rows, options.hidden_dropout, rng)
            losses, gradient, into_chain = batch.loss(scores, transition)
            gradients = [*network.backward(x, hidden, options.hidden_dropout, gradient), into_chain]
            gradients[0] += np.float32(options.l2) * network.embedding[rows]
            if not network.linear:
                gradients[2] += np.float32(options.l2) * network.output
            gradients[4] += np.float32(options.chain_l2) * transition
            # linear decay to a tenth: the last steps average out the noise of the small batches
            rate = options.learning_rate * (1.0 - 0.9 * step / steps_total)
            optimizer.update(parameters, gradients, [rows, None, None, None, None], rate)
            loss += losses
            step += 1
        count = float((windows.weight * (windows.last - windows.first)).sum())
        progress(f"epoch {epoch + 1} of {options.epochs}: loss {loss / count:.4f}")

    embedding, hidden_bias, output, output_bias = network.stored()
    return TaggerModel(
        labels=labels,
        keywords=keywords,
        vocabulary=vocabulary.astype(np.int32),
        embedding=embedding,
        hidden_bias=hidden_bias,
        output=output,
        output_bias=output_bias,
        transition=transition,
        begins=[label for label, role in states if role == BEGINS],
        generic=generic,
    )


class _Batch:
    """Some windows side by side with their borders: `tokens` are those that are learned from."""

    def __init__(self, data: Sequences, windows: Windows, picked: Ints) -> None:
        first, last = windows.first[picked], windows.last[picked]
        steps = int((last - first).max()) + 2
        token = first + np.arange(-1, steps - 1)[:, None]
        inside = (token >= first) & (token < last)
        # a border token is the neighbour in the document, where there is one
        known = np.clip(token, 0, len(data.target) - 1)
        before = (token == first - 1) & (data.bond[first] != UNBOUND)
        after = (token == last) & (token < len(data.target)) & (data.bond[known] != UNBOUND)
        self.inside = inside
        self.clamped = ~inside
        self.target = np.where(inside | before | after, data.target[known], 0)
        self.bond = np.where(inside | after, data.bond[known], UNBOUND)
        self.tokens = token[inside]
        self.weight = windows.weight[picked]

    def loss(self, scores: Floats, transition: Floats) -> tuple[float, Floats, Floats]:
        """Weighted sum of losses, and the gradients of the mean over tokens: of scores, of transitions."""
        count = np.float32(len(self.tokens))
        emission = np.zeros((*self.inside.shape, scores.shape[1]), dtype=np.float32)
        emission[self.inside] = scores
        losses, gradient, into_chain = chain_loss(
            emission, transition, self.bond, self.target, self.clamped, self.weight
        )
        return float(losses @ self.weight), gradient[self.inside] / count, into_chain / count


def _resumed(base: TaggerModel, states: list[State], vocabulary: Ints) -> Network:
    """The network of a base model, with features and states that it does not know at zero or unlikely."""
    network = Network.from_stored(base.embedding, base.hidden_bias, base.output, base.output_bias)
    old = np.array([states.index(state) for state in base.states()])
    place = np.searchsorted(vocabulary, base.vocabulary)
    if network.linear:
        embedding = np.zeros((len(vocabulary), len(states)), dtype=np.float32)
        embedding[place[:, None], old[None, :]] = network.embedding
        bias = np.full(len(states), network.hidden_bias.min(), dtype=np.float32)
        bias[old] = network.hidden_bias
        still = np.zeros(len(states), dtype=np.float32)
        return Network(embedding, bias, np.eye(len(states), dtype=np.float32), still, linear=True)
    embedding = np.zeros((len(vocabulary), network.embedding.shape[1]), dtype=np.float32)
    embedding[place] = network.embedding
    output = np.zeros((network.output.shape[0], len(states)), dtype=np.float32)
    output[:, old] = network.output
    output_bias = np.full(len(states), network.output_bias.min(), dtype=np.float32)
    output_bias[old] = network.output_bias
    return Network(embedding, network.hidden_bias.copy(), output, output_bias)


def _sparse(index: NDArray[np.int32]) -> tuple[csr_matrix, Ints]:
    """Rows of ones at the known features, and which features the columns are: those that occur, ascending."""
    known = index >= 0
    pointer = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
    columns, place = np.unique(index[known], return_inverse=True)
    matrix = csr_matrix(
        (np.ones(int(pointer[-1]), dtype=np.float32), place.astype(np.int32), pointer), shape=(len(index), len(columns))
    )
    return matrix, columns.astype(np.int64)
