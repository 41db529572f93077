"""Takes the values of a woven head (see `unweave`) over into the record."""

from __future__ import annotations

import re

from extractor.assembly.names import parse_ticker
from extractor.assembly.owners import OWNER_BOXES, same_name
from extractor.assembly.parsed import Parsed
from extractor.assembly.spans import Labelled
from extractor.assembly.unweave import Woven, unweave
from extractor.assembly.values import parse_date
from extractor.record import Field, Filing, ReportingOwner
from extractor.states import STATE_CODES

_CITY_LINE = re.compile(
    rf"(?P<city>.*?)[\s,]+(?P<state>[A-Z][A-Z0-9]|{'|'.join(STATE_CODES)})[\s,]+(?P<zip>\d[\d\s]*(?:-\s*\d[\d\s]*)?)$",
    re.IGNORECASE,
)
_CITY_ZIP = re.compile(r"(?P<city>.*?)[\s,]+(?P<state>)(?P<zip>\d{3,}(?:-\d{4})?)$")
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}")
_FREED = {
    "owner.name": ("owner.name",),
    "owner.street": ("owner.street",),
    "owner.city": ("owner.city", "owner.state", "owner.zip", "owner.country"),
    "issuer.name": ("issuer.name", "issuer.ticker"),
    "period_of_report": ("period_of_report",),
    "date_of_original_submission": ("date_of_original_submission",),
}
"""Labels of the head's tokens that the woven values replace."""


def free_woven(labelled: Labelled) -> tuple[Labelled, dict[str, Field]]:
    """The document without the labels of a woven head, and the fields read from it; as it is where nothing is woven.

    Keys are labels. A value that does not read as what its box holds is left to the labels.
    """
    if labelled.document.kind != "text" or not any(token.cell is not None for token in labelled.tokens):
        return labelled, {}
    woven = unweave(labelled)
    fields = _fields(labelled, woven) if woven is not None else {}
    if woven is None or not fields:
        return labelled, {}
    names = {name for label, freed in _FREED.items() if label in fields for name in freed}
    labels = list(labelled.tagging.labels)
    for index in woven.tokens:
        if labels[index] in names:
            labels[index] = "O"
    return labelled.relabelled(labels), fields


def _fields(labelled: Labelled, woven: Woven) -> dict[str, Field]:
    out: dict[str, Field] = {}

    def put(label: str, source: str, value: str, mended: int) -> None:
        indices = [i for line in woven.values[source] for i in line]
        out[label] = labelled.field(indices, Parsed(value, mended + 1), method="repaired")

    for name in ("owner.name", "owner.street"):
        text, mended = woven.text(labelled, name)
        if re.search(r"[A-Za-z]{2}", text):
            put(name, name, text, mended)
    text, mended = woven.text(labelled, "owner.city")
    match = _CITY_LINE.match(text) or _CITY_ZIP.match(text)
    if match and match["city"]:
        put("owner.city", "owner.city", match["city"].strip(" ,"), mended)
        if match["state"]:
            put("owner.state", "owner.city", match["state"], mended)
        put("owner.zip", "owner.city", _zip(match["zip"]), mended)
    text, mended = woven.text(labelled, "issuer.name")
    match = re.match(r"([^\[\]]*[A-Za-z][^\[\]]*)\[([^\[\]]*)\]?", text)
    if match:
        put("issuer.name", "issuer.name", match[1].strip(), mended)
        ticker = parse_ticker([re.sub(r"\s+", "", match[2])])
        if ticker is not None:
            put("issuer.ticker", "issuer.name", ticker.value, mended)
    for name in ("period_of_report", "date_of_original_submission"):
        text, mended = woven.text(labelled, name)
        found = _DATE.search(re.sub(r"\s+", "", text))
        parsed = parse_date([found.group()]) if found else None
        if parsed is not None:
            put(name, name, str(parsed.value), mended)
    return out


def _zip(text: str) -> str:
    digits = re.sub(r"\s", "", text)
    return f"{digits[:5]}-{digits[5:]}" if re.fullmatch(r"\d{9}", digits) else digits


def take_over(filing: Filing, fields: dict[str, Field]) -> None:
    """Put the fields of a woven head into the record; an owner who is printed whole elsewhere keeps that spelling."""
    filing.issuer.name = fields.get("issuer.name", filing.issuer.name)
    filing.issuer.ticker = fields.get("issuer.ticker", filing.issuer.ticker)
    filing.period_of_report = fields.get("period_of_report", filing.period_of_report)
    original = fields.get("date_of_original_submission")
    if original is not None:
        filing.date_of_original_submission = original
    own = {label.removeprefix("owner."): field for label, field in fields.items() if label.startswith("owner.")}
    if not own:
        return
    owners = filing.reporting_owners
    name = own.get("name")
    first = owners[0] if owners else None
    if first is not None and first.name is not None and name is not None:
        if not same_name(str(first.name.value), str(name.value)):
            first = None
        else:
            own = {part: field for part, field in own.items() if getattr(first, part) is None}
    if first is None:
        first = ReportingOwner()
        if owners:  # what was read of the first owner beside name and address stays the first owner's
            for part in (*OWNER_BOXES.values(), "officer_title", "other_text"):
                setattr(first, part, getattr(owners[0], part))
                setattr(owners[0], part, None)
        owners.insert(0, first)
    for part, field in own.items():
        setattr(first, part, field)
