"""The tables of typed filings as their typists set them: columns of characters under headings that were cut alike.

The reader gives such tables cells. The words that stand over each other in a column of the heading say what the column
holds, whichever way they were broken ("Deriva", "tive"), and a piece of a value says it by where it stands, whatever it
looks like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.assembly.headings import OF_CODE
from extractor.assembly.members import COLUMNS
from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE, ROW_FIELDS, TABLE_PREFIXES
from extractor.readers.typed_grid import MIN_NUMBERED, NUMBERED, RULE, of_one_pitch

_AGREES = 0.6  # share of the labels below headings that must be what the headings say
_MARK = re.compile(r"[(\[{]\w{1,2}[)\]}]?(?:[(,]\w{1,2}\)?)*")
TYPED_ZERO = re.compile(r"\$?-0-")
"""How typists write a price of nothing."""
_NOT_LETTERS = re.compile(r"[^a-z]+")

_HEADINGS: dict[bool, tuple[tuple[str, str], ...]] = {
    False: (
        ("titleof", "security_title"),
        ("deemed", "deemed_execution_date"),
        ("natureof", "nature_of_ownership"),
        ("price", "price_per_share"),
        ("amountofsec", "shares_owned_following"),
        ("beneficiallyowned", "shares_owned_following"),
        ("formdirect", "direct_or_indirect"),
        ("ownershipform", "direct_or_indirect"),
        ("amount", "shares"),
        ("code", "transaction_code"),
        ("transactiondate", "transaction_date"),
    ),
    True: (
        ("titleofder", "security_title"),
        ("deemed", "deemed_execution_date"),
        ("natureof", "nature_of_ownership"),
        ("conversion", "conversion_or_exercise_price"),
        ("priceofder", "price_per_share"),
        ("amountornumber", "underlying_security_shares"),
        ("titleand", "underlying_security_title"),
        ("ofunderlying", "underlying_security_title"),
        ("exercisable", "exercise_date"),
        ("expir", "expiration_date"),
        ("formdirect", "direct_or_indirect"),
        ("ownershipform", "direct_or_indirect"),
        ("acquired", "shares_acquired"),
        ("beneficiallyowned", "shares_owned_following"),
        ("numberofder", "shares_owned_following"),
        ("code", "transaction_code"),
        ("transactiondate", "transaction_date"),
    ),
}
"""Words of a column's heading, in the order in which they are looked for. A later column does not repeat an earlier."""
_WHOLE_HEADINGS: dict[bool, dict[str, str]] = {
    False: {"v": "voluntary", "aord": "acquired_disposed", "ad": "acquired_disposed"},
    True: {"v": "voluntary", "d": "shares_disposed", "ad": "acquired_disposed"},
}


