"""Token features: what a token is, what stands around it in the line, in the column and in reading order.

Features are hashed integers. The properties of a single word are computed once a distinct word; every template then
mixes whole arrays of them, so the cost of a page hardly depends on the number of templates.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractor.document import Document
from extractor.tagging.generic import generic_columns
from extractor.tagging.landmarks import NAMES, find_landmarks
from extractor.tagging.layout import Layout, analyse_layout

FEATURE_VERSION = 1
HASH_BITS = 20
_COLUMN_WORDS = 6
_U = np.uint64
Hashes = NDArray[np.uint64]

TYPES = (
    "none", "date", "date_piece", "money", "comma_number", "decimal", "integer", "year", "zip", "mark", "tick",
    "empty_tick", "letter", "bracket", "bar", "item", "upper", "capital", "lower", "mixed", "punctuation", "slash_s",
    "glyphs",
)  # fmt: skip
_TYPE_ID = {name: i for i, name in enumerate(TYPES)}
_SIGNIFICANT = frozenset(
    _TYPE_ID[t]
    for t in ("date", "date_piece", "money", "comma_number", "decimal", "integer", "year", "mark", "tick", "letter")
)
_PATTERNS = tuple(
    (_TYPE_ID[name], re.compile(pattern))
    for name, pattern in (
        ("tick", r"[☒☑✓✔✗✘■]|[xX]|_+[xX]_+|\([xX]\)"),
        ("empty_tick", r"[☐□]|__+|\(\)"),
        ("mark", r"\(\d{1,2}\)"),
        ("date", r"\(?\d{1,2}[/\-.]\d{1,2}[/\-.](\d{4}|\d{2})[.,;]?|\d{4}-\d{2}-\d{2}"),
        ("date_piece", r"[\d/\-]*\d/[\d/\-]*|\d+-|-\d+"),
        ("money", r"[$S§]\d[\d,.]*|\$"),
        ("comma_number", r"\d{1,3}(,\d{3})+(\.\d+)?"),
        ("decimal", r"\d*\.\d+"),
        ("year", r"(19|20)\d{2}"),
        ("zip", r"\d{5}(-\d{4})?"),
        ("integer", r"\d+,?"),
        ("item", r"\d{1,2}[A-Za-z]?\.\)?"),
        ("letter", r"\(?[A-Z]\)?"),
        ("bracket", r"[\[\]{}()]"),
        ("bar", r"[|¦]"),
        ("slash_s", r"/[sS]/"),
        ("upper", r"[A-Z][A-Z.,'&\-/:]+"),
        ("capital", r"[A-Z][\w.,'’&\-/:;]*"),
        ("lower", r"[a-z][\w.,'’&\-/:;()]*"),
        ("punctuation", r"\W+"),
        ("mixed", r".*\w.*"),
    )
)
_PLAIN = re.compile(r"[^a-z0-9%]+")
_DIGITS = re.compile(r"\d")
_SHAPE = ((re.compile(r"[A-Z]+"), "X"), (re.compile(r"[a-z]+"), "x"), (re.compile(r"\d"), "0"))


@dataclass(slots=True)
class _Word:
    """Properties of one distinct token text."""

    exact: int
    masked: int
    shape: int
    prefix: int
    suffix: int
    type: int
    keyword: int
    length: int


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"))


def token_type(text: str) -> int:
    """Index into TYPES of what a token looks like."""
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(text):
            return kind
    return _TYPE_ID["glyphs"]


def plain_word(text: str) -> str:
    """Lower case, letters and digits only: the form in which words are compared.

    >>> plain_word("Transaction(s)")
    'transactions'
    """
    return _PLAIN.sub("", text.lower())


class FeatureExtractor:
    """Turns a document into hashed features (n tokens, FeatureExtractor.width templates).

    `keywords` are the words of the printed form itself, learned from annotations: words that often stand in a document
    without being part of a value. A broken spelling of one counts as the word.
    """

    def __init__(self, keywords: Sequence[str], *, generic: bool = False) -> None:
        self.generic = generic
        self.keywords = tuple(keywords)
        self._keyword_id = {word: i + 1 for i, word in enumerate(self.keywords)}
        self._long_keywords = [word for word in self.keywords if len(word) >= 5]
        self._words: dict[str, _Word] = {}

    def __call__(self, document: Document) -> tuple[Hashes, Layout]:
        """Hashed features as int64 (n, width) below 2**HASH_BITS, and the layout they were computed from."""
        layout = analyse_layout(document)
        columns = self._generic(document, layout) if self.generic else self._templates(document, layout)
        n = len(document.tokens)
        out = np.zeros((n, len(columns)), dtype=np.uint64)
        for i, column in enumerate(columns):
            out[:, i] = _mix(_U(i + 1), column)
        return out >> _U(64 - HASH_BITS), layout

    def word(self, text: str) -> _Word:
        found = self._words.get(text)
        if found is None:
            if len(self._words) > 200_000:  # hostile input must not grow the cache without bound
                self._words.clear()
            found = self._words[text] = self._describe(text)
        return found

    def _describe(self, text: str) -> _Word:
        plain = plain_word(text)
        masked = _DIGITS.sub("0", plain)
        shape = text[:24]
        for pattern, sign in _SHAPE:
            shape = pattern.sub(sign, shape)
        return _Word(
            exact=_hash(plain[:24]) if plain else _hash(text[:8]),
            masked=_hash(masked[:24]),
            shape=_hash(shape),
            prefix=_hash(masked[:3]),
            suffix=_hash(masked[-3:]),
            type=token_type(text),
            keyword=self._keyword(plain),
            length=min(len(text), 12),
        )

    def _keyword(self, plain: str) -> int:
        exact = self._keyword_id.get(plain)
        if exact is not None:
            return exact
        if len(plain) < 5 or not self._long_keywords or sum(c.isdigit() for c in plain) > 1:
            return 0
        best = process.extractOne(
            plain, self._long_keywords, scorer=Levenshtein.distance, score_cutoff=1 if len(plain) < 8 else 2
        )
        return self._keyword_id[best[0]] if best else 0

    def _generic(self, document: Document, layout: Layout) -> list[Hashes]:
        words = [self.word(t.text) for t in document.tokens]
        exact, masked, shape, kind = (
            np.fromiter((getattr(w, name) for w in words), dtype=np.uint64, count=len(words))
            for name in ("exact", "masked", "shape", "type")
        )
        return [_mix(*parts) for parts in generic_columns(document.tokens, layout, exact, masked, shape, kind)]

    def _templates(self, document: Document, layout: Layout) -> list[Hashes]:
        tokens = document.tokens
        n = len(tokens)
        words = [self.word(t.text) for t in tokens]

        def prop(name: str) -> Hashes:
            return np.fromiter((getattr(w, name) for w in words), dtype=np.uint64, count=n)

        exact, masked, shape, prefix, suffix, kind, keyword, length = map(
            prop, ("exact", "masked", "shape", "prefix", "suffix", "type", "keyword", "length")
        )
        order, inverse = layout.order, np.argsort(layout.order)

        def at(values: Hashes, index: NDArray[np.int64]) -> Hashes:
            """Values at the neighbours; 0 where there is none."""
            return np.where(index >= 0, values[np.maximum(index, 0)] + _U(1), _U(0)) if n else values

        def step(k: int) -> NDArray[np.int64]:
            """Index of the token k steps on in decoding order, -1 beyond the ends."""
            to = inverse + k
            return np.where((to >= 0) & (to < n), order[np.clip(to, 0, max(0, n - 1))], -1) if n else inverse

        def line_step(k: int) -> NDArray[np.int64]:
            to = np.arange(n) + k
            return np.where((to >= 0) & (to < n), to, -1)

        columns: list[Hashes] = [exact, masked, shape, prefix, suffix, kind, _mix(kind, length)]
        for k in (-3, -2, -1, 1, 2, 3):
            columns.append(at(masked, step(k)))
            columns.append(at(kind, step(k)))
        columns += [_mix(at(kind, step(-1)), kind, at(kind, step(1))), _mix(at(masked, step(-1)), masked)]
        columns += [_mix(masked, at(masked, step(1))), _mix(at(masked, step(-2)), at(masked, step(-1)))]
        left, right, above, below = layout.left, layout.right, layout.above, layout.below
        columns += [at(masked, left), at(masked, right), at(masked, above), at(masked, below)]
        columns += [at(kind, above), at(kind, below), _mix(kind, at(kind, above), at(kind, below))]
        columns += [at(exact, at_index(above, above)), at(keyword, above), at(keyword, below)]

        part, before, since = _parts(document, n)
        columns += [
            part,
            _mix(part, kind),
            _mix(part, before),
            _mix(part, since),
            _mix(part, masked),
            _mix(part, kind, length),
        ]

        column_words = _column_keywords(layout, keyword, _COLUMN_WORDS)
        nearest = column_words[:, 0]
        columns += [_mix(_U(77), column_words[:, j]) for j in range(_COLUMN_WORDS)]
        columns += [
            _mix(kind, nearest),
            _mix(part, nearest),
            _mix(nearest, column_words[:, 1]),
            _mix(kind, nearest, column_words[:, 1]),
        ]
        columns += [_mix(_U(91), kind, column_words[:, j]) for j in range(2, _COLUMN_WORDS)]

        previous_words = _previous_keywords(keyword, inverse, order, 3)
        columns += [_mix(_U(78), previous_words[:, j]) for j in range(3)]
        columns += [_mix(previous_words[:, 0], kind), _mix(previous_words[:, 0], previous_words[:, 1], kind)]
        next_words = _previous_keywords(keyword[::-1], n - 1 - inverse[::-1], (n - 1 - order)[::-1], 2)[::-1]
        columns += [
            _mix(next_words[:, 0], kind),
            _mix(next_words[:, 0], next_words[:, 1]),
            _mix(part, next_words[:, 0]),
        ]

        counts = _row_counts(layout.row, layout.box[:, 0], kind, n)
        columns += [
            _mix(part, kind, counts[0]),
            _mix(part, kind, counts[0], counts[1]),
            _mix(kind, counts[2]),
            _mix(part, counts[1]),
        ]

        for signature in _significant_context(kind, np.arange(n), 4):
            columns.append(_mix(part, kind, signature))
        places = _places(document, layout)
        columns += [
            _mix(kind, places[0]),
            _mix(part, kind, places[0]),
            _mix(kind, places[1]),
            places[2],
            _mix(part, kind, places[2]),
        ]
        columns += [_mix(part, at(masked, line_step(-1))), _mix(part, at(masked, line_step(1)))]
        columns += [_mix(kind, block) for block in _block_context(layout, masked, kind, n)]
        columns.append(np.full(n, _hash(document.kind), dtype=np.uint64))
        return columns


def at_index(index: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Neighbour of the neighbour."""
    return np.where(index >= 0, values[np.maximum(index, 0)], -1) if len(index) else index


