"""Misread titles and natures become the phrase that they nearly are; those that are right stay."""

from __future__ import annotations

import pytest
from made_filings import make_filing, make_trade

from extractor.checking import check_filing
from extractor.checking.rule import value_of
from extractor.checking.wording import NATURES, TITLES, nearest_phrase
from extractor.record import Filing, Row


def checked(*rows: Row, kind: str = "pdf_scan") -> Filing:
    filing = make_filing(*rows)
    filing.source.input_kind = kind
    check_filing(filing)
    return filing


def trade(title: str, nature: str | None = None) -> Row:
    return make_trade("S", "D", 100, 900, security_title=title, nature_of_ownership=nature)


def titles(filing: Filing) -> list[object]:
    return [value_of(row.security_title) for row in filing.non_derivative]


def test_a_misread_nature_is_mended_and_keeps_what_was_read() -> None:
    filing = checked(trade("Common Stock", "By Far tnership"))
    nature = filing.non_derivative[0].nature_of_ownership
    assert nature is not None
    assert (nature.value, nature.raw, nature.method) == ("By Partnership", "By Far tnership", "repaired")
    assert any(check.code == "wording_repaired" for check in filing.checks)


def test_a_title_is_mended_by_the_one_printed_in_another_row() -> None:
    filing = checked(trade("Series C Convertible Preferred Units"), trade("Senes C Conventible Prefered Unils"))
    assert len(set(titles(filing))) == 1


@pytest.mark.parametrize(
    "title",
    [
        "Class D Commcn Stock",  # of a class that no phrase has
        "Series G Preferred Stock",
        "Lindqvist Holdings Units",
        "Common Stock, par value $0.10",
        "Comet Stock Fund",
        "Common OP Units",
        "Common Stock, nominal value $0.01 per share",
    ],
)
def test_another_title_stays(title: str) -> None:
    assert titles(checked(trade("Common Stock"), trade(title))) == ["Common Stock", title]


@pytest.mark.parametrize(
    "nature", ["By Trust II", "By Hurst Partners", "See Footnote 4", "By Wife", "By Lindqvist LLC"]
)
def test_another_nature_stays(nature: str) -> None:
    filing = checked(trade("Common Stock", nature))
    assert value_of(filing.non_derivative[0].nature_of_ownership) == nature


def test_one_class_never_becomes_another() -> None:
    assert nearest_phrase("Class B Commcn Stock", ["Class A Common Stock", "Class C Common Stock"]) is None


def test_between_two_phrases_equally_near_nothing_is_changed() -> None:
    assert nearest_phrase("Restncted Stock Unitz", TITLES) is None
    assert nearest_phrase("See Footnotez", NATURES) is None


def test_pages_that_were_read_exactly_and_plain_text_are_left_alone() -> None:
    for kind in ("pdf_text", "text"):
        filing = checked(trade("Common Stock", "By Far tnership"), kind=kind)
        assert value_of(filing.non_derivative[0].nature_of_ownership) == "By Far tnership"


@pytest.mark.parametrize(
    ("read", "printed"),
    [("By 40Kk) plan", "By 401(k) plan"), ("By 401K) Pian", "By 401(k) Plan"), ("By 403(b) Plan", "By 403(b) Plan")],
)
def test_the_section_of_a_retirement_plan_is_mended(read: str, printed: str) -> None:
    filing = checked(trade("Common Stock", read))
    assert value_of(filing.non_derivative[0].nature_of_ownership) == printed


def test_pieces_of_a_spoilt_word_are_no_letter_of_a_class() -> None:
    assert nearest_phrase("Cla s A Common Stock", TITLES) == "Class A Common Stock"
    assert nearest_phrase("Class B Commcn Stock a", TITLES) == "Class B Common Stock"


def test_a_title_is_mended_before_its_par_value_and_keeps_what_was_read() -> None:
    filing = checked(trade("Cammon Stock, $0.00] par value"))
    field = filing.non_derivative[0].security_title
    assert value_of(field) == "Common Stock, $0.001 par value"
    assert field is not None
    assert (field.method, field.raw) == ("repaired", "Cammon Stock, $0.00] par value")
