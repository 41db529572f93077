"""What confidence is computed from: the values of a filing, their groups, and the signals around each of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from extractor.confidence.plausible import Companions, row_signals, shape_signals
from extractor.record import OWNER_FIELDS, Field, Filing, Row

GROUPS = ("number", "date", "code", "text", "box", "prose", "absent")
"""Kinds of values that go wrong in their own ways; "absent" is a value that a row should have and has not."""

KIND_GROUPS = {
    "xml": "xml",
    "html": "html",
    "pdf_text": "pdf_text",
    "pdf_scan": "scan",
    "image": "scan",
    "text": "text",
}
"""Input kinds that are calibrated together."""

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
_EXPECTED_OF_OWNER = ("name", "street", "city", "state", "zip")
_NEVER_ASKED = frozenset(("cik", "country"))  # what most pages do not print


@dataclass(slots=True)
class Item:
    """One value of a filing, or one that is missing (`field` None), with everything known for and against it.

    A missing one has the signal "expected" where nearly every page has it. `path` is as in checks
    ("non_derivative[0].shares"), `part` what it counts towards: "header", "non_derivative[0]", "prose". `name` is the
    field's name without its place in a list ("owner.name", "non_derivative.shares").
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
    """Every value of the filing and every cell of its rows and boxes of its header that is empty, in page order.

    To the signals that reading left on a field (`Field.signals`) come those of its print and of its companions
    (`extractor.confidence.plausible`), of its row, and of the document as a whole (`Filing.signals`, "document_…").
    """
    found = [*_header(filing), *_owners(filing)]
    for table, rows in (("non_derivative", filing.non_derivative), ("derivative", filing.derivative)):
        for index, row in enumerate(rows):
            found += _row(filing, table, index, row)
    found += _prose(filing)
    companions = Companions(filing, [(item.name, item.field) for item in found if item.field is not None])
    parts: dict[str, list[Item]] = {}
    for item in found:
        if item.field is not None:
            item.signals |= shape_signals(item.name, item.group, item.field)
            item.signals |= companions.signals(item.name, item.group, item.field)
        parts.setdefault(item.part, []).append(item)
    missing = {
        part: sum(item.field is None and item.signals["expected"] > 0 for item in mine) for part, mine in parts.items()
    }
    turned = _turned_titles(filing)
    for part, mine in parts.items():
        if part != "prose":
            about = row_signals([item.signals for item in mine if item.field is not None], missing[part])
            about |= _beside(part, missing, turned)
            for item in mine:
                item.signals |= about
    shared = {f"document_{name}": value for name, value in filing.signals.items()}
    shared |= _whole(filing, found)
    for item in found:
        item.signals |= shared | {f"field:{item.name}": 1.0}
    return found


def _beside(part: str, missing: Mapping[str, int], turned: Collection[str]) -> dict[str, float]:
    """What the rows beside a row say of it: "row_near_missing" the expected cells that the worse of them lacks.

    "row_title_turned" says that the filing has the words of its title elsewhere in another order, as a title has that
    was put together from pieces of two rows.
    """
    table, bracket, place = part.rstrip("]").partition("[")
    if not bracket or table == "reporting_owners":
        return {}
    beside = [missing.get(f"{table}[{int(place) + step}]", 0) for step in (-1, 1)]
    return {"row_near_missing": float(max(beside)), "row_title_turned": float(part in turned)}


def _turned_titles(filing: Filing) -> set[str]:
    """The rows whose title has the words of another title of the filing in another order."""
    orders: dict[tuple[str, ...], set[str]] = {}
    titles: dict[str, str] = {}
    for table, rows in (("non_derivative", filing.non_derivative), ("derivative", filing.derivative)):
        for index, row in enumerate(rows):
            for name in ("security_title", "underlying_security_title"):
                field: Field | None = getattr(row, name)
                if field is None or not isinstance(field.value, str):
                    continue
                words = re.findall(r"\w+", field.value.casefold())
                orders.setdefault(tuple(sorted(words)), set()).add(" ".join(words))
                if name == "security_title":
                    titles[f"{table}[{index}]"] = " ".join(words)
    return {part for part, title in titles.items() if len(orders[tuple(sorted(title.split()))]) > 1}


def _whole(filing: Filing, found: list[Item]) -> dict[str, float]:
    kind = KIND_GROUPS.get(filing.source.input_kind, "text")
    return {
        f"kind:{kind}": 1.0,
        "filing_failed": float(any(item.signals.get("check_failed") for item in found)),
        "filing_errors": float(sum(check.severity == "error" for check in filing.checks)),
        "filing_rows": float(len(filing.non_derivative) + len(filing.derivative)),
        "filing_missing": float(sum(item.signals.get("expected", 0.0) for item in found if item.field is None)),
        "filing_owners": float(len(filing.reporting_owners)),
    }


def _item(path: str, part: str, name: str, field: Field | None, expected: bool = False) -> Item:
    if field is None:
        return Item(path, part, name, "absent", None, {"expected": float(expected)})
    signals = dict(field.signals)
    signals.setdefault("derived", float(field.method == "derived"))
    signals.setdefault("repaired", float(field.method == "repaired"))
    signals["empty"] = float(field.value is None)
    signals["unticked"] = float(field.value is False)
    signals["marks"] = float(len(field.marks))
    signals[f"group:{group_of(name)}"] = 1.0
    return Item(path, part, name, group_of(name), field, signals)


def _header(filing: Filing) -> Iterator[Item]:
    for name in _HEADER:
        field = getattr(filing, name)
        if field is not None or name not in _BOXES:
            yield _item(name, "header", name, field, name in _EXPECTED_OF_HEADER)
    for name in ("name", "ticker", "cik"):
        field = getattr(filing.issuer, name)
        if field is not None or name not in _NEVER_ASKED:
            yield _item(f"issuer.{name}", "header", f"issuer.{name}", field, name not in _NEVER_ASKED)


def _owners(filing: Filing) -> Iterator[Item]:
    for index, owner in enumerate(filing.reporting_owners):
        for name in OWNER_FIELDS:
            field = getattr(owner, name)
            if field is None and (name in _BOXES or name in _NEVER_ASKED):
                continue
            expected = name in _EXPECTED_OF_OWNER[: 1 if index else None]
            expected |= name == "officer_title" and owner.is_officer is not None and owner.is_officer.value is True
            yield _item(f"reporting_owners[{index}].{name}", "header", f"owner.{name}", field, expected)


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
    derivative = table == "derivative"
    part = f"{table}[{index}]"
    rows = filing.derivative if derivative else filing.non_derivative
    found: list[Item] = []
    for name, field in row.fields(derivative=derivative).items():
        item = _item(f"{part}.{name}", part, f"{table}.{name}", field, name in expected)
        if field is None:
            filled = sum(
                getattr(other, name) is not None for other in rows if other.kind == row.kind and other is not row
            )
            item.signals["column_filled"] = filled / max(1, len(rows) - 1)
            item.signals["holding"] = float(row.kind == "holding")
        found.append(item)
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
