"""Many annotated documents: a mix of kinds, layouts and converters, each document from its own seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from extractor.record import Filing
from training.annotations import AnnotatedDocument, write_annotations
from training.synthesis.annotate import annotate_html, annotate_pdf, annotate_scan
from training.synthesis.enrich import enrich
from training.synthesis.garble import annotate_text
from training.synthesis.html import HTML_STYLES
from training.synthesis.invent import invent_filing
from training.synthesis.layouts import LAYOUTS
from training.synthesis.other import annotate_nothing

KINDS: dict[str, float] = {"pdf": 35, "html": 15, "text": 40, "scan": 10, "none": 4}
"""The mix: kinds of documents with their shares."""


def synthesize(
    count: int,
    seed: int,
    out: Path,
    filings: Sequence[Filing] | None = None,
    kinds: dict[str, float] | None = None,
    workers: int = 1,
    layouts: dict[str, float] | None = None,
) -> Path:
    """Write `count` annotated documents to `out`, a .jsonl or .jsonl.gz file or a folder; returns the file.

    Filings are invented, or drawn from `filings` where given; `layouts` are names of `LAYOUTS` with their shares, which
    are those of `LAYOUTS` where not given, and mean nothing for HTML. The same arguments give the same documents,
    whatever the number of workers.
    """
    path = out if out.name.endswith((".jsonl", ".jsonl.gz")) else out / f"synthetic-{seed}.jsonl.gz"
    write_annotations(path, documents(count, seed, filings, kinds, workers, layouts))
    return path


def documents(
    count: int,
    seed: int,
    filings: Sequence[Filing] | None = None,
    kinds: dict[str, float] | None = None,
    workers: int = 1,
    layouts: dict[str, float] | None = None,
) -> Iterator[AnnotatedDocument]:
    """The documents of `synthesize`, one after the other."""
    make = partial(make_document, seed=seed, filings=filings, kinds=kinds, layouts=layouts)
    if workers <= 1:
        yield from map(make, range(count))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(make, range(count), chunksize=8)


def make_document(
    number: int,
    seed: int,
    filings: Sequence[Filing] | None = None,
    kinds: dict[str, float] | None = None,
    layouts: dict[str, float] | None = None,
) -> AnnotatedDocument:
    """The document of that number, from a random source of its own."""
    rng = random.Random(f"{seed}:{number}")
    shares = kinds or KINDS
    kind = rng.choices(list(shares), list(shares.values()))[0]
    layout = choose_layout(rng, layouts)
    if filings:
        filing, source = enrich(rng, copy.deepcopy(rng.choice(list(filings)))), "filed"
    else:
        filing, source = invent_filing(rng, LAYOUTS[layout][2] or None), "invented"
    item = _make(kind, layout, filing, rng)
    owner = filing.reporting_owners[0].name if filing.reporting_owners and kind != "none" else None
    item.meta |= {
        "source": source if kind != "none" else "invented",
        "owner_key": str(owner.value) if owner else f"nobody {number}",
        "form_type": str(filing.form_type.value) if filing.form_type and kind != "none" else "",
        "seed": seed,
    }
    item.id = f"synthetic-{seed}-{number:06d}"
    item.document.path = item.id
    return item


def choose_layout(rng: random.Random, layouts: dict[str, float] | None = None) -> str:
    """A layout's name, drawn by shares: those given, or those of `LAYOUTS`."""
    shares = layouts or {name: weight for name, (_, weight, _) in LAYOUTS.items()}
    return rng.choices(list(shares), list(shares.values()))[0]


def _make(kind: str, layout: str, filing: Filing, rng: random.Random) -> AnnotatedDocument:
    if kind == "html":
        style = rng.choices(list(HTML_STYLES), list(HTML_STYLES.values()))[0]
        return annotate_html(filing, style, rng)
    if kind == "text":
        return annotate_text(filing, layout, rng)
    if kind == "none":
        return annotate_nothing(rng)
    if kind == "scan":
        return annotate_scan(filing, layout, rng)
    return annotate_pdf(filing, layout, rng)
