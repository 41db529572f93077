"""Titles of Table II whose words a text mixed are told apart by those of Table I."""

from __future__ import annotations

import pytest

from extractor.assembly.underlying import settle_underlying
from extractor.record import Field, Row


def _settled(own: str, below: str | None, *listed: str) -> tuple[object, object]:
    row = Row(kind="transaction", security_title=Field(own))
    row.underlying_security_title = Field(below) if below is not None else None
    settle_underlying([Row(kind="holding", security_title=Field(title)) for title in listed], [row])
    title = row.underlying_security_title
    return row.security_title and row.security_title.value, title.value if title is not None else None


@pytest.mark.parametrize(
    ("own", "below", "expected"),
    [
        ("Market Common Stock Units", "Class A Stock", ("Market Stock Units", "Class A Common Stock")),
        ("Stock Option", "Stock Class A Common", ("Stock Option", "Class A Common Stock")),
        ("Class A Common Warrant", "Stock", ("Warrant", "Class A Common Stock")),
    ],
)
def test_words_of_a_listed_title_go_to_what_underlies(own: str, below: str, expected: tuple[str, str]) -> None:
    assert _settled(own, below, "Class A Common Stock") == expected


def test_a_lost_underlying_title_is_found_among_the_words() -> None:
    assert _settled("Deferred Capital Shares Units", None, "Capital Shares") == ("Deferred Units", "Capital Shares")


@pytest.mark.parametrize(
    ("own", "below", "listed"),
    [
        ("Stock Option Common Stock", None, "Common Stock"),  # which "Stock" goes is not clear
        ("Stock Option", "Preferred Stock", "Common Stock"),  # another security
        ("Class B Common Stock", "Class A Common Stock", "Class A Common Stock"),
        ("Common Stock", None, "Common Stock"),  # nothing would be left
    ],
)
def test_titles_are_left_where_the_words_do_not_part_in_one_way(own: str, below: str | None, listed: str) -> None:
    assert _settled(own, below, listed) == (own, below)


def test_a_title_that_table_1_lists_is_never_changed() -> None:
    assert _settled("Class A Units", "Common Stock", "Class A Common Stock", "Common Stock")[1] == "Common Stock"
