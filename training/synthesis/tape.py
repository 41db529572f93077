"""Text under construction: atoms of text with the mark of their value, so that labels survive all that is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.document import Document
from extractor.readers.text import read_text
from training.synthesis.annotate import Mark
from training.synthesis.page import CanvasPage, PlacedWord, text_width


@dataclass(slots=True)
class Atom:
    """A run of characters of one value, or of none. Blanks, tabs and line ends are atoms of their own."""

    text: str
    mark: Mark | None = None

    @property
    def is_space(self) -> bool:
        return not self.text.strip()


Tape = list[Atom]

BLANK, TAB, END = " ", "\t", "\n"


def space(text: str = BLANK) -> Atom:
    return Atom(text)


def read_tape(tape: Sequence[Atom]) -> tuple[Document, list[Mark | None]]:
    """The text read by the product's reader, each token with the mark of most of its characters."""
    text = "".join(atom.text for atom in tape)
    by_character: list[Mark | None] = []
    for atom in tape:
        by_character += [atom.mark] * len(atom.text)
    document = read_text(text)
    marks: list[Mark | None] = []
    for token in document.tokens:
        own = by_character[token.start : token.end]
        if own and all(mark is own[0] for mark in own):
            marks.append(own[0])
            continue
        votes = Counter((m.label, m.row, m.key) if m else None for m in own)
        best = votes.most_common(1)[0][0]
        marks.append(Mark(*best) if best else None)
    return document, marks


def mark_of(word: PlacedWord) -> Mark | None:
    return Mark(word.label, word.row, word.field_key) if word.label else None


@dataclass(slots=True)
class Glyph:
    """One character of a placed word."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    mark: Mark | None
    first: bool  # a blank goes before it, unless it begins a line


def glyphs(page: CanvasPage, boxes: bool = True) -> list[Glyph]:
    """All characters of a page in the order of placing; drawn boxes where wanted."""
    out: list[Glyph] = []
    for word in page.words:
        mark = mark_of(word)
        if word.box and not boxes:
            continue
        if word.box:
            out.append(Glyph(word.text, word.x0, word.x1, word.top, word.bottom, mark, True))
            continue
        x = word.x0
        for number, letter in enumerate(word.text):
            width = text_width(letter, word.font, word.size)
            out.append(Glyph(letter, x, x + width, word.top, word.bottom, mark, number == 0 and not word.joined))
            x += width
    return out


def visual_lines(words: Sequence[PlacedWord], tolerance: float = 0.5) -> list[list[PlacedWord]]:
    """Words by lines from top to bottom, each from left to right; raised marks stay on the line of their word."""
    lines: list[tuple[float, float, list[PlacedWord]]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        placed = False
        for number in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            top, bottom, members = lines[number]
            height = min(bottom - top, word.bottom - word.top)
            if min(bottom, word.bottom) - max(top, word.top) > tolerance * height or top < middle < bottom - 1:
                members.append(word)
                if not word.joined and len(members) < 3:
                    lines[number] = (min(top, word.top), max(bottom, word.bottom), members)
                placed = True
                break
        if not placed:
            lines.append((word.top, word.bottom, [word]))
    return [sorted(members, key=lambda w: w.x0) for _, _, members in lines]
