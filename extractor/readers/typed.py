"""Typed tables: columns of characters under numbered headings, as typewriters and filing programs before 2003 set them.

Such a table has bars between its cells, or columns of characters that are blank in all of its lines, and a line of
dashes below its headings. Its cells are given to the tokens as drawn rules give them on a printed page: the heading is
row 0, the further lines of a row belong to its cells, bars and dashes are no tokens any more. A number, date or word of
the heading that a column's end cut in two is one token again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from extractor.document import Document, Token
from extractor.readers.typed_items import item_rows
from extractor.readers.typed_pieces import joined_pieces

_NUMBERED = re.compile(r"(\d{1,2})[.,]")
_MIN_NUMBERED = 4  # numbered headings on the first line of a table: Table I of Form 3
_LONGEST_HEADING, _LONGEST_TABLE = 40, 400  # lines
_RULE = frozenset("-=_ —–~")
_BAR = frozenset("|¦")
_MIN_COLUMNS = 4
_LONG_RULE = 20  # characters; such a one parts the lines that a converter joined
_BARRED = 0.6  # share of the lines of a table that have as many bars as most
_MOST_HEADS = 1000  # lines that may begin a table; a text with more is no form
_LONGEST_LINE = 200  # tokens; longer lines are not fitted to columns
_EMPTY_LINES = 4  # so many end a table
_SHIFTED = 12  # one line in so many may be out of its columns
_FARTHEST = 30  # characters a converter moves the rest of a line by
_EVEN, _EVEN_SHARE = 0.03, 0.6  # of the usual width of a character; share of the words that keep to it
_PROSE = 5  # words
_ENDS = re.compile(r"(?:explanation|signature|remarks|reminder|footnotes?|\*\*|note:|table|form)\b", re.IGNORECASE)
_LETTER = re.compile(r"[A-Z](?:\W.*)?|[A-Z]/[A-Z].*")
_NO_LETTER = re.compile(r"[\W\d]*|/?K|None|N/A", re.IGNORECASE)
_LOWER = re.compile(r"[a-z]{2,}[.,;:]?")


@dataclass(slots=True)
class _Line:
    """A line as it was typed: its tokens, and the x in points where it begins. Two may have been joined to one."""

    number: int
    tokens: list[int]
    origin: float
    is_rule: bool = False


@dataclass(slots=True)
class _Grid:
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


def lay_out_typed_tables(document: Document) -> Document:
    """The document with cells in its typed tables, cut values joined, bars and dashes between them left out.

    Where there are none, the document itself. Only tokens without cells on pages of one pitch are looked at, and in
    text those that bars alone put into cells.
    """
    heads = sorted({token.line for token in document.tokens if token.text.startswith(("1.", "1,"))})
    if not heads or len(heads) > _MOST_HEADS:
        return document
    page_lines = _Lines(document)
    grids: list[_Grid] = []
    passed = -1
    for number in heads:
        if number <= passed:
            continue
        grid, last = _grid(document, page_lines, number)
        if grid is None:
            grid, last = _of_items(document, page_lines, number)
        if grid is not None:
            grids.append(grid)
            passed = last
    return _with_cells(document, grids) if grids else document


class _Lines:
    """Lines of a document by number."""

    def __init__(self, document: Document) -> None:
        self._tokens = document.tokens
        self._lines: dict[int, list[int]] = {}
        for index, token in enumerate(document.tokens):
            self._lines.setdefault(token.line, []).append(index)
        self._pitch: dict[int, float] = {}
        self._ruled = document.kind != "text"
        self._text = document.text if document.kind == "text" else ""

    def line(self, number: int) -> list[int]:
        return self._lines.get(number, [])

    def has_tabs(self, line: Sequence[int]) -> bool:
        """Whether tabs part the cells of a line of text: these have no columns of characters."""
        return "\t" in self._text[self._tokens[line[0]].start : self._tokens[line[-1]].end]

    def in_rules(self, line: Sequence[int]) -> bool:
        """Whether drawn rules gave cells to a line of a page already."""
        return self._ruled and any(self._tokens[i].cell is not None for i in line)

    def pitch(self, page: int) -> float:
        """The width of a character in points; 0.0 where a page is not set in one pitch."""
        if page not in self._pitch:
            widths = [
                (token.bbox[2] - token.bbox[0]) / len(token.text)
                for token in self._tokens
                if token.page == page and len(token.text) > 2
            ]
            usual = median(widths) if widths else 0.0
            even = sum(abs(width - usual) <= _EVEN * usual for width in widths)
            self._pitch[page] = usual if even >= _EVEN_SHARE * len(widths) else 0.0
        return self._pitch[page]

    def typed(self, number: int) -> Iterator[_Line]:
        """The lines that were typed in one of the document: a long rule parts what was joined."""
        start, origin = 0, 0.0
        line = self.line(number)
        for place, index in enumerate(line):
            token = self._tokens[index]
            if len(token.text) < _LONG_RULE or not set(token.text) <= _RULE:
                continue
            around = line[place - 1 : place] + line[place + 1 : place + 2]
            if any(set(self._tokens[i].text) <= _RULE | _BAR for i in around):
                continue  # rules by columns
            if place > start:
                yield _Line(number, line[start:place], origin)
            yield _Line(number, [index], origin, True)
            start, origin = place + 1, token.bbox[2] + self.pitch(token.page)
        if start < len(line):
            texts = [self._tokens[i].text for i in line[start:] if self._tokens[i].text not in _BAR]
            drawn = any(map(_is_drawn, texts)) and all(set(text) <= _RULE for text in texts)
            yield _Line(number, line[start:], origin, drawn)


def _grid(document: Document, lines: _Lines, heading: int) -> tuple[_Grid | None, int]:
    """The table whose heading begins in a line, and the last line that belongs to it."""
    tokens = document.tokens
    first = next((line for line in lines.typed(heading) if _numbers(tokens, line) >= _MIN_NUMBERED), None)
    if first is None or lines.has_tabs(first.tokens) or lines.in_rules(first.tokens):
        return None, heading
    pitch = lines.pitch(tokens[first.tokens[0]].page)
    if not pitch:
        return None, heading
    head = _heading(document, lines, first)
    if not head:
        return None, heading
    body, last = _body(document, lines, head[-1].number)
    places = _Places(tokens, pitch)
    grid = _by_bars(places, head, body) or _by_gutters(places, head, body)
    if grid is None:
        return None, heading
    numbered = [i for i in first.tokens if _NUMBERED.match(tokens[i].text)]
    if len({grid.columns[i] for i in numbered if i in grid.columns}) < len(numbered) - 1:
        return None, heading  # some columns were not told apart
    _part_rows(tokens, grid)
    grid.drawn |= {i for line in body if line.is_rule for i in line.tokens}
    return grid, last


def _of_items(document: Document, lines: _Lines, first: int) -> tuple[_Grid | None, int]:
    """The rows that begin in a line as lists of items, a cell an item, and the last line that belongs to them."""
    line = lines.line(first)
    if lines.has_tabs(line) or lines.in_rules(line) or any(document.tokens[i].text in _BAR for i in line):
        return None, first
    rows, last = item_rows(document.tokens, lines.line, first)
    grid = _Grid()
    for items in rows:
        grid.rows.append([])
        for number, parts in items.items():
            grid.rows[-1] += parts
            grid.columns.update({index: number - 1 for part in parts for index in part})
    return (grid, last) if rows else (None, first)


def _numbers(tokens: Sequence[Token], line: _Line) -> int:
    return len({m[1] for i in line.tokens if (m := _NUMBERED.match(tokens[i].text))})


def _heading(document: Document, lines: _Lines, first: _Line) -> list[_Line]:
    """Lines of a heading, up to the rule below it, which no typist left out; none where there is none."""
    page = document.tokens[first.tokens[0]].page
    out: list[_Line] = []
    for number in range(first.number, first.number + _LONGEST_HEADING):
        if lines.line(number) and document.tokens[lines.line(number)[0]].page != page:
            return []
        for line in lines.typed(number):
            if not out and line.tokens != first.tokens:
                continue
            if line.is_rule or document.tokens[line.tokens[0]].text == "<S>":
                return out
            out.append(line)
    return []


def _body(document: Document, lines: _Lines, head: int) -> tuple[list[_Line], int]:
    """Lines below a heading that may be the table's, with the rules among them, and the number of the last."""
    tokens = document.tokens
    body: list[_Line] = []
    empty, last = 0, head
    for number in range(head, head + _LONGEST_TABLE):
        for line in lines.typed(number):
            if not body and not line.is_rule:
                continue  # of the heading
            text = tokens[line.tokens[0]].text
            if text == "<S>":
                continue
            if not line.is_rule:
                barred = any(tokens[i].text in _BAR for i in line.tokens)
                if not barred and (_ENDS.match(text) or _is_prose(tokens, line) or lines.in_rules(line.tokens)):
                    return body, last
                if lines.has_tabs(line.tokens):
                    return body, last
                empty = 0
            body.append(line)
            last = number
        if not lines.line(number):
            empty += 1
            if empty >= _EMPTY_LINES:
                break
    return body, last


