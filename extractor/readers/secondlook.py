"""Numbers, dates, codes and marks are read a second time, glyph by glyph; what the two readings differ in is looked at.

The engine reads a whole page; the glyph reader (see `glyphs`) each short run of print by itself. Where both say the same
that is worth more than either's belief. Where they differ, well-formed values win over spoilt ones, and between two
well-formed ones a third look decides: the engine again, on the run alone, larger, with nothing but digits allowed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from extractor.readers.glyphs import CODES, NUMBERS, GlyphText, read_glyphs, strip_of
from extractor.readers.marks import MARKS, read_marks
from extractor.readers.ocr import Read, engine, with_separators
from extractor.readers.segments import Segment
from extractor.readers.tokenise import split_word

Image = np.ndarray[Any, Any]

_MOST = 30  # third looks a page
_LONGEST = 16  # spots of a run that may be one number
_SURE = 0.8  # belief in a glyph-wise reading that needs no third look
_UNSURE = 0.6  # the engine's belief from which on a short word is a word
_LIKELY = 0.5  # belief below which a glyph-wise reading is not taken
_LETTER = 30  # pixels; the height of digits in the third look
_MARGIN = 16
_ALLOWED = "0123456789,./$-()"
_WELL_FORMED = re.compile(
    r"(\$?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|\$?\.\d+|\d\d/\d\d/\d{4}|\d{5}-\d{4}|\d{1,2}[A-Z]?\.)?(\(\d{1,2}\))*"
)
_CODE = re.compile(r"[A-Z](/K)?(\(\d{1,2}\))*")
_HEADING = re.compile(r"\([ADI]\)")  # in the form's own headings
_WORDY = re.compile(r"[A-Za-z]{3}|[A-Za-z][a-z]")


def look_again(image: Image, segments: Sequence[Segment], words: list[Read]) -> list[Read]:
    """The words of all runs, those of numbers, codes and marks as two or three readings together have them.

    `Read.agreement` is 1.0 where two readings are the same, 0.0 where they differ, None where there was but one.
    """
    by_segment: dict[int, list[Read]] = {}
    for word in words:
        by_segment.setdefault(word.segment, []).append(word)
    typical = float(np.median([s.letter for s in segments])) if segments else 0.0
    out: list[Read] = []
    looks = 0
    for index, segment in enumerate(segments):
        old = sorted(by_segment.get(index, []), key=lambda w: w.x0)
        if segment.raised or len(segment.components) > _LONGEST or segment.letter < 0.6 * typical:
            out.extend(old)
            continue
        text = "".join(word.text for word in old)
        if _HEADING.fullmatch(text) or text == "$":
            out.extend(old)
            continue
        if _is_wordy(text, _belief(old)):
            out.extend(_with_marks_behind(image, segment, index, old))
            continue
        glyphs = _glyphs_of(image, segment, text)
        if glyphs is None and not text and len(segment.components) < 2:
            continue
        if glyphs is not None and (glyphs.text == text or {glyphs.text, text} == {"1", "I"}):
            # which of the two an upright stroke is, the engine's line and its shape have told
            _agree(old, glyphs.belief)
            out.extend(old)
            continue
        third = None
        if looks < _MOST and _needs_third(text, old, glyphs):
            looks += 1
            third = _look(image, segment, index)
        out.extend(_decided(segment, index, old, glyphs, third))
    return out


def _is_wordy(text: str, belief: float) -> bool:
    """Whether a run is words rather than a spoilt number or code."""
    digits = sum(c.isdigit() for c in text)
    if digits or "$" in text:
        return bool(_WORDY.search(text)) and 2 * digits < len(text)
    letters = sum(c.isalpha() for c in text)
    return letters >= 3 or (bool(_WORDY.search(text)) and belief >= _UNSURE)


def _glyphs_of(image: Image, segment: Segment, text: str) -> GlyphText | None:
    strip = strip_of(image, (segment.x0, segment.top, segment.x1, segment.bottom), segment.others)
    height = segment.bottom - segment.top
    baseline = segment.baseline - segment.top + 1.0
    digits = sum(c.isdigit() for c in text)
    allowed = CODES if len(segment.components) <= 7 and (not digits or text[:1].isupper()) else NUMBERS
    found = read_glyphs(strip, segment.letter, baseline, allowed)
    if allowed is CODES and (found is None or not _CODE.fullmatch(found.text)):
        found = read_glyphs(strip, segment.letter, baseline, NUMBERS)
    if found is not None:
        symbols = [(c, segment.x0 + x0 - 1, segment.x0 + x1 - 1) for c, (x0, x1) in zip(found.text, found.places, strict=True)]
        measured = with_separators(symbols, segment)
        if len(measured) == len(found.text):
            found.text = measured
    # where brackets are all there is, they are what the letters were measured by
    if len(segment.components) <= 8 and (found is None or not _well_formed(found.text) or "(" in found.text):
        small = read_glyphs(strip, 0.775 * height, 0.79 * height + 1, NUMBERS)
        if small is not None and MARKS.fullmatch(small.text) and (found is None or small.belief >= found.belief):
            return small
    return found


def _well_formed(text: str) -> bool:
    return bool(text) and (_WELL_FORMED.fullmatch(text) is not None or _CODE.fullmatch(text) is not None)


def _agree(words: Sequence[Read], belief: float) -> None:
    for word in words:
        word.confidence = 1 - (1 - word.confidence) * (1 - belief)
        word.agreement = 1.0


def _needs_third(text: str, old: Sequence[Read], glyphs: GlyphText | None) -> bool:
    if len(text) < 2 and (glyphs is None or len(glyphs.text) < 2):
        return False
    if not any(c.isdigit() for c in text) and (glyphs is None or not any(c.isdigit() for c in glyphs.text)):
        return False
    if glyphs is None or not _well_formed(glyphs.text):
        return not _well_formed(text) or _belief(old) < 0.6
    return _well_formed(text) or glyphs.belief < _SURE


def _belief(words: Sequence[Read]) -> float:
    return min((word.confidence for word in words), default=0.0)


def _decided(
    segment: Segment, index: int, old: list[Read], glyphs: GlyphText | None, third: Read | None
) -> list[Read]:
    """What two or three differing readings of a run come to."""
    text = "".join(word.text for word in old)
    fine = glyphs is not None and glyphs.belief >= 0.02 and _well_formed(glyphs.text)
    if third is not None:
        if third.text[:1].isdigit() and (text[:1] in ("s", "S", "§", "$") or (fine and glyphs.text[0] == "$")):
            third.text = "$" + third.text
        if fine and third.text == glyphs.text:
            return _as_reads(segment, index, glyphs, 1 - (1 - glyphs.belief) * (1 - third.confidence), 1.0)
        if third.text == text and _well_formed(text):
            _agree(old, third.confidence)
            if fine:
                for word in old:
                    word.agreement = 0.5
            return old
    if fine and glyphs is not None:
        longer = len(glyphs.text) > len(text) and _without_separators(glyphs.text) == _without_separators(text)
        marked = "(" in glyphs.text and "(" not in text and glyphs.belief > 0.5 * _LIKELY
        if not _well_formed(text) or longer or marked or glyphs.belief > max(_belief(old), _LIKELY):
            return _as_reads(segment, index, glyphs, 0.9 * glyphs.belief, 0.0)
    elif third is not None and _well_formed(third.text) and not _well_formed(text):
        third.agreement = 0.0
        return [third]
    for word in old:
        word.agreement = 0.0 if glyphs is not None else None
    return old


def _without_separators(text: str) -> str:
    return text.replace(",", "").replace(".", "")


def _as_reads(segment: Segment, index: int, glyphs: GlyphText, belief: float, agreement: float) -> list[Read]:
    """A glyph-wise reading as words with boxes on the page, cut as tokens are."""
    out = []
    for piece, at in split_word(glyphs.text):
        x0 = segment.x0 + glyphs.places[at][0] - 1
        x1 = segment.x0 + glyphs.places[at + len(piece) - 1][1] - 1
        out.append(Read(piece, x0, segment.top, x1, segment.bottom, belief, index, agreement))
    return out


def _with_marks_behind(image: Image, segment: Segment, index: int, old: list[Read]) -> list[Read]:
    """Words whose last was read with a footnote mark as quotes or brackets: `Footnotes")` is Footnotes (3)."""
    match = re.fullmatch(r"(.*[A-Za-z.])([^A-Za-z.,;:]{1,4})", old[-1].text) if old else None
    if match is None or MARKS.search(match.group(2)) or match.group(2) in (")", "-", "&"):
        return old
    tail = len(match.group(2))
    for count in range(min(4, len(segment.components)), 2, -1):
        boxes = segment.components[-count:]
        left, right = boxes[0][0], max(x + w for x, _, w, _ in boxes)
        top, bottom = min(y for _, y, _, _ in boxes), max(y + h for _, y, _, h in boxes)
        found = read_marks(image, (left, top, right, bottom))
        if found and min(mark.belief for mark in found) > _LIKELY:
            last = old[-1]
            word = Read(last.text[:-tail], last.x0, last.top, left, last.bottom, last.confidence, index)
            marks = [Read(m.text, m.x0, top, m.x1, bottom, m.belief, index) for m in found]
            return [*old[:-1], word, *marks]
    return old


def _look(image: Image, segment: Segment, index: int) -> Read | None:
    import cv2
    import tesserocr

    crop = image[segment.top : segment.bottom, segment.x0 : segment.x1].copy()
    crop[cv2.dilate(segment.others, np.ones((3, 3), np.uint8)) > 0] = 255
    scale = min(_LETTER / segment.letter, 3.0)
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    large = np.pad(large, _MARGIN, constant_values=255)
    api = engine()
    api.SetPageSegMode(tesserocr.PSM.SINGLE_LINE)
    api.SetVariable("tessedit_char_whitelist", _ALLOWED)
    try:
        height, width = large.shape
        api.SetImageBytes(large.tobytes(), width, height, 1, width)
        api.SetSourceResolution(300)
        api.Recognize()
        symbols = []
        iterator = api.GetIterator()
        for symbol in tesserocr.iterate_level(iterator, tesserocr.RIL.SYMBOL) if iterator else ():
            box = symbol.BoundingBox(tesserocr.RIL.SYMBOL)
            try:
                text = symbol.GetUTF8Text(tesserocr.RIL.SYMBOL).strip()
            except RuntimeError:  # a symbol without text
                continue
            if box and text:
                x0, x1 = (segment.x0 + (box[k] - _MARGIN) / scale for k in (0, 2))
                symbols.append((text, x0, x1))
        belief = api.MeanTextConf() / 100
    finally:
        api.SetVariable("tessedit_char_whitelist", "")
        api.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK)
    if not symbols:
        return None
    text = with_separators(symbols, segment)
    return Read(text, segment.x0, segment.top, segment.x1, segment.bottom, belief, index)
