"""What short values of the form look like: numbers, dates, codes and footnote marks, as one run of print may hold them.

Readers that give several likely texts are asked for the likeliest that has such a form.
"""

from __future__ import annotations

import re

_MONTH, _DAY, _YEAR = r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])", r"((19|20)\d\d|\d\d)"
_NUMBER = r"\$?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?|\$?\.\d+"
_VALUE = re.compile(
    rf"({_NUMBER}|{_MONTH}/{_DAY}/{_YEAR}|{_MONTH}-{_DAY}-{_YEAR}|{_YEAR}-{_MONTH}-{_DAY}|\d{{5}}-\d{{4}}|\d{{1,2}}[A-Z]?\.)?"
    r"(\([1-9]\d?\)\*?)*"
)
_CODE = re.compile(r"[A-Z](/K)?(\([1-9]\d?\))*")

CHARACTERS = "0123456789$/,.-()%*ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The characters of values and codes."""


def is_value(text: str) -> bool:
    """Whether a text is a number, a date, a ZIP code, marks, or one of the first with marks behind.

    >>> [is_value(text) for text in ("1,619(2)", "06-16-2026", "13/14/2023", "1,61")]
    [True, True, False, False]
    """
    return bool(text) and _VALUE.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """Whether a text is one capital, perhaps with the sign of an equity swap or with marks.

    >>> is_code("S/K(1)"), is_code("SK")
    (True, False)
    """
    return _CODE.fullmatch(text) is not None


def is_well_formed(text: str) -> bool:
    """Whether a text is a value or a code."""
    return is_value(text) or is_code(text)
