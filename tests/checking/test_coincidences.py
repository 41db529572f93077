"""Corrections told apart: what agrees with the one and not with the others."""

import pytest
from made_filings import make_filing, make_row, make_trade

from extractor.checking import check_filing
from extractor.checking.coincidences import (
    is_equal_part,
    is_rounder_sum,
    is_stated_sum,
    round_sum,
    stated_numbers,
    supposing,
)
from extractor.checking.rule import Place
from extractor.record import Field

UNITS = "The total includes {} unvested units and 3,476 shares of vested units."


def repaired(made):
    check_filing(made)
    rows = (*made.non_derivative, *made.derivative)
    return {
        (place, name): field.value
        for place, row in enumerate(rows)
        for name, field in row.fields(derivative=True).items()
        if field is not None and field.method == "repaired"
    }


def test_a_total_that_footnotes_make_up_is_right():
    def read(**more):
        return make_filing(make_trade("A", "A", 466, 3942), make_trade("A", "A", 1553, 5795), **more)

    notes = {1: UNITS.format("466"), 2: UNITS.format("2,019")}
    assert repaired(read(notes=notes)) == {(1, "shares_owned_following"): 5495}
    assert repaired(read()) == {}  # nothing tells which of them was misread


def test_numbers_are_stated_of_securities_only():
    made = make_filing(notes={1: "590 unvested units, 4,249 shares at $3,100 under the 2026 plan of 1,553 employees"})
    assert stated_numbers(made) == {590.0, 4249.0}


def test_many_stated_numbers_make_up_any_number():
    assert is_stated_sum(3942, {466.0, 3476.0})
    assert is_stated_sum(1553, {2143.0, 590.0, 4249.0})
    assert not is_stated_sum(3942, {466.0, 3476.0} | {float(n) for n in range(1000, 1010)})


def test_all_that_was_acquired_is_sold_again():
    rows = (
        make_trade("M", "A", 92403, 229090),
        make_trade("F", "D", 49390, 179700),
        make_trade("S", "D", 41273, 138427),
        make_trade("S", "D", 1740, 130687),
    )
    assert repaired(make_filing(*rows)) == {(3, "shares_owned_following"): 136687}


def test_sales_of_a_day_add_up_to_a_round_amount():
    rows = (
        make_trade("S", "D", 149527, 3920049),
        make_trade("S", "D", 108473, 3819576),
        make_trade("G", "D", 5000, 3814576),
    )
    assert repaired(make_filing(*rows)) == {(1, "shares"): 100473}


def test_tax_withheld_is_a_share_of_what_vests():
    rows = make_trade("M", "A", 1717, 40879), make_trade("F", "D", 192, 39987)
    assert repaired(make_filing(*rows)) == {(1, "shares"): 892}
    rows = make_trade("M", "A", 1717, 40879), make_trade("F", "D", 792, 39987)
    assert repaired(make_filing(*rows)) == {}  # as good a share as 892: any of the three may be misread


def test_exercises_of_table_two_decide():
    option = {"security_title": "Option", "conversion_or_exercise_price": 18.2, "transaction_date": "2024-05-02"}
    table_two = tuple(
        make_row(
            **option, transaction_code="M", shares=amount, acquired_disposed="D", underlying_security_shares=amount
        )
        for amount in (1000, 2000)
    )
    rows = (
        make_trade("M", "A", 1000, 19106.5),
        make_trade("M", "A", 3000, 21106.5),
        make_trade("S", "D", 3000, 18106.5),
    )
    assert repaired(make_filing(*rows, derivative=table_two)) == {(1, "shares"): 2000}


def test_grants_of_one_worth_on_two_days():
    rows = (
        make_trade("A", "A", 1239, 2367, price_per_share=10.9),
        make_trade("A", "A", 2091, 3458, price_per_share=12.38, transaction_date="2024-08-02"),
    )
    assert repaired(make_filing(*rows)) == {(1, "shares"): 1091}


@pytest.mark.parametrize(("title", "fixed"), [("Phantom Stock Units", {(0, "shares"): 4173.5918}), ("Warrants", {})])
def test_deferred_pay_is_a_round_sum(title, fixed):
    row = make_row(
        security_title=title,
        transaction_date="2024-05-02",
        transaction_code="A",
        acquired_disposed="A",
        price_per_share=75.81,
        shares=4173.5018,
        underlying_security_shares=4173.5918,
        shares_owned_following=16188.4456,
    )
    assert repaired(make_filing(derivative=(row,))) == fixed


def test_of_two_round_sums_the_far_rounder_one_counts():
    assert (round_sum(7686.539, 26.67), round_sum(7186.539, 26.67)) == (5000, 5)
    assert is_rounder_sum(7686.539, 7186.539, 26.67)
    assert not is_rounder_sum(7186.539, 7686.539, 26.67)
    assert round_sum(100, 0) == round_sum(100, None) == 0


def test_small_parts_fit_anything():
    assert is_equal_part(974, 1950)
    assert not is_equal_part(12, 24)
    assert not is_equal_part(974, 0)


def test_supposing_leaves_the_field_as_it_was():
    field = Field(5, raw="5")
    with supposing(Place("x", field), 6.0):
        assert field.value == 6.0
    assert field == Field(5, raw="5")
