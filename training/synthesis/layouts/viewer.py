"""Tables as data services and viewers on phones set them: flat, in an order of their own, or as captions and values."""

from __future__ import annotations

import random
from dataclasses import replace

from extractor.record import Filing
from training.synthesis import wording
from training.synthesis.content import Cell, Chunk, Line, row_cells
from training.synthesis.layouts.parts import FormStyle, plain
from training.synthesis.layouts.printed import form_of
from training.synthesis.page import Canvas
from training.synthesis.tables import TableCell, TableStyle, draw_table, fitted_widths

_CAPTIONS: dict[str, tuple[str, ...]] = {
    "title": ("Title of Security", "Security", "Security Title", "Class"),
    "date": ("Transaction Date", "Trans. Date", "Trade Date", "Date"),
    "deemed": ("Deemed Execution Date", "Exec. Date", "Deemed Date"),
    "code": ("Code", "Transaction Code", "Trans. Code", "Type"),
    "v": ("V", "Voluntary"),
    "amount": ("Amount", "Shares", "Quantity", "Number of Shares"),
    "number": ("Number", "Quantity", "Number of Derivatives"),
    "ad": ("A/D", "Acq/Disp", "(A) or (D)", "Acquired/Disposed"),
    "price": ("Price", "Price per Share", "Unit Price"),
    "after": ("Owned Following", "Shares Owned After", "Total Holdings", "Amount Owned"),
    "form": ("D/I", "Direct/Indirect", "Ownership Form", "Ownership"),
    "nature": ("Nature of Ownership", "Nature of Indirect Ownership", "Nature"),
    "strike": ("Conversion or Exercise Price", "Exercise Price", "Strike"),
    "acquired": ("Acquired (A)", "(A)", "Acquired"),
    "disposed": ("Disposed (D)", "(D)", "Disposed"),
    "exercisable": ("Date Exercisable", "Exercisable", "Exercisable From"),
    "expires": ("Expiration Date", "Expires", "Expiration"),
    "under": ("Underlying Security", "Title of Underlying", "Underlying"),
    "under_amount": ("Underlying Shares", "Shares Underlying", "Amount of Underlying"),
}
_MIDDLE = "exercisable expires under under_amount"
_ORDERS: dict[bool, tuple[str, ...]] = {
    False: (
        "title date deemed code v amount ad price after form nature",
        "title date deemed code v amount ad price after form nature",
        "date deemed code v title ad amount price after form nature",
        "title date deemed code v ad amount price after form nature",
        "title form nature date deemed code v amount ad price after",
        "title date deemed code v ad price amount after form nature",
    ),
    True: (
        f"title strike date deemed code v acquired disposed {_MIDDLE} price after form nature",
        f"title strike date deemed code v acquired disposed {_MIDDLE} price after form nature",
        f"title date deemed code v number ad strike {_MIDDLE} price after form nature",
        f"date deemed code v title number ad price strike {_MIDDLE} after form nature",
        f"title form nature date deemed code v acquired disposed price strike {_MIDDLE} after",
    ),
}
_FORM_3: dict[bool, str] = {
    False: "title after form nature",
    True: "title exercisable expires under under_amount strike form nature",
}
_SPARE = ("v", "deemed", "nature", "price", "strike")
_WIDE = {"title": 2.6, "nature": 1.6, "under": 1.6, "v": 0.5, "form": 0.6, "code": 0.7, "ad": 0.6}


def _cells_of(style: FormStyle, filing: Filing, derivative: bool, keys: list[str]) -> list[dict[str, Line]]:
    """The values of each row; the letter beside a number that has only one column says nothing a label would."""
    found = []
    for index, row in enumerate(filing.derivative if derivative else filing.non_derivative):
        cells = row_cells(style.printer, row, index, derivative)
        if derivative:
            cells["number"] = cells["acquired"] or cells["disposed"]
            cells["ad"] = [Chunk("A" if cells["acquired"] else "D")] if cells["number"] else []
        found.append({key: cells[key] for key in keys})
    return found


