"""Image files are read as scans."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import encoded, form_page, pdf_of, rendered, text_at
from reportlab.pdfgen.canvas import Canvas

from extractor.errors import DamagedInput, InputError, LimitExceeded, UnknownFormat
from extractor.readers.image import read_image
from extractor.readers.limits import Limits


@pytest.fixture(scope="module")
def note() -> np.ndarray:
    """A page with two lines, quick to read."""

    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "Common Stock 45,000 shares", 12)
        text_at(canvas, 100, 130, "signed 03/16/2023", 12)

    return rendered(pdf_of(paint))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF"])
def test_formats_are_read_with_boxes_in_points(note: np.ndarray, file_format: str) -> None:
    document = read_image(encoded(note, file_format), "note")
    assert document.kind == "image"
    assert document.text == "Common Stock 45,000 shares\nsigned 03/16/2023"
    page = document.page(1)
    assert page.kind == "image"
    assert (page.width, page.height) == pytest.approx((612, 792), abs=1)
    assert document.tokens[0].bbox[0] == pytest.approx(100, abs=2)


def test_whole_form_is_read() -> None:
    document = read_image(encoded(rendered(pdf_of(form_page)), "PNG"))
    assert {"45,000", "03/14/2023", "$12.50", "1,250.5", "☒", "☐"} <= {t.text for t in document.tokens}
    assert any(t.cell == (0, 1, 3) for t in document.tokens)


def test_frames_of_a_tiff_are_pages(note: np.ndarray) -> None:
    document = read_image(encoded(note, "TIFF", more=(note, note)))
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert [t.page for t in document.tokens if t.text == "45,000"] == [1, 2, 3]


@pytest.mark.parametrize("dpi", [None, 72, 9600])
def test_resolution_is_inferred_where_the_file_does_not_say_it(note: np.ndarray, dpi: float | None) -> None:
    document = read_image(encoded(note, "PNG", dpi))
    assert document.page(1).width == pytest.approx(612, abs=2)
    assert "45,000" in document.text


def test_large_scans_are_read_at_a_sensible_size() -> None:
    def paint(canvas: Canvas) -> None:
        text_at(canvas, 100, 100, "Common Stock 45,000", 12)

    document = read_image(encoded(rendered(pdf_of(paint), 400), "PNG", 400))
    assert document.text == "Common Stock 45,000"
    assert document.page(1).width == pytest.approx(612, abs=1)


def test_transparent_and_two_level_images_are_read(note: np.ndarray) -> None:
    import io

    from PIL import Image

    clear = Image.new("RGBA", (note.shape[1], note.shape[0]), (0, 0, 0, 0))
    clear.putalpha(Image.fromarray(255 - note))
    for picture in (clear, Image.fromarray(note).convert("1")):
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", dpi=(200, 200))
        assert "45,000" in read_image(buffer.getvalue()).text


def test_content_that_is_no_image_is_unknown() -> None:
    with pytest.raises(UnknownFormat, match=r"notes\.png: "):
        read_image(b"this is no picture", "notes.png")


def test_cut_image_is_damaged(note: np.ndarray) -> None:
    data = encoded(note, "JPEG")
    with pytest.raises(DamagedInput, match=r"cut\.jpg: .*damaged"):
        read_image(data[: len(data) // 3], "cut.jpg")


def test_limits_stop_large_images_and_many_pages(note: np.ndarray) -> None:
    with pytest.raises(LimitExceeded, match="pixels"):
        read_image(encoded(note, "PNG"), "big.png", Limits(max_pixels=1000))
    with pytest.raises(LimitExceeded, match="pages"):
        read_image(encoded(note, "TIFF", more=(note,)), "long.tif", Limits(max_pages=1))
    with pytest.raises(LimitExceeded, match="bytes"):
        read_image(encoded(note, "PNG"), "heavy.png", Limits(max_bytes=10))


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"\xff\xd8\xff\xe0", b"GIF89a"])
)
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_an_input_error_and_nothing_else(data: bytes, head: bytes) -> None:
    with pytest.raises(InputError):
        read_image(head + data, "fuzz")
