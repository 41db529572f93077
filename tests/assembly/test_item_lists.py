"""Typed lists of items: what the items say of values that the tagger missed."""

from __future__ import annotations

from grids import with_labels

from extractor.assembly.item_lists import item_cells, settle_items
from extractor.assembly.rows import group_rows
from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE
from extractor.readers.text import read_text
from extractor.readers.typed import lay_out_typed_tables

_LIST = """1. Title of Security : Shares of Interest
2. Transaction Date : 3/4/1999
3. Transaction Code Code : P V : V
4. Securities Acquired Amount : 1,250 (A) or (D) : A Price : $5.25
5. Amount of Securities Owned (Instr. 3 and 4) : 9,300
6. Ownership Form : I
7. Nature of Ownership : By Keogh
"""
_ROWS = f"\n{_LIST}\n{_LIST}\n"


def labelled_items(text: str, **labels: str) -> Labelled:
    """The text with these labels by token; "1,250" is written n1_250."""
    document = lay_out_typed_tables(read_text(text))
    names = {key.replace("_", ","): name for key, name in labels.items()}
    return with_labels(
        document,
        [f"non_derivative.{names[token.text]}" if token.text in names else OUTSIDE for token in document.tokens],
    )


def told(labelled: Labelled) -> set[tuple[str, str]]:
    return {
        (token.text, labelled.label(i).partition(".")[2])
        for i, token in enumerate(labelled.tokens)
        if labelled.label(i) != OUTSIDE
    }


def test_values_behind_their_captions_are_named_by_the_item() -> None:
    found = told(settle_items(labelled_items(_ROWS, P="transaction_code")))
    assert {
        ("9,300", "shares_owned_following"),
        ("By", "nature_of_ownership"),
        ("Keogh", "nature_of_ownership"),
    } <= found
    assert {("Shares", "security_title"), ("of", "security_title"), ("Interest", "security_title")} <= found
    assert ("V", "voluntary") in found


def test_a_list_of_which_nothing_is_labelled_is_left_alone() -> None:
    assert told(settle_items(labelled_items(_ROWS))) == set()


def test_small_words_between_those_of_a_title_are_its() -> None:
    found = told(settle_items(labelled_items(_ROWS, Shares="security_title", Interest="security_title")))
    assert ("of", "security_title") in found
    assert ("Title", "security_title") not in found


def test_every_list_is_a_row() -> None:
    labelled = settle_items(labelled_items(_ROWS, P="transaction_code"))
    assert len(item_cells(labelled)) == 2
    members = [
        (i, labelled.label(i).partition(".")[2]) for i in range(len(labelled.tokens)) if labelled.label(i) != OUTSIDE
    ]
    assert len(group_rows(labelled, members, derivative=False)) == 2


def test_tables_with_a_heading_are_no_lists() -> None:
    table = "1. Title | 2. Date | 3. Code | 4. Amount\nCommon | 3/4/1999 | P | 1,250\n"
    assert item_cells(labelled_items(table)) == {}
