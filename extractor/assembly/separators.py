"""Commas against points: numbers of scans whose last separator may be either, settled over the whole filing.

"57.125" is fifty-seven thousand whose comma has lost its tail, or a number with three decimals. A second reader gives
both with its belief in them (`Token.readings`); what it cannot know is what stands around: what kind of amount it is,
the balance that only one of the two keeps, the same digits elsewhere, that amounts do not end in zeros behind a point.
Odds are in powers of ten, above 0 for the comma.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.record import Field, Filing, Row

_EITHER = re.compile(r"\$?(\d{1,3}(?:,\d{3})*)([.,])(\d{3})")
_BARE = re.compile(r"\$?[1-9]\d{2,7}")
_LOST, _LOST_OF_FOUR = 0.1, 0.01  # odds by print from which on a price without a point has lost one
_POINT_PUT = re.compile(r"\.(\d\d?|\d\d[1-9]|\d{4})$")  # "45.000" would be printed as 45.00
_CLEARLY = 10.0  # times the belief in the point at another place
_AMOUNTS = ("shares", "shares_owned_following", "underlying_security_shares")
_PRICES = ("price_per_share", "conversion_or_exercise_price")

# Of 213 filings on EDGAR 31 have amounts with just three decimals; of the 35 with other fractions, 14.
_FRACTIONAL, _FRACTIONAL_TOO = -0.77, -0.18
_WHOLE = {"S": 1.1, "P": 0.3, "G": 0.8, "M": 0.8, "C": 0.8, "D": 0.6, "A": 0.5, "F": -1.2}
_UNITS = {"A": -1.0}
_TOTAL, _HOLDING, _PLAN, _OTHER = -0.5, 0.5, -1.0, 0.8
"""In these, odds of amounts of a thousand and more to those with three decimals, by code and table, and of totals."""
_AMOUNT_SIZES = {3: 0.5, 4: 0.1, 5: -0.5, 6: -0.9, 7: -2.0, 8: -2.5, 9: -3.0}
_TOTAL_SIZES = {3: 1.0, 4: 1.0, 5: 0.8, 6: 0.3, 7: -1.8, 8: -1.6, 9: -2.0}
_INDIRECT_SIZES = {3: 1.0, 4: 1.0, 5: 0.8, 6: -0.3, 7: -0.5, 8: 0.0, 9: -0.5}
"""Odds of a whole number of so many digits after the first to one of three decimals with the same digits, there too."""
_IN_PLAN = re.compile(r"401|plan|esop|saving|reinvest|drip|retire", re.IGNORECASE)
_PRICE = -2.0
"""Prices have three decimals far more often than they are a thousand dollars and more without cents."""
_HIGHEST = (1e4, -3.0)  # dollars that no price reaches, and what that says
_ENDS_IN_ZERO = 3.0  # "57.120" with three decimals would be printed as 57.12
_POINT = (-2.1, 0.8)  # mean and deviation of what print says of points
_COMMA = ((2.0, 0.0), (0.6, -1.0), (-1.6, -2.0))
"""Mean of what print says of commas on clean, worn and spoilt pages, and the odds of such pages."""
_COMMA_SPREAD = 1.3
_CLEAR = 3.0  # odds of print from which on more of them say no more
_UNHEARD = -3.2  # no print is less likely than that
_BALANCED = 2.0  # for each step of the running balance that holds
_TOO_FEW = -2.0  # where a row acquires more than is owned afterwards
_CENT = 0.011
_LOG_E, _ROOT = math.log10(math.e), math.sqrt(2 * math.pi)
_LEAST = 1e-6  # belief below which a reading counts as not seen


@dataclass(slots=True)
class _Open:
    """Fields that print the same digits: their value with a comma, what print says, and the odds by all else.

    `whole` are the odds of a comma in a filing that has amounts with three decimals, `known` those in any. Totals of
    one line of ownership mostly have decimals all or none: `weight` is the share of one in what is said of all.
    """

    fields: list[Field]
    value: int
    print: list[float]
    is_price: bool
    whole: float = 0.0
    known: float = 0.0
    weight: float = 1.0
    comma: bool = True


def settle_separators(filing: Filing) -> None:
    """Chooses comma or point in the numbers of both tables that were read with either, and puts lost points back."""
    rows = [*filing.non_derivative, *filing.derivative]
    for row in rows:
        for name in _PRICES:
            field = getattr(row, name)
            price = _with_point(field) if field is not None else None
            if price is not None:
                field.value = price
    found: dict[tuple[int, bool], _Open] = {}
    lines: dict[str, list[_Open]] = defaultdict(list)
    for place, row in enumerate(rows):
        for name in (*_AMOUNTS, *_PRICES):
            field = getattr(row, name)
            seen = _seen(field) if field is not None else None
            if seen is None:
                continue
            value, odds = seen
            is_new = (value, name in _PRICES) not in found
            one = found.setdefault((value, name in _PRICES), _Open([], value, [], name in _PRICES))
            one.fields.append(field)
            one.print += odds
            whole, known = _whole(name, row, len(filing.non_derivative) <= place), _known(value, name, row)
            one.whole = whole if is_new else min(one.whole, whole)
            one.known = known if is_new else max(one.known, known)
            if is_new and name == "shares_owned_following":
                lines[_plain(row.direct_or_indirect) + _plain(row.nature_of_ownership)].append(one)
    if not found:
        return
    for line in lines.values():
        for one in line:
            one.weight = 1 / len(line)
    opens = list(found.values())
    undecided = {id(field) for one in opens for field in one.fields}
    _Choice(opens, rows, undecided, len(filing.non_derivative)).settle()
    for one in opens:
        for field in one.fields:
            field.value = one.value if one.comma else _broken(one.value)


def _with_point(field: Field) -> float | None:
    """A price of digits alone with the point that print rather has; None where it is as it was read.

    Few prices are of three digits without cents, hardly any of four without a comma.
    """
    beliefs = dict(field.readings)
    own = next((text for text in beliefs if _BARE.fullmatch(text) and int(text.lstrip("$")) == field.value), None)
    if own is None:
        return None
    digits = own.lstrip("$")
    other = sorted(((b, text) for text, b in beliefs.items() if _bare(text) == digits and _POINT_PUT.search(text)))[
        ::-1
    ]
    if not other or (len(other) > 1 and other[0][0] < _CLEARLY * other[1][0]):
        return None
    belief, text = other[0]
    return float(text.lstrip("$")) if belief > (_LOST_OF_FOUR if len(digits) > 3 else _LOST) * beliefs[own] else None


def _bare(text: str) -> str:
    return text.lstrip("$").replace(".", "")


def _whole(name: str, row: Row, derivative: bool) -> float:
    if name != "shares_owned_following":
        code = str(row.transaction_code.value) if row.transaction_code is not None else ""
        return (_UNITS if derivative else _WHOLE).get(code, _OTHER)
    nature = row.nature_of_ownership.value if row.nature_of_ownership is not None else None
    if isinstance(nature, str) and _IN_PLAN.search(nature):
        return _PLAN
    return _HOLDING if row.kind == "holding" else _TOTAL


def _known(value: int, name: str, row: Row) -> float:
    if name in _PRICES:
        return _PRICE + (_HIGHEST[1] if value > _HIGHEST[0] else 0.0)
    if value % 10 == 0:
        return _ENDS_IN_ZERO
    sizes = _AMOUNT_SIZES
    if name == "shares_owned_following":
        form = row.direct_or_indirect
        sizes = _INDIRECT_SIZES if form is not None and form.value == "I" else _TOTAL_SIZES
    return sizes[min(9, int(math.log10(value)))]


def _broken(value: int) -> int | float:
    return value // 1000 if value % 1000 == 0 else value / 1000


def _seen(field: Field) -> tuple[int, list[float]] | None:
    """The field's number with a comma, and the odds for it by its print; None where that is no question.

    There are no odds where a second reader has not seen the whole number.
    """
    beliefs: dict[str, float] = dict(field.readings)
    if not beliefs and field.signals.get("quality_min", 1.0) < 1.0 and field.raw is not None:
        beliefs = {re.sub(r"\(\d*\)|[^\d.,$]", "", field.raw): 0.0}
    for text in beliefs:
        match = _EITHER.fullmatch(text)
        if match is None:
            continue
        head, _, last = match.groups()
        start = "$" if text[0] == "$" else ""
        value = int(head.replace(",", "") + last)
        if head[0] == "0" or field.value not in (value, _broken(value)):
            continue
        comma = max(beliefs.get(f"{start}{head},{last}", 0.0), beliefs.get(f"{start}{value}", 0.0))
        point = max(beliefs.get(f"{start}{head}.{last}", 0.0), beliefs.get(f"{start}{value // 1000}.{last}", 0.0))
        return value, [math.log10(max(comma, _LEAST) / max(point, _LEAST))] if comma or point else []
    return None


class _Choice:
    """The choices of a filing's numbers, and what speaks for all of them together."""

    def __init__(self, opens: list[_Open], rows: Sequence[Row], undecided: set[int], first: int) -> None:
        self._opens = opens
        self._by_field = {id(field): one for one in opens for field in one.fields}
        steps = [*_steps(rows[:first], False), *_steps(rows[first:], True)]
        self._steps = [step for step in steps if any(id(field) in undecided for field in step[:3])]
        self._acquired = [
            (row.shares, row.shares_owned_following)
            for row in rows
            if row.acquired_disposed is not None and row.acquired_disposed.value == "A"
            if row.shares is not None and row.shares_owned_following is not None
            if id(row.shares) in undecided or id(row.shares_owned_following) in undecided
        ]
        self._fractional = _FRACTIONAL_TOO if _has_fractions(rows, undecided) else _FRACTIONAL

    def settle(self) -> None:
        """Sets the likeliest choice: of several beginnings, each bettered number by number, the best."""
        best: tuple[float, list[bool]] | None = None
        for page in _COMMA:
            for beginning in (None, True, False):
                for one in self._opens:
                    one.comma = _by_print(one, page[0]) + one.known > 0 if beginning is None else beginning
                reached = self._worth(page)
                for one in (*self._opens, *reversed(self._opens)):
                    one.comma = not one.comma
                    if (other := self._worth(page)) > reached:
                        reached = other
                    else:
                        one.comma = not one.comma
                if best is None or reached > best[0]:
                    best = (reached, [one.comma for one in self._opens])
        assert best is not None
        for one, comma in zip(self._opens, best[1], strict=True):
            one.comma = comma

    def _worth(self, page: tuple[float, float]) -> float:
        """The log of how likely the choices are, but for a constant, if commas look as on such a page."""
        total = page[1]
        fractional = any(not one.comma and not one.is_price for one in self._opens)
        total += self._fractional if fractional else 0.0
        for one in self._opens:
            total += one.weight * one.known if one.comma else 0.0
            total += sum(_density(odds, page[0], one.comma) for odds in one.print)
            if fractional and not one.is_price:
                total -= one.weight * math.log10(1 + 10 ** (-one.whole if one.comma else one.whole))
        for before, moved, after, sign in self._steps:
            held = abs(self._number(after) - self._number(before) - sign * self._number(moved)) <= _CENT
            total += _BALANCED if held else 0.0
        few = sum(self._number(shares) > self._number(owned) + 1 for shares, owned in self._acquired)
        return total + _TOO_FEW * few

    def _number(self, field: Field) -> float:
        one = self._by_field.get(id(field))
        if one is not None:
            return one.value if one.comma else one.value / 1000
        return float(field.value) if isinstance(field.value, int | float) else math.nan


