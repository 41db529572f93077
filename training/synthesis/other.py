# ruff: noqa: E501 - sentences are kept whole
"""Documents that hold no filing: blank forms, and other papers that share words, tables, names and dates with one."""

from __future__ import annotations

import random

from extractor.record import Field, Filing, ReportingOwner
from training.annotations import AnnotatedDocument
from training.synthesis import prose, vocabulary, wording
from training.synthesis.annotate import annotate_pages, annotated
from training.synthesis.content import Chunk, number_text
from training.synthesis.garble_grid import cut_cells
from training.synthesis.garble_lines import keep_columns, ocr_lines, reading_order
from training.synthesis.invent_parties import company, spoken_person
from training.synthesis.layouts import LAYOUTS, TYPED, Printed
from training.synthesis.layouts.parts import plain
from training.synthesis.page import Canvas, Pen
from training.synthesis.pdf import to_pdf
from training.synthesis.tables import TableCell, TableStyle, draw_table
from training.synthesis.tape import read_tape

_HEADINGS = (
    "FORM 8-K",
    "FORM 6-K",
    "SCHEDULE 13G",
    "SCHEDULE 13D",
    "FORM 144",
    "RESTRICTED STOCK UNIT AWARD AGREEMENT",
    "NOTICE OF ANNUAL MEETING OF STOCKHOLDERS",
    "POWER OF ATTORNEY",
    "INVOICE",
    "PRESS RELEASE",
    "FORM 10-Q",
    "ACCOUNT STATEMENT",
    "SECURITY OWNERSHIP OF CERTAIN BENEFICIAL OWNERS AND MANAGEMENT",
)
_SENTENCES = (
    "Check the appropriate box below if the filing is intended to satisfy the obligation of the registrant.",
    "Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant has duly caused this report to be "
    "signed on its behalf by the undersigned hereunto duly authorized.",
    "The undersigned hereby constitutes and appoints each of {agent} and {agent2} as attorney-in-fact to execute Forms 3, 4 "
    "and 5 in accordance with Section 16(a) of the Securities Exchange Act of 1934.",
    "On {day}, {issuer} announced its results for the quarter. A copy of the release is furnished as Exhibit 99.1.",
    "The Participant is granted {a} Restricted Stock Units, which vest in {n} equal installments beginning on {day}.",
    "Each person named below has sole voting and investment power over the shares shown, except as stated in the notes.",
    "Payment is due within thirty days of the date of this invoice. Please quote the invoice number.",
    "Title of each class: Common Stock, par value $0.01 per share. Name of each exchange: New York Stock Exchange.",
    "The aggregate market value held by non-affiliates was approximately ${low} million as of {day}.",
)  # fmt: skip
_COLUMNS = (
    ("Name of Beneficial Owner", "Shares Owned", "Percent of Class"),
    ("Date", "Description", "Quantity", "Price", "Amount"),
    ("Grant Date", "Number of RSUs", "Vesting Date"),
    ("", "Three Months Ended", "Six Months Ended"),
    ("Title of Security", "Date Acquired", "Nature of Transaction", "Amount", "Date of Payment"),
)


def annotate_nothing(rng: random.Random) -> AnnotatedDocument:
    """A document without rows: a third are blank forms, the rest other papers."""
    blank = rng.random() < 0.35
    if blank:
        layout = rng.choice([name for name in LAYOUTS if name not in TYPED])
        printed = LAYOUTS[layout][0](rng, blank_filing(rng))
    else:
        layout, printed = "other", _other(rng)
    meta: dict[str, object] = {"layout": layout, "kind": "none"}
    if rng.random() < 0.5:
        from extractor.readers.pdf import read_pdf

        return annotate_pages(read_pdf(to_pdf(printed.pages)), printed, meta)
    mechanism = rng.choice((keep_columns, reading_order, cut_cells, ocr_lines))
    document, marks = read_tape(mechanism(rng, printed.pages))
    return annotated(document, marks, printed.filing, meta)


