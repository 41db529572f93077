"""The engine on this machine: worker processes with limits on each document's time and memory."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from extractor.batch.task import FAILED, Options, Result, Task
from extractor.batch.worker import FATAL
from extractor.errors import ModelError

_TICK = 0.2  # seconds between looks at time and memory
_WINDOW = 64  # documents a worker may be ahead of the slowest one, so that results waiting for their turn stay few


class LocalEngine:
    """Runs tasks in `workers` processes.

    A document that crashes its worker, runs out of time or out of memory is tried once more with nothing beside it,
    then given up. Results come as they are ready.
    """

    def __init__(self, workers: int = 1, options: Options | None = None) -> None:
        self._workers = max(1, workers)
        self._options = options or Options()

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Results of all tasks. Raises ModelError where workers cannot load the model."""
        pool = _Pool(self._options)
        try:
            yield from self._run(iter(tasks), pool)
        finally:
            pool.close()

    def _run(self, tasks: Iterator[Task], pool: _Pool) -> Iterator[Result]:
        again: deque[Task] = deque()
        tried: set[int] = set()
        more = True
        while True:
            while more and not again and len(pool.busy) < self._workers:
                if pool.busy and pool.newest - pool.oldest >= _WINDOW * self._workers:
                    break
                task = next(tasks, None)
                if task is None:
                    more = False
                else:
                    pool.start(task)
            if again and not pool.busy:
                pool.start(again.popleft())
            if not pool.busy:
                return
            for task, answer, trouble in pool.wait():
                if answer is not None:
                    yield answer
                elif task.index not in tried:
                    tried.add(task.index)
                    again.append(task)
                else:
                    error, message = trouble
                    yield Result(task.index, task.source.path, FAILED, error=error, message=message)


_Ended = tuple[Task, Result | None, tuple[str, str]]


class _Pool:
    """The worker processes, and which task each is at."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._idle: list[_Worker] = []
        self._answers: queue.Queue[tuple[_Worker, str | None]] = queue.Queue()
        self._looked = time.monotonic()
        self.busy: dict[_Worker, Task] = {}
        self.newest = 0

    @property
    def oldest(self) -> int:
        return min((task.index for task in self.busy.values()), default=self.newest)

    def start(self, task: Task) -> None:
        worker = None
        while self._idle and worker is None:
            worker = self._idle.pop()
            if not worker.alive:
                worker.stop()
                worker = None
        worker = worker or _Worker(self._options, self._answers)
        self.busy[worker] = task
        self.newest = max(self.newest, task.index)
        worker.begin(task)

    def wait(self) -> Iterator[_Ended]:
        """What ended within a moment: tasks with their results, or with what went wrong."""
        if time.monotonic() - self._looked >= _TICK:
            self._looked = time.monotonic()
            for worker in list(self.busy):
                trouble = worker.over_limit()
                if trouble:
                    yield self._lost(worker, trouble)
        try:
            worker, line = self._answers.get(timeout=_TICK if self.busy else 0)
        except queue.Empty:
            return
        if worker not in self.busy:  # its last words after it was stopped
            return
        if line is None:
            yield self._lost(worker, ("WorkerCrashed", f"the reader crashed on this document{worker.last_words()}"))
            return
        answer: dict[str, Any] = json.loads(line)
        if FATAL in answer:
            raise ModelError(answer[FATAL])
        task = self.busy.pop(worker)
        self._idle.append(worker)
        yield task, Result(**answer), ("", "")

    def _lost(self, worker: _Worker, trouble: tuple[str, str]) -> _Ended:
        worker.stop()
        return self.busy.pop(worker), None, trouble

    def close(self) -> None:
        for worker in [*self._idle, *self.busy]:
            worker.stop()


class _Worker:
    """One process, with a thread that waits for its answers."""

    def __init__(self, options: Options, answers: queue.Queue[tuple[_Worker, str | None]]) -> None:
        self._options = options
        self._started = 0.0
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "extractor.batch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            encoding="utf-8",
        )
        self._send(asdict(options))
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def begin(self, task: Task) -> None:
        self._started = time.monotonic()
        self._send(asdict(task))

    def over_limit(self) -> tuple[str, str] | None:
        """(error, message) where the document at hand has used up its time or memory."""
        if time.monotonic() - self._started > self._options.seconds:
            return "LimitExceeded", f"not done within {self._options.seconds:g} seconds"
        used = _resident_bytes(self._process.pid)
        if used > self._options.memory:
            return "LimitExceeded", f"more than {self._options.memory:,} bytes of memory"
        return None

    def last_words(self) -> str:
        """The last line on its standard error, in brackets, or how it ended."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = None
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", errors="replace").strip().splitlines()
        if code is not None and code < 0:
            return f" (signal {-code})"
        return f" ({lines[-1][:200]})" if lines else ""

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._errors):
            try:
                if stream:
                    stream.close()
            except OSError:
                pass

    def _send(self, message: dict[str, Any]) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(json.dumps(message) + "\n")
            stream.flush()
        except OSError:
            pass  # it is gone: the listener says so

    def _listen(self, answers: queue.Queue[tuple[_Worker, str | None]]) -> None:
        stream = self._process.stdout
        assert stream is not None
        with stream:
            for line in stream:
                if line.endswith("\n"):
                    answers.put((self, line))
        answers.put((self, None))


def _environment() -> dict[str, str]:
    """The caller's environment, in which the worker finds this very package, whatever the caller's directory."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return os.environ | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "PYTHONUTF8": "1"}


def _resident_bytes(pid: int) -> int:
    """Memory that a process really uses; 0 where the system does not say (outside Linux)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
