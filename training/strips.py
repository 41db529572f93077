"""Runs of print with the text that they say, to learn reading from: pages drawn, scanned, and cut as the product cuts.

Half of the pages are invented filings, half are tables of nothing but numbers, dates, codes and marks in many fonts.
Both go through the scanner of `training.synthesis.scan` and then the product's own straightening, removal of rules and
segmentation, so that what the reader learns from has the faults of what it will read: touching and broken strokes,
remnants of rules, ink of neighbours, letters measured too high or too low.
"""

from __future__ import annotations

import io
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from extractor.readers.linenet import CHARACTERS, net_strip
from training.synthesis import scan as scanning
from training.synthesis.page import text_width

Image = np.ndarray[Any, Any]

LEVELS: dict[str, tuple[str, int | None, float]] = {
    "office": ("office", None, 10),
    "office 150 dpi": ("office", 150, 4),
    "office 100 dpi": ("office", 100, 8),
    "photocopy": ("photocopy", None, 18),
    "worn": ("worn", None, 14),
    "faint": ("faint", None, 9),
    "bilevel": ("bilevel", None, 11),
    "fax": ("fax", None, 20),
    "fax_standard": ("fax_standard", None, 3),
    "photo": ("photo", None, 5),
}
"""What befalls the pages: a level of `training.synthesis.scan`, its resolution where it is fixed, its share."""

LONGEST = 28
"""Characters of a run; longer ones are prose, which the engine reads well."""

_FILINGS = 0.4  # share of the pages that are invented filings
_PROSE = 0.25  # share of the runs of a filing without digits that are kept
_EMPTY = 0.15  # share of the runs without any print of the page that are kept
_PLAIN = (
    ("Times-Roman", 6.0), ("Helvetica", 5.0), ("Times-Bold", 1.0), ("Helvetica-Bold", 1.0), ("Courier", 3.0),
    ("Courier-Bold", 1.0), ("Times-Italic", 0.4),
)  # fmt: skip
_OTHERS = (
    ("matplotlib", "mpl-data/fonts/ttf", ("STIXGeneral", "STIXGeneralBol", "DejaVuSans", "DejaVuSerif",
                                          "DejaVuSansMono", "cmr10", "cmss10", "cmtt10")),
    ("font_roboto", "files", ("Roboto-Regular", "Roboto-Light", "Roboto-Bold")),
    ("font_caladea", "files", ("Caladea-Regular", "Caladea-Bold")),
    ("font_source_serif_pro", "files", ("SourceSerifPro-Regular", "SourceSerifPro-Bold")),
    ("font_source_sans_pro", "files", ("SourceSansPro-Regular", "SourceSansPro-Bold")),
)  # fmt: skip
_SIZES = (5.2, 5.6, 6, 6.5, 7, 7.5, 8, 8, 8.5, 9, 9, 10, 10, 11, 12)
# fmt: off
_WORDS = (
    "Common", "Stock", "Class", "Option", "Restricted", "Units", "Shares", "Director", "Officer", "President", "Chief",
    "Executive", "Financial", "Trust", "Inc.", "LLC", "Corp.", "By", "Held", "See", "Footnote", "Table", "Series",
    "Preferred", "Warrant", "Employee", "right", "to", "buy", "Note", "N/A", "None", "New", "York", "CA", "NY", "TX",
    "Suite", "Street", "Avenue", "St.", "Ave.", "Drive", "P.O.", "Box", "of", "the", "and", "for", "with", "Price",
    "Date", "Amount", "Code",
)
# fmt: on


@dataclass(slots=True)
class Strip:
    """A run of print as the network sees it (rows, columns; ink high, 0..255), its text and the level of its scan.

    `run` and `page` are what other readers need to read the same run, where they were asked for.
    """

    ink: Image
    text: str
    level: str
    run: Any = None
    page: Image | None = None


