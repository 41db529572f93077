"""What each group of signals and each check is worth: fits confidence without it and measures owners left out.

    python benchmarks/ablation.py --annotations HELD-OUT… [--model DIR] [--only signals|checks]
        [--lines NAME…] [--after CHECK] [--json]

--lines takes the names of groups and checks; --after leaves only checks whose names sort after one, so that a run that
was stopped can go on there. The annotations must be of owners that the model has not learned from. Documents are read
once; every line of the table is a fit of its own, five folds by owner. Figures over the values that count (see
training.reliability).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractor.checking import RULES  # noqa: E402
from extractor.pipeline import extract_filing, load_model  # noqa: E402
from training.annotations import AnnotatedDocument, read_annotations  # noqa: E402
from training.comparing import Samples, Signals, compare  # noqa: E402
from training.confidence import fit_confidence  # noqa: E402
from training.reliability import auroc, coverage_at, ece, judged  # noqa: E402
from training.split import owner_key  # noqa: E402

Named = Callable[[str], bool]

GROUPS: dict[str, Named] = {
    "label": lambda n: n in ("label_min", "label_mean", "margin_min"),
    "edges": lambda n: n == "edge_min",
    "reading": lambda n: n.startswith("quality_") or n == "agreement",
    "mending": lambda n: n in ("mended", "derived", "repaired"),
    "print": lambda n: n in _PRINT,
    "surroundings": lambda n: n in _AROUND,
    "companions": lambda n: n in ("again", "in_notes", "column", "alike", "apart", "days"),
    "row": lambda n: n.startswith("row_"),
    "document": lambda n: n.startswith(("document_", "filing_")),
    "checks": lambda n: n in ("passes", "check_passed", "check_failed") or n.endswith(("_passed", "_failed")),
    "kind": lambda n: n.startswith("kind:"),
    "field": lambda n: n.startswith(("field:", "group:")),
}
_PRINT = frozenset(
    (
        "clean", "odd", "raw_length", "letters", "pieces", "three_decimals", "magnitude", "zero", "decimals",
        "dollar", "separated", "as_printed", "digits", "words", "capital", "shouted", "short_words", "ragged",
        "misshapen", "marks", "tokens",
    )
)  # fmt: skip
_AROUND = frozenset(("scrap_beside", "stray_beside", "strays_near", "cuts_near", "inside", "cell_others", "once_only"))


def read(documents: Iterable[AnnotatedDocument], model_path: Path | None) -> Samples:
    """Samples of all documents that have a record."""
    model = load_model(model_path)
    samples = Samples()
    for item in documents:
        if item.record is not None:
            name = f"{len(samples.records)}:{item.id}"
            samples.extend(compare(extract_filing(item.document, model), item.record, name, owner_key(item)))
    return samples


def without(samples: Samples, dropped: Named) -> Samples:
    """The same samples, their signals without those whose name is dropped. Kinds stay known to the curves' fit."""
    kept: dict[int, Signals] = {}

    def keep(signals: Signals) -> Signals:
        if id(signals) not in kept:
            kept[id(signals)] = {name: value for name, value in signals.items() if not dropped(name)}
        return kept[id(signals)]

    fields = [replace(sample, signals=keep(sample.signals)) for sample in samples.fields]
    return Samples(fields)  # rows and records follow from the values


def figures(samples: Samples) -> dict[str, float]:
    """Over values of owners left out: ece, auroc, shares accepted at 1 % and 0.5 % error."""
    values = judged(samples.fields, fit_confidence(samples).fields)
    return {
        "ece": ece(values.confidence, values.right),
        "auroc": auroc(values.confidence, values.right) or float("nan"),
        "coverage_1%": coverage_at(values.confidence, values.right, 0.01),
        "coverage_0.5%": coverage_at(values.confidence, values.right, 0.005),
    }


def plan(samples: Samples, only: str | None, lines: Collection[str] | None = None, after: str = "") -> dict[str, Named]:
    """What to leave out, by name: groups of signals, then every rule that says anything of these samples.

    With `lines` only the groups and rules of these names, with `after` only the rules whose names sort after it.
    """
    out: dict[str, Named] = {}
    if only != "checks" and not after:
        out |= {f"without {name}": named for name, named in GROUPS.items() if lines is None or name in lines}
    if only != "signals":
        seen = {name for sample in samples.fields for name in sample.signals}
        for code in sorted({rule.code for rule in RULES}):
            mine = {f"{code}_passed", f"{code}_failed"}
            if seen & mine and code > after and (lines is None or code in lines):
                out[f"without check {code}"] = mine.__contains__
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--annotations", nargs="+", required=True, type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--only", choices=("signals", "checks"))
    parser.add_argument("--lines", nargs="+", choices=[*GROUPS, *sorted({rule.code for rule in RULES})], metavar="NAME")
    parser.add_argument("--after", default="", metavar="CHECK")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    samples = read(read_annotations(args.annotations), args.model)
    rows = {"all signals": figures(samples)}
    print_row("all signals", rows["all signals"], rows["all signals"], args.json)
    for name, dropped in plan(samples, args.only, args.lines, args.after).items():
        rows[name] = figures(without(samples, dropped))
        print_row(name, rows[name], rows["all signals"], args.json)
    if args.json:
        print(json.dumps(rows))
    return 0


def print_row(name: str, row: dict[str, float], whole: dict[str, float], quiet: bool) -> None:
    """One line of a Markdown table: each figure and, after the first line, what leaving out cost."""
    if quiet:
        return
    if row is whole:
        print("| | " + " | ".join(row) + " |\n" + "|---" * (len(row) + 1) + "|")
        print(f"| {name} | " + " | ".join(f"{value:.4f}" for value in row.values()) + " |", flush=True)
        return
    cells = [f"{value:.4f} ({value - whole[key]:+.4f})" for key, value in row.items()]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
