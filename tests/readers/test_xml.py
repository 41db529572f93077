"""Ownership XML is read exactly: every value, mark and convention of the forms."""

from __future__ import annotations

import pytest

from extractor.errors import DamagedInput, UnknownFormat
from extractor.readers.xml import read_ownership_xml
from extractor.record import Field


def value(field):
    return None if field is None else field.value


def test_header_fields_are_read_as_filed(ownership_xml):
    (filing,) = read_ownership_xml(ownership_xml(), "tavener.xml")
    assert value(filing.form_type) == "4"
    assert value(filing.period_of_report) == "2024-03-14"
    assert value(filing.issuer.name) == "Quillon Harbor Foods, Inc."
    assert value(filing.issuer.ticker) == "QHFX"
    assert value(filing.issuer.cik) == "0009900001"
    assert value(filing.remarks) == "Exhibit 24 & more"
    assert [(value(s.name), value(s.date)) for s in filing.signatures] == [("/s/ Odile R. Tavener", "2024-03-15")]
    assert filing.source.input_kind == "xml"
    assert filing.checks == []


def test_two_street_lines_are_joined_and_raw_keeps_the_break(ownership_xml):
    (owner,) = read_ownership_xml(ownership_xml())[0].reporting_owners
    assert owner.street.value == "C/O QUILLON HARBOR FOODS, INC. 12 PIER ROAD"
    assert owner.street.raw == "C/O QUILLON HARBOR FOODS, INC.\n12 PIER ROAD"


def test_relationship_boxes_are_booleans_and_a_missing_one_is_empty(ownership_xml):
    (owner,) = read_ownership_xml(ownership_xml())[0].reporting_owners
    boxes = (owner.is_director, owner.is_officer, owner.is_ten_percent_owner, owner.is_other)
    assert [value(box) for box in boxes] == [True, True, False, False]
    assert value(owner.officer_title) == "Chief Tide Officer"
    assert owner.other_text is None


def test_a_transaction_has_its_values_and_its_marks_on_the_values(ownership_xml):
    row = read_ownership_xml(ownership_xml())[0].non_derivative[0]
    assert row.kind == "transaction"
    assert value(row.transaction_date) == "2024-03-14"  # printed with a time zone
    assert value(row.shares) == 1250.5
    assert value(row.price_per_share) == 31.07
    assert row.price_per_share.marks == [1]
    assert row.transaction_code.marks == [2]
    assert row.footnotes == [1, 2]
    assert value(row.direct_or_indirect) == "I"
    assert row.voluntary is None
    assert row.equity_swap_involved is None


def test_a_row_without_transaction_is_a_holding(ownership_xml):
    row = read_ownership_xml(ownership_xml())[0].non_derivative[1]
    assert row.kind == "holding"
    assert value(row.shares_owned_following) == 410
    assert row.transaction_date is None
    assert row.shares is None


def test_a_cell_that_holds_only_a_mark_has_no_value(ownership_xml):
    row = read_ownership_xml(ownership_xml())[0].derivative[0]
    assert row.exercise_date == Field(None, marks=[3])
    assert value(row.expiration_date) == "2031-01-02"


def test_v_and_equity_swap_are_told_from_the_coding(ownership_xml):
    row = read_ownership_xml(ownership_xml())[0].derivative[0]
    assert value(row.voluntary) is True  # a Form 5 transaction on a Form 4
    assert value(row.equity_swap_involved) is True
    assert value(row.transaction_code) == "G"


def test_a_form_5_transaction_on_form_5_is_not_voluntary(ownership_xml):
    xml = ownership_xml(("<documentType>4<", "<documentType>5<"))
    filing = read_ownership_xml(xml)[0]
    assert filing.derivative[0].voluntary is None
    assert value(filing.form3_holdings_reported) is False
    assert value(filing.form4_transactions_reported) is False


def test_boxes_of_other_forms_are_absent(ownership_xml):
    filing = read_ownership_xml(ownership_xml())[0]
    assert value(filing.aff10b5_one) is True
    assert value(filing.not_subject_to_section_16) is False
    assert filing.no_securities_owned is None
    assert filing.form3_holdings_reported is None


def test_10b5_1_box_is_absent_where_the_element_is(ownership_xml):
    xml = ownership_xml(("<aff10b5One>1</aff10b5One>", ""))
    assert read_ownership_xml(xml)[0].aff10b5_one is None


def test_form_3_without_securities_says_so(ownership_xml):
    xml = ownership_xml(
        ("<documentType>4<", "<documentType>3<"), ("<issuer>", "<noSecuritiesOwned>1</noSecuritiesOwned><issuer>")
    )
    filing = read_ownership_xml(xml)[0]
    assert value(filing.no_securities_owned) is True
    assert filing.not_subject_to_section_16 is None


