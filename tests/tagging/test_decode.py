"""The chain finds the best path and the probabilities that trying out every path gives."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from extractor.tagging.decode import BONDS, decode, marginals

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


def viterbi(emission: Floats, transition: Floats, bond: NDArray[np.int64]) -> NDArray[np.int64]:
    return decode(emission, transition, bond)[0]


def token_by_token(emission: Floats, transition: Floats, bond: NDArray[np.int64]) -> tuple[list[int], Floats]:
    """The textbook recursions in logarithms and double precision, one token after the other."""
    n, labels = emission.shape
    scores, steps = emission.astype(np.float64), transition.astype(np.float64)
    best, back = scores[0], np.zeros((n, labels), dtype=np.int64)
    forward, backward = scores.copy(), np.zeros((n, labels))
    for i in range(1, n):
        back[i] = (best[:, None] + steps[bond[i]]).argmax(axis=0)
        best = (best[:, None] + steps[bond[i]]).max(axis=0) + scores[i]
        forward[i] += np.logaddexp.reduce(forward[i - 1][:, None] + steps[bond[i]], axis=0)
    for i in range(n - 2, -1, -1):
        backward[i] = np.logaddexp.reduce(steps[bond[i + 1]] + (backward[i + 1] + scores[i + 1])[None, :], axis=1)
    path = [int(best.argmax())]
    for i in range(n - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    joint = forward + backward
    return path[::-1], np.exp(joint - np.logaddexp.reduce(joint, axis=1, keepdims=True)).astype(np.float32)


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


@given(
    st.integers(1, 130), st.sampled_from([0.5, 3.0, 8.0]), st.sampled_from([0.3, 2.0, 12.0]), st.integers(0, 2**32 - 1)
)
def test_stretches_at_once_give_what_token_by_token_gives(n: int, clear: float, bound: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    emission = rng.normal(0, clear, (n, 6)).astype(np.float32)
    transition = rng.normal(0, bound, (BONDS, 6, 6)).astype(np.float32)
    bond = rng.integers(0, BONDS, n)
    path, belief = decode(emission, transition, bond)
    expected_path, expected = token_by_token(emission, transition, bond)
    np.testing.assert_allclose(belief, expected, atol=1e-4)
    case = (emission, transition, bond)
    assert path_score(case, tuple(map(int, path))) == pytest.approx(
        path_score(case, tuple(expected_path)), rel=1e-5, abs=1e-2
    )


def test_what_the_first_token_says_reaches_the_last_of_a_long_text() -> None:
    n = 200
    emission = np.zeros((n, 2), dtype=np.float32)
    emission[0, 1] = 3.0
    never_change = np.array([[0, -30], [-30, 0]], dtype=np.float32)
    transition = np.stack([never_change] * BONDS)
    path, belief = decode(emission, transition, np.zeros(n, dtype=np.int64))
    assert path.tolist() == [1] * n
    np.testing.assert_allclose(belief[:, 1], 1 / (1 + np.exp(-3.0)), atol=1e-4)


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
