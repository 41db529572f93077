"""Token features for forms of any kind: nothing here knows the words or the parts of a particular form.

A form's questions, answers and headings are told by what a line segment looks like (its case, its length, the colon at
its end), by what its neighbours to the left, to the right, above and below look like, and by how far away they are and
how they line up. Most templates take few values, so that a few dozen documents are enough to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor.document import Token
from extractor.tagging.layout import Layout

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Hashes = NDArray[np.uint64]
Columns = list[tuple[NDArray[np.uint64], ...]]

_ALIGNED = 0.4  # of the token height: edges closer than this stand in one line
_GAPS = np.array([-0.5, 0.0, 0.2, 0.4, 0.6, 0.8, 1.2, 2.0, 4.0, 8.0, 16.0])  # horizontal, of the token height
_LEADINGS = np.array([-0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0])  # vertical
_HEIGHTS = np.array([0.6, 0.8, 0.9, 1.1, 1.25, 1.5, 2.0])  # of the median height of the page


@dataclass(slots=True)
class _Segments:
    """Line segments of a document; one entry each."""

    first: Ints
    last: Ints
    box: Floats
    page: Ints
    line: Ints
    height: Floats
    look: Hashes  # what it looks like
    colon: NDArray[np.bool_]


def segment_look(texts: Sequence[str]) -> int:
    """A small number for what a segment looks like: case, digits, number of words, punctuation at its end.

    >>> segment_look(["Sold", "to:"]) == segment_look(["Paid", "by:"])
    True
    >>> segment_look(["SOLD", "TO"]) == segment_look(["Sold", "to"])
    False
    """
    joined = "".join(texts)
    letters = [c for c in joined if c.isalpha()]
    digits = sum(c.isdigit() for c in joined)
    if not letters:
        case = 0 if digits else 1
    elif all(c.isupper() for c in letters):
        case = 2
    elif all(text[0].isupper() for text in texts if text[0].isalpha()):
        case = 3
    elif letters[0].isupper():
        case = 4
    else:
        case = 5
    figures = 0 if digits == 0 else 1 if digits < len(letters) else 2
    size = min(len(texts), 4) if len(texts) < 5 else 5 if len(texts) < 9 else 6
    end = joined[-1:]
    closing = {":": 1, ".": 2, ",": 3, "?": 4, ")": 5, "-": 6, "_": 7, "#": 8}.get(end, 0)
    return ((case * 3 + figures) * 7 + size) * 9 + closing


def generic_columns(
    tokens: Sequence[Token], layout: Layout, exact: Hashes, masked: Hashes, shape: Hashes, kind: Hashes
) -> Columns:
    """Parts of the templates, one tuple each, to be mixed by the caller; arrays of one entry a token."""
    n = len(tokens)
    if n == 0:
        return [(exact,)]
    segments = _segments(tokens, layout)
    of = layout.segment
    order, inverse = layout.order, np.argsort(layout.order)
    height = np.maximum(layout.box[:, 3] - layout.box[:, 1], 1.0)

    def at(values: Hashes, index: Ints) -> Hashes:
        return np.where(index >= 0, values[np.maximum(index, 0)] + np.uint64(1), np.uint64(0))

    def step(k: int) -> Ints:
        to = inverse + k
        return np.where((to >= 0) & (to < n), order[np.clip(to, 0, n - 1)], -1)

    def coded(values: NDArray[np.number] | NDArray[np.bool_]) -> Hashes:
        return values.astype(np.int64).astype(np.uint64)

    def spread(values: Hashes) -> Hashes:
        return values[of]

    ending = np.fromiter((_ending(t.text) for t in tokens), dtype=np.uint64, count=n)
    before, after = step(-1), step(1)

    # --- the token and its neighbours in decoding order
    columns: Columns = [(exact,), (masked,), (shape,), (kind,), (ending, kind), (shape, ending)]
    columns += [(at(exact, step(k)),) for k in (-2, -1, 1, 2)]
    columns += [(at(kind, step(k)), at(ending, step(k))) for k in (-2, -1, 1, 2)]
    columns += [(at(masked, before), masked), (masked, at(masked, after))]
    columns += [
        (at(kind, before), at(ending, before), kind, ending),
        (kind, ending, at(kind, after), at(ending, after)),
    ]

    # --- gaps
    bond = np.zeros(n, dtype=np.uint64)
    bond[order] = coded(layout.bond)
    left, right = layout.left, layout.right
    gap_left = coded(_gap(layout.box, left, np.arange(n), height))
    gap_right = coded(_gap(layout.box, np.arange(n), right, height))
    fall = np.where(
        before >= 0,
        np.digitize((layout.box[:, 1] - layout.box[np.maximum(before, 0), 3]) / height, _LEADINGS),
        len(_LEADINGS) + 1,
    )
    shift = np.where(
        before >= 0,
        np.clip(np.rint((layout.box[:, 0] - segments.box[of[np.maximum(before, 0)], 0]) / height), -3, 3) + 4,
        0,
    )
    fallen, shifted = coded(fall), coded(shift)
    columns += [(bond,), (gap_left, gap_right), (gap_left, kind), (gap_right, ending)]
    columns += [(gap_left, at(ending, left)), (gap_left, at(ending, left), kind, ending)]
    columns += [
        (bond, fallen, shifted),
        (bond, fallen, at(ending, before)),
        (bond, fallen, shifted, kind, at(kind, before)),
    ]

    # --- the segment
    place = np.minimum(np.arange(n) - segments.first[of], 3)
    to_end = np.minimum(segments.last[of] - np.arange(n), 3)
    look = spread(segments.look)
    places = coded(place * 4 + to_end)
    columns += [(look,), (look, places), (places,), (places, kind, ending)]
    columns += [(spread(exact[segments.first]),), (spread(exact[segments.last]),)]
    columns += [(at(exact, _inside(segments.first + k, segments)[of]),) for k in (1, 2)]
    columns += [(spread(masked[segments.first]), spread(masked[segments.last]))]
    colons = np.cumsum(np.isin(ending, (1,)))
    since = colons - (ending == 1) - np.r_[0, colons][segments.first][of]
    until = colons[segments.last][of] - colons + (ending == 1)
    colon = coded(np.minimum(since, 2) * 3 + np.minimum(until, 2))
    columns += [(colon,), (colon, kind), (colon, gap_left, at(ending, left))]

    # --- its neighbours
    x, y, middle, tall = _on_page(segments)
    beside_left, beside_right = _beside(segments)
    above, below = _above_and_below(segments)
    looks = {
        name: spread(at(segments.look, index))
        for name, index in (("left", beside_left), ("right", beside_right), ("above", above), ("below", below))
    }
    near = {
        name: spread(coded(value))
        for name, value in _distances(segments, beside_left, beside_right, above, below).items()
    }
    for name in ("left", "right", "above", "below"):
        columns += [(looks[name],), (looks[name], look), (near[name], look), (near[name],)]
    columns += [(looks["left"], looks["right"], look), (looks["above"], looks["below"], look)]
    columns += [(spread(at(exact[segments.first], above)),), (spread(at(exact[segments.last], beside_left)),)]
    columns += [(spread(at(exact[segments.first], below)),), (spread(at(exact[segments.first], beside_right)),)]
    columns += [(near["left"], near["right"], near["above"], near["below"])]

    # --- lines, blocks, the page
    number, count = _in_line(segments)
    in_line = spread(coded(np.minimum(number, 5) * 7 + np.minimum(count, 6)))
    columns += [(in_line,), (in_line, look)]
    block_size, block_place, block_look = _blocks(segments, layout.block[segments.first])
    sizes = spread(coded(np.minimum(block_size, 5) * 6 + np.minimum(block_place, 5)))
    columns += [(sizes,), (sizes, look), (spread(block_look), sizes)]
    columns += [
        (spread(x),),
        (spread(y),),
        (spread(middle), look),
        (spread(tall),),
        (spread(tall), look),
        (spread(x), look),
    ]
    columns += [(spread(y), look), (spread(y), spread(middle), spread(tall))]
    return columns


def _ending(text: str) -> int:
    return {":": 1, ".": 2, ",": 3, "?": 4, ")": 5, "-": 6, "_": 7, "#": 8, ";": 9}.get(text[-1:], 0)


def _segments(tokens: Sequence[Token], layout: Layout) -> _Segments:
    of = layout.segment
    first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    last = np.r_[first[1:], len(of)] - 1
    reduce = np.minimum.reduceat, np.maximum.reduceat
    box = np.column_stack([reduce[k >= 2](layout.box[:, k], first) for k in range(4)])
    looks = [
        segment_look([t.text for t in tokens[lo : hi + 1]])
        for lo, hi in zip(first.tolist(), last.tolist(), strict=True)
    ]
    colon = np.array([tokens[i].text.endswith(":") for i in last])
    height = np.maximum(np.add.reduceat(layout.box[:, 3] - layout.box[:, 1], first) / (last - first + 1), 1.0)
    look = np.array(looks, dtype=np.uint64)
    return _Segments(first, last, box, layout.page[first], layout.line[first], height, look, colon)


def _inside(index: Ints, segments: _Segments) -> Ints:
    return np.where(index <= segments.last, index, -1)


def _gap(box: Floats, one: Ints, other: Ints, height: Floats) -> Ints:
    known = (one >= 0) & (other >= 0)
    gap = (box[np.maximum(other, 0), 0] - box[np.maximum(one, 0), 2]) / height
    return np.where(known, np.digitize(gap, _GAPS), len(_GAPS) + 1)


def _beside(s: _Segments) -> tuple[Ints, Ints]:
    """Segment to the left and to the right in the same line, -1 where there is none."""
    count = len(s.first)
    same = (s.line[1:] == s.line[:-1]) & (s.page[1:] == s.page[:-1])
    here = np.arange(count)
    return np.r_[-1, np.where(same, here[:-1], -1)][:count], np.r_[np.where(same, here[1:], -1), -1][:count]


def _above_and_below(s: _Segments) -> tuple[Ints, Ints]:
    """Nearest segment above and below that overlaps horizontally; -1 where there is none."""
    count = len(s.first)
    above, below = np.full(count, -1), np.full(count, -1)
    middle = (s.box[:, 1] + s.box[:, 3]) / 2
    reach = 300  # segments come line by line
    for lo in range(0, count, 200):
        hi = min(count, lo + 200)
        a, b = max(0, lo - reach), min(count, hi + reach)
        overlap = np.minimum(s.box[lo:hi, None, 2], s.box[None, a:b, 2]) - np.maximum(
            s.box[lo:hi, None, 0], s.box[None, a:b, 0]
        )
        apart = (overlap <= 0) | (s.page[lo:hi, None] != s.page[None, a:b])
        rise = middle[lo:hi, None] - middle[None, a:b]
        least = 0.4 * s.height[lo:hi, None]
        for out, distance in ((above, rise), (below, -rise)):
            cost = np.where(apart | (distance < least), np.inf, distance)
            best = cost.argmin(axis=1)
            found = np.isfinite(cost[np.arange(hi - lo), best])
            out[lo:hi] = np.where(found, best + a, -1)
    return above, below


def _distances(s: _Segments, left: Ints, right: Ints, above: Ints, below: Ints) -> dict[str, Ints]:
    """Coded distance to each neighbour; above and below also how the edges line up."""
    out: dict[str, Ints] = {}
    for name, one, other in (("left", left, np.arange(len(left))), ("right", np.arange(len(left)), right)):
        out[name] = _gap(s.box, one, other, s.height)
    for name, index in (("above", above), ("below", below)):
        to = np.maximum(index, 0)
        gap = (s.box[:, 1] - s.box[to, 3]) if name == "above" else (s.box[to, 1] - s.box[:, 3])
        near = np.digitize(gap / s.height, _LEADINGS)
        edge = np.abs(s.box[:, [0, 2]] - s.box[to][:, [0, 2]]) < _ALIGNED * s.height[:, None]
        centre = np.abs(s.box[:, 0] + s.box[:, 2] - s.box[to, 0] - s.box[to, 2]) < 2 * _ALIGNED * s.height
        code = ((near * 2 + edge[:, 0]) * 2 + edge[:, 1]) * 2 + centre
        out[name] = np.where(index >= 0, code + 1, 0)
    return out


def _in_line(s: _Segments) -> tuple[Ints, Ints]:
    """Number of the segment in its line, and how many there are."""
    count = len(s.first)
    new = np.r_[True, (s.line[1:] != s.line[:-1]) | (s.page[1:] != s.page[:-1])]
    line = np.cumsum(new) - 1
    return np.arange(count) - np.flatnonzero(new)[line], np.bincount(line)[line]


def _blocks(s: _Segments, block: Ints) -> tuple[Ints, Ints, Hashes]:
    """Segments in the block, place among them, look of the block's last segment."""
    size = np.bincount(block)
    place = np.zeros(len(block), dtype=np.int64)
    seen: dict[int, int] = {}
    last = np.zeros(len(size), dtype=np.uint64)
    for i, b in enumerate(block.tolist()):
        place[i] = seen.get(b, 0)
        seen[b] = int(place[i]) + 1
        last[b] = s.look[i]
    return size[block], place, last[block]


def _on_page(s: _Segments) -> tuple[Hashes, Hashes, Hashes, Hashes]:
    """Left edge, height on the page, whether in the middle, and size of print, coded."""
    count = len(s.first)
    x, y, middle, tall = (np.zeros(count, dtype=np.uint64) for _ in range(4))
    for page in np.unique(s.page):
        on = s.page == page
        box = s.box[on]
        lo, hi = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        span = np.maximum(hi - lo, 1.0)
        x[on] = ((box[:, 0] - lo[0]) / span[0] * 7.99).astype(np.uint64)
        y[on] = ((box[:, 1] - lo[1]) / span[1] * 9.99).astype(np.uint64)
        off = np.abs((box[:, 0] + box[:, 2]) / 2 - (lo[0] + hi[0]) / 2) / span[0]
        middle[on] = np.digitize(off, [0.03, 0.1, 0.25]).astype(np.uint64)
        tall[on] = np.digitize(s.height[on] / np.median(s.height[on]), _HEIGHTS).astype(np.uint64)
    return x, y, middle, tall