def test_form_3_that_owns_securities_leaves_the_statement_out(ownership_xml):
    xml = ownership_xml(
        ("<documentType>4<", "<documentType>3<"), ("<issuer>", "<noSecuritiesOwned>0</noSecuritiesOwned><issuer>")
    )
    assert read_ownership_xml(xml)[0].no_securities_owned is None


def test_footnote_ids_are_numbers_and_their_text_is_one_line(ownership_xml):
    notes = read_ownership_xml(ownership_xml())[0].footnotes
    assert [note.id for note in notes] == [1, 2, 3]
    assert value(notes[2].text) == "Vests in four parts."


def test_foreign_country_is_its_printed_name_and_is_no_state(ownership_xml):
    xml = ownership_xml(
        (
            "<rptOwnerState>ME</rptOwnerState>",
            "<rptOwnerNonUSStateTerritory>NORWAY</rptOwnerNonUSStateTerritory><rptOwnerCountry>Q8</rptOwnerCountry>",
        ),
        (
            "<rptOwnerStateDescription></rptOwnerStateDescription>",
            "<rptOwnerStateDescription>NORWAY</rptOwnerStateDescription>",
        ),
    )
    (owner,) = read_ownership_xml(xml)[0].reporting_owners
    assert value(owner.country) == "NORWAY"
    assert owner.state is None


def test_a_submission_with_two_ownership_documents_gives_two_filings(ownership_xml):
    one, two = ownership_xml(), ownership_xml(("Tavener Odile R", "Brask Ingmar"))
    data = b"<SEC-HEADER>0001.hdr.sgml\n</SEC-HEADER>\n<DOCUMENT>\n<TYPE>4\n<TEXT>\n<XML>\n" + one
    data += b"</XML></TEXT></DOCUMENT><DOCUMENT><TYPE>4<TEXT><XML>" + two + b"</XML></TEXT></DOCUMENT>"
    names = [filing.reporting_owners[0].name.value for filing in read_ownership_xml(data)]
    assert names == ["Tavener Odile R", "Brask Ingmar"]


def test_utf_16_and_namespaces_are_read(ownership_xml):
    xml = ownership_xml(("<ownershipDocument>", '<ownershipDocument xmlns="http://example.org/own">'))
    filing = read_ownership_xml(xml.decode().encode("utf-16"))[0]
    assert value(filing.issuer.ticker) == "QHFX"


def test_loose_ampersands_and_html_names_are_the_characters_they_mean(ownership_xml):
    xml = ownership_xml(("Quillon Harbor Foods, Inc.", "Quillon & Harbor&nbsp;Foods &eacute;"))
    assert value(read_ownership_xml(xml)[0].issuer.name) == "Quillon & Harbor Foods é"


def test_entities_are_never_expanded(ownership_xml, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    bomb = f'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    xml = ownership_xml(("Exhibit 24 &amp; more", "&f; &a;"), ("<ownershipDocument>", bomb + "<ownershipDocument>"))
    remarks = value(read_ownership_xml(xml)[0].remarks)
    assert remarks == "&f; &a;"


def test_a_declaration_inside_the_document_is_refused(ownership_xml):
    xml = ownership_xml(("<schemaVersion>", '<!DOCTYPE x [<!ENTITY a "lol">]><schemaVersion>'))
    with pytest.raises(DamagedInput, match="not well-formed"):
        read_ownership_xml(xml, "bomb.xml")


def test_truncated_xml_is_damaged_and_named(ownership_xml):
    with pytest.raises(DamagedInput, match=r"cut\.xml: the ownership XML ends"):
        read_ownership_xml(ownership_xml()[:2000], "cut.xml")


def test_other_xml_is_unknown():
    with pytest.raises(UnknownFormat):
        read_ownership_xml(b"<?xml version='1.0'?><rss/>", "feed.xml")


def test_numbers_that_are_none_keep_what_stands_there(ownership_xml):
    row = read_ownership_xml(ownership_xml(("<value>31.07</value>", "<value>n/a</value>")))[0].non_derivative[0]
    assert row.price_per_share.value is None
    assert row.price_per_share.raw == "n/a"


def test_commas_and_dollars_in_numbers_are_understood(ownership_xml):
    row = read_ownership_xml(ownership_xml(("<value>98000</value>", "<value>$98,000</value>")))[0].non_derivative[0]
    assert value(row.shares_owned_following) == 98000
