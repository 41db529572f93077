"""Annotated documents from printed pages: tokens as our readers give them, labelled by what was placed where."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extractor.document import BBox, Document, Page, Rule, original_bbox
from extractor.readers.layout import DocumentBuilder, Word
from extractor.readers.tokenise import split_word
from extractor.record import Filing
from training.annotations import AnnotatedDocument, Span
from training.synthesis.content import record_values
from training.synthesis.layouts import LAYOUTS, Printed
from training.synthesis.layouts.printed import as_shown
from training.synthesis.page import CanvasPage, PlacedWord
from training.synthesis.pdf import to_pdf

_VARIED = 0.2
"""Share of web pages that are set in another way than their style's own."""

ToPage = Callable[[int, BBox], BBox]
"""Takes a page number and a box as read to the box on the page as it was laid out."""


@dataclass(slots=True)
class Mark:
    """What a token is: its label, its row, and the key of the value it belongs to."""

    label: str
    row: int | None
    key: int


def annotate_pdf(filing: Filing, layout: str, rng: random.Random, through_pdf: bool = True) -> AnnotatedDocument:
    """Draw, write as PDF, read with the product's reader, label. `through_pdf=False` takes the placed words as read."""
    printed = LAYOUTS[layout][0](rng, filing)
    if not through_pdf:
        document = document_from_words(printed.pages)
    else:
        from extractor.readers.pdf import read_pdf

        document = read_pdf(to_pdf(printed.pages))
    return annotate_pages(document, printed, {"layout": layout, "kind": "pdf"})


def annotate_scan(filing: Filing, layout: str, rng: random.Random, level: str | None = None) -> AnnotatedDocument:
    """Draw, print, scan, read with OCR; labels come back over the scan's known warp."""
    from extractor.readers.pdf import read_pdf
    from training.synthesis.scan import scan_pdf

    printed = LAYOUTS[layout][0](rng, filing)
    if len(printed.pages) > 2 and level is None:  # OCR takes seconds a page: long filings are learnt from their text
        return annotate_pages(read_pdf(to_pdf(printed.pages)), printed, {"layout": layout, "kind": "pdf"})
    scan = scan_pdf(rng, to_pdf(printed.pages), level)
    document = read_pdf(scan.pdf)
    return annotate_pages(document, printed, {"layout": layout, "kind": "scan", "level": scan.level}, scan.to_page)


def annotate_pages(
    document: Document, printed: Printed, meta: dict[str, object], to_page: ToPage | None = None
) -> AnnotatedDocument:
    """Label a document read from the printed pages."""
    marks = marks_by_place(document, printed.pages, to_page)
    return annotated(document, marks, printed.filing, meta)


def annotated(
    document: Document, marks: Sequence[Mark | None], filing: Filing, meta: dict[str, object]
) -> AnnotatedDocument:
    """The document with one span a value, and the record that its page shows."""
    return AnnotatedDocument("", document, spans_of(marks), dict(meta), record_values(filing))


def spans_of(marks: Sequence[Mark | None]) -> list[Span]:
    """One span a value key, its tokens in reading order."""
    groups: dict[tuple[int, str, int | None], list[int]] = defaultdict(list)
    for index, mark in enumerate(marks):
        if mark is not None:
            groups[(mark.key, mark.label, mark.row)].append(index)
    return [Span(label, tokens, row) for (_, label, row), tokens in groups.items()]


def marks_by_place(document: Document, pages: Sequence[CanvasPage], to_page: ToPage | None = None) -> list[Mark | None]:
    """Each token's mark, from the placed word that covers most of it."""
    by_page = {page.number: PlacedWords(page.words) for page in pages}
    kinds = {page.number: page for page in document.pages}
    out: list[Mark | None] = []
    for token in document.tokens:
        grid = by_page.get(token.page)
        box = original_bbox(kinds[token.page], token.bbox)
        if to_page is not None:
            box = to_page(token.page, box)
        word = grid.best(token.text, box) if grid else None
        out.append(Mark(word.label, word.row, word.field_key) if word is not None and word.label else None)
    return out


