"""Runs over many inputs: order, limits, continuing, and nothing lost to one bad document.

The workers run a stand-in for the pipeline, so that documents can be made to hang, crash or eat memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extractor.batch.inputs import Input, find_inputs
from extractor.batch.journal import Journal
from extractor.batch.local import LocalEngine
from extractor.batch.run import RunOptions, is_audited, run, run_directory
from extractor.batch.task import EXTRACTED, FAILED, UNCHANGED, Options, Result, Task

STAND_IN = """
import sys, types, os, time, hashlib

def extract_bytes(data, path="", model=None, limits=None):
    from extractor.errors import DamagedInput, ModelError
    from extractor.record import Field, Filing, Source
    if b"HANG" in data:
        time.sleep(60)
    if b"SLOW" in data:
        time.sleep(0.4)
    if b"CRASH" in data:
        sys.stderr.write("the last words\\n")
        os._exit(3)
    if b"ONCE" in data and not os.path.exists(path + ".tried"):
        open(path + ".tried", "w").close()
        os._exit(3)
    if b"EATS" in data:
        hoard = [b"x" * 50_000_000 for _ in range(8)]
        time.sleep(30)
    if b"BUG" in data:
        raise KeyError("a defect")
    if b"DAMAGED" in data:
        raise DamagedInput(path, "broken beyond reading")
    if b"NOMODEL" in data:
        raise ModelError("no model here")
    print("a library chats on standard output", flush=True)
    sha = hashlib.sha256(data).hexdigest()
    count = data.count(b"filing")
    return [Filing(source=Source(path, sha, "text"), remarks=Field(data.decode())) for _ in range(count)]

