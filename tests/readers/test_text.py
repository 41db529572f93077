"""Plain text: offsets into the input itself, columns and cells as far as the text has them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import EmptyInput, InputError
from extractor.readers.text import read_text


def texts(document):
    return [token.text for token in document.tokens]


def token(document, text):
    return next(token for token in document.tokens if token.text == text)


def test_the_text_is_kept_exactly_and_tokens_point_into_it():
    text = "FORM 4\r\n\tStock\t1,000(1)\r\n\x00Quillon  [QHFX]\f next"
    document = read_text(text)
    assert document.text == text
    assert all(text[t.start : t.end] == t.text for t in document.tokens)
    assert {t.page for t in document.tokens} == {1}


def test_columns_of_spaces_stand_above_each_other():
    document = read_text("Title       Date\nStock       03/14/2024\n")
    assert token(document, "Date").bbox[0] == token(document, "03/14/2024").bbox[0]
    assert token(document, "Stock").bbox[1] > token(document, "Title").bbox[1]
    assert token(document, "Stock").cell is None


def test_tabs_make_cells_whatever_their_length():
    document = read_text("Security\tDate\tCode\nCommon Stock, par value one cent\t03/14/2024\tS\n")
    assert token(document, "Code").bbox[0] == token(document, "S").bbox[0] == 200
    assert token(document, "S").cell == (0, 1, 2)
    assert token(document, "par").cell == (0, 1, 0)
    assert token(document, "cent").bbox[2] <= token(document, "03/14/2024").bbox[0]


def test_a_lost_cell_does_not_end_a_table_but_other_lines_do():
    document = read_text("a\tb\tc\nd\te\nf\tg\th\n\nprose\ni\tj\tk\n")
    assert token(document, "d").cell == (0, 1, 0)
    assert token(document, "f").cell == (0, 2, 0)
    assert token(document, "i").cell == (1, 0, 0)


def test_bars_are_tokens_and_make_cells():
    document = read_text("Stock |100 |D |Trust\nBond  |250 |I |\n")
    assert texts(document).count("|") == 6
    assert token(document, "100").cell == (0, 0, 1)
    assert token(document, "250").cell == (0, 1, 1)


def test_markdown_tables_have_cells_and_their_rules_no_row():
    document = read_text("| Title | Date | Code |\n|---|---|---|\n| Stock | 03/14/2024 | S |\n")
    assert token(document, "Title").cell == (0, 0, 0)
    assert token(document, "S").cell == (0, 1, 2)


def test_submissions_are_read_without_headers_and_exhibits():
    text = (
        "-----BEGIN PRIVACY-ENHANCED MESSAGE-----\nProc-Type: 2001\n<SEC-DOCUMENT>x\n<SEC-HEADER>secret header\n"
        "</SEC-HEADER>\n<DOCUMENT>\n<TYPE>4\n<TEXT>\nthe form\n</TEXT>\n</DOCUMENT>\n<DOCUMENT>\n<TYPE>EX-99\n<TEXT>\n"
        "an exhibit\n</TEXT>\n</DOCUMENT>\n-----END PRIVACY-ENHANCED MESSAGE-----\n"
    )
    assert texts(read_text(text)) == ["the", "form"]


def test_typesetting_tags_of_old_filings_are_no_words():
    assert texts(read_text("<TABLE>\n<CAPTION>\nTable I\n<S>   <C>\nStock 100\n</TABLE>\n<PAGE>\n")) == [
        *("Table", "I", "Stock", "100")
    ]


def test_markup_that_converters_leave_is_no_word_and_moves_no_offset():
    text = "| **Title of**<br>security | \\$1.98<sup>2</sup> | <i>D</i>&nbsp;|\n** Signature"
    document = read_text(text)
    assert texts(document) == ["|", "Title", "of", "security", "|", "$1.98", "2", "|", "D", "|", "**", "Signature"]
    assert all(text[t.start : t.end] == t.text for t in document.tokens)


def test_text_without_a_word_is_empty():
    with pytest.raises(EmptyInput, match=r"blank\.txt"):
        read_text(" \n\t\n\x00\f", "blank.txt")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("aZ9 \t\n\r\f|$(.,)1☒[]<>/_-\x00\u00a0é"), max_size=120))
def test_any_text_is_read_or_refused_and_offsets_hold(text):
    try:
        document = read_text(text)
    except InputError:
        return
    assert all(text[t.start : t.end] == t.text for t in document.tokens)
    assert [t.start for t in document.tokens] == sorted(t.start for t in document.tokens)


def test_pieces_of_a_word_that_a_caller_changes_stay_whole_for_the_next() -> None:
    from extractor.readers.tokenise import split_word

    first = split_word("45,000(1)")
    first.clear()
    assert split_word("45,000(1)") == [("45,000", 0), ("(1)", 6)]
