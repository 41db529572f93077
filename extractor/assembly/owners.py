"""Reporting owners: names, addresses, relationships; several of them, and one printed several times."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from extractor.assembly.spans import Labelled, append_line
from extractor.assembly.values import Parsed, parse_state, parse_text, parse_tick, parse_zip
from extractor.record import Field, Filing, ReportingOwner
from extractor.tagging.landmarks import Hit

_OWNER_PARTS = {
    "owner.name": "name",
    "owner.street": "street",
    "owner.city": "city",
    "owner.state": "state",
    "owner.zip": "zip",
    "owner.country": "country",
    "owner.officer_title": "officer_title",
    "owner.other_text": "other_text",
}
OWNER_BOXES = {
    "box.director": "is_director",
    "box.officer": "is_officer",
    "box.ten_percent_owner": "is_ten_percent_owner",
    "box.other": "is_other",
}


def assemble_owners(labelled: Labelled, filing: Filing, hits: Sequence[Hit]) -> None:
    """Reporting owners in the order in which they are first printed; one printed again only fills gaps."""
    owners: list[ReportingOwner] = []
    current: ReportingOwner | None = None
    empty_boxes: dict[int, dict[str, Field]] = {}
    last_run: dict[tuple[int, str], list[int]] = {}
    item = min((labelled.rank[hit.first] for hit in hits if hit.name == "relationship"), default=None)
    named = -1  # where the last name was read
    for run in labelled.runs([*_OWNER_PARTS, *OWNER_BOXES], gap=1):
        label = labelled.label(run[0])
        if label in OWNER_BOXES:
            target = current or (owners[0] if owners else None)
            if owners and item is not None and named < item < labelled.rank[run[0]]:
                target = owners[0]  # all owners are named above the form's one list of relationships
            if target is None:
                target = current = ReportingOwner()
                owners.append(target)
            for index in run:
                ticked = parse_tick(labelled.tokens[index].text)
                name = OWNER_BOXES[label]
                if ticked:
                    setattr(target, name, labelled.field([index], value=True))
                elif ticked is False:
                    empty_boxes.setdefault(id(target), {})[name] = labelled.field([index], value=False)
            continue
        part = _OWNER_PARTS[label]
        run = labelled.in_lines(run)
        if part == "officer_title":
            run = labelled.past_connective(labelled.from_cell_start(run))
        parsed = _PARSERS.get(part, parse_text)(labelled.texts(run))
        if parsed is None:
            continue
        field = labelled.field(run, parsed, separator="\n" if part == "street" else " ")
        text = str(field.value)
        named = max(named, labelled.rank[run[0]]) if part == "name" else named
        if part == "name" and (current is None or current.name is not None):
            current = next((o for o in owners if o.name and same_name(str(o.name.value), text)), None)
            if current is None:
                current = ReportingOwner()
                owners.append(current)
        elif current is None:
            current = ReportingOwner()
            owners.append(current)
        if getattr(current, part) is None:
            setattr(current, part, field)
        elif not _repeats(text, str(getattr(current, part).value)) and _is_next_line(
            labelled, last_run.get((id(current), part), []), run
        ):
            append_line(getattr(current, part), field)
        else:
            continue
        last_run[id(current), part] = run
    relationship_printed = any(hit.name == "relationship" for hit in hits)
    for place, owner in enumerate(owners):
        _rejoin_zip(owner)
        _settle_boxes(owner, empty_boxes.get(id(owner), {}), default_false=place == 0 and relationship_printed)
    filing.reporting_owners = [o for o in owners if o.name is not None or o.street is not None] or owners[:1]


_STROKE = re.compile(r"(?<=\w) [I|l_](?= |$)")
"""A mark of the scan or a piece of a rule behind a word of a city's name."""
_CAPTION = re.compile(r"\s*\(([A-Za-z]{4,8})\)$")


def _parse_city(fragments: list[str]) -> Parsed[str] | None:
    parsed = parse_text(fragments)
    if parsed is None:
        return None
    printed = parsed.value.rstrip(" ,;")
    city = _STROKE.sub("", printed)
    return Parsed(city, parsed.mended + int(city != printed))


