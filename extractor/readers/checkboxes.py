"""Check boxes that are drawn rather than typed: vectors and widgets of born-digital pages, pixels of scans.

Each becomes one token, "☒" or "☐", whatever it was drawn with; a tick that is text inside a box is taken up by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from extractor.document import BBox, Rule
from extractor.readers.components import connected_spots
from extractor.readers.drawn import Drawn
from extractor.readers.layout import Word
from extractor.readers.pdfium import Widget

Image = np.ndarray[Any, Any]

TICKED, EMPTY = "☒", "☐"
SMALLEST, LARGEST = 4.5, 17.0  # points; the side of a check box
_GREY = (4, 26)  # grey levels below the paper's: of a faint square, of a ticked one
_GREY_SIDE = (8, 16)  # pixels at 100 dpi; the side of a faint square
_ASPECT = 1.6  # of the longer to the shorter side
_SHARED = 1.2  # points; how far the strokes of two cells overlap where they share a side
_TICKS = frozenset("xX✓✔✗✘☒☑■●•×╳")
_TICK_TEXTS = _TICKS | {"xx", "XX", "(X)", "(x)"}


@dataclass(slots=True)
class CheckBox:
    """A check box found on a page, its box in points."""

    bbox: BBox
    ticked: bool

    def holds(self, rule: Rule) -> bool:
        """Whether the rule is a side of this box or lies in it, rather than bounding a cell."""
        x0, top, x1, bottom = self.bbox
        return rule.x0 >= x0 - 2 and rule.x1 <= x1 + 2 and rule.top >= top - 2 and rule.bottom <= bottom + 2


def split_squares(drawn: Sequence[Drawn]) -> tuple[list[Drawn], list[Drawn]]:
    """The paths that may be check boxes by themselves, those that touch another such path left out, and all others.

    Boxes stacked closely, line below line, must not be joined to one long rule. Squares without a gap between them are
    cells.
    """
    squares = [path for path in drawn if _is_square(path)]
    apart = [a for a in squares if not any(b is not a and _touch(a.bbox, b.bbox) for b in squares)]
    chosen = {id(path) for path in apart}
    return apart, [path for path in drawn if id(path) not in chosen]


def _touch(a: BBox, b: BBox) -> bool:
    """Whether two boxes side by side or one below the other share a side; one in the other does not."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    return min(across, down) >= -0.2 and min(across, down) <= _SHARED and max(across, down) > SMALLEST / 2


def boxes_in_drawing(drawn: Sequence[Drawn], rules: Sequence[Rule], widgets: Iterable[Widget]) -> list[CheckBox]:
    """Check boxes among the paths of a page: widgets, small squares, and squares made of four short rules.

    Cells of a table are none: their rules run on.
    """
    boxes = [CheckBox(widget.bbox, widget.ticked) for widget in widgets if is_box_sized(widget.bbox)]
    small = [path for path in drawn if _is_small(path.bbox)]
    squares = [path.bbox for path in small if _is_square(path)]
    squares.extend(_squares_of_rules(rules))
    squares.sort(key=lambda b: -(b[2] - b[0]) * (b[3] - b[1]))
    for square in squares:
        if _meets_rules(square, rules) or any(_overlap(square, box.bbox) for box in boxes):
            continue
        ticked = any(_is_tick(path, square) for path in small)
        boxes.append(CheckBox(square, ticked))
    return boxes


def merge_boxes(words: list[Word], boxes: Sequence[CheckBox]) -> list[Word]:
    """The words with the boxes as tokens among them; what stands in a box as text is taken up by it."""
    if not boxes:
        return words
    taken: set[int] = set()
    tokens: list[Word] = []
    for box in boxes:
        x0, top, x1, bottom = box.bbox
        inside = [
            i
            for i, word in enumerate(words)
            if word.top < bottom and top < word.bottom and x0 <= (word.x0 + word.x1) / 2 <= x1
            if top <= (word.top + word.bottom) / 2 <= bottom
        ]
        texts = [words[i].text for i in inside]
        joined = "".join(texts)
        if inside and joined not in _TICK_TEXTS and joined not in ("☐", "□"):
            continue  # a square around other text is a frame
        taken.update(inside)
        ticked = box.ticked or joined in _TICK_TEXTS
        quality = min((words[i].quality for i in inside), default=1.0)
        tokens.append(Word(TICKED if ticked else EMPTY, *box.bbox, quality))
    return [word for i, word in enumerate(words) if i not in taken] + tokens


def is_box_sized(box: BBox) -> bool:
    """Whether a box in points has the size and shape of a check box."""
    w, h = box[2] - box[0], box[3] - box[1]
    return min(w, h) >= SMALLEST and max(w, h) <= LARGEST and max(w, h) <= _ASPECT * min(w, h)


