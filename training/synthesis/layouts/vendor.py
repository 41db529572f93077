"""Pages as investor-relations vendors, law firms and data services set them: other rules, fonts, captions."""

from __future__ import annotations

import random
from collections.abc import Callable

from extractor.record import Filing, ReportingOwner
from training.synthesis import wording
from training.synthesis.content import Cell, Chunk, Line, Printer, is_set, street_chunks, vendor_style
from training.synthesis.layouts.boxes import further_owners, header_boxes
from training.synthesis.layouts.parts import (
    FormStyle,
    browser_lines,
    exhibit,
    form_type_line,
    group_marks,
    issuer_line,
    note_lines,
    plain,
    relationship_marks,
    remark_line,
    securities_table,
    signature_lines,
    top_boxes,
)
from training.synthesis.layouts.printed import Printed, as_shown, form_of
from training.synthesis.layouts.viewer import cards, flat_table
from training.synthesis.page import Canvas, Pen
from training.synthesis.tables import TableCell, TableStyle, draw_table

_TICKS = ("bare", "drawn", "drawn", "square", "square_low", "round", "xsl", "short", "low")
_GREYS = ((0.0, 0.0, 0.0), (0.15, 0.15, 0.15), (0.0, 0.0, 0.4), (0.25, 0.25, 0.25))


def draw_thin_rules(rng: random.Random, filing: Filing) -> Printed:
    """A full grid of thin rules."""
    return _draw(rng, filing, "grid", rng.choice((0.25, 0.35, 0.5)))


def draw_horizontal_rules(rng: random.Random, filing: Filing) -> Printed:
    """Only horizontal rules, between rows or around the table."""
    return _draw(rng, filing, rng.choice(("horizontal", "horizontal", "outer")), rng.choice((0.3, 0.5, 0.8)))


def draw_no_rules(rng: random.Random, filing: Filing) -> Printed:
    """No rules at all: columns by alignment only."""
    return _draw(rng, filing, "none", 0.4)


def draw_small_sans(rng: random.Random, filing: Filing) -> Printed:
    """Everything small, in one sans-serif face."""
    return _draw(rng, filing, rng.choice(("grid", "horizontal")), 0.4, small=True)


def draw_flat(rng: random.Random, filing: Filing) -> Printed:
    """A data service's page: flat tables in short words, in an order of its own."""
    return _draw(rng, filing, rng.choice(("none", "none", "horizontal", "outer", "grid")), 0.4, tables=flat_table)


def draw_cards(rng: random.Random, filing: Filing) -> Printed:
    """A viewer's page for narrow screens: rows as captions with their values."""
    return _draw(rng, filing, "none", 0.4, tables=cards)


def _style(rng: random.Random, rules: str, rule_width: float, small: bool) -> FormStyle:
    family = (
        rng.choice(("helvetica", "vera"))
        if small
        else rng.choice(("helvetica", "times", "vera", "helvetica", "courier"))
    )
    size = rng.uniform(5.2, 6.4) if small else rng.uniform(6.4, 8.4)
    if family in ("vera", "courier"):
        size *= 0.87
    pen = Pen(family, size, rng.uniform(1.1, 1.3)).coloured(rng.choice(_GREYS))
    other = rng.choice((family, family, "helvetica", "times"))
    data = Pen(other, size * rng.uniform(0.95, 1.2), pen.leading, bold=rng.random() < 0.08).coloured(pen.colour)
    places = ("left", "center", "right")
    numbers = rng.choice(places)
    align = {key: numbers for key in ("amount", "price", "after", "strike", "acquired", "disposed", "under_amount")}
    short = rng.choice(places[:2])
    align |= {key: short for key in ("date", "deemed", "code", "v", "ad", "form", "exercisable", "expires")}
    return FormStyle(
        Printer(vendor_style(rng)),
        pen,
        data,
        pen.sized(size * rng.uniform(0.85, 1.0)),
        TableStyle(
            pen,
            rules,
            rule_width,
            pad_x=rng.uniform(1.5, 4.0),
            pad_y=rng.uniform(0.8, 3.5),
            valign=rng.choice(("top", "top", "middle", "bottom")),
            repeat_head=rng.random() < 0.6,
        ),
        tick=rng.choice(_TICKS),
        top_tick=rng.choice(("drawn", "drawn", "square", "round", "bare")),
        align=align,
        bold_heads=rng.random() < 0.6,
        note_number=rng.choice(("({})", "{}.", "({})", "{})")),
        fit_words=rng.random() < 0.8,
        headings=rng.choice(("full", "full", "bare", "short")),
    )


