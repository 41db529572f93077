"""What the words over a column, or before a value, say of the field that it holds; and what a field's value can be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from extractor.assembly.members import COLUMNS, WORDED
from extractor.assembly.spans import Labelled
from extractor.memo import remembers_short

OF_CODE = frozenset(("transaction_code", "equity_swap_involved", "voluntary"))
BARE_MARK = re.compile(r"(?:\(\w{1,2}\)[,;]?)+")
FOLLOWS = re.compile(
    r"(?i)(?:foot ?notes?|explanations? of responses|notes:|remarks|signatures?)\W*"
    r"|(?:\d\W+)?name and address of (?:reporting|joint).*"
)
"""Headings that stand right below a table's last row."""
_NOT_LETTERS = re.compile(r"[^a-z]+")
_LETTER_FIELDS = frozenset(("acquired_disposed", "direct_or_indirect", *OF_CODE))
_MONTH = re.compile(r"(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")

_HEADINGS: dict[bool, tuple[tuple[re.Pattern[str], str], ...]] = {
    table: tuple((re.compile(pattern), name) for pattern, name in words)
    for table, words in {
        False: (
            (r"deemed|exec(?:ution)?date", "deemed_execution_date"),
            (r"natureof|nature$", "nature_of_ownership"),
            (r"ownershipform|formdirect|direct(?:or)?(?:d|indirect)|^di$|^dori$|^ownership$", "direct_or_indirect"),
            (r"owned|following|holdings", "shares_owned_following"),
            (r"price", "price_per_share"),
            (r"^aord$|^ad$|^acq(?:uired)?(?:or)?disp", "acquired_disposed"),
            (r"code|^type$", "transaction_code"),
            (r"^v$", "voluntary"),
            (r"date", "transaction_date"),
            (r"^amount$|^shares$|^numberofshares$|^quantity$", "shares"),
        ),
        True: (
            (r"deemed|exec(?:ution)?date", "deemed_execution_date"),
            (r"natureof|nature$", "nature_of_ownership"),
            (r"ownershipform|formdirect|direct(?:or)?(?:d|indirect)|^di$|^dori$|^ownership$", "direct_or_indirect"),
            (r"conversion|exerciseprice|strike", "conversion_or_exercise_price"),
            (r"exercisable", "exercise_date"),
            (r"expir", "expiration_date"),
            (r"amountornumber|underlyingshares|(?:shares|amountof)underlying|^shares$", "underlying_security_shares"),
            (r"^aord$|^ad$|^acq(?:uired)?(?:or)?disp", "acquired_disposed"),
            (r"^acquireda?$|^a$", "shares_acquired"),
            (r"^disposedd?$|^d$", "shares_disposed"),
            (r"underlying|^title$", "underlying_security_title"),
            (r"owned|following|holdings", "shares_owned_following"),
            (r"price", "price_per_share"),
            (r"code|^type$", "transaction_code"),
            (r"^v$", "voluntary"),
            (r"(?:transaction|trans|trade)date|^date$", "transaction_date"),
        ),
    }.items()
}
"""Letters of a heading's lowest lines, by table, in the order in which they are looked for."""

ORDER: dict[bool, tuple[str, ...]] = {
    False: (
        "security_title",
        "transaction_date",
        "transaction_code",
        "shares",
        "acquired_disposed",
        "price_per_share",
        "shares_owned_following",
        "direct_or_indirect",
        "nature_of_ownership",
    ),
    True: tuple(
        name
        for name in COLUMNS
        if name
        not in (
            "deemed_execution_date",
            "equity_swap_involved",
            "voluntary",
            "shares",
            "shares_acquired",
            "shares_disposed",
            "acquired_disposed",
        )
    ),
}
"""Columns as the forms after Form 3 have them, without those that are empty more often than not."""


def named(letters: str, derivative: bool) -> str:
    """The field that the small letters of a heading or caption name; "" for none."""
    return _NAMED[derivative](letters)


@remembers_short(120)
def _named_in_1(letters: str) -> str:
    return next((name for pattern, name in _HEADINGS[False] if pattern.search(letters)), "")


@remembers_short(120)
def _named_in_2(letters: str) -> str:
    return next((name for pattern, name in _HEADINGS[True] if pattern.search(letters)), "")


_NAMED = {False: _named_in_1, True: _named_in_2}


def letters_of(labelled: Labelled, indices: Iterable[int]) -> str:
    """The small letters that the texts of tokens are made of."""
    return _NOT_LETTERS.sub("", "".join(labelled.texts(indices)).lower())


def lines_of(labelled: Labelled, indices: Iterable[int]) -> list[list[int]]:
    """Tokens by the lines that they stand on, from the first line to the last."""
    lines: dict[int, list[int]] = defaultdict(list)
    for index in indices:
        lines[labelled.tokens[index].line].append(index)
    return [lines[number] for number in sorted(lines)]


def number_column(letter: str) -> str:
    """Which of Table II's two columns of numbers an amount belongs in, by the A or D that is said of it."""
    return "shares_acquired" if letter == "A" else "shares_disposed"


def can_be(name: str, text: str) -> bool:
    """Whether a piece of text can be of a field's value."""
    if name in _LETTER_FIELDS:
        return len(text) <= 3 and text[0].isalpha()
    if name in WORDED:
        return True
    return any(c.isdigit() for c in text) or text in ("$", "/") or _MONTH.match(text) is not None
