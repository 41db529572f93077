"""Rules in the pixels of a level page: found by what is left after opening, and taken out without hurting print.

Images are uint8, ink 255 on 0 where called `ink`, paper 255 where called `image`; `dpi` is their resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from extractor.document import Rule
from extractor.readers.components import connected_spots
from extractor.readers.rules import join_rules

Image = np.ndarray[Any, Any]

_LEVEL_LENGTH = 0.27  # inches; longer than a stroke of any letter but a heading's
_UPRIGHT_LENGTH = 0.20
_THICKEST = 0.05
_BAR = 1.16  # of the height of capitals; typed bars are longer than any letter
_BAR_GAP = 2.6  # of a bar's own length, between two of one column
_SLIM = 0.3  # of a bar's length; how wide a bar may be that leans
_MOST_TOGETHER = 8.0  # of a bar's length; bars of worn print run together down a column
_NEAR_AXIS = 0.012  # inches; how far from a column's axis its bars stand
_COLUMN_GAP = 14.0  # of a bar's length, within one column
_FEWEST_BARS = 4  # in one column
_FEWEST_COLUMNS = 3
_ALONE = 0.6  # of a column's bars that must touch nothing: stems of letters do
_DEEP = 0.13  # of a bar's length; how far it reaches below the print beside it, where l and 1 stand on the line
_BROKEN_LENGTH = 0.5  # inches; a broken rule's pieces together are longer
_BRIDGED = 0.08  # inches between pieces of one broken rule
_EMPTY = 0.07  # inches above and below broken rules without other ink
_THIN = 0.022  # inches
_BESIDE = 0.03  # inches above and below
_STEMS = 0.25  # of its length that may have other ink that near
_INKED = 0.5  # of a broken rule's length that has ink
_SAME = 2.2  # points between the axes of pieces of one rule, as scans bend them
_TOUCH = 5.0  # points between the ends of pieces
_MET = 3.0  # points between a rule's end and the rule that it meets
_MISSING = 36.0  # points that may be missing in the middle of a rule


@dataclass(slots=True)
class PixelRules:
    """Rules of a page in points, and the pixels that they are made of (255 in `mask`)."""

    rules: list[Rule]
    mask: Image


def find_rules(ink: Image, faint: Image, dpi: float) -> PixelRules:
    """Level and upright rules of the page.

    Upright ones are looked for in `faint`, ink down to the lightest grey: columns rest on them, and print has no
    strokes so long. Level ones are not: the feet of grey print run together.
    """
    import cv2

    pieces = []
    mask, lying = np.zeros_like(ink), np.zeros_like(ink)
    for level in (True, False):
        lying = mask.copy()
        length = round(dpi * (_LEVEL_LENGTH if level else _UPRIGHT_LENGTH))
        source = ink if level else faint
        print_ink = cv2.bitwise_and(ink, cv2.bitwise_not(mask))  # upright rules stand on level ones
        opened = cv2.morphologyEx(source, cv2.MORPH_OPEN, np.ones((1, length) if level else (length, 1), np.uint8))
        labels, stats = connected_spots(opened)
        for index, (x, y, w, h, area) in enumerate(stats.tolist()):
            along = w if level else h
            if index == 0 or area > _THICKEST * dpi * along:
                continue
            bounded = not level and _ends_on(mask, (x, y, w, h), dpi)
            if along < 4 * length and not bounded and _is_print(print_ink, (x, y, w, h), level, dpi):
                continue
            own = labels[y : y + h, x : x + w] == index
            mask[y : y + h, x : x + w][own] = 255
            pieces.append((x * 72 / dpi, y * 72 / dpi, (x + w) * 72 / dpi, (y + h) * 72 / dpi))
        if level:
            pieces += _broken_rules(ink, mask, dpi)
    pieces += _typed_bars(ink, mask, lying, dpi)
    return PixelRules(_in_one(join_rules(pieces, _SAME, _TOUCH)), mask)


def _in_one(rules: list[Rule]) -> list[Rule]:
    """The rules, level ones that stop in the middle of a cell joined to the next piece on their line."""
    sides = [((r.x0 + r.x1) / 2, r.top, r.bottom) for r in rules if not r.is_horizontal]

    def is_free(x: float, y: float) -> bool:
        return not any(abs(x - side) <= _MET and top - _MET <= y <= bottom + _MET for side, top, bottom in sides)

    out = [rule for rule in rules if not rule.is_horizontal]
    level: list[Rule] = []
    for rule in sorted((r for r in rules if r.is_horizontal), key=lambda r: r.x0):
        middle = (rule.top + rule.bottom) / 2
        for k, before in enumerate(level):
            other = (before.top + before.bottom) / 2
            gap = rule.x0 - before.x1
            if not 0 <= gap <= min(_MISSING, before.x1 - before.x0, rule.x1 - rule.x0) or abs(middle - other) > _SAME:
                continue
            if is_free(before.x1, other) or is_free(rule.x0, middle):
                level[k] = Rule(before.x0, min(before.top, rule.top), rule.x1, max(before.bottom, rule.bottom))
                break
        else:
            level.append(rule)
    return out + level


def _broken_rules(ink: Image, mask: Image, dpi: float) -> list[tuple[float, float, float, float]]:
    """Level rules that scanning to black and white left as dashes, as pieces in points; their ink is added to `mask`.

    They are told from the feet of letters by what stands above and below: nothing.
    """
    import cv2

    window = 2 * round(_EMPTY * dpi) + 1
    near = cv2.boxFilter(ink, cv2.CV_16U, (1, window), normalize=False, borderType=cv2.BORDER_CONSTANT)
    lone = cv2.bitwise_and(ink, np.where(near <= 255 * max(2, round(_THIN * dpi)), 255, 0).astype(np.uint8))
    high = cv2.dilate(lone, np.ones((3, 1), np.uint8))  # one rule's pieces lie on neighbouring rows
    beside = round(_BESIDE * dpi)
    bridge, length = round(_BRIDGED * dpi), round(_BROKEN_LENGTH * dpi)
    closed = cv2.morphologyEx(high, cv2.MORPH_CLOSE, np.ones((1, bridge), np.uint8))
    labels, stats = connected_spots(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, length // 2), np.uint8)))
    pieces = []
    for index, (x, y, w, h, area) in enumerate(stats.tolist()):
        if index == 0 or w < length or area > _THICKEST * dpi * w:
            continue
        own = (labels[y : y + h, x : x + w] == index) & (lone[y : y + h, x : x + w] > 0)
        if np.count_nonzero(own.any(0)) < _INKED * w:
            continue
        # between the arms and feet of capitals stand their stems, between dashes nothing
        upper = max(0, y - beside)
        around = ink[upper : y + h + beside, x : x + w] > 0
        around[y - upper : y - upper + h] &= ~own
        if np.count_nonzero(around.any(0)) > _STEMS * w:
            continue
        mask[y : y + h, x : x + w][own] = 255
        pieces.append((x * 72 / dpi, y * 72 / dpi, (x + w) * 72 / dpi, (y + h) * 72 / dpi))
    return pieces


def _typed_bars(ink: Image, mask: Image, lying: Image, dpi: float) -> list[tuple[float, float, float, float]]:
    """Columns of typed `|`, one a line, as pieces of upright rules in points; their pixels are added to `mask`.

    `lying` are the pixels of level rules alone: bars that have run together are in `mask` already. A bar is read as I,
    l, 1 or a bracket, alone and at the head of numbers: "|32,668" as 132,668.
    """
    import cv2

    spots, letters = connected_spots(cv2.bitwise_and(ink, cv2.bitwise_not(mask)))
    heights = letters[1:, 3]
    heights = heights[(heights > 0.04 * dpi) & (heights < 0.25 * dpi)]
    if len(heights) < 20:
        return []
    capital = float(np.percentile(heights, 70))
    length = max(3, round(_BAR * capital))
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    # bars that lean have no upright run of their length
    slim = (letters[:, 3] >= length) & (letters[:, 2] <= _SLIM * length)
    slim[0] = False
    opened = cv2.bitwise_or(opened, np.where(slim, 255, 0).astype(np.uint8)[spots])
    opened[lying > 0] = 0
    labels, stats = connected_spots(opened)
    columns: list[list[int]] = []
    for index in sorted(range(1, len(stats)), key=lambda k: int(stats[k][1])):
        x, y, w, h, _ = stats[index].tolist()
        if w > min(0.25 * h, _SLIM * length) or h > _MOST_TOGETHER * length:
            continue
        for column in columns:
            cx, cy, cw, ch, _ = stats[column[-1]].tolist()
            if abs(cx + cw / 2 - x - w / 2) <= 0.012 * dpi and -2 <= y - cy - ch <= _BAR_GAP * length:
                column.append(index)
                break
        else:
            columns.append([index])

    def is_free(bar: int) -> bool:
        x, y, w, h, _ = stats[bar].tolist()
        return not mask[y + h // 2, x : x + w].any()

    def is_alone(bar: int) -> bool:
        x, y, w, h, _ = stats[bar].tolist()
        spot = letters[spots[y + h // 2, x + w // 2]]
        if spot[2] > w + 2 or spot[3] > 1.3 * h:
            return False
        line = (np.abs(tops + feet - 2 * y - h) < h) & (feet - tops >= 0.45 * h) & ~slim
        near = line & (lefts < x + w + 2 * h) & (rights > x - 2 * h) & ((lefts > x + w) | (rights < x))
        if near.any():
            return float(np.median(feet[near])) <= y + h - max(1.0, _DEEP * h)
        # an I in a cell of its own is no taller than the figures of its row
        return not line.any() or h >= _BAR * float(np.percentile((feet - tops)[line], 70))

    def is_typed(column: list[int]) -> bool:
        free = [bar for bar in column if is_free(bar)]
        return len(free) >= 2 and sum(map(is_alone, free)) >= _ALONE * len(free)

    lefts, tops = letters[:, 0], letters[:, 1]
    rights, feet = lefts + letters[:, 2], tops + letters[:, 3]

    columns = [column for column in columns if len(column) >= _FEWEST_BARS and is_typed(column)]
    if len(columns) < _FEWEST_COLUMNS:
        return []
    return _as_rules(columns, stats, labels, (letters, spots), length, mask, dpi)


def _as_rules(
    columns: list[list[int]],
    stats: Image,
    labels: Image,
    print_spots: tuple[Image, Image],
    length: int,
    mask: Image,
    dpi: float,
) -> list[tuple[float, float, float, float]]:
    """Columns of bars as pieces of rules in points, those of one axis joined, with what is left of broken bars.

    `stats` and `labels` are of the bars, `print_spots` the same of all print.
    """
    letters, spots = print_spots
    middles, centres = letters[:, 0] + letters[:, 2] / 2, letters[:, 1] + letters[:, 3] / 2
    slim = (letters[:, 2] <= _SLIM * length) & (letters[:, 3] <= 1.3 * length)
    slim[0] = False
    near = _NEAR_AXIS * dpi
    joined: list[list[int]] = []
    for column in sorted(columns, key=lambda each: int(stats[each[0]][1])):
        x, y = stats[column[0]][0] + stats[column[0]][2] / 2, stats[column[0]][1]
        for other in joined:
            ox, oy, ow, oh, _ = stats[other[-1]].tolist()
            if abs(ox + ow / 2 - x) <= 2 * near and 0 <= y - oy - oh <= _COLUMN_GAP * length:
                other += column
                break
        else:
            joined.append(list(column))
    pieces = []
    bars, lost = np.zeros(len(stats), bool), np.zeros(len(letters), bool)
    for column in joined:
        x, y, w, h = stats[column][:, :4].T
        order = np.argsort(y + h / 2)
        axis = np.interp(centres, (y + h / 2)[order], (x + w / 2)[order])
        lost |= slim & (np.abs(middles - axis) <= near) & (centres >= y.min()) & (centres <= (y + h).max())
        bars[column] = True
        box = (x.min(), y.min(), (x + w).max(), (y + h).max())
        pieces.append((box[0] * 72 / dpi, box[1] * 72 / dpi, box[2] * 72 / dpi, box[3] * 72 / dpi))
    mask[bars[labels] | lost[spots]] = 255
    return pieces


def _ends_on(level_rules: Image, box: tuple[int, int, int, int], dpi: float) -> bool:
    """Whether an upright piece runs from one level rule to another, as the sides of narrow cells do."""
    x, y, w, h = box
    reach = max(2, round(dpi / 60))
    upper = level_rules[max(0, y - reach) : y + reach, x : x + w]
    lower = level_rules[y + h - reach : y + h + reach, x : x + w]
    return bool(upper.any()) and bool(lower.any())


def _is_print(ink: Image, box: tuple[int, int, int, int], level: bool, dpi: float) -> bool:
    """Whether a short piece is the joined strokes of bold print, which has ink close by on both sides.

    An underline has letters on one side, a double rule its twin.
    """
    x, y, w, h = box
    near, far = max(1, round(dpi / 150)), round(dpi / 40)
    if level:
        before, after = ink[max(0, y - far) : max(0, y - near), x : x + w], ink[y + h + near : y + h + far, x : x + w]
    else:
        before, after = ink[y : y + h, max(0, x - far) : max(0, x - near)], ink[y : y + h, x + w + near : x + w + far]
    return all(int(np.count_nonzero(side)) > 0.06 * side.size for side in (before, after) if side.size)


def remove_rules(image: Image, ink: Image, mask: Image, dpi: float) -> tuple[Image, Image]:
    """The page and its ink without the rules.

    Where print touches or crosses a rule, the rule's pixels between ink on both sides are kept.
    """
    import cv2

    reach = max(3, round(dpi / 75)) | 1
    wide = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    rest = cv2.bitwise_and(ink, cv2.bitwise_not(wide))
    # strokes that go through: rest ink above and below (or left and right) of the same rule pixel
    bridged = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((2 * reach + 1, 1), np.uint8))
    keep = cv2.bitwise_and(cv2.bitwise_and(bridged, wide), ink)
    gone = cv2.bitwise_and(wide, cv2.bitwise_not(keep))
    # the grey seam along a rule goes with it, unless it is ink of the print
    seam = cv2.dilate(gone, np.ones((5, 5), np.uint8))
    seam = cv2.bitwise_and(seam, cv2.bitwise_not(cv2.bitwise_or(rest, keep)))
    clean = image.copy()
    clean[cv2.bitwise_or(gone, seam) > 0] = 255
    return clean, cv2.bitwise_or(rest, keep)
