"""Records that people corrected, back into annotations: our JSON Lines edited by hand, or CSV tables of corrected rows.

A corrected record names its document (`source`), which is read again; its values are laid on the tokens
(training.exchange.alignment), and what could not be placed is reported, not guessed.
"""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from extractor.document import Document
from extractor.errors import AnnotationError, InputError
from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS
from extractor.output.tables import DERIV_HOLDING, DERIV_TRANS, NONDERIV_HOLDING, NONDERIV_TRANS
from extractor.pipeline import extract_filing
from extractor.readers import read
from extractor.tagging.filings import find_filings
from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument
from training.comparing import same
from training.exchange.alignment import Gap, align
from training.exchange.wanted import as_field, value_of

Record = dict[str, Any]
_SEC_TABLES = {
    spec.name: (spec, "derivative" if spec.name.startswith("DERIV") else "non_derivative")
    for spec in (NONDERIV_TRANS, NONDERIV_HOLDING, DERIV_TRANS, DERIV_HOLDING)
}
_NUMBERS = frozenset(
    (
        "shares",
        "price_per_share",
        "shares_owned_following",
        "conversion_or_exercise_price",
        "underlying_security_shares",
    )
)
_DATES = frozenset(("transaction_date", "deemed_execution_date", "exercise_date", "expiration_date"))
_Convert = Callable[[Mapping[str, str]], tuple[tuple[str, str | None], Record]]
_FLAGS = frozenset(("voluntary", "equity_swap_involved"))


@dataclass(slots=True)
class Imported:
    """One corrected record as an annotation, or why it could not become one (`problem`, then `annotation` is None)."""

    document: str
    annotation: AnnotatedDocument | None = None
    gaps: list[Gap] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    problem: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "problem": self.problem,
            "spans": len(self.annotation.spans) if self.annotation else 0,
            "searched_and_found": self.found,
            "gaps": [asdict(gap) for gap in self.gaps],
        }


@dataclass(slots=True)
class _Rows:
    """Corrected rows of one document from a CSV: those of the tables that the CSV speaks of."""

    key: str
    tables: dict[tuple[str, str | None], list[Record]] = field(default_factory=dict)
    """Rows by table and, where the CSV holds rows of one kind only, by that kind."""


def import_corrections(paths: Sequence[Path], model: TaggerModel, documents: Path | None = None) -> Iterator[Imported]:
    """Annotations from corrected records (.jsonl, .json) and corrected rows (.csv), one a filing.

    `documents` is a folder to look for the documents in by their file name, where their paths no longer hold. Rows of
    a CSV replace the tables that the model itself reads in that document; the rest of its record stays as read.
    Raises AnnotationError where a file is neither.
    """
    finder = _Finder(documents, model)
    for path in paths:
        if path.suffix.lower() == ".csv":
            for rows in read_rows(path):
                yield finder.rows(rows)
        else:
            for record in read_records(path):
                yield finder.record(record)


