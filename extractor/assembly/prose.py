"""Running text below the tables: gaps in its labels, where a sentence uses the form's own words."""

from __future__ import annotations

from extractor.assembly.spans import Labelled

_PROSE = ("footnote.text", "remarks")
_LONGEST = 8  # tokens; a longer stretch without a label is the form's print
_NEW_ROW = 2
"""Layout.bond from here on: another row or block begins."""


def bridge_prose(labelled: Labelled) -> Labelled:
    """The document with short unlabelled stretches inside a line of footnotes or remarks labelled as what is around.

    "derivative securities beneficially owned" is a heading above a column and a phrase in many footnotes; between words
    of one footnote in one line it can only be the latter.
    """
    bond = labelled.tagging.layout.bond
    labels: list[str] | None = None
    before, kind = -1, ""  # place and label of the labelled token before
    for place, _, label in labelled.labelled():
        goes_on = label in _PROSE and label == kind and 1 < place - before <= _LONGEST + 1
        if goes_on and (bond[before + 1 : place + 1] < _NEW_ROW).all():
            labels = labels or list(labelled.tagging.labels)
            for between in labelled.order[before + 1 : place]:
                labels[between] = label
        before, kind = place, label
    return labelled.relabelled(labels) if labels else labelled
