"""Titles tell where one row ends and the next one begins."""

from __future__ import annotations

import pytest
from grids import column, grid, marked_text, rows_in

from extractor.assembly.wording import wording_cost


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (["Common Stock", "Common Stock"], ["Common Stock Common", "Stock"]),
        (["By family trust", "Held by Trust"], ["By family", "trust Held by Trust"]),
        (["Option (right to buy)"], ["(right to buy) Option (right"]),
        ([None, "Through holding company"], ["Through", "holding company"]),
    ],
)
def test_whole_phrases_cost_less(better: list[str | None], worse: list[str | None]) -> None:
    assert wording_cost([t or "" for t in better]) < wording_cost([t or "" for t in worse])


def test_titles_that_hang_below_some_rows_and_stand_above_others_come_whole() -> None:
    rows = rows_in(
        grid(
            """
title  | date       | code | shares | A/D | owned | D/I
Share  |            |      |        |     |       |
Option | 12/08/2025 | M    | 60,000 | D   | 900   | D
(right |            |      |        |     |       |
to buy)|            |      |        |     |       |
Share  |            |      |        |     |       |
Option | 12/09/2025 | M    | 36,000 | D   | 800   | D
(right |            |      |        |     |       |
to buy)|            |      |        |     |       |
""",
            kind="text",
        )
    )
    assert column(rows, "title") == ["Share Option (right to buy)"] * 2


def test_rows_that_share_a_line_are_told_apart() -> None:
    row = "{title: Common Stock} {date: 2024-09-16} {code: F} {shares: 379} {price: 3.1} {A/D: D} {owned: 8} {D/I: D} "
    rows = rows_in(marked_text(row * 3))
    assert column(rows, "code") == ["F", "F", "F"]
    assert column(rows, "title") == ["Common Stock"] * 3


def test_a_line_end_inside_a_cell_does_not_end_the_row() -> None:
    first = "{title: Units}\t\t{date: 09/22/2027}\t{code: M}\t{disposed: 2,000}\t{underlying: Common}\n"
    second = "{underlying: Shares}\t{of: 2,000}\t{owned: 3,100}\t{D/I: D}\n"
    (row,) = rows_in(marked_text(first + second, table="derivative"), "derivative")
    assert row["underlying_security_title"] == "Common Shares"
    assert row["shares_owned_following"] == "3,100"