def _mix(*parts: Hashes | np.uint64) -> Hashes:
    """Combine equally long arrays of integers into well-spread 64-bit hashes (multiply-xorshift, as in splitmix64)."""
    with np.errstate(over="ignore"):
        total = np.asarray(parts[0], dtype=np.uint64) + _U(0x9E3779B97F4A7C15)
        for part in parts[1:]:
            total = (total ^ (total >> _U(29))) * _U(0xBF58476D1CE4E5B9) + np.asarray(part, dtype=np.uint64)
        total = (total ^ (total >> _U(30))) * _U(0xBF58476D1CE4E5B9)
        total = (total ^ (total >> _U(27))) * _U(0x94D049BB133111EB)
        return np.asarray(total ^ (total >> _U(31)))


def _parts(document: Document, n: int) -> tuple[Hashes, Hashes, Hashes]:
    """The landmark last passed in line order, the one before it, and a coarse distance from it, a token each."""
    part = np.zeros(n, dtype=np.uint64)
    before = np.zeros(n, dtype=np.uint64)
    start = np.zeros(n, dtype=np.int64)
    current = 0
    for hit in find_landmarks(document.tokens):
        name = NAMES.index(hit.name) + 1
        if name == current:
            continue
        part[hit.first :] = name
        before[hit.first :] = current
        start[hit.first :] = hit.last
        current = name
    distance = np.log2(np.maximum(1, np.arange(n) - start + 1)).astype(np.uint64)
    return part, before, distance


