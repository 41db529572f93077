"""The columns of tables on born-digital pages: what stands in one says what a piece of a cell is, rules or none.

A cell that wraps or is cut at its column's edge ("06/04/20" above "23", "$452." above "86") leaves pieces that say
little by themselves, and which price or date of two a value is the tagger guesses from near it. The white corridors
between columns run through all rows, so that the sure labels of a column, and the heading over it, name the doubtful.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from extractor.assembly.captions import follow_captions
from extractor.assembly.cards import are_cards
from extractor.assembly.headings import (
    BARE_MARK,
    FOLLOWS,
    OF_CODE,
    ORDER,
    can_be,
    letters_of,
    lines_of,
    named,
    number_column,
)
from extractor.assembly.item_lists import item_cells
from extractor.assembly.members import WORDED
from extractor.assembly.spans import Labelled
from extractor.assembly.typed_columns import typed_tables
from extractor.labels import OUTSIDE, TABLE_PREFIXES

_CORRIDOR = 0.5  # points; ink no further apart is of one column
_MARGIN = 20.0  # points; headings begin hardly further right than tables
_APART = 6.0  # heights of a line; rows of one table lie nearer to each other
_FIELDS = 3  # different ones on a line, by which a table's row is known
_AGREES = 0.6  # share of a column's labels, by their probability, that must be what it is said to hold
_HEADING = (0.2, 0.5)  # what a heading counts, in labels: by itself, and for each line of its column
_HEAD_LINES = 24
_BESIDE = 4.0  # points that a mark may stand beside its column's heading
_LEADING = 0.9  # heights between two lines of one heading
_DASHES = frozenset("-–—_|")
_HOLDS_VALUE = re.compile(r"\d[/.,-]\d|\d{3}")


@dataclass(slots=True)
class _Strip:
    """The rows of a table on one page: from `top` to `bottom` in points."""

    page: int
    top: float
    bottom: float
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Column:
    """A column's extent in points, the tokens in it that the table's labels name, and the field that it holds."""

    x0: float
    x1: float
    tokens: list[int]
    field: str = ""
    sure: bool = False


def settle_page_columns(labelled: Labelled) -> Labelled:
    """Labels of what stands in the columns of tables on pages with a text layer, by what the columns hold."""
    if labelled.document.kind not in ("pdf_text", "html"):
        return labelled
    labels = list(labelled.tagging.labels)
    taken = {index for table in typed_tables(labelled) for index in table.columns}
    taken |= {index for row in item_cells(labelled).values() for cell in row.values() for index in cell}
    pages = {page.number for page in labelled.document.pages if page.kind in ("pdf_text", "html")}
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, token in enumerate(labelled.tokens):
        if token.page in pages and index not in taken:
            by_page[token.page].append(index)
    for index in _wording(labelled, by_page):
        labels[index] = OUTSIDE
    if labelled.document.kind != "html":
        follow_captions(labelled, by_page, labels)
    if labels != labelled.tagging.labels:
        labelled = labelled.relabelled(list(labels))
    if labelled.document.kind == "html":
        return labelled  # cells are known there
    for prefix in TABLE_PREFIXES:
        strips = [strip for page in sorted(by_page) for strip in _strips(labelled, by_page[page], page, prefix)]
        if not strips:
            continue
        if are_cards(labelled, [(i, labelled.label(i)) for strip in strips for i in strip.members]):
            continue
        columns = _columns(labelled, strips)
        _name(labelled, columns, strips[0], by_page[strips[0].page], prefix)
        for strip in strips:
            for index in by_page[strip.page]:
                if strip.top <= _middle(labelled, index) <= strip.bottom:
                    labels[index] = _settled(labelled, index, columns, prefix)
        if prefix == TABLE_PREFIXES[True]:
            _follow_letters(labelled, strips, labels)
    return labelled if labels == labelled.tagging.labels else labelled.relabelled(labels)


def _wording(labelled: Labelled, by_page: dict[int, list[int]]) -> list[int]:
    """Tokens labelled as a table's in lines that only say what follows below the table."""
    found: list[int] = []
    for line in lines_of(labelled, chain.from_iterable(by_page.values())):
        inside = [i for i in line if labelled.in_table(i)]
        if not inside or not FOLLOWS.fullmatch(" ".join(labelled.texts(line))):
            continue
        rank = labelled.rank[line[0]]
        before = labelled.tokens[labelled.order[rank - 1]].text.lower() if rank else ""
        # "See" above "Footnotes" is a nature of ownership that wrapped, in a column; headings stand at the margin
        at_margin = labelled.document.kind == "html" or labelled.tokens[line[0]].bbox[0] <= _MARGIN + min(
            labelled.tokens[i].bbox[0] for i in by_page[labelled.tokens[line[0]].page] if labelled.in_table(i)
        )
        if before != "see" and at_margin and labelled.tokens[line[0]].cell is None:
            found += inside
    return found


def _middle(labelled: Labelled, index: int) -> float:
    box = labelled.tokens[index].bbox
    return (box[1] + box[3]) / 2


