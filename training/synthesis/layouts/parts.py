"""Parts that layouts share: the tables, notes, signatures, check boxes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from extractor.record import Field, Filing
from training.synthesis import vocabulary, wording
from training.synthesis.content import Chunk, Line, Printer, has_box, is_set, row_cells
from training.synthesis.invent_parties import spoken_person
from training.synthesis.layouts.printed import form_of
from training.synthesis.page import Canvas, Pen, text_width
from training.synthesis.prose import POWER_OF_ATTORNEY
from training.synthesis.tables import TableCell, TableStyle, draw_table, fitted_widths

CENTRED = {"date", "deemed", "code", "v", "amount", "ad", "price", "after", "form", "strike", "acquired", "disposed"}
CENTRED |= {"exercisable", "expires", "under_amount"}


def plain(text: str, font: str = "") -> Line:
    return [Chunk(text, font=font)]


@dataclass(slots=True)
class FormStyle:
    """Everything that a layout draws by chance, once for a document."""

    printer: Printer
    caption: Pen
    data: Pen
    heading: Pen
    table: TableStyle
    tick: str = "bare"
    top_tick: str = "drawn"
    align: dict[str, str] = field(default_factory=dict)
    empty_table: bool = True
    deemed: bool = True
    bold_heads: bool = True
    number_gap: str = ". "
    note_number: str = "{}."
    fit_words: bool = True
    headings: str = "full"

    def alignment(self, key: str) -> str:
        return self.align.get(key, "center" if key in CENTRED else "left")


def top_boxes(style: FormStyle, filing: Filing, short: bool = False) -> list[tuple[Line, Line]]:
    """(mark, caption) of the boxes above the form: Section 16, Form 5's two, Rule 10b5-1."""
    printer, form = style.printer, form_of(filing)
    found: list[tuple[Field | None, str, str]] = []
    if form != "3":
        found.append((filing.not_subject_to_section_16, "box.section_16", wording.SECTION_16))
    if form == "5":
        found.append((filing.form3_holdings_reported, "box.form3_holdings", wording.FORM_3_HOLDINGS))
        found.append((filing.form4_transactions_reported, "box.form4_transactions", wording.FORM_4_TRANSACTIONS))
    if has_box(filing.aff10b5_one):
        found.append((filing.aff10b5_one, "box.aff10b5_one", wording.TEN_B5_SHORT if short else wording.TEN_B5))
    return [
        (printer.tick(is_set(value), label, style.top_tick), plain(text))
        for value, label, text in found
        if has_box(value)
    ]


def form_type_line(style: FormStyle, filing: Filing, amended: bool = True, prefix: str = "FORM") -> Line:
    """ "FORM 4", its number labelled."""
    text = str(filing.form_type.value) if filing.form_type else "4"
    shown = text if amended else text[0]
    return [Chunk(prefix), Chunk(shown, "form_type", None, style.printer.key())]


def issuer_line(style: FormStyle, filing: Filing) -> Line:
    """Name and ticker; the brackets around the ticker have no label."""
    printer = style.printer
    line = printer.text(filing.issuer.name, "issuer.name")
    if filing.issuer.ticker is None or filing.issuer.ticker.value is None:
        return line
    before, after = printer.style.ticker.split("{}")
    if before.strip():
        line.append(Chunk(before.strip()))
    glue = bool(before) and not before.endswith(" ")
    line.append(Chunk(str(filing.issuer.ticker.value), "issuer.ticker", None, printer.key(), glue=glue))
    if after.strip():
        line.append(Chunk(after.strip(), glue=not after.startswith(" ")))
    return line


def table_rows(style: FormStyle, filing: Filing, derivative: bool, keys: list[str]) -> list[list[TableCell]]:
    rows = filing.derivative if derivative else filing.non_derivative
    out = []
    for index, row in enumerate(rows):
        cells = row_cells(style.printer, row, index, derivative)
        out.append(
            [TableCell([cells[key]] if cells[key] else [], align=style.alignment(key), pen=style.data) for key in keys]
        )
    return out


def securities_table(
    canvas: Canvas,
    style: FormStyle,
    filing: Filing,
    derivative: bool,
    rng: random.Random,
    table: int | None = None,
    title: str = "inside",
    old: bool = False,
    width: float | None = None,
    wobble: float = 0.12,
) -> None:
    """Table I or II with its headings; also where it has no rows. `title`: "inside", "above" or "none"."""
    words = wording.table_wording(form_of(filing), derivative, old, style.deemed)
    words.groups = [wording.reworded(group, style.headings) for group in words.groups]
    total = width or canvas.inner_width
    shares = [share * rng.uniform(1 - wobble, 1 + wobble) for share in words.shares]
    widths = [total * share / sum(shares) for share in shares]
    heading = style.heading.boldly(style.bold_heads)
    columns = len(words.keys)
    title_lines = [plain(words.title, "b")] + ([plain(words.subtitle, "b")] if words.subtitle else [])
    head: list[list[TableCell]] = []
    if title == "inside":
        head.append([TableCell(title_lines, columns, align="center", pen=style.caption, valign="middle")])
    elif title == "above":
        canvas.need(60)
        canvas.flow(title_lines, style.caption, "center", gap=2)
    split = any(group.subs for group in words.groups)
    upper, lower = [], []
    for group in words.groups:
        text = group.heading.replace(". ", style.number_gap, 1)
        upper.append(TableCell([plain(text)], len(group.keys), 2 if split and not group.subs else 1, pen=heading))
        lower += [TableCell([plain(sub)], pen=heading, valign=style.table.valign) for sub in group.subs]
    head.append(upper)
    if split:
        head.append(lower)
    rows = table_rows(style, filing, derivative, words.keys)
    if style.fit_words:
        widths, excess = fitted_widths(widths, head, rows, style.table)
        if excess > 1:  # a browser would shrink the page
            for row in [*head, *rows]:
                for cell in row:
                    pen = cell.pen or style.table.pen
                    cell.pen = pen.sized(pen.size * max(0.62, 0.98 / excess))
            widths, _ = fitted_widths(widths, head, rows, style.table)
    draw_table(canvas, widths, head, rows, style.table, table=table)


