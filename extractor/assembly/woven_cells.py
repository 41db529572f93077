"""Cells of Tables I and II in tabbed text that a column's edge went through: numbers and natures put together again.

A recogniser's edge parts every line of a cell at the same place. Of a nature over three lines the left cell then holds
the beginnings ("B 4 P") and the right one the ends ("y 01(k) lan"); of a number, the left one all but its last digit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from extractor.assembly.members import MARK, Member
from extractor.assembly.mending import NATURE_WORDS
from extractor.assembly.seams import is_known, join_pieces
from extractor.assembly.spans import Labelled
from extractor.record import Row

_WOVEN = frozenset(("nature_of_ownership", "direct_or_indirect"))
_HEAD = re.compile(r"\d{1,3}(?:,\d{0,3})*,?")
_WHOLE = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,4})?|[1-9]\d*\.\d{1,4}")


def gather_digits(labelled: Labelled, group: list[Member]) -> list[Member]:
    """A row whose balance takes back the digits of it that an edge left in the title's cell or in column 6's.

    The head of a number goes back only where it and the balance, cut beside a comma, spell one well-formed number; a
    digit under D or I only where that column holds its letter too.
    """
    tokens = labelled.tokens
    balance = [i for i, name in group if name == "shares_owned_following"]
    if not balance or any(tokens[i].cell is None for i in balance):
        return group
    names = dict(group)
    text = "".join(labelled.texts(balance))
    head = balance[0] - 1
    if (
        names.get(head) == "security_title"
        and _beside(labelled, head, balance[0])
        and _HEAD.fullmatch(tokens[head].text)
        and ("," in tokens[head].text or not text[0].isdigit())  # else a class's or series' own number
        and _WHOLE.fullmatch(tokens[head].text + text)
    ):
        names[head] = "shares_owned_following"
    tail = balance[-1] + 1
    forms = [i for i, name in group if name == "direct_or_indirect" and tokens[i].text.strip("()") in ("D", "I")]
    if (
        names.get(tail) == "direct_or_indirect"
        and tokens[tail].text.isdigit()
        and any(i > tail for i in forms)
        and _beside(labelled, balance[-1], tail)
        and _WHOLE.fullmatch(text + tokens[tail].text)
    ):
        names[tail] = "shares_owned_following"
    return [(i, names[i]) for i, _ in group]


def _beside(labelled: Labelled, left: int, right: int) -> bool:
    """Whether two tokens stand on either side of one column's edge."""
    a, b = labelled.tokens[left], labelled.tokens[right]
    if a.cell is None or b.cell is None or a.line != b.line:
        return False
    return 0 < b.cell[2] - a.cell[2] <= 2


def join_nature(labelled: Labelled, group: Sequence[Member], row: Row) -> None:
    """Sets the row's nature of ownership anew where its lines were cut by a column's edge and stand in two cells."""
    tokens = labelled.tokens
    nature = row.nature_of_ownership
    own = [i for i, name in group if name == "nature_of_ownership" and tokens[i].cell is not None]
    if nature is None or not own:
        return
    line = [i for i in labelled.line(tokens[own[0]].line) if tokens[i].cell is not None]
    columns: dict[int, list[int]] = {}
    names = dict(group)
    lowest = min(i for i, name in group if name in _WOVEN)
    for i in line:
        cell = tokens[i].cell
        if i >= lowest and cell is not None and names.get(i) != MARK:
            columns.setdefault(cell[2], []).append(i)
    if not 2 <= len(columns) <= 3:
        return
    cells = [columns[c] for c in sorted(columns)]
    letter = None
    if len(cells) == 3 and {tokens[i].text for i in cells[0]} <= {"D", "I"}:
        letter, cells = cells[0][0], cells[1:]
    left, right = cells[0], cells[1]
    if len(cells) != 2 or any(i not in names for i in right):
        return
    if letter is None and len(left) > 1:
        letter = next((i for i in left if tokens[i].text in ("D", "I")), None)
        left = [i for i in left if i != letter]
    elif any(i not in names for i in left):
        return
    text = woven_text(labelled.texts(left), labelled.texts(right), labelled.words)
    if text is None:
        return
    row.nature_of_ownership = replace(nature, value=text, method="repaired")
    if letter is not None:
        row.direct_or_indirect = labelled.field([letter], value=tokens[letter].text)


def woven_text(left: Sequence[str], right: Sequence[str], words: Collection[str]) -> str | None:
    """The lines of a cell whose beginnings and ends are given; None where these do not fit into each other.

    >>> woven_text(["B", "4", "P"], ["y", "01(k)", "lan"], set())
    'By 401(k) Plan'
    >>> woven_text(["By", "Famil", "Trust"], ["y"], set())
    'By Family Trust'
    >>> woven_text(["By", "Corvin"], ["Family", "Trust"], set()) is None
    True
    """
    known = NATURE_WORDS | {"by"} | set(words)
    if not right or len(right) > len(left) or len(left) < 2:
        return None
    if len(right) < len(left):
        return _filled(left, right, known)
    lines = []
    seams = 0
    for first, second in zip(left, right, strict=True):
        text, mended = join_pieces([first, second], known)
        glued = text == first + second
        if glued and is_known(first, known) and not is_known(text, known):
            return None
        seams += glued and (first.isalpha() or mended > 0)
        lines.append(text)
    return " ".join(lines) if seams else None


def _filled(left: Sequence[str], right: Sequence[str], known: Collection[str]) -> str | None:
    """Each of the ends put behind the one beginning that is no word without it and is one with it, in order."""
    out = list(left)
    place = 0
    for piece in right:
        while place < len(out) and (is_known(left[place], known) or not is_known(left[place] + piece, known)):
            place += 1
        if place == len(out):
            return None
        out[place] = left[place] + piece
        place += 1
    return " ".join(out)
