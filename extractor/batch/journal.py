"""What a run has done so far, kept on disk as it goes, so that a run that was stopped can go on.

The run directory holds `run.json` (what the run depends on), `records.jsonl` (each input's records on one line, in the
order they were finished), `manifest.jsonl` (one line an input: path, hash, outcome, where its records lie and their
checksum) and, at the end, the report. Lines are added and flushed one by one, records before the manifest's line that
points at them: a run killed at any point leaves at worst one torn line, which the next run cuts off. Both are brought
to the disk every few seconds; what a power cut takes nevertheless does not match its checksum and is read anew.

Of an input only two short keys are held in memory, some hundred bytes each, and neither its path nor its records.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from extractor.batch.inputs import path_key
from extractor.batch.task import EXTRACTED, FAILED, Result
from extractor.errors import Form4Error

Entry = dict[str, Any]
_SYNC_SECONDS = 2.0


class JournalError(Form4Error):
    """A run directory that another run is using."""


class Journal:
    """The journal in a run directory.

    `key` is what makes stored records usable: version, model, options. `limits` decide failures alone: with others the
    failed inputs are read anew, as they are once a run has finished. Raises JournalError where another run has it open.
    """

    def __init__(
        self, directory: Path, key: dict[str, Any], force: bool = False, limits: dict[str, Any] | None = None
    ) -> None:
        self.directory = directory
        self._manifest = directory / "manifest.jsonl"
        self._records = directory / "records.jsonl"
        self._finished = directory / "finished"
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(directory / "lock")
        self._by_path: dict[bytes, int] = {}
        self._by_hash: dict[bytes, int] = {}
        self._synced = time.monotonic()
        stored = self._stored_key()
        now = {"key": key, "limits": limits or {}}
        if force or stored.get("key") != key:
            for path in (self._finished, self._manifest, self._records):
                path.unlink(missing_ok=True)
        elif self._finished.exists() or stored.get("limits") != now["limits"]:
            self._forget_failures()
        if stored != now:
            write_atomically(directory / "run.json", json.dumps(now, indent=1, sort_keys=True) + "\n")
        self._load()
        self._manifest_stream: IO[bytes] = open(self._manifest, "ab+")  # noqa: SIM115  closed by __exit__
        self._records_stream: IO[bytes] = open(self._records, "ab+")  # noqa: SIM115

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in (self._records_stream, self._manifest_stream, self._lock):
            with suppress(OSError):  # a full disk has been reported already
                stream.close()

    def known(self, path: str) -> int | None:
        """Where the manifest's line of the input at that path begins; None where there is none that can be used."""
        at = self._by_path.get(path_key(path))
        if at is None:
            return None
        entry = self.entry(at)
        return at if entry["path"] == path and self._is_whole(entry) else None

    def twin(self, sha256: str) -> int | None:
        """Where the line of an extracted input with those very bytes begins; None where there is none."""
        at = self._by_hash.get(_hash_key(sha256)) if sha256 else None
        if at is None:
            return None
        entry = self.entry(at)
        return at if entry["sha256"] == sha256 and self._is_whole(entry) else None

    def entry(self, at: int) -> Entry:
        """The manifest's line that begins there."""
        self._manifest_stream.seek(at)
        entry: Entry = json.loads(self._manifest_stream.readline())
        return entry

    def records(self, entry: Entry) -> list[dict[str, Any]]:
        """The stored records of an input."""
        if not entry["length"]:
            return []
        stored: list[dict[str, Any]] = json.loads(self._stored(entry))
        return stored

    def add(self, result: Result) -> int:
        """Keep what became of an input; where its line begins."""
        self._records_stream.seek(0, os.SEEK_END)
        offset = self._records_stream.tell()
        line = json.dumps(result.records).encode("ascii") + b"\n" if result.records else b""
        if line:
            self._records_stream.write(line)
            self._records_stream.flush()
        entry: Entry = {
            "path": result.path,
            "sha256": result.sha256,
            "outcome": result.outcome,
            "kind": result.kind,
            "records": len(result.records),
            "seconds": result.seconds,
            "stages": result.stages,
            "error": result.error,
            "message": result.message,
            "offset": offset,
            "length": len(line),
            "crc": zlib.crc32(line),
        }
        self._manifest_stream.seek(0, os.SEEK_END)
        at = self._manifest_stream.tell()
        self._manifest_stream.write(_line(entry))
        self._manifest_stream.flush()
        self._index(entry, at)
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self._sync()
        return at

    def settle(self, lines: Iterable[int]) -> None:
        """The run has finished: rewrite the manifest with just these lines, in this order. The last call."""
        self._sync()
        self._rewrite(self.entry(at) for at in lines)
        self._finished.touch()

    def _index(self, entry: Entry, at: int) -> None:
        self._by_path[path_key(entry["path"])] = at
        if entry["outcome"] == EXTRACTED and entry["sha256"]:
            self._by_hash.setdefault(_hash_key(entry["sha256"]), at)

    def _is_whole(self, entry: Entry) -> bool:
        return not entry["length"] or zlib.crc32(self._stored(entry)) == entry["crc"]

    def _stored(self, entry: Entry) -> bytes:
        self._records_stream.seek(entry["offset"])
        return self._records_stream.read(entry["length"])

    def _sync(self) -> None:
        for stream in (self._records_stream, self._manifest_stream):
            os.fsync(stream.fileno())
        self._synced = time.monotonic()

    def _stored_key(self) -> dict[str, Any]:
        try:
            stored = json.loads((self.directory / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stored if isinstance(stored, dict) else {}

    def _load(self) -> None:
        """Index the manifest; what a killed run left half written is cut off."""
        good = 0
        for entry, at, end in self._lines():
            self._index(entry, at)
            good = end
        if self._manifest.exists():
            os.truncate(self._manifest, good)

    def _lines(self) -> Iterator[tuple[Entry, int, int]]:
        """(entry, begin, end) of the manifest's whole lines."""
        size = self._records.stat().st_size if self._records.exists() else 0
        if not self._manifest.exists():
            return
        at = 0
        with open(self._manifest, "rb") as stream:
            for line in stream:
                try:
                    entry = json.loads(line) if line.endswith(b"\n") else None
                    if not isinstance(entry, dict) or entry["offset"] + entry["length"] > size:
                        return
                    entry["path"], entry["outcome"], entry["sha256"], entry["crc"]
                except (ValueError, KeyError, TypeError):
                    return
                yield entry, at, at + len(line)
                at += len(line)

    def _forget_failures(self) -> None:
        self._rewrite(entry for entry, _, _ in self._lines() if entry["outcome"] != FAILED)
        self._finished.unlink(missing_ok=True)

    def _rewrite(self, entries: Iterable[Entry]) -> None:
        part = self._manifest.with_name(self._manifest.name + ".part")
        with open(part, "wb") as stream:
            stream.writelines(map(_line, entries))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, self._manifest)


def _lock(path: Path) -> IO[bytes]:
    """The open lock file: the system takes the lock back when the process ends, however it ends."""
    stream = open(path, "ab")  # noqa: SIM115  closed with the journal
    try:
        import fcntl
    except ImportError:  # not on Windows
        return stream
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        raise JournalError(f"{path.parent}: another run is at work there") from None
    except OSError:  # file systems without locks
        pass
    return stream


def write_atomically(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all."""
    part = path.with_name(path.name + ".part")
    with open(part, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, path)


def _hash_key(sha256: str) -> bytes:
    return bytes.fromhex(sha256[:32])


def _line(entry: Entry) -> bytes:
    return json.dumps(entry).encode("ascii") + b"\n"
