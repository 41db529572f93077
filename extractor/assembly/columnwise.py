"""Rows of texts that go column by column, as block-wise converters write them (pdfminer, poppler without -layout).

Such text gathers what stands close together on the page: a column's cells here, half a row there. What stays is the
order within a column: the third amount belongs to the third row, whatever lies between it and its title. So values are
counted by field, and those of a field that has as many as there are rows go to the rows in their order. Where only some
rows are transactions, the running balance and what shares a line tell which.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb

from extractor.assembly.members import MARK, SINGLE, WORDED, Member
from extractor.assembly.row_fields import DATES
from extractor.assembly.spans import Labelled
from extractor.assembly.values import parse_direct_indirect, parse_number

_SHARES = ("shares", "shares_acquired", "shares_disposed")
_OF_TRANSACTIONS = ("transaction_code", "transaction_date", "shares", "acquired_disposed", "price_per_share")
_PRICED = frozenset("SPF")
"""Codes whose transactions have a price; of the others many have none."""
_OPTION = re.compile(r"option|right|warrant|\bsar|appreciation|convertible", re.IGNORECASE)
"""Titles of what has an exercise price and dates, where units have none."""
_LEFT = {
    "voluntary": ("transaction_code",),
    "equity_swap_involved": ("transaction_code",),
    "deemed_execution_date": ("transaction_date",),
    "price_per_share": ("acquired_disposed", "underlying_security_shares"),
    "nature_of_ownership": ("direct_or_indirect",),
    "expiration_date": ("exercise_date",),
    "underlying_security_title": ("expiration_date",),
    "underlying_security_shares": ("underlying_security_title",),
}
"""What stands left of a value: right behind it in reading order, the two are of one row."""
_RIGHT = {
    "exercise_date": ("expiration_date", "underlying_security_title"),
    "expiration_date": ("underlying_security_title",),
    "conversion_or_exercise_price": ("transaction_date",),
    "transaction_date": ("transaction_code",),
    "price_per_share": ("shares_owned_following",),
    "underlying_security_shares": ("price_per_share", "shares_owned_following"),
}
"""What stands right of a value, likewise."""
_WHOLE_DATE = re.compile(r"\d{1,2}[/.-](?:\d{1,2}|[A-Za-z]{3})[/.-]\d{4}\W*|\d{4}-\d{2}-\d{2}|.*[A-Za-z]{3}.*\d{4}")
_UNFINISHED = re.compile(r".*(?:,\d{0,2}|\.)")
"""A number whose next digits the cell's width sent to the next line: "48,00" "0"."""
_AGREED = 0.5  # share of labels that must be right for the others of their columns to be renamed
_FIELDS_OF_ROW = 3
_MOST_CHOICES = 3_000
_MOST_ROWS = 40


@dataclass(slots=True)
class _Cell:
    """One value: its field, its tokens, the marks on it, and the row once that is known."""

    name: str
    tokens: list[int]
    marks: list[int] = field(default_factory=list)
    row: int | None = None


def rows_by_column(
    labelled: Labelled, members: Sequence[Member], derivative: bool, rows: list[list[Member]]
) -> list[list[Member]]:
    """Rows put together by columns where that leaves more of them whole than `rows` has; else `rows`."""
    cells = _cells(labelled, members)
    columns: dict[str, list[_Cell]] = defaultdict(list)
    for cell in cells:
        columns["shares" if cell.name in _SHARES else cell.name].append(cell)
    count = _row_count(columns, derivative)
    if count is None or not 0 < count <= _MOST_ROWS or _line_by_line(labelled, members, count):
        return rows
    for name in ("security_title", "underlying_security_title"):
        columns[name] = _apart(labelled, columns[name], count)
    cells = _in_order(labelled, cells, columns)
    _settle(cells, columns, count, derivative)
    _deal(labelled, columns, count, derivative)
    cells = _in_order(labelled, cells, columns)
    for cell in cells:
        if cell.row is None:
            cell.row = _row_beside(labelled, cell, cells)
    dealt: list[list[Member]] = [[] for _ in range(count)]
    for cell in cells:
        if cell.row is not None:
            dealt[cell.row] += [(i, cell.name) for i in cell.tokens] + [(i, MARK) for i in cell.marks]
    dealt = [sorted(row, key=lambda member: labelled.rank[member[0]]) for row in dealt]
    return dealt if _whole(dealt, derivative) > _whole(rows, derivative) else rows