def _is_small(box: BBox) -> bool:
    return max(box[2] - box[0], box[3] - box[1]) <= LARGEST + 3


def _is_square(path: Drawn) -> bool:
    """A path that outlines or fills a square, with sharp or round corners."""
    if path.kind == "image" or not is_box_sized(path.bbox) or not path.subpaths:
        return False
    if path.kind == "fill" and path.light and not path.curved:
        return False  # a white patch is background
    return not _has_slants(path) and sum(len(points) for points in path.subpaths) >= 4


def _has_slants(path: Drawn) -> bool:
    """Whether straight parts run slantwise, as those of a tick or cross do. Corners of curves do not count."""
    if path.curved:
        return False
    for points in path.subpaths:
        for (ax, ay), (bx, by) in pairwise(points):
            dx, dy = abs(ax - bx), abs(ay - by)
            if min(dx, dy) > 0.8 and min(dx, dy) > 0.25 * max(dx, dy):
                return True
    return False


def _is_tick(path: Drawn, square: BBox) -> bool:
    """Whether a path in a square ticks it: a slanting stroke, or a smaller patch of ink."""
    box = path.bbox
    if path.kind == "image" or not _centre_in(box, square):
        return False
    w, h = square[2] - square[0], square[3] - square[1]
    if _has_slants(path):
        return True
    pw, ph = box[2] - box[0], box[3] - box[1]
    if path.light or not path.subpaths:
        return False
    smaller = pw < 0.8 * w and ph < 0.8 * h
    return smaller and (path.curved or path.kind == "fill") and min(pw, ph) > 1.5


def _squares_of_rules(rules: Sequence[Rule]) -> list[BBox]:
    """Squares whose four sides are short rules of their own."""
    level = [r for r in rules if r.is_horizontal and r.x1 - r.x0 <= LARGEST + 2]
    upright = [r for r in rules if not r.is_horizontal and r.bottom - r.top <= LARGEST + 2]
    found = []
    for left in upright:
        for right in upright:
            if not SMALLEST <= right.x0 - left.x0 <= LARGEST or abs(left.top - right.top) > 2:
                continue
            sides = [r for r in level if abs(r.x0 - left.x0) <= 2 and abs(r.x1 - right.x1) <= 2]
            tops = [r for r in sides if abs(r.top - left.top) <= 2]
            bottoms = [r for r in sides if abs(r.bottom - left.bottom) <= 2]
            box = (left.x0, left.top, right.x1, left.bottom)
            if tops and bottoms and tops[0] is not bottoms[0] and is_box_sized(box):
                found.append(box)
    return found


def _meets_rules(square: BBox, rules: Sequence[Rule]) -> bool:
    """Whether a side of the square is part of a longer rule: then it is a cell of a table."""
    x0, top, x1, bottom = square
    for rule in rules:
        if rule.is_horizontal:
            long = rule.x1 - rule.x0 > (x1 - x0) + 6
            on_side = min(abs(rule.top - top), abs(rule.bottom - bottom)) <= 1.2
            if long and on_side and rule.x0 <= x1 and rule.x1 >= x0:
                return True
        else:
            long = rule.bottom - rule.top > (bottom - top) + 6
            on_side = min(abs(rule.x0 - x0), abs(rule.x1 - x1)) <= 1.2
            if long and on_side and rule.top <= bottom and rule.bottom >= top:
                return True
    return False


def _centre_in(inner: BBox, outer: BBox) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _overlap(a: BBox, b: BBox) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# ------------------------------------------------------------------------------------------------------------ pixels


def boxes_in_pixels(ink: Image, dpi: float) -> list[CheckBox]:
    """Check boxes drawn in a scan, their boxes in points; `ink` is 255 where there is ink, rules not taken out.

    A box is a connected frame with four straight sides and four corners; ticked where there is ink within.
    """
    import cv2

    # photocopies break thin frames
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    labels, stats = connected_spots(closed)
    smallest, largest = 1.2 * SMALLEST * dpi / 72, (LARGEST + 1) * dpi / 72
    w, h = stats[:, 2], stats[:, 3]
    fits = (np.minimum(w, h) >= smallest) & (np.maximum(w, h) <= largest)
    fits &= np.maximum(w, h) <= 1.5 * np.minimum(w, h)
    fits[0] = False
    boxes = []
    for index in np.flatnonzero(fits).tolist():
        x, y, width, height, _ = stats[index].tolist()
        frame = labels[y : y + height, x : x + width] == index
        if not _sides(frame):
            continue  # most print
        if not _is_frame(frame) and not _is_frame(_outline(ink[y : y + height, x : x + width])):
            continue
        edge_x, edge_y = max(2, round(0.22 * width)), max(2, round(0.22 * height))
        inside = ink[y + edge_y : y + height - edge_y, x + edge_x : x + width - edge_x]
        ticked = bool(np.count_nonzero(inside) > 0.06 * inside.size)
        k = 72 / dpi
        boxes.append(CheckBox((x * k, y * k, (x + width) * k, (y + height) * k), ticked))
    return boxes


