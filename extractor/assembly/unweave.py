"""The head of the form where a table recogniser wove its lines into each other, told apart again.

One grid of columns cuts everything on a page at the same places, so a box of the head comes as cells of fragments: the
first cell holds the beginnings of all its lines ("1. Name a von Kos (Last) CITIGR"), the next one what follows them
("nd Address of kull Casper (Firs OUP INC.,"). The form's own captions are known text: where their fragments lie tells
which of the others belong to one line. Rows that begin further down hold the lower lines once more and say which
lines they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, pairwise

from extractor.assembly.seams import is_known, join_pieces, words_of
from extractor.assembly.spans import Labelled

_MOST_TOKENS = 24
_BEAM = 60


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


# Lines of a box in their order. Captions lie between them: slot n is what stands below the captions of slot n.
NAME, STREET, CITY, COUNTRY = 1, 2, 3, 4
ISSUER, FOREIGN, DATE, AMENDED = 1, 2, 3, 4
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
        vocabulary = self.vocabulary | {word for line in others for word in _certain_words(_pieces(labelled, line))}
        for line in self.values.get(name, []):
            text, seams = join_pieces(_pieces(labelled, line), vocabulary)
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


def _key(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())


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


def _word_starts(text: str) -> set[int]:
    starts, at = set(), 0
    for word in text.split():
        starts.add(at)
        at += len(_key(word))
    return starts


def _run(
    labelled: Labelled, line: _Line, caption: Caption, at: int, used: set[int], within: tuple[int, int]
) -> tuple[list[tuple[int, int]], int]:
    """The longest stretch of the caption from letter `at` on through neighbouring cells, and where it ends."""
    key, breaks = caption.key, _word_starts(caption.text)
    states: dict[int, list[tuple[int, int]]] = {}
    best: tuple[list[tuple[int, int]], int] = ([], at)
    for column in sorted(line.cells):
        cell = line.cells[column]
        free = [i for i in cell.tokens if i not in cell.slots and i not in used]
        after: dict[int, list[tuple[int, int]]] = {}
        if not cell.tokens or not within[0] <= column <= within[1]:
            continue
        for begin, path in ((at, []), *states.items()):
            for first in range(len(free)):
                end, taken = begin, []
                if begin == 0 and caption.text[0] == "(" and labelled.tokens[free[first]].text[0] != "(":
                    continue
                for token in _consecutive(cell, free, first):
                    piece = _key(labelled.tokens[token].text)
                    if not piece:
                        if re.fullmatch(r"[()*.,]+", labelled.tokens[token].text):
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
            for slot, taken in _deal(
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


def _lines_in_first(
    labelled: Labelled, spans: list[list[tuple[int, int, int]]], widths: list[float], slots: set[int]
) -> float:
    """How many times its own width the first cell holds of these slots: lines begin at the left and fill it."""
    if not spans or not widths[0]:
        return 10.0
    held = [token for lo, hi, token in spans[0] if set(range(lo, hi + 1)) & slots]
    return _width(labelled, held) / widths[0]


_EXTRA: dict[int, tuple[dict[int, int], ...]] = {
    1: ({}, {STREET: 1}, {STREET: 2}, {CITY: 1}, {STREET: 1, CITY: 1}, {STREET: 2, CITY: 1}, {CITY: 2}),
    2: ({}, {ISSUER: 1}),
}
_LOOSE = {1: frozenset((CITY,)), 2: frozenset((DATE, AMENDED, FOREIGN))}
"""Slots that can have more lines than one, by box: what is tried."""


def _deal(
    labelled: Labelled,
    spans: list[list[tuple[int, int, int]]],
    widths: list[float],
    wanted: list[int],
    box: int,
    vocabulary: set[str],
) -> dict[int, list[list[int]]]:
    """Deals the cells' tokens to lines: a line that goes on in the next cell fills its column.

    Lines are the slots in order, with two or three for a street and two for an issuer's name where that fits better.
    """
    best: tuple[float, list[int], list[list[list[int]]]] | None = None
    for extra in _EXTRA[box]:
        if not extra.keys() <= set(wanted):
            continue
        if extra and box == 1 and _lines_in_first(labelled, spans, widths, set(extra)) < sum(extra.values()) + 0.05:
            continue
        order = [slot for slot in wanted for _ in range(1 + extra.get(slot, 0))]
        dealt = _deal_lines(labelled, spans, widths, order, _LOOSE[box], vocabulary)
        if dealt is None:
            continue
        cost = dealt[0] + sum(count * (1.5 if slot in _LOOSE[box] else 0.6) for slot, count in extra.items())
        if best is None or cost < best[0] - 1e-9:
            best = (cost, order, dealt[1])
    if best is None:
        return {}
    out: dict[int, list[list[int]]] = {}
    for line, slot in enumerate(best[1]):
        tokens = [t for cell in best[2] for t in cell[line]]
        if tokens:
            out.setdefault(slot, []).append(tokens)
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
                    out[column] = max(out.get(column, 0.0), _width(labelled, tokens))
    return out


def _deal_lines(
    labelled: Labelled,
    spans: list[list[tuple[int, int, int]]],
    widths: list[float],
    order: list[int],
    loose: frozenset[int],
    vocabulary: set[str],
) -> tuple[float, list[list[list[int]]]] | None:
    """The cheapest way found to give each cell's tokens to the lines, in order: (cost, tokens by cell and line).

    `loose` are slots whose lines have gaps (city, state, postal code); the others run on from cell to cell.
    """
    count = len(order)
    beam: list[tuple[float, int, list[list[list[int]]]]] = [(0.0, 0, [])]  # (cost, lines that have ended, path)
    first = next((place for place, span in enumerate(spans) if span), 0)
    for place, span in enumerate(spans):
        reached: list[tuple[float, int, list[list[list[int]]]]] = []
        if len(span) > _MOST_TOKENS:
            return None
        for bounds in combinations_with_replacement(range(len(span) + 1), count - 1):
            cuts = (0, *bounds, len(span))
            parts = [span[a:b] for a, b in pairwise(cuts)]
            if place == first and any(
                not part and order.count(slot) > 1 for part, slot in zip(parts, order, strict=True)
            ):
                continue  # every line begins at the left
            outside = sum(8.0 for line, part in enumerate(parts) for lo, hi, _ in part if not lo <= order[line] <= hi)
            taken = [[token for _, _, token in part] for part in parts]
            filled = [_width(labelled, part) for part in taken]
            for cost, ended, path in beam:
                now, more = ended, outside
                for line, part in enumerate(taken):
                    before = path[-1][line] if path else []
                    if part and widths[place]:
                        more += 3.0 * max(0.0, filled[line] / widths[place] - 1.15)
                    if order[line] in loose:
                        if FOREIGN in loose:  # lines of dates
                            more += sum(1.0 for t in part if not any(c.isdigit() for c in labelled.tokens[t].text))
                        continue
                    if part and ended >> line & 1:
                        more += 1.5  # a line that had ended goes on
                    if not part and place >= first:
                        now |= 1 << line
                    if part and before and widths[place - 1]:  # the piece before reached the edge
                        more += 2.0 * min(1.0, abs(_width(labelled, before) / widths[place - 1] - 1.0))
                reached.append((cost + more, now, [*path, taken]))
        reached.sort(key=lambda state: state[0])
        beam = reached[:_BEAM]
    scored = [(cost + _wordiness(labelled, path, order, vocabulary, FOREIGN in loose), path) for cost, _, path in beam]
    return min(scored, key=lambda item: item[0]) if scored else None


_SUFFIX = (
    r"(?:STREET|ST|AVENUE|AVE|ROAD|RD|DRIVE|DR|BOULEVARD|BLVD|LANE|LN|PARKWAY|PKWY|PLAZA|WAY|COURT|CT|CIRCLE|PLACE)"
)
_STREET_END = re.compile(rf"\b{_SUFFIX}\.?$", re.IGNORECASE)
_HOUSE = re.compile(rf"\b\d+ (?:[A-Z]\S* ){{1,3}}{_SUFFIX}\b", re.IGNORECASE)
_WITH_TICKER = re.compile(r"[^\[\]]{3,}\[[^\[\]]{1,12}\][^A-Za-z]*")


def _wordiness(
    labelled: Labelled, path: list[list[list[int]]], order: list[int], vocabulary: set[str], issuer: bool
) -> float:
    """Less than nothing where the lines are made of known words and laid out as such lines are, more where not."""
    cost = 0.0
    texts: list[str] = []
    street: list[str] = []
    for line, slot in enumerate(order):
        text, _ = join_pieces(_pieces(labelled, [t for cell in path for t in cell[line]]), vocabulary)
        cost += sum(-0.5 if is_known(word, vocabulary) else 0.25 for word in text.split() if len(word) > 2)
        if slot == STREET and not issuer:
            cost += 0.5 * len(re.findall(r"(?:^|(?<= ))(?!NE|NW|SE|SW|[NSEW]\b)[A-Z]{1,2}(?= |$)", text))
            street.append(text)
            cost -= 0.3 * bool(_STREET_END.search(text))
            cost -= 0.4 * bool(re.match(r"\d+ |P\.?O\.? ", text)) + 0.3 * text.endswith(",")
        if slot == ISSUER and issuer:
            texts.append(text)
    cost -= 0.6 * bool(_HOUSE.search(" ".join(street)))
    if texts and "[" in "".join(texts):
        cost -= 2.0 * bool(_WITH_TICKER.fullmatch(" ".join(texts)))
    return cost


def _width(labelled: Labelled, tokens: Sequence[int]) -> float:
    """About how wide a proportional font sets these words, in small letters."""
    return sum(_letter_width(c) for c in " ".join(labelled.tokens[i].text for i in tokens))


def _letter_width(letter: str) -> float:
    """Averages of Times and Helvetica."""
    if letter in "MW@%":
        return 1.76
    if letter in "mw":
        return 1.56
    if letter in "ijlItf":
        return 0.58
    if letter.isdigit():
        return 1.06
    if letter.isupper() or letter == "&":
        return 1.36
    return 1.0 if letter.isalpha() else 0.54


def _pieces(labelled: Labelled, tokens: Sequence[int]) -> list[str]:
    """The texts of a line cell by cell; words that touched stay together."""
    out: list[str] = []
    before: int | None = None
    for index in tokens:
        token = labelled.tokens[index]
        if before is not None and labelled.tokens[before].cell == token.cell:
            out[-1] += ("" if labelled.tokens[before].end == token.start else " ") + token.text
        else:
            out.append(token.text)
        before = index
    return out
