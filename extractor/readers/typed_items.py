"""Rows of a table that were typed as lists: "1. Title of Security: Common Stock", "2. Transaction Date: 3/4/99", …

Each list is a row, each of its items a cell: what stands in one item belongs together, and the next row begins where
the items are counted from 1 again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extractor.document import Token

_ITEM = re.compile(r"(\d{1,2})[A-Z]?\.?")
_VALUE = re.compile(r"\$?\d[\d,./]+\d")
_FIRST = "titleof"
_MIN_ITEMS = 4  # of Table I of Form 3
_LONGEST = 60  # lines of one list
_NOT_LETTERS = re.compile(r"[^a-z]+")


def item_rows(
    tokens: Sequence[Token], line: Callable[[int], Sequence[int]], first: int
) -> tuple[list[dict[int, list[list[int]]]], int]:
    """Rows that begin in a line, and the last line of them: the tokens of each item by line and its number.

    None where no values stand in the items: then they are headings that a converter put below each other.
    """
    rows: list[dict[int, list[list[int]]]] = []
    last = first
    while True:
        found, end = _list(tokens, line, first)
        if not found:
            return rows, last
        rows.append(found)
        last = end
        first = next((n for n in range(end + 1, end + 4) if line(n)), end)


def _list(
    tokens: Sequence[Token], line: Callable[[int], Sequence[int]], first: int
) -> tuple[dict[int, list[list[int]]], int]:
    items: dict[int, list[list[int]]] = {}
    current, end = 0, first
    left = 0.0
    for number in range(first, first + _LONGEST):
        indices = list(line(number))
        if not indices:
            break
        start = tokens[indices[0]]
        told = _ITEM.fullmatch(start.text) or re.match(r"(\d{1,2})\.\D", start.text)
        if told and int(told[1]) in (current, current + 1) and (current or _is_title(tokens, indices)):
            current = int(told[1])
            items.setdefault(current, []).append(indices)
            left = start.bbox[0]
        elif current and start.bbox[0] > left + 5:
            items[current].append(indices)
        else:
            break
        end = number
    inside = [tokens[i].text for lines in items.values() for each in lines for i in each]
    if len(items) < _MIN_ITEMS or not any(_VALUE.fullmatch(text) for text in inside):
        return {}, first
    return items, end


def _is_title(tokens: Sequence[Token], indices: Sequence[int]) -> bool:
    letters = _NOT_LETTERS.sub("", "".join(tokens[i].text for i in indices[:5]).lower())
    return tokens[indices[0]].text.startswith("1") and letters.startswith(_FIRST)
