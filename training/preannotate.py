"""Labels new documents with a model, so that a person corrects rather than types."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from extractor.errors import InputError
from extractor.pipeline import load_model
from extractor.readers import read
from extractor.tagging.filings import find_filings
from extractor.tagging.model import label_runs
from training.annotations import AnnotatedDocument, Span, write_annotations


def preannotate(inputs: Sequence[Path], out: Path, model_directory: Path | None) -> int:
    """Write one annotation line a filing found in the inputs. Exit code 1 where an input could not be read."""
    failed = 0

    def documents() -> Iterator[AnnotatedDocument]:
        nonlocal failed
        model = load_model(model_directory)
        for path in inputs:
            try:
                document = read(path.read_bytes(), str(path)).document
            except (InputError, OSError) as exc:
                print(f"error: {exc}", file=sys.stderr)
                failed += 1
                continue
            if document is None:
                print(f"error: {path}: XML needs no annotation", file=sys.stderr)
                failed += 1
                continue
            for number, (part, _) in enumerate(find_filings(document)):
                tagging = model.tag(part)
                spans = [Span(tagging.labels[run[0]], run) for run in label_runs(tagging)]
                yield AnnotatedDocument(f"{path.name}#{number}", part, spans, {"source": "pre-annotated"})

    write_annotations(out, documents())
    return 1 if failed else 0
