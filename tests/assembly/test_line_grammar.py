"""Rows of Table I whose cells were cut at the wrong letters."""

from __future__ import annotations

import pytest
from grids import marked_text

from extractor.assembly.line_grammar import name_by_grammar


def names(text: str) -> dict[str, str]:
    """What each field's tokens spell after the grammar was applied."""
    labelled = name_by_grammar(marked_text(text))
    out: dict[str, str] = {}
    for i, token in enumerate(labelled.tokens):
        label = labelled.label(i).rpartition(".")[2]
        if label != "O":
            out[label] = out.get(label, "") + token.text
    return out


def test_pieces_of_date_code_and_amount_are_named_after_the_line() -> None:
    found = names(
        "{security_title:Common}\t0\t{transaction_date:1/05/2}\t{shares:026}\t{acquired_disposed:A}"
        "\t15\t0,000\tA\t$0.83\t2,952,695\tD"
    )
    assert found["transaction_date"] == "01/05/2026"
    assert found["transaction_code"] == "A"
    assert found["shares"] == "150,000"
    assert found["acquired_disposed"] == "A"


def test_a_digit_behind_its_own_mark_goes_to_the_amount() -> None:
    found = names("{security_title:Common}\t10/01/\t2025\tA\t12.593\t(1)\t4\tA\t$1\t02.36")
    assert found["shares"] == "12.5934"
    assert found["mark"] == "(1)"


@pytest.mark.parametrize(
    "text",
    [
        "{security_title:Common}\t1,000\tD",
        "{security_title:Common}\t10/01/2025\tA12\tA\t$1.00",
        "10/01/2025\tA\t12\tA\t$1.00",
        "{security_title:Common} 10/01/2025 A 12 A $1.00",
    ],
)
def test_holdings_pieces_of_two_values_and_lines_without_title_or_tabs_are_left_to_the_labels(text: str) -> None:
    before = marked_text(text)
    assert name_by_grammar(before) is before
