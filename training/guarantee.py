"""The promise: above which confidence at most a stated share of values is wrong, and whether that promise holds.

Learn-then-test (Angelopoulos et al., "Learn then Test", 2021) with exact binomial bounds. Values of one document go
wrong together, and so do those of one owner's documents, so a sample counts for as many values as it is worth: the
bound is taken of counts divided by the design effect (Kish, "Survey Sampling", 1965) and some caution, because a few
errors say little of that effect and the documents to come are a sample themselves. The whole procedure is tried on
random splits by owner, and what fails there is tried again with more caution or not promised at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_STEPS = 200
_LEAST = 0.9
"""No value believed less is accepted, however good the mean of all: a reader of the record sees one value at a time."""
_ERRORS_FOR_EFFECT = 25
_CAUTION = (1.25, 2.0, 3.0)
_SPLITS = 200


def upper_bound(errors: float, count: float, certainty: float) -> float:
    """The exact one-sided upper bound of an error rate after `errors` of `count` (Clopper and Pearson, 1934).

    >>> round(upper_bound(0, 460, 0.9), 4)
    0.005
    """
    if errors >= count:
        return 1.0
    return float(beta.ppf(certainty, errors + 1, count - errors))


def fewest_values(max_error: float = 0.005, certainty: float = 0.9) -> int:
    """How many values, all right and each worth one of its own, `threshold_for` needs to promise anything at all.

    >>> fewest_values(0.005, 0.9)
    598
    """
    return math.ceil(math.log((1.0 - certainty) / 2) / math.log(1.0 - max_error))


def holds_as_much(made: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether what is promised of a model (`promise` by kind of input, and "all") covers all that is of another.

    Each kind for which the other has a threshold must have one, for as few errors with as much certainty.
    """
    for kind, theirs in other.items():
        ours = made.get(kind)
        if theirs.get("threshold") is None:
            continue
        if ours is None or ours.get("threshold") is None:
            return False
        if ours["max_error"] > theirs["max_error"] or ours["certainty"] < theirs["certainty"]:
            return False
    return True


def design_effect(wrong: Sequence[bool] | Bools, clusters: Sequence[str] | npt.NDArray[Any]) -> float:
    """By how much the variance of an error rate exceeds that of independent values; at least 1.

    >>> design_effect([True, True, False, False], ["a", "a", "b", "b"])
    2.0
    """
    bad = np.asarray(wrong, dtype=float)
    if not len(bad) or bad.mean() in (0.0, 1.0):
        return 1.0
    rate = float(bad.mean())
    _, group = np.unique(np.asarray(clusters), return_inverse=True)
    excess = np.bincount(group, bad - rate)
    return max(1.0, float((excess**2).sum() / (len(bad) * rate * (1.0 - rate))))


def threshold_for(
    confidences: Sequence[float] | Array,
    right: Sequence[bool] | Bools,
    max_error: float = 0.005,
    certainty: float = 0.9,
    clusters: Sequence[str] | npt.NDArray[Any] | None = None,
    caution: float = _CAUTION[0],
) -> float | None:
    """The lowest confidence t such that at most `max_error` of the values given t or more are wrong, None if none is.

    Thresholds are tested one after another from the top, each by the exact upper bound of its error rate, until the
    first that fails; the order is fixed beforehand, so that no correction is needed for their number. Two such
    sequences, one that begins with the smallest sample that could pass at all and one with four times as many values
    (which lets pass with a few errors), share the allowed doubt between them. `clusters` says which values belong
    together (an owner's): counts are divided by their design effect, times `caution`. Holds for documents like
    those given. No threshold lies below `_LEAST`.
    """
    score, good = np.asarray(confidences, dtype=float), np.asarray(right, dtype=bool)
    if not 0 < max_error < 1 or not 0 < certainty < 1:
        raise ValueError("max_error and certainty lie between 0 and 1")
    order = np.argsort(-score, kind="stable")
    score, bad = score[order], ~good[order]
    wrong = np.cumsum(bad)
    effect = 1.0
    if clusters is not None and len(score) and bad.any():
        enough = min(len(score), int(np.searchsorted(wrong, _ERRORS_FOR_EFFECT)) + 1)
        effect = caution * design_effect(bad[:enough], np.asarray(clusters)[order[:enough]])
    # only where the confidence falls can a threshold lie
    ends = np.append(np.flatnonzero(np.diff(score) < 0), len(score) - 1) if len(score) else np.array([], dtype=int)
    doubt = (1.0 - certainty) / 2
    fewest = math.ceil(effect * math.log(doubt) / math.log(1.0 - max_error))
    passed = [_test_downwards(score, wrong, ends, n, max_error, doubt, effect) for n in (fewest, 4 * fewest)]
    return min((value for value in passed if value is not None), default=None)


