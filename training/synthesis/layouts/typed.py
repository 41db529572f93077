"""Typed forms of the years before electronic filing: fixed pitch, columns drawn with bars, values cut in mid-word."""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from extractor.record import Field, Filing
from training.synthesis import vocabulary, wording
from training.synthesis.content import Cell, Chunk, Line, Printer, PrintStyle, is_set, row_cells, street_chunks
from training.synthesis.layouts.parts import (
    FormStyle,
    form_type_line,
    group_marks,
    issuer_line,
    note_lines,
    plain,
    relationship_marks,
    remark_line,
    signature_lines,
    top_boxes,
)
from training.synthesis.layouts.printed import Printed, as_shown, form_of
from training.synthesis.page import Canvas, CanvasPage, Pen, PlacedWord
from training.synthesis.tables import TableStyle

_PITCH = 0.6  # of the size: Courier's width


@dataclass(slots=True)
class Typewriter:
    """Lines of words at character columns."""

    width: int
    lines: list[list[tuple[int, Chunk]]] = field(default_factory=list)

    def blank(self, count: int = 1) -> None:
        self.lines += [[] for _ in range(count)]

    def write(self, line: Line, indent: int = 0, hang: int = 0, width: int = 0) -> None:
        """A paragraph, wrapped at blanks."""
        for number, words in enumerate(wrapped(line, (width or self.width) - indent - hang)):
            self.lines.append([(column + indent + (hang if number else 0), chunk) for column, chunk in words])

    def raw(self, text: str) -> None:
        self.lines.append([(0, Chunk(text))])


def wrapped(line: Line, width: int) -> list[list[tuple[int, Chunk]]]:
    """Words of a line by rows of that width; words that are too long are cut."""
    rows: list[list[tuple[int, Chunk]]] = [[]]
    at = 0
    for chunk in line:
        for number, word in enumerate(chunk.text.split()):
            joined = chunk.glue and number == 0 and at > 0
            gap = 0 if joined or at == 0 else 1
            if at and at + gap + len(word) > width:
                rows.append([])
                at = gap = 0
            text = word
            while len(text) > width - at - gap:
                cut = max(1, width - at - gap)
                rows[-1].append((at + gap, replace(chunk, text=text[:cut], glue=joined)))
                rows.append([])
                text, at, gap, joined = text[cut:], 0, 0, False
            if text:
                rows[-1].append((at + gap, replace(chunk, text=text, glue=joined and bool(rows[-1]))))
                at += gap + len(text)
    return rows


TableTyper = Callable[[random.Random, Typewriter, FormStyle, Filing, bool], None]
"""Types Table I or (True) II of a filing."""


def draw_typed(rng: random.Random, filing: Filing) -> Printed:
    """A typed Form 3, 4 or 5."""
    return compose(rng, filing, _table)


def compose(rng: random.Random, filing: Filing, table: TableTyper) -> Printed:
    """A typed form whose tables `table` sets."""
    shown = as_shown(filing, ten_b5=False)
    for row in shown.non_derivative + shown.derivative:
        row.deemed_execution_date = None
    style = _style(rng)
    width = rng.choice((80, 96, 110, 131, 131, 140))
    paper = Typewriter(width)
    _names_with_commas(rng, shown)
    period = _period(rng, style, shown)
    _header(rng, paper, style, shown, period)
    for derivative in (False, True):
        if (shown.derivative if derivative else shown.non_derivative) or rng.random() < 0.8:
            paper.blank()
            table(rng, paper, style, shown, derivative)
    _end(rng, paper, style, shown)
    return Printed(_pages(rng, paper), shown)


def _style(rng: random.Random) -> FormStyle:
    dollar = rng.choice(("$", "$", ""))
    print_style = PrintStyle(
        dates=rng.choice(("us_short", "us_padded_short", "us_bare", "us", "us", "us_padded_short")),
        dollar=dollar,
        zero_price=dollar + rng.choice(("0", "0.00", "-0-", "0")),
        price_places=rng.choice((0, 0, 2, 4)),
        mark_gap=rng.random() < 0.3,
        mark_raised=False,
        ticker=rng.choice(("{}", "({})", "[{}]", "{}")),
    )
    pen = Pen("courier", 8.0)
    tick = rng.choice(("round", "square", "round", "typed", "short", "square_low", "bare"))
    table = TableStyle(pen)
    note_number = rng.choice(("({})", "({})", "{}."))
    return FormStyle(Printer(print_style), pen, pen, pen, table, tick, tick, note_number=note_number, deemed=False)


