"""The library: extract from files, bytes or text, one or many."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from extractor.errors import InputError
from extractor.record import Check, Filing, Source

if TYPE_CHECKING:
    from extractor.batch.task import Result
    from extractor.tagging.model import TaggerModel

    Model = TaggerModel | Path | str | None

UNREADABLE = "unreadable"


def extract(source: str | os.PathLike[str] | bytes | BinaryIO, *, model: Model = None) -> Filing:
    """The filing in a file, some bytes or an open binary file.

    A source that holds several filings gives the first; `extract_all` gives them all. A readable document that is no
    ownership form gives a filing without rows whose `review_reasons` say so. `model` is a model, its directory, or
    None for the one that comes with the package.

    Raises a subclass of `extractor.errors.InputError` where the source cannot be read.
    """
    return extract_all(source, model=model)[0]


def extract_all(source: str | os.PathLike[str] | bytes | BinaryIO, *, model: Model = None) -> list[Filing]:
    """Every filing in a source, in order, at least one. See `extract`."""
    from extractor.pipeline import extract_bytes

    data, path = _bytes_of(source)
    return extract_bytes(data, path, model)


def extract_text(text: str, *, model: Model = None) -> Filing:
    """The filing in some text: plain, tab-separated, or the text of an XML or HTML file."""
    from extractor.pipeline import extract_bytes

    # Characters that UTF-8 cannot hold come from broken decoding and mean nothing.
    return extract_bytes(text.encode("utf-8", errors="replace"), "", model)[0]


def extract_many(paths: Iterable[str | os.PathLike[str]], *, workers: int = 1, model: Model = None) -> Iterator[Filing]:
    """Filings of many files, in the order of the files, as they are ready.

    Files are read in `workers` processes of their own, with limits on the time and memory of each, and may be
    directories or patterns as on the command line. Never raises for a bad file: one that cannot be read gives a filing
    without rows, with confidence 0, `review_reasons == ["unreadable"]` and a check of that code which says why.
    Raises ModelError where the model cannot be loaded. A model given as an object rather than as a directory cannot be
    handed to other processes: then files are read in this one, without limits.
    """
    from extractor.batch.inputs import find_inputs
    from extractor.batch.local import LocalEngine
    from extractor.batch.task import Options, Task

    tasks = (Task(index, source) for index, source in enumerate(find_inputs(paths)))
    if model is not None and not isinstance(model, str | os.PathLike):
        from extractor.batch.worker import extract_task

        for task in tasks:
            yield from _filings(extract_task(task, model))
        return
    engine = LocalEngine(workers, Options(model=None if model is None else os.fspath(model)))
    waiting: dict[int, Result] = {}
    turn = 0
    for result in engine.run(tasks):
        waiting[result.index] = result
        while turn in waiting:
            yield from _filings(waiting.pop(turn))
            turn += 1


def _filings(result: Result) -> Iterator[Filing]:
    if result.error:
        yield unreadable(result.path, result.message, result.sha256)
        return
    from extractor.output.load import filing_from_dict

    for record in result.records:
        yield filing_from_dict(record)


def unreadable(path: str, message: str, sha256: str = "") -> Filing:
    """What stands for an input that could not be read: no rows, no confidence, and the cause as a check."""
    return Filing(
        source=Source(path=path, sha256=sha256, input_kind="unknown"),
        confidence=0.0,
        needs_review=True,
        review_reasons=[UNREADABLE],
        checks=[Check(UNREADABLE, "error", [], message)],
    )


def _bytes_of(source: str | os.PathLike[str] | bytes | BinaryIO) -> tuple[bytes, str]:
    """The bytes and the path of a source; open files are called by their name."""
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), ""
    if isinstance(source, str | os.PathLike):
        from extractor.batch.inputs import Input, read_input

        path = os.fspath(source)
        return read_input(Input(path, path)), path
    name = getattr(source, "name", "")
    data = source.read()
    if not isinstance(data, bytes):
        raise TypeError("extract needs a file opened in binary mode; for text there is extract_text")
    return data, name if isinstance(name, str) else ""


__all__ = ["InputError", "extract", "extract_all", "extract_many", "extract_text", "unreadable"]
