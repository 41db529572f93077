"""Labels new documents with a model, so that a person corrects rather than types."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from extractor.batch.inputs import find_inputs, read_input
from extractor.document import Document
from extractor.errors import InputError
from extractor.labels import FORM_LABELS
from extractor.pipeline import extract_filing, load_model
from extractor.readers import read
from extractor.tagging.filings import find_filings
from extractor.tagging.model import TaggerModel, label_runs
from training.annotations import AnnotatedDocument, Span, write_annotations
from training.exchange.alignment import align


def preannotate(inputs: Sequence[Path], out: Path, model_directory: Path | None, whole: bool = False) -> int:
    """Write one annotation line a filing found in the inputs (files, folders, patterns).

    Documents in which no ownership form is found give none, unless `whole` asks for each document as one: for other
    forms, or for a model that does not know this one yet. Exit code 1 where an input could not be read.
    """
    failed = 0

    def documents() -> Iterator[AnnotatedDocument]:
        nonlocal failed
        model = load_model(model_directory)
        taken: set[str] = set()
        for source in find_inputs([str(path) for path in inputs]):
            try:
                data = read_input(source)
                document = read(data, source.path).document
            except (InputError, OSError) as exc:
                print(f"error: {exc}", file=sys.stderr)
                failed += 1
                continue
            if document is None:
                print(f"error: {source.path}: XML is parsed exactly and needs no annotation", file=sys.stderr)
                failed += 1
                continue
            parts = [document] if whole else [part for part, _ in find_filings(document)]
            if not parts:
                print(f"{source.path}: no ownership form found; --whole annotates it all the same", file=sys.stderr)
            digest = hashlib.sha256(data).hexdigest()
            name = Path(source.path).name
            if name in taken:
                name = f"{digest[:8]}-{name}"
            taken.add(name)
            for number, part in enumerate(parts):
                yield _annotated(f"{name}#{number}", part, model, {"path": source.path, "sha256": digest})

    write_annotations(out, documents())
    return 1 if failed else 0


def _annotated(name: str, part: Document, model: TaggerModel, source: dict[str, str]) -> AnnotatedDocument:
    meta = {"source": "pre-annotated", "model": f"{model.name} {model.version}"} | source
    item = AnnotatedDocument(name, part, spans_of(part, model), dict(meta))
    owners = [span for span in item.spans if span.label == "owner.name"]
    if owners:  # keeps a person's filings together when documents are split
        item.meta["owner_key"] = " ".join(part.tokens[i].text for i in owners[0].tokens)
    return item


def spans_of(part: Document, model: TaggerModel) -> list[Span]:
    """What the model labels, with the rows of the record that it makes of them.

    Cells that the record did not use keep their label without a row, for a person to decide.
    """
    tagging = model.tag(part)
    runs = label_runs(tagging)
    if not any(label in FORM_LABELS for label in model.labels):
        return [Span(tagging.labels[run[0]], sorted(run)) for run in runs]
    spans = align(part, extract_filing(part, model).to_dict(), model, tagging).spans
    taken = {index for span in spans for index in span.tokens}
    for run in runs:
        if not taken & set(run):
            spans.append(Span(tagging.labels[run[0]], sorted(run)))
    return sorted(spans, key=lambda span: (span.tokens[0], span.label))
