"""Corrections: documents that were read wrong are corrected, learned, and read again.

    python benchmarks/corrections.py [--filings DIR] [--count 50] [--scans 4] [--seed 0] [--work DIR] [--model DIR]

Filings (invented, or the ownership XML files of DIR) become garbled texts and scans, as files. Each is read; where the
record is wrong it is corrected with the truth, as a person would, value by value, imported (`annotate import`), and the
model is trained on the corrections alone (`train --base --closely --replay annotations`). Then all are read again.

Errors that no label can mend (digits the converter lost, tokens that hold two values) are counted apart: a document is
taken where a form was recognised at all and the labels that the import found assemble to the truth. Others, read
right before, must stay so.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_THREAD_LIMIT", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractor.pipeline import NOT_A_FORM, extract_bytes, load_model  # noqa: E402
from extractor.record import Filing  # noqa: E402
from training.annotations import write_annotations  # noqa: E402
from training.comparing import match_best, record_is_right, same  # noqa: E402
from training.exchange.assembling import filing_of  # noqa: E402
from training.exchange.corrections import import_corrections, plain_record  # noqa: E402
from training.synthesis.content import record_values  # noqa: E402
from training.synthesis.corpus import make_document  # noqa: E402
from training.synthesis.layouts import LAYOUTS  # noqa: E402
from training.synthesis.pdf import to_pdf  # noqa: E402
from training.synthesis.scan import scan_pdf  # noqa: E402
from training.train import train  # noqa: E402

Record = dict[str, Any]
_PLAIN = ("form_type", "period_of_report", "date_of_original_submission", "not_subject_to_section_16", "aff10b5_one",
          "no_securities_owned", "form3_holdings_reported", "form4_transactions_reported", "remarks")  # fmt: skip
_LISTS = ("reporting_owners", "non_derivative", "derivative", "footnotes", "signatures")


def corrected(record: Record, truth: Mapping[str, Any]) -> Record:
    """The record with every wrong value put right in place, rows added and taken away: what a person would hand in."""
    out = copy.deepcopy(record)

    def put(part: Record, name: str, value: Any) -> None:
        field = part.get(name)
        if field is None or value is None:
            part[name] = None if value is None else {"value": value}
        elif not same(field["value"], value):
            field["value"] = value

    for name in _PLAIN:
        put(out, name, truth.get(name))
    for name in ("name", "ticker"):
        put(out["issuer"], name, truth["issuer"].get(name))
    for key in _LISTS:
        rows = truth.get(key) or []
        names = [name for name in (rows[0] if rows else {}) if name not in ("kind", "footnotes", "id")]
        pairs = match_best(rows, [plain_record(part) for part in out[key]], names) if rows else {}
        parts = []
        for place, row in enumerate(rows):
            part = copy.deepcopy(out[key][pairs[place]]) if place in pairs else {"footnotes": []}
            for name in names:
                put(part, name, row.get(name))
            parts.append(part | {name: row[name] for name in ("kind", "id") if name in row})
        out[key] = parts
    return out


def text_files(folder: Path, seed: int, filings: list[Filing] | None) -> Iterator[tuple[Path, Record]]:
    """Garbled texts without end, each with what it should give."""
    number = 0
    while True:
        item = make_document(number, seed, filings, {"text": 1.0})
        path = folder / f"text-{number:05d}.txt"
        path.write_bytes(item.document.text.encode("utf-8", "replace"))
        yield path, item.record or {}
        number += 1


def scan_files(folder: Path, seed: int, filings: list[Filing] | None) -> Iterator[tuple[Path, Record]]:
    """Office scans of one or two pages without end."""
    from training.synthesis.enrich import enrich
    from training.synthesis.invent import invent_filing

    number = 0
    while True:
        rng = random.Random(f"{seed}:scan:{number}")
        layout = rng.choice([name for name, (_, weight, _) in LAYOUTS.items() if weight > 0])
        filing = enrich(rng, copy.deepcopy(rng.choice(filings))) if filings else invent_filing(rng, LAYOUTS[layout][2])
        printed = LAYOUTS[layout][0](rng, filing)
        number += 1
        if len(printed.pages) > 2:
            continue
        path = folder / f"scan-{number:05d}.pdf"
        path.write_bytes(scan_pdf(rng, to_pdf(printed.pages), "office").pdf)
        yield path, record_values(printed.filing)


def read(path: Path, model: Any) -> Filing:
    return extract_bytes(path.read_bytes(), str(path), model)[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filings", type=Path, metavar="DIR", help="ownership XML files instead of invented filings")
    parser.add_argument("--count", type=int, default=50, help="records to correct")
    parser.add_argument("--scans", type=int, default=4, help="of these, on scans")
    parser.add_argument("--most", type=int, default=1500, help="documents to read at most")
    parser.add_argument("--others", type=int, default=60, help="documents read right that must stay so")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "default")
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "corrections")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    filings = None
    if args.filings:
        from extractor.readers.xml import read_ownership_xml

        filings = [f for p in sorted(args.filings.glob("*.xml")) for f in read_ownership_xml(p.read_bytes(), str(p))]
    model = load_model(args.model)
    taken: list[tuple[Path, Record]] = []
    others: list[tuple[Path, Record]] = []
    annotations = []
    count = {"read": 0, "wrong": 0, "beyond labels": 0, "no form seen": 0}
    spent = {"find": time.process_time()}
    sources = [(scan_files, args.scans, args.most // 20), (text_files, args.count, args.most)]
    for make, wanted, most in sources:
        for number, (path, truth) in enumerate(make(args.work, args.seed, filings)):
            if len(taken) >= wanted or number >= most:
                break
            count["read"] += 1
            filing = read(path, model)
            if record_is_right(filing, truth):
                others.append((path, truth))
                continue
            count["wrong"] += 1
            edited = args.work / "corrected.json"
            edited.write_text(json.dumps(corrected(filing.to_dict(), truth)), encoding="utf-8")
            (result,) = import_corrections([edited], model)
            if NOT_A_FORM in filing.review_reasons:  # no label is asked for where no form is recognised
                count["no form seen"] += 1
                continue
            if result.annotation is None or not record_is_right(filing_of(result.annotation, model), truth):
                count["beyond labels"] += 1
                continue
            annotations.append(result.annotation)
            taken.append((path, truth))
    others = others[: args.others]
    spent["find"] = time.process_time() - spent["find"]
    write_annotations(args.work / "corrected.jsonl", annotations)
    began = time.process_time()
    trained = train(
        [args.work / "corrected.jsonl"], args.work / "model", base=args.model, closely=True,
        replay=[ROOT / "annotations"], progress=lambda line: print(line, file=sys.stderr),
    )  # fmt: skip
    spent["train"] = time.process_time() - began
    trained = load_model(args.work / "model")  # as it is stored
    right = sum(record_is_right(read(path, trained), truth) for path, truth in taken)
    kept = sum(record_is_right(read(path, trained), truth) for path, truth in others)
    print(
        f"read {count['read']}, wrong {count['wrong']}; not recognised as a form {count['no form seen']}, "
        f"beyond labels {count['beyond labels']}"
    )
    scans = sum(path.suffix == ".pdf" for path, _ in taken)
    print(f"corrected and learned: {len(taken)} documents ({scans} scans)")
    print(f"the same documents read again: {right} of {len(taken)} wholly right ({right / max(1, len(taken)):.0%})")
    print(f"others that were right before: {kept} of {len(others)} still are")
    print(f"CPU seconds: {spent['find']:.0f} to find and import them, {spent['train']:.0f} to train")
    return 0 if right >= 0.9 * len(taken) else 1


if __name__ == "__main__":
    raise SystemExit(main())
