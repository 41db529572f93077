"""Pages that are images: level or skewed, grainy, turned, with rules that cross the print."""

from __future__ import annotations

import numpy as np
import pytest
from pages import ROWS, form_page, image_pdf, pdf_of, rendered, scanned, text_at
from reportlab.pdfgen.canvas import Canvas

from extractor.document import Document, original_bbox
from extractor.readers import ocr
from extractor.readers.marks import digit_patterns, read_mark
from extractor.readers.pdf import read_pdf
from extractor.readers.pixelrules import find_rules, remove_rules
from extractor.readers.scan import read_page_image
from extractor.readers.secondlook import _better
from extractor.readers.segments import find_segments
from extractor.readers.straighten import flatten_light, ink_of, is_sideways, reduced_ink, skew_of, straighten

VALUES = [value for row in ROWS for value in row[1:]]


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    return rendered(pdf_of(form_page))


@pytest.fixture(scope="module")
def photocopy(page: np.ndarray) -> Document:
    return read_pdf(image_pdf(scanned(page, skew=1.2, noise=6, shade=0.25)), "copy.pdf")


def texts(document: Document) -> list[str]:
    return [token.text for token in document.tokens]


def test_scan_is_told_from_text_and_says_how_well_it_was_read(photocopy: Document) -> None:
    assert photocopy.kind == "pdf_scan"
    assert photocopy.page(1).kind == "pdf_scan"
    assert 0.6 < photocopy.page(1).quality <= 1
    assert all(0 <= token.quality <= 1 for token in photocopy.tokens)


def test_dates_numbers_and_letters_of_a_photocopy_are_read(photocopy: Document) -> None:
    assert not set(VALUES) - set(texts(photocopy))


def test_values_of_a_photocopy_know_their_cells(photocopy: Document) -> None:
    for number, row in enumerate(ROWS, 1):
        for column, value in enumerate(row[1:], 1):
            assert (0, number, column) in {t.cell for t in photocopy.tokens if t.text == value}, value


def test_check_boxes_of_a_photocopy_are_tokens(photocopy: Document) -> None:
    assert [t for t in texts(photocopy) if t in "☒☐"] == ["☒", "☐"]


def test_offsets_point_into_the_text(photocopy: Document) -> None:
    assert all(photocopy.text[t.start : t.end] == t.text for t in photocopy.tokens)


def test_boxes_are_in_points_and_lead_back_to_the_skewed_page(photocopy: Document) -> None:
    straight = read_pdf(pdf_of(form_page))
    want = next(t.bbox for t in straight.tokens if t.text == "45,000")
    got = next(t.bbox for t in photocopy.tokens if t.text == "45,000")
    assert got[0] == pytest.approx(want[0], abs=3)
    assert got[2] == pytest.approx(want[2], abs=3)
    # turned by 1.2 degrees about the middle of the page, 250 points above it
    back = original_bbox(photocopy.page(1), got)
    assert (back[0] + back[2]) / 2 - (got[0] + got[2]) / 2 == pytest.approx(-3.2, abs=1.5)


def test_invisible_text_over_a_scan_is_not_believed(page: np.ndarray) -> None:
    from io import BytesIO

    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = BytesIO()
    Image.fromarray(page).save(buffer, "PNG")

    def paint(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(buffer), 0, 0, 612, 792)
        layer = canvas.beginText(40, 700)
        layer.setTextRenderMode(3)
        for _ in range(12):
            layer.textLine("rubbish of another engine, such as 45.0O0 where the form has a number")
        canvas.drawText(layer)

    document = read_pdf(pdf_of(paint))
    assert document.kind == "pdf_scan"
    assert "rubbish" not in texts(document)
    assert "45,000" in texts(document)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_page_is_read_upright(page: np.ndarray, turns: int) -> None:
    image = np.ascontiguousarray(np.rot90(page, turns))
    out, words = read_page_image(image, 200, 1, "image")
    assert "45,000" in {word.text for word in words}
    assert (out.width, out.height) == pytest.approx((612, 792), abs=1)
    box = next(word.bbox for word in words if word.text == "45,000")
    x0, top, x1, bottom = original_bbox(out, box)
    assert (x1 - x0 > bottom - top) == (turns == 2)
    assert (
        image[round(top * 200 / 72) : round(bottom * 200 / 72), round(x0 * 200 / 72) : round(x1 * 200 / 72)].min() < 90
    )


@pytest.mark.parametrize("angle", [-2.5, -0.3, 0.0, 0.7, 4.0])
def test_skew_is_measured(page: np.ndarray, angle: float) -> None:
    turned = scanned(page, skew=angle)
    assert skew_of(reduced_ink(turned, 200)) == pytest.approx(-angle, abs=0.1)
    assert skew_of(reduced_ink(straighten(turned, 200).image, 200)) == pytest.approx(0, abs=0.1)


def test_sideways_pages_are_told_from_upright_ones(page: np.ndarray) -> None:
    assert not is_sideways(reduced_ink(page, 200))
    assert is_sideways(reduced_ink(np.ascontiguousarray(np.rot90(page)), 200))


