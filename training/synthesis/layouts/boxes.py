"""The boxes above Table I: owner at the left, issuer and dates in the middle, ticks at the right."""

from __future__ import annotations

import random
from itertools import pairwise

from extractor.record import Filing, ReportingOwner
from training.synthesis import wording
from training.synthesis.content import Cell, street_chunks
from training.synthesis.layouts.parts import FormStyle, group_marks, issuer_line, plain, relationship_marks
from training.synthesis.layouts.printed import form_of
from training.synthesis.page import Canvas, CellBox, text_height

_THIRDS = (0.0, 0.34, 0.66)


def owner_block(
    canvas: Canvas,
    x: float,
    top: float,
    width: float,
    style: FormStyle,
    owner: ReportingOwner,
    caption: str,
    lines: bool,
) -> float:
    """Name and address with their captions (Last) (First) (Middle) below; returns where it ends."""
    printer, small, data = style.printer, style.caption, style.data
    gap = small.size * 0.35
    y = canvas.text([plain(caption)], x, top, width, small) + gap * 0.3
    y = canvas.text([printer.text(owner.name, "owner.name")], x + 2, y, width - 4, data, underline=lines) + gap

    def ruled(at: float) -> float:
        if lines:
            canvas.rule(x, at, x + width, at, 0.5)
        return at + gap

    def captions(at: float, words: tuple[str, ...]) -> float:
        for share, word in zip(_THIRDS, words, strict=True):
            canvas.text([plain(word)], x + 2 + share * width, at, width / 3, small)
        return at + small.line_height + gap

    y = captions(ruled(y), ("(Last)", "(First)", "(Middle)"))
    street = street_chunks(printer, owner.street)
    y = canvas.text(street or [[]], x + 2, y, width - 4, data) + gap * 0.3
    y = captions(ruled(y), ("(Street)", "", ""))
    bottoms = []
    values = ((owner.city, "owner.city"), (owner.state, "owner.state"), (owner.zip, "owner.zip"))
    for share, (value, label) in zip(_THIRDS, values, strict=True):
        bottoms.append(canvas.text([printer.text(value, label)], x + 2 + share * width, y, width * 0.31, data))
    y = max(bottoms) + gap
    y = captions(ruled(y), ("(City)", "(State)", "(Zip)"))
    if owner.country is not None and owner.country.value:
        y = canvas.text([printer.text(owner.country, "owner.country")], x + 2, y, width - 4, data) + gap * 0.3
        y = captions(ruled(y), ("(Country)", "", ""))
    return y


def relationship_block(
    canvas: Canvas, x: float, top: float, width: float, style: FormStyle, filing: Filing, caption: str
) -> float:
    """The four ticks in two columns, titles below them."""
    small, data = style.caption, style.data
    y = canvas.text([plain(caption), plain("(Check all applicable)")], x, top, width, small) + 2
    marks = relationship_marks(style, filing)
    half = width / 2
    mark_width = max(12.0, half * 0.26)
    if style.tick not in ("bare", "drawn"):
        mark_width = max(mark_width, small.size * 2.2)
    for pair in (marks[:2], marks[2:]):
        bottoms = [y]
        for side, (mark, text, _) in enumerate(pair):
            left = x + side * half
            canvas.text([mark], left, y, mark_width, data if style.tick == "bare" else small, "center")
            bottoms.append(canvas.text([plain(text)], left + mark_width + 1, y + 0.6, half - mark_width - 2, small))
        y = max(bottoms) + 1.5
    bottoms = [y]
    for side, (_, _, below) in enumerate(marks[2:]):
        if below:
            left = x + side * half + mark_width
            bottoms.append(canvas.text([below], left, y, half - mark_width - 2, data))
    return max(bottoms) + 1


def group_block(
    canvas: Canvas, x: float, top: float, width: float, style: FormStyle, filing: Filing, caption: str
) -> float:
    small = style.caption
    y = canvas.text([plain(caption)], x, top, width, small) + 2
    mark_width = max(14.0, width * 0.13, small.size * 2.2 if style.tick not in ("bare", "drawn") else 0.0)
    for mark, text in group_marks(style, filing):
        canvas.text([mark], x, y, mark_width, style.data if style.tick == "bare" else small, "center")
        y = canvas.text([plain(text)], x + mark_width + 2, y + 0.5, width - mark_width - 4, small) + 1.5
    return y


