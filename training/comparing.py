"""Compares a predicted filing with plain gold values: which values are right, which rows, and the record as a whole."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from extractor.confidence.signals import Item, items
from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS
from extractor.record import OWNER_FIELDS, Filing, Row, Value
from extractor.states import STATE_CODES

Signals = dict[str, float]
Gold = Mapping[str, Any]
"""A record of plain values: the keys of the output record, values where it has fields, rows as dictionaries."""

_NUMBER = re.compile(r"-?\$?\s?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_ALIKE = 0.95
_HEADER_BOXES = {
    "not_subject_to_section_16",
    "aff10b5_one",
    "form3_holdings_reported",
    "form4_transactions_reported",
    "no_securities_owned",
}
_OWNER_BOXES = {"is_director", "is_officer", "is_ten_percent_owner", "is_other"}
_STATE_CODES = {name.replace(" ", ""): code.lower() for name, code in STATE_CODES.items()}


@dataclass(slots=True)
class FieldSample:
    """One predicted value (or one missing, group "absent") and whether it is right.

    `document` and `owner` say what it must not be separated from; `counts` is false for prose, empty cells and boxes
    that are not ticked, of which nothing is promised; `confidence` is what the filing says of it.
    """

    group: str
    signals: Signals
    right: bool
    document: str = ""
    owner: str = ""
    counts: bool = True
    confidence: float = 0.0


@dataclass(slots=True)
class RowSample:
    """Values and empty cells of one predicted row as (group, signals), and whether kind and all values are right."""

    values: list[tuple[str, Signals]]
    right: bool
    document: str = ""
    owner: str = ""


@dataclass(slots=True)
class RecordSample:
    """Header values and rows of one record, and whether header, boxes and tables are right without exception."""

    header: list[tuple[str, Signals]]
    rows: list[list[tuple[str, Signals]]]
    right: bool
    document: str = ""
    owner: str = ""


@dataclass(slots=True)
class Samples:
    """What confidence is fitted on."""

    fields: list[FieldSample] = field(default_factory=list)
    rows: list[RowSample] = field(default_factory=list)
    records: list[RecordSample] = field(default_factory=list)

    def extend(self, other: Samples) -> None:
        self.fields += other.fields
        self.rows += other.rows
        self.records += other.records


def kind_of(signals: Mapping[str, float]) -> str:
    """The kind group that a sample's signals name, "" where they name none."""
    return next((name.removeprefix("kind:") for name, value in signals.items() if value and name[:5] == "kind:"), "")


def comparable(value: Any) -> Any:
    """A value without what does not matter: numbers as float, text without case, blanks and punctuation, None if empty.

    >>> comparable("$1,250.00"), comparable("Common  Stock"), comparable("")
    (1250.0, 'commonstock', None)
    """
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    return _comparable_text(str(value))


@lru_cache(maxsize=1 << 15)
def _comparable_text(value: str) -> float | str | None:
    text = re.sub(r"\s+", " ", value).strip()
    if _NUMBER.fullmatch(text):
        return float(re.sub(r"[$,\s]", "", text))
    return re.sub(r"[^\w%$&/]+", "", text).casefold() or None


def same(left: Any, right: Any, state: bool = False) -> bool:
    """Whether two values mean the same; `state` lets a state's code stand for its name."""
    a, b = comparable(left), comparable(right)
    if isinstance(a, bool) or isinstance(b, bool):
        return bool(a) == bool(b)
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= 1e-6 * max(1e-6, abs(a), abs(b)) + 1e-9
    if state and isinstance(a, str) and isinstance(b, str):
        a, b = _STATE_CODES.get(a, a), _STATE_CODES.get(b, b)
    return bool(a == b)


def alike(left: Any, right: Any) -> bool:
    """Whether two texts agree but for a few characters, as footnotes may."""
    a, b = str(comparable(left)), str(comparable(right))
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE


def match_best(
    gold: Sequence[Mapping[str, Any]], given: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> dict[int, int]:
    """The one-to-one matching {gold index: given index} with most equal values, in page order where that ties."""
    if not gold or not given:
        return {}
    equal = np.zeros((len(gold), len(given)))
    for i, left in enumerate(gold):
        for j, right in enumerate(given):
            equal[i, j] = sum(
                comparable(left.get(name)) is not None and same(left.get(name), right.get(name)) for name in names
            )
    places = np.abs(np.arange(len(gold))[:, None] / len(gold) - np.arange(len(given))[None, :] / len(given))
    rows, columns = linear_sum_assignment(-(equal + 1e-3 * (1.0 - places)))
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if equal[i, j] >= 1}


def compare(filing: Filing, gold: Gold, document: str = "", owner: str = "") -> Samples:
    """Labels every value, row and the record of a filing right or wrong against gold.

    Values where gold does not say (boxes that are null there, keys it lacks) give no sample. `document` names the
    filing and `owner` who filed it, so that folds can keep together what belongs together.
    """
    truth = _Truth(filing, gold)
    samples = Samples()
    by_part: dict[str, list[tuple[Item, bool]]] = defaultdict(list)
    for item in items(filing):
        right = truth.judge(item)
        if right is None:
            continue
        value = None if item.field is None else item.field.value
        counts = item.part != "prose" and value is not None and value is not False
        samples.fields.append(FieldSample(item.group, item.signals, right, document, owner, counts, _confidence(item)))
        by_part[item.part].append((item, right))
    rows: list[list[tuple[str, Signals]]] = []
    for part, row_right in truth.row_verdicts():
        values = [(item.group, item.signals) for item, _ in by_part[part]]
        samples.rows.append(RowSample(values, row_right, document, owner))
        rows.append(values)
    header = [(item.group, item.signals) for item, _ in by_part["header"]]
    samples.records.append(RecordSample(header, rows, truth.record_right(), document, owner))
    return samples


