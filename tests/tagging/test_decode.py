"""The chain finds the best path and the probabilities that trying out every path gives."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from extractor.tagging.decode import BONDS, marginals, viterbi

Floats = NDArray[np.float32]
Case = tuple[Floats, Floats, NDArray[np.int64]]


@st.composite
def cases(draw: st.DrawFn, most_tokens: int = 5) -> Case:
    n, labels = draw(st.integers(1, most_tokens)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.5, 3.0, 20.0]))
    emission = rng.normal(0, scale, (n, labels)).astype(np.float32)
    transition = rng.normal(0, scale, (BONDS, labels, labels)).astype(np.float32)
    return emission, transition, rng.integers(0, BONDS, n)


def path_score(case: Case, path: tuple[int, ...]) -> float:
    emission, transition, bond = case
    score = sum(float(emission[i, label]) for i, label in enumerate(path))
    return score + sum(float(transition[bond[i], path[i - 1], path[i]]) for i in range(1, len(path)))


def all_paths(case: Case) -> list[tuple[int, ...]]:
    n, labels = case[0].shape
    return list(itertools.product(range(labels), repeat=n))


@given(cases())
def test_the_path_found_is_the_best_of_all(case: Case) -> None:
    found = path_score(case, tuple(map(int, viterbi(*case))))
    assert found == pytest.approx(max(path_score(case, path) for path in all_paths(case)), rel=1e-4, abs=1e-3)


@given(cases())
def test_marginals_are_what_summing_over_all_paths_gives(case: Case) -> None:
    paths = all_paths(case)
    scores = np.array([path_score(case, path) for path in paths])
    weights = np.exp(scores - scores.max())
    expected = np.zeros(case[0].shape)
    for path, weight in zip(paths, weights / weights.sum(), strict=True):
        expected[np.arange(len(path)), path] += weight
    np.testing.assert_allclose(marginals(*case), expected, atol=2e-3)


@given(cases(most_tokens=60))
def test_marginals_of_a_token_sum_to_one(case: Case) -> None:
    found = marginals(*case)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-5)
    assert (found >= 0).all()


@given(cases(), st.floats(-30, 30, width=32))
def test_a_constant_on_all_scores_changes_nothing(case: Case, constant: float) -> None:
    emission, transition, bond = case
    shifted = (emission + np.float32(constant), transition, bond)
    assert path_score(case, tuple(map(int, viterbi(*shifted)))) == pytest.approx(
        path_score(case, tuple(map(int, viterbi(*case)))), rel=1e-3, abs=1e-3
    )


def test_the_bond_says_which_transitions_count() -> None:
    emission = np.zeros((2, 2), dtype=np.float32)
    emission[0, 0] = 1.0
    transition = np.zeros((BONDS, 2, 2), dtype=np.float32)
    transition[0] = [[2, 0], [0, 2]]
    transition[3] = [[0, 2], [2, 0]]
    assert viterbi(emission, transition, np.array([3, 0])).tolist() == [0, 0]
    assert viterbi(emission, transition, np.array([3, 3])).tolist() == [0, 1]


def test_without_transitions_each_token_has_its_own_best_label() -> None:
    emission = np.array([[0, 1, 2], [5, 1, 0], [0, 3, 1]], dtype=np.float32)
    still = np.zeros((BONDS, 3, 3), dtype=np.float32)
    assert viterbi(emission, still, np.zeros(3, dtype=np.int64)).tolist() == [2, 0, 1]


def test_no_tokens_have_no_path() -> None:
    none = np.zeros((0, 3), dtype=np.float32)
    still, bond = np.zeros((BONDS, 3, 3), dtype=np.float32), np.zeros(0, dtype=np.int64)
    assert viterbi(none, still, bond).shape == (0,)
    assert marginals(none, still, bond).shape == (0, 3)


def test_long_texts_neither_overflow_nor_vanish() -> None:
    rng = np.random.default_rng(1)
    emission = rng.normal(0, 30, (4000, 3)).astype(np.float32)
    transition = rng.normal(0, 8, (BONDS, 3, 3)).astype(np.float32)
    found = marginals(emission, transition, rng.integers(0, BONDS, 4000))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-4)
