"""HTML: what a browser shows, where it shows it."""

from __future__ import annotations

import pytest

from extractor.errors import EmptyInput, LimitExceeded
from extractor.readers import html
from extractor.readers.html import read_html, read_html_labelled


def read(markup: str):
    return read_html(markup.encode("utf-8"))


def texts(document):
    return [token.text for token in document.tokens]


def token(document, text):
    (found,) = [token for token in document.tokens if token.text == text]
    return found


def test_tokens_point_into_the_text():
    document = read("<p>Amber  Reef\n Ltd.</p><table><tr><td>1,000(1)<td>$4</table>")
    assert all(document.text[t.start : t.end] == t.text for t in document.tokens)
    assert document.virtual_layout
    assert document.kind == "html"


def test_only_what_is_visible_is_read():
    document = read(
        "<head><title>no</title></head><style>.gone{display:none} p{color:red}</style><script>no()</script>"
        "<p class='gone'>no</p><p style='visibility: hidden'>no</p><p hidden>no</p><!-- no -->"
        "<input type=hidden value=no><p>yes</p>"
    )
    assert texts(document) == ["yes"]


def test_style_sheets_for_print_hide_nothing_on_the_screen():
    document = read("<style>@media print {.x{display:none}}</style><p class=x>yes</p>")
    assert texts(document) == ["yes"]


def test_cells_of_a_column_share_its_reach_and_cells_of_a_row_its_height():
    document = read(
        "<table><tr><td>Title of security</td><td>Date</td></tr><tr><td>Stock</td><td>03/14/2024</td></tr></table>"
    )
    heading, date, stock = token(document, "Date"), token(document, "03/14/2024"), token(document, "Stock")
    assert heading.bbox[0] == date.bbox[0]
    assert stock.bbox[1] == date.bbox[1]
    assert stock.line == date.line
    assert heading.bbox[3] <= date.bbox[1]
    assert stock.bbox[2] <= date.bbox[0]


def test_spanning_headings_lie_over_their_columns():
    document = read(
        "<table><tr><td rowspan=2>Security<td colspan=2>Transaction</tr><tr><td>Code<td>V</tr>"
        "<tr><td>Stock<td>S<td>yes</tr></table>"
    )
    assert token(document, "Transaction").bbox[0] == token(document, "Code").bbox[0] == token(document, "S").bbox[0]
    assert token(document, "V").bbox[0] == token(document, "yes").bbox[0]
    assert token(document, "Security").cell[:2] == (0, 0)
    assert token(document, "V").cell == (0, 1, 2)
    assert token(document, "yes").cell == (0, 2, 2)


def test_nested_tables_lie_inside_their_cell():
    document = read(
        "<table><tr><td>Left side<td><table><tr><td>City<td>State</tr><tr><td>ELDER<td>ME</tr></table>"
        "<td>Right</tr></table>"
    )
    left, right = token(document, "side").bbox[2], token(document, "Right").bbox[0]
    assert all(left < token(document, word).bbox[0] < right for word in ("City", "State", "ELDER", "ME"))
    assert token(document, "State").bbox[0] == token(document, "ME").bbox[0]
    assert token(document, "ME").cell == (1, 1, 1)


def test_percentages_line_up_tables_that_stand_beneath_each_other():
    values = "<table width='100%'><tr><td width='33%'>PORT ELDER<td width='33%'>ME<td>04999</table>"
    captions = "<table width='100%'><tr><td width='33%'>(City)<td width='33%'>(State)<td>(Zip)</table>"
    document = read(values + captions)
    assert token(document, "ME").bbox[0] == token(document, "(State)").bbox[0]
    assert token(document, "04999").bbox[0] == token(document, "(Zip)").bbox[0]


def test_narrow_columns_wrap_headings_as_browsers_do():
    cells = "".join(f"<td>Number of derivative securities {n}</td>" for n in range(12))
    document = read(f"<table><tr>{cells}</tr></table>")
    assert document.pages[0].width < 1200
    assert len({t.bbox[1] for t in document.tokens}) > 1