def record_is_right(filing: Filing, gold: Gold) -> bool:
    """Whether header, owners, boxes and both tables agree with gold, nothing missing and nothing invented."""
    return _Truth(filing, gold).record_right()


def _confidence(item: Item) -> float:
    return 0.0 if item.field is None else item.field.confidence


def _plain(fields: Mapping[str, Any]) -> dict[str, Value]:
    return {name: None if value is None else value.value for name, value in fields.items()}


class _Truth:
    """Gold beside a filing, lists matched once."""

    def __init__(self, filing: Filing, gold: Gold) -> None:
        self.filing, self.gold = filing, gold
        owners = [{name: getattr(owner, name) for name in OWNER_FIELDS} for owner in filing.reporting_owners]
        self._owners = self._match("reporting_owners", [_plain(owner) for owner in owners], OWNER_FIELDS)
        self._rows: dict[str, tuple[dict[int, Mapping[str, Any]], list[dict[str, Value]], tuple[str, ...]]] = {}
        for table, rows in (("non_derivative", filing.non_derivative), ("derivative", filing.derivative)):
            names = ROW_FIELDS + DERIVATIVE_ONLY_FIELDS if table == "derivative" else ROW_FIELDS
            given = [self._row_values(row, table) for row in rows]
            self._rows[table] = (self._match(table, given, names), given, names)
        self._footnotes = {note.get("id"): note.get("text") for note in gold.get("footnotes") or []}

    @staticmethod
    def _row_values(row: Row, table: str) -> dict[str, Value]:
        return {"kind": row.kind} | _plain(row.fields(derivative=table == "derivative"))

    def _match(self, key: str, given: list[dict[str, Value]], names: Sequence[str]) -> dict[int, Mapping[str, Any]]:
        gold = list(self.gold.get(key) or [])
        return {j: gold[i] for i, j in match_best(gold, given, names).items()}

    def judge(self, item: Item) -> bool | None:
        """Whether the item's value is right; None where gold does not say."""
        value = None if item.field is None else item.field.value
        place = re.match(r"(\w+)\[(\d+)\]\.(\w+)", item.path)
        if place is None:
            return self._judge_header(item, value)
        table, index, name = place.group(1), int(place.group(2)), place.group(3)
        if table == "footnotes":
            note = self.filing.footnotes[index].id
            return alike(self._footnotes.get(note), value) if self.gold.get("footnotes") is not None else None
        if table == "signatures":
            gold = self.gold.get("signatures")
            return None if gold is None else index < len(gold) and same(gold[index].get(name), value)
        matched = self._owners if table == "reporting_owners" else self._rows[table][0]
        if index not in matched:
            return None if name in _OWNER_BOXES and value is not True else value is None and item.field is not None
        gold_values = matched[index]
        if name not in gold_values or (name in _OWNER_BOXES and gold_values[name] is None):
            return None
        return same(gold_values[name], value, state=name == "state")

    def _judge_header(self, item: Item, value: Value) -> bool | None:
        if item.path == "remarks":
            return alike(self.gold.get("remarks"), value) if "remarks" in self.gold else None
        if item.path.startswith("issuer."):
            issuer = self.gold.get("issuer") or {}
            name = item.path.removeprefix("issuer.")
            return same(issuer[name], value) if name in issuer else None
        if item.path not in self.gold or (item.path in _HEADER_BOXES and self.gold[item.path] is None):
            return None
        return same(self.gold[item.path], value)

    def row_verdicts(self) -> list[tuple[str, bool]]:
        """(part, right) of every predicted row, Table I first."""
        found: list[tuple[str, bool]] = []
        for table, (matched, given, names) in self._rows.items():
            for index, values in enumerate(given):
                gold = matched.get(index)
                right = (
                    gold is not None
                    and gold.get("kind", values["kind"]) == values["kind"]
                    and all(same(gold.get(name), values[name]) for name in names)
                )
                found.append((f"{table}[{index}]", right))
        return found

    def record_right(self) -> bool:
        """Whether header, owners, boxes and both tables are right, nothing missing and nothing invented."""
        for table in self._rows:
            if len(self.gold.get(table) or []) != len(getattr(self.filing, table)):
                return False
        owners = self.gold.get("reporting_owners") or []
        if len(owners) != len(self.filing.reporting_owners) or len(self._owners) != len(owners):
            return False
        if not all(right for _, right in self.row_verdicts()):
            return False
        for index, owner in self._owners.items():
            given = _plain({name: getattr(self.filing.reporting_owners[index], name) for name in OWNER_FIELDS})
            for name, value in owner.items():
                if name not in given or name == "cik" or (name in _OWNER_BOXES and value is None):
                    continue
                if not same(value, given[name], state=name == "state"):
                    return False
        names = ("form_type", "period_of_report", "date_of_original_submission", *sorted(_HEADER_BOXES))
        for name in names:
            if name not in self.gold or (name in _HEADER_BOXES and self.gold[name] is None):
                continue
            got = getattr(self.filing, name)
            if not same(self.gold[name], None if got is None else got.value):
                return False
        issuer = _plain({"name": self.filing.issuer.name, "ticker": self.filing.issuer.ticker})
        return all(
            same(value, issuer[name]) for name, value in (self.gold.get("issuer") or {}).items() if name in issuer
        )
