"""Fits confidence: regression and trees over signals, a curve a kind of input, and the rows' and records' models.

Everything is fitted on filings that the tagger has not seen; samples come from `training.comparing.compare`. Curves and
everything above them are fitted on predictions for owners left out, so that they see the error of unseen documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from extractor.confidence.ensemble import LEAST, MOST, Ensemble, Signals, Trees, odds, probability, raw_table
from extractor.confidence.ensemble import regression_table as as_regression
from extractor.confidence.model import ConfidenceModel, Knots, Parts, WholeModel, part_signals
from training.comparing import FieldSample, Samples, compare, kind_of

__all__ = ["Fitted", "Samples", "compare", "fit_confidence", "fit_knots", "kind_of"]

_FEWEST_ERRORS = 8
_FEWEST_FOR_TREES = 1500
_FEWEST_ERRORS_FOR_TREES = 60
_FOLDS = 5
_RARE = 12  # a signal that fewer samples have is left out
_REGULARISATION = 0.1
_SHARE_OF_TREES = 0.5
_PULL = 4.0  # errors that a kind must show for its own curve to outweigh that of all kinds
Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(slots=True)
class Fitted:
    """A confidence model, and what it says of each value, row and record when fitted without that one's owner.

    `fields`, `rows`, `records` are in the order of the samples.
    """

    model: ConfidenceModel
    fields: Array = field(default_factory=lambda: np.zeros(0))
    rows: Array = field(default_factory=lambda: np.zeros(0))
    records: Array = field(default_factory=lambda: np.zeros(0))


def fit_confidence(samples: Samples, seed: int = 0) -> Fitted:
    """A model fitted on labelled values, rows and records.

    Where there are too few samples or errors for trees a regression alone is fitted, and where not even for that, the
    hand-set weights of `ConfidenceModel.default()` stay. ValueError without any field sample.
    """
    if not samples.fields:
        raise ValueError("no labelled values to fit confidence on")
    model = ConfidenceModel.default()
    owners = [sample.owner or sample.document for sample in samples.fields]
    fold = _folds(owners, seed)
    unseen = np.empty(len(samples.fields))
    empty = np.array([sample.group == "absent" for sample in samples.fields], dtype=bool)
    for name, chosen in (("values", np.flatnonzero(~empty)), ("absent", np.flatnonzero(empty))):
        mine = [samples.fields[i] for i in chosen]
        fitted, beliefs = _fit_ensemble(mine, fold[chosen], getattr(model, name), seed)
        setattr(model, name, fitted)
        unseen[chosen] = beliefs
    # every document's values come one after the other, in the order in which its rows hold them
    belief_of = {id(sample.signals): float(belief) for sample, belief in zip(samples.fields, unseen, strict=True)}

    def beliefs_in(values: Sequence[tuple[str, Signals]]) -> tuple[list[float], list[float]]:
        known: tuple[list[float], list[float]] = ([], [])
        missing = [i for i, (_, signals) in enumerate(values) if id(signals) not in belief_of]
        late = model.beliefs([values[i][1] for i in missing], [values[i][0] for i in missing], _kind(values))
        found = dict(zip(missing, map(float, late), strict=True))
        for i, (group, signals) in enumerate(values):
            known[group == "absent"].append(found[i] if i in found else belief_of[id(signals)])
        return known

    rows = [Parts(*beliefs_in(row.values), (), _kind(row.values)) for row in samples.rows]
    model.row, row_beliefs = _fit_whole(
        rows, [row.right for row in samples.rows], [row.owner or row.document for row in samples.rows], model.row, seed
    )
    records = []
    row_model = model.row
    for record in samples.records:
        parts = [Parts(*beliefs_in(values), (), _kind(values)) for values in record.rows]
        below = [row_model.probability(part) for part in parts]
        records.append(Parts(*beliefs_in(record.header), below, _kind(record.header)))
    model.record, record_beliefs = _fit_whole(
        records,
        [record.right for record in samples.records],
        [record.owner or record.document for record in samples.records],
        model.record,
        seed,
    )
    model.fitted = True
    return Fitted(model, unseen, row_beliefs, record_beliefs)


def _kind(values: Sequence[tuple[str, Signals]]) -> str:
    return kind_of(values[0][1]) if values else ""


def _fit_ensemble(samples: Sequence[FieldSample], fold: Any, fallback: Ensemble, seed: int) -> tuple[Ensemble, Array]:
    """The ensemble fitted on all samples, and its beliefs in each when fitted without that sample's fold."""
    signals = [sample.signals for sample in samples]
    kinds = [kind_of(s) for s in signals]
    right = np.array([sample.right for sample in samples], dtype=bool)
    errors = int((~right).sum())
    if min(errors, len(right) - errors) < _FEWEST_ERRORS:
        return fallback, fallback.probabilities(signals, kinds)
    names = _names(signals)
    raw = raw_table(signals, names)
    rich = len(right) >= _FEWEST_FOR_TREES and errors >= _FEWEST_ERRORS_FOR_TREES
    whole = _fit_parts(raw, right, names, rich, seed)

    def fitted_on(inside: Places, outside: Places) -> Array:
        part = _fit_parts(raw[inside], right[inside], names, rich, seed)
        return np.asarray(part.log_odds([signals[i] for i in outside]))

    unseen = _out_of_fold(right, fold, fitted_on, constant=odds)
    counting = np.array([sample.counts or sample.group == "absent" for sample in samples], dtype=bool)
    if right[counting].all() or not right[counting].any():
        counting[:] = True
    whole.curves = fit_curves(unseen[counting], right[counting], [k for k, c in zip(kinds, counting, strict=True) if c])
    plain = whole.curves[""]
    bend = np.array([whole.curves.get(kind, plain) for kind in kinds])
    return whole, np.clip(probability(bend[:, 0] * unseen + bend[:, 1]), LEAST, MOST)


