"""HTML pages: the visible text with its table structure, laid out as a browser would, on one virtual page.

Two passes. `_Flow` walks the tree once and gives lines and tables in document order, hidden things left out;
`_Layout` (in html_layout) gives tables their column widths and every word its box.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from extractor.document import Document, Page
from extractor.errors import DamagedInput, EmptyInput, LimitExceeded
from extractor.readers.decode import decode_text
from extractor.readers.html_layout import Cell, Item, Layout, Line, Run, Table
from extractor.readers.html_marks import EMPTY, TICKED, printed_marks, symbol_tick, tick_of, tick_told
from extractor.readers.html_styles import Arranged, Styles
from extractor.readers.html_upright import set_upright, spread_rows
from extractor.readers.submission import submission_bodies

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from extractor.readers.limits import Limits

MAX_ELEMENTS = 500_000
MAX_TOKENS = 200_000
_MAX_NESTED_TABLES = 40
_MAX_SPAN = 100

_SKIPPED = frozenset(
    (
        "script", "style", "head", "title", "meta", "link", "noscript", "template", "iframe", "object",
        "datalist", "canvas",
    )
)  # fmt: skip
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "p", "pre", "section", "summary",
        "ul", "caption", "document", "text", "page",
    )
)  # fmt: skip
_DRAWN_BORDER = re.compile(
    r"border[\w-]*\s*:[^;]*\b(?:solid|double|inset|outset|groove|ridge|[1-9]\d*(?:px|pt))\b", re.I
)
_NO_BORDER = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|body|div|p|br)\b", re.IGNORECASE)


def read_html(data: bytes, path: str = "", limits: Limits | None = None) -> Document:
    """A document of kind "html" with one virtual page, tokens cell by cell and row by row.

    Check boxes, as form elements, pictures of boxes, or small bordered boxes holding nothing or an X, become "☒"
    and "☐". Raises EmptyInput where nothing is visible, DamagedInput where the markup cannot be parsed, LimitExceeded
    for pages beyond all measure.
    """
    return _read(data, path, limits, None)[0]


def read_html_labelled(
    data: bytes, label_attribute: str, path: str = "", limits: Limits | None = None
) -> tuple[Document, list[str | None]]:
    """As `read_html`, with one label a token: that attribute of the nearest element around it which has it.

    The tokens are exactly those that `read_html` gives for the page.
    """
    return _read(data, path, limits, label_attribute)


def _read(
    data: bytes, path: str, limits: Limits | None, label_attribute: str | None
) -> tuple[Document, list[str | None]]:
    if limits is not None:
        limits.check_bytes(len(data), path)
    text = decode_text(data)
    if text.count("<") > 3 * MAX_ELEMENTS:  # more than elements with their ends and comments: not worth parsing
        raise LimitExceeded(path, f"the page holds more than {MAX_ELEMENTS:,} elements")
    layout = Layout(MAX_TOKENS)
    for body in submission_bodies(text):
        markup = text[body.start : body.end]
        root = _parse(markup, path)
        if root is not None:
            styles = Styles(root, markup)
            flow = _Flow(root, styles, label_attribute, path, keeps_lines=not _PAGE.search(markup))
            layout.place(flow.items(root))
        if layout.overflow:
            raise LimitExceeded(path, f"the page holds more than {MAX_TOKENS:,} words")
    if not layout.tokens:
        raise EmptyInput(path, "the page shows no text")
    page = Page(number=1, width=layout.width, height=max(layout.bottom, 792.0), kind="html")
    document = Document(
        kind="html", pages=[page], tokens=layout.tokens, text=layout.text(), virtual_layout=True, path=path
    )
    return document, layout.labels


def _parse(text: str, path: str) -> HtmlElement | None:
    from lxml import etree, html

    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(text.replace("\x00", " ").encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        if "empty" in str(error).lower():
            return None
        raise DamagedInput(path, f"the HTML cannot be parsed: {error}") from None


class _Flow:
    """Walks one element tree with a stack of its own: pages nest deeper than Python recurses.

    With `keeps_lines` line ends outside tables count: converters put HTML tables into text that has no other markup.
    """

    def __init__(
        self, root: HtmlElement, styles: Styles, label_attribute: str | None, path: str, keeps_lines: bool = False
    ) -> None:
        self._keeps_lines = keeps_lines
        self._label_attribute = label_attribute
        self._styles = styles
        self._count = 0
        self._path = path

    def items(self, root: HtmlElement, label: str | None = None, nested: int = 0) -> list[Item]:
        """Lines and tables inside an element, its own text included; in tables blank lines too, which `_grid` drops."""
        out: list[Item] = []
        runs: list[Run] = []

        def end_line() -> None:
            if runs:
                line = Line.from_runs(runs)
                if line.words:
                    out.append(line)
                runs.clear()

        def add(text: str | None, label: str | None, raised: bool, kept: bool) -> None:
            if not text:
                return
            if not kept and not (self._keeps_lines and nested == 0):
                runs.append(Run(printed_marks(text, raised), label, raised))
                return
            for number, part in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    end_line()
                runs.append(Run(part, label, raised, kept))

        # What is still to do: (element, label, raised, blanks kept) or a text, or a line end (None) after a block.
        todo: list[tuple[Any, str | None, bool, bool]] = [(root, label, False, False)]
        first = True
        while todo:
            node, label, raised, kept = todo.pop()
            if node is None:
                end_line()
                continue
            if isinstance(node, str):
                add(node, label, raised, kept)
                continue
            if isinstance(node, Arranged):
                end_line()
                out.append(self._arranged(node, label, nested + 1))
                continue
            tag = node.tag
            if not isinstance(tag, str):
                continue
            self._check(node)
            label = self._label(node, label)
            if not first and self._is_hidden(node, tag):
                continue
            if tag == "table" and not first and nested < _MAX_NESTED_TABLES:
                box = _boxed_tick(node)
                if box:
                    runs.append(Run(f" {box} ", label))
                    continue
                end_line()
                table, strays = self._table(node, label, nested + 1)
                out += strays
                out.append(table)
                continue
            replaced = None if first else _replaced(node, tag)
            first = False
            if replaced is not None:
                runs.append(Run(replaced, label))
                continue
            if tag == "br":
                if nested and not runs:
                    out.append(Line([]))
                end_line()
                continue
            if tag == "dl" and nested < _MAX_NESTED_TABLES:
                pairs = _pairs(node)
                if pairs:
                    end_line()
                    out.append(self._arranged(Arranged(node, pairs, None), label, nested + 1))
                    continue
            raised = raised or tag in ("sup", "sub") or self._styles.is_raised(node)
            kept = kept or tag in ("pre", "xmp", "plaintext", "listing")
            block = tag in _BLOCKS or tag in ("table", "tr", "td", "th", "tbody", "thead", "tfoot")
            if block:
                end_line()
                todo.append((None, None, False, False))
            placed = nested < _MAX_NESTED_TABLES and self._styles.arranges
            children = self._styles.arrangement(node) if placed else node
            for child in reversed(children):
                if child.tail:
                    todo.append((child.tail, label, raised, kept))
                todo.append((child, label, raised, kept))
            if node.text:
                todo.append((node.text, label, raised, kept))
        end_line()
        return set_upright(out)

    def _arranged(self, arranged: Arranged, label: str | None, nested: int) -> Table:
        """Blocks beside each other as a table."""
        rows = [[(cell, self._label_within(cell, arranged.parent, label)) for cell in row] for row in arranged.rows]
        for row in rows:
            for cell, _ in row:
                self._check(cell)
        return self._grid(rows, None, nested)

    def _label_within(self, node: HtmlElement, parent: HtmlElement, above: str | None) -> str | None:
        """The label of an element that stands somewhere in another."""
        if self._label_attribute is None:
            return above
        while node is not None and node is not parent:
            if node.get(self._label_attribute) is not None:
                return str(node.get(self._label_attribute))
            node = node.getparent()
        return above

    def _table(self, table: HtmlElement, label: str | None, nested: int) -> tuple[Table, list[Item]]:
        """The grid of one table; and what stands in it outside cells, which browsers show before it."""
        strays: list[Item] = []
        rows: list[list[tuple[HtmlElement, str | None]]] = []
        todo: list[tuple[HtmlElement, str | None]] = [(child, label) for child in reversed(table)]
        loose = False  # cells that stand in no row make one together
        while todo:
            node, above = todo.pop()
            if not isinstance(node.tag, str) or self._is_hidden(node, node.tag):
                continue
            below = self._label(node, above)
            if node.tag in ("td", "th"):
                if not loose or not rows:
                    rows.append([])
                loose = True
                rows[-1].append((node, below))
            elif node.tag == "tr":
                loose = False
                cells = []
                for cell in node:
                    if cell.tag in ("td", "th"):
                        if not self._is_hidden(cell, cell.tag):
                            cells.append((cell, self._label(cell, below)))
                    elif isinstance(cell.tag, str):
                        strays += self.items(cell, below, nested)
                rows.append(cells)
            elif node.tag in ("thead", "tbody", "tfoot", "form"):
                loose = False
                todo += [(child, below) for child in reversed(node)]
            elif node.tag not in ("colgroup", "col"):
                strays += self.items(node, below, nested)
        width = table.get("width") or self._styles.width(table)
        return self._grid(rows, width, nested), [item for item in strays if isinstance(item, Table) or item.words]

    def _grid(self, rows: list[list[tuple[HtmlElement, str | None]]], width: str | None, nested: int) -> Table:
        cells: list[Cell] = []
        taken: dict[int, int] = {}  # column -> first row in which it is free again
        columns = 0
        for number, row in enumerate(rows):
            column = 0
            for cell, label in row:
                while taken.get(column, 0) > number:
                    column += 1
                wide = _span(cell.get("colspan")) if cell.tag in ("td", "th") else self._styles.span(cell)
                high = min(_span(cell.get("rowspan")), len(rows) - number)
                content = self.items(cell, label, nested)
                asked = cell.get("width") or self._styles.width(cell)
                cells.append(Cell(number, column, high, wide, content, asked))
                for spanned in range(column, column + wide):
                    taken[spanned] = number + high
                column += wide
            columns = max(columns, column)
        cells, count = spread_rows(cells, len(rows))
        for spread in cells:
            spread.items = [item for item in spread.items if isinstance(item, Table) or item.words]
        return Table(count, columns, cells, width)

    def _label(self, node: HtmlElement, above: str | None) -> str | None:
        return above if self._label_attribute is None else node.get(self._label_attribute, above)

    def _check(self, node: HtmlElement) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise LimitExceeded(self._path, f"the page holds more than {MAX_ELEMENTS:,} elements")

    def _is_hidden(self, node: HtmlElement, tag: str) -> bool:
        if tag in _SKIPPED or node.get("hidden") is not None:
            return True
        return self._styles.is_hidden(node)


def _pairs(definitions: HtmlElement) -> list[list[HtmlElement]]:
    """Terms and what stands for each; none where the list holds something else or a term has several."""
    rows: list[list[HtmlElement]] = []
    if (definitions.text or "").strip():
        return []
    for group in definitions:
        for node in list(group) if group.tag == "div" else [group]:
            if node.tag == "dt":
                rows.append([node])
            elif node.tag != "dd" or not rows or len(rows[-1]) > 1:
                return []
            else:
                rows[-1].append(node)
            if (node.tail or "").strip():
                return []
    return rows if len(rows) > 1 else []


def _replaced(node: HtmlElement, tag: str) -> str | None:
    """What a browser shows in place of an element: boxes, entered text, chosen options. None for ordinary elements."""
    if tag == "input":
        kind = (node.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            return f" {TICKED if node.get('checked') is not None else EMPTY} "
        return "" if kind in ("hidden", "password", "image", "file") else f" {node.get('value') or ''} "
    if tag in ("img", "svg", "i", "use") or node.get("role") in ("checkbox", "radio"):
        told = tick_told(node)
        if told is not None or tag in ("img", "svg"):
            return f" {told} " if told else ""
    if tag == "select":
        chosen = [option for option in node.iter("option") if option.get("selected") is not None]
        return f" {' '.join(''.join(option.itertext()) for option in chosen)} "
    if len(node) == 0 and len(node.text or "") <= 12 and tag in ("span", "div", "font", "b", "p", "td", "a"):
        if node.get("style") and tag != "td" and _has_border(node):
            return tick_of(node.text or "")
        if node.text:
            return symbol_tick(node)
    return None


def _boxed_tick(table: HtmlElement) -> str | None:
    """A bordered table of one cell that is empty or holds an X is a check box that someone drew."""
    if (table.get("width") or "").strip() == "100%":
        return None
    cells = []
    for node in table.iter():
        if node.tag in ("td", "th"):
            cells.append(node)
            if len(cells) > 1:
                return None
        elif node.tag in ("table", "input", "img", "select") and node is not table:
            return None
    if not cells:
        return None
    border = (table.get("border") or "0").strip()
    if border in ("0", "") and not _has_border(table) and not _has_border(cells[0]):
        return None
    return tick_of("".join(table.itertext()))


def _has_border(node: HtmlElement) -> bool:
    style = node.get("style") or ""
    return bool(_DRAWN_BORDER.search(style)) and not _NO_BORDER.search(style)


def _span(written: str | None) -> int:
    try:
        return max(1, min(int(written or 1), _MAX_SPAN))
    except ValueError:
        return 1
