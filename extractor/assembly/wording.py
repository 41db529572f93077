"""How well the wrapped texts of a table's rows read: where one row's title ends and the next one's begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_OPEN_END = re.compile(
    r"(?:^|\s)(?:a|an|and|as|by|for|from|held|in|non|of|on|or|our|per|par|the|through|to|under|with|via|\$|&)$|[-,/&(]$",
    re.IGNORECASE,
)
"""Ends that a further word must follow."""
_LATE_START = re.compile(r"^(?:[a-z]|[)\],.;]|of\b|to\b)")
_STARTS_INSIDE = re.compile(
    r"(?<!\bHeld)(?<!\bOwned)(?<!\bShares)(?<!\bAs)(?<!\band)(?<!,)(?<!;) (?:By|See|Held|Through)(?= |$)"
)
"""Words that natures of ownership begin with, behind others."""
DISTINCT = 0.9  # for each wording of a column
_OPEN, _LATE, _BRACKETS, _TWICE, _INSIDE = 1.0, 0.5, 1.0, 0.8, 1.0


def wording_cost(texts: Sequence[str]) -> float:
    """How badly these texts read as the cells of one column, 0 for none.

    Rows of a table mostly repeat each other's titles, and a title is a phrase: it does not end in "of", its brackets
    close, and it does not hold itself twice.

    >>> wording_cost(["Common Stock", "Common Stock"]) < wording_cost(["Common Stock Common", "Stock"])
    True
    >>> wording_cost(["", "By trust"]) < wording_cost(["By", "trust"])
    True
    """
    given = [text for text in texts if text]
    return DISTINCT * len({text.casefold() for text in given}) + sum(map(text_cost, given))


@lru_cache(maxsize=4096)
def text_cost(text: str) -> float:
    """How badly one text reads as a title or nature of ownership, 0 for a good one or none."""
    if not text:
        return 0.0
    words = text.casefold().split()
    half = len(words) // 2
    return (
        _OPEN * bool(_OPEN_END.search(text))
        + _LATE * bool(_LATE_START.match(text))
        + _BRACKETS * (text.count("(") != text.count(")"))
        + _INSIDE * bool(_STARTS_INSIDE.search(text))
        + _TWICE * (half > 0 and (words[:half] == words[-half:] or (words[0] in words[1:] and half > 1)))
    )
