"""Functions of a word that remember what they said: the words of the form come again in every filing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Value = TypeVar("Value")

_MOST = 20_000  # words remembered by a function


def remembers_short(longest: int = 40) -> Callable[[Callable[[str], Value]], Callable[[str], Value]]:
    """Decorator: answers for texts of at most `longest` characters are kept. Longer ones hardly come again.

    What comes back is shared between callers: nobody may change it.
    """

    def around(function: Callable[[str], Value]) -> Callable[[str], Value]:
        known = lru_cache(maxsize=_MOST)(function)

        @wraps(function)
        def recalled(text: str) -> Value:
            return known(text) if len(text) <= longest else function(text)

        return recalled

    return around
