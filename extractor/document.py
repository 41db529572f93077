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
    `start` and `end` are offsets in `Document.text`; of a value that a typed column cut, those of its first piece.
    `line` counts lines over the whole document.
    `quality` is the reader's belief that the characters are right: 1.0 from a text layer, OCR's word confidence else.
    `agreement` is 1.0 where two independent readings of a scan gave these characters, 0.0 where they differed, None
    where there was but one.
    `readings` are the numbers that print of a scan may be, this text among them, with the belief of the readers in each
    (their ratios mean something, not their sum); none where they see but one. Neither the tagger nor annotations know
    of them.
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
    agreement: float | None = None
    readings: tuple[tuple[str, float], ...] = ()


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
    """One page: size in points, the drawn rules, how well it could be read (0..1), and what read it.

    Boxes lie on the page as it was read: upright and straightened. `to_original` (3x3, row-major) takes such points to
    points of the page as a viewer shows it; None where the two are the same. See `original_bbox`.
    """

    number: int
    width: float
    height: float
    kind: str = "text"
    rules: list[Rule] = field(default_factory=list)
    quality: float = 1.0
    to_original: tuple[float, ...] | None = None


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


def original_bbox(page: Page, bbox: BBox) -> BBox:
    """The box around `bbox` (points of the page as read) in points of the page as a viewer shows it.

    >>> original_bbox(Page(1, 792, 612, to_original=(0, 1, 0, -1, 0, 792, 0, 0, 1)), (10, 20, 30, 40))
    (20.0, 762.0, 40.0, 782.0)
    """
    if page.to_original is None:
        return bbox
    a, b, c, d, e, f, g, h, i = page.to_original
    xs: list[float] = []
    ys: list[float] = []
    for x, y in ((bbox[0], bbox[1]), (bbox[2], bbox[1]), (bbox[2], bbox[3]), (bbox[0], bbox[3])):
        w = g * x + h * y + i
        xs.append((a * x + b * y + c) / w)
        ys.append((d * x + e * y + f) / w)
    return (min(xs), min(ys), max(xs), max(ys))
