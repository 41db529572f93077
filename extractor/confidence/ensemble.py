"""A logistic regression and boosted trees over named signals, averaged, then one curve a kind of input; numpy only.

Fitted by `training.confidence` with scikit-learn and stored as plain numbers. The regression carries what holds far
from the fitted documents, the trees what only holds together (a failed check on a clean page, a short text at a
column's edge); their mean in log odds ranks better than either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Signals = Mapping[str, float]

UNSEEN = -9.0
"""What trees see where a value lacks a signal."""
LEAST, MOST = 5e-4, 0.99995  # no finite sample shows more than that
_FURTHEST = 1e-4  # probabilities nearer to 0 or 1 than this say no more: keeps one signal from deciding alone
_AS_ODDS = ("_min", "_mean", "agreement", "_level", "page_quality", "word_quality", "landmarks", "wording")
_COUNTS = frozenset(
    ("mended", "tokens", "odd", "raw_length", "words", "pieces", "column", "filing_rows", "row_missing")
)
_ONE = frozenset(("document_page_quality", "document_word_quality", "document_landmarks", "document_wording"))


def odds(probability: Floats | float, furthest: float = _FURTHEST) -> Floats:
    """Log odds, cut off `furthest` from 0 and 1.

    >>> float(odds(0.5))
    0.0
    """
    p = np.clip(np.asarray(probability, dtype=float), furthest, 1.0 - furthest)
    return np.asarray(np.log(p / (1.0 - p)))


def probability(log_odds: Floats | float) -> Floats:
    """The inverse of `odds`."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0))))


def raw_table(signals: Sequence[Signals], names: Sequence[str]) -> Floats:
    """(values, names) of the signals as they are, `UNSEEN` where one is missing."""
    columns = tuple(names)
    width = len(columns) + 1  # what no name asks for goes to a column behind the last
    table = np.full((len(signals), width), UNSEEN)
    values: list[float] = []
    for mine in signals:
        values += mine.values()
    if values:
        table.put(np.concatenate([_places(tuple(s), columns) + row * width for row, s in enumerate(signals)]), values)
    return np.ascontiguousarray(table[:, :-1])


@lru_cache(maxsize=512)
def _places(said: tuple[str, ...], names: tuple[str, ...]) -> NDArray[np.int64]:
    """Columns of the signals that a value has; for others the one behind the last. Many values have the same."""
    at = {name: place for place, name in enumerate(names)}
    return np.array([at.get(name, len(names)) for name in said], dtype=np.int64)


def regression_table(raw: Floats, names: Sequence[str]) -> Floats:
    """The same as the regression sees it: probabilities as log odds, counts as logarithms, missing signals neutral."""
    as_odds, usual, counts = _scales(tuple(names))
    missing = raw == UNSEEN
    table = np.where(missing, 0.0, raw)
    table[:, as_odds] = odds(np.where(missing[:, as_odds], usual, raw[:, as_odds]))
    table[:, counts] = np.log1p(np.maximum(table[:, counts], 0.0))
    return table


@lru_cache(maxsize=16)
def _scales(names: tuple[str, ...]) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
    """Columns that are probabilities, what each of these is where it is missing, and columns that are counts."""
    as_odds = [column for column, name in enumerate(names) if name.endswith(_AS_ODDS)]
    usual = [1.0 if names[c].endswith("agreement") or names[c] in _ONE else 0.97 for c in as_odds]
    counts = [column for column, name in enumerate(names) if name in _COUNTS and not name.endswith(_AS_ODDS)]
    return np.array(as_odds, dtype=np.int64), np.array(usual), np.array(counts, dtype=np.int64)