@dataclass(slots=True)
class _Drawn:
    """A printed character: its box by the font on the page, in points; blanks stand before what they part."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    after_blank: bool


def strips(count: int, seed: int, with_pages: bool = False) -> Iterator[Strip]:
    """About `count` runs of print, page by page; the same seed gives the same."""
    made = number = 0
    while made < count:
        rng = random.Random(f"strips:{seed}:{number}")
        number += 1
        for strip in page_strips(rng, with_pages=with_pages):
            made += 1
            yield strip


def page_strips(rng: random.Random, level: str | None = None, with_pages: bool = False) -> list[Strip]:
    """The runs of one scanned page, in the order of the page."""
    pages = _filing(rng) if rng.random() < _FILINGS else [_table(rng)]
    level = level or rng.choices(list(LEVELS), [weight for _, _, weight in LEVELS.values()])[0]
    name, dpi, _ = LEVELS[level]
    out: list[Strip] = []
    pdf, drawn = rng.choice(pages)
    images, warps, dpi, _ = scanning.scan_images(rng, pdf, name, dpi, turns=0)
    image, segments, to_scan = _cut(images[0], float(dpi))
    told = _texts(segments, drawn, to_scan, warps[0], dpi)
    for segment, text in zip(segments, told, strict=True):
        if text is None or len(text) > LONGEST or len(segment.components) > 2 * LONGEST:
            continue
        digits = any(c.isdigit() or c in "$(" for c in text)
        if not digits and len(text) > 3 and rng.random() > _PROSE:
            continue
        if not text and rng.random() > _EMPTY:
            continue
        ink = net_strip(image, segment)
        if ink is not None:
            out.append(Strip(ink, text, level, *((segment, image) if with_pages else ())))
    return out


def _cut(image: Image, dpi: float) -> tuple[Image, list[Any], Image]:
    """A scanned page as the product cuts it: whitened, its runs, and the way (3x3) back to the scan's pixels."""
    from extractor.readers.scan import print_of, restored
    from extractor.readers.straighten import straighten

    image, read_at = restored(image, dpi)
    level = straighten(image, read_at, 0)
    segments, clean, _ = print_of(level.image, read_at)
    back = np.diag([dpi / read_at, dpi / read_at, 1.0]) @ level.to_original
    return clean, segments, back


def _texts(segments: list[Any], drawn: list[_Drawn], back: Image, warp: Any, dpi: int) -> list[str | None]:
    """What each run says, by the characters that were printed where its ink is; None where that is not clear."""
    boxes, owner = [], []
    for index, segment in enumerate(segments):
        boxes.extend(segment.components)
        owner.extend([index] * len(segment.components))
    if not boxes or not drawn:
        return ["" for _ in segments]
    x, y, w, h = np.array(boxes, np.float64).T
    scale = float(back[0, 0] ** 2 + back[1, 0] ** 2) ** 0.5
    middle = back @ np.stack([x + w / 2, y + h / 2, np.ones_like(x)])
    sx, sy = warp.to_source(middle[0].astype(np.float32), middle[1].astype(np.float32))
    k = 72 / dpi
    cx, cy, hw, hh = sx * k, sy * k, w * scale * k / 2, h * scale * k / 2
    left, right, top, bottom = cx - hw, cx + hw, cy - hh, cy + hh
    owners = np.array(owner)
    told: list[list[_Drawn]] = [[] for _ in segments]
    astray: list[_Drawn] = []
    spots = np.array([_ink_box(c) for c in drawn])
    shared_x = np.minimum(right, spots[:, 2:3]) - np.maximum(left, spots[:, 0:1])
    shared_y = np.minimum(bottom, spots[:, 3:4]) - np.maximum(top, spots[:, 1:2])
    shared = np.maximum(shared_x, 0) * np.maximum(shared_y, 0)
    best = shared.argmax(1)
    for number, character in enumerate(drawn):
        if shared[number, best[number]] > 0:
            told[owners[best[number]]].append(character)
        else:
            astray.append(character)
    edges = [(left[owners == k].min(), right[owners == k].max()) for k in range(len(segments))]
    out: list[str | None] = []
    for index, characters in enumerate(told):
        if not characters:
            out.append("")
            continue
        base = float(np.median([c.baseline for c in characters]))
        size = max(c.size for c in characters)
        # a point whose ink is lost, within what was found of its number
        x0, x1 = min(c.x0 for c in characters), max(c.x1 for c in characters)
        characters += [c for c in astray if x0 < c.x0 and c.x1 < x1 and abs(c.baseline - base) < 0.3 * size]
        if any(abs(c.baseline - base) > 0.75 * size for c in characters):
            out.append(None)  # two lines that stand as one
            continue
        characters.sort(key=lambda c: c.x0)
        # characters whose ink lies outside of the run stand for a wrong match
        if edges[index][0] > x0 + 0.8 * size or edges[index][1] < x1 - 0.8 * size:
            out.append(None)
            continue
        text = ""
        for before, character in zip([None, *characters], characters, strict=False):
            if before is not None and (character.after_blank or character.x0 - before.x1 > 0.15 * size):
                text += " "
            text += character.text
        out.append(text if all(c in CHARACTERS for c in text) else None)
    return out


