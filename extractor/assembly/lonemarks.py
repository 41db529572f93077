"""Cells that hold nothing but footnote marks: which column they stand in.

"(3)" under "Date Exercisable" says that a footnote tells the date. No value tells the column then: other rows of the
table do, and the headings above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from extractor.assembly.members import MARK, Member
from extractor.assembly.spans import Labelled
from extractor.assembly.values import parse_marks
from extractor.labels import OUTSIDE
from extractor.record import Field, Row

_NEAR = 25.0  # points between the middles of two cells of a column
_UNDER = 40.0  # and of a cell and its heading
_ABOVE = 260  # tokens: headings of a table lie within that many before its first value

# A word of the heading that no other column of the table has, by table. The last one above the rows counts.
_HEADINGS: dict[bool, tuple[tuple[str, str], ...]] = {
    False: (("price", "price_per_share"), ("code", "transaction_code")),
    True: (
        ("conversion", "conversion_or_exercise_price"),
        ("exercisable", "exercise_date"),
        ("expiration", "expiration_date"),
        ("expires", "expiration_date"),
        ("code", "transaction_code"),
    ),
}


def column_of_mark(labelled: Labelled, group: Sequence[Member], mark: int) -> str:
    """The field under whose value a mark stands, wrapped onto a line without it; "" for a mark beside a value."""
    tokens = labelled.tokens
    at = tokens[mark]
    height = max(1.0, at.bbox[3] - at.bbox[1])
    boxes: dict[str, list[float]] = {}
    for index, name in group:
        token = tokens[index]
        if name == MARK or token.page != at.page:
            continue
        if token.line == at.line:
            if -1.0 <= at.bbox[0] - token.bbox[2] < height:
                return ""
            continue
        box = boxes.setdefault(name, [*token.bbox])
        boxes[name] = [min(box[0], token.bbox[0]), min(box[1], token.bbox[1]), max(box[2], token.bbox[2]), box[3]]
    near = [
        (abs(at.bbox[0] - x0), name)
        for name, (x0, top, x1, _) in boxes.items()
        if top < at.bbox[1] and x0 - 3.0 <= at.bbox[0] <= x1 + 1.0
    ]
    return min(near)[1] if near else ""


def place_lone_marks(
    labelled: Labelled,
    rows: Sequence[tuple[Row, Sequence[Member]]],
    lone: Sequence[Sequence[int]],
    derivative: bool,
) -> None:
    """Give the marks that hang on no value (`lone`, token indices by row) to the empty cells they stand in."""
    if not any(lone):
        return
    columns = _columns_of(labelled, [group for _, group in rows])
    first = min((labelled.rank[i] for _, group in rows for i, name in group if name != MARK), default=0)
    headings = _headings(labelled, first, derivative)
    for (row, _), marks in zip(rows, lone, strict=True):
        for index in marks:
            x = labelled.middle(index)
            near = [(abs(x - column), name) for name, column in columns.items() if abs(x - column) < _NEAR]
            near += [
                (abs(x - column), name)
                for name, column in headings.items()
                if name not in columns and abs(x - column) < _UNDER
            ]
            for _, name in sorted(near):
                if _put(labelled, row, name, index):
                    break


def _put(labelled: Labelled, row: Row, name: str, index: int) -> bool:
    """Whether the cell was free for the mark: empty, or holding marks alone."""
    marks = parse_marks([labelled.tokens[index].text])
    field: Field | None = getattr(row, name)
    if field is None:
        setattr(row, name, labelled.field([index], value=None, marks=marks))
        return True
    if field.value is None:
        field.marks = sorted({*field.marks, *marks})
        return True
    return False


def _columns_of(labelled: Labelled, groups: Sequence[Sequence[Member]]) -> dict[str, float]:
    """The middle of each column by the values that stand in it."""
    found: dict[str, list[float]] = defaultdict(list)
    for group in groups:
        boxes: dict[str, list[float]] = defaultdict(list)
        for index, name in group:
            if name != MARK:
                box = labelled.tokens[index].bbox
                boxes[_field_of(name)] += [box[0], box[2]]
        for name, sides in boxes.items():
            found[name].append((min(sides) + max(sides)) / 2)
    return {name: sum(middles) / len(middles) for name, middles in found.items()}


def _field_of(name: str) -> str:
    return "shares" if name in ("shares_acquired", "shares_disposed") else name


def _headings(labelled: Labelled, first: int, derivative: bool) -> dict[str, float]:
    """Where the headings of columns stand that often hold marks alone."""
    found: dict[str, float] = {}
    for index in labelled.order[max(0, first - _ABOVE) : first]:
        if labelled.label(index) != OUTSIDE:
            continue
        word = labelled.tokens[index].text.strip(".,:;()*").lower()
        for heading, name in _HEADINGS[derivative]:
            if word == heading:
                found[name] = labelled.middle(index)
    return found
