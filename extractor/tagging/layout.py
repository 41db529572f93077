"""How the tokens of a document lie to each other: segments, blocks, rows, neighbours, and the order to decode them in.

Everything is computed from boxes, lines and cells, for pages and for the virtual layouts of text and HTML alike.
All arrays have one entry a token; an index of -1 means "none".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from extractor.document import Document

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_GAP_OF_HEIGHT = 0.8  # a wider gap than this share of the token height starts a new segment
_LEADING_OF_HEIGHT = 0.65  # lines closer than this belong to one block
_ZONE_REACH = 15.0  # points that a segment's column may reach beyond its ink
_WINDOW = 900  # tokens looked back at for neighbours above; bounds the cost on long text
_CHUNK = 256  # tokens that share a window
_STEP = 256  # tokens looked at in one go: their comparisons fit the processor's cache
_PLACE = attrgetter("page", "line", "cell")
_NEAR = 128  # tokens looked back at first


@dataclass(slots=True)
class Layout:
    """`box` (n, 4); `segment`, `block`, `row` group ids; neighbour indices; `order` the decoding permutation.

    `zone` (n, 2) is the horizontal reach of the token's segment, half way to its neighbours in the line.
    `bond` (n,) says how a token hangs on the one before it in `order`: 0 same segment, 1 same block, 2 same row,
    3 none of these.
    """

    box: Floats
    page: Ints
    line: Ints
    segment: Ints
    block: Ints
    row: Ints
    zone: Floats
    left: Ints
    right: Ints
    above: Ints
    below: Ints
    order: Ints
    bond: Ints


def analyse_layout(document: Document) -> Layout:
    """The layout of a document's tokens, which must be in line order."""
    tokens = document.tokens
    n = len(tokens)
    box = np.fromiter(chain.from_iterable([t.bbox for t in tokens]), dtype=float, count=4 * n).reshape(n, 4)
    pages, lines, cells = zip(*map(_PLACE, tokens), strict=True) if n else ((), (), ())
    page, line = np.array(pages, dtype=np.int64), np.array(lines, dtype=np.int64)
    cell = _ids([(at, *own) if own else None for at, own in zip(pages, cells, strict=True)])
    height = np.maximum(box[:, 3] - box[:, 1], 1.0)

    same_line = np.zeros(n, dtype=bool)
    gap = np.zeros(n)
    if n > 1:
        same_line[1:] = (line[1:] == line[:-1]) & (page[1:] == page[:-1])
        gap[1:] = box[1:, 0] - box[:-1, 2]
    breaks = ~same_line | (gap > _GAP_OF_HEIGHT * height) | (gap < -2 * height)
    if n > 1:
        breaks[1:] |= cell[1:] != cell[:-1]
    segment = np.cumsum(breaks) - 1

    seg_box, seg_first = _group_boxes(box, segment)
    seg_page, seg_line, seg_cell = page[seg_first], line[seg_first], cell[seg_first]
    zone = _zones(seg_box, seg_line, seg_page)
    seg_block = _blocks(seg_box, seg_page, seg_cell, height[seg_first])
    block = seg_block[segment]

    places = zip(pages, lines, cells, strict=True)
    row = _ids([(at, own[0], own[1]) if own else (at, -1, written) for at, written, own in places])

    left = np.where(same_line, np.arange(n) - 1, -1)
    right = np.full(n, -1)
    if n > 1:
        right[:-1] = np.where(same_line[1:], np.arange(1, n), -1)
    above = _nearest_above(box, page, line)
    below = _invert(above)

    order = _decoding_order(box, page, block, row)
    bond = _bonds(order, segment, block, row)
    return Layout(box, page, line, segment, block, row, zone[segment], left, right, above, below, order, bond)


def _ids(keys: list) -> Ints:  # type: ignore[type-arg]
    """Small integers for equal keys; None is -1."""
    seen: dict[object, int] = {}
    return np.array([-1 if key is None else seen.setdefault(key, len(seen)) for key in keys], dtype=np.int64)


