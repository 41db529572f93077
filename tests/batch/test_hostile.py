"""Hostile inputs cost themselves alone: each is named, within its limits, and the others are extracted.

All poisons are run by benchmarks/soak.py; here those that end quickly, and a short run of damaged samples.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress

import pytest

from benchmarks.fuzz import mutations
from benchmarks.hostile import POISONS, READABLE, write_poisons
from extractor.batch.inputs import Input
from extractor.batch.local import LocalEngine
from extractor.batch.run import RunOptions, run
from extractor.batch.task import EXTRACTED, Options, Task
from extractor.readers import read
from extractor.readers.detect import detect_kind
from extractor.readers.submission import submission_bodies
from extractor.readers.xml import read_ownership_xml

# gigabytes to unpack, or pages that only the time limit ends
_LONG = {
    *("stream-bomb.pdf", "image-bomb.pdf", "image-bomb.png", "paths.pdf", "characters.pdf", "endless-forms.pdf"),
    *("words.txt", "digits.txt", "marks.txt", "one-line.txt", "loop.tif", "pages.tif", "tags.html", "spans.html"),
}
_QUICK = [name for name in POISONS if name not in _LONG]


@pytest.fixture(scope="module")
def engine():
    # generous: what is told apart here is the cause, not the speed of the machine
    engine = LocalEngine(1, Options(seconds=120, memory=1_500_000_000), keep=True)
    yield engine
    engine.close()


@pytest.mark.parametrize("name", _QUICK)
def test_a_hostile_input_ends_as_it_should(name, engine, tmp_path):
    make, outcomes = POISONS[name]
    (tmp_path / name).write_bytes(make())
    (result,) = engine.run([Task(0, Input(name, str(tmp_path / name)))])
    assert (result.error or READABLE) in outcomes, result.message
    if result.error:
        assert result.message


def test_nothing_from_outside_gets_into_a_record(engine, tmp_path):
    for name in ("external-entity.xml", "entity-inside.xml", "entity-bomb.xml"):
        (tmp_path / name).write_bytes(POISONS[name][0]())
        (result,) = engine.run([Task(0, Input(name, str(tmp_path / name)))])
        text = json.dumps(result.records)
        assert "root:" not in text
        assert "haha" not in text


def test_odd_names_links_and_pipes_in_a_directory(tmp_path, model_directory):
    folder = tmp_path / "in"
    expected = write_poisons(folder, names=())
    (folder / "good.txt").write_text("Dear Ms. Tavener,\nthank you for the herring.\n")
    options = Options(str(model_directory))
    report = run(
        [str(folder)],
        RunOptions(str(tmp_path / "out.jsonl"), model=str(model_directory)),
        LocalEngine(1, options),
    )
    failed = {os.path.relpath(item["path"], folder): item["error"] for item in report.failed}
    assert set(failed) == set(expected)
    for name, error in failed.items():
        assert error in expected[name]
    (record,) = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert record["source"]["path"].endswith("good.txt")
    assert "\n" not in (tmp_path / "out.jsonl.run" / "summary.txt").read_text().partition("odd")[2].partition(".txt")[0]


def test_damaged_samples_meet_no_defect(engine, tmp_path):
    tasks = []
    for number, (name, data) in enumerate(mutations(60, seed=2, scans=False)):
        (tmp_path / name).write_bytes(data)
        tasks.append(Task(number, Input(name, str(tmp_path / name))))
    results = list(engine.run(tasks))
    assert len(results) == len(tasks)
    defects = [
        (result.path, result.message) for result in results if result.error in ("InternalError", "WorkerCrashed")
    ]
    assert defects == []
    assert any(result.outcome == EXTRACTED for result in results)


def _seconds(function, *arguments) -> float:
    began = time.process_time()
    function(*arguments)
    return time.process_time() - began


@pytest.mark.parametrize(
    ("function", "piece"),
    [
        (submission_bodies, "-----BEGIN PRIVACY-ENHANCED MESSAGE-----\n"),
        (submission_bodies, "<SEC-HEADER>\n"),
        (submission_bodies, "<IMS-HEADER></SEC-HEADER>\n"),
        (submission_bodies, "<DOCUMENT><TYPE>4\n"),
        (lambda text: detect_kind(text.encode()), "<p "),
        (lambda text: detect_kind(text.encode()), "<table "),
        (lambda text: _ignore(read_ownership_xml, text.encode()), "<ownershipDocument>"),
        (lambda text: _ignore(read, text.encode()), "**a "),
    ],
)
def test_openings_without_ends_cost_no_more_than_their_length(function, piece):
    short, long = piece * 2_500, piece * 20_000
    function(short)
    assert _seconds(function, long) < 25 * _seconds(function, short) + 0.3  # a square would be 64 times


def _ignore(function, data: bytes) -> None:
    from extractor.errors import InputError

    with suppress(InputError):
        function(data)


def test_headers_are_cut_as_before():
    text = (
        "-----BEGIN PRIVACY-ENHANCED MESSAGE-----\nMIC-Info: x\n<SEC-DOCUMENT>a.txt\n"
        "<SEC-HEADER>\nCONFORMED NAME\n</SEC-HEADER>\nFORM 4\n</SEC-DOCUMENT>\n-----END PRIVACY-ENHANCED MESSAGE-----\n"
    )
    assert [text[body.start : body.end].strip() for body in submission_bodies(text)] == ["FORM 4"]
