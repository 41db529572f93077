"""Which of several corrections makes a filing's numbers fit together in ways that hardly come about by chance.

Where a running balance breaks at the end of a chain, two or three numbers could be the misread one. Each correction
is tried in turn, and what then agrees is counted: a number printed elsewhere, all that was acquired sold again, sales
of a day that add up to a round amount. Only numbers that were read from print that can be misread get here.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from extractor.checking.codes import EXERCISES
from extractor.checking.rule import Entry, Place, entries, number_of, value_of
from extractor.checking.similarity import zeros_of
from extractor.record import Filing

TELLING = 1000.0
"""Smaller numbers are printed twice by chance."""
_CENT = 0.011
_STATED = re.compile(
    r"(?<![\d.,$])(\d{1,3}(?:,\d{3})+|\d{3,7})(?:\.\d+)?\s+(?:[a-z\-]+\s+){0,3}?"
    r"(?:shares?|units?|rsus?|psus?|dsus?|options?|stock|securities)\b",
    re.IGNORECASE,
)
_DEFERRED = re.compile(r"deferr|phantom|\bdsu|in lieu of|retainer|\bfees\b", re.IGNORECASE)
_MOST_STATED = 10  # sums of more numbers than these meet any number by chance
_LEAST_STATED = 100.0
_LEAST_WITHHELD, _MOST_WITHHELD = 0.2, 0.6  # tax rates: what is withheld of shares that vest
_ROUND_SUM = 3  # zeros that a day's sales add up to
_SUMS = (5000, 1000, 500, 250, 100, 50, 10, 5, 1)  # dollars that plans grant and defer
_RARE = 0.07  # how often a sum may come out round by chance and still say something
_ALIKE = 200  # in shares: sums of fewer are alike by chance
_PARTS = range(1, 16)
_LEAST_PART = 300.0


def stated_numbers(filing: Filing) -> set[float]:
    """How many shares, units or options the footnotes and the remarks speak of.

    >>> sorted(float(n.replace(",", "")) for n in _STATED.findall("590 unvested units, 4,249 shares, $3,100 paid"))
    [590.0, 4249.0]
    """
    texts = [str(value_of(footnote.text) or "") for footnote in filing.footnotes] + [
        str(value_of(filing.remarks) or "")
    ]
    found = {float(text.replace(",", "")) for one in texts for text in _STATED.findall(one)}
    return {number for number in found if number >= _LEAST_STATED}


def is_stated_sum(number: float, stated: set[float]) -> bool:
    """Whether a number is the sum or the difference of two that the footnotes state.

    >>> is_stated_sum(3942, {466.0, 3476.0}), is_stated_sum(3946, {466.0, 3476.0})
    (True, False)
    """
    if number < _LEAST_STATED or len(stated) > _MOST_STATED:
        return False
    return any(abs(number - left - right) <= _CENT for left, right in itertools.combinations(stated, 2)) or any(
        abs(number - abs(left - right)) <= _CENT for left, right in itertools.combinations(stated, 2)
    )


def round_sum(amount: float, price: float | None) -> int:
    """The roundest sum of dollars that buys an amount at a price, the rest of a share left out: the unit that it is a
    multiple of; 0 where any amount might be such a sum.

    >>> round_sum(828, 21.12), round_sum(826, 21.12), round_sum(7686.539, 26.67), round_sum(7186.539, 26.67)
    (500, 0, 5000, 5)
    """
    if not price or amount <= 0:
        return 0
    decimals = len(f"{amount:.4f}".rstrip("0").partition(".")[2])
    step = price * 10.0**-decimals
    low, high = amount * price - step / 2, amount * price + step
    for dollars in _SUMS:
        if 1.5 * step <= _RARE * dollars and high // dollars > low // dollars:
            return dollars
    return 0


def is_rounder_sum(amount: float, other: float, price: float | None) -> bool:
    """Whether an amount is worth a much rounder sum than another."""
    return round_sum(amount, price) >= max(1, 10 * round_sum(other, price))


def is_deferred_pay(filing: Filing, rows: Sequence[Entry]) -> bool:
    """Whether titles or footnotes speak of fees, retainers or salary paid in units: sums of dollars made shares."""
    titles = [str(value_of(entry.row.security_title) or "") for entry in rows]
    notes = [str(value_of(footnote.text) or "") for footnote in filing.footnotes]
    return any(_DEFERRED.search(text) for text in (*titles, *notes))


def is_equal_part(amount: float, rest: float | None) -> bool:
    """Whether what is left of a grant is several times what vested, give or take the shares that do not divide.

    >>> is_equal_part(974, 1950), is_equal_part(974, 2150), is_equal_part(12, 24)
    (True, False, False)
    """
    if not rest or amount < _LEAST_PART:
        return False
    return any(abs(rest - parts * amount) <= min(parts, 2) for parts in _PARTS)


def exercises_agree(filing: Filing, entry: Entry) -> bool:
    """Whether what a row of Table I exercises and those of its day and code make up what Table II exercises then."""
    code, day = value_of(entry.row.transaction_code), value_of(entry.row.transaction_date)
    sums = {False: 0.0, True: 0.0}
    if code not in EXERCISES:
        return False
    for other in entries(filing, kind="transaction"):
        if (value_of(other.row.transaction_code), value_of(other.row.transaction_date)) != (code, day):
            continue
        if other.derivative or value_of(other.row.acquired_disposed) != "D":
            sums[other.derivative] += number_of(other.row.shares) or 0.0
    return sums[True] > 0 and abs(sums[True] - sums[False]) <= _CENT


@contextmanager
def supposing(place: Place, number: float) -> Iterator[None]:
    """The field holds another number for a while."""
    assert place.field is not None
    read, place.field.value = place.field.value, number
    try:
        yield
    finally:
        place.field.value = read


def told_apart(
    filing: Filing, chain: Sequence[Entry], possible: list[tuple[Place, float]], printed: Counter[float]
) -> list[tuple[Place, float]]:
    """Of several corrections of a chain the one with which more agrees than with any other; all, where there is none.

    `printed` counts the numbers of the filing's rows and footnotes as they were read.
    """
    disputed = [place for place, _ in possible]
    beside = printed.copy()
    beside.subtract(round(number_of(place.field) or 0.0, 4) for place in disputed)
    chained = {entry.path for entry in chain}
    beside.update(round(_owned(entry) - _change(entry), 4) for entry in _others(filing, chained))
    stated = stated_numbers(filing)
    counts: list[int] = []
    for place, meant in possible:
        with supposing(place, meant):
            counts.append(_agreeing(filing, chain, disputed, beside, stated))
    best = max(counts)
    return [possible[counts.index(best)]] if counts.count(best) == 1 else possible


def _agreeing(
    filing: Filing, chain: Sequence[Entry], disputed: Sequence[Place], beside: Counter[float], stated: set[float]
) -> int:
    numbers = [number_of(place.field) or 0.0 for place in disputed]
    found = sum(number >= TELLING and beside[round(number, 4)] > 0 for number in numbers)
    found += sum(is_stated_sum(number, stated) for number in numbers)
    first, last = chain[0], chain[-1]
    before = _owned(first) - _change(first)
    # round amounts are owned in many lines
    found += before >= TELLING and (
        (beside[round(before, 4)] > 0 and zeros_of(before) < _ROUND_SUM) or is_stated_sum(before, stated)
    )
    if abs(before - _owned(last)) <= _CENT:
        found += 1  # all that was acquired is sold again
    found -= before < -_CENT
    for group in _days(chain):
        total = sum(number_of(entry.row.shares) or 0.0 for entry in group)
        if len(group) > 1 and total >= TELLING:
            # the rounder the more it says: one sum in a thousand ends in three zeros
            found += max(0, zeros_of(total) - _ROUND_SUM + 1, int(beside[round(total, 4)] > 0))
    found -= _strangely_withheld(chain)
    return int(found + _well_paid(chain, {place.path for place in disputed}, is_deferred_pay(filing, chain)))


def _well_paid(chain: Sequence[Entry], disputed: set[str], deferred: bool) -> int:
    """How round the sum is that a disputed amount was granted for, and whether another grant is worth the same."""
    granted = [
        (entry.path, shares, price)
        for entry in chain
        if value_of(entry.row.transaction_code) == "A"
        and (shares := number_of(entry.row.shares))
        and (price := number_of(entry.row.price_per_share))
    ]
    found = 0
    for path, shares, price in granted:
        if f"{path}.shares" not in disputed:
            continue
        unit = round_sum(shares, price) if deferred else 0
        found += (unit >= 1) + (unit >= 100 and not shares.is_integer())
        found += 2 * any(
            other != path
            and price != their_price
            and abs(shares * price - theirs * their_price) <= max(price, their_price)
            for other, theirs, their_price in granted
            if shares * price >= _ALIKE * max(price, their_price)
        )
    return found


def _others(filing: Filing, chained: set[str]) -> Iterator[Entry]:
    """The transactions of Table I outside a chain: before them was owned what a row of it left."""
    for entry in entries(filing, derivative=False, kind="transaction"):
        if entry.path not in chained and number_of(entry.row.shares) and number_of(entry.row.shares_owned_following):
            yield entry


def _days(chain: Sequence[Entry]) -> list[list[Entry]]:
    """The rows of a chain by day and code."""

    def key(entry: Entry) -> tuple[str, str]:
        return str(value_of(entry.row.transaction_date)), str(value_of(entry.row.transaction_code))

    return [list(group) for _, group in itertools.groupby(sorted(chain, key=key), key=key)]


def _strangely_withheld(chain: Sequence[Entry]) -> bool:
    """Whether less or more is withheld than any tax on what vests on the same day."""
    days: dict[str, list[float]] = {}
    for entry in chain:
        code, shares = value_of(entry.row.transaction_code), number_of(entry.row.shares) or 0.0
        sums = days.setdefault(str(value_of(entry.row.transaction_date)), [0.0, 0.0])
        if code in EXERCISES and value_of(entry.row.acquired_disposed) == "A":
            sums[0] += shares
        elif code == "F":
            sums[1] += shares
    return any(
        vested and withheld and not _LEAST_WITHHELD <= withheld / vested <= _MOST_WITHHELD
        for vested, withheld in days.values()
    )


def _owned(entry: Entry) -> float:
    return number_of(entry.row.shares_owned_following) or 0.0


def _change(entry: Entry) -> float:
    shares = number_of(entry.row.shares) or 0.0
    return shares if value_of(entry.row.acquired_disposed) == "A" else -shares