def blank_filing(rng: random.Random) -> Filing:
    """The form before anybody filled it in."""
    form = rng.choice(("4", "4", "3", "5"))
    no = [Field(False) for _ in range(4)]
    owner = ReportingOwner(is_director=no[0], is_officer=no[1], is_ten_percent_owner=no[2], is_other=no[3])
    filing = Filing(form_type=Field(form), reporting_owners=[owner])
    if form != "3":
        filing.not_subject_to_section_16 = Field(False)
        filing.aff10b5_one = Field(False) if rng.random() < 0.6 else None
    if form == "5":
        filing.form3_holdings_reported, filing.form4_transactions_reported = Field(False), Field(False)
    return filing


def _other(rng: random.Random) -> Printed:
    canvas = Canvas(612, 792, rng.uniform(36, 72))
    pen = Pen(rng.choice(("times", "helvetica", "courier")), rng.uniform(8, 11))
    issuer = company(rng)
    if rng.random() < 0.7:
        canvas.flow([plain(wording.COMMISSION), plain(wording.PLACE)], pen.boldly(), "center", gap=6)
    canvas.flow([plain(rng.choice(_HEADINGS))], pen.boldly(), "center", gap=6)
    canvas.flow([plain(issuer)], pen, "center", gap=10)
    sentences = [*_SENTENCES, *prose.GRANT, *prose.INDIRECT, *prose.REMARKS]
    for _ in range(rng.randint(3, 12)):
        if rng.random() < 0.25:
            _table(canvas, rng, pen)
        text = " ".join(_filled(rng, rng.choice(sentences), issuer) for _ in range(rng.randint(1, 4)))
        box = [Chunk("☐", box=True)] if rng.random() < 0.15 else []
        canvas.flow([[*box, *plain(text)]], pen, gap=6)
    signer = spoken_person(rng)
    day = f"{rng.choice(vocabulary.MONTHS)} {rng.randint(1, 28)}, {rng.randint(1998, 2026)}"
    canvas.flow([plain(f"By: /s/ {signer}"), plain(f"Name: {signer}"), plain(f"Date: {day}")], pen)
    return Printed(canvas.pages, Filing())


def _filled(rng: random.Random, pattern: str, issuer: str) -> str:
    low = rng.uniform(1, 400)
    gaps = {name: company(rng) for name in ("fund", "fund2", "trust")}
    gaps |= {
        name: f"{rng.choice(vocabulary.MONTHS)} {rng.randint(1, 28)}, {rng.randint(1998, 2026)}"
        for name in ("day", "day2")
    }
    gaps |= {name: spoken_person(rng) for name in ("agent", "agent2")}
    gaps |= {"issuer": issuer, "a": f"{rng.randint(100, 90000):,}", "b": f"{rng.randint(100, 90000):,}"}
    gaps |= {"n": "four", "year": str(rng.randint(1998, 2026)), "low": f"{low:.2f}", "high": f"{low + 1:.2f}"}
    gaps |= {"form": "4", "low_name": "smith", "job": rng.choice(prose.JOBS)}
    return pattern.format(**gaps)


def _table(canvas: Canvas, rng: random.Random, pen: Pen) -> None:
    columns = rng.choice(_COLUMNS)
    rows = []
    for _ in range(rng.randint(2, 9)):
        cells = [rng.choice((spoken_person(rng), "Common Stock", "Net revenue", "Total"))]
        for heading in columns[1:]:
            number = number_text(float(rng.randint(1, 900000)))
            cells.append(f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/2024" if "Date" in heading else number)
        rows.append([TableCell([plain(cell)]) for cell in cells])
    share = canvas.inner_width / len(columns)
    head = [[TableCell([plain(heading)]) for heading in columns]]
    draw_table(canvas, [share] * len(columns), head, rows, TableStyle(pen, rng.choice(("grid", "none", "horizontal"))))
    canvas.y += 6
