"""What engines pass around: a task for one input, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from extractor.batch.inputs import Input

EXTRACTED, UNCHANGED, FAILED = "extracted", "unchanged", "failed"


@dataclass(frozen=True, slots=True)
class Options:
    """What workers need to know. The limits hold for each document: seconds of wall time, and bytes of memory that
    its worker may use, libraries and model (some 300 MB) included."""

    model: str | None = None
    seconds: float = 300.0
    memory: int = 3_000_000_000


@dataclass(frozen=True, slots=True)
class Task:
    """One input to extract. `known` is the hash for which a finished record exists already."""

    index: int
    source: Input
    known: str | None = None


@dataclass(slots=True)
class Result:
    """What became of one input: "extracted" with its records, "unchanged" (its hash is the known one), or "failed"."""

    index: int
    path: str
    outcome: str
    sha256: str = ""
    kind: str = ""
    records: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    message: str = ""
    seconds: float = 0.0


class Engine(Protocol):
    """Runs tasks somewhere. Results come in any order; tasks are taken from the iterator only as they are needed."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]: ...
