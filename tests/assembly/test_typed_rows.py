"""Rows of labelled tokens become typed rows, with marks, columns and what follows from them."""

from __future__ import annotations

import pytest
from grids import grid, marked_text, values, with_labels

from extractor.assembly.tables import assemble_table
from extractor.record import Row


def table_i(text: str, kind: str = "pdf_text") -> list[Row]:
    return assemble_table(grid(text, kind=kind), derivative=False, list_marks=set())


def table_ii(text: str, kind: str = "pdf_text") -> list[Row]:
    return assemble_table(grid(text, table="derivative", kind=kind), derivative=True, list_marks=set())


TRADES = """
title        | date       | deemed     | code | V | shares    | A/D | price    | owned   | D/I | nature
Common Stock | 03/14/2024 | 03/15/2024 | S    | V | 1,250.5   | (D) | $31.07   | 98,000  | D   |
Common Stock |            |            |      |   |           |     |          | 410     | I   | By Trust
"""


@pytest.mark.parametrize("kind", ["pdf_text", "html", "text"])
def test_cells_are_typed_by_their_column(kind: str) -> None:
    trade, holding = table_i(TRADES.replace("\nCommon Stock |   ", "\n\nCommon Stock |   "), kind)
    assert values(trade, "title", "date", "deemed", "code", "V") == [
        "Common Stock",
        "2024-03-14",
        "2024-03-15",
        "S",
        True,
    ]
    assert values(trade, "shares", "A/D", "price", "owned", "D/I") == [1250.5, "D", 31.07, 98000, "D"]
    assert trade.kind == "transaction"
    assert holding.kind == "holding"
    assert values(holding, "owned", "D/I", "nature", "code") == [410, "I", "By Trust", None]


def test_values_say_where_they_stand() -> None:
    (row,) = table_i("title | date | code | owned\nCommon Stock | 03/14/2024 | S | 98,000")
    assert row.security_title is not None
    assert row.security_title.raw == "Common Stock"
    assert row.security_title.page == 1
    assert row.security_title.bbox == (0.0, 50.0, 60.0, 60.0)


def test_a_code_with_slash_k_is_an_equity_swap() -> None:
    (row,) = table_i("title | date | code | owned\nCommon Stock | 03/14/2024 | S/K | 98,000")
    assert values(row, "code", "equity_swap_involved") == ["S", True]


def test_marks_hang_on_the_value_they_follow_and_are_listed_by_the_row() -> None:
    row, other = table_i(
        """
title            | date       | code   | shares        | A/D | price       | owned  | D/I
Common Stock (3) | 03/14/2024 | S (1)  | 1,250         | D   | $31.07 (2)  | 98,000 | D
Common Stock     | 03/15/2024 | S      | 40 (1) (2)    | D   | $31.20      | 97,960 | D
"""
    )
    marks = {name: field.marks for name, field in row.fields(derivative=False).items() if field and field.marks}
    assert marks == {"security_title": [3], "transaction_code": [1], "price_per_share": [2]}
    assert row.footnotes == [1, 2, 3]
    assert other.shares is not None
    assert other.shares.marks == [1, 2]
    assert other.footnotes == [1, 2]


def test_a_lone_mark_is_placed_in_the_column_it_stands_in() -> None:
    first, second = table_i(
        """
title        | date       | code | shares | A/D | price    | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | $31.07   | 98,000 | D
Common Stock | 03/15/2024 | J    | 750    | D   |   (1)    | 97,250 | D
"""
    )
    assert values(first, "price") == [31.07]
    assert second.price_per_share is not None
    assert second.price_per_share.value is None
    assert second.price_per_share.marks == [1]
    assert second.footnotes == [1]


def test_marks_that_number_the_footnotes_are_not_the_tables() -> None:
    labelled = grid("title | date | code | owned\nCommon Stock | 03/14/2024 | S | 98,000 (1)")
    mark = next(i for i, token in enumerate(labelled.tokens) if token.text == "(1)")
    (row,) = assemble_table(labelled, derivative=False, list_marks={mark})
    assert row.footnotes == []


