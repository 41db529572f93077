"""Rules about rows that belong together: exercises in both tables, acquired amounts and totals, marks and footnotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from extractor.checking.balance import chains, numbers_in_footnotes, steps
from extractor.checking.codes import EXERCISES, direction_of
from extractor.checking.coincidences import (
    TELLING,
    is_deferred_pay,
    is_equal_part,
    is_rounder_sum,
    is_stated_sum,
    stated_numbers,
)
from extractor.checking.rule import Entry, Place, Rule, entries, is_exact, number_of, plain_number, text_of, value_of
from extractor.checking.similarity import SEEN, is_rounder, misreading, one_digit_apart, repair_number, seen_instead
from extractor.record import Check, Filing

_CENT = 0.02
_ROUNDED = 1.0
_SIGNS = {"A": 1.0, "D": -1.0}


class ExercisePairs(Rule):
    """What is exercised in Table II arrives in Table I."""

    code = "exercise_unpaired"
    statement = "on each day the shares acquired in Table I with M, C, O, X equal those underlying Table II's rows"
    source = "Form 4, General Instructions 4 and 8: exercises and conversions change the holdings of both tables"

    def run(self, filing: Filing) -> list[Check]:
        common: dict[tuple[object, object], list[Entry]] = defaultdict(list)
        derivative: dict[tuple[object, object], list[Entry]] = defaultdict(list)
        for entry in entries(filing, kind="transaction"):
            code, day = value_of(entry.row.transaction_code), value_of(entry.row.transaction_date)
            if code not in EXERCISES or number_of(entry.row.shares) is None:
                continue
            if entry.derivative:
                derivative[code, day].append(entry)
            elif value_of(entry.row.acquired_disposed) != "D":
                common[code, day].append(entry)
        found: list[Check] = []
        for key in sorted(common.keys() & derivative.keys(), key=str):
            left = [entry.place("shares") for entry in common[key]]
            right = [entry.place("shares") for entry in derivative[key]]
            total = sum(number_of(place.field) or 0.0 for place in left)
            exercised = sum(number_of(place.field) or 0.0 for place in right)
            underlying = [entry.place("underlying_security_shares") for entry in derivative[key]]
            delivered = sum(number_of(place.field) or 0.0 for place in underlying)
            if abs(total - exercised) <= _CENT:
                self.passed([*left, *right])
                if abs(total - delivered) <= _CENT:
                    self.passed(underlying)
            elif abs(total - delivered) <= _CENT:
                self.passed([*left, *underlying])  # conversion at a ratio
            else:
                message = f"{plain_number(total)} acquired in Table I, {plain_number(exercised)} exercised in Table II"
                # ratios, cash settlement and shares of another class are common enough; a single wrong digit is not
                misread = _explains(left, exercised - total) or _explains(right, total - exercised)
                severity = "error" if misread else "warning"
                found.append(self.failed(severity, [*left, *right], f"code {key[0]}: {message}"))
        return found


def _explains(places: list[Place], difference: float) -> bool:
    """Whether one misread number among these accounts for the difference."""
    for place in places:
        read = number_of(place.field)
        if read is not None and misreading(read, read + difference, ()) is not None:
            return True
    return False


class UnderlyingAmount(Rule):
    """Most derivatives are one for one: number of derivatives and of underlying shares agree."""

    code = "underlying_differs"
    statement = "the number of underlying shares equals the number of derivatives, as for nearly all options and units"
    source = "Form 4, Table II columns 5 and 7"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, derivative=True, kind="transaction"):
            places = [entry.place("shares"), entry.place("underlying_security_shares")]
            left, right = number_of(places[0].field), number_of(places[1].field)
            if left is None or right is None:
                continue
            if abs(left - right) <= _CENT:
                self.passed(places)
            else:
                message = f"{plain_number(left)} derivatives of {plain_number(right)} shares"
                marks = {footnote.id for footnote in filing.footnotes}
                misread = misreading(left, right, marks) or misreading(right, left, marks)
                severity = "error" if misread == "digit" else "warning" if one_digit_apart(left, right) else "info"
                found.append(self.failed(severity, places, message))
        return found

    def repair(self, filing: Filing) -> list[Check]:
        """Mends the one amount that others, which must equal it, outvote, or that all else speaks against."""
        marks = {footnote.id for footnote in filing.footnotes}
        found: list[Check] = []
        for entry, places, witnesses in _alike_amounts(filing):
            numbers = [number_of(place.field) or 0.0 for place in places]
            for place, read in zip(places, numbers, strict=True):
                said = [*numbers, *witnesses]
                said.remove(read)
                meant = said[0]
                agree = len(said) >= 2 and all(abs(other - meant) <= _CENT for other in said)
                agree = agree or (len(said) == 1 and _is_likelier(filing, entry, meant, read))
                if not agree or abs(read - meant) <= _CENT or place.field is None or is_exact(place.field):
                    continue
                if misreading(read, meant, marks) is None:
                    continue
                repair_number(place.field, meant, marks)
                message = f"{plain_number(read)} was read; {plain_number(meant)} is what the amounts beside it say"
                found.append(Check("amount_repaired", "info", [place.path], message))
                break
        return found


def _is_likelier(filing: Filing, entry: Entry, value: float, other: float) -> bool:
    """Whether of the two amounts that a derivative transaction states something speaks for one, nothing for the other.

    What speaks: that a reader saw it where the other was read; that it alone is round; that a footnote states it; that
    it fits into the total; that it is what the total changed by since the row before; that it leaves a round amount
    owned before.
    """
    return bool(_reasons(filing, entry, value, other)) and not _reasons(filing, entry, other, value)


def _reasons(filing: Filing, entry: Entry, value: float, other: float) -> int:
    places = [entry.row.shares, entry.row.underlying_security_shares]
    found = int(any(number_of(field) == other and seen_instead(field, value) >= SEEN for field in places))
    found += int(is_rounder(value, other)) + int(value >= TELLING and value in numbers_in_footnotes(filing))
    stated = stated_numbers(filing)
    found += is_stated_sum(value, stated)
    if is_deferred_pay(filing, [entry]):
        found += is_rounder_sum(value, other, number_of(entry.row.price_per_share))
    total, leg = number_of(entry.row.shares_owned_following), value_of(entry.row.acquired_disposed)
    if total is None or leg not in _SIGNS:
        return found
    sign = _SIGNS[str(leg)]
    if leg == "A":
        found += value <= total + _ROUNDED < other
    before, instead = total - sign * value, total - sign * other
    found += is_rounder(before, instead) + (before >= TELLING and before in stated)
    found += leg == "D" and is_equal_part(value, total)
    return found + (round(before, 4) in _totals_beside(filing, entry))


def _totals_beside(filing: Filing, entry: Entry) -> set[float]:
    """What is owned after the rows above and below, where they are of the same derivative; other terms are common."""
    rows = list(entries(filing, derivative=True, kind="transaction"))
    place = next(k for k, row in enumerate(rows) if row.path == entry.path)
    beside = [*rows[max(0, place - 1) : place], *rows[place + 1 : place + 2]]
    title = text_of(entry.row.security_title)
    totals = [number_of(row.row.shares_owned_following) for row in beside if text_of(row.row.security_title) == title]
    return {round(total, 4) for total in totals if total}


def _alike_amounts(filing: Filing) -> Iterator[tuple[Entry, list[Place], list[float]]]:
    """The amounts of a derivative transaction that are one and the same on most pages, and numbers that they must be.

    Derivatives and underlying shares; the total, where the row's whole amount was acquired first (its total says so);
    the one row of Table I that an exercise of the day brings, or what the day's other rows leave of Table I's amount;
    what the total changed by, where that is one of them; a number of four digits and more that another row prints too.
    """
    brought: dict[tuple[object, object], list[Entry]] = defaultdict(list)
    for entry in entries(filing, derivative=False, kind="transaction"):
        if value_of(entry.row.acquired_disposed) == "A":
            brought[value_of(entry.row.transaction_code), value_of(entry.row.transaction_date)].append(entry)
    balance = {step.after.path: step.moved for chain in chains(filing, derivative=True) for step in steps(chain)}
    rows = list(entries(filing, derivative=True, kind="transaction"))
    keys = [(value_of(e.row.transaction_code), value_of(e.row.transaction_date)) for e in rows]
    for entry, key in zip(rows, keys, strict=True):
        places = [entry.place("shares"), entry.place("underlying_security_shares")]
        witnesses: list[float] = []
        common = [number_of(other.row.shares) or 0.0 for other in brought[key]]
        if key[0] in EXERCISES and len(common) == 1 and keys.count(key) == 1:
            places.append(brought[key][0].place("shares"))
        elif key[0] in EXERCISES and common:
            beside = [number_of(e.row.shares) or 0.0 for e, k in zip(rows, keys, strict=True) if k == key]
            witnesses.append(sum(common) - sum(beside) + (number_of(entry.row.shares) or 0.0))
        elif value_of(entry.row.acquired_disposed) == "A":
            total = entry.place("shares_owned_following")
            if number_of(total.field) in [number_of(place.field) for place in places]:
                places.append(total)
        if not all(number_of(place.field) for place in places):
            continue
        moved = balance.get(entry.path)
        if moved is not None and moved in [number_of(place.field) for place in places]:
            witnesses.append(moved)
        if len(places) == 2 and not witnesses:
            elsewhere = _printed_elsewhere(filing, entry)
            witnesses = [n for place in places if (n := number_of(place.field) or 0.0) in elsewhere][:1]
        yield entry, places, witnesses


def _printed_elsewhere(filing: Filing, entry: Entry) -> set[float]:
    return {
        number
        for other in entries(filing)
        if other.path != entry.path
        for name in ("shares", "underlying_security_shares", "shares_owned_following")
        if (number := number_of(getattr(other.row, name))) is not None and number >= TELLING
    }


class AcquiredWithinTotal(Rule):
    """Who has acquired shares owns at least these."""

    code = "owned_less_than_acquired"
    statement = "the amount owned following is not smaller than the amount that the row acquires"
    source = "Form 4, Table I columns 4 and 5, Table II columns 5 and 9"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, kind="transaction"):
            names = ("shares", "shares_owned_following", "acquired_disposed")
            places = [entry.place(name) for name in names]
            shares, owned = number_of(places[0].field), number_of(places[1].field)
            if value_of(entry.row.acquired_disposed) != "A" or shares is None or owned is None:
                continue
            if shares > owned + _ROUNDED:
                message = f"{plain_number(shares)} acquired, {plain_number(owned)} owned afterwards"
                found.append(self.failed("error", places, message))
            elif entry.derivative and shares:
                self.passed(places)
        return found

    def repair(self, filing: Filing) -> list[Check]:
        """Turns a leg that was only derived: nothing owned after an amount means that the amount was disposed of."""
        found: list[Check] = []
        for entry in entries(filing, derivative=True, kind="transaction"):
            leg, shares = entry.row.acquired_disposed, number_of(entry.row.shares)
            if leg is None or leg.method != "derived" or leg.value != "A" or not shares:
                continue
            code = value_of(entry.row.transaction_code)
            if number_of(entry.row.shares_owned_following) != 0 or direction_of(code, derivative=True) == "A":
                continue
            leg.raw = leg.raw or "A"
            leg.value, leg.method = "D", "repaired"
            leg.signals["repaired"] = 1.0
            message = "nothing is owned afterwards: disposed of, not acquired"
            found.append(Check("leg_repaired", "info", [f"{entry.path}.acquired_disposed"], message))
        return found


class MarksHaveFootnotes(Rule):
    """Every mark has its footnote, and every footnote its mark."""

    code = "mark_without_footnote"
    statement = "the footnote marks of the rows are the numbers of the footnotes"
    source = "Form 4, Explanation of Responses"

    def run(self, filing: Filing) -> list[Check]:
        ids = {footnote.id for footnote in filing.footnotes}
        found: list[Check] = []
        for entry in entries(filing):
            strangers = sorted(set(entry.row.footnotes) - ids)
            if not strangers:
                continue
            marked = [
                Place(f"{entry.path}.{name}", field)
                for name, field in entry.row.fields(entry.derivative).items()
                if field is not None and set(field.marks) & set(strangers)
            ]
            numbers = ", ".join(map(str, strangers))
            places = marked or [Place(f"{entry.path}.footnotes", None)]
            found.append(self.failed("warning", places, f"no footnote {numbers}"))
        return found
