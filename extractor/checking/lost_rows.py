"""Rows of Table I whose line was spoilt in reading: their amounts, where the rest of the filing gives them.

The balance moves from the row before to the row after by what the spoilt rows between them moved it; what Table II
exercises on that day arrives in Table I. Where neither gives the amounts, the row is dropped: nothing is invented.
"""

from __future__ import annotations

from extractor.assembly.lost_lines import LOST
from extractor.checking.balance import CENT
from extractor.checking.codes import EXERCISES, direction_of
from extractor.checking.lost_codes import derived_from
from extractor.checking.rule import Rule, number_of, text_of, value_of, whole_or_broken
from extractor.record import Check, Filing, Row

_WAYS = {code: direction_of(code, derivative=False) for code in "MCPASF"} | {"G": "D"}
"""Directions in Table I; what is given is given away far more often than received."""
_CONFIRMED = 0.95
"""Of amounts that balance and exercised derivatives agree on."""
_ALONE = 0.8
"""Of an amount that only the balance gives."""


class LostRows(Rule):
    """Fills in rows that stand for spoilt lines, or drops them."""

    code = "row_derived"
    statement = "a spoilt row moved the balance between its neighbours, or received what Table II exercised"
    source = "Form 4, Table I columns 4 and 5; General Instruction 4: exercises change the holdings of both tables"

    def run(self, filing: Filing) -> list[Check]:
        return []

    def repair(self, filing: Filing) -> list[Check]:
        rows = filing.non_derivative
        if not any(map(_is_lost, rows)):
            return []
        filled: list[Row] = []
        place = 0
        while place < len(rows):
            end = place
            while end < len(rows) and _is_lost(rows[end]):
                end += 1
            if end == place:
                end += 1
            elif _fill(filing, rows[place - 1] if place else None, rows[place:end], rows[end : end + 1]):
                filled += rows[place:end]
            place = end
        kept = {id(row) for row in filled}
        filing.non_derivative = [row for row in rows if not _is_lost(row) or id(row) in kept]
        found = []
        for index, row in enumerate(filing.non_derivative):
            if id(row) in kept and row.security_title is not None:
                del row.security_title.signals[LOST]
                message = "the line was spoilt; its amounts follow from the rest"
                found.append(Check("row_derived", "warning", [f"non_derivative[{index}]"], message))
        return found


def _is_lost(row: Row) -> bool:
    return row.security_title is not None and bool(row.security_title.signals.get(LOST))


def _fill(filing: Filing, before: Row | None, lost: list[Row], after: list[Row]) -> bool:
    """Sets amounts, directions and balances of neighbouring spoilt rows; False where they do not follow."""
    start = number_of(before.shares_owned_following) if before is not None and _alike(before, lost[0]) else None
    end = _owned_before(filing, after[0]) if after and _alike(after[0], lost[0]) else None
    exercised = _unpaired(filing, lost[0])
    amounts = [number_of(row.shares) or 0.0 for row in exercised]
    if len(amounts) == len(lost) and (start is None or end is None or abs(start + sum(amounts) - end) <= CENT):
        if start is None and end is None:
            return False
        owned = start if start is not None else (end or 0.0) - sum(amounts)
        probability = _CONFIRMED if start is not None and end is not None else _ALONE
        for row, pair, amount in zip(lost, exercised, amounts, strict=True):
            owned += amount
            _put(row, amount, "A", owned, probability)
            code = pair.transaction_code
            if code is not None and code.value is not None:
                row.transaction_code = derived_from(row.security_title, str(code.value), probability, [])
            price = number_of(pair.conversion_or_exercise_price)
            if price is None and _costs_nothing(filing, str(value_of(row.transaction_date))):
                price = 0.0
            if price is not None:
                row.price_per_share = derived_from(row.security_title, whole_or_broken(price), _ALONE, [])
        return True
    if len(lost) == 1 and start is not None and end is not None and abs(end - start) > CENT:
        _put(lost[0], abs(end - start), "A" if end > start else "D", end, _ALONE)
        return True
    return False


def _costs_nothing(filing: Filing, day: str) -> bool:
    """Whether what else was exercised on that day came at no price, as units do."""
    exercised = _exercised(filing, day)
    prices = {
        number_of(row.price_per_share)
        for row in filing.non_derivative
        if value_of(row.transaction_date) == day and number_of(row.shares) in exercised
    } - {None}
    return prices == {0.0}


def _put(row: Row, amount: float, way: str, owned: float, probability: float) -> None:
    source = row.security_title
    row.shares = derived_from(source, whole_or_broken(amount), probability, [])
    row.acquired_disposed = derived_from(source, way, probability, [])
    row.shares_owned_following = derived_from(source, whole_or_broken(owned), probability, [])
    row.direct_or_indirect = derived_from(source, "D", probability, [])


def _alike(row: Row, lost: Row) -> bool:
    """Whether a row is of the spoilt one's line of ownership: the same title, held directly."""
    return text_of(row.security_title) == text_of(lost.security_title) and value_of(row.direct_or_indirect) == "D"


def _owned_before(filing: Filing, row: Row) -> float | None:
    """What was owned before a row, None where that does not follow from it."""
    owned, shares, way = number_of(row.shares_owned_following), number_of(row.shares), _way(filing, row)
    if owned is None or shares is None or way is None:
        return None
    return owned - shares if way == "A" else owned + shares


def _way(filing: Filing, row: Row) -> str | None:
    """A row's direction, from its code or an equal exercise of Table II where the letter was lost."""
    way = value_of(row.acquired_disposed)
    if way is None:
        code = value_of(row.transaction_code)
        way = _WAYS.get(str(code))
    if way is None and number_of(row.shares) in _exercised(filing, str(value_of(row.transaction_date))):
        way = "A"
    return str(way) if way is not None else None


def _exercised(filing: Filing, day: str) -> set[float | None]:
    """Amounts of Table II's transactions on a day."""
    rows = (row for row in filing.derivative if value_of(row.transaction_date) == day)
    return {number_of(row.shares) for row in rows} - {None}


def _unpaired(filing: Filing, lost: Row) -> list[Row]:
    """Exercises of Table II on a spoilt row's day whose amount no row of Table I shows, in their order."""
    day = value_of(lost.transaction_date)
    shown = [number_of(row.shares) for row in filing.non_derivative if row.shares is not None]
    out: list[Row] = []
    for row in filing.derivative:
        amount, code = number_of(row.shares), value_of(row.transaction_code)
        if row.kind != "transaction" or not amount or value_of(row.transaction_date) != day:
            continue
        if code is not None and code not in EXERCISES:
            continue
        if value_of(row.acquired_disposed) == "A":
            continue
        if amount in shown:
            shown.remove(amount)
        else:
            out.append(row)
    return out