def _out_of_fold(
    right: Bools,
    fold: Places,
    fitted_on: Callable[[Places, Places], Array],
    constant: Callable[[float], Any],
) -> Array:
    """What is said of each sample by a fit on the other folds.

    `fitted_on` takes the places to fit on and those to judge; `constant` turns the share of right samples into what is
    said where all of a fit's samples are right or all wrong, so that there is nothing to fit.
    """
    unseen = np.empty(len(right))
    for number in range(_FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if not len(outside):
            continue
        share = float(right[inside].mean())
        unseen[outside] = fitted_on(inside, outside) if 0.0 < share < 1.0 else constant(share)
    return unseen


def _names(signals: Sequence[Signals]) -> list[str]:
    """Signals that enough samples have with more than one value."""
    counts: dict[str, int] = {}
    for one in signals:
        for name, value in one.items():
            if value:
                counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= _RARE)


def _fit_parts(raw: Array, right: Bools, names: Sequence[str], rich: bool, seed: int) -> Ensemble:
    table = as_regression(raw, names)
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)  # a constant feature gets no weight
    linear = LogisticRegression(C=_REGULARISATION, max_iter=400).fit((table - mean) / spread, right)
    weights = linear.coef_[0] / spread
    out = Ensemble(list(names), weights, float(linear.intercept_[0] - weights @ mean))
    if rich:
        out.trees, out.share = _fit_trees(raw, right, seed), _SHARE_OF_TREES
    return out


def _fit_trees(raw: Array, right: Bools, seed: int) -> Trees:
    boosted = HistGradientBoostingClassifier(
        max_depth=6,
        max_leaf_nodes=12,
        learning_rate=0.09,
        max_iter=130,
        min_samples_leaf=40,
        l2_regularization=5.0,
        max_bins=64,
        early_stopping=False,
        random_state=seed,
    ).fit(raw, right)
    return trees_of(boosted)


def trees_of(boosted: HistGradientBoostingClassifier) -> Trees:
    """scikit-learn's trees as plain arrays; `Trees.log_odds` gives what its `decision_function` gives."""
    grown = [stage[0].nodes for stage in boosted._predictors]
    size = max(len(nodes) for nodes in grown)
    shape = (len(grown), size)
    feature, left, right = (np.full(shape, -1, dtype=np.int64) for _ in range(3))
    threshold, value = np.zeros(shape), np.zeros(shape)
    left[:], right[:] = np.arange(size), np.arange(size)
    for tree, nodes in enumerate(grown):
        inner = ~nodes["is_leaf"].astype(bool)
        count = len(nodes)
        feature[tree, :count] = np.where(inner, nodes["feature_idx"], -1)
        threshold[tree, :count] = np.where(inner, nodes["num_threshold"], 0.0)
        left[tree, :count] = np.where(inner, nodes["left"], np.arange(count))
        right[tree, :count] = np.where(inner, nodes["right"], np.arange(count))
        value[tree, :count] = np.where(inner, 0.0, nodes["value"])
    return Trees(feature, threshold, left, right, value, float(np.ravel(boosted._baseline_prediction)[0]))


