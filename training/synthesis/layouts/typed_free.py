"""Typed forms set free-hand: tables of blanks alone, with numbers flush right, or rows as lists of the form's items."""

from __future__ import annotations

import random

from extractor.record import Filing
from training.synthesis import wording
from training.synthesis.content import Chunk, Line, row_cells
from training.synthesis.layouts.parts import FormStyle, plain
from training.synthesis.layouts.printed import Printed, form_of
from training.synthesis.layouts.typed import Typewriter, compose, wrapped

_RIGHT = frozenset(("amount", "price", "after", "acquired", "disposed", "under_amount", "strike"))
_MIDDLE = frozenset(("code", "v", "ad", "form"))
_LEAST = {"title": 14, "date": 8, "code": 4, "v": 1, "ad": 3, "form": 4, "nature": 8, "under": 10}
_MOST = {"title": 26, "nature": 16, "under": 18}
_SHORT = {
    "2. Transaction Date (Month/Day/Year)": ("2. Trans. Date", "2. Transaction Date", "2. Trans- action Date"),
    "3. Transaction Code (Instr. 8)": ("3. Trans. Code", "3. Transaction Code", "3. Code"),
    "4. Transaction Code (Instr. 8)": ("4. Trans. Code", "4. Transaction Code", "4. Code"),
}


def draw_typed_free(rng: random.Random, filing: Filing) -> Printed:
    """A Form 3, 4 or 5 as a typist without a filing program set it."""
    as_list = rng.random() < 0.25
    return compose(rng, filing, _items if as_list else _columns)


def _columns(rng: random.Random, paper: Typewriter, style: FormStyle, filing: Filing, derivative: bool) -> None:
    """A table whose columns stand some blanks apart, each as wide as its longest word."""
    words = wording.table_wording(form_of(filing), derivative, old=form_of(filing) != "3", deemed=False)
    gap = rng.choice((2, 2, 3))
    rows = filing.derivative if derivative else filing.non_derivative
    cells = [row_cells(style.printer, row, index, derivative) for index, row in enumerate(rows)]
    subs = {key: sub for group in words.groups for key, sub in zip(group.keys, group.subs or [""], strict=False)}
    widths = {key: _width(key, subs.get(key, ""), [cell[key] for cell in cells]) for key in words.keys}
    lefts: dict[str, int] = {}
    at = 0
    for key in words.keys:
        lefts[key] = at
        at += widths[key] + gap
    total = at - gap
    mark = rng.choice("-_=-")
    paper.write(plain(words.title.upper() if rng.random() < 0.3 else words.title))
    if rng.random() < 0.5:
        paper.raw(mark * total)
    _headings(rng, paper, words, widths, lefts, gap)
    if rng.random() < 0.5:
        paper.lines.append([(lefts[key], Chunk(mark * widths[key])) for key in words.keys])
    else:
        paper.raw(mark * total)
    apart, flush = rng.random() < 0.4, rng.random() < 0.6
    for cell in cells:
        _row(paper, cell, words.keys, widths, lefts, flush)
        if apart:
            paper.blank()
    if rng.random() < 0.6:
        paper.raw(mark * total)


def _width(key: str, sub: str, cells: list[Line]) -> int:
    """Enough for the longest word of a column, which typists did not break, and for its heading's."""
    longest = max((len(word) for cell in cells for word in _words(cell)), default=0)
    whole = max((len(" ".join(_words(cell))) for cell in cells), default=0)
    least = max(_LEAST.get(key, 7), longest, max(map(len, sub.split()), default=0))
    return max(least, min(whole, _MOST.get(key, 0)))


def _words(cell: Line) -> list[str]:
    out: list[str] = []
    for chunk in cell:
        pieces = chunk.text.split()
        if chunk.glue and out and pieces:
            out[-1] += pieces.pop(0)
        out += pieces
    return out


