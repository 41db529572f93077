"""A long run with poison in it: every good document extracted, every poisoned one named, memory flat, nothing left.

    python benchmarks/soak.py [--good 5000] [--poisoned 250] [--workers 2] [--folder DIR]

Prints what was found and ends with 0 only if all of it holds. Peak memory is sampled over the run: "flat" says that
the run's own process in the last third of the documents does not need a tenth more than in the middle third.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import write_files  # noqa: E402
from benchmarks.hostile import POISONS, READABLE, write_poisons  # noqa: E402

_TICK = 0.5
_FLAT = 1.10


def spread_poison(folder: Path, count: int, seed: int) -> dict[str, tuple[str, ...]]:
    """Poisoned files in between the good ones, each kind in its turn; what may become of each by its path."""
    one_each = folder / "all"
    expected = {str(Path("all") / name): outcomes for name, outcomes in write_poisons(one_each).items()}
    rng = random.Random(seed)
    # those that can only end by their limits take minutes each and are there once
    names = [name for name, (_, outcomes) in POISONS.items() if READABLE not in outcomes]
    for number in range(len(expected), count):
        name = names[number % len(names)]
        place = folder / f"{rng.randrange(10_000):06d}-poison-{number:04d}-{name}"
        data = (one_each / name).read_bytes()
        if data.strip(b"\0 \r\n\t") and data:
            data += b"\n%d" % number  # not the same bytes again, which would not be read again
        place.write_bytes(data)
        expected[place.name] = (*POISONS[name][1], "EmptyInput", "DamagedInput")
    return expected


def children_of(pid: int) -> list[int]:
    """Processes whose parent is that one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                    found.append(int(entry.name))
            except (OSError, IndexError, ValueError):
                continue
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process uses; 0 for one that is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--good", type=int, default=5000)
    parser.add_argument("--poisoned", type=int, default=250)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--memory-limit", type=float, default=2000.0)
    parser.add_argument("--folder", type=Path, help="where files are made and kept (default: a temporary folder)")
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp(prefix="form4-soak-"))
    began = time.monotonic()
    good = write_files(folder / "in", args.good)
    shutil.rmtree(folder / "poison", ignore_errors=True)
    expected = spread_poison(folder / "poison", args.poisoned, 1)
    print(f"{len(good)} good and {len(expected)} poisoned files in {time.monotonic() - began:.0f} s", flush=True)
    inputs = folder / "mixed"
    shutil.rmtree(inputs, ignore_errors=True)
    inputs.mkdir()
    for path in good:
        os.link(path, inputs / path.name)
    shutil.copytree(folder / "poison", inputs, symlinks=True, dirs_exist_ok=True, copy_function=_copy, ignore=_pipes)
    (inputs / "all" / "pipe").unlink(missing_ok=True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(inputs / "all" / "pipe")
    out = folder / "out.jsonl"
    command = [sys.executable, "-m", "extractor", "extract", str(inputs), "-o", str(out), "--force"]
    command += ["--workers", str(args.workers), "--time-limit", str(args.time_limit)]
    command += ["--memory-limit", str(args.memory_limit)]
    began = time.monotonic()
    with open(folder / "errors.txt", "wb") as errors:
        run = subprocess.Popen(command, cwd=ROOT, stderr=errors, env=os.environ | {"OMP_THREAD_LIMIT": "1"})
        samples: list[int] = []
        workers: set[int] = set()
        most = 0
        while run.poll() is None:
            children = children_of(run.pid)
            workers.update(children)
            samples.append(resident(run.pid))
            most = max([most, *map(resident, children)])
            time.sleep(_TICK)
    seconds = time.monotonic() - began
    return judge(out, good, expected, run.returncode, samples, workers, most, seconds)


def judge(
    out: Path,
    good: list[Path],
    expected: dict[str, tuple[str, ...]],
    code: int,
    samples: list[int],
    workers: set[int],
    most: int,
    seconds: float,
) -> int:
    """Print what holds and what does not; 0 where all holds."""
    report = json.loads((out.parent / "out.jsonl.run" / "report.json").read_text())
    base = str(out.parent / "mixed") + os.sep
    errors = {item["path"].removeprefix(base): item["error"] for item in report["failed"]}
    with open(out, encoding="utf-8") as stream:
        extracted = {json.loads(line)["source"]["path"].removeprefix(base) for line in stream}
    missing = [path.name for path in good if path.name not in extracted]
    wrong, unnamed = [], []
    for name, outcomes in expected.items():
        if name in errors:
            if errors[name] not in outcomes:
                wrong.append(f"{name!r}: {errors[name]}")
        elif READABLE not in outcomes or name not in extracted:
            unnamed.append(name)
    third = max(1, len(samples) // 3)
    middle, last = max(samples[third : 2 * third], default=0), max(samples[2 * third :], default=0)
    left = [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    print(f"{report['inputs']} inputs, {report['records']} records in {seconds:.0f} s, exit code {code}")
    print(f"outcomes {report['by_outcome']}, errors {report['failed_by_error']}")
    print(
        f"memory: the run's process {middle / 1e6:.0f} MB then {last / 1e6:.0f} MB, workers at most {most / 1e6:.0f} MB"
    )
    checks = {
        "every good document extracted": not missing,
        "every poisoned one named": not unnamed and not wrong,
        "no error that is a defect": "InternalError" not in report["failed_by_error"],
        "memory flat": last <= _FLAT * middle,
        "no process left behind": not left,
        "exit code 1": code == 1,
    }
    for text, holds in checks.items():
        print(f"{'ok  ' if holds else 'FAIL'} {text}")
    for title, names in (("missing", missing), ("not named", unnamed), ("wrong error", wrong), ("left", left)):
        if names:
            print(f"{title}: {names[:20]}")
    return 0 if all(checks.values()) else 1


def _copy(source: str, place: str) -> str:
    os.link(source, place, follow_symlinks=False)
    return place


def _pipes(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "pipe"]


if __name__ == "__main__":
    raise SystemExit(main())