def fit_curves(log_odds: Array, right: Bools, kinds: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Slope and offset for all kinds together (""), and for each kind with its own data, drawn towards those of all.

    Platt scaling; a kind's curve moves away from the common one by as much as its own errors warrant.
    """
    common = _platt(log_odds, right, (1.0, 0.0), 1.0)
    out = {"": common}
    of = np.array(kinds)
    for kind in sorted(set(kinds)):
        mine = of == kind
        out[kind] = _platt(log_odds[mine], right[mine], common, _PULL)
    return out


def _platt(log_odds: Array, right: Bools, towards: tuple[float, float], pull: float) -> tuple[float, float]:
    sign = np.where(right, 1.0, -1.0)
    start = np.array(towards)

    def loss(at: Array) -> tuple[float, Array]:
        margin = sign * (at[0] * log_odds + at[1])
        slope = -sign / (1.0 + np.exp(np.clip(margin, -40, 40)))
        away = at - start
        gradient = np.array([slope @ log_odds, slope.sum()]) + pull * np.array([4.0, 1.0]) * away
        return float(np.logaddexp(0.0, -margin).sum() + 0.5 * pull * (np.array([4.0, 1.0]) @ away**2)), gradient

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.2, 3.0), (-6.0, 6.0)])
    return float(found.x[0]), float(found.x[1])


def _fit_whole(
    parts: Sequence[Parts], right: Sequence[bool], owners: Sequence[str], fallback: WholeModel, seed: int
) -> tuple[WholeModel, Array]:
    """A row's or record's model, its beliefs when fitted without the owner; the fallback where there is too little."""
    y = np.array(right, dtype=bool)
    if min(int(y.sum()), int((~y).sum())) < _FEWEST_ERRORS:
        return fallback, np.array([fallback.probability(part) for part in parts])
    table = np.array([part_signals(part) for part in parts])
    kinds = [part.kind for part in parts]

    def fitted_on(inside: Places, outside: Places) -> Array:
        made = _regress(table[inside], y[inside], [kinds[int(i)] for i in inside])
        return np.array([made.raw(parts[int(i)]) for i in outside])

    unseen = _out_of_fold(y, _folds(owners, seed), fitted_on, constant=float)
    whole = _regress(table, y, kinds)
    whole.knots = fit_knots(unseen, y)
    curve = WholeModel(knots=whole.knots)
    beliefs = [min([_height(curve, x), *p.values, *p.absent, *p.below]) for x, p in zip(unseen, parts, strict=True)]
    return whole, np.array(beliefs)


def _height(curve: WholeModel, x: float) -> float:
    from extractor.confidence.model import interpolate

    return interpolate(curve.knots, float(x))


def _regress(table: Array, right: Bools, kinds: Sequence[str]) -> WholeModel:
    """Logistic regression whose weights are not negative, so that more doubt in a part is never more belief."""
    names = sorted(set(kinds))
    ones = np.array([[float(kind == name) for name in names] for kind in kinds])
    whole = np.hstack([table, ones])
    sign = np.where(right, 1.0, -1.0)
    width = table.shape[1]
    pull = np.array([0.5] * width + [2.0] * len(names) + [0.0])

    def loss(at: Array) -> tuple[float, Array]:
        margin = sign * (whole @ at[:-1] + at[-1])
        slope = -sign / (1.0 + np.exp(np.clip(margin, -40, 40)))
        gradient = np.append(whole.T @ slope, slope.sum()) + pull * at
        return float(np.logaddexp(0.0, -margin).sum() + 0.5 * (pull @ at**2)), gradient

    bounds = [(0.0, 4.0)] * width + [(-4.0, 4.0)] * len(names) + [(-12.0, 12.0)]
    found = minimize(loss, np.array([0.5] * width + [0.0] * (len(names) + 1)), jac=True, bounds=bounds)
    weights, offsets = found.x[:width], found.x[width:-1]
    return WholeModel(
        tuple(map(float, weights)), float(found.x[-1]), dict(zip(names, map(float, offsets), strict=True))
    )


def _folds(owners: Sequence[str], seed: int) -> Places:
    """A fold for each sample that keeps an owner's together; by sample where there are too few owners."""
    names = sorted(set(owners))
    rng = np.random.default_rng(seed)
    if len(names) < _FOLDS:
        return rng.integers(0, _FOLDS, len(owners))
    fold_of = dict(zip(names, rng.permutation(len(names)) % _FOLDS, strict=True))
    return np.array([fold_of[name] for name in owners], dtype=np.int64)


def fit_knots(predicted: Sequence[float] | Array, right: Sequence[bool] | Bools, bins: int = 24) -> Knots:
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
