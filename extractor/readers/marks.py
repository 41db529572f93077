"""Footnote marks in superscripts, read by the network of `linenet`.

A superscript of a scan is ten pixels high, too little for an OCR engine, which also takes it for quotes or letters of
the word before it. What the network reads must have the form of marks: "(1)", "(2)(12)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractor.readers.cuts import strip_of
from extractor.readers.linenet import line_of_brackets, read_box

Image = np.ndarray[Any, Any]

MARKS = re.compile(r"(\([1-9]\d?\))+")
"""One or several marks without anything between."""

_SHAPE = (0.7, 9.0)  # width to height of "(1)" to several marks
_FAINT = 215  # grey level of whitened pages; what is darker is ink of a mark
_LEAST = 0.02  # belief below which it is no mark
_ROUND = 2  # pixels; faint brackets reach beyond the ink that is seen at first


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as "(1)", its left and right edge on the page in pixels, and the belief in it, 0..1."""

    text: str
    x0: float
    x1: float
    belief: float


def read_marks(image: Image, box: tuple[int, int, int, int], others: Image | None = None) -> list[Mark]:
    """The marks in a superscript's box (x0, top, x1, bottom) on a whitened page, from left to right.

    None where it is something else. `others` (255) is print in the box that does not belong to it.
    """
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if height < 5 or not _SHAPE[0] <= width / height <= _SHAPE[1]:
        return []
    above, below = min(_ROUND, top), min(_ROUND, image.shape[0] - bottom)
    before, behind = min(_ROUND, left), min(_ROUND, image.shape[1] - right)
    wide = (left - before, top - above, right + behind, bottom + below)
    if others is not None:
        others = np.pad(others, ((above, below), (before, behind)), mode="edge")
    rows = np.flatnonzero((strip_of(image, wide, others, margin=0) < _FAINT).any(1))
    if not len(rows):
        return []
    first, height = wide[1] + int(rows[0]), int(rows[-1]) + 1 - int(rows[0])
    line = read_box(image, wide, *line_of_brackets(first, height), others)
    read = line.best("()0123456789", MARKS.fullmatch) if line is not None else None
    if read is None or read.belief < _LEAST:
        return []
    found = []
    for match in re.finditer(r"\(\d+\)", read.text):
        x0, x1 = read.places[match.start()][0], read.places[match.end() - 1][1]
        found.append(Mark(match.group(), x0, x1, read.belief))
    return found
