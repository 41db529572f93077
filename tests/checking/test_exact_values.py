"""What web pages and text layers print is not repaired: it was filed so."""

from __future__ import annotations

import pytest

from extractor.checking import check_filing
from extractor.record import Field, Filing, Row, Source


def _row(shares: float, after: float, mended: float = 0.0) -> Row:
    signals = {"quality_min": 1.0, "mended": mended}
    return Row(
        kind="transaction",
        security_title=Field("Common Stock"),
        transaction_date=Field("2024-03-14"),
        transaction_code=Field("S"),
        shares=Field(shares, raw=str(shares), signals=dict(signals)),
        acquired_disposed=Field("D"),
        price_per_share=Field(10.0),
        shares_owned_following=Field(after, raw=str(after), signals=dict(signals)),
        direct_or_indirect=Field("D"),
    )


def _filing(kind: str, mended: float = 0.0) -> Filing:
    filing = Filing(source=Source("", "", kind, (1, 1)), form_type=Field("4"))
    filing.non_derivative = [_row(1_210, 94_311), _row(1_313, 92_098, mended), _row(1_417, 91_581)]
    return filing


@pytest.mark.parametrize("kind", ["html", "pdf_text"])
def test_a_balance_that_does_not_run_is_reported_and_stays(kind: str) -> None:
    filing = _filing(kind)
    check_filing(filing)
    assert [row.shares_owned_following.value for row in filing.non_derivative] == [94_311, 92_098, 91_581]
    assert "balance_mismatch" in {check.code for check in filing.checks}


@pytest.mark.parametrize(("kind", "mended"), [("pdf_scan", 0.0), ("text", 0.0), ("pdf_text", 1.0)])
def test_where_print_may_be_misread_the_balance_mends_it(kind: str, mended: float) -> None:
    filing = _filing(kind, mended)
    check_filing(filing)
    assert filing.non_derivative[1].shares_owned_following.value == 92_998
    assert filing.non_derivative[1].shares_owned_following.method == "repaired"
