"""Rows of Table I that OCR spoilt as a whole, kept as what their neighbours say of them.

Of such a line only the beginning of the title can be told ("Common Sock parvalueSO1pershare | osranos | .» | [aowola]
so | am |"). Title and day are its neighbours'; whether amounts follow from the balance and from Table II is for the
checks to say, which drop the row where they do not (see `extractor.checking.lost_rows`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from rapidfuzz.distance import Levenshtein

from extractor.assembly.members import Member
from extractor.assembly.spans import Labelled
from extractor.record import Field, Row

LOST = "lost_row"
"""Signal on the title of a row that stands for a spoilt line."""
_BARS = frozenset("|[]{}")
_LEAST_BARS = 3
_LIKE = 0.3
_HEADING = re.compile(r"(?i)code|amount|price|instr|title")
_NEIGHBOURS = 0.6  # what title and day of a spoilt line are worth, as probabilities of labels


def keep_lost(
    labelled: Labelled, rows: Sequence[tuple[Row, Sequence[Member]]], lost: set[int]
) -> list[tuple[Row, Sequence[Member]]]:
    """The rows with one more for each spoilt line, `lost` by number, between rows of one title and day."""
    placed = [(min((labelled.tokens[i].line for i, _ in group), default=-1), row, group) for row, group in rows]
    lost = lost | _before_first(labelled, placed)
    if not lost or not placed:
        return list(rows)
    out: list[tuple[int, Row, Sequence[Member]]] = list(placed)
    for line in sorted(lost):
        before = next((row for at, row, _ in reversed(placed) if at < line and row.kind == "transaction"), None)
        after = next((row for at, row, _ in placed if at > line and row.kind == "transaction"), None)
        row = _stub(labelled, line, before, after)
        if row is not None:
            out.append((line, row, []))
    out.sort(key=lambda item: item[0])
    return [(row, group) for _, row, group in out]


def _before_first(labelled: Labelled, placed: Sequence[tuple[int, Row, Sequence[Member]]]) -> set[int]:
    """The line above the first row where it is a spoilt row without any label: ruled like one, its title alike."""
    first = next(((line, row) for line, row, _ in placed if row.kind == "transaction"), None)
    if first is None or first[1].security_title is None:
        return set()
    line = labelled.line(first[0] - 1)
    texts = labelled.texts(line)
    if any(labelled.label(i) != "O" for i in line) or sum(set(text) <= _BARS for text in texts) < _LEAST_BARS:
        return set()
    if any(_HEADING.search(text) for text in texts):
        return set()
    title = str(first[1].security_title.value)
    begins = " ".join(takewhile(lambda text: not set(text) <= _BARS, texts))[: len(title)]
    alike = Levenshtein.normalized_similarity(begins.casefold(), title.casefold())
    return {first[0] - 1} if begins[:1].casefold() == title[:1].casefold() and alike >= _LIKE else set()


def _stub(labelled: Labelled, line: int, before: Row | None, after: Row | None) -> Row | None:
    """A row with the title and day that both neighbours, or the only one, give."""
    near = [row for row in (before, after) if row is not None]
    titles = {row.security_title.value for row in near if row.security_title is not None}
    days = {row.transaction_date.value for row in near if row.transaction_date is not None}
    if len(titles) != 1 or len(days) != 1:
        return None
    tokens = [labelled.tokens[i] for i in labelled.line(line)]
    if not tokens:
        return None
    raw = " ".join(token.text for token in tokens)
    signals = {"label_min": _NEIGHBOURS, "label_mean": _NEIGHBOURS, "margin_min": _NEIGHBOURS, "derived": 1.0}
    signals["quality_min"] = min(token.quality for token in tokens)

    def at(value: object) -> Field:
        span = (tokens[0].start, tokens[-1].end)
        return Field(str(value), raw=raw, page=tokens[0].page, span=span, method="derived", signals=dict(signals))

    row = Row(kind="transaction", security_title=at(titles.pop()), transaction_date=at(days.pop()))
    assert row.security_title is not None
    row.security_title.signals[LOST] = 1.0
    return row
