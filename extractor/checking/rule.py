"""What a cross-field rule is, and the small things that all rules need."""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from extractor.record import Check, Field, Filing, Row, Value

EXACT = "exact"
"""Signal of values whose characters are those that were typed: what contradicts them is no misreading."""


def note_exact(filing: Filing) -> None:
    """Leaves the signal EXACT on the values of web pages and text layers, apart from those that had to be mended."""
    if filing.source.input_kind not in ("html", "pdf_text"):
        return
    for row in (*filing.non_derivative, *filing.derivative):
        for value in row.fields(derivative=True).values():
            if value is None or value.method != "read" or value.signals.get("mended"):
                continue
            if value.signals.get("quality_min", 1.0) >= 1.0:
                value.signals[EXACT] = 1.0


def is_exact(field: Field | None) -> bool:
    """Whether a value is printed as given beyond doubt; see `note_exact`."""
    return field is not None and bool(field.signals.get(EXACT))


class Place(NamedTuple):
    """A field with its path in the record; `field` is None where the value is missing."""

    path: str
    field: Field | None


class Entry(NamedTuple):
    """A row with its table and path."""

    path: str
    row: Row
    derivative: bool

    def place(self, name: str) -> Place:
        return Place(f"{self.path}.{name}", getattr(self.row, name))


class Rule(ABC):
    """One cross-field rule: what it says, where that is written, and what it finds in a filing.

    `run` gives the findings and leaves on every field that it touched the signals "check_passed" or "check_failed" and
    the same with the rule's code ("balance_mismatch_passed"), for the confidence step. `repair` changes values only
    where the evidence leaves one reading; most rules repair nothing.
    """

    code: ClassVar[str]
    statement: ClassVar[str]
    source: ClassVar[str]

    @abstractmethod
    def run(self, filing: Filing) -> list[Check]:
        """The rule's findings; none where it holds or does not apply."""

    def repair(self, filing: Filing) -> list[Check]:
        """Mends what this rule can; an "info" check for each change."""
        return []

    def passed(self, places: Iterable[Place]) -> None:
        """Notes on these fields that the rule holds for them."""
        for place in places:
            if place.field is not None:
                signals = place.field.signals
                if f"{self.code}_passed" not in signals:
                    signals["passes"] = signals.get("passes", 0.0) + 1.0
                signals |= {"check_passed": 1.0, f"{self.code}_passed": 1.0}

    def failed(self, severity: str, places: Iterable[Place], message: str) -> Check:
        """A finding; notes it on the fields unless it is mere information."""
        places = list(places)
        if severity != "info":
            for place in places:
                if place.field is not None:
                    place.field.signals |= {"check_failed": 1.0, f"{self.code}_failed": 1.0}
        return Check(self.code, severity, [place.path for place in places], message)


def entries(filing: Filing, derivative: bool | None = None, kind: str | None = None) -> Iterator[Entry]:
    """The rows of one table or, with None, of both; of one kind or of both."""
    for table, is_derivative in (("non_derivative", False), ("derivative", True)):
        if derivative is not None and derivative is not is_derivative:
            continue
        for index, row in enumerate(getattr(filing, table)):
            if kind is None or row.kind == kind:
                yield Entry(f"{table}[{index}]", row, is_derivative)


def value_of(field: Field | None) -> Value:
    return None if field is None else field.value


def number_of(field: Field | None) -> float | None:
    """The field's number, None where it has none."""
    value = value_of(field)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def date_of(field: Field | None) -> dt.date | None:
    """The field's date, None where it has none or none that exists."""
    value = value_of(field)
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def text_of(field: Field | None) -> str:
    """The field's text without case, blanks and punctuation, "" where it has none.

    >>> text_of(Field("Common  Stock, par value"))
    'commonstockparvalue'
    """
    value = value_of(field)
    return re.sub(r"\W+", "", value).casefold() if isinstance(value, str) else ""


def form_of(filing: Filing) -> str:
    """ "3", "4", "5", or "" where the form is unknown."""
    value = value_of(filing.form_type)
    return value[:1] if isinstance(value, str) and value[:1] in ("3", "4", "5") else ""


def whole_or_broken(value: float) -> int | float:
    """A number as fields hold it: to four decimals, whole ones as integers.

    >>> whole_or_broken(65935.00001), whole_or_broken(12.59341)
    (65935, 12.5934)
    """
    rounded = round(value, 4)
    return int(rounded) if rounded.is_integer() else rounded


def plain_number(value: float) -> str:
    """A number as people write it.

    >>> plain_number(65935.0), plain_number(12.5934)
    ('65,935', '12.5934')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".")
