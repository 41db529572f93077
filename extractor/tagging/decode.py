"""Sequence decoding over the classifier's probabilities.

The classifier looks at each token alone; the path is found by a first-order chain whose transitions say how much more
often one label follows another than chance would have it. Transitions are kept apart by how the two tokens hang
together (see Layout.bond): inside a line segment labels rarely change, between rows they often do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BONDS = 4


def viterbi(emission: Floats, transition: Floats, bond: NDArray[np.int64]) -> NDArray[np.int64]:
    """Best path. `emission` (n, labels) log scores, `transition` (BONDS, labels, labels), `bond` (n,) per step."""
    n, labels = emission.shape
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    back = np.zeros((n, labels), dtype=np.int64)
    score = emission[0].copy()
    for i in range(1, n):
        steps = score[:, None] + transition[bond[i]]
        back[i] = steps.argmax(axis=0)
        score = steps[back[i], np.arange(labels)] + emission[i]
    path = np.zeros(n, dtype=np.int64)
    path[-1] = int(score.argmax())
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def marginals(emission: Floats, transition: Floats, bond: NDArray[np.int64]) -> Floats:
    """Probability of every label at every token given the whole sequence (forward-backward); rows sum to one."""
    n, labels = emission.shape
    if n == 0:
        return emission
    weights = np.exp(transition - transition.max(axis=(1, 2), keepdims=True))
    local = np.exp(emission - emission.max(axis=1, keepdims=True))
    forward = np.empty((n, labels), dtype=np.float64)
    backward = np.empty((n, labels), dtype=np.float64)
    forward[0] = local[0] / local[0].sum()
    for i in range(1, n):
        step = (forward[i - 1] @ weights[bond[i]]) * local[i]
        forward[i] = step / max(step.sum(), 1e-300)
    backward[-1] = 1.0
    for i in range(n - 2, -1, -1):
        step = weights[bond[i + 1]] @ (backward[i + 1] * local[i + 1])
        backward[i] = step / max(step.sum(), 1e-300)
    joint = forward * backward
    return np.asarray(joint / np.maximum(joint.sum(axis=1, keepdims=True), 1e-300), dtype=np.float32)
