"""Columns of typed tables: found by bars, by dashes below each heading, or by what is blank in nearly all lines.

Lines that a converter shifted or joined are fitted back to the columns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from extractor.document import Token

NUMBERED = re.compile(r"(\d{1,2})[.,]")
"""The number that a heading begins with."""
MIN_NUMBERED = 4
"""Numbered headings on the first line of a table: Table I of Form 3."""
RULE = frozenset("-=_ —–~")
BAR = frozenset("|¦")
MIN_COLUMNS = 4
_EVEN, _EVEN_SHARE = 0.03, 0.6  # of the usual width of a character; share of the words that keep to it
_BARRED = 0.6  # share of the lines of a table that have as many bars as most
_LONGEST_LINE = 200  # tokens; longer lines are not fitted to columns
_SHIFTED = 12  # one line in so many may be out of its columns
_FARTHEST = 30  # characters a converter moves the rest of a line by


@dataclass(slots=True)
class TypedLine:
    """A line as it was typed: its tokens, and the x in points where it begins. Two may have been joined to one."""

    number: int
    tokens: list[int]
    origin: float
    is_rule: bool = False


@dataclass(slots=True)
class Grid:
    """A table found: column of each token, lines of its heading, lines of each row; what is drawn in between."""

    columns: dict[int, int] = field(default_factory=dict)
    head: list[list[int]] = field(default_factory=list)
    body: list[tuple[list[int], bool]] = field(default_factory=list)
    """Lines below the heading, and whether a rule was drawn above each."""
    rows: list[list[list[int]]] = field(default_factory=list)
    drawn: set[int] = field(default_factory=set)
    ends: dict[int, int] = field(default_factory=dict)
    """Characters from the left to the end of each column."""
    at_edge: set[int] = field(default_factory=set)
    """Tokens that reach to the end of their column."""

    def add(self, parts: Sequence[list[int]], heading: bool, below_rule: bool) -> None:
        """Puts lines below those that there are."""
        for part in parts:
            if part and heading:
                self.head.append(part)
            elif part:
                self.body.append((part, below_rule))
                below_rule = False

    def reach(self, column: int, end: int, index: int) -> None:
        """Notes that a token ends there, which may be the end of its column."""
        if end > self.ends.get(column, -1):
            self.ends[column] = end
            self.at_edge -= {i for i in self.at_edge if self.columns[i] == column}
        if end == self.ends.get(column):
            self.at_edge.add(index)


def of_one_pitch(widths: Sequence[float]) -> bool:
    """Whether characters are as wide as each other, by the width of one in each of some words."""
    usual = median(widths) if widths else 0.0
    return sum(abs(width - usual) <= _EVEN * usual for width in widths) >= _EVEN_SHARE * len(widths)


def grid_of(tokens: Sequence[Token], pitch: float, head: Sequence[TypedLine], body: Sequence[TypedLine]) -> Grid | None:
    """The columns of a table with these lines of heading and body, characters `pitch` points wide; None without any."""
    places = _Places(tokens, pitch)
    return _by_bars(places, head, body) or _by_gutters(places, head, body)


class _Places:
    """Where tokens stand, in characters from the left edge of their typed line."""

    def __init__(self, tokens: Sequence[Token], pitch: float) -> None:
        self.tokens, self.pitch = tokens, pitch

    def start(self, line: TypedLine, index: int) -> int:
        return round((self.tokens[index].bbox[0] - line.origin) / self.pitch)

    def end(self, line: TypedLine, index: int) -> int:
        box = self.tokens[index].bbox
        return max(round((box[2] - line.origin) / self.pitch), self.start(line, index) + 1)

    def bars(self, line: TypedLine) -> list[int]:
        return [i for i in line.tokens if self.tokens[i].text in BAR]

    def content(self, line: TypedLine) -> list[int]:
        return [i for i in line.tokens if self.tokens[i].text not in BAR and not is_drawn(self.tokens[i].text)]


def _by_bars(places: _Places, head: Sequence[TypedLine], body: Sequence[TypedLine]) -> Grid | None:
    """Columns by counting the bars of a line, which stay in their order where converters shift them."""
    barred = [len(places.bars(line)) for line in body if len(places.bars(line)) >= MIN_COLUMNS - 1]
    counts = Counter(barred or [len(places.bars(line)) for line in head])
    usual = max(counts, key=lambda count: (counts[count], count))
    if usual < MIN_COLUMNS - 1 or counts[usual] < _BARRED * sum(counts.values()):
        return None
    edges_of: list[list[int]] = [[] for _ in range(usual)]
    for line in (*head, *body):
        bars = places.bars(line)
        if len(bars) == usual:
            for passed, index in enumerate(bars):
                edges_of[passed].append(places.start(line, index))
    edges = [int(median(lefts)) for lefts in edges_of]
    grid = Grid()
    below_rule = False
    for number, line in enumerate((*head, *body)):
        if line.is_rule:
            below_rule = True
            continue
        bars = places.bars(line)
        parts: list[list[int]] = [[]]
        content = set(places.content(line))
        if bars and len(bars) % usual == 0:
            passed = 0
            for index in line.tokens:
                if index in content:
                    grid.columns[index] = passed
                    parts[-1].append(index)
                elif places.tokens[index].text in BAR:
                    if parts[-1] and grid.columns[parts[-1][-1]] == passed:
                        moved = places.start(line, index) - edges[passed]
                        grid.reach(passed, places.end(line, parts[-1][-1]) - moved, parts[-1][-1])
                    passed += 1
                    if passed == usual and len(bars) > usual:
                        passed = 0
                        parts.append([])
        elif len(bars) >= (usual + 1) // 2 or number < len(head):
            for index in sorted(content):
                grid.columns[index] = bisect_right(edges, places.start(line, index))
                parts[-1].append(index)
        else:
            break  # below the table
        grid.drawn |= set(bars)
        grid.add(parts, number < len(head), below_rule)
        below_rule = False
    return grid


def _by_gutters(places: _Places, head: Sequence[TypedLine], body: Sequence[TypedLine]) -> Grid | None:
    """Columns by what is blank in all lines but those few that a converter shifted, or by a line of dashes for each."""
    numbered = [i for i in head[0].tokens if NUMBERED.match(places.tokens[i].text)]
    starts = [places.start(head[0], i) for i in numbered[1:]]
    ruled = [places.end(line, line.tokens[-1]) for line in body if line.is_rule]
    lines = [line for line in (*head, *body) if not line.is_rule]
    width = max(ruled, default=0)
    if width < starts[-1]:
        width = max(places.end(line, i) for line in lines for i in line.tokens)
    below = [line for line in body if not line.is_rule]
    low = [head[-1], *below]
    # headings over several columns hide the gutters between these, which then are wide; narrow ones go all the way up
    found = [
        _underlined(places, body),
        _edges(_filled(places, low, width), starts[0], width, len(low) // _SHIFTED, 2, starts) if below else [],
        _edges(_filled(places, lines, width), starts[0], width, len(lines) // _SHIFTED, 1, []),
    ]
    edges = found[0] or max(found[2], found[1], key=len)
    if len(edges) < MIN_COLUMNS - 1:
        return None
    few = len(low) // _SHIFTED
    filled = _filled(places, low, width)
    grid = Grid()
    for number, after in enumerate([*edges, width + 2]):
        start = edges[number - 1] if number else 0
        grid.ends[number] = max((at + 1 for at in range(start, after) if filled[at] > few), default=after)
    below_rule = False
    for number, line in enumerate((*head, *body)):
        if line.is_rule:
            below_rule = True
            continue
        grid.drawn |= set(places.bars(line))
        parts = _fitted(places, line, edges, width, heading=number < len(head))
        for part in parts:
            for index, column in part:
                grid.columns[index] = column
        grid.add([[index for index, _ in part] for part in parts], number < len(head), below_rule)
        below_rule = False
    for line in (*head, *body):
        for index in places.content(line):
            if index in grid.columns and places.end(line, index) >= grid.ends[grid.columns[index]]:
                grid.at_edge.add(index)
    return grid


def _underlined(places: _Places, body: Sequence[TypedLine]) -> list[int]:
    """Where columns begin, but the first, by the dashes that a typist set below each heading; none for a whole rule."""
    for line in body:
        starts = [places.start(line, i) for i in line.tokens]
        ends = [places.end(line, i) for i in line.tokens]
        if line.is_rule and len(starts) >= MIN_COLUMNS:
            return [b for b, a in zip(starts[1:], ends, strict=False) if b > a]
    return []


def _filled(places: _Places, lines: Sequence[TypedLine], width: int) -> Counter[int]:
    """How many lines have ink in each place."""
    filled: Counter[int] = Counter()
    for line in lines:
        spans = [(places.start(line, i), places.end(line, i)) for i in places.content(line)]
        filled.update({at for start, end in spans for at in range(start, end) if at < width + 2})
    return filled


def _edges(filled: Counter[int], second: int, width: int, few: int, gap: int, numbered: Sequence[int]) -> list[int]:
    """Where columns begin, but the first: behind so many places with ink in no more than `few` lines.

    Words of a title stand apart in all lines by chance: the title's column ends where the second heading begins. A
    column without values begins where its heading's number stands (`numbered`).
    """
    edges = [
        at
        for at in range(second, width)
        if filled[at] > few and all(filled[before] <= few for before in range(at - gap, at))
    ]
    for start, after in pairwise([*numbered, width + gap]):
        if not any(start - gap <= at < after - gap for at in edges):
            edges.append(start)
    return sorted(edges)


Fitted = list[tuple[int, int]]
"""Tokens of a line with their columns."""


def _fitted(places: _Places, line: TypedLine, edges: Sequence[int], width: int, *, heading: bool) -> list[Fitted]:
    """The columns of the tokens of a line; of two lines where a line's end was lost between them.

    Where a converter added or dropped characters, what stands behind them is moved back by as many. Headings over
    several columns cross these.
    """
    content = places.content(line)
    if not content:
        return []
    spans = [(places.start(line, i), places.end(line, i)) for i in content]

    def crossing(spans: Sequence[tuple[int, int]], by: int) -> int:
        return sum(bisect_right(edges, start - by) != bisect_right(edges, end - by - 1) for start, end in spans)

    def columns(indices: Sequence[int], spans: Sequence[tuple[int, int]], by: int) -> Fitted:
        return [(i, bisect_right(edges, start - by)) for i, (start, _) in zip(indices, spans, strict=True)]

    if len(spans) > _LONGEST_LINE or (crossing(spans, 0) == 0 and spans[-1][1] <= width + 2):
        return [columns(content, spans, 0)]
    if spans[-1][1] > width + 2:
        for at in range(1, len(spans)):
            by = spans[at - 1][1] + 1
            if crossing(spans[:at], 0) == 0 and crossing(spans[at:], by) == 0 and spans[-1][1] - by <= width + 2:
                return [columns(content[:at], spans[:at], 0), columns(content[at:], spans[at:], by)]
    return [columns(content, spans, 0) if heading else _moved_back(content, spans, edges, width)]


def _moved_back(content: Sequence[int], spans: Sequence[tuple[int, int]], edges: Sequence[int], width: int) -> Fitted:
    """Columns of a line in which characters were added or dropped: the fewest such places that explain where its
    words stand (dynamic programming over the words and how far each is moved)."""
    words: list[list[int]] = []
    for at, (start, _) in enumerate(spans):
        if at and start <= spans[at - 1][1]:
            words[-1].append(at)  # nothing in between: one word
        else:
            words.append([at])
    lefts = {0, *edges}
    shifts = range(-_FARTHEST, _FARTHEST + 1)

    def misfit(word: Sequence[int], by: int) -> float:
        start, end = spans[word[0]][0] - by, spans[word[-1]][1] - by
        cost = 0.0 if start in lefts else 0.25
        if bisect_right(edges, start) != bisect_right(edges, end - 1) or end > width + 2:
            cost += 0.5 if start in lefts else 1.0
        return cost + (2.0 if start < 0 else 0.0)

    costs = {by: misfit(words[0], by) + (by != 0) for by in shifts}
    steps: list[dict[int, int]] = []
    for word in words[1:]:
        cheapest = min(costs, key=lambda by: (costs[by], abs(by)))
        step = {by: by if costs[by] <= costs[cheapest] + 1 else cheapest for by in shifts}
        costs = {by: costs[step[by]] + (step[by] != by) + misfit(word, by) for by in shifts}
        steps.append(step)
    by = min(costs, key=lambda by: (costs[by], abs(by)))
    moved = [by]
    for step in reversed(steps):
        by = step[by]
        moved.append(by)
    out: Fitted = []
    for word, by in zip(words, reversed(moved), strict=True):
        column = bisect_right(edges, spans[word[0]][0] - by)
        out += [(content[at], column) for at in word]
    return out


def is_drawn(text: str) -> bool:
    return len(text) >= 5 and set(text) <= RULE
