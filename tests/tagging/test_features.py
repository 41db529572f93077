"""What a token looks like, and features that see its neighbourhood but not its place in memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.document import Document, Page
from extractor.readers.text import read_text
from extractor.tagging.features import HASH_BITS, FeatureExtractor
from extractor.tagging.landmarks import find_landmarks
from extractor.tagging.layout import Layout, analyse_layout
from extractor.tagging.places import column_keywords
from extractor.tagging.words import TYPES, plain_word, token_type

FORM = """\
1. Title of Security    2. Transaction Date    3. Amount
Common Stock            03/14/2024             1,250
Preferred Stock         03/15/2024             40
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/14/2024", "date"),
        ("2024-03-14", "date"),
        ("03/1", "date_piece"),
        ("$31.07", "money"),
        ("$", "money"),
        ("1,250", "comma_number"),
        ("0.75", "decimal"),
        ("1250", "integer"),
        ("2024", "year"),
        ("04999", "zip"),
        ("(1)", "mark"),
        ("☒", "tick"),
        ("X", "tick"),
        ("__", "empty_tick"),
        ("D", "letter"),
        ("(D)", "letter"),
        ("[", "bracket"),
        ("|", "bar"),
        ("3A.", "item"),
        ("STOCK", "upper"),
        ("Common", "capital"),
        ("stock", "lower"),
        ("...", "punctuation"),
        ("/s/", "slash_s"),
        ("4x8", "mixed"),
    ],
)
def test_tokens_have_the_type_they_look_like(text: str, expected: str) -> None:
    assert TYPES[token_type(text)] == expected


@given(st.text(min_size=1, max_size=20))
def test_every_token_has_a_type_and_a_plain_word(text: str) -> None:
    assert 0 < token_type(text) < len(TYPES)
    assert plain_word(plain_word(text)) == plain_word(text)


def test_features_are_hashes_one_row_a_token() -> None:
    document = read_text(FORM)
    hashes, layout = FeatureExtractor(["title", "security"])(document)
    assert hashes.shape[0] == len(document.tokens) == len(layout.order)
    assert 60 <= hashes.shape[1] <= 120
    assert int(hashes.max()) < 1 << HASH_BITS


def test_an_extractor_used_before_gives_the_same_features() -> None:
    used = FeatureExtractor(["amount"])
    used(read_text("Something else entirely 12/31/1999"))
    np.testing.assert_array_equal(used(read_text(FORM))[0], FeatureExtractor(["amount"])(read_text(FORM))[0])


def test_no_tokens_have_no_features() -> None:
    hashes, _ = FeatureExtractor(["amount"])(Document("text", [Page(1, 600, 800)], [], ""))
    assert hashes.shape[0] == 0


def test_the_first_features_depend_on_the_word_alone() -> None:
    words = FeatureExtractor([])
    one, _ = words(read_text("Common Stock 1,250"))
    other, _ = words(read_text("no more\nof the\nCommon things"))
    np.testing.assert_array_equal(one[0, :7], other[4, :7])
    assert (one[0] != other[4]).any()


def test_digits_do_not_matter_to_the_masked_word() -> None:
    words = FeatureExtractor([])
    assert words.word("03/14/2024").masked == words.word("11/29/1997").masked
    assert words.word("03/14/2024").exact != words.word("11/29/1997").exact


@pytest.mark.parametrize("broken", ["Securlty", "security", "SECURITY", "Secvrity,", "securitv"])
def test_a_broken_spelling_of_a_form_word_counts_as_the_word(broken: str) -> None:
    words = FeatureExtractor(["amount", "security", "title"])
    assert words.word(broken).keyword == words.word("security").keyword == 2


@pytest.mark.parametrize("other", ["scrutiny", "titel", "1250", "xyz"])
def test_other_words_and_short_broken_ones_are_no_form_words(other: str) -> None:
    assert FeatureExtractor(["amount", "security", "tile"]).word(other).keyword == 0


