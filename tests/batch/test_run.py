"""Runs over many inputs: order, limits, continuing, and nothing lost to one bad document.

The workers run a stand-in for the pipeline, so that documents can be made to hang, crash or eat memory.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extractor.batch.inputs import Input, find_inputs, read_input
from extractor.batch.journal import Journal
from extractor.batch.local import LocalEngine
from extractor.batch.progress import Progress
from extractor.batch.report import Report, printable
from extractor.batch.run import Listener, RunOptions, is_audited, run, run_directory
from extractor.batch.schedule import Schedule
from extractor.batch.task import DUPLICATE, EXTRACTED, FAILED, UNCHANGED, Options, Result, Task
from extractor.errors import DamagedInput

STAND_IN = """
import sys, types, os, time, hashlib

def extract_bytes(data, path="", model=None, limits=None):
    from extractor.errors import DamagedInput, ModelError
    from extractor.record import Field, Filing, Source
    if b"HANG" in data:
        time.sleep(60)
    if b"LONG" in data:
        time.sleep(2)
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
    if b"COUNTED" in data:
        with open(os.path.dirname(path) + ".read", "a") as count:
            count.write("1")
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
    limits = limits or Options(model)
    return run([str(folder)], RunOptions(out, model=model, limits=limits, **options), LocalEngine(workers, limits))


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


def test_the_very_bytes_of_another_input_are_not_read_again(folder, model):
    write(folder, a="filing same", b="filing other", c="filing last", d="filing same")
    report = start(folder, model)
    assert report.by_outcome == {EXTRACTED: 3, DUPLICATE: 1}
    lines = (folder.parent / "out.jsonl").read_text().splitlines()
    assert [Path(json.loads(line)["source"]["path"]).stem for line in lines] == ["a", "b", "c", "d"]
    assert remarks(folder) == ["filing same", "filing other", "filing last", "filing same"]


def test_failures_of_a_stopped_run_are_kept_until_it_has_finished(folder, model):
    from extractor.errors import ModelError

    write(folder, a="COUNTED DAMAGED", b="NOMODEL")
    with pytest.raises(ModelError):
        start(folder, model)
    write(folder, b="filing b")
    report = start(folder, model)
    assert report.by_outcome == {FAILED: 1, EXTRACTED: 1}
    assert Path(f"{folder}.read").read_text() == "1"
    assert start(folder, model).by_outcome == {FAILED: 1, UNCHANGED: 1}  # it has finished: failures are tried again
    assert Path(f"{folder}.read").read_text() == "11"


def test_other_limits_try_the_failures_again_and_keep_the_rest(folder, model):
    write(folder, a="LONG filing", b="filing b")
    report = start(folder, model, limits=Options(model, seconds=1))
    assert report.by_outcome == {FAILED: 1, EXTRACTED: 1}
    options = Options(model, seconds=30)
    out = str(folder.parent / "out.jsonl")
    report = run([str(folder)], RunOptions(out, model=model, limits=options), LocalEngine(1, options))
    assert report.by_outcome == {EXTRACTED: 1, UNCHANGED: 1}


def test_records_that_a_power_cut_took_are_read_anew(folder, model):
    write(folder, a="filing a", b="filing b")
    start(folder, model)
    records = folder.parent / "out.jsonl.run" / "records.jsonl"
    held = records.read_bytes()
    records.write_bytes(bytes(40) + held[40:])  # what the manifest points at never reached the disk
    report = start(folder, model)
    assert report.by_outcome == {EXTRACTED: 1, UNCHANGED: 1}
    assert remarks(folder) == ["filing a", "filing b"]


def test_two_runs_do_not_write_into_one_directory(folder, model):
    write(folder, a="filing a")
    from extractor.batch.journal import JournalError

    with Journal(folder.parent / "out.jsonl.run", {}), pytest.raises(JournalError, match="another run"):
        start(folder, model)
    assert start(folder, model).finished


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as a full disk does")
def test_a_run_that_found_the_disk_full_goes_on_when_there_is_room(folder, model):
    write(folder, **{f"d{number}": f"filing {number} " + "x" * 3000 for number in range(8)})
    out = folder.parent / "out.jsonl"
    root = str(Path(__file__).parents[2])
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
        "from extractor.cli import main; sys.exit(main(sys.argv[2:]))"
    )
    arguments = ["extract", str(folder), "-o", str(out), "--model", model]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, os.environ["PYTHONPATH"]])}
    full = subprocess.run([sys.executable, "-c", code, "25000", *arguments], capture_output=True, env=environment)
    assert full.returncode == 2
    assert b"the same command goes on from here" in full.stderr
    assert not out.exists()
    again = subprocess.run([sys.executable, "-c", code, str(10**9), *arguments], capture_output=True, env=environment)
    assert again.returncode == 0, again.stderr
    report = json.loads((folder.parent / "out.jsonl.run" / "report.json").read_text())
    assert report["by_outcome"]["unchanged"] >= 3
    assert [text.split()[1] for text in remarks(folder)] == [str(number) for number in range(8)]


