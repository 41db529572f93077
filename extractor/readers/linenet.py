"""A reader of short runs of print that needs no cuts between glyphs: a small convolutional network with CTC.

The network looks along a run of print and says at every second column which character stands there, or none; what
it says more than once in a row is one character (Graves et al. 2006, connectionist temporal classification). Glyphs
that touch or have fallen apart need not be parted first. It errs in other ways than the OCR engine, reads print of
eight pixels and superscripts, and tells for every text how likely it is. It comes from `python -m training.linenet`.
"""

from __future__ import annotations

import itertools
import math
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from extractor.readers.cuts import strip_of
from extractor.threads import one_thread

if TYPE_CHECKING:
    from extractor.readers.segments import Segment

Image = np.ndarray[Any, Any]

CHARACTERS = string.digits + string.ascii_letters + "$/,.-()%[]+#&*'\":;_ <>=?!@|–’“”"
"""What the network knows; class 0 of its answers is the blank, class k is CHARACTERS[k - 1]."""

ROWS = 32
CAPITAL = 16.0  # pixels; the height that capitals are brought to
_FOOT = 23  # the row that they are set to stand on
_SIDE = 4  # columns of paper at both ends
_SMALLEST, _LARGEST = 0.3, 4.0  # bounds of the resizing
_WIDEST = 420  # columns; wider runs are not read unless asked for
_DIGITS, _FEET = 0.775, 0.79  # of a bracket's height: that of digits, and of the part above their feet


def net_strip(image: Image, segment: Segment, widest: int = _WIDEST) -> Image | None:
    """A run of a whitened page as the network sees it (ROWS, columns), ink 255 on 0; None where it is too wide."""
    letter, baseline = segment.letter, float(segment.baseline)
    if segment.raised:
        letter, baseline = line_of_brackets(segment.top, segment.bottom - segment.top)
    box = (segment.x0, segment.top, segment.x1, segment.bottom)
    return strip_at(image, box, letter, baseline, segment.others, widest)


def line_of_brackets(top: float, height: float) -> tuple[float, float]:
    """The height of digits and the row that they stand on, of a line whose brackets reach from `top` down `height`."""
    return _DIGITS * height, top + _FEET * height