def _ink_box(c: _Drawn) -> tuple[float, float, float, float]:
    """Where the ink of a character lies at least (x0, top, x1, bottom), in points."""
    low, high = (-0.16, 0.13) if c.text in ".,_" else (0.1, 0.5) if c.text in "-–=~" else (0.0, 0.62)
    high = max(high, 0.3) if c.text in "acemnorsuvwxzgpqy" else high
    return c.x0 + 0.05 * c.size, c.baseline - high * c.size, c.x1 - 0.05 * c.size, c.baseline - low * c.size


# ------------------------------------------------------------------------------------------------------------ filings


def _filing(rng: random.Random) -> list[tuple[bytes, list[_Drawn]]]:
    """The pages of an invented filing, each as a PDF with its characters."""
    from training.synthesis.corpus import choose_layout
    from training.synthesis.invent import invent_filing
    from training.synthesis.layouts import LAYOUTS
    from training.synthesis.pdf import ASCENT, to_pdf

    layout = choose_layout(rng)
    printed = LAYOUTS[layout][0](rng, invent_filing(rng, LAYOUTS[layout][2] or None))
    out = []
    for page in printed.pages[:3]:
        drawn = []
        for word in page.words:
            if word.box:
                continue
            baseline, x = word.top + ASCENT * word.size, word.x0
            for place, character in enumerate(word.text):
                width = text_width(character, word.font, word.size)
                drawn.append(_Drawn(character, x, x + width, baseline, word.size, not place and not word.joined))
                x += width
        out.append((to_pdf([page]), drawn))
    return out


# ------------------------------------------------------------------------------------------------------------- tables


@lru_cache(maxsize=1)
def _fonts() -> list[tuple[str, float]]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    fonts = list(_PLAIN)
    for package, folder, names in _OTHERS:
        root = Path(str(import_module(package).__file__)).parent
        for name in names:
            file = next(iter(sorted((root / folder).glob(f"{name}.ttf")) or sorted(root.rglob(f"{name}.ttf"))))
            pdfmetrics.registerFont(TTFont(name, str(file)))
            fonts.append((name, 0.7))
    return fonts


