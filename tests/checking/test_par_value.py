"""Par values in titles, spoilt and mended; what is none stays."""

from __future__ import annotations

import pytest

from extractor.checking.par_value import par_value_of, with_par_value


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Common Stock. pat value $0 01 per snare", "Common Stock, par value $0.01 per share"),
        ("Common Stock, $0.00] par value", "Common Stock, $0.001 par value"),
        ("Common Stock, par value 50,0001 per share", "Common Stock, par value $0.0001 per share"),
        ("Common Stock, $] .00 par value", "Common Stock, $1.00 par value"),
    ],
)
def test_a_spoilt_par_value_is_mended(read: str, printed: str) -> None:
    assert with_par_value(read) == printed


@pytest.mark.parametrize(
    "title",
    [
        "Common Stock",
        "Class A Common Stock, par value $0.0001 per share",
        "Common Stock, $.01 par value",
        "Common Stock, par value 0.01 per share",
        "Common Stock, no par value",
        "Common Stock, par value $0.37",
        "Participating Preferred Stock",
        "Par Pacific 401(k) Stock Fund",
    ],
)
def test_a_title_that_is_right_stays(title: str) -> None:
    assert with_par_value(title) == title


def test_other_numbers_are_no_par_values() -> None:
    assert par_value_of("$0.37") is None
    assert par_value_of("2025") is None
    assert par_value_of("") is None
