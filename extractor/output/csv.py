"""CSV: the SEC's tables as files in a directory, or one flat table."""

from __future__ import annotations

import csv
from typing import Any

from extractor.output.jsonl import TextOut
from extractor.output.tables import FLAT_COLUMNS, TABLES, Record, TableBuilder, flat_rows, plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def defuse(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.

    >>> defuse("=HYPERLINK(1)"), defuse(-4.5), defuse("Common Stock")
    ("'=HYPERLINK(1)", -4.5, 'Common Stock')
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


class FlatCsvWriter:
    """One line a transaction or holding."""

    def __init__(self, stream: TextOut) -> None:
        self._writer = csv.DictWriter(stream, FLAT_COLUMNS, lineterminator="\n")
        self._writer.writeheader()

    def write(self, record: Record) -> None:
        for row in flat_rows(record):
            self._writer.writerow({name: defuse(plain(value)) for name, value in row.items()})


class TableCsvWriter:
    """The eight tables of the SEC's data sets, each to its stream, by table name."""

    def __init__(self, streams: dict[str, TextOut]) -> None:
        self._builder = TableBuilder()
        self._writers = {
            table.name: csv.DictWriter(streams[table.name], table.header, lineterminator="\n", restval="")
            for table in TABLES
        }
        for writer in self._writers.values():
            writer.writeheader()

    def write(self, record: Record) -> None:
        for table, row in self._builder.rows(record):
            self._writers[table.name].writerow({name: defuse(value) for name, value in row.items()})
