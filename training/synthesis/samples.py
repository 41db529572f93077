"""Writes the sample documents of the repository: invented filings, one file a kind of input.

python -m training.synthesis.samples samples
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from extractor.record import Filing
from training.synthesis.garble import annotate_text
from training.synthesis.html import render_html
from training.synthesis.invent import invent_filing
from training.synthesis.layouts import LAYOUTS
from training.synthesis.pdf import to_pdf
from training.synthesis.scan import scan_pdf

_LONGEST = 4  # rows: a sample is to be read at a glance


def write_samples(out: Path) -> list[Path]:
    """Write the samples into a folder; the same bytes every time. Returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "official.pdf": to_pdf(_printed("official", 3)),
        "vendor-without-rules.pdf": to_pdf(_printed("no_rules", 10)),
        "photocopy.pdf": scan_pdf(random.Random(4), to_pdf(_printed("official", 4)), "photocopy").pdf,
        "reduced.html": render_html(random.Random(5), _short_filing(random.Random(5)), "html_reduced")[0].encode(),
        "garbled-cells.txt": _text("official", "cells", 6),
        "garbled-reading-order.txt": _text("reduced", "reading", 7),
        "typed-1999.txt": _text("typed", "layout", 8),
    }
    for name, data in files.items():
        (out / name).write_bytes(data)
    return [out / name for name in files]


def _short_filing(rng: random.Random, era: str | None = "current") -> Filing:
    while True:
        filing = invent_filing(rng, era)
        rows = len(filing.non_derivative) + len(filing.derivative)
        if (
            1 <= rows <= _LONGEST
            and len(filing.reporting_owners) == 1
            and str(filing.form_type and filing.form_type.value) == "4"
        ):
            return filing


def _printed(layout: str, seed: int) -> list:  # type: ignore[type-arg]
    rng = random.Random(seed)
    return list(LAYOUTS[layout][0](rng, _short_filing(rng)).pages)


def _text(layout: str, garbler: str, seed: int) -> bytes:
    rng = random.Random(seed)
    filing = _short_filing(rng, "typed" if layout == "typed" else "current")
    return annotate_text(filing, layout, rng, garbler).document.text.encode()


if __name__ == "__main__":
    for path in write_samples(Path(sys.argv[1])):
        print(path)
