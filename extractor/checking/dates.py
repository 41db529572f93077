"""Rules about dates: period of report, signature, deemed execution, exercise and expiration, trading days."""

from __future__ import annotations

import datetime as dt

from extractor.checking.rule import Place, Rule, date_of, entries, form_of, text_of, value_of
from extractor.record import Check, Filing

_LATE = 400  # days: even a Form 5 comes within 45 days of the year whose transactions it reports
_IN_ADVANCE = 14
_DEEMED_SPAN = 10  # days between a trade and its deemed execution, settlement delays included
_RULE_10B5_1_BOX = dt.date(2023, 4, 1)


def _signature_places(filing: Filing) -> list[tuple[Place, dt.date]]:
    found: list[tuple[Place, dt.date]] = []
    for index, signature in enumerate(filing.signatures):
        date = date_of(signature.date)
        if date is not None:
            found.append((Place(f"signatures[{index}].date", signature.date), date))
    return found


def _transaction_places(filing: Filing) -> list[tuple[Place, dt.date]]:
    found: list[tuple[Place, dt.date]] = []
    for entry in entries(filing, kind="transaction"):
        place = entry.place("transaction_date")
        date = date_of(place.field)
        if date is not None:
            found.append((place, date))
    return found


class PeriodIsEarliestTransaction(Rule):
    """Box 3 of Form 4 is the date of its earliest transaction."""

    code = "period_not_earliest"
    statement = "on Form 4 the period of report is the date of the earliest transaction"
    source = "Form 4, box 3: Date of Earliest Transaction Required to be Reported"

    def run(self, filing: Filing) -> list[Check]:
        period = date_of(filing.period_of_report)
        dated = _transaction_places(filing)
        if form_of(filing) != "4" or period is None or not dated:
            return []
        if filing.period_of_report is not None and filing.period_of_report.method == "derived":
            return []  # month and year only, or taken from the rows themselves
        header = Place("period_of_report", filing.period_of_report)
        earliest = min(date for _, date in dated)
        first = [place for place, date in dated if date == earliest]
        if earliest == period:
            # rows that share the date of the box confirm it and each other
            self.passed([header, *first])
            return []
        message = f"the earliest transaction is of {earliest}, the period of report is {period}"
        return [self.failed("error", [header, *first], message)]


class SignedAfterwards(Rule):
    """Nobody signs for a transaction to come."""

    code = "date_after_signature"
    statement = "transactions and the period of report are not after the last signature, and rarely a year before it"
    source = "Section 16(a)(2) of the Exchange Act: statements follow transactions; Form 4, General Instruction 1"

    def run(self, filing: Filing) -> list[Check]:
        signed = _signature_places(filing)
        if not signed:
            return []
        last_place, last = max(signed, key=lambda pair: pair[1])
        dated = _transaction_places(filing)
        period = date_of(filing.period_of_report)
        if period is not None and form_of(filing) != "5":
            dated.append((Place("period_of_report", filing.period_of_report), period))
        found: list[Check] = []
        on_time: list[Place] = []
        for place, date in dated:
            if date > last:
                # a Form 3 is sometimes signed in advance, for the day on which the company goes public
                severity = "warning" if form_of(filing) == "3" and (date - last).days <= _IN_ADVANCE else "error"
                found.append(self.failed(severity, [place, last_place], f"{date} is after the signature of {last}"))
            elif (last - date).days > _LATE:
                message = f"{date} lies more than a year before the signature of {last}"
                found.append(self.failed("warning", [place, last_place], message))
            elif (last - date).days <= 10:
                on_time.append(place)
        if on_time and not found:
            self.passed([*on_time, last_place])
        return found


