"""From nothing to a model and its figures, over the command line."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from invented import labels_of, notice, notices

from extractor.cli import main
from extractor.pipeline import default_model_path
from extractor.tagging.model import TaggerModel
from training.annotations import Span, data_hash, read_annotations, write_annotations
from training.reliability import picture, table
from training.synthesis.garble import annotate_text
from training.synthesis.invent import invent_filing

NOTICE_LINES = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Annotations, and a model of the parcels in them."""
    folder = tmp_path_factory.mktemp("training")
    write_annotations(folder / "notices.jsonl", notices(NOTICE_LINES))
    code = main(
        ["train", "--annotations", str(folder / "notices.jsonl"), "--out", str(folder / "model"), "--name", "parcels"]
    )
    assert code == 0
    return folder


def test_forms_are_invented_trained_on_and_evaluated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, model = tmp_path / "made.jsonl.gz", tmp_path / "model"
    assert main(["synthesize", "--count", "6", "--seed", "5", "--out", str(made)]) == 0
    assert len(list(read_annotations([made]))) == 6
    assert main(["train", "--annotations", str(made), "--out", str(model), "--epochs", "1", "--seed", "3"]) == 0
    stored = sorted(path.name for path in model.iterdir())
    assert stored == ["MODEL_CARD.md", "model.json", "rehearsal.jsonl.gz", "weights.npz"]
    capsys.readouterr()
    assert main(["evaluate", "--annotations", str(made), "--model", str(model), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {"spans", "tokens", "records", "reliability", "intervals"}
    assert figures["reliability"]["all"]["documents"] <= 6
    low, high = figures["intervals"]["span_micro_f1"]
    assert low <= figures["spans"]["micro"]["f1"] <= high
    assert figures["records"]["documents"] == 6
    assert figures["spans"]["micro"]["support"] > 50


def test_what_confidences_are_worth_goes_into_picture_model_and_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, made = tmp_path / "model", tmp_path / "made.jsonl"
    shutil.copytree(default_model_path(), model)
    assert main(["synthesize", "--count", "8", "--seed", "6", "--kinds", "pdf=1,html=1", "--out", str(made)]) == 0
    before = TaggerModel.load(model)
    arguments = ["evaluate", "--annotations", str(made), "--model", str(model)]
    assert main([*arguments, "--card", "--picture", str(tmp_path / "drawn.svg"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["reliability"]
    assert set(figures) == {"all", "html", "pdf_text"}
    after = TaggerModel.load(model)
    assert after.info["evaluation"]["reliability"] == figures
    assert after.info["evaluation"]["documents"] == 8
    assert after.info["evaluation"]["sha256"] == data_hash(read_annotations([made]))
    assert np.array_equal(after.embedding, before.embedding)
    card = (model / "MODEL_CARD.md").read_text()
    assert table(figures) in card
    assert "(evaluation.svg)" in card
    assert (model / "evaluation.svg").read_text() == (tmp_path / "drawn.svg").read_text() == picture(figures)
    assert main(arguments) == 0
    assert table(figures) in capsys.readouterr().out


def test_without_records_or_a_model_nothing_is_put_into_a_card(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", "--annotations", str(folder / "notices.jsonl")]
    before = (folder / "model" / "model.json").read_bytes()
    assert main([*arguments, "--card"]) == 2
    assert main([*arguments, "--model", str(folder / "model"), "--card", "--picture", str(tmp_path / "x.svg")]) == 1
    assert "no annotation has a record" in capsys.readouterr().err
    assert (folder / "model" / "model.json").read_bytes() == before
    assert not (tmp_path / "x.svg").exists()


def test_the_same_seed_writes_the_same_file(tmp_path: Path) -> None:
    for name in ("one.jsonl", "two.jsonl"):
        assert main(["synthesize", "--count", "2", "--seed", "9", "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_a_training_run_leaves_its_config_figures_and_log(folder: Path, tmp_path: Path) -> None:
    run = folder / "model.run"
    config = json.loads((run / "config.json").read_text())
    assert config["annotations"] == [str(folder / "notices.jsonl")]
    assert (config["name"], config["seed"]) == ("parcels", 0)
    figures = json.loads((run / "figures.json").read_text())
    model = TaggerModel.load(folder / "model")
    assert figures["held_out_figures"] == model.info["held_out_figures"]
    assert figures["training_data_sha256"] == model.info["training_data_sha256"]
    assert "stored" in (run / "log.txt").read_text().splitlines()[-1]
    nothing = tmp_path / "nothing.jsonl"
    nothing.write_text("{}\n")
    assert main(["train", "--annotations", str(nothing), "--out", str(tmp_path / "model")]) != 0
    log = (tmp_path / "model.run" / "log.txt").read_text().splitlines()
    assert "nothing.jsonl" in log[-1]
    assert not (tmp_path / "model.run" / "figures.json").exists()


def test_training_twice_gives_the_same_model(folder: Path, tmp_path: Path) -> None:
    arguments = ["train", "--annotations", str(folder / "notices.jsonl"), "--name", "parcels"]
    assert main([*arguments, "--out", str(tmp_path / "model")]) == 0
    for name in ("model.json", "weights.npz", "MODEL_CARD.md"):
        assert (tmp_path / "model" / name).read_bytes() == (folder / "model" / name).read_bytes()


def test_a_base_model_is_continued(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "more"
    arguments = ["train", "--annotations", str(folder / "notices.jsonl"), "--base", str(folder / "model")]
    assert main([*arguments, "--out", str(out), "--epochs", "1"]) == 0
    before = json.loads((folder / "model" / "model.json").read_text(encoding="utf-8"))
    meta = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert meta["info"]["base"] == before["version"]
    assert meta["labels"] == before["labels"]
    assert meta["keywords"] == before["keywords"]


def test_the_card_says_what_the_model_stores(folder: Path) -> None:
    meta = json.loads((folder / "model" / "model.json").read_text(encoding="utf-8"))
    card = (folder / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.startswith(f"# parcels {meta['version']}\n")
    assert meta["info"]["training_data_sha256"] in card
    assert meta["info"]["documents"] + meta["info"]["documents_held_out"] == NOTICE_LINES


def test_figures_are_printed_for_people_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--annotations", str(folder / "notices.jsonl"), "--model", str(folder / "model")]) == 0
    printed = capsys.readouterr().out
    assert all(label in printed for label in labels_of(notices(2)))


def test_models_are_listed_and_described(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list", str(folder)]) == 0
    assert "parcels 1.0.0" in capsys.readouterr().out
    assert main(["models", "info", str(folder / "model")]) == 0
    info = json.loads(capsys.readouterr().out)
    assert info["name"] == "parcels"
    assert info["bytes"] > 1000


def test_good_annotations_pass_the_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["annotate", "check", str(folder / "notices.jsonl")]) == 0
    assert "0 problems" in capsys.readouterr().err


def test_bad_annotations_are_named_by_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item = notice(3)
    item.spans = [Span("period_of_report", [0]), Span("issuer.name", [2])]
    write_annotations(tmp_path / "bad.jsonl", [notice(1), item])
    assert main(["annotate", "check", str(tmp_path / "bad.jsonl")]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == ["notice-3: period_of_report cannot be 'Parcel'"]
    assert "1 problems" in said.err


def test_a_line_that_is_no_annotation_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.jsonl").write_text("no json\n", encoding="utf-8")
    assert main(["annotate", "check", str(tmp_path / "bad.jsonl")]) == 2
    assert "bad.jsonl:1:" in capsys.readouterr().err


def test_documents_are_annotated_with_a_model_to_begin_with(
    tmp_path: Path, model_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(3)
    form = tmp_path / "form.txt"
    text = annotate_text(invent_filing(rng, "current"), "official", rng, "layout").document.text
    form.write_text(text, encoding="utf-8")
    (tmp_path / "letter.txt").write_text("Dear Ms. Tavener, all is well.", encoding="utf-8")
    out, model = tmp_path / "start.jsonl", str(model_directory)
    inputs = [str(form), str(tmp_path / "letter.txt")]
    assert main(["annotate", "start", *inputs, "-o", str(out), "--model", model]) == 0
    assert [item.id for item in read_annotations([out])] == ["form.txt#0"]
    assert main(["annotate", "start", str(tmp_path / "nowhere"), str(form), "-o", str(out), "--model", model]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert [item.id for item in read_annotations([out])] == ["form.txt#0"]


def test_a_model_that_is_none_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_annotations(tmp_path / "a.jsonl", [notice(1)])
    assert main(["evaluate", "--annotations", str(tmp_path / "a.jsonl"), "--model", str(tmp_path)]) == 2
    assert "no model here" in capsys.readouterr().err


def test_two_models_are_compared_on_the_same_documents(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = str(folder / "model")
    arguments = ["evaluate", "--annotations", str(folder / "notices.jsonl"), "--model", model, "--compare", model]
    assert main([*arguments, "--json"]) == 0
    comparison = json.loads(capsys.readouterr().out)["comparison"]
    assert comparison["documents"] == NOTICE_LINES
    micro = comparison["figures"]["span_micro_f1"]
    assert (micro["difference"], micro["interval"]) == (0.0, [0.0, 0.0])
    assert main(arguments) == 0
    assert "against parcels 1.0.0" in capsys.readouterr().out


def test_documents_that_the_base_knows_are_learned_again(folder: Path, tmp_path: Path) -> None:
    write_annotations(tmp_path / "new.jsonl", notices(10, first=500))
    base, out = ["--base", str(folder / "model")], tmp_path / "model"
    arguments = ["train", "--annotations", str(tmp_path / "new.jsonl"), "--out", str(out), "--closely"]
    assert main([*arguments, *base, "--replay", str(folder / "notices.jsonl")]) == 0
    info = json.loads((out / "model.json").read_text(encoding="utf-8"))["info"]
    assert (info["documents"], info["documents_replayed"]) == (10, NOTICE_LINES)
    assert info["options"] == {"closely": True}
    assert set(info["libraries"]) == {"numpy", "scipy", "scikit-learn", "python"}
    assert main(arguments) == 2


def test_leaks_between_training_and_test_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, twin, other = notice(1), notice(2), notice(7)
    twin.meta["owner_key"] = "somebody else"
    first.meta["owner_key"] = other.meta["owner_key"] = "Odile"
    write_annotations(tmp_path / "train.jsonl", [first, twin])
    copy = notice(2)
    copy.meta["owner_key"], copy.id = "nobody 2", "copy"
    write_annotations(tmp_path / "test.jsonl", [other, copy])
    arguments = ["annotate", "check", str(tmp_path / "train.jsonl"), "--against", str(tmp_path / "test.jsonl")]
    assert main(arguments) == 1
    assert capsys.readouterr().out.splitlines() == [
        "notice-1: its owner 'odile' also files in the other set, in notice-7",
        "notice-2: also in the other set, as copy",
    ]
    assert main(arguments[:3]) == 0
