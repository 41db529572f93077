"""Parquet and DuckDB: the same tables with types, text intact, documents replaced by their hash."""

from __future__ import annotations

import copy
import csv
import datetime
import io

import duckdb
import pyarrow.parquet as pq
import pytest

from extractor.output.csv import TableCsvWriter
from extractor.output.sink import OutputError, Sink, format_for, is_directory
from extractor.output.tables import FLAT_COLUMNS, TABLES
from extractor.readers.xml import read_ownership_xml


@pytest.fixture
def record(ownership_xml):
    (filing,) = read_ownership_xml(ownership_xml(), "tavener.xml")
    filing.source.sha256 = "ab" * 32
    return filing.to_dict()


def changed(record, sha256: str, path: str = "other.xml", **values):
    other = copy.deepcopy(record)
    other["source"] |= {"sha256": sha256, "path": path}
    for name, value in values.items():
        other["non_derivative"][0][name]["value"] = value
    return other


def write(out, form, *records, stamp="s", force=False, commit=True) -> None:
    with Sink(str(out), form, staging=out.parent / "staging", stamp=stamp, force=force) as sink:
        for record in records:
            if sink.held(record["source"]["sha256"]) is None:
                sink.write(record)
        if commit:
            sink.commit()


def query(path, text):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(text).fetchall()


def test_parquet_holds_what_csv_holds(record, tmp_path):
    write(tmp_path / "tables", "parquet", record)
    streams = {table.name: io.StringIO() for table in TABLES}
    TableCsvWriter(streams).write(record)
    for table in TABLES:
        rows = pq.read_table(tmp_path / "tables" / f"{table.name}.parquet").to_pylist()
        expected = list(csv.DictReader(io.StringIO(streams[table.name].getvalue())))
        assert len(rows) == len(expected)
        for row, shown in zip(rows, expected, strict=True):
            assert list(row) == list(shown)
            for name, value in row.items():
                if isinstance(value, float):
                    assert value == float(shown[name])
                else:
                    # a formula's apostrophe belongs to spreadsheets
                    assert ("" if value is None else str(value)) == shown[name].removeprefix("'")


def test_columns_have_types(record, tmp_path):
    write(tmp_path / "tables", "parquet", record)
    (sale,) = pq.read_table(tmp_path / "tables" / "NONDERIV_TRANS.parquet").to_pylist()
    assert sale["TRANS_DATE"] == datetime.date(2024, 3, 14)
    assert sale["TRANS_SHARES"] == 1250.5
    assert sale["NONDERIV_TRANS_SK"] == 1
    assert sale["TRANS_SHARES_CONF"] == 1.0


def test_a_single_parquet_file_is_the_flat_table(record, tmp_path):
    write(tmp_path / "rows.parquet", "parquet", record)
    table = pq.read_table(tmp_path / "rows.parquet")
    assert tuple(table.column_names) == FLAT_COLUMNS
    assert table.column("kind").to_pylist() == ["transaction", "holding", "transaction"]
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    "text", ["Übertrag – 信託 \U0001f40b", "x" * 200_000, 'a "b"\n\tc', "nul\0inside", "\ud800 half"]
)
@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_text_stays_whole(record, tmp_path, form, text):
    record["footnotes"][0]["text"]["value"] = text
    expected = text.encode("utf-8", "backslashreplace").decode()
    out = tmp_path / ("tables" if form == "parquet" else "all.duckdb")
    write(out, form, record)
    if form == "parquet":
        stored = pq.read_table(out / "FOOTNOTES.parquet").column("FOOTNOTE_TXT")[0].as_py()
    else:
        ((stored,),) = query(out, "SELECT FOOTNOTE_TXT FROM FOOTNOTES WHERE FOOTNOTE_ID = 'F1'")
    assert stored == expected


def test_the_same_records_give_the_same_parquet_bytes(record, tmp_path):
    for name in ("a", "b"):
        write(tmp_path / name, "parquet", record, changed(record, "cd" * 32))
    for table in TABLES:
        one, other = (tmp_path / name / f"{table.name}.parquet" for name in ("a", "b"))
        assert one.read_bytes() == other.read_bytes()


def test_runs_add_to_a_database_and_keys_stay_unique(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record)
    write(out, "duckdb", changed(record, "cd" * 32))
    assert query(out, "SELECT count(*) FROM SUBMISSION") == [(2,)]
    assert query(out, "SELECT NONDERIV_TRANS_SK FROM NONDERIV_TRANS ORDER BY 1") == [(1,), (2,)]
    joined = query(out, "SELECT count(*) FROM NONDERIV_TRANS JOIN SUBMISSION USING (ACCESSION_NUMBER)")
    assert joined == [(2,)]


