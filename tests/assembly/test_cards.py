"""Rows set as cards: captions with their values."""

from __future__ import annotations

from grids import column, marked_text, members_of, spelled

from extractor.assembly.cards import are_cards, caption_of, group_cards
from extractor.assembly.rows import group_rows
from extractor.assembly.spans import Labelled

_CARDS = """Title of Security:  {title: Common Stock}
Transaction Date:  {date: 03/01/2024}
Code:  {code: S}
Amount:  {shares: 1,200}
Owned Following:  {owned: 8,800}
Title of Security:  {title: Common Stock, par}
                    {title: value $0.01}
Owned Following:  {owned: 500}
Ownership Form:  {D/I: I}
"""


def _cards(text: str = _CARDS) -> Labelled:
    return marked_text(text, kind="pdf_text")


def test_each_card_is_a_row_and_wrapped_values_go_on() -> None:
    labelled = _cards()
    rows = spelled(labelled, group_rows(labelled, members_of(labelled), False))
    assert column(rows, "title") == ["Common Stock", "Common Stock, par value $0.01"]
    assert column(rows, "date") == ["03/01/2024", None]
    assert column(rows, "owned") == ["8,800", "500"]


def test_a_caption_stands_left_of_its_value_or_right_above_it() -> None:
    labelled = _cards("Trade Date:  {date: 03/01/2024}\nAmount\n{shares: 1,200}\n")
    place = {token.text: i for i, token in enumerate(labelled.tokens)}
    assert caption_of(labelled, place["03/01/2024"]) == "tradedate"
    assert caption_of(labelled, place["1,200"]) == "amount"


def test_a_card_without_its_first_value_begins_where_a_field_comes_again() -> None:
    first = "Date: {date: 03/01/2024}\nClass: {title: Common}\nOwned: {owned: 5}\n"
    text = first + "Class: {title: Series A}\nOwned: {owned: 7}\n"
    labelled = _cards(text)
    rows = spelled(labelled, group_cards(labelled, members_of(labelled)))
    assert column(rows, "title") == ["Common", "Series A"]
    assert column(rows, "date") == ["03/01/2024", None]


def test_lines_that_hold_a_row_are_no_cards() -> None:
    text = "Class: {title: Common} Date: {date: 03/01/2024} Code: {code: S} Amount: {shares: 5} Owned: {owned: 7}\n"
    labelled = _cards(text)
    assert not are_cards(labelled, members_of(labelled))


def test_values_without_captions_are_no_cards() -> None:
    labelled = _cards("{title: Common Stock}\n{date: 03/01/2024}\n{code: S}\n{shares: 5}\n{owned: 7}\n")
    assert not are_cards(labelled, members_of(labelled))


def test_text_is_never_taken_for_cards() -> None:
    labelled = marked_text(_CARDS)
    assert not are_cards(labelled, members_of(labelled))
