"""Tokens of a table come together to the rows that a reader sees."""

from __future__ import annotations

import pytest
from grids import column, grid, marked_text, members_of, rows_in
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly.members import MARK
from extractor.assembly.rows import group_rows


def test_no_members_are_no_rows() -> None:
    labelled = grid("title\nCommon Stock")
    assert group_rows(labelled, [], derivative=False) == []


# cells that are known


def test_known_cells_make_rows_whatever_their_lines() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I | nature
Class A      | 03/14/2024 | S    | 1,250  | D   | 98,000 | I   | By the Tavener
Common Stock |            |      |        |     |        |     | Family Trust

Class B      | 03/15/2024 | P    | 40     | A   | 410    | D   |
Common Stock |            |      |        |     |        |     |
""",
        kind="html",
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Class A Common Stock", "Class B Common Stock"]
    assert column(rows, "nature") == ["By the Tavener Family Trust", None]
    assert column(rows, "owned") == ["98,000", "410"]


def test_a_cell_row_that_holds_two_rows_is_split_by_its_lines() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | D
Common Stock | 03/15/2024 | S    | 750    | D   | 97,250 | D
""",
        kind="html",
    )
    assert column(rows_in(labelled), "shares") == ["1,250", "750"]


def test_a_holding_with_few_cells_is_no_fragment_where_cells_are_known() -> None:
    labelled = grid(
        """
title            | strike | underlying   | of  | D/I
Stock Option     | 84.38  | Common Stock | 190 | D

Deferred Units   |        | Common Stock | 100 | D
""",
        kind="html",
        table="derivative",
    )
    assert column(rows_in(labelled, "derivative"), "title") == ["Stock Option", "Deferred Units"]


def test_a_token_without_cell_goes_with_the_cells_before_it() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | D

Common Stock | 03/15/2024 | S    | 750    | D   | 97,250 | D
""",
        kind="html",
    )
    first_owned = next(t for t in labelled.tokens if t.text == "98,000")
    first_owned.cell = None
    assert column(rows_in(labelled), "owned") == ["98,000", "97,250"]


# the geometry of a page


def test_lines_of_a_page_are_rows() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | price  | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | $31.07 | 98,000 | D
Common Stock | 03/15/2024 | S    | 750    | D   | $31.20 | 97,250 | D
Common Stock |            |      |        |     |        | 410    | I
"""
    )
    rows = rows_in(labelled)
    assert column(rows, "owned") == ["98,000", "97,250", "410"]
    assert column(rows, "price") == ["$31.07", "$31.20", None]


def test_titles_that_wrap_below_the_line_of_amounts_belong_to_it() -> None:
    labelled = grid(
        """
title                | date       | code | shares | A/D | owned  | D/I | nature
Class A Common       | 03/14/2024 | S    | 1,250  | D   | 98,000 | I   | By Tavener
Stock, par value     |            |      |        |     |        |     | Family
Class B Common       | 03/15/2024 | S    | 750    | D   | 97,250 | I   | By Odile
Stock, no par value  |            |      |        |     |        |     | Foundation
Class C Common       | 03/16/2024 | P    | 10     | A   | 60     | D   |
Stock, voting        |            |      |        |     |        |     |
"""
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == [
        "Class A Common Stock, par value",
        "Class B Common Stock, no par value",
        "Class C Common Stock, voting",
    ]
    assert column(rows, "nature") == ["By Tavener Family", "By Odile Foundation", None]


def test_titles_that_wrap_around_the_line_of_amounts_belong_to_it() -> None:
    labelled = grid(
        """
title           | date       | code | shares | A/D | owned  | D/I
Class A         |            |      |        |     |        |
Common          | 03/14/2024 | S    | 1,250  | D   | 98,000 | D
Stock           |            |      |        |     |        |
Class B         |            |      |        |     |        |
Preferred       | 03/15/2024 | S    | 750    | D   | 97,250 | D
Units           |            |      |        |     |        |
"""
    )
    assert column(rows_in(labelled), "title") == ["Class A Common Stock", "Class B Preferred Units"]


def test_white_space_between_rows_decides_where_a_wrapped_line_belongs() -> None:
    labelled = grid(
        """
title           | date       | code | shares | A/D | owned  | D/I
Common          | 03/14/2024 | S    | 1,250  | D   | 98,000 | D

Class B         |            |      |        |     |        |
Preferred       | 03/15/2024 | S    | 750    | D   | 97,250 | D
"""
    )
    assert column(rows_in(labelled), "title") == ["Common", "Class B Preferred"]


def test_short_cells_half_a_line_apart_are_one_row() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I
Class A      | 03/14/2024 |      | 1,250  |     |        |
             |            | S    |        | D   | 98,000 | D
Common Stock |            |      |        |     |        |


Class B      | 03/15/2024 |      | 750    |     |        |
             |            | P    |        | A   | 98,750 | D
Common Stock |            |      |        |     |        |
""",
        pitch=7.0,
    )
    rows = rows_in(labelled)
    assert column(rows, "date") == ["03/14/2024", "03/15/2024"]
    assert column(rows, "code") == ["S", "P"]
    assert column(rows, "title") == ["Class A Common Stock", "Class B Common Stock"]


def test_lines_half_a_line_apart_that_repeat_a_cell_stay_two_rows() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | D
Common Stock | 03/15/2024 | S    | 750    | D   | 97,250 | D
""",
        pitch=10.5,
    )
    assert len(rows_in(labelled)) == 2


