"""What a run came to: counts by kind and outcome, what failed and why, which checks fired, where the time went."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.batch.drift import Summary
from extractor.batch.journal import write_atomically
from extractor.batch.task import FAILED

_SHOWN = 20  # failures in the summary; all are in the report


@dataclass(slots=True)
class Report:
    """Counted in input order, over all inputs of the run: those too whose records an earlier, stopped run made."""

    version: str = ""
    model: dict[str, Any] = field(default_factory=dict)
    done: int = 0  # inputs with a result, in their turn or not: for progress
    inputs: int = 0
    records: int = 0
    needs_review: int = 0
    by_outcome: Counter[str] = field(default_factory=Counter)
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    failed: list[dict[str, str]] = field(default_factory=list)
    checks: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    reading: float = 0.0
    slowest: list[dict[str, Any]] = field(default_factory=list)
    summaries: Summary = field(default_factory=Summary)
    drift: list[str] | None = None
    finished: bool = False
    _started: float = field(default_factory=time.monotonic)

    def count(self, entry: dict[str, Any], outcome: str) -> None:
        """Take in one input by its line of the manifest; `outcome` says what this run did about it."""
        self.inputs += 1
        self.by_outcome[outcome] += 1
        done = "failed" if outcome == FAILED else "extracted"
        self.by_kind.setdefault(entry["kind"] or "unknown", Counter())[done] += 1
        if outcome == FAILED:
            self.failed.append({name: entry[name] for name in ("path", "error", "message")})
        self.reading += entry["seconds"]
        self.stages.update(entry["stages"])
        self.slowest.append({"path": entry["path"], "seconds": entry["seconds"]})
        if len(self.slowest) > 200:
            self._trim()

    def count_record(self, record: dict[str, Any]) -> None:
        """Take in one record as it is written."""
        self.records += 1
        self.needs_review += bool(record["needs_review"])
        self.reasons.update(record["review_reasons"])
        self.checks.update({(check["severity"], check["code"]) for check in record["checks"]})
        self.summaries.add(record)

    def _trim(self) -> None:
        self.slowest.sort(key=lambda item: -item["seconds"])
        del self.slowest[10:]

    @property
    def seconds(self) -> float:
        """Wall time since this run began."""
        return time.monotonic() - self._started

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON types. `stages` and `reading_seconds` are summed over workers."""
        self._trim()
        return {
            "version": self.version,
            "model": self.model,
            "finished": self.finished,
            "inputs": self.inputs,
            "records": self.records,
            "needs_review": self.needs_review,
            "by_outcome": dict(sorted(self.by_outcome.items())),
            "by_kind": {kind: dict(sorted(counts.items())) for kind, counts in sorted(self.by_kind.items())},
            "failed_by_error": dict(sorted(Counter(item["error"] for item in self.failed).items())),
            "failed": self.failed,
            "checks": [
                {"code": code, "severity": severity, "records": count}
                for (severity, code), count in sorted(self.checks.items(), key=lambda item: (-item[1], item[0]))
            ],
            "review": {"records": self.needs_review, "reasons": dict(sorted(self.reasons.items())), "list": REVIEW},
            "drift": self.drift,
            "seconds": round(self.seconds, 3),
            "reading_seconds": round(self.reading, 3),
            "stages": {name: round(seconds, 3) for name, seconds in sorted(self.stages.items())},
            "slowest": self.slowest,
        }

    def save(self, directory: Path) -> None:
        """Write report.json and summary.txt into the run directory."""
        write_atomically(directory / "report.json", json.dumps(self.to_dict(), indent=1) + "\n")
        write_atomically(directory / "summary.txt", self.text() + "\n")

    def summary(self) -> str:
        """One line for people."""
        parts = [f"{self.records} records from {self.inputs - len(self.failed)} of {self.inputs} inputs"]
        if self.needs_review:
            parts.append(f"{self.needs_review} to review")
        for outcome, words in (("unchanged", "taken over from the run before"), ("duplicate", "the same as others")):
            if self.by_outcome.get(outcome):
                parts.append(f"{self.by_outcome[outcome]} {words}")
        return f"{', '.join(parts)}, {self.seconds:.1f} s"

    def text(self) -> str:
        """The whole report for people."""
        lines = [self.summary() if self.finished else f"NOT FINISHED: {self.summary()}", ""]
        lines += ["kind          extracted    failed"]
        for kind, counts in sorted(self.by_kind.items()):
            lines.append(f"{kind:<12} {counts['extracted']:>10} {counts['failed']:>9}")
        if self.failed:
            lines += ["", f"failed ({len(self.failed)}; all in report.json):"]
            lines += [
                f"  {printable(item['path'])}: {item['error']}: {printable(item['message'])}"
                for item in self.failed[:_SHOWN]
            ]
            lines += [f"  ... and {len(self.failed) - _SHOWN} more"] if len(self.failed) > _SHOWN else []
        if self.needs_review:
            lines += ["", f"to review: {self.needs_review} records ({REVIEW}), because of"]
            lines += [f"  {count:>8}  {reason}" for reason, count in self.reasons.most_common()]
        if self.checks:
            lines += ["", "checks that fired, by records"]
            lines += [f"  {count:>8}  {severity:<8} {code}" for (severity, code), count in self.checks.most_common()]
        if self.drift:
            lines += [
                "",
                "unlike the documents that the model was calibrated on:",
                *(f"  {said}" for said in self.drift),
            ]
        whole = self.reading or 1.0
        lines += ["", f"time of the workers: {self.reading:.1f} s"]
        lines += [f"  {seconds:>9.1f} s {seconds / whole:>4.0%}  {name}" for name, seconds in self.stages.most_common()]
        return "\n".join(lines)


REVIEW = "review.jsonl"


def printable(text: str) -> str:
    """Text fit for a terminal or a log line: what steers a terminal, breaks lines or turns the direction is escaped.

    >>> printable("a\\nb\\u202e")
    'a\\\\nb\\\\u202e'
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", errors="backslashreplace").decode("ascii")
        for char in text
    )
