"""Every other rule: one filing that keeps it, one that breaks it."""

import pytest

from extractor.checking import RULES, check_filing
from extractor.checking.prices import stated_ranges
from extractor.record import Field, ReportingOwner, Signature


def found(made):
    check_filing(made)
    return {(check.severity, check.code) for check in made.checks}


def test_rules_say_what_they_are_and_where_it_is_written():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.statement
        assert rule.source
        assert rule.__doc__


def test_a_sound_filing_has_no_findings(filing, trade):
    made = filing(trade("P", "A", 250, 1250), trade("G", "D", 50, 1200))
    assert found(made) == set()


def test_checks_are_sorted_and_appended_once(filing, trade):
    made = filing(trade("P", "D", 250, 1250, price_per_share=None))
    check_filing(made)
    first = [check.to_dict() for check in made.checks]
    check_filing(made)
    assert [check.to_dict() for check in made.checks] == first
    severities = [check.severity for check in made.checks]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


# codes


@pytest.mark.parametrize(("code", "leg"), [("P", "D"), ("S", "A"), ("A", "D"), ("F", "A"), ("D", "A"), ("U", "A")])
def test_code_against_direction(filing, trade, code, leg):
    assert ("error", "code_against_direction") in found(filing(trade(code, leg, 100, 1000)))


@pytest.mark.parametrize(("code", "leg"), [("G", "A"), ("G", "D"), ("J", "A"), ("I", "D"), ("W", "A"), ("Z", "D")])
def test_codes_that_go_either_way(filing, trade, code, leg):
    assert found(filing(trade(code, leg, 100, 1000))) == set()


@pytest.mark.parametrize(("code", "leg"), [("P", "A"), ("S", "D"), ("F", "D"), ("A", "A"), ("M", "A")])
def test_a_missing_direction_follows_from_the_code(filing, trade, code, leg):
    made = filing(trade(code, None, 100, 1000))
    check_filing(made)
    field = made.non_derivative[0].acquired_disposed
    assert (field.value, field.method) == (leg, "derived")


def test_a_missing_direction_of_a_gift_stays_missing(filing, trade):
    made = filing(trade("G", None, 100, 1000))
    assert ("error", "missing_required") in found(made)
    assert made.non_derivative[0].acquired_disposed is None


def test_exercised_derivatives_are_disposed_of(filing, trade, row):
    option = row(security_title="Option", transaction_date="2024-05-02", transaction_code="M", shares=100)
    made = filing(trade("M", "A", 100, 1000), derivative=(option,))
    check_filing(made)
    assert made.derivative[0].acquired_disposed.value == "D"


def test_unknown_code_and_code_of_the_other_table(filing, trade):
    assert ("error", "unknown_code") in found(filing(trade("Y", "A", 100, 1000)))
    assert ("warning", "code_in_wrong_table") in found(filing(trade("H", "D", 100, 1000)))


# dates


def test_period_is_the_earliest_transaction(filing, trade):
    late = trade("P", "A", 10, 1010, transaction_date="2024-05-03")
    assert found(filing(trade("P", "A", 250, 1000), late)) == set()
    assert ("error", "period_not_earliest") in found(filing(late))


def test_a_period_of_month_and_year_is_not_held_against_the_rows(filing, trade):
    made = filing(trade("P", "A", 250, 1250), period_of_report=Field("2024-05-31", method="derived"))
    assert ("error", "period_not_earliest") not in found(made)


def test_transaction_after_the_signature(filing, trade):
    made = filing(trade("P", "A", 250, 1250, transaction_date="2024-06-02"))
    assert ("error", "date_after_signature") in found(made)


def test_a_year_misread_lies_long_before_the_signature(filing, trade):
    made = filing(trade("P", "A", 250, 1250, transaction_date="2014-05-02"))
    assert ("warning", "date_after_signature") in found(made)


