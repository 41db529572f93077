"""Rules about values printed twice and about values that can hardly be."""

import pytest
from made_filings import make_filing, make_row, make_trade

from extractor.checking import RULES, check_filing
from extractor.record import Field, ReportingOwner, Signature


def codes(filing) -> list[str]:
    check_filing(filing)
    return [check.code for check in filing.checks]


def holds(field: Field, code: str) -> bool:
    return field.signals.get(f"{code}_passed") == 1.0


def option(**more):
    values = {
        "security_title": "Stock Option (right to buy)",
        "conversion_or_exercise_price": 12.25,
        "transaction_date": "2024-05-02",
        "transaction_code": "M",
        "shares": 400,
        "acquired_disposed": "D",
        "expiration_date": "2031-03-01",
        "underlying_security_title": "Common Stock",
        "underlying_security_shares": 400,
        "price_per_share": 0,
        "shares_owned_following": 0,
        "direct_or_indirect": "D",
    }
    return make_row(**(values | more))


def test_every_rule_says_what_it_states_and_where_that_is_written():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert len(rule.statement) > 20
        assert len(rule.source) > 10


def test_a_title_that_both_tables_print_confirms_itself():
    filing = make_filing(make_trade("M", "A", 400, 900), derivative=(option(),))
    check_filing(filing)
    assert holds(filing.non_derivative[0].security_title, "title_alone")
    assert holds(filing.derivative[0].underlying_security_title, "title_alone")
    assert not holds(filing.derivative[0].security_title, "title_alone")


def test_a_day_printed_in_another_row_or_the_header_confirms_itself():
    rows = [make_trade("P", "A", 10, 10), make_trade("P", "A", 5, 15, transaction_date="2024-05-09")]
    filing = make_filing(*rows)
    check_filing(filing)
    assert holds(filing.non_derivative[0].transaction_date, "date_alone")
    assert holds(filing.period_of_report, "date_alone")
    assert not holds(filing.non_derivative[1].transaction_date, "date_alone")


def test_a_period_taken_from_the_rows_confirms_nothing():
    filing = make_filing(make_trade("P", "A", 10, 10), period_of_report=Field("2024-05-02", method="derived"))
    check_filing(filing)
    assert not holds(filing.non_derivative[0].transaction_date, "date_alone")


def test_the_signature_confirms_the_name_of_its_owner_only():
    filing = make_filing(make_trade("P", "A", 10, 10))
    filing.reporting_owners.append(ReportingOwner(name=Field("Lindqvist Partners LP"), is_director=Field(True)))
    filing.signatures.append(Signature(Field("/s/ Odile Tavener, Attorney-in-Fact"), Field("2024-05-03")))
    check_filing(filing)
    assert holds(filing.reporting_owners[0].name, "signature_of_other")
    assert not holds(filing.reporting_owners[1].name, "signature_of_other")
    assert not holds(filing.signatures[1].name, "signature_of_other")


def test_what_an_exercise_costs_is_said_in_both_tables():
    filing = make_filing(make_trade("M", "A", 400, 900, price_per_share=12.25), derivative=(option(),))
    assert "exercise_price_differs" not in codes(filing)
    assert holds(filing.non_derivative[0].price_per_share, "exercise_price_differs")
    assert holds(filing.derivative[0].conversion_or_exercise_price, "exercise_price_differs")


@pytest.mark.parametrize(("paid", "flagged"), [(1225, True), (12.26, True), (12.254, False), (30.5, False)])
def test_only_a_misread_exercise_price_is_flagged(paid, flagged):
    filing = make_filing(make_trade("M", "A", 400, 900, price_per_share=paid), derivative=(option(),))
    assert ("exercise_price_differs" in codes(filing)) is flagged


def test_a_number_that_a_footnote_repeats_is_confirmed():
    notes = {1: "Includes 1,250 units under the plan of 2020 at $31.75 each."}
    filing = make_filing(make_trade("S", "D", 2020, 1250, price_per_share=31.75), notes=notes)
    check_filing(filing)
    row = filing.non_derivative[0]
    assert holds(row.shares_owned_following, "number_alone")
    assert holds(row.price_per_share, "number_alone")
    assert not holds(row.shares, "number_alone")  # a year, not an amount


@pytest.mark.parametrize(
    ("state", "code", "verdict"),
    [
        ("NY", "10017", "passed"),
        ("New York", "10017-1234", "passed"),
        ("CA", "10017", "failed"),
        ("X0", "10017", "open"),  # England
        ("NY", "EC2A 4NE", "open"),
        ("NY", "1001", "open"),
    ],
)
def test_zip_code_and_state(state, code, verdict):
    filing = make_filing(make_trade("P", "A", 10, 10))
    filing.reporting_owners[0].state, filing.reporting_owners[0].zip = Field(state), Field(code)
    assert ("zip_elsewhere" in codes(filing)) is (verdict == "failed")
    assert holds(filing.reporting_owners[0].zip, "zip_elsewhere") is (verdict == "passed")


@pytest.mark.parametrize(
    ("ticker", "verdict"),
    [("BWLN", "passed"), ("BRK.B", "open"), ("QQX", "open"), ("NONE", "open"), ("BWLNTX", "failed"), ("B1", "failed")],
)
def test_ticker(ticker, verdict):
    filing = make_filing(make_trade("P", "A", 10, 10))
    filing.issuer.ticker = Field(ticker)
    assert ("ticker_unlikely" in codes(filing)) is (verdict == "failed")
    assert holds(filing.issuer.ticker, "ticker_unlikely") is (verdict == "passed")


@pytest.mark.parametrize(
    "more",
    [
        {"underlying_security_shares": 4e9},
        {"price_per_share": 142487.2},
        {"transaction_date": "1924-05-02"},
    ],
)
def test_what_no_filing_says_is_flagged(more):
    assert "implausible_magnitude" in codes(make_filing(make_trade("P", "A", 10, 10, **more)))


def test_an_expiration_long_after_the_grant_is_flagged_and_a_usual_one_is_not():
    assert "implausible_magnitude" in codes(make_filing(derivative=(option(expiration_date="2061-03-01"),)))
    assert "implausible_magnitude" not in codes(make_filing(derivative=(option(),)))


@pytest.mark.parametrize(
    ("form", "box", "flagged"),
    [
        ("4", "form3_holdings_reported", True),
        ("5", "form3_holdings_reported", False),
        ("4", "no_securities_owned", True),
        ("3", "not_subject_to_section_16", True),
        ("4/A", "aff10b5_one", False),
    ],
)
def test_boxes_belong_to_their_form(form, box, flagged):
    filing = make_filing(make_trade("P", "A", 10, 10), form_type=Field(form), **{box: Field(True)})
    assert ("box_of_other_form" in codes(filing)) is flagged


def test_rules_that_hold_are_counted():
    filing = make_filing(make_trade("P", "A", 10, 10))
    check_filing(filing)
    date = filing.non_derivative[0].transaction_date
    held = [name for name in date.signals if name.endswith("_passed") and name != "check_passed"]
    assert date.signals["passes"] == len(held) >= 2
