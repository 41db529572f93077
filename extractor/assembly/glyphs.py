"""Characters that reading confuses, shared by the parsers of numbers, dates and codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from extractor.memo import remembers_short

AS_DIGIT = {
    "l": "1",
    "I": "1",
    "i": "1",
    "|": "1",
    "!": "1",
    "O": "0",
    "o": "0",
    "Q": "0",
    "D": "0",
    "S": "5",
    "s": "5",
    "B": "8",
    "Z": "2",
    "z": "2",
    "G": "6",
    "b": "6",
    "q": "9",
    "g": "9",
}
"""Letters and bars that stand where a digit must, and the digit they are mistaken for."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = dict.fromkeys(map(ord, "“”„‟″"), '"') | dict.fromkeys(map(ord, "‘’‚‛′"), "'")
_VULGAR = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅛": " 1/8", "⅜": " 3/8", "⅝": " 5/8", "⅞": " 7/8"}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
MARK = re.compile(r"\(\s*[F#]?\d{1,2}(?:\s*[,&]\s*\d{1,2})*\s*\)")
"""A footnote mark as forms print it: (1), (12), (1,2)."""
_SUPERSCRIPT_TAIL = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+$")


@remembers_short()
def plain(text: str) -> str:
    """The text with one kind of dash, quote and blank, fractions spelt out and superscript marks at its end removed."""
    text = _SUPERSCRIPT_TAIL.sub("", text)
    for glyph, spelt in _VULGAR.items():
        text = text.replace(glyph, spelt)
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_QUOTES)
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip()


def pieces(fragments: Iterable[str]) -> list[str]:
    """The fragments made plain, empty ones dropped."""
    return [text for text in map(plain, fragments) if text]


def once(parts: list[str]) -> tuple[list[str], bool]:
    """The first half of a list that says the same thing twice, and whether it did.

    >>> once(["$1.98", "$1.98"])
    (['$1.98'], True)
    >>> once(["1", "2.59"])
    (['1', '2.59'], False)
    """
    half, odd = divmod(len(parts), 2)
    if half and not odd and parts[:half] == parts[half:]:
        return parts[:half], True
    whole = "".join(parts)
    half, odd = divmod(len(whole), 2)
    if not odd and half >= 4 and whole[:half] == whole[half:] and not whole[:half].isalnum():
        return [whole[:half]], True
    return parts, False
