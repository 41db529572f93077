"""A stored model: the same when read again, refused when it is not what it says it is."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from day_model import hand_made

from extractor.document import Document, Page
from extractor.errors import ModelError
from extractor.pipeline import default_model_path
from extractor.readers.text import read_text
from extractor.tagging.features import HASH_BITS
from extractor.tagging.model import (
    BEGINS,
    CONTINUES,
    FORMAT_VERSION,
    PLAIN,
    TaggerModel,
    content_hash,
    label_runs,
)

TEXT = "On 03/14/2024 sold 1,250 shares\nOn 03/15/2024 sold 40 shares"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    hand_made().save(tmp_path / "model")
    return tmp_path / "model"


def change_meta(directory: Path, **changes: Any) -> None:
    """A description whose checksum is right whatever it says."""
    path = directory / "model.json"
    meta = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(meta | {"content_sha256": content_hash(meta)}), encoding="utf-8")


def replace_weights(directory: Path, data: bytes) -> None:
    """Weights whose checksum is right whatever they hold."""
    (directory / "weights.npz").write_bytes(data)
    change_meta(directory, weights_sha256=hashlib.sha256(data).hexdigest())


def test_tokens_are_labelled_with_probability_and_margin() -> None:
    tagging = hand_made().tag(read_text(TEXT))
    labels = {"03/14/2024": "day", "1,250": "amount", "03/15/2024": "day"}
    assert tagging.labels == [labels.get(token.text, "O") for token in read_text(TEXT).tokens]
    assert (tagging.probability > 0.9).all()
    assert ((tagging.margin > 0.8) & (tagging.margin <= tagging.probability)).all()


def test_no_tokens_have_no_labels() -> None:
    tagging = hand_made().tag(Document("text", [Page(1, 600, 800)], [], ""))
    assert (tagging.labels, len(tagging.probability), len(tagging.margin)) == ([], 0, 0)


def test_probabilities_of_a_token_sum_to_one() -> None:
    rng = np.random.default_rng(3)
    hashes = rng.integers(0, 1 << HASH_BITS, (1200, 5)).astype(np.uint64)
    scores = hand_made().log_probabilities(hashes)
    assert scores.shape == (1200, 3)
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1.0, atol=1e-5)


def test_label_runs_end_where_the_label_or_the_row_ends() -> None:
    document = read_text("03/14/2024 03/15/2024 and 03/16/2024\n\n03/17/2024 1,250")
    runs = label_runs(hand_made().tag(document))
    assert [[document.tokens[i].text for i in run] for run in runs] == [
        ["03/14/2024", "03/15/2024"],
        ["03/16/2024"],
        ["03/17/2024"],
        ["1,250"],
    ]


def test_where_labels_know_beginnings_runs_follow_them() -> None:
    document = read_text("Ada Berit gone Cosmo 5")
    tagging = hand_made().tag(document)
    tagging.labels = ["name", "name", "O", "name", "amount"]
    for roles, expected in (
        ((BEGINS, CONTINUES, PLAIN, BEGINS, PLAIN), [[0, 1], [3], [4]]),
        ((BEGINS, BEGINS, PLAIN, CONTINUES, PLAIN), [[0], [1, 3], [4]]),  # what was interrupted goes on
        ((CONTINUES, CONTINUES, PLAIN, BEGINS, PLAIN), [[0, 1], [3], [4]]),  # nothing to go on with: a beginning
    ):
        tagging.role = np.array(roles)
        assert label_runs(tagging) == expected


def test_a_model_of_an_earlier_format_is_read(stored: Path) -> None:
    meta = json.loads((stored / "model.json").read_text(encoding="utf-8"))
    for key in ("begins", "features"):
        del meta[key]
    (stored / "model.json").write_text(json.dumps(meta | {"format_version": 1}), encoding="utf-8")
    model = TaggerModel.load(stored)
    assert (model.begins, model.generic) == ([], False)


def test_a_model_whose_beginnings_fit_no_weights_is_refused(stored: Path) -> None:
    change_meta(stored, begins=["day"])
    with pytest.raises(ModelError, match="do not fit"):
        TaggerModel.load(stored)


def test_a_model_read_again_is_the_same(stored: Path) -> None:
    model, again = hand_made(), TaggerModel.load(stored)
    for name in ("labels", "keywords", "name", "version", "confidence", "info"):
        assert getattr(again, name) == getattr(model, name)
    for name in ("vocabulary", "hidden_bias", "output", "output_bias", "transition"):
        np.testing.assert_array_equal(getattr(again, name), getattr(model, name))
    np.testing.assert_allclose(again.embedding, model.embedding, atol=float(np.abs(model.embedding).max()) / 254)
    before, after = model.tag(read_text(TEXT)), again.tag(read_text(TEXT))
    assert before.labels == after.labels
    np.testing.assert_allclose(before.probability, after.probability, atol=1e-3)


def test_a_stored_model_sums_its_whole_numbers_as_the_embedding_says(stored: Path) -> None:
    model = TaggerModel.load(stored)
    hashes = np.random.default_rng(5).integers(0, 1 << HASH_BITS, (300, 250)).astype(np.uint64)
    hashes[:, ::2] = model.vocabulary[hashes[:, ::2] % len(model.vocabulary)]  # every other one is a feature in use
    by_weights = replace(model, _stored=None)
    np.testing.assert_allclose(
        model.log_probabilities(hashes), by_weights.log_probabilities(hashes), rtol=1e-3, atol=1e-3
    )


def test_the_same_model_is_the_same_bytes_and_so_is_one_read_and_stored_again(stored: Path, tmp_path: Path) -> None:
    hand_made().save(tmp_path / "second")
    TaggerModel.load(stored).save(tmp_path / "third")
    for name in ("weights.npz", "model.json"):
        first = (stored / name).read_bytes()
        assert (tmp_path / "second" / name).read_bytes() == first
        assert (tmp_path / "third" / name).read_bytes() == first
    assert sorted(path.name for path in stored.iterdir()) == ["model.json", "weights.npz"]


@pytest.mark.parametrize("name", ["model.json", "weights.npz"])
def test_a_missing_file_is_named(stored: Path, name: str) -> None:
    (stored / name).unlink()
    with pytest.raises(ModelError, match=name.replace(".", r"\.") + " is missing"):
        TaggerModel.load(stored)


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model here"):
        TaggerModel.load(tmp_path / "nowhere")


def test_tampered_weights_are_refused(stored: Path) -> None:
    weights = bytearray((stored / "weights.npz").read_bytes())
    weights[len(weights) // 2] ^= 1
    (stored / "weights.npz").write_bytes(bytes(weights))
    with pytest.raises(ModelError, match="checksum differs"):
        TaggerModel.load(stored)


def test_weights_cut_short_are_refused_even_with_their_checksum(stored: Path) -> None:
    weights = (stored / "weights.npz").read_bytes()
    (stored / "weights.npz").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(ModelError, match="checksum differs"):
        TaggerModel.load(stored)
    replace_weights(stored, weights[: len(weights) // 2])
    with pytest.raises(ModelError, match="incomplete"):
        TaggerModel.load(stored)


def test_weights_without_an_array_are_refused(stored: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "few.npz", vocabulary=np.zeros(1, dtype=np.int32))
    replace_weights(stored, (tmp_path / "few.npz").read_bytes())
    with pytest.raises(ModelError, match="incomplete"):
        TaggerModel.load(stored)


def test_weights_that_hold_python_objects_are_refused(stored: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "objects.npz", vocabulary=np.array([{"a": 1}], dtype=object))
    replace_weights(stored, (tmp_path / "objects.npz").read_bytes())
    with pytest.raises(ModelError, match="incomplete"):
        TaggerModel.load(stored)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format_version": FORMAT_VERSION + 1}, "newer format"),
        ({"format_version": "x"}, "no format version"),
        ({"format_version": None}, "no format version"),
        ({"feature_version": 0}, "feature version 0"),
        ({"labels": ["O", "amount"]}, "do not fit together"),
        ({"labels": ["none", "amount", "day"]}, "do not fit together"),
        ({"weights_sha256": None}, "checksum differs"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(stored: Path, changes: dict[str, Any], reason: str) -> None:
    change_meta(stored, **changes)
    with pytest.raises(ModelError, match=reason):
        TaggerModel.load(stored)


def test_a_description_that_is_no_json_is_refused(stored: Path) -> None:
    (stored / "model.json").write_text('{"format_version": 1,', encoding="utf-8")
    with pytest.raises(ModelError, match=r"model\.json cannot be read"):
        TaggerModel.load(stored)


def test_a_refusal_names_the_directory(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="somewhere"):
        TaggerModel.load(tmp_path / "somewhere")


@pytest.mark.parametrize(
    "edit",
    [
        lambda meta: meta["info"].update(review_threshold=0.1),
        lambda meta: meta["confidence"].update(format=9),
        lambda meta: meta["labels"].reverse(),
        lambda meta: meta.update(version="3"),
        lambda meta: meta.pop("content_sha256"),
        lambda meta: meta.update(content_sha256=None),
    ],
)
def test_a_description_edited_by_hand_is_refused(stored: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    path = stored / "model.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    edit(meta)
    path.write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(ModelError, match=r"model\.json was changed after it was written"):
        TaggerModel.load(stored)


def test_a_description_set_out_otherwise_is_the_same(stored: Path) -> None:
    path = stored / "model.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict(reversed(meta.items()))), encoding="utf-8")
    assert TaggerModel.load(stored).version == "2"


def test_a_model_of_the_first_format_is_still_read(stored: Path) -> None:
    path = stored / "model.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    del meta["content_sha256"]
    path.write_text(json.dumps(meta | {"format_version": 1}), encoding="utf-8")
    assert TaggerModel.load(stored).name == "days"


def test_the_default_model_loads_in_under_three_tenths_of_a_second() -> None:
    spent = []
    for _ in range(3):
        began = time.process_time()
        TaggerModel.load(default_model_path())
        spent.append(time.process_time() - began)
    assert min(spent) < 0.3
