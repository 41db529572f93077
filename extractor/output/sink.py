"""Where records go: chooses format and files, and puts them in place in one step when all is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Protocol

from extractor.errors import Form4Error
from extractor.output.csv import FlatCsvWriter, TableCsvWriter
from extractor.output.jsonl import JsonlWriter, TextOut
from extractor.output.tables import TABLES, Record

FORMATS = ("jsonl", "csv", "parquet", "duckdb")
_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".duckdb": "duckdb",
}


class OutputError(Form4Error):
    """An output that cannot be written as asked."""


class Writer(Protocol):
    def write(self, record: Record) -> None: ...


def format_for(out: str, asked: str | None = None) -> str:
    """The format asked for, else what the name of `out` says, else "jsonl". Raises OutputError for those to come."""
    chosen = asked or _BY_SUFFIX.get(Path(out).suffix.lower(), "jsonl")
    if chosen not in ("jsonl", "csv"):
        raise OutputError(f"the format {chosen} is not available in this version; use jsonl or csv")
    return chosen


def is_directory(out: str, form: str) -> bool:
    """Whether an output is a directory of files rather than one file.

    A directory is what exists as one, or ends in a slash; for csv also any name that does not end in ".csv".
    """
    if out == "-":
        return False
    if out.endswith(("/", os.sep)) or Path(out).is_dir():
        return True
    return form == "csv" and Path(out).suffix.lower() != ".csv"


class Sink:
    """Takes records in order; `commit` puts the finished files in place, leaving without it takes them away.

    Files are written beside their place with ".part" behind the name, so that a reader never sees half of one.
    """

    def __init__(self, out: str, form: str) -> None:
        self._stack = ExitStack()
        self._moves: list[tuple[Path, Path]] = []
        self._writer = self._open(out, form)

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        for part, _place in self._moves:
            part.unlink(missing_ok=True)

    def write(self, record: Record) -> None:
        self._writer.write(record)

    def commit(self) -> None:
        """Close the files and move each to its place."""
        self._stack.close()
        for part, place in self._moves:
            os.replace(part, place)
        self._moves.clear()

    def _open(self, out: str, form: str) -> Writer:
        single: Callable[[TextOut], Writer] = JsonlWriter if form == "jsonl" else FlatCsvWriter
        try:
            if out == "-":
                return single(_Flushing(sys.stdout))
            if not is_directory(out, form):
                return single(self._part(Path(out)))
            folder = Path(out)
            folder.mkdir(parents=True, exist_ok=True)
            if form == "jsonl":
                return JsonlWriter(self._part(folder / "records.jsonl"))
            return TableCsvWriter({table.name: self._part(folder / f"{table.name}.csv") for table in TABLES})
        except OSError as error:
            self._stack.close()
            raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from None

    def _part(self, place: Path) -> IO[str]:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(place.name + ".part")
        # file names that are no valid Unicode come out as escapes, which JSON reads back
        stream = open(part, "w", encoding="utf-8", errors="backslashreplace", newline="")  # noqa: SIM115
        self._moves.append((part, place))
        return self._stack.enter_context(stream)


class _Flushing:
    """Standard output that passes each record on at once: pipes get it as soon as it is there."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        count = self._stream.write(text)
        self._stream.flush()
        return count
