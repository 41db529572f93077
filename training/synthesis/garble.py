"""Filings as garbled text, labelled by construction: what converters, recognisers and OCR make of a page."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from extractor.record import Filing
from training.annotations import AnnotatedDocument
from training.synthesis.annotate import annotated
from training.synthesis.converted import by_pdfium, by_pdfminer, by_pdfplumber, by_poppler, by_pypdf, from_html
from training.synthesis.garble_grid import cut_cells, markdown
from training.synthesis.garble_lines import keep_columns, ocr_lines, reading_order
from training.synthesis.garble_noise import damage
from training.synthesis.layouts import LAYOUTS, TYPED, Printed
from training.synthesis.layouts.printed import as_shown
from training.synthesis.page import CanvasPage
from training.synthesis.recognised import by_tesseract
from training.synthesis.stripped import strip_tags
from training.synthesis.tape import Tape, read_tape

Mechanism = Callable[[random.Random, Sequence[CanvasPage]], Tape | None]

GARBLERS: dict[str, tuple[Mechanism, float]] = {
    "layout": (keep_columns, 24),
    "reading": (reading_order, 22),
    "cells": (cut_cells, 26),
    "ocr": (ocr_lines, 6),
    "tesseract": (by_tesseract, 22),
    "markdown": (markdown, 5),
    "pypdf": (by_pypdf, 5),
    "pdfplumber": (by_pdfplumber, 5),
    "pdfminer": (by_pdfminer, 6),
    "poppler": (by_poppler, 6),
    "pdfium": (by_pdfium, 4),
}
"""Mechanisms that work on pages, with their weights; NO_PAGE are shares of those that need none."""
NO_PAGE = {"stripped": 0.03, "html_text": 0.06}


def annotate_text(filing: Filing, layout: str, rng: random.Random, garbler: str | None = None) -> AnnotatedDocument:
    """One garbled text; the mechanism drawn by weight where none is named."""
    if garbler is None:
        weights = {name: weight for name, (_, weight) in GARBLERS.items()}
        pages = 1 - sum(NO_PAGE.values())
        weights |= {name: share / pages * sum(weights.values()) for name, share in NO_PAGE.items()}
        garbler = rng.choices(list(weights), list(weights.values()))[0]
    if garbler == "stripped":
        tape, shown = strip_tags(rng, as_shown(filing))
        layout = "stripped"
    elif garbler == "html_text":
        tape, shown = from_html(rng, filing)
        layout = "html"
    else:
        if layout in TYPED and rng.random() < 0.75:  # was text from the beginning
            garbler = "layout"
        printed: Printed = LAYOUTS[layout][0](rng, filing)
        shown = printed.filing
        tape = GARBLERS[garbler][0](rng, printed.pages) or reading_order(rng, printed.pages)
    document, marks = read_tape(damage(rng, tape))
    item = annotated(document, marks, shown, {"layout": layout, "kind": "text", "garbler": garbler})
    _forget_lost_boxes(item)
    return item


def _forget_lost_boxes(item: AnnotatedDocument) -> None:
    """Drawn boxes whose characters did not survive are null in the record."""
    if item.record is None:
        return
    kept = {span.label for span in item.spans}
    for label, name in (
        ("box.section_16", "not_subject_to_section_16"),
        ("box.aff10b5_one", "aff10b5_one"),
        ("box.form3_holdings", "form3_holdings_reported"),
        ("box.form4_transactions", "form4_transactions_reported"),
    ):
        if label not in kept:
            item.record[name] = None