def _group_boxes(box: Floats, group: Ints) -> tuple[Floats, Ints]:
    """Bounding box and first member of every group; groups are numbered 0.. in order of appearance."""
    if len(group) == 0:
        return np.zeros((0, 4)), np.zeros(0, dtype=np.int64)
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    out = np.column_stack(
        [
            np.minimum.reduceat(box[:, 0], first),
            np.minimum.reduceat(box[:, 1], first),
            np.maximum.reduceat(box[:, 2], first),
            np.maximum.reduceat(box[:, 3], first),
        ]
    )
    return out, first


def _zones(seg_box: Floats, seg_line: Ints, seg_page: Ints) -> Floats:
    zone = np.column_stack([seg_box[:, 0] - _ZONE_REACH, seg_box[:, 2] + _ZONE_REACH])
    if len(seg_box) > 1:
        same = (seg_line[1:] == seg_line[:-1]) & (seg_page[1:] == seg_page[:-1])
        middle = (seg_box[1:, 0] + seg_box[:-1, 2]) / 2
        zone[1:, 0] = np.where(same, np.maximum(zone[1:, 0], middle), zone[1:, 0])
        zone[:-1, 1] = np.where(same, np.minimum(zone[:-1, 1], middle), zone[:-1, 1])
    return zone


def _blocks(seg_box: Floats, seg_page: Ints, seg_cell: Ints, seg_height: Floats) -> Ints:
    """Joins segments into blocks: those of one cell, and lines of one paragraph or wrapped cell."""
    count = len(seg_box)
    parent = list(range(count))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    by_cell: dict[int, int] = {}
    for i, cell in enumerate(seg_cell.tolist()):
        if cell >= 0:
            parent[find(i)] = find(by_cell.setdefault(cell, i))
    for i, above in _lines_above(seg_box, seg_page, seg_cell, seg_height):
        parent[find(i)] = find(above)
    return _ids([find(i) for i in range(count)])


def _lines_above(seg_box: Floats, seg_page: Ints, seg_cell: Ints, seg_height: Floats) -> list[tuple[int, int]]:
    """Segments outside of cells, each with the one closely above it whose next line it is."""
    # segments come in line order, so what lies closely above is among the last ones
    recent = 40
    free = np.flatnonzero(seg_cell < 0)
    free = free[free > 0]
    if not len(free):
        return []
    earlier = free[:, None] + np.arange(-recent, 0)
    known = np.maximum(earlier, 0)
    x0, top, x1, bottom = seg_box.T
    height = seg_height[free, None]
    near = top[free, None] - bottom[known]
    fits = (earlier >= 0) & (seg_page[known] == seg_page[free, None]) & (seg_cell[known] < 0)
    fits &= (near > -0.5 * height) & (near < _LEADING_OF_HEIGHT * height)
    fits &= np.abs(seg_height[known] - height) < 0.35 * height
    overlap = np.minimum(x1[free, None], x1[known]) - np.maximum(x0[free, None], x0[known])
    fits &= overlap > 0.3 * np.minimum(x1[free, None] - x0[free, None], x1[known] - x0[known])
    # under two segments at once it is a heading over columns or the like, not a next line
    one = fits.sum(axis=1) == 1
    return list(zip(free[one].tolist(), earlier[one, fits[one].argmax(axis=1)].tolist(), strict=True))


