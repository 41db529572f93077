"""Rows that are the two halves of one: what a line's end inside a cell makes of a row of text."""

from __future__ import annotations

import itertools

from extractor.checking.rule import Entry, Rule, entries, form_of
from extractor.record import Check, Filing, Row

_TRANSACTION = ("transaction_date", "transaction_code", "shares", "acquired_disposed")
_LACKS = 2  # cells at least that each half is without


class TornRows(Rule):
    """Neighbouring rows of which each lacks what the other has."""

    code = "rows_torn"
    statement = (
        "A row of Table I or II has a title, what is owned and D or I, and a transaction its date, code, amount."
    )
    source = "Form 4, columns 1 to 7 of Table I and 1 to 10 of Table II"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for derivative in (False, True):
            owned = not (derivative and form_of(filing) == "3")
            for above, below in itertools.pairwise(entries(filing, derivative)):
                if _are_halves(above.row, below.row, owned):
                    found.append(self._torn(above, below))
        return found

    def _torn(self, above: Entry, below: Entry) -> Check:
        places = [
            entry.place(name)
            for entry in (above, below)
            for name, field in entry.row.fields(derivative=entry.derivative).items()
            if field is not None
        ]
        return self.failed("warning", places, f"{above.path} and {below.path} look like the halves of one row")


def _are_halves(above: Row, below: Row, owned: bool) -> bool:
    """Whether two rows together are a whole transaction that neither is alone, and share nothing but words.

    D or I may be in both: where it is lost it is derived.
    """
    first, second = _there(above), _there(below)
    wanted = {"direct_or_indirect", *_TRANSACTION, *(("shares_owned_following",) if owned else ())}
    if (first & second & wanted) - {"direct_or_indirect"} or not wanted <= first | second:
        return False
    return all(len(wanted - there) >= _LACKS for there in (first, second))


def _there(row: Row) -> set[str]:
    """The cells of a row that are printed: a letter that follows from others is not."""
    return {
        name
        for name, field in row.fields(derivative=True).items()
        if field is not None and (field.value is not None or field.marks) and field.method != "derived"
    } | ({"acquired_disposed"} if row.acquired_disposed is not None else set())
