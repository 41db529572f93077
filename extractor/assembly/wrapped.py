"""Values wrapped inside the columns of a typed table: what stands below a value in its column belongs to it.

Typists and filing programs before 2003 set the form's tables in columns of a fixed number of characters, with bars or
blanks between them, and broke values wherever the column ended ("2/7/0" above "0", "20,202." above "569"). The parts
on further lines are short and say little by themselves, so the tagger errs on them; their place tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import takewhile

from extractor.assembly.members import MARK, Member
from extractor.assembly.spans import Labelled
from extractor.assembly.typed_columns import TypedTable
from extractor.labels import OUTSIDE

_ALIGNED = 2.5  # points, half a character
_GAP = 1.6  # widths of a character; more than one blank
_FARTHEST = 6  # lines below a row's first: no cell of a typed row is higher
_BAR = "|"
_MIN_BARS = 3
_COLUMNS = 5  # of a row's first line, where columns are taken to be kept
_WHOLE_DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-](?:19|20)?\d\d")
_EVEN = 1.03  # of the widest to the narrowest character
_LETTERS = frozenset(("transaction_code", "acquired_disposed", "direct_or_indirect", "voluntary"))
"""Fields of one letter, which never go on below."""
_RULE = frozenset("-=_ ")
_WORDING = re.compile(
    r"(?i)explanation of resp|foot ?notes?:?$|reminder:|remarks:|persons who resp|table ii?\b"
    r"|\*+\s?(?:signature|intentional)"
)
"""What the form prints below its tables: never part of a row, though it begins where titles do."""


def follow_columns(labelled: Labelled, groups: list[list[Member]], tables: Sequence[TypedTable]) -> list[list[Member]]:
    """Rows with the further lines of their cells dealt out by column, where a typed table kept its columns.

    `tables` are those whose columns are known.

    A piece that begins exactly where a cell of the row's first line begins, and no other, is of that cell. Marks stay
    marks. Tabbed lines have no columns of characters.
    """
    if labelled.document.kind == "html":
        return groups
    whole, groups = _by_table(labelled, groups, tables)
    if labelled.document.kind == "text" and "\t" in labelled.document.text:
        return in_order(labelled, [*whole, *groups]) if whole else groups
    groups = _whole_rows(labelled, groups)
    firsts = [_first_line(labelled, group) for group in groups]
    out = []
    for place, (group, first) in enumerate(zip(groups, firsts, strict=True)):
        if first is None or _in_one_row(labelled, group):
            out.append(group)
            continue
        end = min([first + _FARTHEST, *(line for line in firsts[place + 1 :] if line is not None and line > first)])
        below = [labelled.line(number) for number in range(first + 1, end + 1)]
        mine = below[: end - first - 1]
        if _is_barred(labelled, labelled.line(first)) or any(_is_rule(labelled, line) for line in below):
            if not any(_is_rule(labelled, line) for line in below):
                mine = list(takewhile(bool, mine))  # else empty lines say nothing: rows end at rules
            out.append(_dealt(labelled, group, first, mine))
        elif _is_typed(labelled, labelled.line(first)):
            # without bars or rules, a line below may be the beginning of the next row
            going_on = list(takewhile(partial(_hangs, labelled, group), mine))
            out.append(_dealt(labelled, group, first, going_on))
        else:
            out.append(group)
    return in_order(labelled, [*whole, *out]) if whole else out


def in_order(labelled: Labelled, groups: list[list[Member]]) -> list[list[Member]]:
    """Rows in the order in which they are read."""
    return sorted(groups, key=lambda group: labelled.rank[group[0][0]])


def _by_table(
    labelled: Labelled, groups: list[list[Member]], tables: Sequence[TypedTable]
) -> tuple[list[list[Member]], list[list[Member]]]:
    """The rows of typed tables whose columns are known, and the groups of members that are in none of these."""
    place = {i: (n, k) for n, table in enumerate(tables) for k, row in enumerate(table.rows) for i in row}
    rows: dict[tuple[int, int], list[Member]] = {}
    rest: list[list[Member]] = []
    for group in groups:
        others: list[Member] = []
        for member in group:
            if member[0] in place:
                rows.setdefault(place[member[0]], []).append(member)
            else:
                others.append(member)
        if others:
            rest.append(others)
    return [sorted(row, key=lambda m: labelled.rank[m[0]]) for _, row in sorted(rows.items())], rest


def _whole_rows(labelled: Labelled, groups: list[list[Member]]) -> list[list[Member]]:
    """Groups that are but further lines of the row before them joined to it."""
    out: list[list[Member]] = []
    for group in groups:
        first = _first_line(labelled, out[-1]) if out else None
        numbers = sorted({labelled.tokens[index].line for index, _ in group})
        if (
            first is not None
            and first < numbers[0]
            and numbers[-1] - first <= _FARTHEST
            and _is_typed(labelled, labelled.line(first))
            and not any(_is_rule(labelled, labelled.line(number)) for number in range(first, numbers[-1]))
            and all(_hangs(labelled, out[-1], labelled.line(number)) for number in numbers)
        ):
            out[-1] = sorted([*out[-1], *group], key=lambda member: labelled.rank[member[0]])
        else:
            out.append(group)
    return out


def _in_one_row(labelled: Labelled, group: Sequence[Member]) -> bool:
    """Whether the reader put several lines into one row of cells: these tell more than where its lines begin."""
    tokens = [labelled.tokens[i] for i, _ in group]
    rows = {token.cell[:2] if token.cell is not None else None for token in tokens}
    return len(rows) == 1 and None not in rows and len({token.line for token in tokens}) > 1


def _first_line(labelled: Labelled, group: Sequence[Member]) -> int | None:
    """The line on which most of a row's fields begin; None for rows that hold hardly anything."""
    fields: dict[int, set[str]] = {}
    for index, name in group:
        if name != MARK:
            fields.setdefault(labelled.tokens[index].line, set()).add(name)
    if not fields:
        return None
    line = min(fields, key=lambda n: (-len(fields[n]), n))
    return line if len(fields[line]) >= 3 else None


