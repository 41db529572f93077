"""What engines pass around: a task for one input, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from extractor.batch.inputs import Input
from extractor.readers.limits import Limits

EXTRACTED, UNCHANGED, FAILED = "extracted", "unchanged", "failed"
DUPLICATE = "duplicate"  # the very bytes of another input of the run: its records are taken over


@dataclass(frozen=True, slots=True)
class Options:
    """What workers need to know. The limits hold for each document: seconds of wall time, bytes of memory that its
    worker may use, libraries and model included, and what readers keep to (`Limits`)."""

    model: str | None = None
    seconds: float = 300.0
    memory: int = 3_000_000_000
    max_bytes: int = Limits().max_bytes
    max_pages: int = Limits().max_pages
    max_pixels: int = Limits().max_pixels

    @property
    def limits(self) -> Limits:
        return Limits(max_bytes=self.max_bytes, max_pages=self.max_pages, max_pixels=self.max_pixels)


@dataclass(frozen=True, slots=True)
class Task:
    """One input to extract. `size` in bytes, where it is known, helps to begin with the large ones."""

    index: int
    source: Input
    size: int = 0


@dataclass(slots=True)
class Result:
    """What became of one input: "extracted" with its records, or "failed" with the class and message of its error.

    `stages` are the seconds by stage of the pipeline, `seconds` those of the whole.
    """

    index: int
    path: str
    outcome: str
    sha256: str = ""
    kind: str = ""
    records: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    message: str = ""
    seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)


class Engine(Protocol):
    """Runs tasks somewhere. Results come in any order; tasks are taken from the iterator only as they are needed."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]: ...
