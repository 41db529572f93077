"""PDFs with text: words, lines, offsets, cells, and what cannot be read."""

from __future__ import annotations

import contextlib
import io
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import HEIGHT, ROWS, form_page, image_pdf, pdf_of, rendered, text_at
from reportlab.pdfgen.canvas import Canvas

from extractor.document import Document, Page, original_bbox
from extractor.errors import DamagedInput, EncryptedInput, LimitExceeded
from extractor.readers.limits import Limits
from extractor.readers.pdf import read_pdf
from extractor.readers.textlayer import is_broken


def texts(document: Document) -> list[str]:
    return [token.text for token in document.tokens]


def lines(document: Document) -> list[str]:
    return document.text.split("\n")


@pytest.fixture(scope="module")
def form() -> Document:
    return read_pdf(pdf_of(form_page), "form.pdf")


def test_text_page_is_read_from_its_text_layer(form: Document) -> None:
    assert form.kind == "pdf_text"
    assert form.page(1).kind == "pdf_text"
    assert (form.page(1).width, form.page(1).height) == (612, 792)
    assert form.path == "form.pdf"
    assert len(form.sha256) == 64


def test_every_value_of_a_table_is_a_token_in_its_cell(form: Document) -> None:
    for number, row in enumerate(ROWS, 1):
        for column, value in enumerate(row):
            cells = {t.cell for t in form.tokens if t.text in value.split() and t.cell and t.cell[1] == number}
            assert (0, number, column) in cells, value


def test_text_outside_of_rules_has_no_cell(form: Document) -> None:
    assert all(t.cell is None for t in form.tokens if t.text in ("Marlowe", "Remarks:", "03/16/2023"))


def test_offsets_and_lines_point_into_the_text(form: Document) -> None:
    for token in form.tokens:
        assert form.text[token.start : token.end] == token.text
        assert token.line == form.text.count("\n", 0, token.start)


def test_boxes_surround_the_printed_words(form: Document) -> None:
    token = next(t for t in form.tokens if t.text == "45,000")
    x0, top, x1, bottom = token.bbox
    assert 334 <= x0 <= 336
    assert x1 - x0 == pytest.approx(30, abs=4)
    assert top < HEIGHT - (HEIGHT - 200 - 40) < bottom + 1


def test_ticker_brackets_are_tokens_of_their_own(form: Document) -> None:
    at = texts(form).index("QHBR")
    assert texts(form)[at - 1 : at + 2] == ["[", "QHBR", "]"]


def test_superscript_is_a_token_of_the_same_line() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "45,000", 11)
        text_at(canvas, 133, 96, "(1)", 7)
        text_at(canvas, 160, 100, "7,500", 11)
        text_at(canvas, 187, 96, "2", 7)

    assert lines(read_pdf(pdf_of(paint))) == ["45,000 (1) 7,500 2"]


def test_two_lines_of_small_print_beside_a_tall_word_stay_two() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 104, "X", 14)
        text_at(canvas, 130, 99, "Officer (give title", 7)
        text_at(canvas, 130, 107, "below)", 7)

    document = read_pdf(pdf_of(paint))
    assert len(lines(document)) == 2
    assert "below)" in lines(document)[1]


def test_reading_order_does_not_depend_on_painting_order() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 300, 200, "last")
        text_at(canvas, 300, 100, "second")
        text_at(canvas, 100, 100, "first")
        text_at(canvas, 100, 200, "third")

    assert texts(read_pdf(pdf_of(paint))) == ["first", "second", "third", "last"]


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_page_that_a_viewer_turns_is_measured_as_the_viewer_shows_it(rotate: int) -> None:
    def paint(canvas: Canvas) -> None:
        # drawn so that it stands upright once the page is turned
        canvas.saveState()
        if rotate == 90:
            canvas.translate(612, 0)
        elif rotate == 180:
            canvas.translate(612, 792)
        else:
            canvas.translate(0, 792)
        canvas.rotate(rotate)
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(50, 500, "Common Stock 45,000")
        canvas.restoreState()

    document = read_pdf(pdf_of(paint, rotate=rotate))
    page = document.page(1)
    assert (page.width, page.height) == ((792, 612) if rotate in (90, 270) else (612, 792))
    assert lines(document) == ["Common Stock 45,000"]
    token = document.tokens[0]
    assert token.bbox[0] == pytest.approx(50, abs=1)
    assert token.bbox[1] == pytest.approx(page.height - 500 - 10, abs=4)
    assert page.to_original is None


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_written_sideways_is_turned_upright_and_leads_back(angle: int) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(300, 400)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "Common Stock 45,000 of the issuer")
        canvas.drawString(0, -20, "second line of the page")
        canvas.restoreState()

    document = read_pdf(pdf_of(paint))
    assert lines(document) == ["Common Stock 45,000 of the issuer", "second line of the page"]
    x0, top, x1, bottom = original_bbox(document.page(1), document.tokens[0].bbox)
    assert x0 - 12 <= 300 <= x1 + 12
    assert top - 12 <= 392 <= bottom + 12
    assert (x1 - x0 > bottom - top) == (angle == 180)