def _draw(
    rng: random.Random,
    filing: Filing,
    rules: str,
    rule_width: float,
    small: bool = False,
    tables: Callable[[Canvas, FormStyle, Filing, bool, random.Random], None] | None = None,
) -> Printed:
    shown = as_shown(filing)
    landscape = rng.random() < 0.25
    size = rng.choice(((612, 792), (595, 842)))
    canvas = Canvas(max(size) if landscape else size[0], min(size) if landscape else size[1], rng.uniform(24, 54))
    style = _style(rng, rules, rule_width, small)
    rows = shown.non_derivative + shown.derivative
    style.deemed = rng.random() < 0.6 or any(row.deemed_execution_date is not None for row in rows)
    _title(canvas, rng, style, shown)
    arrangement = rng.choice(("boxes", "boxes", "pairs", "stacked"))
    if arrangement == "boxes":
        canvas.tables += 1
        header_boxes(canvas, rng, style, shown, canvas.tables, framed=rules == "grid" or rng.random() < 0.3)
    elif arrangement == "pairs":
        _pairs(canvas, rng, style, shown)
    else:
        _stacked(canvas, rng, style, shown)
    for derivative in (False, True):
        if (shown.derivative if derivative else shown.non_derivative) or rng.random() < 0.65:
            canvas.y += rng.uniform(2, 12)
            if tables is not None:
                tables(canvas, style, shown, derivative, rng)
                continue
            securities_table(canvas, style, shown, derivative, rng, title=rng.choice(("inside", "above")), wobble=0.3)
    if len(shown.reporting_owners) > 1 and arrangement != "pairs":
        canvas.y += 8
        further_owners(canvas, style, shown, framed=rules == "grid", with_first=rng.random() < 0.6)
    parts = [_notes, _signatures]
    if rng.random() < 0.3:
        parts.reverse()
    for part in parts:
        canvas.y += rng.uniform(4, 14)
        part(canvas, rng, style, shown)
    if rng.random() < 0.6:
        canvas.y += 6
        for text in rng.sample((wording.REMINDER, wording.NOTE_MORE, wording.NOTE_CRIMINAL, wording.NOTE_COPIES), k=3):
            canvas.flow([plain(text)], style.caption, gap=1)
    if rng.random() < 0.05:
        exhibit(canvas, rng)
    if rng.random() < 0.3:
        browser_lines(canvas, rng, rng.choice(("SEC Filing | Investor Relations", "Form 4 - Document", "SEC Filings")))
    return Printed(canvas.pages, shown)


