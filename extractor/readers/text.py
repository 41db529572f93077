"""Plain text: what converters, recognisers and typists leave. One page with a virtual layout of fixed columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.document import Document, Page, Token
from extractor.errors import EmptyInput
from extractor.readers.limits import Limits
from extractor.readers.submission import submission_bodies
from extractor.readers.tokenise import tokenise
from extractor.readers.typed import lay_out_typed_tables

CHAR_WIDTH = 5.0
"""Points a character takes in the virtual layout; features count on the same figure in HTML pages."""
LINE_HEIGHT = 12.0
GLYPH_HEIGHT = 10.0
CELL_WIDTH = 100.0

_LINE_END = re.compile(r"\r\n|[\n\r\f]")
_SGML = re.compile(r"</?(?:PAGE|TABLE|CAPTION|S|C|FN|TEXT|DOCUMENT|TYPE|SEQUENCE|DESCRIPTION)>", re.IGNORECASE)
# What converters leave of markup: inline tags, Markdown's emphasis, and its backslashes before "$" and the like.
_MARKUP = re.compile(
    r"</?(?:br|sup|sub|b|i|u|em|strong|span|font|a|p|center)\b[^<>]{0,200}>|&nbsp;|\\(?=[$*_#\[\]()])", re.IGNORECASE
)
_EMPHASIS = re.compile(r"(\*\*)(?=\S)(.+?)(?<=\S)\1")
_CONTROL = {code: " " for code in [*range(9), *range(14, 32), 127, 0xFEFF, 0xFFFE, 0xFFFF]}
_MARKDOWN_RULE = re.compile(r"[\s|:+=-]*")
_MIN_BARS = 3
_LONG_LINE = 5_000  # characters; emphasis is not looked for in longer ones, which would take the square of their length


def read_text(text: str, path: str = "", limits: Limits | None = None) -> Document:
    """A document of kind "text" whose token offsets point into `text` itself.

    Lines without tabs keep their columns: a character is 5 points wide, a line 12 high. In lines with tabs each cell
    has 100 points, so that a column stays a column whatever its cells hold. Cells are known (`Token.cell`) in tabbed
    lines, in lines with three bars or more, and in typed tables (see extractor.readers.typed). Of a full submission
    only the ownership documents are kept.
    Raises EmptyInput where nothing is written, LimitExceeded for more than any filing holds.
    """
    limits = limits or Limits()
    tokens: list[Token] = []
    tables = _Tables()
    line, top, width = 0, 0.0, 0.0
    length = 0
    for body in submission_bodies(text):
        length += body.end - body.start
        limits.check_text(length, 0, 0, path)
        for start, end, breaks_page in _lines(text, body.start, body.end):
            written = _visible(text[start:end])
            if "\t" in written:
                found = _tabbed(written, start, line, top, tables)
            else:
                found = _columns(written, start, line, top, tables)
            tokens += found
            limits.check_text(0, line, len(tokens), path)
            if found:
                width = max(width, found[-1].bbox[2])
            line += 1
            top += LINE_HEIGHT * (2 if breaks_page else 1)
    if not tokens:
        raise EmptyInput(path, "the text holds no characters")
    page = Page(number=1, width=max(width, 612.0), height=max(top, 792.0), kind="text")
    document = Document(kind="text", pages=[page], tokens=tokens, text=text, virtual_layout=True, path=path)
    return lay_out_typed_tables(document)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """(start, end, a page ends here) of each line between two offsets."""
    at = start
    for match in _LINE_END.finditer(text, start, end):
        yield at, match.start(), match.group() == "\f"
        at = match.end()
    if at < end:
        yield at, end, False


def _visible(line: str) -> str:
    """The line with what no reader sees blanked out: control characters, tags, emphasis; as long as before."""
    if not line.isprintable():
        line = line.translate(_CONTROL)
    if "<" in line:
        line = _SGML.sub(_blank, line)
    if "<" in line or "&" in line or "\\" in line:
        line = _MARKUP.sub(_blank, line)
    return _EMPHASIS.sub(r"  \2  ", line) if "**" in line and len(line) <= _LONG_LINE else line


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


class _Tables:
    """Numbers tables and their rows: neighbouring lines with about as many cells are one table."""

    def __init__(self) -> None:
        self._table, self._row, self._line, self._cells, self._kind = -1, 0, -2, 0, ""

    def cell_row(self, line: int, cells: int, kind: str) -> tuple[int, int]:
        """(table, row) of a line with that number of cells, separated by `kind` of character.

        Recognisers drop a trailing cell here and there, so one cell more or less goes on with the table.
        """
        same = kind == self._kind and line == self._line + 1 and abs(cells - self._cells) <= 1
        if same:
            self._row += 1
        else:
            self._table, self._row, self._cells = self._table + 1, 0, cells
        self._line, self._kind = line, kind
        return self._table, self._row

    def skip(self, line: int) -> None:
        """A line that draws a rule belongs to the table around it without being a row."""
        if line == self._line + 1:
            self._line = line


def _tabbed(written: str, start: int, line: int, top: float, tables: _Tables) -> list[Token]:
    cells = written.split("\t")
    table, row = tables.cell_row(line, len(cells), "\t")
    tokens = []
    at = start
    for column, content in enumerate(cells):
        left = column * CELL_WIDTH
        step = min(CHAR_WIDTH, (CELL_WIDTH - CHAR_WIDTH) / max(1, len(content)))  # long cells are set narrower
        for piece, begin, stop in tokenise(content, at):
            box = (left + (begin - at) * step, top, left + (stop - at) * step, top + GLYPH_HEIGHT)
            tokens.append(Token(piece, 1, box, line, begin, stop, cell=(table, row, column)))
        at += len(content) + 1
    return tokens


def _columns(written: str, start: int, line: int, top: float, tables: _Tables) -> list[Token]:
    tokens = []
    bars = written.count("|")
    cell: tuple[int, int] | None = None
    if bars >= _MIN_BARS:
        if _MARKDOWN_RULE.fullmatch(written):
            tables.skip(line)
        else:
            cell = tables.cell_row(line, bars + 1, "|")
    column = -1 if written.lstrip().startswith("|") else 0
    for piece, begin, stop in tokenise(written, start):
        x0 = (begin - start) * CHAR_WIDTH
        box = (x0, top, x0 + (stop - begin) * CHAR_WIDTH, top + GLYPH_HEIGHT)
        if piece == "|":
            column += 1
            tokens.append(Token(piece, 1, box, line, begin, stop))
        else:
            tokens.append(Token(piece, 1, box, line, begin, stop, cell=(*cell, max(column, 0)) if cell else None))
    return tokens