@dataclass(slots=True)
class Trees:
    """Boosted regression trees as arrays (trees, nodes): which signal, up to what, where to go, what to add.

    A node whose `feature` is -1 is a leaf; both its branches lead to itself.
    """

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    base: float = 0.0
    _flat: tuple[NDArray[np.int64], Floats, NDArray[np.int64], int] | None = None

    def _walk(self) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64], int]:
        """Features and thresholds of all nodes, both branches of each (right, left) side by side, and the depth.

        Nodes are counted through all trees, as the flat arrays hold them. A leaf asks for any feature.
        """
        if self._flat is None:
            roots = np.arange(len(self.feature))[:, None] * self.feature.shape[1]
            branches = np.stack([roots + self.right, roots + self.left], axis=2).reshape(-1, 2)
            features = self.feature.ravel()
            depth, level = 0, roots.ravel()
            while (inner := level[features[level] >= 0]).size:
                depth, level = depth + 1, branches[inner].ravel()
            self._flat = np.maximum(features, 0), self.threshold.ravel(), branches.ravel(), depth
        return self._flat

    def log_odds(self, raw: Floats) -> Floats:
        """(values,) from (values, signals)."""
        trees = len(self.feature)
        total = np.full(len(raw), self.base)
        if not trees or not len(raw):
            return total
        features, thresholds, branches, depth = self._walk()
        starts = np.arange(len(raw))[:, None] * raw.shape[1]
        at = np.broadcast_to(np.arange(trees) * self.feature.shape[1], (len(raw), trees))
        for _ in range(depth):
            seen = raw.take(starts + features.take(at))
            at = branches.take(2 * at + (seen <= thresholds.take(at)))
        return np.asarray(total + self.value.take(at).sum(axis=1))

    def to_dict(self) -> dict[str, Any]:
        return {
            "base": self.base,
            "feature": self.feature.tolist(),
            "threshold": [[float(f"{x:.7g}") for x in row] for row in self.threshold],
            "left": self.left.tolist(),
            "right": self.right.tolist(),
            "value": [[float(f"{x:.5g}") for x in row] for row in self.value],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Trees:
        whole = {name: np.array(data[name], dtype=np.int64) for name in ("feature", "left", "right")}
        threshold, value = np.array(data["threshold"], dtype=float), np.array(data["value"], dtype=float)
        return cls(whole["feature"], threshold, whole["left"], whole["right"], value, float(data.get("base", 0.0)))

    @classmethod
    def none(cls) -> Trees:
        empty = np.zeros((0, 1))
        return cls(empty.astype(np.int64), empty, empty.astype(np.int64), empty.astype(np.int64), empty)


@dataclass(slots=True)
class Ensemble:
    """From signals to probabilities.

    `names` are the trees' and the regression's signals in order, `weights` the regression's. `share` is the trees'
    share of the mean of both. `curves` gives for each kind of input slope and offset in log odds (Platt scaling),
    "" for kinds without their own.
    """

    names: list[str] = field(default_factory=list)
    weights: Floats = field(default_factory=lambda: np.zeros(0))
    intercept: float = 0.0
    trees: Trees = field(default_factory=Trees.none)
    share: float = 0.0
    curves: dict[str, tuple[float, float]] = field(default_factory=dict)

    def log_odds(self, signals: Sequence[Signals]) -> Floats:
        """(values,) before the curves."""
        raw = raw_table(signals, self.names)
        linear = self.intercept + regression_table(raw, self.names) @ self.weights
        linear = np.clip(linear, -12.0, 12.0)
        if self.share <= 0.0:
            return np.asarray(linear)
        return np.asarray((1.0 - self.share) * linear + self.share * np.clip(self.trees.log_odds(raw), -12.0, 12.0))

    def probabilities(self, signals: Sequence[Signals], kinds: Sequence[str]) -> Floats:
        """(values,) within `LEAST`..`MOST`."""
        if not signals:
            return np.zeros(0)
        plain = self.curves.get("", (1.0, 0.0))
        bend = np.array([self.curves.get(kind, plain) for kind in kinds])
        return np.clip(probability(bend[:, 0] * self.log_odds(signals) + bend[:, 1]), LEAST, MOST)

    def to_dict(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "weights": [float(f"{x:.7g}") for x in self.weights],
            "intercept": float(f"{self.intercept:.7g}"),
            "trees": self.trees.to_dict(),
            "share": self.share,
            "curves": {kind: [float(f"{x:.6g}") for x in curve] for kind, curve in sorted(self.curves.items())},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Ensemble:
        """KeyError or ValueError where parts are missing or do not fit together."""
        made = cls(
            [str(name) for name in data["names"]],
            np.array(data["weights"], dtype=float),
            float(data["intercept"]),
            Trees.from_dict(data["trees"]) if data["trees"]["feature"] else Trees.none(),
            float(data["share"]),
            {str(kind): (float(slope), float(offset)) for kind, (slope, offset) in data["curves"].items()},
        )
        if len(made.weights) != len(made.names):
            raise ValueError("confidence model: weights and signals do not fit together")
        return made

    @classmethod
    def by_hand(cls, intercept: float, weights: Mapping[str, float]) -> Ensemble:
        """A regression with given weights and no trees."""
        return cls(list(weights), np.array(list(weights.values()), dtype=float), intercept)
