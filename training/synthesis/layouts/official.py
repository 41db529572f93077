"""The official page: boxes with ruled frames, Table I and II, explanation, signatures, notes."""

from __future__ import annotations

import random

from extractor.record import Filing
from training.synthesis import wording
from training.synthesis.content import Printer, PrintStyle, is_set, official_style
from training.synthesis.layouts.boxes import further_owners, header_boxes
from training.synthesis.layouts.parts import (
    FormStyle,
    browser_lines,
    exhibit,
    form_type_line,
    note_lines,
    plain,
    remark_line,
    securities_table,
    signature_lines,
    top_boxes,
)
from training.synthesis.layouts.printed import Printed, as_shown, form_of
from training.synthesis.page import Canvas, Pen
from training.synthesis.tables import TableCell, TableStyle, draw_table

BLUE, GREEN = (0.0, 0.0, 1.0), (0.0, 0.5, 0.0)


def draw_official(rng: random.Random, filing: Filing) -> Printed:
    """The current page with the 10b5-1 box where the filing has one."""
    return _draw(rng, as_shown(filing), official_style(rng))


def draw_official_older(rng: random.Random, filing: Filing) -> Printed:
    """The page before April 2023; also black and white, larger or smaller."""
    return _draw(rng, as_shown(filing, ten_b5=False), official_style(rng), old_colours=True)


def draw_browser_print(rng: random.Random, filing: Filing) -> Printed:
    """The official page printed by a browser, with its header and footer lines."""
    printed = _draw(rng, as_shown(filing), official_style(rng), margin=rng.uniform(26, 38))
    canvas = Canvas(printed.pages[0].width, printed.pages[0].height, 36)
    canvas.pages = printed.pages
    browser_lines(canvas, rng, f"SEC FORM {filing.form_type.value if filing.form_type else 4}")
    return printed


def draw_landscape(rng: random.Random, filing: Filing) -> Printed:
    """A wide page: everything on fewer lines."""
    return _draw(rng, as_shown(filing), official_style(rng), landscape=True)


def _style(rng: random.Random, print_style: PrintStyle, old_colours: bool, landscape: bool) -> FormStyle:
    small = rng.uniform(6.0, 7.6) + (1.2 if landscape else 0.0)
    family = rng.choice(("helvetica", "helvetica", "helvetica", "vera", "times"))
    if family == "vera":
        small *= 0.88
    data = Pen(rng.choice(("times", "times", "times", "helvetica")), small * rng.uniform(1.1, 1.4))
    if not old_colours or rng.random() < 0.4:
        data = data.coloured(BLUE)
    caption = Pen(family, small)
    return FormStyle(
        Printer(print_style),
        caption,
        data,
        Pen(family, small * rng.uniform(0.82, 0.98), rng.uniform(1.1, 1.25)),
        TableStyle(
            Pen(family, small),
            rule_width=rng.choice((0.4, 0.6, 0.9)),
            pad_x=rng.uniform(1.2, 3.2),
            pad_y=rng.uniform(1.0, 3.0),
            valign=rng.choice(("top", "top", "middle")),
            repeat_head=rng.random() < 0.3,
        ),
        tick=rng.choices(("bare", "square", "drawn"), (88, 4, 8))[0],
        align={"title": "left", "nature": rng.choice(("left", "center"))},
        fit_words=rng.random() < 0.9,
        note_number=rng.choices(("{}.", "({})"), (85, 15))[0],
    )


def _draw(
    rng: random.Random,
    filing: Filing,
    print_style: PrintStyle,
    old_colours: bool = False,
    landscape: bool = False,
    margin: float = 0.0,
) -> Printed:
    size = rng.choice(((612, 792), (612, 792), (612, 792), (595, 842)))
    width, height = (size[1], size[0]) if landscape else size
    canvas = Canvas(width, height, margin or rng.uniform(22, 48))
    style = _style(rng, print_style, old_colours, landscape)
    _title(canvas, rng, style, filing)
    canvas.tables += 1
    table = canvas.tables
    header_boxes(canvas, rng, style, filing, table)
    touching = rng.random() < 0.8
    canvas.y += 0.0 if touching else rng.uniform(3, 10)
    securities_table(canvas, style, filing, False, rng, table if touching else None)
    canvas.y += 0.0 if rng.random() < 0.6 else rng.uniform(3, 10)
    securities_table(canvas, style, filing, True, rng)
    if len(filing.reporting_owners) > 1:
        canvas.y += 6
        further_owners(canvas, style, filing)
    _end(canvas, rng, style, filing)
    if rng.random() < 0.03:
        exhibit(canvas, rng)
    return Printed(canvas.pages, filing)


