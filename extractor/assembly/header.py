"""The boxes above and below the tables: form, issuer, owners, check boxes, signatures, footnotes, remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.assembly.spans import Labelled
from extractor.assembly.values import join_text, parse_date, parse_form_type, parse_marks, parse_tick
from extractor.record import Field, Filing, Footnote, ReportingOwner, Signature
from extractor.tagging.landmarks import TITLES, Hit

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
_OWNER_BOXES = {
    "box.director": "is_director",
    "box.officer": "is_officer",
    "box.ten_percent_owner": "is_ten_percent_owner",
    "box.other": "is_other",
}
_FORM_BOXES = {
    "box.section_16": "not_subject_to_section_16",
    "box.aff10b5_one": "aff10b5_one",
    "box.form3_holdings": "form3_holdings_reported",
    "box.form4_transactions": "form4_transactions_reported",
}


def assemble_form(labelled: Labelled, filing: Filing, hits: Sequence[Hit]) -> None:
    """Form type, dates, issuer and the boxes that are not an owner's."""
    filing.form_type = _form_type(labelled, hits)
    filing.period_of_report = _date(labelled, "period_of_report")
    filing.date_of_original_submission = _date(labelled, "date_of_original_submission")
    if (
        filing.date_of_original_submission is not None
        and filing.form_type is not None
        and not str(filing.form_type.value).endswith("/A")
    ):
        filing.form_type.value = f"{filing.form_type.value}/A"
        filing.form_type.method = "derived"
    filing.issuer.name = _best_text(labelled, "issuer.name")
    filing.issuer.ticker = _best_text(labelled, "issuer.ticker")
    form = str(filing.form_type.value)[:1] if filing.form_type else ""
    printed = {hit.name for hit in hits}
    for label, name in _FORM_BOXES.items():
        field = _box(labelled, label)
        applies = {
            "box.section_16": form in ("4", "5") and "section_16" in printed,
            "box.aff10b5_one": form in ("4", "5") and "aff10b5_one" in printed,
        }.get(label, form == "5")
        if field is None and applies:
            field = Field(False, method="read", signals={"label_min": 0.9, "label_mean": 0.9, "quality_min": 1.0})
        if applies:
            setattr(filing, name, field)
    if form == "3":
        runs = labelled.runs(["no_securities_owned"], gap=2)
        if runs:
            filing.no_securities_owned = labelled.field(runs[0], value=True)


def _form_type(labelled: Labelled, hits: Sequence[Hit]) -> Field | None:
    titles = [TITLES[hit.name] for hit in hits if hit.name in TITLES]
    for run in labelled.runs(["form_type"], gap=1):
        parsed = parse_form_type(labelled.texts(run))
        # the title of the form says it in words: what contradicts it is a misread digit
        if parsed is not None and (not titles or str(parsed.value)[0] == titles[0]):
            return labelled.field(run, parsed)
    if titles:
        return Field(titles[0], method="derived", signals={"label_min": 0.9, "label_mean": 0.9, "quality_min": 0.9})
    return None


def _date(labelled: Labelled, label: str) -> Field | None:
    for run in labelled.runs([label], gap=1):
        parsed = parse_date(labelled.texts(run))
        if parsed is not None:
            return labelled.field(run, parsed)
    return None


def _best_text(labelled: Labelled, label: str) -> Field | None:
    """The run of a label that the tagger is surest of; the first among equals."""
    best: Field | None = None
    for run in labelled.runs([label], gap=1):
        text = join_text(labelled.texts(run))
        if not text:
            continue
        field = labelled.field(run, value=text)
        if best is None or field.signals["label_mean"] > best.signals["label_mean"] + 0.1:
            best = field
    return best


def _box(labelled: Labelled, label: str) -> Field | None:
    """A check box: true when any of its marks is set, false when one is printed empty, else None."""
    empty: Field | None = None
    for run in labelled.runs([label]):
        for index in run:
            ticked = parse_tick(labelled.tokens[index].text)
            if ticked:
                return labelled.field([index], value=True)
            if ticked is False and empty is None:
                empty = labelled.field([index], value=False)
    return empty


