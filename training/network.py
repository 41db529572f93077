"""The network under the chain while it is trained: hashed features, one hidden layer or none, states; Adam."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(slots=True)
class Adam:
    """Adam (Kingma and Ba 2015) in place, on arrays that stay the same objects.

    The moments of rows that a step does not touch stay as they are, so that a step costs what it touches.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    _step: int = 0
    _moments: list[tuple[Floats, Floats]] = field(default_factory=list)

    def update(self, parameters: list[Floats], gradients: list[Floats], rows: list[Rows | None], rate: float) -> None:
        """One step down the gradients; where `rows` names some, gradients are those of these rows alone."""
        if not self._moments:
            self._moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        self._step += 1
        size = np.float32(rate * np.sqrt(1 - self.beta2**self._step) / (1 - self.beta1**self._step))
        for parameter, gradient, touched, (mean, square) in zip(
            parameters, gradients, rows, self._moments, strict=True
        ):
            at = touched if touched is not None else slice(None)
            m = mean[at] * np.float32(self.beta1) + np.float32(1 - self.beta1) * gradient
            s = square[at] * np.float32(self.beta2) + np.float32(1 - self.beta2) * (gradient * gradient)
            mean[at], square[at] = m, s
            np.sqrt(s, out=s)
            s += np.float32(self.epsilon)
            m /= s
            m *= size
            parameter[at] -= m


@dataclass(slots=True)
class Network:
    """`embedding` (features, hidden); `hidden_bias` (hidden,); `output` (hidden, states); `output_bias` (states,).

    `linear`: no hidden layer; the embedding holds the scores of the states, and the output passes them on.
    """

    embedding: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    linear: bool = False

    @classmethod
    def random(cls, features: int, hidden: int, states: int, rng: np.random.Generator) -> Network:
        """Small random weights (Glorot and Bengio 2010); without hidden units all begin at zero."""
        if not hidden:
            zeros = np.zeros((features, states), dtype=np.float32)
            one = np.eye(states, dtype=np.float32)
            return cls(zeros, np.zeros(states, dtype=np.float32), one, np.zeros(states, dtype=np.float32), True)

        def layer(rows: int, columns: int) -> Floats:
            bound = np.sqrt(6.0 / (rows + columns))
            return rng.uniform(-bound, bound, (rows, columns)).astype(np.float32)

        return cls(
            layer(features, hidden),
            np.zeros(hidden, dtype=np.float32),
            layer(hidden, states),
            np.zeros(states, dtype=np.float32),
        )

    @classmethod
    def from_stored(cls, embedding: Floats, hidden_bias: Floats, output: Floats, output_bias: Floats) -> Network:
        """The network whose `stored` these arrays are (copies)."""
        states = output.shape[1]
        one = np.eye(states, dtype=np.float32)
        if np.array_equal(output, np.vstack([one, -one])):
            return cls(embedding[:, :states].copy(), hidden_bias[:states].copy(), one, output_bias.copy(), True)
        return cls(embedding.copy(), hidden_bias.copy(), output.copy(), output_bias.copy())

    @property
    def parameters(self) -> list[Floats]:
        return [self.embedding, self.hidden_bias, self.output, self.output_bias]

    def forward(self, x: csr_matrix, rows: Rows, dropout: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """(hidden activations (n, hidden), scores (n, states)); `x` (n, len(rows)) holds the features in `rows`."""
        hidden = np.asarray(x @ self.embedding[rows]) + self.hidden_bias
        if self.linear:
            return hidden, hidden
        np.maximum(hidden, 0.0, out=hidden)
        if dropout:
            hidden *= (rng.random(hidden.shape, dtype=np.float32) >= dropout) / np.float32(1.0 - dropout)
        return hidden, hidden @ self.output + self.output_bias

    def backward(self, x: csr_matrix, hidden: Floats, dropout: float, gradient: Floats) -> list[Floats]:
        """Gradients of the parameters (of the embedding: of the rows in use) from those of the scores."""
        if self.linear:
            into_hidden = gradient
            into_output, into_bias = np.zeros_like(self.output), np.zeros_like(self.output_bias)
        else:
            into_hidden = (gradient @ self.output.T) * (hidden > 0)
            if dropout:
                into_hidden /= np.float32(1.0 - dropout)
            into_output, into_bias = hidden.T @ gradient, gradient.sum(axis=0)
        return [np.asarray(x.T @ into_hidden, dtype=np.float32), into_hidden.sum(axis=0), into_output, into_bias]

    def stored(self) -> tuple[Floats, Floats, Floats, Floats]:
        """(embedding, hidden_bias, output, output_bias) of a network with a hidden layer that gives the same scores.

        Without one: a = max(a, 0) - max(-a, 0).
        """
        if not self.linear:
            return self.embedding, self.hidden_bias, self.output, self.output_bias
        return (
            np.hstack([self.embedding, -self.embedding]),
            np.concatenate([self.hidden_bias, -self.hidden_bias]),
            np.vstack([self.output, -self.output]),
            self.output_bias,
        )
