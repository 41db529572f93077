"""Misread words of titles and natures are mended; everything else stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly.mending import NATURE_WORDS, TITLE_WORDS, mend_rows, mend_text
from extractor.record import Field, Row


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Comrnon Stock", "Common Stock"),
        ("Common 5tock", "Common Stock"),
        ("COMM0N STOCK", "COMMON STOCK"),
        ("CommonStock", "Common Stock"),
        ("Restrictod Stock Unit", "Restricted Stock Unit"),
        ("Stock Optlon", "Stock Option"),
    ],
)
def test_a_nearly_right_word_is_made_right(read: str, meant: str) -> None:
    assert mend_text(read, TITLE_WORDS) == meant


@pytest.mark.parametrize("text", ["Series Q2 Notes", "Class B", "Quillon LP Units", "$0.01 par", "2,500", "Stocks"])
def test_names_numbers_and_other_words_stay(text: str) -> None:
    assert mend_text(text, TITLE_WORDS) == text


@pytest.mark.parametrize("words", [TITLE_WORDS, NATURE_WORDS])
@pytest.mark.parametrize("loose", [True, False])
def test_every_word_of_the_dictionary_is_right_already(words: frozenset[str], loose: bool) -> None:
    for word in words:
        assert mend_text(word, words, loose) == word
        assert mend_text(word.capitalize(), words, loose) == word.capitalize()


@given(st.text(alphabet="ABCcommnstk05 $|-.", max_size=24))
def test_mending_twice_changes_no_more_than_mending_once(text: str) -> None:
    once = mend_text(text, TITLE_WORDS)
    assert mend_text(once, TITLE_WORDS) == once


def titles(rows: list[Row]) -> list[object]:
    return [row.security_title.value if row.security_title else None for row in rows]


def test_a_title_follows_the_one_that_other_rows_say_more_often() -> None:
    rows = [Row(security_title=Field(t)) for t in ("Zephra Shares", "Zephra Shares", "Zephna Shares", "Quill Shares")]
    mend_rows(rows)
    assert titles(rows) == ["Zephra Shares", "Zephra Shares", "Zephra Shares", "Quill Shares"]
    assert [row.security_title.method for row in rows if row.security_title] == ["read", "read", "repaired", "read"]


def test_titles_said_as_often_as_each_other_both_stay() -> None:
    rows = [Row(security_title=Field(t)) for t in ("Zephra Shares", "Zephna Shares")]
    mend_rows(rows)
    assert titles(rows) == ["Zephra Shares", "Zephna Shares"]


def test_titles_that_differ_in_a_number_or_letter_stay_apart() -> None:
    names = [
        "Class A Stock",
        "Class A Stock",
        "Class B Stock",
        "Series 2024 Stock",
        "Series 2024 Stock",
        "Series 2025 Stock",
    ]
    rows = [Row(security_title=Field(name)) for name in names]
    mend_rows(rows)
    assert titles(rows) == names


def test_stray_marks_between_the_words_of_a_known_title_go() -> None:
    rows = [Row(security_title=Field(t)) for t in ("Common Stock", "Common Stock", "Common . Stock")]
    mend_rows(rows)
    assert titles(rows)[2] == "Common Stock"


def test_mended_values_say_so_and_natures_are_mended_too() -> None:
    row = Row(security_title=Field("Cornmon Stock"), nature_of_ownership=Field("By Trusl"), shares=Field(5))
    mend_rows([row])
    assert row.security_title is not None
    assert row.nature_of_ownership is not None
    assert (row.security_title.value, row.security_title.method) == ("Common Stock", "repaired")
    assert row.security_title.signals["mended"] == 1.0
    assert row.nature_of_ownership.value == "By Trust"


def titled(title: str, underlying: str | None = None) -> Row:
    return Row(security_title=Field(title), underlying_security_title=None if underlying is None else Field(underlying))


@pytest.mark.parametrize(
    ("title", "underlying", "meant", "known"),
    [
        ("Stock Option Stock (right to buy)", "Common", "Stock Option (right to buy)", "Common Stock"),
        ("Phantom Units", "Common", "Phantom Units", "Common Stock"),
        ("Restricted Stock Units", "Common Stock", "Restricted Stock Units", "Common Stock Holding"),
    ],
)
def test_words_of_the_underlying_title_come_back_from_the_title_beside_it(
    title: str, underlying: str, meant: str, known: str
) -> None:
    row = titled(title, underlying)
    mend_rows([titled(known), row], recognised=True)
    assert row.security_title is not None
    assert row.underlying_security_title is not None
    assert row.security_title.value == meant
    assert row.underlying_security_title.value == "Common Stock"


def test_an_underlying_title_that_table_i_prints_so_is_whole() -> None:
    row = titled("Phantom Units", "Common")
    mend_rows([titled("Common"), titled("Common Stock"), row], recognised=True)
    assert row.underlying_security_title is not None
    assert row.underlying_security_title.value == "Common"