def _column_keywords(layout: Layout, keyword: Hashes, k: int) -> Hashes:
    """Per token the k nearest form words above it in its column, nearest first; (n, k), 0 where there are fewer."""
    n = len(keyword)
    out = np.zeros((n, k), dtype=np.uint64)
    sources = np.flatnonzero(keyword > 0)
    if len(sources) == 0 or n == 0:
        return out
    box, zone = layout.box, layout.zone
    middle_x = (box[:, 0] + box[:, 2]) / 2
    middle_y = (box[:, 1] + box[:, 3]) / 2
    chunk, window = 256, 500
    for lo in range(0, n, chunk):
        hi = min(n, lo + chunk)
        end = int(np.searchsorted(sources, hi))
        near = sources[max(0, end - window) : end]
        if len(near) == 0:
            continue
        rise = middle_y[lo:hi, None] - middle_y[None, near]
        inside = (middle_x[lo:hi, None] > zone[None, near, 0]) & (middle_x[lo:hi, None] < zone[None, near, 1])
        inside &= (rise > 2.0) & (layout.page[lo:hi, None] == layout.page[None, near])
        # of the words on one line the one straight above counts first
        cost = np.where(inside, rise + 0.02 * np.abs(middle_x[lo:hi, None] - middle_x[None, near]), np.inf)
        take = min(k, len(near))
        best = (
            np.argpartition(cost, take - 1, axis=1)[:, :take]
            if take < len(near)
            else np.tile(np.arange(take), (hi - lo, 1))
        )
        best_cost = np.take_along_axis(cost, best, axis=1)
        ranks = np.argsort(best_cost, axis=1, kind="stable")
        best = np.take_along_axis(best, ranks, axis=1)
        best_cost = np.take_along_axis(best_cost, ranks, axis=1)
        out[lo:hi, :take] = np.where(np.isfinite(best_cost), keyword[near[best]], 0)
    return out


