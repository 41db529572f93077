"""The tagger as a spaCy pipeline component, so that its labels can be used and shown with spaCy's own tools.

    import spacy
    nlp = spacy.blank("en")
    nlp.add_pipe("form4_tagger")
    doc = nlp(text)          # doc.ents, doc.spans["form4"]; span._.form4_probability
    spacy.displacy.render(doc, style="ent")

A value that is wrapped around other columns is several spans that share their `id_`.

Importing this module imports spaCy; extraction does not need it.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from extractor.pipeline import load_model
from extractor.readers.text import read_text
from extractor.tagging.model import TaggerModel, label_runs

SPANS_KEY = "form4"

if not Span.has_extension("form4_probability"):
    Span.set_extension("form4_probability", default=None)


@Language.factory("form4_tagger", default_config={"model": None}, assigns=["doc.ents", "doc.spans"])
def make_form4_tagger(nlp: Language, name: str, model: str | None) -> Form4Tagger:
    """The component with the default model, or the one in the directory `model`."""
    return Form4Tagger(load_model(model))


class Form4Tagger:
    """Labels the values of an ownership form in running text."""

    def __init__(self, model: TaggerModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        if not doc.text.strip():  # one empty text must not end a whole nlp.pipe
            doc.spans[SPANS_KEY] = []
            return doc
        document = read_text(doc.text)
        tagging = self._model.tag(document)
        spans: list[Span] = []
        for number, run in enumerate(label_runs(tagging)):
            for piece in _pieces(sorted(run)):
                start, end = document.tokens[piece[0]].start, document.tokens[piece[-1]].end
                label = tagging.labels[run[0]]
                span = doc.char_span(start, end, label=label, alignment_mode="expand", span_id=str(number))
                if span is not None:
                    span._.form4_probability = float(min(tagging.probability[i] for i in piece))
                    spans.append(span)
        doc.spans[SPANS_KEY] = spans
        doc.ents = filter_spans([*doc.ents, *spans])
        return doc


def _pieces(run: list[int]) -> Iterator[list[int]]:
    """Stretches of neighbouring tokens."""
    piece = run[:1]
    for index in run[1:]:
        if index != piece[-1] + 1:
            yield piece
            piece = []
        piece.append(index)
    yield piece
