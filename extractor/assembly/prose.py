"""Running text below the tables: gaps in its labels, where a sentence uses the form's own words."""

from __future__ import annotations

from dataclasses import replace

from extractor.labels import OUTSIDE
from extractor.tagging.model import Tagging

_PROSE = ("footnote.text", "remarks")
_LONGEST = 8  # tokens; a longer stretch without a label is the form's print
_SAME_LINE = 2
"""Layout.bond from here on: another row or block begins."""


def bridge_prose(tagging: Tagging) -> Tagging:
    """The tagging with short unlabelled stretches inside a line of footnotes or remarks labelled as what is around.

    "derivative securities beneficially owned" is a heading above a column and a phrase in many footnotes; between words
    of one footnote in one line it can only be the latter.
    """
    labels = list(tagging.labels)
    order = [int(i) for i in tagging.layout.order]
    bond = tagging.layout.bond
    changed = False
    last: int | None = None  # place of the last prose token of the line
    for place, index in enumerate(order):
        if bond[place] >= _SAME_LINE:
            last = None
        label = tagging.labels[index]
        if label in _PROSE:
            if last is not None and 1 < place - last <= _LONGEST + 1 and tagging.labels[order[last]] == label:
                for between in order[last + 1 : place]:
                    labels[between] = label
                changed = True
            last = place
        elif label != OUTSIDE:
            last = None
    return replace(tagging, labels=labels) if changed else tagging