def _title(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    form, pen = form_of(filing), style.caption
    big = pen.sized(pen.size * rng.uniform(1.3, 1.9)).boldly()
    align = rng.choice(("left", "center"))
    canvas.flow([form_type_line(style, filing, prefix=rng.choice(("FORM", "Form", "SEC Form")))], big, align)
    if rng.random() < 0.7:
        canvas.flow([plain(wording.COMMISSION), plain(wording.PLACE)], pen, align)
    canvas.flow([plain(wording.TITLES[form])], big.sized(pen.size * 1.2), align, gap=3)
    if rng.random() < 0.5:
        canvas.flow([plain(" ".join(wording.PURSUANT))], pen, align, gap=3)
    for mark, text in top_boxes(style, filing, short=True):
        line = [*mark, *text] if rng.random() < 0.8 else [*text, *mark]
        canvas.flow([line], pen, gap=2)
    canvas.y += 4


def _captions(rng: random.Random, filing: Filing) -> dict[str, str]:
    captions = wording.header_captions(form_of(filing))
    if rng.random() < 0.5:
        captions = {name: text.split(". ", 1)[-1].rstrip("*") for name, text in captions.items()}
    if rng.random() < 0.4:
        captions = {name: text.split(" (")[0] + ":" for name, text in captions.items()}
    return captions


def _owner_lines(style: FormStyle, owner: ReportingOwner, one_line: bool) -> Cell:
    """Name, street, and the place in one line or in several."""
    printer = style.printer
    city = printer.text(owner.city, "owner.city")
    state, code = printer.text(owner.state, "owner.state"), printer.text(owner.zip, "owner.zip")
    place: Cell = [[*city, *([Chunk(",", glue=True)] if city and state else []), *state, *code]]
    if not one_line:
        place = [city, state, code]
    lines = [printer.text(owner.name, "owner.name"), *street_chunks(printer, owner.street), *place]
    lines.append(printer.text(owner.country, "owner.country"))
    return [line for line in lines if line]


def _facts(rng: random.Random, style: FormStyle, filing: Filing) -> list[tuple[str, Cell]]:
    """Captions of the header with their values."""
    printer, captions = style.printer, _captions(rng, filing)
    after = rng.random() < 0.15  # ticks behind their captions
    marks: Cell = []
    below: Line = []
    for mark, text, words in relationship_marks(style, filing):
        marks.append([*plain(text), *mark] if after else [*mark, *plain(text)])
        below += words
    if rng.random() < 0.4:
        marks = [[chunk for line in marks for chunk in line]]
    group = [[*mark, *plain(text)] for mark, text in group_marks(style, filing)]
    facts = [
        (captions["owner"], _owner_lines(style, filing.reporting_owners[0], rng.random() < 0.6)),
        (captions["issuer"], [issuer_line(style, filing)]),
        (captions["period"], [printer.date(filing.period_of_report, "period_of_report")]),
        (captions["amendment"], [printer.date(filing.date_of_original_submission, "date_of_original_submission")]),
        (captions["relationship"], [*marks, *([below] if below else [])]),
        (captions["group"], group),
    ]
    if rng.random() < 0.3:
        facts[0], facts[1] = facts[1], facts[0]
    return facts


def _pairs(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    """A table of two columns, captions at the left; joint filers follow at once."""
    share = rng.uniform(0.28, 0.42)
    widths = [canvas.inner_width * share, canvas.inner_width * (1 - share)]
    facts = _facts(rng, style, filing)
    for owner in filing.reporting_owners[1:]:
        facts.insert(1, ("Name and Address of Reporting Person", _owner_lines(style, owner, True)))
    bold = rng.random() < 0.5
    rows = [
        [TableCell([plain(caption)], pen=style.caption.boldly(bold)), TableCell(value, pen=style.data)]
        for caption, value in facts
    ]
    draw_table(canvas, widths, [], rows, style.table)


def _stacked(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    """One caption below the other, each value under its caption or behind it."""
    behind = rng.random() < 0.5
    for caption, value in _facts(rng, style, filing):
        canvas.need(30)
        if behind and len(value) == 1:
            canvas.flow([[*plain(caption, "b"), *value[0]]], style.data, gap=2)
        else:
            canvas.flow([plain(caption)], style.caption.boldly())
            canvas.flow(value or [[]], style.data, indent=rng.choice((0.0, 8.0)), gap=3)


def _notes(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    heading = rng.choice(("Explanation of Responses:", "Explanation of Responses", "Footnotes", "FOOTNOTES:"))
    if filing.footnotes or rng.random() < 0.6:
        canvas.flow([plain(heading)], style.caption.boldly(), gap=2)
    for line in note_lines(style, filing):
        canvas.flow([line], style.caption, indent=rng.choice((0.0, 0.0, 10.0)), gap=1)
    if is_set(filing.no_securities_owned):
        line = style.printer.text(filing.no_securities_owned, "no_securities_owned")
        line[0].text = wording.NO_SECURITIES
        canvas.flow([line], style.caption)
    remarks = remark_line(style, filing)
    if remarks:
        heading = rng.choice(("Remarks:", "Remarks", "REMARKS:"))
        lines = [[*plain(heading, "b"), *remarks]] if rng.random() < 0.4 else [plain(heading, "b"), remarks]
        canvas.flow(lines, style.caption)


def _signatures(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    who = rng.choice(("** Signature of Reporting Person", "Signature of Reporting Person", "Signature:"))
    canvas.need(50)
    if rng.random() < 0.4:  # all in lines
        for name, day in signature_lines(style, filing):
            canvas.flow([[*plain(who), *name]], style.data)
            canvas.flow([[*plain("Date:"), *day]], style.data, gap=2)
        return
    left = rng.choice((0.0, 0.4, 0.55))
    widths = [canvas.inner_width * share for share in (left + 0.01, (0.95 - left) * 0.65, (0.95 - left) * 0.35)]
    bare = TableStyle(style.caption, rules="none", pad_y=1.0, valign="middle")
    rows = [
        [TableCell(), TableCell([name], pen=style.data), TableCell([day], pen=style.data)]
        for name, day in signature_lines(style, filing)
    ]
    captions = [TableCell(), TableCell([plain(who)]), TableCell([plain("Date")])]
    rows = [captions, *rows] if rng.random() < 0.2 else [*rows, captions]
    draw_table(canvas, widths, [], rows, bare)
