"""The document type that every reader gives and every later step takes.

A document is a sequence of tokens in reading order. What a reader knows of their arrangement is kept with them: boxes
on a page, lines, cells of a table, drawn rules. Nothing here knows the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field

BBox = tuple[float, float, float, float]
"""x0, top, x1, bottom; the origin is the page's top left, y grows downwards."""


@dataclass(slots=True)
class Token:
    """One word, number, mark or check box.

    `bbox` is in points on pages. Readers of `html` and `text` give a virtual layout (see `Document.virtual_layout`), so
    that column and row neighbourhoods mean the same thing in every kind of input.
    `start` and `end` are offsets in `Document.text`. `line` counts lines over the whole document.
    `quality` is the reader's belief that the characters are right: 1.0 from a text layer, OCR's word confidence else.
    `cell` is (table, row, column) where the reader knows the cell: HTML cells, tab-separated text, ruled grids.
    Check boxes become tokens of their own: "☒" ticked, "☐" empty, whatever they were drawn with.
    """

    text: str
    page: int
    bbox: BBox
    line: int
    start: int
    end: int
    quality: float = 1.0
    cell: tuple[int, int, int] | None = None


@dataclass(slots=True)
class Rule:
    """A drawn straight line, horizontal or vertical, as its bounding box in points."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        return (self.x1 - self.x0) >= (self.bottom - self.top)


@dataclass(slots=True)
class Page:
    """One page: size in points, the drawn rules, how well it could be read (0..1), and what read it."""

    number: int
    width: float
    height: float
    kind: str = "text"
    rules: list[Rule] = field(default_factory=list)
    quality: float = 1.0


@dataclass(slots=True)
class Document:
    """Pages and tokens of one input, or of one filing within it.

    `kind` is the input kind of the contract: xml, html, pdf_text, pdf_scan, image, text.
    `text` is the text that token offsets point into: for `text` inputs the input itself, else the tokens joined.
    `virtual_layout` is true where boxes do not lie on a real page (html, text) and must not be shown as such.
    """

    kind: str
    pages: list[Page]
    tokens: list[Token]
    text: str
    virtual_layout: bool = False
    path: str = ""
    sha256: str = ""

    def page(self, number: int) -> Page:
        """The page with that number; KeyError where there is none."""
        for page in self.pages:
            if page.number == number:
                return page
        raise KeyError(number)
