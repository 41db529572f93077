"""Makes the network that reads runs of print (`extractor/readers/linenet.npz`) from scans of our own making.

    pip install "form4[reader]"
    python -m training.linenet [--out FILE] [--strips N] [--steps N] [--seed S]

Runs of print come from `training.strips`. The network is trained with CTC loss (Graves et al. 2006) and batch
normalisation, which is folded into its weights before they are stored: reading takes numpy alone. The present network
decides which superscripts are cut from their lines, as in the product (the first runs were cut by a reader of single
glyphs, since dropped). About 8 minutes of one core to draw and cut the runs, 13 to learn.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from extractor.readers.linenet import CHARACTERS, LAYERS, ROWS, LineNet, Reading, prepared
from training.strips import LEVELS, LONGEST, Strip, strips

Array = np.ndarray[Any, Any]
Weights = dict[str, Any]

_WIDTHS = (40, 72, 112, 176, 320)  # columns that batches are padded to: one program is compiled for each
_COLUMNS = 3_200  # columns of a batch, padding included
_RATE = 3e-3
_MOMENTUM = 0.95  # of the running means and variances
_EPSILON = 1e-3


@dataclass(slots=True)
class Batch:
    """Strips (n, ROWS, columns, 1) of one width and their texts as class numbers (n, longest), 0 behind their ends."""

    x: Array
    labels: Array


def batches(all_strips: Sequence[Strip], rng: np.random.Generator, vary: bool = True) -> Iterator[Batch]:
    """All strips once, in random order, those of about one width together."""
    by_width: dict[int, list[int]] = defaultdict(list)
    for index in rng.permutation(len(all_strips)):
        strip = all_strips[index]
        width = next((w for w in _WIDTHS if w >= strip.ink.shape[1] + 2), 0)
        if width and 2 * _frames(strip.text) <= width:
            by_width[width].append(int(index))
    chunks = []
    for width, members in by_width.items():
        size = max(8, _COLUMNS // width)
        chunks += [(width, members[k : k + size]) for k in range(0, len(members) - size + 1, size)]
    for number in rng.permutation(len(chunks)):
        width, members = chunks[number]
        x = np.zeros((len(members), ROWS, width, 1), np.float32)
        labels = np.zeros((len(members), LONGEST), np.int32)
        for row, index in enumerate(members):
            strip = all_strips[index]
            ink = varied(strip.ink, rng, width) if vary else strip.ink
            at = int(rng.integers(0, width - ink.shape[1] + 1)) if vary else 0
            x[row, :, at : at + ink.shape[1], 0] = prepared(ink)
            labels[row, : len(strip.text)] = [CHARACTERS.index(c) + 1 for c in strip.text]
        yield Batch(x, labels)


def _frames(text: str) -> int:
    """The fewest columns of answers that a text needs: the same character twice has a blank between."""
    return len(text) + sum(a == b for a, b in itertools.pairwise(text))


def varied(ink: Array, rng: np.random.Generator, widest: int) -> Array:
    """A strip resized, moved, made bolder or thinner, paler, or noisier, a little, so that no two are the same."""
    import cv2

    across = min(float(rng.uniform(0.85, 1.18)), (widest - 1) / ink.shape[1])
    along = float(rng.uniform(0.9, 1.12))
    slant = float(rng.normal(0, 0.04))
    move = float(rng.uniform(-1.3, 1.3)) + (1 - along) * 23
    columns = max(8, round(ink.shape[1] * across))
    place = np.array([[across, slant, -slant * 16], [0, along, move]], np.float32)
    ink = np.asarray(cv2.warpAffine(ink, place, (columns, ROWS), flags=cv2.INTER_LINEAR))
    kind = rng.random()
    if kind < 0.08:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.4, 1.0))))
    elif kind < 0.16:
        soft = cv2.GaussianBlur(ink, (0, 0), 0.7).astype(np.float32)
        ink = np.clip((soft - 128) * float(rng.uniform(1.2, 3)) + float(rng.uniform(70, 180)), 0, 255).astype(np.uint8)
        ink[soft < 8] = 0
    elif kind < 0.22:
        ink = np.clip(ink + rng.normal(0, 14, ink.shape) * (ink > 4), 0, 255).astype(np.uint8)
    if rng.random() < 0.06:  # the remnant of a rule at an edge
        row = int(rng.integers(0, ROWS))
        x0 = int(rng.integers(0, max(1, columns - 6)))
        ink = ink.copy()
        ink[row : row + 1, x0 : x0 + int(rng.integers(4, 40))] = int(rng.integers(60, 255))
    return ink


# ------------------------------------------------------------------------------------------------------------ training


def first_weights(rng: np.random.Generator) -> tuple[Weights, Weights]:
    """Weights (He et al. 2015) and the running means and variances of the normalised layers."""
    weights: Weights = {}
    running: Weights = {}
    for number, layer in enumerate(LAYERS):
        rows, columns, before, after = layer.shape
        spread = (2.0 / (rows * columns * before)) ** 0.5
        weights[f"w{number}"] = rng.normal(0, spread, layer.shape).astype(np.float32)
        weights[f"b{number}"] = np.zeros(after, np.float32)
        if number + 1 < len(LAYERS):
            weights[f"g{number}"] = np.ones(after, np.float32)
            running[f"m{number}"] = np.zeros(after, np.float32)
            running[f"v{number}"] = np.ones(after, np.float32)
    weights["b" + str(len(LAYERS) - 1)][0] = 1.0
    return weights, running


def forward(weights: Weights, x: Any) -> tuple[Any, Weights]:
    """Scores (n, columns / 2, classes) of strips, and the means and variances of the batch by layer."""
    import jax
    import jax.numpy as jnp

    seen: Weights = {}
    for number, layer in enumerate(LAYERS):
        rows, columns = layer.shape[:2]
        pad = ((0, 0) if layer.collapse else (rows // 2, rows // 2), (columns // 2, columns // 2))
        y = jax.lax.conv_general_dilated(
            x, weights[f"w{number}"], (1, 1), pad, dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        if number + 1 == len(LAYERS):
            return (y + weights[f"b{number}"])[:, 0], seen
        mean = y.mean((0, 1, 2))
        variance = jnp.square(y).mean((0, 1, 2)) - mean * mean
        seen[f"m{number}"], seen[f"v{number}"] = mean, variance
        y = (y - mean) * (weights[f"g{number}"] / jnp.sqrt(variance + _EPSILON)) + weights[f"b{number}"]
        y = jax.nn.relu(y)
        if layer.residual:
            y = y + x
        if layer.pool != (1, 1):
            a, b = layer.pool
            n, h, w, c = y.shape
            y = y.reshape(n, h // a, a, w // b, b, c).max((2, 4))
        x = y
    raise AssertionError("no layers")


def fit(train: Sequence[Strip], steps: int, seed: int, held: Sequence[Strip] = ()) -> dict[str, Array]:
    """The folded weights after so many steps of Adam with a rate that falls along a cosine; the same seed, the same."""
    import jax
    import jax.numpy as jnp
    import optax

    rng = np.random.default_rng(seed)
    weights, running = first_weights(rng)
    schedule = optax.warmup_cosine_decay_schedule(_RATE / 20, _RATE, min(300, steps // 5), steps, _RATE / 300)
    optimiser = optax.chain(optax.clip_by_global_norm(5.0), optax.adamw(schedule, weight_decay=1e-4))
    state = optimiser.init(weights)

    def loss(weights: Weights, x: Any, labels: Any) -> tuple[Any, Weights]:
        scores, seen = forward(weights, x)
        empty = jnp.zeros(scores.shape[:2])
        return optax.ctc_loss(scores, empty, labels, (labels == 0).astype(jnp.float32)).mean(), seen

    @jax.jit
    def step(weights: Weights, running: Weights, state: Any, x: Any, labels: Any) -> tuple[Any, ...]:
        (value, seen), slope = jax.value_and_grad(loss, has_aux=True)(weights, x, labels)
        change, state = optimiser.update(slope, state, weights)
        weights = optax.apply_updates(weights, change)
        running = {k: _MOMENTUM * v + (1 - _MOMENTUM) * seen[k] for k, v in running.items()}
        return weights, running, state, value

    done, began, mean = 0, time.process_time(), 0.0
    while done < steps:
        for batch in batches(train, rng):
            weights, running, state, value = step(weights, running, state, batch.x, batch.labels)
            mean = 0.98 * mean + 0.02 * float(value) if done else float(value)
            done += 1
            if done % 250 == 0:
                told = f"; held out {accuracy(LineNet(folded(weights, running)), held)['all']:.4f}" if held else ""
                print(f"step {done}: loss {mean:.3f}{told}, {time.process_time() - began:.0f} s", flush=True)
            if done >= steps:
                break
    return folded(weights, running)


def folded(weights: Weights, running: Weights) -> dict[str, Array]:
    """Weights with the normalisation in them, as `LineNet` takes them."""
    out = {}
    for number in range(len(LAYERS)):
        w, b = np.asarray(weights[f"w{number}"]), np.asarray(weights[f"b{number}"])
        if number + 1 < len(LAYERS):
            scale = np.asarray(weights[f"g{number}"]) / np.sqrt(np.asarray(running[f"v{number}"]) + _EPSILON)
            w, b = w * scale, b - np.asarray(running[f"m{number}"]) * scale
        out[f"w{number}"], out[f"b{number}"] = w.astype(np.float16), b.astype(np.float32)
    return out


def accuracy(net: LineNet, held: Sequence[Strip]) -> dict[str, float]:
    """The share of strips read without any fault, by level and of "all"; blanks do not count."""
    right: dict[str, list[bool]] = defaultdict(list)
    for strip, scores in zip(held, net.scores([s.ink for s in held]), strict=True):
        fine = Reading(scores, 0.0, 1.0, (0.0, 0.0)).likeliest().text == strip.text.replace(" ", "")
        right["all"].append(fine)
        right[strip.level].append(fine)
    return {level: float(np.mean(right[level])) for level in ("all", *LEVELS) if level in right}


def main(argv: list[str] | None = None) -> int:
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    here = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=here / "extractor" / "readers" / "linenet.npz")
    parser.add_argument("--strips", type=int, default=80_000)
    parser.add_argument("--steps", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    began = time.process_time()
    train, held = list(strips(args.strips, args.seed)), list(strips(4_000, args.seed + 900))
    print(f"{len(train)} runs of print, {len(held)} held out: {time.process_time() - began:.0f} s", flush=True)
    stored = fit(train, args.steps, args.seed, held)
    arrays: dict[str, Any] = {"characters": np.array(list(CHARACTERS)), **stored}
    np.savez_compressed(args.out, **arrays)
    for level, share in accuracy(LineNet.load(args.out), held).items():
        print(f"{level:16} {share:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
