"""Rows set as cards: a block for each row, captions with their values behind or below them, as viewers on phones show.

No line holds a row there. A row begins where the caption of the first card's first value stands again, or where a field
comes that the row has already.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from extractor.assembly.headings import letters_of
from extractor.assembly.members import MARK, Member
from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE

_CAPTIONED = 0.6  # share of the values that have a caption of their own
_FEWEST = 4  # values
_MOST_FIELDS = 3  # on one line
_CLOSE = 1.2  # heights of a line between a caption and the value below it
_ALIGNED = 2.5  # points between the left edges of a caption and the value below it
_WORD = re.compile(r"[A-Za-z]{2}|\(?[AD]\)?|V\b|[AD]/[DI]")


def caption_of(labelled: Labelled, index: int) -> str:
    """The letters of the words that say what a value is: left of it on its line, else right above it; "" for none."""
    tokens = labelled.tokens
    line = labelled.line(tokens[index].line)
    words: list[int] = []
    for other in reversed(line[: line.index(index)]):
        if labelled.label(other) != OUTSIDE:
            break
        words.insert(0, other)
    if not any(_WORD.search(tokens[i].text) for i in words):
        words = words_above(labelled, index)
    return letters_of(labelled, words)


def words_above(labelled: Labelled, index: int) -> list[int]:
    """The words of the line right above a value that begin where it begins."""
    tokens, segment = labelled.tokens, labelled.tagging.layout.segment
    box = tokens[index].bbox
    line = [i for i in labelled.line(tokens[index].line - 1) if tokens[i].page == tokens[index].page]
    first = [i for i in line if abs(tokens[i].bbox[0] - box[0]) <= _ALIGNED and not labelled.in_table(i)]
    if not first or box[1] - tokens[first[0]].bbox[3] > _CLOSE * (box[3] - box[1]):
        return []
    return [i for i in line if segment[i] == segment[first[0]] and i >= first[0]]


def _runs(labelled: Labelled, members: Sequence[Member]) -> list[list[Member]]:
    """Values from line to line and from left to right, each with its marks; further lines of a value are runs too."""
    tokens = labelled.tokens
    ordered = sorted(members, key=lambda m: (tokens[m[0]].page, tokens[m[0]].line, tokens[m[0]].bbox[0]))
    runs: list[list[Member]] = []
    for index, name in ordered:
        before = runs[-1][-1] if runs else None
        same_line = before is not None and tokens[before[0]].line == tokens[index].line
        between = before is not None and any(labelled.label(i) == OUTSIDE for i in range(before[0] + 1, index))
        if same_line and not between and (name == MARK or name == runs[-1][0][1]):
            runs[-1].append((index, name))
        else:
            runs.append([(index, name)])
    return runs


def are_cards(labelled: Labelled, members: Sequence[Member]) -> bool:
    """Whether a table's values have a caption each, and no line holds a row."""
    if labelled.document.kind != "pdf_text":
        return False
    fields: dict[int, set[str]] = defaultdict(set)
    for index, name in members:
        if name != MARK and not name.endswith("equity_swap_involved"):  # "/K" stands in the code's cell
            fields[labelled.tokens[index].line].add(name)
    if not fields or max(map(len, fields.values())) > _MOST_FIELDS:
        return False
    runs = [run for run in _runs(labelled, members) if run[0][1] != MARK]
    captioned = sum(bool(caption_of(labelled, run[0][0])) for run in runs)
    return len(runs) >= _FEWEST and captioned >= _CAPTIONED * len(runs)


def group_cards(labelled: Labelled, members: Sequence[Member]) -> list[list[Member]]:
    """The members of each card, in page order."""
    rows: list[list[Member]] = []
    filled: dict[str, tuple[int, float]] = {}
    first = ""
    for run in _runs(labelled, members):
        name = run[0][1]
        caption = caption_of(labelled, run[0][0])
        if not first and name != MARK:
            first = caption
        token = labelled.tokens[run[0][0]]
        line, x0 = filled.get(name, (0, 0.0))
        # a wrapped value goes on without a caption, or beside a caption that wrapped
        goes_on = not caption or (token.line == line + 1 and abs(token.bbox[0] - x0) <= _ALIGNED)
        if not rows or (name != MARK and not goes_on and (name in filled or caption == first)):
            rows.append([])
            filled = {}
        rows[-1] += run
        filled[name] = (token.line, token.bbox[0])
    return rows
