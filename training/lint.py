"""Finds annotations whose label and text disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from extractor.assembly.values import (
    parse_acquired_disposed,
    parse_code,
    parse_date,
    parse_direct_indirect,
    parse_marks,
    parse_number,
    parse_tick,
)
from extractor.labels import FORM_LABELS
from training.annotations import AnnotatedDocument

_NUMBERS = ("shares", "shares_acquired", "shares_disposed", "price_per_share", "shares_owned_following",
            "underlying_security_shares", "conversion_or_exercise_price")  # fmt: skip
_PARSERS: dict[str, Callable[[list[str]], Any]] = {
    **dict.fromkeys(_NUMBERS, parse_number),
    **dict.fromkeys(
        ("transaction_date", "deemed_execution_date", "exercise_date", "expiration_date", "period_of_report", "date"),
        parse_date,
    ),
    "transaction_code": parse_code,
    "acquired_disposed": parse_acquired_disposed,
    "direct_or_indirect": parse_direct_indirect,
    "mark": parse_marks,
}


def lint(item: AnnotatedDocument) -> Iterator[str]:
    """Problems of one document, a sentence each. Label sets that are not ours are checked for overlaps only."""
    ours = any(span.label in FORM_LABELS for span in item.spans)
    taken: dict[int, str] = {}
    for span in item.spans:
        for index in span.tokens:
            if index in taken:
                text = item.document.tokens[index].text
                yield f"token {index} {text!r} has two labels: {taken[index]} and {span.label}"
            taken[index] = span.label
        if not ours:
            continue
        texts = [item.document.tokens[i].text for i in span.tokens]
        if span.label not in FORM_LABELS:
            yield f"unknown label {span.label}"
            continue
        parser = _PARSERS.get(span.label.rpartition(".")[2])
        if parser is not None and not parser(texts):
            yield f"{span.label} cannot be {' '.join(texts)!r}"
        if span.label.startswith("box.") and parse_tick(texts[0]) is None:
            yield f"{span.label} cannot be {texts[0]!r}"
        if span.label.startswith(("non_derivative.", "derivative.")) and span.row is None:
            yield f"{span.label} {' '.join(texts)!r} has no row"