def _parse_street(fragments: list[str]) -> Parsed[str] | None:
    parsed = parse_text(fragments)
    if parsed is None:
        return None
    street = parsed.value
    caption = _CAPTION.search(street)
    if caption is not None and Levenshtein.distance(caption[1].casefold(), "street", score_cutoff=2) <= 2:
        street = street[: caption.start()]
    street = street.rstrip(" =|_")  # what a rule at the cell's end is read as
    return Parsed(street, parsed.mended + int(street != parsed.value)) if street else None


_PARSERS = {"street": _parse_street, "city": _parse_city, "state": parse_state, "zip": parse_zip}
_ZIP_BEFORE_CITY = re.compile(r"(\d{5}-) ?(\D.*)")


def _rejoin_zip(owner: ReportingOwner) -> None:
    """Puts a postal code together that its cell wrapped after the dash, the first half read before the city."""
    city, tail = owner.city, owner.zip
    if city is None or tail is None or re.fullmatch(r"\d{4}", str(tail.value)) is None:
        return
    match = _ZIP_BEFORE_CITY.fullmatch(str(city.value))
    if match is not None:
        tail.value, city.value = match[1] + str(tail.value), match[2]
        city.method = tail.method = "repaired"


def _repeats(text: str, value: str) -> bool:
    """Whether a line is the value or a part of it once more, not a scrap that a cell's edge cut off."""
    return text.casefold() == value.casefold() or (len(text) > 2 and text.casefold() in value.casefold())


def _is_next_line(labelled: Labelled, before: Sequence[int], run: Sequence[int]) -> bool:
    """Whether a run of tokens is the next line of the value that `before` began: close below it, in its column."""
    if not before:
        return False
    tokens = labelled.tokens
    last, here = tokens[before[-1]], tokens[run[0]]
    if here.page != last.page or not 0 <= here.line - last.line <= 2:
        return False
    height = max(1.0, last.bbox[3] - last.bbox[1])
    left = min(tokens[i].bbox[0] for i in before)
    right = max(tokens[i].bbox[2] for i in before)
    beside = here.bbox[0] < right + 3 * height and tokens[run[-1]].bbox[2] > left - 3 * height
    return beside and here.bbox[1] - last.bbox[3] < 1.5 * height


def _settle_boxes(owner: ReportingOwner, empty: dict[str, Field], default_false: bool) -> None:
    if owner.is_officer is None and owner.is_other is not None and owner.officer_title is not None:
        # one line below both boxes: of the two the ticked one is what it explains
        title, more = owner.officer_title, owner.other_text
        if more is not None and more.value != title.value:
            title.value, title.raw = f"{title.value} {more.value}", f"{title.raw} {more.raw}"
        owner.other_text, owner.officer_title = title, None
    if owner.officer_title is not None and owner.is_officer is None:
        owner.is_officer = Field(
            True, raw=None, page=owner.officer_title.page, method="derived", signals=dict(owner.officer_title.signals)
        )
    for name in OWNER_BOXES.values():
        if getattr(owner, name) is None:
            if name in empty:
                setattr(owner, name, empty[name])
            elif default_false:
                setattr(owner, name, Field(False, signals={"label_min": 0.9, "label_mean": 0.9, "quality_min": 1.0}))


def same_name(a: str, b: str) -> bool:
    """Whether two names are one owner's: alike but for case, punctuation and a misread letter or two.

    Numbers tell owners apart ("Fund 2014 LP", "Fund 2015 LP"), and so do Roman ones ("Fund II", "Fund III").
    """
    x, y = (re.sub(r"[^a-z0-9]", "", text.casefold()) for text in (a, b))
    if x == y:
        return True
    if min(len(x), len(y)) < 6 or _numerals(a) != _numerals(b):
        return False
    return Levenshtein.distance(x, y, score_cutoff=2) <= max(1, min(len(x), len(y)) // 10)


def _numerals(name: str) -> list[str]:
    return re.findall(r"\d+|\b[IVX]+\b", name)
