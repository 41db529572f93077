"""Blocks that stand beside each other by their style are cells of a table."""

from __future__ import annotations

import pytest

from extractor.readers.html import read_html

ROWS = (("Title of Security", "Date", "Code"), ("Common Stock", "03/14/2024", "S"), ("Common Stock", "03/15/2024", "P"))


def blocks(table: str, row: str | None, cell: str) -> str:
    lines = ["".join(f"<div {cell}>{text}</div>" for text in cells) for cells in ROWS]
    inner = "".join(lines) if row is None else "".join(f"<div {row}>{line}</div>" for line in lines)
    return f"<div {table}>{inner}</div>"


@pytest.mark.parametrize(
    "markup",
    [
        blocks("style='display:table'", "style='display:table-row'", "style='display:table-cell'"),
        blocks("style='display: grid; grid-template-columns: repeat(3, 1fr)'", None, ""),
        blocks("style='display:grid;grid-template-columns:40% minmax(9px, 1fr) auto'", None, ""),
        blocks("", "style='display:flex'", "style='flex:1'"),
        blocks("", "style='clear:both'", "style='float:left;width:33%'"),
        blocks("", None, "style='display:inline-block;width:33.3%'"),
        blocks("", "class='row'", "class='col-md-4'"),
        blocks("", "class='divTableRow'", "class='divTableCell'"),
        "<style>.t .r{display:flex} @media print{.r{display:block}}</style>" + blocks("class=t", "class=r", ""),
    ],
)
def test_blocks_beside_each_other_are_cells(markup):
    document = read_html(markup.encode())
    assert document.text == ("Title of Security\tDate\tCode\nCommon Stock\t03/14/2024\tS\nCommon Stock\t03/15/2024\tP")
    codes = [token for token in document.tokens if token.text in ("Code", "S", "P")]
    assert len({token.bbox[0] for token in codes}) == 1
    assert [token.cell[1:] for token in codes] == [(0, 2), (1, 2), (2, 2)]


def test_text_between_blocks_is_kept_where_it_stands():
    document = read_html(b"<div>before <div style='display:flex'><p>a</p><p>b</p></div> behind<p>last</p></div>")
    assert [token.text for token in document.tokens] == ["before", "a", "b", "behind", "last"]


def test_columns_beneath_each_other_are_no_cells():
    document = read_html(b"<div style='display:flex;flex-direction:column'><p>one</p><p>two</p><p>three</p></div>")
    assert document.text == "one\ntwo\nthree"


def test_hidden_cells_are_left_out():
    document = read_html(b"<div style='display:flex'><p>a</p><p style='display:none'>no</p><p>b</p></div>")
    assert document.text == "a\tb"


def test_what_a_style_sheet_raises_is_raised():
    document = read_html(b"<style>.up{vertical-align:super}</style><p>1,000<span class=up>2</span></p>")
    assert [token.text for token in document.tokens] == ["1,000", "(2)"]