_ORDER: dict[bool, tuple[str, ...]] = {
    False: tuple(name for name in ROW_FIELDS if name not in ("deemed_execution_date", "equity_swap_involved")),
    True: tuple(
        name
        for name in COLUMNS
        if name not in ("deemed_execution_date", "equity_swap_involved", "shares", "acquired_disposed")
    ),
}
"""Columns as the form has them: one that lies between two known ones is known where only one is missing there."""


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A typed table: the field of each column ("" where unknown), its tokens' columns, and its rows' tokens."""

    derivative: bool
    fields: tuple[str, ...]
    columns: dict[int, int]
    rows: tuple[tuple[int, ...], ...]

    def field(self, index: int) -> str:
        """What the column says of a token; "" for nothing."""
        column = self.columns.get(index)
        return self.fields[column] if column is not None else ""


def typed_tables(labelled: Labelled) -> list[TypedTable]:
    """The typed tables of a document, where headings and labels agree on their columns.

    Their cells come from the reader, and their headings are row 0 (see extractor.readers.typed).
    """
    if labelled.document.kind not in ("text", "pdf_text"):
        return []
    found = (_table(labelled, members) for members in labelled.by_table().values())
    return [table for table in found if table is not None]


def _table(labelled: Labelled, members: Sequence[int]) -> TypedTable | None:
    cells = [(index, cell) for index in members if (cell := labelled.tokens[index].cell) is not None]
    numbered = {c[2] for i, c in cells if c[1] == 0 and NUMBERED.match(labelled.tokens[i].text)}
    if len(numbered) < MIN_NUMBERED or not _is_typed(labelled, members):
        return None
    columns = {index: cell[2] for index, cell in cells}
    rows: dict[int, list[int]] = {}
    for index, cell in cells:
        rows.setdefault(cell[1], []).append(index)
    head = rows.pop(0)
    if not rows:
        return None
    words = _headings(labelled, head, columns)
    derivative = any("derivative" in text or "exercisable" in text or "underlying" in text for text in words)
    fields = _fields(words, derivative)
    if "direct_or_indirect" not in fields:
        return None  # every table has that column: where it is lost in another's, rows cannot be told apart
    table = TypedTable(derivative, tuple(fields), columns, tuple(tuple(rows[number]) for number in sorted(rows)))
    return table if _agrees(labelled, table) else None


def _is_typed(labelled: Labelled, members: Sequence[int]) -> bool:
    """Whether a table with cells has columns of characters: no tabs part them, and no drawn rules on a page."""
    document, tokens = labelled.document, labelled.tokens
    if document.kind == "text":
        return "\t" not in document.text[tokens[members[0]].start : tokens[members[-1]].end]
    return of_one_pitch([labelled.pitch(i) for i in members if len(tokens[i].text) > 2])


def _headings(labelled: Labelled, head: Sequence[int], columns: dict[int, int]) -> list[str]:
    """The letters that stand in the heading of each column."""
    words: list[str] = [""] * (max(columns.values()) + 1)
    for index in sorted(head):
        words[columns[index]] += labelled.tokens[index].text.lower()
    return [_NOT_LETTERS.sub("", text) for text in words]


def _fields(words: Sequence[str], derivative: bool) -> list[str]:
    fields: list[str] = []
    for place, letters in enumerate(words):
        name = _WHOLE_HEADINGS[derivative].get(letters, "")
        if not name:
            name = next((n for word, n in _HEADINGS[derivative] if word in letters and n not in fields), "")
        fields.append(name or ("security_title" if place == 0 else ""))
    order = _ORDER[derivative]
    for place in range(1, len(fields) - 1):
        before, after = fields[place - 1], fields[place + 1]
        if not fields[place] and before in order and after in order:
            between = order[order.index(before) + 1 : order.index(after)]
            if len(between) == 1 and between[0] not in fields:
                fields[place] = between[0]
    return fields


def _agrees(labelled: Labelled, table: TypedTable) -> bool:
    """Whether the tagger's labels are mostly those of the columns they stand in."""
    same = other = 0
    for index in (i for row in table.rows for i in row):
        field = table.field(index)
        if labelled.in_table(index) and field:
            same += labelled.label(index).partition(".")[2] == field
            other += labelled.label(index).partition(".")[2] != field
    return same >= max(3, _AGREES * (same + other))


def settle_columns(labelled: Labelled) -> Labelled:
    """Labels of the cells of typed tables by the columns they stand in. Marks stay marks, dashes what they were."""
    labels = list(labelled.tagging.labels)
    for table in typed_tables(labelled):
        prefix = "derivative." if table.derivative else "non_derivative."
        for row in table.rows:
            letters = "".join(labelled.tokens[i].text for i in row if table.field(i) == "acquired_disposed").upper()
            for index in row:
                token, field, was = labelled.tokens[index], table.field(index), labels[index]
                if not field or (was == "footnote.mark" and not TYPED_ZERO.fullmatch(token.text)):
                    continue
                if _MARK.fullmatch(token.text):
                    continue
                if was == OUTSIDE and set(token.text) <= RULE:
                    continue
                if table.derivative and field == "acquired_disposed":
                    labels[index] = OUTSIDE
                    continue
                if table.derivative and field == "shares_acquired" and letters.startswith("D"):
                    field = "shares_disposed"
                if field in OF_CODE and was.partition(".")[2] in OF_CODE:
                    field = was.partition(".")[2]
                labels[index] = prefix + field
    labels = _settle_zeros(labelled, labels)
    return labelled if labels == labelled.tagging.labels else labelled.relabelled(labels)


def _settle_zeros(labelled: Labelled, labels: list[str]) -> list[str]:
    """Labels with every typist's "-0-" that was taken for a mark made a price, by what stands before it on its line."""
    out = list(labels)
    for index, token in enumerate(labelled.tokens):
        if labels[index] != "footnote.mark" or not TYPED_ZERO.fullmatch(token.text):
            continue
        line = labelled.line(token.line)
        before = [labels[i] for i in line if i < index and labels[i].startswith(TABLE_PREFIXES)]
        after = [labels[i] for i in line if i > index and labels[i].startswith(TABLE_PREFIXES)]
        if not before or not after:
            continue
        prefix, _, _ = before[-1].partition(".")
        names = {label.partition(".")[2] for label in before}
        if prefix == "derivative" and not names & {
            "transaction_date",
            "transaction_code",
            "underlying_security_shares",
        }:
            out[index] = "derivative.conversion_or_exercise_price"
        else:
            out[index] = f"{prefix}.price_per_share"
    return out
