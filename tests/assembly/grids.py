"""Labelled documents written as they look: tables as grids of cells, everything else as text with labels in braces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractor.assembly.members import MARK, Member
from extractor.assembly.rows import group_rows
from extractor.assembly.spans import Labelled
from extractor.document import Document, Page, Token
from extractor.labels import FORM_LABELS, OUTSIDE
from extractor.readers.text import read_text
from extractor.readers.tokenise import tokenise
from extractor.record import Field, Row
from extractor.tagging.layout import analyse_layout
from extractor.tagging.model import Tagging

_SHORT = {
    "title": "security_title",
    "date": "transaction_date",
    "deemed": "deemed_execution_date",
    "code": "transaction_code",
    "V": "voluntary",
    "A/D": "acquired_disposed",
    "acquired": "shares_acquired",
    "disposed": "shares_disposed",
    "price": "price_per_share",
    "owned": "shares_owned_following",
    "D/I": "direct_or_indirect",
    "nature": "nature_of_ownership",
    "strike": "conversion_or_exercise_price",
    "exercisable": "exercise_date",
    "expires": "expiration_date",
    "underlying": "underlying_security_title",
    "of": "underlying_security_shares",
}
_MARKED = re.compile(r"\{([\w./]+): ?([^{}]*)\}")
_A_MARK = re.compile(r"\(\d{1,2}\)")
_CHARACTER, _HEIGHT = 5.0, 10.0


def with_labels(document: Document, labels: Sequence[str], probability: Sequence[float] | float = 0.99) -> Labelled:
    """A document with these labels, of which the tagger is as sure as `probability` says."""
    sure = np.full(len(labels), probability, dtype=np.float32) if isinstance(probability, float) else probability
    belief = np.asarray(sure, dtype=np.float32)
    return Labelled.of(document, Tagging(list(labels), belief, belief - 0.01, analyse_layout(document)))


def grid(text: str, *, table: str = "non_derivative", kind: str = "pdf_text", pitch: float = 12.0) -> Labelled:
    """A table as it is drawn. The first line names the columns; a token is labelled by the column it stands in.

    A character is 5 points wide and lines are `pitch` points apart, empty ones too; "---" begins a new page. In HTML
    cells are known, and the lines between two empty ones are one row of cells.
    """
    head, *lines = text.strip("\n").split("\n")
    names = [_SHORT.get(name, name) for name in map(str.strip, head.split("|"))]
    tokens: list[Token] = []
    labels: list[str] = []
    page, top, at, row = 1, 50.0, 0, 0
    for number, line in enumerate(lines):
        if line.strip() == "---":
            page, top = page + 1, 50.0
            continue
        row += not line.strip()
        for piece, start, end in tokenise(line.replace("|", " ")):
            column = line[:start].count("|")
            box = (start * _CHARACTER, top, end * _CHARACTER, top + _HEIGHT)
            cell = (0, row, column) if kind == "html" else None
            tokens.append(Token(piece, page, box, number, at + start, at + end, cell=cell))
            labels.append("footnote.mark" if _A_MARK.fullmatch(piece) else f"{table}.{names[column]}")
        at += len(line) + 1
        top += pitch
    pages = [Page(n, 800, 600, kind) for n in range(1, page + 1)]
    body = "\n".join(line.replace("|", " ") for line in lines if line.strip() != "---")
    return with_labels(Document(kind, pages, tokens, body, virtual_layout=kind == "html"), labels)


def marked_text(text: str, *, table: str = "non_derivative", kind: str = "text", sure: float = 0.99) -> Labelled:
    """A text read as one, labelled by what stands in braces: "{issuer.name: Quillon Foods}", "{code: S}" in a table."""
    plain, spans, at = "", [], 0
    for match in _MARKED.finditer(text):
        plain += text[at : match.start()]
        name = _SHORT.get(match.group(1), match.group(1))
        label = name if name in FORM_LABELS else f"{table}.{name}"
        assert label in FORM_LABELS, f"no label {label}"
        spans.append((len(plain), len(plain) + len(match.group(2)), label))
        plain += match.group(2)
        at = match.end()
    plain += text[at:]
    document = read_text(plain)
    if kind != "text":
        pages = [replace(page, kind=kind) for page in document.pages]
        document = replace(document, kind=kind, pages=pages, virtual_layout=kind == "html")
    labels = [next((label for a, b, label in spans if a <= t.start < b), OUTSIDE) for t in document.tokens]
    return with_labels(document, labels, sure)


def members_of(labelled: Labelled, table: str = "non_derivative") -> list[Member]:
    """All tokens of a table with their fields, in reading order."""
    out: list[Member] = []
    for index in labelled.order:
        label = labelled.label(index)
        if label == "footnote.mark":
            out.append((index, MARK))
        elif label.startswith(f"{table}."):
            out.append((index, label.partition(".")[2]))
    return out


def spelled(labelled: Labelled, rows: Sequence[Sequence[Member]]) -> list[dict[str, str]]:
    """Rows of members as the texts of their cells."""
    out: list[dict[str, str]] = []
    for row in rows:
        texts: dict[str, list[str]] = {}
        for index, name in row:
            texts.setdefault(name, []).append(labelled.tokens[index].text)
        out.append({name: " ".join(parts) for name, parts in texts.items()})
    return out


def rows_in(labelled: Labelled, table: str = "non_derivative") -> list[dict[str, str]]:
    """The rows that the tokens of a table are grouped to, as texts."""
    return spelled(labelled, group_rows(labelled, members_of(labelled, table), table == "derivative"))


def column(rows: Sequence[dict[str, str]], name: str) -> list[str | None]:
    return [row.get(_SHORT.get(name, name)) for row in rows]


def values(row: Row, *names: str) -> list[object]:
    """Values of a typed row; None for a field that is absent."""
    fields = [getattr(row, _SHORT.get(name, name)) for name in names]
    return [field.value if isinstance(field, Field) else None for field in fields]
