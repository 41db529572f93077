"""Cuts text into tokens: at blanks, and inside words where two values touch.

Finer than words on purpose: a token carries one label, so a footnote mark glued to a number, brackets around a ticker
or a tick glued to its caption must be tokens of their own.
"""

from __future__ import annotations

import re

from extractor.memo import remembers_short

_PIECE = re.compile(
    r"""
      [☐☒☑✓✔✗✘■□]                  # check boxes and ticks
    | \(\d{1,2}\)                   # footnote mark
    | \([xX]\) | _+[xX]_+ | __+     # typed ticks, set and empty
    | [\[\]|{}]                     # brackets of tickers, bars between cells
    | /K(?![A-Za-z0-9])             # equity swap behind a code
    | \$?[^\s☐☒☑✓✔✗✘■□\[\]|{}$_(/]+  # a word up to where another piece may start
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_SWAP = re.compile(r"[A-Z]/K")


def split_word(word: str) -> list[tuple[str, int]]:
    """Pieces of one blank-free word with their offsets in it.

    >>> split_word("45,000(1)(2)")
    [('45,000', 0), ('(1)', 6), ('(2)', 9)]
    >>> split_word("[ALTO]")
    [('[', 0), ('ALTO', 1), (']', 5)]
    >>> split_word("03/14/2023")
    [('03/14/2023', 0)]
    >>> split_word("S/K")
    [('S', 0), ('/K', 1)]
    >>> split_word("1,619$0")
    [('1,619', 0), ('$0', 5)]
    """
    if word.isalnum():
        return [(word, 0)]
    return list(_split(word))


@remembers_short()
def _split(word: str) -> list[tuple[str, int]]:
    pieces: list[tuple[str, int]] = []
    open_end = -1  # where the last ordinary piece ended, so that what belongs to it is joined again
    for match in _PIECE.finditer(word):
        text, start = match.group(), match.start()
        ordinary = not _is_own_token(text, word, start)
        if ordinary and start == open_end:
            last, at = pieces[-1]
            pieces[-1] = (last + text, at)
        else:
            pieces.append((text, start))
        open_end = match.end() if ordinary else -1
    return pieces


def _is_own_token(text: str, word: str, start: int) -> bool:
    if text[0] in "☐☒☑✓✔✗✘■□[]|{}":
        return True
    if text == "/K":
        return bool(_SWAP.fullmatch(word[max(0, start - 1) : start + 2])) and (
            start < 2 or not word[start - 2].isalnum()
        )
    if text[0] == "_" and len(text) > 1:
        return True
    if text[0] == "(" and len(text) > 2:
        return True
    if text[0] == "$":
        # "$" opens a new value only behind one: "1,619$0", but not "US$1.00" in prose
        return start > 0 and (word[start - 1].isdigit() or word[start - 1] == ")")
    return False


def tokenise(text: str, offset: int = 0) -> list[tuple[str, int, int]]:
    """Tokens of a text as (text, start, end), offsets counted from `offset`."""
    out: list[tuple[str, int, int]] = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        if word.isalnum():
            out.append((word, offset + at, offset + at + len(word)))
        else:
            for piece, begin in split_word(word):
                start = offset + at + begin
                out.append((piece, start, start + len(piece)))
        at += len(word)
    return out
