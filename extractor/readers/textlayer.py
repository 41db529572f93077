"""The text layer of a PDF page: characters to words, and whether it can be believed at all."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from extractor.readers.layout import Word
from extractor.readers.pdfium import Chars
from extractor.readers.tokenise import split_word

_GAP = 0.28  # of the height of the characters: a wider gap divides words
_KERNED_BLANK = 0.1  # of that height: a gap in a word that is set solid elsewhere, where PDFium lost a narrow blank
_SOLID = 0.03  # of that height: characters this close stand side by side
_BACK = 0.6  # of that height: a word does not run this far back
_RAISED = 0.15  # of that height: superscripts and other lines
_FEW_CHARS = 12  # a page with fewer has no text worth the name

# Symbol fonts put their glyphs at 0xF000 + code; these are the ones that forms use as boxes and ticks.
_SYMBOLS = {
    0xF06F: "☐", 0xF071: "☐", 0xF072: "☐", 0xF0A8: "☐", 0xF0A3: "☐", 0xF0FE: "☒", 0xF0FD: "☒", 0xF052: "☒",
    0xF053: "☒", 0xF054: "☒", 0xF0FC: "✓", 0xF0FB: "✗", 0xF0B7: "•", 0xF020: " ",
}  # fmt: skip
_LIKE = {"☑": "☒", "🗹": "☒", "🗷": "☒", "⊠": "☒", "■": "☒", "□": "☐", "❏": "☐", "❑": "☐", "❒": "☐", "▢": "☐", "◻": "☐"}
_PLAIN = str.maketrans(
    {**_SYMBOLS, **{ord(k): v for k, v in _LIKE.items()}, 0xA0: " ", 0xAD: "-", 0x2: "-", 0xFFFE: "-", 0x200B: " "}
)
_WORD = re.compile(r"[A-Za-z]{3,}")
_CID = re.compile(r"\(cid:\d+\)")
# words that every form, and nearly every English page, has: text without any is written in shifted glyphs
_COMMON = frozenset(
    {"the", "of", "to", "and", "in", "or", "for", "on", "by", "is", "form", "date", "name", "securities",
     "security", "common", "stock", "ownership", "reporting", "person", "issuer", "code", "price", "amount",
     "title", "table", "see", "if", "any", "this", "that", "with", "as", "at", "are", "be", "not", "from",
     "number", "shares", "inc", "company", "page"}
)  # fmt: skip


def is_broken(text: str) -> bool:
    """Whether a text layer is gibberish: glyphs without characters, `(cid:NN)`, or letters that are shifted.

    >>> is_broken("Table I - Non-Derivative Securities Acquired, Disposed of, or Beneficially Owned")
    False
    >>> is_broken("(cid:36)(cid:79)(cid:87)(cid:82) (cid:20)(cid:21)")
    True
    """
    if "(cid:" in text and 8 * len(_CID.findall(text)) > 0.05 * len(text):
        return True
    codes = np.frombuffer(text.translate(_PLAIN).encode("utf-32-le"), np.uint32)
    ink = codes > 32
    count = int(ink.sum())
    control = (codes < 32) & (codes != 10) & (codes != 13) & (codes != 9)
    odd = control | (codes == 0xFFFD) | ((codes >= 0xE000) & (codes < 0xF900)) | ((codes >= 0x80) & (codes < 0xA0))
    if int(odd.sum()) > max(4, 0.02 * count):
        return True
    hits, words = common_words(text)
    if words >= 30 and hits < 0.08 * words:
        return True
    # a longer text without words is shifted into digits and signs, or has its letters exchanged for those
    digits = int(((codes >= 48) & (codes < 58)).sum())
    letters = sum(map(len, _WORD.findall(text)))
    wordless = letters < 0.1 * count and digits < 0.4 * count
    return (count >= 200 and wordless) or (count - digits >= 200 and hits < 0.01 * (count - digits))


def common_words(text: str) -> tuple[int, int]:
    """How many of the words of a text are ones that nearly every English page has, and how many words there are."""
    words = _WORD.findall(text)
    return sum(word.lower() in _COMMON for word in words), len(words)


def has_text(chars: Chars) -> bool:
    """Whether the page has more than a stray mark of text."""
    return len("".join(chars.text.split())) >= _FEW_CHARS


def words_of(chars: Chars) -> list[Word]:
    """The tokens of a text layer with their true boxes.

    Words end at blanks, at gaps and jumps, and where the line of writing is raised, as it is for a superscript:
    a footnote mark behind a number is a token of its own.
    """
    text = chars.text.translate(_PLAIN)
    if len(text) != len(chars.text):  # pragma: no cover - the table maps one character to one
        raise AssertionError("translation must keep positions")
    count = len(text)
    if not count:
        return []
    boxes = chars.boxes
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    ink = codes > 32
    starts, ends = _runs(ink, _breaks(boxes, ink, _letters(codes)))
    first, last = [], []
    pieces: list[str] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        run = text[start:end]
        for piece, at in split_word(run):
            pieces.append(piece)
            first.append(start + at)
            last.append(start + at + len(piece))
    if not pieces:
        return []
    # reduceat over [first, last) pairs: the odd segments lie between the pieces
    edges = np.empty(2 * len(first), np.intp)
    edges[0::2], edges[1::2] = first, last
    padded = np.vstack([boxes, boxes[-1:]])
    low = np.minimum.reduceat(padded[:, :2], edges, axis=0)[0::2].tolist()
    high = np.maximum.reduceat(padded[:, 2:], edges, axis=0)[0::2].tolist()
    return [Word(piece, x0, y0, x1, y1) for piece, (x0, y0), (x1, y1) in zip(pieces, low, high, strict=True)]


def _letters(codes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which characters are plain letters."""
    return ((codes | 32) >= 97) & ((codes | 32) <= 122)


def _breaks(
    boxes: np.ndarray[Any, Any], ink: np.ndarray[Any, Any], letter: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Where character i does not continue the word of character i - 1, by its box."""
    broken = np.zeros(len(boxes), bool)
    before, after = boxes[:-1], boxes[1:]
    height = np.maximum(np.maximum(before[:, 3] - before[:, 1], after[:, 3] - after[:, 1]), 1.0)
    gap = after[:, 0] - before[:, 2]
    broken[1:] = (
        (gap > _GAP * height) | (gap < -_BACK * height) | (np.abs(after[:, 3] - before[:, 3]) > _RAISED * height)
    ) & ink[1:]
    # between two letters in a word whose other letters touch, a smaller gap divides too
    solid = ~ink[:-1] | ~ink[1:] | (np.abs(gap) < _SOLID * height)
    around = np.ones(len(gap) + 2, bool)
    around[1:-1] = solid
    inner = letter[:-1] & letter[1:] & (gap > _KERNED_BLANK * height) & around[:-2] & around[2:]
    broken[1:] |= inner
    return broken


def _runs(ink: np.ndarray[Any, Any], broken: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Starts and ends of the runs of inked characters, divided where `broken`."""
    previous = np.concatenate([[False], ink[:-1]])
    following = np.concatenate([ink[1:], [False]])
    starts = np.flatnonzero(ink & (~previous | broken))
    next_broken = np.concatenate([broken[1:], [False]])
    ends = np.flatnonzero(ink & (~following | next_broken)) + 1
    return starts, ends
