"""Fits confidence: regressions a group of fields, monotone curves, and the threshold with a guarantee.

Everything is fitted on filings that the tagger has not seen; samples come from `training.comparing.compare`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import beta
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from extractor.confidence.model import ConfidenceModel, GroupModel, Knots, feature, joint
from training.comparing import FieldSample, Samples, Signals, compare

__all__ = ["Samples", "compare", "fit_confidence", "fit_knots", "threshold_for"]

_FEWEST = 120  # samples of a group, below which it shares the weights of all
_FEWEST_ERRORS = 8
_FEWEST_FOR_CURVE = 300
_FOLDS = 5
_RARE = 12  # a signal that fewer samples have is left out
_REGULARISATION = 0.5
Array = npt.NDArray[np.float64]


def fit_confidence(samples: Samples, seed: int = 0) -> ConfidenceModel:
    """A model fitted on labelled values, rows and records.

    Groups with too few samples or errors take the weights fitted on all groups together, and where even those have
    not two classes the hand-set weights of `ConfidenceModel.default()` stay. Curves are fitted on predictions for
    documents left out (5 folds by document). ValueError without any field sample.
    """
    if not samples.fields:
        raise ValueError("no labelled values to fit confidence on")
    model = ConfidenceModel.default()
    pooled = _fit_group([sample for sample in samples.fields if sample.group != "absent"], seed)
    for group in model.groups:
        mine = [sample for sample in samples.fields if sample.group == group]
        wrong = sum(not sample.right for sample in mine)
        if len(mine) >= _FEWEST and min(wrong, len(mine) - wrong) >= _FEWEST_ERRORS:
            fitted = _fit_group(mine, seed)
        else:
            fitted = pooled if group != "absent" else None
        if fitted is not None:
            model.groups[group] = fitted
    if samples.rows:
        joints = [joint([model.field(signals, group) for group, signals in row.values]) for row in samples.rows]
        model.row_knots = fit_knots(joints, [row.right for row in samples.rows])
    if samples.records:
        parts = [
            [model.field(signals, group) for group, signals in record.header]
            + [model.row([model.field(signals, group) for group, signals in row]) for row in record.rows]
            for record in samples.records
        ]
        model.record_knots = fit_knots(
            [joint(values) for values in parts], [record.right for record in samples.records]
        )
    model.fitted = True
    return model


def _fit_group(samples: Sequence[FieldSample], seed: int) -> GroupModel | None:
    right = np.array([sample.right for sample in samples], dtype=bool)
    if len(samples) < 20 or right.all() or not right.any():
        return None
    names = _names(samples)
    table = np.array([[feature(name, sample.signals) for name in names] for sample in samples])
    intercept, weights = _regression(table, right)
    model = GroupModel(intercept, dict(zip(names, map(float, weights), strict=True)))
    if len(samples) >= _FEWEST_FOR_CURVE:
        unseen = np.empty(len(samples))
        for inside, outside in _folds([sample.document for sample in samples], seed):
            if right[inside].all() or not right[inside].any():
                unseen[outside] = right[inside].mean()
                continue
            a, b = _regression(table[inside], right[inside])
            unseen[outside] = 1.0 / (1.0 + np.exp(-np.clip(a + table[outside] @ b, -30, 30)))
        model.knots = fit_knots(unseen, right)
    return model


def _names(samples: Sequence[FieldSample]) -> list[str]:
    """Signals that enough samples have and that are not the same everywhere."""
    counts: dict[str, int] = {}
    for sample in samples:
        for name, value in sample.signals.items():
            if value:
                counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= _RARE)


def _regression(table: Array, right: npt.NDArray[np.bool_]) -> tuple[float, Array]:
    """Intercept and weights in the features' own units; regularised in standard units."""
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)  # a constant feature gets no weight
    fitted = LogisticRegression(C=_REGULARISATION, max_iter=500).fit((table - mean) / spread, right)
    weights = fitted.coef_[0] / spread
    return float(fitted.intercept_[0] - weights @ mean), weights