module = types.ModuleType("extractor.pipeline")
module.extract_bytes = extract_bytes
sys.modules["extractor.pipeline"] = module
"""


@pytest.fixture(autouse=True)
def stand_in(tmp_path_factory, monkeypatch):
    directory = tmp_path_factory.mktemp("stand-in")
    (directory / "sitecustomize.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(directory))


@pytest.fixture
def model(tmp_path) -> str:
    directory = tmp_path / "model"
    directory.mkdir()
    (directory / "model.json").write_text('{"name": "stand-in", "version": "1"}')
    return str(directory)


@pytest.fixture
def folder(tmp_path) -> Path:
    directory = tmp_path / "in"
    directory.mkdir()
    return directory


def write(folder: Path, **contents: str) -> None:
    for name, content in contents.items():
        (folder / f"{name}.txt").write_text(content)


def start(folder: Path, model: str, workers: int = 1, limits: Options | None = None, **options):
    out = str(folder.parent / "out.jsonl")
    return run([str(folder)], RunOptions(out, model=model, **options), LocalEngine(workers, limits or Options(model)))


def remarks(folder: Path) -> list[str]:
    lines = (folder.parent / "out.jsonl").read_text().splitlines()
    return [json.loads(line)["remarks"]["value"] for line in lines]


def manifest(folder: Path) -> dict[str, str]:
    lines = (folder.parent / "out.jsonl.run" / "manifest.jsonl").read_text().splitlines()
    return {Path(entry["path"]).stem: entry["outcome"] for entry in map(json.loads, lines)}


def test_records_come_in_input_order_whatever_the_number_of_workers(folder, model):
    write(folder, a="SLOW filing a", b="filing b", c="filing filing c", d="SLOW filing d", e="filing e")
    start(folder, model, workers=1)
    alone = (folder.parent / "out.jsonl").read_bytes()
    start(folder, model, workers=3, force=True)
    assert (folder.parent / "out.jsonl").read_bytes() == alone
    assert [text[-1] for text in remarks(folder)] == ["a", "b", "c", "c", "d", "e"]
    assert not list(folder.parent.glob("*.part"))


def test_a_bad_document_costs_only_itself(folder, model):
    write(folder, a="filing a", b="DAMAGED", c="CRASH", d="BUG", e="filing e")
    report = start(folder, model, workers=2)
    assert remarks(folder) == ["filing a", "filing e"]
    causes = {Path(item["path"]).stem: (item["error"], item["message"]) for item in report.failed}
    assert causes["b"] == ("DamagedInput", "broken beyond reading")
    assert causes["c"] == ("WorkerCrashed", "the reader crashed on this document (the last words)")
    assert causes["d"][0] == "InternalError"
    assert "KeyError: 'a defect'" in causes["d"][1]
    assert manifest(folder) == {"a": EXTRACTED, "b": FAILED, "c": FAILED, "d": FAILED, "e": EXTRACTED}
    stored = json.loads((folder.parent / "out.jsonl.run" / "report.json").read_text())
    assert stored["by_outcome"] == {"extracted": 2, "failed": 3}
    assert stored["finished"] is True


def test_a_document_that_hangs_is_given_up_after_its_time(folder, model):
    write(folder, a="HANG", b="filing b")
    report = start(folder, model, limits=Options(model, seconds=0.5))
    assert remarks(folder) == ["filing b"]
    assert report.failed[0]["error"] == "LimitExceeded"
    assert report.failed[0]["message"] == "not done within 0.5 seconds"


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory of other processes is seen on Linux only")
def test_a_document_that_eats_memory_is_given_up(folder, model):
    write(folder, a="EATS", b="filing b")
    report = start(folder, model, limits=Options(model, memory=200_000_000))
    assert remarks(folder) == ["filing b"]
    assert report.failed[0]["message"] == "more than 200,000,000 bytes of memory"


def test_a_crash_that_does_not_come_again_costs_nothing(folder, model):
    write(folder, a="ONCE filing", b="filing b")
    report = start(folder, model)
    assert report.failed == []
    assert remarks(folder) == ["ONCE filing", "filing b"]


def test_the_same_run_again_reads_nothing_anew(folder, model):
    write(folder, a="filing a", b="filing b")
    start(folder, model)
    first = (folder.parent / "out.jsonl").read_bytes()
    report = start(folder, model)
    assert report.by_outcome == {UNCHANGED: 2}
    assert (folder.parent / "out.jsonl").read_bytes() == first


def test_changed_inputs_and_failures_are_read_anew(folder, model):
    write(folder, a="filing a", b="filing b", c="DAMAGED")
    start(folder, model)
    write(folder, b="filing new", c="filing mended")
    report = start(folder, model)
    assert report.by_outcome == {UNCHANGED: 1, EXTRACTED: 2}
    assert remarks(folder) == ["filing a", "filing new", "filing mended"]
    assert manifest(folder) == {"a": EXTRACTED, "b": EXTRACTED, "c": EXTRACTED}


def test_another_model_or_force_starts_anew(folder, model):
    write(folder, a="filing a")
    start(folder, model)
    assert start(folder, model, force=True).by_outcome == {EXTRACTED: 1}
    (Path(model) / "model.json").write_text('{"name": "stand-in", "version": "2"}')
    assert start(folder, model).by_outcome == {EXTRACTED: 1}
    assert start(folder, model, audit=0.5).by_outcome == {EXTRACTED: 1}


def test_what_was_extracted_before_a_stop_is_kept(folder, model):
    write(folder, a="filing a", b="filing b", c="NOMODEL")
    from extractor.errors import ModelError

    with pytest.raises(ModelError):
        start(folder, model)
    assert not (folder.parent / "out.jsonl").exists()
    write(folder, c="filing c")
    assert start(folder, model).by_outcome == {UNCHANGED: 2, EXTRACTED: 1}
    assert len(remarks(folder)) == 3


def test_fail_fast_stops_and_writes_no_output(folder, model):
    write(folder, a="DAMAGED", b="filing b")
    report = start(folder, model, fail_fast=True)
    assert not report.finished
    assert report.inputs == 1
    assert not (folder.parent / "out.jsonl").exists()
    assert not list(folder.parent.glob("*.part"))


def test_an_earlier_output_stays_until_the_new_one_is_whole(folder, model):
    write(folder, a="DAMAGED")
    (folder.parent / "out.jsonl").write_text("earlier\n")
    start(folder, model, fail_fast=True)
    assert (folder.parent / "out.jsonl").read_text() == "earlier\n"


def stored(journal: Journal, path: str) -> list[dict[str, int]]:
    line = journal.known(path)
    assert line is not None
    return journal.records(journal.entry(line))


@pytest.mark.parametrize("damage", [b'{"path": "x", "sha', b"\xff\xfe\n", b"[]\n"])
def test_a_torn_manifest_is_cut_back_to_its_whole_lines(tmp_path, damage):
    with Journal(tmp_path / "run", {"k": 1}) as journal:
        journal.add(Result(0, "a", EXTRACTED, "aa" * 32, "text", [{"x": 1}]))
    with open(tmp_path / "run" / "manifest.jsonl", "ab") as stream:
        stream.write(damage)
    with Journal(tmp_path / "run", {"k": 1}) as journal:
        assert journal.known("a") is not None
        journal.add(Result(1, "b", EXTRACTED, "bb" * 32, "text", [{"x": 2}]))
    with Journal(tmp_path / "run", {"k": 1}) as journal:
        assert stored(journal, "a") == [{"x": 1}]
        assert stored(journal, "b") == [{"x": 2}]


def test_entries_whose_records_were_lost_are_forgotten(tmp_path):
    with Journal(tmp_path / "run", {}) as journal:
        journal.add(Result(0, "a", EXTRACTED, "aa" * 32, "text", [{"x": 1}]))
        journal.add(Result(1, "b", EXTRACTED, "bb" * 32, "text", [{"x": 2}]))
    records = tmp_path / "run" / "records.jsonl"
    records.write_bytes(records.read_bytes()[:-3])
    with Journal(tmp_path / "run", {}) as journal:
        assert journal.known("a") is not None
        assert journal.known("b") is None


def test_tasks_are_taken_only_as_they_are_needed(folder):
    write(folder, a="SLOW filing")
    taken = []

    def endless():
        for index in range(10_000):
            taken.append(index)
            yield Task(index, Input("a", str(folder / "a.txt")))

    results = LocalEngine(1).run(endless())
    next(results)
    results.close()
    assert len(taken) < 5


def test_file_names_that_are_no_unicode_are_read_and_written(folder, model):
    if sys.platform == "darwin":
        pytest.skip("file names are Unicode on this system")
    Path(os.fsdecode(os.fsencode(str(folder)) + b"/odd\xff.txt")).write_text("filing")
    report = start(folder, model)
    assert report.failed == []
    (line,) = (folder.parent / "out.jsonl").read_text().splitlines()
    assert json.loads(line)["source"]["path"].endswith("odd\udcff.txt")


class TestInputs:
    def paths(self, *names, skip=()):
        return [found.path for found in find_inputs(names, skip)]

    def test_directories_are_walked_in_order_under_the_name_given(self, folder, monkeypatch):
        (folder / "sub").mkdir()
        write(folder, b="1", a="2")
        write(folder / "sub", c="3")
        (folder / ".hidden").write_text("no")
        monkeypatch.chdir(folder.parent)
        assert self.paths("in") == ["in/a.txt", "in/b.txt", "in/sub/c.txt"]
        assert self.paths("./in/") == ["./in/a.txt", "./in/b.txt", "./in/sub/c.txt"]

    def test_patterns_are_expanded_and_each_path_comes_once(self, folder, monkeypatch):
        write(folder, a="1", b="2")
        monkeypatch.chdir(folder)
        assert self.paths("b.txt", "*.txt") == ["b.txt", "a.txt"]

    def test_a_file_whose_name_looks_like_a_pattern_is_that_file(self, folder, monkeypatch):
        (folder / "a[1].txt").write_text("x")
        monkeypatch.chdir(folder)
        assert self.paths("a[1].txt") == ["a[1].txt"]

    def test_what_leads_nowhere_is_kept_to_be_reported(self, folder):
        found = list(find_inputs([str(folder / "none*.pdf"), str(folder), "missing.pdf"]))
        assert [item.problem for item in found] == [
            *("no file matches this pattern", "the directory holds no files", None)
        ]

    def test_links_in_a_circle_end(self, folder):
        write(folder, a="1")
        (folder / "loop").symlink_to(folder)
        assert self.paths(str(folder)) == [str(folder / "a.txt")]

    def test_links_that_lead_nowhere_are_kept_to_be_reported(self, folder):
        (folder / "gone.pdf").symlink_to(folder / "nowhere.pdf")
        assert self.paths(str(folder)) == [str(folder / "gone.pdf")]

    def test_own_outputs_are_passed_over(self, folder):
        write(folder, a="1", out="2")
        assert self.paths(str(folder), skip=[str(folder / "out.txt")]) == [str(folder / "a.txt")]


def test_files_beyond_the_limit_are_refused_before_they_are_read(folder, model):
    with open(folder / "huge.pdf", "wb") as stream:
        stream.truncate(200_000_000)
    report = start(folder, model)
    assert report.failed[0]["error"] == "LimitExceeded"


def test_a_killed_run_goes_on_where_it_was(folder, model):
    write(folder, a="filing a", b="filing b", c="HANG filing")
    out = folder.parent / "out.jsonl"
    command = [sys.executable, "-m", "extractor", "extract", str(folder), "-o", str(out), "--model", model]
    root = str(Path(__file__).parents[2])
    killed = subprocess.Popen(command, cwd=root)
    records = folder.parent / "out.jsonl.run" / "manifest.jsonl"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (records.exists() and records.read_bytes().count(b"\n") == 2):
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    assert not out.exists()
    write(folder, c="filing c")
    again = subprocess.run(command, cwd=root, check=True)
    assert again.returncode == 0
    assert remarks(folder) == ["filing a", "filing b", "filing c"]
    report = json.loads((folder.parent / "out.jsonl.run" / "report.json").read_text())
    assert report["by_outcome"] == {"extracted": 1, "unchanged": 2}


def test_audit_draws_the_same_share_again():
    hashes = [f"{number:064x}" for number in range(2000)]
    drawn = [sha for sha in hashes if is_audited(sha, 0, 0.1)]
    assert 150 < len(drawn) < 250
    assert all(is_audited(sha, 0, 0.2) for sha in drawn)
    assert not any(is_audited(sha, 0, 0.0) for sha in hashes)
    assert all(is_audited(sha, 0, 1.0) for sha in hashes)


def test_run_directory_lies_beside_the_output():
    assert run_directory("some/out.jsonl") == Path("some/out.jsonl.run")
    assert run_directory("tables/") == Path("tables.run")
    assert run_directory("-") is None
