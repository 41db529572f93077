"""Pages that are images: level or skewed, grainy, turned, with rules that cross the print."""

from __future__ import annotations

import numpy as np
import pytest
from pages import ROWS, form_page, image_pdf, pdf_of, rendered, scanned, text_at
from PIL import Image as Pillow
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractor.document import Document, original_bbox
from extractor.readers import ocr, otherengine
from extractor.readers.linenet import CLASSES, LineText, Reading
from extractor.readers.marks import read_marks
from extractor.readers.pdf import read_pdf
from extractor.readers.pixelrules import find_rules, remove_rules
from extractor.readers.scan import read_page_image
from extractor.readers.secondlook import _decided, _note_readings, _other_points, _with_another, _with_slashes
from extractor.readers.segments import Segment, _dots_in, _is_grain, find_segments
from extractor.readers.straighten import (
    cleared,
    flatten_light,
    ink_of,
    is_sideways,
    reduced_ink,
    skew_of,
    straighten,
)
from training.synthesis.scan_files import coded, pdf_of_streams

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
    segments = find_segments(rest, found.rules, 200, image)
    assert len(segments) == 3
    assert sorted(len(s.components) for s in segments)[0] == 1


def test_noise_of_a_dark_area_is_no_print() -> None:
    rng = np.random.default_rng(3)
    noise = np.column_stack([rng.integers(0, 1600, 3000), rng.integers(0, 900, 3000), np.full((3000, 2), 4)])
    line = np.column_stack([np.arange(0, 1000, 10), np.full(100, 950), np.full(100, 8), np.full(100, 15)])
    grain = _is_grain(np.repeat([1, 2], [3000, 100]), np.vstack([noise, line]))
    assert grain[:3000].all()
    assert not grain[3000:].any()


def test_superscript_marks_are_read_apart_from_their_numbers() -> None:
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


def printed_at(size: float, text: str) -> tuple[np.ndarray, int]:
    """The crop of a text in Times at that size, and the row of its baseline."""

    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, text, size)

    image = rendered(pdf_of(paint))
    rows, columns = np.flatnonzero((image < 200).any(1)), np.flatnonzero((image < 200).any(0))
    baseline = round(100 * 200 / 72) - int(rows[0])
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], baseline


@pytest.mark.parametrize("text", ["(1)", "(12)", "(2)(3)"])
def test_marks_are_read_as_often_as_they_stand_there(text: str) -> None:
    crop, _ = printed_at(6.5, text)
    page = np.pad(crop, 20, constant_values=255)
    marks = read_marks(page, (20, 20, 20 + crop.shape[1], 20 + crop.shape[0]))
    assert "".join(mark.text for mark in marks) == text
    assert all(mark.x0 < mark.x1 for mark in marks)


def test_raised_letters_of_a_word_stay_in_it() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "Op", 9)
        text_at(canvas, 100 + canvas.stringWidth("Op", "Times-Roman", 9), 98, "tion", 9)

    image = rendered(pdf_of(paint))
    segments = find_segments(ink_of(image), [], 200, image)
    assert [segment.raised for segment in segments] == [False]


def test_underlines_of_links_are_no_print() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "71", 11)
        text_at(canvas, 116, 97, "(2)", 9)
        canvas.setLineWidth(0.8)
        canvas.line(116, 792 - 101, 126, 792 - 101)

    _, words = read_page_image(rendered(pdf_of(paint)), 200, 1, "image")
    assert [word.text for word in sorted(words, key=lambda w: w.x0)] == ["71", "(2)"]


def test_sides_of_narrow_cells_are_rules_though_print_stands_close() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setLineWidth(1.5)
        for top in (90, 106):
            canvas.line(90, 792 - top, 200, 792 - top)
        for x in (90, 120, 200):
            canvas.line(x, 792 - 90, x, 792 - 106)
        text_at(canvas, 104, 102, "24", 15)
        text_at(canvas, 121.5, 102, "A", 15)

    ink = ink_of(rendered(pdf_of(paint)))
    upright = [rule for rule in find_rules(ink, ink, 200).rules if not rule.is_horizontal]
    assert sorted(round(rule.x0) for rule in upright) == pytest.approx([90, 120, 200], abs=1)


def test_brackets_of_tickers_are_no_letters() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "QUILLON HARBOR INC [ QHBR ]", 10.5)

    _, words = read_page_image(rendered(pdf_of(paint)), 200, 1, "image")
    assert [word.text for word in sorted(words, key=lambda w: w.x0)][-3:] == ["[", "QHBR", "]"]


def test_empty_page_has_no_words() -> None:
    page, words = read_page_image(np.full((2200, 1700), 255, np.uint8), 200, 3, "pdf_scan")
    assert words == []
    assert page.number == 3
    assert page.quality == 0


