"""Scans of our own making: invented filings at many severities, with accuracy, cost, and where the time goes.

    python benchmarks/scans.py [--count N] [--seed S] [--kinds office fax …] [--model DIR] [--note "what changed"]

The shared benchmark's scans are mild and upright; here they are also turned, faxed, bilevel, of 100 to 600 dpi, curled,
bordered and stamped. Every kind reads the same filings, so that the rows of the table compare. `ratio` is our CPU time
a page to that of one plain pass of the same engine over the untreated page (psm 6, one thread).
"""

from __future__ import annotations

import argparse
import datetime
import io
import os
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

for variable in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Kind:
    """One row of the table: a level of `training.synthesis.scan` and what is fixed of it."""

    level: str
    dpi: int | None = None
    turns: int = 0
    wrap: str = "pdf"


KINDS: dict[str, Kind] = {
    "office": Kind("office", 200),
    "office 90°": Kind("office", 200, 1),
    "office 180°": Kind("office", 200, 2),
    "office 270°": Kind("office", 200, 3),
    "office 100 dpi": Kind("office", 100),
    "office 150 dpi": Kind("office", 150),
    "office 300 dpi": Kind("office", 300),
    "office 600 dpi": Kind("office", 600),
    "office TIFF": Kind("office", 200, wrap="tiff"),
    "office JPEG 2000": Kind("office", 200, wrap="jp2"),
    "office, 8 strips a page": Kind("office", 200, wrap="strips"),
    "bilevel 200 JBIG2": Kind("bilevel", 200, wrap="jbig2"),
    "bilevel 200 (CCITT)": Kind("bilevel", 200),
    "bilevel 300 TIFF": Kind("bilevel", 300, wrap="tiff"),
    "photocopy": Kind("photocopy", 200),
    "worn copy": Kind("worn", 200),
    "faint": Kind("faint", 200),
    "stamp and border": Kind("marked", 200),
    "photo, curled": Kind("photo", 200),
    "fax 204x196": Kind("fax", 204),
    "fax 204x98": Kind("fax_standard", 204),
}
FORM_BOXES = (
    "not_subject_to_section_16",
    "aff10b5_one",
    "form3_holdings_reported",
    "form4_transactions_reported",
    "no_securities_owned",
)
OWNER_BOXES = ("is_director", "is_officer", "is_ten_percent_owner", "is_other")
STAGES = ("render", "straighten", "rules", "wording", "ocr", "re-read", "rest")


@dataclass
class Result:
    """What one kind came to."""

    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    pages: int = 0
    plain: float = 0.0
    failed: int = 0

    def f1(self, part: str) -> float:
        """F1 of a part; 1.0 where there was nothing to find and nothing was found."""
        right, invented, missed = self.counts[part]
        return 2 * right / (2 * right + invented + missed) if right + invented + missed else 1.0


def scanned(rng: random.Random, pdf: bytes, kind: Kind) -> tuple[bytes, list[Any]]:
    """A printed filing as a file of that kind, and its page images."""
    from PIL import Image

    from training.synthesis import scan
    from training.synthesis.scan_files import coded, pdf_of_streams

    if kind.level == "marked":
        scan.LEVELS["marked"] = scan.Level(0, (200,), 0.8, border=1.0, header=1.0, stamp=1.0)
    images, _, dpi, machine = scan.scan_images(rng, pdf, kind.level, kind.dpi, kind.turns)
    if kind.wrap == "pdf":
        return scan._image_pdf(images, dpi, machine.quality, machine.bilevel), images
    out = io.BytesIO()
    pages = [Image.fromarray(image) for image in images]
    if kind.wrap == "tiff":
        if machine.bilevel:
            pages = [page.convert("1") for page in pages]
        compression = "group4" if machine.bilevel else "tiff_lzw"
        options = {"save_all": True, "append_images": pages[1:], "compression": compression, "dpi": (dpi, dpi)}
        pages[0].save(out, "TIFF", **options)
        return out.getvalue(), images
    return pdf_of_streams([coded(page, kind.wrap) for page in pages], dpi), images


