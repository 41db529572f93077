"""One run over many inputs: what to do, in which order to write it, what to keep in case the run is stopped."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from array import array
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from extractor import __version__
from extractor.batch.drift import measure_drift
from extractor.batch.inputs import STANDARD_INPUT, Input, digest_input, find_inputs
from extractor.batch.journal import Journal
from extractor.batch.report import REVIEW, Report
from extractor.batch.task import DUPLICATE, EXTRACTED, FAILED, UNCHANGED, Engine, Options, Result, Task
from extractor.output.sink import Sink
from extractor.remote import is_url

AUDIT = "audit"
_RECENT = 64  # results kept in memory for their turn; the others are read back from the journal
_OPEN, _HELD = -1, -2  # instead of a line of the manifest: not done yet, held by the output already


@dataclass(slots=True)
class RunOptions:
    """What a run depends on besides its inputs. `audit` is the share of records put to review at random."""

    out: str
    form: str = "jsonl"
    model: str | None = None
    audit: float = 0.0
    force: bool = False
    fail_fast: bool = False
    limits: Options = field(default_factory=Options)


@dataclass(slots=True)
class Listener:
    """Who hears of a run as it goes: each record written, each failure, each input done."""

    record: Callable[[dict[str, Any]], None] = lambda record: None
    failure: Callable[[str, str], None] = lambda path, message: None
    progress: Callable[[Report], None] = lambda report: None


def run_directory(out: str) -> Path | None:
    """Where a run keeps its manifest and report: OUT.run beside OUT; none for standard output.

    For an output at an address it lies in the current directory.
    """
    if out == "-":
        return None
    place = Path(out.rstrip("/").rpartition("/")[2] if is_url(out) else os.path.normpath(out))
    if place.name in ("", ".."):
        place = Path(os.path.abspath(place))
    return place.with_name(place.name + ".run")


def run(names: list[str], options: RunOptions, engine: Engine, listener: Listener | None = None) -> Report:
    """Extract all inputs into the output, in input order.

    The output appears when all is done; a run that is stopped before leaves its directory, from which the same call
    goes on. Raises OutputError, JournalError and ModelError; failures of inputs are in the report.
    """
    model = model_identity(options.model)
    limits = asdict(options.limits)
    key = {"version": __version__, "model": model, "format": options.form, "audit": options.audit}
    key |= {name: limits[name] for name in ("max_bytes", "max_pages", "max_pixels")}
    costs = {name: limits[name] for name in ("seconds", "memory")}
    report = Report(version=__version__, model=model)
    kept = run_directory(options.out)
    with tempfile.TemporaryDirectory(prefix="form4-") as scratch:
        directory = kept or Path(scratch) / "run"
        sources = _sources(names, options.out, scratch, options.limits.max_bytes)
        with Journal(directory, key, options.force, costs) as journal, _sink(options, directory, key) as sink:
            runner = _Run(options, journal, sink, report, listener or Listener(), directory)
            try:
                runner.extract(engine, sources)
                if report.finished:
                    report.drift = measure_drift(report.summaries, options.model)
                    sink.commit()
            finally:
                runner.close()
                with suppress(OSError):  # no room for the report either: what stopped the run is what is to be said
                    report.save(directory)
            if report.finished:
                journal.settle(runner.lines())
    return report


def _sink(options: RunOptions, directory: Path, key: dict[str, Any]) -> Sink:
    stamp = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    return Sink(options.out, options.form, staging=directory / "staging", stamp=stamp, force=options.force)


class _Run:
    """The state of one run: which inputs are done, and what has been written.

    Results go to the journal as they come, in any order; outputs are written from there in input order. So memory does
    not grow with what waits for its turn: eight bytes an input.
    """

    def __init__(
        self,
        options: RunOptions,
        journal: Journal,
        sink: Sink,
        report: Report,
        listener: Listener,
        directory: Path,
    ) -> None:
        self._options = options
        self._journal = journal
        self._sink = sink
        self._report = report
        self._listener = listener
        self._lines = array("q")  # by input: where its line in the manifest begins
        self._outcomes = array("b")
        self._recent: dict[int, list[dict[str, Any]]] = {}
        self._turn = 0
        self._held: dict[int, tuple[str, str]] = {}
        self._review: IO[str] = open(directory / (REVIEW + ".part"), "w", encoding="utf-8")  # noqa: SIM115  close()
        self._review_place = directory / REVIEW

    def close(self) -> None:
        """Put the review list in place."""
        with suppress(OSError):
            self._review.close()
            os.replace(self._review.name, self._review_place)

    def lines(self) -> Iterator[int]:
        """The manifest's lines of the inputs, in input order."""
        return (line for line in self._lines if line >= 0)

    def extract(self, engine: Engine, sources: Iterator[Input]) -> None:
        """Run all inputs and write their records; `report.finished` says whether all are done."""
        with closing(_iterate(engine, self._tasks(sources))) as results:
            for result in results:
                self._report.done += 1
                if result.outcome == FAILED and self._options.fail_fast:
                    # not kept: whoever runs it again wants it tried again
                    self._count_failure(result)
                    return
                self._keep(result.index, self._journal.add(result), result.outcome, result.records)
                self._write()
        self._write()
        self._report.finished = True

    def _tasks(self, sources: Iterator[Input]) -> Iterator[Task]:
        """The inputs that must be read; what is known of the others is taken over on the way."""
        for index, source in enumerate(sources):
            self._lines.append(_OPEN)
            self._outcomes.append(0)
            sha256, size = digest_input(source, self._options.limits.limits)
            if not self._take_over(index, source, sha256):
                yield Task(index, source, size)
                continue
            self._report.done += 1
            if index - self._turn < 1000 or index % 1000 == 0:
                self._write()

    def _take_over(self, index: int, source: Input, sha256: str) -> bool:
        """Whether an input needs no reading, because these bytes have been read before."""
        kind = self._sink.held(sha256)
        if kind is not None:
            self._held[index] = (source.path, kind)
            self._keep(index, _HELD, UNCHANGED)
            return True
        line = self._journal.known(source.path)
        if line is not None:
            entry = self._journal.entry(line)
            if sha256 and entry["sha256"] == sha256:
                self._keep(index, line, FAILED if entry["outcome"] == FAILED else UNCHANGED)
                return True
        line = self._journal.twin(sha256)
        if line is None:
            return False
        entry = self._journal.entry(line)
        records = self._journal.records(entry)
        for record in records:
            record["source"]["path"] = source.path
        result = Result(index, source.path, EXTRACTED, sha256, entry["kind"], records)
        self._keep(index, self._journal.add(result), DUPLICATE, records)
        return True

    def _keep(self, index: int, line: int, outcome: str, records: list[dict[str, Any]] | None = None) -> None:
        self._lines[index] = line
        self._outcomes[index] = _OUTCOMES.index(outcome)
        if records is not None and len(self._recent) < _RECENT:
            self._recent[index] = records

    def _write(self) -> None:
        """Write all inputs whose turn has come."""
        while self._turn < len(self._lines) and self._lines[self._turn] != _OPEN:
            self._write_one(self._turn)
            self._turn += 1
        self._listener.progress(self._report)

    def _write_one(self, index: int) -> None:
        outcome = _OUTCOMES[self._outcomes[index]]
        if self._lines[index] == _HELD:
            path, kind = self._held.pop(index)
            self._report.count({"path": path, "kind": kind, "seconds": 0.0, "stages": {}}, outcome)
            return
        entry = self._journal.entry(self._lines[index])
        self._report.count(entry, outcome)
        if outcome == FAILED:
            self._listener.failure(entry["path"], entry["message"])
        records = self._recent.pop(index, None)
        for number, record in enumerate(self._journal.records(entry) if records is None else records):
            if self._options.audit and is_audited(record["source"]["sha256"], number, self._options.audit):
                record["needs_review"] = True
                record["review_reasons"] = [*record["review_reasons"], AUDIT]
            self._sink.write(record)
            self._report.count_record(record)
            if record["needs_review"]:
                self._list_for_review(record, number)
            self._listener.record(record)

    def _list_for_review(self, record: dict[str, Any], number: int) -> None:
        item = {
            "path": record["source"]["path"],
            "sha256": record["source"]["sha256"],
            "record": number,
            "pages": record["source"]["pages"],
            "confidence": record["confidence"],
            "reasons": record["review_reasons"],
        }
        self._review.write(json.dumps(item) + "\n")

    def _count_failure(self, result: Result) -> None:
        entry = {name: getattr(result, name) for name in ("path", "kind", "seconds", "stages", "error", "message")}
        self._report.count(entry, FAILED)
        self._listener.failure(result.path, result.message)


