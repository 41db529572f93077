"""Rows typed as lists of items ("1. Title of Security: …"), to which the reader gave a row and a cell an item each.

The cells say what belongs together. What the tagger missed of a title, and a V behind its own caption, is told by the
item that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE, TABLE_PREFIXES

_FIRST = re.compile(r"1[.,]?(?:Title.*)?")
_CAPTION_ENDS = re.compile(r":|\d{1,2}\)")
_CONNECTIVES = frozenset(("of", "and", "&", "or", "for", "to", "the"))
_TITLE, _CODE = 0, 2  # columns of the items
_LONGEST_TITLE = 12  # words

_VALUE_OF: dict[int, dict[int, str]] = {
    4: {1: "shares_owned_following", 3: "nature_of_ownership"},
    6: {3: "conversion_or_exercise_price", 5: "nature_of_ownership"},
    7: {4: "shares_owned_following", 6: "nature_of_ownership"},
    11: {
        1: "conversion_or_exercise_price",
        7: "price_per_share",
        8: "shares_owned_following",
        10: "nature_of_ownership",
    },
}
"""Items that hold one value, by the number of items: Tables I and II of Form 3, Tables I and II of Forms 4 and 5."""
_UNDERLYING = {6: 2, 11: 6}
"""The item of title and amount of the underlying securities."""
_NUMBER = re.compile(r"\$?(?:\d[\d,]*(?:\.\d+)?|\.\d+|-0-)")

Cells = dict[tuple[int, int], dict[int, list[int]]]
"""Tokens of each item by (table, row)."""


def item_cells(labelled: Labelled) -> Cells:
    """The rows that were typed as lists of items; none where no table is. They have no row of headings above them."""
    if labelled.document.kind not in ("text", "pdf_text"):
        return {}
    cells: Cells = {}
    headed: set[int] = set()
    for index, token in enumerate(labelled.tokens):
        if token.cell is not None:
            table, row, column = token.cell
            if row == 0:
                headed.add(table)
            cells.setdefault((table, row), {}).setdefault(column, []).append(index)
    found = {key: row for key, row in cells.items() if key[0] not in headed}
    tables = {table for table, _ in found}
    for table in tables:
        rows = [row for key, row in found.items() if key[0] == table]
        if not all(_TITLE in row and _FIRST.match(labelled.tokens[row[_TITLE][0]].text) for row in rows):
            found = {key: row for key, row in found.items() if key[0] != table}
    return found


def settle_items(labelled: Labelled) -> Labelled:
    """Labels of titles and of V by the items that they stand in."""
    labels = list(labelled.tagging.labels)
    for row in item_cells(labelled).values():
        given = [labels[i] for cell in row.values() for i in cell if labels[i].startswith(TABLE_PREFIXES)]
        prefixes = [label.partition(".")[0] for label in given]
        if not prefixes:
            continue
        prefix = max(sorted(set(prefixes)), key=prefixes.count)
        _settle_title(labelled, row[_TITLE], labels, f"{prefix}.security_title")
        for cell in row.values():
            for before, index, after in zip(cell, cell[1:], cell[2:], strict=False):
                same = labels[before] == labels[after] and labels[before].endswith("_title")
                if same and labels[index] == OUTSIDE and labelled.tokens[index].text in _CONNECTIVES:
                    labels[index] = labels[before]
        for column, name in _VALUE_OF.get(1 + max(row), {}).items():
            _settle_value(labelled, row.get(column, ()), labels, f"{prefix}.{name}")
        for index in row.get(_UNDERLYING.get(1 + max(row), -1), ()):
            behind = [labelled.tokens[i].text for i in range(max(0, index - 2), index)]
            if behind == ["Shares", ":"] and _NUMBER.fullmatch(labelled.tokens[index].text):
                labels[index] = f"{prefix}.underlying_security_shares"
        for index in row.get(_CODE, ()):
            behind = [labelled.tokens[i].text for i in range(max(0, index - 2), index)]
            if behind == ["V", ":"] and labelled.tokens[index].text == "V" and prefix == "non_derivative":
                labels[index] = f"{prefix}.voluntary"
    return labelled if labels == labelled.tagging.labels else labelled.relabelled(labels)


def _settle_value(labelled: Labelled, cell: Sequence[int], labels: list[str], name: str) -> None:
    """The label of what stands behind the caption of an item, where it is a number, or words of its last line."""
    ends = [k for k, i in enumerate(cell) if _CAPTION_ENDS.fullmatch(labelled.tokens[i].text)]
    behind = list(cell[ends[-1] + 1 :]) if ends else []
    numeric = not name.endswith("nature_of_ownership")
    values = [i for i in behind if labels[i] != "footnote.mark" or labelled.tokens[i].text.endswith("-0-")]
    if numeric and (len(values) != 1 or not _NUMBER.fullmatch(labelled.tokens[values[0]].text)):
        return
    if not numeric and (len(values) > _LONGEST_TITLE or any(labels[i] not in (name, OUTSIDE) for i in values)):
        return
    for index in values:
        labels[index] = name


def _settle_title(labelled: Labelled, cell: Sequence[int], labels: list[str], name: str) -> None:
    named = [i for i in cell if labels[i] == name]
    if named:
        between = [i for i in cell if named[0] < i < named[-1]]
    else:
        ends = [k for k, i in enumerate(cell) if _CAPTION_ENDS.fullmatch(labelled.tokens[i].text)]
        between = list(cell[ends[-1] + 1 :]) if ends else []
    if len(between) > _LONGEST_TITLE:
        return
    for index in between:
        if labels[index] == OUTSIDE:
            labels[index] = name
