"""The head of the form where a table recogniser wove its lines into each other, told apart again.

One grid of columns cuts everything on a page at the same places, so a box of the head comes as cells of fragments: the
first cell holds the beginnings of all its lines ("1. Name a von Hal (Last) LANTERN"), the next one what follows them
("nd Address of lersund Jasper (Firs HILL INC.,"). The form's own captions are known text: where their fragments lie
tells which of the others belong to one line. Rows that begin further down hold the lower lines once more and say which
lines they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extractor.assembly.dealing import (
    AMENDED,
    CITY,
    COUNTRY,
    DATE,
    FOREIGN,
    ISSUER,
    NAME,
    STREET,
    deal,
    pieces_of,
    width_of,
)
from extractor.assembly.seams import join_pieces, words_of
from extractor.assembly.spans import Labelled
from extractor.memo import remembers_short


@dataclass(frozen=True, slots=True)
class Caption:
    """A printed caption; `slot` is the line of values that follows it."""

    text: str
    box: int
    slot: int
    least: float = 0.6  # share of its letters that must be found

    @property
    def key(self) -> str:
        return _key(self.text)


_CAPTIONS = (
    Caption("Table I - Non-Derivative Securities Acquired, Disposed of, or Beneficially Owned", 0, 0, 0.3),
    Caption("Table I - Non-Derivative Securities Beneficially Owned", 0, 0, 0.4),
    Caption("1. Name and Address of Reporting Person", 1, NAME),
    Caption("(Last)", 1, STREET, 1.0),
    Caption("(First)", 1, STREET, 1.0),
    Caption("(Middle)", 1, STREET, 1.0),
    Caption("(Street)", 1, CITY, 1.0),
    Caption("(City)", 1, COUNTRY, 1.0),
    Caption("(State)", 1, COUNTRY, 1.0),
    Caption("(Zip/Postal Code)", 1, COUNTRY, 1.0),
    Caption("(Zip)", 1, COUNTRY, 1.0),
    Caption("(Country)", 1, COUNTRY, 1.0),
    Caption("2. Issuer Name and Ticker or Trading Symbol", 2, ISSUER),
    Caption("2a. Foreign Trading Symbol", 2, FOREIGN),
    Caption("3. Date of Earliest Transaction (Month/Day/Year)", 2, DATE),
    Caption("3. Statement for Issuer's Fiscal Year Ended (Month/Day/Year)", 2, DATE),
    Caption("4. If Amendment, Date of Original Filed (Month/Day/Year)", 2, AMENDED),
    Caption("4. If Amendment, Date Original Filed(Month/Day/Year)", 2, AMENDED),
    Caption("5. Relationship of Reporting Person(s) to Issuer", 3, 0),
    Caption("(Check all applicable)", 3, 1),
    Caption("Officer (give title below)", 3, 2),
    Caption("Other (specify below)", 3, 2),
    Caption("Director", 3, 1, 1.0),
    Caption("10% Owner", 3, 1, 1.0),
    Caption("6. Individual or Joint/Group Filing (Check Applicable Line)", 3, 3),
    Caption("Form filed by One Reporting Person", 3, 3),
    Caption("Form filed by More than One Reporting Person", 3, 3),
)


@dataclass(slots=True)
class _Cell:
    column: int
    tokens: list[int]
    slots: dict[int, Caption] = field(default_factory=dict)  # token -> the caption that it is a piece of
    initials: frozenset[str] | None = None  # first letters of its tokens' keys, once its tokens are settled


@dataclass(slots=True)
class _Line:
    """A row of the recogniser's table: its cells without what lower rows hold again."""

    cells: dict[int, _Cell]


@dataclass(slots=True)
class Woven:
    """What the woven head says: the pieces of each value from left to right, and all tokens of the head's rows."""

    values: dict[str, list[list[int]]]
    tokens: set[int]
    vocabulary: set[str]

    def text(self, labelled: Labelled, name: str) -> tuple[str, int]:
        """A value's lines put together, with the number of seams."""
        lines, mended = [], 0
        others = [line for other, found in self.values.items() if other != name for line in found]
        vocabulary = self.vocabulary | {word for line in others for word in _certain_words(pieces_of(labelled, line))}
        for line in self.values.get(name, []):
            text, seams = join_pieces(pieces_of(labelled, line), vocabulary)
            lines.append(text)
            mended += seams
        return " ".join(line for line in lines if line), mended