def test_form_3_may_be_signed_in_advance(filing, row):
    held = row(kind="holding", security_title="Common Stock", shares_owned_following=500, direct_or_indirect="D")
    made = filing(held, form_type=Field("3"), period_of_report=Field("2024-05-10"))
    assert found(made) == {("warning", "date_after_signature")}


def test_deemed_execution_lies_near(filing, trade):
    assert found(filing(trade("P", "A", 250, 1250, deemed_execution_date="2024-05-06"))) == set()
    made = filing(trade("P", "A", 250, 1250, deemed_execution_date="2024-08-06"))
    assert ("warning", "deemed_date_far_off") in found(made)


def option(row, **more):
    values = {
        "security_title": "Stock Option",
        "transaction_date": "2024-05-02",
        "transaction_code": "A",
        "shares": 100,
        "acquired_disposed": "A",
        "shares_owned_following": 100,
        "direct_or_indirect": "D",
        "exercise_date": "2025-05-02",
        "expiration_date": "2034-05-02",
        "underlying_security_title": "Common Stock",
        "underlying_security_shares": 100,
    }
    return row(**(values | more))


def test_expiration_follows_exercise(filing, row):
    assert found(filing(derivative=(option(row),))) == set()
    assert ("error", "expires_before_exercise") in found(
        filing(derivative=(option(row, expiration_date="2024-12-01"),))
    )
    gone = option(row, exercise_date=None, expiration_date="2023-12-01")
    assert ("warning", "expires_before_exercise") in found(filing(derivative=(gone,)))


def test_nobody_trades_on_sundays(filing, trade):
    sunday = {"transaction_date": "2024-05-05"}
    signed = {"period_of_report": Field("2024-05-05"), "signatures": [Signature(Field("x"), Field("2024-05-06"))]}
    assert found(filing(trade("P", "A", 250, 1250, **sunday), **signed)) == {("warning", "weekend_trade")}
    assert found(filing(trade("A", "A", 250, 1250, **sunday), **signed)) == set()


def test_the_plan_box_came_in_2023(filing, trade):
    old = trade("P", "A", 250, 1250, transaction_date="2020-05-01")
    signed = {"period_of_report": Field("2020-05-01"), "signatures": [Signature(Field("x"), Field("2020-05-04"))]}
    assert found(filing(old, aff10b5_one=Field(True), **signed)) == {("warning", "box_before_its_time")}


def test_amendments_name_the_original(filing, trade):
    row = trade("P", "A", 250, 1250)
    assert ("warning", "amendment_date") in found(filing(row, form_type=Field("4/A")))
    assert ("warning", "amendment_date") in found(filing(row, date_of_original_submission=Field("2024-05-03")))
    sound = filing(row, form_type=Field("4/A"), date_of_original_submission=Field("2024-05-03"))
    assert found(sound) == set()


# prices

RANGE = "Weighted average price; sold at prices ranging from $150.30 to $151.295."


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        (RANGE, [(150.3, 151.295)]),
        ("between $9.90 and $10.05 per share", [(9.9, 10.05)]),
        ("$1,020.50 to $1,021.00", [(1020.5, 1021.0)]),
        ("from $0.95 - $1.02", [(0.95, 1.02)]),
        ("no range here, $5.00 each", []),
    ],
)
def test_ranges_in_footnotes(text, ranges):
    assert stated_ranges(text) == ranges


def test_price_within_its_stated_range(filing, trade):
    made = filing(trade("S", "D", 10, 90, price_per_share=Field(150.8, marks=[1])), notes={1: RANGE})
    assert found(made) == set()
    assert made.non_derivative[0].price_per_share.signals["price_outside_range_passed"] == 1.0


def test_price_outside_its_stated_range(filing, trade):
    made = filing(trade("S", "D", 10, 90, price_per_share=Field(180.8, marks=[1])), notes={1: RANGE})
    assert ("error", "price_outside_range") in found(made)


