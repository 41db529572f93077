"""What style sheets and attributes say of an HTML element: hidden, raised, standing beside its neighbours.

Only as much of CSS as pages use to set tables without table elements: `display`, `float`, the number of a grid's
columns. Selectors count by their last class or id. Where the sheet was not saved with the page the names of classes
tell: every library of styles calls a row of blocks a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    Rows = list[list[HtmlElement]]

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE_SELECTOR = re.compile(r"(?:\w+)?([.#][\w-]+)")
_LAST_NAME = re.compile(r"([.#][\w-]+)$")
_TELLS = re.compile(r"display\s*:|float\s*:|visibility\s*:|vertical-align\s*:", re.IGNORECASE)
_DISPLAY = re.compile(r"(?<![\w-])display\s*:\s*([\w-]+)", re.IGNORECASE)
_FLOAT = re.compile(r"(?<![\w-])float\s*:\s*(?:left|right)", re.IGNORECASE)
_COLUMN = re.compile(r"flex-direction\s*:\s*column|flex-flow\s*:[^;]*column", re.IGNORECASE)
_TRACKS = re.compile(r"grid-template(?:-columns)?\s*:\s*([^;]+)", re.IGNORECASE)
_REPEAT = re.compile(r"repeat\(\s*(\d+)\s*,[^()]*(?:\([^()]*\))?[^()]*\)", re.IGNORECASE)
_GRID_SPAN = re.compile(r"grid-column(?:-end)?\s*:[^;]*span\s+(\d+)", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.IGNORECASE)
_WIDTH = re.compile(r"(?:^|[;\s])width\s*:\s*([\d.]+(?:%|px|pt)?)")
_ROW_NAME = re.compile(r"(?:^|[-_])(?:tr|row)$|Row$", re.IGNORECASE)
_CELL_NAME = re.compile(r"(?:^|[-_])(?:td|th|cell|col|column)(?:$|[-_\d])|(?:Cell|Col|Head)$", re.IGNORECASE)
_ARRANGED = re.compile(
    r"display\s*:\s*(?:inline-)?(?:table|flex|grid|block)|float\s*:|class\s*=\s*[\"']?[^\"'>]{0,300}(?:\btr\b|row\b)",
    re.I,
)
_LONGEST_STYLE = 1000  # characters of a style that count
_FULL = 101.0  # per cent of a line, with what rounding adds
_BLOCK_TAGS = frozenset(
    ("div", "span", "p", "li", "ul", "ol", "section", "article", "main", "form", "header", "footer", "label", "nav",
     "aside", "fieldset", "dl", "dt", "dd", "body", "center", "figure", "blockquote", "h1", "h2", "h3", "h4", "h5",
     "h6", "a", "b", "strong", "em", "i", "font")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arranged:
    """Rows of cells within an element that are tables by style only; `tail` is the text behind them."""

    parent: HtmlElement
    rows: Rows
    tail: str | None


class Styles:
    """The style sheets of one page. `arranges` says whether anything on it stands beside something by its style."""

    def __init__(self, root: HtmlElement, markup: str) -> None:
        self._hidden: set[str] = set()
        self._rules: dict[str, str] = {}
        self.arranges = bool(_ARRANGED.search(markup))
        for style in root.iter("style"):
            sheet = _COMMENT.sub("", style.text or "")
            if _TELLS.search(sheet):
                self._add(_without_media(sheet))

    def _add(self, sheet: str) -> None:
        for rule in sheet.split("}"):
            selectors, _, declared = rule.partition("{")
            if not _TELLS.search(declared):
                continue
            for selector in selectors.split(","):
                simple = _SIMPLE_SELECTOR.fullmatch(selector.strip())
                last = _LAST_NAME.search(selector.strip())
                if _HIDDEN.search(declared):
                    if simple:
                        self._hidden.add(simple.group(1))
                elif last:
                    self._rules[last.group(1)] = f"{self._rules.get(last.group(1), '')};{declared}"

    def is_hidden(self, node: HtmlElement) -> bool:
        style = node.get("style")
        if style and _HIDDEN.search(style):
            return True
        return bool(self._hidden) and any(name in self._hidden for name in _names(node))

    def is_raised(self, node: HtmlElement) -> bool:
        return bool(_RAISED.search(self._declared(node)))

    def arrangement(self, parent: HtmlElement) -> list[HtmlElement | Arranged]:
        """The children of an element: those that stand alone as they are, those that stand beside others in rows.

        Rows beneath each other with as many cells are of one table.
        """
        children = [child for child in parent if isinstance(child.tag, str)]
        out: list[HtmlElement | Arranged] = []
        at = 0
        while at < len(children):
            child = children[at]
            if self._is_beside(child):
                end = _run(children, at, self._is_beside)
                beside = children[at:end]
                floats = sum(bool(_FLOAT.search(self._declared(node))) for node in beside)
                if len(beside) >= (2 if floats else 3):
                    out.append(Arranged(parent, self._lines(beside), beside[-1].tail))
                else:
                    out += beside
                at = end
                continue
            rows = self._rows_of(child)
            at += 1
            if len(rows) == 1 and not self._makes_table(child):
                while at < len(children) and not (children[at - 1].tail or "").strip():
                    more = self._rows_of(children[at])
                    if len(more) != 1 or len(more[0]) != len(rows[0]) or self._makes_table(children[at]):
                        break
                    rows += more
                    at += 1
            out.append(Arranged(parent, rows, children[at - 1].tail) if rows else child)
        return out

    def _rows_of(self, node: HtmlElement) -> Rows:
        """The rows of cells that an element's own children make; none for most elements."""
        if node.tag not in _BLOCK_TAGS or not len(node) or _loose_text(node) or self.is_hidden(node):
            return []
        cells = [child for child in node if isinstance(child.tag, str) and not self.is_hidden(child)]
        declared = self._declared(node)
        display = _display(declared)
        if display in ("table", "inline-table"):
            return self._table_rows(cells)
        if display in ("grid", "inline-grid"):
            return self._grid_rows(cells, _tracks(declared))
        if len(cells) < 2:
            return []
        if display == "table-row" or (display in ("flex", "inline-flex") and not _COLUMN.search(declared)):
            return [cells]
        names = (node.get("class") or "").split()
        if not display and any(_ROW_NAME.search(name) for name in names):
            told = sum(any(_CELL_NAME.search(n) for n in (cell.get("class") or "").split()) for cell in cells)
            if told == len(cells):
                return [cells]
        if all(self._is_beside(cell) for cell in cells):
            lines = self._lines(cells)
            return lines if len(cells) > 2 or any(_FLOAT.search(self._declared(cell)) for cell in cells) else []
        return []

    def _makes_table(self, node: HtmlElement) -> bool:
        return _display(self._declared(node)) in ("table", "inline-table", "grid", "inline-grid")

    def _table_rows(self, children: list[HtmlElement]) -> Rows:
        rows: Rows = []
        loose = False  # cells that stand in no row make one together
        for child in children:
            display = _display(self._declared(child))
            cells = [cell for cell in child if isinstance(cell.tag, str) and not self.is_hidden(cell)]
            if display in ("table-row-group", "table-header-group", "table-footer-group"):
                rows += self._table_rows(cells)
            elif display == "table-cell":
                if not loose:
                    rows.append([])
                rows[-1].append(child)
            elif display == "table-row" and not _loose_text(child):
                rows.append(cells)
            else:
                rows.append([child])
            loose = display == "table-cell"
        return rows

    def _grid_rows(self, cells: list[HtmlElement], columns: int) -> Rows:
        if columns < 2:
            return []
        rows: Rows = []
        filled = columns
        for cell in cells:
            wide = min(columns, self.span(cell))
            if filled + wide > columns:
                rows.append([])
                filled = 0
            rows[-1].append(cell)
            filled += wide
        return rows

    def _lines(self, cells: list[HtmlElement]) -> Rows:
        """Blocks beside each other, in lines as their widths fill them."""
        rows: Rows = [[]]
        filled = 0.0
        for cell in cells:
            told = _WIDTH.search(self._declared(cell))
            share = float(told.group(1)[:-1]) if told and told.group(1).endswith("%") else 0.0
            if rows[-1] and filled + share > _FULL:
                rows.append([])
                filled = 0.0
            rows[-1].append(cell)
            filled += share
        return rows

    def _is_beside(self, node: HtmlElement) -> bool:
        if node.tag not in _BLOCK_TAGS:
            return False
        declared = self._declared(node)
        if not declared:
            return False
        if _FLOAT.search(declared) or _display(declared) == "table-cell":
            return True
        return _display(declared) == "inline-block" and bool(_WIDTH.search(declared))

    def span(self, node: HtmlElement) -> int:
        """How many columns of a grid an element takes."""
        told = _GRID_SPAN.search(self._declared(node))
        return max(1, int(told.group(1))) if told else 1

    def width(self, node: HtmlElement) -> str | None:
        told = _WIDTH.search(self._declared(node))
        return told.group(1) if told else None

    def _declared(self, node: HtmlElement) -> str:
        own = (node.get("style") or "")[:_LONGEST_STYLE]
        if not self._rules:
            return own
        told = [self._rules[name] for name in _names(node) if name in self._rules]
        return ";".join([*told, own]) if told else own


