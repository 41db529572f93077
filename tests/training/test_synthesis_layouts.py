"""Whatever a layout prints is labelled, and the labelled tokens spell the value."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from extractor.labels import FORM_LABELS
from training.annotations import AnnotatedDocument
from training.synthesis.annotate import annotate_html, annotate_pdf
from training.synthesis.html import HTML_STYLES
from training.synthesis.invent import invent_filing
from training.synthesis.layouts import LAYOUTS
from training.synthesis.page import Canvas, Pen, wrap
from training.synthesis.pdf import to_pdf

OWNER_TEXTS = ("name", "street", "city", "state", "zip", "country", "officer_title", "other_text")


def spelled(document: AnnotatedDocument) -> dict[tuple[str, int | None], list[str]]:
    """The text of each span without blanks, by label and row."""
    out: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for span in document.spans:
        assert span.label in FORM_LABELS
        out[(span.label, span.row)].append("".join(document.document.tokens[i].text for i in span.tokens))
    return out


def expected_texts(document: AnnotatedDocument) -> list[tuple[str, int | None, str]]:
    """(label, row, text) of every text value that the record holds."""
    record = document.record
    assert record is not None
    out = [("issuer.name", None, record["issuer"]["name"]), ("remarks", None, record["remarks"])]
    for owner in record["reporting_owners"]:
        out += [(f"owner.{name}", None, owner[name]) for name in OWNER_TEXTS]
    for table in ("non_derivative", "derivative"):
        for index, row in enumerate(record[table]):
            names = ("security_title", "transaction_code", "direct_or_indirect", "nature_of_ownership")
            if table == "derivative":
                names = (*names, "underlying_security_title")
            out += [(f"{table}.{name}", index, row[name]) for name in names]
    out += [("footnote.text", None, note["text"]) for note in record["footnotes"]]
    out += [("signature.name", None, signature["name"]) for signature in record["signatures"]]
    return [(label, row, text) for label, row, text in out if text]


def assert_labelled(document: AnnotatedDocument) -> None:
    found = spelled(document)
    for label, row, text in expected_texts(document):
        bare = "".join(text.split())
        # a comma behind the city is one token with it
        assert any(got.rstrip(",") == bare.rstrip(",") for got in found[(label, row)]), (label, row, text)
    record = document.record
    assert record is not None
    for table in ("non_derivative", "derivative"):
        for index, row in enumerate(record[table]):
            labels = {label for label, at in found if at == index and label.startswith(table + ".")}
            numbers = [name for name in ("price_per_share", "shares_owned_following") if row[name] is not None]
            dates = [name for name in ("transaction_date", "deemed_execution_date") if row[name] is not None]
            assert {f"{table}.{name}" for name in numbers + dates} <= labels
            if row["shares"] is not None:
                letter = {"A": "shares_acquired", "D": "shares_disposed"}[row["acquired_disposed"]]
                assert f"{table}.{'shares' if table == 'non_derivative' else letter}" in labels
            marks = [text for text in found.get(("footnote.mark", index), [])]
            assert {f"({mark})" for mark in row["footnotes"]} <= set(marks)


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("seed", [1, 2])
def test_every_value_of_a_layout_is_labelled(layout: str, seed: int) -> None:
    rng = random.Random(f"{layout}:{seed}")
    assert_labelled(annotate_pdf(invent_filing(rng, LAYOUTS[layout][2] or None), layout, rng))


@pytest.mark.parametrize("layout", ["official", "typed", "typed_free"])
def test_placed_words_without_a_reader_are_labelled_too(layout: str) -> None:
    rng = random.Random(5)
    assert_labelled(annotate_pdf(invent_filing(rng), layout, rng, through_pdf=False))


@pytest.mark.parametrize("style", sorted(HTML_STYLES))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_value_of_a_web_page_is_labelled(style: str, seed: int) -> None:
    rng = random.Random(f"{style}:{seed}")
    assert_labelled(annotate_html(invent_filing(rng), style, rng))


def test_check_boxes_are_labelled_whether_ticked_or_not() -> None:
    rng = random.Random(3)
    filing = invent_filing(rng, "current")
    while filing.aff10b5_one is None:
        filing = invent_filing(rng, "current")
    document = annotate_pdf(filing, "official", rng)
    texts = spelled(document)
    ticked = {True: "☒", False: "☐"}
    assert texts[("box.aff10b5_one", None)] == [ticked[bool(filing.aff10b5_one.value)]]


def test_joint_filers_are_listed_once_in_the_record_and_labelled_wherever_printed() -> None:
    rng = random.Random(4)
    filing = invent_filing(rng)
    while len(filing.reporting_owners) != 2:
        filing = invent_filing(rng)
    document = annotate_pdf(filing, "official", rng)
    assert document.record is not None
    assert len(document.record["reporting_owners"]) == 2
    assert document.record["reporting_owners"][1]["is_director"] is None
    assert len(spelled(document)[("owner.name", None)]) == 3


def test_a_word_too_long_for_its_column_is_cut_into_two_words_of_one_value() -> None:
    from training.synthesis.content import Chunk

    pen = Pen("courier", 10)
    lines = wrap([Chunk("12/31/2025", "non_derivative.transaction_date", 0, 7)], pen, 40)
    canvas = Canvas(300, 300, 20)
    canvas.text([[Chunk("12/31/2025", "non_derivative.transaction_date", 0, 7)]], 20, 20, 40, pen)
    assert len(lines) > 1
    assert "".join(word.text for word in canvas.page.words) == "12/31/2025"
    assert {word.field_key for word in canvas.page.words} == {7}


def test_the_same_pages_give_the_same_bytes() -> None:
    def draw() -> bytes:
        rng = random.Random(9)
        return to_pdf(LAYOUTS["official"][0](rng, invent_filing(rng)).pages)

    assert draw() == draw()
