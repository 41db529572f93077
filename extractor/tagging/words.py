"""What a token is by itself: its type, its shape, and the word of the printed form that it spells."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractor.document import Document
from extractor.tagging.hashing import Hashes

_MOST_WORDS = 200_000  # hostile input must not let what is kept of words grow without bound

TYPES = (
    "none", "date", "date_piece", "money", "comma_number", "decimal", "integer", "year", "zip", "mark", "tick",
    "empty_tick", "letter", "bracket", "bar", "item", "upper", "capital", "lower", "mixed", "punctuation", "slash_s",
    "glyphs",
)  # fmt: skip
_TYPE_ID = {name: i for i, name in enumerate(TYPES)}
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
DIGITS = re.compile(r"\d")
SHAPE = ((re.compile(r"[A-Z]+"), "X"), (re.compile(r"[a-z]+"), "x"), (re.compile(r"\d"), "0"))


class Word(NamedTuple):
    """Properties of one distinct token text."""

    exact: int
    masked: int
    shape: int
    prefix: int
    suffix: int
    type: int
    keyword: int
    length: int


class WordTable(dict[str, int]):
    """Rows of a growing `table` of the properties of all words seen, by their texts."""

    def __init__(self, describe: Callable[[str], Word]) -> None:
        self._describe = describe
        self.table = np.empty((1024, len(Word._fields)), dtype=np.uint64)

    def __missing__(self, text: str) -> int:
        row = self[text] = len(self)
        if row == len(self.table):
            self.table = np.concatenate([self.table, np.empty_like(self.table)])
        self.table[row] = self._describe(text)
        return row

    def rows(self, document: Document) -> NDArray[np.int64]:
        """Rows of `table` of a document's tokens (n,)."""
        if len(self) > _MOST_WORDS:
            self.clear()
        return np.array([self[token.text] for token in document.tokens], dtype=np.int64)

    def of(self, document: Document) -> Hashes:
        """Properties of a document's tokens, (properties, n)."""
        rows = self.rows(document)
        return np.ascontiguousarray(self.table[rows].T)


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


def types_among(*names: str) -> NDArray[np.bool_]:
    """Which types (len(TYPES),) are among those named."""
    return np.array([name in names for name in TYPES])
