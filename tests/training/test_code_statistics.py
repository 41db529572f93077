"""The table of signs for transaction codes is learnt from filings, whatever filings."""

from __future__ import annotations

import random

from extractor.checking.code_table import BIAS, CODES, WEIGHTS
from training.code_statistics import examples, fit, table
from training.synthesis.invent import invent_filing


def test_examples_hide_the_code_that_they_ask_for() -> None:
    filing = next(f for f in (invent_filing(random.Random(n)) for n in range(50)) if f.non_derivative)
    for told, code in examples(filing, random.Random(1)):
        assert len(code) == 1
        assert told


def test_a_table_is_fitted_and_written_as_a_module() -> None:
    codes, names, weights, bias, said = fit([invent_filing(random.Random(n)) for n in range(40)])
    assert weights.shape == (len(names), len(codes))
    module: dict[str, object] = {}
    exec(table(codes, names, weights, bias, said), module)
    assert module["CODES"] == tuple(codes)
    assert set(module["WEIGHTS"]) == set(names)  # type: ignore[call-overload]


def test_the_stored_table_is_whole() -> None:
    assert len(CODES) == len(BIAS)
    assert all(len(weights) == len(CODES) for weights in WEIGHTS.values())