def test_a_slow_start_of_a_worker_is_not_the_documents_fault(folder, model, monkeypatch, tmp_path_factory):
    directory = tmp_path_factory.mktemp("slow")
    (directory / "sitecustomize.py").write_text("import time; time.sleep(1.5)\n" + STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(directory))
    write(folder, a="filing a")
    assert start(folder, model, limits=Options(model, seconds=1)).failed == []


def test_a_killed_worker_costs_nothing(folder, model):
    write(folder, a="SLOW filing a", b="SLOW filing b", c="SLOW filing c")
    killed: list[int] = []

    def kill(_: object) -> None:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
        if not killed and children.exists():
            killed.extend(int(pid) for pid in children.read_text().split())
            for pid in killed:
                os.kill(pid, 9)

    out = str(folder.parent / "out.jsonl")
    report = run([str(folder)], RunOptions(out, model=model), LocalEngine(1, Options(model)), Listener(record=kill))
    assert report.failed == []
    assert len(remarks(folder)) == 3
    if sys.platform == "linux":
        assert killed


def test_the_report_says_what_went_where(folder, model):
    write(folder, a="filing a", b="DAMAGED", c="filing c")
    start(folder, model, audit=1.0)
    kept = folder.parent / "out.jsonl.run"
    report = json.loads((kept / "report.json").read_text())
    assert report["by_kind"] == {"text": {"extracted": 2, "failed": 1}}
    assert report["failed_by_error"] == {"DamagedInput": 1}
    assert report["review"] == {"records": 2, "reasons": {"audit": 2}, "list": "review.jsonl"}
    listed = [json.loads(line) for line in (kept / "review.jsonl").read_text().splitlines()]
    assert [Path(item["path"]).stem for item in listed] == ["a", "c"]
    text = (kept / "summary.txt").read_text()
    assert "2 records from 2 of 3 inputs" in text
    assert "DamagedInput: broken beyond reading" in text


def test_values_less_certain_than_at_calibration_are_reported(tmp_path):
    from extractor.batch.drift import Summary, measure_drift
    from extractor.pipeline import default_model_path

    def record(confidence):
        cell = {"value": 1, "confidence": confidence}
        row = {"kind": "transaction", "footnotes": [], "shares": cell, "price_per_share": None}
        issuer = {"name": cell, "ticker": None}
        return {
            "source": {"input_kind": "text"},
            "non_derivative": [row],
            "derivative": [],
            "form_type": cell,
            "period_of_report": None,
            "issuer": issuer,
        }

    meta = json.loads((default_model_path() / "model.json").read_text())
    bounds = {"confidence": 0.9, "lowest": 0.8, "quality": 0.5, "doubt": 0.2, "strays": 0.2}
    meta["info"]["calibration"] = {"text": {"documents": 400} | bounds}
    (tmp_path / "model.json").write_text(json.dumps(meta))
    sure, unsure = Summary(), Summary()
    for _ in range(40):
        sure.add(record(0.99))
        unsure.add(record(0.6))
    assert measure_drift(sure, str(tmp_path)) == []
    found = measure_drift(unsure, str(tmp_path))
    assert len(found) == 2
    assert all(said.startswith("text: ") for said in found)


def test_names_are_harmless_in_messages():
    assert printable("a\nb\x1b[31m\u202etxt.exe\udcff") == "a\\nb\\x1b[31m\\u202etxt.exe\\udcff"


def test_endless_standard_input_is_cut_at_the_limit(tmp_path, model):
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "extractor", "extract", "-", "-o", str(tmp_path / "o.jsonl"), "--max-size", "1"]
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as yes:
        done = subprocess.run([*command, "--model", model], stdin=yes.stdout, capture_output=True, cwd=root, timeout=60)
        yes.kill()
    assert done.returncode == 1
    assert b"the limit is 1,000,000" in done.stderr


