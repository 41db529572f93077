"""Puts one error into clean filings and counts how many the checks see and how many digits they put right.

    python benchmarks/injected_errors.py [--count 400] [--seed 1] [--filings DIR] [--json] [--check]

Errors: one digit of a number changed, one date changed, one row dropped, one A/D turned round. An error counts as one
that a check can see where a rule says something of the value it hits that is otherwise unknown: see `visible`. Besides
it counts how many untouched filings, invented and (with --filings, EDGAR ownership XML) real, get a finding of severity
"error". With --check the exit code is 1 where a figure misses its mark.
"""

from __future__ import annotations

import argparse
import copy
import datetime as dt
import itertools
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractor.checking import check_filing  # noqa: E402
from extractor.checking.balance import chains, steps  # noqa: E402
from extractor.checking.codes import EXERCISES, direction_of  # noqa: E402
from extractor.checking.rule import Entry, date_of, entries, form_of, number_of, value_of  # noqa: E402
from extractor.record import Filing, Row  # noqa: E402

MARKS = {"flagged": 0.90, "repaired": 0.60, "invented_flagged": 0.01, "filed_flagged": 0.04}
_NUMBERS = ("shares", "shares_owned_following", "price_per_share", "underlying_security_shares")


class Injected(NamedTuple):
    """A filing with one error: the kind of error, the paths it touches, and for a changed digit what was there."""

    filing: Filing
    kind: str
    paths: tuple[str, ...]
    truth: float | None = None


def inject(filing: Filing, rng: random.Random) -> Iterator[Injected]:
    """At most one error of each kind, each in a copy of the filing, where a check can see it."""
    for kind, make in _KINDS.items():
        made = make(copy.deepcopy(filing), rng)
        if made is not None:
            yield made._replace(kind=kind)


def _digit(filing: Filing, rng: random.Random) -> Injected | None:
    """One digit of a number changed, where a check ties the number to others."""
    places = [
        (entry, name)
        for entry in entries(filing)
        for name in _NUMBERS
        if (number_of(getattr(entry.row, name)) or 0) >= 10 and _tied(filing, entry, name)
    ]
    if not places:
        return None
    entry, name = rng.choice(places)
    field = getattr(entry.row, name)
    truth = float(field.value)
    text = f"{truth:.4f}".rstrip("0").rstrip(".")
    spots = [place for place, char in enumerate(text) if char.isdigit()]
    spot = rng.choice(spots)
    other = rng.choice([d for d in "0123456789" if d != text[spot] and not (spot == 0 and d == "0")])
    value = float(text[:spot] + other + text[spot + 1 :])
    field.value, field.raw = (int(value) if value.is_integer() else value), None
    return Injected(filing, "digit", (f"{entry.path}.{name}",), truth)


def _tied(filing: Filing, entry: Entry, name: str) -> bool:
    """Whether other values of the filing say what this number must be.

    Amounts and totals: a neighbour in the running balance that holds without exception. Amounts of exercises: the other
    table's. Prices are bounded, by their range and by prices beside them, not said: a wrong digit may stay within.
    """
    if name in ("shares", "shares_owned_following") and not entry.derivative:
        for chain in chains(filing):
            for place, step in enumerate(steps(chain)):
                here = step.after.path == entry.path or (
                    step.before.path == entry.path and name == "shares_owned_following"
                )
                if here and step.balanced and not step.repeated and (place or len(chain) > 1):
                    return True
    if name in ("shares", "underlying_security_shares") and entry.derivative:
        left, right = number_of(entry.row.shares), number_of(entry.row.underlying_security_shares)
        return entry.row.kind == "transaction" and left is not None and left == right
    return False


