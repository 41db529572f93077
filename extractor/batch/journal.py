"""What a run has done so far, kept on disk as it goes, so that a run that was stopped can go on.

The run directory holds `run.json` (what the run depends on), `records.jsonl` (each input's records on one line, in the
order they were finished), `manifest.jsonl` (one line an input: path, hash, outcome, where its records lie) and, at the
end, `report.json`. Lines are added and flushed one by one, records before the manifest's line that points at them: a
run killed at any point leaves at worst one torn line, which the next run cuts off.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from extractor.batch.task import EXTRACTED, Result

Entry = dict[str, Any]


class Journal:
    """The journal in a run directory. `key` is what makes stored records usable: version, model, options."""

    def __init__(self, directory: Path, key: dict[str, Any], force: bool = False) -> None:
        self.directory = directory
        self._manifest = directory / "manifest.jsonl"
        self._records = directory / "records.jsonl"
        directory.mkdir(parents=True, exist_ok=True)
        if force or self._stored_key() != key:
            self._manifest.unlink(missing_ok=True)
            self._records.unlink(missing_ok=True)
            write_atomically(directory / "run.json", json.dumps(key, indent=1, sort_keys=True) + "\n")
        self._entries = dict(self._load())
        self._manifest_stream: IO[bytes] = open(self._manifest, "ab")  # noqa: SIM115  closed by __exit__
        self._records_stream: IO[bytes] = open(self._records, "ab+")  # noqa: SIM115

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._manifest_stream.close()
        self._records_stream.close()

    def known(self, path: str) -> str | None:
        """The hash of the input at that path for which records are stored; None where there are none."""
        entry = self._entries.get(path)
        return entry["sha256"] if entry and entry["outcome"] == EXTRACTED else None

    def entry(self, path: str) -> Entry:
        """The manifest's line of an input. KeyError for one that the journal does not know."""
        return self._entries[path]

    def add(self, result: Result) -> None:
        """Keep what became of an input."""
        self._records_stream.seek(0, os.SEEK_END)
        offset = self._records_stream.tell()
        if result.records:
            self._records_stream.write(json.dumps(result.records).encode("ascii") + b"\n")
            self._records_stream.flush()
        entry: Entry = {
            "path": result.path,
            "sha256": result.sha256,
            "outcome": result.outcome,
            "kind": result.kind,
            "records": len(result.records),
            "seconds": result.seconds,
            "error": result.error,
            "message": result.message,
            "offset": offset,
            "length": self._records_stream.tell() - offset,
        }
        self._manifest_stream.write(_line(entry))
        self._manifest_stream.flush()
        self._entries[result.path] = entry

    def records(self, path: str) -> list[dict[str, Any]]:
        """The stored records of an input."""
        entry = self._entries[path]
        if not entry["length"]:
            return []
        self._records_stream.seek(entry["offset"])
        stored: list[dict[str, Any]] = json.loads(self._records_stream.read(entry["length"]))
        return stored

    def settle(self, paths: Iterator[str]) -> None:
        """Rewrite the manifest with just these inputs, in this order: the finished run's."""
        part = self._manifest.with_name(self._manifest.name + ".part")
        with open(part, "wb") as stream:
            stream.writelines(_line(self._entries[path]) for path in paths)
        self._manifest_stream.close()
        os.replace(part, self._manifest)
        self._manifest_stream = open(self._manifest, "ab")  # noqa: SIM115

    def _stored_key(self) -> Any:
        try:
            return json.loads((self.directory / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _load(self) -> Iterator[tuple[str, Entry]]:
        """The manifest's entries; what a killed run left half written is cut off."""
        size = self._records.stat().st_size if self._records.exists() else 0
        if not self._manifest.exists():
            return
        good = 0
        with open(self._manifest, "rb") as stream:
            for line in stream:
                try:
                    entry = json.loads(line) if line.endswith(b"\n") else None
                    if not isinstance(entry, dict) or entry["offset"] + entry["length"] > size:
                        break
                except (ValueError, KeyError, TypeError):
                    break
                good += len(line)
                yield entry["path"], entry
        os.truncate(self._manifest, good)


def write_atomically(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def _line(entry: Entry) -> bytes:
    return json.dumps(entry).encode("ascii") + b"\n"
