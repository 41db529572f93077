"""Rows of Table I in plain OCR text: one line each, the letters lost, the numbers in their order.

Whole-page OCR keeps the line of a row together. Whatever became of code and letters, what follows the dates is amount,
price and balance from left to right, and a price of zero looks like "so".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.assembly.members import MARK, Member
from extractor.assembly.spans import Labelled

_NUMBER = re.compile(r"[|\[({<]*(\$?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)[^\d\s]{0,3}")
_ZERO = re.compile(r"[|\[(]*[$sS][oO0Q][)\]|r]?")
_AMOUNTS = ("shares", "price_per_share", "shares_owned_following")
_DATES = ("transaction_date", "deemed_execution_date")
_SAME_WORD = 0.7


def order_amounts(labelled: Labelled, group: list[Member]) -> list[Member]:
    """A row of Table I with its amounts named by their order, where the line leaves one reading; else as it is."""
    tokens = labelled.tokens
    dates = [i for i, name in group if name in _DATES]
    amounts = [i for i, name in group if name in _AMOUNTS]
    if not dates or not amounts:
        return group
    line = tokens[dates[-1]].line
    if any(tokens[i].line != line for i in (*dates, *amounts)):
        return group
    in_cells = any(tokens[i].cell is not None for i in (*dates, *amounts))
    if in_cells and not any(tokens[i].text == "|" for i in labelled.line(line)):
        return group  # cells of a table recogniser; bars may be what rules were read as
    named = dict(group)
    numbers: list[int] = []
    zeros: list[int] = []
    index = max(dates) + 1
    while index < len(tokens) and tokens[index].line == line:
        text, name = tokens[index].text, named.get(index)
        match = _NUMBER.fullmatch(text)
        sure = match is not None and (len(match[2]) > 2 or match[1] or name in _AMOUNTS)
        if match is not None and sure and name not in (*_DATES, "nature_of_ownership", MARK):
            numbers.append(index)
        elif _ZERO.fullmatch(text):
            zeros.append(index)
        index += 1
    dealt = _dealt([tokens[i].text for i in numbers], numbers, zeros)
    if dealt is None:
        return group
    kept = [(i, name) for i, name in group if name not in _AMOUNTS and i not in dealt]
    return sorted([*kept, *dealt.items()])


def _dealt(texts: Sequence[str], numbers: Sequence[int], zeros: Sequence[int]) -> dict[int, str] | None:
    priced = [place for place, text in enumerate(texts) if "$" in text]
    if len(numbers) == 3 and priced in ([], [1]):
        return dict(zip(numbers, _AMOUNTS, strict=True))
    if len(numbers) != 2:
        return None
    between = [i for i in zeros if numbers[0] < i < numbers[1]]
    if priced == [0]:
        return dict(zip(numbers, _AMOUNTS[1:], strict=True))
    if priced == [1]:
        return dict(zip(numbers, _AMOUNTS[:2], strict=True))
    if len(between) == 1 and not priced:
        return {numbers[0]: "shares", between[0]: "price_per_share", numbers[1]: "shares_owned_following"}
    return None


def lost_rows(labelled: Labelled, members: Sequence[Member]) -> set[int]:
    """Lines of which only a title is left that begins as the titles above do: rows that reading lost.

    Their words must not be taken for the rest of the title above them.
    """
    tokens = labelled.tokens
    by_line: dict[int, list[Member]] = {}
    for member in members:
        by_line.setdefault(tokens[member[0]].line, []).append(member)
    first_words = [
        tokens[next(i for i, n in found if n == "security_title")].text.casefold()
        for found in by_line.values()
        if any(n == "security_title" for _, n in found) and any(n in _DATES for _, n in found)
    ]
    out: set[int] = set()
    for line, found in by_line.items():
        names = {name for _, name in found}
        titles = [i for i, name in found if name == "security_title"]
        if not titles or names & {*_DATES, *_AMOUNTS, "transaction_code", "direct_or_indirect"}:
            continue
        first = tokens[titles[0]]
        starts = titles[0] == 0 or tokens[titles[0] - 1].line != first.line
        goes_on = len(labelled.line(line)) > len(titles) + 3
        if starts and goes_on and first.text.casefold() in first_words:
            out.add(line)
    return out
