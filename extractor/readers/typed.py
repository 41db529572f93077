"""Typed tables: columns of characters under numbered headings, as typewriters and filing programs before 2003 set them.

Such a table has bars between its cells, or columns of characters that are blank in all of its lines, and a line of
dashes below its headings. Its cells are given to the tokens as drawn rules give them on a printed page: the heading is
row 0, the further lines of a row belong to its cells, bars and dashes are no tokens any more. A number, date or word of
the heading that a column's end cut in two is one token again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from extractor.document import Document, Token
from extractor.readers.typed_grid import (
    BAR,
    MIN_COLUMNS,
    MIN_NUMBERED,
    NUMBERED,
    RULE,
    Grid,
    TypedLine,
    grid_of,
    is_drawn,
    of_one_pitch,
)
from extractor.readers.typed_items import item_rows
from extractor.readers.typed_pieces import joined_pieces

_LONGEST_HEADING, _LONGEST_TABLE = 40, 400  # lines
_LONG_RULE = 20  # characters; such a one parts the lines that a converter joined
_MOST_HEADS = 1000  # lines that may begin a table; a text with more is no form
_EMPTY_LINES = 4  # so many end a table
_PROSE = 5  # words
_MIXED = 6  # lines of a column of letters
_ENDS = re.compile(r"(?:explanation|signature|remarks|reminder|footnotes?|\*\*|note:|table|form)\b", re.IGNORECASE)
_LETTER = re.compile(r"[A-Z](?:\W.*)?|[A-Z]/[A-Z].*")
_NO_LETTER = re.compile(r"[\W\d]*|/?K|None|N/A", re.IGNORECASE)
_LOWER = re.compile(r"[a-z]{2,}[.,;:]?")


def lay_out_typed_tables(document: Document) -> Document:
    """The document with cells in its typed tables, cut values joined, bars and dashes between them left out.

    Where there are none, the document itself. Only tokens without cells on pages of one pitch are looked at, and in
    text those that bars alone put into cells.
    """
    heads = sorted({token.line for token in document.tokens if token.text.startswith(("1.", "1,"))})
    if not heads or len(heads) > _MOST_HEADS:
        return document
    page_lines = _Lines(document)
    grids: list[Grid] = []
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
            self._pitch[page] = median(widths) if widths and of_one_pitch(widths) else 0.0
        return self._pitch[page]

    def typed(self, number: int) -> Iterator[TypedLine]:
        """The lines that were typed in one of the document: a long rule parts what was joined."""
        start, origin = 0, 0.0
        line = self.line(number)
        for place, index in enumerate(line):
            token = self._tokens[index]
            if len(token.text) < _LONG_RULE or not set(token.text) <= RULE:
                continue
            around = line[place - 1 : place] + line[place + 1 : place + 2]
            if any(set(self._tokens[i].text) <= RULE | BAR for i in around):
                continue  # rules by columns
            if place > start:
                yield TypedLine(number, line[start:place], origin)
            yield TypedLine(number, [index], origin, True)
            start, origin = place + 1, token.bbox[2] + self.pitch(token.page)
        if start < len(line):
            texts = [self._tokens[i].text for i in line[start:] if self._tokens[i].text not in BAR]
            drawn = any(map(is_drawn, texts)) and all(set(text) <= RULE for text in texts)
            yield TypedLine(number, line[start:], origin, drawn)


def _grid(document: Document, lines: _Lines, heading: int) -> tuple[Grid | None, int]:
    """The table whose heading begins in a line, and the last line that belongs to it."""
    tokens = document.tokens
    if sum(NUMBERED.match(tokens[i].text) is not None for i in lines.line(heading)) < MIN_NUMBERED:
        return None, heading  # as nearly all are
    first = next((line for line in lines.typed(heading) if _numbers(tokens, line) >= MIN_NUMBERED), None)
    if first is None or lines.has_tabs(first.tokens) or lines.in_rules(first.tokens):
        return None, heading
    pitch = lines.pitch(tokens[first.tokens[0]].page)
    if not pitch:
        return None, heading
    head = _heading(document, lines, first)
    if not head:
        return None, heading
    body, last = _body(document, lines, head[-1].number, _left(tokens, first) + pitch)
    grid = grid_of(tokens, pitch, head, body)
    if grid is None:
        return None, heading
    numbered = [i for i in first.tokens if NUMBERED.match(tokens[i].text)]
    if len({grid.columns[i] for i in numbered if i in grid.columns}) < len(numbered) - 1:
        return None, heading  # some columns were not told apart
    _part_rows(tokens, grid)
    grid.drawn |= {i for line in body if line.is_rule for i in line.tokens}
    return grid, last


def _of_items(document: Document, lines: _Lines, first: int) -> tuple[Grid | None, int]:
    """The rows that begin in a line as lists of items, a cell an item, and the last line that belongs to them."""
    line = lines.line(first)
    if lines.has_tabs(line) or lines.in_rules(line) or any(document.tokens[i].text in BAR for i in line):
        return None, first
    rows, last = item_rows(document.tokens, lines.line, first)
    grid = Grid()
    for items in rows:
        grid.rows.append([])
        for number, parts in items.items():
            grid.rows[-1] += parts
            grid.columns.update({index: number - 1 for part in parts for index in part})
    return (grid, last) if rows else (None, first)


def _numbers(tokens: Sequence[Token], line: TypedLine) -> int:
    return len({m[1] for i in line.tokens if (m := NUMBERED.match(tokens[i].text))})


def _heading(document: Document, lines: _Lines, first: TypedLine) -> list[TypedLine]:
    """Lines of a heading, up to the rule below it, which no typist left out; none where there is none."""
    out: list[TypedLine] = []
    for number in range(first.number, first.number + _LONGEST_HEADING):
        for line in lines.typed(number):
            if not out and line.tokens != first.tokens:
                continue
            if line.is_rule or document.tokens[line.tokens[0]].text == "<S>":
                return out
            out.append(line)
    return []


def _left(tokens: Sequence[Token], line: TypedLine) -> float:
    """The x in points where the text of a line begins, from where the line does."""
    return tokens[line.tokens[0]].bbox[0] - line.origin


def _body(document: Document, lines: _Lines, head: int, left: float) -> tuple[list[TypedLine], int]:
    """Lines below a heading that may be the table's, with the rules among them, and the number of the last.

    What ends a table begins left of `left` (points): "Footnote" further right goes on with "See" above it.
    """
    tokens = document.tokens
    body: list[TypedLine] = []
    empty, last = 0, head
    for number in range(head, head + _LONGEST_TABLE):
        for line in lines.typed(number):
            if not body and not line.is_rule:
                continue  # of the heading
            text = tokens[line.tokens[0]].text
            if text == "<S>":
                continue
            if not line.is_rule:
                barred = any(tokens[i].text in BAR for i in line.tokens)
                ends = _left(tokens, line) < left and _ENDS.match(text) is not None
                if not barred and (ends or _is_prose(tokens, line) or lines.in_rules(line.tokens)):
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


def _is_prose(tokens: Sequence[Token], line: TypedLine) -> bool:
    """Whether a line is of words one blank apart: no row of a table, whose cells stand apart or hold numbers."""
    words = [tokens[i] for i in line.tokens]
    lower = sum(_LOWER.fullmatch(word.text) is not None for word in words)
    if len(words) < _PROSE or 2 * lower < len(words):
        return False
    gaps = [b.bbox[0] - a.bbox[2] for a, b in pairwise(words)]
    return max(gaps) < 1.5 * (words[0].bbox[2] - words[0].bbox[0]) / len(words[0].text)


def _part_rows(tokens: Sequence[Token], grid: Grid) -> None:
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
        # where columns were shifted, one in a few may hold a neighbour's value
        and sum(not _LETTER.fullmatch(text) and not _NO_LETTER.fullmatch(text) for text in texts)
        <= len(texts) // _MIXED
    }
    titles: set[str] = set()
    for (part, below_rule), line in zip(grid.body, cells, strict=True):
        begins = any(column in lettered and _LETTER.fullmatch(text) for column, text in line.items())
        if not lettered:
            begins = 0 in line and len(line) >= MIN_COLUMNS - 1
        begins = begins or (len(line) >= MIN_COLUMNS - 1 and line.get(0) in titles)  # another row of the same security
        if begins or (below_rule and len(line) >= 2) or not grid.rows:
            grid.rows.append([])
            titles.add(line.get(0, ""))
        grid.rows[-1].append(part)


def _cells(tokens: Sequence[Token], grid: Grid, part: Sequence[int]) -> dict[int, str]:
    out: dict[int, str] = {}
    for index in part:
        out[grid.columns[index]] = out.get(grid.columns[index], "") + tokens[index].text
    return out


def _with_cells(document: Document, grids: Sequence[Grid]) -> Document:
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
