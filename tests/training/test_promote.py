"""Only a model that is nowhere worse takes the champion's place; the one before can be brought back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from invented import notices

from extractor.cli import main
from extractor.errors import ModelError
from extractor.tagging.model import TaggerModel
from training import rehearsal
from training.annotations import read_annotations, write_annotations
from training.fit import FitOptions, fit
from training.promote import compare_by_class, events, exchange, history_of, install, rollback, show

OPTIONS = FitOptions(epochs=12, hidden=16, batch=256, learning_rate=1e-2, min_count=2)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good model, a blind one, and documents that neither learned from."""
    folder = tmp_path_factory.mktemp("models")
    good = fit(notices(40), OPTIONS)
    good.name, good.version = "parcels", "good"
    good.save(folder / "good")
    good.output_bias[0] += 50.0  # labels nothing any more
    good.version = "blind"
    good.save(folder / "blind")
    write_annotations(folder / "test.jsonl", notices(20, first=900))
    return folder


@pytest.fixture
def place(models: Path, tmp_path: Path) -> Path:
    """A folder of its own, with the good model as champion."""
    shutil.copytree(models / "good", tmp_path / "champion")
    return tmp_path


def promote(models: Path, place: Path, challenger: str, *more: str) -> int:
    arguments = ["models", "promote", str(models / challenger), "--champion", str(place / "champion")]
    return main([*arguments, "--annotations", str(models / "test.jsonl"), *more])


def version_at(place: Path) -> str:
    return TaggerModel.load(place / "champion").version


def test_a_model_that_is_worse_is_refused_with_the_table(
    models: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (place / "champion" / "model.json").read_bytes()
    assert promote(models, place, "blind") == 1
    said = capsys.readouterr()
    assert "WORSE" in said.out
    assert "span_micro_f1" in said.out
    assert "refused: worse beyond the noise in" in said.err
    assert (place / "champion" / "model.json").read_bytes() == before
    assert sorted(path.name for path in place.iterdir()) == ["champion"]


def test_force_promotes_and_is_recorded(models: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert promote(models, place, "blind", "--force") == 0
    assert version_at(place) == "blind"
    record = TaggerModel.load(place / "champion").info["promotion"]
    assert record["forced"] is True
    assert record["replaced"] == "parcels good"
    assert any(finding["figure"] == "span_micro_f1" for finding in record["worse"])
    capsys.readouterr()
    assert main(["models", "info", str(place / "champion")]) == 0
    assert json.loads(capsys.readouterr().out)["history"][0]["forced"] is True
    assert "Promoted by force" in (place / "champion" / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_model_as_good_takes_the_place_and_the_old_one_is_kept(models: Path, place: Path) -> None:
    assert promote(models, place, "good") == 0
    assert TaggerModel.load(place / "champion").info["promotion"]["forced"] is False
    (kept,) = [path for path in history_of(place / "champion").iterdir() if path.is_dir()]
    assert TaggerModel.load(kept).info.get("promotion") is None
    assert sorted(path.name for path in (place / "champion").iterdir()) == [
        "MODEL_CARD.md",
        "model.json",
        "weights.npz",
    ]


def test_rolling_back_brings_back_the_one_before_each_time(models: Path, place: Path) -> None:
    assert promote(models, place, "blind", "--force") == 0
    assert promote(models, place, "good") == 0
    assert version_at(place) == "good"
    assert main(["models", "rollback", "--champion", str(place / "champion")]) == 0
    assert version_at(place) == "blind"
    assert rollback(place / "champion") == ("good", "blind")
    with pytest.raises(ModelError, match="no earlier champion"):
        rollback(place / "champion")
    assert [event["event"] for event in events(place / "champion")] == ["promoted"] * 2 + ["rolled back"] * 2


def test_a_damaged_champion_is_replaced_by_the_one_before(models: Path, place: Path) -> None:
    assert promote(models, place, "blind", "--force") == 0
    (place / "champion" / "model.json").write_text("{", encoding="utf-8")
    assert rollback(place / "champion")[0] == "good"
    assert version_at(place) == "good"


def test_looking_only_changes_nothing(models: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert promote(models, place, "good", "--dry-run", "--json") == 0
    findings = json.loads(capsys.readouterr().out)
    assert {finding["worse"] for finding in findings} == {False}
    assert events(place / "champion") == []


def test_a_tampered_challenger_is_refused(models: Path, place: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "good", tmp_path / "tampered")
    meta = json.loads((tmp_path / "tampered" / "model.json").read_text(encoding="utf-8"))
    (tmp_path / "tampered" / "model.json").write_text(json.dumps(meta | {"version": "better"}), encoding="utf-8")
    assert promote(tmp_path, place, "tampered") == 2 or version_at(place) == "good"


def test_a_class_of_few_documents_is_shown_and_not_judged(models: Path) -> None:
    documents = notices(10, first=900)
    for item in documents[:2]:
        item.document.kind = "html"
    findings = compare_by_class(documents, TaggerModel.load(models / "blind"), TaggerModel.load(models / "good"))
    few = [finding for finding in findings if finding.kind == "html"]
    assert {finding.documents for finding in few} == {2}
    assert not any(finding.worse for finding in few)
    assert any(finding.worse for finding in findings if finding.kind == "text")
    assert any(finding.worse for finding in findings if finding.kind == "(all)")
    assert "fewer than 5 documents" in show(findings)


def test_the_test_set_must_not_be_what_was_learned_from(models: Path, place: Path) -> None:
    model = TaggerModel.load(place / "champion")
    from training.annotations import data_hash

    model.info["training_data_sha256"] = data_hash(read_annotations([models / "test.jsonl"]))
    model.save(place / "champion")
    assert promote(models, place, "good") == 2


@pytest.mark.parametrize("system_can", [True, False])
def test_two_directories_change_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system_can: bool) -> None:
    if not system_can:
        monkeypatch.setattr("training.promote.ctypes.CDLL", lambda *a, **k: object())
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name, encoding="utf-8")
    exchange(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one" / "file").read_text(encoding="utf-8") == "two"
    assert (tmp_path / "two" / "file").read_text(encoding="utf-8") == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_second_promotion_waits_its_turn(models: Path, place: Path) -> None:
    history = history_of(place / "champion")
    history.mkdir()
    (history / "lock").touch()
    assert promote(models, place, "good") == 2
    assert version_at(place) == "good"


def test_what_a_model_keeps_to_rehearse_goes_with_it(models: Path, place: Path, tmp_path: Path) -> None:
    challenger = tmp_path / "challenger"
    shutil.copytree(models / "good", challenger)
    rehearsal.keep(list(read_annotations([models / "test.jsonl"])), challenger)
    kept = (challenger / rehearsal.FILE).read_bytes()
    install(challenger, place / "champion", [], forced=False, evaluation={"documents": 0, "sha256": ""})
    assert (place / "champion" / rehearsal.FILE).read_bytes() == kept
