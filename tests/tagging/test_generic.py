"""Features for any form: they see looks, gaps and neighbours, and know no form's words."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.document import Document, Page, Token
from extractor.readers.text import read_text
from extractor.tagging.features import HASH_BITS, FeatureExtractor
from extractor.tagging.generic import segment_look


def page(*words: tuple[str, float, float]) -> Document:
    """Words with their left edge and top, 6 points a character, in line order."""
    tokens, tops = [], sorted({top for _, _, top in words})
    for text, x, top in words:
        box = (x, top, x + 6.0 * len(text), top + 10.0)
        tokens.append(Token(text, 1, box, tops.index(top), 0, len(text)))
    return Document("pdf_text", [Page(1, 600, 800)], tokens, " ".join(text for text, _, _ in words))


def features(document: Document) -> np.ndarray:
    return FeatureExtractor([], generic=True)(document)[0]


def shared(one: Document, i: int, other: Document, j: int) -> float:
    """Share of the templates that say the same of two tokens."""
    return float((features(one)[i] == features(other)[j]).mean())


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=9), max_size=30))
def test_any_words_have_features_in_range(words: list[str]) -> None:
    document = read_text(" ".join(words)) if words else page()
    found = features(document)
    assert found.shape[0] == len(document.tokens)
    assert found.size == 0 or found.max() < 1 << HASH_BITS
    np.testing.assert_array_equal(found, features(document))


def test_a_page_further_down_looks_the_same_but_for_its_place() -> None:
    form = [("Name:", 50, 100), ("Ada", 120, 100), ("Town:", 50, 130), ("Ghent", 120, 130)]
    moved = [(text, x, top + 300) for text, x, top in form]
    assert all(shared(page(*form), i, page(*moved), i) == 1.0 for i in range(4))


def test_a_wider_gap_and_another_neighbour_are_seen() -> None:
    near = page(("Name:", 50, 100), ("Ada", 84, 100))
    far = page(("Name:", 50, 100), ("Ada", 320, 100))
    other = page(("NAME", 50, 100), ("Ada", 84, 100))
    assert shared(near, 1, far, 1) < 0.9
    assert shared(near, 1, other, 1) < 1.0


def test_the_same_word_above_is_another_question_than_beside() -> None:
    beside = page(("Total:", 50, 100), ("14", 120, 100))
    above = page(("Total:", 50, 100), ("14", 50, 115))
    assert shared(beside, 1, above, 1) < 0.8


def test_looks_depend_on_case_figures_length_and_end_alone() -> None:
    assert segment_look(["Paid", "by:"]) == segment_look(["Sent", "to:"])
    looks = [["PAID", "BY"], ["Paid", "By"], ["Paid", "by"], ["paid", "by"], ["12", "34"], ["--"], ["Paid", "by:"]]
    assert len({segment_look(texts) for texts in looks}) == len(looks)
    assert segment_look(["a", "b"]) != segment_look(["a", "b", "c"])