def test_a_lost_point_is_put_back_by_the_range(filing, trade):
    made = filing(trade("S", "D", 10, 90, price_per_share=Field(1508012, raw="1508012", marks=[1])), notes={1: RANGE})
    assert found(made) == {("info", "price_repaired")}
    assert made.non_derivative[0].price_per_share.value == 150.8012


def test_a_point_in_place_is_not_moved(filing, trade):
    made = filing(trade("S", "D", 10, 90, price_per_share=Field(15.0801, raw="15.0801", marks=[1])), notes={1: RANGE})
    assert ("error", "price_outside_range") in found(made)
    assert made.non_derivative[0].price_per_share.value == 15.0801


def test_a_mark_glued_to_a_price_is_taken_off(filing, trade):
    made = filing(trade("S", "D", 10, 90, price_per_share=Field(150.80121, raw="150.80121")), notes={1: RANGE})
    assert ("info", "price_repaired") in found(made)
    price = made.non_derivative[0].price_per_share
    assert (price.value, price.marks, price.raw) == (150.8012, [1], "150.80121")


def test_prices_of_one_security_are_of_one_size(filing, trade):
    prices = [20.1, 2.9, 20.2, 19.9]
    rows = [trade("S", "D", 10, 90 - 10 * i, price_per_share=price) for i, price in enumerate(prices)]
    made = filing(*rows)
    assert found(made) == {("error", "price_out_of_line")}
    assert [check.fields for check in made.checks] == [["non_derivative[1].price_per_share"]]


@pytest.mark.parametrize(
    ("raw", "read", "meant"),
    [("2030", 2030, 20.3), ("820.30", 820.3, 20.3), ("6.55", 6.55, 6.55), ("2,000", 2000, 20.0)],
)
def test_a_price_far_above_those_beside_it_lost_its_point_or_its_dollar_sign(filing, trade, raw, read, meant):
    prices = [20.1, Field(read, raw=raw), 20.2, 19.9]
    made = filing(*[trade("S", "D", 10, 90 - 10 * i, price_per_share=price) for i, price in enumerate(prices)])
    price = made.non_derivative[1].price_per_share
    check_filing(made)
    assert made.non_derivative[1].price_per_share.value == meant
    assert price.method == ("read" if read == meant else "repaired")


def test_purchases_have_a_price(filing, trade):
    assert found(filing(trade("P", "A", 250, 1250, price_per_share=None))) == {("warning", "price_missing")}
    assert found(filing(trade("P", "A", 250, 1250, price_per_share=Field(None, marks=[1])), notes={1: "x"})) == set()


# rows that belong together


def exercise(row, shares, underlying=None):
    return option(
        row, transaction_code="M", shares=shares, acquired_disposed="D", underlying_security_shares=underlying or shares
    )


def test_exercises_pair_up(filing, trade, row):
    assert found(filing(trade("M", "A", 800, 1000), derivative=(exercise(row, 500), exercise(row, 300)))) == set()


def test_conversions_at_a_ratio_pair_by_the_underlying(filing, trade, row):
    made = filing(trade("M", "A", 777, 1000), derivative=(exercise(row, 100, 777),))
    assert found(made) == {("info", "underlying_differs")}


def test_exercises_that_differ_by_a_digit_are_an_error_others_a_warning(filing, trade, row):
    assert ("error", "exercise_unpaired") in found(
        filing(trade("M", "A", 850, 1000), derivative=(exercise(row, 800, 7000),))
    )
    assert ("warning", "exercise_unpaired") in found(
        filing(trade("M", "A", 421, 1000), derivative=(exercise(row, 800),))
    )