def test_engine_is_made_once_and_finds_its_data() -> None:
    assert ocr.engine() is ocr.engine()
    assert "eng.traineddata" in {path.name for path in __import__("pathlib").Path(ocr.tessdata_folder()).iterdir()}


def decided(first: str, seen: str, belief: float, third: str | None = None, other: float = 0.0) -> list[ocr.Read]:
    run = Segment(0, 0, 60, 24, 20, 20, np.zeros((24, 60), np.uint8), [])
    old = [ocr.Read(first, 0, 0, 40, 10, 0.5, 0)]
    places = [(float(k), float(k + 1)) for k in range(len(seen))]
    again = ocr.Read(third, 0, 0, 40, 10, 0.4, 0) if third else None
    return _decided(run, 0, old, LineText(seen, places, belief), again, other)


@pytest.mark.parametrize(
    ("first", "seen", "belief", "third", "texts"),
    [
        ("02,.1/2031", "02/21/2031", 0.4, None, ["02/21/2031"]),
        ("$264..9745", "$264.9745", 0.4, "264.9745", ["$264.9745"]),
        ("71Z", "71(2)", 0.3, None, ["71", "(2)"]),
        ("9,270", "9,210", 0.3, "9,270", ["9,270"]),
        ("9,270", "9,210", 0.3, "9,210", ["9,210"]),
        ("9,270", "9,210", 0.9, "9,270", ["9,210"]),
        ("9,270", "9,210", 0.3, None, ["9,270"]),
    ],
)
def test_well_formed_readings_sure_ones_and_majorities_win(
    first: str, seen: str, belief: float, third: str | None, texts: list[str]
) -> None:
    assert [read.text for read in decided(first, seen, belief, third)] == texts


def test_readings_that_agree_say_so_and_are_believed_more_than_either() -> None:
    assert [read.agreement for read in decided("9,270", "9,210", 0.3)] == [0.0]
    (read,) = decided("9,270", "9,210", 0.3, "9,210")
    assert read.agreement == 1.0
    assert read.confidence == pytest.approx(1 - 0.7 * 0.6)


@pytest.mark.parametrize(
    ("said", "belief", "texts", "agreement"),
    [
        ("9,210", 0.9, ["9,210"], 1.0),
        ("9,240", 0.95, ["9,240"], 0.0),
        ("9,240", 0.3, ["9,270"], 0.0),
        ("rubbish", 0.99, ["9,270"], 0.0),
        ("9,270(1)", 0.9, ["9,270", "(1)"], 0.0),
    ],
)
def test_another_engine_settles_what_two_readings_differ_in(
    said: str, belief: float, texts: list[str], agreement: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otherengine, "read_crop", lambda crop: (said, belief))
    run = Segment(0, 0, 60, 24, 20, 20, np.zeros((24, 60), np.uint8), [])
    old = [ocr.Read("9,270", 0, 0, 40, 10, 0.5, 0, 0.0)]
    reads = _with_another(np.full((30, 80), 255, np.uint8), run, 0, old, ["9,270", "9,210"])
    assert [read.text for read in reads] == texts
    assert reads[0].agreement == agreement


def test_without_a_second_engine_none_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otherengine, "find_spec", lambda name: None)
    otherengine._engine.cache_clear()
    assert not otherengine.is_installed()
    otherengine._engine.cache_clear()


def test_tokens_of_a_scan_know_whether_two_readings_agree(photocopy: Document) -> None:
    agreement = {token.text: token.agreement for token in photocopy.tokens}
    assert agreement["45,000"] == 1.0
    assert agreement["director"] is None


def test_numbers_of_a_scan_know_what_else_their_print_may_be(photocopy: Document) -> None:
    token = next(token for token in photocopy.tokens if token.text == "45,000")
    beliefs = dict(token.readings)
    assert beliefs["45,000"] > 5 * beliefs["45.000"] > 0
    assert all(not token.readings for token in photocopy.tokens if token.text.isalpha())


def test_readings_of_a_number_with_a_mark_are_shared_out() -> None:
    seen = Reading(np.full((9, CLASSES), -3.0), 0.0, 2.0, (0.0, 18.0))
    reads = [ocr.Read("1.619", 0, 0, 40, 10, 0.5, 0), ocr.Read("(2)", 40, 0, 60, 10, 0.5, 0)]
    other = [ocr.Read("Stock", 0, 0, 40, 10, 0.5, 1)]
    _note_readings([*reads, *other], {0: seen, 1: seen}, ["1,619(2)", "Stock"])
    assert [text for text, _ in reads[0].readings] == ["1,619", "1.619"]  # the engine says so, too
    assert reads[1].readings == other[0].readings == ()


