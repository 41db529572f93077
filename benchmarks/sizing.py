"""What a page of each kind costs, and what that makes for millions of pages: the table of docs/batch.md.

    python benchmarks/sizing.py [--documents 40] [--scans 6]

CPU time of this process, everything from bytes to record included, and of what the run's own process does with the
record. Invented filings of this repository's own renderers; a first document of each kind warms up and is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_THREAD_LIMIT", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import make_file  # noqa: E402

MILLIONS = (1, 10, 100)


def measure(kind: str, count: int, seed: int = 7) -> tuple[float, int, float]:
    """(CPU seconds in the pipeline, pages, CPU seconds for writing) of so many documents of a kind."""
    from extractor.pipeline import extract_bytes

    spent, pages, writing = 0.0, 0, 0.0
    for number in range(count + 1):
        name, data = make_file(number, seed, {kind: 1.0})
        began = time.process_time()
        records = [filing.to_dict() for filing in extract_bytes(data, name)]
        seconds = time.process_time() - began
        began = time.process_time()
        for record in records:  # from the worker, to the journal, to the output
            json.dumps(json.loads(json.dumps(record)))
            json.dumps(record, ensure_ascii=False)
        if number:
            spent, writing = spent + seconds, writing + time.process_time() - began
            pages += records[-1]["source"]["pages"][1]
    return spent, pages, writing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--scans", type=int, default=6)
    args = parser.parse_args()
    print(
        "| kind | CPU s/page | "
        + " | ".join(f"{m} million: core hours" for m in MILLIONS)
        + " | 10 million on 64 cores |"
    )
    print("|---|---|---|---|---|---|")
    writing, documents = 0.0, 0
    for kind, title in (
        ("xml", "xml"),
        ("html", "html"),
        ("text", "text"),
        ("pdf", "pdf_text"),
        ("scan", "pdf_scan, image"),
    ):
        count = args.scans if kind == "scan" else args.documents
        spent, pages, written = measure(kind, count)
        writing, documents = writing + written, documents + count
        cost = spent / pages
        hours = " | ".join(f"{cost * m * 1e6 / 3600:,.1f}" for m in MILLIONS)
        print(f"| {title} | {cost:.4f} | {hours} | {cost * 1e7 / 3600 / 64:,.2f} h |", flush=True)
    print(f"\nwriting, in the run's own process: {1000 * writing / documents:.1f} ms a document")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
