"""Training of the reader of runs of print: labels from where print was put, batches, folding."""

from __future__ import annotations

import random

import numpy as np
import pytest

pytest.importorskip("matplotlib")
pytest.importorskip("font_roboto")

from extractor.readers.linenet import CHARACTERS, ROWS, network
from extractor.readers.wellformed import is_value
from training.linenet import accuracy, batches, varied
from training.strips import LEVELS, Strip, page_strips


@pytest.fixture(scope="module")
def office() -> list[Strip]:
    return [strip for seed in range(3) for strip in page_strips(random.Random(f"test:{seed}"), "office")]


def test_runs_of_a_page_come_with_what_was_printed_there(office: list[Strip]) -> None:
    assert len(office) > 300
    values = [strip for strip in office if is_value(strip.text.replace(" ", ""))]
    assert len(values) > 150
    # the stored network reads most of an office scan: labels astray by a run would fit it nowhere
    assert accuracy(network(), values)["office"] > 0.9


def test_the_same_seed_gives_the_same_runs() -> None:
    one, other = (page_strips(random.Random("same"), "fax") for _ in range(2))
    assert [strip.text for strip in one] == [strip.text for strip in other]
    assert all((a.ink == b.ink).all() for a, b in zip(one, other, strict=True))


def test_every_level_gives_runs() -> None:
    for level in LEVELS:
        strips = [s for seed in range(2) for s in page_strips(random.Random(f"level:{seed}"), level)]
        assert any(strip.text for strip in strips), level


def test_batches_hold_every_text_and_leave_room_for_it(office: list[Strip]) -> None:
    seen = set()
    for batch in batches(office, np.random.default_rng(0)):
        assert batch.x.shape[1] == ROWS
        assert batch.x.max() <= 1.0 + 1e-6
        for row in batch.labels:
            text = "".join(CHARACTERS[k - 1] for k in row if k)
            assert 2 * len(text) <= batch.x.shape[2]
            seen.add(text)
    assert len(seen & {strip.text for strip in office}) == len(seen) > 100


def test_varied_runs_keep_their_height_and_differ() -> None:
    ink = np.zeros((ROWS, 60), np.uint8)
    ink[8:24, 10:50:6] = 255
    rng = np.random.default_rng(1)
    several = [varied(ink, rng, 72) for _ in range(6)]
    assert all(each.shape[0] == ROWS and each.shape[1] <= 72 for each in several)
    assert len({each.tobytes() for each in several}) == 6
