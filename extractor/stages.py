"""Where the time of a document goes: reading, labelling, assembling, checking, scoring. For the report of a run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

_spent: dict[str, float] = {}


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Counts the wall time of what runs inside to that stage of this process."""
    started = time.perf_counter()
    try:
        yield
    finally:
        _spent[name] = _spent.get(name, 0.0) + time.perf_counter() - started


def take_stages() -> dict[str, float]:
    """Seconds by stage since the last call, in milliseconds' precision; begins anew."""
    spent = {name: round(seconds, 3) for name, seconds in _spent.items()}
    _spent.clear()
    return spent
