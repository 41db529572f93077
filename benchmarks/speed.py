"""How fast the product is, beside other tools on the same pages in the same run; prints a Markdown table.

    python benchmarks/speed.py [--documents DIR] [--count N] [--scans N] [--model DIR]

DIR has folders pdf, text, html and scan1, as the shared benchmark has; without it `samples/` and invented filings are
read. Figures are CPU seconds of this process unless they say otherwise; the tools take turns document by document, so
that a busy machine slows all of them alike. Ratios are what to compare between machines.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

for _name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before the libraries are loaded: one core is measured
ROOT = Path(__file__).resolve().parent.parent
SEED = 11
_STARTS = 5

Line = tuple[str, str]
"""What was measured, and the figure."""
Documents = dict[str, list[tuple[str, bytes]]]
"""(name, bytes) by class: pdf, text, html, scan."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, help="folder with pdf, text, html and scan1")
    parser.add_argument("--count", type=int, default=40, help="documents a class (default 40)")
    parser.add_argument("--scans", type=int, default=3, help="scanned documents (default 3)")
    parser.add_argument("--model", help="a model directory instead of the default one")
    args = parser.parse_args()
    if args.documents is not None and not args.documents.is_dir():
        print(f"{args.documents}: no such folder", file=sys.stderr)
        return 2
    documents = stored(args.documents, args.count, args.scans) if args.documents else made(args.count, args.scans)
    lines = list(measure(documents, args.model))
    print("| what | figure |\n|---|---|")
    for what, figure in lines:
        print(f"| {what} | {figure} |")
    return 0


def stored(folder: Path, count: int, scans: int) -> Documents:
    """The first documents of each class of a benchmark."""
    found: Documents = {}
    for name, place, most in (("pdf", "pdf", count), ("text", "text", count), ("html", "html", count)):
        found[name] = _read(sorted((folder / place).iterdir())[:most]) if (folder / place).is_dir() else []
    found["scan"] = _read(sorted((folder / "scan1").iterdir())[:scans]) if (folder / "scan1").is_dir() else []
    return found


def made(count: int, scans: int) -> Documents:
    """The samples, and invented filings printed, converted and scanned to make up the number; the same each time."""
    from training.synthesis import documents, invent_filing
    from training.synthesis.corpus import LAYOUTS
    from training.synthesis.html import render_html
    from training.synthesis.pdf import to_pdf
    from training.synthesis.scan import scan_pdf

    samples = ROOT / "samples"
    found: Documents = {
        "pdf": _read([samples / "official.pdf", samples / "vendor-without-rules.pdf"]),
        "text": _read(sorted(samples.glob("*.txt"))),
        "html": _read(sorted(samples.glob("*.html"))),
        "scan": _read([samples / "photocopy.pdf"]),
    }
    rng = random.Random(SEED)
    names = sorted(LAYOUTS)
    for number in range(count - len(found["pdf"])):
        layout = names[number % len(names)]
        printed = LAYOUTS[layout][0](rng, invent_filing(rng, LAYOUTS[layout][2] or None))
        found["pdf"].append((f"{layout}-{number}.pdf", to_pdf(printed.pages)))
    for number in range(scans - len(found["scan"])):
        scan = scan_pdf(rng, found["pdf"][number % len(found["pdf"])][1], "office")
        found["scan"].append((f"scan-{number}.pdf", scan.pdf))
    for item in documents(count - len(found["text"]), SEED, kinds={"text": 1.0}):
        found["text"].append((f"{item.id}.txt", item.document.text.encode()))
    styles = ("html_official", "html_reduced", "html_vendor")
    for number in range(count - len(found["html"])):
        page, _ = render_html(rng, invent_filing(rng), styles[number % len(styles)])
        found["html"].append((f"{number}.html", page.encode()))
    return found


def measure(documents: Documents, model: str | None) -> Iterable[Line]:
    """All figures, one after another; classes without documents are left out."""
    yield from start_ups(documents["pdf"], model)
    yield from model_load(model)
    extract = _extractor(model)
    if documents["pdf"]:
        yield from against(
            documents["pdf"], extract, _pdfplumber, "PDF with text", "pdfplumber's words and tables", "ms"
        )
    for name in ("text", "html"):
        if documents[name]:
            spent = [_cpu(lambda d=data: extract(d)) for _, data in documents[name]]  # type: ignore[misc]
            yield f"{name}, documents a second", f"{len(spent) / sum(spent):.1f}"
            yield (
                f"{name}, CPU a document",
                f"median {statistics.median(spent) * 1e3:.1f} ms, most {max(spent) * 1e3:.1f} ms",
            )
    if documents["scan"]:
        yield from against(documents["scan"], extract, _tesseract, "scan", "Tesseract, whole page, psm 6", "s")
    quick = [item for name in ("pdf", "text", "html") for item in documents[name]]
    yield from workers(quick, model)


