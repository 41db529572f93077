"""Flat tables: the SEC's names and columns, keys that join, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest

from extractor.output.csv import FlatCsvWriter, TableCsvWriter, defuse
from extractor.output.tables import FLAT_COLUMNS, TABLES, TableBuilder
from extractor.readers.xml import read_ownership_xml

# sha256 of the tab-separated header lines of the SEC's own files, first quarter of 2023
SEC_HEADERS = {
    "SUBMISSION": "fc8c3f66d6e259fb7826fbe46cee2d6baaff49786f9b7c6a400c092f9b67cc6d",
    "REPORTINGOWNER": "4b712596920a4e3b5a504c18ab233c858d9f3d701c5ddd3393a11b2c7854c4b7",
    "NONDERIV_TRANS": "26483a4ee2354b1a5ccc663eb3185d08a10c17f172b541dd6e0a55d4c216c290",
    "NONDERIV_HOLDING": "c1e6af74144f525da37766116a2ade6b045bb53d39f016cdabe1ba6942b54474",
    "DERIV_TRANS": "0f8d910f6f5e29851f07126d2bfaaaa9ba5efedd14841a80868409cf667dd6b1",
    "DERIV_HOLDING": "c77b4c43ad560d5b44c474149522be592fd3e3c8bf85c91579db95cc57b39784",
    "FOOTNOTES": "4be9ffe6da5173b50125082dac0890f87bc25f2150010d06bbb7532604281aeb",
    "OWNER_SIGNATURE": "dd9b7eb67a150e5244d4d46db94f15006301bc91cd0676d888879f08ce0eae73",
}


@pytest.fixture
def record(ownership_xml):
    (filing,) = read_ownership_xml(ownership_xml(), "tavener.xml")
    filing.source.sha256 = "ab" * 32
    return filing.to_dict()


def tables_of(*records):
    streams = {table.name: io.StringIO() for table in TABLES}
    writer = TableCsvWriter(streams)
    for one in records:
        writer.write(one)
    return {name: list(csv.DictReader(io.StringIO(stream.getvalue()))) for name, stream in streams.items()}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_begin_with_those_of_the_sec(table):
    line = "\t".join(table.header[: len(table.columns)]) + "\n"
    assert hashlib.sha256(line.encode()).hexdigest() == SEC_HEADERS[table.name]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_printed_value_has_a_confidence_column(table):
    assert set(table.fields) <= set(table.columns)
    assert {f"{column}_CONF" for column in table.fields} <= set(table.header)
    assert len(set(table.header)) == len(table.header)


def test_rows_go_to_the_table_of_their_kind(record):
    tables = tables_of(record)
    counts = {name: len(rows) for name, rows in tables.items()}
    assert counts == {
        "SUBMISSION": 1,
        "REPORTINGOWNER": 1,
        "NONDERIV_TRANS": 1,
        "NONDERIV_HOLDING": 1,
        "DERIV_TRANS": 1,
        "DERIV_HOLDING": 0,
        "FOOTNOTES": 3,
        "OWNER_SIGNATURE": 1,
    }
    keys = {row["ACCESSION_NUMBER"] for rows in tables.values() for row in rows}
    assert keys == {"ab" * 10}


def test_values_marks_and_confidences(record):
    tables = tables_of(record)
    (sale,) = tables["NONDERIV_TRANS"]
    assert sale["TRANS_SHARES"] == "1250.5"
    assert sale["TRANS_PRICEPERSHARE_FN"] == "F1"
    assert sale["EQUITY_SWAP_TRANS_CD_FN"] == "F2"
    assert sale["TRANS_PRICEPERSHARE_CONF"] == "1.0"
    assert (sale["TRANS_FORM_TYPE"], sale["EQUITY_SWAP_INVOLVED"]) == ("4", "0")
    (gift,) = tables["DERIV_TRANS"]
    assert (gift["TRANS_FORM_TYPE"], gift["EQUITY_SWAP_INVOLVED"]) == ("5", "1")
    assert (gift["EXCERCISE_DATE"], gift["EXCERCISE_DATE_FN"]) == ("", "F3")
    (owner,) = tables["REPORTINGOWNER"]
    assert owner["RPTOWNER_RELATIONSHIP"] == "Director,Officer"
    assert (owner["RPTOWNER_STREET1"], owner["RPTOWNER_STREET2"]) == (
        "C/O QUILLON HARBOR FOODS, INC.",
        "12 PIER ROAD",
    )
    (submission,) = tables["SUBMISSION"]
    assert submission["AFF10B5ONE"] == "1"
    assert submission["SOURCE_SHA256"] == "ab" * 32


def test_filings_of_one_input_have_keys_of_their_own(record):
    tables = tables_of(record, record)
    assert [row["ACCESSION_NUMBER"] for row in tables["SUBMISSION"]] == ["ab" * 10, "ab" * 10 + "-2"]
    assert [row["NONDERIV_TRANS_SK"] for row in tables["NONDERIV_TRANS"]] == ["1", "2"]


def test_builder_leaves_absent_values_out(record):
    rows = {table.name: row for table, row in TableBuilder().rows(record)}
    assert "DEEMED_EXECUTION_DATE" not in rows["NONDERIV_TRANS"]


def test_flat_table_has_a_line_a_row(record):
    stream = io.StringIO()
    FlatCsvWriter(stream).write(record)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert tuple(rows[0]) == FLAT_COLUMNS
    assert [row["kind"] for row in rows] == ["transaction", "holding", "transaction"]
    assert rows[0]["footnotes"] == "1 2"


def test_formulas_are_defused_in_every_table(record):
    stream = io.StringIO()
    FlatCsvWriter(stream).write(record)
    assert "'=By Trust" in stream.getvalue()
    assert tables_of(record)["NONDERIV_TRANS"][0]["NATURE_OF_OWNERSHIP"] == "'=By Trust"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_text_that_starts_a_formula_is_defused(text):
    assert defuse(text) == "'" + text


def test_numbers_stay_numbers():
    assert defuse(-4.5) == -4.5
