"""`form4 train`: what a few new documents on a base leave as it was."""

from __future__ import annotations

from pathlib import Path

from invented import notices

from extractor.tagging.model import TaggerModel
from training.annotations import write_annotations
from training.fit import fit
from training.options import choose_options
from training.train import train


def test_too_few_documents_to_calibrate_keep_the_base_s_confidence_and_threshold(tmp_path: Path) -> None:
    learn = notices(12)
    base = fit(learn, choose_options(learn, 0))
    base.confidence = {"groups": {}}
    base.info = {"review_threshold": 0.75, "promise": {"max_error": 0.005, "certainty": 0.9, "values": 40}}
    base.save(tmp_path / "base")
    write_annotations(tmp_path / "new.jsonl", notices(2, first=900))
    train([tmp_path / "new.jsonl"], tmp_path / "model", base=tmp_path / "base")
    model = TaggerModel.load(tmp_path / "model")
    assert model.confidence == base.confidence
    assert {key: model.info[key] for key in base.info} == base.info
    assert model.info["base"] == base.version


def test_the_card_says_what_kind_of_model_it_is(tmp_path: Path) -> None:
    write_annotations(tmp_path / "new.jsonl", notices(12))
    train([tmp_path / "new.jsonl"], tmp_path / "model", epochs=1)
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "no form in particular" in card
    assert "SEC Forms" not in card
    assert "hidden units: none" in card
