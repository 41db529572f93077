"""PDFs, page by page: the text layer where it can be believed, else the page's image through OCR."""

from __future__ import annotations

import hashlib

from extractor.document import BBox, Document, Page
from extractor.readers.brokenfonts import decipher
from extractor.readers.checkboxes import boxes_in_drawing, merge_boxes, split_squares
from extractor.readers.drawn import PageObjects, page_objects
from extractor.readers.layout import DocumentBuilder, Word
from extractor.readers.limits import Limits
from extractor.readers.pdfium import Chars, PdfFile, PdfPage, turn_chars
from extractor.readers.resolution import FINEST_DPI, USUAL_DPI
from extractor.readers.rules import assign_cells, rules_of
from extractor.readers.textlayer import has_text, is_broken, words_of
from extractor.readers.typed import lay_out_typed_tables

_FULL_PAGE = 0.55  # share of the page that an image must cover to be a scan of it
_STRIP = 0.6  # of the page's width; images as wide may be strips of one scan
_STAMP = 200  # characters; on a page's image, fewer are a stamp by an archive rather than the page's text
_OUTLINES = 150  # paths on a page without text: its glyphs may be drawn as outlines


def read_pdf(data: bytes, path: str = "", limits: Limits | None = None) -> Document:
    """The document in a PDF.

    `path` names the input in errors. Pages have kind "pdf_text" or "pdf_scan"; the document has the kind of most.
    Raises `EncryptedInput` (a password is needed), `DamagedInput` (nothing can be read), `LimitExceeded`.
    """
    limits = limits or Limits()
    limits.check_bytes(len(data), path)
    builder = DocumentBuilder()
    with PdfFile(data, path) as file:
        limits.check_pages(file.page_count, path)
        for index in range(file.page_count):
            with file.page(index) as page:
                _add_page(builder, page, index + 1, path, limits)
    scans = sum(page.kind == "pdf_scan" for page in builder.pages)
    kind = "pdf_scan" if 2 * scans > len(builder.pages) else "pdf_text"
    document = builder.build(kind, path, hashlib.sha256(data).hexdigest())
    return document if scans else lay_out_typed_tables(document)


def _add_page(builder: DocumentBuilder, page: PdfPage, number: int, path: str, limits: Limits) -> None:
    widgets = page.widgets()
    page.flatten()
    chars = page.chars(lambda count: limits.check_characters(count, path))
    objects = page_objects(page, limits.max_objects)
    image = _is_image(chars, objects, page)
    if not image and is_broken(chars.text):
        read = decipher(
            page.chars(every_box=True), page.fonts(), lambda: _read_image(page, number, path, limits, 0.0)[1]
        )
        image = read is None
        chars = read or chars
    if image:
        limits.check_image(*objects.largest_image, path)
        builder.add(*_read_image(page, number, path, limits, _own_dpi(objects, page)))
        return
    out = Page(number, page.width, page.height, "pdf_text")
    if chars.angle:
        chars = turn_chars(chars, out)
        objects.drawn.clear()  # their boxes lie on the page as shown; sideways text is rare enough to do without
    words = words_of(chars)
    squares, others = split_squares(objects.drawn)
    rules = rules_of(others, page.width, page.height)
    boxes = boxes_in_drawing(objects.drawn, rules, widgets)
    found = {box.bbox for box in boxes}
    rejected = [square for square in squares if square.bbox not in found]
    if rejected:
        rules = rules_of([*others, *rejected], page.width, page.height)
    words = merge_boxes(words, boxes)
    out.rules = [rule for rule in rules if not any(box.holds(rule) for box in boxes)]
    assign_cells(words, out.rules)
    builder.add(out, words)


def _is_image(chars: Chars, objects: PageObjects, page: PdfPage) -> bool:
    """Whether the page must be read from its image."""
    area = page.width * page.height
    covered = _covered_by_scan(objects, page)
    full_image = covered >= _FULL_PAGE * area
    if not has_text(chars):
        return full_image or covered > 0.02 * area or len(objects.drawn) >= _OUTLINES
    if full_image:
        # an OCR layer lies invisible over the scan, or under it; it was read with the rules in the way, and reading
        # the image again is better
        hidden = 2 * objects.invisible_text > objects.text_count or objects.last_image > objects.last_text
        return hidden or len(chars.text) < _STAMP or is_broken(chars.text)
    return False


def _image_areas(objects: PageObjects) -> list[tuple[float, BBox]]:
    """The images of a page with their areas in square points, the largest first."""
    boxes = [each.bbox for each in objects.drawn if each.kind == "image"]
    return sorted((((x1 - x0) * (bottom - top), (x0, top, x1, bottom)) for x0, top, x1, bottom in boxes), reverse=True)


def _covered_by_scan(objects: PageObjects, page: PdfPage) -> float:
    """The area that the image of a page takes, in square points: one image, or strips as wide as most of the page."""
    areas = _image_areas(objects)
    strips = sum(area for area, (x0, _, x1, _) in areas if x1 - x0 >= _STRIP * page.width)
    return max(areas[0][0] if areas else 0.0, min(strips, page.width * page.height))


def _own_dpi(objects: PageObjects, page: PdfPage) -> float:
    """Dots an inch of the image that is the page, or of its largest strip, along the finer axis; 0.0 without one."""
    if _covered_by_scan(objects, page) < _FULL_PAGE * page.width * page.height or not all(objects.largest_image):
        return 0.0
    x0, top, x1, bottom = _image_areas(objects)[0][1]
    # an image that stands sideways on its page has its axes exchanged
    long, short = max(objects.largest_image), min(objects.largest_image)
    sides = max(x1 - x0, bottom - top), min(x1 - x0, bottom - top)
    return 72 * max(long / sides[0], short / sides[1])


def _read_image(page: PdfPage, number: int, path: str, limits: Limits, own_dpi: float = 0.0) -> tuple[Page, list[Word]]:
    from extractor.readers.scan import read_page_image

    # at its own resolution a black and white page keeps its pixels
    dpi = min(max(own_dpi, USUAL_DPI), FINEST_DPI)
    pixels = page.width * page.height / 72**2 * dpi**2
    if pixels > limits.max_pixels:
        dpi *= (limits.max_pixels / pixels) ** 0.5
    limits.check_drawing(page.object_count, dpi, path)
    return read_page_image(page.render(dpi), dpi, number, "pdf_scan")


__all__ = ["Word", "read_pdf"]
