"""Typed tables get cells, whole values and no bars, whichever way their columns were set."""

from __future__ import annotations

import pytest

from extractor.document import Document, Token
from extractor.readers.text import read_text
from extractor.readers.typed_pieces import joined_pieces

_BARRED = """
Table I - Non-Derivative Securities
--------------------------------------------------------------
1. Title of |2.Tra|3. |4.Sec-|(A)|5.Amount|6.|7.Nature of    |
Security    |nsact|Cod|urites|or |of Secu |D |Indirect       |
            |ion  |e  |Amount|(D)|rities  |I |Ownership      |
--------------------------------------------------------------
Common Stock|3/4/1|P  |1,250,|A  |43,787. |D |               |
, par value |999  |   |000   |   |5993    |  |               |
Common Stock|3/9/1|S  |300(1)|D  |9,000   |I |By Trust       |
            |999  |   |      |   |        |  |               |
--------------------------------------------------------------
Explanation of Responses:
"""
_FREE = """
1. Title of Security    2.          3. Code  4. Securities Acquired  5. Amount   6. Form  7. Nature
                        Trans.               (A) or Disposed Of (D)  Owned                of
                        Date                                                              Indirect
                                    Code  V  Amount    (D)  Price
-------------------------------------------------------------------------------------------------
Common Stock, no par    3/4/1999    P        1,250     A     $5.25      9,300    D
value
Common Stock, no par    3/9/1999    S          300     D        $6      9,000    I        By Trust
value
"""
_UNDERLINED = _FREE.replace(
    "-" * 97, "--------------------    --------    ----  -  ------    ---  -----  --------    -------  --------"
)


def cells(document: Document) -> dict[tuple[int, int], str]:
    """What stands in the cells of the only table, by row and column."""
    tables = {token.cell[0] for token in document.tokens if token.cell is not None}
    assert len(tables) == 1
    out: dict[tuple[int, int], str] = {}
    for token in document.tokens:
        if token.cell is not None:
            out[token.cell[1:]] = f"{out.get(token.cell[1:], '')} {token.text}".strip()
    return out


def row(document: Document, number: int) -> list[str]:
    return [text for (row, _), text in sorted(cells(document).items()) if row == number]


def test_bars_part_cells_and_are_no_tokens() -> None:
    document = read_text(_BARRED)
    assert row(document, 1) == ["Common Stock , par value", "3/4/1999", "P", "1,250,000", "A", "43,787.5993", "D"]
    assert row(document, 2) == ["Common Stock", "3/9/1999", "S", "300 (1)", "D", "9,000", "I", "By Trust"]
    assert "|" not in {token.text for token in document.tokens}
    assert "Explanation" in {token.text for token in document.tokens if token.cell is None}


def test_words_of_headings_are_whole_again() -> None:
    heading = cells(
        read_text(_BARRED.replace("2.Tra|", "2.   |").replace("nsact|", "Trans|").replace("ion  |", "action|"))
    )
    assert heading[0, 1].split()[1] == "Transaction"


@pytest.mark.parametrize("text", [_FREE, _UNDERLINED], ids=["blanks", "underlined"])
def test_columns_below_a_heading_that_goes_across_them_are_told_apart(text: str) -> None:
    document = read_text(text)
    assert row(document, 1) == ["Common Stock, no par value", "3/4/1999", "P", "1,250", "A", "$5.25", "9,300", "D"]
    assert row(document, 2)[-2:] == ["I", "By Trust"]
    assert cells(document)[0, 3] == "V"


def test_a_line_that_a_converter_shifted_keeps_its_columns() -> None:
    lines = _FREE.splitlines(keepends=True)
    text = "".join([*lines, *lines[-4:] * 6])
    place = text.rindex("3/9/1999    S")
    shifted = read_text(f"{text[:place]}3/9/1999 ^{{1}}    S{text[place + 13 :]}")
    assert row(shifted, 14)[-6:] == ["300", "D", "$6", "9,000", "I", "By Trust"]
    assert row(shifted, 13)[-5:] == ["1,250", "A", "$5.25", "9,300", "D"]


