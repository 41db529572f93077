"""The boxes at the head of the form: form type, dates, issuer, check boxes that are not an owner's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from extractor.assembly.spans import Labelled
from extractor.assembly.values import Parsed, parse_date, parse_form_type, parse_text, parse_tick, parse_ticker
from extractor.record import Field, Filing
from extractor.tagging.landmarks import TITLES, Hit

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
    filing.issuer.name = _best_text(labelled, "issuer.name", parse_text)
    filing.issuer.ticker = _best_text(labelled, "issuer.ticker", parse_ticker)
    form = str(filing.form_type.value)[:1] if filing.form_type else ""
    printed = {hit.name for hit in hits}
    for label, name in _FORM_BOXES.items():
        field = _box(labelled, label)
        # a caption that runs beside other print is not always found; its box, labelled, says as much
        applies = {
            "box.section_16": form in ("4", "5") and ("section_16" in printed or field is not None),
            "box.aff10b5_one": form in ("4", "5") and ("aff10b5_one" in printed or field is not None),
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
    """The first date that is printed whole; else one put together from all its pieces; else month and year."""
    runs = labelled.runs([label], gap=1)
    pieces = [index for run in runs for index in run]
    for run, month_year in [*((run, False) for run in runs), (pieces, False), *((run, True) for run in runs)]:
        parsed = parse_date(labelled.texts(run), month_year=month_year) if run else None
        if parsed is not None:
            return labelled.field(run, parsed)
    return None


def _best_text(labelled: Labelled, label: str, parser: Callable[[list[str]], Parsed[str] | None]) -> Field | None:
    """The run of a label that the tagger is surest of; the first among equals."""
    best: Field | None = None
    for run in labelled.runs([label], gap=1):
        run = labelled.in_lines(run)
        parsed = parser(labelled.texts(run))
        if parsed is None:
            continue
        field = labelled.field(run, parsed)
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