def _dealt(labelled: Labelled, group: list[Member], first: int, below: Sequence[list[int]]) -> list[Member]:
    tokens = labelled.tokens
    names = dict(group)
    lefts: dict[str, float] = {}
    for index, name in group:
        if tokens[index].line == first and name != MARK:
            lefts[name] = min(lefts.get(name, float("inf")), tokens[index].bbox[0])
    changed = dict(names)
    typed = labelled.document.kind == "text"  # on a scan the bars lean
    bars = _bars(labelled, labelled.line(first)) if typed else []
    for line in below:
        if _is_rule(labelled, line) or _is_wording(labelled, line):
            break  # a drawn line ends the row, and so does what the form prints below the table
        ended = not any(abs(a - b) <= _ALIGNED for a in bars for b in _bars(labelled, line))
        if line and len(bars) >= _MIN_BARS and ended:
            break  # a typist's bars go on in each line of the row; OCR's do not
        if not all(i in names or labelled.label(i) in (OUTSIDE, "footnote.mark") or labelled.in_table(i) for i in line):
            break
        for run in _runs(labelled, line):
            at = tokens[run[0]].bbox[0]
            near = [name for name, left in lefts.items() if abs(left - at) <= _ALIGNED]
            if len(near) != 1:
                continue
            for index in run:
                if names.get(index) != MARK and labelled.label(index) != "footnote.mark":
                    changed[index] = near[0]
    return [(i, changed[i]) for i in sorted(changed, key=labelled.rank.__getitem__)]


def _is_rule(labelled: Labelled, line: Sequence[int]) -> bool:
    return bool(line) and all(set(labelled.tokens[i].text) <= _RULE for i in line)


def _is_wording(labelled: Labelled, line: Sequence[int]) -> bool:
    return _WORDING.match(" ".join(labelled.texts(line))) is not None


def _is_barred(labelled: Labelled, line: Sequence[int]) -> bool:
    return len(_bars(labelled, line)) >= _MIN_BARS


def _bars(labelled: Labelled, line: Sequence[int]) -> list[float]:
    """The left edges of the bars that stand alone in a line, in points."""
    return [labelled.tokens[i].bbox[0] for i in line if labelled.tokens[i].text == _BAR]


def _is_typed(labelled: Labelled, line: Sequence[int]) -> bool:
    """Whether a line was typed in columns: all characters are equally wide, and gaps or bars part its values."""
    pitches = [labelled.pitch(i) for i in line]
    return len(_runs(labelled, line)) >= _COLUMNS and max(pitches) <= _EVEN * min(pitches)


def _hangs(labelled: Labelled, group: Sequence[Member], line: Sequence[int]) -> bool:
    """Whether a line only goes on with values of a row: nothing below its letters, and all in columns of the row."""
    tokens = labelled.tokens
    if _is_wording(labelled, line):
        return False
    number = tokens[line[0]].line if line else -1
    columns = [(tokens[i].bbox[0], name) for i, name in group if tokens[i].line < number and name != MARK]
    title = [tokens[i].text for i, name in group if name == "security_title" and tokens[i].line < number]
    for run in _runs(labelled, line):
        at = tokens[run[0]].bbox[0]
        texts = labelled.texts(run)
        if texts[:1] == title[:1] or (len(texts) == 1 and texts[0] in ("A", "D", "I")):
            return False  # another row of the same security
        if any(_WHOLE_DATE.fullmatch(text) for text in texts):
            return False
        names = {name for left, name in columns if abs(left - at) <= _ALIGNED}
        if not names or (names & _LETTERS and labelled.label(run[0]) != "footnote.mark"):
            return False
    return bool(line)


def _runs(labelled: Labelled, line: Sequence[int]) -> list[list[int]]:
    """Stretches of a line without a bar or a gap of two blanks in them."""
    tokens = labelled.tokens
    runs: list[list[int]] = []
    before: int | None = None
    for index in line:
        if tokens[index].text == _BAR:
            before = None
            continue
        if before is None or tokens[index].bbox[0] - tokens[before].bbox[2] > _GAP * labelled.pitch(before):
            runs.append([])
        runs[-1].append(index)
        before = index
    return runs