def read_records(path: Path) -> Iterator[Record]:
    """Records of a JSON Lines file, or of a JSON file with one record or a list of them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise AnnotationError(f"{path}: {exc.strerror}") from exc
    try:
        whole = json.loads(text)
        records = whole if isinstance(whole, list) else [whole]
    except json.JSONDecodeError:
        records = []
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    records.append(json.loads(line))
                except json.JSONDecodeError as exc:
                    raise AnnotationError(f"{path}:{number}: {exc}") from exc
    for record in records:
        if not isinstance(record, dict) or not isinstance(record.get("source"), dict):
            raise AnnotationError(f"{path}: holds something that is no record (no `source`)")
        yield record


def read_rows(path: Path) -> Iterator[_Rows]:
    """Corrected rows by document, from a CSV in our flat form or in one of the SEC's table forms.

    Flat (as `extract -o rows.csv` and `Filing.to_frame()` write): `source_path` names the document, `table` is
    non_derivative or derivative, the rest are row fields. SEC (as `extract -o folder --format csv` writes): the header
    is that of NONDERIV_TRANS and its like; ACCESSION_NUMBER, which begins as the document's hash does, names it.
    """
    text = path.read_text(encoding="utf-8-sig")
    reader = csv.DictReader(io.StringIO(text))
    names = set(reader.fieldnames or ())
    key = next((name for name in ("source_path", "path", "sha256", "ACCESSION_NUMBER") if name in names), None)
    if key is None:
        raise AnnotationError(f"{path}: no column names the document (source_path, sha256 or ACCESSION_NUMBER)")
    convert = _sec_row(path, names) if key == "ACCESSION_NUMBER" else _flat_row(path, names)
    found: dict[str, _Rows] = {}
    for number, line in enumerate(reader, 2):
        rows = found.setdefault(line[key], _Rows(line[key]))
        try:
            part, row = convert(line)
        except ValueError as exc:
            raise AnnotationError(f"{path}:{number}: {exc}") from exc
        rows.tables.setdefault(part, []).append(row)
    yield from found.values()


def _flat_row(path: Path, names: set[str]) -> _Convert:
    if "table" not in names:
        raise AnnotationError(f"{path}: no column `table`")

    def convert(line: Mapping[str, str]) -> tuple[tuple[str, str | None], Record]:
        table = line["table"]
        if table not in ("non_derivative", "derivative"):
            raise ValueError(f"table is {table!r}, not non_derivative or derivative")
        fields = ROW_FIELDS + DERIVATIVE_ONLY_FIELDS if table == "derivative" else ROW_FIELDS
        return (table, None), _typed({name: line.get(name) or "" for name in fields}, line.get("footnotes"))

    return convert


def _sec_row(path: Path, names: set[str]) -> _Convert:
    fitting = [name for name in _SEC_TABLES if f"{name}_SK" in names]
    if len(fitting) != 1:
        raise AnnotationError(f"{path}: not one of the tables {', '.join(_SEC_TABLES)}")
    spec, table = _SEC_TABLES[fitting[0]]
    kind = "holding" if spec.name.endswith("HOLDING") else "transaction"

    def convert(line: Mapping[str, str]) -> tuple[tuple[str, str | None], Record]:
        return (table, kind), _typed({name: line.get(column) or "" for column, name in spec.fields.items()}, None)

    return convert


def _typed(texts: Mapping[str, str], marks: str | None) -> Record:
    """A row of plain values from the texts of a CSV; ValueError for a number or date that is none."""
    row: Record = {}
    for name, text in texts.items():
        text = text.strip()
        if text.startswith("'") and text[1:2] in tuple("=+-@"):
            text = text[1:]  # the guard against formulas that our own CSV writes
        if not text:
            row[name] = None
        elif name in _NUMBERS:
            number = float(re.sub(r"[$,\s]", "", text))
            row[name] = int(number) if number.is_integer() else number
        elif name in _DATES:
            row[name] = _iso(text)
        elif name in _FLAGS:
            row[name] = True if text.casefold() in ("true", "1", "v", "yes", "x") else None
        else:
            row[name] = text
    moved = any(row.get(name) is not None for name in ("transaction_date", "transaction_code", "shares"))
    row["kind"] = "transaction" if moved else "holding"
    row["footnotes"] = [int(mark) for mark in re.findall(r"\d+", marks or "")]
    return row


def _iso(text: str) -> str:
    """A date as spreadsheets give it back: ISO, with or without a time, the SEC's "02-JAN-2024", or "1/2/2024"."""
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise ValueError(f"{text!r} is no date")


