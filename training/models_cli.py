"""The commands `models list|info|promote|rollback`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def add_models(subparsers: Any) -> None:
    """Add `models` and its actions to the program's commands."""
    models = subparsers.add_parser("models", help="look at models, promote one, roll back")
    actions = models.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="the models below a folder")
    listing.add_argument("folder", nargs="?", type=Path, default=Path("models"))
    listing.set_defaults(run=_list)
    info = actions.add_parser("info", help="what a model is, learned from, and reaches")
    info.add_argument("model", nargs="?", type=Path)
    info.set_defaults(run=_info)
    promote = actions.add_parser(
        "promote",
        help="let a model take the champion's place, unless a class of documents gets worse",
        description="Compares challenger and champion on the same documents, class by class (kind of input), accuracy "
        "and calibration. A drop beyond the noise in any class refuses: exit code 1, nothing changed.",
    )
    promote.add_argument("challenger", type=Path, metavar="DIR")
    promote.add_argument("--champion", type=Path, metavar="DIR", help="default: the model that is used by default")
    promote.add_argument("--annotations", nargs="+", required=True, type=Path, metavar="PATH", help="a fixed test set")
    promote.add_argument("--force", action="store_true", help="promote all the same; recorded in the model")
    promote.add_argument("--dry-run", action="store_true", help="compare only")
    promote.add_argument("--json", action="store_true", help="the comparison as JSON")
    promote.set_defaults(run=_promote)
    rollback = actions.add_parser("rollback", help="bring back the champion before")
    rollback.add_argument("--champion", type=Path, metavar="DIR")
    rollback.set_defaults(run=_rollback)


def _list(args: argparse.Namespace) -> int:
    from extractor.errors import ModelError
    from extractor.tagging.model import TaggerModel

    for path in sorted(args.folder.glob("*/model.json")):
        try:
            model = TaggerModel.load(path.parent)
            said = f"{model.name} {model.version}"
        except ModelError as exc:
            said = f"refused: {exc}"
        print(f"{path.parent}\t{said}")
    return 0


def _info(args: argparse.Namespace) -> int:
    from extractor.pipeline import default_model_path
    from extractor.tagging.model import TaggerModel
    from training.promote import events

    directory = args.model or default_model_path()
    model = TaggerModel.load(directory)
    shown = {
        "name": model.name,
        "version": model.version,
        "labels": len(model.labels),
        "features": len(model.vocabulary),
        "bytes": sum(path.stat().st_size for path in directory.iterdir() if path.is_file()),
    }
    history = events(directory)
    print(json.dumps(shown | model.info | ({"history": history} if history else {}), indent=1, ensure_ascii=False))
    return 0


def _promote(args: argparse.Namespace) -> int:
    from extractor.pipeline import default_model_path
    from extractor.tagging.model import TaggerModel
    from training.annotations import data_hash, read_annotations
    from training.promote import compare_by_class, install, show

    champion = args.champion or default_model_path()
    documents = list(read_annotations(args.annotations))
    new, old = TaggerModel.load(args.challenger), TaggerModel.load(champion)
    learned = {new.info.get("training_data_sha256"), old.info.get("training_data_sha256")}
    if data_hash(documents) in learned:
        print("error: the test set is what a model learned from", file=sys.stderr)
        return 2
    findings = compare_by_class(documents, new, old)
    worse = [finding for finding in findings if finding.worse]
    if args.json:
        print(json.dumps([finding.to_dict() for finding in findings]))
    else:
        print(show(findings))
    if worse and not args.force:
        classes = ", ".join(sorted({finding.kind for finding in worse}))
        print(f"refused: worse beyond the noise in {classes}; --force overrides", file=sys.stderr)
        return 1
    if args.dry_run:
        return 0
    evaluation = {"sha256": data_hash(documents), "documents": len(documents)}
    model = install(args.challenger, champion, findings, forced=bool(worse), evaluation=evaluation)
    print(f"promoted {model.name} {model.version} to {champion}{' by force' if worse else ''}", file=sys.stderr)
    return 0


def _rollback(args: argparse.Namespace) -> int:
    from extractor.pipeline import default_model_path
    from training.promote import rollback

    champion = args.champion or default_model_path()
    back, gone = rollback(champion)
    print(f"{champion}: {back} is back, {gone} is put aside", file=sys.stderr)
    return 0
