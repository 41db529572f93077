"""Values of ownership XML without their tags, named by the order that the schema prescribes.

Element names are gone, but not their order: a transaction is title, (exercise price), date, (deemed date), form, code,
swap, amounts, A or D, and so on (SEC, "EDGAR Ownership XML Technical Specification"). Where each value has a line of
its own that order leaves one reading; where all stand in one line, dates, numbers and letters are told by their shapes
and the words between them are parted by titles that came before and by the tagger's labels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from extractor.assembly.schema_rows import is_words, name_tables
from extractor.assembly.schema_values import CIK, IS_FLAG, Named, SchemaValue, by_lines, by_shapes
from extractor.assembly.spans import Labelled
from extractor.readers.stripped import stripped_heads
from extractor.record import Field, Filing

_STATE = re.compile(r"[A-Z][A-Z0-9]")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
_BOXES = ("is_director", "is_officer", "is_ten_percent_owner", "is_other")


@dataclass(slots=True)
class Stripped:
    """What the order of a stripped filing tells beside its labels: flags of the form, and of each owner by place."""

    section_16: bool | None = None
    aff10b5_one: bool | None = None
    owners: list[dict[str, bool]] = field(default_factory=list)


def name_by_schema(labelled: Labelled) -> tuple[Labelled, Stripped | None]:
    """The document with its values named by their order; as it is, and None, where it is no stripped XML."""
    tokens = labelled.tokens
    if labelled.document.kind != "text" or not tokens:
        return labelled, None
    first, last = tokens[0].start, tokens[-1].end
    head = next((h for h in stripped_heads(labelled.document) if first <= h.start < last), None)
    if head is None:
        return labelled, None
    named = Named(labelled)
    found = Stripped(section_16=head.flags[0] if head.flags and labelled.document.text[head.form[0]] != "3" else None)
    named.clear(head.start, head.end)
    named.put("form_type", head.form)
    named.put("period_of_report", head.period)
    if head.original is not None:
        named.put("date_of_original_submission", head.original)
    by_line = "\n" in labelled.document.text[head.form[1] : head.period[0]]
    values = by_lines(labelled, head.end, last) if by_line else list(by_shapes(labelled, head.end, last))
    place = _parties(values, named, found, by_line)
    rows = name_tables(values, place, named)
    return replace(labelled.relabelled(named.labels), row_of=rows), found


def set_flags(filing: Filing, found: Stripped) -> None:
    """Sets the check boxes that the flags of a stripped filing stand for."""
    signals = {"label_min": 0.95, "label_mean": 0.95, "quality_min": 1.0}

    def box(value: bool | None) -> Field | None:
        return None if value is None else Field(value, page=1, signals=dict(signals))

    filing.not_subject_to_section_16 = box(found.section_16)
    filing.aff10b5_one = box(found.aff10b5_one)
    if len(found.owners) == len(filing.reporting_owners):
        for owner, flags in zip(filing.reporting_owners, found.owners, strict=True):
            for name, value in flags.items():
                setattr(owner, name, box(value))


def _parties(values: list[SchemaValue], named: Named, found: Stripped, by_line: bool) -> int:
    """Names issuer and owners; the place behind the last owner's number and flags."""
    owners = [place for place, value in enumerate(values) if CIK.fullmatch(value.text)]
    if not owners:
        return 0
    if by_line and owners[0] in (1, 2):
        named.clear(values[0].start, values[owners[0]].end)
        named.put("issuer.name", (values[0].start, values[0].end))
        if owners[0] == 2:
            named.put("issuer.ticker", (values[1].start, values[1].end))
    place = owners[-1]
    for number, at in enumerate(owners):
        end = owners[number + 1] if number + 1 < len(owners) else len(values)
        flags = _flags(values, at + _LEAST_ADDRESS, min(end, at + _FURTHEST))
        if flags is None:
            found.owners.append({})
            place = at + 2
            continue
        begin, stop = flags
        found.owners.append(_boxes(values, begin, stop))
        place = stop
        for value in values[at:begin]:
            if IS_FLAG.fullmatch(value.text):
                named.clear(value.start, value.end)
        named.clear(values[begin].start, values[stop - 1].end)
        if by_line:
            _address([v for v in values[at + 1 : begin] if not IS_FLAG.fullmatch(v.text)], named)
            place = _titles(values, stop, end, found.owners[-1], named)
        else:
            while place < end and named.has("owner.officer_title", values[place]):
                place += 1
    return _plan_box(values, place, named, found)


_LEAST_ADDRESS = 4  # values of an owner before the flags: number, name, street or city, postal code
_FURTHEST = 40


def _flags(values: list[SchemaValue], begin: int, end: int) -> tuple[int, int] | None:
    """First run of flags, (begin, end)."""
    start = next((i for i in range(begin, end) if IS_FLAG.fullmatch(values[i].text)), None)
    if start is None:
        return None
    stop = start
    while stop < end and stop - start < 4 and IS_FLAG.fullmatch(values[stop].text):
        stop += 1
    return start, stop


def _boxes(values: list[SchemaValue], begin: int, end: int) -> dict[str, bool]:
    flags = [value.text in ("1", "true") for value in values[begin:end]]
    return dict(zip(_BOXES, flags, strict=True)) if len(flags) == len(_BOXES) else {}


def _address(values: list[SchemaValue], named: Named) -> None:
    """Name, street, city, state and postal code, one a line; left to the labels where no code ends them."""
    named.clear(values[0].start, values[-1].end)
    named.put("owner.name", (values[0].start, values[0].end))
    at = next((i for i in range(len(values) - 1, 2, -1) if any(map(str.isdigit, values[i].text))), None)
    if at is None:
        return
    has_state = at >= 4 and _STATE.fullmatch(values[at - 1].text) is not None
    city = at - 2 if has_state else at - 1
    for value in values[1:city]:
        named.put("owner.street", (value.start, value.end))
    named.put("owner.city", (values[city].start, values[city].end))
    if has_state:
        named.put("owner.state", (values[at - 1].start, values[at - 1].end))
    named.put("owner.zip", (values[at].start, values[at].end))
    if at + 1 < len(values) and not (has_state and _ZIP.fullmatch(values[at].text)):
        named.put("owner.country", (values[at + 1].start, values[at + 1].end))


def _titles(values: list[SchemaValue], at: int, end: int, boxes: dict[str, bool], named: Named) -> int:
    """Names what follows an owner's flags: the officer's title, the other's text. Returns the place behind them."""
    wanted = []
    if boxes.get("is_officer") or not boxes:
        wanted.append("owner.officer_title")
    if boxes.get("is_other"):
        wanted.append("owner.other_text")
    for label in wanted:
        if at >= end or not is_words(values[at].text) or (not boxes and not named.has(label, values[at])):
            break
        named.put(label, (values[at].start, values[at].end))
        at += 1
    return at


def _plan_box(values: list[SchemaValue], place: int, named: Named, found: Stripped) -> int:
    """The 10b5-1 flag stands alone between the last owner and the tables."""
    if place < len(values) and IS_FLAG.fullmatch(values[place].text):
        found.aff10b5_one = values[place].text in ("1", "true")
        named.clear(values[place].start, values[place].end)
        return place + 1
    return place
