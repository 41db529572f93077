"""Two rows of which each lacks what the other has are doubted."""

from __future__ import annotations

from made_filings import make_filing, make_row, make_trade

from extractor.checking.torn_rows import TornRows


def halves():
    upper = make_row(
        security_title="Common Stock",
        transaction_date="2024-05-02",
        transaction_code="P",
        shares=100,
        acquired_disposed="A",
    )
    upper.kind = "transaction"
    lower = make_row(price_per_share=4.5, shares_owned_following=900, direct_or_indirect="D")
    return upper, lower


def test_the_halves_of_a_row_are_doubted():
    upper, lower = halves()
    (check,) = TornRows().run(make_filing(make_trade("S", "D", 1, 800), upper, lower))
    assert (check.code, check.severity) == ("rows_torn", "warning")
    assert "non_derivative[1].shares" in check.fields
    assert "non_derivative[2].shares_owned_following" in check.fields
    assert lower.shares_owned_following.signals["check_failed"] == 1.0


def test_a_letter_that_was_derived_does_not_make_a_half_whole():
    upper, lower = halves()
    upper.direct_or_indirect = make_row(direct_or_indirect="D").direct_or_indirect
    upper.direct_or_indirect.method = "derived"
    assert TornRows().run(make_filing(upper, lower))


def test_a_transaction_and_a_holding_are_two_rows():
    holding = make_row(security_title="Common Stock", shares_owned_following=900, direct_or_indirect="I")
    holding.kind = "holding"
    assert TornRows().run(make_filing(make_trade("S", "D", 1, 800), holding)) == []


def test_a_row_that_lacks_one_cell_is_no_half():
    trade = make_trade("S", "D", 1, 800)
    trade.shares_owned_following = None
    holding = make_row(shares_owned_following=900, direct_or_indirect="I")
    holding.kind = "holding"
    assert TornRows().run(make_filing(trade, holding)) == []