def _previous_keywords(keyword: Hashes, inverse: NDArray[np.int64], order: NDArray[np.int64], k: int) -> Hashes:
    """Per token the last k form words before it in decoding order, nearest first; (n, k)."""
    n = len(keyword)
    ordered = keyword[order] if n else keyword
    places = np.flatnonzero(ordered > 0)
    out = np.zeros((n, k), dtype=np.uint64)
    if len(places) == 0:
        return out
    rank = np.searchsorted(places, inverse, side="left")
    for j in range(k):
        index = rank - 1 - j
        out[:, j] = np.where(index >= 0, ordered[places[np.maximum(index, 0)]], 0)
    return out


def _row_counts(row: NDArray[np.int64], x: NDArray[np.float64], kind: Hashes, n: int) -> tuple[Hashes, Hashes, Hashes]:
    """Dates, numbers and single letters to the left of a token in its row, to its right, and in the whole row."""
    if n == 0:
        empty = np.zeros(0, dtype=np.uint64)
        return empty, empty, empty
    by_row = np.lexsort((x, row))
    groups = row[by_row]
    first = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[first, n])
    codes: list[NDArray[np.int64]] = []
    for members in (("date", "date_piece"), ("money", "comma_number", "decimal", "integer", "year"), ("letter",)):
        hit = np.isin(kind[by_row], [_TYPE_ID[m] for m in members]).astype(np.int64)
        total = np.cumsum(hit)
        offset = np.repeat(total[first] - hit[first], sizes)
        before = total - hit - offset
        whole = np.repeat(np.add.reduceat(hit, first), sizes)
        codes += [np.minimum(before, 6), np.minimum(whole - before - hit, 6)]
    out = []
    for picked in ((codes[0], codes[2], codes[4]), (codes[1], codes[3], codes[5])):
        value = picked[0] * 64 + picked[1] * 8 + picked[2]
        spread = np.zeros(n, dtype=np.uint64)
        spread[by_row] = value.astype(np.uint64)
        out.append(spread)
    return out[0], out[1], _mix(out[0], out[1])


