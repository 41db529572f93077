"""Numbers and natures that a column's edge parted are put together again, and whole ones are left alone."""

from __future__ import annotations

import pytest
from grids import marked_text, values

from extractor.assembly.tables import assemble_table
from extractor.assembly.woven_cells import woven_text

HOLDING = "{security_title:Common}\t{security_title:Stock}\t"


def row(text: str, *names: str) -> list[object]:
    (found,) = assemble_table(marked_text(text), derivative=False, list_marks=set())
    return values(found, *names)


@pytest.mark.parametrize(
    ("cells", "nature"),
    [
        ("{D/I:B} I {nature:4} {D/I:P}\t{nature:y} {nature:01(k)} {nature:lan}", "By 401(k) Plan"),
        ("{D/I:I}\t{nature:B} {nature:Q} {nature:L}\t{nature:y} {nature:uillon} {nature:ane}", "By Quillon Lane"),
        ("{D/I:I}\t{nature:By} {nature:Corvin}\t{nature:Family} {nature:Trust}", "By Corvin Family Trust"),
    ],
)
def test_the_ends_of_a_natures_lines_go_to_their_beginnings(cells: str, nature: str) -> None:
    assert row(f"{HOLDING}{{owned:1,805.331}}\t{cells}", "D/I", "nature") == ["I", nature]


def test_whole_words_that_only_look_like_halves_stay() -> None:
    assert woven_text(["By", "Fund"], ["a", "x"], set()) is None


def test_the_head_of_a_balance_comes_back_from_the_titles_cell() -> None:
    text = "{title:Common}\t{title:Stock}\t\t{title:6,5}\t{owned:93.887}\t{D/I:D}"
    assert row(text, "title", "owned") == ["Common Stock", 6593.887]


def test_the_last_digit_of_a_balance_comes_back_from_under_the_letter() -> None:
    text = "{title:Common}\t{title:Stock}\t{owned:28,767.702}\t{D/I:1}\t{D/I:I}\t{nature:By} {nature:Trust}"
    assert row(text, "owned", "D/I") == [28767.7021, "I"]


def test_a_title_that_ends_in_a_number_keeps_it_before_a_whole_balance() -> None:
    assert row("{title:Series}\t{title:2}\t{owned:1,250}\t{D/I:D}", "title", "owned") == ["Series 2", 1250]
