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


def typed_table(lean: float = 0.0, broken: tuple[int, ...] = ()) -> Any:
    """Lines of typed figures between four columns of bars, one bar a line; some bars fall into two pieces."""
    image = np.full((700, 600), 255, np.uint8)
    for row in range(16):
        y = 60 + 34 * row
        for column, x in enumerate((80, 200, 330, 470)):
            left = round(x + lean * row)
            image[y : y + 28, left : left + 3] = 0
            if row in broken:
                image[y + 9 : y + 16, left : left + 3] = 255
            if column < 3:
                for k in range(7):
                    cv2.putText(image, "8", (x + 14 + 14 * k, y + 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0,), 2)
    return cv2.GaussianBlur(image, (0, 0), 0.8)


def bars_left(image: Any, xs: tuple[int, ...] = (80, 200, 330, 470)) -> int:
    """How many pixels of ink stay where the bars stand."""
    ink = ink_of(image)
    found = find_rules(ink, faint_ink_of(image), DPI)
    rest = cv2.bitwise_and(ink, cv2.bitwise_not(cv2.dilate(found.mask, np.ones((3, 3), np.uint8))))
    return sum(int(np.count_nonzero(rest[:, x - 4 : x + 12])) for x in xs)


@pytest.mark.parametrize(("lean", "broken"), [(0.0, ()), (0.5, ()), (0.0, (4, 5, 6, 11))])
def test_typed_bars_are_rules_even_where_they_lean_or_are_broken(lean: float, broken: tuple[int, ...]) -> None:
    image = typed_table(lean, broken)
    assert len(uprights(image)) == 4
    assert bars_left(image) < 40
    assert np.count_nonzero(ink_of(image)[:, 95:180]) > 2000  # the figures beside them


def test_figures_below_each_other_are_no_bars() -> None:
    image = np.full((700, 600), 255, np.uint8)
    for row in range(16):
        for x in (80, 110, 200, 230, 330, 360):
            cv2.putText(image, "1", (x, 82 + 34 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0,), 2)
    assert uprights(cv2.GaussianBlur(image, (0, 0), 0.8)) == []


def test_lone_strokes_no_taller_than_their_row_are_letters() -> None:
    image = np.full((700, 600), 255, np.uint8)
    for row in range(12):
        y = 60 + 48 * row
        for k in range(40):
            cv2.putText(image, "n", (10 + 14 * k, y + 38), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (0,), 1)  # small print below
        for x in (60, 260, 460):
            image[y : y + 22, x : x + 3] = 0
            cv2.rectangle(image, (x + 80, y), (x + 92, y + 21), (0,), 2)
    assert uprights(cv2.GaussianBlur(image, (0, 0), 0.8)) == []


def level_rules(image: Any) -> list[tuple[int, int]]:
    """Where level rules begin and end, in pixels, from top to bottom."""
    rules = find_rules(ink_of(image), faint_ink_of(image), DPI).rules
    level = sorted((r for r in rules if r.is_horizontal), key=lambda r: r.top)
    return [(round(r.x0 * DPI / 72), round(r.x1 * DPI / 72)) for r in level]


def test_a_level_rule_left_as_dashes_is_one_rule() -> None:
    dashes = [(60 + 30 * k, 200, 22, 2) for k in range(14)]
    assert level_rules(page_of(*dashes)) == [pytest.approx((60, 472), abs=3)]


def test_feet_of_letters_are_no_dashes() -> None:
    letters = [box for k in range(20) for box in ((60 + 20 * k, 178, 3, 22), (54 + 20 * k, 198, 15, 3))]
    assert level_rules(page_of(*letters)) == []


def test_arms_of_capitals_are_no_dashes() -> None:
    letters = [box for k in range(20) for box in ((62 + 20 * k, 178, 4, 22), (55 + 20 * k, 176, 18, 3))]
    assert level_rules(page_of(*letters)) == []


def test_a_rule_missing_in_the_middle_of_a_cell_is_joined_but_not_the_gap_of_a_merged_cell() -> None:
    sides = [(60, 60, 3, 280), (537, 60, 3, 280), (60, 60, 480, 3), (60, 337, 480, 3)]
    broken = [(60, 200, 200, 3), (330, 200, 210, 3)]
    assert level_rules(page_of(*sides, *broken))[1] == pytest.approx((60, 540), abs=3)
    inner = [(257, 60, 3, 280), (330, 60, 3, 280)]
    assert len(level_rules(page_of(*sides, *broken, *inner))) == 4
