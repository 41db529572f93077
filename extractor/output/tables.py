"""Filing records as flat tables, named as in the SEC's "Insider Transactions Data Sets".

Each table is described by its columns in the SEC's order; a column of a printed value names the record's field it comes
from. Behind the SEC's columns come ours: a `*_CONF` for each printed value and, in SUBMISSION, where the record came
from. Works on records as plain dictionaries (`Filing.to_dict()`), so that stored runs convert without reading again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS

Record = dict[str, Any]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: its name, the SEC's columns in order, and for those with printed values the field they show."""

    name: str
    columns: tuple[str, ...]
    fields: dict[str, str]
    extra: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        return self.columns + tuple(f"{column}_CONF" for column in self.fields) + self.extra


def _with_marks(*columns: str) -> tuple[str, ...]:
    return tuple(name for column in columns for name in (column, f"{column}_FN"))


_OWNED = _with_marks(
    "SHRS_OWND_FOLWNG_TRANS", "VALU_OWND_FOLWNG_TRANS", "DIRECT_INDIRECT_OWNERSHIP", "NATURE_OF_OWNERSHIP"
)
_OWNED_FIELDS = {
    "SHRS_OWND_FOLWNG_TRANS": "shares_owned_following",
    "DIRECT_INDIRECT_OWNERSHIP": "direct_or_indirect",
    "NATURE_OF_OWNERSHIP": "nature_of_ownership",
}
_DEALT = (
    *_with_marks("TRANS_DATE", "DEEMED_EXECUTION_DATE"),
    *("TRANS_FORM_TYPE", "TRANS_CODE", "EQUITY_SWAP_INVOLVED", "EQUITY_SWAP_TRANS_CD_FN"),
    *_with_marks("TRANS_TIMELINESS"),
)
_DEALT_FIELDS = {
    "TRANS_DATE": "transaction_date",
    "DEEMED_EXECUTION_DATE": "deemed_execution_date",
    "TRANS_CODE": "transaction_code",
    "EQUITY_SWAP_INVOLVED": "equity_swap_involved",
    "TRANS_SHARES": "shares",
    "TRANS_PRICEPERSHARE": "price_per_share",
    "TRANS_ACQUIRED_DISP_CD": "acquired_disposed",
}
_UNDERLYING = _with_marks("UNDLYNG_SEC_TITLE", "UNDLYNG_SEC_SHARES", "UNDLYNG_SEC_VALUE")
_DERIVED_FIELDS = {
    "CONV_EXERCISE_PRICE": "conversion_or_exercise_price",
    "EXPIRATION_DATE": "expiration_date",
    "UNDLYNG_SEC_TITLE": "underlying_security_title",
    "UNDLYNG_SEC_SHARES": "underlying_security_shares",
}
_TITLE = _with_marks("SECURITY_TITLE")
_TITLE_FIELD = {"SECURITY_TITLE": "security_title"}
_ROW_EXTRA = ("ROW_CONF",)