def _headings(
    rng: random.Random,
    paper: Typewriter,
    words: wording.TableWording,
    widths: dict[str, int],
    lefts: dict[str, int],
    gap: int,
) -> None:
    """The headings from the top, those over several columns across them; the columns' own on the last line."""
    blocks: list[tuple[int, list[str]]] = []
    for group in words.groups:
        first, last = group.keys[0], group.keys[-1]
        across = lefts[last] + widths[last] - lefts[first]
        text = rng.choice(_SHORT.get(group.heading, (group.heading,)))
        if rng.random() < 0.5:
            text = text.partition(" (Instr")[0]
        blocks.append((lefts[first], _lines(text, across)))
    low: list[tuple[int, list[str]]] = [
        (lefts[key], _lines(sub, widths[key]))
        for group in words.groups
        for key, sub in zip(group.keys, group.subs or [], strict=False)
    ]
    height = max(len(lines) for _, lines in blocks)
    depth = max((len(lines) for _, lines in low), default=0)
    # what heads one column may run on beside the lower headings; what heads several ends above them
    tall = max((len(lines) for (_, lines), group in zip(blocks, words.groups, strict=True) if group.subs), default=0)
    height = max(height, tall + depth)
    for number in range(height):
        line = [(left, Chunk(lines[number])) for left, lines in blocks if number < len(lines)]
        for left, lines in low:
            place = number - (height - len(lines))
            if place >= 0:
                line.append((left, Chunk(lines[place])))
        paper.lines.append(
            [(left + at, Chunk(word)) for left, chunk in sorted(line, key=_left) for at, word in _placed(chunk.text)]
        )


def _left(item: tuple[int, Chunk]) -> int:
    return item[0]


def _lines(text: str, width: int) -> list[str]:
    return [" ".join(chunk.text for _, chunk in row) for row in wrapped(plain(text), width)] if text else []


def _placed(text: str) -> list[tuple[int, str]]:
    out: list[tuple[int, str]] = []
    at = 0
    for word in text.split(" "):
        if word:
            out.append((at, word))
        at += len(word) + 1
    return out


def _row(
    paper: Typewriter,
    cells: dict[str, Line],
    keys: list[str],
    widths: dict[str, int],
    lefts: dict[str, int],
    flush: bool,
) -> None:
    rows = {key: wrapped(cells[key], widths[key]) for key in keys}
    for number in range(max(len(row) for row in rows.values())):
        out: list[tuple[int, Chunk]] = []
        for key in keys:
            if number >= len(rows[key]) or not rows[key][number]:
                continue
            column, chunk = rows[key][number][-1]
            spare = widths[key] - column - len(chunk.text)
            moved = spare if flush and key in _RIGHT else spare // 2 if flush and key in _MIDDLE else 0
            out += [(lefts[key] + moved + at, each) for at, each in rows[key][number]]
        paper.lines.append(out)


def _items(rng: random.Random, paper: Typewriter, style: FormStyle, filing: Filing, derivative: bool) -> None:
    """Each row as a list: the form's captions, each followed by its value."""
    words = wording.table_wording(form_of(filing), derivative, old=form_of(filing) != "3", deemed=False)
    behind = rng.random() < 0.6
    paper.write(plain(words.title))
    paper.blank()
    for index, row in enumerate(filing.derivative if derivative else filing.non_derivative):
        cells = row_cells(style.printer, row, index, derivative)
        for group in words.groups:
            line: Line = plain(group.heading if rng.random() < 0.8 else group.heading.partition(" (")[0])
            if len(group.keys) > 1:
                for key, sub in zip(group.keys, group.subs or [], strict=False):
                    line += [*plain(sub), *plain(":"), *cells[key]]
            elif behind:
                line += [*plain(":"), *cells[group.keys[0]]]
            paper.write(line, hang=4)
            if len(group.keys) == 1 and not behind and cells[group.keys[0]]:
                paper.write(cells[group.keys[0]], 4)
        paper.blank()
