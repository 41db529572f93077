# ruff: noqa: E501 - markup is kept whole
"""Filings as web pages: the official page, the reduced one, and pages as vendors write them; every value is marked.

The labels ride along as an attribute of the elements, which the product's HTML reader can carry over to its tokens.
"""

from __future__ import annotations

import random
from html import escape

from extractor.record import Field, Filing, ReportingOwner
from training.synthesis import wording
from training.synthesis.content import (
    Chunk,
    Line,
    Printer,
    is_set,
    official_style,
    reduced_style,
    row_cells,
    street_chunks,
    vendor_style,
)
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
from training.synthesis.layouts.printed import as_shown, form_of
from training.synthesis.layouts.reduced import spell_states
from training.synthesis.page import Pen
from training.synthesis.tables import TableStyle

LABEL_ATTRIBUTE = "data-l"
HTML_STYLES = {"html_official": 45, "html_reduced": 30, "html_vendor": 25}


def render_html(rng: random.Random, filing: Filing, style: str) -> tuple[str, Filing]:
    """The page, and the filing as it shows it."""
    return {"html_official": _official, "html_reduced": _reduced, "html_vendor": _vendor}[style](rng, filing)


def _style(printer: Printer, tick: str, top_tick: str, note_number: str) -> FormStyle:
    pen = Pen()
    return FormStyle(printer, pen, pen, pen, TableStyle(pen), tick=tick, top_tick=top_tick, note_number=note_number)


def run(line: Line) -> str:
    """Chunks as HTML; drawn boxes become form elements."""
    parts: list[str] = []
    for chunk in line:
        if parts and not chunk.glue:
            parts.append(" ")
        parts.append(_chunk(chunk))
    return "".join(parts)


def _chunk(chunk: Chunk) -> str:
    told = f"{chunk.label}|{'' if chunk.row is None else chunk.row}|{chunk.key}" if chunk.label else ""
    if chunk.box:
        ticked = " checked" if chunk.text == "☒" else ""
        return f'<span {LABEL_ATTRIBUTE}="{told}"><input type="checkbox"{ticked} disabled></span>'
    text = escape(chunk.text)
    if chunk.raised:
        text = f"<sup>{text}</sup>"
    if chunk.font == "b":
        text = f"<b>{text}</b>"
    return f'<span {LABEL_ATTRIBUTE}="{told}">{text}</span>' if told else text


def _rows(style: FormStyle, filing: Filing, derivative: bool, keys: list[str], cell: str) -> str:
    rows = filing.derivative if derivative else filing.non_derivative
    out = []
    for index, row in enumerate(rows):
        cells = row_cells(style.printer, row, index, derivative)
        out.append("<tr>" + "".join(f"<td {cell}>{run(cells[key])}</td>" for key in keys) + "</tr>\n")
    return "".join(out)


def _heads(words: wording.TableWording, attributes: str) -> str:
    split = any(group.subs for group in words.groups)
    upper, lower = [], []
    for group in words.groups:
        span = f' colspan="{len(group.keys)}"' if group.subs else (' rowspan="2"' if split else "")
        upper.append(f"<th{span} {attributes}>{escape(group.heading)}</th>")
        lower += [f"<th {attributes}>{escape(sub)}</th>" for sub in group.subs]
    return f"<tr>{''.join(upper)}</tr>\n" + (f"<tr>{''.join(lower)}</tr>\n" if split else "")


def _table(
    style: FormStyle, filing: Filing, derivative: bool, cell: str, head: str, attributes: str, caption: bool
) -> str:
    words = wording.table_wording(form_of(filing), derivative, deemed=style.deemed)
    words.groups = [wording.reworded(group, style.headings) for group in words.groups]
    title = f"<b>{words.title}</b>" + (f"<br><b>{words.subtitle}</b>" if words.subtitle else "")
    span = len(words.keys)
    first = f'<tr><th colspan="{span}" {head}>{title}</th></tr>\n' if caption else ""
    return f"<table {attributes}>\n{first}{_heads(words, head)}{_rows(style, filing, derivative, words.keys, cell)}</table>\n"


def _address(style: FormStyle, owner: ReportingOwner, gap: str) -> dict[str, str]:
    printer = style.printer
    fields: dict[str, tuple[Field | None, str]] = {
        "name": (owner.name, "owner.name"),
        "city": (owner.city, "owner.city"),
        "state": (owner.state, "owner.state"),
        "zip": (owner.zip, "owner.zip"),
        "country": (owner.country, "owner.country"),
    }
    out = {name: run(printer.text(value, label)) for name, (value, label) in fields.items()}
    out["street"] = gap.join(run(line) for line in street_chunks(printer, owner.street))
    return out