SUBMISSION = TableSpec(
    "SUBMISSION",
    (
        *("ACCESSION_NUMBER", "FILING_DATE", "PERIOD_OF_REPORT", "DATE_OF_ORIG_SUB", "NO_SECURITIES_OWNED"),
        *("NOT_SUBJECT_SEC16", "FORM3_HOLDINGS_REPORTED", "FORM4_TRANS_REPORTED", "DOCUMENT_TYPE", "ISSUERCIK"),
        *("ISSUERNAME", "ISSUERTRADINGSYMBOL", "REMARKS", "AFF10B5ONE"),
    ),
    {
        "PERIOD_OF_REPORT": "period_of_report",
        "DATE_OF_ORIG_SUB": "date_of_original_submission",
        "NO_SECURITIES_OWNED": "no_securities_owned",
        "NOT_SUBJECT_SEC16": "not_subject_to_section_16",
        "FORM3_HOLDINGS_REPORTED": "form3_holdings_reported",
        "FORM4_TRANS_REPORTED": "form4_transactions_reported",
        "DOCUMENT_TYPE": "form_type",
        "ISSUERCIK": "issuer.cik",
        "ISSUERNAME": "issuer.name",
        "ISSUERTRADINGSYMBOL": "issuer.ticker",
        "REMARKS": "remarks",
        "AFF10B5ONE": "aff10b5_one",
    },
    (
        *("SOURCE_SHA256", "SOURCE_PATH", "SOURCE_KIND", "SOURCE_FIRST_PAGE", "SOURCE_LAST_PAGE"),
        *("RECORD_CONF", "NEEDS_REVIEW", "REVIEW_REASONS", "MODEL_NAME", "MODEL_VERSION"),
    ),
)
REPORTINGOWNER = TableSpec(
    "REPORTINGOWNER",
    (
        *("ACCESSION_NUMBER", "RPTOWNERCIK", "RPTOWNERNAME", "RPTOWNER_RELATIONSHIP", "RPTOWNER_TITLE", "RPTOWNER_TXT"),
        *("RPTOWNER_STREET1", "RPTOWNER_STREET2", "RPTOWNER_CITY", "RPTOWNER_STATE", "RPTOWNER_ZIPCODE"),
        *("RPTOWNER_STATE_DESC", "FILE_NUMBER"),
    ),
    {
        "RPTOWNERCIK": "cik",
        "RPTOWNERNAME": "name",
        "RPTOWNER_TITLE": "officer_title",
        "RPTOWNER_TXT": "other_text",
        "RPTOWNER_STREET1": "street",
        "RPTOWNER_CITY": "city",
        "RPTOWNER_STATE": "state",
        "RPTOWNER_ZIPCODE": "zip",
        "RPTOWNER_STATE_DESC": "country",
    },
)
NONDERIV_TRANS = TableSpec(
    "NONDERIV_TRANS",
    (
        *("ACCESSION_NUMBER", "NONDERIV_TRANS_SK", *_TITLE, *_DEALT),
        *_with_marks("TRANS_SHARES", "TRANS_PRICEPERSHARE", "TRANS_ACQUIRED_DISP_CD"),
        *_OWNED,
    ),
    _TITLE_FIELD | _DEALT_FIELDS | _OWNED_FIELDS,
    _ROW_EXTRA,
)
NONDERIV_HOLDING = TableSpec(
    "NONDERIV_HOLDING",
    ("ACCESSION_NUMBER", "NONDERIV_HOLDING_SK", *_TITLE, *_with_marks("TRANS_FORM_TYPE"), *_OWNED),
    _TITLE_FIELD | _OWNED_FIELDS,
    _ROW_EXTRA,
)
DERIV_TRANS = TableSpec(
    "DERIV_TRANS",
    (
        *("ACCESSION_NUMBER", "DERIV_TRANS_SK", *_TITLE, *_with_marks("CONV_EXERCISE_PRICE"), *_DEALT),
        *_with_marks("TRANS_SHARES", "TRANS_TOTAL_VALUE", "TRANS_PRICEPERSHARE", "TRANS_ACQUIRED_DISP_CD"),
        *_with_marks("EXCERCISE_DATE", "EXPIRATION_DATE"),  # spelt so by the SEC, in this table only
        *(*_UNDERLYING, *_OWNED),
    ),
    _TITLE_FIELD | _DEALT_FIELDS | _DERIVED_FIELDS | {"EXCERCISE_DATE": "exercise_date"} | _OWNED_FIELDS,
    _ROW_EXTRA,
)
DERIV_HOLDING = TableSpec(
    "DERIV_HOLDING",
    (
        *("ACCESSION_NUMBER", "DERIV_HOLDING_SK", *_TITLE, *_with_marks("CONV_EXERCISE_PRICE", "TRANS_FORM_TYPE")),
        *(*_with_marks("EXERCISE_DATE", "EXPIRATION_DATE"), *_UNDERLYING, *_OWNED),
    ),
    _TITLE_FIELD | _DERIVED_FIELDS | {"EXERCISE_DATE": "exercise_date"} | _OWNED_FIELDS,
    _ROW_EXTRA,
)
FOOTNOTES = TableSpec("FOOTNOTES", ("ACCESSION_NUMBER", "FOOTNOTE_ID", "FOOTNOTE_TXT"), {"FOOTNOTE_TXT": "text"})
OWNER_SIGNATURE = TableSpec(
    "OWNER_SIGNATURE",
    ("ACCESSION_NUMBER", "OWNERSIGNATURENAME", "OWNERSIGNATUREDATE"),
    {"OWNERSIGNATURENAME": "name", "OWNERSIGNATUREDATE": "date"},
)
TABLES = (
    SUBMISSION,
    REPORTINGOWNER,
    NONDERIV_TRANS,
    NONDERIV_HOLDING,
    DERIV_TRANS,
    DERIV_HOLDING,
    FOOTNOTES,
    OWNER_SIGNATURE,
)

