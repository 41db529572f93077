"""Pages that are images: straightened, rules taken out, print cut into runs, read, and put back in its place."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from extractor.document import Page, Rule
from extractor.readers.components import connected_spots
from extractor.readers.layout import Word, split_words
from extractor.readers.rules import assign_cells

if TYPE_CHECKING:
    from extractor.readers.segments import Segment

Image = np.ndarray[Any, Any]

_POOR = 0.6  # mean belief below which a page of few letters may be upside down
_ENOUGH = 10  # words; fewer say nothing
_CLEARLY = 0.1  # by how much a turned page must read better
_HANG_DPI = 200.0
_TOLD = 3.5  # deviations from which on the shapes of letters tell upright from upside down
_HANG_LETTERS = 150
_HANG = 0.2  # of the height of letters; how far ascenders and descenders reach at least
_DOTS_FROM = 150.0  # dots an inch; below, points of print are single pixels
_SAMPLE = 12  # runs of print to tell by
_LONGEST_LINE = 1_600  # columns of the line network, about 200 letters


def read_page_image(image: Image, dpi: float, number: int, kind: str) -> tuple[Page, list[Word]]:
    """The page and its tokens from grey levels (uint8, rows x columns) at `dpi`.

    Boxes and rules are in points of the straightened page; `Page.to_original` leads back, `Page.quality` is the mean
    belief in its words, `Word.cell` is set where rules enclose a word.
    """
    import cv2

    from extractor.readers.straighten import straighten

    cv2.setNumThreads(1)  # workers are processes: more threads only get in each other's way

    image, dpi = restored(image, dpi)
    level = straighten(image, dpi)
    hanging = _hanging(level.image, dpi)
    told = abs(hanging) >= _TOLD
    if hanging >= _TOLD:
        level = straighten(image, dpi, level.quarter_turns + 2)
    elif level.quarter_turns and not told:
        # the shapes of letters say nothing of a page on its side: a few lines, read, tell
        other = straighten(image, dpi, level.quarter_turns + 2)
        level = max((level, other), key=lambda each: _sample_belief(each.image, dpi))
    page, words = _read_level(level.image, dpi, number, kind)
    if not told and not level.quarter_turns and page.quality < _POOR and len(words) >= _ENOUGH:
        turned = straighten(image, dpi, 2)
        if _sample_belief(turned.image, dpi) > _sample_belief(level.image, dpi) + _CLEARLY:
            level = turned
            page, words = _read_level(level.image, dpi, number, kind)
    matrix = level.to_original.copy()
    matrix[:2, 2] *= 72 / dpi
    if not np.allclose(matrix, np.eye(3), atol=1e-6):
        page.to_original = tuple(float(v) for v in matrix.ravel())
    return page, words


def restored(image: Image, dpi: float) -> tuple[Image, float]:
    """A page of grey levels without what scanning to black and white or dust did to it, at the size it reads best."""
    from extractor.readers.resolution import at_reading_size
    from extractor.readers.restore import is_bilevel, restore, without_dots

    if is_bilevel(image):
        image = restore(image, dpi)  # before anything else moves its pixels
    elif dpi >= _DOTS_FROM:
        image = without_dots(image, dpi)
    return at_reading_size(image, dpi)


def _hanging(image: Image, dpi: float) -> float:
    """By how much more letters of the lines reach below their fellows than above, in deviations of chance.

    Ascenders and capitals outnumber descenders in English by three to one: it is far below 0 for an upright page, far
    above for one upside down, and 0.0 where there are too few letters to tell.
    """
    import cv2

    from extractor.readers.straighten import ink_of

    middle = image[image.shape[0] // 8 : -image.shape[0] // 8] if image.shape[0] > 800 else image
    scale = min(1.0, _HANG_DPI / dpi)
    ink = ink_of(np.asarray(cv2.resize(middle, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)))
    _, stats = connected_spots(ink)
    x, y, w, h, _ = stats[1:].T
    letters = (h >= 0.03 * _HANG_DPI) & (h <= 0.2 * _HANG_DPI) & (w <= 0.2 * _HANG_DPI) & (w >= 2)
    x, top, bottom = x[letters], y[letters], (y + h)[letters]
    if len(x) < _HANG_LETTERS:
        return 0.0
    middles = (top + bottom) / 2
    order = np.lexsort((x, np.round(middles / (0.07 * _HANG_DPI))))
    x, top, bottom = x[order], top[order], bottom[order]
    # each letter against the next one of its line
    beside = (np.diff(x) > 0) & (np.diff(x) < 0.16 * _HANG_DPI)
    heads, feet = np.diff(top)[beside], np.diff(bottom)[beside]
    least = max(2.0, _HANG * float(np.median(bottom - top)))
    stands = np.count_nonzero((np.abs(feet) <= 1) & (np.abs(heads) >= least))
    hangs = np.count_nonzero((np.abs(heads) <= 1) & (np.abs(feet) >= least))
    return float(hangs - stands) / max(1.0, float(hangs + stands) ** 0.5)


def _sample_belief(image: Image, dpi: float) -> float:
    """The mean belief in the words of the longest runs of print."""
    segments, clean, _ = print_of(image, dpi)
    longest = sorted(segments, key=lambda s: s.x0 - s.x1)[:_SAMPLE]
    from extractor.readers.ocr import read_segments

    beliefs = [read.confidence for read in read_segments(clean, longest)]
    return float(np.mean(beliefs)) if beliefs else 0.0


def print_of(image: Image, dpi: float) -> tuple[list[Segment], Image, list[Rule]]:
    """A level page's runs of print, the page without its rules, and the rules."""
    from extractor.readers.pixelrules import find_rules, remove_rules
    from extractor.readers.segments import find_segments
    from extractor.readers.straighten import cleared, faint_ink_of, ink_of, whiten

    image = cleared(image)
    ink = ink_of(image)
    found = find_rules(ink, faint_ink_of(image), dpi)
    clean, rest = remove_rules(whiten(image), ink, found.mask, dpi)
    return find_segments(rest, found.rules, dpi, clean), clean, found.rules


