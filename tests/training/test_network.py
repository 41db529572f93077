"""The network's gradients are its slopes, a step goes down, and what is stored gives the same scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from training.network import Adam, Network

RNG = np.random.default_rng(3)
X = csr_matrix((RNG.random((5, 4)) < 0.6).astype(np.float32))
ROWS = np.array([1, 2, 5, 7])
WISH = RNG.normal(size=(5, 3)).astype(np.float32)


def network(hidden: int) -> Network:
    made = Network.random(9, hidden, 3, np.random.default_rng(1))
    if made.linear:
        made.embedding += np.random.default_rng(2).normal(size=made.embedding.shape).astype(np.float32)
    return made


def loss(made: Network) -> float:
    _, scores = made.forward(X, ROWS, 0.0, RNG)
    return float((scores * WISH).sum())


@pytest.mark.parametrize("hidden", [0, 6])
def test_gradients_are_slopes(hidden: int) -> None:
    made = network(hidden)
    activations, _ = made.forward(X, ROWS, 0.0, RNG)
    into = made.backward(X, activations, 0.0, WISH)
    for parameter, gradient, rows in zip(made.parameters, into, [ROWS, None, None, None], strict=True):
        if made.linear and parameter is made.output:
            continue  # passes on, and is not learned
        for place in list(np.ndindex(gradient.shape))[:20]:
            real = (int(rows[place[0]]), *place[1:]) if rows is not None else place
            kept, values = parameter[real], []
            for change in (0.01, -0.01):
                parameter[real] = kept + np.float32(change)
                values.append(loss(made))
            parameter[real] = kept
            if made.linear and parameter is made.output_bias:
                continue
            assert gradient[place] == pytest.approx((values[0] - values[1]) / 0.02, abs=2e-2)


@pytest.mark.parametrize("hidden", [0, 6])
def test_what_is_stored_gives_the_same_scores_and_can_be_taken_up_again(hidden: int) -> None:
    made = network(hidden)
    embedding, hidden_bias, output, output_bias = made.stored()
    scores = np.maximum(X @ embedding[ROWS] + hidden_bias, 0.0) @ output + output_bias
    np.testing.assert_allclose(scores, made.forward(X, ROWS, 0.0, RNG)[1], atol=1e-5)
    again = Network.from_stored(embedding, hidden_bias, output, output_bias)
    assert again.linear == made.linear
    for one, other in zip(again.parameters, made.parameters, strict=True):
        np.testing.assert_array_equal(one, other)


def test_steps_go_down_and_leave_other_rows_alone() -> None:
    made = network(6)
    before, other_rows = made.embedding.copy(), [0, 3, 4, 6, 8]
    optimizer, first = Adam(), loss(made)
    for _ in range(20):
        activations, _ = made.forward(X, ROWS, 0.0, RNG)
        gradients = made.backward(X, activations, 0.0, WISH)
        optimizer.update(made.parameters, gradients, [ROWS, None, None, None], 0.01)
    assert loss(made) < first
    np.testing.assert_array_equal(made.embedding[other_rows], before[other_rows])
    assert (made.embedding[ROWS] != before[ROWS]).any()
