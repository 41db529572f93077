"""Text layers whose characters are lost are read by the form's wording or by the page's image."""

from __future__ import annotations

import random

import pytest

from extractor.readers.pdf import read_pdf
from training.synthesis.broken_fonts import break_fonts
from training.synthesis.invent import invent_filing
from training.synthesis.layouts import LAYOUTS
from training.synthesis.pdf import to_pdf


def _pdf(layout: str, seed: int) -> bytes:
    rng = random.Random(seed)
    return to_pdf(LAYOUTS[layout][0](rng, invent_filing(rng, "current")).pages[:1])


def _words(pdf: bytes) -> list[str]:
    document = read_pdf(pdf)
    assert document.kind == "pdf_text"
    return [token.text for token in document.tokens]


@pytest.mark.parametrize(("layout", "seed"), [("official", 3), ("reduced", 5), ("no_rules", 10)])
def test_shifted_characters_are_read_as_printed_without_the_image(
    layout: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from extractor.readers import pdf as reader

    monkeypatch.setattr(reader, "_read_image", lambda *_: pytest.fail("the wording suffices"))
    clean = _pdf(layout, seed)
    assert _words(break_fonts(clean, "shifted", random.Random(1))) == _words(clean)


@pytest.mark.parametrize("fault", ["private", "exchanged"])
def test_exchanged_characters_are_found_by_vote_of_the_image(fault: str) -> None:
    clean = _words(_pdf("no_rules", 10))
    found = _words(break_fonts(_pdf("no_rules", 10), fault, random.Random(2)))
    numbers = [word for word in clean if word[:1].isdigit()]
    assert [word for word in found if word[:1].isdigit()] == numbers
    assert sum(word in set(clean) for word in found) >= 0.97 * len(found)


def test_pages_without_any_characters_are_read_as_images() -> None:
    document = read_pdf(break_fonts(_pdf("no_rules", 10), "missing", random.Random(3)))
    assert document.kind == "pdf_scan"
    assert sum(word in {token.text for token in document.tokens} for word in ("Table", "Title", "Code")) >= 2
