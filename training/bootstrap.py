"""Intervals by resampling documents: how much a figure, or a difference of two models, owes to which documents it saw.

The percentile bootstrap over documents (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13); for
two models the same documents are drawn for both ("paired"), so that what is hard for both does not count as noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REPLICATES = 1000
Floats = NDArray[np.float64]
Figures = Callable[[Floats], Floats]
"""Takes weights (replicates, documents), gives the figure under each, (replicates,); nan where it is not defined."""


def weights_of(documents: int, replicates: int = REPLICATES, seed: int = 0) -> Floats:
    """How often each document is drawn, (replicates, documents); each row sums to the number of documents."""
    rng = np.random.default_rng(seed)
    share = np.full(max(1, documents), 1.0 / max(1, documents))
    return rng.multinomial(documents, share, size=replicates).astype(float)[:, :documents]


def ratio_f1(counts: Floats) -> Floats:
    """F1 from true positives, false positives and false negatives in the last axis; nan where all are 0."""
    tp, fp, fn = counts[..., 0], counts[..., 1], counts[..., 2]
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * tp / (2 * tp + fp + fn))


def interval(values: Floats, level: float = 0.95) -> list[float] | None:
    """The middle `level` of the resampled values; None where fewer than half of them are defined."""
    defined = values[~np.isnan(values)]
    if len(defined) * 2 < len(values) or not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return [float(low), float(high)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two models on the same documents. `interval` is that of `new - old`; `chance` the share of
    resamples in which the new one is no better (for a figure where more is better)."""

    new: float
    old: float
    interval: tuple[float, float] | None
    chance: float

    @property
    def difference(self) -> float:
        return self.new - self.old


def paired(new: Figures, old: Figures, documents: int, level: float = 0.95, replicates: int = REPLICATES) -> Difference:
    """Compare one figure of two models by drawing the same documents for both."""
    drawn = weights_of(documents, replicates)
    once = np.ones((1, documents))
    gap = new(drawn) - old(drawn)
    between = interval(gap, level)
    defined = gap[~np.isnan(gap)]
    chance = float((defined <= 0).mean()) if len(defined) else 1.0
    return Difference(float(new(once)[0]), float(old(once)[0]), (between[0], between[1]) if between else None, chance)


def summed_f1(counts: Sequence[Sequence[int]]) -> Figures:
    """F1 of counts (true positives, false positives, false negatives) summed over the documents drawn."""
    table = np.asarray(counts, dtype=float).reshape(-1, 3)
    return lambda weights: ratio_f1(weights @ table)
