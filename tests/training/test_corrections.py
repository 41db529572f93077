"""Records and rows that people corrected become annotations of the documents that they are about."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from extractor.api import extract
from extractor.cli import main
from extractor.errors import AnnotationError
from extractor.pipeline import load_model
from training.annotations import read_annotations
from training.exchange.corrections import import_corrections, plain_record, read_records, read_rows
from training.synthesis.garble import annotate_text
from training.synthesis.invent import invent_filing


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A filing as text with at least one transaction, as a converter leaves it."""
    rng = random.Random(23)
    path = tmp_path / "in" / "form.txt"
    path.parent.mkdir()
    while True:
        filing = invent_filing(rng, "current")
        if any(row.kind == "transaction" for row in filing.non_derivative):
            break
    path.write_text(annotate_text(filing, "official", rng, "layout").document.text, encoding="utf-8")
    return path


def record_of(path: Path) -> dict[str, Any]:
    return extract(path).to_dict()


def written(tmp_path: Path, *records: dict[str, Any]) -> Path:
    path = tmp_path / "corrected.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_corrected_record_becomes_an_annotation_with_its_plain_record(form: Path, tmp_path: Path) -> None:
    record = record_of(form)
    row = next(row for row in record["non_derivative"] if row["kind"] == "transaction")
    right = row["shares"]["value"]
    row["shares"]["value"] = 987654321
    (wrong,) = import_corrections([written(tmp_path, record)], load_model())
    assert any(gap.value == 987654321 for gap in wrong.gaps)
    row["shares"]["value"] = right
    (good,) = import_corrections([written(tmp_path, record)], load_model())
    assert good.annotation is not None
    assert good.annotation.record == plain_record(record)
    assert not [gap for gap in good.gaps if "shares" in gap.path]
    assert good.annotation.meta["source"] == "corrected"


def test_documents_that_moved_are_found_by_name_or_hash(form: Path, tmp_path: Path) -> None:
    record = record_of(form)
    moved = tmp_path / "elsewhere" / "renamed.txt"
    moved.parent.mkdir()
    form.rename(moved)
    (lost,) = import_corrections([written(tmp_path, record)], load_model())
    assert lost.annotation is None
    assert lost.problem is not None
    (found,) = import_corrections([written(tmp_path, record)], load_model(), moved.parent)
    assert found.annotation is not None


def test_a_document_that_changed_is_refused(form: Path, tmp_path: Path) -> None:
    record = record_of(form)
    form.write_text(form.read_text(encoding="utf-8") + "more", encoding="utf-8")
    (result,) = import_corrections([written(tmp_path, record)], load_model())
    assert result.annotation is None
    assert "not the same file" in str(result.problem)


def test_rows_corrected_in_a_csv_replace_those_of_their_table(form: Path, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    assert main(["extract", str(form), "-o", str(table), "--force"]) == 0
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    spoilt = [dict(row) for row in rows]
    spoilt[0]["shares_owned_following"] = "123,456,789"
    with table.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(spoilt)
    (result,) = import_corrections([table], load_model())
    assert result.annotation is not None
    assert result.annotation.record is not None
    path = f"{rows[0]['table']}[0].shares_owned_following"
    assert [(gap.path, gap.value) for gap in result.gaps] == [(path, 123456789)]
    assert result.annotation.record["issuer"]["name"] == record_of(form)["issuer"]["name"]["value"]


def test_rows_of_the_secs_tables_keep_rows_of_the_other_kind(form: Path, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    assert main(["extract", str(form), "-o", str(out), "--format", "csv", "--force"]) == 0
    before = record_of(form)
    (result,) = import_corrections([out / "NONDERIV_TRANS.csv"], load_model(), form.parent)
    assert result.problem is None
    assert result.annotation is not None
    assert result.annotation.record is not None
    rows = result.annotation.record["non_derivative"]
    assert [row["kind"] for row in rows] == [row["kind"] for row in before["non_derivative"]]
    assert [row["shares"] for row in rows] == [
        row["shares"] and row["shares"]["value"] for row in before["non_derivative"]
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "no column names the document"),
        ("source_path,shares\nx,1\n", "no column `table`"),
        ("source_path,table,shares\nx,third,1\n", "table is 'third'"),
        ("source_path,table,shares\nx,derivative,many\n", "many"),
        ("source_path,table,transaction_date\nx,derivative,soon\n", "'soon' is no date"),
        ("ACCESSION_NUMBER,X\n1,2\n", "not one of the tables"),
    ],
)
def test_a_csv_that_cannot_be_understood_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnnotationError, match=reason):
        list(read_rows(path))


@pytest.mark.parametrize("form_of_date", ["2024-01-02", "2024-01-02 00:00:00", "02-JAN-2024", "1/2/2024"])
def test_dates_are_taken_as_spreadsheets_give_them_back(tmp_path: Path, form_of_date: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        f'source_path,table,transaction_date,shares\nx,derivative,{form_of_date},"$1,000"\n', encoding="utf-8"
    )
    (rows,) = read_rows(path)
    (row,) = rows.tables["derivative", None]
    assert (row["transaction_date"], row["shares"], row["kind"]) == ("2024-01-02", 1000, "transaction")


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('[{"id": 1}]', encoding="utf-8")
    with pytest.raises(AnnotationError, match="no `source`"):
        list(read_records(path))


def test_the_command_reports_what_was_not_found(form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = record_of(form)
    record["issuer"]["name"]["value"] = "Wholly Other Concern"
    lost = record | {"source": record["source"] | {"path": "nowhere.txt", "sha256": "0" * 64}}
    out, report = tmp_path / "mine.jsonl", tmp_path / "report.jsonl"
    arguments = ["annotate", "import", str(written(tmp_path, record, lost)), "-o", str(out), "--report", str(report)]
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert "issuer.name: 'Wholly Other Concern' was not found on the page" in said.out
    assert "nowhere.txt" in said.err
    assert len(list(read_annotations([out]))) == 1
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [bool(line["problem"]) for line in lines] == [False, True]
    assert lines[0]["gaps"][0]["path"] == "issuer.name"