def test_uneven_light_is_taken_out(page: np.ndarray) -> None:
    flat = flatten_light(scanned(page, shade=0.4), 200)
    assert np.percentile(flat[:, :100], 50) == pytest.approx(np.percentile(flat[:, -100:], 50), abs=6)


def test_rules_are_removed_and_digits_that_touch_them_stay() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "45,000", 12)
        text_at(canvas, 100, 200, "45,000", 12)
        canvas.setLineWidth(1)
        canvas.line(60, 792 - 196, 300, 792 - 196)

    image = rendered(pdf_of(paint))
    ink = ink_of(image)
    found = find_rules(ink, ink, 200)
    assert len(found.rules) == 1
    _, rest = remove_rules(image, ink, found.mask, 200)
    assert not rest[:, round(200 * 200 / 72) :].any()
    whole = rest[round(90 * 200 / 72) : round(103 * 200 / 72)]
    crossed = rest[round(190 * 200 / 72) : round(203 * 200 / 72)]
    assert np.count_nonzero(crossed) > 0.75 * np.count_nonzero(whole)


def test_print_is_cut_into_runs_that_do_not_cross_rules() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "Common Stock", 11)
        text_at(canvas, 172, 100, "D", 11)
        canvas.line(168, 792 - 110, 168, 792 - 80)
        text_at(canvas, 100, 120, "second line", 11)

    image = rendered(pdf_of(paint))
    ink = ink_of(image)
    found = find_rules(ink, ink, 200)
    _, rest = remove_rules(image, ink, found.mask, 200)
    segments = find_segments(rest, found.rules, 200)
    assert len(segments) == 3
    assert sorted(len(s.components) for s in segments)[0] == 1


def test_superscript_mark_is_read_by_the_digits_of_the_page() -> None:
    def paint(canvas: Canvas) -> None:
        for row, number in enumerate(("1,234", "5,678", "9,012", "3,456")):
            text_at(canvas, 100, 100 + 30 * row, number, 11)
            text_at(canvas, 100 + canvas.stringWidth(number, "Times-Roman", 11) + 1, 96 + 30 * row, f"({row + 2})", 7.5)

    _, words = read_page_image(rendered(pdf_of(paint)), 200, 1, "image")
    assert [word.text for word in sorted(words, key=lambda w: (round(w.top / 15), w.x0))] == [
        *("1,234", "(2)"),
        *("5,678", "(3)"),
        *("9,012", "(4)"),
        *("3,456", "(5)"),
    ]


def test_page_without_digits_reads_no_marks() -> None:
    from extractor.readers.segments import Segment

    mark = Segment(0, 0, 20, 14, 14, 14, np.zeros((14, 20), np.uint8), [(0, 0, 3, 14), (8, 1, 4, 11), (15, 0, 3, 14)])
    image = np.full((20, 30), 255, np.uint8)
    assert digit_patterns(image, [], []) == {}
    assert read_mark(image, mark, {}) is None


def test_empty_page_has_no_words() -> None:
    page, words = read_page_image(np.full((2200, 1700), 255, np.uint8), 200, 3, "pdf_scan")
    assert words == []
    assert page.number == 3
    assert page.quality == 0


def test_engine_is_made_once_and_finds_its_data() -> None:
    assert ocr.engine() is ocr.engine()
    assert "eng.traineddata" in {path.name for path in __import__("pathlib").Path(ocr.tessdata_folder()).iterdir()}


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("02,.1/2031", "02/21/2031", "02/21/2031"),
        ("$264..9745", "$264.9745", "$264.9745"),
        ("so'", "0", "$0"),
        ("05/21/2023'", "05/21/2023", "05/21/2023"),
        ("05/21/2023')", "05/21/20238", None),
        ("9,270", "9,270", "9,270"),
    ],
)
def test_second_look_replaces_only_spoilt_numbers(first: str, second: str, text: str | None) -> None:
    old = ocr.Read(first, 0, 0, 40, 10, 0.5, 0)
    better = _better([old], ocr.Read(second, 0, 0, 40, 10, 0.4, 0))
    assert (better.text if better else None) == text


def test_two_readings_that_agree_are_believed_more_than_either() -> None:
    better = _better([ocr.Read("9,270", 0, 0, 40, 10, 0.5, 0)], ocr.Read("9,270", 0, 0, 40, 10, 0.4, 0))
    assert better is not None
    assert better.confidence == pytest.approx(0.7)


@pytest.mark.parametrize(("shape", "kind"), [((3, 6, 2), ","), ((3, 4, 2), ","), ((3, 3, -1), ".")])
def test_commas_and_points_are_told_by_their_shape(shape: tuple[int, int, int], kind: str) -> None:
    from extractor.readers.segments import Segment

    width, height, below = shape
    spots = [(0, 0, 10, 20), (12, 20 + below - height, width, height), (17, 0, 10, 20)]
    run = Segment(0, 0, 27, 24, 20, 20, np.zeros((24, 27), np.uint8), spots)
    assert [k for _, k in run.separators()] == [kind]
    assert ocr.with_separators([("7", 0, 10), (".", 12, 15), ("5", 17, 27)], run) == f"7{kind}5"
