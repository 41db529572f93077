"""Check boxes and footnote marks of HTML pages, however they are set, as the characters that the form uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TICKED, EMPTY = "☒", "☐"

_TICKS = frozenset(["x", "X", "✓", "✔", "✗", "✘", "☒", "☑", "×"])
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT_MARK = re.compile(r"[⁽(]?([¹²³⁴-⁹][⁰¹²³⁴-⁹]?)[⁾)]?")
_SQUARE_MARK = re.compile(r"\[([1-9]\d?)\]")
_RAISED_MARK = re.compile(r"[\[({]?\b([1-9]\d?)\b[\])}]?")
_ONLY_MARKS = re.compile(r"(?:[\s,;]*[\[({]?[1-9]\d?(?!\d)[\])}]?)+\s*")
_LONGEST_MARKS = 60  # characters

_SYMBOL_FONT = re.compile(r"(?i)\b(wingdings(?:\s*[23])?|webdings)\b")
_SYMBOLS = {
    "wingdings": ("\u00fe\u00fdxüû", "\u00a8oqr"),
    "wingdings2": ("RSTUVPO", "\u00a3*"),
    "webdings": ("ar", "c"),
}
"""Ticked and empty boxes as letters of symbol fonts; Symbol fonts in Unicode have the same at U+F000."""
_BARE = {"\u00fe": TICKED, "\u00fd": TICKED, "\u00a8": EMPTY, "\uf0fe": TICKED, "\uf0fd": TICKED, "\uf078": TICKED}
_BARE |= {"\uf0a8": EMPTY, "\uf06f": EMPTY, "\u25c9": TICKED, "\u25cf": TICKED, "\u25cb": EMPTY, "\u25ef": EMPTY}
"""Characters that alone in an element are a box: no word of a filing is written with them."""
_BULLETS = "\u25cf\u25cb"
"""Lists have the same in cells of their own."""
_EMPTY_NAME = re.compile(
    r"un-?check|not\s*checked|empty|(?<!check-)square-o\b|\boff\b|blank|fa-square\b|[-_]no\b|=?false"
)
_TICKED_NAME = re.compile(r"check|tick|\bticked|selected|\[x\]|\bbox[-_]?on\b")
_BOX_NAME = re.compile(r"box|check|square|radio")


def printed_marks(text: str, raised: bool) -> str:
    """Text with footnote marks as the form prints them: superscript numbers, numbers in square brackets, raised ones.

    >>> printed_marks("1,000¹²", False), printed_marks("2,500[3]", False), printed_marks("1, 2", True)
    ('1,000(12)', '2,500(3)', '(1), (2)')
    >>> printed_marks("st", True), printed_marks("(4)", True)
    ('st', '(4)')
    """
    if raised and len(text) <= _LONGEST_MARKS and _ONLY_MARKS.fullmatch(text):
        return _RAISED_MARK.sub(r"(\1)", text)
    if not text.isascii():
        text = _SUPERSCRIPT_MARK.sub(lambda match: f"({match[1].translate(_SUPERSCRIPTS)})", text)
    return _SQUARE_MARK.sub(r"(\1)", text) if "[" in text else text


def tick_of(text: str) -> str | None:
    """What the text of a drawn box says: ticked, empty; None for other text."""
    inside = "".join(text.split())
    if not inside:
        return EMPTY
    return TICKED if inside in _TICKS else None


def symbol_tick(node: HtmlElement) -> str | None:
    """A box that an element's only character stands for, by itself or in the element's font."""
    text = "".join((node.text or "").split())
    if len(text) != 1:
        return None
    told = _BARE.get(text)
    if told is not None:
        return None if text in _BULLETS and node.tag in ("td", "p", "div") else told
    font = _SYMBOL_FONT.search(f"{node.get('face') or ''} {node.get('style') or ''}")
    if font is None:
        return None
    name = "".join(font.group(1).lower().split()).replace("wingdings3", "wingdings")
    ticked, empty = _SYMBOLS[name]
    return TICKED if text in ticked else EMPTY if text in empty else None


def tick_told(node: HtmlElement) -> str | None:
    """A box that a picture shows, or an element that a script or a style sheet draws, by what it is called."""
    state = node.get("aria-checked")
    if state is not None:
        return TICKED if state.lower() == "true" else EMPTY
    names = [node.get(name) or "" for name in ("alt", "src", "class", "aria-label", "title", "href")]
    if node.tag == "svg":
        names += [" ".join(child.itertext()) for child in node.iter("title", "desc")]
        names += [use.get("href") or use.get("xlink:href") or "" for use in node.iter("use")]
    alt = "".join((node.get("alt") or "").split()).lower()
    if alt in ("[x]", "x", "(x)", "☒", "☑"):
        return TICKED
    if alt in ("[]", "()", "[_]", "☐"):
        return EMPTY
    told = " ".join(names).lower()
    if not _BOX_NAME.search(told):
        return None
    if _EMPTY_NAME.search(told):
        return EMPTY
    return TICKED if _TICKED_NAME.search(told) else None
