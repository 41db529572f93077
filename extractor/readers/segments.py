"""Print of a page cut into short runs of one line each, before anything reads it.

An OCR engine's own idea of a page goes wrong on forms: it joins lines across cells, skips single letters and sizes
superscripts by their neighbours. Where the rules are known, runs of print are easily told apart: what is close
together along a line, between the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from extractor.document import Rule
from extractor.readers.components import connected_spots
from extractor.readers.marks import Mark, read_marks
from extractor.readers.restore import lone_specks

Image = np.ndarray[Any, Any]

_WORD_GAP = 0.085  # inches; blanks within a line are narrower, columns stand further apart
_BLANK = 0.27  # of the height of letters; gaps from this on divide words
_MANY = 7  # gaps from which on a run shows how far apart its own letters stand
_USUAL = 0.65  # quantile of the gaps, which few words reach with their blanks
_LOOSE = 1.7  # of that
_AS_WIDE = 0.81  # of a run's other blanks; letters that lost a stroke stand further apart, but less far
_PITCH_BLANK = 0.85  # of the pitch; gaps beside letters of one pitch are narrower, those with a blank wider
_OFF_PITCH = 0.15  # of the pitch
_ON_PITCH = 0.8  # of the steps from letter to letter, where print has one pitch
_TYPED = 0.25  # of the runs of print that must show one pitch on a typed page
_SURE_MARK = 0.6  # belief in a mark from which on it may stand within a word
_SPECK = 0.00005  # square inches; smaller spots are noise
_MANY_PIECES = 60
_DENSEST = 5.0  # pieces of print in as much width as they are high; print has two at most
_LOWEST = 0.02  # inches; a run lower than this is a dash or dots, kept only where it is part of a line
_RULE = 0.035  # inches; what is thinner and long is left of a rule
_TALLEST = 0.45  # inches; taller is a picture
_BELOW = 0.15  # of a separator's ink below the feet of the digits beside it; a comma has more, a point less


@dataclass(slots=True)
class Segment:
    """A run of print on one line: its box in pixels, the height of its letters, the row that they stand on.

    `others` is the print of other lines in the box (255), `components` are the boxes (x, y, w, h) of its connected
    spots from left to right. `raised` is a superscript cut from its line: `marks` are the footnote marks that it holds.
    `dots` are the components that may be separators with the share of their ink below the digits beside them.
    `pitch` is the distance in pixels from letter to letter on pages that were typed, 0.0 on others.
    """

    x0: int
    top: int
    x1: int
    bottom: int
    letter: float
    baseline: int
    others: Image
    components: list[tuple[int, int, int, int]]
    raised: bool = False
    marks: list[Mark] = field(default_factory=list)
    dots: dict[tuple[int, int, int, int], float] = field(default_factory=dict)
    pitch: float = 0.0
    _blanks: list[float] | None = field(default=None, repr=False, compare=False)

    def separators(self) -> list[tuple[float, str]]:
        """The small spots at the foot as (x of the centre, ",", "." or "" where the shape leaves it open).

        A comma reaches below the line or is higher than wide, a point stands above the line's lowest row.
        """
        found = []
        for x, y, w, h in self.components:
            foot = y + h - self.baseline
            if h >= 0.5 * self.letter or w >= 0.4 * self.letter or abs(foot) > 0.6 * self.letter:
                continue
            kind = ""
            below = self.dots.get((x, y, w, h))
            if below is not None:
                kind = "," if below > _BELOW else "."
            elif h >= 1.5 * w:
                kind = ","
            elif len(self.components) < 25:  # a bent line's own baseline says little about each of its spots
                kind = "," if foot > 0 else "." if foot < 0 else ""
            found.append((x + w / 2, kind))
        return found

    def blanks(self) -> list[float]:
        """Where blanks between words must be, as x: gaps wider than letters of this run ever leave."""
        if self._blanks is None:
            self._blanks = self._find_blanks()
        return self._blanks

    def _find_blanks(self) -> list[float]:
        gaps, right = [], None
        for x, _, w, _ in self.components:
            if right is not None and x > right:
                gaps.append((right, x))
            right = max(right or 0, x + w)
        widest = max(_BLANK * self.letter, _PITCH_BLANK * self.pitch)
        if len(gaps) >= _MANY:
            # letters of one pitch, and such as have lost their thin strokes, stand further apart
            usual = sorted(x1 - x0 for x0, x1 in gaps)[int(_USUAL * len(gaps))]
            widest = max(widest, _LOOSE * usual)
        wide = sorted(x1 - x0 for x0, x1 in gaps if x1 - x0 > widest)
        if len(wide) >= 2:
            widest = max(widest, _AS_WIDE * wide[len(wide) // 2])
        return [(x0 + x1) / 2 for x0, x1 in gaps if x1 - x0 > widest]


def find_segments(ink: Image, rules: Sequence[Rule], dpi: float, image: Image) -> list[Segment]:
    """The runs of print in `ink` (255 on 0, rules taken out), never joined across `rules` (points).

    `image` is the whitened page: what looks raised is cut from its line only where it reads as footnote marks.
    """
    import cv2

    barriers = np.zeros_like(ink)
    for rule in rules:
        x0, top, x1, bottom = (round(v * dpi / 72) for v in (rule.x0, rule.top, rule.x1, rule.bottom))
        if rule.is_horizontal:
            barriers[(top + bottom) // 2, x0 : x1 + 1] = 255
        else:
            barriers[top : bottom + 1, (x0 + x1) // 2] = 255
    gap = round(_WORD_GAP * dpi)
    labels, stats = connected_spots(ink)
    boxes = stats[:, :4].astype(np.int64)
    area = stats[:, cv2.CC_STAT_AREA]
    speck = area < _SPECK * dpi * dpi
    picture = (stats[:, cv2.CC_STAT_HEIGHT] > _TALLEST * dpi) | (stats[:, cv2.CC_STAT_WIDTH] > 3 * dpi)
    dirt = lone_specks(ink, stats, dpi)
    drop = speck | picture | dirt
    drop[0] = True
    drop |= _lies_on_rules(boxes, rules, dpi)
    kept: Image = np.where(drop, 0, 255).astype(np.uint8)[labels]
    smeared: Image = cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    smeared = np.asarray(cv2.bitwise_and(smeared, cv2.bitwise_not(barriers))) | kept
    runs, run_stats = connected_spots(smeared)
    members = np.flatnonzero(~drop)
    if not len(members):
        return []
    run_of = _run_of_component(runs, labels, len(boxes), members)
    owner = _adopt_small(run_stats, dpi)
    run_of = owner[run_of]
    print_only = ~_is_grain(run_of, boxes[members])
    members, run_of = members[print_only], run_of[print_only]
    segments = _cut(image, labels, boxes, members, run_of, dirt, dpi)
    pitch = _pitch_of(segments)
    for segment in segments:
        segment.pitch = pitch
    return segments


def _pitch_of(segments: Sequence[Segment]) -> float:
    """The distance between letters of a page where most have the same, as typewriters set them; 0.0 where not."""
    found, long = [], 0
    for segment in segments:
        middles = np.array([x + w / 2 for x, _, w, h in segment.components if h >= 0.4 * segment.letter])
        steps = np.diff(middles)
        steps = steps[steps > 0.4 * segment.letter]
        if len(steps) < _MANY:
            continue
        long += 1
        pitch = float(np.median(steps[steps < 1.6 * np.median(steps)]))
        off = np.abs(steps / pitch - np.round(steps / pitch))
        if np.count_nonzero(off <= _OFF_PITCH) >= _ON_PITCH * len(steps):
            found.append(pitch)
    return float(np.median(found)) if len(found) >= max(2.0, _TYPED * long) else 0.0


def _lies_on_rules(boxes: np.ndarray[Any, Any], rules: Sequence[Rule], dpi: float) -> np.ndarray[Any, Any]:
    """Which components (n, 4 as x, y, w, h) are thin leavings along a rule."""
    out = np.zeros(len(boxes), bool)
    x0, top = boxes[:, 0], boxes[:, 1]
    x1, bottom = x0 + boxes[:, 2], top + boxes[:, 3]
    reach = 0.014 * dpi
    for rule in rules:
        left, upper, right, lower = (v * dpi / 72 for v in (rule.x0, rule.top, rule.x1, rule.bottom))
        near = (x0 >= left - reach) & (x1 <= right + reach) & (top >= upper - reach) & (bottom <= lower + reach)
        out |= near
    return out


def _run_of_component(runs: Image, labels: Image, count: int, members: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """For each member component, the label of the run that it lies in."""
    flat = labels.ravel()
    ink = np.flatnonzero(flat)
    run_of = np.zeros(count, np.int64)
    run_of[flat[ink]] = runs.ravel()[ink]
    return run_of[members]


def _is_grain(run_of: np.ndarray[Any, Any], boxes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which components belong to a run so dense that it is the noise of a dark area, which takes minutes to read."""
    out = np.zeros(len(run_of), bool)
    runs, counts = np.unique(run_of, return_counts=True)
    for run in runs[counts >= _MANY_PIECES]:
        own = run_of == run
        x, _, w, h = boxes[own].T
        out[own] = np.count_nonzero(own) * np.median(h) > _DENSEST * ((x + w).max() - x.min())
    return out


