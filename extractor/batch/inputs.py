"""Which inputs a command line names, in an order that does not depend on the file system."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from extractor.errors import DamagedInput, InputError, MissingInput
from extractor.readers.limits import Limits
from extractor.remote import find_urls, is_url, read_url

STANDARD_INPUT = "-"
_READINGS = 3  # times that a file which changes while it is read is read again
_PART = 1 << 20
_PIPE = "; a pipe is read as standard input: -"


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
    seen: set[bytes] = set()  # digests: a million long paths need not be held
    passed_over = {os.path.realpath(path) for path in skip}
    for name in names:
        for found in _expand(os.fspath(name), passed_over):
            key = path_key(found.path)
            if key not in seen:
                seen.add(key)
                yield found


def path_key(path: str) -> bytes:
    """Sixteen bytes that stand for a path."""
    return hashlib.blake2b(path.encode("utf-8", errors="surrogatepass"), digest_size=16).digest()


def _expand(name: str, skip: set[str]) -> Iterator[Input]:
    if name == STANDARD_INPUT:
        yield Input(name, name)
    elif is_url(name):
        try:
            yield from (Input(url, url) for url in find_urls(name))
        except InputError as error:
            yield Input(name, name, error.cause)
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
        if _leads_to(entry, directories=True):
            if entry.name.endswith(".run") and os.path.exists(os.path.join(path, "manifest.jsonl")):
                continue  # what an earlier run left beside its output
            yield from _walk(path, skip, above | {real})
        elif _leads_to(entry, directories=False) or entry.is_symlink():  # a link that leads nowhere is worth an error
            yield Input(path, path)


def _leads_to(entry: os.DirEntry[str], directories: bool) -> bool:
    """Whether an entry, links followed, is a directory, or else a file; neither where it cannot be told."""
    try:
        return entry.is_dir() if directories else entry.is_file()
    except OSError:  # a link that leads to itself
        return False


def read_input(source: Input, limits: Limits | None = None) -> bytes:
    """The bytes of an input. Raises MissingInput, LimitExceeded, or DamagedInput where the system cannot read it."""
    limits = limits or Limits()
    if source.problem:
        raise MissingInput(source.path, source.problem)
    if is_url(source.file):
        return read_url(source.file, source.path, limits)
    parts: list[bytes] = []
    _read_file(source, limits, parts.clear, parts.append)
    return b"".join(parts)


def _read_file(source: Input, limits: Limits, begin: Callable[[], object], take: Callable[[bytes], object]) -> None:
    """Hand the file piece by piece to `take`, after `begin`; from the beginning again where it changed meanwhile."""
    for _ in range(_READINGS):
        begin()
        if _read_once(source, limits, take):
            return
    raise DamagedInput(source.path, "the file changes while it is read")


def _read_once(source: Input, limits: Limits, take: Callable[[bytes], object]) -> bool:
    """Hand the file piece by piece to `take`; whether it was the same at the end as at the beginning."""
    try:
        with open(source.file, "rb", buffering=0, opener=_open) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):  # a pipe or a device may give nothing for ever, or never end
                raise DamagedInput(source.path, "this is no regular file" + (_PIPE if _is_pipe(before) else ""))
            limits.check_bytes(before.st_size, source.path)  # before it is all in memory
            size = 0
            while part := file.read(_PART):
                take(part)
                size += len(part)
                limits.check_bytes(size, source.path)  # it may grow, or be one that states no size
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise MissingInput(source.path, "no such file") from None
    except IsADirectoryError:
        raise MissingInput(source.path, "this is a directory") from None
    except PermissionError:
        raise MissingInput(source.path, "no permission to read it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in its name
        cause = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DamagedInput(source.path, f"cannot be read: {cause}") from None
    return (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)


def _open(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))  # opening a pipe must not wait for its writer


def _is_pipe(status: os.stat_result) -> bool:
    return stat.S_ISFIFO(status.st_mode)


def digest_input(source: Input, limits: Limits) -> tuple[str, int]:
    """(SHA-256, size) of an input's bytes; ("", 0) for one that cannot be read: the reader will say why."""
    if source.problem or is_url(source.file):
        return "", 0
    digest, size = hashlib.sha256(), 0

    def begin() -> None:
        nonlocal digest, size
        digest, size = hashlib.sha256(), 0

    def take(part: bytes) -> None:
        nonlocal size
        digest.update(part)
        size += len(part)

    try:
        _read_file(source, limits, begin, take)
    except InputError:
        return "", 0
    return digest.hexdigest(), size
