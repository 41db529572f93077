"""Transaction dates that were lost in reading, from the rows around and from box 3.

In the real filings looked at, a row between two of one date was always of that date (166 of 166), a row whose filing
has one date only besides was of that in 200 of 202 cases where several rows say so and in 66 of 74 where one does, and
all rows of a Form 4 were of box 3's date in 154 of 181 filings.
"""

from __future__ import annotations

from extractor.checking.lost_codes import derived_from
from extractor.checking.rule import Entry, Rule, entries, number_of, value_of
from extractor.record import Check, Filing

_BETWEEN, _ALL_OTHERS, _ONE_OTHER, _BOX_3 = 0.99, 0.98, 0.89, 0.85


class LostDates(Rule):
    """Fills in transaction dates that were not read (method "derived"); OCR and garbled text only."""

    code = "date_derived"
    statement = "a transaction's lost date is that of the rows around it, or box 3's where no row has one"
    source = "Form 4, Table I column 2 and box 3; frequencies in real filings"

    def run(self, filing: Filing) -> list[Check]:
        return []

    def repair(self, filing: Filing) -> list[Check]:
        if filing.source.input_kind in ("html", "pdf_text"):
            return []  # what is not printed there was not filed
        found: list[Check] = []
        every = [entry for table in (False, True) for entry in entries(filing, table, "transaction")]
        read = {entry.path: str(day) for entry in every if (day := value_of(entry.row.transaction_date)) is not None}
        period = value_of(filing.period_of_report) if _is_form_4(filing) else None
        for derivative in (False, True):
            rows = list(entries(filing, derivative, "transaction"))
            for place, entry in enumerate(rows):
                if entry.path in read or not _is_whole(entry):
                    continue
                around = {read.get(row.path) for row in (*rows[place - 1 : place], *rows[place + 1 : place + 2])}
                days = set(read.values())
                if 0 < place < len(rows) - 1 and len(around) == 1 and None not in around:
                    day, sure = around.pop(), _BETWEEN
                elif len(days) == 1:
                    day, sure = next(iter(days)), _ALL_OTHERS if len(read) > 1 else _ONE_OTHER
                elif not days and isinstance(period, str):
                    day, sure = period, _BOX_3
                else:
                    continue
                assert day is not None
                date = entry.row.transaction_date
                entry.row.transaction_date = derived_from(entry.row.shares, day, sure, date.marks if date else [])
                found.append(
                    Check("date_derived", "info", [f"{entry.path}.transaction_date"], f"{day} follows from the rest")
                )
        return found


def _is_form_4(filing: Filing) -> bool:
    return str(value_of(filing.form_type) or "")[:1] == "4"


def _is_whole(entry: Entry) -> bool:
    """Whether enough of a row was read that it surely is a transaction, and not a scrap taken for one."""
    row = entry.row
    told = value_of(row.transaction_code) is not None and value_of(row.acquired_disposed) is not None
    return told and number_of(row.shares) is not None and value_of(row.security_title) is not None