def strip_at(
    image: Image,
    box: Sequence[int],
    letter: float,
    baseline: float,
    others: Image | None = None,
    widest: int = _WIDEST,
) -> Image | None:
    """What is printed in a box (x0, top, x1, bottom), capitals of `letter` pixels standing on the row `baseline`.

    Print of `others` (255, of the box's size) is left out, and so is what lies above and below the box.
    """
    import cv2

    x0, top, x1, bottom = box
    scale = min(max(CAPITAL / max(letter, 1.0), _SMALLEST), _LARGEST)
    columns = round((x1 - x0) * scale) + 2 * _SIDE
    if columns > widest or bottom <= top or x1 <= x0:
        return None
    ink = 255 - strip_of(image, box, others, margin=0)
    if scale < 1:
        size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
        ink = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA))
        place = np.array([[1, 0, _SIDE], [0, 1, _FOOT - (baseline - top) * scale]], np.float32)
    else:
        place = np.array([[scale, 0, _SIDE], [0, scale, _FOOT - (baseline - top) * scale]], np.float32)
    return np.asarray(cv2.warpAffine(ink, place, (columns, ROWS), flags=cv2.INTER_LINEAR))


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution with rectifier: its kernel (rows, columns, channels before, after), and what follows it.

    `pool` rows and columns are made one by their maximum; `collapse` takes all rows left at once; `residual` adds what
    went in.
    """

    shape: tuple[int, int, int, int]
    pool: tuple[int, int] = (1, 1)
    collapse: bool = False
    residual: bool = False


CLASSES = len(CHARACTERS) + 1
LAYERS = (
    Layer((3, 3, 1, 16), (2, 2)),
    Layer((3, 3, 16, 24), (2, 1)),
    Layer((3, 3, 24, 40), (2, 1)),
    Layer((4, 3, 40, 96), collapse=True),
    Layer((1, 5, 96, 96), residual=True),
    Layer((1, 5, 96, 96), residual=True),
    Layer((1, 1, 96, CLASSES)),
)
"""All but the last are followed by a rectifier; the last gives the scores of the classes."""

_FAINTEST = 70.0  # a strip's darkest ink counts as at least that
_GAP = 12  # columns of paper between strips that are read beside each other
_PLAIN = math.log(0.55)  # the likeliest way's log probability from which on no other text can be likelier
_UNLIKELY = -6.5  # log probability below which a character is not tried
_AT_ONCE = 1_500  # columns read at once, about what the cache holds


def prepared(ink: Image) -> Image:
    """A strip as float32, 1.0 where its ink is darkest, so that faint print reads as other print does."""
    return np.asarray(ink.astype(np.float32) / max(_FAINTEST, float(ink.max())))


class LineNet:
    """The network, its normalisation folded into its weights."""

    def __init__(self, weights: dict[str, Image]) -> None:
        self._layers = [
            (layer, weights[f"w{k}"].astype(np.float32), weights[f"b{k}"].astype(np.float32))
            for k, layer in enumerate(LAYERS)
        ]

    @classmethod
    def load(cls, file: Path) -> LineNet:
        """The network stored in a file; ValueError where it was made for other characters."""
        with np.load(file, allow_pickle=False) as stored:
            if "".join(stored["characters"].tolist()) != CHARACTERS:
                raise ValueError(f"{file.name} was made for other characters")
            return cls({name: stored[name] for name in stored.files if name != "characters"})

    @one_thread()
    def scores(self, inks: Sequence[Image]) -> list[Image]:
        """For each strip (ROWS, columns) the log probabilities (columns / 2, CLASSES) along it."""
        out: list[Image] = []
        start = 0
        while start < len(inks):
            end, columns = start, 0
            while end < len(inks) and (end == start or columns + inks[end].shape[1] <= _AT_ONCE):
                columns += (inks[end].shape[1] + _GAP + 1) // 2 * 2
                end += 1
            sheet = np.zeros((ROWS, columns + _GAP, 1), np.float32)
            places, x = [], _GAP
            for ink in inks[start:end]:
                sheet[:, x : x + ink.shape[1], 0] = prepared(ink)
                places.append((x // 2, (x + ink.shape[1] + 1) // 2))
                x += (ink.shape[1] + _GAP + 1) // 2 * 2
            scores = self._run(sheet)
            out += [scores[x0:x1] for x0, x1 in places]
            start = end
        return out

    def _run(self, x: Image) -> Image:
        for layer, w, b in self._layers:
            y = _convolved(x, w, layer.collapse)
            y += b
            if layer is self._layers[-1][0]:
                break
            np.maximum(y, 0, out=y)
            if layer.residual:
                y += x
            x = _pooled(y, layer.pool)
        flat = y[0]
        flat -= flat.max(1, keepdims=True)
        flat -= np.log(np.exp(flat).sum(1, keepdims=True))
        return np.asarray(flat)


def _convolved(x: Image, w: Image, collapse: bool) -> Image:
    """x (rows, columns, channels) convolved with w as one product of matrices."""
    rows, columns, before, after = w.shape
    up, side = 0 if collapse else rows // 2, columns // 2
    padded = x
    if up or side:
        padded = np.zeros((x.shape[0] + 2 * up, x.shape[1] + 2 * side, before), np.float32)
        padded[up : up + x.shape[0], side : side + x.shape[1]] = x
    height, width = padded.shape[0] - rows + 1, x.shape[1]
    s = padded.strides
    # beside each other in memory are the channels of neighbouring columns: one run for each row of the kernel
    windows = np.lib.stride_tricks.as_strided(
        padded, (height, width, rows, columns * before), (s[0], s[1], s[0], s[2]), writeable=False
    )
    flat = windows.reshape(height * width, rows * columns * before)
    return np.asarray(flat @ w.reshape(-1, after)).reshape(height, width, after)


def _pooled(x: Image, pool: tuple[int, int]) -> Image:
    rows, columns = pool
    if rows == 2:
        x = np.maximum(x[0::2], x[1::2])
    if columns == 2:
        x = np.maximum(x[:, 0::2], x[:, 1::2])
    return x


@lru_cache(maxsize=1)
def network() -> LineNet:
    """The network that comes with the package, loaded once."""
    return LineNet.load(Path(__file__).with_name("linenet.npz"))


# ------------------------------------------------------------------------------------------------------------ decoding


@dataclass(slots=True)
class LineText:
    """A text read along a run: `places` are its characters' (x0, x1) on the page, `belief` its probability."""

    text: str
    places: list[tuple[float, float]]
    belief: float


