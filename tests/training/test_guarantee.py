"""The promise: thresholds that keep it, and honesty about values of one document."""

import numpy as np
import pytest

from training.guarantee import Judged, design_effect, promise, said, threshold_for, try_promise, upper_bound


def judged(documents: int, seed: int, spoilt: float = 0.0, size: int = 40) -> Judged:
    """Documents of `size` values whose confidence is true, but for a share of documents that are wrong in a tenth."""
    rng = np.random.default_rng(seed)
    confidence = 1 - rng.beta(0.4, 40, documents * size)
    chance = confidence - 0.1 * np.repeat(rng.random(documents) < spoilt, size)
    names = [f"d{number}" for number in range(documents) for _ in range(size)]
    kinds = ["text"] * len(names)
    return Judged(confidence, rng.random(len(names)) < chance, names, names, kinds)


def test_upper_bound_is_exact():
    assert upper_bound(0, 10, 0.9) == pytest.approx(1 - 0.1 ** (1 / 10))
    assert upper_bound(10, 10, 0.9) == 1.0


def test_values_that_go_wrong_together_count_for_fewer():
    together = [number < 20 for number in range(400)]
    documents = [f"d{number // 20}" for number in range(400)]
    assert design_effect(together, documents) == pytest.approx(20.0)
    rng = np.random.default_rng(0)
    assert design_effect(rng.random(4000) < 0.05, [f"d{i // 20}" for i in range(4000)]) < 1.6
    assert design_effect([False] * 9, ["d"] * 9) == 1.0


def test_threshold_keeps_its_promise_where_it_can():
    rng = np.random.default_rng(0)
    broken = given_up = 0
    for _ in range(40):
        confidence = 1 - rng.beta(1, 30, 4000)
        right = rng.random(4000) < np.where(confidence > 0.97, 0.999, 0.9)
        threshold = threshold_for(confidence, right, 0.005, 0.9)
        if threshold is None:
            given_up += 1
            continue
        share = (confidence > 0.97)[confidence >= threshold].mean()
        broken += (1 - (share * 0.999 + (1 - share) * 0.9)) > 0.005
    assert broken <= 8  # one in ten may fail
    assert given_up <= 10


def test_threshold_takes_all_that_is_believed_at_all_where_nothing_is_wrong():
    confidence = np.linspace(0.5, 1, 20_000)
    assert threshold_for(confidence, np.ones(20_000, dtype=bool), 0.005, 0.9) == pytest.approx(0.9, abs=1e-3)
    sure = np.linspace(0.95, 1, 2000)
    assert threshold_for(sure, np.ones(2000, dtype=bool), 0.005, 0.9) == pytest.approx(0.95)


def test_no_threshold_from_too_few_or_too_many_errors():
    assert threshold_for([0.99] * 100, [True] * 100, 0.005, 0.9) is None
    rng = np.random.default_rng(1)
    assert threshold_for(rng.random(3000), rng.random(3000) < 0.9, 0.005, 0.9) is None
    assert threshold_for([], [], 0.005, 0.9) is None


def test_threshold_checks_its_arguments():
    with pytest.raises(ValueError, match="between 0 and 1"):
        threshold_for([1.0], [True], 0.0, 0.9)


def test_documents_as_clusters_make_the_threshold_stricter():
    rng = np.random.default_rng(2)
    confidence = np.sort(1 - rng.beta(1, 30, 6000))[::-1]
    documents = [f"d{number // 30}" for number in range(6000)]
    right = np.ones(6000, dtype=bool)
    right[3000::3] = False
    for start in (300, 900, 1500):  # whole documents that are half wrong although they look sure
        right[start : start + 30 : 10] = False
    alone = threshold_for(confidence, right, 0.02, 0.9)
    clustered = threshold_for(confidence, right, 0.02, 0.9, documents)
    assert alone is not None
    assert clustered is None or clustered > alone


def test_over_random_halves_the_promise_is_seldom_broken():
    made = promise(judged(500, seed=3, spoilt=0.01), 0.02, 0.9)
    assert made["tried"]["splits"] == 200
    assert made["tried"]["given"] > 0.3
    assert made["threshold"] is None or made["tried"]["exceeded"] <= 0.1


def test_more_caution_breaks_the_promise_less_often():
    values = judged(400, seed=5, spoilt=0.05)
    hasty, careful = (try_promise(values, 0.01, 0.9, caution, splits=60)["exceeded"] for caution in (0.3, 3.0))
    assert careful < hasty


def test_too_few_owners_to_split_are_said_to_be_none():
    assert try_promise(judged(3, seed=0), 0.01, 0.9)["splits"] == 0


def test_a_promise_says_what_it_covers_or_that_there_is_none():
    made = promise(judged(300, seed=4), 0.02, 0.9)
    assert made["threshold"] is not None
    assert 0.2 < made["coverage"] <= 1.0
    assert made["error"] <= 0.02
    assert f"confidence {made['threshold']:.4f} and above" in said(made)
    nothing = promise(judged(2, seed=4), 0.005, 0.9)
    assert nothing["threshold"] is None
    assert said(nothing).startswith("no threshold can promise at most 0.50%")
