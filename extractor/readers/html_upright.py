"""Tables that a page set in another way than the form, set upright: a heading over each column, a row on each line.

Viewers show a transaction as a card of captions and values, small screens as cells that each say what they hold;
editors write a whole column into one cell with line breaks. The captions are those that the form gives its columns, so
that no other table is touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.readers.html_layout import Cell, Item, Line, Table, Word

_LEAST = 4  # captions that differ; a header has none of them but for dates and names
_FEWEST = 3  # where every caption is one: a holding has no more
_MOST = 0.6  # share of a card's lines that have a caption of the form
_LONGEST = 150  # characters of a caption: the longest of the form with its instructions
_MOST_WORDS = 20
_LARGEST = 100_000  # places of a table's grid; a card has a few dozen
_TRIED = 40  # lines at the end of a run of captions that are tried again where the run is no card
_NUMBERED = re.compile(r"^\W*\d{1,2}[a-z]?\s*[.)]\s*")
_CAPTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:title|name|type|class)\s+(?:of\s+)?(?:the\s+)?(?:underlying\s+|derivative\s+)?securit"
        r"|^(?:derivative\s+)?security(?:\s+(?:title|type|name|class))?$",
        r"^(?:transaction|trans\.?|trade)\s+date|^date(?:\s+of\s+transaction)?$",
        r"deemed",
        r"^(?:transaction|trans\.?)\s+(?:code|type)|^code$|^v$",
        r"^amount$|^shares$|^quantity$|^number\s+of\s+(?:shares|securities|derivative)|^securities\s+acquired"
        r"|^shares\s+(?:traded|transacted|acquired|disposed)",
        r"^\(?a\)?\s*(?:or|/)\s*\(?d\)?$|^acquired|^disposed|\(a\)\s+or\s+(?:disposed\s+of\s+)?\(d\)|\(a\)$|\(d\)$",
        r"^price|conversion|exercise\s+price|^strike",
        r"beneficially\s+owned|owned\s+(?:following|after)|^(?:shares|securities|amount)\s+owned|^holdings",
        r"ownership\s+form|direct\s+\(?d|direct\s+or\s+indirect|^d\s*(?:or|/)\s*i$",
        r"^nature\b|nature\s+of\s+indirect",
        r"exercisable|^exercise\s+date",
        r"expir",
        r"underlying",
    )
)


def set_upright(items: list[Item]) -> list[Item]:
    """Items with the cards among them as tables: one heading and one row for each run of cards that have the same."""
    items = _joined(items)
    out: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        if isinstance(item, Table):
            out += _turned(_with_headings(item))
            at += 1
            continue
        end = at
        while end < len(items) and isinstance(items[end], Line):
            end += 1
        out += _lines_upright([line for line in items[at:end] if isinstance(line, Line)])
        at = end
    return out


def _joined(items: list[Item]) -> list[Item]:
    """Items with the rows of a table that are tables of their own, or stand below headings that are one, in one."""
    out: list[Item] = []
    above: Table | None = None  # a table with headings that further rows can join
    for item in items:
        if not isinstance(item, Table):
            above = None
        elif _has_headings(item):
            above = Table(item.rows, item.columns, list(item.cells), item.width) if item.columns >= _LEAST else None
            out.append(above or item)
            continue
        elif above is not None and item.columns == above.columns and 1 in (above.rows, item.rows):
            first = above.rows
            above.cells += [Cell(c.row + first, c.column, c.rowspan, c.colspan, c.items, c.width) for c in item.cells]
            above.rows += item.rows
            continue
        else:
            above = None
        out.append(item)
    return out


def _has_headings(table: Table) -> bool:
    """Whether a table's first row is captions of the form."""
    names = [_cell_text(cell) for cell in table.cells if cell.row == 0]
    return len({kind for kind in map(caption_kind, names) if kind >= 0}) >= _FEWEST