def _official_owner(style: FormStyle, owner: ReportingOwner, caption: str) -> str:
    a = _address(style, owner, "<br>")
    country = ""
    if a["country"]:
        country = (
            f'<hr width="98%"><table width="100%"><tr><td class="FormText">{a["country"]}</td></tr></table>(Country)'
        )

    def thirds(first: str, second: str, third: str) -> str:
        cells = "".join(f'<td width="33%">{text}</td>' for text in (first, second, third))
        return f'<table border="0" width="100%"><tr>{cells}</tr></table>'

    return (
        f'<span class="MedSmallFormText">{escape(caption)}</span>'
        f'<table border="0" width="100%"><tr><td>{a["name"]}</td></tr></table><hr width="98%">'
        f"{thirds('(Last)', '(First)', '(Middle)')}"
        f'<table border="0" width="100%"><tr><td>{a["street"]}</td></tr></table><hr width="98%">'
        f'<span class="MedSmallFormText">(Street)</span>{thirds(a["city"], a["state"], a["zip"])}<hr width="98%">'
        f"{thirds('(City)', '(State)', '(Zip)')}{country}"
    )


def _official(rng: random.Random, filing: Filing) -> tuple[str, Filing]:
    shown = as_shown(filing)
    form = form_of(shown)
    style = _style(Printer(official_style(rng)), "bare", "drawn", rng.choice(("{}.", "{}.", "({})")))
    captions = wording.header_captions(form)
    printer = style.printer
    boxed = rng.random() < 0.6

    def top_mark(mark: Line) -> str:
        # the official page draws these boxes as bordered tables of one cell, others as form elements
        if not boxed:
            return run(mark)
        inner = "X" if mark[0].text == "☒" else "&nbsp;&nbsp;&nbsp;"
        told = f'{LABEL_ATTRIBUTE}="{mark[0].label}||{mark[0].key}"'
        return f'<table border="1" cellspacing="0" {told}><tr><td>{inner}</td></tr></table>'

    boxes = "".join(
        f"<tr><td>{top_mark(mark)}</td><td class='SmallFormText'>{run(text)}</td></tr>"
        for mark, text in top_boxes(style, shown)
    )
    marks = relationship_marks(style, shown)
    relation = "".join(
        f"<tr><td width='15%' align='center'>{run(a[0])}</td><td width='35%'>{a[1]}</td>"
        f"<td width='15%' align='center'>{run(b[0])}</td><td>{b[1]}</td></tr>"
        for a, b in (marks[:2], marks[2:])
    )
    relation += f"<tr><td></td><td>{run(marks[2][2])}</td><td></td><td>{run(marks[3][2])}</td></tr>"
    group = "".join(
        f"<tr><td width='15%' align='center'>{run(m)}</td><td>{text}</td></tr>" for m, text in group_marks(style, shown)
    )
    period = run(printer.date(shown.period_of_report, "period_of_report"))
    amended = run(printer.date(shown.date_of_original_submission, "date_of_original_submission"))
    issuer = f"{captions['issuer']}<br>{run(issuer_line(style, shown))}"
    dated = f"{captions['period']}<br>{period}"
    first, second = (dated, issuer) if form == "3" else (issuer, dated)
    cell = 'align="center" class="FormData"'
    head = 'class="MedSmallFormText" valign="top"'
    attributes = 'width="100%" border="1" cellspacing="0" cellpadding="4"'
    further = ""
    if len(shown.reporting_owners) > 1:
        further = "".join(
            f'<table border="1" width="40%"><tr><td>{_official_owner(style, owner, captions["owner"])}</td></tr></table>'
            for owner in shown.reporting_owners
        )
    notes = "".join(f'<tr><td class="FootnoteData">{run(line)}</td></tr>' for line in note_lines(style, shown))
    if is_set(shown.no_securities_owned):
        notes += f"<tr><td>{run(_none_owned(style, shown))}</td></tr>"
    remarks = remark_line(style, shown)
    if remarks or rng.random() < 0.3:
        notes += f"<tr><td><b>Remarks:</b></td></tr><tr><td>{run(remarks)}</td></tr>"
    signed = "".join(
        f'<tr><td width="60%"></td><td width="20%"><u>{run(name)}</u></td><td width="20%"><u>{run(day)}</u></td></tr>'
        for name, day in signature_lines(style, shown)
    )
    ending = (
        wording.REMINDER,
        wording.NOTE_MORE,
        wording.NOTE_CRIMINAL,
        wording.NOTE_COPIES,
        f"<b>{wording.NOTE_OMB}</b>",
    )
    foot = "".join(f'<tr><td colspan="3">{text}</td></tr>' for text in ending)
    body = f"""<span>{run(form_type_line(style, shown, prefix="SEC Form"))}</span><table width="100%"><tr>
<td width="20%" align="center">{run(form_type_line(style, shown))}</td><td align="center">{wording.COMMISSION}<br>
{wording.PLACE}<br><br>{wording.TITLES[form]}<br><br>{wording.PURSUANT[0]}<br>{wording.PURSUANT[1]}</td>
<td width="20%"><table border="1"><tr><td>OMB APPROVAL</td></tr><tr><td>OMB Number: {wording.OMB_NUMBERS[form]}<br>
Estimated average burden<br>hours per response: 0.5</td></tr></table></td></tr></table><table width="24%">{boxes}</table>
<table {attributes}><tr><td rowspan="4" width="35%" valign="top">{_official_owner(style, shown.reporting_owners[0], captions["owner"])}</td>
<td width="35%" valign="top">{first}</td><td rowspan="2" valign="top">{captions["relationship"]}<br>(Check all applicable)
<table width="100%">{relation}</table></td></tr><tr><td valign="top">{second}</td></tr>
<tr><td valign="top">{captions["amendment"]}<br>{amended}</td><td valign="top">{captions["group"]}<table width="100%">{group}</table></td></tr></table>
{_table(style, shown, False, cell, head, attributes, True)}{_table(style, shown, True, cell, head, attributes, True)}{further}
<table width="100%"><tr><td><b>Explanation of Responses:</b></td></tr>{notes}</table>
<table width="100%">{signed}<tr><td></td><td>** Signature of Reporting Person</td><td>Date</td></tr>{foot}</table>"""
    return _page("SEC FORM " + form, body), shown


