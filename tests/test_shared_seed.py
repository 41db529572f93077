"""The garbled Form 4 that the project started from: it lies beside the checkout, not in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor import extract

SEED = Path(__file__).resolve().parents[2] / "shared" / "seed" / "alto.txt"


@pytest.mark.skipif(not SEED.is_file(), reason="the seed document is not beside this checkout")
def test_the_seed_document_comes_out_right() -> None:
    filing = extract(SEED)
    assert filing.form_type is not None
    assert filing.form_type.value == "4"
    assert filing.period_of_report is not None
    assert filing.period_of_report.value == "2023-03-14"
    assert filing.issuer.name is not None
    assert filing.issuer.ticker is not None
    assert (filing.issuer.name.value, filing.issuer.ticker.value) == ("Alto Ingredients, Inc.", "ALTO")
    (owner,) = filing.reporting_owners
    parts = [getattr(owner, name) for name in ("name", "street", "city", "state", "zip", "officer_title")]
    assert [part.value for part in parts] == [
        "Graham Auste M",
        "1300 SOUTH SECOND STREET",
        "PEKIN",
        "IL",
        "61554",
        "Gen. Counsel, VP & Secy",
    ]
    assert owner.is_officer is not None
    assert (owner.is_officer.value, owner.is_officer.method) == (True, "derived")
    rows = [
        [None if field is None else field.value for field in row.fields(derivative=False).values()]
        for row in filing.non_derivative
    ]
    nothing = None
    assert rows == [
        ["Common Stock", "2023-03-14", nothing, "P", nothing, nothing, 2520, "A", 1.98, 63235, "D", nothing],
        ["Common Stock", "2023-03-16", nothing, "P", nothing, nothing, 2700, "A", 1.85, 65935, "D", nothing],
    ]
    assert filing.derivative == []
    (signature,) = filing.signatures
    assert signature.name is not None
    assert signature.date is not None
    assert (signature.name.value, signature.date.value) == ("/s/ Auste M. Graham", "2023-03-16")
