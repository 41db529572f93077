"""What the stored model makes of invented filings in every layout, end to end from bytes: one table a question.

    python benchmarks/reading.py [--count 12] [--seed 701] [--model DIR] [boxes fonts typed none …]

boxes   check boxes and footnote marks: F1 of ticks, by layout (born-digital pages, HTML) and by converter (texts)
fonts   PDFs whose fonts lost their character maps, against the same PDFs before
typed   typed filings before 2003, as pages and as texts
none    texts whose tables were lost, blank forms, other papers: how many rows were invented

The seeds are none that the training commands of docs/default-model.md use, and invented owners differ with the seed.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractor.pipeline import extract_bytes, load_model  # noqa: E402
from extractor.record import Filing, Row  # noqa: E402
from extractor.tagging.model import TaggerModel  # noqa: E402
from training.annotations import AnnotatedDocument  # noqa: E402
from training.comparing import match_best  # noqa: E402
from training.scoring import Tally, plain, tally  # noqa: E402
from training.synthesis.broken_fonts import FONT_FAULTS, break_fonts  # noqa: E402
from training.synthesis.garble import GARBLERS, annotate_text  # noqa: E402
from training.synthesis.html import HTML_STYLES, render_html  # noqa: E402
from training.synthesis.invent import invent_filing  # noqa: E402
from training.synthesis.layouts import LAYOUTS, TYPED  # noqa: E402
from training.synthesis.other import annotate_nothing  # noqa: E402
from training.synthesis.pdf import to_pdf  # noqa: E402

_FORM_BOXES = ("not_subject_to_section_16", "aff10b5_one", "form3_holdings_reported", "form4_transactions_reported")
_OWNER_BOXES = ("is_director", "is_officer", "is_ten_percent_owner", "is_other")


class Counts(defaultdict[str, list[int]]):
    """True positives, false positives, false negatives by name."""

    def __init__(self) -> None:
        super().__init__(lambda: [0, 0, 0])

    def put(self, name: str, gold: set[Any], given: set[Any]) -> None:
        values = (len(gold & given), len(given - gold), len(gold - given))
        self[name] = [a + b for a, b in zip(self[name], values, strict=True)]

    def f1(self, name: str) -> str:
        tp, fp, fn = self[name]
        return f"{2 * tp / (2 * tp + fp + fn):.4f} ({tp + fn})" if tp + fp + fn else "-"


def ticks(record: dict[str, Any], only: dict[str, Any]) -> set[Any]:
    """The boxes that are ticked, of those whose state `only` knows (null: the mark did not survive)."""
    found = {name for name in _FORM_BOXES if record.get(name) and only.get(name) is not None}
    owners, known = record.get("reporting_owners") or [], only.get("reporting_owners") or []
    for place, (owner, truth) in enumerate(zip(owners, known, strict=False)):
        found |= {(place, name) for name in _OWNER_BOXES if owner.get(name) and truth.get(name) is not None}
    return found


def marks(filing: Filing, gold: Filing) -> tuple[set[Any], set[Any]]:
    """(gold, given): the footnote marks by the cell that they stand on, rows matched by their values."""
    wanted: set[Any] = set()
    given: set[Any] = set()
    for table in ("non_derivative", "derivative"):
        theirs, ours = getattr(gold, table), getattr(filing, table)
        names = [name for name in (theirs or ours)[0].fields(derivative=True)] if theirs or ours else []
        values = [
            plain([{n: f and f.value for n, f in row.fields(derivative=True).items()} for row in rows])
            for rows in (theirs, ours)
        ]
        back = {j: i for i, j in match_best(values[0], values[1], names).items()}
        wanted |= _marks_of(table, theirs, {i: i for i in range(len(theirs))})
        given |= _marks_of(table, ours, back)
    return wanted, given


def _marks_of(table: str, rows: list[Row], place: dict[int, int]) -> set[Any]:
    return {
        (table, place.get(number, ("extra", number)), name, mark)
        for number, row in enumerate(rows)
        for name, field in row.fields(derivative=True).items()
        for mark in (field.marks if field is not None else [])
    }


def pages(layout: str, number: int, seed: int) -> tuple[bytes, Filing]:
    """A PDF in a layout, and what it shows."""
    rng = random.Random(f"{seed}:{layout}:{number}")
    printed = LAYOUTS[layout][0](rng, invent_filing(rng, LAYOUTS[layout][2] or None))
    return to_pdf(printed.pages), printed.filing


def texts(garbler: str, number: int, seed: int, layout: str | None = None) -> AnnotatedDocument:
    """A text of a converter."""
    rng = random.Random(f"{seed}:{garbler}:{number}")
    layout = layout or rng.choice([name for name in LAYOUTS if name not in TYPED])
    return annotate_text(invent_filing(rng, LAYOUTS[layout][2] or None), layout, rng, garbler)


def read(data: bytes, model: TaggerModel) -> Filing:
    return extract_bytes(data, "", model)[0]


def boxes(count: int, seed: int, model: TaggerModel) -> Iterator[str]:
    yield "| pages | ticks F1 (ticked) | marks F1 (marks) |\n|---|---|---|"
    tick, mark = Counts(), Counts()

    def add(name: str, filing: Filing, gold: Filing) -> str:
        truth = plain(gold.to_dict())
        for key in (name, "all"):
            tick.put(key, ticks(truth, truth), ticks(plain(filing.to_dict()), truth))
            mark.put(key, *marks(filing, gold))
        return f"| {name} | {tick.f1(name)} | {mark.f1(name)} |"

    for layout in LAYOUTS:
        for number in range(count):
            data, gold = pages(layout, number, seed)
            line = add(layout, read(data, model), gold)
        yield line
    for style in HTML_STYLES:
        for number in range(count):
            rng = random.Random(f"{seed}:{style}:{number}")
            page, gold = render_html(rng, invent_filing(rng, "current"), style)
            line = add(style, read(page.encode(), model), gold)
        yield line
    yield f"| all pages | {tick.f1('all')} | {mark.f1('all')} |"
    yield "\n| texts | ticks F1 where the mark survived |\n|---|---|"
    for garbler in [*GARBLERS, "stripped", "html_text"]:
        for number in range(count):
            item = texts(garbler, number, seed)
            kept = {span.label for span in item.spans}
            truth = dict(item.record or {})
            owners = [dict(owner) for owner in truth.get("reporting_owners") or []]
            for owner in owners:
                for name in _OWNER_BOXES:
                    if f"box.{name.removeprefix('is_')}" not in kept:
                        owner[name] = None
            truth["reporting_owners"] = owners
            given = ticks(plain(read(item.document.text.encode(), model).to_dict()), truth)
            for key in (garbler, "texts"):
                tick.put(key, ticks(truth, truth), given)
        yield f"| {garbler} | {tick.f1(garbler)} |"
    yield f"| all texts | {tick.f1('texts')} |"


def _row(name: str, total: Tally) -> str:
    f = total.figures()
    return f"| {name} | {f['header_f1']:.4f} | {f['cell_f1']:.4f} | {f['row_f1']:.4f} |"


def fonts(count: int, seed: int, model: TaggerModel) -> Iterator[str]:
    yield "| fonts | header_f1 | cell_f1 | row_f1 |\n|---|---|---|---|"
    cases = [pages(layout, n, seed) for layout in ("official", "reduced", "no_rules") for n in range((count + 2) // 3)]
    for fault in (None, *FONT_FAULTS):
        total = Tally()
        for number, (data, gold) in enumerate(cases):
            broken = break_fonts(data, fault, random.Random(f"{seed}:{number}")) if fault else data
            total.add(tally(read(broken, model), plain(gold.to_dict())))
        yield _row(fault or "(whole)", total)


def typed(count: int, seed: int, model: TaggerModel) -> Iterator[str]:
    yield "| typed before 2003 | header_f1 | cell_f1 | row_f1 |\n|---|---|---|---|"
    everything = Tally()
    for kind in ("pages", "layout", "reading", "ocr"):
        total = Tally()
        for number in range(2 * count):
            counted = _typed(kind, "typed", number, seed, model)
            total.add(counted)
            everything.add(counted)
        yield _row(kind, total)
    yield _row("all", everything)
    free = Tally()
    for number in range(2 * count):
        for kind in ("pages", "layout"):
            free.add(_typed(kind, "typed_free", number, seed, model))
    yield _row("set free-hand, pages and layout", free)


def _typed(kind: str, layout: str, number: int, seed: int, model: TaggerModel) -> Tally:
    """Values right, invented and missed of a typed form as a page or as a converter's text."""
    if kind == "pages":
        data, gold = pages(layout, number, seed)
        return tally(read(data, model), plain(gold.to_dict()))
    item = texts(kind, number, seed, layout)
    return tally(read(item.document.text.encode(), model), item.record or {})


