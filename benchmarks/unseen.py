"""What a layout or a converter costs that the training set did not hold: each is left out in turn.

    python benchmarks/unseen.py layouts  [--count 60] [--tests 25] [--seed 501]
    python benchmarks/unseen.py garblers [--count 60] [--tests 40] [--seed 601]

For every layout (or converter) there are `count` documents to learn from and `tests` of other people to test on. One
model learns from all, and one from all but that one; the table gives row and cell F1 of both on the tests of that one,
and the loss. Neither layout of typed forms is learned where one of them is left out. Invented filings only; nothing
outside of the repository is read.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractor.pipeline import extract_filing  # noqa: E402
from extractor.tagging.model import TaggerModel  # noqa: E402
from training.annotations import AnnotatedDocument  # noqa: E402
from training.fit import FitOptions, fit  # noqa: E402
from training.scoring import Tally, tally  # noqa: E402
from training.split import in_share, owner_key  # noqa: E402
from training.synthesis.annotate import annotate_pdf  # noqa: E402
from training.synthesis.garble import GARBLERS, annotate_text  # noqa: E402
from training.synthesis.invent import invent_filing  # noqa: E402
from training.synthesis.layouts import LAYOUTS, TYPED  # noqa: E402

Maker = Callable[[str, random.Random], AnnotatedDocument]
_TEST_SHARE = 0.3  # of the owners; their documents are never learned from


def make_layout(name: str, rng: random.Random) -> AnnotatedDocument:
    """A born-digital page in a layout."""
    return annotate_pdf(invent_filing(rng, LAYOUTS[name][2] or None), name, rng)


def make_garbled(name: str, rng: random.Random) -> AnnotatedDocument:
    """A text from a converter, of a page in a layout drawn by weight."""
    layouts = [layout for layout in LAYOUTS if layout not in TYPED]
    layout = rng.choices(layouts, [LAYOUTS[layout][1] for layout in layouts])[0]
    return annotate_text(invent_filing(rng, LAYOUTS[layout][2] or None), layout, rng, name)


def corpus(
    names: Sequence[str], make: Maker, count: int, tests: int, seed: int
) -> tuple[dict[str, list[AnnotatedDocument]], dict[str, list[AnnotatedDocument]]]:
    """Documents to learn from and to test on, by name; no owner is in both."""
    learn: dict[str, list[AnnotatedDocument]] = {name: [] for name in names}
    test: dict[str, list[AnnotatedDocument]] = {name: [] for name in names}
    for name in names:
        number = 0
        while len(learn[name]) < count or len(test[name]) < tests:
            rng = random.Random(f"{seed}:{name}:{number}")
            item = make(name, rng)
            item.id = f"unseen-{name}-{number}"
            held = in_share(owner_key(item), _TEST_SHARE, seed)
            pile, wanted = (test[name], tests) if held else (learn[name], count)
            if len(pile) < wanted:
                pile.append(item)
            number += 1
    return learn, test


def figures(model: TaggerModel, documents: Sequence[AnnotatedDocument]) -> dict[str, float]:
    """Header, cell and row F1 of a model on documents with records."""
    total = Tally()
    for item in documents:
        total.add(tally(extract_filing(item.document, model), item.record or {}))
    return total.figures()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("layouts", "garblers"))
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--tests", type=int, default=25)
    parser.add_argument("--seed", type=int, default=501)
    parser.add_argument("--only", nargs="*", help="leave out these alone")
    args = parser.parse_args()
    layouts = args.what == "layouts"
    names = list(LAYOUTS) if layouts else [*GARBLERS, "stripped", "html_text"]
    began = time.monotonic()
    learn, test = corpus(names, make_layout if layouts else make_garbled, args.count, args.tests, args.seed)
    print(f"documents made after {time.monotonic() - began:.0f} s", file=sys.stderr)

    def train(left_out: str | None) -> TaggerModel:
        away = TYPED if left_out in TYPED else {left_out}  # typed forms are one family
        model = fit([item for name in names if name not in away for item in learn[name]], FitOptions(seed=0))
        print(f"without {left_out}: {time.monotonic() - began:.0f} s", file=sys.stderr)
        return model

    whole = train(None)
    print("| left out | row_f1 seen | row_f1 unseen | loss | cell_f1 seen | cell_f1 unseen | loss |")
    print("|---|---|---|---|---|---|---|")
    worst = {"row_f1": 0.0, "cell_f1": 0.0}
    for name in args.only or names:
        seen, unseen = figures(whole, test[name]), figures(train(name), test[name])
        cells = []
        for key in worst:
            loss = seen[key] - unseen[key]
            worst[key] = max(worst[key], loss)
            cells += [f"{seen[key]:.4f}", f"{unseen[key]:.4f}", f"{loss:+.4f}"]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    print(f"\nworst loss: row_f1 {worst['row_f1']:.4f}, cell_f1 {worst['cell_f1']:.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
