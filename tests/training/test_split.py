"""Documents of one owner are never divided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import notice, notices

from training.split import in_share, owner_key, split_by_owner


@given(st.integers(0, 1000), st.floats(0.1, 0.9))
def test_all_documents_of_an_owner_are_on_one_side(seed: int, share: float) -> None:
    documents = notices(24)
    rest, held = split_by_owner(documents, share, seed)
    assert {owner_key(item) for item in rest}.isdisjoint(owner_key(item) for item in held)
    assert sorted(item.id for item in rest + held) == sorted(item.id for item in documents)


def test_about_the_share_of_the_owners_is_held_out() -> None:
    held = sum(in_share(f"owner {number}", 0.2, seed=3) for number in range(4000))
    assert held / 4000 == pytest.approx(0.2, abs=0.03)


@given(st.text(max_size=12), st.integers(0, 9))
def test_a_larger_share_holds_what_a_smaller_one_held(key: str, seed: int) -> None:
    assert not in_share(key, 0.0, seed)
    assert in_share(key, 1.0, seed)
    assert not in_share(key, 0.3, seed) or in_share(key, 0.6, seed)


def test_the_split_is_the_same_on_every_machine_and_another_with_another_seed() -> None:
    chosen = [in_share(f"owner {number}", 0.5, seed=1) for number in range(8)]
    assert chosen == [False, False, False, True, False, False, False, False]
    assert chosen != [in_share(f"owner {number}", 0.5, seed=2) for number in range(8)]


def test_the_owner_is_the_stored_key_or_the_records_first_owner_or_the_document() -> None:
    item = notice(1)
    assert owner_key(item) == "brannock"
    item.meta = {}
    item.record = {"reporting_owners": [{"name": "Tavener Odile R"}, {"name": "Brannock Magnus"}]}
    assert owner_key(item) == "tavener odile r"
    item.record = {"reporting_owners": []}
    assert owner_key(item) == "notice-1"
    item.record = None
    assert owner_key(item) == "notice-1"