def _names(node: HtmlElement) -> list[str]:
    names = ["." + name for name in (node.get("class") or "").split()]
    given = node.get("id")
    return [*names, "#" + given] if given else names


def _display(declared: str) -> str:
    told = _DISPLAY.findall(declared)
    return told[-1].lower() if told else ""


def _tracks(declared: str) -> int:
    """The number of a grid's columns; 0 where it does not say."""
    told = _TRACKS.findall(declared)
    if not told:
        return 0
    tracks = told[-1].rsplit("/", 1)[-1]
    repeated = sum(int(number) for number in _REPEAT.findall(tracks))
    rest = re.sub(r"\([^()]*\)", "", _REPEAT.sub(" ", tracks))
    return min(repeated + len(rest.split()), 60)


def _loose_text(node: HtmlElement) -> bool:
    """Whether text stands in an element beside its children."""
    return bool((node.text or "").strip()) or any((child.tail or "").strip() for child in node)


def _run(nodes: list[HtmlElement], start: int, holds: Callable[[HtmlElement], bool]) -> int:
    """Where the run of nodes ends that hold, without text between them."""
    end = start + 1
    while end < len(nodes) and not (nodes[end - 1].tail or "").strip() and holds(nodes[end]):
        end += 1
    return end


def _without_media(sheet: str) -> str:
    """A style sheet without what it says for certain media only."""
    out, at = [], 0
    for match in re.finditer(r"@[\w-]{1,40}[^{};@]{0,400}\{", sheet):
        if match.start() < at:
            continue
        out.append(sheet[at : match.start()])
        depth, at = 1, match.end()
        while at < len(sheet) and depth:
            depth += {"{": 1, "}": -1}.get(sheet[at], 0)
            at += 1
    return "".join([*out, sheet[at:]])