def _is_prose(tokens: Sequence[Token], line: _Line) -> bool:
    """Whether a line is of words one blank apart: no row of a table, whose cells stand apart or hold numbers."""
    words = [tokens[i] for i in line.tokens]
    lower = sum(_LOWER.fullmatch(word.text) is not None for word in words)
    if len(words) < _PROSE or 2 * lower < len(words):
        return False
    gaps = [b.bbox[0] - a.bbox[2] for a, b in pairwise(words)]
    return max(gaps) < 1.5 * (words[0].bbox[2] - words[0].bbox[0]) / len(words[0].text)


class _Places:
    """Where tokens stand, in characters from the left edge of their typed line."""

    def __init__(self, tokens: Sequence[Token], pitch: float) -> None:
        self.tokens, self.pitch = tokens, pitch

    def start(self, line: _Line, index: int) -> int:
        return round((self.tokens[index].bbox[0] - line.origin) / self.pitch)

    def end(self, line: _Line, index: int) -> int:
        box = self.tokens[index].bbox
        return max(round((box[2] - line.origin) / self.pitch), self.start(line, index) + 1)

    def bars(self, line: _Line) -> list[int]:
        return [i for i in line.tokens if self.tokens[i].text in _BAR]

    def content(self, line: _Line) -> list[int]:
        return [i for i in line.tokens if self.tokens[i].text not in _BAR and not _is_drawn(self.tokens[i].text)]