_ROW_TABLES = {
    ("non_derivative", "transaction"): NONDERIV_TRANS,
    ("non_derivative", "holding"): NONDERIV_HOLDING,
    ("derivative", "transaction"): DERIV_TRANS,
    ("derivative", "holding"): DERIV_HOLDING,
}
_RELATIONSHIPS = (
    ("is_director", "Director"),
    ("is_officer", "Officer"),
    ("is_ten_percent_owner", "TenPercentOwner"),
    ("is_other", "Other"),
)


class TableBuilder:
    """Turns records into rows, numbering them over the whole run: the order of records decides the numbers."""

    def __init__(self) -> None:
        self._keys: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()

    def rows(self, record: Record) -> Iterator[tuple[TableSpec, dict[str, Cell]]]:
        """(table, row by column name) of everything in one record; columns without a value are left out."""
        key = self._key(record)
        yield SUBMISSION, _fields(SUBMISSION, record) | _submission(record) | {"ACCESSION_NUMBER": key}
        for owner in record["reporting_owners"]:
            yield REPORTINGOWNER, _fields(REPORTINGOWNER, owner) | _owner(owner) | {"ACCESSION_NUMBER": key}
        for part in ("non_derivative", "derivative"):
            for row in record[part]:
                table = _ROW_TABLES[part, row["kind"]]
                self._numbers[table.name] += 1
                yield (
                    table,
                    {
                        **_fields(table, row),
                        **_row(table, row, record),
                        "ACCESSION_NUMBER": key,
                        f"{table.name}_SK": self._numbers[table.name],
                    },
                )
        for note in record["footnotes"]:
            yield FOOTNOTES, _fields(FOOTNOTES, note) | {"ACCESSION_NUMBER": key, "FOOTNOTE_ID": f"F{note['id']}"}
        for signature in record["signatures"]:
            yield OWNER_SIGNATURE, _fields(OWNER_SIGNATURE, signature) | {"ACCESSION_NUMBER": key}

    def _key(self, record: Record) -> str:
        """Stands in for the accession number, which no page prints: from the input's hash, as long as the real one."""
        digest = record["source"]["sha256"][:20] or "0" * 20
        self._keys[digest] += 1
        count = self._keys[digest]
        return digest if count == 1 else f"{digest}-{count}"


def _fields(table: TableSpec, part: dict[str, Any]) -> dict[str, Cell]:
    """The printed values of one part of a record, with marks and confidences where the table has columns for them."""
    out: dict[str, Cell] = {}
    for column, path in table.fields.items():
        field = at(part, path)
        if field is None:
            continue
        out[column] = plain(field["value"])
        out[f"{column}_CONF"] = field["confidence"]
        if field["marks"] and f"{column}_FN" in table.columns:
            out[f"{column}_FN"] = _marks(field["marks"])
    return out


def _submission(record: Record) -> dict[str, Cell]:
    source = record["source"]
    return {
        "SOURCE_SHA256": source["sha256"],
        "SOURCE_PATH": source["path"],
        "SOURCE_KIND": source["input_kind"],
        "SOURCE_FIRST_PAGE": source["pages"][0],
        "SOURCE_LAST_PAGE": source["pages"][1],
        "RECORD_CONF": record["confidence"],
        "NEEDS_REVIEW": int(record["needs_review"]),
        "REVIEW_REASONS": ",".join(record["review_reasons"]),
        "MODEL_NAME": record["model"]["name"],
        "MODEL_VERSION": record["model"]["version"],
    }


