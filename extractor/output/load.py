"""Stored records back into `Filing` objects: the inverse of `Filing.to_dict()`."""

from __future__ import annotations

from typing import Any

from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS
from extractor.record import (
    OWNER_FIELDS,
    Check,
    Field,
    Filing,
    Footnote,
    Issuer,
    ReportingOwner,
    Row,
    Signature,
    Source,
)


def filing_from_dict(record: dict[str, Any]) -> Filing:
    """A filing from a record as the output contract has it. Raises KeyError where a key of the contract is missing."""
    source = record["source"]
    issuer = record["issuer"]
    return Filing(
        source=Source(source["path"], source["sha256"], source["input_kind"], tuple(source["pages"])),
        model_name=record["model"]["name"],
        model_version=record["model"]["version"],
        confidence=record["confidence"],
        needs_review=record["needs_review"],
        review_reasons=list(record["review_reasons"]),
        form_type=_field(record["form_type"]),
        period_of_report=_field(record["period_of_report"]),
        date_of_original_submission=_field(record["date_of_original_submission"]),
        not_subject_to_section_16=_field(record["not_subject_to_section_16"]),
        aff10b5_one=_field(record["aff10b5_one"]),
        no_securities_owned=_field(record["no_securities_owned"]),
        form3_holdings_reported=_field(record["form3_holdings_reported"]),
        form4_transactions_reported=_field(record["form4_transactions_reported"]),
        issuer=Issuer(_field(issuer["name"]), _field(issuer["ticker"]), _field(issuer["cik"])),
        reporting_owners=[
            ReportingOwner(**{name: _field(owner[name]) for name in OWNER_FIELDS})
            for owner in record["reporting_owners"]
        ],
        non_derivative=[_row(row, ROW_FIELDS) for row in record["non_derivative"]],
        derivative=[_row(row, ROW_FIELDS + DERIVATIVE_ONLY_FIELDS) for row in record["derivative"]],
        footnotes=[Footnote(note["id"], _field(note["text"])) for note in record["footnotes"]],
        remarks=_field(record["remarks"]),
        signatures=[Signature(_field(item["name"]), _field(item["date"])) for item in record["signatures"]],
        checks=[Check(c["code"], c["severity"], list(c["fields"]), c["message"]) for c in record["checks"]],
    )


def _field(data: dict[str, Any] | None) -> Field | None:
    if data is None:
        return None
    bbox, span = data["bbox"], data.get("span")
    return Field(
        value=data["value"],
        confidence=data["confidence"],
        raw=data["raw"],
        page=data["page"],
        bbox=(bbox[0], bbox[1], bbox[2], bbox[3]) if bbox else None,
        span=(span[0], span[1]) if span else None,
        method=data["method"],
        marks=list(data["marks"]),
    )


def _row(data: dict[str, Any], names: tuple[str, ...]) -> Row:
    values = {name: _field(data[name]) for name in names}
    return Row(kind=data["kind"], confidence=data["confidence"], footnotes=list(data["footnotes"]), **values)
