"""How the tokens of a document lie to each other: segments, blocks, rows, neighbours, and the order to decode them in.

Everything is computed from boxes, lines and cells, for pages and for the virtual layouts of text and HTML alike.
All arrays have one entry a token; an index of -1 means "none".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor.document import Document

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_GAP_OF_HEIGHT = 0.8  # a wider gap than this share of the token height starts a new segment
_LEADING_OF_HEIGHT = 0.65  # lines closer than this belong to one block
_ZONE_REACH = 15.0  # points that a segment's column may reach beyond its ink
_WINDOW = 900  # tokens looked back at for neighbours above; bounds the cost on long text


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
    box = np.array([t.bbox for t in tokens], dtype=float).reshape(n, 4)
    page = np.fromiter((t.page for t in tokens), dtype=np.int64, count=n)
    line = np.fromiter((t.line for t in tokens), dtype=np.int64, count=n)
    cell = _ids([(t.page, *t.cell) if t.cell else None for t in tokens])
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

    row_keys = [(t.page, t.cell[0], t.cell[1]) if t.cell else (t.page, -1, t.line) for t in tokens]
    row = _ids(row_keys)

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
    for i in range(count):
        cell = int(seg_cell[i])
        if cell >= 0:
            parent[find(i)] = find(by_cell.setdefault(cell, i))
    # segments come in line order, so what lies closely above is among the last ones
    recent = 40
    x0, top, x1, bottom = seg_box.T
    for i in range(1, count):
        if seg_cell[i] >= 0:
            continue
        lo = max(0, i - recent)
        near = top[i] - bottom[lo:i]
        overlap = np.minimum(x1[i], x1[lo:i]) - np.maximum(x0[i], x0[lo:i])
        fits = (
            (seg_page[lo:i] == seg_page[i])
            & (seg_cell[lo:i] < 0)
            & (near > -0.5 * seg_height[i])
            & (near < _LEADING_OF_HEIGHT * seg_height[i])
            & (overlap > 0.3 * np.minimum(x1[i] - x0[i], x1[lo:i] - x0[lo:i]))
            & (np.abs(seg_height[lo:i] - seg_height[i]) < 0.35 * seg_height[i])
        )
        above = np.flatnonzero(fits)
        if len(above) == 1:  # under two segments at once it is a heading over columns or the like, not a next line
            parent[find(i)] = find(lo + int(above[0]))
    return _ids([find(i) for i in range(count)])


def _nearest_above(box: Floats, page: Ints, line: Ints) -> Ints:
    n = len(box)
    above = np.full(n, -1, dtype=np.int64)
    chunk = 256
    x0, top, x1, bottom = box.T
    middle = (top + bottom) / 2
    for lo in range(0, n, chunk):
        hi = min(n, lo + chunk)
        base = max(0, lo - _WINDOW)
        distance = middle[lo:hi, None] - middle[None, base:hi]
        overlap = np.minimum(x1[lo:hi, None], x1[None, base:hi]) - np.maximum(x0[lo:hi, None], x0[None, base:hi])
        bad = (overlap <= 0) | (distance <= 1.0) | (page[lo:hi, None] != page[None, base:hi])
        bad |= line[lo:hi, None] == line[None, base:hi]
        distance[bad] = np.inf
        best = np.argmin(distance, axis=1)
        found = np.isfinite(distance[np.arange(hi - lo), best])
        above[lo:hi] = np.where(found, best + base, -1)
    return above


def _invert(above: Ints) -> Ints:
    """The nearest token below: of all that have this one above them, the one most to the left."""
    below = np.full(len(above), -1, dtype=np.int64)
    users = np.flatnonzero(above >= 0)
    for i in users[::-1]:
        below[above[i]] = i
    return below


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