def spread_rows(cells: list[Cell], rows: int) -> tuple[list[Cell], int]:
    """The cells and the number of rows of a table, each row that holds several in one parted into them.

    Such a row's cells have as many lines each, blank ones where a value is absent, and dates or numbers among them.
    """
    by_row: dict[int, list[Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    counts = {row: _lines_in_one(own) for row, own in by_row.items()}
    if all(count < 2 for count in counts.values()):
        return cells, rows
    starts = [0]
    for row in range(rows):
        starts.append(starts[-1] + counts.get(row, 1))
    out: list[Cell] = []
    for cell in cells:
        at, count = starts[cell.row], counts[cell.row]
        if count < 2:
            high = starts[cell.row + cell.rowspan] - at
            out.append(Cell(at, cell.column, high, cell.colspan, cell.items, cell.width))
            continue
        for place in range(count):
            told = cell.items[place : place + 1]
            out.append(Cell(at + place, cell.column, 1, cell.colspan, told, cell.width))
    out.sort(key=lambda cell: (cell.row, cell.column))
    return out, starts[-1]


def _lines_in_one(cells: Sequence[Cell]) -> int:
    """How many rows the cells of one row hold; 1 for nearly all."""
    full = [cell for cell in cells if any(isinstance(i, Table) or i.words for i in cell.items)]
    if len(full) < _LEAST or any(cell.rowspan > 1 for cell in cells):
        return 1
    if any(isinstance(item, Table) for cell in full for item in cell.items):
        return 1
    told = [[_text(item) for item in cell.items] for cell in full]
    # the last values of a column may be absent, and the line break of the last with them
    count = max(map(len, told))
    whole = [lines for lines in told if len(lines) == count and all(lines)]
    if not whole or any(1 < len(lines) < count - 1 for lines in told):
        return 1
    several = [lines for lines in ([text for text in lines if text] for lines in told) if len(lines) > 1]
    valued = sum(all(map(_is_value, lines)) for lines in several)
    lettered = sum(all(_LETTER.fullmatch(text) for text in lines) for lines in several)
    return count if len(several) >= _FEWEST and valued and valued + lettered >= 2 else 1


_VALUE = re.compile(
    r"(?:[$(]*\d[\d,./-]*\)?|\d{1,2}-[A-Z][a-z]{2}-\d{2,4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})(?:\s*\(\d{1,2}\))*"
)


_LETTER = re.compile(r"[A-Z](?:\s*\(\d{1,2}\))*")
_ONLY_MARK = re.compile(r"(?:\(\d{1,2}\)\s*)+")


def _is_value(text: str) -> bool:
    return _VALUE.fullmatch(text.replace("$ ", "$")) is not None and not _ONLY_MARK.fullmatch(text)


def caption_kind(text: str) -> int:
    """Which of the form's columns a caption names, -1 for none.

    >>> caption_kind("2. Transaction Date (Month/Day/Year)"), caption_kind("(Last)")
    (1, -1)
    """
    bare = _NUMBERED.sub("", text.strip().rstrip(":").strip())
    if not bare or len(bare) > _LONGEST or bare.endswith(".") or bare.count(" ") >= _MOST_WORDS:
        return -1
    return next((kind for kind, pattern in enumerate(_CAPTIONS) if pattern.search(bare)), -1)


def _text(item: Item) -> str:
    return "" if isinstance(item, Table) else " ".join(_word(word) for word in item.words)


def _word(word: Word) -> str:
    return "".join(run.text for run in word.runs)


def _cell_text(cell: Cell | None) -> str:
    if cell is None or any(isinstance(item, Table) for item in cell.items):
        return ""
    return " ".join(text for text in map(_text, cell.items) if text)


def _are_captions(names: Sequence[str]) -> bool:
    """Whether enough of some texts are captions of the form."""
    kinds = [kind for kind in map(caption_kind, names) if kind >= 0]
    different = len(set(kinds))
    least, share = (_FEWEST, 1.0) if different < _LEAST else (_LEAST, _MOST)
    return different >= least and len(kinds) >= share * len(names)


@dataclass(slots=True)
class _Card:
    """Captions and, for each, one value or several: one for each transaction beside another."""

    heads: list[list[Item]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    values: list[list[list[Item]]] = field(default_factory=list)

    def add(self, name: str, head: list[Item], values: list[list[Item]]) -> None:
        self.names.append(name)
        self.heads.append(head)
        self.values.append(values)

    def is_sound(self) -> bool:
        """Whether its captions are those of the form."""
        filled = sum(any(value) for value in self.values)
        return _are_captions(self.names) and filled >= _FEWEST - 1


def _upright(cards: Sequence[_Card]) -> list[Item]:
    """Tables with the captions above the values; cards that follow each other with the same captions are of one."""
    out: list[Item] = []
    names: list[str] | None = None
    for card in cards:
        records = max(map(len, card.values), default=0)
        table = out[-1] if out else None
        if card.names != names or not isinstance(table, Table):
            table = Table(1, len(card.names), [Cell(0, at, 1, 1, head) for at, head in enumerate(card.heads)])
            out.append(table)
            names = card.names
        for record in range(records):
            for at, values in enumerate(card.values):
                table.cells.append(Cell(table.rows, at, 1, 1, values[record] if record < len(values) else []))
            table.rows += 1
    return out


# Tables whose first column holds the captions.


def _turned(table: Table) -> list[Item]:
    """A table with captions in its first column as it stands upright, or as it is."""
    if table.rows < _FEWEST or table.columns < 2 or table.rows * table.columns > _LARGEST:
        return [table]
    grid = {(cell.row, cell.column): cell for cell in table.cells}
    captioned = [c for c in range(table.columns) if _is_caption_column(table, grid, c)]
    if not captioned or captioned[0] != 0:
        return [table]
    if captioned != list(range(0, table.columns, 2)):
        captioned = [0]
    reach = captioned[1] if len(captioned) > 1 else table.columns
    before: list[Item] = []
    cards: list[_Card] = []
    for row in range(table.rows):
        first = grid.get((row, 0))
        across = first is not None and first.colspan >= table.columns
        name = _cell_text(first)
        if first is None or across or not name:
            if not cards:
                before += [item for at in range(table.columns) if (row, at) in grid for item in grid[row, at].items]
            elif across and name:
                cards.append(_Card())
            elif any(_cell_text(grid.get((row, at))) for at in range(table.columns)):
                return [table]  # what has no caption has no place either
            continue
        if not cards or (cards[-1].names and name == cards[-1].names[0]):
            cards.append(_Card())
        for at in captioned:
            told = grid.get((row, at))
            if told is None or not _cell_text(told):
                continue
            held = [grid.get((row, column)) for column in range(at + 1, at + reach)]
            cards[-1].add(_cell_text(told), told.items, [cell.items if cell is not None else [] for cell in held])
    cards = [card for card in cards if card.names]
    if not cards or not all(card.is_sound() for card in cards):
        return [table]
    return [*before, *_upright([_without_empty(card) for card in cards])]


def _without_empty(card: _Card) -> _Card:
    """A card without the columns on its right in which nothing stands: a second column that a title spanned."""
    filled = (at + 1 for values in card.values for at, value in enumerate(values) if any(map(_full, value)))
    records = max(filled, default=0)
    return _Card(card.heads, card.names, [values[:records] for values in card.values])


def _full(item: Item) -> bool:
    return isinstance(item, Table) or bool(item.words)


def _is_caption_column(table: Table, grid: dict[tuple[int, int], Cell], column: int) -> bool:
    """Whether a column holds captions of the form and no row above it does."""
    cells = [grid[row, column] for row in range(table.rows) if (row, column) in grid]
    names = [name for cell in cells if cell.colspan == 1 and (name := _cell_text(cell))]
    return _are_captions(names)


# Cells that say what they hold.


def _with_headings(table: Table) -> Table:
    """A table whose cells each begin with the same caption as those below them, with headings in their place."""
    if table.columns < _LEAST or any(cell.rowspan > 1 for cell in table.cells):
        return table
    captions: dict[int, tuple[Cell, int]] = {}
    columns: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.colspan == 1 and cell.items:
            columns.setdefault(cell.column, []).append(cell)
    for column, own in columns.items():
        told = [(cell, _leading(cell)) for cell in own]
        told = [(cell, length) for cell, length in told if length]
        words = {tuple(_word(word) for word in cell.items[0].words[:length]) for cell, length in told}  # type: ignore[union-attr]
        if told and len(words) == 1 and len(told) >= len(own) - 1:
            captions[column] = told[0]
    kinds = {caption_kind(" ".join(map(_word, _head(*held).words))) for held in captions.values()}
    if len(kinds - {-1}) < _LEAST:
        return table
    first = min(cell.row for cell in table.cells if cell.column in captions and _leading(cell))
    cells = [Cell(0, at, 1, 1, [_head(*held)]) for at, held in captions.items()]
    for cell in table.cells:
        length = _leading(cell) if cell.column in captions and cell.row >= first else 0
        items = cell.items
        if length:
            line = items[0]
            assert isinstance(line, Line)
            rest: list[Item] = [Line(line.words[length:])] if line.words[length:] else []
            items = rest + items[1:]
        cells.append(Cell(cell.row + 1, cell.column, 1, cell.colspan, items, cell.width))
    return Table(table.rows + 1, table.columns, cells, table.width)


def _head(cell: Cell, length: int) -> Line:
    line = cell.items[0]
    assert isinstance(line, Line)
    return Line(line.words[:length])


def _leading(cell: Cell) -> int:
    """How many words of a cell's first line are a caption that ends in a colon."""
    line = cell.items[0] if cell.items else None
    if not isinstance(line, Line):
        return 0
    ends = [at + 1 for at, word in enumerate(line.words[: _MOST_WORDS + 1]) if _word(word).endswith(":")]
    # "Ownership Form: Direct (D) or Indirect (I): D"
    told = [end for end in ends if caption_kind(" ".join(map(_word, line.words[:end]))) >= 0]
    return max(told) if told else min(ends, default=0)


# Lines that are captions and values.


def _lines_upright(lines: list[Line]) -> list[Item]:
    """Lines of "Transaction date: 01/02/2024", or captions and values line by line, as tables."""
    out: list[Item] = []
    at = reached = 0
    while at < len(lines):
        for read in (_said_on_a_line, _said_below):
            cards, end = read(lines, at)
            if cards:
                out += _upright(cards)
                at = end
                break
            reached = max(reached, end)
        else:
            end = max(at + 1, reached - _TRIED)
            out += lines[at:end]
            at = end
    return out


def _said_on_a_line(lines: Sequence[Line], start: int) -> tuple[list[_Card], int]:
    """The cards of the lines from there on that each have a caption, a colon, and a value or none; where they end."""
    cards = [_Card()]
    at = start
    while at < len(lines):
        line = lines[at]
        length = _leading(Cell(0, 0, 1, 1, [line]))
        name = " ".join(map(_word, line.words[:length])).rstrip(":").strip()
        strange = caption_kind(name) < 0
        if not length or (strange and (not cards[-1].names or caption_kind(cards[-1].names[-1]) < 0)):
            break
        if cards[-1].names and name == cards[-1].names[0]:
            cards.append(_Card())
        rest: list[Item] = []
        if line.words[length:]:
            rest.append(Line(line.words[length:]))
        cards[-1].add(name, [Line(line.words[:length])], [rest])
        at += 1
    while cards[-1].names and caption_kind(cards[-1].names[-1]) < 0:  # what follows the card
        for held in (cards[-1].names, cards[-1].heads, cards[-1].values):
            held.pop()
        at -= 1
    return (cards if all(card.is_sound() for card in cards) else [], at)


def _said_below(lines: Sequence[Line], start: int) -> tuple[list[_Card], int]:
    """The cards of the lines from there on that are captions with a value below, or none; where they end."""
    cards = [_Card()]
    at = start
    while at < len(lines):
        name = _text(lines[at])
        if caption_kind(name) < 0 or 0 < _leading(Cell(0, 0, 1, 1, [lines[at]])) < len(lines[at].words):
            break
        value: list[Item] = []
        if at + 1 < len(lines) and caption_kind(_text(lines[at + 1])) < 0:
            value = [lines[at + 1]]
        if cards[-1].names and name == cards[-1].names[0]:
            cards.append(_Card())
        cards[-1].add(name, [lines[at]], [value])
        at += 1 + len(value)
    return (cards if all(card.is_sound() for card in cards) else [], at)


__all__ = ["caption_kind", "set_upright", "spread_rows"]
