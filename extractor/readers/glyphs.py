"""A small reader of numbers and footnote marks, glyph by glyph, that errs in other ways than the OCR engine.

A run of print is cut at every place where a glyph may end; a small network says of each piece between two cuts which
glyph it is, or that it is none; the best way through the pieces is the text (LeCun et al. 1998, section V). Unlike
the engine it has no notion of words, needs no more than eight pixels of height and reads superscripts. Its agreement
with the engine says more than either's own belief. The network comes from `python -m training.glyphs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from extractor.threads import one_thread

Image = np.ndarray[Any, Any]

CLASSES = "0123456789$/,.-()%[]ABCDEFGHIJKLMNOPQRSTUVWXYZ"
JUNK = len(CLASSES)
"""The class number of what is no glyph of CLASSES, such as two that touch."""

_SIDE = 16  # pixels; the size that glyphs are compared at
_INK = 0.3  # of the darkest ink; what is darker belongs to a glyph's box
_FAINTEST = 28  # grey levels below white; less is no ink
_WIDEST = 1.45  # of the height of letters; no glyph is wider
_NARROWEST = 0.08
_WEAK = 0.45  # of the ink in a column's neighbourhood; a glyph may end in a column with less
_SMALLEST = 1e-4


def features_of(strip: Image, x0: int, x1: int, letter: float, baseline: float) -> np.ndarray[Any, Any] | None:
    """What the network sees of the glyph in columns x0..x1 of a strip of a whitened page; None where there is no ink.

    `letter` is the height of capitals in pixels, `baseline` the row in the strip that they stand on.
    """
    import cv2

    x0, x1 = max(0, x0), min(strip.shape[1], x1)
    if x1 <= x0:
        return None
    part = strip[:, x0:x1]
    dark = _dark(part)
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    if not len(rows):
        return None
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    crop = 255 - part[top:bottom, left:right]
    h, w = crop.shape
    scale = _SIDE / max(h, w, 0.5 * letter)
    size = (min(_SIDE, max(1, round(w * scale))), min(_SIDE, max(1, round(h * scale))))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    canvas = np.zeros((_SIDE, _SIDE), np.float32)
    at_y, at_x = (_SIDE - size[1]) // 2, (_SIDE - size[0]) // 2
    canvas[at_y : at_y + size[1], at_x : at_x + size[0]] = small
    peak = float(canvas.max())
    look = canvas.ravel() / max(peak, 1.0)
    place = (h / letter, w / letter, (bottom - baseline) / letter, w / max(h, 1))
    return np.concatenate([look, np.clip(place, -2, 3)]).astype(np.float32)


def _dark(part: Image) -> Image:
    """Where there is ink (bool), faint where all of it is."""
    return np.asarray(part <= 255 - max(_FAINTEST, _INK * (255 - int(part.min()))))


class GlyphNet:
    """The network: one hidden layer of rectifiers and a softmax over `classes` ("" is what is no glyph)."""

    def __init__(self, file: Path) -> None:
        with np.load(file, allow_pickle=False) as stored:
            self.classes = [str(c) for c in stored["classes"]]
            self._layers = [(stored[f"w{k}"].astype(np.float32), stored[f"b{k}"].astype(np.float32)) for k in range(2)]

    @one_thread()
    def probabilities(self, features: Image) -> Image:
        """For each row of features (n, d) the probability of each class (n, classes)."""
        (w0, b0), (w1, b1) = self._layers
        hidden = np.maximum(features @ w0 + b0, 0)
        scores = hidden @ w1 + b1
        scores = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(scores / scores.sum(1, keepdims=True))


@lru_cache(maxsize=1)
def network() -> GlyphNet:
    """The network that comes with the package, loaded once."""
    return GlyphNet(Path(__file__).with_name("glyphs.npz"))


@dataclass(slots=True)
class GlyphText:
    """A text read glyph by glyph: `places` are its glyphs' (x0, x1) in the strip, `belief` is that of the weakest."""

    text: str
    places: list[tuple[int, int]]
    belief: float


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


@dataclass(frozen=True, slots=True)
class Grammar:
    """What may follow what: for each state, the characters allowed and the state each leads to; 0 begins and ends."""

    steps: tuple[tuple[tuple[str, int], ...], ...]


