"""`form4 train`: what a few new documents on a base leave as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from invented import notices

from extractor.tagging.model import TaggerModel
from training.annotations import Span, write_annotations
from training.evaluate import evaluate
from training.fit import fit
from training.options import choose_options
from training.rehearsal import mix, recall
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


def test_a_model_keeps_invented_documents_to_rehearse_and_never_filed_ones(tmp_path: Path) -> None:
    learn = notices(60)
    for item in learn[::2]:
        item.meta["source"] = "filed"
    write_annotations(tmp_path / "new.jsonl", learn)
    train([tmp_path / "new.jsonl"], tmp_path / "model", epochs=1)
    kept = recall(tmp_path / "model")
    assert 0 < len(kept) <= 40
    assert {item.meta.get("source") for item in kept} == {None}
    assert {item.id for item in kept} <= {item.id for item in learn[1::2]}


def test_few_new_documents_are_repeated_beside_kept_ones_and_many_are_not() -> None:
    kept, new = notices(40), notices(200, first=500)
    one = mix(new[:1], kept)
    assert [item.id for item in one].count(new[0].id) == 4
    assert len({item.id for item in one} & {item.id for item in kept}) == 40
    assert len(mix(new, kept)) == 240
    assert mix(new[:3], []) == new[:3]


def test_learning_on_does_not_forget(tmp_path: Path) -> None:
    write_annotations(tmp_path / "old.jsonl", notices(40))
    more = notices(2, first=700)
    for item in more:
        item.spans = [Span("carrier" if span.label == "sender" else span.label, span.tokens) for span in item.spans]
    write_annotations(tmp_path / "new.jsonl", more)
    train([tmp_path / "old.jsonl"], tmp_path / "base")
    train([tmp_path / "new.jsonl"], tmp_path / "model", base=tmp_path / "base")
    again = evaluate(notices(20, first=300), TaggerModel.load(tmp_path / "model"))["spans"]["labels"]
    assert min(again[label]["f1"] for label in ("day", "parcel.number", "parcel.weight")) > 0.9


def _promised(**thresholds: float | None) -> dict[str, Any]:
    kinds = {
        kind: {
            "threshold": threshold,
            "max_error": 0.005,
            "certainty": 0.9,
            "values": 3000,
            "documents": 90,
            "coverage": 0.8,
            "error": 0.0,
            "tried": {"splits": 200, "exceeded": 0.0},
        }
        for kind, threshold in thresholds.items()
    }
    return {
        "review_threshold": thresholds["all"],
        "thresholds": {kind: threshold for kind, threshold in thresholds.items() if kind != "all"},
        "promise": {"max_error": 0.005, "certainty": 0.9, "values": 3000, "kinds": kinds},
    }


@pytest.mark.parametrize(
    ("before", "made", "taken"),
    [
        ({"all": 0.97, "text": 0.98}, {"all": None, "text": None}, False),
        ({"all": 0.97, "text": 0.98}, {"all": 0.96}, False),
        ({"all": 0.97, "text": None}, {"all": 0.99, "text": None}, True),
        ({"all": None}, {"all": None}, False),
        ({"all": None}, {"all": 0.99}, True),
    ],
)
def test_a_refitted_confidence_replaces_the_base_s_only_where_it_promises_as_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: dict[str, Any], made: dict[str, Any], taken: bool
) -> None:
    learn = notices(12)
    base = fit(learn, choose_options(learn, 0))
    base.confidence, base.info = {"of": "base"}, _promised(**before)
    base.save(tmp_path / "base")
    new = notices(40, first=900)
    for item in new:
        item.record = {"values": [1.0] * 200}
    write_annotations(tmp_path / "new.jsonl", new)

    def refitted(model: TaggerModel, *_: Any, **__: Any) -> str:
        model.confidence = {"of": "new"}
        model.info |= _promised(**made)
        return "refitted"

    monkeypatch.setattr("training.train.fit_calibration", refitted)
    monkeypatch.setattr(
        "training.train.evaluate",
        lambda *_: {"spans": {"micro": {"f1": 1.0}, "macro": {"f1": 1.0}, "labels": {}}, "records": None},
    )
    lines: list[str] = []
    train([tmp_path / "new.jsonl"], tmp_path / "model", base=tmp_path / "base", epochs=1, progress=lines.append)
    model = TaggerModel.load(tmp_path / "model")
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert model.confidence == {"of": "new" if taken else "base"}
    assert model.info["thresholds"] == {k: v for k, v in (made if taken else before).items() if k != "all"}
    assert ("those of the base" in card) is not taken
    assert any("stay those of the base" in line for line in lines) is not taken


def test_documents_with_too_few_values_for_any_promise_are_all_learned_from(tmp_path: Path) -> None:
    learn = notices(12)
    fit(learn, choose_options(learn, 0)).save(tmp_path / "base")
    new = notices(60, first=900)
    for item in new:
        item.record = {"values": [1.0] * 3, "absent": None, "unticked": False}
    write_annotations(tmp_path / "new.jsonl", new)
    train([tmp_path / "new.jsonl"], tmp_path / "model", base=tmp_path / "base", epochs=1)
    info = TaggerModel.load(tmp_path / "model").info
    assert (info["documents"], info["documents_held_out"]) == (60, 0)
    assert "too few documents" in info["confidence_kept"]