def none(count: int, seed: int, model: TaggerModel) -> Iterator[str]:
    yield "| papers | documents | with rows | rows |\n|---|---|---|---|"
    for kind in ("lost tables", "blank forms and other papers"):
        total = bad = rows = 0
        for number in range(6 * count):
            if kind == "lost tables":
                item = texts(random.Random(number).choice(("layout", "reading", "cells", "ocr")), number, seed + 1)
                lost = {
                    item.document.tokens[i].line for span in item.spans if span.row is not None for i in span.tokens
                }
                lines = item.document.text.split("\n")
                cut = {item.document.text[: t.start].count("\n") for t in item.document.tokens if t.line in lost}
                data = "\n".join(line for k, line in enumerate(lines) if k not in cut).encode()
                filings = extract_bytes(data, "", model)
            else:
                from extractor.pipeline import extract_document

                item = annotate_nothing(random.Random(f"{seed}:none:{number}"))
                filings = extract_document(item.document, model)
            found = sum(len(f.non_derivative) + len(f.derivative) for f in filings)
            total, bad, rows = total + 1, bad + bool(found), rows + found
        yield f"| {kind} | {total} | {bad} | {rows} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["boxes", "fonts", "typed", "none", []])
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=701)
    parser.add_argument("--model")
    args = parser.parse_args()
    model = load_model(args.model)
    for question in args.what or ("boxes", "fonts", "typed", "none"):
        for line in {"boxes": boxes, "fonts": fonts, "typed": typed, "none": none}[question](
            args.count, args.seed, model
        ):
            print(line, flush=True)
        print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
