"""Black and white pages, as faxes and bilevel scanners give them, made grey again before anything reads them.

A threshold leaves stairs for edges, holes in strokes that were thin, and specks where the paper was grainy. Edges that
slope again are what the reader of print was made for, and what the straightening can turn without tearing. Images are
uint8 (rows, columns), white 255.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from extractor.readers.components import connected_spots

Image = np.ndarray[Any, Any]

_GREYS = (48, 208)  # levels of neither ink nor paper
_FEW = 0.002  # share of the page that these have where it is black and white
_SPECK = 3  # pixels at 200 dpi; no larger spot is taken for dirt
_COMPANY = 0.03  # inches; how near other ink is to points, commas and pieces of broken strokes
_DOT = 40  # grey levels; how much darker than all pixels around it a dot of dirt is
_SMOOTH = 0.7  # pixels at 200 dpi; the deviation of the blur
_DARKEN = 1.35  # thin strokes lose their blackness in the blur, and have lost pixels before


def is_bilevel(image: Image) -> bool:
    """Whether a page has no greys."""
    sample = image[::2, ::2]
    greys = np.count_nonzero((sample > _GREYS[0]) & (sample < _GREYS[1]))
    return bool(greys <= _FEW * sample.size) and bool((sample <= _GREYS[0]).any())


def restore(image: Image, dpi: float) -> Image:
    """A black and white page without the dirt, its edges sloping and its thin strokes whole."""
    import cv2

    ink = without_specks(np.where(image < 128, 255, 0).astype(np.uint8), dpi)
    soft = cv2.GaussianBlur(ink, (0, 0), _SMOOTH * max(0.7, dpi / 200))
    return np.asarray(255 - np.minimum(255, soft.astype(np.float32) * _DARKEN).astype(np.uint8))


def without_dots(image: Image, dpi: float) -> Image:
    """A grey page without the single dark pixels that dirt on a glass leaves.

    Points of small print may be one pixel wide too, but stand beside letters.
    """
    import cv2

    reach = max(2, round(_COMPANY * dpi))
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    around[reach, reach] = 0
    darkest = cv2.erode(image, around)
    dots = cv2.compare(image, cv2.subtract(darkest, np.full_like(darkest, _DOT)), cv2.CMP_LT) > 0
    if not dots.any():
        return image
    out = image.copy()
    out[dots] = darkest[dots]
    return out


def without_specks(ink: Image, dpi: float) -> Image:
    """Ink (255 on 0) without the spots of a few pixels that stand alone.

    A decimal point stands beside digits, and the pieces of a broken stroke or rule beside each other: they stay.
    """
    labels, stats = connected_spots(ink)
    return np.asarray(np.where(lone_specks(ink, stats, dpi)[labels], 0, ink).astype(np.uint8))


def lone_specks(ink: Image, stats: np.ndarray[Any, Any], dpi: float) -> np.ndarray[Any, Any]:
    """Which connected spots of ink are of a few pixels and stand alone; `stats` (n, 5) as OpenCV gives them."""
    import cv2

    small = stats[:, cv2.CC_STAT_AREA] <= max(1, round(_SPECK * (dpi / 200) ** 2))
    small[0] = False
    x, y, w, h, area = stats[small].T
    # the ink around each spot, from sums over the page: its own is what a spot that stands alone has
    sums = cv2.integral(np.where(ink > 0, 1, 0).astype(np.uint8))
    reach = max(2, round(_COMPANY * dpi))
    left, top = np.maximum(x - reach, 0), np.maximum(y - reach, 0)
    right, bottom = np.minimum(x + w + reach, ink.shape[1]), np.minimum(y + h + reach, ink.shape[0])
    around = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    lone = np.zeros(len(stats), bool)
    lone[np.flatnonzero(small)[around <= area]] = True
    return lone
