"""Rows of Tables I and II among the values of ownership XML without its tags, by the order of its schema."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.assembly.headings import number_column
from extractor.assembly.schema_values import CODE, IS_DATE, IS_FLAG, IS_NUMBER, Named, SchemaValue

_FORM = re.compile(r"[345]")


@dataclass(slots=True)
class _Row:
    """A row found: its values by field, whether it is one of Table II, and the place behind its D or I."""

    derivative: bool
    fields: dict[str, SchemaValue]
    end: int

    @property
    def indirect(self) -> bool:
        return self.fields["direct_or_indirect"].text == "I"

    def label(self, name: str) -> str:
        """The label of a field's tokens; none for A or D of Table II, which the column that holds the number says."""
        if not self.derivative:
            return f"non_derivative.{name}"
        if name == "acquired_disposed":
            return ""
        if name == "shares":
            way = self.fields.get("acquired_disposed")
            name = number_column(way.text if way is not None else "")
        return f"derivative.{name}"


class _Reader:
    """Reads values one after the other as what is wanted."""

    def __init__(self, values: list[SchemaValue], at: int) -> None:
        self.values, self.at = values, at

    def take(self, pattern: re.Pattern[str]) -> SchemaValue | None:
        if self.at < len(self.values) and pattern.fullmatch(self.values[self.at].text):
            self.at += 1
            return self.values[self.at - 1]
        return None

    def several(self, pattern: re.Pattern[str], most: int) -> list[SchemaValue]:
        out: list[SchemaValue] = []
        while len(out) < most and (value := self.take(pattern)) is not None:
            out.append(value)
        return out

    def words(self) -> SchemaValue | None:
        if self.at >= len(self.values) or not is_words(self.values[self.at].text):
            return None
        self.at += 1
        return self.values[self.at - 1]


_WAY, _HOW, _TIMELINESS = re.compile("[AD]"), re.compile("[DI]"), re.compile("[EL]")
_MOST_WORDS = 40


def is_words(text: str) -> bool:
    if IS_DATE.fullmatch(text) or IS_NUMBER.fullmatch(text) or len(text) < 2:
        return False
    return len(text.split()) <= _MOST_WORDS


def _row(values: list[SchemaValue], at: int, derivative: bool) -> _Row | None:
    """The row that begins at a place; `derivative` whether Table II has begun. None where there is none."""
    read = _Reader(values, at)
    title = read.words()
    if title is None:
        return None
    found = {"security_title": title}
    start = read.at
    strike = read.take(IS_NUMBER)
    dates = read.several(IS_DATE, 2)
    coding = [read.take(p) for p in (_FORM, CODE, IS_FLAG)] if dates else [None]
    if any(value is None for value in coding):
        return _holding(values, start, found, derivative)
    if strike is not None:
        found["conversion_or_exercise_price"] = strike
    found |= dict(zip(("transaction_date", "deemed_execution_date"), dates, strict=False))
    assert coding[1] is not None
    found["transaction_code"] = coding[1]
    read.take(_TIMELINESS)
    amounts = read.several(IS_NUMBER, 2)
    way = read.take(_WAY)
    if way is None:
        return None
    found |= dict(zip(("shares", "price_per_share"), amounts, strict=False))
    found["acquired_disposed"] = way
    owned = read.several(IS_NUMBER, 1)
    how = read.take(_HOW)
    if how is not None and strike is None and not derivative:
        found |= dict(zip(("shares_owned_following",), owned, strict=False)) | {"direct_or_indirect": how}
        return _Row(False, found, read.at)
    return None if owned else _underlying(read, found)


def _holding(values: list[SchemaValue], at: int, found: dict[str, SchemaValue], derivative: bool) -> _Row | None:
    read = _Reader(values, at)
    if not derivative:
        owned = read.take(IS_NUMBER)
        how = read.take(_HOW)
        if owned is not None and how is not None:
            found |= {"shares_owned_following": owned, "direct_or_indirect": how}
            return _Row(False, found, read.at)
        read.at = at
    strike = read.take(IS_NUMBER)
    if strike is not None:
        found["conversion_or_exercise_price"] = strike
    return _underlying(read, found)


def _underlying(read: _Reader, found: dict[str, SchemaValue]) -> _Row | None:
    """Table II from its dates on: (exercise), (expiration), title and amount of what underlies, (owned), D or I."""
    dates = read.several(IS_DATE, 2)
    names = ("exercise_date", "expiration_date") if len(dates) == 2 else ("expiration_date",)
    found |= dict(zip(names, dates, strict=False))
    title = read.words()
    if title is None:
        return None
    while "transaction_code" in found and (more := read.words()) is not None:
        title = SchemaValue(f"{title.text} {more.text}", title.start, more.end)
    found["underlying_security_title"] = title
    amounts = read.several(IS_NUMBER, 2)
    how = read.take(_HOW)
    if how is None or not amounts:
        return None
    found |= dict(zip(("underlying_security_shares", "shares_owned_following"), amounts, strict=False))
    found["direct_or_indirect"] = how
    return _Row(True, found, read.at)


def name_tables(values: list[SchemaValue], at: int, named: Named) -> dict[int, int]:
    """Names the rows from a place on, and what stands between them: natures of ownership. The row of each token."""
    rows: list[_Row] = []
    derivative = False
    begin = end = values[at].start if at < len(values) else 0
    while at < len(values):
        row, skipped = _next(values, at, derivative, rows[-1] if rows else None)
        if row is None:
            row, skipped = _later(values, at, derivative, named), 0
        if row is None:
            break
        if skipped and rows:
            rows[-1].fields["nature_of_ownership"] = SchemaValue("", values[at].start, values[at + skipped - 1].end)
        derivative |= row.derivative
        rows.append(row)
        at = row.end
        end = values[at - 1].end
    if not rows:
        return {}
    if at < len(values) and rows[-1].indirect and _is_nature(values[at].text):
        rows[-1].fields["nature_of_ownership"] = values[at]
        end = values[at].end
    named.clear(begin, end)
    places: dict[int, int] = {}
    for number, row in enumerate(rows):
        for name, value in row.fields.items():
            label = row.label(name)
            if label:
                named.put(label, (value.start, value.end))
                places |= dict.fromkeys(named.tokens(value.start, value.end), number)
    return places


_MOST_SKIPPED = 3


def _next(values: list[SchemaValue], at: int, derivative: bool, before: _Row | None) -> tuple[_Row | None, int]:
    """The next row and how many values stand before it that are the nature of the one before.

    Behind an indirect holding a text is its nature, unless only without it what follows makes a row.
    """
    indirect = before is not None and before.indirect
    places = range(at, min(at + _MOST_SKIPPED + 1, len(values)))
    order = [*places[1:2], *places[:1], *places[2:]] if indirect else [*places]
    for place in order:
        if not all(is_words(value.text) for value in values[at:place]):
            continue
        row = _row(values, place, derivative)
        if row is not None:
            return row, place - at
    return None, 0


def _later(values: list[SchemaValue], at: int, derivative: bool, named: Named) -> _Row | None:
    """The first row further down that is surely one: a transaction, or one whose title is labelled as such.

    What stands before it is a joint filer's address, or a row that damage made unreadable.
    """
    for place in range(at + 1, len(values)):
        row = _row(values, place, derivative)
        if row is not None and ("transaction_code" in row.fields or named.in_table(row.fields["security_title"])):
            return row
    return None


def _is_nature(text: str) -> bool:
    return (is_words(text) and len(text) <= 120 and not text.endswith(".")) or text.casefold().startswith("by ")
