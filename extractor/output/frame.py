"""Filings as pandas frames. Imported only where a frame is asked for: pandas takes its time."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from extractor.output.tables import FLAT_COLUMNS, flat_rows
from extractor.record import Filing

_DATES = (
    "period_of_report",
    "transaction_date",
    "deemed_execution_date",
    "exercise_date",
    "expiration_date",
)


def filing_frame(filing: Filing) -> pd.DataFrame:
    """One line a row of Tables I and II (see `extractor.output.tables.FLAT_COLUMNS`); dates as timestamps."""
    return filings_frame([filing])


def filings_frame(filings: Iterable[Filing]) -> pd.DataFrame:
    """The rows of several filings in one frame, in order."""
    rows = [row for filing in filings for row in flat_rows(filing.to_dict())]
    frame = pd.DataFrame(rows, columns=list(FLAT_COLUMNS))
    for name in _DATES:
        frame[name] = pd.to_datetime(frame[name], errors="coerce", format="%Y-%m-%d")
    return frame
