"""Finds annotations whose label and text disagree, and files of annotations that do not go together."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
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
from training.split import owner_key

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
_TABLES = ("non_derivative.", "derivative.")
_A_ROW = 3
"""Cells from which on a row must have a title: fewer are what a garbled page may leave of one."""


def lint(item: AnnotatedDocument) -> Iterator[str]:
    """Problems of one document, a sentence each. Label sets that are not ours are checked for overlaps only."""
    ours = any(span.label in FORM_LABELS for span in item.spans)
    taken: dict[int, str] = {}
    rows: dict[tuple[str, int], set[str]] = defaultdict(set)
    cells: Counter[tuple[str, int, str]] = Counter()
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
        if span.label.startswith(_TABLES):
            table, _, name = span.label.partition(".")
            if span.row is None:
                yield f"{span.label} {' '.join(texts)!r} has no row"
            else:
                rows[table, span.row].add(name)
                cells[table, span.row, name] += 1
    for (table, row), names in sorted(rows.items()):
        if len(names) >= _A_ROW and "security_title" not in names:
            yield f"{table} row {row} has {len(names)} values and no security_title"
    for (table, row, name), count in sorted(cells.items()):
        if count > 1:
            yield f"{table} row {row} has {count} values of {name}: parts of one value are one span"


class Collection:
    """Checks over many documents: the same one twice, and what training must not share with a test set."""

    def __init__(self, against: Iterable[AnnotatedDocument] = ()) -> None:
        self._ids: dict[str, str] = {}
        self._contents: dict[str, str] = {}
        self._test_contents: dict[str, str] = {}
        self._test_owners: dict[str, str] = {}
        for item in against:
            self._test_contents.setdefault(content_key(item), item.id)
            owner = _named_owner(item)
            if owner:
                self._test_owners.setdefault(owner, item.id)

    def lint(self, item: AnnotatedDocument) -> Iterator[str]:
        """Problems of one document in the light of those before it, and of the set it is checked against."""
        content = content_key(item)
        if item.id in self._ids:
            yield "an earlier document has the same id"
        elif content in self._contents:
            yield f"the same document as {self._contents[content]}"
        self._ids.setdefault(item.id, content)
        self._contents.setdefault(content, item.id)
        owner = _named_owner(item)
        if content in self._test_contents:
            yield f"also in the other set, as {self._test_contents[content]}"
        elif owner and owner in self._test_owners:
            yield f"its owner {owner!r} also files in the other set, in {self._test_owners[owner]}"


def content_key(item: AnnotatedDocument) -> str:
    """A hash of a document's words: the same for two annotations of it, whoever made them."""
    words = "\x1f".join(token.text for token in item.document.tokens)
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def _named_owner(item: AnnotatedDocument) -> str | None:
    key = owner_key(item)
    return None if key == item.id.casefold() or key.startswith("nobody ") else key
