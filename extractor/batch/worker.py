"""A worker process: takes tasks as JSON lines on its standard input, answers on its standard output.

Started as `python -m extractor.batch.worker`. A process of its own rather than a fork: nothing of the caller's threads
or main module comes along, and what one hostile document does to it stays with that document.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from typing import IO, Any

from extractor.batch.inputs import Input, read_input
from extractor.batch.task import EXTRACTED, FAILED, UNCHANGED, Options, Result, Task
from extractor.errors import Form4Error, InputError, ModelError

FATAL = "fatal"


def main() -> int:
    """Serve tasks until the input ends."""
    # C libraries print to descriptor 1: answers go through a copy, everything else that is printed to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # one core a worker: OCR threads would multiply with the workers
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    tasks = sys.stdin
    options = Options(**json.loads(tasks.readline()))
    _limit_memory(options.memory)
    for line in tasks:
        _send(answers, _run(_task(json.loads(line)), options))
    return 0


def _end_with_parent(parent: int) -> None:
    """A worker busy with an endless document must not outlive a caller that was killed."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _task(data: dict[str, Any]) -> Task:
    return Task(data["index"], Input(**data["source"]), data["known"])


def _send(stream: IO[str], answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer) + "\n")  # in ASCII: file names need not be valid Unicode
    stream.flush()


def _run(task: Task, options: Options) -> dict[str, Any]:
    started = time.monotonic()
    try:
        result = extract_task(task, options.model)
    except ModelError as error:
        return {FATAL: str(error)}
    result.seconds = round(time.monotonic() - started, 3)
    return {name: getattr(result, name) for name in Result.__slots__}


def extract_task(task: Task, model: Any = None) -> Result:
    """Extract one input in this process. Raises ModelError only: everything else is the document's failure."""
    path = task.source.path
    result = Result(task.index, path, FAILED)
    data = b""
    try:
        data = read_input(task.source)
        result.sha256 = hashlib.sha256(data).hexdigest()
        if task.known == result.sha256:
            result.outcome = UNCHANGED
            return result
        from extractor.pipeline import extract_bytes

        filings = extract_bytes(data, path, model)
    except ModelError:
        raise
    except InputError as error:
        result.error, result.message = type(error).__name__, error.cause
    except MemoryError:
        result.error, result.message = "LimitExceeded", "the memory allowed to a document ran out"
    except RecursionError:
        result.error, result.message = "DamagedInput", "nested deeper than any filing"
    except Exception as error:  # a defect met by one document must not cost the others
        text = str(error) if isinstance(error, Form4Error) else f"{type(error).__name__}: {error}"
        result.error, result.message = "InternalError", f"unexpected error, please report it: {text}"
    else:
        result.outcome = EXTRACTED
        result.records = [filing.to_dict() for filing in filings]
        result.kind = result.records[0]["source"]["input_kind"] if result.records else ""
        return result
    result.kind = _kind(data)
    return result


def _kind(data: bytes) -> str:
    """The kind of an input that could not be read, for the report; "" where not even that is known."""
    from extractor.readers.detect import detect_kind

    try:
        return detect_kind(data) if data else ""
    except InputError:
        return ""


def _limit_memory(size: int) -> None:
    """Let allocations fail rather than the machine. Address space runs ahead of memory used, hence the generous margin.

    The caller watches the memory really used; this is the second line, and the only one where that cannot be seen.
    """
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = 2 * size + 4_000_000_000
    if hard == resource.RLIM_INFINITY or wanted < hard:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


if __name__ == "__main__":
    raise SystemExit(main())