def _certain_words(pieces: Sequence[str]) -> set[str]:
    """Words of a cut line that stand between blanks or hyphens of the text itself, put together over their seams."""
    return {word.casefold() for word in re.split(r"[^A-Za-z&']+", "".join(pieces)) if len(word) > 2}


def unweave(labelled: Labelled) -> Woven | None:
    """The woven values of the head, None where no caption of it is cut at a column's edge."""
    lines = _head(labelled)
    if not lines:
        return None
    everything = {i for line in lines for cell in line.cells.values() for i in cell.tokens}
    _drop_repeated(labelled, lines)
    cut: set[int] = set()
    start: dict[int, int] = {}
    present: set[tuple[int, int]] = {(1, CITY)}
    for caption in _CAPTIONS:
        for place, _line in enumerate(lines):
            found = _chain(labelled, lines[place : place + 3], caption)
            if found is None:
                continue
            if (caption.box, caption.slot) != (1, COUNTRY) or caption.text == "(Country)":
                present.add((caption.box, caption.slot))
            columns = {column for _, column, _ in found}
            first = min(columns)
            if caption.box:
                start[caption.box] = min(start.get(caption.box, first), first)
            if caption.box and len(columns) > 1 and len(caption.key) > 4:
                cut.add(caption.box)
            for row, column, token in found:
                row.cells[column].slots[token] = caption
            if caption.least < 1.0:
                break
    if not cut:
        return None
    vocabulary = words_of(t.text for i, t in enumerate(labelled.tokens) if i not in everything)
    values: dict[str, list[list[int]]] = {}
    ends = {box: min([s for s in start.values() if s > start[box]], default=10_000) for box in start}
    for box, names in ((1, _NAMES_1), (2, _NAMES_2)):
        if box in cut and box in start:
            slots = {slot: name for slot, name in names.items() if (box, slot) in present}
            values |= _box(labelled, lines, box, start[box], ends[box], slots, vocabulary)
    kept = {i for i in everything if _box_of(labelled, i, start, ends) in cut}
    return Woven(values, kept, vocabulary) if values else None


_NAMES_1 = {NAME: "owner.name", STREET: "owner.street", CITY: "owner.city", COUNTRY: "owner.country"}
_NAMES_2 = {ISSUER: "issuer.name", FOREIGN: "", DATE: "period_of_report", AMENDED: "date_of_original_submission"}


def _box_of(labelled: Labelled, index: int, start: dict[int, int], ends: dict[int, int]) -> int:
    cell = labelled.tokens[index].cell
    column = cell[2] if cell is not None else -1
    return next((box for box in start if start[box] <= column < ends[box]), 0)


@remembers_short(80)
def _key(text: str) -> str:
    """Letters and digits of a text, in small letters."""
    return _OTHERS.sub("", text.casefold())


_OTHERS = re.compile(r"[^0-9a-z]")


def _head(labelled: Labelled) -> list[_Line]:
    """The tabbed lines from box 1 to the title of Table I."""
    tokens = labelled.tokens
    by_line: dict[int, dict[int, _Cell]] = {}
    for index, token in enumerate(tokens):
        if token.cell is not None:
            by_line.setdefault(token.line, {}).setdefault(token.cell[2], _Cell(token.cell[2], [])).tokens.append(index)
    out: list[_Line] = []
    for cells in by_line.values():
        words = _key("".join(labelled.tokens[i].text for column in sorted(cells) for i in cells[column].tokens))
        if not out and not (_FIRST_CAPTION.match(words) and "street" in words + _next_words(labelled, by_line, cells)):
            continue
        if out and re.search(r"1titleof|^tablei", words[:20]):
            break
        out.append(_Line(cells))
        if len(out) > 12:
            break
    return out


