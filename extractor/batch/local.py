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
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from extractor.batch.inputs import digest_input
from extractor.batch.schedule import Schedule
from extractor.batch.task import FAILED, Options, Result, Task
from extractor.batch.worker import FATAL, OUT_OF_MEMORY, READY
from extractor.errors import ModelError

_START_SECONDS = 60.0  # for the process itself, on a machine with much else to do
_TICK = 0.2  # seconds between looks at time and memory
_WINDOW = 64  # documents a worker may be ahead of the slowest one, so that results waiting for their turn stay few
_FAT = 0.5  # share of the memory limit above which an idle worker is replaced, as the next document has the rest
_ABORTS = (-6, -9, -11)
_NEARLY = 0.5  # share of the memory limit: libraries ask for large pieces at once


class LocalEngine:
    """Runs tasks in `workers` processes.

    A document that crashes its worker, runs out of time or out of memory is tried once more, then given up: in a
    process of its own, and after a crash or want of memory with nothing beside it. Results come as they are ready, at
    most `window` documents out of order. With `keep` the workers stay for the next run, until `close`.
    """

    def __init__(
        self, workers: int = 1, options: Options | None = None, window: int | None = None, keep: bool = False
    ) -> None:
        self._workers = max(1, workers)
        self._options = options or Options()
        self._window = window or _WINDOW * self._workers
        self._keep = keep
        self._pool: _Pool | None = None

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Results of all tasks. Raises ModelError where workers cannot load the model."""
        pool = self._pool = self._pool or _Pool(self._options)
        whole = False
        try:
            yield from self._run(Schedule(iter(tasks), self._workers, self._window), pool)
            whole = True
        finally:
            if not (whole and self._keep):
                self.close()

    def close(self) -> None:
        """End the workers."""
        if self._pool:
            self._pool.close()
            self._pool = None

    def _run(self, schedule: Schedule, pool: _Pool) -> Iterator[Result]:
        while True:
            self._feed(schedule, pool)
            if not pool.busy:
                return
            for task, answer, trouble in pool.wait():
                result = answer or self._judge(task, trouble, schedule)
                if result is not None:
                    schedule.done(task)
                    self._feed(schedule, pool)  # workers go on while the caller writes
                    yield result

    def _feed(self, schedule: Schedule, pool: _Pool) -> None:
        while len(pool.busy) < self._workers:
            taken = schedule.take(len(pool.busy))
            if taken is None:
                return
            pool.start(*taken)

    def _judge(self, task: Task, trouble: Trouble, schedule: Schedule) -> Result | None:
        """The failure of a document that cost its worker; None where it is to be tried once more."""
        if task.index not in schedule.tried:
            schedule.retry(task, beside_nothing=not trouble.slow)
            return None
        sha256, _ = digest_input(task.source, self._options.limits)
        return Result(
            task.index,
            task.source.path,
            FAILED,
            sha256=sha256,
            error=trouble.error,
            message=trouble.message,
            seconds=trouble.seconds,
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """How a worker was lost: class and message of the error, `slow` for want of time, seconds it had."""

    error: str
    message: str
    slow: bool = False
    seconds: float = 0.0


_OK = Trouble("", "")
_Ended = tuple[Task, Result | None, Trouble]


class _Pool:
    """The worker processes, and which task each is at."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._idle: list[_Worker] = []
        self._answers: queue.Queue[tuple[_Worker, str | None]] = queue.Queue()
        self._looked = time.monotonic()
        self.busy: dict[_Worker, Task] = {}

    def start(self, task: Task, fresh: bool = False) -> None:
        """Give a task to an idle worker, or to a new one."""
        worker = None
        while self._idle and worker is None:
            worker = self._idle.pop()
            if fresh or not worker.alive:
                worker.stop()
                worker = None
        worker = worker or _Worker(self._options, self._answers)
        self.busy[worker] = task
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
            yield self._lost(worker, worker.how_it_ended())
            return
        answer: dict[str, Any] = json.loads(line)
        if READY in answer:
            worker.is_ready()
            return
        if FATAL in answer:
            raise ModelError(answer[FATAL])
        task = self.busy.pop(worker)
        if worker.is_fat():
            worker.stop()
        else:
            self._idle.append(worker)
        yield task, Result(**answer), _OK

    def _lost(self, worker: _Worker, trouble: Trouble) -> _Ended:
        worker.stop()
        return self.busy.pop(worker), None, replace(trouble, seconds=worker.seconds)

    def close(self) -> None:
        for worker in [*self._idle, *self.busy]:
            worker.stop()
        self._idle.clear()
        self.busy.clear()


class _Worker:
    """One process, with a thread that waits for its answers."""

    def __init__(self, options: Options, answers: queue.Queue[tuple[_Worker, str | None]]) -> None:
        self._options = options
        self._started = 0.0
        self._ready = False
        self._most = 0  # bytes of memory seen while at the document at hand
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
        self._errors.seek(0)  # what was said of the last document must not pile up; the worker shares the position
        self._errors.truncate()
        self._started = time.monotonic()
        self._most = 0
        self._send(asdict(task))

    def is_ready(self) -> None:
        """The process has started: the time of its first document begins."""
        self._ready = True
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been at the document at hand."""
        return round(time.monotonic() - self._started, 3)

    def over_limit(self) -> Trouble | None:
        """What is wrong where the document at hand has used up its time or memory."""
        if time.monotonic() - self._started > self._options.seconds + (0.0 if self._ready else _START_SECONDS):
            return Trouble("LimitExceeded", f"not done within {self._options.seconds:g} seconds", slow=True)
        used = _resident_bytes(self._process.pid)
        self._most = max(self._most, used)
        if used > self._options.memory:
            return self._too_much_memory()
        return None

    def is_fat(self) -> bool:
        """Whether documents so far have left it with much memory, which the next one would be blamed for."""
        return _resident_bytes(self._process.pid) > _FAT * self._options.memory

    def how_it_ended(self) -> Trouble:
        """What is wrong where the process has ended by itself: its want of memory, its signal, or its last words."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = None
        if code == OUT_OF_MEMORY:
            return self._too_much_memory()
        # C++ libraries abort where memory is refused to them
        if code in _ABORTS and self._most > _NEARLY * self._options.memory:
            return self._too_much_memory()
        if code is not None and code < 0:
            return Trouble("WorkerCrashed", f"the reader crashed on this document (signal {-code})")
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 2000))
        lines = self._errors.read().decode("utf-8", errors="replace").strip().splitlines()
        words = f" ({lines[-1][:200]})" if lines else ""
        return Trouble("WorkerCrashed", f"the reader crashed on this document{words}")

    def _too_much_memory(self) -> Trouble:
        return Trouble("LimitExceeded", f"more than {self._options.memory:,} bytes of memory")

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
