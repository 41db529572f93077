"""Tables of web pages arranged in other ways: by style sheets, in cards, turned, cut up, with other headings."""

from __future__ import annotations

import copy
import random

from lxml.html import HtmlElement

from training.synthesis.html_markup import (
    LABEL,
    append_content,
    append_text,
    data_tables,
    new_element,
    replace_element,
    short_caption,
    with_content,
)


def cell_tables(rng: random.Random, root: HtmlElement) -> None:
    """A table of its own around the content of each cell."""
    for table in data_tables(root):
        for cell in (cell for row in table.rows for cell in row):
            inner = new_element("table", width="100%")
            data = with_content(new_element("td"), cell)
            line = new_element("tr")
            line.append(data)
            inner.append(line)
            for child in list(cell):
                cell.remove(child)
            cell.text = None
            cell.append(inner)


def row_tables(rng: random.Random, root: HtmlElement) -> None:
    """A table of its own for each row; widths keep the columns in line."""
    for table in data_tables(root):
        share = f"{100 / len(table.captions):.1f}%"
        new = []
        head = copy.deepcopy(table.element)
        for row in [row for row in head.iter("tr") if row.find("th") is None]:
            row.getparent().remove(row)
        title = next((row for row in head.iter("tr") if len(row) == 1), None)
        if title is not None:
            caption = with_content(new_element("p"), title[0])
            title.getparent().remove(title)
            new.append(caption)
        plain_heads = new_element("table", width="100%")
        line = new_element("tr")
        for words in table.captions:
            cell = new_element("td", width=share)
            cell.text = words
            line.append(cell)
        plain_heads.append(line)
        new.append(plain_heads)
        for row in table.rows:
            alone, line = new_element("table", width="100%"), new_element("tr")
            for cell in row:
                line.append(with_content(new_element("td", width=share), cell))
            alone.append(line)
            new.append(alone)
        replace_element(table.element, *new)


def _styled(rng: random.Random, root: HtmlElement, table: str, row: str, cell: str) -> None:
    """All data tables as blocks with these styles; a title over the table becomes a heading."""
    for data in data_tables(root):
        outer = new_element("div", table.format(n=len(data.captions)))
        width = f"{100 / len(data.captions):.2f}%"
        first = data.heads[0]
        if len(first) == 1:
            _append = with_content(new_element("h3"), first[0])
            data.element.addprevious(_append)
        lines: list[list[HtmlElement]] = []
        heads = []
        for words in data.captions:
            head = new_element("div", cell.format(w=width))
            head.text = words
            heads.append(head)
        lines.append(heads)
        for cells in data.rows:
            lines.append([with_content(new_element("div", cell.format(w=width)), source) for source in cells])
        for cells in lines:
            line = outer
            if row:
                line = new_element("div", row)
                outer.append(line)
            for item in cells:
                line.append(item)
        replace_element(data.element, outer)


def css_table(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "display:table; width:100%", "display: table-row", "display:table-cell; padding:2px")


def flex_rows(rng: random.Random, root: HtmlElement) -> None:
    cell = rng.choice(("flex: 1", "flex:1 1 0; padding: 2px", "width:{w}"))
    _styled(rng, root, "border:1px solid #ccc", "display:flex; flex-direction:row", cell)


def css_grid(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "display:grid; grid-template-columns: repeat({n}, 1fr)", "", "padding:3px")


def floats(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "", "clear:both; overflow:hidden", "float:left; width:{w}")


def inline_blocks(rng: random.Random, root: HtmlElement) -> None:
    _styled(rng, root, "", "", "display:inline-block; width:{w}; vertical-align:top")


def css_everywhere(rng: random.Random, root: HtmlElement) -> None:
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