class Reading:
    """What the network saw along one run of print: log probabilities (columns, CLASSES) and where its columns lie."""

    __slots__ = ("_ends", "_scores", "_start", "_step", "seen")

    def __init__(self, scores: Image, start: float, step: float, ends: tuple[float, float]) -> None:
        self._scores, self._start, self._step, self._ends = scores, start, step, ends
        self.seen: list[str] = []  # the texts that `best` found fit, likeliest first, where it had to look

    def likeliest(self) -> LineText:
        """The text by the likeliest class in every column."""
        return self._placed(*_likeliest(self._scores))

    def best(self, allowed: str, fits: Callable[[str], object]) -> LineText | None:
        """The likeliest text of `allowed` characters that `fits` (blanks apart); None where none is at all likely."""
        text, frames, log = _likeliest(self._scores)
        bare = text.replace(" ", "")
        if log > _PLAIN and fits(bare) and not set(bare) - set(allowed):
            return self._placed(text, frames, max(log, _log_likelihoods(self._scores, [bare])[0]))
        found: dict[str, tuple[list[int], float]] = {}
        for text, frames, log in candidates(self._scores, allowed + " "):
            bare = text.replace(" ", "")
            if bare in found:
                found[bare] = (found[bare][0], float(np.logaddexp(found[bare][1], log)))
            elif fits(bare):
                found[bare] = (_frames_of(text, frames), log)
        if not found:
            return None
        self.seen = sorted(found, key=lambda each: -found[each][1])
        return self._placed(self.seen[0], *found[self.seen[0]])

    def belief_in(self, text: str) -> float:
        """How likely a text is, whatever its blanks: the sum of all ways through the columns that say it."""
        return self.beliefs_in([text])[0]

    def beliefs_in(self, texts: Sequence[str]) -> list[float]:
        """`belief_in` of several texts, in their order: hardly slower than of one."""
        return [float(np.exp(log)) for log in self.logs_of(texts)]

    def logs_of(self, texts: Sequence[str]) -> list[float]:
        """The logs of `beliefs_in`, which do not vanish for long texts."""
        return _log_likelihoods(self._scores, [text.replace(" ", "") for text in texts])

    def _placed(self, text: str, frames: list[int], log: float) -> LineText:
        bare = text.replace(" ", "")
        middles = [self._start + (frame + 0.5) * self._step for frame in _frames_of(text, frames)]
        between = [(a + b) / 2 for a, b in itertools.pairwise(middles)]
        edges = [self._ends[0], *between, self._ends[1]]
        places = list(itertools.pairwise(edges)) if bare else []
        return LineText(bare, places, float(min(1.0, np.exp(log))))


def _frames_of(text: str, frames: Sequence[int]) -> list[int]:
    """The columns of the characters of a text without those of its blanks."""
    return [frame for frame, character in zip(frames, text, strict=True) if character != " "]


def read_lines(image: Image, segments: Sequence[Segment], widest: int = _WIDEST) -> list[Reading | None]:
    """The network's view of runs of a whitened page; None for those wider than `widest` columns of capitals of 16."""
    inks = [net_strip(image, segment, widest) for segment in segments]
    seen = iter(network().scores([ink for ink in inks if ink is not None]))
    return [
        None if ink is None else _reading(next(seen), ink, segment.x0, segment.x1)
        for segment, ink in zip(segments, inks, strict=True)
    ]


def read_box(
    image: Image, box: Sequence[int], letter: float, baseline: float, others: Image | None = None
) -> Reading | None:
    """The network's view of a box (x0, top, x1, bottom) of a whitened page; None where it is too wide."""
    ink = strip_at(image, box, letter, baseline, others)
    if ink is None:
        return None
    return _reading(network().scores([ink])[0], ink, box[0], box[2])


def _reading(scores: Image, ink: Image, x0: int, x1: int) -> Reading:
    """What the network says of a strip that was cut from x0 to x1 of the page."""
    scale = (ink.shape[1] - 2 * _SIDE) / max(1, x1 - x0)
    return Reading(scores, x0 - _SIDE / scale, 2 / scale, (x0, x1))


def _likeliest(scores: Image) -> tuple[str, list[int], float]:
    best = scores.argmax(1)
    begins = np.flatnonzero(np.concatenate([[True], best[1:] != best[:-1]]) & (best > 0))
    text = "".join(CHARACTERS[best[k] - 1] for k in begins)
    return text, begins.tolist(), float(scores.max(1).sum())


