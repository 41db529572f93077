"""Pieces of values that the end of a typed column cut in two: "10/21/" above "2002", "43,787." above "5993"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.document import Token
from extractor.readers.tokenise import split_word

_PIECE = re.compile(r"\\?\$?[\d,./\-(]*\)?")
_DATE = r"\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})"
_NUMBER = r"\\?\$?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?"
_MARKS = r"(?:\(\d{1,2}\))*"
_VALUE = re.compile(rf"(?:{_DATE}|{_NUMBER}){_MARKS}")
_WHOLE_DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}")
_OPEN = re.compile(r".*(?:[,./\-]|\(\d{0,2})|\$")
_GOES_ON = re.compile(r"[,./)]")
_MOST_PIECES = 5
_NOT_LETTERS = re.compile(r"[^a-z]")

_WORDS = frozenset(
    {"acquired", "amended", "amendment", "amount", "and", "applicable", "beneficial", "beneficially", "code",
     "conversion", "convertible", "date", "day", "deemed", "derivative", "direct", "disposed", "each", "end",
     "exercisable", "exercise", "execution", "expiration", "fiscal", "following", "form", "held", "indirect",
     "instr", "instruction", "instructions", "issuer", "issuers", "month", "nature", "number", "only", "option",
     "options", "owned", "ownership", "or", "price", "reported", "security", "securities", "share", "shares",
     "statement", "stock", "title", "total", "transaction", "transactions", "underlying", "voluntary", "warrant",
     "warrants", "year"}
)  # fmt: skip
"""Words of the headings of the tables of Forms 3, 4 and 5 (SEC 1473, 1474, 2270)."""


def joined_pieces(lines: Sequence[Sequence[Token]], cut: Sequence[bool], *, heading: bool) -> list[list[Token]]:
    """The tokens of the lines of one cell, with what its right end cut in two joined on the first line.

    `cut` says of each line whether it reaches that end.

    A date or a number is joined where the joined text is one and the pieces are not whole by themselves, a word of
    a heading where it is of the form's wording. The joined token has the box of its pieces, and the offsets of the
    first of them.
    """
    out = [list(line) for line in lines]
    at = 0
    while at < len(out) - 1:
        if not _join(out, at, cut, heading):
            at += 1
    return out


def _join(lines: list[list[Token]], at: int, cut: Sequence[bool], heading: bool) -> bool:
    """Joins the last token of a line with the first ones of those below; whether that was done."""
    if not lines[at]:
        return False
    first = lines[at][-1]
    pieces = [first]
    best: tuple[int, str] | None = None
    text = first.text
    for below in range(at + 1, min(len(lines), at + _MOST_PIECES)):
        if not lines[below]:
            break
        piece = lines[below][0]
        if heading:
            if not piece.text[0].isalpha() or not text.rstrip("-")[-1:].isalpha():
                break
            whole = _word(text, piece.text)
        else:
            if not _goes_on(text, piece.text, cut[below - 1]):
                break
            whole = text[:-1] + piece.text if re.fullmatch(r"\\?\$?[\d,.]*[\d,]-", text) else text + piece.text
            if not _VALUE.fullmatch(whole) and _VALUE.fullmatch(text + piece.text):
                whole = text + piece.text
        if (heading and whole) or (not heading and _VALUE.fullmatch(whole)):
            best = (below, whole)
        pieces.append(piece)
        text = whole if whole and not heading else text + piece.text
        if len(lines[below]) > 1:
            break  # the cell's line goes on behind it
    if best is None:
        return False
    below, whole = best
    parts = pieces[: below - at + 1]
    lines[at][-1:] = _joined(parts, whole, heading)
    for number in range(at + 1, below + 1):
        del lines[number][0]
    return True


def _goes_on(text: str, piece: str, cut: bool) -> bool:
    """Whether a piece below can be the rest of a number or date."""
    if not _PIECE.fullmatch(text) or not _PIECE.fullmatch(piece) or _WHOLE_DATE.match(text):
        return False
    if not any(map(str.isdigit, text + piece)) or piece[0] in "($-" or (piece[0] == ")" and "(" not in text):
        return False
    return cut or _OPEN.fullmatch(text) is not None or _GOES_ON.match(piece) is not None


def _word(text: str, piece: str) -> str:
    """The word of a heading that two pieces make; "" where they make none."""
    letters, more = (_NOT_LETTERS.sub("", each.lower()) for each in (text, piece))
    if not letters or not more or (letters in _WORDS and more in _WORDS):
        return ""
    return text.rstrip("-") + piece if letters + more in _WORDS else ""


def _joined(parts: Sequence[Token], whole: str, heading: bool) -> list[Token]:
    """One token of these, or several where marks stand behind the value."""
    first, last = parts[0], parts[-1]
    boxes = [part.bbox for part in parts if part.page == first.page]
    box = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    quality = min(part.quality for part in parts)
    pieces = [(whole, 0)] if heading else split_word(whole)
    if len(pieces) == 1:
        return [replace(first, text=whole, bbox=box, quality=quality)]
    out = []
    for text, at in pieces:
        owner = first if at < len(first.text) else last
        start = min(owner.start + (at if owner is first else 0), owner.end - 1)
        out.append(
            replace(first, text=text, bbox=box, quality=quality, start=start, end=min(start + len(text), owner.end))
        )
    return out