def _chosen(rng: random.Random, filing: Filing, derivative: bool) -> tuple[list[str], dict[str, str]]:
    """The columns in an order, and their captions."""
    order = _FORM_3[derivative] if form_of(filing) == "3" else rng.choice(_ORDERS[derivative])
    return order.split(), {key: rng.choice(words) for key, words in _CAPTIONS.items()}


def _title(canvas: Canvas, rng: random.Random, style: FormStyle, filing: Filing, derivative: bool) -> None:
    words = wording.table_wording(form_of(filing), derivative, False, style.deemed)
    kind = "Derivative" if derivative else "Non-Derivative"
    text = rng.choice((words.title, words.title, f"{kind} Securities", f"{kind} Transactions and Holdings"))
    canvas.need(60)
    canvas.flow([plain(text, "b")], style.caption, rng.choice(("left", "center")), gap=3)


def flat_table(canvas: Canvas, style: FormStyle, filing: Filing, derivative: bool, rng: random.Random) -> None:
    """One heading line of short words; columns that no row fills are left out."""
    _title(canvas, rng, style, filing, derivative)
    keys, captions = _chosen(rng, filing, derivative)
    cells = _cells_of(style, filing, derivative, keys)
    keys = [key for key in keys if key not in _SPARE or any(row[key] for row in cells) or rng.random() < 0.3]
    head = [[TableCell([plain(captions[key])], pen=style.heading.boldly(style.bold_heads)) for key in keys]]
    rows = [
        [TableCell([row[key]] if row[key] else [], align=style.alignment(key), pen=style.data) for key in keys]
        for row in cells
    ]
    shares = [_WIDE.get(key, 1.0) * rng.uniform(0.8, 1.2) for key in keys]
    widths = [canvas.inner_width * share / sum(shares) for share in shares]
    widths, excess = fitted_widths(widths, head, rows, style.table)
    if excess > 1:
        for row in [*head, *rows]:
            for cell in row:
                pen = cell.pen or style.table.pen
                cell.pen = pen.sized(pen.size * max(0.62, 0.98 / excess))
        widths, _ = fitted_widths(widths, head, rows, style.table)
    draw_table(canvas, widths, head, rows, style.table)


def cards(canvas: Canvas, style: FormStyle, filing: Filing, derivative: bool, rng: random.Random) -> None:
    """A block for each row: captions with their values behind or below them, one or several in a line."""
    _title(canvas, rng, style, filing, derivative)
    keys, captions = _chosen(rng, filing, derivative)
    name, across, below = (
        rng.choice(("Transaction {}", "{}.", "Row {}", "")),
        rng.choice((1, 1, 2, 3)),
        rng.random() < 0.3,
    )
    colon, empty, bold = rng.choice((":", ":", "")), rng.random() < 0.4, rng.random() < 0.6
    gap = rng.uniform(3, 9)
    bare = replace(style.table, rules="none", pad_y=min(1.5, style.table.pad_y))
    for number, cells in enumerate(_cells_of(style, filing, derivative, keys), 1):
        if name:
            canvas.need(40)
            canvas.flow([plain(name.format(number), "b")], style.caption, gap=1)
        pairs = [(captions[key] + colon, cells[key]) for key in keys if cells[key] or empty]
        _pairs(canvas, style, pairs, bare, across, below, bold)
        canvas.y += gap


def _pairs(
    canvas: Canvas,
    style: FormStyle,
    pairs: list[tuple[str, Line]],
    table: TableStyle,
    across: int,
    below: bool,
    bold: bool,
) -> None:
    caption = style.caption.boldly(bold)
    width = canvas.inner_width / across
    widths = [width] * across if below else [width * 0.42, width * 0.58] * across
    rows: list[list[TableCell]] = []
    for begin in range(0, len(pairs), across):
        row: list[TableCell] = []
        for text, value in pairs[begin : begin + across]:
            cell: Cell = [value] if value else []
            if below:
                row.append(TableCell([plain(text, "b" if bold else ""), *cell], pen=style.data))
            else:
                row += [TableCell([plain(text)], pen=caption), TableCell(cell, pen=style.data)]
        rows.append(row + [TableCell() for _ in range(len(widths) - len(row))])
    draw_table(canvas, widths, [], rows, replace(table, valign="top"))
