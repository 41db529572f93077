"""Full submission text files of EDGAR: which stretches of them are the ownership documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DOCUMENT = re.compile(r"<DOCUMENT>(.*?)(?:</DOCUMENT>|(?=<DOCUMENT>)|\Z)", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"<TYPE>\s*([^\s<]+)", re.IGNORECASE)
_TEXT = re.compile(r"<TEXT>(.*?)(?:</TEXT>|\Z)", re.DOTALL | re.IGNORECASE)
_HEADER = re.compile(
    r"(?P<privacy>-----BEGIN PRIVACY-ENHANCED MESSAGE-----)|<(?P<header>SEC|IMS)-HEADER>"
    r"|-----END PRIVACY-ENHANCED MESSAGE-----|</?(?:SEC|IMS)-DOCUMENT>[^\n]*",
    re.IGNORECASE,
)
_HEADER_ENDS = {
    "privacy": re.compile(r"(?=<SEC-DOCUMENT>|<IMS-DOCUMENT>|<SEC-HEADER>|<DOCUMENT>)", re.IGNORECASE),
    "SEC": re.compile(r"</SEC-HEADER>", re.IGNORECASE),
    "IMS": re.compile(r"</IMS-HEADER>", re.IGNORECASE),
}
_OWNERSHIP = re.compile(r"[345](?:/A)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """One document's content within a submission: its type as filed ("4", "EX-24") and its offsets in the text."""

    type: str
    start: int
    end: int


def submission_bodies(text: str) -> list[Body]:
    """The documents of a submission that are worth reading; the whole text where it is no submission.

    Where any document is filed as a Form 3, 4 or 5 the others, exhibits, are left out. Headers never come along.
    """
    bodies = []
    for document in _DOCUMENT.finditer(text):
        kind = _TYPE.search(text, document.start(1), document.end(1))
        content = _TEXT.search(text, document.start(1), document.end(1))
        start, end = content.span(1) if content else document.span(1)
        bodies.append(Body(kind.group(1).upper() if kind else "", start, end))
    if not bodies:
        return _without_headers(text)
    ownership = [body for body in bodies if _OWNERSHIP.fullmatch(body.type)]
    return ownership or bodies


def _without_headers(text: str) -> list[Body]:
    if "-HEADER>" not in text and "PRIVACY-ENHANCED" not in text:
        return [Body("", 0, len(text))]
    bodies, at = [], 0
    for start, end in _headers(text):
        if text[at:start].strip():
            bodies.append(Body("", at, start))
        at = end
    if text[at:].strip():
        bodies.append(Body("", at, len(text)))
    return bodies or [Body("", 0, len(text))]


def _headers(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each header, in one pass: an end that is not found once is not looked for again."""
    at, endless = 0, set()
    while header := _HEADER.search(text, at):
        at = header.end()
        kind = "privacy" if header["privacy"] else (header["header"] or "").upper()
        if kind and kind not in endless:
            end = _HEADER_ENDS[kind].search(text, at)
            if end:
                at = end.end()
            else:
                endless.add(kind)
        if kind in endless and kind != "privacy":
            continue  # opened and never closed: what follows is all there is to read
        yield header.start(), at
