"""Gives filings the marks that real ones seldom bear, so that each of them is met often enough to be learned.

Amendments, deemed dates, V, equity swaps, the smaller check boxes and "Other" relationships occur on a few filings in a
hundred. The values are plausible, not true: an enriched filing is for training only.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from extractor.record import Field, Filing, Row

_OTHER = (
    "Member of 10% owner group",
    "Former director",
    "See Remarks",
    "Former officer",
    "Trustee",
    "Director of subsidiary",
    "Member of a group",
    "Advisory board member",
    "Portfolio manager of adviser",
    "Affiliate of investment adviser",
    "Former 10% owner",
    "See footnote 1",
)


def enrich(rng: random.Random, filing: Filing) -> Filing:
    """Change the filing in place, each mark with its own small chance; returns it."""
    form = str(filing.form_type.value) if filing.form_type else ""
    if filing.form_type and not form.endswith("/A") and rng.random() < 0.15:
        filing.form_type = Field(f"{form}/A")
        filing.date_of_original_submission = Field(_later(rng, filing.period_of_report, 2, 60))
    if form[:1] in ("4", "5"):
        if rng.random() < 0.5:
            filing.aff10b5_one = Field(rng.random() < 0.5)
        if rng.random() < 0.2:
            filing.not_subject_to_section_16 = Field(True)
        _mark_rows(rng, [*filing.non_derivative, *filing.derivative])
    if form[:1] == "5":
        filing.form3_holdings_reported = Field(rng.random() < 0.4)
        filing.form4_transactions_reported = Field(rng.random() < 0.4)
    if filing.reporting_owners and rng.random() < 0.12:
        owner = filing.reporting_owners[0]
        owner.is_other, owner.other_text = Field(True), Field(rng.choice(_OTHER))
    return filing


def _mark_rows(rng: random.Random, rows: list[Row]) -> None:
    traded = [row for row in rows if row.transaction_code is not None and row.transaction_date is not None]
    deemed, voluntary, swap = rng.random() < 0.2, rng.random() < 0.15, rng.random() < 0.12
    for row in traded:
        if deemed and row.deemed_execution_date is None and rng.random() < 0.6:
            row.deemed_execution_date = Field(_later(rng, row.transaction_date, 0, 3))
        if voluntary and rng.random() < 0.6:
            row.voluntary = Field(True)
        if swap and rng.random() < 0.5:
            row.equity_swap_involved = Field(True)


def _later(rng: random.Random, field: Field | None, least: int, most: int) -> str:
    start = date.fromisoformat(str(field.value)) if field and field.value else date(2020, 1, 15)
    return (start + timedelta(days=rng.randint(least, most))).isoformat()