@pytest.mark.parametrize(
    ("shares", "underlying", "owned", "right"),
    [
        (30003, 30000, 154642, 30000),  # round
        (117531, 157531, 121631, 117531),  # more is not acquired than owned
        (1192, 1190, 2092, 1192),  # 900 owned before, not 902
        (27644, 47644, 51904, None),
        (3700, 3770, 9015, None),  # both are round, one a bit more
        (1500.783, 1500.78, 1500.78, None),  # rounded, not misread
    ],
)
def test_of_two_amounts_that_must_be_one_the_likelier_is_taken(filing, row, shares, underlying, owned, right):
    values = {"shares": shares, "underlying_security_shares": underlying, "shares_owned_following": owned}
    made = filing(derivative=(option(row, transaction_code="A", acquired_disposed="A", **values),))
    check_filing(made)
    found = (made.derivative[0].shares.value, made.derivative[0].underlying_security_shares.value)
    assert found == ((right, right) if right else (shares, underlying))


def test_of_two_amounts_the_one_that_the_total_changed_by_is_taken(filing, row):
    grants = [
        option(row, transaction_code="A", acquired_disposed="A", shares=shares, underlying_security_shares=underlying,
               shares_owned_following=owned, conversion_or_exercise_price=price)
        for shares, underlying, owned, price in ((1214, 1214, 1214, 3), (266049, 206049, 267263, 4))
    ]  # fmt: skip
    made = filing(derivative=tuple(grants))
    check_filing(made)
    assert made.derivative[1].underlying_security_shares.value == 266049


def test_of_two_amounts_the_one_that_a_footnote_states_is_taken(filing, row):
    grant = option(row, transaction_code="A", acquired_disposed="A", shares=27644, underlying_security_shares=47644,
                   shares_owned_following=51904)  # fmt: skip
    made = filing(derivative=(grant,), notes={1: "An option for 27,644 shares vests in equal parts."})
    check_filing(made)
    assert made.derivative[0].underlying_security_shares.value == 27644


def test_underlying_shares_off_by_a_digit(filing, row):
    made = filing(derivative=(option(row, underlying_security_shares=180, shares_owned_following=5000),))
    assert ("error", "underlying_differs") in found(made)
    assert made.derivative[0].underlying_security_shares.value == 180  # one of two, and nothing says which


def test_of_three_amounts_that_must_agree_the_odd_one_is_mended(filing, trade, row):
    made = filing(trade("M", "A", 850, 1000), derivative=(exercise(row, 800),))
    assert found(made) == {("info", "amount_repaired")}
    shares = made.non_derivative[0].shares
    assert (shares.value, shares.method, shares.raw) == (800, "repaired", "850")
    grant = filing(derivative=(option(row, underlying_security_shares=180),))
    assert ("info", "amount_repaired") in found(grant)
    assert grant.derivative[0].underlying_security_shares.value == 100


def test_what_other_exercises_of_the_day_leave_says_which_amount_was_misread(filing, trade, row):
    rows = (exercise(row, 500), exercise(row, 300, 390))
    made = filing(trade("M", "A", 200, 1000), trade("M", "A", 600, 1600), derivative=rows)
    assert ("info", "amount_repaired") in found(made)
    assert made.derivative[1].underlying_security_shares.value == 300


def test_amounts_that_are_no_misreading_of_each_other_stay(filing, trade, row):
    made = filing(trade("M", "A", 800, 1000), derivative=(exercise(row, 800, 3),))
    found(made)
    assert made.derivative[0].underlying_security_shares.value == 3


def test_a_leg_from_the_column_alone_turns_where_nothing_is_left(filing, row):
    def leg(**more):
        made = filing(derivative=(option(row, transaction_code="J", shares_owned_following=0, **more),))
        codes = found(made)
        return made.derivative[0].acquired_disposed, codes

    derived, codes = leg(acquired_disposed=Field("A", method="derived"))
    assert (derived.value, derived.method, derived.raw) == ("D", "repaired", "A")
    assert ("info", "leg_repaired") in codes
    read, codes = leg(acquired_disposed="A")
    assert read.value == "A"
    assert ("error", "owned_less_than_acquired") in codes


def test_acquired_shares_are_owned(filing, trade):
    assert ("error", "owned_less_than_acquired") in found(filing(trade("P", "A", 2500, 1250)))


