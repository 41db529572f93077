"""Numbers and dates that were read badly are read again, each by itself, larger and with nothing but digits allowed.

Only what looks like a spoilt number is worth it: digits in an impossible form, a short number that the engine doubts,
a run of print in which it saw nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from extractor.readers.ocr import Read, engine, with_separators
from extractor.readers.segments import Segment

Image = np.ndarray[Any, Any]

_MOST = 30  # looks a page
_LONGEST = 16  # spots of a run that may be one number
_DOUBT = 0.6  # belief below which a well-formed number is read again
_LETTER = 30  # pixels; the height of digits in the second look
_MARGIN = 16
_ALLOWED = "0123456789,./$-"
_WELL_FORMED = re.compile(
    r"\$?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|\$?\.\d+|\d\d/\d\d/\d{4}|\d{5}-\d{4}|\(\d+\)|\d{1,2}[A-Z]?\."
)
_LIKE_ZERO = re.compile(r"[sS§8$][oO0][^\w]*")  # "$0" as it is misread most


def look_again(image: Image, segments: Sequence[Segment], words: list[Read]) -> list[Read]:
    """The words with those of spoilt numbers replaced where a second look gives a well-formed one."""
    by_segment: dict[int, list[Read]] = {}
    for word in words:
        by_segment.setdefault(word.segment, []).append(word)
    typical = float(np.median([s.letter for s in segments])) if segments else 0.0
    replaced: dict[int, Read] = {}
    looks = 0
    for index, segment in enumerate(segments):
        if segment.raised or looks >= _MOST or not _is_doubtful(segment, by_segment.get(index, []), typical):
            continue
        looks += 1
        old = by_segment.get(index, [])
        read = _look(image, segment, index)
        if read is not None:
            better = _better(old, read)
            if better is not None:
                replaced[index] = better
    return [word for word in words if word.segment not in replaced] + list(replaced.values())


def _better(old: Sequence[Read], read: Read) -> Read | None:
    """The second reading where it is the better one, with what both together say of it; None where the first stays."""
    text = _text(old)
    if text[:1] in ("s", "S", "§", "$") and read.text[0].isdigit():
        read.text = "$" + read.text
    if not _WELL_FORMED.fullmatch(read.text):
        return None
    belief = _belief(old)
    if read.text == text or (read.text in text and len(read.text) >= len(text) - 2):
        # two readings that agree, but for what a mark behind the number was taken for
        read.confidence = 1 - (1 - belief) * (1 - read.confidence)
        return read
    if _WELL_FORMED.fullmatch(text) and read.confidence <= belief:
        return None
    return read


def _text(words: Sequence[Read]) -> str:
    return "".join(word.text for word in sorted(words, key=lambda w: w.x0))


def _belief(words: Sequence[Read]) -> float:
    return min((word.confidence for word in words), default=0.0)


def _is_doubtful(segment: Segment, words: Sequence[Read], typical: float) -> bool:
    if len(segment.components) > _LONGEST or segment.letter < 0.6 * typical:
        return False
    if not words:
        return len(segment.components) > 1
    text = _text(words)
    if _WELL_FORMED.fullmatch(text):
        return _belief(words) < _DOUBT and len(text) > 2
    if _LIKE_ZERO.fullmatch(text):
        return True
    digits = sum(c.isdigit() for c in text)
    return digits >= 2 and 2 * digits >= len(text) and "(" not in text[:-1]


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
