"""Intervals by resampling documents."""

from __future__ import annotations

import numpy as np
import pytest

from training.bootstrap import interval, paired, ratio_f1, summed_f1, weights_of


def test_each_replicate_draws_as_many_documents_as_there_are() -> None:
    weights = weights_of(7, 50)
    assert weights.shape == (50, 7)
    assert (weights.sum(axis=1) == 7).all()
    assert (weights == weights_of(7, 50)).all()


def test_f1_of_nothing_is_undefined() -> None:
    f1 = ratio_f1(np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 0.0]]))
    assert f1[0] == pytest.approx(2 * 3 / (2 * 3 + 1 + 2))
    assert np.isnan(f1[1])


def test_an_interval_covers_what_it_says() -> None:
    """Of intervals from samples of 60 documents, about 95 % hold the true rate."""
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(200):
        right = rng.random(60) < 0.7
        between = interval(weights_of(60, 400) @ right / 60)
        assert between is not None
        held += between[0] <= 0.7 <= between[1]
    assert 0.89 <= held / 200 <= 0.99


def test_an_interval_of_figures_mostly_undefined_is_none() -> None:
    assert interval(np.array([0.5, np.nan, np.nan, np.nan])) is None
    assert interval(np.array([])) is None


def test_models_that_err_on_the_same_documents_differ_by_nothing() -> None:
    counts = [[5, 0, 0], [0, 5, 5]] * 10
    same = paired(summed_f1(counts), summed_f1(counts), 20)
    assert (same.difference, same.interval, same.chance) == (0.0, (0.0, 0.0), 1.0)


def test_pairing_sees_a_small_gain_on_every_document_among_great_differences() -> None:
    old = [[1, 9, 9], [9, 1, 1]] * 15
    new = [[tp + 1, fp - 1, fn - 1] for tp, fp, fn in old]
    gain = paired(summed_f1(new), summed_f1(old), 30)
    assert gain.interval is not None
    assert gain.interval[0] > 0
    assert gain.chance == 0.0


def test_a_gain_on_one_document_is_noise() -> None:
    old = [[5, 5, 5]] * 30
    new = [[6, 4, 4], *old[1:]]
    gain = paired(summed_f1(new), summed_f1(old), 30)
    assert gain.difference > 0
    assert gain.interval is not None
    assert gain.interval[0] <= 0
