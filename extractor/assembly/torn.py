"""Rows of text that goes cell by cell, put together again where line ends inside cells tore them.

A page turned into text keeps the order of its cells but breaks a line wherever a cell did: "Common", then "Stock", the
date and the code on one line, the price's dollar on it and its number on the next. Taken by lines a row falls into
pieces, and its last words start the next one. Taken in the order of the cells it is whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.assembly.members import COLUMNS, MARK, SINGLE, WORDED, Member
from extractor.assembly.spans import Labelled

_PLACE = {name: place for place, name in enumerate(COLUMNS)}
_PLACE["price_per_share"] = _PLACE["shares"] + 2  # in Table I behind (A) or (D)
_TRANSACTION = frozenset(
    ("transaction_date", "transaction_code", "shares", "shares_acquired", "shares_disposed", "acquired_disposed")
)
_ONCE = frozenset(COLUMNS) - {
    "conversion_or_exercise_price",
    "deemed_execution_date",
    "equity_swap_involved",
    "voluntary",
    "shares_acquired",
    "shares_disposed",
}
_UNWRAPPED = SINGLE | {"transaction_date"}
_STRAY = frozenset(("security_title", "price_per_share", "conversion_or_exercise_price"))
"""What alone makes no row: a dollar sign is put before its line."""
_WORTH = 2  # faults fewer that make the order of cells the better account where it gives more or fewer rows
_BEGINS = re.compile(r"By|See|Through|As|Held")
_SHARE = 0.5  # of the faults at most may be left


def mend_torn(
    labelled: Labelled, members: Sequence[Member], rows: list[list[Member]], derivative: bool
) -> list[list[Member]]:
    """The rows as they are, or as the order of cells gives them where that leaves far fewer faults.

    `members` are those of all rows in reading order; the order of the text is tried too.
    """
    form = _form(labelled)
    now = sum(faults(labelled, row, derivative, form) for row in rows)
    if not now:
        return rows
    held = {index for row in rows for index, _ in row}
    kept = [member for member in members if member[0] in held]
    found = [_in_order(order, derivative) for order in (sorted(kept), kept)]
    found = [ordered for ordered in found if _bare(ordered) <= _bare(rows) and _titles_agree(labelled, ordered, rows)]
    if not found:
        return rows
    then = [sum(faults(labelled, row, derivative, form) for row in ordered) for ordered in found]
    least = min(then)
    best = found[then.index(least)]
    worth = 1 if len(best) == len(rows) else _WORTH
    return best if least <= min(now - worth, _SHARE * now) else rows


def _bare(rows: Sequence[Sequence[Member]]) -> int:
    """How many rows have nothing but words."""
    return sum(all(name in WORDED or name == MARK for _, name in row) for row in rows)


def _titles_agree(labelled: Labelled, rows: Sequence[Sequence[Member]], before: Sequence[Sequence[Member]]) -> bool:
    """Whether the titles of rows begin with no more words than those of the rows before, which may lack some.

    Where the further lines of titles follow their rows, taking them for the next row's gives titles that begin anew.
    """
    now, then = (_beginnings(labelled, given) for given in (rows, before))
    return len(now - {""}) <= len(then - {""}) + ("" in then)


def _beginnings(labelled: Labelled, rows: Sequence[Sequence[Member]]) -> set[str]:
    """The words that the titles of rows begin with, "" where a row has none."""
    first = (next((index for index, name in row if name == "security_title"), None) for row in rows)
    return {"" if index is None else labelled.tokens[index].text.casefold() for index in first}


def faults(labelled: Labelled, row: Sequence[Member], derivative: bool, form: str = "4") -> int:
    """How many cells a row lacks that nearly every row of its kind has, how many it has twice, and what disagrees.

    Two runs of the same field with others between are two cells; a number that was printed twice is one run. An
    indirect holding has a nature of ownership, a direct one none, and a nature begins but once.
    """
    runs: list[list[Member]] = []
    for member in row:
        if member[1] != MARK:
            if not runs or runs[-1][0][1] != member[1]:
                runs.append([])
            runs[-1].append(member)
    names = [run[0][1] for run in runs]
    there = set(names)
    twice = sum(names.count(name) - 1 for name in there & _ONCE)
    beneath = [
        n for run in runs if run[0][1] in _UNWRAPPED and (n := len({labelled.tokens[i].line for i, _ in run}) - 1)
    ]
    if len(beneath) > 1:  # letters and dates beneath each other are columns, not rows
        twice += sum(beneath)
    return len(expected(there, derivative, form) - there) + twice + _disagreeing(labelled, row)


def _disagreeing(labelled: Labelled, row: Sequence[Member]) -> int:
    letters = [labelled.tokens[i].text.strip("()") for i, name in row if name == "direct_or_indirect"]
    nature = [labelled.tokens[i].text for i, name in row if name == "nature_of_ownership"]
    wrong = int(bool(nature) and letters[:1] == ["D"]) + int(not nature and letters[:1] == ["I"])
    return wrong + sum(bool(_BEGINS.fullmatch(text)) for text in nature[2:])


def expected(there: set[str], derivative: bool, form: str = "4") -> set[str]:
    """The cells that nearly every row has that has those which are there; forms other than 3 state what is owned."""
    wanted = {"security_title", "direct_or_indirect"}
    if not (derivative and form == "3"):
        wanted.add("shares_owned_following")
    if not there & _TRANSACTION:
        return wanted
    if derivative:
        amount = next((name for name in ("shares_acquired", "shares_disposed", "shares") if name in there), "shares")
        return wanted | {"transaction_date", "transaction_code", amount}
    return wanted | {"transaction_date", "transaction_code", "shares", "acquired_disposed"}


def _form(labelled: Labelled) -> str:
    told = [labelled.tokens[i].text for i, label in enumerate(labelled.tagging.labels) if label == "form_type"]
    return next((text[0] for text in told if text[:1] in "345"), "4")


def _in_order(members: Sequence[Member], derivative: bool) -> list[list[Member]]:
    """Rows that begin with a title behind other cells, or where a cell comes again that stands before the last."""
    rows: list[list[Member]] = []
    filled: set[str] = set()
    last = ""
    for index, name in members:
        if name == MARK:
            if not rows:
                rows.append([])
            rows[-1].append((index, name))
            continue
        behind = last != name and _place(name, derivative) < max((_place(n, derivative) for n in filled), default=-1)
        if name == "security_title":
            starts = last != name and bool(filled - _STRAY)
        else:
            starts = behind and name in filled and name not in WORDED
        if starts or not rows:
            rows.append([])
            filled = set()
        rows[-1].append((index, name))
        filled.add(name)
        last = name
    return rows


def _place(name: str, derivative: bool) -> int:
    if name == "price_per_share" and derivative:
        return _PLACE["underlying_security_shares"] + 1
    return _PLACE.get(name, 0)
