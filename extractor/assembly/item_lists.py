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
_TITLE, _CODE = 0, 2  # columns of the items
_LONGEST_TITLE = 12  # words

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
        for index in row.get(_CODE, ()):
            behind = [labelled.tokens[i].text for i in range(max(0, index - 2), index)]
            if behind == ["V", ":"] and labelled.tokens[index].text == "V" and prefix == "non_derivative":
                labels[index] = f"{prefix}.voluntary"
    return labelled if labels == labelled.tagging.labels else labelled.relabelled(labels)


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
