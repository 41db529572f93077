"""Annotations whose label and text disagree are found; good ones are left alone."""

from __future__ import annotations

import random

import pytest
from invented import notice

from extractor.readers.text import read_text
from training.annotations import AnnotatedDocument, Span
from training.lint import Collection, lint
from training.synthesis.annotate import annotate_pdf
from training.synthesis.invent import invent_filing


def labelled(text: str, *spans: Span) -> list[str]:
    return list(lint(AnnotatedDocument("a", read_text(text), list(spans))))


def test_invented_filings_as_printed_have_no_problems() -> None:
    rng = random.Random(8)
    assert list(lint(annotate_pdf(invent_filing(rng, "current"), "official", rng))) == []


@pytest.mark.parametrize(
    ("label", "good", "bad"),
    [
        ("period_of_report", "03/14/2024", "Common"),
        ("signature.date", "03/14/2024", "Common"),
        ("non_derivative.shares", "1,250", "Common"),
        ("derivative.shares_disposed", "1,250", "Common"),
        ("derivative.conversion_or_exercise_price", "$12.50", "Common"),
        ("non_derivative.transaction_code", "S", "Common"),
        ("non_derivative.acquired_disposed", "D", "Common"),
        ("non_derivative.direct_or_indirect", "I", "Common"),
        ("footnote.mark", "(1)", "Common"),
        ("box.director", "X", "Director"),
        ("box.director", "☐", "10%"),
    ],
)
def test_a_label_that_does_not_fit_its_text_is_named(label: str, good: str, bad: str) -> None:
    in_table = 0 if label.startswith(("non_derivative", "derivative")) else None
    assert labelled(good, Span(label, [0], in_table)) == []
    (problem,) = labelled(bad, Span(label, [0], in_table))
    assert label in problem
    assert bad in problem


def test_two_labels_of_one_token_are_named() -> None:
    (problem,) = labelled("Quillon Foods", Span("issuer.name", [0, 1]), Span("owner.name", [1]))
    assert all(part in problem for part in ("'Foods'", "issuer.name", "owner.name"))


def test_a_label_that_the_product_does_not_know_is_named_among_known_ones() -> None:
    (problem,) = labelled("Quillon Foods", Span("issuer.name", [0]), Span("issuer.nmae", [1]))
    assert problem == "unknown label issuer.nmae"


def test_a_cell_without_row_is_named() -> None:
    (problem,) = labelled("1,250", Span("non_derivative.shares", [0]))
    assert problem.endswith("has no row")


def test_other_label_sets_are_checked_for_overlaps_only() -> None:
    item = notice(1)
    assert list(lint(item)) == []
    item.spans.append(Span("again", item.spans[0].tokens))
    assert len(list(lint(item))) == 1


def test_several_problems_are_all_named() -> None:
    problems = labelled("one two", Span("period_of_report", [0]), Span("footnote.mark", [1]), Span("issuer.name", [1]))
    assert len(problems) == 3


def test_a_row_without_title_is_named() -> None:
    cells = [("shares", [0]), ("transaction_code", [1]), ("acquired_disposed", [2])]
    spans = [Span(f"non_derivative.{name}", tokens, 3) for name, tokens in cells]
    assert labelled("1,250 S D", *spans) == ["non_derivative row 3 has 3 values and no security_title"]
    assert labelled("1,250 S D Stock", *spans, Span("non_derivative.security_title", [3], 3)) == []


def test_two_spans_for_one_cell_are_named() -> None:
    (problem,) = labelled("1,250 300", *(Span("non_derivative.shares", [i], 0) for i in range(2)))
    assert problem.startswith("non_derivative row 0 has 2 values of shares")


def test_the_same_document_or_id_twice_is_named() -> None:
    seen = Collection()
    again, same_id = notice(1), notice(2)
    again.id, same_id.id = "again", "notice-1"
    assert list(seen.lint(notice(1))) == []
    assert list(seen.lint(again)) == ["the same document as notice-1"]
    assert list(seen.lint(same_id)) == ["an earlier document has the same id"]