def _adopt_small(run_stats: np.ndarray[Any, Any], dpi: float) -> np.ndarray[Any, Any]:
    """Which run each run belongs to: dots, accents and stray strokes go to the line that they stand in or touch."""
    owner = np.arange(len(run_stats))
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
    image: Image,
    labels: Image,
    boxes: np.ndarray[Any, Any],
    members: np.ndarray[Any, Any],
    run_of: np.ndarray[Any, Any],
    dirt: np.ndarray[Any, Any],
    dpi: float,
) -> list[Segment]:
    """Segments from components grouped to runs; runs of two touching lines are divided."""
    out: list[Segment] = []
    order = np.argsort(run_of, kind="stable")
    members, run_of = members[order], run_of[order]
    starts = np.flatnonzero(np.concatenate([[True], run_of[1:] != run_of[:-1]]))
    line_of = np.zeros(len(boxes), np.int64)
    line_of[dirt] = len(members) + 1  # print of no line: left out of every crop
    groups: list[tuple[np.ndarray[Any, Any], float, list[Mark]]] = []
    for start, end in zip(starts, [*starts[1:], len(members)], strict=True):
        group = members[start:end]
        under = _underlines(boxes[group])
        if under.any():
            line_of[group[under]] = len(members) + 1
            group = group[~under]
        heights = boxes[group, 3]
        letter = _letter_height(heights)
        for line in _lines_in(boxes[group], letter):
            base, raised = group[line], []
            for part in _raised_parts(boxes, base):
                marks = _marks_in(image, labels, boxes, part)
                if marks and (marks[0].belief >= _SURE_MARK or not _runs_on(boxes, base, part, letter)):
                    raised.append((part, marks))
                    base = base[~np.isin(base, part)]
            for part, marks in [(base, []), *raised]:
                groups.append((part, _letter_height(boxes[part, 3]), marks))
                line_of[part] = len(groups)
    for number, (group, letter, marks) in enumerate(groups, 1):
        x0, top = boxes[group, 0].min(), boxes[group, 1].min()
        x1, bottom = (boxes[group, 0] + boxes[group, 2]).max(), (boxes[group, 1] + boxes[group, 3]).max()
        if bottom - top < _LOWEST * dpi and x1 - x0 < 3 * _LOWEST * dpi:
            continue
        if min(x1 - x0, bottom - top) < _RULE * dpi and max(x1 - x0, bottom - top) > 8 * min(x1 - x0, bottom - top):
            continue
        solid = group[boxes[group, 3] >= 0.5 * letter]
        baseline = int(np.sort(boxes[solid, 1] + boxes[solid, 3])[len(solid) // 2])
        lines = line_of[labels[top:bottom, x0:x1]]
        others = ((lines != number) & (lines != 0)).astype(np.uint8) * 255
        components = [(x, y, w, h) for x, y, w, h in sorted(boxes[group].tolist())]
        box = (int(x0), int(top), int(x1), int(bottom))
        dots = {} if marks else _dots_in(image, components, letter, baseline)
        out.append(Segment(*box, letter, baseline, others, components, bool(marks), marks, dots))
    return out


def _dots_in(
    image: Image, components: Sequence[tuple[int, int, int, int]], letter: float, baseline: int
) -> dict[tuple[int, int, int, int], float]:
    """The small spots at the foot of a line with the share of their ink below the glyphs beside them.

    Boxes of ink are too coarse for print of 15 pixels: a point and a comma often have the same. The grey below the line
    tells, and the line is that of the neighbours, as scans bend it.
    """
    if len(components) > 40:  # prose
        return {}
    standing = [
        (x + w / 2, y + h)
        for x, y, w, h in components
        if 0.7 * letter <= h <= 1.15 * letter and abs(y + h - baseline) <= max(2.0, 0.12 * letter)
    ]
    out = {}
    for x, y, w, h in components:
        if not standing or h >= 0.5 * letter or w >= 0.4 * letter or abs(y + h - baseline) > 0.6 * letter:
            continue
        middle = x + w / 2
        beside = sorted(standing, key=lambda each: abs(each[0] - middle))[:2]
        if abs(beside[0][0] - middle) > 1.2 * letter:
            continue
        foot = max(bottom for _, bottom in beside)
        left, top = max(0, x - 1), max(0, y - 2)
        dark = 255.0 - image[top : y + h + max(3, round(0.25 * letter)), left : x + w + 1]
        ink = float(dark.sum())
        if ink > 0:
            out[(x, y, w, h)] = float(dark[max(0, foot - top) :].sum()) / ink
    return out


def _underlines(boxes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which components (n, 4 as x, y, w, h) of a run underline others of it, as links are underlined.

    Underscores of typed ticks have nothing above them.
    """
    out = np.zeros(len(boxes), bool)
    x0, top = boxes[:, 0], boxes[:, 1]
    x1, bottom = x0 + boxes[:, 2], top + boxes[:, 3]
    tallest = float(boxes[:, 3].max())
    for index in np.flatnonzero((boxes[:, 3] <= 0.25 * tallest) & (boxes[:, 2] >= 3.5 * boxes[:, 3])):
        gap = top[index] - bottom
        above = (gap >= -1) & (gap <= 0.7 * tallest) & (boxes[:, 3] >= 0.45 * tallest)
        shared = np.minimum(x1, x1[index]) - np.maximum(x0, x0[index])
        covered = shared[above & (shared > 0)].sum()
        out[index] = covered >= 0.4 * boxes[index, 2] and boxes[index, 2] >= 0.7 * tallest
    return out


def _letter_height(heights: np.ndarray[Any, Any]) -> float:
    """The height of capitals and digits in a run, from the heights of its components."""
    if len(heights) < 6:
        return float(heights.max())
    return float(np.sort(heights)[-(len(heights) // 5) - 1])


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


def _runs_on(
    boxes: np.ndarray[Any, Any], line: np.ndarray[Any, Any], part: np.ndarray[Any, Any], letter: float
) -> bool:
    """Whether the word goes on right behind these components of a line, which footnote marks end."""
    end = int((boxes[part, 0] + boxes[part, 2]).max())
    after = boxes[line, 0][boxes[line, 0] >= end - 1]
    return bool(len(after)) and int(after.min()) - end < _BLANK * letter


def _marks_in(image: Image, labels: Image, boxes: np.ndarray[Any, Any], part: np.ndarray[Any, Any]) -> list[Mark]:
    """The footnote marks that these components are, if any."""
    x0, top = int(boxes[part, 0].min()), int(boxes[part, 1].min())
    x1, bottom = int((boxes[part, 0] + boxes[part, 2]).max()), int((boxes[part, 1] + boxes[part, 3]).max())
    inside = labels[top:bottom, x0:x1]
    others = ((inside != 0) & ~np.isin(inside, part)).astype(np.uint8) * 255
    return read_marks(image, (x0, top, x1, bottom), others)


def _raised_parts(boxes: np.ndarray[Any, Any], group: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    """What looks like superscripts among the components of one line, each as its components.

    A superscript is a neighbourhood of small components whose feet stand well above the line's: more than one, or one
    as wide as several that have run together. Quotes and asterisks are too low to be any.
    """
    heights = boxes[group, 3]
    behind = _behind_one_letter(boxes, group)
    if behind is not None:
        return behind
    letter = _letter_height(heights)
    feet = boxes[group, 1] + heights
    standing = np.sort(feet[heights >= 0.8 * letter])
    baseline = float(standing[len(standing) // 2])
    centres = boxes[group, 1] + heights / 2
    upright = np.abs(feet - baseline) <= 0.12 * letter
    tallest = max(letter, float(heights[upright].max())) if upright.any() else letter
    # both, as the baseline may have been taken from brackets, which reach below it
    up = (feet < baseline - 0.13 * letter) & (centres < baseline - 0.58 * letter) & (heights < 1.15 * tallest)
    if not up.any() or up.all():
        return []
    order = np.argsort(boxes[group, 0], kind="stable")
    parts: list[np.ndarray[Any, Any]] = []
    runs = np.split(order, np.flatnonzero(np.diff(up[order].astype(np.int8))) + 1)
    for run in runs:
        if not up[run[0]]:
            continue
        members = group[run]
        width = int((boxes[members, 0] + boxes[members, 2]).max() - boxes[members, 0].min())
        high = int((boxes[members, 1] + boxes[members, 3]).max() - boxes[members, 1].min())
        if high >= 0.42 * letter and width >= 0.5 * letter and (len(run) > 1 or width >= 0.75 * letter):
            parts.append(members)
    return parts


def _behind_one_letter(boxes: np.ndarray[Any, Any], group: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]] | None:
    """The superscript behind a code letter, as high as itself, which no line of letters tells from small print."""
    if not 3 <= len(group) <= 8:
        return None
    order = group[np.argsort(boxes[group, 0], kind="stable")]
    first, rest = boxes[order[0]], boxes[order[1:]]
    height = first[3]
    feet, centres = rest[:, 1] + rest[:, 3], rest[:, 1] + rest[:, 3] / 2
    above = (feet <= first[1] + 0.87 * height) & (centres < first[1] + 0.35 * height)
    if above.all() and rest[:, 1].min() < first[1] - 0.12 * height and first[2] > 0.4 * height:
        return [order[1:]]
    return None
