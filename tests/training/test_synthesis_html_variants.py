"""Pages set in other ways say the same."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from extractor.readers.html import read_html_labelled
from training.synthesis.html import LABEL_ATTRIBUTE, render_html
from training.synthesis.html_variants import VARIATIONS, vary
from training.synthesis.invent import invent_filing


def values(page: str) -> dict[str, str]:
    """The letters and digits of each labelled value, boxes and marks left out."""
    document, told = read_html_labelled(page.encode(), LABEL_ATTRIBUTE)
    out: dict[str, str] = defaultdict(str)
    for token, label in zip(document.tokens, told, strict=True):
        if label and not label.startswith(("box.", "footnote.mark")):
            out[label] += "".join(char for char in token.text if char.isalnum())
    return dict(out)


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("style", ["html_official", "html_reduced", "html_vendor"])
def test_every_value_is_still_there(variation, style):
    rng = random.Random(f"{variation}{style}")
    page, _ = render_html(rng, invent_filing(rng, None), style)
    assert values(vary(rng, page, variation)) == values(page)


@pytest.mark.parametrize("variation", ["css_table", "transposed", "card_lines", "broken_columns", "other_marks"])
def test_a_variation_changes_the_page(variation):
    rng = random.Random(3)
    page, _ = render_html(rng, invent_filing(rng, None), "html_official")
    assert vary(rng, page, variation) != vary(rng, page, "as_it_is")


def test_the_same_source_gives_the_same_page():
    page, _ = render_html(random.Random(5), invent_filing(random.Random(5), None), "html_vendor")
    pages = {vary(random.Random(7), page, "split_runs") for _ in range(2)}
    assert len(pages) == 1