def _nearest_above(box: Floats, page: Ints, line: Ints) -> Ints:
    """The nearest token above that overlaps in x, of equally near ones the first.

    Tokens come line by line, so it is mostly found among the last few: those that far ones could still beat, by the
    lowest of these, look again.
    """
    n = len(box)
    above = np.full(n, -1, dtype=np.int64)
    x0, top, x1, bottom = np.ascontiguousarray(box.T)
    middle = (top + bottom) / 2
    paged = bool((page[1:] >= page[:-1]).all())
    one_page = bool((page[1:] == page[:-1]).all())
    wide = x1 > x0  # tokens without width overlap with none
    all_wide = bool(wide.all())
    # only order counts, so places in it do for coordinates: in 16 bits they are compared several times as fast
    edges = np.unique(np.concatenate([x0, x1]), return_inverse=True)[1]
    left, right = _small(edges[:n]), _small(edges[n:])
    levels, level = np.unique(middle, return_inverse=True)
    height, lowest, row = _small(level + 1), _small(np.searchsorted(levels, middle - 1.0)), _small(line)

    def look(rows: Ints, low: int, high: int) -> Floats:
        """Finds for these tokens among those from `low` to `high`; gives the distances, infinite for none."""
        mine = rows[:, None]
        other = slice(low, high)
        fits = height[other] <= lowest[mine]
        fits &= right[other] > left[mine]
        fits &= right[mine] > left[other]
        if not all_wide:
            fits &= wide[mine] & wide[other]
        if not one_page:
            fits &= page[mine] == page[other]
        fits &= row[mine] != row[other]
        best = (fits.view(np.int8) * height[other]).argmax(axis=1)  # of what does not fit 0 is left
        some = fits[np.arange(len(rows)), best]
        best += low
        above[rows] = np.where(some, best, -1)
        return np.where(some, middle[rows] - middle[best], np.inf)

    for lo in range(0, n, _STEP):
        hi = min(n, lo + _STEP)
        reach = lo - lo % _CHUNK  # windows are bounded in whole chunks
        first, last = max(0, reach - _WINDOW), min(n, reach + _CHUNK)
        if paged:
            first = max(first, int(np.searchsorted(page, page[lo])))
        if (middle[hi:last] > middle[lo:hi].max() - 0.5).all():
            last = hi  # else what comes later in line order can still lie above
        low = max(first, lo - _NEAR)
        rows = np.arange(lo, hi)
        nearest = look(rows, low, last)
        if low > first:
            again = rows[~(nearest < middle[lo:hi] - middle[first:low].max())]
            if len(again):
                look(again, first, last)
    return above


def _small(places: Ints) -> Ints:
    """Whole numbers from 0 on in 16 bits where they fit."""
    return places.astype(np.int16) if places.max(initial=0) < 1 << 15 else places


def _invert(above: Ints) -> Ints:
    """The nearest token below: of all that have this one above them, the one most to the left."""
    below = np.full(len(above) + 1, len(above), dtype=np.int64)
    np.minimum.at(below, above, np.arange(len(above)))  # an index of -1 fills the place behind the last
    return np.where(below[:-1] < len(above), below[:-1], -1)


def _decoding_order(box: Floats, page: Ints, block: Ints, row: Ints) -> Ints:
    """Reading order for the sequence model: row by row, block by block, so that a wrapped cell is one run."""
    n = len(box)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    position = np.arange(n)
    block_first = np.full(int(block.max()) + 1, n)
    np.minimum.at(block_first, block, position)
    row_first = np.full(int(row.max()) + 1, n)
    np.minimum.at(row_first, row, position)
    # a block stands where the row of its first token begins, and within that row from left to right
    anchor = row_first[row[block_first]]
    block_left = np.full(int(block.max()) + 1, np.inf)
    np.minimum.at(block_left, block, box[:, 0])
    return np.lexsort((position, block, block_left[block], anchor[block], page))


def _bonds(order: Ints, segment: Ints, block: Ints, row: Ints) -> Ints:
    bond = np.full(len(order), 3, dtype=np.int64)
    if len(order) > 1:
        before, here = order[:-1], order[1:]
        bond[1:] = np.where(
            segment[here] == segment[before],
            0,
            np.where(block[here] == block[before], 1, np.where(row[here] == row[before], 2, 3)),
        )
    return bond
