"""The form's own printed words, known again on a scanned page so that the OCR engine need not read them.

Most of a page is the form's headings, captions and notes, the same on all of them, while the engine's time goes with
the width of what it reads. The line network reads a run of print in a quarter of that time, letters too; where what it
read is a passage of the form's wording, whole words of it and nothing besides, the run is that passage. All else is
left to the engine: values, and wording that nobody listed. The list is that of the SEC's Forms 3, 4 and 5 (SEC 1473,
1474, 2270) since 1993.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from extractor.readers.linenet import LineText, Reading
from extractor.readers.ocr import Read
from extractor.readers.segments import Segment

_SHORTEST = 4  # letters; shorter ones are codes and values
_SHORT = 6  # letters; what is shorter needs more of
_LEAST_BELIEF = (0.4, 0.1)  # the network's belief in its likeliest way of reading
_SPELT = 10  # letters from which on a text may differ here and there
_ALIKE = 0.86  # how alike it must be then, 0..1
_SEARCH = 80.0  # the same in a first search, 0..100
_SNAP = 6  # letters by which the search may miss the ends of words
_TELLING = frozenset("x0123456789$()[]")  # put before, behind or between: a tick, a mark, a value
_VALUE = re.compile(r"(sec)?form[345].{0,2}")  # the one word of the wording that is a value
_SAME_SHAPE = frozenset("cijklopsuvwxyz")  # as small letters and capitals
_CAPITALS = 0.7  # share of a text's letters from which on it is set in capitals


@dataclass(frozen=True, slots=True)
class Wording:
    """The passages run together without blanks, as printed and in small letters; `words` are (start, end, text)."""

    printed: str
    letters: str
    words: tuple[tuple[int, int, str], ...]
    starts: dict[int, int]
    ends: dict[int, int]

    def between(self, start: int, end: int) -> list[tuple[int, int, str]] | None:
        """The words from letter `start` to `end` of one passage; None unless both are bounds of words."""
        first, last = self.starts.get(start), self.ends.get(end)
        if first is None or last is None or last < first or "\n" in self.letters[start:end]:
            return None
        return list(self.words[first : last + 1])


@lru_cache(maxsize=1)
def form_wording() -> Wording:
    """The listed wording, read once from beside this module."""
    words: list[tuple[int, int, str]] = []
    printed = "\n"
    for passage in Path(__file__).with_name("form_wording.txt").read_text(encoding="utf-8").splitlines():
        for word in passage.split():
            words.append((len(printed), len(printed) + len(word), word))
            printed += word
        printed += "\n"
    starts = {start: number for number, (start, _, _) in enumerate(words)}
    ends = {end: number for number, (_, end, _) in enumerate(words)}
    return Wording(printed, printed.lower(), tuple(words), starts, ends)


def wording_of(segments: Sequence[Segment], lines: Sequence[Reading | None]) -> dict[int, list[Read]]:
    """The runs of a page that are passages of the form's wording: their numbers, and their words with boxes.

    `lines` are the network's readings of the runs, None where there is none.
    """
    known = {}
    for index, (segment, line) in enumerate(zip(segments, lines, strict=True)):
        if line is not None and not segment.raised:
            words = as_wording(line.likeliest(), segment, index)
            if words is not None:
                known[index] = words
    return known


def as_wording(line: LineText, segment: Segment, index: int) -> list[Read] | None:
    """The words of run number `index` of a page where its text is a passage of the form's wording, else None."""
    text = line.text.lower()
    if len(text) < _SHORTEST or not any(c.isalpha() for c in text) or _VALUE.fullmatch(text):
        return None
    believed = len(text) >= _SPELT or line.belief >= _LEAST_BELIEF[len(text) >= _SHORT]
    found = _exact(line.text) if believed else None
    alike = 1.0
    if found is None and len(text) >= _SPELT:
        found, alike = _nearly(text)
    if found is None:
        return None
    offset = found[0][0]
    wording = form_wording().letters[offset : found[-1][1]]
    place_of: dict[int, tuple[float, float]] = {}
    for op in Levenshtein.opcodes(wording, text):
        if op.tag in ("equal", "replace"):
            for k, at in zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=False):
                place_of[k] = line.places[at]
    letters = [c for c in line.text if c.isalpha()]
    capitals = sum(map(str.isupper, letters)) >= _CAPITALS * len(letters)
    out = []
    for start, end, word in found:
        places = [place_of[k] for k in range(start - offset, end - offset) if k in place_of]
        if not places:
            return None
        word = word.upper() if capitals else word
        x0, x1 = _ink_between(places[0][0], places[-1][1], segment)
        out.append(Read(word, x0, segment.top, x1, segment.bottom, alike, index))
    return out


def _ink_between(x0: float, x1: float, segment: Segment) -> tuple[float, float]:
    """The edges of a word's print, which the network parts from its neighbours' in the middle of blanks."""
    own = [(x, x + w) for x, _, w, _ in segment.components if x0 <= x + w / 2 <= x1]
    if not own:
        return x0, x1
    return max(x0, float(min(x for x, _ in own))), min(x1, float(max(x for _, x in own)))


def _exact(text: str) -> list[tuple[int, int, str]] | None:
    """The words that a text is, where it can be in the same case: the network takes S for s."""
    known = form_wording()
    best: tuple[float, list[tuple[int, int, str]] | None] = (-1.0, None)
    at = known.letters.find(text.lower())
    while at >= 0:
        words = known.between(at, at + len(text))
        if words is not None:
            same = sum(a == b for a, b in zip(text, known.printed[at : at + len(text)], strict=True))
            if same == len(text):
                return words
            # a short text is this wording only where no more than the size of alike letters differs
            told = (
                len(text) >= _SPELT
                or text.isupper()
                or all(
                    a == b or a.lower() in _SAME_SHAPE
                    for a, b in zip(text, known.printed[at : at + len(text)], strict=True)
                )
            )
            if told:
                best = max(best, (same, words), key=lambda each: each[0])
        at = known.letters.find(text.lower(), at + 1)
    return best[1]


def _nearly(text: str) -> tuple[list[tuple[int, int, str]] | None, float]:
    """The words that a text is alike to, and how alike (0..1); nothing where anything that tells stands beside them."""
    known = form_wording()
    window = fuzz.partial_ratio_alignment(text, known.letters, score_cutoff=_SEARCH)
    if window is None:
        return None, 0.0
    best: tuple[list[tuple[int, int, str]] | None, float] = (None, 0.0)
    near = range(-_SNAP, _SNAP + 1)
    for before, behind in itertools.product(near, near):
        words = known.between(window.dest_start + before, window.dest_end + behind)
        if words is None:
            continue
        wording = known.letters[words[0][0] : words[-1][1]]
        alike = Levenshtein.normalized_similarity(text, wording)
        if alike >= _ALIKE and alike > best[1] and _is_all(text, wording):
            best = words, alike
    return best


def _is_all(text: str, wording: str) -> bool:
    """Whether a text differs from wording as spoilt print does, not by something that is written beside or into it."""
    for op in Levenshtein.editops(wording, text):
        at_end = op.src_pos in (0, len(wording) - 1, len(wording))
        if op.tag == "insert" and (at_end or text[op.dest_pos] in _TELLING):
            return False
        if op.tag == "replace" and at_end and text[op.dest_pos] == "x":
            return False
    return True
