"""Canvas pages as a PDF with a text layer: every word exactly where the canvas put it, boxes and rules as vectors."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import zip_longest

from reportlab.pdfgen import canvas as reportlab_canvas

from training.synthesis.page import CanvasPage, PlacedWord

ASCENT = 0.8  # of the size: where the base line lies below a word's top


def to_pdf(pages: Sequence[CanvasPage]) -> bytes:
    """The pages as a PDF; the same pages give the same bytes."""
    out = io.BytesIO()
    first = pages[0]
    pdf = reportlab_canvas.Canvas(out, pagesize=(first.width, first.height), invariant=1, pageCompression=1)
    for page in pages:
        pdf.setPageSize((page.width, page.height))
        for rule in page.rules:
            pdf.setLineWidth(rule.width)
            if rule.frame:
                pdf.rect(rule.x0, page.height - rule.bottom, rule.x1 - rule.x0, rule.bottom - rule.top)
            else:
                pdf.line(rule.x0, page.height - rule.top, rule.x1, page.height - rule.bottom)
        for word, after in zip_longest(page.words, page.words[1:]):
            if word.box:
                _draw_box(pdf, page, word)
            else:
                _draw_word(pdf, page, word, blank_after=after is not None and _follows(word, after))
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def _follows(word: PlacedWord, after: PlacedWord) -> bool:
    """Whether a blank stands between the two; converters that trust blanks more than gaps need it written."""
    gap = after.x0 - word.x1
    return not after.joined and 0 < gap < 0.7 * word.size and abs(after.bottom - word.bottom) < 0.3 * word.size


def _draw_word(pdf: reportlab_canvas.Canvas, page: CanvasPage, word: PlacedWord, blank_after: bool) -> None:
    pdf.setFont(word.font, word.size)
    pdf.setFillColorRGB(*word.colour)
    pdf.drawString(word.x0, page.height - (word.top + ASCENT * word.size), word.text + " " * blank_after)


def _draw_box(pdf: reportlab_canvas.Canvas, page: CanvasPage, word: PlacedWord) -> None:
    side = word.x1 - word.x0
    bottom = page.height - word.bottom
    pdf.setLineWidth(0.7)
    pdf.rect(word.x0, bottom, side, side)
    if word.text == "☒":
        inset = side * 0.2
        x0, x1, y0, y1 = word.x0 + inset, word.x1 - inset, bottom + inset, bottom + side - inset
        pdf.setLineWidth(0.9)
        pdf.line(x0, y0, x1, y1)
        pdf.line(x0, y1, x1, y0)