def test_marks_have_footnotes(filing, trade):
    row = trade("P", "A", Field(250, marks=[7]), 1250, footnotes=[7])
    made = filing(row, notes={1: "Bought by a plan."})
    assert ("warning", "mark_without_footnote") in found(made)
    assert made.checks[0].fields == ["non_derivative[0].shares"]


# the header


def test_owner_is_not_the_issuer_and_counts_once(filing, trade):
    made = filing(trade("P", "A", 250, 1250))
    made.reporting_owners.append(ReportingOwner(name=Field("BIRCHWOOD LANTERNS INC")))
    made.reporting_owners.append(ReportingOwner(name=Field("LINDQVIST MARA T.")))
    assert {("error", "owner_is_issuer"), ("error", "owner_twice")} <= found(made)


def test_titles_and_boxes_go_together(filing, trade):
    made = filing(trade("P", "A", 250, 1250))
    made.reporting_owners[0].officer_title = Field("Treasurer")
    assert found(made) == {("warning", "title_and_box")}
    made.checks = []
    made.reporting_owners[0].is_officer = Field(True)
    assert found(made) == set()


def test_someone_without_any_relationship(filing, trade):
    made = filing(trade("P", "A", 250, 1250))
    made.reporting_owners[0].is_director = Field(False)
    assert found(made) == {("warning", "title_and_box")}


def test_nothing_owned_and_rows_exclude_each_other(filing, row):
    held = row(kind="holding", security_title="Common Stock", shares_owned_following=5, direct_or_indirect="D")
    made = filing(held, form_type=Field("3"), no_securities_owned=Field(True))
    assert ("error", "no_securities_but_rows") in found(made)
    assert found(filing(form_type=Field("3"), no_securities_owned=Field(True))) == set()


def test_every_missing_value_is_named(filing, trade):
    made = filing(trade("S", "D", None, 900, direct_or_indirect=None), period_of_report=None)
    check_filing(made)
    missing = {check.fields[0] for check in made.checks if check.code == "missing_required"}
    assert missing == {"period_of_report", "non_derivative[0].shares", "non_derivative[0].direct_or_indirect"}


def test_a_cell_with_a_mark_alone_is_filled(filing, trade):
    made = filing(trade("A", "A", Field(None, marks=[1]), 900), notes={1: "Amount to be determined."})
    assert found(made) == set()


def test_holdings_need_their_amount(filing, row):
    made = filing(row(kind="holding", security_title="Common Stock", direct_or_indirect="D"))
    assert ("error", "missing_required") in found(made)


def test_a_form_without_rows_needs_an_excuse(filing):
    assert ("error", "missing_required") in found(filing())
    assert found(filing(not_subject_to_section_16=Field(True))) == {("warning", "missing_required")}


def test_signals_tell_which_rule_spoke(filing, trade):
    made = filing(trade("P", "A", 250, 1250))
    check_filing(made)
    signals = made.non_derivative[0].transaction_date.signals
    assert signals["check_passed"] == signals["period_not_earliest_passed"] == 1.0
    assert "check_failed" not in signals


def test_few_digits_that_differ_in_one_are_a_warning_and_ratios_are_not(filing, row):
    assert ("warning", "underlying_differs") in found(
        filing(derivative=(option(row, shares=21, underlying_security_shares=11, shares_owned_following=900),))
    )
    assert ("info", "underlying_differs") in found(
        filing(derivative=(option(row, shares=10, underlying_security_shares=100, shares_owned_following=900),))
    )


def test_what_the_total_grew_by_says_which_amount_was_misread(filing, row):
    rows = (
        option(row, shares=7852, underlying_security_shares=7852, shares_owned_following=10952),
        option(row, shares=15518, underlying_security_shares=15618, shares_owned_following=26570),
    )
    made = filing(derivative=rows)
    assert ("info", "amount_repaired") in found(made)
    assert made.derivative[1].shares.value == 15618
