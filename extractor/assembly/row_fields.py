"""The tokens of one cell of Table I or II to the field that they spell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.assembly.names import without_stutter
from extractor.assembly.spans import Labelled
from extractor.assembly.values import (
    join_text,
    parse_acquired_disposed,
    parse_code,
    parse_date,
    parse_direct_indirect,
    parse_number,
)
from extractor.record import Row

DATES = frozenset(("transaction_date", "deemed_execution_date", "exercise_date", "expiration_date"))
_PRICES = frozenset(("price_per_share", "conversion_or_exercise_price"))
_ACQUIRED_OR_DISPOSED = frozenset(("shares_acquired", "shares_disposed"))
AMOUNTS = frozenset(
    ("shares", "shares_acquired", "shares_disposed", "shares_owned_following", "underlying_security_shares")
)
_TEXTS = frozenset(("security_title", "nature_of_ownership", "underlying_security_title"))
_THOUSANDS_AS_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""What OCR makes of "57,000": amounts with just three decimals below a thousand are rare, misread commas are not."""
_MARK_AS_DIGIT = re.compile(r"^(\d{3}|\d{1,3}(?:,\d{3})+)\d[)\]]$")
"""A raised "(1)" as OCR reads it: "2510)" is 251. Neither four digits without a comma nor "1,2340" is an amount."""
_MARK_AS_DECIMAL = re.compile(r"^(\$?[\d,]*\.\d{4})\d{1,3}[)\]]?$")
"""A raised mark read as more decimals: "263.10287" is 263.1028. No price is stated with more than four."""
_MARK_BEHIND_POINT = re.compile(r"^(\$?[\d,]*\.\d{2,4})\s*\.\d{1,2}[)\]]?$")
"""What is left of a raised "(9)" behind a price: "53.204.9" is 53.204. No number has two points."""
FRACTION = re.compile(r"\d[,.]\d{3}\.\d|\d{4}\.\d|\.\d{4}|\.\d{1,2}$")
"""Amounts that surely have decimals: then the others of the table may have some too."""
_PLAN = re.compile(r"401|plan|esop|saving|reinvest|drip|retire", re.IGNORECASE)
"""Natures of ownership whose amounts have a fraction more often than not."""
_RIGHT = re.compile(r"(\w.*?)[ (\[{]+(right to (?:buy|purchase|sell)|obligation to (?:buy|sell))\W*", re.IGNORECASE)
"""What the titles of most options end with, in brackets."""
_DASHES = frozenset(("-", "--", "---", "–", "—"))


@dataclass(frozen=True, slots=True)
class AmountContext:
    """What is known around an amount: whether others of its table have a fraction, and whether a plan holds its row."""

    fractional: bool
    plan: bool

    @classmethod
    def of(cls, fractional: bool, nature: Sequence[str]) -> AmountContext:
        """`nature` are the texts of the row's nature of ownership."""
        return cls(fractional, _PLAN.search(" ".join(nature)) is not None)

    def is_thousands(self, text: str) -> bool:
        """Whether a number like "57.000", read from print, is one of thousands whose comma was read as a point.

        Beside amounts with a fraction only where it ends in 0, which fractions are printed without.

        >>> AmountContext(False, False).is_thousands("57.125"), AmountContext(True, False).is_thousands("57.125")
        (True, False)
        """
        if _THOUSANDS_AS_POINT.fullmatch(text) is None:
            return False
        return text.endswith("0") or not (self.fractional or self.plan)


def set_field(
    labelled: Labelled, row: Row, name: str, indices: list[int], marks: list[int], around: AmountContext
) -> None:
    """Sets the field `name` of the row from its tokens; leaves it None where they spell no such value."""
    indices = _without_filling(labelled, indices, name)
    texts = labelled.texts(indices)
    if name == "transaction_code":
        _set_code(labelled, row, indices, marks)
    elif name in ("voluntary", "equity_swap_involved"):
        if name != "voluntary" or _is_voluntary(labelled, indices, texts):
            setattr(row, name, labelled.field(indices, value=True, marks=marks))
    elif name in _ACQUIRED_OR_DISPOSED:
        number = parse_number(_as_printed(labelled, indices, name, texts, around))
        if number is not None and (row.shares is None or row.shares.value is None):
            row.shares = labelled.field(indices, number, marks=marks)
            letter = "A" if name == "shares_acquired" else "D"
            row.acquired_disposed = labelled.field(indices, value=letter, method="derived")
    elif name in _TEXTS:
        text = join_text(texts, labelled.words)
        if labelled.document.kind == "text":
            text = without_stutter(text)
        elif any(labelled.tokens[i].quality < 1.0 for i in indices):
            text = _with_both_brackets(text)
        if text:
            setattr(row, name, labelled.field(indices, value=text, marks=marks))
    elif (parser := _parser_of(name)) is not None:
        parsed = parser(_as_printed(labelled, indices, name, texts, around))
        if parsed is not None:
            setattr(row, name, labelled.field(indices, parsed, marks=marks))


