"""Figures of records against gold: header values, cells of matched rows, whole rows."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.record import Field, Filing, Issuer, ReportingOwner, Row
from training.scoring import Tally, plain, tally


def row(**values: Any) -> Row:
    kind = values.pop("kind", "transaction")
    return Row(kind=kind, **{name: Field(value) for name, value in values.items()})


def filing() -> Filing:
    return Filing(
        form_type=Field("4"),
        period_of_report=Field("2024-03-14"),
        issuer=Issuer(Field("Quillon Harbor Foods, Inc."), Field("QHFX")),
        reporting_owners=[ReportingOwner(name=Field("Tavener Odile R"), city=Field("PORT ELDER"))],
        non_derivative=[
            row(security_title="Common Stock", transaction_code="S", shares=1250, shares_owned_following=98000),
            row(kind="holding", security_title="Common Stock", shares_owned_following=410),
        ],
        derivative=[row(security_title="Option", transaction_code="M", shares=300)],
    )


def gold() -> dict[str, Any]:
    record: dict[str, Any] = plain(filing().to_dict())
    return record


def counts(given: Filing, truth: dict[str, Any]) -> dict[str, list[int]]:
    return tally(given, truth).counts


def test_records_of_fields_become_plain_values() -> None:
    assert gold()["issuer"] == {"name": "Quillon Harbor Foods, Inc.", "ticker": "QHFX", "cik": None}
    assert gold()["non_derivative"][1]["shares_owned_following"] == 410
    assert gold()["form_type"] == "4"


def test_a_record_is_all_right_against_itself() -> None:
    found = tally(filing(), gold())
    assert found.counts == {"header": [6, 0, 0], "cell": [9, 0, 0], "row": [3, 0, 0]}
    assert found.figures() == {"header_f1": 1.0, "cell_f1": 1.0, "row_f1": 1.0}


def test_a_wrong_value_counts_as_given_and_as_missed() -> None:
    given = filing()
    given.non_derivative[0].shares = Field(1260)
    assert counts(given, gold()) == {"header": [6, 0, 0], "cell": [8, 1, 1], "row": [2, 1, 1]}


def test_a_missing_value_counts_as_missed_only() -> None:
    given = filing()
    given.issuer.ticker = None
    given.derivative[0].shares = None
    assert counts(given, gold()) == {"header": [5, 0, 1], "cell": [8, 0, 1], "row": [2, 1, 1]}


def test_an_invented_row_counts_against_precision() -> None:
    given = filing()
    given.non_derivative.append(row(security_title="Preferred", shares=7))
    assert counts(given, gold()) == {"header": [6, 0, 0], "cell": [9, 2, 0], "row": [3, 1, 0]}


def test_a_row_that_was_not_found_counts_against_recall() -> None:
    given = filing()
    del given.non_derivative[1]
    assert counts(given, gold()) == {"header": [6, 0, 0], "cell": [7, 0, 2], "row": [2, 0, 1]}


def test_rows_are_matched_by_their_values_not_by_their_place() -> None:
    given = filing()
    given.non_derivative.reverse()
    assert counts(given, gold())["row"] == [3, 0, 0]


def test_a_row_of_the_wrong_kind_is_not_whole() -> None:
    given = filing()
    given.non_derivative[1].kind = "transaction"
    assert counts(given, gold()) == {"header": [6, 0, 0], "cell": [9, 0, 0], "row": [2, 1, 1]}


def test_an_owner_too_many_and_one_too_few_are_counted() -> None:
    given = filing()
    given.reporting_owners.append(ReportingOwner(name=Field("Brannock Magnus")))
    assert counts(given, gold())["header"] == [6, 1, 0]
    given.reporting_owners.clear()
    assert counts(given, gold())["header"] == [4, 0, 2]


@pytest.mark.parametrize(
    ("right", "given", "expected"),
    [
        ("Common  Stock", "COMMON STOCK", [1, 0, 0]),
        (1250, "1,250.00", [1, 0, 0]),
        (1250, 1251, [0, 1, 1]),
        (None, None, [0, 0, 0]),
        ("", None, [0, 0, 0]),
        (False, None, [0, 0, 0]),
        (True, True, [1, 0, 0]),
        (True, False, [0, 0, 1]),
        (None, "x", [0, 1, 0]),
        ("x", None, [0, 0, 1]),
        (0, 0, [1, 0, 0]),
    ],
)
def test_values_are_counted_where_there_is_something_to_find(right: Any, given: Any, expected: list[int]) -> None:
    counted = Tally()
    agree = counted.put("cell", right, given)
    assert counted.counts["cell"] == expected
    assert agree == (expected[1:] == [0, 0])


def test_tallies_add_up_and_figures_are_of_the_sum() -> None:
    one, other = Tally(), Tally()
    one.put("cell", 1, 1)
    other.put("cell", 1, 2)
    one.add(other)
    assert one.counts["cell"] == [1, 1, 1]
    assert one.figures() == {"cell_f1": 0.5, "header_f1": 1.0, "row_f1": 1.0}
