"""Where records go: chooses format and files, and puts them in place in one step when all is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from extractor.errors import Form4Error
from extractor.output.csv import FlatCsvWriter, TableCsvWriter
from extractor.output.jsonl import JsonlWriter, TextOut
from extractor.output.tables import TABLES, Record
from extractor.remote import is_url, put

if TYPE_CHECKING:
    from extractor.output.columnar import ColumnFile
    from extractor.output.duckdb import DuckDbWriter

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
    """The format asked for, else what the name of `out` says, else "jsonl".

    Raises OutputError for one that cannot go to standard output, Form4Error where the packages for it are missing.
    """
    chosen = asked or _BY_SUFFIX.get(Path(out).suffix.lower(), "jsonl")
    if chosen in ("parquet", "duckdb"):
        if out == "-":
            raise OutputError(f"{chosen} needs a file as output; jsonl and csv go to standard output")
        from extractor.output.columnar import need

        need("pyarrow", chosen)
        if chosen == "duckdb":
            need("duckdb", chosen)
            if is_directory(out, chosen):
                raise OutputError(f"{out}: duckdb needs the name of a file as output")
    return chosen


def is_directory(out: str, form: str) -> bool:
    """Whether an output is a directory of files rather than one file.

    A directory is what exists as one, or ends in a slash; for csv and parquet also any name without that ending.
    """
    if out == "-":
        return False
    if out.endswith(("/", os.sep)) or Path(out).is_dir():
        return True
    return form in ("csv", "parquet") and Path(out).suffix.lower() != f".{form}"


class Sink:
    """Takes records in order; `commit` puts the finished files in place, leaving without it takes them away.

    Files are written beside their place with ".part" behind the name, so that a reader never sees half of one.
    What goes to a database or to an address is gathered below `staging` first. `stamp` stands for what records depend
    on, `force` makes databases replace what they hold.
    """

    def __init__(
        self, out: str, form: str, *, staging: Path | None = None, stamp: str = "", force: bool = False
    ) -> None:
        self._stack = ExitStack()
        self._moves: list[tuple[Path, Path]] = []
        self._columns: list[ColumnFile] = []
        self._database: DuckDbWriter | None = None
        self._address = out if is_url(out) else None
        staging = staging or Path(f"{out}.staging")
        place = out
        if self._address:
            name = out.rstrip("/").rpartition("/")[2]
            place = str(staging / name) + ("/" if out.endswith("/") else "")
        try:
            self._writer = self._open(place, form, staging, stamp, force)
        except OSError as error:
            self._abandon()
            raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from None

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self._abandon()

    def write(self, record: Record) -> None:
        """Add a record."""
        self._writer.write(record)

    def held(self, sha256: str) -> str | None:
        """The kind of a document whose records the output holds already, from an earlier run; else None."""
        return self._database.held(sha256) if self._database else None

    def commit(self) -> None:
        """Close the files and put each in its place."""
        for column in self._columns:
            column.close()
        self._columns.clear()
        self._stack.close()
        for part, place in self._moves:
            _to_disk(part)
            os.replace(part, place)
        if self._database:
            self._database.load()
        if self._address:
            self._send(self._address)
        self._moves.clear()

    def _send(self, address: str) -> None:
        several = address.endswith("/") or len(self._moves) > 1
        for _, place in self._moves:
            put(place, f"{address.rstrip('/')}/{place.name}" if several else address)
            place.unlink()

    def _abandon(self) -> None:
        for column in self._columns:
            column.abandon()
        with suppress(OSError):  # a full disk has been reported already
            self._stack.close()
        for part, _place in self._moves:
            part.unlink(missing_ok=True)
        if self._database:
            self._database.clear()

    def _open(self, out: str, form: str, staging: Path, stamp: str, force: bool) -> Writer:
        single: Callable[[TextOut], Writer] = JsonlWriter if form == "jsonl" else FlatCsvWriter
        if out == "-":
            return single(_Flushing(sys.stdout))
        if form == "duckdb":
            return self._open_database(Path(out), staging, stamp, force)
        if form == "parquet":
            return self._open_columns(out)
        if not is_directory(out, form):
            return single(self._part(Path(out)))
        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        if form == "jsonl":
            return JsonlWriter(self._part(folder / "records.jsonl"))
        return TableCsvWriter({table.name: self._part(folder / f"{table.name}.csv") for table in TABLES})

    def _open_columns(self, out: str) -> Writer:
        from extractor.output.columnar import FlatColumns, TableColumns

        if is_directory(out, "parquet"):
            parts = {table.name: self._part_path(Path(out) / f"{table.name}.parquet") for table in TABLES}
            tables = TableColumns(parts)
            self._columns = tables.files
            return tables
        flat = FlatColumns(self._part_path(Path(out)))
        self._columns = flat.files
        return flat

    def _open_database(self, place: Path, staging: Path, stamp: str, force: bool) -> Writer:
        from extractor.output.duckdb import DuckDbWriter

        if self._address:
            raise OutputError(f"{self._address}: a duckdb file must be on a disk")
        place.parent.mkdir(parents=True, exist_ok=True)
        self._database = DuckDbWriter(place, staging, stamp, force)
        self._columns = self._database.files
        return self._database

    def _part_path(self, place: Path) -> Path:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(place.name + ".part")
        self._moves.append((part, place))
        return part

    def _part(self, place: Path) -> IO[str]:
        # file names that are no valid Unicode come out as escapes, which JSON reads back
        part = self._part_path(place)
        stream = open(part, "w", encoding="utf-8", errors="backslashreplace", newline="")  # noqa: SIM115
        return self._stack.enter_context(stream)


def _to_disk(path: Path) -> None:
    """What takes the place of an earlier output must outlive a power cut."""
    with open(path, "rb") as stream:
        os.fsync(stream.fileno())


class _Flushing:
    """Standard output that passes each record on at once: pipes get it as soon as it is there."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        count = self._stream.write(text)
        self._stream.flush()
        return count