def _test_downwards(
    score: Array,
    wrong: npt.NDArray[np.intp],
    ends: npt.NDArray[np.intp],
    start: int,
    max_error: float,
    doubt: float,
    effect: float,
) -> float | None:
    """One sequence of tests at level `doubt`, from the first threshold with at least `start` values."""
    candidates = ends[(ends + 1 >= start) & (score[ends] >= _LEAST)]
    if len(candidates) > _STEPS:  # steps of even size; fewer tests cost no validity and little power
        candidates = candidates[np.unique(np.linspace(0, len(candidates) - 1, _STEPS).astype(int))]
    if not len(candidates):
        return None
    errors, counts = wrong[candidates] / effect, (candidates + 1) / effect
    with np.errstate(invalid="ignore"):
        bounds = np.where(errors >= counts, 1.0, beta.ppf(1.0 - doubt, errors + 1, counts - errors))
    failed = np.flatnonzero(~(bounds <= max_error))
    passed = int(failed[0]) if len(failed) else len(candidates)
    return float(score[candidates[passed - 1]]) if passed else None


@dataclass(slots=True)
class Judged:
    """Values with their confidence and whether they are right, and what they came from."""

    confidence: Array
    right: Bools
    documents: list[str]
    owners: list[str]
    kinds: list[str] = field(default_factory=list)

    def part(self, chosen: Bools | npt.NDArray[np.intp]) -> Judged:
        places = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Judged(
            self.confidence[places],
            self.right[places],
            [self.documents[i] for i in places],
            [self.owners[i] for i in places],
            [self.kinds[i] for i in places] if self.kinds else [],
        )


def promise(values: Judged, max_error: float, certainty: float, seed: int = 0) -> dict[str, Any]:
    """What can be promised of these values, as plain data.

    {"threshold": float or None, "max_error", "certainty", "values", "documents", "coverage" (share of values at or
    above the threshold), "error" (share of those that is wrong), "tried": see `try_promise`}.
    """
    for caution in _CAUTION:
        threshold = threshold_for(values.confidence, values.right, max_error, certainty, values.owners, caution)
        tried = try_promise(values, max_error, certainty, caution, seed=seed)
        if tried["exceeded"] <= 1.0 - certainty:
            break
    else:
        threshold = None  # it was broken too often on halves of these very owners
    taken = values.confidence >= threshold if threshold is not None else np.zeros(len(values.right), dtype=bool)
    return {
        "threshold": threshold,
        "max_error": max_error,
        "certainty": certainty,
        "values": len(values.right),
        "documents": len(set(values.documents)),
        "coverage": float(taken.mean()) if len(taken) else 0.0,
        "error": float((~values.right[taken]).mean()) if taken.any() else 0.0,
        "tried": tried,
    }


def try_promise(
    values: Judged,
    max_error: float,
    certainty: float,
    caution: float = _CAUTION[0],
    splits: int = _SPLITS,
    seed: int = 0,
) -> dict[str, float]:
    """The procedure on random halves of the owners: learn a threshold on one, measure the other.

    {"splits", "given": share of splits where any threshold could be promised, "exceeded": share of all splits in which
    more than `max_error` of the other half's accepted values were wrong, "coverage": mean share accepted}.
    """
    names, owners = np.unique(np.asarray(values.owners), return_inverse=True)
    if len(names) < 4:
        return {"splits": 0, "given": 0.0, "exceeded": 0.0, "coverage": 0.0}
    rng = np.random.default_rng(seed)
    given = exceeded = 0
    coverage: list[float] = []
    for _ in range(splits):
        learning = (rng.permutation(len(names)) < len(names) // 2)[owners]
        confidence, right = values.confidence[learning], values.right[learning]
        threshold = threshold_for(confidence, right, max_error, certainty, owners[learning], caution)
        if threshold is None:
            continue
        given += 1
        confidence, right = values.confidence[~learning], values.right[~learning]
        taken = confidence >= threshold
        coverage.append(float(taken.mean()) if len(taken) else 0.0)
        exceeded += bool(taken.any()) and float((~right[taken]).mean()) > max_error
    return {
        "splits": splits,
        "given": given / splits,
        "exceeded": exceeded / splits,
        "coverage": float(np.mean(coverage)) if coverage else 0.0,
    }


def said(promised: dict[str, Any]) -> str:
    """The promise in a sentence."""
    limit, certainty = f"{promised['max_error']:.2%}", f"{promised['certainty']:.0%}"
    if promised["threshold"] is None:
        return f"no threshold can promise at most {limit} wrong values with {certainty} certainty"
    return (
        f"at confidence {promised['threshold']:.4f} and above ({promised['coverage']:.1%} of values) at most {limit} "
        f"are wrong, with {certainty} certainty ({promised['values']} values of {promised['documents']} documents)"
    )
