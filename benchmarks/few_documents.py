"""How far a few annotated documents of a new layout go: a layout is left out of training, then added with --base.

    python benchmarks/few_documents.py [--layout typed] [--counts 1 2 5 10 20] [--seeds 5] [--base-documents 250]

All documents are invented filings drawn as PDF. The base model learns all layouts but one; each run goes on from it
with so many documents of the one left out, as `form4 train --base` does. Shown is row F1 on other documents of the new
layout and on unseen documents of the others, mean and spread over the seeds, and how much of the loss is won back: the
loss is what a model that learned the layout from the start (same documents of the others, and as many of it as the
largest count) is better by. Ten minutes of CPU.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
if TYPE_CHECKING:
    from extractor.tagging.model import TaggerModel
    from training.annotations import AnnotatedDocument


def invented(layout: str | None, without: str, seed: str) -> Iterator[AnnotatedDocument]:
    """Endless invented filings, drawn in one layout, or in all but one as often as the corpus has them."""
    from training.synthesis.annotate import annotate_pdf
    from training.synthesis.invent import invent_filing
    from training.synthesis.layouts import LAYOUTS

    names = [name for name in LAYOUTS if name != without]
    weights = [LAYOUTS[name][1] for name in names]
    number = 0
    while True:
        rng = random.Random(f"{seed}:{number}")
        name = layout or rng.choices(names, weights)[0]
        item = annotate_pdf(invent_filing(rng, LAYOUTS[name][2] or None), name, rng)
        item.id = f"{seed}-{number}"
        yield item
        number += 1


def take(source: Iterator[AnnotatedDocument], count: int) -> list[AnnotatedDocument]:
    return [next(source) for _ in range(count)]


def row_f1(model: TaggerModel, documents: Sequence[AnnotatedDocument]) -> float:
    from training.evaluate import evaluate

    return float((evaluate(documents, model)["records"] or {})["row_f1"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layout", default="typed")
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 2, 5, 10, 20])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--base-documents", type=int, default=250)
    parser.add_argument(
        "--tests", type=int, default=30, help="documents of the new layout, and of the others, to test on"
    )
    args = parser.parse_args()

    from training.fit import fit
    from training.options import choose_options
    from training.rehearsal import mix, pick

    others = take(invented(None, args.layout, "others"), args.base_documents + args.tests)
    learn, others_test = others[: args.base_documents], others[args.base_documents :]
    new_test = take(invented(args.layout, "", "test"), args.tests)
    most = max(args.counts)
    from_start = [*learn, *take(invented(args.layout, "", "start"), most)]

    def learned(
        documents: Sequence[AnnotatedDocument], seed: int, base: TaggerModel | None
    ) -> tuple[float, float, float]:
        began = time.process_time()
        lesson = mix(documents, pick(learn)) if base is not None else documents
        model = fit(lesson, choose_options(lesson, seed, base, rehearsed=base is not None), base=base)
        spent = time.process_time() - began
        return row_f1(model, new_test), row_f1(model, others_test), spent

    base = fit(learn, choose_options(learn, 0))
    low, before = row_f1(base, new_test), row_f1(base, others_test)
    high, _, _ = learned(from_start, 0, None)
    print(f"layout {args.layout!r}: row F1 {low:.3f} never seen, {high:.3f} learned from the start ({most} documents)")
    print(f"other layouts: row F1 {before:.3f}\n")
    print("| documents | new layout | +- | won back | other layouts | +- | change | CPU s |\n" + "|---" * 8 + "|")
    for count in args.counts:
        runs = [
            learned(take(invented(args.layout, "", f"seed {seed}"), count), seed, base) for seed in range(args.seeds)
        ]
        new, other, spent = (list(column) for column in zip(*runs, strict=True))
        mean, rest = statistics.fmean(new), statistics.fmean(other)
        won = f"{(mean - low) / (high - low):.0%}" if high > low else "-"
        spreads = [statistics.stdev(values) if len(values) > 1 else 0.0 for values in (new, other)]
        cells = [f"{mean:.3f}", f"{spreads[0]:.3f}", won, f"{rest:.3f}", f"{spreads[1]:.3f}", f"{rest - before:+.3f}"]
        print(f"| {count} | " + " | ".join(cells) + f" | {statistics.fmean(spent):.1f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
