"""Rules about values that a filing prints twice: titles, dates, names, prices and amounts that confirm each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from extractor.checking.codes import EXERCISES
from extractor.checking.rule import Entry, Place, Rule, date_of, entries, number_of, plain_number, text_of, value_of
from extractor.checking.similarity import misreading
from extractor.record import Check, Filing

_CENT = 0.0051
_LEAST_TELLING = 100  # smaller numbers occur in prose for other reasons
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d,]*\d)")


_TITLES = ("security_title", "underlying_security_title")


def _pass_twins(rule: Rule, said: Iterable[tuple[object, Place]]) -> None:
    """Notes that the rule holds on the places that say the same as another; those that say nothing are left out."""
    printed: dict[object, list[Place]] = defaultdict(list)
    for value, place in said:
        if value:
            printed[value].append(place)
    for places in printed.values():
        if len(places) > 1:
            rule.passed(places)


class TitlePrintedAgain(Rule):
    """The same security is named alike wherever a filing names it."""

    code = "title_alone"
    statement = "a security's title that another row, or the other table as underlying, prints too is right in both"
    source = "Form 4, Table I column 1, Table II columns 1 and 7"

    def run(self, filing: Filing) -> list[Check]:
        places = (entry.place(name) for entry in entries(filing) for name in _TITLES)
        _pass_twins(self, ((text_of(place.field), place) for place in places))
        return []


class DatePrintedAgain(Rule):
    """Transactions of one filing mostly share their days."""

    code = "date_alone"
    statement = "a transaction date that another row or the period of report prints too is right in both"
    source = "Form 4, box 3 and columns 2 and 3 of the tables"

    def run(self, filing: Filing) -> list[Check]:
        places = [entry.place("transaction_date") for entry in entries(filing, kind="transaction")]
        period = filing.period_of_report
        if period is not None and period.method == "read":
            places.append(Place("period_of_report", period))
        _pass_twins(self, ((date_of(place.field), place) for place in places))
        return []


class SignatureNamesOwner(Rule):
    """A reporting person signs, or another for them by name."""

    code = "signature_of_other"
    statement = "a signature that holds an owner's last name and another of their names confirms the owner's name"
    source = "Form 4, General Instruction 6: the form is signed by the reporting person or for them"

    def run(self, filing: Filing) -> list[Check]:
        for index, owner in enumerate(filing.reporting_owners):
            name = value_of(owner.name)
            if not isinstance(name, str):
                continue
            words = [word for word in re.findall(r"[^\W\d_]+", name.casefold()) if len(word) > 1]
            for place in self._signatures(filing):
                signed = set(re.findall(r"[^\W\d_]+", str(value_of(place.field) or "").casefold()))
                if len(words) > 1 and words[0] in signed and signed.intersection(words[1:]):
                    self.passed([Place(f"reporting_owners[{index}].name", owner.name), place])
                    break
        return []

    @staticmethod
    def _signatures(filing: Filing) -> Iterator[Place]:
        for number, signature in enumerate(filing.signatures):
            yield Place(f"signatures[{number}].name", signature.name)


class ExercisePriceAgrees(Rule):
    """What is exercised is paid for at the exercise price."""

    code = "exercise_price_differs"
    statement = "an exercised option's price in Table II is the price of the shares that it brings in Table I"
    source = "Form 4, Table I column 4 and Table II column 2; General Instruction 8: codes M, C, O, X"

    def run(self, filing: Filing) -> list[Check]:
        exercised: dict[tuple[object, object], list[Entry]] = defaultdict(list)
        for entry in entries(filing, derivative=True, kind="transaction"):
            code, day = value_of(entry.row.transaction_code), value_of(entry.row.transaction_date)
            if code in EXERCISES and number_of(entry.row.conversion_or_exercise_price) is not None:
                exercised[code, day].append(entry)
        found: list[Check] = []
        for entry in entries(filing, derivative=False, kind="transaction"):
            row = entry.row
            paid, place = number_of(row.price_per_share), entry.place("price_per_share")
            others = exercised.get((value_of(row.transaction_code), value_of(row.transaction_date)), [])
            if not paid or not others or value_of(row.acquired_disposed) != "A":
                continue
            prices = [other.place("conversion_or_exercise_price") for other in others]
            alike = [p for p in prices if abs((number_of(p.field) or 0.0) - paid) <= _CENT]
            if alike:
                self.passed([place, *alike])
                continue
            near = [p for p in prices if misreading(paid, number_of(p.field) or 0.0, ())]
            if near:
                message = f"{plain_number(paid)} paid, {plain_number(number_of(near[0].field) or 0.0)} to be paid"
                found.append(self.failed("warning", [place, *near], message))
        return found


class FootnoteSaysNumber(Rule):
    """Footnotes repeat the amounts that they explain."""

    code = "number_alone"
    statement = "an amount or price that a footnote repeats is right"
    source = "Form 4, Explanation of Responses"

    def run(self, filing: Filing) -> list[Check]:
        said = {
            float(text.replace(",", ""))
            for footnote in filing.footnotes
            for text in _NUMBER.findall(str(value_of(footnote.text) or ""))
            if "," in text or "." in text
        }
        names = ("shares", "shares_owned_following", "price_per_share", "underlying_security_shares")
        for entry in entries(filing):
            for name in (*names, "conversion_or_exercise_price"):
                place = entry.place(name)
                number = number_of(place.field)
                if number in said and number is not None and (number >= _LEAST_TELLING or not number.is_integer()):
                    self.passed([place])
        return []