def test_values_filled_into_a_form_are_text_of_the_page() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 50, 100, "Name of Reporting Person of the issuer")
        canvas.acroForm.textfield(name="name", value="Marlowe", x=50, y=HEIGHT - 150, width=200, height=20)

    assert "Marlowe" in texts(read_pdf(pdf_of(paint)))


def test_blank_page_is_a_page_without_tokens() -> None:
    document = read_pdf(pdf_of(form_page, lambda canvas: None))
    assert [page.number for page in document.pages] == [1, 2]
    assert not [t for t in document.tokens if t.page == 2]
    assert document.page(2).kind == "pdf_text"


def test_pages_are_told_apart_one_by_one() -> None:
    import pypdf

    writer = pypdf.PdfWriter()
    for data in (pdf_of(form_page), pdf_of(form_page), image_pdf(rendered(pdf_of(form_page), 120))):
        writer.append(io.BytesIO(data))
    buffer = io.BytesIO()
    writer.write(buffer)
    document = read_pdf(buffer.getvalue())
    assert [page.kind for page in document.pages] == ["pdf_text", "pdf_text", "pdf_scan"]
    assert document.kind == "pdf_text"


@pytest.mark.parametrize(
    "text",
    [
        "(cid:36)(cid:79)(cid:87)(cid:82) (cid:20)(cid:21)(cid:22) (cid:36)(cid:79)",
        "\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd 45,000 \ufffd\ufffd",
        "\ue001\ue002\ue003 \ue004\ue005\ue006 Common",
        " ".join("".join(chr(ord(c) + 3) if c.isalpha() else c for c in word) for word in ["Common", "Stock"] * 20),
    ],
    ids=["cid", "replacement", "private use", "shifted"],
)
def test_text_layer_of_gibberish_is_not_believed(text: str) -> None:
    assert is_broken(text)


@given(st.lists(st.sampled_from(["1,250", "$12.50", "03/14/2023", "Stock", "of", "S", "(1)", "☐", "Müller", "\uf0fe"])))
@settings(max_examples=50, deadline=None)
def test_text_of_words_and_values_is_believed(words: list[str]) -> None:
    assert not is_broken(" ".join(words))


def test_password_is_asked_for_by_name_of_the_file() -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(form_page)))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(EncryptedInput, match=r"locked\.pdf: .*password"):
        read_pdf(buffer.getvalue(), "locked.pdf")


def test_empty_user_password_does_not_stop_reading() -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(form_page)))
    writer.encrypt("", owner_password="secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "QHBR" in texts(read_pdf(buffer.getvalue()))


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"%PDF-1.4 nothing to see", b"\x00" * 100], ids=["head", "junk", "zeros"]
)
def test_damaged_file_is_named(data: bytes) -> None:
    with pytest.raises(DamagedInput, match=r"broken\.pdf: "):
        read_pdf(data, "broken.pdf")


@given(st.integers(10, 2000))
@settings(max_examples=15, deadline=None)
def test_cut_file_gives_what_is_there_or_a_clear_error(cut: int) -> None:
    data = pdf_of(form_page)
    pages: list[Page] = []
    with contextlib.suppress(DamagedInput):
        pages = read_pdf(data[: max(20, len(data) - cut)], "cut.pdf").pages
    assert len(pages) <= 1


def test_limits_stop_large_files_and_many_pages() -> None:
    data = pdf_of(form_page, form_page, form_page)
    with pytest.raises(LimitExceeded, match="pages"):
        read_pdf(data, "long.pdf", Limits(max_pages=2))
    with pytest.raises(LimitExceeded, match="bytes"):
        read_pdf(data, "large.pdf", Limits(max_bytes=100))


def test_text_pages_load_no_image_libraries() -> None:
    import subprocess

    code = (
        "import sys; from extractor.readers.pdf import read_pdf; read_pdf(open(sys.argv[1], 'rb').read());"
        "print([m for m in ('cv2', 'tesserocr', 'PIL') if m in sys.modules])"
    )
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf_of(form_page))
        file.flush()
        run = subprocess.run([sys.executable, "-c", code, file.name], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