class PlacedWords:
    """Placed words of a page by bands of height, to find those under a token."""

    _BAND = 12.0

    def __init__(self, words: Iterable[PlacedWord]) -> None:
        self._bands: dict[int, list[PlacedWord]] = defaultdict(list)
        for word in words:
            for band in range(int(word.top // self._BAND), int(word.bottom // self._BAND) + 1):
                self._bands[band].append(word)

    def best(self, text: str, box: BBox) -> PlacedWord | None:
        """The word that shares most of the area of a text read there; what agrees with it is preferred."""
        found: dict[int, PlacedWord] = {}
        for band in range(int(box[1] // self._BAND), int(box[3] // self._BAND) + 1):
            for word in self._bands.get(band, ()):
                found[id(word)] = word
        best, best_score = None, 0.0
        area = max(1e-6, (box[2] - box[0]) * (box[3] - box[1]))
        for word in found.values():
            wide = min(box[2], word.x1) - max(box[0], word.x0)
            high = min(box[3], word.bottom) - max(box[1], word.top)
            if wide <= 0 or high <= 0:
                continue
            score = wide * high / area
            if text in word.text or word.text in text:
                score += 0.35
            if score > best_score:
                best, best_score = word, score
        return best if best_score > 0.2 else None


def document_from_words(pages: Sequence[CanvasPage]) -> Document:
    """The document that a perfect reader would give: placed words cut into tokens, lines put together."""
    builder = DocumentBuilder()
    for page in pages:
        words: list[Word] = []
        for text, x0, top, x1, bottom in _joined(page.words):
            step = (x1 - x0) / max(1, len(text))
            for piece, at in split_word(text):
                words.append(Word(piece, x0 + at * step, top, x0 + (at + len(piece)) * step, bottom))
        rules = [
            Rule(*side) for rule in page.rules for side in _sides(rule.x0, rule.top, rule.x1, rule.bottom, rule.frame)
        ]
        builder.add(Page(page.number, page.width, page.height, "pdf_text", rules), words)
    return builder.build("pdf_text")


def _sides(x0: float, top: float, x1: float, bottom: float, frame: bool) -> list[BBox]:
    if not frame:
        return [(x0, top, x1, bottom)]
    return [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]


def _joined(words: Sequence[PlacedWord]) -> list[tuple[str, float, float, float, float]]:
    """Words with what touches them joined on; what is raised keeps to the line of its word."""
    out: list[tuple[str, float, float, float, float]] = []
    for word in words:
        if word.joined and out:
            text, x0, top, _, bottom = out[-1]
            out[-1] = (text + word.text, x0, top, word.x1, bottom)
        else:
            out.append((word.text, word.x0, word.top, word.x1, word.bottom))
    return out


def annotate_html(filing: Filing, style: str, rng: random.Random) -> AnnotatedDocument:
    """A web page of the filing, read with the product's reader, which carries the labels over.

    Some pages are set in another way than the style's own, which `meta` names as their variation.
    """
    from extractor.readers.html import read_html_labelled
    from training.synthesis.html import LABEL_ATTRIBUTE, render_html
    from training.synthesis.html_variants import VARIATIONS, vary

    page, shown = render_html(rng, filing, style)
    meta: dict[str, object] = {"layout": style, "kind": "html"}
    if rng.random() < _VARIED:
        variation = rng.choice(list(VARIATIONS))
        page, meta["variation"] = vary(rng, page, variation), variation
    document, told = read_html_labelled(page.encode(), LABEL_ATTRIBUTE)
    marks = [parse_label(text) for text in told]
    return annotated(document, marks, shown, meta)


def parse_label(told: str | None) -> Mark | None:
    """The mark in "label|row|key"."""
    if not told:
        return None
    label, row, key = told.split("|")
    return Mark(label, int(row) if row else None, int(key))


__all__ = ["Mark", "annotate_html", "annotate_pages", "annotate_pdf", "annotated", "as_shown", "document_from_words"]
