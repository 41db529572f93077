"""Token features: what a token is, what stands around it in the line, in the column and in reading order.

Features are hashed integers. The properties of a single word are computed once a distinct word; every template then
mixes whole arrays of them, so the cost of a page hardly depends on the number of templates.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractor.document import Document
from extractor.tagging.generic import generic_columns
from extractor.tagging.landmarks import NAMES, Hit, find_landmarks
from extractor.tagging.layout import Layout, analyse_layout

FEATURE_VERSION = 1
HASH_BITS = 20
_COLUMN_WORDS = 6
_MOST_WORDS = 200_000  # hostile input must not let what is kept of words grow without bound
_CHUNK, _WINDOW = 256, 500  # tokens that share a window of form words, and the words in it
_STEP, _NEAR = 128, 64  # tokens looked at in one go: their costs fit the processor's cache; words looked at first
_U = np.uint64
Hashes = NDArray[np.uint64]
Template = tuple[Hashes | np.uint64, ...]
"""What is mixed to one feature: arrays with an entry a token, and constants."""

TYPES = (
    "none", "date", "date_piece", "money", "comma_number", "decimal", "integer", "year", "zip", "mark", "tick",
    "empty_tick", "letter", "bracket", "bar", "item", "upper", "capital", "lower", "mixed", "punctuation", "slash_s",
    "glyphs",
)  # fmt: skip
_TYPE_ID = {name: i for i, name in enumerate(TYPES)}


def _are(*names: str) -> NDArray[np.bool_]:
    """Which types (len(TYPES),) are among those named."""
    return np.array([name in names for name in TYPES])


_IS_SIGNIFICANT = _are(
    "date", "date_piece", "money", "comma_number", "decimal", "integer", "year", "mark", "tick", "letter"
)
_IS_COUNTED = (
    _are("date", "date_piece"),
    _are("money", "comma_number", "decimal", "integer", "year"),
    _are("letter"),
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


class _Word(NamedTuple):
    """Properties of one distinct token text."""

    exact: int
    masked: int
    shape: int
    prefix: int
    suffix: int
    type: int
    keyword: int
    length: int


class _Words(dict[str, int]):
    """Rows of a growing `table` of the properties of all words seen, by their texts."""

    def __init__(self, describe: Callable[[str], _Word]) -> None:
        self._describe = describe
        self.table = np.empty((1024, len(_Word._fields)), dtype=np.uint64)

    def __missing__(self, text: str) -> int:
        row = self[text] = len(self)
        if row == len(self.table):
            self.table = np.concatenate([self.table, np.empty_like(self.table)])
        self.table[row] = self._describe(text)
        return row

    def of(self, document: Document) -> Hashes:
        """Properties of a document's tokens, (properties, n)."""
        if len(self) > _MOST_WORDS:
            self.clear()
        rows = np.array([self[token.text] for token in document.tokens], dtype=np.int64)
        return np.ascontiguousarray(self.table[rows].T)


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
        self._words = _Words(self._describe)

    def __call__(self, document: Document, hits: Sequence[Hit] | None = None) -> tuple[Hashes, Layout]:
        """Hashed features (n, width) below 2**HASH_BITS, and the layout they were computed from.

        `hits` are the document's landmarks where they are known already. The array is stored a template after another:
        its transpose is contiguous.
        """
        layout = analyse_layout(document)
        if self.generic:
            columns = self._generic(document, layout)
        else:
            columns = self._templates(document, layout, find_landmarks(document.tokens) if hits is None else hits)
        out = _mix_columns(columns, len(document.tokens))
        out >>= _U(64 - HASH_BITS)
        return out.T, layout

    def word(self, text: str) -> _Word:
        """Properties of one token text; the same text is looked at once."""
        return _Word(*self._words.table[self._words[text]].tolist())

    def form_words(self, document: Document) -> NDArray[np.bool_]:
        """Which tokens (n,) are words of the printed form itself."""
        return np.asarray(self._words.of(document)[_Word._fields.index("keyword")] > 0)

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

    def _generic(self, document: Document, layout: Layout) -> list[Template]:
        exact, masked, shape, _, _, kind, _, _ = self._words.of(document)
        return [tuple(parts) for parts in generic_columns(document.tokens, layout, exact, masked, shape, kind)]

    def _templates(self, document: Document, layout: Layout, hits: Sequence[Hit]) -> list[Template]:
        n = len(document.tokens)
        exact, masked, shape, prefix, suffix, kind, keyword, length = self._words.of(document)
        order = layout.order
        inverse = np.empty(n, dtype=np.int64)
        inverse[order] = np.arange(n)
        masked_at, kind_at, exact_at, keyword_at = map(_or_none, (masked, kind, exact, keyword))
        stepped = {k: _step(order, inverse, k) for k in (-3, -2, -1, 1, 2, 3)}
        word_at = {k: masked_at[to] for k, to in stepped.items()}
        type_at = {k: kind_at[to] for k, to in stepped.items()}

        columns: list[Template] = [(exact,), (masked,), (shape,), (prefix,), (suffix,), (kind,), (kind, length)]
        for k in stepped:
            columns += [(word_at[k],), (type_at[k],)]
        columns += [(type_at[-1], kind, type_at[1]), (word_at[-1], masked)]
        columns += [(masked, word_at[1]), (word_at[-2], word_at[-1])]
        left, right, above, below = layout.left, layout.right, layout.above, layout.below
        type_above, type_below = kind_at[above], kind_at[below]
        columns += [(masked_at[left],), (masked_at[right],), (masked_at[above],), (masked_at[below],)]
        columns += [(type_above,), (type_below,), (kind, type_above, type_below)]
        columns += [(exact_at[at_index(above, above)],), (keyword_at[above],), (keyword_at[below],)]

        part, before, since = _parts(hits, n)
        columns += [(part,), (part, kind), (part, before), (part, since), (part, masked), (part, kind, length)]

        column_words = _column_keywords(layout, keyword, _COLUMN_WORDS).T
        nearest, second = column_words[0], column_words[1]
        columns += [(_U(77), word) for word in column_words]
        columns += [(kind, nearest), (part, nearest), (nearest, second), (kind, nearest, second)]
        columns += [(_U(91), kind, word) for word in column_words[2:]]

        last, last_but_one, third = _previous_keywords(keyword, inverse, order, 3)
        columns += [(_U(78), last), (_U(78), last_but_one), (_U(78), third)]
        columns += [(last, kind), (last, last_but_one, kind)]
        backwards = _previous_keywords(keyword[::-1], n - 1 - inverse[::-1], (n - 1 - order)[::-1], 2)
        next_word, next_but_one = backwards[:, ::-1]
        columns += [(next_word, kind), (next_word, next_but_one), (part, next_word)]

        counts = _row_counts(layout.row, layout.box[:, 0], kind, n)
        columns += [(part, kind, counts[0]), (part, kind, counts[0], counts[1]), (kind, counts[2]), (part, counts[1])]

        columns += [(part, kind, signature) for signature in _significant_context(kind, 4)]
        places = _places(document, layout)
        columns += [
            (kind, places[0]),
            (part, kind, places[0]),
            (kind, places[1]),
            (places[2],),
            (part, kind, places[2]),
        ]
        position = np.arange(n)
        columns += [(part, masked_at[position - 1]), (part, masked_at[np.where(position < n - 1, position + 1, -1)])]
        columns += [(kind, block) for block in _block_context(layout, masked, kind, n)]
        columns.append((np.full(n, _hash(document.kind), dtype=np.uint64),))
        return columns