def test_two_lines_joined_to_one_are_two_rows() -> None:
    joined = read_text(_BARRED.replace("5993    |  |               |\n", "5993    |  |               | "))
    assert row(joined, 2)[:3] == ["Common Stock", "3/9/1999", "S"]


_ITEMS = """
1. Title of Security: Common Stock, no par
    value
2. Transaction Date: 3/4/1999
3. Transaction Code: P
4. Amount: 1,250  (A) or (D): A  Price: $5.25
7. Individual or Joint
"""


def test_each_list_of_items_is_a_row() -> None:
    document = read_text(_ITEMS.replace("7. Individual or Joint\n", "") + _ITEMS[1:])
    assert cells(document)[1, 0].endswith("Common Stock, no par value")
    assert cells(document)[2, 3].endswith("Price: $5.25")
    assert next(token for token in document.tokens if token.text == "Joint").cell is None


def test_headings_that_a_converter_put_below_each_other_are_no_row() -> None:
    headings = _ITEMS.replace(" Common Stock, no par\n    value", "").replace("3/4/1999", "").replace("1,250", "")
    assert all(token.cell is None for token in read_text(headings.replace("$5.25", "")).tokens)


def test_pages_of_text_without_numbered_headings_are_left_alone() -> None:
    text = "1. Title of Security   Date\n-----------------------\nCommon Stock           3/4/1999\n"
    assert all(token.cell is None for token in read_text(text).tokens)


def test_prose_below_a_table_is_not_its() -> None:
    document = read_text(_FREE + "The shares are held by a trust of which he is the trustee.\n")
    assert all(token.cell is None for token in document.tokens if token.text == "trustee.")


def test_offsets_of_joined_values_point_to_their_first_piece() -> None:
    document = read_text(_BARRED)
    date = next(token for token in document.tokens if token.text == "3/4/1999")
    assert document.text[date.start : date.end] == "3/4/1"
    assert date.bbox[3] - date.bbox[1] > 15  # both lines


def piece(text: str, line: int, x1: float = 30.0) -> Token:
    return Token(
        text, 1, (x1 - 5 * len(text), 12.0 * line, x1, 12.0 * line + 10), line, 50 * line, 50 * line + len(text)
    )


@pytest.mark.parametrize(
    ("pieces", "cut", "whole"),
    [
        (["10/21/", "2002"], False, ["10/21/2002"]),
        (["10/2", "1/20", "02"], True, ["10/21/2002"]),
        (["1,250,-", "000"], False, ["1,250,000"]),
        (["$1.55", "04"], True, ["$1.5504"]),
        (["43,787(1", ")"], False, ["43,787", "(1)"]),
        (["1,743", "780,000"], True, ["1,743", "780,000"]),  # of two rows
        (["500", "20"], False, ["500", "20"]),  # does not reach the end of its column
        (["2/7/00", "2/7/05"], True, ["2/7/00", "2/7/05"]),
        (["1/5/2001", "12"], True, ["1/5/2001", "12"]),
    ],
)
def test_pieces_are_joined_to_what_can_be_a_value(pieces: list[str], cut: bool, whole: list[str]) -> None:
    lines = [[piece(text, line)] for line, text in enumerate(pieces)]
    joined = joined_pieces(lines, [cut] * len(lines), heading=False)
    assert [token.text for line in joined for token in line] == whole


def test_whole_words_of_a_heading_are_not_joined() -> None:
    lines = [[piece("Date", 0)], [piece("of", 1)]]
    assert [t.text for line in joined_pieces(lines, [True, True], heading=True) for t in line] == ["Date", "of"]


def test_a_footnote_named_in_the_last_column_does_not_end_the_table() -> None:
    text = _FREE.replace("9,000    I        By Trust\nvalue", "9,000    I        See\n" + " " * 90 + "Footnote\nvalue")
    assert row(read_text(text), 2)[-1] == "See Footnote"


def test_another_row_of_the_same_title_begins_where_its_letters_were_shifted() -> None:
    held = "Common Stock, no par                -        -         -     -           367I           By Trust\n"
    more = "Common Stock, no par                -        -         -     -             3    D\n"
    text = _FREE + more * 5 + held
    assert len({cell[0] for cell in cells(read_text(text))}) >= 8
