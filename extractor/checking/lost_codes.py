"""Transaction codes and directions that were lost in reading, from what else the filing says.

OCR loses cells of one letter more than anything else. Most of the time the rest of the filing leaves one reading: rows
with a price that dispose, beside a footnote about a trading plan, are sales. How strongly each sign speaks for each
code was learnt from real filings (see `code_table`); where no code is likely enough, none is given.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from extractor.checking.code_table import BIAS, CODES, WEIGHTS
from extractor.checking.codes import EXERCISES
from extractor.checking.rule import Entry, Rule, entries, number_of, text_of, value_of, whole_or_broken
from extractor.record import Check, Field, Filing

_LIKELY = 0.75
"""Least probability at which a code is given."""
_PAIRED = 0.95
"""Probability of a code that the other table shows for the same amount and day."""
_CENT = 0.02
_WORDS = {
    "withheld": re.compile(r"withh[eo]ld|withholding|tax liabilit|payment of (?:the )?tax|surrendered", re.IGNORECASE),
    "sold": re.compile(r"\bs[oa]l[de]s?\b|sold|sale price", re.IGNORECASE),
    "plan": re.compile(r"10b5-?1", re.IGNORECASE),
    "gift": re.compile(r"\bgift|donat|charit", re.IGNORECASE),
    "purchased": re.compile(
        r"purchase[ds]? (?:in|at|by|were|pursuant|price)|shares (?:were )?purchased|bought", re.IGNORECASE
    ),
    "exercise": re.compile(r"exercis", re.IGNORECASE),
    "convert": re.compile(r"conver[ts]", re.IGNORECASE),
    "granted": re.compile(r"\bgrant|\baward|in lieu of|dividend", re.IGNORECASE),
    "in lieu": re.compile(
        r"\bin lieu\b|\bretainer|\bdeferred\b|director fees|compensation (?:policy|program)", re.IGNORECASE
    ),
    "vest": re.compile(r"\bvest|settle", re.IGNORECASE),
    "spread": re.compile(r"multiple (?:transactions|trades)|rang(?:ing|e) (?:from|of)|weighted", re.IGNORECASE),
    "merger": re.compile(r"merger|tender", re.IGNORECASE),
}


def signs(filing: Filing, entry: Entry, direction: str | None) -> Iterator[str]:
    """The signs by which a row's code is told, as names of features."""
    row = entry.row
    texts = {note.id: str(value_of(note.text) or "") for note in filing.footnotes}
    whole = " ".join(texts.values()) + " " + str(value_of(filing.remarks) or "")
    table = "d" if entry.derivative else "n"
    price = number_of(row.price_per_share)
    size = "none" if price is None else "zero" if price == 0 else "positive"
    yield f"{table} {direction or '?'} {size}"
    yield f"{direction or '?'} {size}"
    if not whole.strip():
        yield f"{size} unexplained"
    own = " ".join(texts.get(mark, "") for mark in row.footnotes)
    said, marked = _said(whole), _said(own)
    for name in _WORDS:
        if name in said:
            yield f"{table} says {name}"
            yield f"{direction or '?'} {size} says {name}"
        if name in marked:
            yield f"marked {name}"
    told = [name for name in ("withheld", "sold", "gift", "purchased") if name in said]
    if len(told) == 1:
        yield f"{direction or '?'} {size} only {told[0]}"
    if value_of(filing.aff10b5_one) is True:
        yield "plan ticked"
    role = _role(filing)
    yield f"{role} {direction or '?'} {size}"
    if whole.strip():
        yield f"{role} explained"
    title = text_of(row.security_title)
    if re.search(r"option|right|warrant", title):
        yield "title option"
    if re.search(r"unit|rsu|phantom", title):
        yield "title unit"
    yield from _signs_of_others(filing, entry, direction, size)


@lru_cache(maxsize=16)
def _said(text: str) -> frozenset[str]:
    """What a text says; all rows of a filing ask for the same notes."""
    return frozenset(name for name, pattern in _WORDS.items() if pattern.search(text))


def _role(filing: Filing) -> str:
    """What the first owner is to the issuer: directors are granted shares, large holders trade in them."""
    owner = filing.reporting_owners[0] if filing.reporting_owners else None
    if owner is None:
        return "nobody"
    if value_of(owner.is_officer) is True:
        return "officer"
    if value_of(owner.is_ten_percent_owner) is True:
        return "holder"
    return "director" if value_of(owner.is_director) is True else "nobody"


def _signs_of_others(filing: Filing, entry: Entry, direction: str | None, size: str) -> Iterator[str]:
    """Rows beside this one: what was read of their codes, and the same amount in the other table."""
    shares, day = number_of(entry.row.shares), value_of(entry.row.transaction_date)
    paired = False
    alike: set[str] = set()
    for other in entries(filing, kind="transaction"):
        if other.row is entry.row:
            continue
        code = value_of(other.row.transaction_code)
        read = other.row.transaction_code is not None and other.row.transaction_code.method != "derived"
        if other.derivative != entry.derivative:
            amounts = {number_of(other.row.shares), number_of(other.row.underlying_security_shares)} - {None}
            if shares is not None and shares in amounts and value_of(other.row.transaction_date) == day:
                paired = True
                if read and code is not None:
                    yield f"pair {code}"
        elif read and code is not None:
            price = number_of(other.row.price_per_share)
            here = "none" if price is None else "zero" if price == 0 else "positive"
            way = value_of(other.row.acquired_disposed)
            if here == size and (direction is None or way is None or way == direction):
                alike.add(str(code))
    if paired:
        yield "paired"
    for code in sorted(alike):
        yield f"other {code}"


