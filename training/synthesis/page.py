"""A page canvas that knows its words: text is placed with real font widths, every word with the label of its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from training.synthesis.content import Chunk, Line

FAMILIES = {
    "times": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "helvetica": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "courier": ("Courier", "Courier-Bold", "Courier-Oblique"),
    "vera": ("Vera", "VeraBd", "VeraIt"),
}


@dataclass(slots=True)
class PlacedWord:
    """A blank-free piece of text on a page; `field_key` is the value it belongs to, 0 for none.

    `joined`: it touches the word before it, as a footnote mark touches its number.
    """

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    font: str
    size: float
    label: str | None = None
    row: int | None = None
    field_key: int = 0
    joined: bool = False
    box: bool = False
    colour: tuple[float, float, float] = (0, 0, 0)


@dataclass(slots=True)
class DrawnRule:
    """A straight line, or a frame where both sides have an extent and `frame` is set."""

    x0: float
    top: float
    x1: float
    bottom: float
    width: float = 0.6
    frame: bool = False


@dataclass(slots=True)
class CellBox:
    """A table cell on the page: what a table recogniser would find; `ruled` where lines are drawn around it."""

    table: int
    x0: float
    top: float
    x1: float
    bottom: float
    ruled: bool = True


@dataclass(slots=True)
class CanvasPage:
    """`pitch` is the width of a character on pages typed in one."""

    number: int
    width: float
    height: float
    words: list[PlacedWord] = field(default_factory=list)
    rules: list[DrawnRule] = field(default_factory=list)
    cells: list[CellBox] = field(default_factory=list)
    pitch: float = 0.0


@dataclass(slots=True)
class Pen:
    """How text is set."""

    family: str = "times"
    size: float = 9.0
    leading: float = 1.16
    bold: bool = False
    colour: tuple[float, float, float] = (0, 0, 0)

    def font(self, variant: str = "") -> str:
        regular, bold, italic = FAMILIES[self.family]
        return italic if variant == "i" else bold if variant == "b" or self.bold else regular

    def sized(self, size: float) -> Pen:
        return Pen(self.family, size, self.leading, self.bold, self.colour)

    def boldly(self, bold: bool = True) -> Pen:
        return Pen(self.family, self.size, self.leading, bold, self.colour)

    def coloured(self, colour: tuple[float, float, float]) -> Pen:
        return Pen(self.family, self.size, self.leading, self.bold, colour)

    @property
    def line_height(self) -> float:
        return self.size * self.leading


@lru_cache(maxsize=1)
def _register() -> None:
    for name in FAMILIES["vera"]:
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


@lru_cache(maxsize=60_000)
def text_width(text: str, font: str, size: float) -> float:
    if font.startswith("Vera"):
        _register()
    return float(pdfmetrics.stringWidth(text, font, size))


@dataclass(slots=True)
class _Piece:
    """A piece of a chunk that is placed as one word."""

    chunk: Chunk
    text: str
    font: str
    size: float
    width: float
    joined: bool


_BOX_SIDE = 0.95  # of the font size


def _pieces(line: Line, pen: Pen) -> list[list[_Piece]]:
    """The words of a line, each a list of touching pieces."""
    words: list[list[_Piece]] = []
    for chunk in line:
        font = pen.font(chunk.font)
        size = pen.size * 0.7 if chunk.raised else pen.size
        for number, text in enumerate(chunk.text.split() if not chunk.box else [chunk.text]):
            joined = chunk.glue and number == 0 and bool(words)
            width = size * _BOX_SIDE if chunk.box else text_width(text, font, size)
            piece = _Piece(chunk, text, font, size, width, joined)
            if joined:
                words[-1].append(piece)
            else:
                words.append([piece])
    return words


def _fit(word: list[_Piece], width: float) -> list[list[_Piece]]:
    """A word that is too wide, cut: behind a hyphen or slash, before a joined piece, else anywhere."""
    out: list[list[_Piece]] = []
    current: list[_Piece] = []
    used = 0.0
    for piece in word:
        if used + piece.width <= width or piece.chunk.box:
            current.append(piece)
            used += piece.width
            continue
        if current and piece.width <= width:
            out.append(current)
            current, used = [piece], piece.width
            continue
        text = piece.text
        while text:
            room = width - used
            cut = len(text)
            while cut > 1 and text_width(text[:cut], piece.font, piece.size) > room:
                cut -= 1
            if cut < len(text):
                soft = max(text.rfind("-", 1, cut), text.rfind("/", 1, cut))
                cut = soft + 1 if soft > 0 and text[:soft].isalpha() else cut
            part = text[:cut]
            part_width = text_width(part, piece.font, piece.size)
            if current and part_width > room:  # not even one letter fits behind what stands there
                out.append(current)
                current, used = [], 0.0
                continue
            current.append(
                _Piece(piece.chunk, part, piece.font, piece.size, part_width, piece.joined and bool(current))
            )
            used += part_width
            text = text[cut:]
            if text:
                out.append(current)
                current, used = [], 0.0
    if current:
        out.append(current)
    return out


def _word_width(word: list[_Piece]) -> float:
    return sum(piece.width for piece in word)


def wrap(line: Line, pen: Pen, width: float) -> list[list[list[_Piece]]]:
    """The line as printed lines of words."""
    space = text_width(" ", pen.font(), pen.size)
    lines: list[list[list[_Piece]]] = []
    current: list[list[_Piece]] = []
    used = 0.0
    for word in _pieces(line, pen):
        need = _word_width(word)
        parts = _fit(word, width) if need > width else [word]
        for part in parts:
            need = _word_width(part)
            if current and used + space + need > width:
                lines.append(current)
                current, used = [], 0.0
            used += need + (space if current else 0.0)
            current.append(part)
            if part is not parts[-1]:
                lines.append(current)
                current, used = [], 0.0
    if current:
        lines.append(current)
    return lines


def least_width(line: Line, pen: Pen) -> float:
    """The width of the longest word."""
    return max((_word_width(word) for word in _pieces(line, pen)), default=0.0)


def text_height(lines: list[Line], pen: Pen, width: float) -> float:
    return sum(max(1, len(wrap(line, pen, width))) for line in lines) * pen.line_height


class Canvas:
    """Pages being filled from top to bottom."""

    def __init__(self, width: float, height: float, margin: float) -> None:
        self.width, self.height, self.margin = width, height, margin
        self.bottom_margin = margin
        self.pages: list[CanvasPage] = []
        self.tables = 0
        self.y = margin
        self.new_page()

    @property
    def page(self) -> CanvasPage:
        return self.pages[-1]

    @property
    def inner_width(self) -> float:
        return self.width - 2 * self.margin

    def new_page(self) -> None:
        self.pages.append(CanvasPage(len(self.pages) + 1, self.width, self.height))
        self.y = self.margin

    def room(self) -> float:
        return self.height - self.bottom_margin - self.y

    def need(self, height: float) -> None:
        """A new page where what comes next would not fit."""
        if height > self.room() and self.y > self.margin:
            self.new_page()

    def text(
        self,
        lines: list[Line],
        x: float,
        top: float,
        width: float,
        pen: Pen,
        align: str = "left",
        underline: bool = False,
    ) -> float:
        """Set lines into a column; returns where they end. Does not break pages."""
        y = top
        for line in lines:
            for words in wrap(line, pen, width) or [[]]:
                self._set(words, x, y, width, pen, align, underline)
                y += pen.line_height
        return y

    def flow(self, lines: list[Line], pen: Pen, align: str = "left", indent: float = 0.0, gap: float = 0.0) -> None:
        """Set lines over the full width from the current place on, breaking pages."""
        x, width = self.margin + indent, self.inner_width - indent
        for line in lines:
            for words in wrap(line, pen, width) or [[]]:
                self.need(pen.line_height)
                self._set(words, x, self.y, width, pen, align, False)
                self.y += pen.line_height
        self.y += gap

    def _set(
        self, words: list[list[_Piece]], x: float, top: float, width: float, pen: Pen, align: str, underline: bool
    ) -> None:
        space = text_width(" ", pen.font(), pen.size)
        total = sum(_word_width(word) for word in words) + space * max(0, len(words) - 1)
        left = x + (max(0.0, width - total) * {"left": 0.0, "center": 0.5, "right": 1.0}[align])
        at = left
        for word in words:
            for piece in word:
                shift = 0.0 if not piece.chunk.raised else -pen.size * 0.12
                self.place(piece, at, top + shift, pen.colour)
                at += piece.width
            at += space
        if underline and words:
            line = top + pen.size * 1.08
            self.page.rules.append(DrawnRule(left, line, at - space, line, 0.4))

    def place(self, piece: _Piece, x: float, top: float, colour: tuple[float, float, float]) -> None:
        chunk, height = piece.chunk, piece.size
        self.page.words.append(
            PlacedWord(
                piece.text,
                self.page.number,
                x,
                top,
                x + piece.width,
                top + height * (_BOX_SIDE if chunk.box else 1.0),
                piece.font,
                piece.size,
                chunk.label,
                chunk.row,
                chunk.key if chunk.label else 0,
                piece.joined,
                chunk.box,
                colour,
            )
        )

    def rule(self, x0: float, top: float, x1: float, bottom: float, width: float = 0.6) -> None:
        self.page.rules.append(DrawnRule(x0, top, x1, bottom, width))

    def frame(self, x0: float, top: float, x1: float, bottom: float, width: float = 0.6) -> None:
        self.page.rules.append(DrawnRule(x0, top, x1, bottom, width, frame=True))
