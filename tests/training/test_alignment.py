"""Corrected records are laid back on the tokens of their document."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from extractor.pipeline import load_model
from extractor.readers.text import read_text
from training.annotations import AnnotatedDocument
from training.exchange.alignment import align
from training.exchange.assembling import filing_of
from training.exchange.wanted import wanted_values
from training.scoring import tally
from training.synthesis.annotate import annotate_pdf
from training.synthesis.garble import annotate_text
from training.synthesis.invent import invent_filing

ROW = {"kind": "transaction", "security_title": "Common Stock", "transaction_date": "2024-03-14",
       "transaction_code": "S", "shares": 1250, "acquired_disposed": "D", "price_per_share": 31.07,
       "shares_owned_following": 98000, "direct_or_indirect": "D"}  # fmt: skip
LINES = """1. Title of Security  2. Date  3. Code  4. Amount (A) or (D) Price  5. Owned  6. Form
Common Stock  03/14/2024  S  1,250  D  $31.07  98,000  D
Common Stock  03/15/2024  S  1,250  D  $31.50  96,750  D
"""


def texts_of(text: str, record: dict[str, Any]) -> dict[tuple[str, int | None], str]:
    document = read_text(text)
    spans = align(document, record, load_model()).spans
    return {(s.label, s.row): " ".join(document.tokens[i].text for i in s.tokens) for s in spans}


@pytest.fixture(scope="module")
def page() -> AnnotatedDocument:
    rng = random.Random(4)
    return annotate_pdf(invent_filing(rng, "current"), "official", rng)


def spans_of(item: AnnotatedDocument, table_only: bool = False) -> set[tuple[str, tuple[int, ...], int | None]]:
    return {
        (s.label, tuple(s.tokens), s.row)
        for s in item.spans
        if s.label.startswith(("non_derivative", "derivative")) or not table_only
    }


def test_a_plain_record_without_places_finds_the_rows_that_the_page_prints(page: AnnotatedDocument) -> None:
    assert page.record is not None
    found = align(page.document, page.record, load_model())
    again = AnnotatedDocument("again", page.document, found.spans)
    assert spans_of(page, table_only=True) == spans_of(again, table_only=True)
    assert not [gap for gap in found.gaps if "derivative" in gap.path]


def test_the_labels_found_assemble_to_the_record(page: AnnotatedDocument) -> None:
    assert page.record is not None
    spans = align(page.document, page.record, load_model()).spans
    counted = tally(filing_of(AnnotatedDocument("a", page.document, spans), load_model()), page.record)
    assert counted.figures()["row_f1"] == 1.0


def test_rows_of_equal_values_are_taken_in_page_order() -> None:
    second = ROW | {"transaction_date": "2024-03-15", "price_per_share": 31.5, "shares_owned_following": 96750}
    found = texts_of(LINES, {"non_derivative": [ROW, second]})
    assert found["non_derivative.transaction_date", 0] == "03/14/2024"
    assert found["non_derivative.transaction_date", 1] == "03/15/2024"
    assert found["non_derivative.shares", 0] == found["non_derivative.shares", 1] == "1,250"
    document = read_text(LINES)
    lines = {
        (s.label, s.row): {document.tokens[i].line for i in s.tokens}
        for s in align(document, {"non_derivative": [ROW, second]}, load_model()).spans
    }
    assert len({tuple(lines[label, 0]) for label, row in lines if row == 0}) == 1
    assert lines["non_derivative.shares", 0] != lines["non_derivative.shares", 1]


@pytest.mark.parametrize(
    ("printed", "label", "value", "expected"),
    [
        ("14-Mar-2024", "transaction_date", "2024-03-14", "14-Mar-2024"),
        ("3/14/24", "transaction_date", "2024-03-14", "3/14/24"),
        ("03/14/2024(1)", "transaction_date", "2024-03-14", "03/14/2024"),
        ("$ 31.0700", "price_per_share", 31.07, "$ 31.0700"),
        ("98000", "shares_owned_following", 98000, "98000"),
    ],
)
def test_values_are_found_in_any_printed_form(printed: str, label: str, value: Any, expected: str) -> None:
    usual = {"transaction_date": "03/14/2024", "price_per_share": "$31.07", "shares_owned_following": "98,000"}[label]
    found = texts_of(LINES.replace(usual, printed, 1), {"non_derivative": [ROW | {label: value}]})
    assert found[f"non_derivative.{label}", 0] == expected


def test_what_the_page_does_not_say_is_reported_and_not_guessed() -> None:
    found = align(read_text(LINES), {"non_derivative": [ROW | {"shares": 777777}]}, load_model())
    assert [(gap.path, gap.value, gap.reason) for gap in found.gaps] == [
        ("non_derivative[0].shares", 777777, "not found")
    ]
    assert "777777" in found.gaps[0].sentence()
    assert "non_derivative.shares" not in {span.label for span in found.spans}


def test_a_misread_digit_is_labelled_in_its_place_and_reported() -> None:
    found = align(read_text(LINES), {"non_derivative": [ROW | {"shares_owned_following": 93000}]}, load_model())
    (gap,) = found.gaps
    assert (gap.reason, gap.printed) == ("reads otherwise", "98,000")
    assert "non_derivative.shares_owned_following" in {span.label for span in found.spans}


def test_wrapped_titles_are_found_across_other_columns() -> None:
    text = LINES.split("\n")[0] + "\nClass A Common  03/14/2024  S  1,250  D  $31.07  98,000  D\nStock\n"
    record = {"non_derivative": [ROW | {"security_title": "Class A Common Stock"}]}
    assert texts_of(text, record)["non_derivative.security_title", 0] == "Class A Common Stock"


def test_a_record_that_nobody_changed_keeps_what_the_model_read() -> None:
    rng = random.Random(11)
    item = annotate_text(invent_filing(rng, "current"), "official", rng, "layout")
    model = load_model()
    from extractor.pipeline import extract_filing

    record = extract_filing(item.document, model).to_dict()
    found = align(item.document, record, model)
    labels = model.tag(item.document).labels
    tables = [s for s in found.spans if s.label.startswith(("non_derivative", "derivative"))]
    assert tables
    assert all(labels[i] == span.label for span in tables for i in span.tokens)
    assert [gap.path for gap in found.gaps] == []


def test_a_row_taken_out_by_hand_loses_its_labels() -> None:
    rng = random.Random(11)
    item = annotate_text(invent_filing(rng, "current"), "official", rng, "layout")
    model = load_model()
    from extractor.pipeline import extract_filing

    record = extract_filing(item.document, model).to_dict()
    record["non_derivative"], record["derivative"] = [], []
    spans = align(item.document, record, model).spans
    assert not [s for s in spans if s.label.startswith(("non_derivative", "derivative"))]


def test_fields_and_plain_values_may_stand_side_by_side() -> None:
    record = {"issuer": {"name": {"value": "Quillon Foods", "bbox": None, "page": 1}, "ticker": "QHFX"}}
    assert [(w.path, w.value) for w in wanted_values(copy.deepcopy(record))] == [
        ("issuer.name", "Quillon Foods"),
        ("issuer.ticker", "QHFX"),
    ]


def test_a_row_of_table_two_is_labelled_by_the_column_that_holds_its_number() -> None:
    rows = [{"shares": 300, "acquired_disposed": "A"}, {"shares": 300, "acquired_disposed": "D"}]
    assert [w.label for w in wanted_values({"derivative": rows})] == [
        "derivative.shares_acquired",
        "derivative.shares_disposed",
    ]