def rows_by_class(rng: random.Random, root: HtmlElement) -> None:
    """Blocks that a style sheet would make rows which was not saved with the page."""
    _styled(rng, root, "", "row", "cell")
    row, cell = rng.choice(
        (("row", "col-md-1 col"), ("tr", "td"), ("divTableRow", "divTableCell"), ("t-row", "t-cell"))
    )
    for element in root.iter("div"):
        if element.get("style") in ("row", "cell"):
            element.set("class", row if element.get("style") == "row" else cell)
            del element.attrib["style"]


def css_classes(rng: random.Random, root: HtmlElement) -> None:
    """Blocks that a style sheet of the page makes a table."""
    css_table(rng, root)
    names = {"display:table": "tbl", "display: table-row": "rw", "display:table-cell": "cl"}
    for element in root.iter("div"):
        style = element.get("style") or ""
        for shown, name in names.items():
            if style.split(";")[0] == shown:
                del element.attrib["style"]
                element.set("class", f"grid-{name}")
    sheet = new_element("style")
    sheet.text = "\n".join(f".grid-{name} {{ {shown}; padding: 2px }}" for shown, name in names.items())
    root.find("head").append(sheet)


def broken_columns(rng: random.Random, root: HtmlElement) -> None:
    """One row for the whole table: the values of a column beneath each other with line breaks."""
    for table in data_tables(root):
        line = new_element("tr")
        for column in range(len(table.captions)):
            data = new_element("td", nowrap="")
            for number, row in enumerate(table.rows):
                if number:
                    data.append(new_element("br"))
                append_content(data, row[column])
            line.append(data)
        parent = table.rows[0][0].getparent().getparent()
        for row in table.rows:
            row[0].getparent().getparent().remove(row[0].getparent())
        parent.append(line)


def spacers(rng: random.Random, root: HtmlElement) -> None:
    """As financial printers set tables: an empty column between any two, signs and marks in cells of their own."""
    for table in data_tables(root):
        for row in table.heads:
            for cell in list(row):
                cell.set("colspan", str(4 * int(cell.get("colspan") or 1)))
        for row in table.rows:
            for cell in row:
                sign, mark, gap = new_element("td"), new_element("td"), new_element("td", "width:1%")
                spans = [e for e in cell.iterchildren("span")]
                first = spans[0] if spans else None
                if first is not None and (first.text or "").startswith("$") and len(first) == 0:
                    told = new_element("span", **{LABEL: first.get(LABEL)})
                    told.text = "$"
                    sign.append(told)
                    first.text = (first.text or "")[1:].lstrip()
                for span in spans[1:]:
                    if "footnote.mark" in (span.get(LABEL) or ""):
                        span.tail = None
                        mark.append(span)
                gap.text = "\xa0"
                cell.addprevious(sign)
                cell.addnext(gap)
                cell.addnext(mark)


def without_headings(rng: random.Random, root: HtmlElement) -> None:
    for table in data_tables(root):
        for row in table.heads:
            if len(row) > 1:
                row.getparent().remove(row)


def headings_apart(rng: random.Random, root: HtmlElement) -> None:
    """Headings in a table of their own, as pages do whose headings stay in place."""
    for table in data_tables(root):
        width = f"{100 / len(table.captions):.2f}%"
        above, line = new_element("table", width="100%"), new_element("tr")
        for words in table.captions:
            cell = new_element("th", width=width)
            cell.text = words
            line.append(cell)
        above.append(line)
        for cell in table.rows[0]:
            cell.set("width", width)
        for row in table.heads:
            if len(row) > 1:
                row.getparent().remove(row)
            else:
                table.element.addprevious(with_content(new_element("p"), row[0]))
                row.getparent().remove(row)
        table.element.addprevious(above)


def headings_again(rng: random.Random, root: HtmlElement) -> None:
    every = rng.randint(1, 3)
    for table in data_tables(root):
        for number, row in enumerate(table.rows):
            if number and number % every == 0:
                for head in table.heads:
                    row[0].getparent().addprevious(copy.deepcopy(head))