@contextmanager
def timed_stages(seconds: dict[str, float]) -> Iterator[None]:
    """Adds the CPU time of the reading steps to `seconds` while it lasts; nested steps count once."""
    from extractor.readers import (
        checkboxes,
        formwording,
        linenet,
        ocr,
        pdfium,
        pixelrules,
        resolution,
        restore,
        secondlook,
        segments,
        straighten,
    )

    stack: list[list[float]] = []
    undo: list[Callable[[], None]] = []

    def wrap(owner: Any, name: str, stage: str) -> None:
        original = getattr(owner, name)

        def timed(*args: Any, **options: Any) -> Any:
            began = time.process_time()
            stack.append([0.0])
            try:
                return original(*args, **options)
            finally:
                spent = time.process_time() - began
                inner = stack.pop()[0]
                seconds[stage] += spent - inner
                if stack:
                    stack[-1][0] += spent

        setattr(owner, name, timed)
        undo.append(lambda: setattr(owner, name, original))

    wrap(pdfium.PdfPage, "render", "render")
    for owner, name in (
        (resolution, "at_reading_size"), (restore, "is_bilevel"), (restore, "restore"), (restore, "without_dots"),
    ):  # fmt: skip
        wrap(owner, name, "straighten")
    wrap(straighten, "straighten", "straighten")
    for owner, name in (
        (pixelrules, "find_rules"), (pixelrules, "remove_rules"), (segments, "find_segments"),
        (checkboxes, "boxes_in_pixels"), (checkboxes, "grey_boxes_in_pixels"),
    ):  # fmt: skip
        wrap(owner, name, "rules")
    wrap(linenet, "read_lines", "wording")
    wrap(formwording, "wording_of", "wording")
    wrap(ocr, "read_segments", "ocr")
    wrap(secondlook, "look_again", "re-read")
    try:
        yield
    finally:
        for back in reversed(undo):
            back()


def plain_pass(image: Any) -> float:
    """CPU seconds of one pass of the engine over a page as it is."""
    import tesserocr

    from extractor.readers.ocr import tessdata_folder

    began = time.process_time()
    with tesserocr.PyTessBaseAPI(path=tessdata_folder(), lang="eng", psm=tesserocr.PSM.SINGLE_BLOCK) as api:
        height, width = image.shape
        api.SetImageBytes(image.tobytes(), width, height, 1, width)
        api.SetSourceResolution(200)
        api.GetUTF8Text()
    return time.process_time() - began


def run_kind(kind: Kind, printed: list[tuple[bytes, dict[str, Any]]], seed: int, model: str | None) -> Result:
    from extractor.errors import Form4Error
    from extractor.pipeline import extract_bytes

    result = Result()
    for number, (pdf, gold) in enumerate(printed):
        data, images = scanned(random.Random(f"{seed}:{number}:{kind}"), pdf, kind)
        began = time.process_time()
        with timed_stages(result.seconds):
            try:
                filing = extract_bytes(data, f"scan-{number}", model)[0]
            except Form4Error as error:
                print(f"{kind}: {error}", file=sys.stderr)
                result.failed += 1
                continue
        result.seconds["all"] += time.process_time() - began
        result.pages += len(images)
        if number < 2:
            result.plain += plain_pass(images[0])
        for part, counts in counts_of(filing, gold).items():
            for k, value in enumerate(counts):
                result.counts[part][k] += value
    return result