_MARK_STEPS = (
    tuple((c, 2) for c in "123456789"),
    ((")", 0), *((c, 3) for c in "0123456789")),
    ((")", 0),),
)
MARKS = Grammar(((("(", 1),), *_MARK_STEPS))
"""Footnote marks: "(1)", "(2)(12)"."""
ONE_MARK = Grammar(((("(", 1),), _MARK_STEPS[0], ((")", 0),)))
"""Marks of one digit."""
NUMBERS = Grammar(((*((c, 0) for c in "0123456789$/,.-%"), ("(", 1)), *_MARK_STEPS))
"""Numbers and dates, perhaps with marks."""
CODES = Grammar(((*((c, 0) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ/"), ("(", 1)), *_MARK_STEPS))
"""Codes and other capitals, perhaps with marks."""


def read_glyphs(strip: Image, letter: float, baseline: float, grammar: Grammar, most: int = 24) -> GlyphText | None:
    """The likeliest text of a strip of a whitened page (rows, columns) that a grammar allows; None where there is none.

    `letter` is the height of capitals in pixels, `baseline` the row that they stand on.
    """
    net = network()
    cuts = cuts_of(strip, letter)
    if not 2 <= len(cuts) <= 5 * most:
        return None
    pieces = _pieces(strip, cuts, letter, baseline)
    if not pieces:
        return None
    probability = np.log(np.maximum(net.probabilities(np.array([f for _, _, f in pieces])), _SMALLEST))
    # for each piece and state: the best character for each state that it leads to
    choices: list[list[tuple[int, np.ndarray[Any, Any], np.ndarray[Any, Any]]]] = []
    for steps in grammar.steps:
        leads: dict[int, list[int]] = {}
        for allowed, after in steps:
            if allowed in net.classes:
                leads.setdefault(after, []).append(net.classes.index(allowed))
        choices.append(
            [
                (after, np.array(columns)[probability[:, columns].argmax(1)], probability[:, columns].max(1))
                for after, columns in leads.items()
            ]
        )
    by_start: dict[int, list[int]] = {}
    for number, (i, _, _) in enumerate(pieces):
        by_start.setdefault(i, []).append(number)
    dark = _dark(strip).any(0)
    inside = np.concatenate([[0], np.cumsum(dark)])
    states = len(grammar.steps)
    score = np.full((len(cuts), states), -np.inf)
    # (cut, state, piece, character) before; a piece of -1 is a blank
    back: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    score[0, 0] = 0.0
    for i in range(len(cuts) - 1):
        blank = inside[cuts[i + 1]] == inside[cuts[i]]
        for state in range(states):
            if score[i, state] == -np.inf:
                continue
            if blank and score[i, state] > score[i + 1, state]:
                score[i + 1, state], back[i + 1, state] = score[i, state], (i, state, -1, -1)
            for number in by_start.get(i, ()):
                j = pieces[number][1]
                # a piece counts by its width, so that many small ones gain nothing over one
                weight = max(1.0, (cuts[j] - cuts[i]) / (0.5 * letter))
                for after, likeliest, log in choices[state]:
                    gained = score[i, state] + weight * float(log[number])
                    if gained > score[j, after]:
                        score[j, after], back[j, after] = gained, (i, state, number, int(likeliest[number]))
    at, state = len(cuts) - 1, 0
    if (at, state) not in back:
        return None
    text, belief = "", 0.0
    places: list[tuple[int, int]] = []
    while at:
        before, earlier, number, character = back[at, state]
        if number >= 0:
            text = net.classes[character] + text
            places.insert(0, (cuts[before], cuts[at]))
            belief = min(belief, float(probability[number, character]))
        at, state = before, earlier
    return GlyphText(text, places, float(np.exp(belief))) if text else None


def _pieces(
    strip: Image, cuts: list[int], letter: float, baseline: float
) -> list[tuple[int, int, np.ndarray[Any, Any]]]:
    """What may be a glyph: (first cut, last cut, features)."""
    pieces = []
    for i, x0 in enumerate(cuts[:-1]):
        for j in range(i + 1, len(cuts)):
            width = cuts[j] - x0
            if width > _WIDEST * letter:
                break
            if width < _NARROWEST * letter:
                continue
            found = features_of(strip, x0, cuts[j], letter, baseline)
            if found is not None:
                pieces.append((i, j, found))
    return pieces


def strip_of(image: Image, box: Sequence[int], others: Image | None = None, margin: int = 1) -> Image:
    """The part of a whitened page in a box (x0, top, x1, bottom), the print of `others` (255) made white."""
    import cv2

    x0, top, x1, bottom = box
    strip = image[top:bottom, x0:x1]
    if others is not None and others.any():
        strip = strip.copy()
        strip[cv2.dilate(others, np.ones((3, 3), np.uint8)) > 0] = 255
    return np.pad(strip, margin, constant_values=255)
