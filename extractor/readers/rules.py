"""Drawn rules: straight lines of a page, joined, and the cells that they enclose.

A page's lines come in pieces: a browser paints each cell's borders by themselves, a scanner breaks them. Pieces on one
line that touch are one rule. A cell is what the nearest rules on all four sides of a token enclose, so that merged
cells need no grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from extractor.document import BBox, Rule
from extractor.readers.drawn import Drawn, Point

Lines = np.ndarray[Any, Any]
"""Rules of one direction as rows of (start, end, axis) in points."""

_THICK = 4.0  # points; anything thicker is a bar or a shaded area
_SHORTEST = 4.0  # points; shorter pieces are dots or glyphs
_SLANT = 0.6  # points a line may rise and still count as level
_SAME = 1.6  # points between the axes of pieces of one rule: double borders count as one
_GAP = 2.5  # points between touching pieces, and between a rule's end and the rule it meets
_ALIGNED = 3.0  # points between the boundaries of one row or column of cells


class Boxed(Protocol):
    """Anything with a box that can be given a cell."""

    cell: tuple[int, int, int] | None

    @property
    def bbox(self) -> BBox: ...


# --------------------------------------------------------------------------------------------------------- from paths


def rules_of(drawn: Iterable[Drawn], width: float, height: float) -> list[Rule]:
    """The rules among the paths of a page of that size in points: lines, thin rectangles, borders of rectangles.

    Pieces are joined where they lie on one line and touch. Fills and strokes too light to be seen are left out.
    """
    pieces: list[BBox] = []
    for path in drawn:
        if path.light:
            continue
        if path.kind == "stroke":
            for subpath in path.subpaths:
                pieces.extend(_level_parts(subpath, path.width))
            if not path.subpaths and _is_thin(path.bbox):
                pieces.append(path.bbox)
        elif _is_thin(path.bbox):
            pieces.append(path.bbox)
        elif path.kind == "fill" and not path.curved and len(path.subpaths) > 1:
            pieces.extend(_filled_parts(path.subpaths))
    visible = [p for p in pieces if p[2] > 0 and p[3] > 0 and p[0] < width and p[1] < height]
    return join_rules(visible)


def _is_thin(box: BBox) -> bool:
    w, h = box[2] - box[0], box[3] - box[1]
    return min(w, h) <= _THICK and max(w, h) >= max(_SHORTEST, 2 * min(w, h))


def _level_parts(points: Sequence[Point], width: float) -> list[BBox]:
    half = min(width, _THICK) / 2
    parts = []
    for (ax, ay), (bx, by) in pairwise(points):
        dx, dy = abs(ax - bx), abs(ay - by)
        if min(dx, dy) <= _SLANT and max(dx, dy) >= _SHORTEST:
            parts.append((min(ax, bx) - half, min(ay, by) - half, max(ax, bx) + half, max(ay, by) + half))
    return parts


def _filled_parts(subpaths: Sequence[Sequence[Point]]) -> list[BBox]:
    """Lines within one filled path: thin subpaths, or the frame between a rectangle and the hole in it."""
    boxes = []
    for points in subpaths:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    parts = [box for box in boxes if _is_thin(box)]
    if len(boxes) == 2 and not parts:
        outer, inner = sorted(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), reverse=True)
        frame = [
            (outer[0], outer[1], outer[2], inner[1]),
            (outer[0], inner[3], outer[2], outer[3]),
            (outer[0], outer[1], inner[0], outer[3]),
            (inner[2], outer[1], outer[2], outer[3]),
        ]
        parts = [box for box in frame if box[0] <= box[2] and box[1] <= box[3] and _is_thin(box)]
    return parts


def join_rules(pieces: Iterable[BBox], same: float = _SAME, gap: float = _GAP) -> list[Rule]:
    """Rules from pieces: those whose axes lie within `same` points and whose ends within `gap` become one."""
    level: list[BBox] = []
    upright: list[BBox] = []
    for x0, top, x1, bottom in pieces:
        if x1 - x0 >= bottom - top:
            level.append((x0, top, x1, bottom))
        else:
            upright.append((top, x0, bottom, x1))  # turned, so that one function joins both
    rules = [Rule(*box) for box in _join_level(level, same, gap)]
    rules.extend(Rule(top, x0, bottom, x1) for x0, top, x1, bottom in _join_level(upright, same, gap))
    return rules


def _join_level(boxes: list[BBox], same: float, gap: float) -> list[BBox]:
    boxes.sort(key=lambda b: b[1] + b[3])
    joined: list[BBox] = []
    start = 0
    while start < len(boxes):
        axis = (boxes[start][1] + boxes[start][3]) / 2
        end = start + 1
        while end < len(boxes) and (boxes[end][1] + boxes[end][3]) / 2 - axis <= same:
            end += 1
        current: BBox | None = None
        for box in sorted(boxes[start:end]):
            if current is not None and box[0] - current[2] <= gap:
                current = (
                    current[0],
                    min(current[1], box[1]),
                    max(current[2], box[2]),
                    max(current[3], box[3]),
                )
            else:
                if current is not None:
                    joined.append(current)
                current = box
        if current is not None:
            joined.append(current)
        start = end
    return joined


# --------------------------------------------------------------------------------------------------------- cells


def assign_cells(tokens: Sequence[Boxed], rules: Sequence[Rule], gap: float = _GAP) -> None:
    """Set `cell` of tokens enclosed on all four sides to (table, row, column), of all others to None.

    A side is the nearest rule in its direction that covers the token's centre. Rules count that meet another at both
    ends, within `gap` points: so the underline of a word is no side. Tables are rules that touch; rows and columns
    are numbered from the table's top left by the boundaries that occur in it, a merged cell has the row and column
    of its top left corner.
    """
    for token in tokens:
        token.cell = None
    grid = _Grid(rules, gap)
    if not tokens or grid.is_empty:
        return
    boxes = np.array([token.bbox for token in tokens], dtype=np.float64)
    for token, cell in zip(tokens, grid.cells(boxes), strict=True):
        token.cell = cell


class _Grid:
    """The rules that bound cells: `level` (x0, x1, y) and `upright` (y0, y1, x), each a table's number per rule."""

    def __init__(self, rules: Sequence[Rule], gap: float) -> None:
        self._gap = gap
        level = np.array([(r.x0, r.x1, (r.top + r.bottom) / 2) for r in rules if r.is_horizontal]).reshape(-1, 3)
        upright = np.array([(r.top, r.bottom, (r.x0 + r.x1) / 2) for r in rules if not r.is_horizontal]).reshape(-1, 3)
        half = [(r.bottom - r.top) / 2 for r in rules if r.is_horizontal]
        half_upright = [(r.x1 - r.x0) / 2 for r in rules if not r.is_horizontal]
        # a rule that bounds nothing can leave another without an end: twice is enough for what occurs
        for _ in range(2):
            keep = _anchored(level, upright, gap + np.array(half).reshape(-1))
            # an upright may run on to the page's end without a rule to close it there: a table cut by a page break
            keep_upright = _crossed_twice(upright, level, gap + np.array(half_upright).reshape(-1))
            level, upright = level[keep], upright[keep_upright]
            half = [h for h, k in zip(half, keep, strict=True) if k]
            half_upright = [h for h, k in zip(half_upright, keep_upright, strict=True) if k]
        self.level, self.upright = level, upright
        self.is_empty = len(level) < 2 or len(upright) < 2
        if not self.is_empty:
            self._number_tables()

    def _number_tables(self) -> None:
        """Tables by touch; rows and columns by the clustered places of the rules of a table."""
        touch = _touching(self.level, self.upright, self._gap)
        table = np.arange(len(self.level))
        for _ in range(len(self.level)):
            per_upright = np.where(touch, table[:, None], len(table)).min(0)
            again = np.minimum(table, np.where(touch, per_upright[None, :], len(table)).min(1))
            if (again == table).all():
                break
            table = again
        order: dict[int, int] = {}
        for index in np.lexsort((self.level[:, 0], self.level[:, 2])):
            order.setdefault(int(table[index]), len(order))
        self.table = np.array([order[int(t)] for t in table])
        table_upright = np.where(touch, self.table[:, None], len(order)).min(0)
        self.row = _ranks(self.table, self.level[:, 2])
        self.column = _ranks(table_upright, self.upright[:, 2])

    def cells(self, boxes: np.ndarray[Any, Any]) -> list[tuple[int, int, int] | None]:
        """The cell of each box (n, 4)."""
        x = (boxes[:, 0] + boxes[:, 2]) / 2
        y = (boxes[:, 1] + boxes[:, 3]) / 2
        covers = (self.level[None, :, 0] - self._gap <= x[:, None]) & (x[:, None] <= self.level[None, :, 1] + self._gap)
        distance = self.level[None, :, 2] - y[:, None]
        above = np.where(covers & (distance < 0), distance, -np.inf)
        below = np.where(covers & (distance >= 0), distance, np.inf)
        covers = (self.upright[None, :, 0] - self._gap <= y[:, None]) & (
            y[:, None] <= self.upright[None, :, 1] + self._gap
        )
        distance = self.upright[None, :, 2] - x[:, None]
        left = np.where(covers & (distance < 0), distance, -np.inf)
        right = np.where(covers & (distance >= 0), distance, np.inf)
        inside = (
            np.isfinite(above.max(1)) & np.isfinite(below.min(1)) & np.isfinite(left.max(1)) & np.isfinite(right.min(1))
        )
        top, side = above.argmax(1), left.argmax(1)
        found = zip(self.table[top].tolist(), self.row[top].tolist(), self.column[side].tolist(), strict=True)
        return [cell if ok else None for ok, cell in zip(inside.tolist(), found, strict=True)]


