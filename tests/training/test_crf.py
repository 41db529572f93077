"""Loss and gradients of the chain are those that summing over all paths gives."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.crf import UNBOUND, chain_loss

STEPS, WINDOWS, STATES, BONDS = 4, 3, 3, 4


@dataclass
class Case:
    emission: NDArray[np.float32]
    transition: NDArray[np.float32]
    bond: NDArray[np.int64]
    target: NDArray[np.int64]
    clamped: NDArray[np.bool_]
    weight: NDArray[np.float32]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.5, 3.0]))
    bond = rng.integers(0, BONDS, (STEPS, WINDOWS))
    bond[0] = UNBOUND
    bond[-1, 0] = UNBOUND  # padding follows nothing
    clamped = rng.random((STEPS, WINDOWS)) < 0.25
    clamped[-1, 0] = True
    return Case(
        rng.normal(0, scale, (STEPS, WINDOWS, STATES)).astype(np.float32),
        rng.normal(0, scale, (BONDS, STATES, STATES)).astype(np.float32),
        bond,
        rng.integers(0, STATES, (STEPS, WINDOWS)),
        clamped,
        rng.uniform(0.5, 3.0, WINDOWS).astype(np.float32),
    )


def path_score(case: Case, window: int, path: tuple[int, ...]) -> float:
    score = 0.0
    for step, state in enumerate(path):
        if not case.clamped[step, window]:
            score += float(case.emission[step, window, state])
        if case.bond[step, window] != UNBOUND:
            score += float(case.transition[case.bond[step, window], path[step - 1], state])
    return score


def losses(case: Case) -> NDArray[np.float64]:
    out = []
    for window in range(WINDOWS):
        gold = tuple(map(int, case.target[:, window]))
        known = case.clamped[:, window]
        paths = [
            path
            for path in itertools.product(range(STATES), repeat=STEPS)
            if all(state == gold[step] for step, state in enumerate(path) if known[step])
        ]
        total = np.logaddexp.reduce([path_score(case, window, path) for path in paths])
        out.append(total - path_score(case, window, gold))
    return np.array(out)


def slope(case: Case, name: str) -> NDArray[np.float64]:
    """Numerical gradient of the weighted loss."""
    array = getattr(case, name)
    out = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        kept, values = array[place], []
        for change in (0.01, -0.01):
            array[place] = kept + np.float32(change)
            values.append(float(losses(case) @ case.weight))
        array[place] = kept
        out[place] = (values[0] - values[1]) / 0.02
    return out


@given(cases())
def test_the_loss_is_what_all_paths_give(case: Case) -> None:
    found, _, _ = chain_loss(case.emission, case.transition, case.bond, case.target, case.clamped, case.weight)
    np.testing.assert_allclose(found, losses(case), atol=1e-3)


@settings(max_examples=8, deadline=None)
@given(cases())
def test_the_gradients_are_the_slopes_of_the_loss(case: Case) -> None:
    _, emission, transition = chain_loss(
        case.emission, case.transition, case.bond, case.target, case.clamped, case.weight
    )
    np.testing.assert_allclose(emission, slope(case, "emission"), atol=5e-3)
    np.testing.assert_allclose(transition, slope(case, "transition"), atol=1e-2)


@given(cases())
def test_known_tokens_teach_the_classifier_nothing(case: Case) -> None:
    _, emission, _ = chain_loss(case.emission, case.transition, case.bond, case.target, case.clamped)
    assert (emission[case.clamped] == 0).all()
    np.testing.assert_allclose(emission.sum(axis=2), 0.0, atol=1e-4)
