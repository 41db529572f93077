"""From bytes to records: what is found in an input, in which order, and always the same."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from extractor.errors import EmptyInput, ModelError
from extractor.pipeline import NOT_A_FORM, default_model_path, extract_bytes, load_model
from extractor.record import Filing
from extractor.tagging.model import TaggerModel
from training.synthesis.garble import annotate_text
from training.synthesis.invent import invent_filing

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(path for path in (ROOT / "samples").iterdir() if path.is_file())
SCHEMA = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))
PROSE = (
    "The harbor was quiet that morning. Odile Tavener signed the Form 4 that her counsel had drawn up, and the "
    "statement "
    "of changes in her holdings of Quillon Harbor Foods went to the Commission before noon."
)


def invented(form: str, first_seed: int) -> Filing:
    """A short filing on that form, from the first seed on that gives one."""
    for seed in range(first_seed, first_seed + 500):
        filing = invent_filing(random.Random(seed), "current")
        rows = len(filing.non_derivative) + len(filing.derivative)
        if filing.form_type and filing.form_type.value == form and len(filing.reporting_owners) == 1 and rows <= 4:
            return filing
    raise AssertionError(f"no form {form} among the invented ones")


def garbled(form: str, seed: int) -> str:
    return annotate_text(invented(form, seed), "official", random.Random(seed), "reading").document.text


def forms(filings: list[Filing]) -> list[object]:
    return [str(filing.form_type.value)[0] if filing.form_type else None for filing in filings]


@pytest.fixture(scope="module")
def default_model() -> TaggerModel:
    try:
        default_model_path()
    except ModelError as exc:
        pytest.skip(f"the default model has not been trained: {exc}")
    return load_model()


# what does not depend on the labels


def test_prose_gives_one_record_without_rows_that_asks_for_review(model_directory: Path) -> None:
    (filing,) = extract_bytes(PROSE.encode(), "letter.txt", model_directory)
    assert filing.review_reasons == [NOT_A_FORM] == ["not_an_ownership_form"]
    assert filing.needs_review
    assert filing.confidence == 0.0
    assert (filing.form_type, filing.non_derivative, filing.derivative) == (None, [], [])
    assert (filing.source.path, filing.source.input_kind) == ("letter.txt", "text")


def test_a_record_names_its_input_and_model(model_directory: Path) -> None:
    data = garbled("4", 1).encode()
    (filing,) = extract_bytes(data, "form.txt", model_directory)
    assert filing.source.sha256 == hashlib.sha256(data).hexdigest()
    assert (filing.source.path, filing.source.pages) == ("form.txt", (1, 1))
    assert (filing.model_name, filing.model_version) == ("all-outside", "1")


@pytest.mark.parametrize("order", ["43", "345", "5434"])
def test_several_filings_in_one_text_give_several_records_in_order(order: str, model_directory: Path) -> None:
    text = "\n\n".join(garbled(form, 10 * place) for place, form in enumerate(order))
    assert forms(extract_bytes(text.encode(), "many.txt", model_directory)) == list(order)


def test_prose_around_a_filing_gives_no_further_record(model_directory: Path) -> None:
    text = "\n\n".join((PROSE, garbled("4", 1), PROSE))
    assert forms(extract_bytes(text.encode(), "form.txt", model_directory)) == ["4"]


def test_an_input_without_content_is_refused(model_directory: Path) -> None:
    with pytest.raises(EmptyInput, match=r"nothing\.txt"):
        extract_bytes(b"  \n ", "nothing.txt", model_directory)


def test_a_model_is_loaded_once_and_taken_as_it_is(model_directory: Path) -> None:
    model = load_model(model_directory)
    assert load_model(str(model_directory)) is model
    assert load_model(model) is model


def test_a_directory_without_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model here"):
        extract_bytes(garbled("4", 1).encode(), "form.txt", tmp_path)


# with the model that comes along


def faults(record: dict[str, Any]) -> list[str]:
    return [error.json_path for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(record)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_each_sample_gives_a_valid_record_with_issuer_owner_and_rows(path: Path, default_model: TaggerModel) -> None:
    (filing,) = extract_bytes(path.read_bytes(), path.name, default_model)
    assert faults(json.loads(filing.to_json())) == []
    assert filing.issuer.name is not None
    assert filing.issuer.name.value
    assert [owner.name.value for owner in filing.reporting_owners if owner.name and owner.name.value]
    assert filing.non_derivative or filing.derivative
    assert NOT_A_FORM not in filing.review_reasons


@pytest.mark.parametrize("name", ["official.pdf", "garbled-cells.txt", "reduced.html"])
def test_the_same_input_twice_gives_the_same_json(name: str, default_model: TaggerModel) -> None:
    data = (ROOT / "samples" / name).read_bytes()
    once, again = (extract_bytes(data, name, default_model) for _ in range(2))
    assert [filing.to_json() for filing in once] == [filing.to_json() for filing in again]


def test_each_filing_of_a_text_has_its_own_issuer(default_model: TaggerModel) -> None:
    text = "\n\n".join(garbled(form, 10 * place) for place, form in enumerate("44"))
    first, second = extract_bytes(text.encode(), "two.txt", default_model)
    assert first.issuer.name is not None
    assert second.issuer.name is not None
    assert first.issuer.name.value != second.issuer.name.value
    expected = [invented("4", seed).issuer.name for seed in (0, 10)]
    places = [text.find(str(name.value).split()[0]) for name in expected if name]
    assert places == sorted(places)
    for filing, name in zip((first, second), expected, strict=True):
        assert name is not None
        assert filing.issuer.name is not None
        assert str(filing.issuer.name.value).split()[0] == str(name.value).split()[0]
