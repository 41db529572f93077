"""Commands that make annotations and models: train, evaluate, calibrate, annotate, synthesize, models."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any


def add_parsers(subparsers: Any) -> None:
    """Add the training commands to the program's. Each sets `run`: parsed arguments in, exit code out."""
    train = subparsers.add_parser("train", help="learn a model from annotations")
    train.add_argument("--annotations", nargs="+", required=True, type=Path, metavar="PATH")
    train.add_argument("--out", required=True, type=Path, metavar="DIR")
    train.add_argument("--base", type=Path, metavar="DIR", help="continue from this model")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--epochs", type=int, help="passes over the annotations (default 3)")
    train.add_argument("--name", default="form4", help="name stored in the model")
    train.set_defaults(run=_train)

    evaluate = subparsers.add_parser("evaluate", help="entity and record figures of a model on annotations")
    evaluate.add_argument("--annotations", nargs="+", required=True, type=Path, metavar="PATH")
    evaluate.add_argument("--model", type=Path, metavar="DIR")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=_evaluate)

    calibrate = subparsers.add_parser("calibrate", help="fit a model's confidence and its review threshold anew")
    calibrate.add_argument("--annotations", nargs="+", required=True, type=Path, metavar="PATH")
    calibrate.add_argument("--model", required=True, type=Path, metavar="DIR")
    calibrate.add_argument("--max-error", type=float, default=0.005)
    calibrate.add_argument("--certainty", type=float, default=0.9)
    calibrate.set_defaults(run=_calibrate)

    annotate = subparsers.add_parser("annotate", help="make and check annotation files")
    actions = annotate.add_subparsers(dest="action", required=True)
    start = actions.add_parser("start", help="pre-annotate documents with a model, to be corrected by a person")
    start.add_argument("inputs", nargs="+", type=Path, metavar="FILE")
    start.add_argument("-o", "--out", required=True, type=Path, metavar="FILE.jsonl")
    start.add_argument("--model", type=Path, metavar="DIR")
    start.set_defaults(run=_annotate_start)
    check = actions.add_parser("check", help="report labels that do not fit their text, overlaps, unknown labels")
    check.add_argument("annotations", nargs="+", type=Path, metavar="PATH")
    check.set_defaults(run=_annotate_check)

    synthesize = subparsers.add_parser("synthesize", help="invent filings, render and garble them, with annotations")
    synthesize.add_argument("--count", type=int, required=True)
    synthesize.add_argument("--seed", type=int, default=0)
    synthesize.add_argument("--out", type=Path, required=True, metavar="DIR")
    synthesize.add_argument(
        "--filings", type=Path, metavar="DIR", help="render these ownership XML files instead of invented ones"
    )
    synthesize.add_argument("--kinds", type=_shares, help='the mix, such as "pdf=35,html=15,text=40,scan=10,none=4"')
    synthesize.add_argument("--workers", type=int, default=1)
    synthesize.set_defaults(run=_synthesize)

    models = subparsers.add_parser("models", help="look at models")
    looks = models.add_subparsers(dest="action", required=True)
    listing = looks.add_parser("list", help="the models below a folder")
    listing.add_argument("folder", nargs="?", type=Path, default=Path("models"))
    listing.set_defaults(run=_models_list)
    info = looks.add_parser("info", help="what a model is, learned from, and reaches")
    info.add_argument("model", nargs="?", type=Path)
    info.set_defaults(run=_models_info)


def _shares(text: str) -> dict[str, float]:
    try:
        return {kind: float(share) for kind, share in (item.split("=") for item in text.split(","))}
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"not a mix of kinds: {text!r}") from exc


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _train(args: argparse.Namespace) -> int:
    from training.train import train

    train(args.annotations, args.out, base=args.base, seed=args.seed, epochs=args.epochs, name=args.name, progress=_say)
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    from extractor.pipeline import load_model
    from training.annotations import read_annotations
    from training.evaluate import evaluate, show

    figures = evaluate(read_annotations(args.annotations), load_model(args.model))
    print(json.dumps(figures) if args.json else show(figures))
    return 0


def _calibrate(args: argparse.Namespace) -> int:
    from training.train import calibrate

    said = calibrate(args.annotations, args.model, max_error=args.max_error, certainty=args.certainty, progress=_say)
    print(said)
    return 0


def _annotate_start(args: argparse.Namespace) -> int:
    from training.preannotate import preannotate

    return preannotate(args.inputs, args.out, args.model)


def _annotate_check(args: argparse.Namespace) -> int:
    from training.annotations import read_annotations
    from training.lint import lint

    problems = 0
    for item in read_annotations(args.annotations):
        for problem in lint(item):
            print(f"{item.id}: {problem}")
            problems += 1
    print(f"{problems} problems", file=sys.stderr)
    return 1 if problems else 0


def _synthesize(args: argparse.Namespace) -> int:
    from training.synthesis import synthesize

    filings = None
    if args.filings:
        from extractor.readers.xml import read_ownership_xml

        filings = [
            f for path in sorted(args.filings.glob("*.xml")) for f in read_ownership_xml(path.read_bytes(), str(path))
        ]
    path = synthesize(args.count, args.seed, args.out, filings=filings, kinds=args.kinds, workers=args.workers)
    _say(f"wrote {path}")
    return 0


def _models_list(args: argparse.Namespace) -> int:
    for path in sorted(args.folder.glob("*/model.json")):
        meta = json.loads(path.read_text(encoding="utf-8"))
        print(f"{path.parent}\t{meta.get('name')} {meta.get('version')}")
    return 0


def _models_info(args: argparse.Namespace) -> int:
    from extractor.pipeline import default_model_path, load_model

    model = load_model(args.model)
    size = sum(p.stat().st_size for p in (args.model or default_model_path()).iterdir())
    shown = {
        "name": model.name,
        "version": model.version,
        "labels": len(model.labels),
        "features": len(model.vocabulary),
    }
    print(json.dumps(shown | {"bytes": size} | model.info, indent=1, ensure_ascii=False))
    return 0
