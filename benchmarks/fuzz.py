"""Sample files damaged at random: no crash of the run, no defect, none over its limits.

    python benchmarks/fuzz.py [--count 2000] [--seed 1] [--workers 1]

Bytes are flipped, cut out, doubled, spliced in from other samples; for PDF, XML and HTML also what gives them
structure: numbers, names, references, tags, attributes. Ends with 0 only if no input meets a defect of the reader.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

_TOKENS = {
    "pdf": re.compile(rb"\d+ \d+ R|\d+ \d+ obj|/[A-Za-z]+|-?\d+\.?\d*|endstream|endobj|stream|<<|>>|\[|\]"),
    "html": re.compile(rb"</?[A-Za-z0-9]+|[a-z]+=\"[^\"]*\"|&[a-z#0-9]+;|>|\d+"),
    "xml": re.compile(rb"</?[A-Za-z0-9]+|<value>|&[a-z#0-9]+;|>|\d+"),
}
_ODD = (
    *(b"-1", b"0", b"2147483648", b"99999999999999999999", b"1e308", b"NaN", b"\x00", b"\xff\xfe", b"\xed\xa0\x80"),
    *(b"<![CDATA[", b"<!--", b"]]>", b"&#0;", b"&#x110000;", "\u202e".encode(), b"%PDF-1.4", b"<table>", b"</td>"),
    *(b'colspan="99999"', b"1 0 R", b"<<", b">>", b"/Kids", b"/Length 9999999", b"\t" * 40, b"\n" * 40, b"|" * 40),
)


def mutate(data: bytes, kind: str, others: list[bytes], rng: random.Random) -> bytes:
    """The bytes with one to five changes."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 5)):
        if out:
            rng.choice(_CHANGES)(out, kind, others, rng)
    return bytes(out)


def _flip(out: bytearray, kind: str, others: list[bytes], rng: random.Random) -> None:
    for _ in range(rng.choice((1, 4, 64))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)


def _cut(out: bytearray, kind: str, others: list[bytes], rng: random.Random) -> None:
    if rng.random() < 0.3:
        del out[rng.randrange(len(out)) :]
    else:
        at = rng.randrange(len(out))
        del out[at : at + rng.choice((1, 16, 256, 4096))]


def _double(out: bytearray, kind: str, others: list[bytes], rng: random.Random) -> None:
    at = rng.randrange(len(out))
    piece = bytes(out[at : at + rng.choice((8, 128, 2048))])
    out[at:at] = piece * rng.choice((1, 2, 50))


def _splice(out: bytearray, kind: str, others: list[bytes], rng: random.Random) -> None:
    other = rng.choice(others)
    start, at = rng.randrange(len(other)), rng.randrange(len(out))
    out[at:at] = other[start : start + rng.choice((16, 512, 8192))]


def _insert(out: bytearray, kind: str, others: list[bytes], rng: random.Random) -> None:
    at = rng.randrange(len(out))
    out[at:at] = rng.choice(_ODD)


def _structure(out: bytearray, kind: str, others: list[bytes], rng: random.Random) -> None:
    """Put another token of the same file, or an odd one, in the place of one or several tokens."""
    pattern = _TOKENS.get(kind)
    found = list(pattern.finditer(bytes(out))) if pattern else []
    if not found:
        _insert(out, kind, others, rng)
        return
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 3, 20)))), key=lambda m: -m.start()):
        by = rng.choice(_ODD) if rng.random() < 0.3 else rng.choice(found).group()
        out[match.start() : match.end()] = by


_Change = Callable[[bytearray, str, list[bytes], random.Random], None]
_CHANGES: tuple[_Change, ...] = (_flip, _cut, _double, _splice, _insert, _structure, _structure)


def samples(folder: Path) -> list[tuple[str, bytes]]:
    """(kind, bytes) of the repository's samples, and of an ownership XML and a small image, of which there are none."""
    import zlib

    from benchmarks.corpus import make_file
    from benchmarks.hostile import png

    kinds = {".pdf": "pdf", ".html": "html", ".txt": "text"}
    found = [(kinds[path.suffix], path.read_bytes()) for path in sorted(folder.iterdir()) if path.suffix in kinds]
    found.append(("xml", make_file(1, mix={"xml": 1})[1]))
    rows = b"".join(b"\0" + bytes([255] * 90 + [0] * 6 + [255] * 104) for _ in range(100))
    found.append(("image", png(200, 100, zlib.compress(rows))))
    return found


def mutations(count: int, seed: int, folder: Path = ROOT / "samples", scans: bool = True) -> list[tuple[str, bytes]]:
    """(name, bytes) of damaged samples, each kind in its turn; the same every time."""
    files = [item for item in samples(folder) if scans or item[0] not in ("image",)]
    if not scans:
        files = [item for item in files if not (item[0] == "pdf" and b"/Subtype /Image" in item[1])]
    others = [data for _, data in files]
    out = []
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        kind, data = files[number % len(files)]
        out.append((f"{number:05d}.{kind}", mutate(data, kind, others, rng)))
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for one input; more on a busy machine")
    parser.add_argument("--keep", type=Path, help="where inputs that meet a defect are kept")
    args = parser.parse_args()
    import tempfile

    from extractor.batch.inputs import Input
    from extractor.batch.local import LocalEngine
    from extractor.batch.task import Options, Task

    with tempfile.TemporaryDirectory(prefix="form4-fuzz-") as scratch:
        tasks = []
        for number, (name, data) in enumerate(mutations(args.count, args.seed)):
            path = Path(scratch) / name
            path.write_bytes(data)
            tasks.append(Task(number, Input(name, str(path)), len(data)))
        began = time.monotonic()
        engine = LocalEngine(args.workers, Options(seconds=args.time_limit, memory=2_000_000_000))
        outcomes: Counter[str] = Counter()
        defects, slowest = [], (0.0, "")
        for result in engine.run(tasks):
            outcomes[result.error or "extracted"] += 1
            slowest = max(slowest, (result.seconds, result.path))
            if result.error in ("InternalError", "WorkerCrashed") or "not done within" in result.message:
                defects.append(result)
                print(f"{result.path}: {result.error}: {result.message}", flush=True)
                if args.keep:
                    args.keep.mkdir(parents=True, exist_ok=True)
                    (args.keep / result.path).write_bytes(Path(tasks[result.index].source.file).read_bytes())
        seconds = time.monotonic() - began
    print(f"{args.count} inputs in {seconds:.0f} s, the slowest {slowest[0]:.1f} s ({slowest[1]})")
    print(dict(outcomes))
    print(f"{'FAIL' if defects else 'ok  '} no crash, no defect, none over its limits")
    return 1 if defects else 0


if __name__ == "__main__":
    raise SystemExit(main())