def _by_print(one: _Open, comma_mean: float) -> float:
    return sum(_density(odds, comma_mean, True) - _density(odds, comma_mean, False) for odds in one.print)


def _density(odds: float, comma_mean: float, comma: bool) -> float:
    """The log of the density of what print says, of a comma or of a point."""
    mean, spread = (comma_mean, _COMMA_SPREAD) if comma else _POINT
    away = max(-_CLEAR, min(_CLEAR, odds)) - mean
    return max(_UNHEARD, -((away / spread) ** 2) / 2 * _LOG_E - math.log10(spread * _ROOT))


def _has_fractions(rows: Sequence[Row], undecided: set[int]) -> bool:
    """Whether any amount has decimals that no misread comma explains."""
    fields = (getattr(row, name) for row in rows for name in _AMOUNTS)
    return any(
        field is not None
        and id(field) not in undecided
        and isinstance(field.value, float)
        and field.value < 1e7
        and round(field.value, 4) == field.value
        for field in fields
    )


def _steps(rows: Sequence[Row], derivative: bool) -> Iterator[tuple[Field, Field, Field, float]]:
    """(total before, amount, total after, sign) of the rows that follow each other in one line of ownership."""
    lines: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == "transaction" and row.shares is not None and row.shares_owned_following is not None:
            names = ["security_title", "direct_or_indirect", "nature_of_ownership"]
            names += ["conversion_or_exercise_price", "expiration_date"] if derivative else []
            lines[tuple(_plain(getattr(row, name)) for name in names)].append(row)
    for line in lines.values():
        for before, after in itertools.pairwise(line):
            leg = after.acquired_disposed.value if after.acquired_disposed is not None else None
            totals = before.shares_owned_following, after.shares_owned_following
            if leg in ("A", "D") and totals[0] is not None and totals[1] is not None and after.shares is not None:
                yield totals[0], after.shares, totals[1], 1.0 if leg == "A" else -1.0


def _plain(field: Field | None) -> str:
    return re.sub(r"\W+", "", str(field.value)).casefold() if field is not None else ""
