"""What stands before and behind a token: steps in decoding order, form words, values, parts of the form passed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extractor.tagging.hashing import Hashes, mix
from extractor.tagging.landmarks import NAMES, Hit
from extractor.tagging.words import types_among

_U = np.uint64
_IS_SIGNIFICANT = types_among(
    "date", "date_piece", "money", "comma_number", "decimal", "integer", "year", "mark", "tick", "letter"
)


def step_in_order(order: NDArray[np.int64], inverse: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Index of the token k steps on in decoding order, -1 beyond the ends."""
    reach = abs(k)
    none = np.full(reach, -1)
    return np.concatenate([none, order, none])[inverse + (reach + k)]


def at_index(index: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Neighbour of the neighbour."""
    return np.where(index >= 0, values[np.maximum(index, 0)], -1) if len(index) else index


def parts_passed(hits: Sequence[Hit], n: int) -> tuple[Hashes, Hashes, Hashes]:
    """The landmark last passed in line order, the one before it, and a coarse distance from it, a token each."""
    part = np.zeros(n, dtype=np.uint64)
    before = np.zeros(n, dtype=np.uint64)
    start = np.zeros(n, dtype=np.int64)
    current = 0
    for hit in hits:
        name = NAMES.index(hit.name) + 1
        if name == current:
            continue
        part[hit.first :] = name
        before[hit.first :] = current
        start[hit.first :] = hit.last
        current = name
    distance = np.log2(np.maximum(1, np.arange(n) - start + 1)).astype(np.uint64)
    return part, before, distance


def previous_keywords(keyword: Hashes, inverse: NDArray[np.int64], order: NDArray[np.int64], k: int) -> Hashes:
    """Per token the last k form words before it in decoding order, nearest first; (k, n)."""
    ordered = keyword[order]
    places = np.flatnonzero(ordered > 0)
    # the words in order behind k blanks, so that a rank below k finds a blank
    found = np.concatenate([np.zeros(k, dtype=np.uint64), ordered[places]])
    rank = np.searchsorted(places, inverse, side="left")
    return np.stack([found[rank + (k - 1 - j)] for j in range(k)])


def significant_context(kind: Hashes, k: int) -> list[Hashes]:
    """Hashes of the types of the k values (dates, numbers, letters, marks) before and after each token."""
    hit = _IS_SIGNIFICANT[kind]
    passed = np.cumsum(hit)
    found = np.zeros(int(hit.sum()) + 2 * k, dtype=np.uint64)  # k blanks on either side
    found[k : len(found) - k] = kind[hit] + _U(1)
    before = np.stack([found[passed - hit + (k - 1 - j)] for j in range(k)])
    after = np.stack([found[passed + (k + j)] for j in range(k)])
    return [
        mix(_U(1), *before[:1]),
        mix(_U(2), *before[:2]),
        mix(_U(3), *before),
        mix(_U(4), *after[:1]),
        mix(_U(5), *after[:2]),
        mix(_U(6), *after),
        mix(_U(7), *before[:2], *after[:2]),
    ]
