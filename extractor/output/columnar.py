"""The tables as typed columns: for Parquet files, and from there for DuckDB.

Needs pyarrow, which `pip install 'form4[parquet]'` brings. Rows are gathered and written in groups of a fixed number,
so that memory stays bounded and the same records give the same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import Form4Error
from extractor.output.tables import FLAT_COLUMNS, TABLES, Record, TableBuilder, flat_rows, plain

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP = 20_000  # rows
_DATES = frozenset(
    (
        *("FILING_DATE", "PERIOD_OF_REPORT", "DATE_OF_ORIG_SUB", "TRANS_DATE", "DEEMED_EXECUTION_DATE"),
        *("EXERCISE_DATE", "EXCERCISE_DATE", "EXPIRATION_DATE", "OWNERSIGNATUREDATE"),
        *("period_of_report", "transaction_date", "deemed_execution_date", "exercise_date", "expiration_date"),
    )
)
_NUMBERS = frozenset(
    (
        *("TRANS_SHARES", "TRANS_PRICEPERSHARE", "TRANS_TOTAL_VALUE", "CONV_EXERCISE_PRICE", "UNDLYNG_SEC_SHARES"),
        *("UNDLYNG_SEC_VALUE", "SHRS_OWND_FOLWNG_TRANS", "VALU_OWND_FOLWNG_TRANS"),
        *("shares", "price_per_share", "shares_owned_following", "conversion_or_exercise_price"),
        *("underlying_security_shares", "row_confidence", "record_confidence"),
    )
)
_WHOLE = frozenset(
    (
        *("NONDERIV_TRANS_SK", "NONDERIV_HOLDING_SK", "DERIV_TRANS_SK", "DERIV_HOLDING_SK"),
        *("NO_SECURITIES_OWNED", "NOT_SUBJECT_SEC16", "FORM3_HOLDINGS_REPORTED", "FORM4_TRANS_REPORTED", "AFF10B5ONE"),
        *("EQUITY_SWAP_INVOLVED", "SOURCE_FIRST_PAGE", "SOURCE_LAST_PAGE", "NEEDS_REVIEW"),
        *("first_page", "last_page"),
    )
)
_TRUTHS = frozenset(("voluntary", "equity_swap_involved", "needs_review"))


def arrow_schema(columns: Iterable[str]) -> pa.Schema:
    """The types of columns by their names: dates, numbers (64-bit floats), whole numbers, truths, else text."""
    need("pyarrow", "parquet")
    import pyarrow as pa

    def kind(name: str) -> pa.DataType:
        if name in _DATES:
            return pa.date32()
        if name in _NUMBERS or name.endswith("_CONF"):
            return pa.float64()
        if name in _WHOLE:
            return pa.int64()
        return pa.bool_() if name in _TRUTHS else pa.string()

    return pa.schema([(name, kind(name)) for name in columns])


class ColumnFile:
    """One Parquet file being written, row by row."""

    def __init__(self, path: Path, columns: Iterable[str]) -> None:
        need("pyarrow", "parquet")
        import pyarrow.parquet as pq

        self._schema = arrow_schema(columns)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._columns: dict[str, list[Any]] = {name: [] for name in self._schema.names}
        self._convert = [(name, _CONVERT[str(self._schema.field(name).type)]) for name in self._schema.names]
        self._rows = 0

    def write(self, row: Mapping[str, Any]) -> None:
        """Add a row; columns that it lacks are null."""
        for name, convert in self._convert:
            value = row.get(name)
            self._columns[name].append(None if value is None else convert(value))
        self._rows += 1
        if self._rows >= _GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is left and the file's end."""
        if self._rows:
            self._flush()
        self._writer.close()

    def abandon(self) -> None:
        """Close without caring whether the file is whole."""
        with suppress(OSError):
            self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.table(self._columns, schema=self._schema), row_group_size=_GROUP)
        for values in self._columns.values():
            values.clear()
        self._rows = 0


class FlatColumns:
    """One row a transaction or holding, in one file."""

    def __init__(self, path: Path) -> None:
        self._file = ColumnFile(path, FLAT_COLUMNS)
        self.files = [self._file]

    def write(self, record: Record) -> None:
        """Add the rows of a record."""
        for row in flat_rows(record):
            self._file.write(row)


class TableColumns:
    """The eight tables of the SEC's data sets, each in its file."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._builder = TableBuilder()
        self._files = {table.name: ColumnFile(paths[table.name], table.header) for table in TABLES}
        self.files = list(self._files.values())

    def write(self, record: Record) -> None:
        """Add the rows of a record."""
        for table, row in self._builder.rows(record):
            self._files[table.name].write(row)


def need(module: str, extra: str) -> Any:
    """An optional package. Raises Form4Error that says how to install it."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        raise Form4Error(
            f"the format {extra} needs the package {module}, which is not installed: pip install 'form4[{extra}]'"
        ) from None


def clean_text(value: Any) -> str:
    """Text that UTF-8 can hold: half a pair of surrogates, as odd file names give, becomes its escape."""
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return text


def _date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


_CONVERT: dict[str, Any] = {
    "date32[day]": _date,
    "double": _number,
    "int64": _whole,
    "bool": lambda value: bool(value),
    "string": lambda value: clean_text(plain(value)),
}