def test_a_value_sees_the_form_words_of_its_own_column() -> None:
    """A column's heading changes the features of the values below it, not those of other columns."""
    changed = FORM.replace("3. Amount", "3. Saldo ")
    extractor = FeatureExtractor(["amount", "date", "saldo", "security", "title", "transaction"])
    texts = [token.text for token in read_text(FORM).tokens]
    before, after = extractor(read_text(FORM))[0], extractor(read_text(changed))[0]
    differing = dict(zip(texts, (before != after).sum(axis=1).tolist(), strict=True))
    assert differing["1,250"] > 5
    assert differing["40"] > 5
    # what comes before in reading order stays; only what stands in the column below is told of the other heading
    assert differing["1,250"] > differing["03/15/2024"]


@settings(max_examples=40)
@given(st.text(alphabet="ab1$,/\n\t |(☒Ω", min_size=1, max_size=150).filter(lambda text: text.strip() != ""))
def test_any_text_has_features(text: str) -> None:
    document = read_text(text)
    hashes, _ = FeatureExtractor(["aabab"])(document)
    assert hashes.shape[0] == len(document.tokens)


def plain_column_words(layout: Layout, keyword: np.ndarray, k: int) -> np.ndarray:
    """The definition over the whole window at once, as models were trained on it."""
    n = len(keyword)
    out = np.zeros((n, k), dtype=np.uint64)
    sources = np.flatnonzero(keyword > 0)
    x, y = (layout.box[:, 0] + layout.box[:, 2]) / 2, (layout.box[:, 1] + layout.box[:, 3]) / 2
    for lo in range(0, n, 256):
        hi = min(n, lo + 256)
        end = int(np.searchsorted(sources, hi))
        near = sources[max(0, end - 500) : end]
        rise = y[lo:hi, None] - y[None, near]
        inside = (x[lo:hi, None] > layout.zone[None, near, 0]) & (x[lo:hi, None] < layout.zone[None, near, 1])
        inside &= (rise > 2.0) & (layout.page[lo:hi, None] == layout.page[None, near])
        cost = np.where(inside, rise + 0.02 * np.abs(x[lo:hi, None] - x[None, near]), np.inf)
        take = min(k, len(near))
        if not take:
            continue
        best = np.tile(np.arange(take), (hi - lo, 1))
        if take < len(near):
            best = np.argpartition(cost, take - 1, axis=1)[:, :take]
        ranks = np.argsort(np.take_along_axis(cost, best, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(best, ranks, axis=1)
        finite = np.isfinite(np.take_along_axis(cost, best, axis=1))
        out[lo:hi, :take] = np.where(finite, keyword[near[best]], 0)
    return out


@pytest.mark.parametrize(("lines", "share", "seed"), [(3, 0.5, 0), (90, 0.6, 1), (140, 0.9, 2), (100, 0.05, 3)])
def test_form_words_of_a_column_are_the_nearest_of_the_whole_window(lines: int, share: float, seed: int) -> None:
    """Blanks of any width give columns that shift, and words that are as near as each other."""
    rng = np.random.default_rng(seed)
    text = "\n".join(
        "".join("word" + " " * int(rng.choice([1, 1, 3, 8])) for _ in range(int(rng.integers(1, 11))))
        for _ in range(lines)
    )
    document = read_text(text)
    layout = analyse_layout(document)
    n = len(document.tokens)
    keyword = np.where(rng.random(n) < share, rng.integers(1, 30, n), 0).astype(np.uint64)
    np.testing.assert_array_equal(column_keywords(layout, keyword, 6), plain_column_words(layout, keyword, 6))


def test_landmarks_that_are_known_need_not_be_found_again() -> None:
    document = read_text(FORM + "Explanation of Responses:\n1. none\n")
    extractor = FeatureExtractor(["amount"])
    hits = find_landmarks(document.tokens)
    assert hits
    np.testing.assert_array_equal(extractor(document, hits)[0], extractor(document)[0])
    assert (extractor(document, [])[0] != extractor(document)[0]).any()