def likely_code(filing: Filing, entry: Entry, direction: str | None) -> tuple[str, float]:
    """The most likely code of a row and its probability."""
    scores = dict(zip(CODES, BIAS, strict=True))
    for sign in signs(filing, entry, direction):
        for code, weight in zip(CODES, WEIGHTS.get(sign, ()), strict=False):
            scores[code] += weight
    top = max(scores.values())
    total = sum(math.exp(score - top) for score in scores.values())
    best = max(scores, key=lambda code: scores[code])
    return best, 1.0 / total


class LostLetters(Rule):
    """Fills in codes and directions that were not read (method "derived")."""

    code = "code_derived"
    statement = "a transaction's lost code or direction follows from price, balance, footnotes and the rows beside it"
    source = "Form 4, General Instruction 8; frequencies in real filings"

    def run(self, filing: Filing) -> list[Check]:
        return []

    def repair(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        form = str(value_of(filing.form_type) or "4")[:1]
        if form == "3":
            return found
        before: dict[str, Entry] = {}
        for entry in entries(filing, derivative=False, kind="transaction"):
            line = text_of(entry.row.security_title)
            if filing.source.input_kind != "html":
                self._amount(entry, before.get(line))
            self._direction(entry, before.get(line))
            before[line] = entry
        found += self._paired(filing)
        for entry in entries(filing, kind="transaction"):
            row = entry.row
            if value_of(row.transaction_code) is not None or number_of(row.shares) is None:
                continue
            if row.transaction_date is None and row.shares_owned_following is None:
                continue
            way = value_of(row.acquired_disposed)
            code, probability = likely_code(filing, entry, str(way) if way is not None else None)
            if probability < _LIKELY:
                continue
            marks = row.transaction_code.marks if row.transaction_code is not None else []
            row.transaction_code = derived_from(row.shares, code, probability, marks)
            found.append(
                Check("code_derived", "info", [f"{entry.path}.transaction_code"], f"{code} follows from the rest")
            )
        return found

    @staticmethod
    def _paired(filing: Filing) -> Iterator[Check]:
        """What one table calls an exercise the other does, too: the same amount on the same day, and no other of it."""
        if filing.source.input_kind == "html":
            return
        by_amount: dict[tuple[float, object], list[Entry]] = defaultdict(list)
        for entry in entries(filing, kind="transaction"):
            amount = number_of(entry.row.shares)
            if amount:
                by_amount[amount, value_of(entry.row.transaction_date)].append(entry)
        pairs = [pair for pair in by_amount.values() if len(pair) == 2 and pair[0].derivative != pair[1].derivative]
        seen = {_exercise(entry) for pair in pairs for entry in pair} - {None}
        for pair in pairs:
            for entry, other in (pair, pair[::-1]):
                row = entry.row
                code = _exercise(other)
                if code is None and len(seen) == 1 and value_of(other.row.transaction_code) is None:
                    (code,) = seen  # exercises of one filing are of one kind
                if code is None or value_of(row.transaction_code) is not None:
                    continue
                way = "D" if entry.derivative else "A"
                if value_of(row.acquired_disposed) not in (None, way):
                    continue
                row.transaction_code = derived_from(row.shares, code, _PAIRED, [])
                if value_of(row.acquired_disposed) is None:
                    row.acquired_disposed = derived_from(row.shares, way, _PAIRED, [])
                yield Check("code_derived", "info", [f"{entry.path}.transaction_code"], f"{code} as {other.path}")

    @staticmethod
    def _amount(entry: Entry, before: Entry | None) -> None:
        """A lost amount is what the balance changed by, where nothing stands between the two rows."""
        row = entry.row
        if before is None or row.shares is not None or row.price_per_share is None:
            return
        balance = row.shares_owned_following
        start, owned = number_of(before.row.shares_owned_following), number_of(balance)
        if balance is None or start is None or owned is None or start == owned or balance.signals.get("gap_before"):
            return
        if value_of(before.row.direct_or_indirect) != value_of(row.direct_or_indirect):
            return
        way = value_of(row.acquired_disposed)
        if way is not None and (way == "A") != (owned > start):
            return
        row.shares = derived_from(balance, whole_or_broken(abs(owned - start)), 0.8, [])

    @staticmethod
    def _direction(entry: Entry, before: Entry | None) -> None:
        """A or D where the balance leaves one of them."""
        row = entry.row
        shares, owned = number_of(row.shares), number_of(row.shares_owned_following)
        if entry.derivative or value_of(row.acquired_disposed) is not None or not shares or owned is None:
            return
        ways: list[str] = []
        start = number_of(before.row.shares_owned_following) if before is not None else None
        if start is not None and before is not None:
            ways = [way for way, change in (("A", shares), ("D", -shares)) if abs(start + change - owned) <= _CENT]
        elif owned + _CENT < shares:
            ways = ["D"]  # who has acquired shares owns at least these
        if len(ways) == 1:
            marks = row.acquired_disposed.marks if row.acquired_disposed is not None else []
            row.acquired_disposed = derived_from(row.shares, ways[0], 0.97 if start is not None else 0.85, marks)


def _exercise(entry: Entry) -> str | None:
    """The code of an exercise that was read there, None for any other."""
    code = entry.row.transaction_code
    return str(code.value) if code is not None and code.value in EXERCISES and code.method == "read" else None


def derived_from(source: Field | None, value: str | float, probability: float, marks: list[int]) -> Field:
    """A field that follows from others with a probability; it stands where `source` does."""
    assert source is not None
    signals = {"label_min": probability, "label_mean": probability, "margin_min": probability, "derived": 1.0}
    signals["quality_min"] = source.signals.get("quality_min", 1.0)
    return source.derive(value, signals, marks)
