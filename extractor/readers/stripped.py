"""Ownership XML whose tags were stripped: tells such text by its head, the values that every filing's XML begins with.

The order of the values is fixed by the SEC's "EDGAR Ownership XML Technical Specification", so the head always reads
"X0508 4 2024-05-01 0 0001234567 …": version, form, period, perhaps flags, the issuer's ten-digit number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.document import Document

_HEAD = re.compile(
    r"(?<!\S)(?:(?P<version>X0\d{3})\s+)?(?P<form>[345](?:/A)?)\s+(?P<period>\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?\s+"
    r"(?:(?P<original>\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?\s+)?(?P<flags>(?:(?:0|1|true|false)\s+){0,4})"
    r"(?P<issuer>0\d{9})(?!\S)"
)


@dataclass(frozen=True, slots=True)
class StrippedHead:
    """Where the values of one filing begin, and spans of those whose place the order fixes; offsets into the text."""

    start: int
    end: int
    form: tuple[int, int]
    period: tuple[int, int]
    original: tuple[int, int] | None
    flags: tuple[bool, ...]


def stripped_heads(document: Document) -> list[StrippedHead]:
    """The heads of all stripped filings in a plain text, in order; none in other documents."""
    if document.kind != "text":
        return []
    out = []
    for match in _HEAD.finditer(document.text):
        flags = tuple(flag in ("1", "true") for flag in match["flags"].split())
        original = match.span("original") if match["original"] else None
        out.append(StrippedHead(match.start(), match.end(), match.span("form"), match.span("period"), original, flags))
    return out
