"""What confidence is computed from: the values of a filing, their groups, and the signals around each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractor.record import OWNER_FIELDS, Field, Filing, Row

GROUPS = ("number", "date", "code", "text", "box", "prose", "absent")
"""Kinds of values that go wrong in their own ways; "absent" is a value that a row should have and has not."""

_NUMBERS = {
    "shares",
    "price_per_share",
    "shares_owned_following",
    "conversion_or_exercise_price",
    "underlying_security_shares",
}
_DATES = {
    "period_of_report",
    "date_of_original_submission",
    "transaction_date",
    "deemed_execution_date",
    "exercise_date",
    "expiration_date",
}
_CODES = {
    "form_type",
    "transaction_code",
    "acquired_disposed",
    "direct_or_indirect",
    "voluntary",
    "equity_swap_involved",
}
_BOXES = {
    "not_subject_to_section_16",
    "aff10b5_one",
    "no_securities_owned",
    "form3_holdings_reported",
    "form4_transactions_reported",
    "is_director",
    "is_officer",
    "is_ten_percent_owner",
    "is_other",
}
_HEADER = (
    "form_type",
    "period_of_report",
    "date_of_original_submission",
    "not_subject_to_section_16",
    "aff10b5_one",
    "no_securities_owned",
    "form3_holdings_reported",
    "form4_transactions_reported",
)
_EXPECTED_OF_TRANSACTION = (
    "security_title",
    "transaction_date",
    "transaction_code",
    "shares",
    "acquired_disposed",
    "shares_owned_following",
    "direct_or_indirect",
)
_PRICED = ("P", "S", "F")
"""Codes whose rows always have a price in Table I; grants, gifts and conversions often have none."""
_EXPECTED_OF_HOLDING = ("security_title", "direct_or_indirect")
_EXPECTED_OF_HEADER = ("form_type", "period_of_report")


@dataclass(slots=True)
class Item:
    """One value of a filing, or one that is missing (`field` None), with everything known for and against it.

    `path` is as in checks ("non_derivative[0].shares"), `part` what it counts towards: "header", "non_derivative[0]",
    "prose". `name` is the field's name without its place in a list ("owner.name", "non_derivative.shares").
    """

    path: str
    part: str
    name: str
    group: str
    field: Field | None
    signals: dict[str, float]


def group_of(name: str) -> str:
    """The group of a field by the last part of its name.

    >>> group_of("non_derivative.shares"), group_of("owner.name"), group_of("signature.date"), group_of("footnote.text")
    ('number', 'text', 'prose', 'prose')
    """
    if name.startswith(("signature.", "footnote.")) or name == "remarks":
        return "prose"
    last = name.rpartition(".")[2]
    for group, names in (("number", _NUMBERS), ("date", _DATES), ("code", _CODES), ("box", _BOXES)):
        if last in names:
            return group
    return "text"


def items(filing: Filing) -> list[Item]:
    """Every value of the filing and every missing one that its rows and header should have, in page order.

    To the signals that reading left on a field (`Field.signals`) come those of its surroundings: which field it is, the
    kind of input, the weakest label of its row, whether checks failed in its row or anywhere.
    """
    found = [*_header(filing), *_owners(filing)]
    for table, rows in (("non_derivative", filing.non_derivative), ("derivative", filing.derivative)):
        for index, row in enumerate(rows):
            found += _row(filing, table, index, row)
    found += _prose(filing)
    anywhere = float(any(item.field is not None and item.field.signals.get("check_failed") for item in found))
    kind = filing.source.input_kind
    for item in found:
        item.signals |= {f"field:{item.name}": 1.0, f"kind:{kind}": 1.0, "filing_failed": anywhere}
    return found


def _item(path: str, part: str, name: str, field: Field | None) -> Item:
    if field is None:
        return Item(path, part, name, "absent", None, {})
    signals = dict(field.signals)
    signals.setdefault("derived", float(field.method == "derived"))
    signals.setdefault("repaired", float(field.method == "repaired"))
    signals["empty"] = float(field.value is None)
    return Item(path, part, name, group_of(name), field, signals)


def _header(filing: Filing) -> Iterator[Item]:
    for name in _HEADER:
        field = getattr(filing, name)
        if field is not None or name in _EXPECTED_OF_HEADER:
            yield _item(name, "header", name, field)
    for name in ("name", "ticker", "cik"):
        field = getattr(filing.issuer, name)
        if field is not None or name == "name":
            yield _item(f"issuer.{name}", "header", f"issuer.{name}", field)


def _owners(filing: Filing) -> Iterator[Item]:
    for index, owner in enumerate(filing.reporting_owners):
        for name in OWNER_FIELDS:
            field = getattr(owner, name)
            if field is not None or name == "name":
                yield _item(f"reporting_owners[{index}].{name}", "header", f"owner.{name}", field)


def expected_of(filing: Filing, table: str, row: Row) -> tuple[str, ...]:
    """The fields that a row of this kind has on nearly every page, so that their absence is a doubt."""
    form = str(filing.form_type.value)[:1] if filing.form_type is not None else "4"
    if row.kind == "transaction":
        code = row.transaction_code.value if row.transaction_code is not None else None
        priced = table == "non_derivative" and code in _PRICED
        return (*_EXPECTED_OF_TRANSACTION, "price_per_share") if priced else _EXPECTED_OF_TRANSACTION
    if table == "non_derivative":
        return (*_EXPECTED_OF_HOLDING, "shares_owned_following")
    return (*_EXPECTED_OF_HOLDING, "underlying_security_shares" if form == "3" else "shares_owned_following")


def _row(filing: Filing, table: str, index: int, row: Row) -> list[Item]:
    expected = expected_of(filing, table, row)
    part = f"{table}[{index}]"
    found = [
        _item(f"{part}.{name}", part, f"{table}.{name}", field)
        for name, field in row.fields(derivative=table == "derivative").items()
        if field is not None or name in expected
    ]
    fields = [item.field for item in found if item.field is not None]
    weakest = min((field.signals.get("label_min", 1.0) for field in fields), default=1.0)
    failed = float(any(field.signals.get("check_failed") for field in fields))
    missing = float(sum(item.field is None for item in found))
    for item in found:
        item.signals |= {"row_label_min": weakest, "row_failed": failed, "row_missing": missing}
    return found


def _prose(filing: Filing) -> Iterator[Item]:
    for index, footnote in enumerate(filing.footnotes):
        if footnote.text is not None:
            yield _item(f"footnotes[{index}].text", "prose", "footnote.text", footnote.text)
    if filing.remarks is not None:
        yield _item("remarks", "prose", "remarks", filing.remarks)
    for index, signature in enumerate(filing.signatures):
        for name in ("name", "date"):
            field = getattr(signature, name)
            if field is not None:
                yield _item(f"signatures[{index}].{name}", "prose", f"signature.{name}", field)
