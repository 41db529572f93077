"""Token features: what a token is, what stands around it in the line, in the column and in reading order.

Features are hashed integers. The properties of a single word are computed once a distinct word (`tagging.words`); every
template then mixes whole arrays of them with what tells where the token lies (`tagging.places`) and what stands before
and behind it (`tagging.context`), so the cost of a page hardly depends on the number of templates.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractor.document import Document
from extractor.tagging.context import at_index, parts_passed, previous_keywords, significant_context, step_in_order
from extractor.tagging.generic import generic_columns
from extractor.tagging.hashing import Hashes, Template, hash_text, mix_columns
from extractor.tagging.landmarks import Hit, find_landmarks
from extractor.tagging.layout import Layout, analyse_layout
from extractor.tagging.places import block_context, column_keywords, places_on_page, row_counts
from extractor.tagging.words import DIGITS, SHAPE, Word, WordTable, plain_word, token_type

FEATURE_VERSION = 1
HASH_BITS = 20
_COLUMN_WORDS = 6
_U = np.uint64


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
        self._words = WordTable(self._describe)

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
        out = mix_columns(columns, len(document.tokens))
        out >>= _U(64 - HASH_BITS)
        return out.T, layout

    def word(self, text: str) -> Word:
        """Properties of one token text; the same text is looked at once."""
        return Word(*self._words.table[self._words[text]].tolist())

    def form_words(self, document: Document) -> NDArray[np.bool_]:
        """Which tokens (n,) are words of the printed form itself."""
        rows = self._words.rows(document)
        return np.asarray(self._words.table[rows, Word._fields.index("keyword")] > 0)

    def _describe(self, text: str) -> Word:
        plain = plain_word(text)
        masked = DIGITS.sub("0", plain)
        shape = text[:24]
        for pattern, sign in SHAPE:
            shape = pattern.sub(sign, shape)
        return Word(
            exact=hash_text(plain[:24]) if plain else hash_text(text[:8]),
            masked=hash_text(masked[:24]),
            shape=hash_text(shape),
            prefix=hash_text(masked[:3]),
            suffix=hash_text(masked[-3:]),
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
        stepped = {k: step_in_order(order, inverse, k) for k in (-3, -2, -1, 1, 2, 3)}
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

        part, before, since = parts_passed(hits, n)
        columns += [(part,), (part, kind), (part, before), (part, since), (part, masked), (part, kind, length)]

        column_words = column_keywords(layout, keyword, _COLUMN_WORDS).T
        nearest, second = column_words[0], column_words[1]
        columns += [(_U(77), word) for word in column_words]
        columns += [(kind, nearest), (part, nearest), (nearest, second), (kind, nearest, second)]
        columns += [(_U(91), kind, word) for word in column_words[2:]]

        last, last_but_one, third = previous_keywords(keyword, inverse, order, 3)
        columns += [(_U(78), last), (_U(78), last_but_one), (_U(78), third)]
        columns += [(last, kind), (last, last_but_one, kind)]
        backwards = previous_keywords(keyword[::-1], n - 1 - inverse[::-1], (n - 1 - order)[::-1], 2)
        next_word, next_but_one = backwards[:, ::-1]
        columns += [(next_word, kind), (next_word, next_but_one), (part, next_word)]

        counts = row_counts(layout.row, layout.box[:, 0], kind, n)
        columns += [(part, kind, counts[0]), (part, kind, counts[0], counts[1]), (kind, counts[2]), (part, counts[1])]

        columns += [(part, kind, signature) for signature in significant_context(kind, 4)]
        places = places_on_page(document, layout)
        columns += [
            (kind, places[0]),
            (part, kind, places[0]),
            (kind, places[1]),
            (places[2],),
            (part, kind, places[2]),
        ]
        position = np.arange(n)
        columns += [(part, masked_at[position - 1]), (part, masked_at[np.where(position < n - 1, position + 1, -1)])]
        columns += [(kind, block) for block in block_context(layout, masked, kind, n)]
        columns.append((np.full(n, hash_text(document.kind), dtype=np.uint64),))
        return columns


def _or_none(values: Hashes) -> Hashes:
    """The values, 1 added, with a 0 behind them: what an index of -1, "there is none", then finds."""
    out = np.zeros(len(values) + 1, dtype=np.uint64)
    np.add(values, _U(1), out=out[:-1])
    return out