_OUTCOMES = (EXTRACTED, UNCHANGED, FAILED, DUPLICATE)


def _iterate(engine: Engine, tasks: Iterator[Task]) -> Generator[Result, None, None]:
    yield from engine.run(tasks)


def is_audited(sha256: str, number: int, share: float) -> bool:
    """Whether a record belongs to the sample that people look at whatever its confidence.

    Drawn by hash: the same records again in every run, whoever runs it and in whatever order.
    """
    draw = hashlib.sha256(f"{AUDIT}:{sha256}:{number}".encode()).digest()
    return int.from_bytes(draw[:8], "big") < share * 2**64


def model_identity(model: str | None) -> dict[str, Any]:
    """Name, version and checksum of the model that a run will use. Raises ModelError where there is none."""
    from extractor.errors import ModelError

    directory = _default_model() if model is None else Path(model)
    try:
        described = (directory / "model.json").read_bytes()
        meta = json.loads(described)
        name, version = str(meta["name"]), str(meta["version"])
    except FileNotFoundError:
        raise ModelError(f"{directory}: no model here (model.json is missing)") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{directory}: model.json cannot be read ({error})") from None
    return {"name": name, "version": version, "sha256": hashlib.sha256(described).hexdigest()}


def _default_model() -> Path:
    from extractor.pipeline import default_model_path

    return default_model_path()


def _sources(names: list[str], out: str, scratch: str, most: int) -> Iterator[Input]:
    """The inputs, without this run's own output; standard input is set down in a file, which workers can read."""
    skip = [] if out == "-" or is_url(out) else [out, str(run_directory(out)), f"{out}.part"]
    for source in find_inputs(names, skip):
        if source.path == STANDARD_INPUT:
            copy = Path(scratch) / "standard-input"
            with open(copy, "wb") as file:
                while file.tell() <= most and (part := sys.stdin.buffer.read(1 << 20)):
                    file.write(part)  # one that does not end is cut beyond the limit, where the reader refuses it
            source = replace(source, file=str(copy))
        yield source


__all__ = ["EXTRACTED", "FAILED", "UNCHANGED", "Listener", "RunOptions", "is_audited", "run", "run_directory"]
