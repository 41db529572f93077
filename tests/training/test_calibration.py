"""Calibration of a stored model: what it says of itself afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

import extractor
from extractor.tagging.model import TaggerModel
from training.calibration import calibrate
from training.synthesis import synthesize

STORED = Path(extractor.__file__).resolve().parent.parent / "models" / "default"


def test_a_calibrated_model_no_longer_says_that_its_confidence_is_its_base_s(tmp_path: Path) -> None:
    shutil.copytree(STORED, tmp_path / "model")
    model = TaggerModel.load(tmp_path / "model")
    model.info["confidence_kept"] = "too few documents"
    model.save(tmp_path / "model")
    annotations = synthesize(3, 41, tmp_path / "held-out.jsonl", kinds={"html": 1.0})
    said = calibrate([annotations], tmp_path / "model")
    info = TaggerModel.load(tmp_path / "model").info
    assert "confidence_kept" not in info
    assert info["review_threshold"] is None  # three documents promise nothing
    assert "no threshold" in said
    assert "those of the base" not in (tmp_path / "model" / "MODEL_CARD.md").read_text()