def table_per_security(rng: random.Random, root: HtmlElement) -> None:
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
            part = new_element("table", **dict(table.element.attrib))
            for head in table.heads:
                part.append(copy.deepcopy(head))
            for row in group:
                part.append(copy.deepcopy(row[0].getparent()))
            part.tail = "\n"
            new.append(part)
        replace_element(table.element, *new)


def transposed(rng: random.Random, root: HtmlElement) -> None:
    """Headings in the first column, each row of the form a column."""
    for table in data_tables(root):
        turned = new_element("table", border="1")
        for column, words in enumerate(table.captions):
            line, head = new_element("tr"), new_element("th")
            head.text = words
            line.append(head)
            for row in table.rows:
                line.append(with_content(new_element("td"), row[column]))
            turned.append(line)
        if len(table.heads[0]) == 1:
            table.element.addprevious(with_content(new_element("h3"), table.heads[0][0]))
        replace_element(table.element, turned)


def responsive(rng: random.Random, root: HtmlElement) -> None:
    """Each cell says what it holds, as pages do that turn tables into cards on small screens."""
    for table in data_tables(root):
        for row in table.rows:
            for cell, words in zip(row, table.captions, strict=True):
                told = new_element("div", **{"class": "cell-label"})
                told.text = short_caption(words) + ":"
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
            new.append(with_content(new_element("h3"), table.heads[0][0]))
        for number, row in enumerate(table.rows, 1):
            card = new_element({"dl": "dl", "table": "table"}.get(way, "div"))
            if rng.random() < 0.5:
                name = new_element("h4")
                name.text = f"Transaction {number}"
                new.append(name)
            for cell, words in zip(row, table.captions, strict=True):
                if not empty and not cell.text_content().strip():
                    continue
                caption = short_caption(words)
                if way == "dl":
                    term = new_element("dt")
                    term.text = caption
                    card.append(term)
                    card.append(with_content(new_element("dd"), cell))
                elif way == "table":
                    line, term = new_element("tr"), new_element("td")
                    term.text = caption + ":"
                    line.append(term)
                    line.append(with_content(new_element("td"), cell))
                    card.append(line)
                else:
                    line, term = new_element("p"), new_element("b")
                    term.text, term.tail = caption + ":", " "
                    line.append(term)
                    append_content(line, cell)
                    card.append(line)
            new.append(card)
        replace_element(table.element, *new)


def definitions(rng: random.Random, root: HtmlElement) -> None:
    _carded(rng, root, "dl")


def card_tables(rng: random.Random, root: HtmlElement) -> None:
    _carded(rng, root, "table")


def card_lines(rng: random.Random, root: HtmlElement) -> None:
    _carded(rng, root, "p")


def preformatted(rng: random.Random, root: HtmlElement) -> None:
    """The tables of securities as columns of plain text in `<pre>`."""
    for table in data_tables(root):
        columns = len(table.captions)
        texts = [[" ".join(cell.text_content().split()) for cell in row] for row in table.rows]
        widths = [max(9, *(len(row[at]) for row in texts)) for at in range(columns)]
        heads = [_wrapped(words, width) for words, width in zip(table.captions, widths, strict=True)]
        pre = new_element("pre")
        if len(table.heads[0]) == 1:
            append_text(pre, table.heads[0].text_content() + "\n\n")
        for at in range(max(map(len, heads))):
            cells = [head[at] if at < len(head) else "" for head in heads]
            append_text(pre, "  ".join(t.ljust(w) for t, w in zip(cells, widths, strict=True)).rstrip() + "\n")
        append_text(pre, "  ".join("-" * width for width in widths) + "\n")
        for row, told in zip(table.rows, texts, strict=True):
            for cell, text, width in zip(row, told, widths, strict=True):
                append_text(pre, " ".join((cell.text or "").split()))
                for child in cell:
                    copied = copy.deepcopy(child)
                    pre.append(copied)
                append_text(pre, " " * (width - len(text) + 2))
            append_text(pre, "\n")
        replace_element(table.element, pre)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()[:width]
    return lines
