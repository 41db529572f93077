"""DuckDB: one file with the tables of the SEC's data sets, to which runs add and in which documents are replaced.

Rows are set down in Parquet files first and loaded in a single transaction when the run is done: a database never
holds half a run. A document is known by the SHA-256 of its bytes; loading it again replaces all its rows. The table
FORM4_LOADS keeps, by document, what its records depended on, so that the same document under the same model and options
need not be read again. Needs duckdb, which `pip install 'form4[duckdb]'` brings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractor.errors import Form4Error
from extractor.output.columnar import TableColumns, arrow_schema, need
from extractor.output.tables import TABLES, Record

_LOADS = "FORM4_LOADS"
_TYPES = {"date32[day]": "DATE", "double": "DOUBLE", "int64": "BIGINT", "bool": "BOOLEAN", "string": "VARCHAR"}


class DatabaseError(Form4Error):
    """A database that cannot be opened or written."""


class DuckDbWriter:
    """Gathers records in Parquet files below `staging`, and loads them into the database at `place`.

    `stamp` stands for what records depend on. Of a document that comes twice in a run the first counts.
    """

    def __init__(self, place: Path, staging: Path, stamp: str, force: bool = False) -> None:
        need("duckdb", "duckdb")
        self._place = place
        self._stamp = stamp
        self._paths = {table.name: staging / f"{table.name}.parquet" for table in TABLES}
        staging.mkdir(parents=True, exist_ok=True)
        self._held: dict[bytes, str] = {} if force else self._loaded()
        self._tables = TableColumns(self._paths)
        self.files = self._tables.files
        self._seen: set[bytes] = set()
        self._at: bytes = b""

    def held(self, sha256: str) -> str | None:
        """The kind of a document that the database holds already, by the same model and options; else None."""
        return self._held.get(bytes.fromhex(sha256)) if sha256 else None

    def write(self, record: Record) -> None:
        """Add a record. All records of a document come one after the other."""
        key = bytes.fromhex(record["source"]["sha256"])
        path = record["source"]["path"].encode("utf-8", errors="surrogatepass")
        if key in self._seen and self._at != key + path:
            return
        self._seen.add(key)
        self._at = key + path
        self._tables.write(record)

    def load(self) -> None:
        """Put the gathered rows, whose files are closed, into the database: all of them or none."""
        connection = self._connect(read_only=False)
        try:
            connection.execute("BEGIN")
            self._create(connection)
            connection.execute("CREATE TEMP TABLE gone AS SELECT ACCESSION_NUMBER FROM SUBMISSION WHERE FALSE")
            staged = f"read_parquet({_text(str(self._paths['SUBMISSION']))})"
            connection.execute(
                "INSERT INTO gone SELECT ACCESSION_NUMBER FROM SUBMISSION "
                f"WHERE SOURCE_SHA256 IN (SELECT SOURCE_SHA256 FROM {staged})"
            )
            for table in TABLES:
                self._load_table(connection, table.name, table.header)
            connection.execute(f"DELETE FROM {_LOADS} WHERE SOURCE_SHA256 IN (SELECT SOURCE_SHA256 FROM {staged})")
            connection.execute(
                f"INSERT INTO {_LOADS} SELECT SOURCE_SHA256, min(SOURCE_KIND), ? FROM {staged} "
                "GROUP BY SOURCE_SHA256 ORDER BY SOURCE_SHA256",
                [self._stamp],
            )
            connection.execute("DROP TABLE gone")
            connection.execute("COMMIT")
        except Exception as error:  # duckdb has a tree of its own; whatever it is, nothing was loaded
            raise DatabaseError(f"{self._place}: the records could not be loaded: {error}") from None
        finally:
            connection.close()
        self.clear()

    def clear(self) -> None:
        """Take the gathered rows away."""
        for path in self._paths.values():
            path.unlink(missing_ok=True)

    def _load_table(self, connection: Any, name: str, header: tuple[str, ...]) -> None:
        connection.execute(f"DELETE FROM {name} WHERE ACCESSION_NUMBER IN (SELECT ACCESSION_NUMBER FROM gone)")
        number = f"{name}_SK"
        staged = f"read_parquet({_text(str(self._paths[name]))}, file_row_number = true)"
        columns = ", ".join(header)
        if number not in header:
            connection.execute(
                f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {staged} ORDER BY file_row_number"
            )
            return
        # numbers count on over all runs
        (top,) = connection.execute(f"SELECT coalesce(max({number}), 0) FROM {name}").fetchone()
        values = columns.replace(number, f"{number} + {int(top)}", 1)
        connection.execute(f"INSERT INTO {name} ({columns}) SELECT {values} FROM {staged} ORDER BY file_row_number")

    def _create(self, connection: Any) -> None:
        for table in TABLES:
            columns = ", ".join(f"{item.name} {_TYPES[str(item.type)]}" for item in arrow_schema(table.header))
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table.name} ({columns})")
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {_LOADS} (SOURCE_SHA256 VARCHAR, SOURCE_KIND VARCHAR, STAMP VARCHAR)"
        )

    def _loaded(self) -> dict[bytes, str]:
        if not self._place.exists():
            return {}
        connection = self._connect(read_only=True)
        try:
            rows = connection.execute(
                f"SELECT SOURCE_SHA256, SOURCE_KIND FROM {_LOADS} WHERE STAMP = ? "
                "AND SOURCE_SHA256 IN (SELECT SOURCE_SHA256 FROM SUBMISSION)",
                [self._stamp],
            ).fetchall()
        except need("duckdb", "duckdb").CatalogException:  # a database of somebody else's
            return {}
        finally:
            connection.close()
        return {bytes.fromhex(sha256): kind for sha256, kind in rows}

    def _connect(self, read_only: bool) -> Any:
        duckdb = need("duckdb", "duckdb")
        try:
            return duckdb.connect(str(self._place), read_only=read_only)
        except duckdb.Error as error:
            raise DatabaseError(f"{self._place}: the database cannot be opened: {error}") from None


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