def _date(filing: Filing, rng: random.Random) -> Injected | None:
    """One transaction date moved before the period of report of a Form 4, or the period away from the first of them.

    Other days are free within the days between period and signature: nothing says which it is.
    """
    dated = [e for e in entries(filing, kind="transaction") if date_of(e.row.transaction_date) is not None]
    period = date_of(filing.period_of_report)
    if form_of(filing) != "4" or period is None or not dated:
        return None
    if min(date_of(e.row.transaction_date) for e in dated) != period:  # type: ignore[type-var]
        return None
    entry = rng.choice(dated)
    days = rng.choice((-1000, -365, -31, -10, -2, -1))
    assert entry.row.transaction_date is not None
    entry.row.transaction_date.value = (period + dt.timedelta(days=days)).isoformat()
    return Injected(filing, "date", (f"{entry.path}.transaction_date", "period_of_report"))


def _row(filing: Filing, rng: random.Random) -> Injected | None:
    """One row dropped from the middle of a running balance, or one leg of an exercise."""
    places: list[tuple[str, int, tuple[str, ...]]] = []
    for chain in chains(filing):
        links = steps(chain)
        for before, after in itertools.pairwise(links):
            if all(link.balanced and not link.repeated for link in (before, after)):
                index = int(before.after.path.rpartition("[")[2][:-1])
                places.append(("non_derivative", index, ()))
    for left, right in _exercises(filing):
        if len(left) > 1 or len(right) > 1:
            entry = rng.choice(left if len(left) > 1 else right)
            table, _, index = entry.path.rpartition("[")
            places.append((table, int(index[:-1]), ()))
    if not places:
        return None
    table, index, _ = rng.choice(places)
    rows: list[Row] = getattr(filing, table)
    del rows[index]
    return Injected(filing, "row", ())


def _exercises(filing: Filing) -> Iterator[tuple[list[Entry], list[Entry]]]:
    """Exercises of a day in Table I and in Table II whose amounts agree."""
    sides: dict[tuple[object, object], tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for entry in entries(filing, kind="transaction"):
        code = value_of(entry.row.transaction_code)
        if code in EXERCISES and number_of(entry.row.shares):
            sides[code, value_of(entry.row.transaction_date)][entry.derivative].append(entry)
    for left, right in sides.values():
        totals = [sum(number_of(entry.row.shares) or 0.0 for entry in side) for side in (left, right)]
        if left and right and abs(totals[0] - totals[1]) < 0.01:
            yield left, right


def _leg(filing: Filing, rng: random.Random) -> Injected | None:
    """One A or D turned round, where the code decides it or the running balance does."""
    balanced = {
        step.after.path
        for chain in chains(filing)
        for step in steps(chain)
        if step.balanced and not step.repeated and number_of(step.after.row.shares)
    }
    places = [
        entry
        for entry in entries(filing, kind="transaction")
        if value_of(entry.row.acquired_disposed) in ("A", "D")
        and (
            entry.path in balanced
            or (
                value_of(entry.row.transaction_code) not in EXERCISES
                and direction_of(value_of(entry.row.transaction_code), entry.derivative)
                == value_of(entry.row.acquired_disposed)
            )
        )
    ]
    if not places:
        return None
    entry = rng.choice(places)
    assert entry.row.acquired_disposed is not None
    entry.row.acquired_disposed.value = "D" if entry.row.acquired_disposed.value == "A" else "A"
    return Injected(filing, "leg", (f"{entry.path}.acquired_disposed",))


_KINDS: dict[str, Callable[[Filing, random.Random], Injected | None]] = {
    "digit": _digit,
    "date": _date,
    "row": _row,
    "leg": _leg,
}


def has_errors(filing: Filing) -> bool:
    return any(check.severity == "error" for check in filing.checks)


def readied(filing: Filing) -> Filing:
    """A copy as if it had been read from a page that can be misread: what XML says is never repaired."""
    made = copy.deepcopy(filing)
    made.source.input_kind = "pdf_scan"
    made.checks = []
    return made


def judge(injected: Injected) -> tuple[bool, bool]:
    """(seen, put right): a finding beyond mere information or a repair; the value is the one from before."""
    check_filing(injected.filing)
    repaired = [check for check in injected.filing.checks if check.code.endswith("_repaired")]
    seen = bool(repaired) or any(check.severity in ("error", "warning") for check in injected.filing.checks)
    if injected.truth is None:
        return seen, False
    place = injected.paths[0]
    table, _, rest = place.partition("[")
    index, _, name = rest.partition("].")
    field = getattr(getattr(injected.filing, table)[int(index)], name)
    return seen, number_of(field) == injected.truth


def measure(filings: list[Filing], seed: int) -> dict[str, dict[str, float]]:
    """Counts by kind of error over filings in which the checks find nothing."""
    rng = random.Random(seed)
    out: dict[str, dict[str, float]] = {kind: {"injected": 0, "flagged": 0, "repaired": 0} for kind in _KINDS}
    for filing in filings:
        clean = readied(filing)
        check_filing(clean)
        if any(check.severity in ("error", "warning") for check in clean.checks):
            continue
        for one in inject(readied(filing), rng):
            seen, right = judge(one)
            counts = out[one.kind]
            counts["injected"] += 1
            counts["flagged"] += seen
            counts["repaired"] += right
    for counts in out.values():
        counts["flagged_share"] = counts["flagged"] / max(1.0, counts["injected"])
        counts["repaired_share"] = counts["repaired"] / max(1.0, counts["flagged"])
    return out


def falsely(filings: list[Filing]) -> float:
    """The share of untouched filings with a finding of severity "error"."""
    found = 0
    for filing in filings:
        made = readied(filing)
        check_filing(made)
        found += has_errors(made)
    return found / max(1, len(filings))


def main() -> int:
    from extractor.readers.xml import read_ownership_xml
    from training.synthesis.invent import invent_filing

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=400, help="invented filings")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--filings", type=Path, help="a folder of real ownership XML")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    sets = {"invented": [invent_filing(random.Random(f"{args.seed}:{i}"), None) for i in range(args.count)]}
    if args.filings:
        sets["filed"] = [
            filing
            for path in sorted(args.filings.glob("*.xml"))
            for filing in read_ownership_xml(path.read_bytes(), str(path))
        ]
    figures = {
        name: {"untouched_flagged": falsely(filings), "filings": len(filings), "errors": measure(filings, args.seed)}
        for name, filings in sets.items()
    }
    print(json.dumps(figures) if args.json else show(figures))
    return 1 if args.check and missed(figures) else 0


