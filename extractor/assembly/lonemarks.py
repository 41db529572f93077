"""Cells that hold nothing but footnote marks: which column they stand in.

"(3)" under "Date Exercisable" says that a footnote tells the date. No value tells the column then: other rows of the
table do, and the headings above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from extractor.assembly.cards import are_cards, caption_of
from extractor.assembly.headings import ORDER, letters_of, named
from extractor.assembly.members import MARK, Member
from extractor.assembly.page_columns import heading_over
from extractor.assembly.spans import Labelled
from extractor.assembly.values import parse_marks
from extractor.labels import OUTSIDE
from extractor.record import Field, Row

_NEAR = 25.0  # points between the middles of two cells of a column
_UNDER = 40.0  # and of a cell and its heading
_ABOVE = 260  # tokens: headings of a table lie within that many before its first value
_FAR_ABOVE = 500  # and where columns cut their words

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


_CUT_HEADINGS: dict[bool, tuple[tuple[str, str], ...]] = {
    False: (("code", "transaction_code"), ("price", "price_per_share")),
    True: (
        ("conversion", "conversion_or_exercise_price"),
        ("exerciseprice", "conversion_or_exercise_price"),
        ("exercisable", "exercise_date"),
        ("expiration", "expiration_date"),
        ("expires", "expiration_date"),
        ("code", "transaction_code"),
    ),
}
"""The same for headings put together from the pieces that a column's edges left of them."""
_BAR = "|"
_TOUCHING = 1.0  # points; a mark nearer to a value than that hangs on it
_BLANK = 1.6  # widths of a character; a wider gap is more than a blank
_ALIGNED = 1.5  # points between the left edges of what begins in one column of characters


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


def stands_apart(labelled: Labelled, groups: Sequence[Sequence[Member]], last: int, name: str, mark: int) -> bool:
    """Whether a mark behind a value (`last`, of the field `name`) is in a column of its own.

    A bar or more than a blank stands between the two, or the mark begins exactly where another column's values begin.
    """
    tokens = labelled.tokens
    at, before = tokens[mark], tokens[last]
    if at.line != before.line or at.page != before.page or at.bbox[0] - before.bbox[2] < _TOUCHING:
        return False
    if mark - 1 > last and labelled.label(mark - 1) == "footnote.mark":  # "40 (1) (2)"
        if stands_apart(labelled, groups, last, name, mark - 1):
            return True
        before = tokens[mark - 1]
    pitch = labelled.pitch(mark)
    if at.bbox[0] - before.bbox[2] > _BLANK * pitch or any(tokens[i].text == _BAR for i in range(last + 1, mark)):
        return True
    others = [
        other
        for group in groups
        for other, column in group
        if column not in (MARK, name) and abs(tokens[other].bbox[0] - at.bbox[0]) <= _ALIGNED
    ]
    own = {tokens[i].line for group in groups for i, column in group if column == name}
    return len(own) > 1 and any(
        tokens[i].line != at.line and (tokens[i - 1].line != tokens[i].line or _gap(labelled, i) > _TOUCHING)
        for i in others
    )


def _gap(labelled: Labelled, index: int) -> float:
    return labelled.tokens[index].bbox[0] - labelled.tokens[index - 1].bbox[2]


def place_lone_marks(
    labelled: Labelled,
    rows: Sequence[tuple[Row, Sequence[Member]]],
    lone: Sequence[Sequence[int]],
    derivative: bool,
) -> None:
    """Give the marks that hang on no value (`lone`, token indices by row) to the empty cells they stand in."""
    if not any(lone):
        return
    cards = are_cards(labelled, [member for _, group in rows for member in group])
    extents = _extents_of(labelled, [group for _, group in rows])
    columns = _columns_of(labelled, [group for _, group in rows])
    first = min((labelled.rank[i] for _, group in rows for i, name in group if name != MARK), default=0)
    headings = _headings(labelled, first, derivative)
    for (row, _), marks in zip(rows, lone, strict=True):
        ordered = _by_order(labelled, marks, extents, derivative) if labelled.document.kind == "pdf_text" else {}
        for index in marks:
            x = labelled.middle(index)
            near = [(abs(x - column), name) for name, column in columns.items() if abs(x - column) < _NEAR]
            near += [
                (abs(x - column), name)
                for name, column in headings.items()
                if name not in columns and abs(x - column) < _UNDER
            ]
            names = [name for _, name in sorted(near)]
            if cards:
                caption = named(caption_of(labelled, index), derivative)
                names = [caption] if caption else []
            elif labelled.document.kind == "pdf_text":
                over = [
                    name
                    for name, (x0, x1) in extents.items()
                    if x0 < labelled.tokens[index].bbox[2] and labelled.tokens[index].bbox[0] < x1
                ]
                names = [
                    *over,
                    *([ordered[index]] if index in ordered else []),
                    *filter(None, [heading_over(labelled, index, labelled.order[first], derivative)]),
                    *names,
                ]
            headed, barred = _heading_over(labelled, first, index, derivative) if not cards else ("", False)
            if headed:  # between bars it is sure which words stand over a mark, elsewhere nearness is
                names = [headed, *names] if barred else [*names, headed]
            for name in names:
                if _put(labelled, row, _field_of(name), index):
                    columns.setdefault(name, x)  # for the rows below, whose headings may be on another page
                    break