def _outline(ink: Image) -> Image:
    """The largest component (bool) of a crop: the frame alone where the tick in it stands clear of its sides."""
    labels, stats = connected_spots(np.ascontiguousarray(ink))
    sizes = stats[:, 2] * stats[:, 3]
    sizes[0] = 0
    return np.asarray(labels == int(sizes.argmax()))


def _is_frame(frame: Image) -> bool:
    """Whether the pixels (bool) of a component run along all four edges of its box, corners included, and little else.

    Print is denser than a frame, even one with a tick in it, and encloses less.
    """
    sides = _sides(frame)
    if not sides or float(frame.mean()) >= 0.62:
        return False
    return _enclosed(frame) >= 0.3 or sides >= 0.97


def _sides(frame: Image) -> float:
    """The least share of an edge of a component's box that its pixels (bool) run along; 0.0 where a side is missing."""
    height, width = frame.shape
    edge_y, edge_x = max(2, round(0.2 * height)), max(2, round(0.2 * width))
    sides = (
        frame[:edge_y].any(0).mean(),
        frame[-edge_y:].any(0).mean(),
        frame[:, :edge_x].any(1).mean(),
        frame[:, -edge_x:].any(1).mean(),
    )
    # a side is straight: two neighbouring rows or columns hold nearly all of it, which the round heads of digits do not
    rows, columns = frame[:-1] | frame[1:], frame[:, :-1] | frame[:, 1:]
    straight = (
        rows[:edge_y].mean(1).max(),
        rows[-edge_y:].mean(1).max(),
        columns[:, :edge_x].mean(0).max(),
        columns[:, -edge_x:].mean(0).max(),
    )
    if min(straight) < 0.78:
        return 0.0
    corner_y, corner_x = max(2, round(0.13 * height)), max(2, round(0.13 * width))
    corners = (
        frame[:corner_y, :corner_x].any(),
        frame[:corner_y, -corner_x:].any(),
        frame[-corner_y:, :corner_x].any(),
        frame[-corner_y:, -corner_x:].any(),
    )
    return float(min(sides)) if min(sides) >= 0.86 and all(corners) else 0.0


def _enclosed(frame: Image) -> float:
    """The share of a component's box (bool) that it encloses."""
    import cv2

    padded = np.pad(frame.astype(np.uint8), 1)
    cv2.floodFill(padded, None, (0, 0), 2)
    return float((padded == 0).sum()) / frame.size


def grey_boxes_in_pixels(image: Image, ink: Image, dpi: float) -> list[CheckBox]:
    """Check boxes that a browser prints as faint grey squares, darker where ticked; boxes in points.

    `image` has flat light, `ink` is its print. At half size the grain of the paper averages out, and a square a shade
    darker than the paper around it stands out.
    """
    import cv2

    factor = 100.0 / dpi
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    small = cv2.GaussianBlur(cv2.resize(image, size, interpolation=cv2.INTER_AREA), (3, 3), 0)
    paper = cv2.medianBlur(small, 41)
    darker = cv2.subtract(paper, small)
    print_near = cv2.dilate(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.ones((3, 3), np.uint8)) > 40
    faint: Image = ((darker >= _GREY[0]) & ~print_near).astype(np.uint8)
    faint = cv2.morphologyEx(cv2.morphologyEx(faint, cv2.MORPH_CLOSE, np.ones((3, 3))), cv2.MORPH_OPEN, np.ones((5, 5)))
    stats = connected_spots(faint, connectivity=4)[1]
    boxes = []
    for index, (x, y, w, h, area) in enumerate(stats.tolist()):
        if not index or not (_GREY_SIDE[0] <= w <= _GREY_SIDE[1] and _GREY_SIDE[0] <= h <= _GREY_SIDE[1]):
            continue
        if max(w, h) > 1.25 * min(w, h) or area < 0.8 * w * h:
            continue
        if min(x, y, size[0] - x - w, size[1] - y - h) < 20:
            continue  # the dark rim of a scan
        inner = darker[y + 2 : y + h - 2, x + 2 : x + w - 2]
        k = 72 / 100
        boxes.append(CheckBox((x * k, y * k, (x + w) * k, (y + h) * k), float(inner.mean()) > _GREY[1]))
    return boxes
