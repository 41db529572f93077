"""What a value parser gives: the value, and how much had to be mended to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A typed value read from the texts of a span.

    `mended` counts repairs: 0 for a value printed as forms print it, 1 for pieces joined again or one mark stripped,
    more for confused characters, lost separators and guesses. `derived` is true where part of the value is not
    printed at all (the day of a date given by month and year).
    """

    value: T
    mended: int = 0
    derived: bool = False


@dataclass(frozen=True, slots=True)
class ParsedCode:
    """A transaction code with what may stand behind it: "/K" (an equity swap) and V (reported voluntarily early)."""

    value: str
    mended: int = 0
    swap: bool = False
    voluntary: bool = False
    derived: bool = False
