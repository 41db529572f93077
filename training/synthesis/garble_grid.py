"""Text as table recognisers leave it: a page's tables cut along one grid each, by tabs or bars."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from training.synthesis.page import CanvasPage, CellBox
from training.synthesis.tape import BLANK, END, TAB, Atom, Glyph, Tape, glyphs, space

_SAME_EDGE = 2.5


def cut_cells(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """Every table along one grid of all its column edges, values cut where an edge passes."""
    return _recognise(rng, pages, TAB, union=rng.random() < 0.8)


def markdown(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """Tables with bars, mostly along their own cells."""
    return _recognise(rng, pages, "|", union=rng.random() < 0.2)


def _recognise(rng: random.Random, pages: Sequence[CanvasPage], separator: str, union: bool) -> Tape:
    tape: Tape = []
    spaced = rng.random() < 0.8  # an empty line between lines outside of tables
    repeat = rng.random() < 0.7  # cells over several rows are written again in each
    skip_header = rng.random() < 0.25  # the boxes above Table I are no table to some
    boxes = rng.random() < 0.12
    by_text = rng.random() < 0.2  # finds tables without rules, too
    for page in pages:
        tables: dict[int, list[CellBox]] = defaultdict(list)
        for cell in page.cells:
            if cell.ruled or by_text:
                tables[cell.table].append(cell)
        if skip_header and tables:
            first = min(tables)
            top = [cell for cell in tables[first] if cell.bottom - cell.top > 60]
            tables[first] = [cell for cell in tables[first] if cell not in top]
        bounds = {
            table: (
                min(c.x0 for c in cells),
                min(c.top for c in cells),
                max(c.x1 for c in cells),
                max(c.bottom for c in cells),
            )
            for table, cells in tables.items()
            if cells
        }
        inside: dict[int, list[Glyph]] = defaultdict(list)
        outside: list[Glyph] = []
        for glyph in glyphs(page, boxes):
            x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
            for table, (x0, y0, x1, y1) in bounds.items():
                if x0 <= x <= x1 and y0 <= y <= y1:
                    inside[table].append(glyph)
                    break
            else:
                outside.append(glyph)
        blocks = [(bounds[table][1], table) for table in bounds if len(inside[table]) > 0]
        loose = _lines(outside)
        at = 0
        for begin, number in sorted(blocks):
            while at < len(loose) and loose[at][0].top < begin:
                _loose_line(tape, loose[at], spaced)
                at += 1
            _table(rng, tape, tables[number], inside[number], separator, union, repeat)
        for line in loose[at:]:
            _loose_line(tape, line, spaced)
    return tape


def _around(cells: list[CellBox]) -> tuple[float, float, float, float]:
    return (min(c.x0 for c in cells), min(c.top for c in cells), max(c.x1 for c in cells), max(c.bottom for c in cells))


def _loose_line(tape: Tape, line: list[Glyph], spaced: bool) -> None:
    _write(tape, line)
    tape.append(space(END + END if spaced else END))


def _edges(values: Sequence[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _SAME_EDGE:
            out.append(value)
    return out


def _table(
    rng: random.Random, tape: Tape, cells: list[CellBox], found: list[Glyph], separator: str, union: bool, repeat: bool
) -> None:
    """Rows begin where cells begin; a row reaches as far down as the longest cell that begins with it."""
    tops = _edges([cell.top for cell in cells])
    all_edges = _edges([cell.x0 for cell in cells] + [cell.x1 for cell in cells])
    jitter = rng.choice((0.0, 0.0, 0.6, 1.5))
    all_edges = [edge + rng.uniform(-jitter, jitter) for edge in all_edges]
    lost = rng.choice((0.0, 0.0, 0.1))
    all_edges = [e for n, e in enumerate(all_edges) if n in (0, len(all_edges) - 1) or rng.random() >= lost]
    drop_empty = rng.random() < 0.06
    trailing = rng.random() < 0.85
    for number, top in enumerate(tops):
        begun = [cell for cell in cells if abs(cell.top - top) <= _SAME_EDGE]
        bottom = max(cell.bottom for cell in begun)
        if not repeat and number + 1 < len(tops):
            bottom = tops[number + 1]
        edges = all_edges
        if not union:
            around = [cell for cell in cells if cell.top <= top + _SAME_EDGE and cell.bottom > top + _SAME_EDGE]
            edges = _edges([cell.x0 for cell in around] + [max(cell.x1 for cell in around)])
        columns: list[list[Glyph]] = [[] for _ in edges]
        for glyph in found:
            y = (glyph.top + glyph.bottom) / 2
            if not top - 1 <= y <= bottom + 1:
                continue
            x = (glyph.x0 + glyph.x1) / 2
            place = sum(edge <= x for edge in edges) - 1
            columns[max(0, min(place, len(edges) - 1))].append(glyph)
        columns = columns[: len(edges) - 1] if not columns[-1] else columns
        if not any(columns):
            continue
        if separator == "|":
            tape.append(Atom("| "))
        for position, column in enumerate(columns):
            if drop_empty and not column:
                continue
            for count, line in enumerate(_lines(column)):
                if count:
                    tape.append(space(BLANK))
                _write(tape, line)
            if position + 1 < len(columns) or trailing:
                tape.append(space(TAB) if separator == TAB else Atom(" | "))
        tape.append(space(END))
        if separator == "|" and number == 0:
            tape += [Atom("|" + "---|" * len(columns)), space(END)]
    tape.append(space(END))


def _lines(found: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters by lines: tops that agree within a third of the height; superscripts may come to lie on their own."""
    lines: list[list[Glyph]] = []
    tops: list[float] = []
    for glyph in sorted(found, key=lambda g: g.top):
        height = glyph.bottom - glyph.top
        for index in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            if abs(tops[index] - glyph.top) < 0.34 * height:
                lines[index].append(glyph)
                break
        else:
            lines.append([glyph])
            tops.append(glyph.top)
    return [sorted(line, key=lambda g: g.x0) for line in lines]


def _write(tape: Tape, line: Sequence[Glyph]) -> None:
    """One line of characters, a blank wherever a word begins or a gap is wide."""
    before: Glyph | None = None
    for glyph in line:
        gap = before is not None and (glyph.first or glyph.x0 - before.x1 > 0.25 * (glyph.bottom - glyph.top))
        if before is not None and gap:
            tape.append(space())
        if tape and not gap and before is not None and tape[-1].mark is glyph.mark and not tape[-1].is_space:
            tape[-1].text += glyph.text
        else:
            tape.append(Atom(glyph.text, glyph.mark))
        before = glyph