def _by_bars(places: _Places, head: Sequence[_Line], body: Sequence[_Line]) -> _Grid | None:
    """Columns by counting the bars of a line, which stay in their order where converters shift them."""
    barred = [len(places.bars(line)) for line in body if len(places.bars(line)) >= _MIN_COLUMNS - 1]
    counts = Counter(barred or [len(places.bars(line)) for line in head])
    usual = max(counts, key=lambda count: (counts[count], count))
    if usual < _MIN_COLUMNS - 1 or counts[usual] < _BARRED * sum(counts.values()):
        return None
    edges_of: list[list[int]] = [[] for _ in range(usual)]
    for line in (*head, *body):
        bars = places.bars(line)
        if len(bars) == usual:
            for passed, index in enumerate(bars):
                edges_of[passed].append(places.start(line, index))
    edges = [int(median(lefts)) for lefts in edges_of]
    grid = _Grid()
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
                elif places.tokens[index].text in _BAR:
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


def _by_gutters(places: _Places, head: Sequence[_Line], body: Sequence[_Line]) -> _Grid | None:
    """Columns by what is blank in all lines but those few that a converter shifted, or by a line of dashes for each."""
    numbered = [i for i in head[0].tokens if _NUMBERED.match(places.tokens[i].text)]
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
    if len(edges) < _MIN_COLUMNS - 1:
        return None
    few = len(low) // _SHIFTED
    filled = _filled(places, low, width)
    grid = _Grid()
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