def test_rows_do_not_mix_over_a_page_break() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | D
---
Class B      |            |      |        |     |        |
Common Stock | 03/15/2024 | S    | 750    | D   | 97,250 | D
"""
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Common Stock", "Class B Common Stock"]
    assert column(rows, "owned") == ["98,000", "97,250"]


def test_what_a_page_break_cut_off_a_row_goes_back_to_it() -> None:
    labelled = grid(
        """
title          | date       | code | shares | A/D | owned  | D/I | nature
Common Stock   | 03/14/2024 | S    | 1,250  | D   | 98,000 | I   | By the Tavener
---
               |            |      |        |     |        |     | Family Trust
"""
    )
    (row,) = rows_in(labelled)
    assert row["nature_of_ownership"] == "By the Tavener Family Trust"


def test_a_title_cut_off_before_the_first_row_is_its_beginning() -> None:
    labelled = grid(
        """
title          | date       | code | shares | A/D | owned  | D/I
Class A        |            |      |        |     |        |
---
Common Stock   | 03/14/2024 | S    | 1,250  | D   | 98,000 | D
"""
    )
    (row,) = rows_in(labelled)
    assert row["security_title"] == "Class A Common Stock"


def test_marks_stay_with_the_row_they_stand_in() -> None:
    labelled = grid(
        """
title            | date       | code | shares     | A/D | owned  | D/I
Common Stock     | 03/14/2024 | S    | 1,250 (1)  | D   | 98,000 | D
Common Stock (2) | 03/15/2024 | S    | 750        | D   | 97,250 | D
"""
    )
    assert column(rows_in(labelled), MARK) == ["(1)", "(2)"]


# text that lost its layout


def test_in_text_titles_may_come_whole_before_their_row() -> None:
    labelled = marked_text(
        """
{title: Class A}
{title: Common Stock}
{date: 03/14/2024}
{code: S}
{shares: 1,250}
{A/D: D}
{owned: 98,000}
{D/I: D}
{title: Class B}
{title: Common Stock}
{date: 03/15/2024}
{code: P}
{shares: 40}
{A/D: A}
{owned: 410}
{D/I: D}
"""
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Class A Common Stock", "Class B Common Stock"]
    assert column(rows, "owned") == ["98,000", "410"]


def test_in_text_the_rest_of_a_title_may_follow_its_row() -> None:
    labelled = marked_text(
        """
{title: Class A} {date: 03/14/2024} {code: S} {shares: 1,250} {A/D: D} {owned: 98,000} {D/I: D}
{title: Common Stock}
{title: Class B} {date: 03/15/2024} {code: P} {shares: 40} {A/D: A} {owned: 410} {D/I: D}
{title: Preferred Stock}
"""
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Class A Common Stock", "Class B Preferred Stock"]
    assert column(rows, "date") == ["03/14/2024", "03/15/2024"]


def test_in_text_a_row_begins_where_the_columns_start_over() -> None:
    labelled = marked_text(
        """
{date: 03/14/2024} {code: S} {shares: 1,250} {A/D: D} {price: $31} {owned: 98,000} {D/I: D}
{date: 03/15/2024} {code: S} {shares: 750} {A/D: D} {price: $32} {owned: 97,250} {D/I: D}
{owned: 410} {D/I: I} {nature: By Trust}
"""
    )
    rows = rows_in(labelled)
    assert column(rows, "owned") == ["98,000", "97,250", "410"]
    assert column(rows, "nature") == [None, None, "By Trust"]


def test_in_text_of_table_ii_the_price_stands_behind_the_underlying_security() -> None:
    labelled = marked_text(
        """
{title: Option} {strike: $12} {date: 03/14/2024} {code: M} {disposed: 300} {expires: 01/02/2031}
{underlying: Common Stock} {of: 300} {price: $0} {owned: 900} {D/I: D}
{title: Option} {strike: $14} {date: 03/15/2024} {code: M} {disposed: 100} {expires: 01/02/2032}
{underlying: Common Stock} {of: 100} {price: $0} {owned: 0} {D/I: D}
""",
        table="derivative",
    )
    rows = rows_in(labelled, "derivative")
    assert column(rows, "strike") == ["$12", "$14"]
    assert column(rows, "of") == ["300", "100"]
    assert column(rows, "price") == ["$0", "$0"]


def test_text_that_kept_its_columns_is_read_by_them() -> None:
    labelled = marked_text(
        """
{title: Class A}                {date: 03/14/2024}    {code: S}    {shares: 1,250}    {owned: 98,000}    {D/I: D}
{title: Common Stock}

