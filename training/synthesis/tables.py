"""Tables on a canvas: columns, spanning headings, wrapped cells, rules or none, page breaks between rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from training.synthesis.content import Cell
from training.synthesis.page import Canvas, CellBox, Pen, least_width, text_height


@dataclass(slots=True)
class TableCell:
    lines: Cell = field(default_factory=list)
    columns: int = 1
    rows: int = 1
    align: str = "left"
    pen: Pen | None = None
    valign: str = ""
    underline: bool = False


@dataclass(slots=True)
class TableStyle:
    """`rules`: "grid", "horizontal", "outer" or "none"."""

    pen: Pen
    rules: str = "grid"
    rule_width: float = 0.6
    pad_x: float = 2.5
    pad_y: float = 2.0
    valign: str = "top"
    repeat_head: bool = True


def draw_table(
    canvas: Canvas,
    widths: Sequence[float],
    head: Sequence[Sequence[TableCell]],
    body: Sequence[Sequence[TableCell]],
    style: TableStyle,
    x: float | None = None,
    table: int | None = None,
) -> None:
    """Draw a table at the current place and move below it. `head` is kept together and may repeat on further pages.

    `table` numbers tables that touch and count as one for a recogniser; none given starts a new one.
    """
    if table is None:
        canvas.tables += 1
        table = canvas.tables
    left = canvas.margin if x is None else x
    edges = [left]
    for width in widths:
        edges.append(edges[-1] + width)
    head_heights = _heights(head, edges, style)
    first = sum(head_heights) + (_heights(body[:1], edges, style)[0] if body else 0.0)
    canvas.need(min(first, canvas.height - 2 * canvas.margin - 1))
    _draw_rows(canvas, edges, head, head_heights, style, table)
    for row in body:
        height = _heights([row], edges, style)[0]
        if height > canvas.room() and canvas.y > canvas.margin:
            canvas.new_page()
            if style.repeat_head and sum(head_heights) + height < canvas.room():
                _draw_rows(canvas, edges, head, head_heights, style, table)
        _draw_rows(canvas, edges, [row], [height], style, table)


def fitted_widths(
    wanted: Sequence[float],
    head: Sequence[Sequence[TableCell]],
    body: Sequence[Sequence[TableCell]],
    style: TableStyle,
) -> tuple[list[float], float]:
    """Column widths near the wanted ones at which no word is cut, as browsers choose them; the same sum.

    Where even the longest words do not fit side by side, all columns give way alike and words are cut; the second
    value tells by which factor they are too wide.
    """
    edges = [float(i) for i in range(len(wanted) + 1)]
    least = [2 * style.pad_x + 4.0] * len(wanted)
    for rows in (head, body):
        for _, column, cell, x0, x1 in _cells(rows, edges):
            if x1 - x0 == 1.0 and cell.lines:
                width = max(least_width(line, cell.pen or style.pen) for line in cell.lines)
                least[column] = max(least[column], width + 2 * style.pad_x + 0.3)
    total = sum(wanted)
    if sum(least) >= total:
        return [width * total / sum(least) for width in least], sum(least) / total
    spare = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    if not sum(spare):
        spare = [1.0] * len(least)
    left_over = total - sum(least)
    return [need + s * left_over / sum(spare) for need, s in zip(least, spare, strict=True)], 1.0


def _heights(rows: Sequence[Sequence[TableCell]], edges: list[float], style: TableStyle) -> list[float]:
    """Row heights; what a cell over several rows needs beyond them goes to the last of these."""
    least = style.pen.line_height + 2 * style.pad_y
    heights = [0.0] * len(rows)
    spanning: list[tuple[int, int, float]] = []
    for number, _, cell, x0, x1 in _cells(rows, edges):
        pen = cell.pen or style.pen
        need = text_height(cell.lines, pen, x1 - x0 - 2 * style.pad_x) + 2 * style.pad_y if cell.lines else 0.0
        if cell.rows == 1:
            heights[number] = max(heights[number], need)
        else:
            spanning.append((number, cell.rows, need))
    heights = [max(height, least) if height or not spanning else height for height in heights]
    for number, over, need in spanning:
        last = min(number + over, len(rows))
        missing = need - sum(heights[number:last])
        if missing > 0:
            heights[last - 1] += missing
    return heights


def _cells(rows: Sequence[Sequence[TableCell]], edges: list[float]) -> list[tuple[int, int, TableCell, float, float]]:
    """(row, column, cell, x0, x1) with spans resolved."""
    out = []
    taken: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while taken.get((number, column)):
                column += 1
            last = min(column + cell.columns, len(edges) - 1)
            for below in range(cell.rows):
                for covered in range(column, last):
                    taken[(number + below, covered)] = True
            out.append((number, column, cell, edges[column], edges[last]))
            column = last
    return out


def _draw_rows(
    canvas: Canvas,
    edges: list[float],
    rows: Sequence[Sequence[TableCell]],
    heights: list[float],
    style: TableStyle,
    table: int,
) -> None:
    tops = [canvas.y]
    for height in heights:
        tops.append(tops[-1] + height)
    for number, _, cell, x0, x1 in _cells(rows, edges):
        top, bottom = tops[number], tops[min(number + cell.rows, len(rows))]
        pen = cell.pen or style.pen
        width = x1 - x0 - 2 * style.pad_x
        y = top + style.pad_y
        valign = cell.valign or style.valign
        if valign != "top" and cell.lines:
            spare = bottom - top - 2 * style.pad_y - text_height(cell.lines, pen, width)
            y += max(0.0, spare) * (0.5 if valign == "middle" else 1.0)
        canvas.text(cell.lines, x0 + style.pad_x, y, width, pen, cell.align, cell.underline)
        canvas.page.cells.append(CellBox(table, x0, top, x1, bottom, style.rules != "none"))
        if style.rules == "grid":
            canvas.rule(x0, top, x1, top, style.rule_width)
            canvas.rule(x0, bottom, x1, bottom, style.rule_width)
            canvas.rule(x0, top, x0, bottom, style.rule_width)
            canvas.rule(x1, top, x1, bottom, style.rule_width)
    if style.rules in ("horizontal", "outer"):
        cut = any(cell.rows > 1 for row in rows for cell in row)  # a rule would run through a heading over two rows
        places = tops if style.rules == "horizontal" and not cut else [tops[0], tops[-1]]
        for y in places:
            canvas.rule(edges[0], y, edges[-1], y, style.rule_width)
    canvas.y = tops[-1]