class _Finder:
    """Documents of corrected records, read once each."""

    def __init__(self, folder: Path | None, model: TaggerModel) -> None:
        self._folder, self._model = folder, model
        self._parts: dict[Path, list[Document]] = {}
        self._uses: dict[Path, int] = defaultdict(int)

    def record(self, record: Record) -> Imported:
        """One corrected record."""
        source = record["source"]
        name = str(source.get("path") or source.get("sha256") or "?")
        try:
            path = self._path(name, source.get("sha256"))
            part, number = self._part(path, source.get("pages"))
        except (InputError, AnnotationError, OSError) as exc:
            return Imported(name, problem=str(exc))
        return self._aligned(name, part, number, record)

    def rows(self, rows: _Rows) -> Imported:
        """The tables of one document; what the CSV does not speak of is as the model reads it."""
        try:
            path = self._path(rows.key, rows.key)
            part, number = self._part(path, None)
        except (InputError, AnnotationError, OSError) as exc:
            return Imported(rows.key, problem=str(exc))
        record = extract_filing(part, self._model).to_dict()
        for (table, kind), corrected in rows.tables.items():
            record[table] = _in_place(record[table], corrected, kind)
        return self._aligned(rows.key, part, number, record)

    def _path(self, name: str, sha256: str | None) -> Path:
        name = re.sub(r"^([0-9a-f]{20})-\d+$", r"\1", name)
        sha256 = re.sub(r"^([0-9a-f]{20})-\d+$", r"\1", sha256) if sha256 else None
        tried = [Path(name)]
        if self._folder is not None:
            tried = [*sorted(self._folder.rglob(Path(name).name)), *tried] if Path(name).name else tried
        for path in tried:
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                if not sha256 or not re.fullmatch(r"[0-9a-f]{64}", sha256) or digest == sha256:
                    return path
        if self._folder is not None and sha256 and re.fullmatch(r"[0-9a-f]{20,64}", sha256):
            for path in sorted(p for p in self._folder.rglob("*") if p.is_file()):
                if hashlib.sha256(path.read_bytes()).hexdigest().startswith(sha256):
                    return path
        where = f" nor below {self._folder}" if self._folder else ""
        raise AnnotationError(f"the document is neither at its path{where}, or it is not the same file any more")

    def _part(self, path: Path, pages: Sequence[int] | None) -> tuple[Document, int]:
        """The filing of a document that a record is about: by its pages, else in the order of the records."""
        if path not in self._parts:
            document = read(path.read_bytes(), str(path)).document
            if document is None:
                raise AnnotationError("an XML filing is parsed exactly and needs no annotation")
            self._parts[path] = [part for part, _ in find_filings(document)] or [document]
        parts = self._parts[path]
        if len(parts) > 1 and pages:
            spans = [[min(p.number for p in part.pages), max(p.number for p in part.pages)] for part in parts]
            if spans.count(list(pages)) == 1:
                number = spans.index(list(pages))
                return parts[number], number
        number = min(self._uses[path], len(parts) - 1)
        self._uses[path] += 1
        return parts[number], number

    def _aligned(self, name: str, part: Document, number: int, record: Record) -> Imported:
        alignment = align(part, record, self._model)
        plain = plain_record(record)
        owner = next((o.get("name") for o in plain.get("reporting_owners") or []), None)
        meta: dict[str, Any] = {"source": "corrected"} | ({"owner_key": str(owner)} if owner else {})
        item = AnnotatedDocument(f"{Path(name).name}#{number}", part, alignment.spans, meta, plain)
        return Imported(name, item, alignment.gaps, alignment.found)


def _in_place(read_rows: list[Record], corrected: Sequence[Record], kind: str | None) -> list[Record]:
    """A table with its rows (of one kind, or all) replaced by corrected ones; rows of the other kind stay in place."""
    if kind is None:
        return merge_rows(read_rows, corrected)
    merged = merge_rows([row for row in read_rows if row["kind"] == kind], corrected)
    out: list[Record] = []
    for row in read_rows:
        if row["kind"] != kind:
            out.append(row)
        elif merged:
            out.append(merged.pop(0))
    last = max((i for i, row in enumerate(out) if row["kind"] == kind), default=len(out) - 1) + 1
    return [*out[:last], *merged, *out[last:]]


def merge_rows(read_rows: Sequence[Record], corrected: Sequence[Record]) -> list[Record]:
    """Corrected plain rows, each with the places of the row that was read there, so that what was right is not
    searched for anew. Rows are matched by their values."""
    from training.comparing import match_best

    names = [name for name in ROW_FIELDS + DERIVATIVE_ONLY_FIELDS if any(name in row for row in corrected)]
    plain = [{name: value_of(row.get(name)) for name in names} for row in read_rows]
    pairs = match_best(corrected, plain, names)
    out: list[Record] = []
    for i, row in enumerate(corrected):
        before = copy.deepcopy(read_rows[pairs[i]]) if i in pairs else {}
        merged: Record = {"kind": row["kind"], "footnotes": before.get("footnotes", row["footnotes"])}
        for name in ROW_FIELDS + DERIVATIVE_ONLY_FIELDS:
            if name not in row:
                if name in before:
                    merged[name] = before[name]
                continue
            old = as_field(before.get(name))
            merged[name] = row[name] if old is None else {**old, "value": row[name]}
            if old is not None and same(old["value"], row[name]):
                merged[name] = old
        out.append(merged)
    return out


def plain_record(record: Mapping[str, Any]) -> Record:
    """A record as annotations hold it: values without confidence and place, without what extraction says of itself."""
    dropped = ("source", "model", "confidence", "needs_review", "review_reasons", "checks")
    return {key: _without_fields(value) for key, value in record.items() if key not in dropped}


def _without_fields(entry: Any) -> Any:
    if as_field(entry) is not None:
        return entry["value"]
    if isinstance(entry, Mapping):
        return {key: _without_fields(value) for key, value in entry.items() if key != "confidence"}
    if isinstance(entry, list):
        return [_without_fields(value) for value in entry]
    return entry


def write_report(path: Path, results: Iterable[Imported]) -> None:
    """The report of an import, one JSON line a record."""
    lines = [json.dumps(result.to_dict(), ensure_ascii=False) for result in results]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