def _folds(documents: Sequence[str], seed: int) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Folds that keep a document's values together; by value where there are too few documents."""
    names = sorted(set(documents))
    rng = np.random.default_rng(seed)
    if len(names) >= _FOLDS:
        fold_of = dict(zip(names, rng.permutation(len(names)) % _FOLDS, strict=True))
        fold = np.array([fold_of[name] for name in documents])
    else:
        fold = rng.integers(0, _FOLDS, len(documents))
    for number in range(_FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(outside):
            yield inside, outside


def fit_knots(
    predicted: Sequence[float] | Array, right: Sequence[bool] | npt.NDArray[np.bool_], bins: int = 24
) -> Knots:
    """A monotone curve from predicted to true probability.

    Isotonic regression over bins of equal count, drawn as straight lines so that the order within a bin survives, and
    drawn a little away from 0 and 1, which no finite sample can show. Empty (the identity) for fewer than 10 samples.
    """
    x, y = np.asarray(predicted, dtype=float), np.asarray(right, dtype=float)
    if len(x) < 10:
        return []
    order = np.argsort(x, kind="stable")
    parts = np.array_split(order, max(2, min(bins, len(x) // 25)))
    centres = np.array([x[part].mean() for part in parts])
    sizes = np.array([len(part) for part in parts], dtype=float)
    # half a success and half a failure in each bin: what was never wrong in 40 values is not certain
    heights = np.array([(y[part].sum() + 0.5) / (len(part) + 1.0) for part in parts])
    level = IsotonicRegression().fit_transform(centres, heights, sample_weight=sizes)
    tie_break = 1e-4 * np.arange(len(level)) / len(level)  # keeps the order where isotonic regression pools
    level = np.clip(level + tie_break, 0.0, 0.9999)
    low, high = float(level[0]), float(level[-1])
    knots = [(0.0, low * 0.5)] if centres[0] > 0 else []
    knots += [(float(a), float(b)) for a, b in zip(centres, level, strict=True)]
    return [*knots, (1.0, high + (1.0 - high) * 0.5)] if centres[-1] < 1 else knots


def threshold_for(
    confidences: Sequence[float] | Array,
    right: Sequence[bool] | npt.NDArray[np.bool_],
    max_error: float = 0.005,
    certainty: float = 0.9,
) -> float | None:
    """The lowest confidence t such that at most `max_error` of the values given t or more are wrong, None if none is.

    Learn-then-test (Angelopoulos et al., "Learn then Test", 2021): thresholds are tested one after another from the
    top, each by the exact (Clopper-Pearson) upper bound of its error rate, until the first that fails; the order is
    fixed beforehand, so that no correction is needed for their number. Two such sequences, one that begins with the
    smallest sample that could pass at all and one with four times as many values (which lets pass with a few errors),
    share the allowed doubt between them. Holds for exchangeable values: calibrate on documents like those to come.
    """
    score, good = np.asarray(confidences, dtype=float), np.asarray(right, dtype=bool)
    if not 0 < max_error < 1 or not 0 < certainty < 1:
        raise ValueError("max_error and certainty lie between 0 and 1")
    order = np.argsort(-score, kind="stable")
    score, wrong = score[order], np.cumsum(~good[order])
    # only where the confidence falls can a threshold lie
    ends = np.append(np.flatnonzero(np.diff(score) < 0), len(score) - 1) if len(score) else np.array([], dtype=int)
    doubt = (1.0 - certainty) / 2
    fewest = math.ceil(math.log(doubt) / math.log(1.0 - max_error))
    passed = [_test_downwards(score, wrong, ends, start, max_error, doubt) for start in (fewest, 4 * fewest)]
    return min((value for value in passed if value is not None), default=None)


def _test_downwards(
    score: Array, wrong: npt.NDArray[np.intp], ends: npt.NDArray[np.intp], start: int, max_error: float, doubt: float
) -> float | None:
    """One sequence of tests at level `doubt`, from the first threshold with at least `start` values."""
    candidates = ends[ends + 1 >= start]
    if len(candidates) > 200:  # steps of even size; fewer tests cost no validity and little power
        candidates = candidates[np.unique(np.linspace(0, len(candidates) - 1, 200).astype(int))]
    lowest: float | None = None
    for end in candidates:
        if upper_bound(int(wrong[end]), int(end) + 1, 1.0 - doubt) > max_error:
            break
        lowest = float(score[end])
    return lowest


def upper_bound(errors: int, count: int, certainty: float) -> float:
    """The exact one-sided upper bound of an error rate after `errors` of `count` (Clopper and Pearson, 1934).

    >>> round(upper_bound(0, 460, 0.9), 4)
    0.005
    """
    if errors >= count:
        return 1.0
    return float(beta.ppf(certainty, errors + 1, count - errors))


def confidences_of(model: ConfidenceModel, values: Sequence[tuple[str, Signals]]) -> list[float]:
    """The model's confidence in values given as (group, signals)."""
    return [model.field(signals, group) for group, signals in values]
