"""Text from real converters run on our own pages, so that training does not only see our idea of what they do."""

from __future__ import annotations

import html
import io
import random
import re
import shutil
import subprocess
from collections.abc import Sequence
from difflib import SequenceMatcher

from extractor.document import BBox, Token
from extractor.readers.html import read_html_labelled
from extractor.record import Filing
from training.synthesis.annotate import Mark, PlacedWords, parse_label
from training.synthesis.html import HTML_STYLES, LABEL_ATTRIBUTE, render_html
from training.synthesis.page import CanvasPage
from training.synthesis.pdf import to_pdf
from training.synthesis.tape import BLANK, END, TAB, Atom, Tape, mark_of, space

_MATCHED_SHARE = 0.9


def by_pypdf(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape | None:
    """pypdf's plain text; labels by aligning characters, since it gives no boxes. None where that fails."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(to_pdf(pages)))
    tape: Tape = []
    for page, source in zip(pages, reader.pages, strict=True):
        text = source.extract_text()
        told = [(letter, mark_of(word)) for word in page.words if not word.box for letter in word.text]
        places = [place for place, letter in enumerate(text) if not letter.isspace()]
        matcher = SequenceMatcher(
            None, [text[place] for place in places], [letter for letter, _ in told], autojunk=False
        )
        marks: dict[int, Mark | None] = {}
        matched = 0
        for block in matcher.get_matching_blocks():
            matched += block.size
            for offset in range(block.size):
                marks[places[block.a + offset]] = told[block.b + offset][1]
        if matched < _MATCHED_SHARE * max(len(told), len(places)):
            return None
        tape += [Atom(letter, marks.get(place)) for place, letter in enumerate(text)]
        tape.append(space(END))
    return joined(tape)


def by_pdfplumber(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape | None:
    """pdfplumber's text with or without its layout, labels by the boxes of its characters."""
    import pdfplumber

    layout = rng.random() < 0.5
    density = rng.uniform(3.6, 5.2)
    tape: Tape = []
    with pdfplumber.open(io.BytesIO(to_pdf(pages))) as file:
        for page, source in zip(pages, file.pages, strict=True):
            placed = PlacedWords(page.words)
            options = {"layout": True, "x_density": density} if layout else {}
            for letter, origin in source.get_textmap(**options).tuples:
                mark = None
                if origin is not None and letter.strip():
                    box = (origin["x0"], origin["top"], origin["x1"], origin["bottom"])
                    word = placed.best(letter, box)
                    mark = mark_of(word) if word is not None else None
                tape.append(Atom(letter, mark))
            tape.append(space(END))
    return joined(tape)


def by_pdfminer(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """pdfminer's text, which goes block by block; labels by the boxes of its characters."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams, LTChar, LTTextBox, LTTextLine

    layout = LAParams(
        boxes_flow=rng.choice((0.5, 0.5, None, -0.8)), char_margin=rng.choice((2.0, 2.0, 4.0)), line_margin=0.5
    )
    tape: Tape = []
    for page, found in zip(pages, extract_pages(io.BytesIO(to_pdf(pages)), laparams=layout), strict=True):
        placed = PlacedWords(page.words)
        for box in found:
            if not isinstance(box, LTTextBox):
                continue
            for line in box:
                if not isinstance(line, LTTextLine):
                    continue
                for letter in line:
                    text = letter.get_text()
                    word = None
                    if isinstance(letter, LTChar) and text.strip():
                        area = (letter.x0, page.height - letter.y1, letter.x1, page.height - letter.y0)
                        word = placed.best(text, area)
                    tape.append(Atom(text, mark_of(word) if word is not None else None))
            tape.append(space(END))
        tape.append(space("\f"))
    return joined(tape)


def by_poppler(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape | None:
    """Text as poppler's pdftotext orders it, block by block; labels by the boxes of its words. None without poppler.

    A block gathers what stands close together, a column's cells or a row's, so both orders come mixed.
    """
    program = shutil.which("pdftotext")
    if program is None:
        return None
    done = subprocess.run(
        [program, "-bbox-layout", "-", "-"], input=to_pdf(pages), capture_output=True, check=False, timeout=60
    )
    tape: Tape = []
    number = -1
    placed = PlacedWords(())
    for match in _POPPLER.finditer(done.stdout.decode("utf-8", errors="replace")):
        if match["opens"]:
            number += 1
            placed = PlacedWords(pages[number].words)
        elif match["closes"]:
            tape.append(space("\f" if match["closes"] == "page" else END))
        else:
            x0, top, x1, bottom = (float(match[side]) for side in ("x0", "top", "x1", "bottom"))
            if tape and not tape[-1].is_space:
                tape.append(space())
            tape += _letters(html.unescape(match["text"]), (x0, top, x1, bottom), placed)
    return joined(tape) if number == len(pages) - 1 else None


_POPPLER = re.compile(
    r'<word xMin="(?P<x0>[\d.-]+)" yMin="(?P<top>[\d.-]+)" xMax="(?P<x1>[\d.-]+)" yMax="(?P<bottom>[\d.-]+)">'
    r"(?P<text>[^<]*)</word>|<(?P<opens>page)\b|</(?P<closes>line|block|page)>"
)


def _letters(text: str, box: BBox, placed: PlacedWords) -> Tape:
    """A word's characters, each with the mark of what was placed where it stands; widths are about equal."""
    x0, top, x1, bottom = box
    step = (x1 - x0) / max(1, len(text))
    words = [placed.best(c, (x0 + i * step, top, x0 + (i + 1) * step, bottom)) for i, c in enumerate(text)]
    return [Atom(c, mark_of(word) if word is not None else None) for c, word in zip(text, words, strict=True)]


def by_pdfium(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """PDFium's text in the order of drawing; labels by the boxes of its characters."""
    import pypdfium2

    tape: Tape = []
    file = pypdfium2.PdfDocument(to_pdf(pages))
    try:
        for page, source in zip(pages, file, strict=True):
            placed = PlacedWords(page.words)
            text_page = source.get_textpage()
            for place, letter in enumerate(text_page.get_text_range()):
                word = None
                if letter.strip() and place < text_page.count_chars():
                    x0, bottom, x1, top = text_page.get_charbox(place, loose=True)
                    word = placed.best(letter, (x0, page.height - top, x1, page.height - bottom))
                tape.append(Atom(letter, mark_of(word) if word is not None else None))
            tape.append(space(END))
    finally:
        file.close()
    return joined(tape)


def joined(tape: Tape) -> Tape:
    """Neighbouring characters of one value as one atom; blanks by themselves."""
    out: Tape = []
    for atom in tape:
        if out and not atom.is_space and not out[-1].is_space and out[-1].mark == atom.mark:
            out[-1].text += atom.text
        else:
            out.append(Atom(atom.text, atom.mark))
    return out


def from_html(rng: random.Random, filing: Filing) -> tuple[Tape, Filing]:
    """A web page with its tags stripped: cells apart by line ends, tabs, bars or blanks."""
    style = rng.choices(list(HTML_STYLES), list(HTML_STYLES.values()))[0]
    page, shown = render_html(rng, filing, style)
    document, told = read_html_labelled(page.encode(), LABEL_ATTRIBUTE)
    between = rng.choice((END, END, TAB, " | ", BLANK + BLANK, END + END))
    tape: Tape = []
    before: Token | None = None
    for token, label in zip(document.tokens, told, strict=True):
        if before is not None:
            here, there = token.cell, before.cell
            within = here is not None and there is not None and here[:2] == there[:2]  # one row of one table
            if here != there and not (within and between != END):
                tape.append(space(END))
            elif here != there:
                tape.append(Atom(between))
            else:
                gap = document.text[before.end : token.start]
                tape.append(space(END if "\n" in gap else BLANK if gap else ""))
        text = token.text
        if text in "☒☐" and rng.random() < 0.7:  # form elements leave no text
            text = ""
        tape.append(Atom(text, parse_label(label)))
        before = token
    return [atom for atom in tape if atom.text], shown
