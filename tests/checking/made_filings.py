"""Builders of invented filings for the tests of checks."""

from __future__ import annotations

from typing import Any

from extractor.record import Field, Filing, Footnote, Issuer, ReportingOwner, Row, Signature, Source


def make_row(**values: Any) -> Row:
    """A row of plain values; a Field stays as it is."""
    kind = values.pop("kind", "transaction")
    footnotes = values.pop("footnotes", [])
    made = {
        name: value if isinstance(value, Field) or value is None else Field(value, raw=str(value))
        for name, value in values.items()
    }
    return Row(kind=kind, footnotes=footnotes, **made)


def make_trade(code: str, leg: str, shares: float | None, owned: float | None, **more: Any) -> Row:
    values: dict[str, Any] = {
        "security_title": "Common Stock",
        "transaction_date": "2024-05-02",
        "transaction_code": code,
        "shares": shares,
        "acquired_disposed": leg,
        "price_per_share": 20.5 if code in ("P", "S", "F") else 0,
        "shares_owned_following": owned,
        "direct_or_indirect": "D",
    }
    return make_row(**(values | more))


def make_filing(
    *rows: Row, derivative: tuple[Row, ...] = (), notes: dict[int, str] | None = None, **more: Any
) -> Filing:
    filing = Filing(
        source=Source(input_kind="text"),
        form_type=Field("4"),
        period_of_report=Field("2024-05-02"),
        issuer=Issuer(name=Field("Birchwood Lanterns, Inc."), ticker=Field("BWLN")),
        reporting_owners=[
            ReportingOwner(
                name=Field("Lindqvist Mara T"),
                is_director=Field(True),
                is_officer=Field(False),
                is_ten_percent_owner=Field(False),
                is_other=Field(False),
            )
        ],
        non_derivative=list(rows),
        derivative=list(derivative),
        footnotes=[Footnote(number, Field(text)) for number, text in (notes or {}).items()],
        signatures=[Signature(Field("/s/ Mara T. Lindqvist"), Field("2024-05-03"))],
    )
    for name, value in more.items():
        setattr(filing, name, value)
    return filing