def _line_by_line(labelled: Labelled, members: Sequence[Member], count: int) -> bool:
    """Whether lines of the text are rows of the table: then what one lacks was lost and stands nowhere else."""
    fields: dict[int, set[str]] = defaultdict(set)
    for index, name in members:
        if name != MARK:
            fields[labelled.tokens[index].line].add(name)
    rows = sum("security_title" in names and len(names) >= _FIELDS_OF_ROW for names in fields.values())
    return 2 * rows >= count


# Cells ---------------------------------------------------------------------------------------------------------------


def _cells(labelled: Labelled, members: Sequence[Member]) -> list[_Cell]:
    """Members as values in reading order; a mark goes to the value before it, or to the one behind on its line."""
    cells: list[_Cell] = []
    pending: list[int] = []
    open_cells: dict[str, _Cell] = {}
    for index, name in members:
        if name == MARK:
            before = cells[-1] if cells else None
            near = before is not None and labelled.tokens[index].line - labelled.tokens[before.tokens[-1]].line <= 1
            if before is not None and near:
                before.marks.append(index)
            else:
                pending.append(index)
            continue
        last = open_cells.get(name)
        if last is not None and _goes_on(labelled, last, index, cells[-1] is last):
            last.tokens.append(index)
            continue
        cell = _Cell(name, [index], pending)
        pending = []
        open_cells[name] = cell
        cells.append(cell)
    out: list[_Cell] = []
    for cell in cells:
        out += _repeated(labelled, cell) if cell.name in WORDED else [cell]
    return out


def _goes_on(labelled: Labelled, cell: _Cell, index: int, is_last: bool) -> bool:
    """Whether a token of the same field is more of a value: beside it, or where a cell wraps, below it."""
    tokens = labelled.tokens
    before, here = tokens[cell.tokens[-1]], tokens[index]
    if here.line == before.line:
        return is_last and cell.name not in SINGLE
    if not 0 < here.line - before.line <= 1:
        return False
    if cell.name in WORDED:
        return True
    text = "".join(tokens[i].text for i in cell.tokens)
    if cell.name in DATES:
        return _WHOLE_DATE.fullmatch(text) is None and len(text) < 10
    return cell.name not in SINGLE and _UNFINISHED.fullmatch(text) is not None


