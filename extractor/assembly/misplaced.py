"""Dates that were taken for those of a neighbouring column, in text that lost its columns.

Three dates of Table II look alike. Which one a lone date is follows from the form: transactions lie within the period
that the form reports, expirations years behind it; and a row that has a deemed execution date has a transaction date.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from extractor.record import Field, Row

_FAR = 1000  # days; in real filings no lone exercise date lies further ahead, half of the lone expirations do
_OUTSIDE = 400  # days from the period of report; no transaction of a Form 4 is further away but once in 500


def settle_dates(rows: Sequence[Row], derivative: bool, period: Field | None, form: str) -> None:
    """Move dates of rows, in place, to the column that they must be of. `form` is "3", "4" or "5"."""
    reported = _day(period)
    for row in rows:
        if row.transaction_date is None and row.deemed_execution_date is not None and row.shares is not None:
            row.transaction_date, row.deemed_execution_date = row.deemed_execution_date, None
        if not derivative or reported is None:
            continue
        traded = _day(row.transaction_date)
        bare = row.transaction_code is None and row.shares is None
        if traded is not None and form == "4" and bare and abs((traded - reported).days) > _OUTSIDE:
            if traded < reported and row.exercise_date is None:
                row.exercise_date, row.transaction_date, row.kind = row.transaction_date, None, "holding"
            elif traded > reported and row.expiration_date is None:
                row.expiration_date, row.transaction_date, row.kind = row.transaction_date, None, "holding"
        opens = _day(row.exercise_date)
        if opens is not None and row.expiration_date is None and (opens - reported).days > _FAR:
            row.expiration_date, row.exercise_date = row.exercise_date, None


def _day(field: Field | None) -> date | None:
    return date.fromisoformat(field.value) if field is not None and isinstance(field.value, str) else None
