"""Annotations as spaCy's DocBin, and back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from invented import any_spans, notice, notices, spans_of
from spacy.tokens import DocBin

from extractor.cli import main
from extractor.errors import AnnotationError
from training.annotations import Span, read_annotations, write_annotations
from training.exchange.docbin import from_doc, read_docbin, to_doc, write_docbin
from training.synthesis.annotate import annotate_pdf
from training.synthesis.invent import invent_filing

VOCAB = spacy.blank("en").vocab


def test_documents_come_back_as_they_went(tmp_path: Path) -> None:
    rng = random.Random(2)
    items = [annotate_pdf(invent_filing(rng, "current"), "official", rng), *notices(2)]
    assert write_docbin(tmp_path / "new" / "a.spacy", items) == 3
    again = list(read_docbin(tmp_path / "new" / "a.spacy"))
    assert [item.to_dict() | {"spans": []} for item in again] == [item.to_dict() | {"spans": []} for item in items]
    assert [spans_of(item) for item in again] == [spans_of(item) for item in items]


@given(any_spans())
def test_any_spans_come_back(spans: list[Span]) -> None:
    item = notice(1)
    item.spans = spans
    assert spans_of(from_doc(to_doc(item, VOCAB), "x")) == spans_of(item)


def test_spacy_sees_words_entities_and_spans(tmp_path: Path) -> None:
    item = notice(1)
    write_docbin(tmp_path / "a.spacy", [item])
    (doc,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(VOCAB)
    assert [word.text for word in doc] == [token.text for token in item.document.tokens]
    assert {ent.label_ for ent in doc.ents} == {span.label for span in item.spans}
    assert len(doc.spans["form4"]) == len(item.spans)


def test_docs_of_others_are_read_by_their_text(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "amount", "pattern": "1,250(2"}, {"label": "day", "pattern": "03/14/2024"}])  # type: ignore[attr-defined]
    DocBin(docs=[nlp("On 03/14/2024 sold 1,250 shares")]).to_disk(tmp_path / "a.spacy")
    (item,) = read_docbin(tmp_path / "a.spacy")
    assert [(s.label, [item.document.tokens[i].text for i in s.tokens]) for s in item.spans] == [
        ("day", ["03/14/2024"])
    ]
    assert item.id == "a#0"


def test_spans_changed_in_spacy_are_taken_over() -> None:
    doc = to_doc(notice(1), VOCAB)
    doc.spans["form4"] = [doc.char_span(0, len(doc[0].text), label="first")]
    assert spans_of(from_doc(doc, "x")) == [("first", [0], None)]


@pytest.mark.parametrize("data", [b"", b"no docbin at all"])
def test_a_file_that_is_no_docbin_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.spacy").write_bytes(data)
    with pytest.raises(AnnotationError, match=r"x\.spacy"):
        list(read_docbin(tmp_path / "x.spacy"))


def test_the_commands_take_annotations_out_and_in(tmp_path: Path) -> None:
    write_annotations(tmp_path / "a.jsonl", notices(3))
    assert main(["annotate", "export", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "a.spacy")]) == 0
    assert main(["annotate", "import", str(tmp_path / "a.spacy"), "-o", str(tmp_path / "b.jsonl")]) == 0
    before, after = (list(read_annotations([tmp_path / name])) for name in ("a.jsonl", "b.jsonl"))
    assert [spans_of(item) for item in before] == [spans_of(item) for item in after]
