"""Rules about rows that belong together: exercises in both tables, acquired amounts and totals, marks and footnotes."""

from __future__ import annotations

from collections import defaultdict

from extractor.checking.codes import EXERCISES
from extractor.checking.rule import Entry, Place, Rule, entries, number_of, plain_number, value_of
from extractor.checking.similarity import misreading
from extractor.record import Check, Filing

_CENT = 0.02
_ROUNDED = 1.0


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
                found.append(self.failed("error" if misread == "digit" else "info", places, message))
        return found


class AcquiredWithinTotal(Rule):
    """Who has acquired shares owns at least these."""

    code = "owned_less_than_acquired"
    statement = "the amount owned following is not smaller than the amount that the row acquires"
    source = "Form 4, Table I columns 4 and 5"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, derivative=False, kind="transaction"):
            places = [entry.place("shares"), entry.place("shares_owned_following")]
            shares, owned = number_of(places[0].field), number_of(places[1].field)
            if value_of(entry.row.acquired_disposed) != "A" or shares is None or owned is None:
                continue
            if shares > owned + _ROUNDED:
                message = f"{plain_number(shares)} acquired, {plain_number(owned)} owned afterwards"
                found.append(self.failed("error", places, message))
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