def candidates(scores: Image, allowed: str, beam: int = 10) -> list[tuple[str, list[int], float]]:
    """The likeliest texts of `allowed` characters with the column of each character and their log probability.

    Prefix beam search (Hannun 2014): prefixes are kept by the sum of the ways that end in a blank and that do not.
    """
    classes = [0, *(CHARACTERS.index(c) + 1 for c in allowed)]
    known = scores[:, classes]
    begins: Image = known > _UNLIKELY
    begins[:, 0] = False
    none = -math.inf
    # of each prefix: the logs of the ways that end in a blank and that do not, and the columns of its characters
    kept: list[tuple[tuple[int, ...], float, float, tuple[int, ...]]] = [((), 0.0, none, ())]
    for frame, values in enumerate(known.tolist()):
        nothing = values[0]
        likely = np.flatnonzero(begins[frame]).tolist()
        if not likely:
            kept = [(prefix, _sum(blank, other) + nothing, none, frames) for prefix, blank, other, frames in kept]
            continue
        grown: dict[tuple[int, ...], list[Any]] = {}
        for prefix, blank, other, frames in kept:
            both = _sum(blank, other)
            entry = grown.get(prefix)
            last = prefix[-1] if prefix else 0
            if entry is None:
                grown[prefix] = [both + nothing, other + values[last] if last else none, frames]
            else:
                entry[0] = both + nothing
                entry[1] = _sum(entry[1], other + values[last])
            for k in likely:
                before = blank if k == last else both
                if before == none:
                    continue
                longer = (*prefix, k)
                entry = grown.get(longer)
                if entry is None:
                    grown[longer] = [none, before + values[k], (*frames, frame)]
                else:
                    entry[1] = _sum(entry[1], before + values[k])
        ranked = sorted(grown.items(), key=_rank)[:beam]
        kept = [(prefix, blank, other, frames) for prefix, (blank, other, frames) in ranked]
    out = []
    for prefix, blank, other, frames in kept:
        text = "".join(allowed[k - 1] for k in prefix)
        out.append((text, list(frames), float(np.logaddexp(blank, other))))
    return sorted(out, key=lambda each: -each[2])


def _rank(each: tuple[tuple[int, ...], list[Any]]) -> float:
    blank, other = each[1][0], each[1][1]
    return float(-blank if blank > other else -other)


def _sum(one: float, other: float) -> float:
    """The log of the sum of two probabilities given by their logs."""
    if one < other:
        one, other = other, one
    away = other - one
    return one if away < -40.0 or one == -math.inf else one + math.log1p(math.exp(away))


def _log_likelihoods(scores: Image, texts: Sequence[str]) -> list[float]:
    """The logs of the probabilities of texts, by the forward sums of CTC; a blank may stand for a space."""
    known = [text for text in texts if all(c in CHARACTERS for c in text)]
    if not known:
        return [-np.inf] * len(texts)
    space = CHARACTERS.index(" ") + 1
    blank = np.logaddexp(scores[:, 0], scores[:, space])
    states = 2 * max(map(len, known)) + 1
    classes = np.zeros((len(known), states), np.intp)
    skip = np.zeros((len(known), states), bool)
    for k, text in enumerate(known):
        labels = [CHARACTERS.index(c) + 1 for c in text]
        classes[k, 1 : 2 * len(labels) : 2] = labels
        skip[k, 3 : 2 * len(labels) : 2] = [a != b for a, b in itertools.pairwise(labels)]
    log = scores[:, classes]
    log[:, classes == 0] = blank[:, None]
    ahead = np.full((len(known), states), -np.inf)
    ahead[:, :2] = log[0, :, :2]
    never = np.full((len(known), 2), -np.inf)
    for row in log[1:]:
        one = np.concatenate([never[:, :1], ahead[:, :-1]], 1)
        two = np.where(skip, np.concatenate([never, ahead[:, :-2]], 1)[:, :states], -np.inf)
        ahead = np.logaddexp(np.logaddexp(ahead, one), two) + row
    found = {}
    for k, text in enumerate(known):
        end = 2 * len(text)
        found[text] = float(np.logaddexp(ahead[k, end], ahead[k, end - 1])) if text else float(ahead[k, 0])
    return [found.get(text, -np.inf) for text in texts]
