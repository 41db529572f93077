"""Finds the filings in a document: where each form begins and ends, and whether there is one at all."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

from extractor.document import Document
from extractor.readers.stripped import StrippedHead, stripped_heads
from extractor.tagging.landmarks import TITLES, Hit, find_landmarks

_BOXES = frozenset(("owner", "issuer", "period", "amendment", "relationship", "joint"))
_TABLES = frozenset(("table_1", "table_2"))
_BODY = _BOXES | _TABLES | {"explanation", "signature"}
_HEAD_REACH = (
    60  # tokens before a form's title that still are its heading: "FORM 4", the OMB box, the first check boxes
)


def is_ownership_form(hits: list[Hit]) -> bool:
    """Whether the landmarks are those of a Form 3, 4 or 5: boxes and tables or a title, not just a mention of them.

    Vendors' pages leave out the tables' titles; then the form's title and most of its boxes must be there.
    """
    names = {hit.name for hit in hits}
    if names & TITLES.keys() and len(names & _BOXES) >= 4:
        return True
    if len(names & _BODY) < 4 or not names & _BOXES:
        return False
    return bool(names & _TABLES) and (bool(names & TITLES.keys()) or len(names & _BODY) >= 5)


def find_filings(document: Document) -> list[tuple[Document, list[Hit]]]:
    """The filings of a document in order, each as a document of its own with its landmarks; empty where there is none.

    A new filing begins at a form's title once the filing before it has had its boxes and a table. Titles that only head
    a further page of the same filing come before that, or are followed by no box of their own.
    """
    hits = find_landmarks(document.tokens)
    if not is_ownership_form(hits) and (heads := stripped_heads(document)):
        return _stripped(document, heads)
    starts: list[int] = []
    seen: set[str] = set()
    for place, hit in enumerate(hits):
        if hit.name in TITLES:
            ahead = set()
            for later in hits[place + 1 :]:
                if later.name in TITLES:
                    break
                ahead.add(later.name)
            opens = "owner" in ahead or len(ahead & _BOXES) >= 2
            if opens and (not starts or ("owner" in seen and seen & _TABLES and len(seen & _BODY) >= 4)):
                starts.append(hit.first)
                seen = set()
        seen.add(hit.name)
    if len(starts) <= 1:
        return [(document, hits)] if is_ownership_form(hits) else []
    begins = [0, *(_head_of(document, first) for first in starts[1:])]
    out = []
    for lo, hi in zip(begins, [*begins[1:], len(document.tokens)], strict=True):
        part = _slice(document, lo, hi)
        inside = find_landmarks(part.tokens)
        if is_ownership_form(inside):
            out.append((part, inside))
    return out


def _stripped(document: Document, heads: list[StrippedHead]) -> list[tuple[Document, list[Hit]]]:
    """Filings of stripped XML, which has no wording to be found by: from head to head."""
    starts = [token.start for token in document.tokens]
    begins = [0, *(bisect_left(starts, head.start) for head in heads[1:]), len(starts)]
    return [(_slice(document, lo, hi), []) for lo, hi in pairwise(begins)]


def _head_of(document: Document, title: int) -> int:
    """First token of the form whose title is given: the page's first where pages are real, else the heading's."""
    tokens = document.tokens
    if not document.virtual_layout:
        first = title
        while first > 0 and tokens[first - 1].page == tokens[title].page:
            first -= 1
        return first
    low = max(0, title - _HEAD_REACH)
    for index in range(low, title):
        if tokens[index].text.upper() == "FORM" and tokens[index + 1].text[:1] in "345":
            return index
    for index in range(low, title):
        if tokens[index].text.upper() == "UNITED":
            return index
    return title


def _slice(document: Document, lo: int, hi: int) -> Document:
    tokens = document.tokens[lo:hi]
    numbers = {t.page for t in tokens}
    return replace(document, tokens=tokens, pages=[p for p in document.pages if p.number in numbers])
