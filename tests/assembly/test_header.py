"""The boxes at the head of the form, and what follows for them from the form's type."""

from __future__ import annotations

import pytest
from grids import marked_text, with_labels

from extractor.assembly.assemble import assemble
from extractor.assembly.header import assemble_form
from extractor.record import Field, Filing
from extractor.tagging.landmarks import Hit


def hits(*names: str) -> list[Hit]:
    return [Hit(name, 0, 0, 100.0) for name in names]


def head(text: str, *landmarks: str) -> Filing:
    filing = Filing()
    assemble_form(marked_text(text), filing, hits(*landmarks))
    return filing


def value(field: Field | None) -> object:
    return None if field is None else field.value


def test_issuer_dates_and_form_are_read() -> None:
    filing = head(
        "FORM {form_type: 4}\n{issuer.name: Quillon Harbor Foods, Inc.} [ {issuer.ticker: QHFX} ]\n"
        "{period_of_report: 03/14/2024}",
        "form_4_title",
    )
    assert value(filing.form_type) == "4"
    assert value(filing.issuer.name) == "Quillon Harbor Foods, Inc."
    assert value(filing.issuer.ticker) == "QHFX"
    assert value(filing.period_of_report) == "2024-03-14"


def test_the_title_in_words_overrules_a_misread_digit() -> None:
    filing = head("FORM {form_type: 5}", "form_4_title")
    assert filing.form_type is not None
    assert (filing.form_type.value, filing.form_type.method) == ("4", "derived")


def test_the_form_is_unknown_where_neither_digit_nor_title_says_it() -> None:
    assert head("{issuer.name: Quillon Harbor Foods}").form_type is None


def test_a_date_of_original_submission_makes_an_amendment() -> None:
    filing = head("FORM {form_type: 4}\n{date_of_original_submission: 03/01/2024}", "form_4_title")
    assert filing.form_type is not None
    assert (filing.form_type.value, filing.form_type.method) == ("4/A", "derived")
    assert value(filing.date_of_original_submission) == "2024-03-01"


def test_an_amendment_that_says_so_is_read_as_one() -> None:
    filing = head("FORM {form_type: 4/A}\n{date_of_original_submission: 03/01/2024}", "form_4_title")
    assert filing.form_type is not None
    assert (filing.form_type.value, filing.form_type.method) == ("4/A", "read")


def test_a_date_cut_into_two_lines_is_put_together() -> None:
    filing = head("{period_of_report: 03/14/}\nDate of Earliest Transaction\n{period_of_report: 2024}")
    assert value(filing.period_of_report) == "2024-03-14"


def test_a_date_printed_whole_comes_before_month_and_year() -> None:
    filing = head("{period_of_report: 3/24}\n\nDay or\n\n{period_of_report: 03/14/2024}")
    assert value(filing.period_of_report) == "2024-03-14"
    assert value(head("{period_of_report: 3/24}").period_of_report) == "2024-03-31"


def test_of_two_names_the_surer_one_is_the_issuers() -> None:
    labelled = marked_text("{issuer.name: Brannock Tides}\nof the two\n{issuer.name: Quillon Harbor}")
    sure = [0.5 if token.line == 0 else 0.99 for token in labelled.tokens]
    filing = Filing()
    assemble_form(with_labels(labelled.document, labelled.tagging.labels, sure), filing, [])
    assert value(filing.issuer.name) == "Quillon Harbor"


@pytest.mark.parametrize(("mark", "ticked"), [("X", True), ("☒", True), ("☐", False), ("__X__", True), ("__", False)])
def test_boxes_are_true_or_false_by_what_stands_in_them(mark: str, ticked: bool) -> None:
    filing = head(f"{{box.section_16: {mark}}} Check this box", "form_4_title", "section_16")
    assert value(filing.not_subject_to_section_16) is ticked


def test_a_printed_box_without_a_character_is_empty_and_one_not_printed_is_unknown() -> None:
    filing = head("FORM {form_type: 4}", "form_4_title", "section_16")
    assert value(filing.not_subject_to_section_16) is False
    assert filing.aff10b5_one is None


@pytest.mark.parametrize(("title", "expected"), [("form_5_title", True), ("form_4_title", None)])
def test_boxes_of_form_5_are_read_on_form_5_only(title: str, expected: bool | None) -> None:
    filing = head("{box.form4_transactions: X} Form 4 Transactions Reported", title)
    assert value(filing.form4_transactions_reported) is expected


@pytest.mark.parametrize(("title", "expected"), [("form_3_title", True), ("form_4_title", None)])
def test_no_securities_owned_is_said_on_form_3_only(title: str, expected: bool | None) -> None:
    assert value(head("{no_securities_owned: No securities owned}", title).no_securities_owned) is expected


# what the whole form says of its parts

TRADES = (
    "{title: Common} {date: 03/15/2024} {code: S} {shares: 50} {A/D: D} {owned: 950} {D/I: D}\n"
    "{title: Common} {date: 03/14/2024} {code: S} {shares: 50} {A/D: D} {owned: 900} {D/I: D}"
)


def test_a_lost_period_of_a_form_4_is_its_earliest_transaction() -> None:
    labelled = marked_text(TRADES)
    filing = assemble(labelled.document, labelled.tagging, hits("form_4_title"))
    assert filing.period_of_report is not None
    assert (filing.period_of_report.value, filing.period_of_report.method) == ("2024-03-14", "derived")


def test_a_lost_period_of_a_form_5_stays_unknown() -> None:
    labelled = marked_text(TRADES)
    assert assemble(labelled.document, labelled.tagging, hits("form_5_title")).period_of_report is None


def test_a_form_3_has_holdings_only() -> None:
    labelled = marked_text("{title: Common Stock} {shares: 1,250} {D/I: D}")
    (row,) = assemble(labelled.document, labelled.tagging, hits("form_3_title")).non_derivative
    assert row.kind == "holding"
    assert (value(row.shares_owned_following), row.shares, row.transaction_code) == (1250, None, None)


@pytest.mark.parametrize(("kind", "title"), [("text", "Common Stock"), ("html", "Cornmon Stock")])
def test_titles_are_mended_where_characters_may_be_misread_only(kind: str, title: str) -> None:
    labelled = marked_text("{title: Cornmon Stock} {date: 03/14/2024} {code: S} {owned: 950} {D/I: D}", kind=kind)
    (row,) = assemble(labelled.document, labelled.tagging, hits("form_4_title")).non_derivative
    assert value(row.security_title) == title
