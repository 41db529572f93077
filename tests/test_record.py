"""Records: what becomes of a filing in dictionaries, JSON and frames."""

from __future__ import annotations

import json

from extractor.output.load import filing_from_dict
from extractor.readers.xml import read_ownership_xml
from extractor.record import Field, Filing, Row


def test_an_empty_filing_has_every_key():
    record = Filing().to_dict()
    assert record["form_type"] is None
    assert record["issuer"] == {"name": None, "ticker": None, "cik": None}
    assert record["non_derivative"] == []
    assert record["source"]["pages"] == [1, 1]


def test_rows_of_table_i_have_no_keys_of_table_ii():
    row = Row(security_title=Field("Common Stock"))
    assert "expiration_date" not in row.to_dict(derivative=False)
    assert row.to_dict(derivative=True)["expiration_date"] is None


def test_span_is_printed_only_where_there_is_one():
    assert "span" not in Field("x").to_dict()
    assert Field("x", span=(3, 4)).to_dict()["span"] == [3, 4]


def test_signals_are_kept_out_of_the_output():
    assert "signals" not in Field("x", signals={"margin": 0.5}).to_dict()


def test_json_is_one_line_and_keeps_letters():
    filing = Filing(remarks=Field("Zoë\nsaid"))
    assert "\n" not in filing.to_json()
    assert "Zoë" in filing.to_json()
    assert json.loads(filing.to_json()) == filing.to_dict()


def test_a_record_read_back_is_the_same(ownership_xml):
    record = read_ownership_xml(ownership_xml(), "a.xml")[0].to_dict()
    assert filing_from_dict(json.loads(json.dumps(record))).to_dict() == record


def test_frame_has_a_line_for_each_row(ownership_xml):
    frame = read_ownership_xml(ownership_xml())[0].to_frame()
    assert list(frame["table"]) == ["non_derivative", "non_derivative", "derivative"]
    assert list(frame["kind"]) == ["transaction", "holding", "transaction"]
    assert frame["issuer_ticker"].unique().tolist() == ["QHFX"]
    assert frame["shares"].tolist()[0] == 1250.5
    assert str(frame["transaction_date"].dtype).startswith("datetime64")


def test_frame_of_a_filing_without_rows_is_empty_but_has_columns():
    frame = Filing().to_frame()
    assert len(frame) == 0
    assert "price_per_share" in frame.columns
