"""The resolution that a page is read at, by the height of its print.

Print of ten pixels loses its points and commas, and more pixels than print needs cost time. Images are uint8 (rows,
columns), white 255; `dpi` is their resolution.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from extractor.readers.components import connected_spots

Image = np.ndarray[Any, Any]

USUAL_DPI = 200.0
FINEST_DPI = 300.0
"""What pages are read at unless their print is small, and at most."""

_MEASURED_DPI = 150.0
_LETTER = 15.5  # pixels; the height of capitals from which on a page is read well
_HEIGHTS = (0.03, 0.2)  # inches; of what may be letters
_WIDEST = 0.2  # inches
_DARKER = 40  # grey levels below the paper around it, from which on there is print
_FEWEST = 80  # letters; fewer say nothing
_SMALL_PRINT = 60  # percentile of the heights, low letters among them: capitals of the smaller print


def letter_height(image: Image, dpi: float) -> float:
    """The height in inches of the capitals of most print on a page; 0.0 where there is too little to tell."""
    import cv2

    scale = _MEASURED_DPI / dpi
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    # darker than the paper around it, as light is not flat yet
    paper = cv2.blur(small, (31, 31))
    ink = cv2.compare(small, cv2.subtract(paper, np.full_like(paper, _DARKER)), cv2.CMP_LT)
    _, stats = connected_spots(ink)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    low, high = (each * _MEASURED_DPI for each in _HEIGHTS)
    letters = height[(height >= low) & (height <= high) & (width <= _WIDEST * _MEASURED_DPI) & (width >= 2)]
    if len(letters) < _FEWEST:
        return 0.0
    return float(np.percentile(letters, _SMALL_PRINT)) / _MEASURED_DPI


def reading_dpi(image: Image, dpi: float) -> float:
    """The resolution to read a page at that is there at `dpi`."""
    letter = letter_height(image, dpi)
    finest = min(FINEST_DPI, max(dpi, USUAL_DPI))
    wanted = _LETTER / letter if letter else USUAL_DPI
    return float(min(max(wanted, USUAL_DPI), finest))


def at_reading_size(image: Image, dpi: float) -> tuple[Image, float]:
    """The page resized to the resolution that it is read at, and that resolution."""
    import cv2

    wanted = reading_dpi(image, dpi)
    if 0.92 <= wanted / dpi <= 1.08:
        return image, dpi
    scale = wanted / dpi
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)), wanted
