"""A small layout engine for HTML tables: widths from content, boxes for words, lines shared along table rows.

Follows the automatic table layout of CSS 2.1 (17.5.2.2) as far as reading needs it: columns are at least as wide as
their longest word and at most as wide as their longest line, percentages and pixels are honoured, spanning cells widen
the columns beneath them. Everything is set in one size, from the left and from the top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from extractor.document import Token
from extractor.readers.tokenise import split_word

CHAR_WIDTH = 5.0
LINE_HEIGHT = 12.0
GLYPH_HEIGHT = 10.0
PAGE_WIDTH = 792.0
_PADDING = 3.0
_PIXEL = 0.75
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u00ad\ufeff\u2060\u200e\u200f"))
_PART = re.compile(r"\S+|\s+")

CellKey = tuple[int, int, int]


@dataclass(slots=True)
class Run:
    """A piece of text in one style. `raised` is super- or subscript, `kept` means that blanks count (`<pre>`)."""

    text: str
    label: str | None
    raised: bool = False
    kept: bool = False


@dataclass(slots=True)
class Word:
    """Text without blanks, as the runs that it was put together from.

    `column` is its place in the line where blanks are kept, -1 elsewhere.
    """

    runs: list[Run]
    length: int
    column: int = -1

    def tokens(self) -> list[tuple[str, int, str | None]]:
        """(text, offset in the word, label) of each token; raised text is a token of its own."""
        if len(self.runs) == 1:  # nearly always
            run = self.runs[0]
            return [(piece, at, run.label) for piece, at in split_word(run.text)]
        out = []
        offset = 0
        for _, group in groupby(self.runs, key=lambda run: run.raised):
            runs = list(group)
            labels = [run.label for run in runs for _ in run.text]
            for piece, at in split_word("".join(run.text for run in runs)):
                known = (label for label in labels[at : at + len(piece)] if label is not None)
                out.append((piece, offset + at, next(known, None)))
            offset += len(labels)
        return out


@dataclass(slots=True)
class Line:
    """One line as the page breaks it: words with single blanks in between."""

    words: list[Word]

    @classmethod
    def from_runs(cls, runs: list[Run]) -> Line:
        """The words of some runs, blanks collapsed; a word may go on from one run into the next."""
        words: list[Word] = []
        open_word = False
        column = 0
        for run in runs:
            text = run.text if run.text.isascii() else run.text.translate(_INVISIBLE)
            for part in _PART.findall(text):
                if part.isspace():
                    open_word = False
                else:
                    if not open_word:
                        words.append(Word([], 0, column if run.kept else -1))
                    words[-1].runs.append(Run(part, run.label, run.raised))
                    words[-1].length += len(part)
                    open_word = True
                column += len(part)
        return cls(words)

    def measure(self) -> tuple[float, float]:
        """Narrowest and natural width in points."""
        if self.words[0].column >= 0:
            width = (self.words[-1].column + self.words[-1].length) * CHAR_WIDTH
            return width, width
        lengths = [word.length for word in self.words]
        return max(lengths) * CHAR_WIDTH, (sum(lengths) + len(lengths) - 1) * CHAR_WIDTH

    def wrapped(self, width: float) -> list[list[tuple[Word, int]]]:
        """The words in as many lines as that width takes, each with its column."""
        if self.words[0].column >= 0:
            return [[(word, word.column) for word in self.words]]
        room = max(1, int(width / CHAR_WIDTH + 1e-6))
        lines: list[list[tuple[Word, int]]] = [[]]
        column = 0
        for word in self.words:
            if lines[-1] and column + word.length > room:
                lines.append([])
                column = 0
            lines[-1].append((word, column))
            column += word.length + 1
        return lines


@dataclass(slots=True)
class Cell:
    """A cell of a table's grid. `width` is what the page asks for: "33%", "30", "12pt"."""

    row: int
    column: int
    rowspan: int
    colspan: int
    items: list[Item]
    width: str | None = None


@dataclass(slots=True)
class Table:
    rows: int
    columns: int
    cells: list[Cell]
    width: str | None = None
    narrowest: list[float] = field(default_factory=list)
    natural: list[float] = field(default_factory=list)
    shares: list[float | None] = field(default_factory=list)

    def measure(self) -> tuple[float, float]:
        """Narrowest and natural width in points; works out those of the columns on the way."""
        self.narrowest, self.natural = [0.0] * self.columns, [0.0] * self.columns
        self.shares = [None] * self.columns
        for cell in sorted(self.cells, key=lambda cell: cell.colspan):
            low, high = measure(cell.items)
            low, high = low + 2 * _PADDING, high + 2 * _PADDING
            share, points = _asked(cell.width)
            if points is not None:
                high = max(low, points)
            if cell.colspan == 1:
                at = cell.column
                self.narrowest[at] = max(self.narrowest[at], low)
                self.natural[at] = max(self.natural[at], high, low)
                if share is not None:
                    self.shares[at] = max(self.shares[at] or 0.0, share)
            else:
                span = range(cell.column, min(cell.column + cell.colspan, self.columns))
                _widen(self.natural, span, high, self.natural)
                _widen(self.narrowest, span, low, self.natural)
        self.natural = [max(pair) for pair in zip(self.narrowest, self.natural, strict=True)]
        low, high = sum(self.narrowest), sum(self.natural)
        _, points = _asked(self.width)
        return low, max(high, points or 0.0)

    def column_widths(self, room: float) -> list[float]:
        """The width of each column where the table may take `room` points; wider only where no word would fit."""
        share, points = _asked(self.width)
        wishes = list(self.natural)
        if share is not None or points is not None:
            target = room * share if share is not None else min(room, points or 0.0)
        else:
            asked = [high / part for high, part in zip(self.natural, self.shares, strict=True) if part]
            target = min(room, max([sum(self.natural), *asked]))
        target = max(target, sum(self.narrowest))
        for at, part in enumerate(self.shares):
            if part is not None:
                wishes[at] = max(self.narrowest[at], part * target)
        total = sum(wishes)
        if total > target:
            slack = [wish - low for wish, low in zip(wishes, self.narrowest, strict=True)]
            give = (total - target) / (sum(slack) or 1.0)
            return [wish - give * loose for wish, loose in zip(wishes, slack, strict=True)]
        free = [at for at in range(self.columns) if self.shares[at] is None and wishes[at] > 0] or list(
            range(self.columns)
        )
        base = sum(wishes[at] for at in free)
        for at in free:
            wishes[at] += (target - total) * (wishes[at] / base if base else 1 / len(free))
        return wishes