def _table(rng: random.Random) -> tuple[bytes, list[_Drawn]]:
    """A page of cells, mostly ruled, with a value in each, as a PDF with its characters."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, (612, 792), invariant=1)
    drawn: list[_Drawn] = []
    fonts = _fonts()
    y = 40.0
    while y < 740:
        font = rng.choices([f for f, _ in fonts], [w for _, w in fonts])[0]
        size = rng.choice(_SIZES)
        ruled, pad = rng.random() < 0.8, rng.uniform(0.4, 3.0)
        thick, height = rng.choice((0.4, 0.6, 0.8, 1.2)), size * rng.uniform(1.15, 2.0)
        width = rng.choice((1, 1.25, 1.5)) * size * 6.5
        align = rng.choice(("left", "centre", "right"))
        columns, rows = max(2, int(540 / width)), rng.randint(2, 7)
        canvas.setLineWidth(thick)
        for _ in range(rows):
            if y + height > 760:
                break
            if ruled:
                canvas.line(36, 792 - y, 36 + columns * width, 792 - y)
                canvas.line(36, 792 - y - height, 36 + columns * width, 792 - y - height)
            base = y + height * rng.uniform(0.5, 0.55) + 0.33 * size
            for column in range(columns):
                x0 = 36 + column * width
                if ruled:
                    canvas.line(x0, 792 - y, x0, 792 - y - height)
                    canvas.line(x0 + width, 792 - y, x0 + width, 792 - y - height)
                _set_value(rng, canvas, drawn, font, size, (x0 + pad, x0 + width - pad), base, align)
            y += height
        y += rng.uniform(3, 12)
    canvas.save()
    return out.getvalue(), drawn


def _set_value(
    rng: random.Random,
    canvas: Any,
    drawn: list[_Drawn],
    font: str,
    size: float,
    within: tuple[float, float],
    baseline: float,
    align: str,
) -> None:
    value, marks = a_value(rng), ""
    if rng.random() < 0.3 and value:
        marks = "".join(f"({rng.randint(1, rng.choice((9, 9, 24)))})" for _ in range(rng.choice((1, 1, 1, 2))))
    raised = rng.random() < 0.65
    small, lift = (size * rng.uniform(0.58, 0.8), size * rng.uniform(0.28, 0.42)) if raised else (size, 0.0)
    gap = rng.choice((0.0, 0.0, 0.0, 0.04, 0.25)) * size if marks else 0.0
    total = text_width(value, font, size) + gap + text_width(marks, font, small)
    if total > within[1] - within[0]:
        value, total = value[:1], text_width(value[:1], font, size)
        marks = ""
    x = {"left": within[0], "centre": (within[0] + within[1] - total) / 2, "right": within[1] - total}[align]
    after_blank = True
    for text, own, base in ((value, size, baseline), (marks, small, baseline - lift)):
        for character in text:
            width = text_width(character, font, own)
            if character != " ":
                canvas.setFont(font, own)
                canvas.drawString(x, 792 - base, character)
                drawn.append(_Drawn(character, x, x + width, base, own, after_blank))
            after_blank = character == " "
            x += width
        x += gap


def a_value(rng: random.Random) -> str:
    """Something that stands in a cell of the form, numbers above all."""
    kind = rng.random()
    dollar = rng.choice(("", "", "$", "$", "$ "))
    if kind < 0.22:
        return f"{rng.choice(('', '', '', '$'))}{_whole(rng):,}"
    if kind < 0.26:
        return str(_whole(rng))
    if kind < 0.34:
        return f"{rng.choice(('', '', '$'))}{_whole(rng):,}.{_digits(rng, rng.choice((1, 2, 3, 4)))}"
    if kind < 0.50:
        return f"{dollar}{_whole(rng, 3)}.{_digits(rng, rng.choice((1, 2, 2, 2, 3, 4, 4)))}"
    if kind < 0.53:
        return rng.choice(("$0", "$ 0", "0", "$0.00", "0.00", "$.001", "0.0000"))
    if kind < 0.68:
        month, day, year = rng.randint(1, 12), rng.randint(1, 31), rng.randint(1995, 2034)
        return rng.choices(
            (f"{month:02d}/{day:02d}/{year}", f"{month}/{day}/{year}", f"{month:02d}/{day:02d}/{year % 100:02d}",
             f"{year}-{month:02d}-{day:02d}"), (12, 3, 2, 0.5),
        )[0]  # fmt: skip
    if kind < 0.76:
        return rng.choice("ADAADDIISPMFGCJMVXAWZLKEHOU") + rng.choice(("",) * 8 + ("/K",))
    if kind < 0.80:
        return rng.choice(("(A)", "(D)", "(I)", "[X]", "X", "100%", "10%", "N/A", "-", "--", "(1)", "(1)(2)", "(12)"))
    if kind < 0.84:
        return "".join(rng.choices(string.ascii_uppercase, k=rng.choice((2, 3, 4, 5))))
    if kind < 0.93:
        return " ".join(rng.choices(_WORDS, k=rng.choice((1, 1, 2))))
    if kind < 0.95:
        return "".join(rng.choices(string.ascii_letters, k=rng.randint(2, 6)))
    return "".join(rng.choices("[]()$/-.,%#&+*" + string.digits * 3 + string.ascii_uppercase, k=rng.randint(2, 6)))


def _whole(rng: random.Random, longest: int = 8) -> int:
    return rng.randint(0, 10 ** rng.randint(1, rng.randint(2, longest)))


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))
