"""One run over many inputs: what to do, in which order to write it, what to keep in case the run is stopped."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extractor import __version__
from extractor.batch.inputs import STANDARD_INPUT, Input, find_inputs
from extractor.batch.journal import Journal
from extractor.batch.report import Report
from extractor.batch.task import EXTRACTED, FAILED, UNCHANGED, Engine, Result, Task
from extractor.output.sink import Sink

AUDIT = "audit"


@dataclass(slots=True)
class RunOptions:
    """What a run depends on besides its inputs. `audit` is the share of records put to review at random."""

    out: str
    form: str = "jsonl"
    model: str | None = None
    audit: float = 0.0
    force: bool = False
    fail_fast: bool = False


@dataclass(slots=True)
class Listener:
    """Who hears of a run as it goes: each record written, each failure, each input done."""

    record: Callable[[dict[str, Any]], None] = lambda record: None
    failure: Callable[[str, str], None] = lambda path, message: None
    progress: Callable[[Report], None] = lambda report: None


def run_directory(out: str) -> Path | None:
    """Where a run keeps its manifest and report: OUT.run beside OUT; none for standard output."""
    if out == "-":
        return None
    place = Path(os.path.normpath(out))
    return place.with_name(place.name + ".run")


def run(names: list[str], options: RunOptions, engine: Engine, listener: Listener | None = None) -> Report:
    """Extract all inputs into the output, in input order.

    The output appears when all is done; a run that is stopped before leaves its directory, from which the same call
    goes on. Raises OutputError and ModelError; failures of inputs are in the report.
    """
    listener = listener or Listener()
    model = model_identity(options.model)
    report = Report(version=__version__, model=model)
    directory = run_directory(options.out)
    with tempfile.TemporaryDirectory(prefix="form4-") as scratch, Sink(options.out, options.form) as sink:
        sources = _sources(names, options.out, scratch)
        if directory is None:
            _run(sources, options, engine, listener, report, sink, None)
        else:
            key = {"version": __version__, "model": model, "format": options.form, "audit": options.audit}
            with Journal(directory, key, options.force) as journal:
                try:
                    _run(sources, options, engine, listener, report, sink, journal)
                finally:
                    report.save(directory / "report.json")
        if report.finished:
            sink.commit()
    return report


def _run(
    sources: Iterator[Input],
    options: RunOptions,
    engine: Engine,
    listener: Listener,
    report: Report,
    sink: Sink,
    journal: Journal | None,
) -> None:
    paths: list[str] = []

    def tasks() -> Iterator[Task]:
        for index, source in enumerate(sources):
            paths.append(source.path)
            yield Task(index, source, journal.known(source.path) if journal else None)

    waiting: dict[int, Result] = {}
    turn = 0
    with closing(_iterate(engine, tasks())) as results:
        for result in results:
            if journal and result.outcome != UNCHANGED:
                journal.add(result)
            if result.outcome == FAILED and options.fail_fast:
                _finish(result, options, listener, report, sink, journal)
                return
            waiting[result.index] = result
            while turn in waiting:
                _finish(waiting.pop(turn), options, listener, report, sink, journal)
                turn += 1
    if journal:
        journal.settle(iter(paths))
    report.finished = True


def _iterate(engine: Engine, tasks: Iterator[Task]) -> Generator[Result, None, None]:
    yield from engine.run(tasks)


def _finish(
    result: Result,
    options: RunOptions,
    listener: Listener,
    report: Report,
    sink: Sink,
    journal: Journal | None,
) -> None:
    """Write one input's records, or say why there are none."""
    records, kind = result.records, result.kind
    if result.outcome == UNCHANGED and journal:
        records, kind = journal.records(result.path), journal.entry(result.path)["kind"]
    report.count(result.path, result.outcome, kind, result.error, result.message)
    if result.outcome == FAILED:
        listener.failure(result.path, result.message)
    for number, record in enumerate(records):
        if options.audit and is_audited(record["source"]["sha256"], number, options.audit):
            record["needs_review"] = True
            record["review_reasons"] = [*record["review_reasons"], AUDIT]
        sink.write(record)
        report.count_record(record)
        listener.record(record)
    listener.progress(report)


def is_audited(sha256: str, number: int, share: float) -> bool:
    """Whether a record belongs to the sample that people look at whatever its confidence.

    Drawn by hash: the same records again in every run, whoever runs it and in whatever order.
    """
    draw = hashlib.sha256(f"{AUDIT}:{sha256}:{number}".encode()).digest()
    return int.from_bytes(draw[:8], "big") < share * 2**64


def model_identity(model: str | None) -> dict[str, Any]:
    """Name, version and checksum of the model that a run will use. Raises ModelError where there is none."""
    from extractor.errors import ModelError

    if model is None:
        from extractor.pipeline import default_model_path

        directory = default_model_path()
    else:
        directory = Path(model)
    try:
        described = (directory / "model.json").read_bytes()
        meta = json.loads(described)
        name, version = str(meta["name"]), str(meta["version"])
    except FileNotFoundError:
        raise ModelError(f"{directory}: no model here (model.json is missing)") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{directory}: model.json cannot be read ({error})") from None
    return {"name": name, "version": version, "sha256": hashlib.sha256(described).hexdigest()}


def _sources(names: list[str], out: str, scratch: str) -> Iterator[Input]:
    """The inputs, without this run's own output; standard input is set down in a file, which workers can read."""
    skip = [] if out == "-" else [out, str(run_directory(out)), f"{out}.part"]
    for source in find_inputs(names, skip):
        if source.path == STANDARD_INPUT:
            copy = Path(scratch) / "standard-input"
            copy.write_bytes(sys.stdin.buffer.read())
            source = replace(source, file=str(copy))
        yield source


__all__ = ["EXTRACTED", "FAILED", "UNCHANGED", "Listener", "RunOptions", "is_audited", "run", "run_directory"]