def note_lines(style: FormStyle, filing: Filing) -> list[Line]:
    """The footnotes, each with its number in front."""
    printer = style.printer
    out: list[Line] = []
    for note in filing.footnotes:
        if note.text is None or note.text.value is None:
            continue
        number = Chunk(style.note_number.format(note.id), "footnote.mark", None, printer.key())
        out.append([number, *printer.text(note.text, "footnote.text")])
    return out


def remark_line(style: FormStyle, filing: Filing) -> Line:
    return style.printer.text(filing.remarks, "remarks")


def signature_lines(style: FormStyle, filing: Filing) -> list[tuple[Line, Line]]:
    """(name, date) of each signature."""
    printer = style.printer
    return [(printer.text(s.name, "signature.name"), printer.date(s.date, "signature.date")) for s in filing.signatures]


def relationship_marks(style: FormStyle, filing: Filing) -> list[tuple[Line, str, Line]]:
    """(mark, caption, text below) of the four boxes of the relationship: director, 10%, officer, other."""
    owner, printer = filing.reporting_owners[0], style.printer
    below = {
        "box.officer": printer.text(owner.officer_title, "owner.officer_title"),
        "box.other": printer.text(owner.other_text, "owner.other_text"),
    }
    boxes = (
        (owner.is_director, "box.director", "Director"),
        (owner.is_ten_percent_owner, "box.ten_percent_owner", "10% Owner"),
        (owner.is_officer, "box.officer", "Officer (give title below)"),
        (owner.is_other, "box.other", "Other (specify below)"),
    )
    return [
        (printer.tick(is_set(value), label, style.tick), caption, below.get(label, []))
        for value, label, caption in boxes
    ]


def group_marks(style: FormStyle, filing: Filing) -> list[tuple[Line, str]]:
    joint = len(filing.reporting_owners) > 1
    single = not joint and filing.reporting_owners[0].name is not None  # neither is ticked on a blank form
    one, more = (
        style.printer.tick(single, "box.one_person", style.tick),
        style.printer.tick(joint, "box.joint", style.tick),
    )
    return [(one, "Form filed by One Reporting Person"), (more, "Form filed by More than One Reporting Person")]


def exhibit(canvas: Canvas, rng: random.Random) -> None:
    """A power of attorney behind the form: names, dates and a signature that are none of the filing's."""
    who, agent = spoken_person(rng), spoken_person(rng)
    pen = Pen(rng.choice(("times", "helvetica", "courier")), rng.uniform(8.5, 11))
    day = f"{rng.randint(1, 28)}th day of {rng.choice(vocabulary.MONTHS)}, {rng.randint(2003, 2026)}"
    canvas.new_page()
    canvas.flow(
        [plain(rng.choice(("POWER OF ATTORNEY", "Exhibit 24", "LIMITED POWER OF ATTORNEY")))], pen, "center", gap=8
    )
    for text in POWER_OF_ATTORNEY:
        canvas.flow([plain(text.format(who=who, agent=agent, day=day))], pen, gap=6)
    canvas.flow([plain(f"/s/ {who}"), plain(who)], pen, indent=200)


def browser_lines(canvas: Canvas, rng: random.Random, title: str) -> None:
    """Header and footer as browsers print them on every page."""
    pen = Pen("helvetica", rng.choice((7.0, 7.5, 8.0)))
    host = rng.choice(("www.sec.gov/Archives/edgar", "investors.example.com/sec-filings", "ir.example.org/financials"))
    page_id = f"{rng.randint(100000, 1999999)}/{rng.randint(10**17, 10**18)}"
    url = f"https://{host}/data/{page_id}/{rng.choice(('xslF345X03/', 'xslF345X05/', ''))}form4.xml"
    day = f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/{rng.randint(20, 27)}"
    stamp = f"{day}, {rng.randint(1, 12)}:{rng.randint(10, 59)} {rng.choice('AP')}M"
    for page in canvas.pages:
        probe = Canvas(canvas.width, canvas.height, canvas.margin)
        probe.pages = [page]
        top, bottom = canvas.margin * 0.35, canvas.height - canvas.margin * 0.7
        right = canvas.width - canvas.margin * 0.7
        left = canvas.margin * 0.7
        counter = f"{page.number}/{len(canvas.pages)}"
        probe.text([plain(stamp)], left, top, 200, pen)
        probe.text([plain(title)], canvas.width * 0.35, top, canvas.width * 0.4, pen, "center")
        probe.text([plain(url)], left, bottom, canvas.width * 0.85, pen)
        probe.text([plain(counter)], right - text_width(counter, pen.font(), pen.size) - 1, bottom, 60, pen)