def counts_of(filing: Any, gold: dict[str, Any]) -> dict[str, list[int]]:
    """Values right, invented and missed, by the parts of the table; rows are matched as the scorer matches them."""
    from training.comparing import match_best
    from training.scoring import _OWNER, _TABLES, plain, tally

    counts = {name: list(values) for name, values in tally(filing, gold).counts.items()}
    given = plain(filing.to_dict())
    boxes, marks = counts.setdefault("boxes", [0, 0, 0]), counts.setdefault("marks", [0, 0, 0])

    def ticked(wanted: Any, got: Any) -> None:
        if wanted is not None:
            boxes[0] += bool(wanted) and bool(got)
            boxes[1] += bool(got) and not wanted
            boxes[2] += bool(wanted) and not got

    for name in FORM_BOXES:
        ticked(gold.get(name), given.get(name))
    owners, given_owners = gold["reporting_owners"], given["reporting_owners"]
    pairs = match_best(owners, given_owners, _OWNER)
    for i, owner in enumerate(owners):
        for name in OWNER_BOXES:
            ticked(owner.get(name), given_owners[pairs[i]].get(name) if i in pairs else None)
    for kind, names in _TABLES:
        pairs = match_best(gold[kind], given[kind], names)
        for i, row in enumerate(gold[kind]):
            wanted = set(row.get("footnotes") or ())
            got = set(given[kind][pairs[i]].get("footnotes") or ()) if i in pairs else set()
            for k, found in enumerate((wanted & got, got - wanted, wanted - got)):
                marks[k] += len(found)
    return counts


def table(results: dict[str, Result]) -> str:
    heads = ("header", "boxes", "cell", "row", "marks")
    lines = ["| kind | " + " | ".join(heads) + " | CPU s/page | ratio | " + " | ".join(STAGES) + " |"]
    lines.append("|---" * (len(heads) + len(STAGES) + 3) + "|")
    for name, result in results.items():
        everything = result.seconds["all"] or 1.0
        known = sum(result.seconds[stage] for stage in STAGES[:-1])
        shares = [result.seconds[stage] / everything for stage in STAGES[:-1]] + [1 - known / everything]
        a_page = everything / max(1, result.pages)
        ratio = a_page / (result.plain / 2) if result.plain else float("nan")
        cells = [f"{result.f1(head):.3f}" for head in heads]
        cells += [f"{a_page:.2f}", f"{ratio:.2f}", *(f"{share:.0%}" for share in shares)]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def print_filings(count: int, seed: int) -> list[tuple[bytes, dict[str, Any]]]:
    """Invented filings of at most two pages as PDF, with their plain values."""
    from training.scoring import plain
    from training.synthesis.corpus import choose_layout
    from training.synthesis.invent import invent_filing
    from training.synthesis.layouts import LAYOUTS
    from training.synthesis.pdf import to_pdf

    printed: list[tuple[bytes, dict[str, Any]]] = []
    number = 0
    while len(printed) < count:
        rng = random.Random(f"scans:{seed}:{number}")
        number += 1
        layout = choose_layout(rng)
        pages = LAYOUTS[layout][0](rng, invent_filing(rng, LAYOUTS[layout][2] or None))
        if len(pages.pages) <= 2:
            printed.append((to_pdf(pages.pages), plain(pages.filing.to_dict())))
    return printed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=8, help="filings a kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", choices=list(KINDS), metavar="KIND")
    parser.add_argument("--model")
    parser.add_argument("--note")
    args = parser.parse_args()
    printed = print_filings(args.count, args.seed)
    results = {}
    for name in args.kinds or KINDS:
        results[name] = run_kind(KINDS[name], printed, args.seed, args.model)
        print(table({name: results[name]}).splitlines()[-1], file=sys.stderr, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = f"{table(results)}\n\n{args.count} filings a kind, seed {args.seed}; largest memory {peak:.0f} MB."
    print(text)
    if args.note:
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
        ).stdout.strip()
        with (ROOT / "benchmarks" / "RESULTS.md").open("a", encoding="utf-8") as log:
            log.write(f"\n## {datetime.date.today().isoformat()}, on {commit}: scans, {args.note}\n\n{text}\n")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
