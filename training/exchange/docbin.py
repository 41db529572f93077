"""spaCy's DocBin: annotations as Docs with span groups and entities, and back. Importing this module imports spaCy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as SpacySpan
from spacy.util import filter_spans

from extractor.errors import AnnotationError
from extractor.readers.text import read_text
from training.annotations import AnnotatedDocument, Span

SPANS_KEY = "form4"
_DOCUMENT = "form4"
_ROW = "row"


def to_doc(item: AnnotatedDocument, vocab: spacy.Vocab) -> Doc:
    """One token a word; `doc.spans["form4"]` has every value, `doc.ents` those that do not overlap.

    A value whose tokens lie apart is several spans with one `id_`; `kb_id_` is "row3" for cells of row 3. The document
    itself (boxes, pages, record) is JSON text in `doc.user_data["form4"]`.
    """
    tokens = item.document.tokens
    spaces = [here.end < after.start for here, after in pairwise(tokens)] + [False][: len(tokens)]
    doc = Doc(vocab, words=[token.text for token in tokens], spaces=spaces)
    spans = []
    for number, span in enumerate(item.spans):
        row = "" if span.row is None else f"{_ROW}{span.row}"
        for run in _runs(span.tokens):
            spans.append(SpacySpan(doc, run[0], run[-1] + 1, span.label, kb_id=row, span_id=str(number)))
    doc.spans[SPANS_KEY] = spans
    doc.ents = filter_spans(spans)
    whole = item.to_dict()
    del whole["spans"]
    doc.user_data[_DOCUMENT] = json.dumps(whole, ensure_ascii=False)
    return doc


def _runs(tokens: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for index in tokens:
        if run and index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def from_doc(doc: Doc, name: str) -> AnnotatedDocument:
    """A Doc as an annotation: ours as it went out with the spans it has now, any other by its text.

    Spans come from `doc.spans["form4"]`, else from the only span group, else from the entities.
    """
    groups = list(doc.spans)
    key = SPANS_KEY if SPANS_KEY in doc.spans else groups[0] if len(groups) == 1 else None
    spans = list(doc.spans[key]) if key is not None and len(doc.spans[key]) else list(doc.ents)
    stored = doc.user_data.get(_DOCUMENT)
    if stored:
        item = AnnotatedDocument.from_dict(json.loads(stored) | {"spans": []})
        if len(item.document.tokens) != len(doc):
            raise AnnotationError(f"{item.id}: the words are not those that were exported")
        of_word = [[i] for i in range(len(doc))]
    else:
        item = AnnotatedDocument(name, read_text(doc.text), [], {"source": "docbin"})
        of_word = [
            [i for i, t in enumerate(item.document.tokens) if t.start < word.idx + len(word) and word.idx < t.end]
            for word in doc
        ]
    merged: dict[tuple[str, str, str], set[int]] = {}
    for place, span in enumerate(spans):
        apart = f"#{place}" if not span.id_ else span.id_
        members = merged.setdefault((apart, span.label_, span.kb_id_), set())
        members.update(i for word in range(span.start, span.end) for i in of_word[word])
    for (_, label, row), members in merged.items():
        if members:
            number = int(row[len(_ROW) :]) if row.startswith(_ROW) and row[len(_ROW) :].isdigit() else None
            item.spans.append(Span(label, sorted(members), number))
    return item


def write_docbin(path: Path, documents: Iterable[AnnotatedDocument]) -> int:
    """Write a .spacy file, readable by `spacy train` and `DocBin`; returns the number of documents."""
    vocab = spacy.blank("en").vocab
    docs = [to_doc(item, vocab) for item in documents]
    path.parent.mkdir(parents=True, exist_ok=True)
    DocBin(docs=docs, store_user_data=True).to_disk(path)
    return len(docs)


def read_docbin(path: Path) -> Iterator[AnnotatedDocument]:
    """Annotations from a .spacy file. AnnotationError where it is none."""
    try:
        stored = DocBin(store_user_data=True).from_disk(path)
        docs = list(stored.get_docs(spacy.blank("en").vocab))
    except OSError as exc:
        raise AnnotationError(f"{path}: {exc.strerror or exc}") from exc
    except Exception as exc:  # spaCy lets whatever zlib and msgpack raise through
        raise AnnotationError(f"{path}: not a DocBin ({exc})") from exc
    for number, doc in enumerate(docs):
        yield from_doc(doc, f"{path.stem}#{number}")
