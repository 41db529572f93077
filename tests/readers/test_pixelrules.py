"""Rules in pixels: what is one, and what print looks like that is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from extractor.readers.pixelrules import find_rules
from extractor.readers.straighten import faint_ink_of, ink_of

cv2 = pytest.importorskip("cv2")

DPI = 200.0


def page_of(*boxes: tuple[int, int, int, int]) -> Any:
    """A white page with black boxes (x, y, width, height), softened as a scanner does."""
    image = np.full((400, 600), 255, np.uint8)
    for x, y, w, h in boxes:
        image[y : y + h, x : x + w] = 0
    return cv2.GaussianBlur(image, (0, 0), 1.2)


def uprights(image: Any) -> list[int]:
    """Where upright rules stand, in pixels."""
    rules = find_rules(ink_of(image), faint_ink_of(image), DPI).rules
    return sorted(round((r.x0 + r.x1) / 2 * DPI / 72) for r in rules if r.bottom - r.top > r.x1 - r.x0)


def test_thick_rules_cut_off_by_the_top_of_a_page_are_rules() -> None:
    places = (60, 160, 300, 450)
    bars = [(x, 40, 5, 85) for x in places]
    found = uprights(page_of((60, 120, 395, 6), *bars))
    assert found == pytest.approx([x + 2 for x in places], abs=2)


def test_joined_strokes_of_large_print_are_no_rules() -> None:
    strokes = [(60 + 10 * k, 40, 5, 60) for k in range(8)]
    assert len(uprights(page_of(*strokes))) <= 2  # the outermost have ink on one side only
