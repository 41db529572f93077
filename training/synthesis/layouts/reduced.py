"""The reduced official page: "__X__ Director", captions below their values, owners and signatures in grids."""

from __future__ import annotations

import random
from itertools import pairwise

from extractor.record import Field, Filing
from training.synthesis import vocabulary, wording
from training.synthesis.content import Chunk, Line, Printer, is_set, reduced_style, street_chunks
from training.synthesis.layouts.parts import (
    FormStyle,
    browser_lines,
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
from training.synthesis.page import Canvas, CellBox, Pen
from training.synthesis.tables import TableCell, TableStyle, draw_table


def draw_reduced(rng: random.Random, filing: Filing) -> Printed:
    """The reduced page; states are spelled out, amendments are told by their date only."""
    shown = as_shown(filing, joint_relations=True)
    if rng.random() < 0.6:
        spell_states(shown)
    size = rng.choice(((612, 792), (612, 792), (595, 842)))
    canvas = Canvas(*size, rng.uniform(24, 46))
    style = _style(rng)
    _title(canvas, rng, style, shown)
    canvas.tables += 1
    _boxes(canvas, rng, style, shown, canvas.tables)
    securities_table(canvas, style, shown, False, rng, canvas.tables, title="none")
    canvas.y += 8
    small = style.caption
    canvas.flow([plain(wording.REMINDER)], small)
    half = canvas.inner_width / 2
    canvas.need(40)
    note = [plain(wording.NOTE_OMB.replace("OMB Number", "OMB control number"), "b")]
    number = [plain(f"{wording.SEC_NUMBERS[form_of(shown)]} (9-02)")]
    canvas.text(number, canvas.margin + half * 1.76, canvas.y, half * 0.24, small, "right")
    canvas.y = canvas.text(note, canvas.margin + half, canvas.y, half * 0.75, Pen("helvetica", small.size)) + 8
    securities_table(canvas, style, shown, True, rng, title="above")
    if rng.random() < 0.96 or len(shown.reporting_owners) > 1:
        _owners(canvas, style, shown)
    _signatures(canvas, style, shown)
    _explanation(canvas, style, shown)
    if rng.random() < 0.4:
        browser_lines(canvas, rng, "Ownership Submission")
    if shown.form_type is not None:
        shown.form_type = Field(filing.form_type.value if filing.form_type else "4")
    return Printed(canvas.pages, shown)


def spell_states(filing: Filing) -> None:
    for owner in filing.reporting_owners:
        if owner.state is not None and owner.state.value in vocabulary.STATE_NAMES:
            owner.state.value = vocabulary.STATE_NAMES[str(owner.state.value)]


def _style(rng: random.Random) -> FormStyle:
    size = rng.uniform(7.0, 8.4)
    pen = Pen("times", size)
    return FormStyle(
        Printer(reduced_style(rng)),
        pen.sized(size * 0.88),
        pen.sized(size * rng.uniform(1.0, 1.2)),
        pen.sized(size * 0.9),
        TableStyle(
            pen,
            rule_width=rng.choice((0.8, 1.2, 1.5)),
            pad_x=2.2,
            pad_y=rng.uniform(1.5, 3.5),
            valign="middle",
            repeat_head=False,
        ),
        tick="xsl",
        align={
            "title": "left",
            "amount": "left",
            "ad": "left",
            "price": "left",
            "after": "left",
            "form": "left",
            "date": "left",
        },
        bold_heads=False,
        headings="reduced",
        number_gap=rng.choice((". ", ". ", ".")),
        note_number="({})",
        fit_words=rng.random() < 0.9,
    )


def _title(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    form, pen = form_of(filing), style.data
    left, total, top = canvas.margin, canvas.inner_width, canvas.y
    big = Pen("helvetica", 16.0, bold=True)
    y = canvas.text([form_type_line(style, filing, amended=False)], left, top + 3, total * 0.15, big, "center") + 2
    canvas.frame(left, top, left + total * 0.15, y, 1.5)
    y += 2
    for mark, text in top_boxes(style, filing, short=True):
        canvas.text([mark], left + 2, y + 1, 14, style.caption)
        y = canvas.text([text], left + 16, y, total * 0.15 - 16, style.caption) + 2
    bold = pen.boldly()
    middle = left + total * 0.16
    width = total * 0.62
    at = canvas.text([plain(wording.COMMISSION), plain(wording.PLACE)], middle, top + 50, width, bold, "center") + 8
    title = wording.TITLES[form] if form == "3" else wording.TITLES[form] + " OF SECURITIES"
    at = canvas.text([plain(title)], middle, at, width, bold, "center") + 8
    at = canvas.text([plain(" ".join(wording.PURSUANT))], middle, at, width, pen, "center")
    box, arial = left + total * 0.8, Pen("helvetica", style.caption.size)
    bottom = canvas.text([plain("OMB APPROVAL")], box, top + 3, total * 0.2, arial, "center") + 2
    canvas.frame(box, top, left + total, bottom, 1.2)
    lines = [
        plain(f"OMB Number:   {wording.OMB_NUMBERS[form]}"),
        plain("Estimated average burden"),
        plain("hours per response... 0.5"),
    ]
    end = canvas.text(lines, box + 3, bottom + 2, total * 0.2 - 6, arial) + 2
    canvas.frame(box, bottom, left + total, end, 1.2)
    canvas.y = max(y, at, end) + 6
    canvas.flow([plain("(Print or Type Responses)")], style.caption, gap=1)


def _boxes(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing, table: int) -> None:
    """Header cells: what stands in a cell is captioned in the cell below it."""
    form, small, data, printer = form_of(filing), style.caption, style.data, style.printer
    captions = wording.reduced_captions(form)
    left, total, pad = canvas.margin, canvas.inner_width, 3.0
    shares = (rng.uniform(0.48, 0.54), rng.uniform(0.23, 0.26))
    edges = [left, left + shares[0] * total, left + sum(shares) * total, left + total]
    w = [b - a - 2 * pad for a, b in pairwise(edges)]
    x = [edge + pad for edge in edges]
    owner = filing.reporting_owners[0]
    tiny = small.sized(small.size * 0.85)
    rows = [canvas.y]
    y = canvas.text([plain(captions["owner"])], x[0], rows[0] + 2, w[0], small)
    a = canvas.text([printer.text(owner.name, "owner.name")], x[0], y, w[0], data) + 3
    middle: list[tuple[str, Line]] = [
        ("issuer", issuer_line(style, filing)),
        ("period", printer.date(filing.period_of_report, "period_of_report")),
        ("amendment", printer.date(filing.date_of_original_submission, "date_of_original_submission")),
    ]
    if form == "3":
        middle[0], middle[1] = middle[1], middle[0]
    y = canvas.text([plain(captions[middle[0][0]])], x[1], rows[0] + 2, w[1], small)
    b = canvas.text([middle[0][1]], x[1], y, w[1], data) + 2
    if rng.random() < 0.5:
        b = canvas.text([plain("2a. Foreign Trading Symbol"), []], x[1], b + 2, w[1], small)
    rows.append(max(a, b))
    for share, word in zip((0.12, 0.45, 0.78), ("(Last)", "(First)", "(Middle)"), strict=True):
        canvas.text([plain(word)], x[0] + share * w[0], rows[1] + 2, 60, tiny)
    street = street_chunks(printer, owner.street) or [[]]
    a = canvas.text(street, x[0], rows[1] + 2 + tiny.line_height, w[0], data) + 2
    y = canvas.text([plain(captions[middle[1][0]])], x[1], rows[1] + 2, w[1], small)
    b = canvas.text([middle[1][1]], x[1], y, w[1], data) + 2
    relation = _relationship(canvas, x[2], rows[0] + 2, w[2], style, filing, captions["relationship"], tiny)
    rows.append(max(a, b, relation))
    y = canvas.text([plain("(Street)")], x[0], rows[2] + 2, w[0], tiny) + 4
    ends = []
    places = (0.0, 0.42, 0.86)
    values = ((owner.city, "owner.city"), (owner.state, "owner.state"), (owner.zip, "owner.zip"))
    for share, width, (value, label) in zip(places, (0.4, 0.42, 0.16), values, strict=True):
        ends.append(canvas.text([printer.text(value, label)], x[0] + share * w[0], y, w[0] * width, data))
    y = canvas.text(
        [plain(captions[middle[2][0]])],
        x[1],
        rows[2] + 2,
        w[1],
        small,
    )
    b = canvas.text([middle[2][1]], x[1], y, w[1], data) + 2
    y = canvas.text([plain(captions["group"])], x[2], rows[2] + 2, w[2], small)
    style.tick = "short"
    for mark, text in group_marks(style, filing):
        y = canvas.text([[*mark, *plain(text)]], x[2], y, w[2], tiny)
    style.tick = "xsl"
    rows.append(max(*ends, b, y) + 2)
    for share, word in zip(places, ("(City)", "(State)", "(Zip/Postal Code)"), strict=True):
        canvas.text([plain(word)], x[0] + share * w[0], rows[3] + 2, w[0] * 0.14 if share > 0.5 else 80, tiny)
    a = rows[3] + 2 + 2 * tiny.line_height
    a = canvas.text([printer.text(owner.country, "owner.country")], x[0], a, w[0], data) + 1
    rows.append(a + 2)
    rows.append(canvas.text([plain("(Country)")], x[0], rows[4] + 1, w[0], tiny) + 2)
    title = [plain(wording.table_wording(form, False).title, "b")]
    canvas.text(title, x[1], (rows[3] + rows[5]) / 2 - 4, w[1] + w[2], small.boldly(), "center")
    frames = [(0, 1, i, i + 1) for i in range(5)] + [
        (1, 2, 0, 1),
        (1, 2, 1, 2),
        (1, 2, 2, 3),
        (2, 3, 0, 2),
        (2, 3, 2, 3),
        (1, 3, 3, 5),
    ]
    for c0, c1, r0, r1 in frames:
        canvas.frame(edges[c0], rows[r0], edges[c1], rows[r1], style.table.rule_width)
        canvas.page.cells.append(CellBox(table, edges[c0], rows[r0], edges[c1], rows[r1]))
    canvas.y = rows[5]


def _relationship(
    canvas: Canvas, x: float, top: float, width: float, style: FormStyle, filing: Filing, caption: str, tiny: Pen
) -> float:
    y = canvas.text([plain(caption)], x, top, width, style.caption)
    y = canvas.text([plain("(Check all applicable)")], x, y, width, style.caption, "center") + 1
    marks = relationship_marks(style, filing)
    half = width / 2
    for pair in (marks[:2], marks[2:]):
        ends = [
            canvas.text([[*mark, *plain(text)]], x + side * half, y, half - 2, tiny)
            for side, (mark, text, _) in enumerate(pair)
        ]
        y = max(ends) + 1
    below = [*marks[2][2], *([Chunk("/")] if marks[2][2] and marks[3][2] else []), *marks[3][2]]
    return canvas.text([below], x, y, width, style.caption, "center") + 1 if below else y


def _owners(canvas: Canvas, style: FormStyle, filing: Filing) -> None:
    """The grid of owners; titles stand in the columns Officer and Other."""
    printer = style.printer
    canvas.y += 8
    canvas.need(90)
    canvas.flow([plain("Reporting Owners", "b")], style.data.sized(style.data.size * 1.3), gap=4)
    total = canvas.inner_width * 0.85
    widths = [total * share for share in (0.5, 0.11, 0.12, 0.16, 0.11)]
    bold = style.caption.boldly()
    head = [
        [
            TableCell([plain("Reporting Owner Name / Address")], rows=2, align="center", pen=bold),
            TableCell([plain("Relationships")], columns=4, align="center", pen=bold),
        ],
        [TableCell([plain(text)]) for text in ("Director", "10% Owner", "Officer", "Other")],
    ]
    body = []
    for owner in filing.reporting_owners:
        lines = [
            printer.text(owner.name, "owner.name"),
            *street_chunks(printer, owner.street),
            printer.text(owner.city, "owner.city"),
            printer.text(owner.state, "owner.state"),
            printer.text(owner.zip, "owner.zip"),
            printer.text(owner.country, "owner.country"),
        ]
        row = [TableCell([line for line in lines if line], pen=style.data)]
        boxes = (
            (owner.is_director, "box.director", None, ""),
            (owner.is_ten_percent_owner, "box.ten_percent_owner", None, ""),
            (owner.is_officer, "box.officer", owner.officer_title, "owner.officer_title"),
            (owner.is_other, "box.other", owner.other_text, "owner.other_text"),
        )
        for value, label, words, text_label in boxes:
            line = printer.text(words, text_label) if words is not None else printer.tick(is_set(value), label)
            row.append(TableCell([line] if line else [], align="center", pen=style.data))
        body.append(row)
    draw_table(canvas, widths, head, body, style.table)


def _signatures(canvas: Canvas, style: FormStyle, filing: Filing) -> None:
    canvas.y += 8
    canvas.need(60)
    canvas.flow([plain("Signatures", "b")], style.data.sized(style.data.size * 1.3), gap=4)
    widths = [canvas.inner_width * share for share in (0.45, 0.08, 0.3)]
    bare = TableStyle(style.caption, rules="none", pad_y=1.0)
    rows = []
    for name, day in signature_lines(style, filing):
        rows.append([TableCell([name], pen=style.data), TableCell(), TableCell([day], pen=style.data)])
        who = [Chunk("**", raised=True), Chunk("Signature of Reporting Person", glue=True)]
        rows.append([TableCell([who], align="center"), TableCell(), TableCell([plain("Date")], align="center")])
    draw_table(canvas, widths, [], rows, bare)


def _explanation(canvas: Canvas, style: FormStyle, filing: Filing) -> None:
    small = style.caption
    canvas.y += 8
    canvas.need(40)
    canvas.flow([plain("Explanation of Responses:", "b")], style.data.sized(style.data.size * 1.3), gap=4)
    lines = [plain(wording.NOTE_MORE_REDUCED), plain(wording.NOTE_CRIMINAL_REDUCED), *note_lines(style, filing)]
    number = canvas.inner_width * 0.035
    bare = TableStyle(small, rules="none", pad_x=1.0, pad_y=1.0)
    rows = []
    for line in lines:
        first = line[:1] if len(line) > 1 else [Chunk(line[0].text.split()[0])]
        rest = line[1:] if len(line) > 1 else [Chunk(line[0].text.split(None, 1)[1])]
        rows.append([TableCell([first], pen=small.boldly()), TableCell([rest])])
    draw_table(canvas, [number, canvas.inner_width - number], [], rows, bare)
    if is_set(filing.no_securities_owned):
        line = style.printer.text(filing.no_securities_owned, "no_securities_owned")
        line[0].text = wording.NO_SECURITIES
        canvas.flow([line], small)
    remarks = remark_line(style, filing)
    if remarks:
        canvas.y += 6
        canvas.flow([plain("Remarks:", "b"), remarks], small)
    canvas.y += 6
    canvas.flow([plain(wording.NOTE_COPIES)], small, gap=4)
    canvas.flow([plain(wording.POTENTIAL)], small)
    form = form_of(filing)
    canvas.flow([plain(f"* Form {form}: {wording.SEC_NUMBERS[form]} (03-26)")], small)