def _repeated(labelled: Labelled, cell: _Cell) -> list[_Cell]:
    """A block of words parted where its lines say the same again: cells of one column without a gap between them."""
    lines: dict[int, list[int]] = {}
    for i in cell.tokens:
        lines.setdefault(labelled.tokens[i].line, []).append(i)
    parts = list(lines.values())
    said = [" ".join(labelled.texts(part)).casefold() for part in parts]
    for period in range(1, len(said) // 2 + 1):
        if len(said) % period == 0 and all(said[k] == said[k % period] for k in range(len(said))):
            groups = [[i for part in parts[k : k + period] for i in part] for k in range(0, len(parts), period)]
            out = [_Cell(cell.name, group) for group in groups]
            for mark in cell.marks:
                line = labelled.tokens[mark].line
                owner = next((c for c in out if labelled.tokens[c.tokens[-1]].line >= line), out[-1])
                owner.marks.append(mark)
            return out
    return [cell]


def _apart(labelled: Labelled, cells: list[_Cell], count: int) -> list[_Cell]:
    """Titles of which there are `count`: where there are fewer, blocks of lines parted into them, if that adds up.

    A line begins a title where its first word begins another; else every line is one.
    """
    if len(cells) >= count:
        return cells
    firsts = Counter(labelled.tokens[cell.tokens[0]].text.casefold() for cell in cells)
    for begins in (lambda word: word.casefold() in firsts, lambda word: word[:1].isupper()):
        out: list[_Cell] = []
        for cell in cells:
            line = labelled.tokens[cell.tokens[0]].line
            parts = [_Cell(cell.name, [cell.tokens[0]])]
            for index in cell.tokens[1:]:
                token = labelled.tokens[index]
                if token.line != line and begins(token.text):
                    parts.append(_Cell(cell.name, [index]))
                else:
                    parts[-1].tokens.append(index)
                line = token.line
            for mark in cell.marks:
                before = [part for part in parts if labelled.rank[part.tokens[0]] < labelled.rank[mark]]
                (before or parts)[-1 if before else 0].marks.append(mark)
            out += parts
        if len(out) == count:
            return out
    return cells


def _in_order(labelled: Labelled, cells: list[_Cell], columns: dict[str, list[_Cell]]) -> list[_Cell]:
    """All cells of the columns in reading order."""
    known = {id(cell): place for place, cell in enumerate(cells)}
    if all(id(cell) in known for column in columns.values() for cell in column):
        return cells
    return sorted((c for column in columns.values() for c in column), key=lambda c: labelled.rank[c.tokens[0]])


# Dealing -------------------------------------------------------------------------------------------------------------


def _row_count(columns: dict[str, list[_Cell]], derivative: bool) -> int | None:
    """How many rows there are: what most of the columns that every row fills agree on; None where they do not."""
    always = ["security_title", "direct_or_indirect"]
    always += ["underlying_security_title"] if derivative else ["shares_owned_following"]
    counts = Counter(len(columns[name]) for name in always if columns[name])
    if not counts:
        return None
    count, votes = counts.most_common(1)[0]
    return count if votes >= 2 else None


def _settle(cells: Sequence[_Cell], columns: dict[str, list[_Cell]], count: int, derivative: bool) -> None:
    """Renames values of two columns of one kind where together, not each by itself, they are as many as they must be.

    Out of its row a date or a letter looks like any other: the tagger takes one column's for the next one's.
    """
    coded = [len(columns[name]) for name in ("transaction_code", "shares")]
    coded += [] if derivative else [len(columns["acquired_disposed"])]
    codes = Counter(coded).most_common(1)[0][0]
    dates = len(columns["transaction_date"]) + len(columns["deemed_execution_date"])
    if codes <= dates <= 2 * codes:
        _part(cells, columns, ("transaction_date", "deemed_execution_date"), (codes, dates - codes))
    if derivative:
        _part(cells, columns, ("security_title", "underlying_security_title"), (count, count))
        _part(cells, columns, ("underlying_security_shares", "shares_owned_following"), (count, count))
    else:
        _part(cells, columns, ("shares", "shares_owned_following"), (codes, count))
        _part(cells, columns, ("acquired_disposed", "direct_or_indirect"), (codes, count))


def _part(
    cells: Sequence[_Cell], columns: dict[str, list[_Cell]], names: tuple[str, str], counts: tuple[int, int]
) -> None:
    """Gives two columns their counts: the one before the other, or in turn, as agrees with most of the labels."""
    first, second = names
    if (len(columns[first]), len(columns[second])) == counts or not counts[0]:
        return
    if len(columns[first]) + len(columns[second]) != sum(counts):
        return
    ours = {id(cell) for name in names for cell in columns[name]}
    both = [cell for cell in cells if id(cell) in ours]
    ways = [[first] * counts[0] + [second] * counts[1]]
    if counts[0] == counts[1]:
        ways.append([first, second] * counts[0])
    agreed, way = max((sum(c.name == n for c, n in zip(both, way, strict=True)), way) for way in ways)
    if agreed < _AGREED * len(both):
        return
    for cell, name in zip(both, way, strict=True):
        cell.name = name
    for name in names:
        columns[name] = [cell for cell in both if cell.name == name]


def _deal(labelled: Labelled, columns: dict[str, list[_Cell]], count: int, derivative: bool) -> None:
    every = ["security_title", "direct_or_indirect", "shares_owned_following"]
    every += ["underlying_security_title", "underlying_security_shares"] if derivative else []
    every += ["conversion_or_exercise_price", "exercise_date", "expiration_date", "nature_of_ownership"]
    for name in every:
        _zip(columns[name], range(count), count)
    codes = len(columns["transaction_code"]) or len(columns["transaction_date"])
    chosen = range(count) if codes == count else _transactions(labelled, columns, codes, count)
    for name in _OF_TRANSACTIONS:
        _zip(columns[name], chosen, codes)
    indirect = [c.row for c in columns["direct_or_indirect"] if c.row is not None and _letter(labelled, c) == "I"]
    columns["nature_of_ownership"] = _apart(labelled, columns["nature_of_ownership"], len(indirect))
    _zip(columns["nature_of_ownership"], indirect, len(indirect))
    traded = [c.row for c in columns["transaction_code"] if c.row is not None and _text(labelled, c) in _PRICED]
    _zip(columns["price_per_share"], traded, len(traded))
    options = [c.row for c in columns["security_title"] if c.row is not None and _OPTION.search(_text(labelled, c))]
    for name in ("conversion_or_exercise_price", "exercise_date", "expiration_date"):
        _zip(columns[name], options, len(options))


def _zip(cells: Sequence[_Cell], rows: Iterable[int], count: int) -> None:
    """Gives values of a column their rows where there is one for each and none has any yet."""
    if len(cells) == count and all(cell.row is None for cell in cells):
        for cell, row in zip(cells, rows, strict=False):
            cell.row = row


def _transactions(labelled: Labelled, columns: dict[str, list[_Cell]], codes: int, count: int) -> tuple[int, ...]:
    """Which rows are transactions, where fewer codes than rows were read; holdings come last where nothing tells."""
    if not 0 < codes < count or comb(count, codes) > _MOST_CHOICES:
        return tuple(range(codes)) if codes < count else ()
    known = {}
    for name in ("shares_owned_following", "direct_or_indirect"):
        for cell in columns[name]:
            if cell.row is not None:
                known[labelled.tokens[cell.tokens[0]].line] = cell.row
    balances = [_number(labelled, cell) for cell in columns["shares_owned_following"]]
    amounts = [_number(labelled, cell) for cell in columns["shares"]]
    full = len(balances) == count and len(amounts) == codes

    def score(rows: tuple[int, ...]) -> float:
        points = -0.01 * sum(rows)
        for name in _OF_TRANSACTIONS:
            if len(columns[name]) == codes:
                lines = [labelled.tokens[cell.tokens[0]].line for cell in columns[name]]
                points += sum(known.get(line, row) == row for line, row in zip(lines, rows, strict=True))
        if full:
            places = dict(zip(rows, amounts, strict=True))
            for row, amount in places.items():
                here, before = balances[row], balances[row - 1] if row else None
                if amount and here is not None and before is not None:
                    points += abs(abs(here - before) - amount) < 0.01
        return points

    return max(combinations(range(count), codes), key=score)


def _row_beside(labelled: Labelled, cell: _Cell, cells: Sequence[_Cell]) -> int | None:
    """The row of a value that its column's count does not place: that of what it shares a line with, else unknown."""
    line = labelled.tokens[cell.tokens[0]].line
    place = next(k for k, other in enumerate(cells) if other is cell)
    order = [*range(place - 1, -1, -1), *range(place + 1, len(cells))]
    near = [cells[k] for k in order if labelled.tokens[cells[k].tokens[0]].line == line]
    left = _LEFT.get(cell.name, ())
    if place and cells[place - 1].name in left and not _in_column(cells, place) and not _in_column(cells, place - 1):
        near.append(cells[place - 1])
    right = _RIGHT.get(cell.name, ())
    alone = not _in_column(cells, place)
    if alone and place + 1 < len(cells) and cells[place + 1].name in right and not _in_column(cells, place + 1):
        near.append(cells[place + 1])
    return next((other.row for other in near if other.row is not None), None)


def _in_column(cells: Sequence[_Cell], place: int) -> bool:
    """Whether a value stands among values of its own field, not between its row's other ones."""
    beside = cells[max(0, place - 1) : place + 2]
    return sum(other.name == cells[place].name for other in beside) > 1


def _text(labelled: Labelled, cell: _Cell) -> str:
    return " ".join(labelled.texts(cell.tokens))


def _letter(labelled: Labelled, cell: _Cell) -> str:
    parsed = parse_direct_indirect(labelled.texts(cell.tokens))
    return str(parsed.value) if parsed is not None else ""


def _number(labelled: Labelled, cell: _Cell) -> float | None:
    parsed = parse_number(labelled.texts(cell.tokens))
    return None if parsed is None or parsed.value is None else float(parsed.value)


def _whole(rows: Sequence[Sequence[Member]], derivative: bool) -> int:
    """How many rows hold all that every row has; rows with less count against."""
    last = {"underlying_security_title"} if derivative else {"shares_owned_following"}
    total = 0
    for row in rows:
        held = {"shares" if name in _SHARES else name for _, name in row}
        complete = held >= {"security_title", "direct_or_indirect", *last}
        complete = complete and ("transaction_code" not in held or {"transaction_date", "shares"} <= held)
        total += 1 if complete else -1
    return total
