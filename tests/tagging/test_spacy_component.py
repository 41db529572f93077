"""The tagger as a component of a spaCy pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from day_model import hand_made

from extractor.errors import ModelError
from extractor.tagging.spacy_component import SPANS_KEY, Form4Tagger

TEXT = "On 03/14/2024 sold 1,250 shares"


@pytest.fixture
def stored(tmp_path: Path) -> str:
    hand_made().save(tmp_path)
    return str(tmp_path)


def test_values_are_spans_and_entities_with_their_probability() -> None:
    doc = Form4Tagger(hand_made())(spacy.blank("en")(TEXT))
    expected = [("03/14/2024", "day"), ("1,250", "amount")]
    assert [(span.text, span.label_) for span in doc.spans[SPANS_KEY]] == expected
    assert [(ent.text, ent.label_) for ent in doc.ents] == expected
    assert all(0.9 < span._.form4_probability <= 1.0 for span in doc.spans[SPANS_KEY])


def test_the_component_is_found_by_name_and_takes_a_model_directory(stored: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger", config={"model": stored})
    assert [ent.label_ for ent in nlp(TEXT).ents] == ["day", "amount"]


def test_a_pipeline_of_many_texts_labels_each(stored: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger", config={"model": stored})
    docs = list(nlp.pipe([TEXT, "Nothing here", "Sold 40,000"]))
    assert [[ent.text for ent in doc.ents] for doc in docs] == [["03/14/2024", "1,250"], [], ["40,000"]]


def test_a_model_that_labels_nothing_gives_no_spans(model_directory: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger", config={"model": str(model_directory)})
    doc = nlp(TEXT)
    assert (list(doc.ents), list(doc.spans[SPANS_KEY])) == ([], [])


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_text_among_others_gets_no_spans(stored: str, text: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger", config={"model": stored})
    empty, full = nlp.pipe([text, TEXT])
    assert (list(empty.ents), list(empty.spans[SPANS_KEY])) == ([], [])
    assert [ent.label_ for ent in full.ents] == ["day", "amount"]


def test_entities_of_earlier_components_stay() -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "WORD", "pattern": "shares"}])  # type: ignore[attr-defined]
    doc = Form4Tagger(hand_made())(nlp(TEXT))
    assert [ent.label_ for ent in doc.ents] == ["day", "amount", "WORD"]


def test_a_directory_without_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model here"):
        spacy.blank("en").add_pipe("form4_tagger", config={"model": str(tmp_path)})