def _title(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    form, small = form_of(filing), style.caption
    big = Pen(small.family, small.size * 1.55, bold=True)
    if rng.random() < 0.7:
        canvas.flow([form_type_line(style, filing, prefix="SEC Form")], Pen("times", small.size * 1.35))
    top, left, total = canvas.y, canvas.margin, canvas.inner_width
    y = canvas.text([plain(wording.COMMISSION)], left + total * 0.2, top + 4, total * 0.6, big, "center")
    y = canvas.text([plain(wording.PLACE)], left + total * 0.2, y, total * 0.6, small, "center") + small.size
    title_bottom = canvas.text([plain(wording.TITLES[form])], left + total * 0.2, y, total * 0.6, big, "center")
    canvas.text([form_type_line(style, filing)], left + total * 0.02, y, total * 0.18, big, "center")
    omb = [
        plain("OMB APPROVAL"),
        plain(f"OMB Number: {wording.OMB_NUMBERS[form]}"),
        plain("Estimated average burden"),
        plain(f"hours per response: {wording.BURDEN[form]}"),
    ]
    box = left + total * 0.82
    omb_bottom = canvas.text(omb[:1], box + 3, top + 12, total * 0.18 - 6, small, "center") + 2
    canvas.frame(box, top + 10, left + total, omb_bottom)
    after = canvas.text(omb[1:], box + 3, omb_bottom + 2, total * 0.18 - 6, style.heading) + 2
    canvas.frame(box, omb_bottom, left + total, after)
    lines = wording.PURSUANT if rng.random() < 0.85 else wording.PURSUANT_OLD
    y = title_bottom + small.size
    canvas.y = canvas.text([plain(line) for line in lines], left + total * 0.15, y, total * 0.7, small, "center") + 4
    narrow = total * rng.uniform(0.22, 0.3)
    for mark, text in top_boxes(style, filing):
        canvas.text([mark], left + 2, canvas.y + 2, 20, style.data)
        y = canvas.text([text], left + 20, canvas.y, narrow - 18, style.heading)
        canvas.y = max(y, canvas.y + style.data.line_height) + 2
    canvas.y += 3


def _end(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing) -> None:
    small = style.caption
    canvas.y += 2
    canvas.need(30)
    canvas.flow([plain("Explanation of Responses:", "b")], small, gap=2)
    notes = Pen("times", small.size, colour=GREEN if style.data.colour == BLUE else (0, 0, 0))
    for line in note_lines(style, filing):
        canvas.flow([line], notes, gap=rng.choice((0.0, 1.0, 2.0)))
    if is_set(filing.no_securities_owned):
        line = style.printer.text(filing.no_securities_owned, "no_securities_owned")
        line[0].text = wording.NO_SECURITIES
        canvas.flow([line], notes)
    remarks = remark_line(style, filing)
    if remarks:
        canvas.flow([plain("Remarks:", "b"), remarks], notes if rng.random() < 0.5 else small)
    canvas.y += 6
    widths = [canvas.inner_width * share for share in (0.6, 0.22, 0.18)]
    rows = [
        [
            TableCell(),
            TableCell([name], pen=style.data, underline=True),
            TableCell([day], pen=style.data, underline=True),
        ]
        for name, day in signature_lines(style, filing)
    ]
    bare = TableStyle(small, rules="none", valign="middle", pad_y=1.0)
    rows.append([TableCell(), TableCell([plain("** Signature of Reporting Person")]), TableCell([plain("Date")])])
    draw_table(canvas, widths, [], rows, bare)
    for text in (wording.REMINDER, wording.NOTE_MORE, wording.NOTE_CRIMINAL, wording.NOTE_COPIES):
        canvas.flow([plain(text)], small, gap=1)
    canvas.flow([plain(wording.NOTE_OMB, "b")], small)