def _height(labelled: Labelled, indices: Iterable[int]) -> float:
    heights = sorted(labelled.tokens[i].bbox[3] - labelled.tokens[i].bbox[1] for i in indices)
    return max(1.0, heights[len(heights) // 2]) if heights else 1.0


def _strips(labelled: Labelled, on_page: Sequence[int], page: int, prefix: str) -> list[_Strip]:
    """Where rows of a table lie on a page; stray labels far from any row are none."""
    members = [i for i in on_page if labelled.label(i).startswith(prefix)]
    if not members:
        return []
    height = _height(labelled, members)
    strips: list[_Strip] = []
    for index in sorted(members, key=lambda i: _middle(labelled, i)):
        box = labelled.tokens[index].bbox
        if not strips or box[1] - strips[-1].bottom > _APART * height:
            strips.append(_Strip(page, box[1], box[3]))
        strips[-1].bottom = max(strips[-1].bottom, box[3])
        strips[-1].members.append(index)
    return [strip for strip in strips if _has_row(labelled, strip)]


def _has_row(labelled: Labelled, strip: _Strip) -> bool:
    fields: dict[int, set[str]] = defaultdict(set)
    for index in strip.members:
        fields[labelled.tokens[index].line].add(labelled.label(index))
    return max(map(len, fields.values())) >= _FIELDS


def _columns(labelled: Labelled, strips: Sequence[_Strip]) -> list[Column]:
    """The table's ink parted by white corridors, pieces of one field's text joined again."""
    members = [index for strip in strips for index in strip.members]
    columns: list[Column] = []
    for index in sorted(members, key=lambda i: labelled.tokens[i].bbox[0]):
        box = labelled.tokens[index].bbox
        if columns and box[0] - columns[-1].x1 <= _CORRIDOR:
            columns[-1].x1 = max(columns[-1].x1, box[2])
            columns[-1].tokens.append(index)
        else:
            columns.append(Column(box[0], box[2], [index]))
    joined = columns[:1]
    for column in columns[1:]:
        before = joined[-1]
        usual = _usual(labelled, before)
        if usual == _usual(labelled, column) and (
            _one_value(labelled, before, column, usual) or _complete(labelled, before, column)
        ):
            before.x1 = column.x1
            before.tokens += column.tokens
        else:
            joined.append(column)
    return joined


def _votes(labelled: Labelled, column: Column) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    for index in column.tokens:
        votes[labelled.label(index).partition(".")[2]] += float(labelled.tagging.probability[index])
    return votes


def _usual(labelled: Labelled, column: Column) -> str:
    votes = _votes(labelled, column)
    return max(votes, key=lambda name: (votes[name], name))


def _one_value(labelled: Labelled, left: Column, right: Column, name: str) -> bool:
    """Whether two columns are one: no more than a blank parts them on some line, and there are no two values there."""
    segment = labelled.tagging.layout.segment
    pieces: dict[int, list[str]] = defaultdict(list)
    for index in left.tokens:
        pieces[int(segment[index])].append(labelled.tokens[index].text)
    beside = [i for i in right.tokens if int(segment[i]) in pieces]
    if name in WORDED:
        return bool(beside)
    return any(
        not (_HOLDS_VALUE.search(labelled.tokens[i].text) and _HOLDS_VALUE.search(" ".join(pieces[int(segment[i])])))
        for i in beside
    )


def _complete(labelled: Labelled, left: Column, right: Column) -> bool:
    """Whether two narrow columns are one whose cells differ in width: they lie close, and no line has both."""
    if right.x0 - left.x1 > _height(labelled, left.tokens):
        return False
    return {labelled.tokens[i].line for i in left.tokens}.isdisjoint(labelled.tokens[i].line for i in right.tokens)


def _name(labelled: Labelled, columns: Sequence[Column], strip: _Strip, on_page: Sequence[int], prefix: str) -> None:
    """Say which field each column holds, by its labels and by the heading over it; no two hold the same."""
    scores: list[tuple[float, int, str]] = []
    shares: list[dict[str, float]] = []
    headed: list[str] = []
    reach = _HEAD_LINES * max(_height(labelled, column.tokens) for column in columns)
    near = [i for i in on_page if -1.0 <= strip.top - labelled.tokens[i].bbox[3] < reach]
    for place, column in enumerate(columns):
        votes = _votes(labelled, column)
        total = sum(votes.values())
        shares.append({name: value / total for name, value in votes.items()})
        headed.append(_heading(labelled, columns, place, strip, near, prefix))
        if name := headed[-1]:
            lines = len({labelled.tokens[i].line for i in column.tokens})
            votes[name] += _HEADING[0] + _HEADING[1] * lines
            shares[-1][name] = max(_AGREES, shares[-1].get(name, 0.0))
        scores += [(score, -place, name) for name, score in votes.items()]
    given: set[str] = set()
    for _, place, name in sorted(scores, reverse=True):
        column = columns[-place]
        if not column.field and name not in given:
            column.field = name
            column.sure = shares[-place][name] >= _AGREES
            given.add(name)
    order = ORDER[prefix == TABLE_PREFIXES[True]]
    for place, column in enumerate(columns):
        name = headed[place]
        free = column.field and name and name not in given
        if free and not _fits(columns, place, column.field, order) and _fits(columns, place, name, order):
            given.add(name)
            column.field, column.sure = name, True
    for place, column in enumerate(columns):
        if column.field:
            continue
        for other in columns[max(0, place - 1) : place + 2]:
            left, right = sorted((column, other), key=lambda c: c.x0)
            if other.sure and _one_value(labelled, left, right, other.field):
                column.field, column.sure = other.field, True
        lacking = [name for name in order if name not in given and _fits(columns, place, name, order)]
        texts = labelled.texts(column.tokens)
        if not column.field and len(lacking) == 1 and all(can_be(lacking[0], text) for text in texts):
            column.field, column.sure = lacking[0], True


def _fits(columns: Sequence[Column], place: int, name: str, order: Sequence[str]) -> bool:
    """Whether a field stands in the form between those of the columns to the left and to the right."""
    if name not in order:
        return True
    before = [order.index(c.field) for c in columns[:place] if c.field in order]
    behind = [order.index(c.field) for c in columns[place + 1 :] if c.field in order]
    return max(before, default=-1) < order.index(name) < min(behind, default=len(order))


def heading_over(labelled: Labelled, index: int, first: int, derivative: bool) -> str:
    """The field that the words above a lone token of a table name; "" for none. `first` is a token of the first row."""
    top, page = labelled.tokens[first].bbox[1], labelled.tokens[first].page
    box = labelled.tokens[index].bbox
    column = Column(box[0] - _BESIDE, box[2] + _BESIDE, [index])
    on_page = [i for i, token in enumerate(labelled.tokens) if token.page == page]
    return _heading(labelled, [column], 0, _Strip(page, top, top), on_page, TABLE_PREFIXES[derivative])


def _heading(
    labelled: Labelled, columns: Sequence[Column], place: int, strip: _Strip, on_page: Sequence[int], prefix: str
) -> str:
    """The field that the words right above a column name; "" for none."""
    tokens, segment, column = labelled.tokens, labelled.tagging.layout.segment, columns[place]
    height = _height(labelled, column.tokens)
    lines: dict[int, list[int]] = defaultdict(list)
    for index in on_page:
        box = tokens[index].bbox
        if -1.0 <= strip.top - box[3] < _HEAD_LINES * height and labelled.label(index) == OUTSIDE:
            lines[tokens[index].line].append(index)
    lowest: list[int] = []
    top = 0.0
    for number in sorted(lines, reverse=True):
        over = {int(segment[i]) for i in lines[number] if _over(labelled, i, column)}
        line = [
            i
            for i in lines[number]
            if int(segment[i]) in over
            and (_over(labelled, i, column) or not any(_over(labelled, i, c) for c in columns if c is not column))
        ]
        if not line:
            continue
        if lowest and top - max(tokens[i].bbox[3] for i in line) > _LEADING * height:
            break
        top = min(tokens[i].bbox[1] for i in line)
        lowest = [*line, *lowest]
    letters = letters_of(labelled, lowest)
    return named(letters, prefix == TABLE_PREFIXES[True])


def _over(labelled: Labelled, index: int, column: Column) -> bool:
    """Whether a word stands over a column's ink."""
    box = labelled.tokens[index].bbox
    return box[0] < column.x1 and box[2] > column.x0


def _settled(labelled: Labelled, index: int, columns: Sequence[Column], prefix: str) -> str:
    """The label of a token within a table's rows."""
    was = labelled.label(index)
    text = labelled.tokens[index].text
    if not (was == OUTSIDE or was.startswith(TABLE_PREFIXES)) or BARE_MARK.fullmatch(text):
        return was
    x = labelled.middle(index)
    column = next((c for c in columns if c.x0 - 1.0 <= x <= c.x1 + 1.0), None)
    if column is None or not column.sure or not column.field:
        return was
    name = was.partition(".")[2]
    if name == column.field or (name in OF_CODE and column.field in OF_CODE):
        return was
    if not can_be(column.field, text) or (was == OUTSIDE and set(text) <= _DASHES):
        return was
    return prefix + column.field


def _follow_letters(labelled: Labelled, strips: Sequence[_Strip], labels: list[str]) -> None:
    """Where Table II has one column of numbers and a letter in another, the letter says what became of the number."""
    numbers = {f"{TABLE_PREFIXES[True]}{name}" for name in ("shares_acquired", "shares_disposed")}
    for strip in strips:
        lines = {labelled.tokens[i].line for i in strip.members if labels[i] in numbers}
        for number in lines:
            line = labelled.line(number)
            letters = [
                i
                for i in line
                if labels[i] == OUTSIDE
                and labelled.tokens[i].text in ("A", "D")
                and heading_over(labelled, i, strip.members[0], derivative=True) == "acquired_disposed"
            ]
            if len(letters) == 1:
                name = number_column(labelled.tokens[letters[0]].text)
                for index in line:
                    if labels[index] in numbers:
                        labels[index] = TABLE_PREFIXES[True] + name
