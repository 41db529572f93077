"""Functions of a word that remember what they said: the words of the form come again in every filing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

_MOST = 20_000  # words remembered by a function


class _Known(dict[str, Value]):
    """Answers of a function by texts; a look-up costs a third of what `lru_cache` behind a wrapper would."""

    def __init__(self, function: Callable[[str], Value], longest: int) -> None:
        self._function, self._longest = function, longest

    def __missing__(self, text: str) -> Value:
        value = self._function(text)
        if len(text) <= self._longest:
            if len(self) >= _MOST:
                self.clear()
            self[text] = value
        return value


def remembers_short(longest: int = 40) -> Callable[[Callable[[str], Value]], Callable[[str], Value]]:
    """Decorator: answers for texts of at most `longest` characters are kept. Longer ones hardly come again.

    What comes back is shared between callers: nobody may change it.
    """

    def around(function: Callable[[str], Value]) -> Callable[[str], Value]:
        return _Known(function, longest).__getitem__

    return around