def missed(figures: dict[str, dict]) -> list[str]:  # type: ignore[type-arg]
    """Which figures miss their marks."""
    out = []
    for name, f in figures.items():
        if f["untouched_flagged"] > MARKS[f"{name}_flagged"]:
            out.append(f"{name}: {f['untouched_flagged']:.2%} of untouched filings flagged")
        total = sum(counts["injected"] for counts in f["errors"].values())
        seen = sum(counts["flagged"] for counts in f["errors"].values())
        if total and seen / total < MARKS["flagged"]:
            out.append(f"{name}: {seen / total:.1%} of errors flagged")
        if f["errors"]["digit"]["repaired_share"] < MARKS["repaired"]:
            out.append(f"{name}: {f['errors']['digit']['repaired_share']:.1%} of flagged digits repaired")
    return out


def show(figures: dict[str, dict]) -> str:  # type: ignore[type-arg]
    lines = ["| filings | error | injected | flagged | share | digits repaired |", "|---|---|---|---|---|---|"]
    for name, f in figures.items():
        for kind, c in f["errors"].items():
            right = f"{c['repaired_share']:.3f}" if kind == "digit" else "-"
            lines.append(
                f"| {name} | {kind} | {c['injected']:.0f} | {c['flagged']:.0f} | {c['flagged_share']:.3f} | {right} |"
            )
        lines.append(f"| {name} | none | {f['filings']} | - | {f['untouched_flagged']:.4f} | - |")
    return "\n".join([*lines, *(f"missed: {line}" for line in missed(figures))])


if __name__ == "__main__":
    raise SystemExit(main())