def _underlined(places: _Places, body: Sequence[_Line]) -> list[int]:
    """Where columns begin, but the first, by the dashes that a typist set below each heading; none for a whole rule."""
    for line in body:
        starts = [places.start(line, i) for i in line.tokens]
        ends = [places.end(line, i) for i in line.tokens]
        if line.is_rule and len(starts) >= _MIN_COLUMNS:
            return [b for b, a in zip(starts[1:], ends, strict=False) if b > a]
    return []


def _filled(places: _Places, lines: Sequence[_Line], width: int) -> Counter[int]:
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


def _fitted(places: _Places, line: _Line, edges: Sequence[int], width: int, *, heading: bool) -> list[Fitted]:
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


def _part_rows(tokens: Sequence[Token], grid: _Grid) -> None:
    """Puts the lines of the body together to rows.

    A row begins below a rule, and with a letter in a column that holds nothing but single letters (and marks): these
    are one line high in every row.
    """
    cells = [_cells(tokens, grid, part) for part, _ in grid.body]
    written: dict[int, list[str]] = {}
    for line in cells:
        for column, text in line.items():
            written.setdefault(column, []).append(text)
    lettered = {
        column
        for column, texts in written.items()
        if any(map(_LETTER.fullmatch, texts))
        and all(_LETTER.fullmatch(text) or _NO_LETTER.fullmatch(text) for text in texts)
    }
    for (part, below_rule), line in zip(grid.body, cells, strict=True):
        begins = any(column in lettered and _LETTER.fullmatch(text) for column, text in line.items())
        if not lettered:
            begins = 0 in line and len(line) >= _MIN_COLUMNS - 1
        if begins or (below_rule and len(line) >= 2) or not grid.rows:
            grid.rows.append([])
        grid.rows[-1].append(part)


def _cells(tokens: Sequence[Token], grid: _Grid, part: Sequence[int]) -> dict[int, str]:
    out: dict[int, str] = {}
    for index in part:
        out[grid.columns[index]] = out.get(grid.columns[index], "") + tokens[index].text
    return out


def _is_drawn(text: str) -> bool:
    return len(text) >= 5 and set(text) <= _RULE


def _with_cells(document: Document, grids: Sequence[_Grid]) -> Document:
    """The document with the cells of these tables on its tokens."""
    tokens: list[Token | None] = list(document.tokens)
    extra: dict[int, list[Token]] = {}
    table = max((token.cell[0] for token in document.tokens if token.cell is not None), default=-1)
    for grid in grids:
        table += 1
        for index in grid.drawn:
            tokens[index] = None
        for row, lines in enumerate([grid.head, *grid.rows]):
            by_column: dict[int, list[list[int]]] = {}
            for line in lines:
                here: dict[int, list[int]] = {}
                for index in line:
                    here.setdefault(grid.columns[index], []).append(index)
                for column, indices in here.items():
                    by_column.setdefault(column, []).append(indices)
            for column, parts in by_column.items():
                pieces = [[replace(document.tokens[i], cell=(table, row, column)) for i in part] for part in parts]
                cut = [bool(part) and part[-1] in grid.at_edge for part in parts]
                for part, given in zip(parts, joined_pieces(pieces, cut, heading=row == 0), strict=True):
                    for index in part:
                        tokens[index] = None
                    extra[part[0]] = given
    out: list[Token] = []
    for index, token in enumerate(tokens):
        out += extra.get(index, [])
        if token is not None:
            out.append(token)
    return replace(document, tokens=out)