def _by_order(
    labelled: Labelled, marks: Sequence[int], extents: dict[str, tuple[float, float]], derivative: bool
) -> dict[int, str]:
    """The fields of a row's lone marks by the form's order, where just as many columns lack between known ones."""
    order = ORDER[derivative]
    known = [(x0, x1, name) for name, (x0, x1) in extents.items() if name in order]
    gaps: dict[tuple[int, int], list[list[int]]] = defaultdict(list)
    for index in sorted(marks, key=lambda i: labelled.tokens[i].bbox[0]):
        box = labelled.tokens[index].bbox
        left = max((order.index(name) for x0, x1, name in known if x1 <= box[0]), default=-1)
        right = min((order.index(name) for x0, x1, name in known if x0 >= box[2]), default=len(order))
        cells = gaps[left, right]
        if cells and box[0] - labelled.tokens[cells[-1][-1]].bbox[2] <= box[3] - box[1]:
            cells[-1].append(index)  # "(1) (2)" in one cell
        else:
            cells.append([index])
    found: dict[int, str] = {}
    for (left, right), cells in gaps.items():
        lacking = [name for name in order[left + 1 : right] if name not in extents]
        if len(lacking) == len(cells):
            found |= {index: name for cell, name in zip(cells, lacking, strict=True) for index in cell}
    return found


def _heading_over(labelled: Labelled, first: int, mark: int, derivative: bool) -> tuple[str, bool]:
    """The field whose heading stands over a mark, its words cut at the column's edges or not; "" for none that tells.

    A column reaches from bar to bar where bars are typed, which is the second thing told, else half way to what stands
    beside the mark. Of several words the lowest counts: headings of groups stand above those of their columns.
    """
    tokens = labelled.tokens
    at = tokens[mark]
    bars = [tokens[i].bbox for i in labelled.line(at.line) if tokens[i].text == _BAR]
    left = max((box[2] for box in bars if box[2] <= at.bbox[0] + 1.0), default=None)
    right = min((box[0] for box in bars if box[0] >= at.bbox[2] - 1.0), default=None)
    zone = labelled.tagging.layout.zone[mark]
    barred = left is not None and right is not None
    low, high = (left, right) if left is not None and right is not None else (float(zone[0]), float(zone[1]))
    found = []
    for index in labelled.order[max(0, first - _FAR_ABOVE) : first]:
        token = tokens[index]
        inside = low - 1.0 <= labelled.middle(index) <= high + 1.0
        if inside and token.text != _BAR and labelled.label(index) == OUTSIDE:
            found.append(index)
    found.sort(key=lambda i: (tokens[i].line, tokens[i].bbox[0]))
    text = letters_of(labelled, found)
    named = [(text.rfind(word), name) for word, name in _CUT_HEADINGS[derivative] if word in text]
    return max(named)[1] if named else "", barred


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


def _extents_of(labelled: Labelled, groups: Sequence[Sequence[Member]]) -> dict[str, tuple[float, float]]:
    """From where to where the ink of each column reaches, by the values that stand in it."""
    found: dict[str, tuple[float, float]] = {}
    for index, name in (member for group in groups for member in group if member[1] != MARK):
        box, (x0, x1) = labelled.tokens[index].bbox, found.get(_field_of(name), (float("inf"), 0.0))
        found[_field_of(name)] = min(x0, box[0]), max(x1, box[2])
    return found


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
