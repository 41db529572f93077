"""The tables of labelled web pages, and small changes to their elements."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

LABEL = "data-l"

_CAPTIONS = re.compile(r"\s*\((?:Instr|Month|Check).*|^\d+[a-zA-Z]?\.\s*")


@dataclass(slots=True)
class DataTable:
    """A table of securities: its element, heading rows, data rows, and one caption for each column."""

    element: HtmlElement
    heads: list[HtmlElement]
    rows: list[list[HtmlElement]]
    captions: list[str]


def data_tables(root: HtmlElement) -> list[DataTable]:
    """The tables that hold rows of securities, in page order."""
    out = []
    for table in list(root.iter("table")):
        rows = [row for row in table.iter("tr") if _own(row, table)]
        heads = [row for row in rows if row.find("th") is not None]
        body = [list(row.iterchildren("td")) for row in rows if row.find("th") is None]
        if heads and body and any("derivative." in (e.get(LABEL) or "") for e in table.iter("span")):
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


def new_element(tag: str, style: str = "", **attributes: str) -> HtmlElement:
    element = html.Element(tag)
    if style:
        element.set("style", style)
    for name, value in attributes.items():
        element.set(name, value)
    return element


def with_content(element: HtmlElement, *sources: HtmlElement) -> HtmlElement:
    """An element with copies of what others hold."""
    for source in sources:
        append_text(element, source.text)
        for child in source:
            element.append(copy.deepcopy(child))
    return element


def append_content(element: HtmlElement, source: HtmlElement) -> None:
    append_text(element, source.text)
    for child in source:
        element.append(copy.deepcopy(child))


def append_text(element: HtmlElement, text: str | None) -> None:
    if text and len(element):
        element[-1].tail = (element[-1].tail or "") + text
    elif text:
        element.text = (element.text or "") + text


def replace_element(old: HtmlElement, *new: HtmlElement) -> None:
    parent = old.getparent()
    tail, old.tail = old.tail, None
    at = parent.index(old)
    parent.remove(old)
    for place, element in enumerate(new):
        parent.insert(at + place, element)
    if tail and new:
        new[-1].tail = (new[-1].tail or "") + tail


def short_caption(caption: str) -> str:
    return " ".join(_CAPTIONS.sub("", caption).split()) or caption


def leaves_of(root: HtmlElement) -> list[HtmlElement]:
    """Labelled elements that hold nothing but text."""
    return [e for e in root.iter("span") if e.get(LABEL) and len(e) == 0 and (e.text or "").strip()]
