"""Belief in values, in empty cells, in rows and in records, as probabilities that were fitted on unseen documents."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from extractor.confidence.ensemble import LEAST, MOST, Ensemble, Floats, Signals, odds, probability

Knots = list[tuple[float, float]]
"""A monotone curve as points (x, y), x rising and y never falling; straight lines between, flat beyond the ends."""


@dataclass(slots=True)
class Parts:
    """What a row or a record consists of: belief in its values, in its empty cells, and in the parts below it."""

    values: Sequence[float] = ()
    absent: Sequence[float] = ()
    below: Sequence[float] = ()
    kind: str = ""


PART_SIGNALS = ("values", "weakest", "absent", "below", "weakest_below")


def part_signals(parts: Parts) -> Floats:
    """(5,) log odds of all values right if they were independent, of the weakest, and the same of cells and parts.

    Values go wrong together, so the product is too low and the least too high; a regression weighs the two.
    """
    return np.array(
        [
            odds(joint(parts.values)),
            odds(min(parts.values, default=1.0)),
            odds(joint(parts.absent)),
            odds(joint(parts.below)),
            odds(min(parts.below, default=1.0)),
        ],
        dtype=float,
    )


@dataclass(slots=True)
class WholeModel:
    """The probability that a row or record is right from its parts; `weights` as `PART_SIGNALS`, all at least 0."""

    weights: tuple[float, ...] = (1.0, 0.0, 1.0, 1.0, 0.0)
    intercept: float = 0.0
    offsets: dict[str, float] = field(default_factory=dict)
    knots: Knots = field(default_factory=list)

    def raw(self, parts: Parts) -> float:
        """Before the curve."""
        total = self.intercept + self.offsets.get(parts.kind, 0.0) + float(part_signals(parts) @ np.array(self.weights))
        return float(probability(total))

    def probability(self, parts: Parts) -> float:
        """Never above the belief in any of its parts: a whole is not likelier right than a part of it."""
        whole = interpolate(self.knots, self.raw(parts))
        return min([whole, *parts.values, *parts.absent, *parts.below])

    def to_dict(self) -> dict[str, Any]:
        return {
            "weights": [float(f"{x:.6g}") for x in self.weights],
            "intercept": float(f"{self.intercept:.6g}"),
            "offsets": {kind: float(f"{x:.6g}") for kind, x in sorted(self.offsets.items())},
            "knots": [[float(f"{x:.6g}") for x in knot] for knot in self.knots],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> WholeModel:
        return cls(
            tuple(float(x) for x in data["weights"]),
            float(data["intercept"]),
            {str(kind): float(x) for kind, x in data["offsets"].items()},
            [(float(x), float(y)) for x, y in data["knots"]],
        )


@dataclass(slots=True)
class ConfidenceModel:
    """Calibrated belief in fields, rows and records. Plain data: `to_dict` gives JSON types.

    `values` judges values, `absent` empty cells. `fitted` is false for the hand-set weights of `default()`, whose
    figures are plausible but promise nothing.
    """

    FORMAT: ClassVar[int] = 2

    values: Ensemble = field(default_factory=Ensemble)
    absent: Ensemble = field(default_factory=Ensemble)
    row: WholeModel = field(default_factory=WholeModel)
    record: WholeModel = field(default_factory=WholeModel)
    fitted: bool = False

    def beliefs(self, signals: Sequence[Signals], groups: Sequence[str], kind: str) -> Floats:
        """(values,) the probability that each value is right, or, in group "absent", that nothing is there."""
        out = np.empty(len(signals))
        empty = np.array([group == "absent" for group in groups], dtype=bool)
        for model, chosen in ((self.values, np.flatnonzero(~empty)), (self.absent, np.flatnonzero(empty))):
            if len(chosen):
                out[chosen] = model.probabilities([signals[int(i)] for i in chosen], [kind] * len(chosen))
        return out

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": self.FORMAT,
            "fitted": self.fitted,
            "values": self.values.to_dict(),
            "absent": self.absent.to_dict(),
            "row": self.row.to_dict(),
            "record": self.record.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ConfidenceModel:
        """The model that `to_dict` wrote. ValueError for another format, KeyError where parts are missing."""
        if data.get("format") != cls.FORMAT:
            raise ValueError(
                f"confidence model of format {data.get('format')!r}, expected {cls.FORMAT}: calibrate anew"
            )
        return cls(
            Ensemble.from_dict(data["values"]),
            Ensemble.from_dict(data["absent"]),
            WholeModel.from_dict(data["row"]),
            WholeModel.from_dict(data["record"]),
            bool(data.get("fitted", False)),
        )

    @classmethod
    def default(cls) -> ConfidenceModel:
        """Hand-set weights until a model is fitted: labels count most, failed checks and mending against."""
        values = {
            "label_min": 0.7,
            "label_mean": 0.2,
            "quality_min": 0.1,
            "mended": -0.8,
            "check_passed": 0.9,
            "check_failed": -2.0,
            "repaired": -0.7,
            "row_failed": -0.4,
            "row_missing": -0.3,
        }
        absent = {"row_label_min": 0.2, "row_failed": -0.5, "row_missing": -0.5, "expected": -2.5}
        return cls(Ensemble.by_hand(-0.8, values), Ensemble.by_hand(3.5, absent))


def interpolate(knots: Sequence[tuple[float, float]], x: float) -> float:
    """The curve's height at x.

    >>> interpolate([(0.0, 0.1), (1.0, 0.9)], 0.5)
    0.5
    """
    if not knots:
        return x
    if x <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(knots):
        if x <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return knots[-1][1]


def joint(confidences: Sequence[float]) -> float:
    """The probability that all are right if they went wrong independently. They do not; the model behind corrects it.

    >>> joint([])
    1.0
    >>> joint([0.5, 0.5])
    0.25
    """
    return math.prod([min(max(confidence, LEAST), 1.0) for confidence in confidences], start=1.0)


def bounded(value: float) -> float:
    """A probability within what a finite sample can show."""
    return min(max(value, LEAST), MOST)
