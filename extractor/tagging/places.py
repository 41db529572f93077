"""Where a token lies: the form words above it in its column, its row, its block, its place on the page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from extractor.document import Document
from extractor.tagging.hashing import Hashes, mix
from extractor.tagging.layout import Layout
from extractor.tagging.words import types_among

_CHUNK, _WINDOW = 256, 500  # tokens that share a window of form words, and the words in it
_STEP, _NEAR = 256, 32  # tokens looked at in one go: their costs fit the processor's cache; words looked at first
_U = np.uint64
_IS_COUNTED = (
    types_among("date", "date_piece"),
    types_among("money", "comma_number", "decimal", "integer", "year"),
    types_among("letter"),
)


def column_keywords(layout: Layout, keyword: Hashes, k: int) -> Hashes:
    """Per token the k nearest form words above it in its column, nearest first; (n, k), 0 where there are fewer."""
    n = len(keyword)
    out = np.zeros((n, k), dtype=np.uint64)
    sources = np.flatnonzero(keyword > 0)
    if len(sources) == 0 or n == 0:
        return out
    column = _Columns(layout, sources, k)
    paged = bool((layout.page[1:] >= layout.page[:-1]).all())
    for lo in range(0, n, _STEP):
        hi = min(n, lo + _STEP)
        chunk_end = min(n, lo - lo % _CHUNK + _CHUNK)  # windows are bounded in whole chunks
        end = int(np.searchsorted(sources, chunk_end))
        window = slice(max(0, end - _WINDOW), end)
        first, last = window.start, int(np.searchsorted(sources, hi))
        if paged:
            first = max(first, int(np.searchsorted(column.word_page, layout.page[lo])))
        if (column.word_y[last:end] < column.y[lo:hi].max() - 1.0).any():
            last = end  # what comes later in line order still lies above
        if last <= first:
            continue
        # the nearest words are mostly among the last few; tokens that a far one could matter to look again
        low = max(first, int(np.searchsorted(sources, lo)) - _NEAR)
        rows = np.arange(lo, hi)
        costs, best = column.nearest(rows, low, last)
        if low > first:
            again = np.flatnonzero(~(costs[:, k - 1] < column.y[lo:hi] - column.word_y[first:low].max()))
            if len(again):
                costs[again], best[again] = column.nearest(rows[again], first, last)
        words = keyword[sources[best]]
        out[lo:hi] = np.where(np.isfinite(costs[:, :k]), words[:, :k], 0)
        equal = (costs[:, 1:] == costs[:, :-1]) & np.isfinite(costs[:, 1:])
        equal[:, :-1] &= words[:, 1:-1] != words[:, : k - 1]
        tied = np.flatnonzero(equal.any(axis=1))
        if len(tied):
            costs, best = column.partitioned(rows[tied], window)
            out[rows[tied], : best.shape[1]] = np.where(np.isfinite(costs), keyword[sources[best]], 0)
    return out


class _Columns:
    """How far tokens lie below form words (`sources`) of their column."""

    def __init__(self, layout: Layout, sources: NDArray[np.int64], k: int) -> None:
        box = layout.box
        self.x = (box[:, 0] + box[:, 2]) / 2
        self.y = (box[:, 1] + box[:, 3]) / 2
        self.page = layout.page
        self.word_x, self.word_y, self.word_page = self.x[sources], self.y[sources], self.page[sources]
        self._from, self._to = np.ascontiguousarray(layout.zone[sources].T)
        self._k = k
        self._one_page = bool((self.page == self.page[:1]).all())

    def _costs(self, rows: NDArray[np.int64], words: slice) -> NDArray[np.float64]:
        """Of each token from each word, infinite for words that are not above it in its column."""
        x = self.x[rows, None]
        cost = self.y[rows, None] - self.word_y[words]
        fits = cost > 2.0
        fits &= x > self._from[words]
        fits &= x < self._to[words]
        if not self._one_page:
            fits &= self.page[rows, None] == self.word_page[words]
        # of the words on one line the one straight above counts first
        aside = x - self.word_x[words]
        np.abs(aside, out=aside)
        aside *= 0.02
        cost += aside
        np.copyto(cost, np.inf, where=~fits)
        return cost

    def nearest(self, rows: NDArray[np.int64], low: int, high: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Costs and places of the k + 1 nearest words from `low` to `high`, infinite where there are fewer."""
        cost = self._costs(rows, slice(low, high))
        k = self._k
        every = np.arange(len(rows))
        found = np.full((len(rows), k + 1), np.inf)
        best = np.zeros((len(rows), k + 1), dtype=np.int64)
        for j in range(min(k + 1, cost.shape[1])):  # so few are found faster one by one than by a partition
            place = cost.argmin(axis=1)
            found[:, j] = cost[every, place]
            best[:, j] = place + low
            cost[every, place] = np.inf
        return found, best

    def partitioned(self, rows: NDArray[np.int64], words: slice) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The k nearest words where some are equally near: in the order of a partition of the whole window.

        Any order would do, but models are trained on this one.
        """
        cost = self._costs(rows, words)
        take = min(self._k, cost.shape[1])
        every = np.arange(len(rows))[:, None]
        if take < cost.shape[1]:
            best = np.argpartition(cost, take - 1, axis=1)[:, :take]
        else:
            best = np.tile(np.arange(take), (len(rows), 1))
        best = best[every, np.argsort(cost[every, best], axis=1, kind="stable")]
        return cost[every, best], best + words.start


def row_counts(row: NDArray[np.int64], x: NDArray[np.float64], kind: Hashes, n: int) -> tuple[Hashes, Hashes, Hashes]:
    """Dates, numbers and single letters to the left of a token in its row, to its right, and in the whole row."""
    if n == 0:
        empty = np.zeros(0, dtype=np.uint64)
        return empty, empty, empty
    by_row = np.lexsort((x, row))
    groups = row[by_row]
    first = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[first, n])
    codes: list[NDArray[np.int64]] = []
    for counted in _IS_COUNTED:
        hit = counted[kind[by_row]].astype(np.int64)
        total = np.cumsum(hit)
        offset = np.repeat(total[first] - hit[first], sizes)
        before = total - hit - offset
        whole = np.repeat(np.add.reduceat(hit, first), sizes)
        codes += [np.minimum(before, 6), np.minimum(whole - before - hit, 6)]
    out = []
    for picked in ((codes[0], codes[2], codes[4]), (codes[1], codes[3], codes[5])):
        value = picked[0] * 64 + picked[1] * 8 + picked[2]
        spread = np.zeros(n, dtype=np.uint64)
        spread[by_row] = value.astype(np.uint64)
        out.append(spread)
    return out[0], out[1], mix(out[0], out[1])


def places_on_page(document: Document, layout: Layout) -> tuple[Hashes, Hashes, Hashes]:
    """Where a token lies: column and row of a coarse raster over the ink of its page, and its cell's column number."""
    n = len(layout.page)
    x = np.zeros(n)
    y = np.zeros(n)
    for number in np.unique(layout.page).tolist():
        on = layout.page == number
        box = layout.box[on]
        lo, hi = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        span = np.maximum(hi - lo, 1.0)
        x[on] = ((box[:, 0] + box[:, 2]) / 2 - lo[0]) / span[0]
        y[on] = (box[:, 1] - lo[1]) / span[1]
    cells = np.fromiter(((t.cell[2] + 1 if t.cell else 0) for t in document.tokens), dtype=np.uint64, count=n)
    return (x * 19.99).astype(np.uint64), (y * 9.99).astype(np.uint64), cells


def block_context(layout: Layout, masked: Hashes, kind: Hashes, n: int) -> list[Hashes]:
    """First word of the token's block and of its line segment, its place in them, and what surrounds the segment."""
    if n == 0:
        return [masked] * 5
    position = np.arange(n)
    block_first = np.full(int(layout.block.max()) + 1, n)
    np.minimum.at(block_first, layout.block, position)
    segment_first = np.full(int(layout.segment.max()) + 1, n)
    np.minimum.at(segment_first, layout.segment, position)
    segment_size = np.bincount(layout.segment)
    first = segment_first[layout.segment]
    size = np.minimum(segment_size[layout.segment], 8)
    place = np.minimum(position - first, 4)
    before = np.where(first > 0, kind[np.maximum(first - 1, 0)] + _U(1), 0)
    last = first + segment_size[layout.segment] - 1
    after = np.where(last < n - 1, kind[np.minimum(last + 1, n - 1)] + _U(1), 0)
    return [
        masked[block_first[layout.block]],
        masked[first],
        (place * 16 + size).astype(np.uint64),
        mix(before, after),
        mix(before, kind[first], size.astype(np.uint64)),
    ]
