"""Cuts between rows: what moving one costs is what all of them cost after it, less what they cost before."""

from __future__ import annotations

import pytest
from grids import with_labels
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly.cuts import _Wording
from extractor.readers.text import read_text

TITLE = "non_derivative.security_title"
LINES = st.lists(
    st.sampled_from(["Common", "Stock", "Common Stock", "held by", "(direct", "trust)"]), min_size=3, max_size=9
)


@given(LINES, st.data())
def test_the_cost_kept_up_is_that_of_all_rows_read_anew(texts: list[str], data: st.DataObject) -> None:
    document = read_text("\n".join(texts))
    labelled = with_labels(document, [TITLE] * len(document.tokens))
    lines = [[(i, "security_title") for i in labelled.line(number)] for number in range(len(texts))]
    words = _Wording(labelled, lines, 0)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(texts)), min_size=1, max_size=4)))
    words.take(cuts)
    for _ in range(4):
        place = data.draw(st.integers(0, len(cuts) - 1))
        low, high = ([0, *cuts, len(texts)][place + k] for k in (0, 2))
        cut = data.draw(st.integers(low, high))
        moved = [*cuts[:place], cut, *cuts[place + 1 :]]
        assert words.change(place, cut) == pytest.approx(words.cost(moved) - words.cost(cuts), abs=1e-9)
        words.move(place, cut)
        cuts = moved
