"""Commands that make annotations and models: train, evaluate, calibrate, annotate, synthesize, models."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from training.annotate_cli import add_annotate
from training.models_cli import add_models


def add_parsers(subparsers: Any) -> None:
    """Add the training commands to the program's. Each sets `run`: parsed arguments in, exit code out."""
    train = subparsers.add_parser("train", help="learn a model from annotations")
    train.add_argument("--annotations", nargs="+", required=True, type=Path, metavar="PATH")
    train.add_argument("--out", required=True, type=Path, metavar="DIR")
    train.add_argument("--base", type=Path, metavar="DIR", help="continue from this model")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--epochs", type=int, help="passes over the annotations (default 3)")
    train.add_argument(
        "--closely", action="store_true", help="with --base: learn the new documents to the last token, as corrections"
    )
    train.add_argument(
        "--replay",
        nargs="+",
        type=Path,
        default=[],
        metavar="PATH",
        help="with --base: annotations it knows, learned again beside the new ones, so that nothing is forgotten",
    )
    train.add_argument("--name", default="form4", help="name stored in the model")
    train.set_defaults(run=_train)

    evaluate = subparsers.add_parser("evaluate", help="entity and record figures of a model on annotations")
    evaluate.add_argument("--annotations", nargs="+", required=True, type=Path, metavar="PATH")
    evaluate.add_argument("--model", type=Path, metavar="DIR")
    evaluate.add_argument("--json", action="store_true")
    evaluate.add_argument("--picture", type=Path, metavar="SVG", help="draw how far confidences can be trusted")
    evaluate.add_argument("--card", action="store_true", help="put the confidence figures into the model and its card")
    evaluate.add_argument("--compare", type=Path, metavar="DIR", help="another model, on the same documents")
    evaluate.set_defaults(run=_evaluate)

    calibrate = subparsers.add_parser("calibrate", help="fit a model's confidence and its review threshold anew")
    calibrate.add_argument("--annotations", nargs="+", required=True, type=Path, metavar="PATH")
    calibrate.add_argument("--model", required=True, type=Path, metavar="DIR")
    calibrate.add_argument("--max-error", type=float, default=0.005)
    calibrate.add_argument("--certainty", type=float, default=0.9)
    calibrate.set_defaults(run=_calibrate)

    add_annotate(subparsers)

    synthesize = subparsers.add_parser("synthesize", help="invent filings, render and garble them, with annotations")
    synthesize.add_argument("--count", type=int, required=True)
    synthesize.add_argument("--seed", type=int, default=0)
    synthesize.add_argument("--out", type=Path, required=True, metavar="DIR")
    synthesize.add_argument(
        "--filings", type=Path, metavar="DIR", help="render these ownership XML files instead of invented ones"
    )
    synthesize.add_argument("--kinds", type=_shares, help='the mix, such as "pdf=35,html=15,text=40,scan=10,none=4"')
    synthesize.add_argument("--layouts", type=_layouts, help='layouts of the pages, such as "typed=2,typed_free=1"')
    synthesize.add_argument("--workers", type=int, default=1)
    synthesize.set_defaults(run=_synthesize)

    add_models(subparsers)


def _shares(text: str) -> dict[str, float]:
    try:
        return {kind: float(share) for kind, share in (item.split("=") for item in text.split(","))}
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"not a mix of kinds: {text!r}") from exc


def _layouts(text: str) -> dict[str, float]:
    from training.synthesis.layouts import LAYOUTS

    shares = _shares(text)
    if unknown := sorted(set(shares) - set(LAYOUTS)):
        raise argparse.ArgumentTypeError(f"no layout {', '.join(unknown)}; there are {', '.join(LAYOUTS)}")
    return shares


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _train(args: argparse.Namespace) -> int:
    from training.run_folder import RunFolder
    from training.train import library_versions, train

    if args.base is None and (args.closely or args.replay):
        print("error: --closely and --replay go with --base", file=sys.stderr)
        return 2
    config = {name: value for name, value in vars(args).items() if name != "run"}
    with RunFolder(args.out, config | library_versions()) as run:

        def progress(line: str) -> None:
            _say(line)
            run.say(line)

        model = train(
            args.annotations,
            args.out,
            base=args.base,
            seed=args.seed,
            epochs=args.epochs,
            name=args.name,
            replay=args.replay,
            closely=args.closely,
            progress=progress,
        )
        run.keep_figures(model.info)
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    from extractor.pipeline import load_model
    from training.annotations import read_annotations
    from training.evaluate import compare_models, evaluate, show

    if args.card and args.model is None:
        print("error: --card goes with --model", file=sys.stderr)
        return 2
    documents = list(read_annotations(args.annotations))
    if args.compare is None:
        figures = evaluate(documents, load_model(args.model))
    else:
        figures, comparison = compare_models(documents, load_model(args.model), load_model(args.compare))
        figures["comparison"] = comparison
    print(json.dumps(figures) if args.json else show(figures))
    if (args.card or args.picture) and figures["reliability"] is None:
        print("error: no annotation has a record, so nothing is known of confidences", file=sys.stderr)
        return 1
    if args.picture:
        from training.reliability import picture

        args.picture.write_text(picture(figures["reliability"]), encoding="utf-8")
    if args.card:
        from training.calibration import store_evaluation

        store_evaluation(figures["reliability"], documents, args.model)
    return 0


def _calibrate(args: argparse.Namespace) -> int:
    from training.calibration import calibrate

    said = calibrate(args.annotations, args.model, max_error=args.max_error, certainty=args.certainty, progress=_say)
    print(said)
    return 0


def _synthesize(args: argparse.Namespace) -> int:
    from training.synthesis import synthesize

    filings = None
    if args.filings:
        from extractor.readers.xml import read_ownership_xml

        filings = [
            f for path in sorted(args.filings.glob("*.xml")) for f in read_ownership_xml(path.read_bytes(), str(path))
        ]
    path = synthesize(
        args.count, args.seed, args.out, filings=filings, kinds=args.kinds, workers=args.workers, layouts=args.layouts
    )
    _say(f"wrote {path}")
    return 0
