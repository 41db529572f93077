"""Another form, learned from annotations alone: cross-validated entity figures on FUNSD, with the ordinary trainer.

    python benchmarks/funsd.py [ANNOTATIONS] [--folds 5] [--seed 0]

ANNOTATIONS are lines in our format (default: ../shared/external/funsd_train.jsonl). Folds are by document; an entity
counts where its label and its tokens are exactly right. Nothing is tuned to the data set: `form4 train` on the same
documents chooses the same options. It takes about two minutes of CPU.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared" / "external" / "funsd_train.jsonl"
    parser.add_argument("annotations", type=Path, nargs="?", default=default)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if not args.annotations.exists():
        print(f"{args.annotations}: no annotations here", file=sys.stderr)
        return 2

    from training.annotations import read_annotations
    from training.evaluate import evaluate
    from training.fit import fit
    from training.options import choose_options

    documents = list(read_annotations([args.annotations]))
    labels = sorted({span.label for item in documents for span in item.spans})
    columns = ["precision", "recall", "F1", "macro F1", "tokens right", *labels]
    print("| fold | " + " | ".join(columns) + " | fit CPU s |\n" + "|---" * (len(columns) + 2) + "|")
    rows: list[list[float]] = []
    for fold in range(args.folds):
        learn = [item for i, item in enumerate(documents) if i % args.folds != fold]
        began = time.process_time()
        model = fit(learn, choose_options(learn, args.seed))
        spent = time.process_time() - began
        figures = evaluate(documents[fold :: args.folds], model)
        spans = figures["spans"]
        row = [spans["micro"]["precision"], spans["micro"]["recall"], spans["micro"]["f1"], spans["macro"]["f1"]]
        row.append(figures["tokens"]["accuracy"])
        row += [spans["labels"].get(label, {"f1": 0.0})["f1"] for label in labels]
        rows.append([*row, spent])
        print(_line(str(fold + 1), rows[-1]), flush=True)
    print(_line("mean", [statistics.fmean(column) for column in zip(*rows, strict=True)]))
    return 0


def _line(name: str, values: list[float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in values[:-1]) + f" | {values[-1]:.0f} |"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
