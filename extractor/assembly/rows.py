"""Groups the labelled tokens of one table into its rows.

Three kinds of evidence, strongest first: cells that the reader knew (HTML, ruled grids, tabs), the geometry of lines,
and, in text that lost its layout, the order of columns. A row is anchored by its short cells (code, date, A/D, D/I),
which are one line high; titles and natures wrap around them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from extractor.assembly.cards import are_cards, group_cards
from extractor.assembly.columnwise import rows_by_column
from extractor.assembly.cuts import split_at_anchors
from extractor.assembly.item_lists import item_cells
from extractor.assembly.members import ANCHORS, COLUMNS, LATE, MARK, SINGLE, SUPPORT, WORDED, WRAPPING, Member
from extractor.assembly.spans import Labelled
from extractor.assembly.torn import mend_torn

_COLUMN = {name: place for place, name in enumerate(COLUMNS)}
_MOST_LINES = 0.5
_APART = 2.2  # times the height of print; lines of one cell are closer
_PIECES = 1.3  # heights of a line; pieces of cut cells stand no further from the line that their row has its letters on
_TABLE_1_PRICE = 10.5  # in Table I the price stands behind (A) or (D)


def group_rows(labelled: Labelled, members: Sequence[Member], derivative: bool) -> list[list[Member]]:
    """Rows in page order, each its members in reading order. `members` must be in reading order."""
    if not members:
        return []
    listed = {index for row in item_cells(labelled).values() for cell in row.values() for index in cell}
    if all(index in listed for index, _ in members):
        return _by_cell(labelled, members, derivative)
    if are_cards(labelled, members):
        return group_cards(labelled, members)
    if labelled.row_of is not None:
        return _by_number(labelled.row_of, members)
    tokens = labelled.tokens
    in_cells = sum(tokens[i].cell is not None for i, _ in members)
    typed = labelled.document.kind == "text"
    if in_cells >= (0.95 if typed else 0.8) * len(members):
        rows = _by_cell(labelled, members, derivative)
    elif typed and not in_cells and _centred(labelled, members):
        rows = _by_geometry(labelled, members, _begins_row)
    elif typed and (_starts_over(labelled, members) or not _has_columns(labelled, members)):
        rows = _by_sequence(labelled, members, derivative)
        if not _starts_over(labelled, members):
            rows = _wrapped_anew(labelled, members, rows)
    else:
        rows = _by_geometry(labelled, members)
    out: list[list[Member]] = []
    for row in rows:
        out += _split_crowded(labelled, row)
    merged = _merge_fragments(labelled, out)
    if not typed:
        return merged
    if not in_cells:
        merged = rows_by_column(labelled, members, derivative, merged)
    return mend_torn(labelled, members, merged, derivative)


def _by_number(row_of: dict[int, int], members: Sequence[Member]) -> list[list[Member]]:
    rows: dict[int, list[Member]] = {}
    for index, name in members:
        if index in row_of:
            rows.setdefault(row_of[index], []).append((index, name))
    return [rows[number] for number in sorted(rows)]


def _by_cell(labelled: Labelled, members: Sequence[Member], derivative: bool) -> list[list[Member]]:
    tokens = labelled.tokens
    rows: dict[tuple[int, int, int], list[Member]] = {}
    last: tuple[int, int, int] | None = None
    for index, name in members:
        token = tokens[index]
        if token.cell is not None:
            key = (token.page, token.cell[0], token.cell[1])
        elif last is not None:
            key = last
        else:
            key = (token.page, -1, -token.line - 1)
        rows.setdefault(key, []).append((index, name))
        last = key
    found = list(rows.values())
    if labelled.document.kind == "pdf_text":
        found = _without_strays(labelled, found)
    return _join_continued(found, derivative) if labelled.document.kind == "text" else found


def _without_strays(labelled: Labelled, rows: list[list[Member]]) -> list[list[Member]]:
    """Rows without what stands in no cell above or below all the cells of its page: names that sign, headings."""
    tokens = labelled.tokens
    reach: dict[int, tuple[float, float]] = {}
    for index in (i for row in rows for i, _ in row):
        token = tokens[index]
        if token.cell is not None:
            top, bottom = reach.get(token.page, (float("inf"), 0.0))
            reach[token.page] = min(top, token.bbox[1]), max(bottom, token.bbox[3])

    def is_stray(index: int) -> bool:
        token = tokens[index]
        if token.cell is not None or token.page not in reach:
            return False
        top, bottom = reach[token.page]
        return token.bbox[1] > bottom or token.bbox[3] < top

    kept = [[member for member in row if not is_stray(member[0])] for row in rows]
    return [row for row in kept if row]


def _join_continued(rows: list[list[Member]], derivative: bool) -> list[list[Member]]:
    """Joins to a row what only goes on with it: a line end inside a cell cut the row of the table in two.

    Such a rest holds no cell that the row before has, and all its columns come behind that row's.
    """
    out: list[list[Member]] = []
    for row in rows:
        names = {name for _, name in row if name != MARK}
        if out and names and not names & {"security_title", "transaction_date", "transaction_code"}:
            there = {name for _, name in out[-1] if name not in WRAPPING}
            short = {name for name in names if name not in WRAPPING}
            ends_in_text = next((n for _, n in reversed(out[-1]) if n != MARK), "") in WORDED
            behind = short and min(_column(n, derivative) for n in short) > max(
                (_column(n, derivative) for n in there), default=-1.0
            )
            if behind and ends_in_text and "direct_or_indirect" not in there:
                out[-1].extend(row)
                continue
        out.append(row)
    return out


def _has_columns(labelled: Labelled, members: Sequence[Member]) -> bool:
    """Whether a text kept its columns: lines of the table hold several stretches apart from each other.

    Where titles wrap over many lines few of all lines do, but nearly all of those with a row's short cells.
    """
    segment, tokens = labelled.tagging.layout.segment, labelled.tokens
    per_line: dict[int, set[int]] = defaultdict(set)
    anchored: set[int] = set()
    for index, name in members:
        line = tokens[index].line
        per_line[line].add(int(segment[index]))
        if name in ANCHORS:
            anchored.add(line)
    apart = sum(len(s) >= 3 for s in per_line.values())
    return apart >= max(1, min(0.25 * len(per_line), 0.75 * len(anchored)))


def _wrapped_anew(labelled: Labelled, members: Sequence[Member], rows: list[list[Member]]) -> list[list[Member]]:
    """Rows found by the sequence, with titles and natures dealt to them by how their lines lie and read.

    Where cells are centred, the first lines of a nature stand above its row, which no sequence tells. Only where the
    lines part the short cells into the same rows.
    """

    def short(row: Sequence[Member]) -> list[Member]:
        return [(i, name) for i, name in row if name in ANCHORS or name in ("shares", "shares_owned_following")]

    lines = [labelled.tokens[i].line for i, name in members if name != MARK]
    anchored = [labelled.tokens[i].line for row in rows for i, _ in short(row)]
    if not anchored or (min(lines) == min(anchored) and max(lines) > max(anchored)):
        return rows  # nothing above the first row and something below the last: cells begin with their rows
    by_line = _by_geometry(labelled, members)
    return by_line if [short(row) for row in by_line] == [short(row) for row in rows] else rows


def _starts_over(labelled: Labelled, members: Sequence[Member]) -> bool:
    """Whether a line of text holds more than one row: a cell of one letter or a date comes again behind others."""
    before: dict[int, str] = {}
    seen: dict[tuple[int, str], int] = defaultdict(int)
    lines: set[int] = set()
    for index, name in members:
        line = labelled.tokens[index].line
        if name in ("transaction_code", "transaction_date", "direct_or_indirect") and before.get(line) != name:
            seen[line, name] += 1
        if name != MARK:
            before[line] = name
        lines.add(line)
    twice = {line for (line, _), count in seen.items() if count > 1}
    return len(twice) > 0.5 * len(lines)


def _by_geometry(
    labelled: Labelled, members: Sequence[Member], is_anchor: Callable[[Sequence[Member]], bool] | None = None
) -> list[list[Member]]:
    rows: list[list[Member]] = []
    by_page: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        by_page[labelled.tokens[member[0]].page].append(member)
    for page in sorted(by_page):
        cut_off, own = _cut_off(labelled, by_page[page]) if rows else ([], by_page[page])
        if cut_off:
            rows.append(cut_off)
        rows += split_at_anchors(labelled, own, is_anchor or _anchors_of(labelled, own))
    return rows


def _cut_off(labelled: Labelled, members: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """The rest of wrapped words at the head of a page, which the row before the page's end goes on with, and all else.

    Where cells are centred such words stand above their own row too, but close to it.
    """
    tokens = labelled.tokens
    titles = [tokens[i] for i, name in members if name == "security_title"]
    boxes = [tokens[i].bbox for i, _ in members]
    if not titles or any(box is None for box in boxes):
        return [], list(members)
    first = min(titles, key=lambda token: token.line)
    before = [(i, name) for i, name in members if tokens[i].line < first.line]
    if not before or any(name not in WORDED and name != MARK for _, name in before):
        return [], list(members)
    heights = sorted(box[3] - box[1] for box in boxes)
    gap = first.bbox[1] - max(tokens[i].bbox[1] for i, _ in before)
    if gap < _APART * heights[len(heights) // 2]:
        return [], list(members)
    return before, [member for member in members if tokens[member[0]].line >= first.line]


def _anchors_of(labelled: Labelled, members: Sequence[Member]) -> Callable[[Sequence[Member]], bool]:
    """Which lines of a page anchor a row.

    Where cells of a page are cut in mid-value, pieces of amounts and dates fill lines of their own, close to the one
    that holds the row's letters: letters are never cut.
    """
    tokens = labelled.tokens
    if labelled.document.kind != "pdf_text":
        return _is_anchor
    lettered = [tokens[i].bbox for i, name in members if name in SINGLE]

    def is_anchor(line: Sequence[Member]) -> bool:
        if not _is_anchor(line) or any(name in SINGLE for _, name in line):
            return _is_anchor(line)
        boxes = [tokens[i].bbox for i, _ in line]
        top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
        reach = _PIECES * (bottom - top)
        return not any(box[1] - bottom < reach and top - box[3] < reach for box in lettered)

    return is_anchor


def _centred(labelled: Labelled, members: Sequence[Member]) -> bool:
    """Whether plain text goes line by line over a page whose cells are centred.

    Then words of a row's later columns stand above its line. Those of the title alone stand there in text that goes
    cell by cell, too.
    """
    by_line: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        by_line[labelled.tokens[member[0]].line].append(member)
    short = [number for number, line in by_line.items() if any(name in ANCHORS | SUPPORT for _, name in line)]
    whole = [number for number in short if _begins_row(by_line[number])]
    if not whole or len(whole) < _MOST_LINES * len(short):
        return False
    worded = [number for number, line in by_line.items() if number not in short and any(n in LATE for _, n in line)]
    return bool(worded) and min(worded) < whole[0] and not _starts_over(labelled, members)


def _begins_row(line: Sequence[Member]) -> bool:
    """Whether a line of text holds a row: a title with numbers, or the numbers of one that wrapped."""
    names = {name for _, name in line}
    numbers = names & (ANCHORS | SUPPORT)
    return ("security_title" in names and bool(numbers)) or _is_anchor(line)


def _is_anchor(line: Sequence[Member]) -> bool:
    names = {name for _, name in line}
    return (
        len(names & ANCHORS) >= 2 or bool(names & SINGLE and len(names) >= 2) or len(names & (ANCHORS | SUPPORT)) >= 3
    )


def _by_sequence(labelled: Labelled, members: Sequence[Member], derivative: bool) -> list[list[Member]]:
    """A new row begins where the columns start over.

    Where text goes line by line over the page, a title's further lines follow its row; where it goes cell by cell, they
    all come before it. The table's first row tells which of the two it is.
    """
    tokens = labelled.tokens
    anchor_lines = {tokens[i].line for i, name in members if name in ANCHORS}
    first_title = next((i for i, name in members if name == "security_title"), None)
    titles_follow = first_title is not None and tokens[first_title].line in anchor_lines
    rows: list[list[Member]] = []
    filled: dict[str, int] = {}  # field -> line on which it was last met
    furthest = -1.0
    for index, name in members:
        if name == MARK:
            if not rows:
                rows.append([])
            rows[-1].append((index, name))
            continue
        line = tokens[index].line
        column = _column(name, derivative)
        anchored = bool(ANCHORS & filled.keys())
        if name == "security_title":
            starts = anchored and not (titles_follow and line not in anchor_lines)
            starts = starts and not (filled.get(name) == line and _last_name(rows[-1]) == name)
        else:
            starts = (
                column < furthest and name in filled and not (filled[name] == line and _last_name(rows[-1]) == name)
            )
            starts = starts and name not in WRAPPING
        if starts or not rows:
            rows.append([])
            filled, furthest = {}, -1.0
        filled[name] = line
        if name not in WRAPPING:
            furthest = max(furthest, column)
        rows[-1].append((index, name))
    return rows


def _last_name(row: Sequence[Member]) -> str | None:
    return next((name for _, name in reversed(row) if name != MARK), None)


def _column(name: str, derivative: bool) -> float:
    if name == "price_per_share" and not derivative:
        return _TABLE_1_PRICE
    return float(_COLUMN.get(name, 0))


def _split_crowded(labelled: Labelled, row: list[Member]) -> list[list[Member]]:
    """A cell can hold several rows where rules are missing between them; then geometry or the sequence decides."""
    counts: dict[str, set[int]] = defaultdict(set)
    for index, name in row:
        if name in ANCHORS:
            counts[name].add(labelled.tokens[index].line)
    crowded = sum(len(lines) >= 2 for name, lines in counts.items() if name in SINGLE or name == "transaction_date")
    if crowded < 2:
        return [row]
    parts = _by_geometry(labelled, row)
    return parts if len(parts) > 1 else [row]


def _merge_fragments(labelled: Labelled, rows: list[list[Member]]) -> list[list[Member]]:
    """Rows without any short cell are the rest of a row that a page's end or a wrapped cell cut off."""
    out: list[list[Member]] = []
    waiting: list[Member] = []
    for row in rows:
        if not _is_fragment(labelled, row, out[-1] if out else ()):
            out.append([*waiting, *row])
            waiting = []
        elif out:
            out[-1].extend(row)
        else:
            waiting.extend(row)
    if waiting and not out:
        return [waiting]
    return out


def _is_fragment(labelled: Labelled, row: Sequence[Member], before: Sequence[Member]) -> bool:
    """Whether a row has nothing of its own; what stands for D or I below that of the row before is no letter of its own
    where nothing but the rest of wrapped cells stands beside it.
    """
    names = {name for _, name in row}
    single = names & SINGLE
    if single and not (
        labelled.document.kind not in ("text", "html")  # whose rows are known where cells are
        and single == {"direct_or_indirect"} <= {name for _, name in before}
        and not names & {"shares_owned_following", "price_per_share"}
        and _first_word(labelled, row) not in (None, _first_word(labelled, before))
    ):
        return False
    values = [labelled.tokens[i].text for i, name in row if name in (ANCHORS | SUPPORT)]
    return not any(len(re.sub(r"\W", "", text)) > 3 for text in values)


def _first_word(labelled: Labelled, row: Sequence[Member]) -> str | None:
    return next((labelled.tokens[i].text for i, name in row if name == "security_title"), None)