def assemble_owners(labelled: Labelled, filing: Filing, hits: Sequence[Hit]) -> None:
    """Reporting owners in the order in which they are first printed; one printed again only fills gaps."""
    owners: list[ReportingOwner] = []
    current: ReportingOwner | None = None
    empty_boxes: dict[int, dict[str, Field]] = {}
    for run in labelled.runs([*_OWNER_PARTS, *_OWNER_BOXES], gap=1):
        label = labelled.label(run[0])
        if label in _OWNER_BOXES:
            target = current or (owners[0] if owners else None)
            if target is None:
                target = current = ReportingOwner()
                owners.append(target)
            for index in run:
                ticked = parse_tick(labelled.tokens[index].text)
                name = _OWNER_BOXES[label]
                if ticked:
                    setattr(target, name, labelled.field([index], value=True))
                elif ticked is False:
                    empty_boxes.setdefault(id(target), {})[name] = labelled.field([index], value=False)
            continue
        part = _OWNER_PARTS[label]
        text = join_text(labelled.texts(run))
        if not text:
            continue
        field = labelled.field(run, value=text, separator="\n" if part == "street" else " ")
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
        elif part == "street" and _continues(labelled, current.street, run):
            street = current.street
            assert street is not None
            street.value = f"{street.value} {text}"
            street.raw = f"{street.raw}\n{field.raw}"
    relationship_printed = any(hit.name == "relationship" for hit in hits)
    for place, owner in enumerate(owners):
        _settle_boxes(owner, empty_boxes.get(id(owner), {}), default_false=place == 0 and relationship_printed)
    filing.reporting_owners = [o for o in owners if o.name is not None or o.street is not None] or owners[:1]


def _continues(labelled: Labelled, street: Field | None, run: Sequence[int]) -> bool:
    """A second run of street right after the first is its next line, not another owner's or a repeated one."""
    if street is None or street.raw is None:
        return False
    text = join_text(labelled.texts(run))
    return text.casefold() not in str(street.value).casefold() and street.page == labelled.tokens[run[0]].page


def _settle_boxes(owner: ReportingOwner, empty: dict[str, Field], default_false: bool) -> None:
    if owner.officer_title is not None and owner.is_officer is None:
        owner.is_officer = Field(
            True, raw=None, page=owner.officer_title.page, method="derived", signals=dict(owner.officer_title.signals)
        )
    for name in _OWNER_BOXES.values():
        if getattr(owner, name) is None:
            if name in empty:
                setattr(owner, name, empty[name])
            elif default_false:
                setattr(owner, name, Field(False, signals={"label_min": 0.9, "label_mean": 0.9, "quality_min": 1.0}))


def same_name(a: str, b: str) -> bool:
    """Whether two names are one owner's: letters alike but for case, punctuation and a misread character or two."""
    x, y = (re.sub(r"[^a-z]", "", text.casefold()) for text in (a, b))
    if x == y:
        return True
    if min(len(x), len(y)) < 6:
        return False
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(x, y, score_cutoff=2) <= max(1, min(len(x), len(y)) // 10)


def assemble_footnotes(labelled: Labelled, filing: Filing) -> set[int]:
    """Footnotes, numbered by the mark in front of each. Returns the marks that number them."""
    used: set[int] = set()
    pieces: list[tuple[int | None, list[int]]] = []
    mark: int | None = None
    since = 99
    for index in labelled.order:
        label = labelled.label(index)
        if label == "footnote.mark":
            mark, since = index, 0
        elif label == "footnote.text":
            if mark is not None and since <= 1:
                pieces.append((mark, [index]))
                used.add(mark)
                mark = None
            elif pieces:
                pieces[-1][1].append(index)
            else:
                pieces.append((None, [index]))
            since = 99
        else:
            since += 1
    taken: dict[int, Footnote] = {}
    for number_token, indices in pieces:
        numbers = parse_marks([labelled.tokens[number_token].text]) if number_token is not None else []
        number = numbers[0] if numbers else len(taken) + 1
        field = labelled.field(indices, value=join_text(labelled.texts(indices)))
        if number in taken:
            first = taken[number].text
            if numbers or first is None:
                continue  # printed again on another owner's page
            first.value = f"{first.value} {field.value}"
        else:
            taken[number] = Footnote(number, field)
    filing.footnotes = [taken[n] for n in sorted(taken)]
    return used


def assemble_closing(labelled: Labelled, filing: Filing) -> None:
    """Remarks and signatures."""
    remarks = [i for run in labelled.runs(["remarks"], gap=3) for i in run]
    if remarks:
        filing.remarks = labelled.field(remarks, value=join_text(labelled.texts(remarks)))
    signatures: list[Signature] = []
    for run in labelled.runs(["signature.name", "signature.date"], gap=2):
        texts = labelled.texts(run)
        if labelled.label(run[0]) == "signature.name":
            name = labelled.field(run, value=join_text(texts))
            if signatures and signatures[-1].name is None:
                signatures[-1].name = name
            elif signatures and signatures[-1].date is None:
                # the name went on behind something else: a line end, the date's line
                previous = signatures[-1].name
                assert previous is not None
                previous.value = f"{previous.value} {name.value}"
            else:
                signatures.append(Signature(name=name))
        else:
            parsed = parse_date(texts)
            if parsed is None:
                continue
            date = labelled.field(run, parsed)
            if signatures and signatures[-1].date is None:
                signatures[-1].date = date
            else:
                signatures.append(Signature(date=date))
    filing.signatures = signatures
