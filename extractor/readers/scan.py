"""Pages that are images: straightened, rules taken out, print cut into runs, read, and put back in its place."""

from __future__ import annotations

from typing import Any

import numpy as np

from extractor.document import Page
from extractor.readers.layout import Word, split_words
from extractor.readers.rules import assign_cells

Image = np.ndarray[Any, Any]

_POOR = 0.55  # mean confidence below which the page may be upside down


def read_page_image(image: Image, dpi: float, number: int, kind: str) -> tuple[Page, list[Word]]:
    """The page and its tokens from grey levels (uint8, rows x columns) at `dpi`.

    Boxes and rules are in points of the straightened page; `Page.to_original` leads back, `Page.quality` is the mean
    belief in its words, `Word.cell` is set where rules enclose a word.
    """
    from extractor.readers.straighten import straighten

    level = straighten(image, dpi)
    page, words = _read_level(level.image, dpi, number, kind)
    matrix = level.to_original.copy()
    matrix[:2, 2] *= 72 / dpi
    if not np.allclose(matrix, np.eye(3), atol=1e-6):
        page.to_original = tuple(float(v) for v in matrix.ravel())
    return page, words


def _read_level(image: Image, dpi: float, number: int, kind: str) -> tuple[Page, list[Word]]:
    from extractor.readers.checkboxes import boxes_in_pixels, merge_boxes
    from extractor.readers.ocr import read_segments
    from extractor.readers.pixelrules import find_rules, remove_rules
    from extractor.readers.segments import find_segments
    from extractor.readers.straighten import faint_ink_of, ink_of, whiten

    ink = ink_of(image)
    boxes = boxes_in_pixels(ink, dpi)
    flat, image = image, whiten(image)
    for box in boxes:
        x0, top, x1, bottom = (round(v * dpi / 72) for v in box.bbox)
        for layer, empty in ((ink, 0), (flat, 255), (image, 255)):
            layer[max(0, top - 2) : bottom + 3, max(0, x0 - 2) : x1 + 3] = empty
    found = find_rules(ink, faint_ink_of(flat), dpi)
    clean, rest = remove_rules(image, ink, found.mask, dpi)
    segments = find_segments(rest, found.rules, dpi)
    reads = read_segments(clean, segments)
    scale = 72 / dpi
    words = split_words(
        Word(r.text, r.x0 * scale, r.top * scale, r.x1 * scale, r.bottom * scale, r.confidence) for r in reads
    )
    words = merge_boxes(words, boxes)
    assign_cells(words, found.rules)
    height, width = image.shape
    quality = float(np.mean([r.confidence for r in reads])) if reads else 0.0
    page = Page(number, width * scale, height * scale, kind, found.rules, quality)
    return page, words
