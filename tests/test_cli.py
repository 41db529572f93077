"""The command line from end to end, on invented filings."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from extractor import __version__
from extractor.cli import main


@pytest.fixture
def filing(tmp_path, ownership_xml) -> Path:
    path = tmp_path / "tavener.xml"
    path.write_bytes(ownership_xml())
    return path


def pdf_bytes(password: str | None = None) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(612, 792)
    if password:
        writer.encrypt(password)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def extract(*arguments, model) -> int:
    return main(["extract", *map(str, arguments), "--model", str(model)])


def test_a_filing_becomes_a_line_of_json(filing, tmp_path, model_directory, capsys):
    out = tmp_path / "out.jsonl"
    assert extract(filing, "-o", out, model=model_directory) == 0
    record = json.loads(out.read_text())
    assert record["source"]["path"] == str(filing)
    assert record["model"] == {"name": "all-outside", "version": "1"}
    assert record["non_derivative"][0]["shares"]["value"] == 1250.5
    assert capsys.readouterr().out == ""
    assert (tmp_path / "out.jsonl.run" / "report.json").exists()


def test_each_bad_input_is_named_and_the_others_are_extracted(tmp_path, filing, model_directory, capsys):
    bad = {
        "empty.pdf": b"",
        "locked.pdf": pdf_bytes(password="secret"),
        "cut.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Cat",
        "picture.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 30,
        "archive.zip": b"PK\x03\x04" + b"\x00" * 100,
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    inputs = [tmp_path / name for name in bad] + [tmp_path / "missing.pdf", filing]
    out = tmp_path / "out.jsonl"
    assert extract(*inputs, "-o", out, model=model_directory) == 1
    assert len(out.read_text().splitlines()) == 1
    report = json.loads((tmp_path / "out.jsonl.run" / "report.json").read_text())
    errors = {Path(item["path"]).name: item["error"] for item in report["failed"]}
    assert errors == {
        "empty.pdf": "EmptyInput",
        "locked.pdf": "EncryptedInput",
        "cut.pdf": "DamagedInput",
        "picture.png": "DamagedInput",
        "archive.zip": "UnknownFormat",
        "missing.pdf": "MissingInput",
    }
    said = capsys.readouterr().err
    for name in errors:
        assert f"error: {tmp_path / name}: " in said


def test_a_letter_is_readable_but_no_form(tmp_path, model_directory):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ms. Tavener,\nthank you for the herring.\n")
    out = tmp_path / "out.jsonl"
    assert extract(letter, "-o", out, model=model_directory) == 0
    record = json.loads(out.read_text())
    assert record["review_reasons"] == ["not_an_ownership_form"]
    assert record["needs_review"] is True
    assert record["non_derivative"] == []


def test_standard_input_to_standard_output(filing, model_directory):
    command = [sys.executable, "-m", "extractor", "extract", "-", "--model", str(model_directory)]
    done = subprocess.run(command, input=filing.read_bytes(), capture_output=True, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["source"]["path"] == "-"
    assert record["issuer"]["ticker"]["value"] == "QHFX"


def test_csv_file_is_the_flat_table(filing, tmp_path, model_directory):
    out = tmp_path / "rows.csv"
    assert extract(filing, "-o", out, model=model_directory) == 0
    rows = list(csv.DictReader(out.open(newline="")))
    assert [row["security_title"] for row in rows] == ["Common Stock", "Common Stock", "Stock Option (right to buy)"]


def test_csv_directory_holds_the_tables_of_the_sec(filing, tmp_path, model_directory):
    out = tmp_path / "tables"
    assert extract(filing, "-o", out, "--format", "csv", model=model_directory) == 0
    assert len(list(out.iterdir())) == 8
    (sale,) = csv.DictReader((out / "NONDERIV_TRANS.csv").open(newline=""))
    assert sale["TRANS_CODE"] == "S"
    assert (tmp_path / "tables.run" / "manifest.jsonl").exists()


def test_a_directory_as_output_takes_one_file_of_records(filing, tmp_path, model_directory):
    assert extract(filing, "-o", f"{tmp_path}/out/", model=model_directory) == 0
    assert (tmp_path / "out" / "records.jsonl").exists()


def test_a_directory_that_holds_its_own_output_is_read_again_without_it(filing, tmp_path, model_directory):
    out = tmp_path / "out.jsonl"
    assert extract(tmp_path, "-o", out, model=model_directory) == 0
    first = out.read_text()
    assert extract(tmp_path, "-o", out, model=model_directory) == 0
    assert out.read_text() == first


def test_audit_sends_records_to_review(filing, tmp_path, model_directory):
    out = tmp_path / "out.jsonl"
    assert extract(filing, "-o", out, "--audit", "1", model=model_directory) == 0
    record = json.loads(out.read_text())
    assert (record["needs_review"], record["review_reasons"]) == (True, ["audit"])


def test_show_prints_tables(filing, tmp_path, model_directory, capsys):
    assert extract(filing, "-o", tmp_path / "out.jsonl", "--show", model=model_directory) == 0
    assert "Quillon Harbor Foods, Inc." in capsys.readouterr().out


def test_fail_fast_stops_at_the_first_failure(filing, tmp_path, model_directory, capsys):
    out = tmp_path / "out.jsonl"
    assert extract(tmp_path / "missing.xml", filing, "-o", out, "--fail-fast", model=model_directory) == 1
    assert not out.exists()
    assert "stopped at the first failure" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "missing", "cause"),
    [
        (["--format", "parquet"], "pyarrow", "pip install 'form4[parquet]'"),
        (["--format", "duckdb"], "duckdb", "pip install 'form4[duckdb]'"),
        (["--engine", "ray"], "ray", "pip install 'form4[ray]'"),
    ],
)
def test_a_missing_extra_is_named(filing, tmp_path, model_directory, capsys, monkeypatch, arguments, missing, cause):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(sys.modules, f"{missing}.data", None)
    assert extract(filing, "-o", tmp_path / "out", *arguments, model=model_directory) == 2
    assert cause in capsys.readouterr().err


def test_an_input_is_never_overwritten(filing, model_directory, capsys):
    before = filing.read_bytes()
    assert extract(filing, "-o", filing, model=model_directory) == 2
    assert filing.read_bytes() == before
    assert "is both input and output" in capsys.readouterr().err


def test_a_missing_model_is_wrong_usage(filing, tmp_path, capsys):
    assert extract(filing, "-o", tmp_path / "out.jsonl", model=tmp_path / "nowhere") == 2
    assert "no model here" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["extract"],
        ["extract", "x", "--workers", "0"],
        ["extract", "x", "--audit", "2"],
        ["extract", "x", "--format", "xls"],
        ["nonsense"],
    ],
)
def test_wrong_usage_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"form4 {__version__}\n"


def test_version_is_that_of_the_package():
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
    assert project["project"]["version"] == __version__


def test_starting_up_imports_nothing_heavy():
    code = (
        "import sys, extractor.cli, extractor.readers, extractor.batch.run, extractor.api;"
        "heavy = {'numpy', 'pandas', 'sklearn', 'spacy', 'cv2', 'lxml', 'PIL', 'pypdfium2', 'rich'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.stdout.strip() == "[]", done.stderr


def _report(out: Path) -> dict:
    return json.loads((out.parent / f"{out.name}.run" / "report.json").read_text())


def test_a_database_grows_over_runs_and_skips_what_it_holds(filing, tmp_path, model_directory, ownership_xml):
    import duckdb

    out = tmp_path / "all.duckdb"
    assert extract(filing, "-o", out, model=model_directory) == 0
    again = tmp_path / "again" / "renamed.xml"
    again.parent.mkdir()
    again.write_bytes(filing.read_bytes())
    other = tmp_path / "other.xml"
    other.write_bytes(ownership_xml(("QHFX", "QHFY")))
    assert extract(again, other, "-o", out, model=model_directory) == 0
    assert _report(out)["by_outcome"] == {"extracted": 1, "unchanged": 1}
    with duckdb.connect(str(out), read_only=True) as connection:
        rows = connection.execute("SELECT ISSUERTRADINGSYMBOL FROM SUBMISSION ORDER BY 1").fetchall()
    assert rows == [("QHFX",), ("QHFY",)]
    assert extract(again, "-o", out, "--force", model=model_directory) == 0
    assert _report(out)["by_outcome"] == {"extracted": 1}
    with duckdb.connect(str(out), read_only=True) as connection:
        paths = connection.execute("SELECT SOURCE_PATH FROM SUBMISSION ORDER BY ISSUERTRADINGSYMBOL").fetchall()
    assert paths == [(str(again),), (str(other),)]


def test_parquet_by_the_name_of_the_output(filing, tmp_path, model_directory):
    import pyarrow.parquet as pq

    assert extract(filing, "-o", tmp_path / "rows.parquet", model=model_directory) == 0
    assert pq.read_table(tmp_path / "rows.parquet").num_rows == 3
    assert extract(filing, "-o", tmp_path / "tables", "--format", "parquet", model=model_directory) == 0
    assert len(list((tmp_path / "tables").glob("*.parquet"))) == 8


@pytest.mark.parametrize(
    ("option", "cause"),
    [(["--max-size", "0.0001"], "the limit is 100"), (["--max-pages", "1"], "2 pages, the limit is 1")],
)
def test_limits_are_options(tmp_path, model_directory, capsys, option, cause):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(612, 792)
    writer.add_blank_page(612, 792)
    writer.write(tmp_path / "two.pdf")
    assert extract(tmp_path / "two.pdf", "-o", tmp_path / "out.jsonl", *option, model=model_directory) == 1
    assert cause in capsys.readouterr().err
