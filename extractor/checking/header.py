"""Rules about the header: issuer and owners, titles and boxes, and what every form must hold."""

from __future__ import annotations

from extractor.checking.rule import Entry, Place, Rule, entries, form_of, text_of, value_of
from extractor.record import OWNER_FIELDS, Check, Filing

_TRANSACTION = ("security_title", "transaction_date", "transaction_code", "shares", "acquired_disposed")
_OWNED = "shares_owned_following"
_BOXES = ("is_director", "is_officer", "is_ten_percent_owner", "is_other")


class OwnerIsNotIssuer(Rule):
    """The reporting person is not the issuer."""

    code = "owner_is_issuer"
    statement = "no reporting owner bears the issuer's name"
    source = "Section 16(a)(1) of the Exchange Act: owners, directors and officers of the issuer report"

    def run(self, filing: Filing) -> list[Check]:
        issuer = text_of(filing.issuer.name)
        found: list[Check] = []
        for index, owner in enumerate(filing.reporting_owners):
            if issuer and text_of(owner.name) == issuer:
                places = [
                    Place("issuer.name", filing.issuer.name),
                    Place(f"reporting_owners[{index}].name", owner.name),
                ]
                found.append(self.failed("error", places, "owner and issuer have the same name"))
        return found


class OwnersDiffer(Rule):
    """Each reporting owner counts once."""

    code = "owner_twice"
    statement = "no two reporting owners have the same name"
    source = "Form 4, General Instruction 4(b)(v): joint filers are listed once each"

    def run(self, filing: Filing) -> list[Check]:
        seen: dict[str, int] = {}
        found: list[Check] = []
        for index, owner in enumerate(filing.reporting_owners):
            name = text_of(owner.name)
            if name and name in seen:
                places = [
                    Place(f"reporting_owners[{other}].name", filing.reporting_owners[other].name)
                    for other in (seen[name], index)
                ]
                found.append(self.failed("error", places, "two owners have the same name"))
            seen.setdefault(name, index)
        return found


class TitleWithBox(Rule):
    """An officer's title goes with the officer's box, and every owner has a relationship."""

    code = "title_and_box"
    statement = (
        "the officer box and an officer's title go together, the box Other and its text; at least one relationship box "
        "is ticked"
    )
    source = "Form 4, box 5: Relationship of Reporting Person(s) to Issuer"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for index, owner in enumerate(filing.reporting_owners):
            place = {name: Place(f"reporting_owners[{index}].{name}", getattr(owner, name)) for name in OWNER_FIELDS}
            pair = [place["is_officer"], place["officer_title"]]
            box, title = value_of(owner.is_officer), value_of(owner.officer_title)
            if title and box is False:
                found.append(self.failed("warning", pair, "an officer's title without the officer's box"))
            elif box is True and not title:
                found.append(self.failed("warning", pair, "the officer's box without a title"))
            elif title and box is True and owner.is_officer is not None and owner.is_officer.method == "read":
                self.passed(pair)
            pair = [place["is_other"], place["other_text"]]
            box, text = value_of(owner.is_other), value_of(owner.other_text)
            if box is True and not text:
                found.append(self.failed("warning", pair, "the box 'Other' without a text"))
            elif text and box is True:
                self.passed(pair)
            boxes = [place[name] for name in _BOXES]
            printed = [one for one in boxes if one.field is not None and one.field.value is not None]
            if printed and not any(value_of(one.field) for one in boxes):
                found.append(self.failed("warning", boxes, "no relationship to the issuer is ticked"))
        return found


class NothingOwnedMeansNoRows(Rule):
    """'No securities are beneficially owned' and rows exclude each other."""

    code = "no_securities_but_rows"
    statement = "a Form 3 that says no securities are owned has no rows"
    source = "Form 3, General Instructions: a person who owns no securities says so in Table I"

    def run(self, filing: Filing) -> list[Check]:
        if value_of(filing.no_securities_owned) is not True:
            return []
        held = [Place(f"{entry.path}.security_title", entry.row.security_title) for entry in entries(filing)]
        place = Place("no_securities_owned", filing.no_securities_owned)
        if not held:
            self.passed([place])
            return []
        return [self.failed("error", [place, *held[:3]], "rows on a form that says nothing is owned")]


class MissingRequired(Rule):
    """What no form of its kind leaves out."""

    code = "missing_required"
    statement = (
        "every form has its type, date, issuer and owner; every transaction title, date, code, amount, A/D and total; "
        "every holding title and amount; every row D or I"
    )
    source = "Forms 3, 4 and 5, General Instructions: boxes 1 to 3, Tables I and II"

    def run(self, filing: Filing) -> list[Check]:
        missing = [
            Place("form_type", filing.form_type),
            Place("period_of_report", filing.period_of_report),
            Place("issuer.name", filing.issuer.name),
        ]
        owners = [Place(f"reporting_owners[{i}].name", owner.name) for i, owner in enumerate(filing.reporting_owners)]
        missing += owners or [Place("reporting_owners", None)]
        found = [self._missing("error", place) for place in missing if value_of(place.field) is None]
        for entry in entries(filing):
            for name in self._required(filing, entry):
                place = entry.place(name)
                # a cell that holds only a footnote mark is filled
                if value_of(place.field) is None and not (place.field is not None and place.field.marks):
                    found.append(self._missing("error", place))
        if not any(value_of(signature.date) for signature in filing.signatures):
            found.append(self._missing("warning", Place("signatures", None)))
        if not filing.non_derivative and not filing.derivative and value_of(filing.no_securities_owned) is not True:
            found.append(self._no_rows(filing))
        return found

    def _missing(self, severity: str, place: Place) -> Check:
        return self.failed(severity, [place], f"{place.path} is missing")

    def _no_rows(self, filing: Filing) -> Check:
        # who leaves Section 16 or amends remarks files a form without rows now and then
        excused = value_of(filing.not_subject_to_section_16) is True or value_of(filing.remarks) is not None
        return self.failed(
            "warning" if excused else "error", [Place("non_derivative", None)], "no rows in either table"
        )

    @staticmethod
    def _required(filing: Filing, entry: Entry) -> tuple[str, ...]:
        if entry.row.kind == "transaction":
            return (*_TRANSACTION, _OWNED, "direct_or_indirect")
        amount = "underlying_security_shares" if entry.derivative and form_of(filing) == "3" else _OWNED
        return ("security_title", amount, "direct_or_indirect")
