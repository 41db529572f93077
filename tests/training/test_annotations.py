"""Annotation files: what is written is read again, and bad lines are named."""

from __future__ import annotations

import gzip
import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import notice, notices

from extractor.document import Document, Page, Rule, Token
from extractor.errors import AnnotationError
from extractor.tagging.features import FeatureExtractor
from training.annotations import AnnotatedDocument, Span, read_annotations, write_annotations
from training.synthesis.garble import annotate_text
from training.synthesis.invent import invent_filing


def rich() -> AnnotatedDocument:
    """Everything that a line can say."""
    tokens = [
        Token("Zoë", 1, (1.0, 2.0, 30.51234567, 12.0), 0, 0, 3, quality=0.875, cell=(0, 1, 2), agreement=0.5),
        Token("owns", 1, (34.0, 2.0, 60.0, 12.0), 0, 4, 8, agreement=0.0),
        Token("40", 2, (1.0, 2.0, 12.0, 12.0), 1, 9, 11),
    ]
    pages = [
        Page(1, 600.0, 800.0, "pdf", [Rule(0.0, 20.0, 600.0, 21.0)], quality=0.5),
        Page(2, 600.0, 800.0, "pdf", to_original=(0.0, 1.0, 0.0, -1.0, 0.0, 600.0, 0.0, 0.0, 1.0)),
    ]
    document = Document("pdf", pages, tokens, "Zoë owns\n40", path="a")
    spans = [Span("owner.name", [0]), Span("non_derivative.shares", [2], 0)]
    return AnnotatedDocument("a", document, spans, {"owner_key": "zoë", "kind": "pdf"}, {"form_type": "4"})


def line(**changes: Any) -> str:
    return json.dumps(notice(1).to_dict() | changes)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_documents_written_are_read_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / name
    documents = [rich(), *notices(3)]
    assert write_annotations(path, documents) == 4
    again = list(read_annotations([path]))
    assert [item.to_dict() for item in again] == [item.to_dict() for item in documents]
    assert again[0].document.tokens == documents[0].document.tokens
    assert again[0].document.pages == documents[0].document.pages
    assert again[0].spans == documents[0].spans
    assert again[0].document.text == "Zoë owns\n40"


def test_what_is_learned_from_a_line_is_what_the_document_shows() -> None:
    extractor = FeatureExtractor(["name", "shares", "price", "security", "transaction", "date"])
    for seed in range(4):
        rng = random.Random(seed)
        item = annotate_text(invent_filing(rng, "current"), "official", rng, "cells")
        again = AnnotatedDocument.from_dict(json.loads(json.dumps(item.to_dict()))).document
        assert np.array_equal(extractor(item.document)[0], extractor(again)[0]), seed


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_the_same_documents_are_the_same_bytes(tmp_path: Path, name: str) -> None:
    write_annotations(tmp_path / "one" / name, [rich()])
    write_annotations(tmp_path / "two" / f"other-{name}", [rich()])
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / f"other-{name}").read_bytes()


def test_a_name_in_gz_is_gzipped(tmp_path: Path) -> None:
    write_annotations(tmp_path / "a.jsonl", notices(2))
    write_annotations(tmp_path / "a.jsonl.gz", notices(2))
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == (tmp_path / "a.jsonl").read_bytes()


def test_folders_are_searched_for_both_kinds(tmp_path: Path) -> None:
    write_annotations(tmp_path / "b" / "one.jsonl", [notice(1)])
    write_annotations(tmp_path / "a" / "two.jsonl.gz", [notice(2)])
    (tmp_path / "notes.txt").write_text("no annotations", encoding="utf-8")
    assert [item.id for item in read_annotations([tmp_path])] == ["notice-2", "notice-1"]


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"\n{line()}\n\n  \n{line()}\n", encoding="utf-8")
    assert len(list(read_annotations([tmp_path / "a.jsonl"]))) == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"id": "x"', "delimiter"),
        ('{"id": "x"}', "not an annotation line"),
        (line(tokens=[{"text": "x"}]), "not an annotation line"),
        (line(pages=[{"number": "one"}]), "not an annotation line"),
        (line(spans=[{"label": "day", "tokens": []}]), "outside of the tokens"),
        (line(spans=[{"label": "day", "tokens": [500]}]), "outside of the tokens"),
        (line(spans=[{"label": "day", "tokens": [-1]}]), "outside of the tokens"),
        (line(spans=[{"tokens": [0]}]), "not an annotation line"),
    ],
)
def test_a_bad_line_is_named_with_file_line_and_reason(tmp_path: Path, bad: str, reason: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{line()}\n\n{bad}\n{line()}\n", encoding="utf-8")
    documents = read_annotations([path])
    assert next(documents).id == "notice-1"
    with pytest.raises(AnnotationError, match=r"mine\.jsonl:3: ") as refused:
        next(documents)
    assert reason in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"nowhere\.jsonl: no such file"):
        list(read_annotations([tmp_path / "nowhere.jsonl"]))


def test_tokens_without_a_box_are_laid_out_along_their_line(tmp_path: Path) -> None:
    data = notice(1).to_dict()
    for token in data["tokens"]:
        token["bbox"] = None
    (tmp_path / "a.jsonl").write_text(json.dumps(data), encoding="utf-8")
    (item,) = read_annotations([tmp_path / "a.jsonl"])
    boxes = [token.bbox for token in item.document.tokens]
    assert all(x0 < x1 and top < bottom for x0, top, x1, bottom in boxes)
    first_line = [box for box, token in zip(boxes, item.document.tokens, strict=True) if token.line == 0]
    assert all(a[2] <= b[0] for a, b in pairwise(first_line))
    assert boxes[-1][1] > boxes[0][3]


def test_where_spans_overlap_the_later_one_labels_the_token() -> None:
    item = rich()
    item.spans.append(Span("owner.street", [0, 1]))
    assert item.token_labels() == ["owner.street", "owner.street", "non_derivative.shares"]


pieces = st.lists(st.text(alphabet="aZ9$ë漢", min_size=1, max_size=5), min_size=1, max_size=8)


@given(pieces, st.lists(st.integers(1, 5), min_size=8, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8))
def test_the_text_of_a_line_has_its_tokens_at_their_offsets(
    words: list[str], gaps: list[int], breaks: list[bool]
) -> None:
    tokens: list[Token] = []
    at, number = 0, 0
    for word, gap, breaks_line in zip(words, gaps, breaks, strict=False):
        number += breaks_line
        tokens.append(Token(word, 1, (0.0, 0.0, 1.0, 1.0), number, at, at + len(word)))
        at += len(word) + gap
    item = AnnotatedDocument("a", Document("text", [Page(1, 600, 800)], tokens, ""), [])
    again = AnnotatedDocument.from_dict(json.loads(json.dumps(item.to_dict()))).document
    assert [again.text[token.start : token.end] for token in again.tokens] == words
