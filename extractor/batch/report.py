"""What a run came to: counts by kind and outcome, and every input that failed with its cause."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.batch.journal import write_atomically
from extractor.batch.task import FAILED, UNCHANGED


@dataclass(slots=True)
class Report:
    """Counted as results come, in input order."""

    version: str = ""
    model: dict[str, Any] = field(default_factory=dict)
    inputs: int = 0
    records: int = 0
    needs_review: int = 0
    by_outcome: dict[str, int] = field(default_factory=dict)
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    failed: list[dict[str, str]] = field(default_factory=list)
    finished: bool = False
    _started: float = field(default_factory=time.monotonic)

    def count(self, path: str, outcome: str, kind: str, error: str = "", message: str = "") -> None:
        """Take in one input. Unchanged ones, whose records an earlier run made, count as such."""
        self.inputs += 1
        self.by_outcome[outcome] = self.by_outcome.get(outcome, 0) + 1
        of_kind = self.by_kind.setdefault(kind or "unknown", {})
        done = "failed" if outcome == FAILED else "extracted"
        of_kind[done] = of_kind.get(done, 0) + 1
        if outcome == FAILED:
            self.failed.append({"path": path, "error": error, "message": message})

    def count_record(self, record: dict[str, Any]) -> None:
        self.records += 1
        self.needs_review += bool(record["needs_review"])

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def to_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "model": self.model,
            "finished": self.finished,
            "inputs": self.inputs,
            "records": self.records,
            "needs_review": self.needs_review,
            "by_outcome": dict(sorted(self.by_outcome.items())),
            "by_kind": {kind: dict(sorted(counts.items())) for kind, counts in sorted(self.by_kind.items())},
            "failed": self.failed,
            "seconds": round(self.seconds, 3),
        }

    def save(self, path: Path) -> None:
        write_atomically(path, json.dumps(self.to_dict(), indent=1) + "\n")

    def summary(self) -> str:
        """One line for people."""
        parts = [f"{self.records} records from {self.inputs - len(self.failed)} of {self.inputs} inputs"]
        if self.needs_review:
            parts.append(f"{self.needs_review} to review")
        if self.by_outcome.get(UNCHANGED):
            parts.append(f"{self.by_outcome[UNCHANGED]} taken over from the run before")
        return f"{', '.join(parts)}, {self.seconds:.1f} s"
