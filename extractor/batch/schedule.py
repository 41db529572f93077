"""In which order an engine takes its tasks: large documents early, none left behind for long, few held at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from extractor.batch.task import Task

_AHEAD = 8  # tasks looked at a worker, to find large ones among them
_TOGETHER = 16  # crashed documents that wait until they are tried again, alone


class Schedule:
    """Hands out tasks from a stream.

    Whoever is idle takes the largest of the next few: a long one begun last would leave the other workers waiting.
    No task is begun that is `window` or more behind the oldest unfinished one, so that results waiting for their turn
    stay few. A document that broke its worker comes again through `retry`.
    """

    def __init__(self, tasks: Iterator[Task], workers: int, window: int) -> None:
        self._tasks = tasks
        self._ahead = 1 if workers == 1 else _AHEAD * workers
        self._window = window
        self._more = True
        self._next = 0
        self._numbers: dict[int, int] = {}  # index of each unfinished task -> its number in the stream, oldest first
        self._waiting: dict[int, Task] = {}
        self._retries: deque[Task] = deque()
        self._lone: deque[Task] = deque()
        self.tried: set[int] = set()

    def take(self, busy: int) -> tuple[Task, bool] | None:
        """(a task to begin now, whether in a process of its own), None while there is none; `busy` are at work."""
        if self._lone and (len(self._lone) >= _TOGETHER or not self._can_go_on()):
            if busy:
                return None
            return self._lone.popleft(), True
        if self._retries:
            return self._retries.popleft(), True
        self._fill()
        if not self._waiting:
            return None
        first = next(iter(self._waiting))
        lag = self._next - self._numbers[first]
        index = first if lag > self._window // 2 else max(self._waiting, key=self._size)
        return self._waiting.pop(index), False

    def retry(self, task: Task, beside_nothing: bool) -> None:
        """Let a task come once more: at once, or when nothing else runs."""
        self.tried.add(task.index)
        (self._lone if beside_nothing else self._retries).append(task)

    def done(self, task: Task) -> None:
        """A task has its result."""
        del self._numbers[task.index]
        self.tried.discard(task.index)

    def _can_go_on(self) -> bool:
        if not self._retries:
            self._fill()
        return bool(self._retries or self._waiting)

    def _fill(self) -> None:
        while self._more and len(self._waiting) < self._ahead:
            oldest = next(iter(self._numbers.values()), self._next)
            if self._next - oldest >= self._window:
                return
            task = next(self._tasks, None)
            if task is None:
                self._more = False
                return
            self._numbers[task.index] = self._next
            self._waiting[task.index] = task
            self._next += 1

    def _size(self, index: int) -> int:
        return self._waiting[index].size
