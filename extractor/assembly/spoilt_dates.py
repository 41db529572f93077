"""Transaction dates that were spoilt or cut in reading, recovered from the other dates of the form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from extractor.assembly.spans import Labelled
from extractor.assembly.values import parse_date
from extractor.record import Row

_YEAR_CUT = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2,3})")
"""A date whose year's last digits a column's end cut off."""

Unread = dict[str, list[int]]
"""Tokens of cells that were labelled but could not be read as what the column holds, by field."""


def recover_dates(labelled: Labelled, rows: Sequence[tuple[Row, Unread]]) -> None:
    """A transaction date spoilt in reading is the one other date of the table that it is nearly spelt like.

    One whose year was cut off by a column's end has the year of the form's other dates, where that begins like it.
    """
    known = {
        str(row.transaction_date.value)
        for row, _ in rows
        if row.transaction_date is not None and row.transaction_date.value is not None
    }
    period = _first_date(labelled, "period_of_report")
    if period is not None:
        known.add(period)
    years = [int(d[:4]) for d in (period, _first_date(labelled, "signature.date")) if d is not None]
    for row, unread in rows:
        indices = unread.get("transaction_date")
        if indices:
            printed = "".join(labelled.texts(indices))
            near = sorted((Levenshtein.distance(printed, f"{d[5:7]}/{d[8:]}/{d[:4]}"), d) for d in known)
            if near and near[0][0] <= 3 and (len(near) == 1 or near[1][0] > near[0][0]):
                _put_date(labelled, row, indices, near[0][1], near[0][0])
                continue
            whole = _with_year(printed, years)
            if whole is not None:
                _put_date(labelled, row, indices, whole, 2)
        elif (
            (date := row.transaction_date) is not None
            and isinstance(date.value, str)
            and years
            and int(date.value[:4]) > max(years) + 1
        ):
            # "04/19/20" above a lost "02" is no day of 2020 on a form signed in 2002
            whole = _with_year(date.raw or "", years)
            if whole is not None:
                date.value, date.method = whole, "repaired"
                date.signals["mended"] = 2.0


def _first_date(labelled: Labelled, label: str) -> str | None:
    dates = (parse_date(labelled.texts(run)) for run in labelled.runs([label], gap=1))
    return next((str(date.value) for date in dates if date is not None), None)


def _with_year(printed: str, years: Sequence[int]) -> str | None:
    """A date whose year lost its last digits, completed; None where that leaves no one day."""
    match = _YEAR_CUT.fullmatch(printed.strip())
    if match is None:
        return None
    month, day, begun = match.groups()
    fitting = sorted({year for year in years if str(year).startswith(begun)})
    parsed = parse_date([f"{month}/{day}/{fitting[0]}"]) if len(fitting) == 1 else None
    return str(parsed.value) if parsed is not None else None


def _put_date(labelled: Labelled, row: Row, indices: list[int], value: str, changes: int) -> None:
    row.transaction_date = labelled.field(indices, value=value, method="repaired")
    row.transaction_date.signals["mended"] = float(changes)
    row.kind = "transaction"
