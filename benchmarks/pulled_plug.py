"""A run that is killed again and again, at random moments, and started again: its output is that of an undisturbed one.

    python benchmarks/pulled_plug.py [--documents 500] [--kills 30] [--workers 2] [--folder DIR]

Kills (signal 9) hit the run's own process or one of its workers. After each kill of the run the same command is given
again. Ends with 0 only if the outputs are byte-identical and no start read more again than what was in flight.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import write_files  # noqa: E402
from benchmarks.soak import children_of  # noqa: E402


def command(inputs: Path, out: Path, workers: int) -> list[str]:
    return [sys.executable, "-m", "extractor", "extract", str(inputs), "-o", str(out), "--workers", str(workers)]


def start(inputs: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    return subprocess.Popen(command(inputs, out, workers), cwd=ROOT, stderr=subprocess.DEVNULL, env=environment)


def entries(out: Path) -> list[str]:
    """Paths in the manifest, one an entry, in the order they were added."""
    manifest = Path(f"{out}.run") / "manifest.jsonl"
    if not manifest.exists():
        return []
    lines = manifest.read_bytes().split(b"\n")[:-1]
    return [json.loads(line)["path"] for line in lines]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp(prefix="form4-plug-"))
    inputs = folder / "in"
    write_files(inputs, args.documents, mix={"pdf": 35, "html": 25, "text": 30, "xml": 10})
    for name in ("whole.jsonl", "pulled.jsonl"):
        (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / f"{name}.run", ignore_errors=True)
    whole, pulled = folder / "whole.jsonl", folder / "pulled.jsonl"
    began = time.monotonic()
    start(inputs, whole, args.workers).wait()
    undisturbed = time.monotonic() - began
    print(f"undisturbed: {undisturbed:.1f} s", flush=True)
    rng = random.Random(args.seed)
    step = args.documents / (args.kills + 1)
    kills = {"run": 0, "worker": 0}
    process = start(inputs, pulled, args.workers)
    began = time.monotonic()
    twice = 0
    while sum(kills.values()) < args.kills:
        # at a random moment of the stretch that this kill has, so that kills lie over the whole run
        wanted = step * (sum(kills.values()) + rng.random())
        deadline = time.monotonic() + rng.uniform(5.0, 20.0) + undisturbed
        while len(entries(pulled)) < wanted and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(rng.uniform(0, 0.3))
        if process.poll() is not None:
            break
        children = children_of(process.pid)
        if children and rng.random() < 0.3:
            os.kill(rng.choice(children), signal.SIGKILL)
            kills["worker"] += 1
            continue
        process.kill()
        process.wait()
        kills["run"] += 1
        done = entries(pulled)
        twice += len(done) - len(set(done))
        process = start(inputs, pulled, args.workers)
    code = process.wait()
    print(f"{kills} kills, {time.monotonic() - began:.1f} s, exit code of the last start {code}")
    same = whole.read_bytes() == pulled.read_bytes()
    print(f"{'ok  ' if same else 'FAIL'} output byte-identical ({whole.stat().st_size:,} bytes)")
    print(f"{'ok  ' if not twice else 'FAIL'} nothing that was finished was read again ({twice} entries twice)")
    left = list(folder.glob("*.part"))
    print(f"{'ok  ' if not left else 'FAIL'} no half-written output left")
    return 0 if same and not twice and not left and code == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())
