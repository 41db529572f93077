"""Runs the shared benchmark, where it is at hand, prints its table with the CPU seconds a page, and keeps a log.

    python benchmarks/run.py [--bench DIR] [--classes pdf text …] [--model DIR] [--note "what changed"] [--worst N]

With --note a dated table is appended to benchmarks/RESULTS.md. The scorer is the benchmark's own (bench.py).
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import time
from pathlib import Path

for _limit in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_limit, "1")
ROOT = Path(__file__).resolve().parent.parent
SHOWN = (
    "header_f1",
    "boxes_f1",
    "cell_f1",
    "row_f1",
    "row_f1_macro",
    "marks_f1",
    "prose_f1",
    "ece",
    "auroc",
    "coverage_at_99.5",
)


def run_class(folder: Path, model: str | None, lines: list[str]) -> dict[str, float]:
    """Extract every document of a class; records are appended to `lines`. Returns CPU seconds and pages."""
    from extractor.errors import Form4Error
    from extractor.pipeline import extract_bytes

    seconds, pages, slowest = 0.0, 0, 0.0
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        began = time.process_time()
        try:
            filings = extract_bytes(path.read_bytes(), str(path), model)
        except Form4Error as exc:
            print(f"error: {exc}", file=sys.stderr)
            continue
        spent = time.process_time() - began
        count = max(f.source.pages[1] for f in filings)
        seconds, pages, slowest = seconds + spent, pages + count, max(slowest, spent / count)
        lines.append(filings[0].to_json())
    return {"cpu_s": seconds, "pages": pages, "cpu_s_page": seconds / max(1, pages), "slowest_page": slowest}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "benchmark")
    parser.add_argument("--classes", nargs="*")
    parser.add_argument("--model")
    parser.add_argument("--note")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--by", default="")
    parser.add_argument("--fields", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "benchmark.jsonl")
    args = parser.parse_args()
    if not (args.bench / "bench.py").is_file():
        print(f"{args.bench}: no benchmark here (give its folder with --bench)", file=sys.stderr)
        return 2
    skipped = {"gold", "__pycache__"}
    classes = args.classes or sorted(d.name for d in args.bench.iterdir() if d.is_dir() and d.name not in skipped)
    lines: list[str] = []
    cost = {name: run_class(args.bench / name, args.model, lines) for name in classes}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    scorer = [sys.executable, str(args.bench / "bench.py"), str(args.out), str(args.bench)]
    figures = json.loads(subprocess.run([*scorer, "--json"], check=True, capture_output=True, text=True).stdout)
    table = markdown(figures, cost)
    print(table)
    if args.worst or args.by or args.fields:
        extra = ["--worst", str(args.worst), "--by", args.by, *(["--fields"] if args.fields else [])]
        print(subprocess.run([*scorer, *extra], check=True, capture_output=True, text=True).stdout)
    if args.note:
        append(ROOT / "benchmarks" / "RESULTS.md", args.note, table)
    return 0


def markdown(figures: dict[str, dict[str, float]], cost: dict[str, dict[str, float]]) -> str:
    """One row a class: figures of the scorer, then CPU seconds a page."""
    lines = ["| class | " + " | ".join(SHOWN) + " | CPU s/page |", "|---" * (len(SHOWN) + 2) + "|"]
    for name, row in figures.items():
        cells = [f"{row[c]:.4f}" if isinstance(row.get(c), float) else "-" for c in SHOWN]
        spent = f"{cost[name]['cpu_s_page']:.3f}" if name in cost else "-"
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {spent} |")
    return "\n".join(lines)


def append(path: Path, note: str, table: str) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    day = datetime.date.today().isoformat()
    with path.open("a", encoding="utf-8") as log:
        log.write(f"\n## {day}, on {commit or 'no commit'}: {note}\n\n{table}\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
