"""What a record says should stand on its pages: one entry a value, with its label and how it is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.assembly.values import (
    join_text,
    parse_acquired_disposed,
    parse_code,
    parse_date,
    parse_direct_indirect,
    parse_form_type,
    parse_number,
    parse_signature_name,
    parse_state,
    parse_text,
    parse_tick,
    parse_ticker,
    parse_zip,
)
from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS

Reading = tuple[Any, int]
"""A value read from texts and how much had to be mended to read it."""

NUMBERS = frozenset(("number", "price"))
TEXTS = frozenset(("text", "ticker", "state", "zip", "signature"))
PROSE = frozenset(("prose",))

_ROW_KINDS = {
    "security_title": "text",
    "transaction_date": "date",
    "deemed_execution_date": "date",
    "transaction_code": "code",
    "voluntary": "voluntary",
    "equity_swap_involved": "swap",
    "shares": "number",
    "acquired_disposed": "acquired",
    "price_per_share": "price",
    "shares_owned_following": "number",
    "direct_or_indirect": "direct",
    "nature_of_ownership": "text",
    "conversion_or_exercise_price": "price",
    "exercise_date": "date",
    "expiration_date": "date",
    "underlying_security_title": "text",
    "underlying_security_shares": "number",
}
_HEADER = (
    ("form_type", "form_type", "form_type"),
    ("period_of_report", "period_of_report", "day"),
    ("date_of_original_submission", "date_of_original_submission", "day"),
    ("not_subject_to_section_16", "box.section_16", "tick"),
    ("aff10b5_one", "box.aff10b5_one", "tick"),
    ("form3_holdings_reported", "box.form3_holdings", "tick"),
    ("form4_transactions_reported", "box.form4_transactions", "tick"),
    ("no_securities_owned", "no_securities_owned", "statement"),
    ("remarks", "remarks", "prose"),
)
_OWNER = (
    ("name", "owner.name", "text"),
    ("street", "owner.street", "text"),
    ("city", "owner.city", "text"),
    ("state", "owner.state", "state"),
    ("zip", "owner.zip", "zip"),
    ("country", "owner.country", "text"),
    ("officer_title", "owner.officer_title", "text"),
    ("other_text", "owner.other_text", "text"),
    ("is_director", "box.director", "tick"),
    ("is_officer", "box.officer", "tick"),
    ("is_ten_percent_owner", "box.ten_percent_owner", "tick"),
    ("is_other", "box.other", "tick"),
)


@dataclass(slots=True)
class Wanted:
    """One value of a record. `group` is the part it belongs to, such as ("non_derivative", 2); `field` is the record's
    entry with its place where the record has one."""

    path: str
    label: str
    kind: str
    value: Any
    group: tuple[str, int]
    field: Mapping[str, Any] | None = None

    @property
    def is_derived(self) -> bool:
        """Whether the record itself says that the value is not printed."""
        return self.field is not None and self.field.get("method") == "derived"


def as_field(entry: Any) -> Mapping[str, Any] | None:
    """An entry of a record that is a field with a place; None for a plain value."""
    return entry if isinstance(entry, Mapping) and "value" in entry else None


def value_of(entry: Any) -> Any:
    """The plain value of an entry, be it a field or plain already."""
    field = as_field(entry)
    return entry if field is None else field["value"]


def wanted_values(record: Mapping[str, Any]) -> list[Wanted]:
    """Every value of a record that can stand on a page, in the record's order. Fields and plain values may mix."""
    return [item for item in _all(record) if item.value is not None and item.value != ""]


def _all(record: Mapping[str, Any]) -> Iterator[Wanted]:
    for name, label, kind in _HEADER:
        yield _wanted(name, label, kind, record.get(name), ("header", 0))
    issuer = record.get("issuer") or {}
    yield _wanted("issuer.name", "issuer.name", "text", issuer.get("name"), ("issuer", 0))
    yield _wanted("issuer.ticker", "issuer.ticker", "ticker", issuer.get("ticker"), ("issuer", 0))
    for i, owner in enumerate(record.get("reporting_owners") or []):
        for name, label, kind in _OWNER:
            yield _wanted(f"reporting_owners[{i}].{name}", label, kind, owner.get(name), ("reporting_owners", i))
    for table, names in (("non_derivative", ROW_FIELDS), ("derivative", ROW_FIELDS + DERIVATIVE_ONLY_FIELDS)):
        for i, row in enumerate(record.get(table) or []):
            for name in names:
                row_label = _row_label(table, name, row)
                if row_label is not None:
                    yield _wanted(f"{table}[{i}].{name}", row_label, _ROW_KINDS[name], row.get(name), (table, i))
    for i, note in enumerate(record.get("footnotes") or []):
        yield _wanted(f"footnotes[{i}].text", "footnote.text", "prose", note.get("text"), ("footnotes", i))
    for i, signed in enumerate(record.get("signatures") or []):
        group = ("signatures", i)
        yield _wanted(f"signatures[{i}].name", "signature.name", "signature", signed.get("name"), group)
        yield _wanted(f"signatures[{i}].date", "signature.date", "day", signed.get("date"), group)


def _wanted(path: str, label: str, kind: str, entry: Any, group: tuple[str, int]) -> Wanted:
    return Wanted(path, label, kind, value_of(entry), group, as_field(entry))


def _row_label(table: str, name: str, row: Mapping[str, Any]) -> str | None:
    if table == "derivative" and name == "acquired_disposed":
        return None  # said by the column that holds the number
    if table == "derivative" and name == "shares":
        acquired = value_of(row.get("acquired_disposed")) == "A"
        return "derivative.shares_acquired" if acquired else "derivative.shares_disposed"
    return f"{table}.{name}"


def _plain(parser: Callable[..., Any], **options: Any) -> Callable[[Sequence[str]], Reading | None]:
    def read(texts: Sequence[str]) -> Reading | None:
        parsed = parser(list(texts), **options)
        return None if parsed is None else (parsed.value, parsed.mended)

    return read


def _ticks(texts: Sequence[str]) -> Reading | None:
    ticked = [parse_tick(text) for text in texts]
    if not ticked or None in ticked:
        return None
    return any(ticked), 0


def _voluntary(texts: Sequence[str]) -> Reading | None:
    text = "".join(texts).strip("|_. ")
    return (True, int(text != "V")) if text.upper() == "V" else None


def _swap(texts: Sequence[str]) -> Reading | None:
    return (True, 0) if re.fullmatch(r"[/\\|]\s*[Kk]", "".join(texts)) else None


def _prose(texts: Sequence[str]) -> Reading | None:
    text = join_text(texts)
    return (text, 0) if text else None


_READERS: dict[str, Callable[[Sequence[str]], Reading | None]] = {
    "form_type": _plain(parse_form_type),
    "day": _plain(parse_date),
    "date": _plain(parse_date, month_year=False),
    "number": _plain(parse_number),
    "price": _plain(parse_number, price=True),
    "code": _plain(parse_code),
    "acquired": _plain(parse_acquired_disposed),
    "direct": _plain(parse_direct_indirect),
    "text": _plain(parse_text),
    "state": _plain(parse_state),
    "zip": _plain(parse_zip),
    "ticker": _plain(parse_ticker),
    "signature": _plain(parse_signature_name),
    "tick": _ticks,
    "voluntary": _voluntary,
    "swap": _swap,
    "statement": lambda texts: (True, 0),
    "prose": _prose,
}


def read_as(kind: str, texts: Sequence[str]) -> Reading | None:
    """What texts mean as a value of that kind, with the assembler's own parsers; None where they mean nothing."""
    return _READERS[kind](texts)
