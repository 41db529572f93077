"""Hashes of features: words to integers, and integers mixed to well-spread ones, for all tokens at once."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_U = np.uint64
Hashes = NDArray[np.uint64]
Template = tuple[Hashes | np.uint64, ...]
"""What is mixed to one feature: arrays with an entry a token, and constants."""


def hash_text(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"))


def mix(*parts: Hashes | np.uint64) -> Hashes:
    """Combine arrays of integers into well-spread 64-bit hashes (multiply-xorshift, as in splitmix64)."""
    total = np.zeros(np.broadcast_shapes(*(np.shape(part) for part in parts)), dtype=np.uint64)
    shifted = np.empty_like(total)

    def spread(shift: int, factor: int) -> None:
        np.right_shift(total, _U(shift), out=shifted)
        np.bitwise_xor(total, shifted, out=total)
        if factor:
            np.multiply(total, _U(factor), out=total)

    np.add(parts[0], _U(0x9E3779B97F4A7C15), out=total)  # arrays of whole numbers overflow without a warning
    for part in parts[1:]:
        spread(29, 0xBF58476D1CE4E5B9)
        np.add(total, part, out=total)
    spread(30, 0xBF58476D1CE4E5B9)
    spread(27, 0x94D049BB133111EB)
    spread(31, 0)
    return total


def mix_columns(columns: Sequence[Template], n: int) -> Hashes:
    """Every template's parts mixed, then with the template's number: (templates, n).

    Templates of as many parts are mixed in one go, which spares a dozen calls a template.
    """
    out = np.empty((len(columns), n), dtype=np.uint64)
    by_size: dict[int, list[int]] = {}
    for place, parts in enumerate(columns):
        by_size.setdefault(len(parts), []).append(place)
    for size, places in by_size.items():
        stacked = np.empty((size, len(places), n), dtype=np.uint64)
        for i, place in enumerate(places):
            for j, part in enumerate(columns[place]):
                stacked[j, i] = part
        out[places] = stacked[0] if size == 1 else mix(*stacked)
    return mix(np.arange(1, len(columns) + 1, dtype=np.uint64)[:, None], out)
