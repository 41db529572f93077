"""The wording of the printed form is found again, however it was broken up."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.readers.text import read_text
from extractor.tagging.landmarks import LANDMARKS, NAMES, Hit, find_landmarks

FORM = """\
UNITED STATES SECURITIES AND EXCHANGE COMMISSION
STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP
1. Name and Address of Reporting Person*
2. Issuer Name and Ticker or Trading Symbol
3. Date of Earliest Transaction (Month/Day/Year)
4. If Amendment, Date of Original Filed
5. Relationship of Reporting Person(s) to Issuer
6. Individual or Joint/Group Filing
Table I - Non-Derivative Securities Acquired, Disposed of, or Beneficially Owned
Table II - Derivative Securities Acquired, Disposed of, or Beneficially Owned
Explanation of Responses:
** Signature of Reporting Person
"""
EXPECTED = [
    "form_heading",
    "form_4_title",
    "owner",
    "issuer",
    "period",
    "amendment",
    "relationship",
    "joint",
    "table_1",
    "table_2",
    "explanation",
    "signature",
]


def found(text: str) -> list[Hit]:
    return find_landmarks(read_text(text).tokens)


def names(text: str) -> list[str]:
    """The landmarks as they follow each other; one found by two of its wordings at once counts once."""
    return [name for name, _ in itertools.groupby(hit.name for hit in found(text))]


def test_the_parts_of_a_form_are_found_in_order() -> None:
    assert names(FORM) == EXPECTED
    assert all(hit.score == 100.0 for hit in found(FORM))


def test_a_hit_says_which_tokens_it_is() -> None:
    document = read_text(FORM)
    hit = next(hit for hit in find_landmarks(document.tokens) if hit.name == "issuer")
    words = [token.text for token in document.tokens[hit.first : hit.last + 1]]
    assert words == ["Issuer", "Name", "and", "Ticker", "or", "Trading", "Symbol"]


@given(st.integers(0, 2**31))
def test_blanks_and_tabs_within_the_wording_do_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    broken = "".join(c + rng.choice(["", "", "", "", " ", "\t", "\n"]) if c.isalpha() else c for c in FORM)
    assert names(broken) == EXPECTED


@pytest.mark.parametrize(
    ("whole", "misread"),
    [
        ("Name and Address of Reporting", "Narne and Addross of Reporfing"),
        ("Explanation of Responses", "Explanatlon of Rcsponses"),
        ("CHANGES IN BENEFICIAL OWNERSHIP", "CHANCES IN BENEFlCIAL OWNERSHlP"),
    ],
)
def test_misread_letters_are_forgiven(whole: str, misread: str) -> None:
    text = FORM.replace(whole, misread)
    assert text != FORM
    assert names(text) == EXPECTED
    assert min(hit.score for hit in found(text)) < 100.0


def test_derivative_within_non_derivative_is_not_table_ii() -> None:
    without = FORM.replace("Table II - Derivative Securities Acquired, Disposed of, or Beneficially Owned\n", "")
    assert "table_2" not in names(without)
    assert "table_1" in names(without)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("INITIAL STATEMENT OF BENEFICIAL OWNERSHIP OF SECURITIES", "form_3_title"),
        ("ANNUAL STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP", "form_5_title"),
        ("ANNUAL STATEMENT OF BENEFICIAL OWNERSHIP", "form_5_title"),
    ],
)
def test_each_form_has_one_title(title: str, name: str) -> None:
    text = FORM.replace("STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP", title)
    assert [n for n in names(text) if n.endswith("_title")] == [name]


def test_prose_has_no_landmarks() -> None:
    prose = "The harbor was quiet that morning and the tide stood low between the piers. " * 10
    assert names(prose) == []


def test_a_landmark_printed_twice_is_found_twice() -> None:
    assert names(FORM + FORM).count("owner") == 2


def test_no_tokens_have_no_landmarks() -> None:
    assert find_landmarks([]) == []


def test_every_landmark_has_wording_of_small_letters_only() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(wording.isalpha() and wording.islower() for mark in LANDMARKS for wording in mark.wordings)