def _none_owned(style: FormStyle, filing: Filing) -> Line:
    line = style.printer.text(filing.no_securities_owned, "no_securities_owned")
    line[0].text = wording.NO_SECURITIES
    return line


def _page(title: str, body: str) -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'


def _reduced(rng: random.Random, filing: Filing) -> tuple[str, Filing]:
    shown = as_shown(filing, joint_relations=True)
    if rng.random() < 0.6:
        spell_states(shown)
    form = form_of(shown)
    style = _style(Printer(reduced_style(rng)), "xsl", "drawn", "({})")
    style.headings = "reduced"
    captions, printer = wording.reduced_captions(form), style.printer
    owner = shown.reporting_owners[0]
    a = _address(style, owner, "<br>")
    boxes = "".join(
        f"<tr><td>{run(mark)}</td><td>{run(text)}</td></tr>" for mark, text in top_boxes(style, shown, short=True)
    )
    marks = relationship_marks(style, shown)
    relation = "".join(
        f"<tr><td width='50%'>{run(x[0])} {x[1]}</td><td width='50%'>{run(y[0])} {y[1]}</td></tr>"
        for x, y in (marks[:2], marks[2:])
    )
    below = " / ".join(part for part in (run(marks[2][2]), run(marks[3][2])) if part)
    style.tick = "short"
    group = "<br>".join(f"{run(mark)} {text}" for mark, text in group_marks(style, shown))
    style.tick = "bare"
    issuer = f"{captions['issuer']}<br>{run(issuer_line(style, shown))}"
    dated = f"{captions['period']}<br>{run(printer.date(shown.period_of_report, 'period_of_report'))}"
    first, second = (dated, issuer) if form == "3" else (issuer, dated)
    amended = run(printer.date(shown.date_of_original_submission, "date_of_original_submission"))
    plain_cell, attributes = "", 'cellpadding="3" cellspacing="0" border="0" width="100%"'
    grid = ""
    for person in shown.reporting_owners:
        b = _address(style, person, "<br>")
        lines = "<br>".join(b[name] for name in ("name", "street", "city", "state", "zip", "country") if b[name])
        columns = (
            (person.is_director, "box.director", None, ""),
            (person.is_ten_percent_owner, "box.ten_percent_owner", None, ""),
            (person.is_officer, "box.officer", person.officer_title, "owner.officer_title"),
            (person.is_other, "box.other", person.other_text, "owner.other_text"),
        )
        cells = []
        for value, label, words, text_label in columns:
            line = printer.text(words, text_label) if words is not None else printer.tick(is_set(value), label)
            cells.append(f"<td align='center'>{run(line)}</td>")
        grid += f"<tr><td>{lines}</td>{''.join(cells)}</tr>"
    signed = "".join(
        f"<tr><td>{run(name)}</td><td rowspan='2' width='50'></td><td>{run(day)}</td></tr>"
        "<tr><td align='center'><sup>**</sup>Signature of Reporting Person</td><td align='center'>Date</td></tr>"
        for name, day in signature_lines(style, shown)
    )
    notes = "".join(f"<tr><td>{run(line[:1])}</td><td>{run(line[1:])}</td></tr>" for line in note_lines(style, shown))
    remarks = remark_line(style, shown)
    if is_set(shown.no_securities_owned):
        notes += f"<tr><td colspan='2'>{run(_none_owned(style, shown))}</td></tr>"
    if remarks:
        notes += f"<tr><td colspan='2'><br><b>Remarks:</b><br>{run(remarks)}</td></tr>"
    form_line = run(form_type_line(style, shown, amended=False))
    tables = wording.table_wording(form, False), wording.table_wording(form, True)
    body = f"""<table width="100%"><tr><td width="15%" valign="top"><div><b>{form_line}</b></div><table>{boxes}</table></td>
<td width="65%" align="center"><b>{wording.COMMISSION}<br>{wording.PLACE}<p></p>{wording.TITLES[form]} OF SECURITIES</b><p></p>
{" ".join(wording.PURSUANT)}</td><td width="20%"><table><tr><td>OMB APPROVAL</td></tr><tr><td>OMB Number: {wording.OMB_NUMBERS[form]}<br>
Estimated average burden hours per response... 0.5</td></tr></table></td></tr></table>(Print or Type Responses)
<table {attributes}><tr><td width="52%" valign="top">{captions["owner"]}<br>{a["name"]}</td><td width="24%" valign="top">{first}</td>
<td rowspan="2" width="24%" valign="top">{captions["relationship"]}<br><center>(Check all applicable)</center>
<table width="100%">{relation}<tr><td colspan="2" align="center">{below}</td></tr></table></td></tr>
<tr><td valign="top"><table width="100%"><tr><td>(Last)</td><td>(First)</td><td>(Middle)</td></tr></table>{a["street"]}</td>
<td valign="top">{second}</td></tr><tr><td valign="top">(Street)<table width="100%"><tr><td width="42%">{a["city"]}</td>
<td width="47%">{a["state"]}</td><td width="11%">{a["zip"]}</td></tr></table></td><td valign="top">{captions["amendment"]}<br>{amended}</td>
<td valign="top">{captions["group"]}<br>{group}</td></tr><tr><td><table width="100%"><tr><td width="42%">(City)</td>
<td width="47%">(State)</td><td width="11%">(Zip/Postal Code)</td></tr><tr><td colspan="3">{a["country"]}</td></tr></table></td>
<td colspan="2" rowspan="2"><center><b>{tables[0].title}</b></center></td></tr><tr><td>(Country)</td></tr></table>
{_table(style, shown, False, plain_cell, "valign='top'", attributes, False)}<p></p>{wording.REMINDER} <b>{wording.NOTE_OMB}</b>
{wording.SEC_NUMBERS[form]} (9-02)<p></p><center><b>{tables[1].title}<br>{tables[1].subtitle}</b></center>
{_table(style, shown, True, "align='center'", "valign='top'", attributes, False)}<h2>Reporting Owners</h2><table cellpadding="3">
<tr><td rowspan="2">Reporting Owner Name / Address</td><td colspan="4">Relationships</td></tr>
<tr><td>Director</td><td>10% Owner</td><td>Officer</td><td>Other</td></tr>{grid}</table><h2>Signatures</h2><table>{signed}</table>
<h2>Explanation of Responses:</h2><table><tr><td><b>*</b></td><td>{wording.NOTE_MORE_REDUCED[2:]}</td></tr>
<tr><td><b>**</b></td><td>{wording.NOTE_CRIMINAL_REDUCED[3:]}</td></tr>{notes}</table><p></p>{wording.NOTE_COPIES}<p></p>{wording.POTENTIAL}"""
    return _page("Ownership Submission", body), shown


