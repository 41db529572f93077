"""Footnote marks in superscripts, read by the page's own digits.

A superscript of a scan is ten pixels high, too little for an OCR engine, but the page prints the same digits larger in
its numbers. Those that the engine read well become patterns, and the digits of a mark are what they resemble most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from extractor.readers.segments import Segment

Image = np.ndarray[Any, Any]
Box = tuple[int, int, int, int]

_SIDE = 20  # pixels; the size that digits are compared at
_SURE = 0.6  # the engine's belief in a number whose digits become patterns
_ALIKE = 0.5  # correlation below which nothing is recognised
_MARK_SHAPE = (0.85, 2.7)  # width to height of "(1)" to "(12)"
_TWO_DIGITS = 2.05  # width to height from which a mark has two digits
_FAINT = 205  # grey level; what is darker is ink of a mark
_NUMBER = re.compile(r"[\d,./$-]+")


def digit_patterns(
    image: Image, segments: Sequence[Segment], read: Iterable[tuple[int, str, float]]
) -> dict[str, Image]:
    """Mean looks of the digits that occur in numbers: `read` gives (segment, text, belief) of each word."""
    by_segment: dict[int, list[tuple[str, float]]] = {}
    for index, text, belief in read:
        by_segment.setdefault(index, []).append((text, belief))
    looks: dict[str, list[Image]] = {}
    for index, words in by_segment.items():
        segment = segments[index]
        text = "".join(word for word, _ in words)
        # only where each character is one spot is it known which spot is which digit
        if segment.raised or len(text) != len(segment.components) or not _NUMBER.fullmatch(text):
            continue
        if min(belief for _, belief in words) < _SURE:
            continue
        for character, box in zip(text, segment.components, strict=True):
            if character.isdigit():
                looks.setdefault(character, []).append(_look(image, box))
    return {digit: _unit(np.mean(seen, axis=0)) for digit, seen in looks.items()}


def read_mark(image: Image, segment: Segment, patterns: dict[str, Image]) -> tuple[str, float] | None:
    """The mark in a superscript as ("(1)", belief); None where it is none or resembles nothing."""
    width, height = segment.x1 - segment.x0, segment.bottom - segment.top
    if not patterns or height < 5 or not _MARK_SHAPE[0] <= width / height <= _MARK_SHAPE[1]:
        return None
    if not _has_bracket(segment):
        return None
    number, belief = "", 1.0
    for box in _digit_boxes(image, segment, 2 if width / height >= _TWO_DIGITS else 1):
        look = _unit(_look(image, box))
        ranked = sorted(((float((look * pattern).sum()), digit) for digit, pattern in patterns.items()), reverse=True)
        best, digit = ranked[0]
        margin = best - ranked[1][0] if len(ranked) > 1 else 0.1
        if best < _ALIKE:
            return None
        number += digit
        belief = min(belief, best, 0.5 + 4 * margin)
    if not number or number.startswith("0"):
        return None
    return f"({number})", max(0.05, belief)


def _has_bracket(segment: Segment) -> bool:
    """Whether a spot at either end is thin and as high as the whole, and something else is there too."""
    height = segment.bottom - segment.top
    ends = (segment.components[0], segment.components[-1])
    return len(segment.components) > 1 and any(h >= 0.62 * height and w <= 0.5 * h for _, _, w, h in ends)


def _digit_boxes(image: Image, segment: Segment, count: int) -> list[Box]:
    """The boxes of the digits between the brackets, drawn close around their ink: faint digits come in pieces."""
    x0, x1, height = segment.x0, segment.x1, segment.bottom - segment.top
    left, right = x0, x1
    x, _, w, h = segment.components[0]
    if h >= 0.62 * height and w <= 0.5 * h:
        left = x + w
    x, _, w, h = segment.components[-1]
    if h >= 0.62 * height and w <= 0.5 * h:
        right = x
    if right - left < 3:
        return []
    ink = image[segment.top : segment.bottom, left:right] < _FAINT
    ink &= segment.others[:, left - x0 : right - x0] == 0
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    if not len(rows) or not len(columns):
        return []
    top, bottom = segment.top + int(rows[0]), segment.top + int(rows[-1]) + 1
    left, right = left + int(columns[0]), left + int(columns[-1]) + 1
    step = (right - left) / count
    return [(round(left + k * step), top, max(1, round(step)), bottom - top) for k in range(count)]


def _look(image: Image, box: Box) -> Image:
    """The ink in a box at the size of comparison, its proportions kept, a little blurred."""
    import cv2

    x, y, w, h = box
    crop = 255.0 - image[y : y + h, x : x + w].astype(np.float32)
    scale = _SIDE / max(w, h)
    size = (min(_SIDE, max(1, round(w * scale))), min(_SIDE, max(1, round(h * scale))))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    canvas = np.zeros((_SIDE, _SIDE), np.float32)
    at_y, at_x = (_SIDE - size[1]) // 2, (_SIDE - size[0]) // 2
    canvas[at_y : at_y + size[1], at_x : at_x + size[0]] = small
    return _unit(np.asarray(cv2.GaussianBlur(canvas, (0, 0), 1.2)))


def _unit(look: Image) -> Image:
    centred = look - look.mean()
    return np.asarray(centred / max(float(np.sqrt((centred * centred).sum())), 1e-6))