@pytest.mark.parametrize(
    ("said", "others"),
    [
        ("1,310.258", ["1,310,258"]),
        ("57,125(1)", ["57.125(1)"]),
        ("$1915", ["$191.5", "$19.15", "$1.915"]),
        ("12.50", []),
        ("07", []),
    ],
)
def test_separators_may_be_the_other_one_or_lost(said: str, others: list[str]) -> None:
    assert list(_other_points(said)) == others


@pytest.mark.parametrize(("shape", "kind"), [((3, 6, 2), ","), ((3, 4, 2), ","), ((3, 3, -1), ".")])
def test_commas_and_points_are_told_by_their_shape(shape: tuple[int, int, int], kind: str) -> None:
    width, height, below = shape
    spots = [(0, 0, 10, 20), (12, 20 + below - height, width, height), (17, 0, 10, 20)]
    run = Segment(0, 0, 27, 24, 20, 20, np.zeros((24, 27), np.uint8), spots)
    assert [k for _, k in run.separators()] == [kind]
    assert ocr.with_separators([("7", 0, 10), (".", 12, 15), ("5", 17, 27)], run) == f"7{kind}5"


def _typed_page(bar: bool) -> np.ndarray:
    """Print of 16 pixels at 200 dpi in six lines; before each of four words stands a bar, or an l of that height."""
    import cv2

    ink = np.zeros((600, 1200), np.uint8)
    for line in range(6):
        foot = 100 + 40 * line
        for column in range(4):
            x = 100 + 250 * column
            for letter in range(5):
                cv2.rectangle(ink, (x + 20 + 18 * letter, foot - 15), (x + 30 + 18 * letter, foot), 255, 2)
            top, bottom = (foot - 20, foot + 5) if bar else (foot - 19, foot)
            ink[top : bottom + 1, x : x + 2] = 255
    return ink


def test_typed_bars_are_rules_and_letters_that_stand_on_the_line_are_not() -> None:
    bars, letters = (_typed_page(bar) for bar in (True, False))
    found = find_rules(bars, bars, 200)
    assert len([rule for rule in found.rules if not rule.is_horizontal]) == 4
    assert found.mask[90, 100]
    assert not found.mask[90, 120]
    assert not find_rules(letters, letters, 200).rules


@pytest.mark.parametrize(("rows_below", "kind"), [(0, "."), (3, ",")])
def test_separator_is_told_by_its_grey_below_the_digits_beside_it(rows_below: int, kind: str) -> None:
    image = np.full((40, 60), 255, np.uint8)
    image[10:26, 5:15] = image[10:26, 22:32] = 0
    image[23 : 26 + rows_below, 17:19] = 120
    # the threshold sees one and the same box
    spots = [(5, 10, 10, 16), (17, 23, 2, 3), (22, 10, 10, 16)]
    run = Segment(5, 10, 32, 26, 16, 26, np.zeros((16, 27), np.uint8), spots, dots=_dots_in(image, spots, 16, 26))
    assert [k for _, k in run.separators()] == [kind]


def spaced_run(text: str, gap: int, slash_gap: int) -> Segment:
    """A run of glyphs ten pixels wide and sixteen high; where the text has a blank stands a wider gap."""
    spots, x = [], 0
    for character in text:
        if character == " ":
            x += slash_gap - gap
            continue
        spots.append((x, 0, 10, 16))
        x += 10 + gap
    return Segment(0, 0, x - gap, 16, 16, 16, np.zeros((16, x), np.uint8), spots)


@pytest.mark.parametrize(
    ("said", "gaps", "date"),
    [
        ("02252025", "02 25 2025", "02/25/2025"),
        ("02252025", "02252025", "02252025"),
        ("(2:25.2028", "02 25 2028", "02/25/2028"),
        ("02/27-2025", "02 27 2025", "02/27/2025"),
        ("92952025", "92 95 2025", "92952025"),
        ("02/25/2025", "02 25 2025", "02/25/2025"),
    ],
)
def test_dates_whose_slashes_are_lost_are_mended(said: str, gaps: str, date: str) -> None:
    run = spaced_run(gaps, 2, 8)
    (read,) = _with_slashes([run], [ocr.Read(said, 0, 0, run.x1, 16, 0.9, 0)])
    assert read.text == date
    assert (read.agreement == 0.0) == (said != date)


def test_letters_that_stand_far_apart_are_no_words_of_one_letter() -> None:
    assert spaced_run("Common Stock", 2, 9).blanks() == [74.5]
    assert len(spaced_run("Common Stock", 6, 16).blanks()) == 1


