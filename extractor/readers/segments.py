"""Print of a page cut into short runs of one line each, before anything reads it.

An OCR engine's own idea of a page goes wrong on forms: it joins lines across cells, skips single letters and sizes
superscripts by their neighbours. Where the rules are known, runs of print are easily told apart: what is close
together along a line, between the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Image = np.ndarray[Any, Any]

_WORD_GAP = 0.085  # inches; blanks within a line are narrower, columns stand further apart
_SPECK = 0.00005  # square inches; smaller spots are noise
_LOWEST = 0.02  # inches; a run lower than this is a dash or dots, kept only where it is part of a line
_TALLEST = 0.45  # inches; taller is a picture


@dataclass(slots=True)
class Segment:
    """A run of print on one line: its box in pixels, the height of its letters, and the other print in the box (255).

    `raised` is a superscript, such as a footnote mark behind a number, cut from its line to be read at its own size.
    """

    x0: int
    top: int
    x1: int
    bottom: int
    letter: float
    others: Image
    raised: bool = False


def find_segments(ink: Image, barriers: Image, dpi: float) -> list[Segment]:
    """The runs of print in `ink` (255 on 0, rules taken out), never joined across `barriers` (255 where rules are)."""
    import cv2

    gap = round(_WORD_GAP * dpi)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = stats[:, :4].astype(np.int64)
    area = stats[:, cv2.CC_STAT_AREA]
    speck = area < _SPECK * dpi * dpi
    picture = (stats[:, cv2.CC_STAT_HEIGHT] > _TALLEST * dpi) | (stats[:, cv2.CC_STAT_WIDTH] > 3 * dpi)
    drop = speck | picture
    drop[0] = True
    kept = np.where(drop, 0, 255).astype(np.uint8)[labels]
    smeared = cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    smeared = cv2.bitwise_and(smeared, cv2.bitwise_not(barriers)) | kept
    count, runs, run_stats, _ = cv2.connectedComponentsWithStats(smeared, connectivity=8)
    members = np.flatnonzero(~drop)
    if not len(members):
        return []
    run_of = _run_of_component(runs, labels, boxes, members)
    owner = _adopt_small(run_stats, count, dpi)
    run_of = owner[run_of]
    return _cut(kept, labels, boxes, members, run_of, dpi)


def _run_of_component(
    runs: Image, labels: Image, boxes: np.ndarray[Any, Any], members: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """For each member component, the label of the run that it lies in, by the first of its pixels in its top row."""
    out = np.zeros(len(members), np.int64)
    for position, index in enumerate(members.tolist()):
        x, y, w, _ = boxes[index].tolist()
        at = x + int(np.argmax(labels[y, x : x + w] == index))
        out[position] = runs[y, at]
    return out


def _adopt_small(run_stats: np.ndarray[Any, Any], count: int, dpi: float) -> np.ndarray[Any, Any]:
    """Which run each run belongs to: dots, accents and stray strokes go to the line that they stand in or touch."""
    owner = np.arange(count)
    heights = run_stats[1:, 3]
    if len(heights) < 2:
        return owner
    x0, top = run_stats[:, 0].astype(float), run_stats[:, 1].astype(float)
    x1, bottom = x0 + run_stats[:, 2], top + run_stats[:, 3]
    typical = float(np.median(heights[heights >= _LOWEST * dpi])) if (heights >= _LOWEST * dpi).any() else 1.0
    small = (bottom - top) < 0.55 * typical
    small[0] = False
    large = np.flatnonzero(~small[1:]) + 1
    if not len(large):
        return owner
    reach_y, reach_x = dpi / 60, _WORD_GAP * dpi * 1.5
    for index in np.flatnonzero(small):
        cx, cy = (x0[index] + x1[index]) / 2, (top[index] + bottom[index]) / 2
        away_y = np.maximum(np.maximum(top[large] - cy, cy - bottom[large]), 0)
        away_x = np.maximum(np.maximum(x0[large] - cx, cx - x1[large]), 0)
        near = (away_y <= reach_y) & (away_x <= reach_x)
        if near.any():
            distance = np.where(near, away_y * 3 + away_x, np.inf)
            owner[index] = large[int(distance.argmin())]
    return owner


def _cut(
    kept: Image,
    labels: Image,
    boxes: np.ndarray[Any, Any],
    members: np.ndarray[Any, Any],
    run_of: np.ndarray[Any, Any],
    dpi: float,
) -> list[Segment]:
    """Segments from components grouped to runs; runs of two touching lines are divided."""
    out: list[Segment] = []
    order = np.argsort(run_of, kind="stable")
    members, run_of = members[order], run_of[order]
    starts = np.flatnonzero(np.concatenate([[True], run_of[1:] != run_of[:-1]]))
    line_of = np.zeros(len(boxes), np.int64)
    groups: list[tuple[np.ndarray[Any, Any], float, bool]] = []
    for start, end in zip(starts, [*starts[1:], len(members)], strict=True):
        group = members[start:end]
        heights = boxes[group, 3]
        letter = float(np.percentile(heights, 75))
        for line in _lines_in(boxes[group], letter):
            for part, raised in _raised_parts(boxes, group[line]):
                groups.append((part, float(np.percentile(boxes[part, 3], 75)), raised))
                line_of[part] = len(groups)
    for number, (group, letter, raised) in enumerate(groups, 1):
        x0, top = boxes[group, 0].min(), boxes[group, 1].min()
        x1, bottom = (boxes[group, 0] + boxes[group, 2]).max(), (boxes[group, 1] + boxes[group, 3]).max()
        if bottom - top < _LOWEST * dpi and x1 - x0 < 3 * _LOWEST * dpi:
            continue
        lines = line_of[labels[top:bottom, x0:x1]]
        others = ((lines != number) & (lines != 0)).astype(np.uint8) * 255
        out.append(Segment(int(x0), int(top), int(x1), int(bottom), letter, others, raised))
    return out


def _lines_in(boxes: np.ndarray[Any, Any], letter: float) -> list[np.ndarray[Any, Any]]:
    """The components (n, 4 as x, y, w, h) of one run by lines; mostly one."""
    everything = np.arange(len(boxes))
    bottoms = boxes[:, 1] + boxes[:, 3]
    if bottoms.max() - boxes[:, 1].min() < 1.6 * letter:
        return [everything]
    centres = boxes[:, 1] + boxes[:, 3] / 2
    solid = np.flatnonzero(boxes[:, 3] >= 0.5 * letter)
    ranked = solid[np.argsort(centres[solid])]
    cuts = np.flatnonzero(np.diff(centres[ranked]) > 0.6 * letter)
    if not len(cuts):
        return [everything]
    levels = np.array([centres[part].mean() for part in np.split(ranked, cuts + 1)])
    nearest = np.abs(centres[:, None] - levels[None, :]).argmin(1)
    return [np.flatnonzero(nearest == k) for k in range(len(levels)) if (nearest == k).any()]


def _raised_parts(
    boxes: np.ndarray[Any, Any], group: np.ndarray[Any, Any]
) -> list[tuple[np.ndarray[Any, Any], bool]]:
    """One line's components as (base, False) and each superscript in it as (part, True), in this order.

    A superscript is a neighbourhood of small components whose feet stand well above the line's: more than one, or one
    as wide as several that have run together. Quotes and asterisks are too low to be any.
    """
    heights = boxes[group, 3]
    letter = float(np.percentile(heights, 75))
    feet = boxes[group, 1] + heights
    tall = heights >= 0.75 * letter
    baseline = float(np.median(feet[tall]))
    if len(group) > 3 and tall.sum() * 2 < len(group):
        # in a run of few letters the mark's own parts may be most: letters are what stands lowest
        baseline = float(np.percentile(feet, 75))
    up = (feet < baseline - 0.22 * letter) & (heights < 0.95 * letter)
    if not up.any() or up.all():
        return [(group, False)]
    order = np.argsort(boxes[group, 0], kind="stable")
    parts: list[tuple[np.ndarray[Any, Any], bool]] = []
    taken = np.zeros(len(group), bool)
    runs = np.split(order, np.flatnonzero(np.diff(up[order].astype(np.int8))) + 1)
    for run in runs:
        if not up[run[0]]:
            continue
        members = group[run]
        width = int((boxes[members, 0] + boxes[members, 2]).max() - boxes[members, 0].min())
        high = int((boxes[members, 1] + boxes[members, 3]).max() - boxes[members, 1].min())
        if high >= 0.42 * letter and width >= 0.5 * letter and (len(run) > 1 or width >= 0.75 * letter):
            taken[run] = True
            parts.append((members, True))
    if not parts:
        return [(group, False)]
    return [(group[~taken], False), *parts]
