"""How far a run's records lie from those the model was calibrated on, in so far as the model keeps their statistics."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Summary:
    """Counts over the records of one run, by kind of input: what drift is told by.

    Each kind has `records`, `needs_review`, `rows`, `confidence` (records by tenth of confidence, ten counts) and
    `checks` (records by code of a check that fired).
    """

    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, record: dict[str, Any]) -> None:
        """Take in one record."""
        counts = self.kinds.setdefault(
            record["source"]["input_kind"],
            {"records": 0, "needs_review": 0, "rows": 0, "confidence": [0] * 10, "checks": {}},
        )
        counts["records"] += 1
        counts["needs_review"] += bool(record["needs_review"])
        counts["rows"] += len(record["non_derivative"]) + len(record["derivative"])
        counts["confidence"][min(9, int(10 * record["confidence"]))] += 1
        for code in sorted({check["code"] for check in record["checks"]}):
            counts["checks"][code] = counts["checks"].get(code, 0) + 1


def measure_drift(summary: Summary, model: str | None) -> dict[str, Any] | None:
    """What `extractor.confidence.drift.drift_of_run` says of the counts, given the model's directory.

    None where the model keeps no statistics of its calibration, or this installation has no such measure.
    """
    try:
        module = importlib.import_module("extractor.confidence.drift")
    except ImportError:
        return None
    measure = getattr(module, "drift_of_run", None)
    return measure(summary.kinds, model) if measure else None
