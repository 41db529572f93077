"""Outputs follow docs/record.schema.json, which is the contract."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from extractor.pipeline import extract_bytes
from extractor.readers.xml import read_ownership_xml
from extractor.record import Check, Field, Filing, Footnote, Row, Source

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "record.schema.json").read_text(encoding="utf-8"))
validator = jsonschema.Draft202012Validator(SCHEMA)


def faults(record: dict) -> list[str]:
    return [error.json_path for error in validator.iter_errors(record)]


def plain_filing() -> Filing:
    return Filing(source=Source("a.txt", "0" * 64, "text", (1, 1)), form_type=Field("4", span=(5, 6), page=1))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_filings_from_xml_are_valid(ownership_xml):
    for form in ("3", "4", "5", "4/A"):
        (filing,) = read_ownership_xml(ownership_xml(("<documentType>4<", f"<documentType>{form}<")), "a.xml")
        filing.source.sha256 = "0" * 64
        assert faults(filing.to_dict()) == []


def test_filings_with_everything_are_valid():
    filing = plain_filing()
    filing.non_derivative = [Row(shares=Field(2.5, bbox=(1, 2, 3, 4), page=2), footnotes=[1], exercise_date=Field("x"))]
    filing.derivative = [Row(kind="holding", exercise_date=Field(None, marks=[1]))]
    filing.footnotes = [Footnote(1, Field("text"))]
    filing.checks = [Check("balance", "warning", ["non_derivative[0].shares"], "does not add up")]
    assert faults(filing.to_dict()) == []


def test_what_the_pipeline_gives_is_valid(ownership_xml, model_directory):
    documents = (ownership_xml(), b"a letter about nothing", b"<html><body><p>a page</p></body></html>")
    for data in documents:
        for filing in extract_bytes(data, "some.file", model_directory):
            assert faults(filing.to_dict()) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("confidence",), 1.5),
        (("surplus",), 1),
        (("form_type", "value"), "8-K"),
        (("form_type", "method"), "guessed"),
        (("form_type", "surplus"), 1),
        (("source", "sha256"), ""),
        (("source", "input_kind"), "pdf"),
        (("non_derivative",), None),
        (("period_of_report",), {"value": "14.03.2024"}),
    ],
)
def test_what_breaks_the_contract_is_found(path, value):
    record = plain_filing().to_dict()
    part = record
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert faults(record)


@pytest.mark.parametrize("key", sorted(Filing().to_dict()))
def test_every_key_is_required(key):
    record = plain_filing().to_dict()
    del record[key]
    assert faults(record)


def test_rows_of_table_i_may_not_have_fields_of_table_ii():
    filing = plain_filing()
    filing.non_derivative = [Row()]
    record = filing.to_dict()
    record["non_derivative"][0]["expiration_date"] = None
    assert faults(record) == ["$.non_derivative[0]"]