def test_scan_in_strips_with_text_under_it_is_read_from_its_image(page: np.ndarray) -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 60, 250, "rubbish " * 12, 6)
        height = page.shape[0] // 4
        for strip in range(4):
            part = Pillow.fromarray(page[strip * height : (strip + 1) * height])
            canvas.drawImage(ImageReader(part), 0, 792 - 198 * (strip + 1), 612, 198)

    document = read_pdf(pdf_of(paint))
    assert document.kind == "pdf_scan"
    assert "rubbish" not in texts(document)
    assert set(VALUES) - set(texts(document)) == set()


@pytest.mark.parametrize("wrap", ["jbig2", "jp2", "strips"])
def test_rarer_ways_to_store_a_scan_are_read(page: np.ndarray, wrap: str) -> None:
    image = np.where(page < 150, 0, 255).astype(np.uint8) if wrap == "jbig2" else page
    data = pdf_of_streams([coded(Pillow.fromarray(image), wrap)], 200)
    assert np.abs(rendered(data).astype(int) - image).mean() < 2
    document = read_pdf(data)
    assert document.kind == "pdf_scan"
    assert {"45,000", "1,250.5", "03/14/2023", "$12.50"} <= set(texts(document))


def test_the_form_s_own_words_are_known_without_the_engine(page: np.ndarray) -> None:
    from extractor.readers.formwording import wording_of
    from extractor.readers.linenet import read_lines
    from extractor.readers.scan import print_of

    level = straighten(page, 200)
    runs, clean, _ = print_of(level.image, 200)
    known = wording_of(runs, read_lines(clean, runs, 1600))
    said = {" ".join(word.text for word in words) for words in known.values()}
    assert "STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP OF SECURITIES" in said
    left = {word.segment for word in ocr.read_segments(clean, runs, known)}
    assert left
    assert not left & set(known)


def test_grain_of_the_paper_is_smoothed_away_and_print_stays() -> None:
    def paint(canvas: Canvas) -> None:
        for row in range(20):
            text_at(canvas, 80, 100 + 20 * row, "Common Stock 45,000 D", 11)

    clean = rendered(pdf_of(paint))
    rng = np.random.default_rng(5)
    grainy = np.clip(clean * 0.35 + 160 + rng.normal(0, 16, clean.shape), 0, 255).astype(np.uint8)
    page = flatten_light(grainy, 200)
    truth = ink_of(clean) > 0
    before, after = ink_of(page) > 0, ink_of(cleared(page)) > 0
    assert np.count_nonzero(after & ~truth) < 0.6 * np.count_nonzero(before & ~truth)
    assert np.count_nonzero(after & truth) > 0.9 * np.count_nonzero(truth)


def test_faint_ink_is_darkened_and_a_good_page_is_left_as_it_is() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 80, 100, "Common Stock 45,000 D", 11)

    good = np.minimum(rendered(pdf_of(paint)), 250).astype(np.uint8)
    assert np.array_equal(cleared(good), good)
    faint = (190 + (good.astype(int) - 0) * 60 // 250).astype(np.uint8)
    assert faint.min() > 180
    assert cleared(faint).min() < 110


def test_a_black_rim_does_not_shift_the_level_of_ink() -> None:
    def paint(canvas: Canvas) -> None:
        for row in range(20):
            text_at(canvas, 80, 100 + 20 * row, "Common Stock 45,000 D", 11)

    page = (150 + rendered(pdf_of(paint)).astype(int) * 100 // 255).astype(np.uint8)
    rimmed = page.copy()
    rimmed[:, :90] = 0
    inside = np.s_[:, 120:]
    assert np.array_equal(ink_of(page)[inside], ink_of(rimmed)[inside])


def test_words_of_a_typed_page_are_parted_at_blanks_alone() -> None:
    lines = (
        "Restricted Stock Units of Quillon Trust",
        "By Family Trust of little children",
        "The filing still lists it",
    )

    def paint(canvas: Canvas) -> None:
        for row, line in enumerate(lines):
            text_at(canvas, 60, 100 + 20 * row, line, 11, "Courier")

    _, words = read_page_image(rendered(pdf_of(paint)), 200, 1, "image")
    read = [word.text for word in sorted(words, key=lambda w: (round(w.top / 20), w.x0))]
    assert read == " ".join(lines).split()


def test_print_of_letters_of_different_widths_has_no_pitch() -> None:
    def paint(canvas: Canvas) -> None:
        for row in range(5):
            text_at(canvas, 60, 100 + 20 * row, "Restricted Stock Units of Quillon Trust", 11)

    image = rendered(pdf_of(paint))
    assert {segment.pitch for segment in find_segments(ink_of(image), [], 200, image)} == {0.0}