def _read_level(image: Image, dpi: float, number: int, kind: str) -> tuple[Page, list[Word]]:
    from extractor.readers.checkboxes import boxes_in_pixels, grey_boxes_in_pixels, merge_boxes
    from extractor.readers.formwording import wording_of
    from extractor.readers.linenet import read_lines
    from extractor.readers.ocr import level_boxes, read_segments
    from extractor.readers.secondlook import look_again
    from extractor.readers.spelling import rejoined, spell
    from extractor.readers.straighten import ink_of

    ink = ink_of(image)
    boxes = boxes_in_pixels(ink, dpi) + grey_boxes_in_pixels(image, ink, dpi)
    image = image.copy() if boxes else image
    for box in boxes:
        x0, top, x1, bottom = (round(v * dpi / 72) for v in box.bbox)
        image[max(0, top - 2) : bottom + 3, max(0, x0 - 2) : x1 + 3] = 255
    segments, clean, rules = print_of(image, dpi)
    lines = read_lines(clean, segments, _LONGEST_LINE)
    known = wording_of(segments, lines)
    reads = look_again(clean, segments, read_segments(clean, segments, known), lines, known)
    reads = rejoined(reads, segments)
    spell(reads, segments, lines)
    reads += itertools.chain.from_iterable(known.values())
    level_boxes(reads, segments)
    scale = 72 / dpi
    words = split_words(
        Word(
            r.text,
            r.x0 * scale,
            r.top * scale,
            r.x1 * scale,
            r.bottom * scale,
            r.confidence,
            None,
            r.agreement,
            r.readings,
        )
        for r in reads
    )
    words = merge_boxes(words, boxes)
    assign_cells(words, rules)
    height, width = image.shape
    quality = float(np.mean([r.confidence for r in reads])) if reads else 0.0
    return Page(number, width * scale, height * scale, kind, rules, quality), words