def start_ups(pdfs: Sequence[tuple[str, bytes]], model: str | None) -> Iterable[Line]:
    """Wall time of fresh processes, the best of five."""
    python = sys.executable
    chosen = ["--model", model] if model else []
    commands = {
        "`form4 --version`": [python, "-m", "extractor", "--version"],
        "`import extractor`": [python, "-c", "import extractor"],
        "`from extractor import extract`": [python, "-c", "from extractor import extract"],
    }
    with tempfile.TemporaryDirectory() as folder:
        if pdfs:
            path = Path(folder) / "first.pdf"
            path.write_bytes(pdfs[0][1])
            commands["first PDF from a cold start"] = [python, "-m", "extractor", "extract", str(path), *chosen]
        empty = _best_start([python, "-c", "pass"])
        yield "an empty Python process", f"{empty:.3f} s"
        for what, command in commands.items():
            yield what, f"{_best_start(command):.3f} s"


def _best_start(command: Sequence[str]) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    best = float("inf")
    for _ in range(_STARTS):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        best = min(best, time.perf_counter() - began)
    return best


def model_load(model: str | None) -> Iterable[Line]:
    from extractor.pipeline import default_model_path
    from extractor.tagging.model import TaggerModel

    def load() -> None:
        TaggerModel.load(model or default_model_path()).slots()

    yield "model load", f"{min(_cpu(load) for _ in range(_STARTS)):.3f} s"


def against(
    items: Sequence[tuple[str, bytes]],
    extract: Callable[[bytes], int],
    other: Callable[[bytes], None],
    what: str,
    tool: str,
    unit: str,
) -> Iterable[Line]:
    """CPU a page of the product and of another tool on the same documents, in turn."""
    extract(items[0][1])  # what is loaded on first use is no page's cost
    other(items[0][1])
    pages, ours, theirs = 0, 0.0, 0.0
    for _, data in items:
        count = 0

        def product(data: bytes = data) -> None:
            nonlocal count
            count = extract(data)

        ours += _cpu(product)
        theirs += _cpu(lambda data=data: other(data))  # type: ignore[misc]
        pages += count
    factor = 1e3 if unit == "ms" else 1.0
    yield f"{what}, CPU a page ({len(items)} documents, {pages} pages)", f"{ours / pages * factor:.2f} {unit}"
    yield f"{tool}, the same pages", f"{theirs / pages * factor:.2f} {unit}"
    yield f"{what}, ratio to {tool}", f"{ours / theirs:.3f} (1/{theirs / ours:.1f})"


def _extractor(model: str | None) -> Callable[[bytes], int]:
    from extractor.pipeline import extract_bytes, load_model

    tagger = load_model(model)

    def extract(data: bytes) -> int:
        """Reads one input into a line of JSON; the number of its pages."""
        filings = extract_bytes(data, "", tagger)
        for filing in filings:
            filing.to_json()
        return max(filing.source.pages[1] for filing in filings)

    return extract


def _pdfplumber(data: bytes) -> None:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_words()
            page.extract_tables()


def _tesseract(data: bytes) -> None:
    """The page as it comes, at the product's resolution, read as one block: no straightening, no rules taken out."""
    import tesserocr
    from PIL import Image

    from extractor.readers.ocr import tessdata_folder
    from extractor.readers.pdfium import PdfFile

    with (
        PdfFile(data) as file,
        tesserocr.PyTessBaseAPI(path=tessdata_folder(), lang="eng", psm=tesserocr.PSM.SINGLE_BLOCK) as engine,
    ):
        for index in range(file.page_count):
            with file.page(index) as page:
                engine.SetImage(Image.fromarray(page.render(200.0)))
                engine.GetUTF8Text()


def workers(items: Sequence[tuple[str, bytes]], model: str | None) -> Iterable[Line]:
    """Documents a second of wall time with one worker and with two, their start not counted."""
    from extractor import extract_many

    if len(items) < 10:
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (name, data) in enumerate(items):
            path = Path(folder) / f"{number:04d}{Path(name).suffix}"
            path.write_bytes(data)
            paths.append(path)
        rates = {}
        for count in (1, 2):
            began, seen = 0.0, 0
            for filing in extract_many([str(path) for path in paths], workers=count, model=model):
                del filing
                if not began:
                    began = time.perf_counter()
                else:
                    seen += 1
            rates[count] = seen / (time.perf_counter() - began)
    for count, rate in rates.items():
        yield f"{count} worker{'s' * (count > 1)}, documents a second of wall time", f"{rate:.1f}"
    yield "two workers to one", f"{rates[2] / rates[1]:.2f}"


def _read(paths: Iterable[Path]) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in paths if path.is_file()]


def _cpu(job: Callable[[], object]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
