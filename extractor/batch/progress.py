"""How far a run is: one line that changes on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from typing import TextIO

from extractor.batch.inputs import find_inputs
from extractor.batch.report import Report

_TERMINAL_SECONDS = 0.2
_PLAIN_SECONDS = 30.0
_RATE_SECONDS = 60.0  # the rate is that of the last minute: kinds of documents differ a hundredfold


class Progress:
    """Prints to `stream`. `names` are counted beside the run, so that the time left can be told."""

    def __init__(self, names: list[str], stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._width = 0
        self._every = _TERMINAL_SECONDS if self._terminal else _PLAIN_SECONDS
        self._last = time.monotonic() if not self._terminal else 0.0
        self._marks: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])
        self._total: int | None = None
        threading.Thread(target=self._count, args=(list(names),), daemon=True).start()

    def show(self, report: Report) -> None:
        """Say how far the run is, if it is time to."""
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        self._marks.append((now, report.done))
        while len(self._marks) > 2 and now - self._marks[0][0] > _RATE_SECONDS:
            self._marks.popleft()
        text = self.text(report)
        if self._terminal:
            self._stream.write("\r" + text.ljust(self._width))
            self._stream.flush()
            self._width = len(text)
        else:
            print(text, file=self._stream, flush=True)

    def text(self, report: Report) -> str:
        """The line: inputs done, failures, records, rate, time left."""
        (then, before), (now, done) = self._marks[0], self._marks[-1]
        rate = (done - before) / (now - then) if now > then else 0.0
        of = f" of {self._total}" if self._total is not None else ""
        parts = [f"{report.done}{of} inputs"]
        if report.failed:
            parts.append(f"{len(report.failed)} failed")
        parts += [f"{report.records} records", f"{rate:.1f}/s"]
        if self._total is not None and rate and self._total > report.done:
            parts.append(f"{duration((self._total - report.done) / rate)} left")
        return ", ".join(parts)

    def above(self, message: str) -> None:
        """Print a line for good, above the progress."""
        self.clear()
        print(message, file=self._stream, flush=True)

    def clear(self) -> None:
        """Take the changing line away."""
        if self._terminal and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def _count(self, names: list[str]) -> None:
        try:
            self._total = sum(1 for _ in find_inputs(names))
        except Exception:  # the run itself will meet it and say so
            self._total = None


def duration(seconds: float) -> str:
    """A time for people.

    >>> duration(42), duration(200), duration(8000)
    ('42 s', '3 min 20 s', '2 h 13 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
