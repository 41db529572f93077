"""What functions of a word remember."""

from __future__ import annotations

import pytest

from extractor import memo
from extractor.memo import remembers_short


def test_a_short_text_is_worked_out_once_and_a_long_one_each_time() -> None:
    asked: list[str] = []

    @remembers_short(5)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length("abcde"), length("abcde"), length("abcdef"), length("abcdef")] == [5, 5, 6, 6]
    assert asked == ["abcde", "abcdef", "abcdef"]


def test_what_is_remembered_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "_MOST", 2)
    asked: list[str] = []

    @remembers_short()
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length(text) for text in ("a", "bb", "a", "ccc", "a")] == [1, 2, 1, 3, 1]
    assert asked == ["a", "bb", "ccc", "a"]