def _or_none(values: Hashes) -> Hashes:
    """The values, 1 added, with a 0 behind them: what an index of -1, "there is none", then finds."""
    out = np.zeros(len(values) + 1, dtype=np.uint64)
    np.add(values, _U(1), out=out[:-1])
    return out


def _step(order: NDArray[np.int64], inverse: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Index of the token k steps on in decoding order, -1 beyond the ends."""
    reach = abs(k)
    none = np.full(reach, -1)
    return np.concatenate([none, order, none])[inverse + (reach + k)]


def at_index(index: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Neighbour of the neighbour."""
    return np.where(index >= 0, values[np.maximum(index, 0)], -1) if len(index) else index


def _mix_columns(columns: Sequence[Template], n: int) -> Hashes:
    """Every template's parts mixed, then with the template's number: (templates, n).

    Templates of as many parts are mixed in one go, which spares a dozen calls a template.
    """
    out = np.empty((len(columns), n), dtype=np.uint64)
    by_size: dict[int, list[int]] = {}
    for place, parts in enumerate(columns):
        by_size.setdefault(len(parts), []).append(place)
    for size, places in by_size.items():
        stacked = np.empty((size, len(places), n), dtype=np.uint64)
        for i, place in enumerate(places):
            for j, part in enumerate(columns[place]):
                stacked[j, i] = part
        out[places] = stacked[0] if size == 1 else _mix(*stacked)
    return _mix(np.arange(1, len(columns) + 1, dtype=np.uint64)[:, None], out)


def _mix(*parts: Hashes | np.uint64) -> Hashes:
    """Combine arrays of integers into well-spread 64-bit hashes (multiply-xorshift, as in splitmix64)."""
    total = np.zeros(np.broadcast_shapes(*(np.shape(part) for part in parts)), dtype=np.uint64)
    shifted = np.empty_like(total)

    def spread(shift: int, factor: int) -> None:
        np.right_shift(total, _U(shift), out=shifted)
        np.bitwise_xor(total, shifted, out=total)
        if factor:
            np.multiply(total, _U(factor), out=total)

    np.add(parts[0], _U(0x9E3779B97F4A7C15), out=total)  # arrays of whole numbers overflow without a warning
    for part in parts[1:]:
        spread(29, 0xBF58476D1CE4E5B9)
        np.add(total, part, out=total)
    spread(30, 0xBF58476D1CE4E5B9)
    spread(27, 0x94D049BB133111EB)
    spread(31, 0)
    return total


def _parts(hits: Sequence[Hit], n: int) -> tuple[Hashes, Hashes, Hashes]:
    """The landmark last passed in line order, the one before it, and a coarse distance from it, a token each."""
    part = np.zeros(n, dtype=np.uint64)
    before = np.zeros(n, dtype=np.uint64)
    start = np.zeros(n, dtype=np.int64)
    current = 0
    for hit in hits:
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
    column = _Columns(layout, sources, k)
    paged = bool((layout.page[1:] >= layout.page[:-1]).all())
    for lo in range(0, n, _STEP):
        hi = min(n, lo + _STEP)
        chunk_end = min(n, lo - lo % _CHUNK + _CHUNK)  # windows are bounded in whole chunks
        end = int(np.searchsorted(sources, chunk_end))
        window = slice(max(0, end - _WINDOW), end)
        first, last = window.start, int(np.searchsorted(sources, hi))
        if paged:
            first = max(first, int(np.searchsorted(column.word_page, layout.page[lo])))
        if (column.word_y[last:end] < column.y[lo:hi].max() - 1.0).any():
            last = end  # what comes later in line order still lies above
        if last <= first:
            continue
        # the nearest words are mostly among the last few; tokens that a far one could matter to look again
        low = max(first, int(np.searchsorted(sources, lo)) - _NEAR)
        rows = np.arange(lo, hi)
        costs, best = column.nearest(rows, low, last)
        if low > first:
            again = np.flatnonzero(~(costs[:, k - 1] < column.y[lo:hi] - column.word_y[first:low].max()))
            if len(again):
                costs[again], best[again] = column.nearest(rows[again], first, last)
        words = keyword[sources[best]]
        out[lo:hi] = np.where(np.isfinite(costs[:, :k]), words[:, :k], 0)
        equal = (costs[:, 1:] == costs[:, :-1]) & np.isfinite(costs[:, 1:])
        equal[:, :-1] &= words[:, 1:-1] != words[:, : k - 1]
        tied = np.flatnonzero(equal.any(axis=1))
        if len(tied):
            costs, best = column.partitioned(rows[tied], window)
            out[rows[tied], : best.shape[1]] = np.where(np.isfinite(costs), keyword[sources[best]], 0)
    return out


class _Columns:
    """How far tokens lie below form words (`sources`) of their column."""

    def __init__(self, layout: Layout, sources: NDArray[np.int64], k: int) -> None:
        box = layout.box
        self.x = (box[:, 0] + box[:, 2]) / 2
        self.y = (box[:, 1] + box[:, 3]) / 2
        self.page = layout.page
        self.word_x, self.word_y, self.word_page = self.x[sources], self.y[sources], self.page[sources]
        self._from, self._to = np.ascontiguousarray(layout.zone[sources].T)
        self._k = k
        self._one_page = bool((self.page == self.page[:1]).all())

    def _costs(self, rows: NDArray[np.int64], words: slice) -> NDArray[np.float64]:
        """Of each token from each word, infinite for words that are not above it in its column."""
        x = self.x[rows, None]
        cost = self.y[rows, None] - self.word_y[words]
        fits = cost > 2.0
        fits &= x > self._from[words]
        fits &= x < self._to[words]
        if not self._one_page:
            fits &= self.page[rows, None] == self.word_page[words]
        # of the words on one line the one straight above counts first
        aside = x - self.word_x[words]
        np.abs(aside, out=aside)
        aside *= 0.02
        cost += aside
        np.copyto(cost, np.inf, where=~fits)
        return cost

    def nearest(self, rows: NDArray[np.int64], low: int, high: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Costs and places of the k + 1 nearest words from `low` to `high`, infinite where there are fewer."""
        cost = self._costs(rows, slice(low, high))
        k = self._k
        every = np.arange(len(rows))
        found = np.full((len(rows), k + 1), np.inf)
        best = np.zeros((len(rows), k + 1), dtype=np.int64)
        for j in range(min(k + 1, cost.shape[1])):  # so few are found faster one by one than by a partition
            place = cost.argmin(axis=1)
            found[:, j] = cost[every, place]
            best[:, j] = place + low
            cost[every, place] = np.inf
        return found, best

    def partitioned(self, rows: NDArray[np.int64], words: slice) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The k nearest words where some are equally near: in the order of a partition of the whole window.

        Any order would do, but models are trained on this one.
        """
        cost = self._costs(rows, words)
        take = min(self._k, cost.shape[1])
        every = np.arange(len(rows))[:, None]
        if take < cost.shape[1]:
            best = np.argpartition(cost, take - 1, axis=1)[:, :take]
        else:
            best = np.tile(np.arange(take), (len(rows), 1))
        best = best[every, np.argsort(cost[every, best], axis=1, kind="stable")]
        return cost[every, best], best + words.start


def _previous_keywords(keyword: Hashes, inverse: NDArray[np.int64], order: NDArray[np.int64], k: int) -> Hashes:
    """Per token the last k form words before it in decoding order, nearest first; (k, n)."""
    ordered = keyword[order]
    places = np.flatnonzero(ordered > 0)
    # the words in order behind k blanks, so that a rank below k finds a blank
    found = np.concatenate([np.zeros(k, dtype=np.uint64), ordered[places]])
    rank = np.searchsorted(places, inverse, side="left")
    return np.stack([found[rank + (k - 1 - j)] for j in range(k)])


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
    for counted in _IS_COUNTED:
        hit = counted[kind[by_row]].astype(np.int64)
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


def _significant_context(kind: Hashes, k: int) -> list[Hashes]:
    """Hashes of the types of the k values (dates, numbers, letters, marks) before and after each token."""
    hit = _IS_SIGNIFICANT[kind]
    passed = np.cumsum(hit)
    found = np.zeros(int(hit.sum()) + 2 * k, dtype=np.uint64)  # k blanks on either side
    found[k : len(found) - k] = kind[hit] + _U(1)
    before = np.stack([found[passed - hit + (k - 1 - j)] for j in range(k)])
    after = np.stack([found[passed + (k + j)] for j in range(k)])
    return [
        _mix(_U(1), *before[:1]),
        _mix(_U(2), *before[:2]),
        _mix(_U(3), *before),
        _mix(_U(4), *after[:1]),
        _mix(_U(5), *after[:2]),
        _mix(_U(6), *after),
        _mix(_U(7), *before[:2], *after[:2]),
    ]


def _places(document: Document, layout: Layout) -> tuple[Hashes, Hashes, Hashes]:
    """Where a token lies: column and row of a coarse raster over the ink of its page, and its cell's column number."""
    n = len(layout.page)
    x = np.zeros(n)
    y = np.zeros(n)
    for number in np.unique(layout.page).tolist():
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
