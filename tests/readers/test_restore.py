"""Black and white pages, dirt, and the resolution that pages are read at."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from pages import form_page, pdf_of, rendered, scanned, text_at
from reportlab.pdfgen.canvas import Canvas

from extractor.readers import scan
from extractor.readers.resolution import FINEST_DPI, USUAL_DPI, at_reading_size, letter_height, reading_dpi
from extractor.readers.restore import is_bilevel, restore, without_dots, without_specks
from extractor.readers.scan import _TOLD, _hanging, read_page_image


def page_of(size: float, dpi: float) -> np.ndarray:
    """Forty lines of print of that size in points."""

    def paint(canvas: Canvas) -> None:
        for line in range(40):
            text_at(canvas, 60, 60 + 15 * line, "Common Stock held by the Reporting Person 45,000 shares", size)

    return rendered(pdf_of(paint), dpi)


def test_pages_without_greys_are_told_from_grey_ones() -> None:
    grey = rendered(pdf_of(form_page))
    assert is_bilevel(np.where(grey < 150, 0, 255).astype(np.uint8))
    assert not is_bilevel(scanned(grey, noise=6, shade=0.2))
    assert not is_bilevel(np.full((200, 200), 255, np.uint8))


def test_lone_specks_go_and_points_beside_digits_stay() -> None:
    ink = np.zeros((100, 100), np.uint8)
    ink[40:56, 20:30] = 255  # a digit, its point of two pixels, and a speck of two far away
    ink[54:56, 33] = 255
    ink[20, 70:72] = 255
    rest = without_specks(ink, 200)
    assert rest[54, 33]
    assert not rest[20, 70:72].any()


def test_pieces_of_a_broken_stroke_stay() -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[30, 10:50:3] = 255
    assert np.array_equal(without_specks(ink, 200), ink)


def test_restored_page_has_sloping_edges_and_closes_gaps_of_a_pixel() -> None:
    page = np.full((60, 60), 255, np.uint8)
    page[20:22, 10:50] = 0
    page[20:22, 30] = 255
    grey = restore(page, 200)
    assert grey[20, 30] < 160  # the gap was white
    assert 0 < grey[22, 20] < 255
    assert grey[40, 40] == 255


def test_single_dark_pixels_of_dirt_go_and_points_of_print_stay() -> None:
    page = np.full((60, 60), 240, np.uint8)
    page[10, 10] = 0
    page[30:33, 30:33] = 120
    page[31, 31] = 60
    clean = without_dots(page, 200)
    assert clean[10, 10] == 240
    assert clean[31, 31] < 130
    line = np.full((60, 60), 240, np.uint8)
    line[30, 10:50] = 20
    assert np.array_equal(without_dots(line, 200), line)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("size", [7.0, 11.0])
def test_height_of_letters_is_measured_at_any_resolution(size: float, dpi: float) -> None:
    assert letter_height(page_of(size, dpi), dpi) == pytest.approx(0.62 * size / 72, rel=0.2)


def test_small_print_is_read_finer_where_the_scan_is_fine() -> None:
    assert reading_dpi(page_of(6.5, 300), 300) > 1.2 * USUAL_DPI
    assert reading_dpi(page_of(6.5, 300), 300) <= FINEST_DPI
    assert reading_dpi(page_of(12, 300), 300) == pytest.approx(USUAL_DPI, rel=0.1)
    # what is not there cannot be had by enlarging
    assert reading_dpi(page_of(6.5, 200), 200) == USUAL_DPI


@pytest.mark.parametrize("dpi", [100, 600])
def test_pages_are_brought_to_the_resolution_they_are_read_at(dpi: float) -> None:
    page = page_of(11, dpi)
    image, now = at_reading_size(page, dpi)
    assert USUAL_DPI <= now <= FINEST_DPI
    assert image.shape[0] / now == pytest.approx(page.shape[0] / dpi, rel=0.01)


def test_empty_page_has_no_letters_to_measure() -> None:
    blank = np.full((2200, 1700), 255, np.uint8)
    assert letter_height(blank, 200) == 0.0
    assert _hanging(blank, 200) == 0.0


def test_shapes_of_letters_tell_pages_upside_down() -> None:
    page = page_of(10, 200)
    assert _hanging(page, 200) < -_TOLD
    assert _hanging(np.ascontiguousarray(page[::-1, ::-1]), 200) > _TOLD


def test_black_and_white_page_with_dirt_is_read() -> None:
    page = cv2.GaussianBlur(rendered(pdf_of(form_page)), (0, 0), 0.7)
    black = np.where(page < 165, 0, 255).astype(np.uint8)
    black[np.random.default_rng(3).random(black.shape) < 0.001] = 0
    _, words = read_page_image(black, 200, 1, "image")
    assert {"45,000", "1,250.5", "$12.50", "03/14/2023"} <= {word.text for word in words}


def test_page_upside_down_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(image: np.ndarray, dpi: float) -> float:
        raise AssertionError("the shapes of letters were enough")

    monkeypatch.setattr(scan, "_sample_belief", never)
    page = np.ascontiguousarray(page_of(10, 200)[::-1, ::-1])
    out, words = read_page_image(page, 200, 1, "image")
    assert [word.text for word in words].count("45,000") == 40
    assert out.to_original is not None