def _names_with_commas(rng: random.Random, filing: Filing) -> None:
    """Typists often wrote "Last, First M."."""
    comma = rng.random() < 0.5
    for owner in filing.reporting_owners:
        if owner.name is None or not comma or not owner.street:
            continue
        words = str(owner.name.value).split()
        if 2 <= len(words) <= 3 and "," not in words[0] and words[1] in set(vocabulary.FIRST_NAMES):
            owner.name.value = f"{words[0]}, {' '.join(words[1:])}"


def _period(rng: random.Random, style: FormStyle, filing: Filing) -> Line:
    """The date box; before August 2002 often month and year only, which stands for the month's last day."""
    value = filing.period_of_report
    if value is None or form_of(filing) == "3" or rng.random() > 0.4:
        return style.printer.date(value, "period_of_report")
    day = date.fromisoformat(str(value.value))
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    filing.period_of_report = Field(last.isoformat())
    month = vocabulary.MONTHS[day.month - 1]
    text = rng.choice(
        (f"{day.month}/{day.year}", f"{day:%m/%Y}", f"{month} {day.year}", f"{month}, {day.year}", f"{day:%m/%y}")
    )
    return [Chunk(text, "period_of_report", None, style.printer.key())]


def _header(rng: random.Random, paper: Typewriter, style: FormStyle, filing: Filing, period: Line) -> None:
    form, printer = form_of(filing), style.printer
    owner = filing.reporting_owners[0]
    paper.write(plain(wording.COMMISSION))
    paper.write(plain(rng.choice((wording.PLACE, wording.PLACE.upper()))))
    paper.write(form_type_line(style, filing))
    paper.write(plain(wording.TITLES[form]))
    if rng.random() < 0.5:
        paper.blank()
        for sentence in wording.PURSUANT_OLD:
            paper.write(plain(sentence))
    paper.blank()
    for mark, text in top_boxes(style, filing):
        paper.write([*mark, *text], hang=4)
    indent, behind = rng.choice((0, 3, 5)), rng.random() < 0.3
    city = printer.text(owner.city, "owner.city")
    state, code = printer.text(owner.state, "owner.state"), printer.text(owner.zip, "owner.zip")
    place: Line = [*city, *([Chunk(",", glue=True)] if city and state else []), *state, *code]
    name: Cell = [
        printer.text(owner.name, "owner.name"),
        *street_chunks(printer, owner.street),
        place,
        printer.text(owner.country, "owner.country"),
    ]
    printed = relationship_marks(style, filing)
    marks: Cell = [[chunk for mark, text, _ in printed for chunk in [*mark, *plain(text)]]]
    below = [chunk for _, _, words in printed for chunk in words]
    group: Cell = [[*mark, *plain(text)] for mark, text in group_marks(style, filing)]
    captions = wording.header_captions(form, old=True)
    amended = printer.date(filing.date_of_original_submission, "date_of_original_submission")
    number = "IRS or Social Security Number of Reporting Person (Voluntary)"
    facts: list[tuple[str, Cell]] = [
        (captions["owner"], name),
        (captions["issuer"], [issuer_line(style, filing)]),
        (f"3. {number}", []),
        (captions["period"], [period]),
        ("5. If Amendment, Date of Original (Month/Year)", [amended]),
        ("6. Relationship of Reporting Person(s) to Issuer (Check all applicable)", [*marks, below]),
        ("7. Individual or Joint/Group Filing (Check Applicable Line)", group),
    ]
    if form == "3":
        facts[1], facts[3] = (captions["period"], [period]), (captions["issuer"], [issuer_line(style, filing)])
    for caption, value in facts:
        lines = [line for line in value if line]
        if behind and len(lines) == 1:
            paper.write([*plain(caption), *lines[0]], hang=3)
        else:
            paper.write(plain(caption), hang=3)
            for line in lines:
                paper.write(line, indent)
        if rng.random() < 0.4:
            paper.blank()


