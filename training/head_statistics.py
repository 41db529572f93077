"""Learns how a line of an owner's and an issuer's name is cut in two; prints the weights for `assembly.side_by_side`.

    python -m training.head_statistics FILINGS…

FILINGS are ownership XML files or folders of them. Every owner is put before every issuer's name once in a while, so
that the weights learn what names look like and not who works where; signatures are the owner's, tickers the issuer's,
each lost now and then. A conditional logit over the places between words; cross-validated by owner and issuer.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from extractor.assembly.side_by_side import signs
from extractor.checking.rule import value_of
from training.code_statistics import filings_of

_STRENGTH = 0.02
_PAIRS = 12
_FOLDS = 5
Line = tuple[list[list[str]], int, int]
"""(signs of every place, index of the right one, fold)"""


def examples(paths: Sequence[Path], seed: int = 1) -> list[Line]:
    rng = random.Random(seed)
    owners: dict[str, str] = {}
    issuers: dict[str, str] = {}
    for filing in filings_of(paths):
        issuer, ticker = value_of(filing.issuer.name), value_of(filing.issuer.ticker)
        if issuer:
            issuers[str(issuer)] = str(ticker or "")
        signed = " ".join(str(value_of(signature.name) or "") for signature in filing.signatures)
        for owner in filing.reporting_owners:
            if value_of(owner.name):
                owners[str(value_of(owner.name))] = signed
    lines: list[Line] = []
    for name, signed in sorted(owners.items()):
        for issuer in rng.sample(sorted(issuers), min(_PAIRS, len(issuers))):
            left, right = name.split(), issuer.split()
            ticker = issuers[issuer] if rng.random() < 0.85 else ""
            words = set(re.findall(r"[a-z]+", signed.casefold())) if rng.random() < 0.8 else set()
            both = left + right
            places = [signs(both, place, ticker, words) for place in range(1, len(both))]
            lines.append((places, len(left) - 1, (sum(name.encode()) + sum(issuer.encode())) % _FOLDS))
    return lines


def fit(lines: Sequence[Line]) -> dict[str, float]:
    """The weights of the signs."""
    names = sorted({sign for places, _, _ in lines for place in places for sign in place})
    number = {name: i for i, name in enumerate(names)}
    matrices = []
    for places, right, _ in lines:
        matrix = np.zeros((len(places), len(names)))
        for at, place in enumerate(places):
            for sign in place:
                matrix[at, number[sign]] += 1
        matrices.append((matrix, right))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(weights)
        for matrix, right in matrices:
            score = matrix @ weights
            score -= score.max()
            chance = np.exp(score)
            chance /= chance.sum()
            total -= float(np.log(chance[right]))
            slope += chance @ matrix - matrix[right]
        count = len(matrices)
        return total / count + _STRENGTH * 0.05 * float(weights @ weights), slope / count + _STRENGTH * 0.1 * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return dict(zip(names, (float(weight) for weight in best), strict=True))


def right_share(lines: Sequence[Line], weights: dict[str, float], least: float = 0.0) -> tuple[float, float]:
    """(share of lines cut with at least that probability, share of these cut rightly)."""
    given = right = 0
    for places, where, _ in lines:
        score = np.array([sum(weights.get(sign, 0.0) for sign in place) for place in places])
        chance = np.exp(score - score.max())
        chance /= chance.sum()
        if chance.max() >= least:
            given += 1
            right += int(chance.argmax()) == where
    return given / max(1, len(lines)), right / max(1, given)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("filings", nargs="+", type=Path)
    options = parser.parse_args(argv)
    lines = examples(options.filings)
    for least in (0.0, 0.5, 0.7, 0.9):
        figures = []
        for fold in range(_FOLDS):
            weights = fit([line for line in lines if line[2] != fold])
            figures.append(right_share([line for line in lines if line[2] == fold], weights, least))
        given, right = np.mean(figures, axis=0)
        print(f"# at {least:.1f}: {given:.3f} given, {right:.3f} of them right")
    for name, weight in sorted(fit(lines).items()):
        print(f'    "{name}": {weight:.2f},')
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