def test_marks_of_table_ii_are_not_table_is() -> None:
    labelled = marked_text(
        "{title: Common Stock} {date: 03/14/2024} {code: S} {owned: 98,000} {D/I: D} {footnote.mark: (1)}\n"
        "{derivative.security_title: Option} {derivative.transaction_date: 03/14/2024} "
        "{derivative.transaction_code: M} {derivative.shares_disposed: 300} {footnote.mark: (2)}"
    )
    (stock,) = assemble_table(labelled, derivative=False, list_marks=set())
    (option,) = assemble_table(labelled, derivative=True, list_marks=set())
    assert (stock.footnotes, option.footnotes) == ([1], [2])


def test_table_ii_tells_acquired_from_disposed_by_the_column() -> None:
    acquired, disposed = table_ii(
        """
title  | strike | date       | code | acquired | disposed | exercisable | expires    | underlying   | of  | owned | D/I
Option | $12.50 | 03/14/2024 | A    | 300      |          | 03/14/2025  | 01/02/2031 | Common Stock | 300 | 300   | D
Option | $9     | 03/14/2024 | M    |          | 120      | 03/14/2020  | 01/02/2026 | Common Stock | 120 | 0     | D
"""
    )
    assert values(acquired, "shares", "A/D", "strike", "exercisable", "expires", "underlying", "of") == [
        300,
        "A",
        12.5,
        "2025-03-14",
        "2031-01-02",
        "Common Stock",
        300,
    ]
    assert values(disposed, "shares", "A/D", "strike", "owned") == [120, "D", 9, 0]
    assert acquired.acquired_disposed is not None
    assert acquired.acquired_disposed.method == "derived"


@pytest.mark.parametrize(("sure", "letter"), [(0.9, "D"), (0.999, "A")])
def test_an_exercise_disposes_of_the_option_unless_the_column_is_certain(sure: float, letter: str) -> None:
    labelled = grid("title | date | code | acquired | owned\nOption | 03/14/2024 | M | 120 | 0", table="derivative")
    labelled = with_labels(labelled.document, labelled.tagging.labels, sure)
    (row,) = assemble_table(labelled, derivative=True, list_marks=set())
    assert values(row, "A/D", "shares") == [letter, 120]


@pytest.mark.parametrize(
    ("nature", "letter"),
    [("By Trust", "I"), ("", "D")],
)
def test_a_lost_direct_or_indirect_follows_from_the_nature_of_ownership(nature: str, letter: str) -> None:
    (row,) = table_i(
        f"title | date | code | shares | owned | nature\nCommon Stock | 03/14/2024 | S | 50 | 98,000 | {nature}"
    )
    assert row.direct_or_indirect is not None
    assert row.direct_or_indirect.value == letter
    assert row.direct_or_indirect.method == "derived"


def test_a_printed_direct_or_indirect_stays() -> None:
    (row,) = table_i("title | date | code | owned | D/I | nature\nCommon Stock | 03/14/2024 | S | 98 | D | By Trust")
    assert row.direct_or_indirect is not None
    assert (row.direct_or_indirect.value, row.direct_or_indirect.method) == ("D", "read")


def test_a_spoilt_transaction_date_is_the_near_one_of_the_table() -> None:
    good, spoilt = table_i(
        """
title        | date       | code | shares | A/D | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | D
Common Stock | 03/94/2024 | S    | 750    | D   | 97,250 | D
"""
    )
    assert spoilt.transaction_date is not None
    assert values(good, "date") == values(spoilt, "date") == ["2024-03-14"]
    assert spoilt.transaction_date.method == "repaired"


def test_a_spoilt_transaction_date_near_to_two_is_none_of_them() -> None:
    *_, spoilt = table_i(
        """
title        | date       | code | shares | A/D | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | D
Common Stock | 03/24/2024 | S    | 100    | D   | 97,900 | D
Common Stock | 03/94/2024 | S    | 750    | D   | 97,150 | D
"""
    )
    assert spoilt.transaction_date is None


def test_lone_fragments_are_no_rows() -> None:
    assert table_i("title | nature\nCommon Stock |") == []
    assert table_i("title | owned | nature\n      | 98,000 |") == []
    assert len(table_i("title | owned | D/I\n      | 98,000 | D")) == 1


