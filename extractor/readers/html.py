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
        "script", "style", "head", "title", "meta", "link", "noscript", "template", "iframe", "object", "svg",
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
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_RULE = re.compile(r"([^{}]+)\{[^{}]*(?:display\s*:\s*none|visibility\s*:\s*hidden)[^{}]*\}", re.IGNORECASE)
_SIMPLE_SELECTOR = re.compile(r"(?:\w+)?([.#][\w-]+)")
_DRAWN_BORDER = re.compile(
    r"border[\w-]*\s*:[^;]*\b(?:solid|double|inset|outset|groove|ridge|[1-9]\d*(?:px|pt))\b", re.I
)
_NO_BORDER = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|body|div|p|br)\b", re.IGNORECASE)
_TICKS = frozenset(["x", "X", "✓", "✔", "✗", "✘", "☒", "☑", "×"])
_TICKED, _EMPTY = "☒", "☐"


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
            flow = _Flow(root, label_attribute, path, keeps_lines=not _PAGE.search(markup))
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

    def __init__(self, root: HtmlElement, label_attribute: str | None, path: str, keeps_lines: bool = False) -> None:
        self._keeps_lines = keeps_lines
        self._label_attribute = label_attribute
        self._hidden = _hidden_selectors(root)
        self._count = 0
        self._path = path

    def items(self, root: HtmlElement, label: str | None = None, nested: int = 0) -> list[Item]:
        """Lines and tables inside an element, its own text included."""
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
                runs.append(Run(text, label, raised))
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
                end_line()
                continue
            raised = raised or tag in ("sup", "sub")
            kept = kept or tag in ("pre", "xmp", "plaintext", "listing")
            block = tag in _BLOCKS or tag in ("table", "tr", "td", "th", "tbody", "thead", "tfoot")
            if block:
                end_line()
                todo.append((None, None, False, False))
            for child in reversed(node):
                if child.tail:
                    todo.append((child.tail, label, raised, kept))
                todo.append((child, label, raised, kept))
            if node.text:
                todo.append((node.text, label, raised, kept))
        end_line()
        return out

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
        return self._grid(table, rows, nested), strays

    def _grid(self, element: HtmlElement, rows: list[list[tuple[HtmlElement, str | None]]], nested: int) -> Table:
        cells: list[Cell] = []
        taken: dict[int, int] = {}  # column -> first row in which it is free again
        columns = 0
        for number, row in enumerate(rows):
            column = 0
            for cell, label in row:
                while taken.get(column, 0) > number:
                    column += 1
                wide = _span(cell.get("colspan"))
                high = min(_span(cell.get("rowspan")), len(rows) - number)
                content = self.items(cell, label, nested)
                width = cell.get("width") or _style_width(cell.get("style"))
                cells.append(Cell(number, column, high, wide, content, width))
                for spanned in range(column, column + wide):
                    taken[spanned] = number + high
                column += wide
            columns = max(columns, column)
        width = element.get("width") or _style_width(element.get("style"))
        return Table(len(rows), columns, cells, width)

    def _label(self, node: HtmlElement, above: str | None) -> str | None:
        return above if self._label_attribute is None else node.get(self._label_attribute, above)

    def _check(self, node: HtmlElement) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise LimitExceeded(self._path, f"the page holds more than {MAX_ELEMENTS:,} elements")

    def _is_hidden(self, node: HtmlElement, tag: str) -> bool:
        if tag in _SKIPPED or node.get("hidden") is not None:
            return True
        style = node.get("style")
        if style and _HIDDEN_STYLE.search(style):
            return True
        if not self._hidden:
            return False
        names = ["." + name for name in (node.get("class") or "").split()]
        return any(name in self._hidden for name in [*names, "#" + (node.get("id") or "")])


def _hidden_selectors(root: HtmlElement) -> frozenset[str]:
    """Classes and ids that the page's own style sheets hide; sheets for other media say nothing about the screen."""
    found = set()
    for style in root.iter("style"):
        sheet = style.text or ""
        if "@media" in sheet or ("none" not in sheet and "hidden" not in sheet):
            continue
        for rule in _HIDDEN_RULE.finditer(sheet):
            for selector in rule.group(1).split(","):
                simple = _SIMPLE_SELECTOR.fullmatch(selector.strip())
                if simple:
                    found.add(simple.group(1))
    return frozenset(found)


def _replaced(node: HtmlElement, tag: str) -> str | None:
    """What a browser shows in place of an element: boxes, entered text, chosen options. None for ordinary elements."""
    if tag == "input":
        kind = (node.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            return f" {_TICKED if node.get('checked') is not None else _EMPTY} "
        return "" if kind in ("hidden", "password", "image", "file") else f" {node.get('value') or ''} "
    if tag == "img":
        told = " ".join(node.get(name) or "" for name in ("alt", "src")).lower()
        if "check" in told and ("box" in told or "checked" in told):
            return f" {_EMPTY if 'uncheck' in told or 'empty' in told else _TICKED} "
        return ""
    if tag == "select":
        chosen = [option for option in node.iter("option") if option.get("selected") is not None]
        return f" {' '.join(''.join(option.itertext()) for option in chosen)} "
    if tag in ("span", "div", "font", "b") and node.get("style") and len(node) == 0:
        return _tick_of(node.text or "") if _has_border(node) and len(node.text or "") <= 12 else None
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
    return _tick_of("".join(table.itertext()))


def _tick_of(text: str) -> str | None:
    inside = "".join(text.split())
    if not inside:
        return _EMPTY
    return _TICKED if inside in _TICKS else None


def _has_border(node: HtmlElement) -> bool:
    style = node.get("style") or ""
    return bool(_DRAWN_BORDER.search(style)) and not _NO_BORDER.search(style)


def _style_width(style: str | None) -> str | None:
    match = re.search(r"(?:^|[;\s])width\s*:\s*([\d.]+(?:%|px|pt)?)", style) if style else None
    return match.group(1) if match else None


def _span(written: str | None) -> int:
    try:
        return max(1, min(int(written or 1), _MAX_SPAN))
    except ValueError:
        return 1
