"""Cards, turned tables and columns in one cell become rows below headings."""

from __future__ import annotations

import pytest

from extractor.readers.html import read_html
from extractor.readers.html_upright import caption_kind

CAPTIONS = ("Title of Security", "Transaction Date", "Transaction Code", "Amount", "Price")
ROWS = (("Common Stock", "03/14/2024", "S", "1,000", "$4.50"), ("Preferred Stock", "03/15/2024", "P", "20", ""))


def text(markup: str) -> str:
    return read_html(markup.encode()).text


def grid(document_text: str) -> list[list[str]]:
    return [line.split("\t") for line in document_text.split("\n")]


UPRIGHT = [list(CAPTIONS), list(ROWS[0]), [cell for cell in ROWS[1] if cell]]


def test_a_table_with_its_headings_in_the_first_column_is_turned():
    lines = "".join(f"<tr><th>{caption}<td>{ROWS[0][at]}<td>{ROWS[1][at]}</tr>" for at, caption in enumerate(CAPTIONS))
    assert grid(text(f"<table>{lines}</table>")) == UPRIGHT


@pytest.mark.parametrize(
    ("card", "line"),
    [
        ("<dl>{}</dl>", "<dt>{}</dt><dd>{}</dd>"),
        ("<table>{}</table>", "<tr><td>{}<td>{}</tr>"),
        ("<div>{}</div>", "<p>{}</p><p>{}</p>"),
    ],
)
def test_cards_with_the_same_captions_are_rows_of_one_table(card, line):
    cards = "".join(
        card.format("".join(line.format(*pair) for pair in zip(CAPTIONS, row, strict=True))) for row in ROWS
    )
    if line.startswith("<tr>"):  # tables of their own keep their headings
        assert grid(text(cards)) == [UPRIGHT[0], UPRIGHT[1], UPRIGHT[0], UPRIGHT[2]]
    elif line.startswith("<dt>"):
        assert [UPRIGHT[1], UPRIGHT[2]] == [row for row in grid(text(cards)) if row[0].endswith("Stock")]
    else:
        assert grid(text(cards)) == UPRIGHT


def test_captions_with_a_colon_are_headings():
    cards = "".join(
        "".join(f"<p><b>{caption}:</b> {value}</p>" for caption, value in zip(CAPTIONS, row, strict=True))
        for row in ROWS
    )
    assert grid(text(cards)) == [[f"{caption}:" for caption in CAPTIONS], *UPRIGHT[1:]]


def test_a_caption_may_have_a_colon_inside():
    names = (*CAPTIONS[:4], "Ownership Form: Direct (D) or Indirect (I)")
    told = text("".join(f"<p>{name}: {value}</p>" for name, value in zip(names, (*ROWS[0][:4], "D"), strict=True)))
    assert grid(told)[1] == [*ROWS[0][:4], "D"]


def test_cells_that_say_what_they_hold_get_headings():
    rows = "".join(
        "<tr>" + "".join(f"<td><div>{c}:</div>{value}</td>" for c, value in zip(CAPTIONS, row, strict=True)) + "</tr>"
        for row in ROWS
    )
    assert grid(text(f"<table>{rows}</table>"))[-2:] == UPRIGHT[1:]


def test_a_column_in_one_cell_is_parted_into_its_rows():
    heads = "".join(f"<th>{caption}</th>" for caption in CAPTIONS)
    cells = "".join(f"<td>{'<br>'.join(values)}</td>" for values in zip(*ROWS, strict=True))
    document = read_html(f"<table><tr>{heads}</tr><tr>{cells}</tr></table>".encode())
    assert grid(document.text) == UPRIGHT
    assert {token.cell[1] for token in document.tokens if token.text in ("S", "1,000", "$4.50")} == {1}
    assert {token.cell[1] for token in document.tokens if token.text in ("P", "20")} == {2}


def test_values_that_are_absent_leave_their_line_empty():
    rows = (("A", "03/14/2024", "", "1", "5"), ("B", "", "P", "2", "6"), ("C", "03/16/2024", "S", "3", "7"))
    cells = "".join(f"<td>{'<br>'.join(values)}</td>" for values in zip(*rows, strict=True))
    told = grid(text(f"<table><tr>{'<th>h</th>' * 5}</tr><tr>{cells}</tr></table>"))
    assert told[1:] == [[cell for cell in row if cell] for row in rows]


def test_titles_and_addresses_of_several_lines_stay_in_one_cell():
    document = read_html(
        b"<table><tr><td>Class A<br>Common Stock</td><td>03/14/2024</td><td>1,000<br>(1)</td><td>By spouse<br>(2)</td>"
        b"</tr><tr><td>x<td>y<td>z<td>w</tr></table>"
    )
    assert {token.cell[1] for token in document.tokens if token.text in ("Class", "Common", "(1)", "(2)")} == {0}


def test_other_tables_stay_as_they_are():
    pairs = (("Name", "Fir Ltd"), ("City", "York"), ("State", "ME"))
    markup = "".join(f"<tr><td>{caption}</td><td>{value}</td></tr>" for caption, value in pairs)
    assert text(f"<table>{markup}</table>") == "Name\tFir Ltd\nCity\tYork\nState\tME"


def test_headings_in_a_table_of_their_own_belong_to_the_rows_below():
    heads = "".join(f"<td>{caption}</td>" for caption in CAPTIONS)
    tables = "".join(f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr></table>" for row in ROWS)
    document = read_html(f"<table><tr>{heads}</tr></table>{tables}".encode())
    assert len({token.cell[0] for token in document.tokens}) == 1
    assert [token.cell[1] for token in document.tokens if token.text in ("Code", "S", "P")] == [0, 1, 2]


@pytest.mark.parametrize("words", ["(Last)", "Name of Issuer", "", "Shares owned by the reporting person's spouse."])
def test_other_words_name_no_column(words):
    assert caption_kind(words) == -1