def test_nothing_labelled_is_an_empty_table() -> None:
    labelled = marked_text("Only words and {issuer.name: Quillon Harbor Foods}")
    assert assemble_table(labelled, derivative=False, list_marks=set()) == []
    assert assemble_table(labelled, derivative=True, list_marks=set()) == []


def test_a_mark_apart_from_the_value_before_it_is_its_own_columns() -> None:
    (row,) = assemble_table(
        marked_text(
            "Title Strike Date Code Number Date Exercisable\n"
            "{derivative.security_title: Option} | {derivative.transaction_date: 03/14/2024} | "
            "{derivative.transaction_code: M} | {derivative.shares_disposed: 300} | {footnote.mark: (2)} |",
            table="derivative",
        ),
        derivative=True,
        list_marks=set(),
    )
    assert row.shares is not None
    assert (row.shares.value, row.shares.marks, row.footnotes) == (300, [], [2])


def test_lines_of_a_typed_row_without_bars_go_on_by_column() -> None:
    head = "Ordinary shares  02/13/  A  5,269.  A  83,080  D"
    more = "                 97         908        .031"
    labelled = marked_text(
        "{title: Ordinary shares}  {date: 02/13/}  {code: A}  {shares: 5,269.}  {A/D: A}  {owned: 83,080}  {D/I: D}\n"
        "                 {date: 97}         {shares: 908}        {shares: .031}"
    )
    assert labelled.document.text == f"{head}\n{more}"
    (row,) = assemble_table(labelled, derivative=False, list_marks=set())
    assert values(row, "date", "shares", "owned") == ["1997-02-13", 5269.908, 83080.031]


def test_a_dash_under_v_is_no_v() -> None:
    (row,) = table_i("title | date | code | V | owned\nCommon Stock | 03/14/2024 | S | - | 98,000")
    assert row.voluntary is None


def test_a_nature_that_wrapped_below_the_title_is_given_back() -> None:
    rows = table_i(
        "title | date | code | owned | D/I | nature\n"
        "Class B Shares | 03/14/2001 | S | 98,000 | D |\n"
        "Class B Shares Keogh | 03/14/2001 | S | 700 | I | By",
        "text",
    )
    assert values(rows[1], "title", "nature") == ["Class B Shares", "By Keogh"]
    (row,) = table_i(
        "title | date | code | owned | D/I | nature\nCommon Footnote | 03/14/2001 | S | 70 | I | See", "text"
    )
    assert values(row, "title", "nature") == ["Common", "See Footnote"]
    (row,) = table_i(
        "title | date | code | owned | D/I | nature\nUnited Trust | 03/14/2001 | S | 70 | I | By Spouse", "text"
    )
    assert values(row, "title", "nature") == ["United Trust", "By Spouse"]


def test_one_amount_without_a_transaction_is_owned() -> None:
    rows = table_i(
        "title | date | code | shares | A/D | D/I\n"
        "Common Stock | | | 10,778 | | D\n"
        "Common Stock | 03/14/2001 | P | 5 | A | D",
        "text",
    )
    assert values(rows[0], "owned", "shares") == [10778, None]
    assert values(rows[1], "owned", "shares") == [None, 5]
    assert [row.kind for row in rows] == ["holding", "transaction"]


@pytest.mark.parametrize(
    ("printed", "price"), [("53.204 .9", 53.204), ("52.51.3", 52.51), ("-0-", 0), ("1,053.20", 1053.2)]
)
def test_what_is_left_of_a_mark_behind_a_price_is_no_digit(printed: str, price: float) -> None:
    (row,) = table_i(f"title | date | code | price | owned\nCommon Stock | 03/14/2001 | S | {printed} | 98,000", "text")
    assert row.price_per_share is not None
    assert row.price_per_share.value == price


@pytest.mark.parametrize("code", ["P$^", "P[", "P[^"])
def test_markup_of_a_raised_mark_behind_a_code_is_none_of_it(code: str) -> None:
    (row,) = table_i(f"title | date | code | owned\nCommon Stock | 03/14/2001 | {code} | 98,000", "text")
    assert values(row, "code") == ["P"]