def _vendor(rng: random.Random, filing: Filing) -> tuple[str, Filing]:
    """A page of an investor-relations vendor: captions and values as they see fit, few tables."""
    shown = as_shown(filing)
    form = form_of(shown)
    tick = rng.choice(("drawn", "drawn", "glyph", "square", "bare", "round"))
    style = _style(
        Printer(vendor_style(rng)), tick, "drawn" if tick == "bare" else tick, rng.choice(("({})", "{}.", "({})"))
    )
    style.headings = rng.choice(("full", "full", "bare", "short"))
    style.deemed = rng.random() < 0.6 or any(
        row.deemed_execution_date for row in shown.non_derivative + shown.derivative
    )
    captions, printer = wording.header_captions(form), style.printer
    a = _address(style, shown.reporting_owners[0], "<br>")
    place = f"{a['city']}{rng.choice((', ', ' '))}{a['state']} {a['zip']}"
    marks = [*relationship_marks(style, shown)]
    relation = rng.choice(("<br>", " &nbsp; ", " | ")).join(f"{run(mark)} {text}" for mark, text, _ in marks)
    titles = " ".join(run(below) for _, _, below in marks if below)
    group = "<br>".join(f"{run(mark)} {text}" for mark, text in group_marks(style, shown))
    boxes = "<br>".join(f"{run(mark)} {run(text)}" for mark, text in top_boxes(style, shown))
    pairs = [
        (captions["owner"], "<br>".join(part for part in (a["name"], a["street"], place, a["country"]) if part)),
        (captions["issuer"], run(issuer_line(style, shown))),
        (captions["period"], run(printer.date(shown.period_of_report, "period_of_report"))),
        (captions["amendment"], run(printer.date(shown.date_of_original_submission, "date_of_original_submission"))),
        (captions["relationship"], f"{relation}<br>{titles}"),
        (captions["group"], group),
    ]
    if rng.random() < 0.5:
        pairs = [(text.split(". ", 1)[-1], value) for text, value in pairs]
    if rng.random() < 0.5:
        header = "<table border='1' width='100%'>" + "".join(
            f"<tr><td width='40%'>{c}</td><td>{v}</td></tr>" for c, v in pairs
        )
        header += "</table>"
    else:
        header = "".join(f"<div><div class='caption'>{c}</div><div class='value'>{v}</div></div>" for c, v in pairs)
    further = "".join(
        "<p>"
        + "<br>".join(b[name] for name in ("name", "street", "city", "state", "zip", "country") if b[name])
        + "</p>"
        for b in (_address(style, owner, "<br>") for owner in shown.reporting_owners[1:])
    )
    border = rng.choice((0, 1))
    attributes = f"border='{border}' width='100%' cellspacing='0'"
    tables = "".join(
        _table(style, shown, derivative, "", "", attributes, rng.random() < 0.7)
        for derivative in (False, True)
        if (shown.derivative if derivative else shown.non_derivative) or rng.random() < 0.6
    )
    tag = rng.choice(("p", "div", "li"))
    notes = "".join(f"<{tag}>{run(line)}</{tag}>" for line in note_lines(style, shown))
    if is_set(shown.no_securities_owned):
        notes += f"<p>{run(_none_owned(style, shown))}</p>"
    if shown.remarks is not None:
        notes += f"<p><b>Remarks</b><br>{run(remark_line(style, shown))}</p>"
    signed = "".join(f"<tr><td>{run(name)}</td><td>{run(day)}</td></tr>" for name, day in signature_lines(style, shown))
    body = f"""<div class="nav"><a href="#">Home</a> <a href="#">Investors</a> <a href="#">SEC Filings</a></div>
<h1>{run(form_type_line(style, shown, prefix=rng.choice(("FORM", "Form", "SEC Form"))))}</h1><h2>{wording.TITLES[form]}</h2>
<p>{boxes}</p>{header}{tables}{f"<h3>Additional Reporting Persons</h3>{further}" if further else ""}
<h3>{rng.choice(("Explanation of Responses", "Footnotes", "Explanation of Responses:"))}</h3>{notes}
<table>{signed}<tr><td>Signature of Reporting Person</td><td>Date</td></tr></table><footer>Copyright West Wind Data</footer>"""
    return _page("SEC Filing", body), shown


__all__ = ["HTML_STYLES", "LABEL_ATTRIBUTE", "plain", "render_html"]
