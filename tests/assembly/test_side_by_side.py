"""Names of owner and issuer in one stretch of words."""

from __future__ import annotations

import pytest

from extractor.assembly.side_by_side import cut_names


@pytest.mark.parametrize(
    ("owner", "issuer", "ticker", "signed"),
    [
        ("Quill Ada M", "ALTO FREIGHT CORP", "ALTO", set()),
        ("QUILL ADA", "ALTO FREIGHT & CO", "ALTO", {"ada", "quill"}),
        ("Quill Ada", "Morven Construction Group, Inc.", "MCG", {"quill"}),
        ("VAN DER BERG JAN P JR", "Morven Therapeutics, Inc.", "MRVN", {"berg", "jan", "van", "der"}),
        ("Morven Capital Partners II, LP", "Alto Freight Corp", "ALTO", set()),
    ],
)
def test_a_line_of_both_names_is_cut_between_them(owner: str, issuer: str, ticker: str, signed: set[str]) -> None:
    words = [*owner.split(), *issuer.split()]
    place, probability = cut_names(words, ticker, signed)
    assert " ".join(words[:place]) == owner
    assert 0.5 < probability <= 1.0


def test_signs_that_disagree_leave_doubt() -> None:
    _, sure = cut_names(["QUILL", "ADA", "M", "ALTO", "FREIGHT", "CORP"], "ALTO", {"quill", "ada"})
    _, unsure = cut_names(["QUILL", "ADA", "MORVEN", "ALTO", "FREIGHT"], "", set())
    assert unsure < sure
