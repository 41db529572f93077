"""Rows that line ends inside cells tore are put together in the order of the cells."""

from __future__ import annotations

import pytest
from grids import column, marked_text, members_of, rows_in

from extractor.assembly.torn import faults

WHOLE = "{date: 03/14/2024} {code: S} {shares: 1,250} {A/D: D} {price: $4.50} {owned: 98,000} {D/I: D}"


def test_a_title_on_its_own_line_belongs_to_the_row_below() -> None:
    line = "{{title: {}}}\n{{title: Stock}}\t{{date: 03/14/2024}}\t{{code: S}}\t{{shares: {}}}\t{{A/D: D}}\t"
    line += "{{owned: 98,000}}\t{{D/I: D}}\n"
    labelled = marked_text("".join(line.format(*cells) for cells in (("Common", 1), ("Preferred", 2), ("Common", 3))))
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Common Stock", "Preferred Stock", "Common Stock"]
    assert column(rows, "shares") == ["1", "2", "3"]


def test_letters_beneath_each_other_make_no_row() -> None:
    two = marked_text("{title: Common Stock}\n{code: S}\n{code: P}\n{D/I: D}\n{D/I: D}\n")
    one = marked_text("{title: Common Stock} {code: S} {D/I: D}\n")
    told = [faults(labelled, members_of(labelled), derivative=False) for labelled in (two, one)]
    assert told[0] == told[1] + 2


def test_titles_that_go_on_below_their_rows_stay_there() -> None:
    row = f"{{title: Common Stock,}} {WHOLE}\n"
    labelled = marked_text(f"{row}{{title: par value $1}}\n{row}{{title: par value $1}}\n{row}")
    assert column(rows_in(labelled), "title") == ["Common Stock, par value $1"] * 2 + ["Common Stock,"]


def test_a_nature_belongs_to_what_is_held_indirectly() -> None:
    line = "{{title: Common Stock}} {{owned: 5}} {{D/I: {}}} {}\n"
    cells = ("D", ""), ("I", "{nature: By Spouse}"), ("D", "{nature: By Spouse}"), ("I", "")
    texts = [marked_text(line.format(*held)) for held in cells]
    assert [faults(labelled, members_of(labelled), derivative=False) for labelled in texts] == [0, 0, 1, 1]


def test_a_row_that_breaks_in_its_price_is_one_row() -> None:
    labelled = marked_text(
        "{title: Common Stock}\t{date: 12/21/1998}\t{code: A}\t{shares: 420,000}\t{A/D: A}\t{price: $}\n"
        "{price: 24.32}\t{owned: 1,120,000}\t{D/I: D}\n"
        "{title: Common Stock}\t{owned: 195,682}\t{D/I: I}\t{nature: By child}\n"
        "{title: Common}\n{title: Stock/Class A}\t{owned: 5,356}\t{D/I: D}\n"
    )
    rows = rows_in(labelled)
    assert column(rows, "title") == ["Common Stock", "Common Stock", "Common Stock/Class A"]
    assert column(rows, "owned") == ["1,120,000", "195,682", "5,356"]
    assert column(rows, "code") == ["A", None, None]


def test_words_between_two_rows_go_where_natures_agree() -> None:
    labelled = marked_text(
        "{title: Class C Stock} {owned: 555,732} {D/I: I} {nature: Annuity Trust dated}\n"
        "{nature: 02/23/2026}\n{title: Class C Stock} {owned: 777} {D/I: I} {nature: By spouse}\n"
    )
    assert column(rows_in(labelled), "nature") == ["Annuity Trust dated 02/23/2026", "By spouse"]


def test_natures_of_centred_cells_stay_with_the_row_below() -> None:
    labelled = marked_text(
        f"{{title: Common Stock}} {WHOLE}\n"
        "{nature: Through holding}\n{title: Common Stock} {owned: 61,378} {D/I: I}\n{nature: company}\n"
        "{title: Common Stock} {owned: 142,260} {D/I: D}\n"
    )
    rows = rows_in(labelled)
    assert column(rows, "nature")[0] is None
    assert column(rows, "nature")[2] is None


@pytest.mark.parametrize("lost", ["{title: Common Stock}", "{D/I: D}", "{code: S}"])
def test_rows_with_a_lost_cell_stay_apart(lost: str) -> None:
    line = f"{{title: Common Stock}} {WHOLE}"
    rows = rows_in(marked_text(f"{line}\n{line.replace(lost, '')}\n{line}\n"))
    assert column(rows, "shares") == ["1,250"] * 3
