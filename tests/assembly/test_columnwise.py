"""Rows of texts whose converter wrote the page column by column."""

from __future__ import annotations

from grids import column, marked_text, rows_in

_TITLES = "{title: Common Stock}\n\n{title: Class B Stock}\n\n{title: Common Stock}\n\n"
_AMOUNTS = "{owned: 900}\n\n{owned: 70}\n\n{owned: 850}\n\n"


def test_values_of_a_column_go_to_the_rows_in_their_order() -> None:
    labelled = marked_text(
        _TITLES
        + "{date: 03/14/2024}\n\n{date: 03/15/2024}\n\n{date: 03/18/2024}\n\n{code: S}\n\n{code: P}\n\n{code: S}\n\n"
        + "{shares: 100} {A/D: D}\n\n{shares: 30} {A/D: A}\n\n{shares: 50} {A/D: D}\n\n"
        + _AMOUNTS
        + "{D/I: D}\n\n{D/I: I}\n\n{D/I: D}\n\n{nature: By Spouse}"
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Common Stock", "Class B Stock", "Common Stock"]
    assert column(rows, "date") == ["03/14/2024", "03/15/2024", "03/18/2024"]
    assert column(rows, "shares") == ["100", "30", "50"]
    assert column(rows, "owned") == ["900", "70", "850"]
    assert column(rows, "nature") == [None, "By Spouse", None]


def test_a_block_of_lines_that_say_the_same_is_a_cell_a_line() -> None:
    labelled = marked_text(
        "{title: Common Stock}\n{title: Common Stock}\n\n{date: 03/14/2024}\n{date: 03/15/2024}\n\n{code: S}\n{code: S}"
        "\n\n{shares: 100}\n{shares: 30}\n\n{owned: 900}\n{owned: 870}\n\n{D/I: D}\n{D/I: D}"
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Common Stock", "Common Stock"]
    assert column(rows, "owned") == ["900", "870"]


def test_the_running_balance_tells_which_rows_are_transactions() -> None:
    labelled = marked_text(
        _TITLES
        + "{date: 03/14/2024}\n\n{code: S}\n\n{shares: 50}\n\n"
        + "{owned: 900}\n\n{owned: 850}\n\n{owned: 70}\n\n"
        + "{D/I: D}\n\n{D/I: D}\n\n{D/I: D}"
    )
    rows = rows_in(labelled)
    assert column(rows, "shares") == [None, "50", None]
    assert column(rows, "code") == [None, "S", None]


def test_rows_that_stand_one_after_the_other_are_left_as_they_are() -> None:
    labelled = marked_text(
        "{title: Common Stock}\n{date: 03/14/2024}\n{code: S}\n{shares: 100}\n{owned: 900}\n{D/I: D}\n"
        "{title: Common}\n{title: Stock}\n{date: 03/15/2024}\n{code: P}\n{shares: 30}\n{owned: 930}\n{D/I: D}"
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Common Stock", "Common Stock"]
    assert column(rows, "owned") == ["900", "930"]


def test_a_line_that_lacks_a_value_does_not_take_another_lines() -> None:
    line = "{title: Common Stock} {date: 03/1%d/2024} {code: S} {shares: 100} {A/D: D} {owned: 900} {D/I: D}\n"
    labelled = marked_text(
        line % 4 + "{title: Common Stock} {date: 03/15/2024} {code: S} {shares: 30} {A/D: D} {D/I: D}\n" + line % 8
    )
    assert column(rows_in(labelled), "owned") == ["900", None, "900"]


def test_titles_in_one_block_are_parted_where_the_rows_are_counted() -> None:
    labelled = marked_text(
        "{title: Capital Stock}\n{title: Common Stock}\n\n{date: 03/14/2024}\n{date: 03/15/2024}\n\n{code: S}\n"
        "{code: S}\n\n{shares: 100}\n{shares: 30}\n\n{owned: 900}\n{owned: 870}\n\n{D/I: D}\n{D/I: D}"
    )
    assert column(rows_in(labelled), "title") == ["Capital Stock", "Common Stock"]


def test_dates_taken_for_deemed_ones_are_transaction_dates_where_the_codes_need_them() -> None:
    labelled = marked_text(
        "{title: Common Stock}\n\n{title: Common Stock}\n\n{date: 03/14/2024}\n\n{deemed: 03/15/2024}\n\n"
        "{code: S}\n\n{code: S}\n\n{shares: 100}\n\n{shares: 30}\n\n{owned: 900}\n\n{owned: 870}\n\n"
        "{D/I: D}\n\n{D/I: D}"
    )
    rows = rows_in(labelled)
    assert column(rows, "date") == ["03/14/2024", "03/15/2024"]
    assert column(rows, "deemed") == [None, None]


def test_prices_go_to_the_transactions_that_have_one() -> None:
    labelled = marked_text(
        "{title: Common Stock}\n\n{title: Common Stock}\n\n{title: Common Stock}\n\n"
        "{date: 03/14/2024}\n\n{date: 03/15/2024}\n\n{date: 03/18/2024}\n\n{code: M}\n\n{code: S}\n\n{code: S}\n\n"
        "{shares: 100}\n\n{shares: 30}\n\n{shares: 50}\n\n{price: $9.10}\n\n{price: $9.25}\n\n"
        "{owned: 900}\n\n{owned: 870}\n\n{owned: 820}\n\n{D/I: D}\n\n{D/I: D}\n\n{D/I: D}"
    )
    assert column(rows_in(labelled), "price") == [None, "$9.10", "$9.25"]
