"""Plain text that a recogniser gives for a whole page, rules and all: real OCR of rendered or scanned pages.

Converters hand pages to the engine as they are. Rules then swallow or become letters, cells of one letter are lost or
turn into rubbish, and what is left comes without geometry.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from extractor.assembly.values import parse_acquired_disposed, parse_code, parse_direct_indirect
from extractor.document import BBox
from training.synthesis.annotate import Mark, PlacedWords, ToPage
from training.synthesis.garble_lines import ocr_lines
from training.synthesis.page import CanvasPage, PlacedWord
from training.synthesis.pdf import to_pdf
from training.synthesis.scan import Image, render, scan_pages
from training.synthesis.tape import END, Atom, Tape, mark_of, space

_MOST_PAGES = 3  # OCR takes seconds a page
_POINT = 72.0
_MODES = {3: 40, 4: 15, 6: 45}
"""Page segmentation modes that converters use, with their weights: automatic, one column, one block."""
_LIKE = 0.45  # how much of a value must be left for what was read there to be called by its name
_SAME = 0.8  # a word so alike is that word, whatever the boxes of its letters say
_RULES = frozenset("|[]{}_—–-~=!:;.,'‘’\"“”°*<>«»/\\")
"""What rules, specks and edges are read as."""
_UPRIGHT = frozenset("|[]{}")
_LETTERS = {
    "transaction_code": parse_code,
    "acquired_disposed": parse_acquired_disposed,
    "direct_or_indirect": parse_direct_indirect,
}


def by_tesseract(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """The plain text of whole pages as `tesseract page.png -` gives it.

    Half of the documents is rendered without loss, the others come through a scanner first. Filings of more than three
    pages are left to the imitation (`ocr_lines`), which takes no time.
    """
    if len(pages) > _MOST_PAGES:
        return ocr_lines(rng, pages)
    mode = rng.choices(list(_MODES), list(_MODES.values()))[0]
    pdf = to_pdf(pages)
    spaced = rng.random() < 0.25  # an empty line between blocks, as the engine writes it
    if rng.random() < 0.5:
        dpi = rng.choice((150, 200, 200, 300))
        images = render(pdf, dpi)
        back: ToPage = _as_it_is
    else:
        dpi, images, scan = scan_pages(rng, pdf)
        back = scan.to_page
    tape: Tape = []
    for page, image in zip(pages, images, strict=True):
        tape += _page(page, image, dpi, mode, back, spaced)
        tape.append(space(END if rng.random() < 0.7 else "\f"))
    # the worst faxes give nothing at all
    return tape if any(atom.mark is not None for atom in tape) else ocr_lines(rng, pages)


def _as_it_is(_: int, box: BBox) -> BBox:
    return box


@lru_cache(maxsize=1)
def _engine() -> Any:
    """An engine of its own: the product's reads segments, with another mode."""
    import tesserocr

    from extractor.readers.ocr import tessdata_folder

    return tesserocr.PyTessBaseAPI(path=tessdata_folder(), lang="eng", oem=tesserocr.OEM.LSTM_ONLY)


def _page(page: CanvasPage, image: Image, dpi: int, mode: int, back: ToPage, spaced: bool) -> Tape:
    """The engine's words line by line, each character with the value that was printed where it was read."""
    import tesserocr
    from PIL import Image as Pillow

    api = _engine()
    api.SetPageSegMode(mode)
    api.SetImage(Pillow.fromarray(np.asarray(image)))
    api.SetSourceResolution(dpi)
    api.Recognize()
    found = api.GetIterator()
    tape: Tape = []
    if found is None:
        return tape
    placed = PlacedWords(page.words)
    scale = _POINT / dpi
    word, line, block = tesserocr.RIL.WORD, tesserocr.RIL.TEXTLINE, tesserocr.RIL.PARA
    for item in tesserocr.iterate_level(found, word):
        if item.Empty(word):
            continue
        if item.IsAtBeginningOf(line) and tape:
            tape.append(space(END + END if spaced and item.IsAtBeginningOf(block) else END))
        elif tape:
            tape.append(space())
        tape += _word(item, placed, page.number, scale, back)
    tape.append(space(END))
    return tape


def _word(item: Any, placed: PlacedWords, number: int, scale: float, back: ToPage) -> Tape:
    """One word as atoms: runs of characters read off one printed word."""
    import tesserocr

    symbol = tesserocr.RIL.SYMBOL
    read: list[tuple[str, PlacedWord | None]] = []
    while True:
        box = item.BoundingBox(symbol)
        text = item.GetUTF8Text(symbol)
        if box is not None and text.strip():
            x0, top, x1, bottom = (side * scale for side in box)
            read.append((text, placed.best(text, back(number, (x0, top, x1, bottom)))))
        if item.IsAtFinalElement(tesserocr.RIL.WORD, symbol) or not item.Next(symbol):
            break
    whole = "".join(text for text, _ in read)
    for candidate in {id(word): word for _, word in read if word is not None}.values():
        if Levenshtein.normalized_similarity(whole, candidate.text) >= _SAME:
            return _atoms(whole, candidate)
    runs: list[tuple[str, PlacedWord | None]] = []
    for text, source in read:
        if runs and runs[-1][1] is source:
            runs[-1] = (runs[-1][0] + text, source)
        else:
            runs.append((text, source))
    return [atom for text, source in runs for atom in _atoms(text, source)]


def _atoms(text: str, source: PlacedWord | None) -> Tape:
    """What was read off one printed word; rules that stuck to its ends belong to no value."""
    if source is None or source.box or set(source.text[0] + source.text[-1]) & _UPRIGHT:
        return [Atom(text, _mark(text, source))]
    core = text.strip("".join(_UPRIGHT))
    at = text.index(core)
    parts = [Atom(text[:at]), Atom(core, _mark(core, source)), Atom(text[at + len(core) :])]
    return [atom for atom in parts if atom.text]


def _mark(text: str, source: PlacedWord | None) -> Mark | None:
    """The mark of what was printed there, None where too little of it is left.

    Of a lost letter the place may keep its name, but not where the letter would be read as another one.
    """
    mark = mark_of(source) if source is not None else None
    if mark is None or source is None:
        return None
    if mark.label.startswith("box."):
        return mark if len(text) <= 3 else None
    if set(text) <= _RULES and not set(source.text) <= _RULES and mark.label != "footnote.mark":
        return None
    parser = _LETTERS.get(mark.label.rpartition(".")[2])
    if parser is not None:
        told, meant = parser([text]), parser([source.text])
        if told is None:
            return mark if len(text) <= 2 else None
        return mark if meant is not None and told.value == meant.value else None
    if mark.label == "footnote.mark":
        return mark if len(text) <= len(source.text) + 1 else None
    return mark if Levenshtein.normalized_similarity(text, source.text) >= _LIKE else None
