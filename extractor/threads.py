"""One thread for the linear algebra of reading and labelling: its matrices are small, and threads that wait spin.

On a busy machine with two cores the default threads made labelling cost three times the processor time, workers that
run beside each other multiply them, and sums split among threads differ in their last bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep BLAS to one thread within; what the process had set comes back after. Also a decorator."""
    with _blas().limit(limits=1):
        yield


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    import numpy  # noqa: F401  only libraries that are loaded can be told

    return ThreadpoolController().select(user_api="blas")
