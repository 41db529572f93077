"""How far a run's records lie from those the model was calibrated on, in so far as the model keeps their statistics."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Summary:
    """How sure the values of a run's records were, by kind of input: sixteen bytes a record."""

    mean: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    low: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))

    def add(self, record: dict[str, Any]) -> None:
        """Take in one record."""
        from extractor.confidence.drift import observe_record

        seen = observe_record(record)
        if seen is not None:
            self.mean[seen.kind].append(seen.confidence)
            self.low[seen.kind].append(seen.lowest)


def measure_drift(summary: Summary, model: str | None) -> list[str] | None:
    """Warnings of what is worse than at calibration; None where the model keeps no statistics of it."""
    from extractor.confidence.drift import Observation, warnings

    if model is None:
        from extractor.pipeline import default_model_path

        model = str(default_model_path())
    meta = Path(model) / "model.json"
    stored = json.loads(meta.read_text(encoding="utf-8")).get("info", {}).get("calibration") if meta.is_file() else None
    if not stored:
        return None
    seen = (
        Observation(kind, mean, low)
        for kind in summary.mean
        for mean, low in zip(summary.mean[kind], summary.low[kind], strict=True)
    )
    return warnings(stored, seen)