_FIRST_CAPTION = re.compile(r"1n(?:a(?:m(?:e(?!w)|\b|[^e])|[^m])|[^a])")
"""The first cell begins with "1. Name and …", however early it was cut."""


def _next_words(labelled: Labelled, by_line: dict[int, dict[int, _Cell]], cells: dict[int, _Cell]) -> str:
    """The words of the tabbed rows that follow these cells', to see whether this is the head."""
    following = [row for row in by_line.values() if row is not cells]
    return _key("".join(labelled.tokens[i].text for row in following for cell in row.values() for i in cell.tokens))


def _drop_repeated(labelled: Labelled, lines: list[_Line]) -> None:
    """Takes from a row what a lower one holds again: cells over several rows are written in each."""
    for place, line in enumerate(lines):
        for lower in lines[place + 1 :]:
            for column, cell in lower.cells.items():
                upper = line.cells.get(column)
                if upper is None:
                    continue
                want = labelled.texts(cell.tokens)
                have = labelled.texts(upper.tokens)
                for at in range(len(have) - len(want), -1, -1):
                    if have[at : at + len(want)] == want:
                        del upper.tokens[at : at + len(want)]
                        break


_BRACKETS = re.compile(r"[()*.,]+")
_Piece = tuple[_Line, int, int]
"""(row, column, token)"""


def _chain(labelled: Labelled, lines: Sequence[_Line], caption: Caption) -> list[_Piece] | None:
    """The pieces of a caption that begins in the first of these rows; None where too little of it is found.

    It may be wrapped; its further lines begin about where the first one does, there or in a lower row.
    """
    key = caption.key
    found: list[_Piece] = []
    at = 0
    within = (0, 10_000)
    for row in lines:
        while at < len(key):
            run, end = _run(labelled, row, caption, at, {token for _, _, token in found}, within)
            if not run or end - at < min(3, len(key) - at):
                break
            found += [(row, column, token) for column, token in run]
            columns = [column for column, _ in run]
            within = (max(within[0], min(columns) - 1), min(within[1], max(columns) + 2)) if at == 0 else within
            at = end
        if not found or at == len(key):
            break
    return found if found and at >= caption.least * len(key) else None


@lru_cache(maxsize=100)
def _word_starts(text: str) -> frozenset[int]:
    starts, at = set(), 0
    for word in text.split():
        starts.add(at)
        at += len(_key(word))
    return frozenset(starts)


def _run(
    labelled: Labelled, line: _Line, caption: Caption, at: int, used: set[int], within: tuple[int, int]
) -> tuple[list[tuple[int, int]], int]:
    """The longest stretch of the caption from letter `at` on through neighbouring cells, and where it ends."""
    key, breaks = caption.key, _word_starts(caption.text)
    states: dict[int, list[tuple[int, int]]] = {}
    best: tuple[list[tuple[int, int]], int] = ([], at)
    texts = labelled.tokens
    first_letter = (key[at : at + 1], "")
    for column in sorted(line.cells):
        cell = line.cells[column]
        if not cell.tokens or not within[0] <= column <= within[1]:
            continue
        if cell.initials is None:
            cell.initials = frozenset(_key(texts[i].text)[:1] for i in cell.tokens)
        if cell.initials.isdisjoint(
            [*first_letter, *(key[begin : begin + 1] for begin in states)] if states else first_letter
        ):
            states = {}
            continue  # most cells hold no piece of the caption
        free = [i for i in cell.tokens if i not in cell.slots and i not in used]
        keys = [_key(texts[i].text) for i in free]
        after: dict[int, list[tuple[int, int]]] = {}
        for begin, path in ((at, []), *states.items()):
            for first, initial in enumerate(keys):
                if initial and not key.startswith(initial, begin):
                    continue  # most do not
                end, taken = begin, []
                if begin == 0 and caption.text[0] == "(" and texts[free[first]].text[0] != "(":
                    continue
                for token in _consecutive(cell, free, first):
                    piece = _key(texts[token].text)
                    if not piece:
                        if _BRACKETS.fullmatch(texts[token].text):
                            taken.append((column, token))
                            continue
                        break
                    if not key.startswith(piece, end):
                        break
                    end += len(piece)
                    taken.append((column, token))
                    if end not in after:
                        after[end] = [*path, *taken]
        for end, path in after.items():
            if end > best[1] and (end == len(key) or end in breaks):
                best = (path, end)
        states = after
    return best


