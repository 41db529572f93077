"""The loss of a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) over many windows at once.

A window is a stretch of a document. Its borders are tokens with their true states (clamped), so that the windows of a
document together are a composite likelihood: consistent, and cheap, since all windows take each step together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
UNBOUND = -1  # bond of a token that follows nothing: the first of a window, or padding

_FAR = 45.0  # a state that lies further behind the best one counts as if it lay here
_LEAST = np.float32(1e-30)


def chain_loss(
    emission: Floats, transition: Floats, bond: Ints, target: Ints, clamped: Bools, weight: Floats | None = None
) -> tuple[NDArray[np.float64], Floats, Floats]:
    """Negative log likelihood of every window, and the gradients of emissions and transitions.

    `emission` (steps, windows, states); `transition` (bonds, states, states); `bond`, `target`, `clamped` (steps,
    windows). Clamped tokens are known: their emissions do not count, what they say of their neighbours does. Returns
    losses (windows,) and, of the sum of losses each times its `weight` (windows,), the gradients (steps, windows,
    states) and (bonds, states, states).
    """
    steps, windows, states = emission.shape
    bonds = len(transition)
    rows = np.arange(windows)
    counts = np.ones(windows, dtype=np.float32) if weight is None else weight
    free = ~clamped
    height = np.where(clamped, 0.0, emission.max(axis=2)).astype(np.float32)
    local = np.exp(np.maximum(emission - emission.max(axis=2, keepdims=True), -_FAR))
    local[clamped] = 0.0
    local[clamped, target[clamped]] = 1.0
    summit = transition.max(axis=(1, 2))
    weights = np.exp(transition - summit[:, None, None])
    unbound = bond < 0
    kind = np.where(unbound, 0, bond)

    forward = np.empty_like(local)
    moved = np.ones_like(local)
    scale = np.empty((steps, windows), dtype=np.float32)
    onward = np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(states, -1))
    state = np.ones((windows, states), dtype=np.float32)
    for t in range(steps):
        if t:
            here = (state @ onward).reshape(windows, bonds, states)[rows, kind[t]]
            here[unbound[t]] = 1.0
            moved[t] = here
        state = moved[t] * local[t]
        scale[t] = np.maximum(state.sum(axis=1), _LEAST)
        state = state / scale[t][:, None]
        forward[t] = state

    follow = local  # local evidence times what comes after, in place of the local evidence
    joint = forward
    gradient_transition = np.zeros_like(transition)
    backward = np.ones((windows, states), dtype=np.float32)
    inward = np.ascontiguousarray(weights.transpose(2, 0, 1).reshape(states, -1))
    before = np.empty_like(local)
    before[0] = 0.0
    before[1:] = forward[:-1]
    for t in range(steps - 1, -1, -1):
        joint[t] = forward[t] * backward
        follow[t] *= backward
        if t:
            backward = (follow[t] @ inward).reshape(windows, bonds, states)[rows, kind[t]]
            backward[unbound[t]] = 1.0
            backward = backward / np.maximum(backward.sum(axis=1, keepdims=True), _LEAST)
    joint /= np.maximum(joint.sum(axis=2, keepdims=True), _LEAST)

    for k in range(bonds):
        on = (~unbound) & (kind == k)
        if on.any():
            ahead = follow[on]
            on_weight = np.broadcast_to(counts, on.shape)[on][:, None]
            norm = np.maximum((moved[on] * ahead).sum(axis=1, keepdims=True), _LEAST)
            gradient_transition[k] = weights[k] * (before[on].T @ (ahead * (on_weight / norm)))
    step, window = np.nonzero(~unbound)
    previous = target[step - 1, window]
    np.subtract.at(gradient_transition, (bond[step, window], previous, target[step, window]), counts[window])

    total = np.log(scale.astype(np.float64)) + height + np.where(unbound, 0.0, summit[kind])
    gold = np.where(free, np.take_along_axis(emission, target[:, :, None], axis=2)[:, :, 0], 0.0).astype(np.float64)
    gold[step, window] += transition[bond[step, window], previous, target[step, window]]
    loss = total.sum(axis=0) - gold.sum(axis=0)
    gradient = joint
    np.put_along_axis(gradient, target[:, :, None], np.take_along_axis(gradient, target[:, :, None], 2) - 1.0, 2)
    gradient[clamped] = 0.0
    gradient *= counts[:, None]
    return loss, gradient, gradient_transition