def _owner(owner: dict[str, Any]) -> dict[str, Cell]:
    said = [name for field, name in _RELATIONSHIPS if owner[field] and owner[field]["value"]]
    out: dict[str, Cell] = {"RPTOWNER_RELATIONSHIP": ",".join(said)}
    street = owner["street"]
    if street and street["value"]:
        first, _, rest = (street["raw"] or street["value"]).partition("\n")
        # where a check mended the value, what was printed no longer is it
        if street["method"] != "read":
            first, rest = street["value"], ""
        out["RPTOWNER_STREET1"], out["RPTOWNER_STREET2"] = " ".join(first.split()), " ".join(rest.split()) or None
    return out


def _row(table: TableSpec, row: dict[str, Any], record: Record) -> dict[str, Cell]:
    form = at(record, "form_type.value") or ""
    out: dict[str, Cell] = {
        "TRANS_FORM_TYPE": "5" if at(row, "voluntary.value") else form[:1],
        "ROW_CONF": row["confidence"],
    }
    if row["kind"] == "transaction":
        out["EQUITY_SWAP_INVOLVED"] = int(bool(at(row, "equity_swap_involved.value")))
        marks = [*(at(row, "transaction_code.marks") or []), *(at(row, "equity_swap_involved.marks") or [])]
        out["EQUITY_SWAP_TRANS_CD_FN"] = _marks(marks) or None
    return out


def _marks(marks: list[int]) -> str:
    return ", ".join(f"F{mark}" for mark in marks)


def at(part: dict[str, Any] | None, path: str) -> Any:
    """A value by its dotted path, None where any step is absent."""
    value: Any = part
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def plain(value: Any) -> Cell:
    """A value for a cell: truth as 1 and 0, whole numbers without a point."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


# The single table: one line a row of Tables I and II ------------------------------------------------------------------

_HEAD: dict[str, Callable[[Record], Any]] = {
    "source_path": lambda record: record["source"]["path"],
    "first_page": lambda record: record["source"]["pages"][0],
    "last_page": lambda record: record["source"]["pages"][1],
    "form_type": lambda record: at(record, "form_type.value"),
    "period_of_report": lambda record: at(record, "period_of_report.value"),
    "issuer_name": lambda record: at(record, "issuer.name.value"),
    "issuer_ticker": lambda record: at(record, "issuer.ticker.value"),
    "issuer_cik": lambda record: at(record, "issuer.cik.value"),
    "owner_names": lambda record: "; ".join(at(o, "name.value") or "" for o in record["reporting_owners"]),
}
_ROW = ("table", "kind", *ROW_FIELDS, *DERIVATIVE_ONLY_FIELDS, "footnotes", "row_confidence")
_TAIL = ("record_confidence", "needs_review")
FLAT_COLUMNS = (*_HEAD, *_ROW, *_TAIL)


def flat_rows(record: Record) -> Iterator[dict[str, Any]]:
    """One dictionary a row of the record's tables, Table I first, with what the filing says of issuer and owners.

    Keys are `FLAT_COLUMNS`; values are plain (numbers, ISO dates, text, None), truth values stay truth values.
    """
    head = {name: get(record) for name, get in _HEAD.items()}
    tail = {"record_confidence": record["confidence"], "needs_review": record["needs_review"]}
    for part in ("non_derivative", "derivative"):
        for row in record[part]:
            values = {name: at(row, f"{name}.value") for name in (*ROW_FIELDS, *DERIVATIVE_ONLY_FIELDS)}
            marks = " ".join(str(mark) for mark in row["footnotes"])
            own = {"table": part, "kind": row["kind"], "footnotes": marks, "row_confidence": row["confidence"]}
            yield head | own | values | tail