def _significant_context(kind: Hashes, position: NDArray[np.int64], k: int) -> list[Hashes]:
    """Hashes of the types of the k values (dates, numbers, letters, marks) before and after each token."""
    places = np.flatnonzero(np.isin(kind, list(_SIGNIFICANT)))
    n = len(kind)
    before = np.zeros((n, k), dtype=np.uint64)
    after = np.zeros((n, k), dtype=np.uint64)
    if len(places):
        low = np.searchsorted(places, position, side="left")
        high = np.searchsorted(places, position, side="right")
        for j in range(k):
            index = low - 1 - j
            before[:, j] = np.where(index >= 0, kind[places[np.maximum(index, 0)]] + _U(1), 0)
            index = high + j
            after[:, j] = np.where(index < len(places), kind[places[np.minimum(index, len(places) - 1)]] + _U(1), 0)
    return [
        _mix(_U(1), *before[:, :1].T),
        _mix(_U(2), *before[:, :2].T),
        _mix(_U(3), *before.T),
        _mix(_U(4), *after[:, :1].T),
        _mix(_U(5), *after[:, :2].T),
        _mix(_U(6), *after.T),
        _mix(_U(7), *before[:, :2].T, *after[:, :2].T),
    ]


def _places(document: Document, layout: Layout) -> tuple[Hashes, Hashes, Hashes]:
    """Where a token lies: column and row of a coarse raster over the ink of its page, and its cell's column number."""
    n = len(layout.page)
    x = np.zeros(n)
    y = np.zeros(n)
    for number in np.unique(layout.page):
        on = layout.page == number
        box = layout.box[on]
        lo, hi = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        span = np.maximum(hi - lo, 1.0)
        x[on] = ((box[:, 0] + box[:, 2]) / 2 - lo[0]) / span[0]
        y[on] = (box[:, 1] - lo[1]) / span[1]
    cells = np.fromiter(((t.cell[2] + 1 if t.cell else 0) for t in document.tokens), dtype=np.uint64, count=n)
    return (x * 19.99).astype(np.uint64), (y * 9.99).astype(np.uint64), cells


def _block_context(layout: Layout, masked: Hashes, kind: Hashes, n: int) -> list[Hashes]:
    """First word of the token's block and of its line segment, its place in them, and what surrounds the segment."""
    if n == 0:
        return [masked] * 5
    position = np.arange(n)
    block_first = np.full(int(layout.block.max()) + 1, n)
    np.minimum.at(block_first, layout.block, position)
    segment_first = np.full(int(layout.segment.max()) + 1, n)
    np.minimum.at(segment_first, layout.segment, position)
    segment_size = np.bincount(layout.segment)
    first = segment_first[layout.segment]
    size = np.minimum(segment_size[layout.segment], 8)
    place = np.minimum(position - first, 4)
    before = np.where(first > 0, kind[np.maximum(first - 1, 0)] + _U(1), 0)
    last = first + segment_size[layout.segment] - 1
    after = np.where(last < n - 1, kind[np.minimum(last + 1, n - 1)] + _U(1), 0)
    return [
        masked[block_first[layout.block]],
        masked[first],
        (place * 16 + size).astype(np.uint64),
        _mix(before, after),
        _mix(before, kind[first], size.astype(np.uint64)),
    ]
