"""Ticks of relationships mean the caption that they stand at."""

from __future__ import annotations

import pytest
from grids import grid, marked_text, with_labels

from extractor.assembly.relations import settle_relations
from extractor.assembly.spans import Labelled

GROUP_BEFORE = "{box.one_person: x} Form filed by One Reporting Person\n"
GROUP_BEHIND = "Form filed by One Reporting Person {box.one_person: x}\n"


def ticks(labelled: Labelled) -> dict[str, str]:
    settled = settle_relations(labelled)
    labels = enumerate(settled.tagging.labels)
    return {label: labelled.tokens[i].text for i, label in labels if label.startswith("box.") and "person" not in label}


@pytest.mark.parametrize(("group", "label"), [(GROUP_BEFORE, "box.ten_percent_owner"), (GROUP_BEHIND, "box.director")])
def test_a_bare_tick_between_captions_is_set_like_that_of_the_group(group: str, label: str) -> None:
    line = "Director {box.officer: x} 10% Owner Officer (give title below) Other (specify below)\n"
    assert ticks(marked_text(line + group)) == {label: "x"}


def test_boxes_behind_their_captions_are_told_by_the_last_one() -> None:
    line = (
        "Director {box.director: ☐} 10% Owner {box.officer: ☒} Officer (give title below) {box.other: ☐} "
        "Other (specify below) {box.other: ☐}"
    )
    assert ticks(marked_text(line)) == {
        "box.director": "☐",
        "box.ten_percent_owner": "☒",
        "box.officer": "☐",
        "box.other": "☐",
    }


def test_without_anything_that_tells_labels_stay() -> None:
    line = "Director {box.director: x} 10% Owner Officer (give title below) Other (specify below)"
    assert ticks(marked_text(line)) == {"box.director": "x"}


def test_in_a_grid_of_owners_a_tick_belongs_to_the_caption_above_it() -> None:
    labelled = grid(
        """
title | code     | shares    | price   | owned
Name  | Director | 10% Owner | Officer | Other
Vale  |          |           | X       |
"""
    )
    labels = ["O"] * len(labelled.tokens)
    labels[-1] = "box.director"
    assert ticks(with_labels(labelled.document, labels)) == {"box.officer": "X"}


def test_a_tick_left_of_both_captions_of_a_line_is_the_first_ones() -> None:
    first = "Director 10% Owner\n{box.other: X} Officer (give title below) Other (specify below)\n"
    second = "Director 10% Owner\nOfficer (give title below) {box.other: X} Other (specify below)\n"
    assert ticks(marked_text(first)) == {"box.officer": "X"}
    assert ticks(marked_text(second)) == {"box.other": "X"}


def test_between_two_captions_a_tick_is_set_like_that_of_the_group() -> None:
    text = "Director {box.officer: X} 10% Owner\nOfficer (give title below) Other (specify below)\n"
    assert ticks(marked_text(text + GROUP_BEFORE)) == {"box.ten_percent_owner": "X"}
    assert ticks(marked_text(text)) == {"box.officer": "X"}


@pytest.mark.parametrize(("group", "label"), [("before", "box.ten_percent_owner"), ("behind", "box.director")])
def test_where_each_word_has_a_line_a_lone_tick_is_set_like_that_of_the_group(group: str, label: str) -> None:
    words = "Director\nx\n10%\nOwner\nOfficer\n(give\ntitle\nbelow)\nOther\n(specify\nbelow)\nLine)\n"
    line = "Form\nfiled\nby\nOne\nReporting\nPerson\n"
    tick = "{box.one_person: x}\n"
    assert ticks(marked_text(words + (tick + line if group == "before" else line + tick))) == {label: "x"}


def test_where_each_word_has_a_line_and_each_caption_its_box_the_first_box_tells() -> None:
    words = (
        "Issuer\nDirector\n{box.ten_percent_owner: [x]}\n10%\nOwner\n{box.officer: ☐}\nOfficer\n{box.other: ☐}\n"
        "Other\n{box.other: ☐}\n"
    )
    settled = settle_relations(marked_text(words + "{box.one_person: [x]}\nForm\nfiled\nby\n"))
    ticked = [
        label for token, label in zip(settled.tokens, settled.tagging.labels, strict=True) if token.text in ("x", "[x]")
    ]
    assert ticked[0] == "box.director"


def test_in_cells_of_text_a_tick_belongs_to_the_caption_of_its_column() -> None:
    head = "| Name | Director | 10% Owner | Officer | Other |\n|---|---|---|---|---|\n"
    row = "| Adelaide Vale of a long and winding name | | {box.director: X} | | |\n"
    assert ticks(marked_text(head + row)) == {"box.ten_percent_owner": "X"}
