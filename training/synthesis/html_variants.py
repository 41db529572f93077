"""Other ways to set the same web page: what editors, mail programs, viewers and style sheets make of a filing's tables.

Each variation takes the element tree of a labelled page and changes it in place; labels ride along as attributes, so
that what the page says stays the same.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from lxml import etree, html
from lxml.html import HtmlElement

_LABEL = "data-l"
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CAPTIONS = re.compile(r"\s*\((?:Instr|Month|Check).*|^\d+[a-zA-Z]?\.\s*")


@dataclass(slots=True)
class DataTable:
    """A table of securities: its element, heading rows, data rows, and one caption for each column."""

    element: HtmlElement
    heads: list[HtmlElement]
    rows: list[list[HtmlElement]]
    captions: list[str]


def vary(rng: random.Random, markup: str, variation: str) -> str:
    """The page set in another way. `variation` is one of `VARIATIONS`."""
    root = html.document_fromstring(markup)
    VARIATIONS[variation](rng, root)
    text = etree.tostring(root, encoding="unicode", method="html")
    after = _TEXT_VARIATIONS.get(variation)
    return after(rng, text) if after else text


def data_tables(root: HtmlElement) -> list[DataTable]:
    """The tables that hold rows of securities, in page order."""
    out = []
    for table in list(root.iter("table")):
        rows = [row for row in table.iter("tr") if _own(row, table)]
        heads = [row for row in rows if row.find("th") is not None]
        body = [list(row.iterchildren("td")) for row in rows if row.find("th") is None]
        if heads and body and any("derivative." in (e.get(_LABEL) or "") for e in table.iter("span")):
            out.append(DataTable(table, heads, body, _captions(heads, len(body[0]))))
    return out


def _own(row: HtmlElement, table: HtmlElement) -> bool:
    parent = row.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent is table


def _captions(heads: Sequence[HtmlElement], columns: int) -> list[str]:
    """The words above each column, upper heading first; a title over all columns is none."""
    grid: list[list[str]] = [[] for _ in range(columns)]
    taken: dict[int, int] = {}
    for number, row in enumerate(heads):
        column = 0
        for cell in row.iterchildren("th"):
            while taken.get(column, 0) > number:
                column += 1
            wide, high = int(cell.get("colspan") or 1), int(cell.get("rowspan") or 1)
            for at in range(column, min(column + wide, columns)):
                if wide < columns:
                    grid[at].append(" ".join(cell.text_content().split()))
                taken[at] = number + high
            column += wide
    return [" ".join(words) for words in grid]


def _element(tag: str, style: str = "", **attributes: str) -> HtmlElement:
    element = html.Element(tag)
    if style:
        element.set("style", style)
    for name, value in attributes.items():
        element.set(name, value)
    return element


def _with_content(element: HtmlElement, *sources: HtmlElement) -> HtmlElement:
    """An element with copies of what others hold."""
    for source in sources:
        _append_text(element, source.text)
        for child in source:
            element.append(copy.deepcopy(child))
    return element


def _append_text(element: HtmlElement, text: str | None) -> None:
    if text and len(element):
        element[-1].tail = (element[-1].tail or "") + text
    elif text:
        element.text = (element.text or "") + text


def _replace(old: HtmlElement, *new: HtmlElement) -> None:
    parent = old.getparent()
    tail, old.tail = old.tail, None
    at = parent.index(old)
    parent.remove(old)
    for place, element in enumerate(new):
        parent.insert(at + place, element)
    if tail and new:
        new[-1].tail = (new[-1].tail or "") + tail


def _short(caption: str) -> str:
    return " ".join(_CAPTIONS.sub("", caption).split()) or caption


# Tables set in other ways.


def _cell_tables(rng: random.Random, root: HtmlElement) -> None:
    """A table of its own around the content of each cell."""
    for table in data_tables(root):
        for cell in (cell for row in table.rows for cell in row):
            inner = _element("table", width="100%")
            data = _with_content(_element("td"), cell)
            line = _element("tr")
            line.append(data)
            inner.append(line)
            for child in list(cell):
                cell.remove(child)
            cell.text = None
            cell.append(inner)


def _row_tables(rng: random.Random, root: HtmlElement) -> None:
    """A table of its own for each row; widths keep the columns in line."""
    for table in data_tables(root):
        share = f"{100 / len(table.captions):.1f}%"
        new = []
        head = copy.deepcopy(table.element)
        for row in [row for row in head.iter("tr") if row.find("th") is None]:
            row.getparent().remove(row)
        title = next((row for row in head.iter("tr") if len(row) == 1), None)
        if title is not None:
            caption = _with_content(_element("p"), title[0])
            title.getparent().remove(title)
            new.append(caption)
        plain_heads = _element("table", width="100%")
        line = _element("tr")
        for words in table.captions:
            cell = _element("td", width=share)
            cell.text = words
            line.append(cell)
        plain_heads.append(line)
        new.append(plain_heads)
        for row in table.rows:
            alone, line = _element("table", width="100%"), _element("tr")
            for cell in row:
                line.append(_with_content(_element("td", width=share), cell))
            alone.append(line)
            new.append(alone)
        _replace(table.element, *new)


def _styled(rng: random.Random, root: HtmlElement, table: str, row: str, cell: str) -> None:
    """All data tables as blocks with these styles; a title over the table becomes a heading."""
    for data in data_tables(root):
        outer = _element("div", table.format(n=len(data.captions)))
        width = f"{100 / len(data.captions):.2f}%"
        first = data.heads[0]
        if len(first) == 1:
            _append = _with_content(_element("h3"), first[0])
            data.element.addprevious(_append)
        lines: list[list[HtmlElement]] = []
        heads = []
        for words in data.captions:
            head = _element("div", cell.format(w=width))
            head.text = words
            heads.append(head)
        lines.append(heads)
        for cells in data.rows:
            lines.append([_with_content(_element("div", cell.format(w=width)), source) for source in cells])
        for cells in lines:
            line = outer
            if row:
                line = _element("div", row)
                outer.append(line)
            for item in cells:
                line.append(item)
        _replace(data.element, outer)


def _css_table(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "display:table; width:100%", "display: table-row", "display:table-cell; padding:2px")


def _flex(rng: random.Random, root: HtmlElement) -> None:
    cell = rng.choice(("flex: 1", "flex:1 1 0; padding: 2px", "width:{w}"))
    _styled(rng, root, "border:1px solid #ccc", "display:flex; flex-direction:row", cell)


def _css_grid(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "display:grid; grid-template-columns: repeat({n}, 1fr)", "", "padding:3px")


def _floats(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "", "clear:both; overflow:hidden", "float:left; width:{w}")


def _inline_blocks(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "", "", "display:inline-block; width:{w}; vertical-align:top")


def _css_everywhere(rng: random.Random, root: HtmlElement) -> None:
    """All tables of the page as blocks with styles; what spans cells spans none any more."""
    shown = {"table": "table", "tr": "table-row", "td": "table-cell", "th": "table-cell"}
    for element in list(root.iter(*shown)):
        style = f"display:{shown[element.tag]}"
        if element.get("width"):
            style += f"; width:{element.get('width')}"
        if element.get("border") == "1":
            style += "; border:1px solid"
        element.tag = "div"
        element.set("style", style)


def _rows_by_class(rng: random.Random, root: HtmlElement) -> None:
    """Blocks that a style sheet would make rows which was not saved with the page."""
    _styled(rng, root, "", "row", "cell")
    row, cell = rng.choice(
        (("row", "col-md-1 col"), ("tr", "td"), ("divTableRow", "divTableCell"), ("t-row", "t-cell"))
    )
    for element in root.iter("div"):
        if element.get("style") in ("row", "cell"):
            element.set("class", row if element.get("style") == "row" else cell)
            del element.attrib["style"]


def _css_classes(rng: random.Random, root: HtmlElement) -> None:
    """Blocks that a style sheet of the page makes a table."""
    _css_table(rng, root)
    names = {"display:table": "tbl", "display: table-row": "rw", "display:table-cell": "cl"}
    for element in root.iter("div"):
        style = element.get("style") or ""
        for shown, name in names.items():
            if style.split(";")[0] == shown:
                del element.attrib["style"]
                element.set("class", f"grid-{name}")
    sheet = _element("style")
    sheet.text = "\n".join(f".grid-{name} {{ {shown}; padding: 2px }}" for shown, name in names.items())
    root.find("head").append(sheet)


def _broken_columns(rng: random.Random, root: HtmlElement) -> None:
    """One row for the whole table: the values of a column beneath each other with line breaks."""
    for table in data_tables(root):
        line = _element("tr")
        for column in range(len(table.captions)):
            data = _element("td", nowrap="")
            for number, row in enumerate(table.rows):
                if number:
                    data.append(_element("br"))
                _append_content(data, row[column])
            line.append(data)
        parent = table.rows[0][0].getparent().getparent()
        for row in table.rows:
            row[0].getparent().getparent().remove(row[0].getparent())
        parent.append(line)


def _append_content(element: HtmlElement, source: HtmlElement) -> None:
    _append_text(element, source.text)
    for child in source:
        element.append(copy.deepcopy(child))


def _spacers(rng: random.Random, root: HtmlElement) -> None:
    """As financial printers set tables: an empty column between any two, signs and marks in cells of their own."""
    for table in data_tables(root):
        for row in table.heads:
            for cell in list(row):
                cell.set("colspan", str(4 * int(cell.get("colspan") or 1)))
        for row in table.rows:
            for cell in row:
                sign, mark, gap = _element("td"), _element("td"), _element("td", "width:1%")
                spans = [e for e in cell.iterchildren("span")]
                first = spans[0] if spans else None
                if first is not None and (first.text or "").startswith("$") and len(first) == 0:
                    told = _element("span", **{_LABEL: first.get(_LABEL)})
                    told.text = "$"
                    sign.append(told)
                    first.text = (first.text or "")[1:].lstrip()
                for span in spans[1:]:
                    if "footnote.mark" in (span.get(_LABEL) or ""):
                        span.tail = None
                        mark.append(span)
                gap.text = "\xa0"
                cell.addprevious(sign)
                cell.addnext(gap)
                cell.addnext(mark)


def _without_headings(rng: random.Random, root: HtmlElement) -> None:
    for table in data_tables(root):
        for row in table.heads:
            if len(row) > 1:
                row.getparent().remove(row)


def _headings_apart(rng: random.Random, root: HtmlElement) -> None:
    """Headings in a table of their own, as pages do whose headings stay in place."""
    for table in data_tables(root):
        width = f"{100 / len(table.captions):.2f}%"
        above, line = _element("table", width="100%"), _element("tr")
        for words in table.captions:
            cell = _element("th", width=width)
            cell.text = words
            line.append(cell)
        above.append(line)
        for cell in table.rows[0]:
            cell.set("width", width)
        for row in table.heads:
            if len(row) > 1:
                row.getparent().remove(row)
            else:
                table.element.addprevious(_with_content(_element("p"), row[0]))
                row.getparent().remove(row)
        table.element.addprevious(above)


def _headings_again(rng: random.Random, root: HtmlElement) -> None:
    every = rng.randint(1, 3)
    for table in data_tables(root):
        for number, row in enumerate(table.rows):
            if number and number % every == 0:
                for head in table.heads:
                    row[0].getparent().addprevious(copy.deepcopy(head))


def _table_per_security(rng: random.Random, root: HtmlElement) -> None:
    """The rows of a title in a table of their own, headings and all."""
    for table in data_tables(root):
        groups: list[list[list[HtmlElement]]] = []
        for row in table.rows:
            title = row[0].text_content()
            if not groups or groups[-1][0][0].text_content() != title or rng.random() < 0.2:
                groups.append([])
            groups[-1].append(row)
        new = []
        for group in groups:
            part = _element("table", **dict(table.element.attrib))
            for head in table.heads:
                part.append(copy.deepcopy(head))
            for row in group:
                part.append(copy.deepcopy(row[0].getparent()))
            part.tail = "\n"
            new.append(part)
        _replace(table.element, *new)


def _transposed(rng: random.Random, root: HtmlElement) -> None:
    """Headings in the first column, each row of the form a column."""
    for table in data_tables(root):
        turned = _element("table", border="1")
        for column, words in enumerate(table.captions):
            line, head = _element("tr"), _element("th")
            head.text = words
            line.append(head)
            for row in table.rows:
                line.append(_with_content(_element("td"), row[column]))
            turned.append(line)
        if len(table.heads[0]) == 1:
            table.element.addprevious(_with_content(_element("h3"), table.heads[0][0]))
        _replace(table.element, turned)


def _responsive(rng: random.Random, root: HtmlElement) -> None:
    """Each cell says what it holds, as pages do that turn tables into cards on small screens."""
    for table in data_tables(root):
        for row in table.rows:
            for cell, words in zip(row, table.captions, strict=True):
                told = _element("div", **{"class": "cell-label"})
                told.text = _short(words) + ":"
                told.tail, cell.text = cell.text, None
                cell.insert(0, told)
        for row in table.heads:
            if len(row) > 1:
                row.getparent().remove(row)


def _carded(rng: random.Random, root: HtmlElement, way: str) -> None:
    empty = rng.random() < 0.5
    for table in data_tables(root):
        new = []
        if len(table.heads[0]) == 1:
            new.append(_with_content(_element("h3"), table.heads[0][0]))
        for number, row in enumerate(table.rows, 1):
            card = _element({"dl": "dl", "table": "table"}.get(way, "div"))
            if rng.random() < 0.5:
                name = _element("h4")
                name.text = f"Transaction {number}"
                new.append(name)
            for cell, words in zip(row, table.captions, strict=True):
                if not empty and not cell.text_content().strip():
                    continue
                caption = _short(words)
                if way == "dl":
                    term = _element("dt")
                    term.text = caption
                    card.append(term)
                    card.append(_with_content(_element("dd"), cell))
                elif way == "table":
                    line, term = _element("tr"), _element("td")
                    term.text = caption + ":"
                    line.append(term)
                    line.append(_with_content(_element("td"), cell))
                    card.append(line)
                else:
                    line, term = _element("p"), _element("b")
                    term.text, term.tail = caption + ":", " "
                    line.append(term)
                    _append_content(line, cell)
                    card.append(line)
            new.append(card)
        _replace(table.element, *new)


def _definitions(rng: random.Random, root: HtmlElement) -> None:
    _carded(rng, root, "dl")


def _card_tables(rng: random.Random, root: HtmlElement) -> None:
    _carded(rng, root, "table")


def _card_lines(rng: random.Random, root: HtmlElement) -> None:
    _carded(rng, root, "p")


def _preformatted(rng: random.Random, root: HtmlElement) -> None:
    """The tables of securities as columns of plain text in `<pre>`."""
    for table in data_tables(root):
        columns = len(table.captions)
        texts = [[" ".join(cell.text_content().split()) for cell in row] for row in table.rows]
        widths = [max(9, *(len(row[at]) for row in texts)) for at in range(columns)]
        heads = [_wrapped(words, width) for words, width in zip(table.captions, widths, strict=True)]
        pre = _element("pre")
        if len(table.heads[0]) == 1:
            _append_text(pre, table.heads[0].text_content() + "\n\n")
        for at in range(max(map(len, heads))):
            cells = [head[at] if at < len(head) else "" for head in heads]
            _append_text(pre, "  ".join(t.ljust(w) for t, w in zip(cells, widths, strict=True)).rstrip() + "\n")
        _append_text(pre, "  ".join("-" * width for width in widths) + "\n")
        for row, told in zip(table.rows, texts, strict=True):
            for cell, text, width in zip(row, told, widths, strict=True):
                _append_text(pre, " ".join((cell.text or "").split()))
                for child in cell:
                    copied = copy.deepcopy(child)
                    pre.append(copied)
                _append_text(pre, " " * (width - len(text) + 2))
            _append_text(pre, "\n")
        _replace(table.element, pre)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()[:width]
    return lines


# Texts, marks and boxes set in other ways.


def _leaves(root: HtmlElement) -> list[HtmlElement]:
    """Labelled elements that hold nothing but text."""
    return [e for e in root.iter("span") if e.get(_LABEL) and len(e) == 0 and (e.text or "").strip()]


def _padded(rng: random.Random, root: HtmlElement) -> None:
    """Hard blanks, blanks of all widths and soft hyphens around and in the values."""
    for cell in root.iter("td"):
        if rng.random() < 0.7:
            pad = "\xa0" * rng.randint(1, 4)
            cell.text = pad + (cell.text or "")
            _append_text(cell, "\xa0" * rng.randint(0, 3))
    for leaf in _leaves(root):
        blank = rng.choice((" ", "\xa0", "\xa0", "\u2002", "\u2009", "\u202f"))
        leaf.text = (leaf.text or "").replace(" ", blank)
        if rng.random() < 0.2:
            leaf.text = "\u200b" + leaf.text


def _split_runs(rng: random.Random, root: HtmlElement) -> None:
    """Values in several pieces, as editors leave them that mark every change."""
    for leaf in _leaves(root):
        text = leaf.text or ""
        if len(text) < 2 or rng.random() < 0.3:
            continue
        cuts = sorted(rng.sample(range(1, len(text)), min(len(text) - 1, rng.randint(1, 3))))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        leaf.text = ""
        for piece in pieces:
            part = rng.choice(
                (
                    _element("font", size="1"),
                    _element("span", "font-family:Arial"),
                    _element("b"),
                    _element("span", "letter-spacing:-.1pt"),
                )
            )
            part.text = piece
            leaf.append(part)


def _as_word_saves(rng: random.Random, root: HtmlElement) -> None:
    """Paragraphs and runs as Word writes them."""
    _split_runs(rng, root)
    for cell in list(root.iter("td", "th")):
        if cell.find(".//table") is not None:
            continue
        paragraph = _element("p", "margin:0in;text-align:center;mso-element:frame", **{"class": "MsoNormal"})
        run = _with_content(_element("span", "font-size:8.0pt;font-family:Arial;mso-fareast-language:EN-US"), cell)
        paragraph.append(run)
        empty = html.fromstring("<span><o:p>&nbsp;</o:p></span>")
        for child in list(cell):
            cell.remove(child)
        cell.text = "\n  "
        cell.append(paragraph)
        if rng.random() < 0.5:
            paragraph.append(empty)
        paragraph.tail = "\n  "


def _quoted(rng: random.Random, root: HtmlElement) -> None:
    """As a mail quotes it."""
    body = root.find("body")
    quote = _element("blockquote", "border-left:1px solid #ccc;padding-left:1ex", **{"class": "gmail_quote"})
    for child in list(body):
        quote.append(child)
    quote.text, body.text = body.text, None
    said = html.fromstring(
        "<div>Please see the filing below.<br>Thanks<br><br>"
        "<b>From:</b> EDGAR Filings &lt;noreply@example.com&gt;<br><b>Sent:</b> Tuesday, March 5, 2024 6:02 PM<br>"
        "<b>To:</b> Stock Plan Services<br><b>Subject:</b> FW: Section 16 filing<br></div>"
    )
    body.append(said)
    body.append(quote)


def _inline_xbrl(rng: random.Random, root: HtmlElement) -> None:
    """Values in the elements of inline XBRL, contexts in a hidden header."""
    for leaf in _leaves(root):
        tag = "ix:nonfraction" if re.fullmatch(r"[\d,.]+", leaf.text or "") else "ix:nonnumeric"
        inner = html.Element(tag)
        inner.set("contextref", f"c-{rng.randint(1, 40)}")
        inner.text, leaf.text = leaf.text, None
        leaf.insert(0, inner)
    hidden = html.fromstring(
        '<div style="display:none"><ix:header><ix:hidden><ix:nonnumeric name="dei:DocumentType">4</ix:nonnumeric>'
        "</ix:hidden></ix:header></div>"
    )
    root.find("body").insert(0, hidden)


_TICKS = ("unicode", "circle", "heavy", "wingdings", "image", "alt", "radio", "svg", "css", "square", "aria")


def _other_ticks(rng: random.Random, root: HtmlElement, way: str = "") -> None:
    """Check boxes as characters, pictures, letters of symbol fonts, other form elements."""
    way = way or rng.choice(_TICKS)
    for told in [e for e in root.iter("span") if (e.get(_LABEL) or "").startswith("box.")]:
        box = told.find("input")
        ticked = box.get("checked") is not None if box is not None else bool(re.search("[xX☒]", told.text or ""))
        for child in list(told):
            told.remove(child)
        told.text = None
        told.append(_tick(way, ticked))


def _tick(way: str, ticked: bool) -> HtmlElement:
    glyphs = {"unicode": "☑☐", "circle": "●○", "heavy": "■□"}
    if way in glyphs:
        out = _element("span")
        out.text = glyphs[way][0 if ticked else 1]
    elif way == "square":
        out = _element("span")
        out.text = "[X]" if ticked else "[\xa0]"
    elif way == "wingdings":
        out = _element("font", face="Wingdings")
        out.text = "þ" if ticked else "¨"
    elif way == "image":
        out = _element("img", src="images/box-checked.gif" if ticked else "images/box-unchecked.gif")
    elif way == "alt":
        out = _element("img", src="img04.jpg", alt="[X]" if ticked else "[ ]")
    elif way == "radio":
        out = _element("input", type="radio")
        if ticked:
            out.set("checked", "checked")
    elif way == "svg":
        name = "Checked" if ticked else "Not checked"
        out = html.fromstring(f'<svg width="12" height="12" role="img"><title>{name}</title><rect/></svg>')
    elif way == "aria":
        out = _element("span", **{"role": "checkbox", "aria-checked": "true" if ticked else "false"})
    else:
        out = _element("span", "display:inline-block;width:10px;height:10px;border:1px solid #000")
        out.text = "✓" if ticked else ""
    return out


_MARKS = ("square", "unicode", "link", "flat", "digit", "styled")


def _other_marks(rng: random.Random, root: HtmlElement, way: str = "") -> None:
    """Footnote marks in brackets of other kinds, as links, as raised characters."""
    way = way or rng.choice(_MARKS)
    for leaf in [e for e in root.iter("span") if "footnote.mark" in (e.get(_LABEL) or "")]:
        number = re.sub(r"\D", "", leaf.text_content())
        in_table = bool((leaf.get(_LABEL) or "").split("|")[1])
        if not number or not in_table:
            continue
        for child in list(leaf):
            leaf.remove(child)
        leaf.text = ""
        text = {"square": f"[{number}]", "unicode": number.translate(_SUPERSCRIPT), "digit": number}.get(
            way, f"({number})"
        )
        if way == "flat":
            leaf.text = text
            continue
        tag = {"link": "a", "unicode": "span", "styled": "span"}.get(way, "sup")
        inner = _element(tag)
        if way == "link":
            inner.set("href", f"#fn{number}")
        if way == "styled":
            inner.set("style", "vertical-align:super;font-size:6pt")
        inner.text = text
        leaf.append(inner)


def _nothing(rng: random.Random, root: HtmlElement) -> None:
    """The page as it is."""


def _unclosed(rng: random.Random, text: str) -> str:
    """Tags in capitals, ends left out where HTML allows it."""
    text = re.sub(r"</(?:td|th|tr|p|li|tbody|dd|dt)>", "", text)
    return re.sub(r"<(/?)([a-z][\w:]*)", lambda match: f"<{match[1]}{match[2].upper()}", text)


def _entities(rng: random.Random, text: str) -> str:
    """Characters between tags as entities, some of them by number."""

    def coded(match: re.Match[str]) -> str:
        out = []
        for char in match[1]:
            chance = rng.random()
            if char in "$/,()." and chance < 0.5:
                out.append(f"&#{ord(char)};" if chance < 0.3 else f"&#x{ord(char):x};")
            else:
                out.append(char)
        return ">" + "".join(out) + "<"

    head, sep, body = text.partition("<body")
    return head + sep + re.sub(r">([^<>&]+)<", coded, body)


_WRAP_AT = 68


def _wrapped_source(rng: random.Random, text: str) -> str:
    """Source lines broken at any blank, as mail programs and editors do."""
    out, length = [], 0
    for part in re.split(r"( )", text):
        if part == " " and length > _WRAP_AT:
            out.append("\n")
            length = 0
        else:
            out.append(part)
            length += len(part)
    return "".join(out)


VARIATIONS: dict[str, Callable[[random.Random, HtmlElement], None]] = {
    "as_it_is": _nothing,
    "cell_tables": _cell_tables,
    "row_tables": _row_tables,
    "css_table": _css_table,
    "css_classes": _css_classes,
    "css_everywhere": _css_everywhere,
    "rows_by_class": _rows_by_class,
    "flex": _flex,
    "css_grid": _css_grid,
    "floats": _floats,
    "inline_blocks": _inline_blocks,
    "broken_columns": _broken_columns,
    "spacers": _spacers,
    "without_headings": _without_headings,
    "headings_apart": _headings_apart,
    "headings_again": _headings_again,
    "table_per_security": _table_per_security,
    "transposed": _transposed,
    "responsive": _responsive,
    "definitions": _definitions,
    "card_tables": _card_tables,
    "card_lines": _card_lines,
    "preformatted": _preformatted,
    "padded": _padded,
    "split_runs": _split_runs,
    "word": _as_word_saves,
    "quoted": _quoted,
    "inline_xbrl": _inline_xbrl,
    "other_ticks": _other_ticks,
    "other_marks": _other_marks,
    **{f"ticks_{way}": partial(_other_ticks, way=way) for way in _TICKS},
    **{f"marks_{way}": partial(_other_marks, way=way) for way in _MARKS},
    "unclosed": _nothing,
    "entities": _nothing,
    "wrapped_source": _nothing,
}
_TEXT_VARIATIONS: dict[str, Callable[[random.Random, str], str]] = {
    "unclosed": _unclosed,
    "entities": _entities,
    "wrapped_source": _wrapped_source,
}

__all__ = ["VARIATIONS", "data_tables", "escape", "vary"]
