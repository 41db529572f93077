"""Lost letters are given where the rest of the filing leaves one reading, and not otherwise."""

from __future__ import annotations

from made_filings import make_filing, make_row, make_trade

from extractor.checking import check_filing
from extractor.checking.lost_codes import LostLetters, likely_code
from extractor.checking.rule import entries, value_of
from extractor.record import Field

PLAN = "Effected pursuant to a Rule 10b5-1 trading plan. The shares were sold at prices ranging from $20 to $21."


def test_a_priced_disposal_beside_a_trading_plan_is_a_sale() -> None:
    lost = make_trade("S", "D", 100, 900, transaction_code=None, price_per_share=20.5, footnotes=[1])
    filing = make_filing(lost, notes={1: PLAN})
    check_filing(filing)
    code = filing.non_derivative[0].transaction_code
    assert code is not None
    assert (code.value, code.method) == ("S", "derived")
    assert any(check.code == "code_derived" for check in filing.checks)


def test_withholding_for_taxes_is_told_from_a_sale() -> None:
    note = "Shares withheld by the Issuer to satisfy tax withholding obligations upon the vesting of units."
    filing = make_filing(make_trade("F", "D", 100, 900, transaction_code=None, footnotes=[1]), notes={1: note})
    (entry,) = entries(filing)
    assert likely_code(filing, entry, "D")[0] == "F"


def test_without_evidence_no_code_is_given() -> None:
    filing = make_filing(
        make_row(
            security_title="Common Stock",
            transaction_date="2024-05-02",
            shares=100,
            shares_owned_following=900,
            acquired_disposed=None,
            direct_or_indirect="D",
        )
    )
    check_filing(filing)
    assert value_of(filing.non_derivative[0].transaction_code) is None


def test_a_code_that_was_read_stays() -> None:
    filing = make_filing(make_trade("J", "D", 100, 900, footnotes=[1]), notes={1: PLAN})
    check_filing(filing)
    code = filing.non_derivative[0].transaction_code
    assert code is not None
    assert (code.value, code.method) == ("J", "read")


def test_the_balance_gives_a_lost_direction_and_a_lost_amount() -> None:
    first = make_trade("S", "D", 100, 900)
    second = make_trade("S", "D", 50, 850, acquired_disposed=None, transaction_code=None)
    third = make_trade("S", "D", None, 810, transaction_code=None, acquired_disposed=None, price_per_share=20.7)
    filing = make_filing(first, second, third, notes={1: PLAN})
    LostLetters().repair(filing)
    assert value_of(filing.non_derivative[1].acquired_disposed) == "D"
    assert filing.non_derivative[2].shares is not None
    assert (filing.non_derivative[2].shares.value, filing.non_derivative[2].shares.method) == (40, "derived")
    assert value_of(filing.non_derivative[2].acquired_disposed) == "D"


def test_no_amount_is_derived_over_a_gap() -> None:
    owned = Field(810, signals={"gap_before": 1.0})
    rows = make_trade("S", "D", 100, 900), make_trade("S", "D", None, None, shares_owned_following=owned)
    filing = make_filing(*rows)
    LostLetters().repair(filing)
    assert filing.non_derivative[1].shares is None


def test_form_3_has_no_codes_to_derive() -> None:
    filing = make_filing(make_trade("S", "D", 100, 900, transaction_code=None), form_type=Field("3"), notes={1: PLAN})
    assert LostLetters().repair(filing) == []
    assert filing.non_derivative[0].transaction_code is None
