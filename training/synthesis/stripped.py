"""The values of a filing's XML with its tags stripped, as some pipelines leave them."""

from __future__ import annotations

import random

from extractor.record import Field, Filing, Row
from training.synthesis.annotate import Mark
from training.synthesis.content import number_text
from training.synthesis.tape import Atom, Tape, space


def strip_tags(rng: random.Random, filing: Filing) -> tuple[Tape, Filing]:
    """Values in the order of the XML, one a line or all in a row; flags as 0 and 1, which mean nothing any more."""
    tape: Tape = []
    between = rng.choice(("\n", " ", "\n", "\n\n"))
    row_end = rng.choice(("\n", between))
    key = 0

    def put(value: object, label: str | None, row: int | None = None) -> None:
        nonlocal key
        if value is None or value == "":
            return
        key += 1
        text = number_text(value, thousands=False) if isinstance(value, float) else str(value)
        tape.append(Atom(text, Mark(label, row, key) if label else None))
        tape.append(space(between))

    def field(value: Field | None, label: str, row: int | None = None) -> None:
        put(value.value if value is not None else None, label, row)

    put("X0508", None)
    field(filing.form_type, "form_type")
    field(filing.period_of_report, "period_of_report")
    field(filing.date_of_original_submission, "date_of_original_submission")
    put("0", None)
    put(f"{rng.randint(1, 1999999):010d}", None)
    field(filing.issuer.name, "issuer.name")
    field(filing.issuer.ticker, "issuer.ticker")
    for owner in filing.reporting_owners:
        put(f"{rng.randint(1000000, 1999999):010d}", None)
        for name in ("name", "street", "city", "state", "zip", "country"):
            field(getattr(owner, name), f"owner.{name}")
        for flag in (owner.is_director, owner.is_officer, owner.is_ten_percent_owner, owner.is_other):
            if rng.random() < 0.9 and flag is not None:
                put("1" if flag.value else "0", None)
        field(owner.officer_title, "owner.officer_title")
        field(owner.other_text, "owner.other_text")
        owner.is_officer = Field(True) if owner.officer_title is not None else None
        owner.is_director = owner.is_ten_percent_owner = owner.is_other = None
    filing.not_subject_to_section_16 = filing.aff10b5_one = filing.no_securities_owned = None
    filing.form3_holdings_reported = filing.form4_transactions_reported = None
    form = str(filing.form_type.value)[0] if filing.form_type else "4"
    for derivative, rows in ((False, filing.non_derivative), (True, filing.derivative)):
        for index, row in enumerate(rows):
            _row(row, index, derivative, form, field, put)
            _forget_marks(row, derivative)
            tape.append(space(row_end))
    for note in filing.footnotes:
        field(note.text, "footnote.text")
    field(filing.remarks, "remarks")
    for signature in filing.signatures:
        field(signature.name, "signature.name")
        field(signature.date, "signature.date")
    return tape, filing


def _row(row: Row, index: int, derivative: bool, form: str, field: object, put: object) -> None:
    assert callable(field)
    assert callable(put)
    base = "derivative" if derivative else "non_derivative"
    shares = "shares"
    if derivative:
        shares = (
            "shares_acquired" if row.acquired_disposed and row.acquired_disposed.value == "A" else "shares_disposed"
        )
    field(row.security_title, f"{base}.security_title", index)
    if derivative:
        field(row.conversion_or_exercise_price, f"{base}.conversion_or_exercise_price", index)
    field(row.transaction_date, f"{base}.transaction_date", index)
    field(row.deemed_execution_date, f"{base}.deemed_execution_date", index)
    if row.transaction_code is not None:
        put("5" if row.voluntary else form, None)
        field(row.transaction_code, f"{base}.transaction_code", index)
        put("1" if row.equity_swap_involved else "0", None)
        row.voluntary = row.equity_swap_involved = None
    field(row.shares, f"{base}.{shares}", index)
    field(row.price_per_share, f"{base}.price_per_share", index)
    if row.acquired_disposed is not None:
        put(row.acquired_disposed.value, None if derivative else f"{base}.acquired_disposed", index)
    if derivative:
        field(row.exercise_date, f"{base}.exercise_date", index)
        field(row.expiration_date, f"{base}.expiration_date", index)
        field(row.underlying_security_title, f"{base}.underlying_security_title", index)
        field(row.underlying_security_shares, f"{base}.underlying_security_shares", index)
    field(row.shares_owned_following, f"{base}.shares_owned_following", index)
    field(row.direct_or_indirect, f"{base}.direct_or_indirect", index)
    field(row.nature_of_ownership, f"{base}.nature_of_ownership", index)


def _forget_marks(row: Row, derivative: bool) -> None:
    row.footnotes = []
    for value in row.fields(derivative).values():
        if value is not None:
            value.marks = []
