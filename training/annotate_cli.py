"""The commands `annotate start|import|export|check`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.annotations import AnnotatedDocument

_FORMATS = ("label-studio", "docbin", "corrections")


def add_annotate(subparsers: Any) -> None:
    """Add `annotate` and its actions to the program's commands."""
    annotate = subparsers.add_parser("annotate", help="make, convert and check annotation files")
    actions = annotate.add_subparsers(dest="action", required=True)
    start = actions.add_parser("start", help="pre-annotate documents with a model, to be corrected by a person")
    start.add_argument("inputs", nargs="+", type=Path, metavar="FILE", help="files, folders (recursive) or patterns")
    start.add_argument("-o", "--out", required=True, type=Path, metavar="FILE.jsonl")
    start.add_argument("--model", type=Path, metavar="DIR")
    start.add_argument("--whole", action="store_true", help="annotate every document, also where no form is found")
    start.set_defaults(run=_start)

    take = actions.add_parser(
        "import",
        help="annotations from Label Studio, a spaCy DocBin, or records that a person corrected",
        description="FILE: a Label Studio JSON export, a .spacy DocBin, records (.jsonl, .json) whose values a person "
        "corrected, or a .csv of corrected rows. Exit code 1 where a record found no document.",
    )
    take.add_argument("inputs", nargs="+", type=Path, metavar="FILE")
    take.add_argument("-o", "--out", required=True, type=Path, metavar="FILE.jsonl")
    take.add_argument("--format", choices=_FORMATS, help="default: by the file's content")
    take.add_argument(
        "--documents", type=Path, metavar="DIR", help="where documents of corrected records are looked for"
    )
    take.add_argument("--model", type=Path, metavar="DIR", help="whose opinion helps to place corrected values")
    take.add_argument("--records", action="store_true", help="give annotations without a record the one they spell")
    take.add_argument("--report", type=Path, metavar="FILE.jsonl", help="what of corrected records was not found")
    take.set_defaults(run=_import)

    give = actions.add_parser("export", help="annotations to Label Studio (with its labelling interface) or a DocBin")
    give.add_argument("annotations", nargs="+", type=Path, metavar="PATH")
    give.add_argument("-o", "--out", required=True, type=Path, metavar="FILE", help=".json (Label Studio) or .spacy")
    give.add_argument("--format", choices=_FORMATS[:2], help="default: by the name of FILE")
    give.add_argument("--view", choices=("pages", "text"), help="rectangles on page images, or spans of text")
    give.add_argument("--documents", type=Path, metavar="DIR", help="where the documents lie, for their page images")
    give.add_argument("--image-prefix", metavar="URL", help="what stands before image names in their addresses")
    give.set_defaults(run=_export)

    check = actions.add_parser(
        "check", help="report labels that do not fit their text, overlaps, rows without a title, duplicates, leaks"
    )
    check.add_argument("annotations", nargs="+", type=Path, metavar="PATH")
    check.add_argument("--against", nargs="+", type=Path, metavar="PATH", help="a test set that must share nothing")
    check.set_defaults(run=_check)


def _start(args: argparse.Namespace) -> int:
    from training.preannotate import preannotate

    return preannotate(args.inputs, args.out, args.model, args.whole)


def _import(args: argparse.Namespace) -> int:
    from training.annotations import write_annotations

    problems: list[str] = []
    count = write_annotations(args.out, _imported(args, problems))
    print(f"{count} annotations in {args.out}", file=sys.stderr)
    return 1 if problems else 0


def _imported(args: argparse.Namespace, problems: list[str]) -> Iterator[AnnotatedDocument]:
    from extractor.pipeline import load_model

    corrections = []
    for path in args.inputs:
        form = args.format or guess_format(path)
        if form == "corrections":
            corrections.append(path)
            continue
        if form == "docbin":
            from training.exchange.docbin import read_docbin as reader
        else:
            from training.exchange.label_studio import read_tasks as reader
        for item in reader(path):
            if args.records and item.record is None:
                _spell_record(item, load_model(args.model))
            yield item
    if corrections:
        from training.exchange.corrections import import_corrections, write_report

        results = []
        for result in import_corrections(corrections, load_model(args.model), args.documents):
            results.append(result)
            if result.problem is not None:
                problems.append(result.problem)
                print(f"error: {result.document}: {result.problem}", file=sys.stderr)
            for gap in result.gaps:
                print(f"{result.document}: {gap.sentence()}")
            if result.annotation is not None:
                yield result.annotation
        if args.report is not None:
            write_report(args.report, results)


def _spell_record(item: AnnotatedDocument, model: Any) -> None:
    """The record that the labels assemble to, where they are labels of the form."""
    from extractor.labels import FORM_LABELS
    from training.exchange.assembling import filing_of
    from training.exchange.corrections import plain_record

    if any(span.label in FORM_LABELS for span in item.spans):
        item.record = plain_record(filing_of(item, model).to_dict())


def guess_format(path: Path) -> str:
    """What a file to import is: by its name, and JSON by its first object. AnnotationError for anything else."""
    from extractor.errors import AnnotationError

    if path.suffix.lower() == ".spacy":
        return "docbin"
    if path.suffix.lower() == ".csv":
        return "corrections"
    try:
        text = path.read_text(encoding="utf-8-sig").lstrip()
    except (OSError, UnicodeDecodeError) as exc:
        raise AnnotationError(f"{path}: {exc}") from exc
    try:
        first, _ = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as exc:
        raise AnnotationError(f"{path}: neither JSON nor .spacy nor .csv ({exc})") from exc
    if isinstance(first, list) and first:
        first = first[0]
    if isinstance(first, dict):
        if "data" in first:
            return "label-studio"
        if "source" in first:
            return "corrections"
    raise AnnotationError(f"{path}: holds neither Label Studio tasks nor records; say which with --format")


def _export(args: argparse.Namespace) -> int:
    from training.annotations import read_annotations

    form = args.format or ("docbin" if args.out.suffix.lower() == ".spacy" else "label-studio")
    items = read_annotations(args.annotations)
    if form == "docbin":
        from training.exchange.docbin import write_docbin

        count = write_docbin(args.out, items)
    else:
        from training.exchange.label_studio import write_tasks

        count = write_tasks(args.out, items, args.view, args.documents, args.image_prefix)
        print(f"labelling interface: {args.out.with_name(f'{args.out.stem}.config.xml')}", file=sys.stderr)
    print(f"{count} documents in {args.out}", file=sys.stderr)
    return 0


def _check(args: argparse.Namespace) -> int:
    from training.annotations import read_annotations
    from training.lint import Collection, lint

    problems = 0
    together = Collection(read_annotations(args.against) if args.against else ())
    for item in read_annotations(args.annotations):
        for problem in (*lint(item), *together.lint(item)):
            print(f"{item.id}: {problem}")
            problems += 1
    print(f"{problems} problems", file=sys.stderr)
    return 1 if problems else 0
