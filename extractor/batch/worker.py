"""A worker process: takes tasks as JSON lines on its standard input, answers on its standard output.

Started as `python -m extractor.batch.worker`. A process of its own rather than a fork: nothing of the caller's threads
or main module comes along, and what one hostile document does to it stays with that document.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import fields
from typing import IO, Any

from extractor.batch.inputs import Input, read_input
from extractor.batch.task import EXTRACTED, FAILED, Options, Result, Task
from extractor.errors import Form4Error, InputError, ModelError
from extractor.readers.limits import Limits

FATAL, READY = "fatal", "ready"
OUT_OF_MEMORY = 86  # exit code: the next document would start with what this one has left
_GRACE = 10.0  # seconds after which a worker whose caller is gone ends itself, over the document's own limit
_FILE_BYTES = 64_000_000  # a worker writes nothing but what libraries complain of
_PARENT_TICK = 0.5
_NO_MEMORY = "the memory allowed to a document ran out"


def main() -> int:
    """Serve tasks until the input ends."""
    # C libraries print to descriptor 1: answers go through a copy, everything else that is printed to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # one core a worker: OCR threads would multiply with the workers
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the whole group; the caller ends the workers
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    tasks = sys.stdin
    options = Options(**json.loads(tasks.readline()))
    _limit_itself(options.memory)
    _send(answers, {READY: True})  # the document's time begins when there is somebody to read it
    for line in tasks:
        _alarm(options.seconds + _GRACE)
        _send(answers, _run(_task(json.loads(line)), options))
        _alarm(0)
    return 0


def _end_with_parent(parent: int) -> None:
    """A worker busy with an endless document must not outlive a caller that was killed."""
    while os.getppid() == parent:
        time.sleep(_PARENT_TICK)
    os._exit(1)


def _alarm(seconds: float) -> None:
    """The system itself ends the process after that time: also where C code never gives a thread its turn."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _task(data: dict[str, Any]) -> Task:
    return Task(data["index"], Input(**data["source"]), data["size"])


def _send(stream: IO[str], answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer) + "\n")  # in ASCII: file names need not be valid Unicode
    stream.flush()


def _run(task: Task, options: Options) -> dict[str, Any]:
    started = time.monotonic()
    try:
        result = extract_task(task, options.model, options.limits)
    except ModelError as error:
        return {FATAL: str(error)}
    if result.message == _NO_MEMORY:
        os._exit(OUT_OF_MEMORY)
    result.seconds = round(time.monotonic() - started, 3)
    return {item.name: getattr(result, item.name) for item in fields(result)}


def extract_task(task: Task, model: Any = None, limits: Limits | None = None) -> Result:
    """Extract one input in this process. Raises ModelError only: everything else is the document's failure."""
    from extractor.stages import take_stages

    path = task.source.path
    limits = limits or Limits()
    result = Result(task.index, path, FAILED)
    data = b""
    take_stages()
    try:
        data = read_input(task.source, limits)
        result.sha256 = hashlib.sha256(data).hexdigest()
        from extractor.pipeline import extract_bytes

        filings = extract_bytes(data, path, model, limits)
        records = [filing.to_dict() for filing in filings]
    except ModelError:
        raise
    except InputError as error:
        result.error, result.message = type(error).__name__, error.cause
    except MemoryError:
        result.error, result.message = "LimitExceeded", _NO_MEMORY
    except RecursionError:
        result.error, result.message = "DamagedInput", "nested deeper than any filing"
    except Exception as error:  # a defect met by one document must not cost the others
        text = str(error) if isinstance(error, Form4Error) else f"{type(error).__name__}: {error}"
        result.error, result.message = "InternalError", f"unexpected error, please report it: {text[:500]}"
    else:
        result.outcome = EXTRACTED
        result.records = records
        result.kind = result.records[0]["source"]["input_kind"] if result.records else ""
        result.stages = take_stages()
        return result
    result.kind = _kind(data)
    result.stages = take_stages()
    return result


def _kind(data: bytes) -> str:
    """The kind of an input that could not be read, for the report; "" where not even that is known."""
    from extractor.readers.detect import detect_kind

    try:
        return detect_kind(data) if data else ""
    except (InputError, MemoryError):
        return ""


def _limit_itself(memory: int) -> None:
    """Let allocations fail rather than the machine; nothing that a document does may fill the disk.

    The caller watches the memory that is resident. This is the second line, for what grows faster than it looks, and
    the only one where other processes' memory cannot be seen. It counts data, as code and model files mapped are not
    the document's, where the system can (Linux), else address space with a generous margin.
    """
    try:
        import resource
    except ImportError:  # not on Windows
        return
    if sys.platform == "linux":
        _lower(resource, resource.RLIMIT_DATA, memory)
        with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")  # a machine out of memory gives up the document, not the run
    else:
        _lower(resource, resource.RLIMIT_AS, 2 * memory + 4_000_000_000)
    _lower(resource, resource.RLIMIT_FSIZE, _FILE_BYTES)
    _lower(resource, resource.RLIMIT_CORE, 0)


def _lower(resource: Any, which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard == resource.RLIM_INFINITY or wanted < hard:
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (wanted, hard))


if __name__ == "__main__":
    raise SystemExit(main())
