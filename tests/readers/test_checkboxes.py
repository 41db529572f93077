"""Check boxes, whatever they are drawn with, become one token each."""

from __future__ import annotations

import numpy as np
import pytest
from pages import HEIGHT, form_page, pdf_of, rendered, text_at
from reportlab.pdfgen.canvas import Canvas

from extractor.readers.checkboxes import boxes_in_pixels, grey_boxes_in_pixels
from extractor.readers.pdf import read_pdf
from extractor.readers.straighten import ink_of

CAPTION = "Check this box if no longer subject"


def paint_box(canvas: Canvas, how: str) -> None:
    """A box at 40, 90 of about ten points in front of the caption."""
    bottom = HEIGHT - 101
    if how.startswith("square"):
        canvas.rect(40, bottom, 11, 11)
    if how.startswith("cell"):
        for dx, dy, w, h in ((0, 0, 11, 0.7), (0, 13.3, 11, 0.7), (0, 0, 0.7, 14), (10.3, 0, 0.7, 14)):
            canvas.rect(40 + dx, bottom + dy, w, h, stroke=0, fill=1)
    if how.startswith("round"):
        canvas.setFillColorRGB(0.9, 0.9, 0.9)
        canvas.roundRect(40, bottom, 8, 8, 1.5, stroke=1, fill=1)
    if how.endswith("cross"):
        canvas.line(42, bottom + 2, 49, bottom + 9)
        canvas.line(42, bottom + 9, 49, bottom + 2)
    if how.endswith("white tick"):
        canvas.setStrokeColorRGB(1, 1, 1)
        path = canvas.beginPath()
        path.moveTo(41.5, bottom + 4)
        path.lineTo(43.5, bottom + 2)
        path.lineTo(46.5, bottom + 6)
        canvas.drawPath(path)
    if how.endswith("letter"):
        text_at(canvas, 42, 99, "X", 9)
    if how.endswith("dot"):
        canvas.rect(43, bottom + 3, 5, 5, stroke=0, fill=1)
    if how.endswith("dingbat"):
        text_at(canvas, 42, 99, "\u2714", 9, "ZapfDingbats")


@pytest.mark.parametrize(
    ("how", "token"),
    [
        ("square", "☐"),
        ("square cross", "☒"),
        ("square letter", "☒"),
        ("square dot", "☒"),
        ("square dingbat", "☒"),
        ("cell", "☐"),
        ("cell letter", "☒"),
        ("round", "☐"),
        ("round white tick", "☒"),
    ],
)
def test_drawn_box_is_one_token_before_its_caption(how: str, token: str) -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 60, 99, CAPTION)
        paint_box(canvas, how)

    document = read_pdf(pdf_of(paint))
    assert document.text == f"{token} {CAPTION}"
    assert document.page(1).rules == []


@pytest.mark.parametrize("checked", [True, False])
def test_box_of_an_interactive_form_is_read_by_its_state(checked: bool) -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 60, 99, CAPTION)
        canvas.acroForm.checkbox(name="box", checked=checked, x=40, y=HEIGHT - 101, size=11)

    assert read_pdf(pdf_of(paint)).text == f"{'☒' if checked else '☐'} {CAPTION}"


def test_small_cells_of_a_table_are_no_boxes() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 60, 50, CAPTION)
        for x in range(100, 160, 12):
            canvas.rect(x, HEIGHT - 112, 12, 12)

    document = read_pdf(pdf_of(paint))
    assert document.text == CAPTION


def test_boxes_stacked_line_below_line_are_boxes_each() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 60, 50, CAPTION)
        for line in range(4):
            canvas.rect(100, HEIGHT - 110 - 9 * line, 7.2, 7.2)
        canvas.line(101, HEIGHT - 118, 106, HEIGHT - 113)
        canvas.line(101, HEIGHT - 113, 106, HEIGHT - 118)

    tokens = [token.text for token in read_pdf(pdf_of(paint)).tokens if token.text in "☐☒"]
    assert tokens == ["☐", "☒", "☐", "☐"]


def test_frame_around_other_text_is_no_box() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 60, 99, CAPTION)
        canvas.rect(40, HEIGHT - 101, 11, 11)
        text_at(canvas, 43, 99, "7", 9)

    assert read_pdf(pdf_of(paint)).text == f"7 {CAPTION}"


@pytest.mark.parametrize("glyph", ["\uf0fe", "\uf06f"])
def test_symbol_fonts_are_understood(glyph: str) -> None:
    from extractor.readers.pdfium import Chars
    from extractor.readers.textlayer import words_of

    chars = Chars(glyph, np.array([[0, 0, 10, 10]], np.float32))
    assert [word.text for word in words_of(chars)] == ["☒" if glyph == "\uf0fe" else "☐"]


def test_boxes_of_a_scan_are_found_by_their_pixels() -> None:
    image = rendered(pdf_of(form_page))
    boxes = sorted(boxes_in_pixels(ink_of(image), 200), key=lambda box: box.bbox[1])
    assert [box.ticked for box in boxes] == [True, False]
    assert boxes[0].bbox == pytest.approx((40, 90, 51, 101), abs=1)


def test_print_is_no_box() -> None:
    def paint(canvas: Canvas) -> None:
        for row, size in enumerate((8, 10, 12, 14)):
            text_at(canvas, 50, 100 + 30 * row, "BODHQ 0868 DOBRO [ ] {8} B D 0 8 OMB HEEL", size, "Helvetica-Bold")

    image = rendered(pdf_of(paint))
    assert boxes_in_pixels(ink_of(image), 200) == []
    assert grey_boxes_in_pixels(image, ink_of(image), 200) == []


def test_faint_grey_boxes_are_found_and_their_shade_is_the_tick() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 60, 99, CAPTION)
        for top, grey in ((92, 0.8), (122, 0.94)):
            canvas.setFillColorRGB(grey, grey, grey)
            canvas.rect(40, HEIGHT - top - 8, 8, 8, stroke=0, fill=1)

    image = rendered(pdf_of(paint))
    boxes = sorted(grey_boxes_in_pixels(image, ink_of(image), 200), key=lambda box: box.bbox[1])
    assert [box.ticked for box in boxes] == [True, False]


def test_a_cross_close_to_the_frame_ticks_a_box_of_a_scan() -> None:
    ink = np.zeros((80, 80), np.uint8)
    ink[30:33, 30:49] = ink[49:52, 30:49] = 255
    ink[30:52, 30:32] = ink[30:52, 47:49] = 255
    for k in range(12):  # two pixels of paper between its ends and the frame
        for x in (34 + k, 45 - k):
            ink[35 + k, x - 1 : x + 2] = 255
    (box,) = boxes_in_pixels(ink, 200)
    assert box.ticked
