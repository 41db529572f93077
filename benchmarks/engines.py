"""The engines agree: the local one with one and with two workers, and Ray, give the same bytes.

    python benchmarks/engines.py [--documents 60] [--folder DIR]

Without Ray (pip install 'form4[ray]') its part is left out, and said so. Prints the rates; on an idle machine that of
two workers should be at least 1.8 times that of one.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import write_files  # noqa: E402
from benchmarks.hostile import write_poisons  # noqa: E402

_QUICK_POISONS = ("empty.txt", "locked.pdf", "cut.pdf", "noise.txt", "deep.xml", "ten-thousand-pages.pdf", "gone.txt")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp(prefix="form4-engines-"))
    inputs = folder / "in"
    write_files(inputs, args.documents)
    poison = folder / "poison"
    shutil.rmtree(poison, ignore_errors=True)
    write_poisons(poison, [name for name in _QUICK_POISONS if name != "gone.txt"])
    names = [str(inputs), *(str(poison / name) for name in _QUICK_POISONS)]
    plans = [("local, 1 worker", ["--workers", "1"]), ("local, 2 workers", ["--workers", "2"])]
    if importlib.util.find_spec("ray"):
        plans.append(("ray, 2 actors", ["--workers", "2", "--engine", "ray"]))
    else:
        print("ray is not installed: left out")
    results = {}
    for title, options in plans:
        out = folder / (title.replace(" ", "-").replace(",", "") + ".jsonl")
        command = [sys.executable, "-m", "extractor", "extract", *names, "-o", str(out), "--force", *options]
        began = time.monotonic()
        environment = os.environ | {"OMP_THREAD_LIMIT": "1", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
        seconds = time.monotonic() - began
        if not out.exists():
            print(f"FAIL {title}: exit code {done.returncode}\n{done.stderr[-2000:]}")
            return 1
        report = json.loads(Path(f"{out}.run/report.json").read_text())
        results[title] = (hashlib.sha256(out.read_bytes()).hexdigest(), json.dumps(report["failed"]))
        rate = report["inputs"] / seconds
        print(
            f"{title:<18} {seconds:6.1f} s  {rate:5.1f}/s  {report['by_outcome']}  {results[title][0][:16]}", flush=True
        )
    same = len(set(results.values())) == 1
    print(f"{'ok  ' if same else 'FAIL'} the same records and the same failures")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
