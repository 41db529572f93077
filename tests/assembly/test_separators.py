"""Commas against points: which of two readings of print a filing as a whole makes likelier."""

from typing import Any

import pytest

from extractor.assembly.separators import settle_separators
from extractor.record import Field, Filing, Row

CLEAR_COMMA, RATHER_POINT, CLEAR_POINT = 1e3, 0.05, 1e-3
"""Odds of a comma by print."""


def either(text: str, odds: float) -> Field:
    """A number of a scan, as read, whose print has these odds of a comma to a point in the last place."""
    head, last = text[:-4], text[-3:]
    comma, point = f"{head},{last}", f"{head}.{last}"
    value = float(text.replace(",", ""))
    return Field(
        int(value) if value.is_integer() and "." not in text else value,
        raw=text,
        readings=((comma, odds / (1 + odds)), (point, 1 / (1 + odds))),
    )


def row(kind: str = "transaction", **values: Any) -> Row:
    fields = {name: value if isinstance(value, Field) else Field(value) for name, value in values.items()}
    return Row(kind=kind, **{"security_title": Field("Common Stock"), "direct_or_indirect": Field("D"), **fields})


def sale(shares: Field, owned: Field, **more: Any) -> Row:
    return row(
        transaction_code="S",
        acquired_disposed="D",
        shares=shares,
        shares_owned_following=owned,
        price_per_share=20,
        **more,
    )


def settled(*rows: Row, derivative: tuple[Row, ...] = ()) -> Filing:
    filing = Filing(non_derivative=list(rows), derivative=list(derivative))
    settle_separators(filing)
    return filing


def test_a_clear_comma_stays_one_and_a_clear_point_too():
    filing = settled(
        sale(either("22,524", CLEAR_COMMA), either("379,339", CLEAR_COMMA)),
        row("holding", shares_owned_following=either("6,606.917", CLEAR_POINT), nature_of_ownership="401(k) plan"),
    )
    assert filing.non_derivative[0].shares.value == 22524
    assert filing.non_derivative[0].shares_owned_following.value == 379339
    assert filing.non_derivative[1].shares_owned_following.value == 6606.917


def test_sales_that_look_like_points_on_a_spoilt_page_are_thousands():
    totals = ["3,557.501", "3,534.977", "3,495.684", "3,435.933"]
    sold = ["12.345", "22.524", "39.293", "59.751"]
    rows = [sale(either(a, RATHER_POINT), either(b, RATHER_POINT)) for a, b in zip(sold, totals, strict=True)]
    filing = settled(*rows)
    assert [r.shares.value for r in filing.non_derivative] == [12345, 22524, 39293, 59751]
    assert filing.non_derivative[3].shares_owned_following.value == 3435933


def test_the_balance_settles_what_print_leaves_open():
    filing = settled(
        sale(either("22,524", CLEAR_COMMA), Field(40000)),
        sale(Field(500), either("39.500", RATHER_POINT)),
        sale(either("1.125", RATHER_POINT), either("38.375", RATHER_POINT)),
    )
    assert filing.non_derivative[2].shares.value == 1125
    assert filing.non_derivative[2].shares_owned_following.value == 38375


def test_withheld_units_with_decimals_keep_them():
    filing = settled(
        row(transaction_code="F", acquired_disposed="D", shares=either("27,989.367", 0.03),
            shares_owned_following=either("541,415.964", 0.03), price_per_share=506.69)
    )  # fmt: skip
    assert filing.non_derivative[0].shares.value == 27989.367
    assert filing.non_derivative[0].shares_owned_following.value == 541415.964


@pytest.mark.parametrize(("odds", "price"), [(RATHER_POINT, 102.368), (1.5, 102.368), (CLEAR_POINT, 102.368)])
def test_prices_have_three_decimals_rather_than_thousands_of_dollars(odds, price):
    filing = settled(row(transaction_code="A", acquired_disposed="A", price_per_share=either("102.368", odds)))
    assert filing.non_derivative[0].price_per_share.value == price


def test_a_price_with_a_clear_comma_is_of_thousands():
    filing = settled(row(transaction_code="A", acquired_disposed="A", price_per_share=either("1,250", CLEAR_COMMA)))
    assert filing.non_derivative[0].price_per_share.value == 1250


def test_amounts_do_not_end_in_zeros_behind_a_point():
    filing = settled(row("holding", shares_owned_following=either("57.120", RATHER_POINT)))
    assert filing.non_derivative[0].shares_owned_following.value == 57120


def test_more_is_not_acquired_than_owned():
    filing = settled(
        row(transaction_code="M", acquired_disposed="A", shares=either("277,206", CLEAR_COMMA),
            shares_owned_following=either("3,557.501", 0.1))
    )  # fmt: skip
    assert filing.non_derivative[0].shares_owned_following.value == 3557501


def test_numbers_of_text_layers_are_left_alone():
    field = Field(57.125, raw="57.125", signals={"quality_min": 1.0})
    filing = settled(row("holding", shares_owned_following=field))
    assert filing.non_derivative[0].shares_owned_following.value == 57.125


def test_a_value_that_came_from_elsewhere_is_left_alone():
    field = either("57.125", RATHER_POINT)
    field.value = 571
    filing = settled(row("holding", shares_owned_following=field))
    assert filing.non_derivative[0].shares_owned_following.value == 571


@pytest.mark.parametrize(
    ("readings", "price"),
    [
        ({"$1915": 0.6, "$191.5": 0.05, "$19.15": 0.0001}, 191.5),
        ({"$1915": 0.6, "$191.5": 0.05, "$19.15": 0.02}, 1915),  # where the point stood is not told
        ({"$1915": 0.9, "$191.5": 0.0002}, 1915),
        ({"264": 0.6, "2.64": 0.25, "26.4": 0.0002}, 2.64),
        ({"190": 0.9, "1.90": 0.02}, 190),
        ({"$1,915": 0.9, "$1.915": 0.0001, "$191.5": 0.3}, 1915),
    ],
)
def test_a_price_gets_the_point_back_that_its_print_rather_has(readings, price):
    text = next(iter(readings))
    field = Field(int(text.replace(",", "").lstrip("$")), raw=text, readings=tuple(readings.items()))
    filing = settled(row(transaction_code="S", acquired_disposed="D", price_per_share=field))
    assert filing.non_derivative[0].price_per_share.value == price


def test_amounts_of_digits_alone_are_left_alone():
    field = Field(2640, raw="2640", readings=(("2640", 0.6), ("26.40", 0.3)))
    filing = settled(row("holding", shares_owned_following=field))
    assert filing.non_derivative[0].shares_owned_following.value == 2640
