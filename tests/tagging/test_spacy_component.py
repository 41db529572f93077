"""The tagger as a component of a spaCy pipeline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from day_model import hand_made
from spacy import displacy
from spacy.tokens import Doc

from extractor.document import Document
from extractor.errors import ModelError
from extractor.tagging.layout import analyse_layout
from extractor.tagging.model import Tagging
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


def test_a_value_wrapped_around_another_column_is_spans_of_one_id() -> None:
    text = "1. Title of Security  2. Date\nClass A Common  03/14/2024\nStock\n"

    class Wrapped:
        """Labels the title around the date."""

        def tag(self, document: Document) -> Tagging:
            labels = ["O"] * len(document.tokens)
            for index, token in enumerate(document.tokens):
                if token.text in ("Class", "A", "Common", "Stock"):
                    labels[index] = "title"
                elif token.text == "03/14/2024":
                    labels[index] = "day"
            layout = analyse_layout(document)
            sure = np.ones(len(labels), dtype=np.float32)
            return Tagging(labels, sure, sure, layout)

    doc = Form4Tagger(Wrapped())(spacy.blank("en")(text))  # type: ignore[arg-type]
    title = [span for span in doc.spans[SPANS_KEY] if span.label_ == "title"]
    assert [span.text for span in title] == ["Class A Common", "Stock"]
    assert len({span.id_ for span in title}) == 1
    assert {ent.label_ for ent in doc.ents} == {"title", "day"}


def test_displacy_shows_entities_and_spans(stored: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger", config={"model": stored})
    doc = nlp(TEXT)
    assert all(label in displacy.render(doc, style="ent", jupyter=False) for label in ("day", "amount"))
    shown = displacy.render(doc, style="span", jupyter=False, options={"spans_key": SPANS_KEY})
    assert all(label in shown for label in ("day", "amount"))


def test_labels_survive_storing_and_the_probability_is_that_of_the_entity(stored: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger", config={"model": stored})
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [span.label_ for span in again.spans[SPANS_KEY]] == ["day", "amount"]
    assert [ent._.form4_probability for ent in again.ents] == [ent._.form4_probability for ent in doc.ents]
    assert all(ent._.form4_probability > 0.9 for ent in again.ents)


def test_the_default_model_labels_a_filing(default_form_text: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger")
    labels = {ent.label_ for ent in nlp(default_form_text).ents}
    assert {"issuer.name", "owner.name", "non_derivative.security_title"} <= labels


@pytest.fixture
def default_form_text() -> str:
    return Path(__file__).parents[2].joinpath("samples", "garbled-reading-order.txt").read_text(encoding="utf-8")