def test_a_document_loaded_again_replaces_its_rows(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record, changed(record, "cd" * 32))
    write(out, "duckdb", changed(record, "ab" * 32, shares=7.0), stamp="another model")
    rows = query(out, "SELECT SOURCE_SHA256, TRANS_SHARES FROM NONDERIV_TRANS JOIN SUBMISSION USING (ACCESSION_NUMBER)")
    assert sorted(rows) == [("ab" * 32, 7.0), ("cd" * 32, 1250.5)]
    assert query(out, "SELECT count(*) FROM FOOTNOTES") == [(6,)]


def test_a_document_that_the_database_holds_is_skipped_unless_forced(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record)
    with Sink(str(out), "duckdb", staging=tmp_path / "s", stamp="s") as sink:
        assert sink.held("ab" * 32) == "xml"
        assert sink.held("cd" * 32) is None
    with Sink(str(out), "duckdb", staging=tmp_path / "s", stamp="another model") as sink:
        assert sink.held("ab" * 32) is None
    with Sink(str(out), "duckdb", staging=tmp_path / "s", stamp="s", force=True) as sink:
        assert sink.held("ab" * 32) is None


def test_a_document_twice_in_a_run_is_loaded_once(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record, changed(record, "ab" * 32, path="copy.xml"))
    assert query(out, "SELECT SOURCE_PATH FROM SUBMISSION") == [("tavener.xml",)]


def test_several_filings_of_a_document_are_all_loaded(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record, copy.deepcopy(record))
    assert query(out, "SELECT ACCESSION_NUMBER FROM SUBMISSION ORDER BY 1") == [("ab" * 10,), ("ab" * 10 + "-2",)]


def test_a_run_that_is_stopped_leaves_the_database_as_it_was(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record)
    write(out, "duckdb", changed(record, "cd" * 32), commit=False)
    assert query(out, "SELECT count(*) FROM SUBMISSION") == [(1,)]
    assert not list((tmp_path / "staging").iterdir())


def test_a_load_that_fails_half_way_changes_nothing(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record)
    with duckdb.connect(str(out)) as connection:  # the last table to be loaded is in the way
        connection.execute("DROP TABLE OWNER_SIGNATURE")
        connection.execute("CREATE TABLE OWNER_SIGNATURE (ACCESSION_NUMBER VARCHAR)")
    from extractor.output.duckdb import DatabaseError

    with pytest.raises(DatabaseError, match="could not be loaded"):
        write(out, "duckdb", changed(record, "cd" * 32))
    assert query(out, "SELECT SOURCE_SHA256 FROM SUBMISSION") == [("ab" * 32,)]


def test_a_file_that_is_no_database_is_said(record, tmp_path):
    out = tmp_path / "all.duckdb"
    out.write_bytes(b"something else altogether" * 500)
    from extractor.output.duckdb import DatabaseError

    with pytest.raises(DatabaseError, match="cannot be opened"):
        write(out, "duckdb", record)


def test_sums_of_the_sec_kind_run(record, tmp_path):
    out = tmp_path / "all.duckdb"
    write(out, "duckdb", record)
    rows = query(
        out,
        "SELECT s.ISSUERTRADINGSYMBOL, o.RPTOWNERNAME, sum(t.TRANS_SHARES * t.TRANS_PRICEPERSHARE) "
        "FROM NONDERIV_TRANS t JOIN SUBMISSION s USING (ACCESSION_NUMBER) "
        "JOIN REPORTINGOWNER o USING (ACCESSION_NUMBER) "
        "WHERE t.TRANS_CODE = 'S' AND t.TRANS_DATE >= DATE '2024-01-01' GROUP BY ALL",
    )
    assert rows == [("QHFX", "Tavener Odile R", pytest.approx(1250.5 * 31.07))]


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_columns_do_not_go_to_standard_output(form):
    with pytest.raises(OutputError, match="standard output"):
        format_for("-", form)


def test_what_is_a_directory(tmp_path):
    assert is_directory("tables", "parquet")
    assert not is_directory("rows.parquet", "parquet")
    assert not is_directory("all", "duckdb")
    with pytest.raises(OutputError, match="name of a file"):
        format_for(str(tmp_path), "duckdb")