def _table(rng: random.Random, paper: Typewriter, style: FormStyle, filing: Filing, derivative: bool) -> None:
    words = wording.table_wording(form_of(filing), derivative, old=form_of(filing) != "3", deemed=False)
    keys, bar = words.keys, rng.choice(("|", "|", "|", " "))
    room = paper.width - len(keys) * len(bar)
    least = {"title": 9, "date": 5, "code": 4, "v": 1, "ad": 1, "form": 1, "price": 5, "nature": 6, "under": 8}
    shares = [share * rng.uniform(0.8, 1.2) for share in words.shares]
    widths = [max(least.get(key, 6), int(room * share / sum(shares))) for key, share in zip(keys, shares, strict=True)]
    while sum(widths) > room and max(widths) > 6:
        widths[widths.index(max(widths))] -= 1
    line = rng.choice("_-=_")
    total = sum(widths) + len(keys) * len(bar)
    title = words.title.replace(" - ", rng.choice((" - ", " -- ", "--")))
    if rng.random() < 0.5:
        paper.raw(line * total)
    paper.write([*plain(title), *plain(words.subtitle if rng.random() < 0.5 else "")])
    paper.raw(line * total)
    heads: list[Line] = []
    for group in words.groups:
        for number, _ in enumerate(group.keys):
            sub = plain(group.subs[number]) if group.subs else []
            heads.append((plain(group.heading) if number == 0 else []) + sub)
    _cells(paper, heads, widths, bar)
    paper.raw(line * total)
    between = rng.choice(("", "", line, "-"))
    dash = rng.random() < 0.2
    for index, row in enumerate(filing.derivative if derivative else filing.non_derivative):
        cells = row_cells(style.printer, row, index, derivative)
        _cells(paper, [cells[key] or (plain("-") if dash else []) for key in keys], widths, bar)
        if between:
            paper.raw(between * total)
    if not between:
        paper.raw(line * total)


def _cells(paper: Typewriter, cells: list[Line], widths: list[int], bar: str) -> None:
    """Cells side by side, each wrapped in its own width, bars between them."""
    rows = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(len(row) for row in rows)):
        out: list[tuple[int, Chunk]] = []
        left = 0
        for row, width in zip(rows, widths, strict=True):
            if number < len(row):
                out += [(left + column, chunk) for column, chunk in row[number]]
            left += width
            if bar.strip():
                out.append((left, Chunk(bar)))
            left += len(bar)
        paper.lines.append(out)


def _end(rng: random.Random, paper: Typewriter, style: FormStyle, filing: Filing) -> None:
    paper.blank()
    paper.write(plain(rng.choice(("Explanation of Responses:", "EXPLANATION OF RESPONSES:"))))
    for line in note_lines(style, filing):
        paper.write(line, hang=4)
    if is_set(filing.no_securities_owned):
        line = style.printer.text(filing.no_securities_owned, "no_securities_owned")
        line[0].text = wording.NO_SECURITIES
        paper.write(line)
    remarks = remark_line(style, filing)
    if remarks:
        paper.write([*plain("Remarks:"), *remarks])
    paper.blank()
    apart = rng.random() < 0.5
    for name, day in signature_lines(style, filing):
        if apart:
            paper.write(plain("SIGNATURE OF REPORTING PERSON"))
            paper.write(name, 2)
            paper.write(plain("DATE"))
            paper.write(day)
        else:
            paper.write([*name, *day])
            paper.write(plain("**Signature of Reporting Person            Date"))
        paper.blank()
    for owner in filing.reporting_owners[1:]:
        paper.write(plain("Name and Address of Reporting Person:"))
        printer = style.printer
        lines = [printer.text(owner.name, "owner.name"), *street_chunks(printer, owner.street)]
        city = [*printer.text(owner.city, "owner.city"), *printer.text(owner.state, "owner.state")]
        lines.append([*city, *printer.text(owner.zip, "owner.zip")])
        for line in [*lines, printer.text(owner.country, "owner.country")]:
            if line:
                paper.write(line, 2)
    if rng.random() < 0.5:
        for text in (wording.NOTE_CRIMINAL, wording.NOTE_COPIES):
            paper.write(plain(text), hang=3)


def _pages(rng: random.Random, paper: Typewriter) -> list[CanvasPage]:
    landscape = paper.width > 110 and rng.random() < 0.5
    width, height = (792.0, 612.0) if landscape else (612.0, 792.0)
    margin = rng.uniform(26, 44)
    size = min(10.5, (width - 2 * margin) / (paper.width * _PITCH))
    canvas = Canvas(width, height, margin)
    leading = size * rng.uniform(1.1, 1.3)
    for line in paper.lines:
        if canvas.y + leading > height - margin:
            canvas.new_page()
        canvas.page.pitch = size * _PITCH
        last = ""
        for column, chunk in line:
            x = margin + column * size * _PITCH
            x1 = x + len(chunk.text) * size * _PITCH
            joined = chunk.glue and bool(last)
            key = chunk.key if chunk.label else 0
            word = PlacedWord(
                chunk.text, canvas.page.number, x, canvas.y, x1, canvas.y + size, "Courier", size, chunk.label
            )
            word.row, word.field_key, word.joined = chunk.row, key, joined
            canvas.page.words.append(word)
            last = chunk.text
        canvas.y += leading
    return canvas.pages
