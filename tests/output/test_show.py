"""The terminal's table."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from extractor.output.show import show
from extractor.readers.xml import read_ownership_xml
from extractor.record import Field, Filing


def shown(filing, width=200):
    stream = StringIO()
    show(filing.to_dict(), Console(file=stream, width=width))
    return stream.getvalue()


def test_a_filing_is_shown_with_its_rows_and_marks(ownership_xml):
    text = shown(read_ownership_xml(ownership_xml(), "tavener.xml")[0])
    assert "Form 4  Quillon Harbor Foods, Inc. [QHFX]  2024-03-14" in text
    assert "Tavener Odile R  director, officer  Chief Tide Officer" in text
    assert "31.07(1)" in text
    assert "Table II" in text


def test_doubtful_values_are_marked(ownership_xml):
    (filing,) = read_ownership_xml(ownership_xml())
    filing.non_derivative[0].shares = Field(7.0, confidence=0.4)
    assert "7 ?" in shown(filing)


def test_markup_in_values_is_shown_not_obeyed():
    filing = Filing()
    filing.issuer.name = Field("[bold]Odd[/bold] Name")
    assert "[bold]Odd[/bold] Name" in shown(filing)


def test_numbers_stay_whole_on_a_narrow_terminal(ownership_xml):
    text = shown(read_ownership_xml(ownership_xml())[0], width=80)
    assert "1,250.5" in text
    assert "98,000" in text
    assert "2024-03-14" in text.split("Table I", 1)[1]
