"""Strips of print cut from a whitened page, and the columns at which their glyphs may end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Image = np.ndarray[Any, Any]

_INK = 0.3  # of the darkest ink; what is darker belongs to a glyph
_FAINTEST = 28  # grey levels below white; less is no ink
_WEAK = 0.45  # of the ink in a column's neighbourhood; a glyph may end in a column with less


def _dark(part: Image) -> Image:
    """Where there is ink (bool), faint where all of it is."""
    return np.asarray(part <= 255 - max(_FAINTEST, _INK * (255 - int(part.min()))))


def cuts_of(strip: Image, letter: float) -> list[int]:
    """The columns of a strip at which a glyph may begin or end, its first and last among them."""
    ink = np.where(_dark(strip), 255 - strip.astype(np.int32), 0)
    profile = ink.sum(0)
    columns = np.flatnonzero(profile > 0)
    if not len(columns):
        return []
    cuts = {int(columns[0]), int(columns[-1]) + 1}
    reach = max(2, round(0.35 * letter))
    for x in range(int(columns[0]) + 1, int(columns[-1]) + 1):
        here = profile[x]
        if here == 0:
            if profile[x - 1] > 0 or (x + 1 < len(profile) and profile[x + 1] > 0):
                cuts.add(x)
            continue
        low, high = max(0, x - reach), min(len(profile), x + reach + 1)
        lowest = here <= profile[x - 1] and here <= profile[min(x + 1, len(profile) - 1)]
        if lowest and here <= _WEAK * min(profile[low : x + 1].max(), profile[x:high].max()):
            cuts.add(x)
    return sorted(cuts)


def strip_of(image: Image, box: Sequence[int], others: Image | None = None, margin: int = 1) -> Image:
    """The part of a whitened page in a box (x0, top, x1, bottom), the print of `others` (255) made white."""
    import cv2

    x0, top, x1, bottom = box
    strip = image[top:bottom, x0:x1]
    if others is not None and others.any():
        strip = strip.copy()
        strip[cv2.dilate(others, np.ones((3, 3), np.uint8)) > 0] = 255
    return np.pad(strip, margin, constant_values=255)
