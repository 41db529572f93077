"""Sequence decoding over the classifier's probabilities.

The classifier looks at each token alone; the path is found by a first-order chain whose transitions say how much more
often one label follows another than chance would have it. Transitions are kept apart by how the two tokens hang
together (see Layout.bond): inside a line segment labels rarely change, between rows they often do.

Both steps give what the textbook recursions give, without a Python step a token. What a chain says of a token hardly
depends on tokens far away, so forward-backward runs over many stretches of a document at once, each begun a few tokens
early; where a stretch did not forget how it was begun, it is computed again from the one before. The best path then
only has to be sought among the labels that forward-backward left a chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Reals = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
BONDS = 4

_STRETCH = 24  # tokens of a stretch
_EARLY = 6  # tokens that a stretch begins before its first
_AGREEMENT = 1e-5  # largest difference between a stretch's own beginning and the end of the one before it
_NO_CHANCE = 1e-5  # a label that is less likely than this is not on the best path
_WIDE = 25.0  # transitions that lie further apart than this need double precision
_NARROW = np.exp(-10.0)  # transitions that all have more weight than this hardly wear a row down
_FAR = 45.0  # in single precision a label that lies further behind the best one counts as if it lay here


def decode(emission: Floats, transition: Floats, bond: Ints) -> tuple[Ints, Floats]:
    """(best path (n,), probability of every label at every token (n, labels), rows sum to one).

    `emission` (n, labels) log scores, `transition` (BONDS, labels, labels), `bond` (n,) per step; bond[0] is not used.
    """
    belief = marginals(emission, transition, bond)
    return best_path(emission, transition, bond, belief), belief


def best_path(emission: Floats, transition: Floats, bond: Ints, belief: Floats) -> Ints:
    """Viterbi's path among the labels that `belief` leaves a chance; most tokens have but one, and cut the sequence."""
    possible = belief > min(_NO_CHANCE, 0.5 / max(1, belief.shape[1]))
    path = belief.argmax(axis=1)
    counts = possible.sum(axis=1)
    doubtful = np.flatnonzero(counts > 1)
    if len(doubtful) == 0:
        return path
    # the labels left are so few that plain numbers are faster than arrays
    labels = np.nonzero(possible[doubtful])[1]
    scores = emission[np.repeat(doubtful, counts[doubtful]), labels].tolist()
    ends = np.cumsum(counts[doubtful]).tolist()
    kinds, step = bond.tolist(), transition.item
    candidates: list[list[int]] = []  # of the tokens of a run
    back: list[list[int]] = []  # for each of a token's labels the place of the best one before it
    score: list[float] = []
    begin, label_list = 0, labels.tolist()
    for at, (i, end) in enumerate(zip(doubtful.tolist(), ends, strict=True)):
        here, own = label_list[begin:end], scores[begin:end]
        begin = end
        kind = kinds[i]
        if candidates:
            before, came = candidates[-1], []
            reached = []
            for label, local in zip(here, own, strict=True):
                best, place = -np.inf, 0
                for k, previous in enumerate(before):
                    value = score[k] + step(kind, previous, label)
                    if value > best:
                        best, place = value, k
                reached.append(best + local)
                came.append(place)
            score = reached
            back.append(came)
        elif i:
            previous = int(path[i - 1])
            score = [local + step(kind, previous, label) for label, local in zip(here, own, strict=True)]
        else:
            score = own
        candidates.append(here)
        if at + 1 < len(doubtful) and doubtful[at + 1] == i + 1:
            continue
        if i + 1 < len(path):
            kind, after = kinds[i + 1], int(path[i + 1])
            score = [value + step(kind, label, after) for value, label in zip(score, here, strict=True)]
        place = score.index(max(score))
        for k in range(len(candidates) - 1, -1, -1):
            path[i - len(candidates) + 1 + k] = candidates[k][place]
            if k:
                place = back[k - 1][place]
        candidates, back = [], []
    return path