def _consecutive(cell: _Cell, free: list[int], first: int) -> list[int]:
    """The free tokens from a place on that follow each other in the cell without a gap."""
    out = [free[first]]
    for token in free[first + 1 :]:
        if cell.tokens.index(token) != cell.tokens.index(out[-1]) + 1:
            break
        out.append(token)
    return out


def _box(
    labelled: Labelled, lines: list[_Line], box: int, start: int, end: int, names: dict[int, str], vocabulary: set[str]
) -> dict[str, list[list[int]]]:
    """The value lines of one box, by name: each line its tokens from left to right."""
    out: dict[str, list[list[int]]] = {}
    floor = 1
    widths = _column_widths(labelled, lines)
    for place, line in enumerate(lines):
        cells = [line.cells[c] for c in sorted(line.cells) if start <= c < end and line.cells[c].tokens]
        here = [c.slot for cell in cells for c in cell.slots.values() if c.box == box]
        later = [
            c.slot
            for lower in lines[place + 1 :]
            for cell in lower.cells.values()
            for c in cell.slots.values()
            if c.box == box
        ]
        # captions of slot n stand above its values; a row reaches up to the captions of the next row
        low = floor
        tops = [cell.slots[cell.tokens[0]] for cell in cells[:1] if cell.tokens[0] in cell.slots]
        low = max([low, *(c.slot for c in tops if c.box == box == 1)])
        high = max([*here, low])
        if later and min(later) > high:
            high = max(high, min(later) - 1)
        possible = [slot for slot in names if low <= slot <= high]
        if not possible:
            floor = max([floor, *here])
            continue
        low, high = min(possible), max(possible)
        spans = [_allowed(labelled, cell, box, low, high) for cell in cells]
        wanted = sorted({slot for span in spans for lo, hi, _ in span for slot in range(lo, hi + 1)} & names.keys())
        if wanted:
            for slot, taken in deal(
                labelled, spans, [widths.get(cell.column, 0.0) for cell in cells], wanted, box, vocabulary
            ).items():
                name = names.get(slot, "")
                if name:
                    out.setdefault(name, []).extend(taken)
        floor = max([floor, *here])
    return out


def _allowed(labelled: Labelled, cell: _Cell, box: int, low: int, high: int) -> list[tuple[int, int, int]]:
    """(least slot, greatest slot, token) of the cell's values: between the captions around them in the cell."""
    out = []
    for place, token in enumerate(cell.tokens):
        text = labelled.tokens[token].text
        if token in cell.slots or not text.strip("()*_") or (text.count("(") != text.count(")") and len(text) < 9):
            continue  # what is left of a caption
        before = [cell.slots[t].slot for t in cell.tokens[:place] if t in cell.slots and cell.slots[t].box == box]
        after = [cell.slots[t].slot for t in cell.tokens[place:] if t in cell.slots and cell.slots[t].box == box]
        lo = max([low, *before])
        hi = min([high, *(slot - 1 for slot in after)])
        out.append((min(lo, hi) if hi >= 1 else lo, max(lo, hi), token))
    return out


def _column_widths(labelled: Labelled, lines: Sequence[_Line]) -> dict[int, float]:
    """How wide the columns are in the units of `_width`: the pieces of captions that go on in a later column."""
    out: dict[int, float] = {}
    for line in lines:
        pieces: dict[str, dict[int, list[int]]] = {}
        for column, cell in line.cells.items():
            for token, caption in cell.slots.items():
                pieces.setdefault(caption.text, {}).setdefault(column, []).append(token)
        for by_column in pieces.values():
            for column, tokens in by_column.items():
                if column < max(by_column):
                    out[column] = max(out.get(column, 0.0), width_of(labelled, tokens))
    return out