def test_cells_are_read_one_by_one_even_where_they_wrap():
    document = read("<table><tr><td>By the<br>family trust<td>D</tr><tr><td>x<td>y</tr></table>")
    assert texts(document) == ["By", "the", "family", "trust", "D", "x", "y"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<input type=checkbox checked>", "☒"),
        ("<input type=checkbox>", "☐"),
        ("<input type=radio checked=''>", "☒"),
        ("<table border=1><tr><td>&nbsp;&nbsp;</td></tr></table>", "☐"),
        ("<table border=1><tr><td>&nbsp;X&nbsp;</td></tr></table>", "☒"),
        ("<table><tr><td style='border: 1px solid'>x</td></tr></table>", "☒"),
        ("<span style='border:1px solid black'>&nbsp;</span>", "☐"),
        ("<img src='box-checked.gif'>", "☒"),
        ("<img src='box-unchecked.gif'>", "☐"),
    ],
)
def test_check_boxes_of_every_make_are_tokens(markup, expected):
    assert texts(read(f"<p>{markup} Director</p>")) == [expected, "Director"]


def test_unbordered_empty_tables_are_no_check_boxes():
    assert texts(read("<table><tr><td>&nbsp;</td></tr></table><p>Director</p>")) == ["Director"]


def test_raised_marks_are_tokens_of_their_own():
    document = read("<td>54,666<sup>2</sup></td><td>1,000<a><sup>(1)</sup></a></td>")
    assert texts(document) == ["54,666", "2", "1,000", "(1)"]


def test_bold_inside_a_word_does_not_cut_it():
    assert texts(read("<p>Quil<b>lon</b> Harbor</p>")) == ["Quillon", "Harbor"]


def test_blank_columns_of_preformatted_text_are_kept():
    document = read("<pre>Stock   100\nBond    250</pre>")
    assert token(document, "100").bbox[0] == token(document, "250").bbox[0]
    assert token(document, "Stock").line != token(document, "Bond").line


def test_lines_of_text_around_a_table_stay_lines():
    document = read("FORM 4\nSTATEMENT\n<table><tr><td>Stock\nOption<td>S</table>\nRemarks:\n")
    assert token(document, "STATEMENT").line != token(document, "4").line
    assert token(document, "Stock").line == token(document, "Option").line


def test_long_prose_is_wrapped_at_the_page():
    document = read("<p>" + "word " * 400 + "</p>")
    assert document.pages[0].width == 792


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_encodings(encoding):
    data = "<html><body><p>Zoë’s Café</p></body></html>".encode(encoding)
    assert texts(read_html(data)) == ["Zoë’s", "Café"]


def test_declared_encodings_are_used_where_utf_8_fails():
    data = "<meta charset='iso-8859-2'><p>Łódź</p>".encode("iso-8859-2")
    assert texts(read_html(data)) == ["Łódź"]


def test_labels_come_from_the_nearest_element_and_change_no_token():
    markup = b"<p data-f='owner'>Brask <b data-f='first'>Ingmar</b></p><p>4<i data-f='mark'>(1)</i></p>"
    document, labels = read_html_labelled(markup, "data-f")
    assert list(zip(texts(document), labels, strict=True)) == [
        ("Brask", "owner"),
        ("Ingmar", "first"),
        ("4", None),
        ("(1)", "mark"),
    ]
    assert texts(document) == texts(read_html(markup))


def test_only_the_ownership_document_of_a_submission_is_read():
    data = (
        b"<SEC-HEADER>header</SEC-HEADER><DOCUMENT><TYPE>4<TEXT><html><p>the form</p></html></TEXT></DOCUMENT>"
        b"<DOCUMENT><TYPE>EX-24<TEXT><html><p>a power of attorney</p></html></TEXT></DOCUMENT>"
    )
    assert texts(read_html(data)) == ["the", "form"]


def test_markup_without_text_is_empty():
    with pytest.raises(EmptyInput):
        read("<html><body><img src='x.png'></body></html>")


def test_deep_nesting_is_survived():
    document = read("<p>top</p>" + "<div><table><tr><td>" * 150 + "deep")
    assert texts(document) == ["top", "deep"]


def test_endless_pages_are_refused(monkeypatch):
    monkeypatch.setattr(html, "MAX_TOKENS", 1000)
    with pytest.raises(LimitExceeded):
        read("<p>word</p>" * 2000)


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td colspan=99999999 rowspan=0>a<td colspan=-1>b</table>",
        "<table><td>a</td><tr></tr><td rowspan=9>b</table>",
        "<tr><td>a</td></tr><td>b",
        "<table><tr><br><td>a</td>stray<td>b</td></tr></table>",
        "<select><option selected>a<option>no</select><textarea>b</textarea>",
    ],
)
def test_crooked_markup_keeps_its_words(markup):
    found = texts(read(markup))
    assert {"a", "b"} <= set(found)
    assert "no" not in found
