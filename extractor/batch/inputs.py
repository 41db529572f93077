"""Which inputs a command line names, in an order that does not depend on the file system."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `path` is what records and reports call it; `file` is where its bytes are read from.

    `problem` is set for a name that leads nowhere: it is reported like a file that cannot be read.
    """

    path: str
    file: str
    problem: str | None = None


def find_inputs(names: Iterable[str | os.PathLike[str]], skip: Iterable[str] = ()) -> Iterator[Input]:
    """The inputs that files, directories (recursive), globs and "-" name; each path once.

    Names keep the order given; what a directory or a glob holds is sorted. Below a directory the path is the directory
    as given joined with the rest. Hidden files and directories are passed over, as are those in `skip` (own outputs).
    """
    seen: set[str] = set()
    passed_over = {os.path.realpath(path) for path in skip}
    for name in names:
        for found in _expand(os.fspath(name), passed_over):
            if found.path not in seen:
                seen.add(found.path)
                yield found


def _expand(name: str, skip: set[str]) -> Iterator[Input]:
    if name == STANDARD_INPUT:
        yield Input(name, name)
    elif os.path.isdir(name):
        found = _walk(name, skip, frozenset())
        first = next(found, None)
        yield first or Input(name, name, "the directory holds no files")
        yield from found
    elif os.path.lexists(name) or not glob.has_magic(name):
        yield Input(name, name)
    else:
        matches = sorted(glob.glob(name, recursive=True))
        if not matches:
            yield Input(name, name, "no file matches this pattern")
        for match in matches:
            if os.path.realpath(match) not in skip:
                yield from _expand_match(match, skip)


def _expand_match(match: str, skip: set[str]) -> Iterator[Input]:
    if os.path.isdir(match):
        yield from _walk(match, skip, frozenset())
    else:
        yield Input(match, match)


def _walk(directory: str, skip: set[str], above: frozenset[str]) -> Iterator[Input]:
    """Files below a directory, sorted by name. `above` holds the real paths on the way here: links may lead back."""
    real = os.path.realpath(directory)
    if real in above:
        return
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError as error:
        yield Input(directory, directory, f"the directory cannot be listed: {error.strerror or error}")
        return
    for entry in entries:
        if entry.name.startswith(".") or os.path.realpath(entry.path) in skip:
            continue
        path = os.path.join(directory, entry.name)
        if entry.is_dir():
            if entry.name.endswith(".run") and os.path.exists(os.path.join(path, "manifest.jsonl")):
                continue  # what an earlier run left beside its output
            yield from _walk(path, skip, above | {real})
        elif entry.is_file() or entry.is_symlink():  # a link that leads nowhere is worth an error
            yield Input(path, path)


def read_input(source: Input) -> bytes:
    """The bytes of an input. Raises MissingInput, LimitExceeded, or DamagedInput where the system cannot read it."""
    from extractor.errors import DamagedInput, MissingInput
    from extractor.readers.limits import Limits

    if source.problem:
        raise MissingInput(source.path, source.problem)
    file = Path(source.file)
    try:
        Limits().check_bytes(file.stat().st_size, source.path)  # before it is all in memory
        return file.read_bytes()
    except FileNotFoundError:
        raise MissingInput(source.path, "no such file") from None
    except IsADirectoryError:
        raise MissingInput(source.path, "this is a directory") from None
    except PermissionError:
        raise MissingInput(source.path, "no permission to read it") from None
    except OSError as error:
        raise DamagedInput(source.path, f"cannot be read: {error.strerror or error}") from None