class DeemedExecution(Rule):
    """A deemed execution date lies near the transaction."""

    code = "deemed_date_far_off"
    statement = "the deemed execution date lies within days of the transaction date"
    source = "Form 4, Table I column 2A; Rule 16a-3(g)(2): at most three business days after the trade"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, kind="transaction"):
            places = [entry.place("transaction_date"), entry.place("deemed_execution_date")]
            traded, deemed = date_of(places[0].field), date_of(places[1].field)
            if traded is None or deemed is None:
                continue
            if abs((deemed - traded).days) <= _DEEMED_SPAN:
                self.passed(places)
            else:
                found.append(self.failed("warning", places, f"deemed executed on {deemed}, traded on {traded}"))
        return found


class ExpiresAfterExercise(Rule):
    """Derivatives can be exercised before they expire."""

    code = "expires_before_exercise"
    statement = "the expiration date is not before the date exercisable, nor before the transaction that grants it"
    source = "Form 4, Table II column 6"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, derivative=True):
            exercise, expiration = entry.place("exercise_date"), entry.place("expiration_date")
            starts, ends = date_of(exercise.field), date_of(expiration.field)
            traded = date_of(entry.row.transaction_date)
            if ends is None:
                continue
            if starts is not None and starts > ends:
                message = f"exercisable from {starts} but expired on {ends}"
                found.append(self.failed("error", [exercise, expiration], message))
            elif traded is not None and traded > ends and value_of(entry.row.transaction_code) not in ("E", "H", "J"):
                message = f"transaction of {traded} in a derivative that expired on {ends}"
                found.append(self.failed("warning", [entry.place("transaction_date"), expiration], message))
            elif starts is not None:
                self.passed([exercise, expiration])
        return found


class TradedOnWeekday(Rule):
    """Exchanges are closed on weekends."""

    code = "weekend_trade"
    statement = "purchases and sales (P, S) happen from Monday to Friday"
    source = "trading calendars of the US exchanges; private trades may differ, hence a warning"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, kind="transaction"):
            place = entry.place("transaction_date")
            date = date_of(place.field)
            if date is None or value_of(entry.row.transaction_code) not in ("P", "S"):
                continue
            if date.weekday() >= 5:
                found.append(self.failed("warning", [place], f"{date} was a {date:%A}"))
        return found


class BoxBeforeItsTime(Rule):
    """The 10b5-1 box came with the form of April 2023."""

    code = "box_before_its_time"
    statement = "no Rule 10b5-1 box on filings signed before April 2023"
    source = "SEC Release 33-11138: the check box applies to Forms 4 and 5 filed on or after April 1, 2023"

    def run(self, filing: Filing) -> list[Check]:
        signed = [date for _, date in _signature_places(filing)]
        place = Place("aff10b5_one", filing.aff10b5_one)
        if not signed or value_of(filing.aff10b5_one) is not True or max(signed) >= _RULE_10B5_1_BOX:
            return []
        return [self.failed("warning", [place], f"10b5-1 box ticked on a filing of {max(signed)}")]


class AmendmentNamesOriginal(Rule):
    """An amendment gives the date of the original filing, and only an amendment does."""

    code = "amendment_date"
    statement = "forms with /A fill 'If Amendment, Date of Original Filed', others leave it empty"
    source = "Form 4, box 4: If Amendment, Date of Original Filed"

    def run(self, filing: Filing) -> list[Check]:
        form = value_of(filing.form_type)
        places = [
            Place("form_type", filing.form_type),
            Place("date_of_original_submission", filing.date_of_original_submission),
        ]
        if not isinstance(form, str) or not text_of(filing.form_type):
            return []
        original, period = date_of(filing.date_of_original_submission), date_of(filing.period_of_report)
        if form.endswith("/A") and original is None:
            return [self.failed("warning", places, "an amendment without the date of the original filing")]
        if not form.endswith("/A") and original is not None:
            return [self.failed("warning", places, f"original filed on {original}, but the form is no amendment")]
        if original is not None and period is not None and form[:1] != "5" and original < period:
            return [self.failed("warning", places[1:], f"original filed on {original}, before the period {period}")]
        if original is not None:
            self.passed(places)
        return []
