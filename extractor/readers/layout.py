"""From words with boxes to tokens in reading order: lines from top to bottom, words from left to right.

Readers of pages share it: a text layer and an OCR engine both give words, and both are put in order here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.document import BBox, Document, Page, Token
from extractor.readers.tokenise import split_word

_SAME_LINE = 0.5  # share of the lower of two words that must overlap vertically
_BUCKET = 12.0  # points; lines are looked up by the strip of the page they lie in


@dataclass(slots=True)
class Word:
    """One token before it has its place: text, box in points from the page's top left, the reader's belief in it."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    quality: float = 1.0
    cell: tuple[int, int, int] | None = None
    agreement: float | None = None
    readings: tuple[tuple[str, float], ...] = ()

    @property
    def bbox(self) -> BBox:
        return (self.x0, self.top, self.x1, self.bottom)


@dataclass(slots=True)
class _Line:
    top: float
    bottom: float
    words: list[Word]


def split_words(words: Iterable[Word]) -> list[Word]:
    """The words cut into tokens; a piece gets its share of the box by its share of the characters."""
    out: list[Word] = []
    for word in words:
        pieces = split_word(word.text)
        if len(pieces) == 1:
            out.append(word)
            continue
        step = (word.x1 - word.x0) / len(word.text)
        readings = readings_of_pieces(word.readings, [text for text, _ in pieces])
        for (text, at), own in zip(pieces, readings, strict=True):
            x0 = word.x0 + step * at
            x1 = x0 + step * len(text)
            out.append(Word(text, x0, word.top, x1, word.bottom, word.quality, None, word.agreement, own))
    return out


def readings_of_pieces(
    readings: Iterable[tuple[str, float]], pieces: Sequence[str]
) -> list[tuple[tuple[str, float], ...]]:
    """The readings of a word shared out to the pieces that it was cut into, where they are cut into as many.

    >>> readings_of_pieces([("1,619(2)", 0.7), ("1.619(2)", 0.2), ("16192", 0.1)], ["1,619", "(2)"])
    [(('1,619', 0.7), ('1.619', 0.2)), ()]
    """
    found: list[dict[str, float]] = [{} for _ in pieces]
    for reading, belief in readings:
        parts = [text for text, _ in split_word(reading)]
        if len(parts) == len(pieces):
            for own, text in zip(found, parts, strict=True):
                own[text] = own.get(text, 0.0) + belief
    return [tuple(own.items()) if set(own) - {piece} else () for own, piece in zip(found, pieces, strict=True)]


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words grouped to lines, lines from top to bottom, the words of a line from left to right.

    A word belongs to a line when half of the lower of the two overlaps: a superscript joins the line of its base,
    the second line of a wrapped cell does not. Low words come first, so that a tall one (a heading, a check box)
    beside two lines of small print joins the nearer of them and does not make them one.
    """
    lines: list[_Line] = []
    buckets: dict[int, list[_Line]] = {}
    for word in sorted(words, key=lambda w: (round(w.bottom - w.top), w.top)):
        top, bottom = word.top, word.bottom
        span = range(int(top // _BUCKET), int(bottom // _BUCKET) + 1)
        best, best_share = None, _SAME_LINE
        for bucket in span:
            for line in buckets.get(bucket, ()):
                # written out: this runs for every pair of neighbours on a page
                low = bottom if bottom < line.bottom else line.bottom
                high = top if top > line.top else line.top
                if low <= high:
                    continue
                height, other = bottom - top, line.bottom - line.top
                share = (low - high) / (height if height < other else other)
                if share > best_share:
                    best, best_share = line, share
        if best is None:
            line = _Line(top, bottom, [word])
            lines.append(line)
            for bucket in span:
                buckets.setdefault(bucket, []).append(line)
        else:
            best.words.append(word)
    lines.sort(key=lambda line: line.top + line.bottom)
    return [sorted(line.words, key=lambda w: w.x0) for line in lines]


class DocumentBuilder:
    """Collects pages and their words to a document, keeping line numbers and text offsets consistent.

    >>> builder = DocumentBuilder()
    >>> builder.add(Page(1, 612, 792), [Word("Stock", 40, 10, 60, 20), Word("Common", 10, 10, 38, 20)])
    >>> builder.build("pdf_text").text
    'Common Stock'
    """

    def __init__(self) -> None:
        self._pages: list[Page] = []
        self._tokens: list[Token] = []
        self._text: list[str] = []
        self._length = 0
        self._lines = 0

    @property
    def pages(self) -> list[Page]:
        """The pages added so far."""
        return self._pages

    def add(self, page: Page, words: Iterable[Word]) -> None:
        """Append a page with its words, in any order; words must be single tokens (see `split_words`)."""
        self._pages.append(page)
        for line in lines_of(words):
            if self._lines:
                self._text.append("\n")
                self._length += 1
            for index, word in enumerate(line):
                if index:
                    self._text.append(" ")
                    self._length += 1
                start = self._length
                self._length += len(word.text)
                self._text.append(word.text)
                place = (page.number, word.bbox, self._lines, start, self._length)
                self._tokens.append(Token(word.text, *place, word.quality, word.cell, word.agreement, word.readings))
            self._lines += 1

    def build(self, kind: str, path: str = "", sha256: str = "") -> Document:
        """The document of everything added."""
        return Document(kind, self._pages, self._tokens, "".join(self._text), path=path, sha256=sha256)