def marginals(emission: Floats, transition: Floats, bond: Ints) -> Floats:
    """Probability of every label at every token given the whole sequence (forward-backward); rows sum to one."""
    if len(emission) == 0:
        return emission
    behind = emission - emission.max(axis=1, keepdims=True)
    falls = transition - transition.max(axis=(1, 2), keepdims=True)
    if falls.min() > -_WIDE:
        weights, local = np.exp(falls), np.exp(np.maximum(behind, -_FAR))
    else:
        weights, local = np.exp(falls.astype(np.float64)), np.exp(behind.astype(np.float64))
    tiny = np.finfo(local.dtype).tiny
    # backwards the same recursion runs over the reversed sequence with transposed weights; it holds a token's own
    # evidence as well, which the product must count once
    forward, backward = _sweep(
        np.stack([local, local[::-1]]),
        np.stack([weights, weights.transpose(0, 2, 1)]),
        np.stack([bond, np.r_[0, bond[:0:-1]]]),
    )
    backward = backward[::-1]
    joint = backward / np.maximum(local, tiny)
    joint *= forward
    joint /= np.maximum(joint.sum(axis=1, keepdims=True), tiny)
    return joint.astype(np.float32, copy=False)


def _sweep(local: Reals, weights: Reals, bond: Ints) -> Reals:
    """f[i] = (f[i-1] @ weights[bond[i]]) * local[i], up to a factor a token; for each sequence of (2, n, labels)."""
    ways, n, labels = local.shape
    side_by_side = np.ascontiguousarray(weights.transpose(0, 2, 1, 3).reshape(ways, labels, -1))
    count = -(-n // _STRETCH)
    out = np.empty((ways, count * _STRETCH, labels), dtype=local.dtype)
    # token of every stretch at every step; what lies beyond the ends is computed along and not used
    token = np.clip(np.arange(count) * _STRETCH + np.arange(-_EARLY, _STRETCH)[:, None], 0, n - 1)
    state = np.ones((ways, count, labels), dtype=local.dtype)
    begun = _recur(state, local, side_by_side, bond, token, out)
    agree = _agree(begun[:, 1:], out[:, _STRETCH - 1 : -1 : _STRETCH])
    for way, own in enumerate(agree.tolist()):
        one = slice(way, way + 1)
        anew = False
        for i in range(1, count):
            last = out[one, i * _STRETCH - 1, None]
            anew = not (_agree(begun[one, i, None], last).all() if anew else own[i - 1])
            if anew:
                _recur(last, local[one], side_by_side[one], bond[one], token[_EARLY:, i : i + 1], out[one])
    return out[:, :n]


def _recur(state: Reals, local: Reals, side_by_side: Reals, bond: Ints, token: Ints, out: Reals) -> Reals:
    """Run the recursion over `token` (steps, stretches), filling `out` for the last _STRETCH steps of each.

    Returns the states (ways, stretches, labels) before these steps. A stretch that reaches token 0 starts there,
    whatever came before.
    """
    steps, count = token.shape
    ways, _, labels = local.shape
    way, stretch = np.arange(ways)[:, None], np.arange(count)
    evidence = local[:, token]
    kinds = bond[:, token]
    begun = state
    tiny = np.finfo(local.dtype).tiny
    first = int(token[-1, 0]) // _STRETCH
    view = out.reshape(ways, -1, _STRETCH, labels)[:, first : first + count]
    # below that the rows of three steps still fit single precision: of a sum of one at least exp(-3 * 10) is left
    every = 3 if side_by_side.min() > _NARROW else 1
    for step in range(steps):
        at = step - (steps - _STRETCH)
        if at == 0:
            begun = state
        moved = (state @ side_by_side).reshape(ways, count, -1, labels)[way, stretch, kinds[:, step]]
        if token[step, 0] == 0:
            moved[:, 0] = 1.0
        state = moved
        state *= evidence[:, step]
        if step % every == 0:
            state /= np.maximum(state.sum(axis=2, keepdims=True), tiny)
        if at >= 0:
            view[:, :, at] = state
    return begun


def _agree(one: Reals, other: Reals) -> NDArray[np.bool_]:
    """Which states (…, labels) lead on to the same: the recursion never makes their largest ratio larger."""
    tiny = np.finfo(one.dtype).tiny
    ratio = np.maximum(one, tiny) / np.maximum(other, tiny)
    return np.asarray(ratio.max(axis=-1) <= ratio.min(axis=-1) * (1.0 + _AGREEMENT))