Item = Line | Table


def measure(items: list[Item]) -> tuple[float, float]:
    """Narrowest and natural width of lines and tables beneath each other."""
    low = high = 0.0
    for item in items:
        a, b = item.measure()
        low, high = max(low, a), max(high, b)
    return low, high


def _widen(widths: list[float], span: range, needed: float, weights: list[float]) -> None:
    """Let the columns of a span together be as wide as its cell needs, each in proportion to its weight."""
    missing = needed - sum(widths[at] for at in span)
    if missing <= 0 or not span:
        return
    base = sum(weights[at] for at in span)
    parts = [weights[at] / base if base else 1 / len(span) for at in span]
    for at, part in zip(span, parts, strict=True):
        widths[at] += missing * part


def _asked(width: str | None) -> tuple[float | None, float | None]:
    """A width as pages write it: (share of the room, None) or (None, points); (None, None) for anything else."""
    match = re.fullmatch(r"\s*(\d{1,5}(?:\.\d*)?)\s*(%|px|pt)?\s*", width or "")
    if not match or not float(match.group(1)):
        return None, None
    number = float(match.group(1))
    if match.group(2) == "%":
        return min(number, 100.0) / 100, None
    return None, number * (1.0 if match.group(2) == "pt" else _PIXEL)


class Layout:
    """Places items beneath each other on one endless page and collects their tokens, cell by cell."""

    def __init__(self, max_tokens: int) -> None:
        self.tokens: list[Token] = []
        self.labels: list[str | None] = []
        self.width = PAGE_WIDTH
        self.bottom = 0.0
        self.overflow = False
        self._max_tokens = max_tokens
        self._text: list[str] = []
        self._length = 0
        self._tables = 0
        self._lines: dict[tuple[int, int, float], int] = {}
        self._last_place: tuple[int, int] | None = None

    def text(self) -> str:
        """The text that token offsets point into: tabs between the cells of a row, else blanks and line ends."""
        return "".join(self._text)

    def place(self, items: list[Item]) -> None:
        """Put items below what is there already."""
        measure(items)
        self.bottom = self._items(items, 0.0, self.bottom, PAGE_WIDTH, (-1, -1), None)

    def _items(
        self, items: list[Item], x: float, y: float, room: float, row: tuple[int, int], cell: CellKey | None
    ) -> float:
        """Place items from a point downwards; the y below them. `row` is (table, row) of the innermost table."""
        fresh = True
        for item in items:
            if self.overflow:
                break
            if isinstance(item, Table):
                y = self._table(item, x, y, room, cell)
                fresh = True
                continue
            for words in item.wrapped(room):
                self._line(words, x, y, row, cell, fresh)
                y += LINE_HEIGHT
                fresh = False
        return y

    def _table(self, table: Table, x: float, y: float, room: float, cell: CellKey | None) -> float:
        widths = table.column_widths(room)
        edges = [x]
        for width in widths:
            edges.append(edges[-1] + width)
        number = self._tables
        self._tables += 1
        is_data = table.rows > 1 and table.columns > 1
        top, current = y, 0
        bottoms = [0.0] * table.rows  # of the cells that end in each row
        for item in table.cells:
            while current < item.row:
                top = max(top, bottoms[current])
                current += 1
            left, right = edges[item.column], edges[min(item.column + item.colspan, table.columns)]
            key = (number, item.row, item.column) if is_data else cell
            bottom = self._items(item.items, left + _PADDING, top, right - left - 2 * _PADDING, (number, item.row), key)
            last = item.row + item.rowspan - 1
            bottoms[last] = max(bottoms[last], bottom)
        return max([top, y, *bottoms])

    def _line(
        self,
        words: list[tuple[Word, int]],
        x: float,
        y: float,
        row: tuple[int, int],
        cell: CellKey | None,
        fresh: bool,
    ) -> None:
        """One line of words. Lines at one height in the cells of one row are one line of the document."""
        if len(self.tokens) > self._max_tokens:
            self.overflow = True
            return
        number = self._lines.setdefault((*row, y), len(self._lines))
        same_row = row[0] >= 0 and row == self._last_place
        self._separate("\t" if same_row and fresh else "\n")
        self._last_place = row
        for index, (word, column) in enumerate(words):
            if index:
                self._separate(" ")
            start = self._length
            for text, at, label in word.tokens():
                left = x + (column + at) * CHAR_WIDTH
                box = (left, y, left + len(text) * CHAR_WIDTH, y + GLYPH_HEIGHT)
                self.tokens.append(Token(text, 1, box, number, start + at, start + at + len(text), cell=cell))
                self.labels.append(label)
            self._text += [run.text for run in word.runs]
            self._length += word.length
            self.width = max(self.width, x + (column + word.length) * CHAR_WIDTH)

    def _separate(self, separator: str) -> None:
        if self._length:
            self._text.append(separator)
            self._length += 1