def header_boxes(
    canvas: Canvas,
    rng: random.Random,
    style: FormStyle,
    filing: Filing,
    table: int,
    framed: bool = True,
    old: bool = False,
) -> None:
    """The whole block of boxes at the current place; kept on one page."""
    form = form_of(filing)
    captions = wording.header_captions(form, old)
    printer, pad = style.printer, 4.0
    shares = (rng.uniform(0.33, 0.38), rng.uniform(0.32, 0.36))
    left, total = canvas.margin, canvas.inner_width
    edges = [left, left + shares[0] * total, left + (shares[0] + shares[1]) * total, left + total]
    widths = [b - a - 2 * pad for a, b in pairwise(edges)]
    top = canvas.y
    begin = len(canvas.page.words)
    bottom = owner_block(
        canvas, edges[0] + pad, top + 3, widths[0], style, filing.reporting_owners[0], captions["owner"], framed
    )
    period = printer.date(filing.period_of_report, "period_of_report")
    amendment = printer.date(filing.date_of_original_submission, "date_of_original_submission")
    issuer: Cell = [issuer_line(style, filing)]
    middle = [("issuer", issuer), ("period", [period]), ("amendment", [amendment])]
    if form == "3":
        middle = [("period", [period]), ("issuer", issuer), ("amendment", [amendment])]
    heights = [
        text_height([plain(captions[name])], style.caption, widths[1]) + text_height(value, style.data, widths[1]) + 8
        for name, value in middle
    ]
    cuts = [begin, len(canvas.page.words)]
    right = relationship_block(canvas, edges[2] + pad, top + 3, widths[2], style, filing, captions["relationship"]) + 3
    cuts.append(len(canvas.page.words))
    split = max(top + heights[0] + heights[1], right)
    bottom = max(bottom + 2, split + heights[2])
    group_bottom = group_block(canvas, edges[2] + pad, split + 3, widths[2], style, filing, captions["group"])
    bottom = max(bottom, group_bottom + 2)
    cuts.append(len(canvas.page.words))
    tops = [top, top + heights[0] + max(0.0, (split - top - heights[0] - heights[1]) * 0.5), split, bottom]
    for (name, value), y in zip(middle, tops, strict=False):
        below = canvas.text([plain(captions[name])], edges[1] + pad, y + 3, widths[1], style.caption)
        canvas.text(value, edges[1] + pad, below, widths[1], style.data)
        cuts.append(len(canvas.page.words))
    _reorder(canvas, cuts, (0, 3, 1, 4, 5, 2))
    cells = [(edges[0], top, edges[1], bottom), (edges[2], top, edges[3], split), (edges[2], split, edges[3], bottom)]
    cells += [(edges[1], a, edges[2], b) for a, b in pairwise(tops)]
    for x0, y0, x1, y1 in cells:
        canvas.page.cells.append(CellBox(table, x0, y0, x1, y1))
        if framed:
            canvas.frame(x0, y0, x1, y1, style.table.rule_width)
    canvas.y = bottom


def _reorder(canvas: Canvas, cuts: list[int], order: tuple[int, ...]) -> None:
    """Bring the words of blocks into the order in which a browser draws the table: row by row."""
    words = canvas.page.words
    blocks = [words[a:b] for a, b in pairwise(cuts)]
    words[cuts[0] :] = [word for number in order for word in blocks[number]]


def further_owners(
    canvas: Canvas, style: FormStyle, filing: Filing, framed: bool = True, with_first: bool = True
) -> None:
    """Joint filers listed again after the tables, the first one included, each in a box of its own."""
    caption = wording.header_captions(form_of(filing))["owner"]
    width = canvas.inner_width * 0.42
    for owner in filing.reporting_owners[0 if with_first else 1 :]:
        canvas.need(style.caption.line_height * 5 + style.data.line_height * 5)
        top = canvas.y
        canvas.y = owner_block(canvas, canvas.margin + 4, top + 3, width - 8, style, owner, caption, framed) + 2
        if framed:
            canvas.frame(canvas.margin, top, canvas.margin + width, canvas.y, style.table.rule_width)
        canvas.tables += 1
        canvas.page.cells.append(CellBox(canvas.tables, canvas.margin, top, canvas.margin + width, canvas.y))
