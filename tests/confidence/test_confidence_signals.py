"""Signals of a row that come from the rows beside it and from the filing's titles."""

from __future__ import annotations

from extractor.confidence.signals import items
from extractor.record import Field, Filing, Row


def row(title: str, **fields: object) -> Row:
    return Row(security_title=Field(title), **{name: Field(value) for name, value in fields.items()})


def signals_of(filing: Filing, path: str) -> dict[str, float]:
    (item,) = [item for item in items(filing) if item.path == path]
    return item.signals


def whole(title: str = "Common Stock") -> Row:
    return row(
        title,
        transaction_date="2024-05-02",
        transaction_code="P",
        shares=1,
        acquired_disposed="A",
        price_per_share=2,
        shares_owned_following=3,
        direct_or_indirect="D",
    )


def test_a_row_knows_what_the_rows_beside_it_lack():
    half = whole()
    half.shares_owned_following = half.direct_or_indirect = None
    filing = Filing(non_derivative=[whole(), half, whole(), whole()])
    near = [signals_of(filing, f"non_derivative[{n}].shares")["row_near_missing"] for n in range(4)]
    assert near == [2.0, 0.0, 2.0, 0.0]


def test_a_title_with_the_words_of_another_in_another_order_is_told():
    filing = Filing(non_derivative=[whole(), whole("Stock Common"), whole("Class B Shares")])
    turned = [signals_of(filing, f"non_derivative[{n}].shares")["row_title_turned"] for n in range(3)]
    assert turned == [1.0, 1.0, 0.0]


def test_underlying_titles_count_and_header_values_have_no_rows_beside():
    filing = Filing(
        non_derivative=[whole("Stock Common")],
        derivative=[row("Stock Option", underlying_security_title="Common Stock")],
        form_type=Field("4"),
    )
    assert signals_of(filing, "non_derivative[0].shares")["row_title_turned"] == 1.0
    assert "row_near_missing" not in signals_of(filing, "form_type")
