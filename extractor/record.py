"""The filing record: what extraction gives, field by field as the output contract says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extractor.document import BBox
from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = "1.0"
Value = str | float | int | bool | None


@dataclass(slots=True)
class Field:
    """One value with its confidence and its place.

    `method` is "read", "repaired" or "derived". `bbox` is in points on `page`, None for text input, where `span` holds
    character offsets instead. `marks` are the footnote marks that hang on the value. `signals` are what the confidence
    was computed from, `readings` what else a number's print may be (see `Token.readings`): no part of the output.
    """

    value: Value
    confidence: float = 1.0
    raw: str | None = None
    page: int | None = None
    bbox: BBox | None = None
    span: tuple[int, int] | None = None
    method: str = "read"
    marks: list[int] = field(default_factory=list)
    signals: dict[str, float] = field(default_factory=dict)
    readings: tuple[tuple[str, float], ...] = ()

    def derive(self, value: Value, signals: Mapping[str, float], marks: Iterable[int] = ()) -> Field:
        """A value that was not printed but follows from this one, at its place."""
        return Field(
            value,
            page=self.page,
            bbox=self.bbox,
            span=self.span,
            method="derived",
            marks=list(marks),
            signals=dict(signals),
        )

    def mend(self, value: Value) -> None:
        """Gives the field another value than was read, and counts that for its confidence."""
        self.value, self.method = value, "repaired"
        self.signals["mended"] = self.signals.get("mended", 0.0) + 1.0

    def to_dict(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "value": self.value,
            "confidence": round(float(self.confidence), 4),
            "raw": self.raw,
            "page": self.page,
            "bbox": [round(float(x), 2) for x in self.bbox] if self.bbox else None,
            "method": self.method,
            "marks": list(self.marks),
        }
        if self.span is not None:
            out["span"] = list(self.span)
        return out


def field_dict(value: Field | None) -> dict[str, Any] | None:
    """A field as JSON types, None for an absent one."""
    return None if value is None else value.to_dict()


@dataclass(slots=True)
class Row:
    """One line of Table I or II. Fields that only Table II has stay None in Table I and are not printed for it."""

    kind: str = "transaction"
    confidence: float = 1.0
    footnotes: list[int] = field(default_factory=list)
    security_title: Field | None = None
    transaction_date: Field | None = None
    deemed_execution_date: Field | None = None
    transaction_code: Field | None = None
    voluntary: Field | None = None
    equity_swap_involved: Field | None = None
    shares: Field | None = None
    acquired_disposed: Field | None = None
    price_per_share: Field | None = None
    shares_owned_following: Field | None = None
    direct_or_indirect: Field | None = None
    nature_of_ownership: Field | None = None
    conversion_or_exercise_price: Field | None = None
    exercise_date: Field | None = None
    expiration_date: Field | None = None
    underlying_security_title: Field | None = None
    underlying_security_shares: Field | None = None

    def fields(self, derivative: bool) -> dict[str, Field | None]:
        names = ROW_FIELDS + DERIVATIVE_ONLY_FIELDS if derivative else ROW_FIELDS
        return {name: getattr(self, name) for name in names}

    def to_dict(self, derivative: bool) -> dict[str, Any]:
        head: dict[str, Any] = {
            "kind": self.kind,
            "confidence": round(float(self.confidence), 4),
            "footnotes": list(self.footnotes),
        }
        return head | {name: field_dict(value) for name, value in self.fields(derivative).items()}


OWNER_FIELDS = (
    "name",
    "street",
    "city",
    "state",
    "zip",
    "country",
    "is_director",
    "is_officer",
    "is_ten_percent_owner",
    "is_other",
    "officer_title",
    "other_text",
    "cik",
)


@dataclass(slots=True)
class ReportingOwner:
    name: Field | None = None
    street: Field | None = None
    city: Field | None = None
    state: Field | None = None
    zip: Field | None = None
    country: Field | None = None
    is_director: Field | None = None
    is_officer: Field | None = None
    is_ten_percent_owner: Field | None = None
    is_other: Field | None = None
    officer_title: Field | None = None
    other_text: Field | None = None
    cik: Field | None = None

    def to_dict(self) -> dict[str, Any]:
        return {name: field_dict(getattr(self, name)) for name in OWNER_FIELDS}


@dataclass(slots=True)
class Issuer:
    name: Field | None = None
    ticker: Field | None = None
    cik: Field | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"name": field_dict(self.name), "ticker": field_dict(self.ticker), "cik": field_dict(self.cik)}


@dataclass(slots=True)
class Footnote:
    id: int
    text: Field | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "text": field_dict(self.text)}


@dataclass(slots=True)
class Signature:
    name: Field | None = None
    date: Field | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"name": field_dict(self.name), "date": field_dict(self.date)}


@dataclass(slots=True)
class Check:
    """What a cross-field check found. `fields` are paths such as "non_derivative[0].shares"."""

    code: str
    severity: str
    fields: list[str]
    message: str

    def to_dict(self) -> dict[str, Any]:
        return {"code": self.code, "severity": self.severity, "fields": list(self.fields), "message": self.message}


@dataclass(slots=True)
class Source:
    path: str = ""
    sha256: str = ""
    input_kind: str = "text"
    pages: tuple[int, int] = (1, 1)


@dataclass(slots=True)
class Filing:
    """One ownership filing. `to_dict()` follows the output contract (docs/record.schema.json).

    `signals` say how well the document as a whole could be read and labelled; they are not part of the output.
    """

    source: Source = field(default_factory=Source)
    model_name: str = ""
    model_version: str = ""
    confidence: float = 1.0
    needs_review: bool = False
    review_reasons: list[str] = field(default_factory=list)
    form_type: Field | None = None
    period_of_report: Field | None = None
    date_of_original_submission: Field | None = None
    not_subject_to_section_16: Field | None = None
    aff10b5_one: Field | None = None
    no_securities_owned: Field | None = None
    form3_holdings_reported: Field | None = None
    form4_transactions_reported: Field | None = None
    issuer: Issuer = field(default_factory=Issuer)
    reporting_owners: list[ReportingOwner] = field(default_factory=list)
    non_derivative: list[Row] = field(default_factory=list)
    derivative: list[Row] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)
    remarks: Field | None = None
    signatures: list[Signature] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    signals: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA_VERSION,
            "source": {
                "path": self.source.path,
                "sha256": self.source.sha256,
                "input_kind": self.source.input_kind,
                "pages": list(self.source.pages),
            },
            "model": {"name": self.model_name, "version": self.model_version},
            "confidence": round(float(self.confidence), 4),
            "needs_review": self.needs_review,
            "review_reasons": list(self.review_reasons),
            "form_type": field_dict(self.form_type),
            "period_of_report": field_dict(self.period_of_report),
            "date_of_original_submission": field_dict(self.date_of_original_submission),
            "not_subject_to_section_16": field_dict(self.not_subject_to_section_16),
            "aff10b5_one": field_dict(self.aff10b5_one),
            "no_securities_owned": field_dict(self.no_securities_owned),
            "form3_holdings_reported": field_dict(self.form3_holdings_reported),
            "form4_transactions_reported": field_dict(self.form4_transactions_reported),
            "issuer": self.issuer.to_dict(),
            "reporting_owners": [owner.to_dict() for owner in self.reporting_owners],
            "non_derivative": [row.to_dict(derivative=False) for row in self.non_derivative],
            "derivative": [row.to_dict(derivative=True) for row in self.derivative],
            "footnotes": [footnote.to_dict() for footnote in self.footnotes],
            "remarks": field_dict(self.remarks),
            "signatures": [signature.to_dict() for signature in self.signatures],
            "checks": [check.to_dict() for check in self.checks],
        }

    def to_json(self) -> str:
        """The record as one line of JSON, non-ASCII text kept as it is."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def to_frame(self) -> pd.DataFrame:
        """One row a line of the tables, Table I first, with the issuer and the owners repeated on each."""
        from extractor.output.frame import filing_frame

        return filing_frame(self)
