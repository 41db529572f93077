"""Runs of labelled tokens in reading order."""

from __future__ import annotations

from grids import with_labels
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly.spans import Labelled
from extractor.readers.text import read_text


def plain_runs(labelled: Labelled, wanted: set[str], gap: int) -> list[list[int]]:
    """The definition, a token at a time."""
    out: list[list[int]] = []
    run: list[int] = []
    missed = 0
    for index in labelled.order:
        label = labelled.label(index)
        if label in wanted and run and labelled.label(run[0]) == label and missed <= gap:
            run.append(index)
            missed = 0
        elif label in wanted:
            if run:
                out.append(run)
            run, missed = [index], 0
        elif run:
            missed += 1
            if missed > gap or label != "O":
                out.append(run)
                run, missed = [], 0
    return [*out, run] if run else out


@given(st.lists(st.sampled_from("OOOABC"), min_size=1, max_size=40), st.integers(0, 3))
def test_runs_end_at_other_labels_and_at_gaps_that_are_too_long(labels: list[str], gap: int) -> None:
    labelled = with_labels(read_text(" ".join("x" * len(labels))), labels)
    assert labelled.runs(("A", "B"), gap) == plain_runs(labelled, {"A", "B"}, gap)


def test_a_title_that_ends_in_a_connective_takes_the_next_capitalised_word() -> None:
    labelled = with_labels(read_text("General Counsel & Secretary below"), ["A", "A", "A", "O", "O"])
    assert labelled.past_connective([0, 1, 2]) == [0, 1, 2, 3]
    assert labelled.past_connective([0, 1]) == [0, 1]
    small = with_labels(read_text("Counsel & (specify below)"), ["A", "A", "O", "O"])
    assert small.past_connective([0, 1]) == [0, 1]