{title: Class B}                {date: 03/15/2024}    {code: P}    {shares: 40}       {owned: 410}       {D/I: D}
{title: Preferred}
"""
    )
    assert column(rows_in(labelled), "title") == ["Class A Common Stock", "Class B Preferred"]


# whatever the table


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[int]]:
    lines = draw(st.lists(st.integers(0, 3), min_size=1, max_size=6))
    text = "title          | date       | code | shares | A/D | owned  | D/I\n"
    for more in lines:
        text += "Common Stock   | 03/14/2024 | S    | 1,250  | D   | 98,000 | D\n"
        text += "and its rights |            |      |        |     |        |\n" * more
        text += "\n" if draw(st.booleans()) else ""
    return text, lines


@given(tables(), st.sampled_from(["pdf_text", "text"]), st.floats(11.0, 20.0))
def test_every_token_is_in_one_row_and_every_line_of_amounts_is_a_row(
    table: tuple[str, list[int]], kind: str, pitch: float
) -> None:
    text, lines = table
    labelled = grid(text, kind=kind, pitch=pitch)
    members = members_of(labelled)
    rows = group_rows(labelled, members, derivative=False)
    assert sorted(member for row in rows for member in row) == sorted(members)
    assert len(rows) == len(lines)


@pytest.mark.parametrize("kind", ["pdf_text", "html", "text"])
def test_a_table_without_any_short_cell_is_one_row(kind: str) -> None:
    labelled = grid("title | nature\nCommon | By Trust\nStock |", kind=kind)
    assert len(rows_in(labelled)) == 1


def test_in_text_the_first_line_of_a_centred_nature_stands_above_its_row() -> None:
    labelled = marked_text(
        "{nature:By} {nature:Quillon}\n"
        "{title:Common} {date:05/15/2024} {code:S} {shares:10} {A/D:D} {price:5.00} {owned:90} {D/I:I}\n"
        "{nature:Trust}\n"
        "{nature:By} {nature:Quillon}\n"
        "{title:Common} {date:05/15/2024} {code:S} {shares:10} {A/D:D} {price:5.00} {owned:80} {D/I:I}\n"
        "{nature:Trust}"
    )
    rows = group_rows(labelled, members_of(labelled), derivative=False)
    natures = [[labelled.tokens[i].text for i, name in row if name == "nature_of_ownership"] for row in rows]
    assert natures == [["By", "Quillon", "Trust"]] * 2


def test_words_that_a_page_s_end_cut_off_go_to_the_row_before_it() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I | nature
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | I   | See
             |            |      |        |     |        |     | Footno
---
             |            |      |        |     |        |     | te

Common Stock | 03/14/2024 | S    | 1,250  | D   | 96,750 | I   | By
             |            |      |        |     |        |     | Trust
""",
        kind="pdf_scan",
        pitch=14.0,
    )
    assert column(rows_in(labelled), "nature") == ["See Footno te", "By Trust"]


def test_words_close_above_a_row_at_the_head_of_a_page_stay_its_own() -> None:
    labelled = grid(
        """
title        | date       | code | shares | A/D | owned  | D/I | nature
Common Stock | 03/14/2024 | S    | 1,250  | D   | 98,000 | D   |
---
             |            |      |        |     |        |     | By
Common Stock | 03/14/2024 | S    | 1,250  | D   | 96,750 | I   | Quillon
             |            |      |        |     |        |     | Trust
""",
        kind="pdf_scan",
        pitch=12.0,
    )
    assert column(rows_in(labelled), "nature") == [None, "By Quillon Trust"]


@pytest.mark.parametrize("again", [False, True])
def test_a_stray_stroke_below_a_row_s_letter_makes_no_row_of_a_wrapped_title(again: bool) -> None:
    rest = "Dividend    " if again else "Equivalents "
    labelled = grid(
        f"""
title        | date       | code | shares | A/D | owned  | D/I
Dividend     | 03/14/2024 | A    | 1,250  | A   | 98,000 | D
{rest} |            |      |        |     |        | I
""",
        kind="pdf_scan",
    )
    assert len(rows_in(labelled)) == (2 if again else 1)
