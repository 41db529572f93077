"""Scanned pages made level: light flattened, turned upright, skew removed.

Images are uint8 (rows, columns), white 255, at the resolution given in dots per inch. Everything that needs to see the
whole page works on a reduced copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Image = np.ndarray[Any, Any]

_REDUCED_DPI = 75.0
_PAPER = 222  # a grey level of flattened pages; nothing lighter is print
_BLACK = 10
_LIGHTER = 0  # grey levels above Otsu's threshold at which ink begins
_LIGHTEST = (140.0, 205.0)  # bounds of that level
_GRAIN = 6.0  # grey levels between neighbouring pixels, the median of the page, from which on paper is grainy
_SMOOTH = 0.7  # pixels; the deviation of the blur
_FLAT_PAPER = 250.0  # the grey level of paper where the light is flat
_CORE = 25  # percentile of the levels of ink: the cores of strokes
_INK = 60.0  # the grey level that these are brought to
_MOST_GAIN = 2.4  # of contrast
_MARGIN = 16  # of a page's width and height: the share of each of its margins
_MAX_SKEW = 6.0  # degrees
_STEPS = ((1.0, 6), (0.25, 4), (0.05, 5))  # degrees a step, steps to either side: from coarse to fine


@dataclass(slots=True)
class Straightened:
    """A level page: `image` with its light flattened, and `to_original`, a 3x3 matrix from its pixels to the input's.

    `quarter_turns` against the clock were needed to turn it upright.
    """

    image: Image
    to_original: np.ndarray[Any, Any]
    quarter_turns: int = 0


def flatten_light(image: Image, dpi: float) -> Image:
    """The page with shading divided out: paper near 255 everywhere, ink as dark as it was relative to its paper."""
    import cv2

    factor = max(1, round(dpi / 37.5))
    height, width = image.shape
    small = cv2.resize(image, (max(1, width // factor), max(1, height // factor)), interpolation=cv2.INTER_AREA)
    # paper is what stays after letters are closed; the blur takes the steps out
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 9), (0, 0), 5)
    paper = np.maximum(paper, 40)
    background = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    flat: Image = cv2.divide(image, background, scale=_FLAT_PAPER)
    return flat


def whiten(image: Image) -> Image:
    """The page with the grain of its paper made white; print keeps its grey edges."""
    levels = np.clip((np.arange(256) - _BLACK) * (255 / (_PAPER - _BLACK)), 0, 255).astype(np.uint8)
    return np.asarray(levels[image])


def ink_of(image: Image) -> Image:
    """Ink as 255 on 0, by one threshold for the page; the image must have flat light."""
    import cv2

    threshold, _ = cv2.threshold(_middle(image), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    # Otsu's threshold drops where little ink is on the page, and thin print is lighter than it should be
    threshold = float(min(max(threshold + _LIGHTER, _LIGHTEST[0]), _LIGHTEST[1]))
    return np.asarray(cv2.threshold(image, threshold, 255, cv2.THRESH_BINARY_INV)[1])


def cleared(image: Image) -> Image:
    """A level page with its paper smooth and its ink dark, as print is read best; small boxes close up in it."""
    return _with_dark_ink(_without_grain(image))


def _without_grain(image: Image) -> Image:
    """A level page whose paper is grainy, smoothed; any other as it is.

    Grain that reaches the threshold of ink sticks letters together and makes rules of hairs and holes.
    """
    import cv2

    beside = np.abs(np.diff(image[::4].astype(np.int16), axis=1))
    if float(np.median(beside)) < _GRAIN:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), _SMOOTH))


def _with_dark_ink(image: Image) -> Image:
    """A level page with the ink as dark as print is: faint print is read with its light strokes lost."""
    middle = _middle(image)
    ink = middle[ink_of(middle) > 0]
    if not len(ink):
        return image
    darkness = _FLAT_PAPER - float(np.percentile(ink, _CORE))
    gain = min(max(1.0, (_FLAT_PAPER - _INK) / max(1.0, darkness)), _MOST_GAIN)
    if gain < 1.05:
        return image
    levels = np.clip(_FLAT_PAPER - (_FLAT_PAPER - np.arange(256.0)) * gain, 0, 255).astype(np.uint8)
    return np.asarray(levels[image])


def _middle(image: Image) -> Image:
    """The page without its margins, where the black rims of open lids lie."""
    height, width = image.shape
    y, x = height // _MARGIN, width // _MARGIN
    return np.ascontiguousarray(image[y : height - y, x : width - x])


def faint_ink_of(image: Image) -> Image:
    """Like `ink_of`, down to the lightest grey that may be a rule."""
    return np.where(image < _PAPER, 255, 0).astype(np.uint8)


def reduced_ink(image: Image, dpi: float) -> Image:
    """The ink of the page at about 75 dpi, grey levels kept as the share of ink."""
    import cv2

    factor = _REDUCED_DPI / dpi
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return np.asarray(cv2.resize(255 - image, size, interpolation=cv2.INTER_AREA))


def is_sideways(ink: Image) -> bool:
    """Whether text lines run from top to bottom. `ink` is a reduced page, see `reduced_ink`.

    Long runs are taken out first: rules stand both ways.
    """
    import cv2

    binary = np.asarray(cv2.threshold(ink, 60, 255, cv2.THRESH_BINARY)[1])
    for kernel in (np.ones((1, 25), np.uint8), np.ones((25, 1), np.uint8)):
        binary = cv2.subtract(binary, cv2.dilate(cv2.morphologyEx(binary, cv2.MORPH_OPEN, kernel), np.ones((3, 3))))
    # letters of a word stand closer than lines do: smeared along the text, words become long bars
    along = cv2.morphologyEx(binary, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    across = cv2.morphologyEx(binary, cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8))
    bars_along = int(np.count_nonzero(cv2.morphologyEx(along, cv2.MORPH_OPEN, np.ones((1, 14), np.uint8))))
    bars_across = int(np.count_nonzero(cv2.morphologyEx(across, cv2.MORPH_OPEN, np.ones((14, 1), np.uint8))))
    return bars_across > 1.5 * bars_along and bars_across > 200


def skew_of(ink: Image) -> float:
    """The angle in degrees by which the page must be turned against the clock to be level, by its lines and rules.

    The turn that makes row sums most uneven is the level one.
    """
    import cv2

    if not ink.any():
        return 0.0
    coarse = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    def score(angle: float, page: Image) -> float:
        height, width = page.shape
        turned = cv2.warpAffine(page, cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), (width, height))
        rows = cv2.reduce(turned, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
        return float(np.square(np.diff(rows[:, 0].astype(np.float64))).sum())

    best = 0.0
    for step, reach in _STEPS:
        page = coarse if step >= 1 else ink
        candidates = [best + step * k for k in range(-reach, reach + 1)]
        best = max((a for a in candidates if abs(a) <= _MAX_SKEW), key=lambda a: score(a, page))
    return best if abs(best) >= 0.04 else 0.0


def straighten(image: Image, dpi: float, quarter_turns: int | None = None) -> Straightened:
    """The page upright and level.

    `quarter_turns` (against the clock) turns it first; None turns a page whose lines run sideways by one. Upside down
    is not told from upright here: reading tells.
    """
    import cv2

    image = flatten_light(image, dpi)
    height, width = image.shape
    if quarter_turns is None:
        quarter_turns = 1 if is_sideways(reduced_ink(image, dpi)) else 0
    matrix = np.eye(3)
    if quarter_turns % 4:
        image = np.ascontiguousarray(np.rot90(image, quarter_turns))
        matrix = _quarter_turn(quarter_turns % 4, width, height)
    angle = skew_of(reduced_ink(image, dpi))
    if angle:
        height, width = image.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        image = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
        matrix = matrix @ np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1]])
    return Straightened(np.asarray(image), matrix, quarter_turns % 4)


def _quarter_turn(turns: int, width: int, height: int) -> np.ndarray[Any, Any]:
    """From pixels of the turned image to those of the image of that size before it was turned."""
    if turns == 1:
        return np.array([[0, -1, width], [1, 0, 0], [0, 0, 1]], float)
    if turns == 2:
        return np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]], float)
    return np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1]], float)