def _with_both_brackets(title: str) -> str:
    """A title with the bracket put back that recognition lost around the words that most options' titles end with.

    >>> _with_both_brackets("Stock Option Right to Buy)"), _with_both_brackets("Right to Buy")
    ('Stock Option (Right to Buy)', 'Right to Buy')
    """
    match = _RIGHT.fullmatch(title)
    if match is None or title.count("(") == title.count(")"):
        return title
    return f"{match[1].rstrip()} ({match[2]})"


def _set_code(labelled: Labelled, row: Row, indices: list[int], marks: list[int]) -> None:
    code = parse_code(labelled.texts(indices))
    if code is None:
        return
    row.transaction_code = labelled.field(indices, code, marks=marks)
    if code.swap and row.equity_swap_involved is None:
        row.equity_swap_involved = labelled.field(indices, value=True)
    if code.voluntary and row.voluntary is None:
        row.voluntary = labelled.field(indices, value=True)


def _is_voluntary(labelled: Labelled, indices: list[int], texts: list[str]) -> bool:
    """Whether column V holds anything but a typist's dashes or, in loose text, rules that were read as letters."""
    if any(_loose_text(labelled, i) for i in indices) and "V" not in "".join(texts).upper():
        return False
    return not all(text in _DASHES for text in texts)


def _parser_of(name: str) -> Callable[[list[str]], Any] | None:
    if name in DATES:
        return cell_date
    if name in _PRICES:
        return _price
    if name in AMOUNTS:
        return parse_number
    return {"acquired_disposed": parse_acquired_disposed, "direct_or_indirect": parse_direct_indirect}.get(name)


def _as_printed(
    labelled: Labelled, indices: list[int], name: str, texts: list[str], around: AmountContext
) -> list[str]:
    """The texts of a number with what recognition typically makes of print undone; other texts as they are."""
    if name not in _PRICES | AMOUNTS:
        return texts
    loose = any(_loose_text(labelled, i) for i in indices)
    if not loose and all(labelled.tokens[i].quality >= 1.0 for i in indices):
        return texts
    if name in _PRICES:
        return [_MARK_AS_DECIMAL.sub(r"\1", text) for text in texts]
    if loose:
        texts = [_MARK_AS_DIGIT.sub(r"\1", text) for text in texts]
    if not around.fractional:
        texts = ["1" if texts == ["I"] else text for text in texts]
    texts = [text.replace(".", ",") if around.is_thousands(text) else text for text in texts]
    return texts


def _without_filling(labelled: Labelled, indices: list[int], name: str) -> list[int]:
    """The tokens of a cell without the dashes that typists fill empty cells with; those between words stay."""
    is_dash = [labelled.tokens[i].text in _DASHES for i in indices]
    if all(is_dash):
        return indices
    if name not in _TEXTS:
        return [i for i, dash in zip(indices, is_dash, strict=True) if not dash]
    first, last = is_dash.index(False), len(is_dash) - is_dash[::-1].index(False)
    return indices[first:last]


def _loose_text(labelled: Labelled, index: int) -> bool:
    """Whether a token is plain text's, without a table's cells: OCR's more often than not, however sure it looks."""
    return labelled.document.kind == "text" and labelled.tokens[index].cell is None


def cell_date(texts: list[str]) -> Any:
    """A date printed whole in a cell, None where there is none."""
    return parse_date(texts, month_year=False)


def _price(texts: list[str]) -> Any:
    return parse_number([_MARK_BEHIND_POINT.sub(r"\1", " ".join(texts))], price=True)
