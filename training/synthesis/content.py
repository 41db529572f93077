"""What a page prints: a filing's values as chunks of text, each with its label, row and value key.

One value is one key, however many chunks and words it becomes; all renderers and garblers go by these.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from extractor.record import Field, Filing, Row
from training.synthesis import vocabulary


@dataclass(slots=True)
class Chunk:
    """Text of one value, or printed text of the form where `label` is None.

    `glue`: no blank before it. `raised`: a superscript. `font`: a variant of the surrounding font ("b", "i", "").
    `box`: the chunk is a drawn check box, ticked or not, and `text` its stand-in.
    """

    text: str
    label: str | None = None
    row: int | None = None
    key: int = 0
    glue: bool = False
    raised: bool = False
    font: str = ""
    box: bool = False


Line = list[Chunk]
Cell = list[Line]
"""Lines of a cell; each may still be wrapped."""

DateStyle = Callable[[date], str]
DATE_STYLES: dict[str, DateStyle] = {
    "us": lambda d: f"{d:%m/%d/%Y}",
    "us_bare": lambda d: f"{d.month}/{d.day}/{d.year}",
    "us_short": lambda d: f"{d.month}/{d.day}/{d:%y}",
    "us_padded_short": lambda d: f"{d:%m/%d/%y}",
    "dash": lambda d: f"{d:%m-%d-%Y}",
    "iso": lambda d: d.isoformat(),
    "spoken": lambda d: f"{vocabulary.MONTHS[d.month - 1][:3]} {d.day}, {d.year}",
    "long": lambda d: f"{vocabulary.MONTHS[d.month - 1]} {d.day}, {d.year}",
    "military": lambda d: f"{d.day:02d}-{vocabulary.MONTHS[d.month - 1][:3]}-{d.year}",
}
TICKS = {
    "bare": ("X", ""),
    "xsl": ("__X__", "_____"),
    "short": ("_X_", "___"),
    "square": ("[X]", "[ ]"),
    "square_low": ("[x]", "[ ]"),
    "round": ("(X)", "( )"),
    "glyph": ("☒", "☐"),
    "low": ("x", ""),
    "typed": ("x", "o"),
}


@dataclass(slots=True)
class PrintStyle:
    """How one page prints values; drawn once for a document."""

    dates: str = "us"
    thousands: bool = True
    dollar: str = "$"
    zero_price: str = "$0"
    price_places: int = 0
    mark_gap: bool = False
    mark_raised: bool = True
    marks_apart: bool = False
    ticker: str = "[ {} ]"
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def date(self, iso: str) -> str:
        return DATE_STYLES[self.dates](date.fromisoformat(iso))


def number_text(value: float, thousands: bool = True, places: int = 0) -> str:
    """A number as forms print it: no trailing zeros unless `places` asks for them.

    >>> number_text(421693.0), number_text(19106.5), number_text(1.9, places=4)
    ('421,693', '19,106.5', '1.9000')
    """
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    if places:
        decimals = decimals.ljust(places, "0")
    text = f"{whole}.{decimals}" if decimals else whole
    return text if thousands else text.replace(",", "")


class Printer:
    """Turns fields into chunks in one print style, and remembers which values it printed."""

    def __init__(self, style: PrintStyle) -> None:
        self.style = style

    def key(self) -> int:
        return next(self.style.keys)

    def text(self, value: Field | None, label: str, row: int | None = None, font: str = "") -> Line:
        """A text value; nothing for an absent one."""
        if value is None or value.value is None or value.value == "":
            return []
        return [Chunk(str(value.value), label, row, self.key(), font=font)]

    def date(self, value: Field | None, label: str, row: int | None = None) -> Line:
        if value is None or value.value is None:
            return []
        return [Chunk(self.style.date(str(value.value)), label, row, self.key())]

    def number(self, value: Field | None, label: str, row: int | None = None) -> Line:
        if value is None or value.value is None:
            return []
        return [Chunk(number_text(float(value.value), self.style.thousands), label, row, self.key())]

    def price(self, value: Field | None, label: str, row: int | None = None) -> Line:
        style = self.style
        if value is None or value.value is None:
            return []
        amount = float(value.value)
        text = style.zero_price if amount == 0 else style.dollar + number_text(amount, True, style.price_places)
        return [Chunk(text, label, row, self.key())]

    def marks(self, value: Field | None, row: int | None = None, alone: bool = False) -> Line:
        """The footnote marks of a field."""
        style, out = self.style, []
        for position, mark in enumerate(value.marks if value is not None else []):
            glue = (not style.mark_gap and not alone) if position == 0 else not style.marks_apart
            out.append(Chunk(f"({mark})", "footnote.mark", row, self.key(), glue=glue, raised=style.mark_raised))
        return out

    def with_marks(self, line: Line, value: Field | None, row: int | None) -> Line:
        return line + self.marks(value, row, alone=not line)

    def tick(self, value: bool, label: str, style: str = "bare") -> Line:
        """The mark of a check box; empty where nothing is printed for an empty one."""
        if style == "drawn":
            return [Chunk("☒" if value else "☐", label, None, self.key(), box=True)]
        text = TICKS[style][0 if value else 1]
        return [Chunk(text, label, None, self.key())] if text else []


def row_cells(printer: Printer, row: Row, index: int, derivative: bool) -> dict[str, Line]:
    """The cells of a table row by the name of their column; `code` holds the code with /K, `v` the V."""
    base = "derivative" if derivative else "non_derivative"

    def label(name: str) -> str:
        return f"{base}.{name}"

    def marked(line: Line, value: Field | None) -> Line:
        return printer.with_marks(line, value, index)

    def text(name: str) -> Line:
        value = getattr(row, name)
        return marked(printer.text(value, label(name), index), value)

    def day(name: str) -> Line:
        value = getattr(row, name)
        return marked(printer.date(value, label(name), index), value)

    def price(name: str) -> Line:
        value = getattr(row, name)
        return marked(printer.price(value, label(name), index), value)

    def number(name: str, as_label: str = "") -> Line:
        value = getattr(row, name)
        return marked(printer.number(value, label(as_label or name), index), value)

    code = printer.text(row.transaction_code, label("transaction_code"), index)
    if code and row.equity_swap_involved is not None and row.equity_swap_involved.value:
        code.append(Chunk("/K", label("equity_swap_involved"), index, printer.key(), glue=True))
    code += printer.marks(row.transaction_code, index, alone=not code)
    voluntary = row.voluntary is not None and bool(row.voluntary.value)
    cells = {
        "title": text("security_title"),
        "date": day("transaction_date"),
        "deemed": day("deemed_execution_date"),
        "code": code,
        "v": [Chunk("V", label("voluntary"), index, printer.key())] if voluntary else [],
        "price": price("price_per_share"),
        "after": number("shares_owned_following"),
        "form": text("direct_or_indirect"),
        "nature": text("nature_of_ownership"),
    }
    if not derivative:
        cells["amount"] = number("shares")
        cells["ad"] = text("acquired_disposed")
        return cells
    acquired = row.acquired_disposed is not None and row.acquired_disposed.value == "A"
    cells["acquired"] = number("shares", "shares_acquired") if acquired else []
    cells["disposed"] = [] if acquired else number("shares", "shares_disposed")
    cells["strike"] = price("conversion_or_exercise_price")
    cells["exercisable"], cells["expires"] = day("exercise_date"), day("expiration_date")
    cells["under"], cells["under_amount"] = text("underlying_security_title"), number("underlying_security_shares")
    return cells


def street_lines(value: Field | None) -> list[str]:
    """The lines of a street as they were filed."""
    if value is None or value.value is None:
        return []
    lines = [line.strip() for line in (value.raw or str(value.value)).split("\n")]
    return [line for line in lines if line] or [str(value.value)]


def street_chunks(printer: Printer, value: Field | None) -> Cell:
    """One line a street line, all of one value."""
    key = printer.key()
    return [[Chunk(line, "owner.street", None, key)] for line in street_lines(value)]


def has_box(value: Field | None) -> bool:
    return value is not None and value.value is not None


def is_set(value: Field | None) -> bool:
    return value is not None and bool(value.value)


def official_style(rng: random.Random) -> PrintStyle:
    """As the SEC prints: the variants it has had."""
    return PrintStyle(zero_price=rng.choice(("$0", "$0", "$0", "$0.00", "$0.0000")))


def reduced_style(rng: random.Random) -> PrintStyle:
    return PrintStyle(dollar="$ ", zero_price="$ 0", mark_gap=True, marks_apart=True, ticker="[{}]")


def vendor_style(rng: random.Random) -> PrintStyle:
    """As vendors print: anything goes."""
    dollar = rng.choice(("$", "$", "$ ", ""))
    places = rng.choice((0, 0, 2, 4))
    zero = dollar + rng.choice(("0", "0.00", "0.0000"))
    return PrintStyle(
        dates=rng.choice(("us", "us", "us", "us_bare", "iso", "dash", "spoken", "military")),
        thousands=rng.random() < 0.9,
        dollar=dollar,
        zero_price=zero,
        price_places=places,
        mark_gap=rng.random() < 0.4,
        mark_raised=rng.random() < 0.6,
        marks_apart=rng.random() < 0.4,
        ticker=rng.choice(("[{}]", "[ {} ]", "[{} ]", "({})", "{}", "/ {}")),
    )


def record_values(filing: Filing) -> dict[str, object]:
    """The plain values of a filing in the shape of the output contract."""

    def plain(item: object) -> object:
        if isinstance(item, dict):
            if "value" in item and "confidence" in item:
                return item["value"]
            return {name: plain(value) for name, value in item.items() if name != "confidence"}
        return [plain(value) for value in item] if isinstance(item, list) else item

    dropped = ("source", "model", "checks", "confidence", "needs_review", "review_reasons")
    return {name: plain(value) for name, value in filing.to_dict().items() if name not in dropped}