class TestSchedule:
    def tasks(self, *sizes):
        return iter([Task(index, Input(str(index), str(index)), size) for index, size in enumerate(sizes)])

    def taken(self, schedule, busy=0):
        found = schedule.take(busy)
        return None if found is None else found[0].index

    def test_the_largest_of_the_next_few_comes_first(self):
        schedule = Schedule(self.tasks(1, 5, 3), workers=2, window=100)
        assert [self.taken(schedule) for _ in range(4)] == [1, 2, 0, None]

    def test_none_is_left_behind_for_long(self):
        schedule = Schedule(self.tasks(1, *[9] * 50), workers=2, window=20)
        order = []
        while (taken := schedule.take(0)) is not None:
            order.append(taken[0].index)
            schedule.done(taken[0])
        assert order.index(0) <= 20
        assert sorted(order) == list(range(51))

    def test_no_more_than_the_window_is_begun_before_the_oldest_is_done(self):
        schedule = Schedule(self.tasks(*[1] * 50), workers=1, window=10)
        begun = []
        while (taken := schedule.take(0)) is not None:
            begun.append(taken[0])
            if taken[0].index:
                schedule.done(taken[0])
        assert len(begun) == 10
        schedule.done(begun[0])
        assert self.taken(schedule) == 10

    def test_a_crashed_one_waits_until_nothing_is_beside_it(self):
        schedule = Schedule(self.tasks(1, 1), workers=2, window=10)
        first, second = schedule.take(0)[0], schedule.take(1)[0]
        schedule.retry(first, beside_nothing=True)
        assert schedule.take(1) is None
        schedule.done(second)
        assert schedule.take(0) == (first, True)


class TestReading:
    def test_a_pipe_is_refused_at_once(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(DamagedInput, match="no regular file"):
            read_input(Input("pipe", str(tmp_path / "pipe")))

    def test_a_device_is_refused(self):
        with pytest.raises(DamagedInput, match="no regular file"):
            read_input(Input("zero", "/dev/zero"))

    def test_links_that_lead_to_themselves(self, tmp_path):
        (tmp_path / "a").symlink_to("a")
        with pytest.raises(DamagedInput):
            read_input(Input("a", str(tmp_path / "a")))

    def test_a_file_that_grows_while_it_is_read_is_refused(self, tmp_path, monkeypatch):
        path = tmp_path / "log.txt"
        path.write_bytes(b"x")
        fstat = os.fstat

        def growing(descriptor):
            with open(path, "ab") as file:
                file.write(b"more")
            return fstat(descriptor)

        monkeypatch.setattr(os, "fstat", growing)
        with pytest.raises(DamagedInput, match="changes while it is read"):
            read_input(Input("log.txt", str(path)))

    def test_a_nul_in_a_name(self):
        with pytest.raises(DamagedInput):
            read_input(Input("a\0b", "a\0b"))

    def test_addresses_are_read_and_listed(self, tmp_path):
        (tmp_path / "b.txt").write_bytes(b"b")
        (tmp_path / "a.txt").write_bytes(b"a")
        found = list(find_inputs([f"file://{tmp_path}", f"file://{tmp_path}/none*.txt"]))
        assert [read_input(item) for item in found[:2]] == [b"a", b"b"]
        assert found[2].problem == "no file matches this pattern"

    def test_output_at_an_address(self, folder, model, monkeypatch):
        write(folder, a="filing a")
        monkeypatch.chdir(folder.parent)
        place = folder.parent / "far"
        run([f"file://{folder}"], RunOptions(f"file://{place}/out.jsonl", model=model), LocalEngine(1, Options(model)))
        assert json.loads((place / "out.jsonl").read_text())["remarks"]["value"] == "filing a"
        assert (folder.parent / "out.jsonl.run" / "report.json").exists()


def test_progress_tells_rate_and_time_left(folder):
    write(folder, a="1", b="2", c="3", d="4")
    stream = io.StringIO()
    progress = Progress([str(folder)], stream)
    deadline = time.monotonic() + 5
    while progress._total is None and time.monotonic() < deadline:
        time.sleep(0.01)
    report = Report()
    report.done, report.records = 2, 2
    progress._marks.extend([(progress._marks[0][0] + 10, 2)])
    assert progress.text(report) == "2 of 4 inputs, 2 records, 0.2/s, 10 s left"
    progress._last -= 60
    progress.show(report)
    assert stream.getvalue().startswith("2 of 4 inputs")
    assert stream.getvalue().endswith("\n")
