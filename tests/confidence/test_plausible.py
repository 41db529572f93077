"""Signals from how a value is printed and from what else its filing prints."""

import pytest

from extractor.confidence.plausible import Companions, row_signals, shape_signals
from extractor.record import Field, Filing, Footnote, Signature


@pytest.mark.parametrize(
    ("name", "group", "value", "raw", "signal", "expected"),
    [
        ("non_derivative.shares", "number", 1250, "1,250", "clean", 1.0),
        ("non_derivative.shares", "number", 1250, "1,25O", "clean", 0.0),
        ("non_derivative.shares", "number", 57, "57.000", "three_decimals", 1.0),
        ("non_derivative.shares", "number", 57000, "57,000", "three_decimals", 0.0),
        ("non_derivative.price_per_share", "number", 0, "$0", "zero", 1.0),
        ("non_derivative.price_per_share", "number", 31.25, "$31.25", "decimals", 2.0),
        ("non_derivative.price_per_share", "number", 31.25, "3125", "as_printed", 0.0),
        ("period_of_report", "date", "2024-05-02", "05/02/2024", "clean", 1.0),
        ("period_of_report", "date", "2024-05-02", "05/0 2/2024", "clean", 0.0),
        ("issuer.name", "text", "Birchwood, Inc", "Birchwood, Inc", "as_printed", 1.0),
        ("issuer.name", "text", "Birchwood (", "Birchwood (", "ragged", 1.0),
        ("issuer.name", "text", "Birchwood Inc I", "Birchwood Inc I", "short_words", 1.0),
        ("owner.zip", "text", "10017-2014", "10017-2014", "misshapen", 0.0),
        ("owner.zip", "text", "2014", "2014", "misshapen", 1.0),
        ("owner.zip", "text", "EC2A 4NE", "EC2A 4NE", "misshapen", 0.0),
        ("owner.state", "text", "NYRS", "NYRS", "misshapen", 1.0),
        ("owner.state", "text", "New York", "New York", "misshapen", 0.0),
        ("issuer.ticker", "text", "BWLN", "BWLN", "misshapen", 0.0),
    ],
)
def test_print(name, group, value, raw, signal, expected):
    assert shape_signals(name, group, Field(value, raw=raw))[signal] == expected


def test_a_value_without_print_is_no_reason_to_fail():
    assert shape_signals("issuer.name", "text", Field("Birchwood"))["raw_length"] == 0.0
    assert shape_signals("non_derivative.price_per_share", "number", Field(None, raw="(1)"))["clean"] == 0.0


def test_numbers_are_held_against_their_column_and_the_footnotes():
    filing = Filing(
        footnotes=[Footnote(1, Field("Includes 1,250 units."))], signatures=[Signature(None, Field("2024-05-03"))]
    )
    name = "non_derivative.price_per_share"
    prices = [Field(20.5), Field(20.7), Field(2071.0)]
    date, shares = Field("2024-05-02"), Field(1250)
    fields = [(name, price) for price in prices]
    around = Companions(filing, [*fields, ("period_of_report", date), ("non_derivative.shares", shares)])
    apart = [around.signals(name, "number", price)["apart"] for price in prices]
    assert apart[1] < 0.01
    assert apart[2] == pytest.approx(2.0, abs=0.01)
    assert around.signals("non_derivative.shares", "number", shares)["in_notes"] == 1.0
    assert around.signals("period_of_report", "date", date)["days"] == pytest.approx(0.693, abs=0.001)


def test_texts_are_held_against_their_column():
    titles = [Field("Common Stock"), Field("common stock."), Field("Common St")]
    name = "non_derivative.security_title"
    around = Companions(Filing(), [(name, title) for title in titles])
    assert around.signals(name, "text", titles[0]) == {"again": 1.0, "column": 3.0, "alike": pytest.approx(2 / 3)}
    assert around.signals(name, "text", titles[2])["again"] == 0.0


def test_a_row_passes_its_weakest_value_on():
    made = row_signals([{"label_min": 0.9, "clean": 0.0}, {"label_min": 0.5, "check_failed": 1.0}], missing=2)
    assert (made["row_label_min"], made["row_unclean"], made["row_failed"], made["row_missing"]) == (0.5, 1.0, 1.0, 2.0)
    assert row_signals([], 0)["row_label_min"] == 1.0