def _anchored(
    rules: np.ndarray[Any, Any], across: np.ndarray[Any, Any], gap: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Which rules (n, 3) meet one of `across` at both ends."""
    if not len(rules) or not len(across):
        return np.zeros(len(rules), bool)
    reach = gap[:, None]
    spans = (across[None, :, 0] - reach <= rules[:, 2:3]) & (rules[:, 2:3] <= across[None, :, 1] + reach)
    start = (np.abs(across[None, :, 2] - rules[:, 0:1]) <= reach) & spans
    end = (np.abs(across[None, :, 2] - rules[:, 1:2]) <= reach) & spans
    return start.any(1) & end.any(1)


def _crossed_twice(
    rules: np.ndarray[Any, Any], across: np.ndarray[Any, Any], gap: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Which rules (n, 3) at least two of `across` meet, anywhere along them."""
    if not len(rules) or not len(across):
        return np.zeros(len(rules), bool)
    reach = gap[:, None]
    spans = (across[None, :, 0] - reach <= rules[:, 2:3]) & (rules[:, 2:3] <= across[None, :, 1] + reach)
    along = (rules[:, 0:1] - reach <= across[None, :, 2]) & (across[None, :, 2] <= rules[:, 1:2] + reach)
    return np.asarray((spans & along).sum(1) >= 2)


def _touching(level: np.ndarray[Any, Any], upright: np.ndarray[Any, Any], gap: float) -> np.ndarray[Any, Any]:
    return (
        (level[:, 0:1] - gap <= upright[None, :, 2])
        & (upright[None, :, 2] <= level[:, 1:2] + gap)
        & (upright[None, :, 0] - gap <= level[:, 2:3])
        & (level[:, 2:3] <= upright[None, :, 1] + gap)
    )


def _ranks(group: np.ndarray[Any, Any], places: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The rank of each place among the clustered places of its group."""
    ranks = np.zeros(len(places), int)
    for number in np.unique(group):
        members = np.flatnonzero(group == number)
        members = members[np.argsort(places[members], kind="stable")]
        rank, last = -1, -np.inf
        for member in members:
            if places[member] - last > _ALIGNED:
                rank += 1
                last = places[member]
            ranks[member] = rank
    return ranks
