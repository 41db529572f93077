"""From signals to probabilities: a logistic regression a group of fields, monotone curves for rows and records."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
Knots = list[tuple[float, float]]
"""A monotone curve as points (x, y), x rising and y never falling; straight lines between, flat beyond the ends."""

_PROBABILITIES = ("label_min", "label_mean", "row_label_min", "quality_min", "agreement")
_COUNTS = ("mended", "tokens", "row_missing")
_UNKNOWN = {"label_min": 0.95, "label_mean": 0.97, "row_label_min": 0.9, "quality_min": 1.0, "tokens": 1.0}
"""What a signal that a field lacks is taken to be; 0 where it is not named here."""
_FURTHEST = 1e-4  # probabilities nearer to 0 or 1 than this say no more: keeps one signal from deciding alone


def feature(name: str, signals: Mapping[str, float]) -> float:
    """One signal as the regression sees it: probabilities as log odds, counts as logarithms, the rest as it is."""
    value = float(signals.get(name, _UNKNOWN.get(name, 0.0)))
    if name in _PROBABILITIES:
        value = min(max(value, _FURTHEST), 1.0 - _FURTHEST)
        return math.log(value / (1.0 - value))
    return math.log1p(max(value, 0.0)) if name in _COUNTS else value


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


@dataclass(slots=True)
class GroupModel:
    """Weights of one group of fields over named signals, then a curve that corrects what the regression gets wrong."""

    intercept: float = 0.0
    weights: dict[str, float] = field(default_factory=dict)
    knots: Knots = field(default_factory=list)

    def raw(self, signals: Mapping[str, float]) -> float:
        """The regression's probability, before the curve."""
        total = self.intercept + sum(weight * feature(name, signals) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-min(max(total, -30.0), 30.0)))

    def probability(self, signals: Mapping[str, float]) -> float:
        return interpolate(self.knots, self.raw(signals))

    def to_dict(self) -> dict[str, Any]:
        return {
            "intercept": self.intercept,
            "weights": dict(self.weights),
            "knots": [list(knot) for knot in self.knots],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GroupModel:
        return cls(
            float(data["intercept"]),
            {str(name): float(weight) for name, weight in data["weights"].items()},
            _knots(data.get("knots", [])),
        )


@dataclass(slots=True)
class ConfidenceModel:
    """Calibrated belief in fields, rows and records. Plain data: `to_dict` gives JSON types.

    `fitted` is false for the hand-set weights of `default()`, whose figures are plausible but promise nothing.
    `threshold` is the confidence from which on values are accepted under the stated guarantee, None where none can be
    given.
    """

    groups: dict[str, GroupModel] = field(default_factory=dict)
    row_knots: Knots = field(default_factory=list)
    record_knots: Knots = field(default_factory=list)
    fitted: bool = False
    threshold: float | None = None

    def field(self, signals: Mapping[str, float], group: str) -> float:
        """The probability that a value with these signals is right.

        A group without weights of its own takes those of "text"; KeyError where that is missing as well.
        """
        model = self.groups.get(group)
        return (model if model is not None else self.groups["text"]).probability(signals)

    def row(self, field_confidences: Sequence[float]) -> float:
        """The probability that a row with these values is right as a whole."""
        return interpolate(self.row_knots, joint(field_confidences))

    def record(self, part_confidences: Sequence[float]) -> float:
        """The probability that a record is right as a whole, from its header fields and its rows."""
        return interpolate(self.record_knots, joint(part_confidences))

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "fitted": self.fitted,
            "threshold": self.threshold,
            "groups": {name: group.to_dict() for name, group in sorted(self.groups.items())},
            "row_knots": [list(knot) for knot in self.row_knots],
            "record_knots": [list(knot) for knot in self.record_knots],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ConfidenceModel:
        """The model that `to_dict` wrote. ValueError for another format, KeyError where parts are missing."""
        if data.get("format") != FORMAT:
            raise ValueError(f"confidence model of format {data.get('format')!r}, expected {FORMAT}")
        threshold = data.get("threshold")
        return cls(
            {str(name): GroupModel.from_dict(group) for name, group in data["groups"].items()},
            _knots(data["row_knots"]),
            _knots(data["record_knots"]),
            bool(data.get("fitted", False)),
            None if threshold is None else float(threshold),
        )

    @classmethod
    def default(cls) -> ConfidenceModel:
        """Hand-set weights until a model is fitted: labels count most, failed checks and mending against."""
        shared = {
            "label_min": 0.7,
            "label_mean": 0.2,
            "quality_min": 0.15,
            "mended": -0.8,
            "check_passed": 0.9,
            "check_failed": -2.0,
            "repaired": -0.7,
            "row_failed": -0.4,
            "row_missing": -0.3,
        }
        groups = {
            "number": GroupModel(-0.9, dict(shared)),
            "date": GroupModel(-0.4, dict(shared)),
            "code": GroupModel(-0.4, dict(shared)),
            "text": GroupModel(-1.0, dict(shared)),
            "box": GroupModel(-0.8, dict(shared)),
            "prose": GroupModel(-1.2, dict(shared)),
            "absent": GroupModel(-0.2, {"row_label_min": 0.2, "row_failed": -0.5, "row_missing": -0.5}),
        }
        return cls(groups, row_knots=[(0.0, 0.02), (1.0, 0.995)], record_knots=[(0.0, 0.01), (1.0, 0.99)])


def joint(confidences: Sequence[float]) -> float:
    """The probability that all are right if they went wrong independently. They do not; the curve behind corrects it.

    >>> joint([])
    1.0
    >>> joint([0.5, 0.5])
    0.25
    """
    return math.prod([min(max(confidence, 0.0), 1.0) for confidence in confidences], start=1.0)


def _knots(data: Sequence[Sequence[float]]) -> Knots:
    return [(float(x), float(y)) for x, y in data]
