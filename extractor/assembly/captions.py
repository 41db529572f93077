"""Values of cards named by their captions; see extractor.assembly.cards for their rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from extractor.assembly.cards import words_above
from extractor.assembly.headings import (
    BARE_MARK,
    FOLLOWS,
    OF_CODE,
    can_be,
    letters_of,
    lines_of,
    named,
    number_column,
)
from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE, TABLE_PREFIXES

_TITLE = re.compile(r"derivativesecurit|derivativetransactions")
_TITLE_CAPTION = re.compile(r"(?:titleof(?:derivative)?)?security(?:title)?|class|title")
_NUMBER_CAPTION = re.compile(r"number(?:ofderivatives?(?:securities)?)?|quantity")
_COUNTED = re.compile(r"(?i)(?:transaction|row|holding|#)?\W*\d{1,3}\W*")
"""What a card is headed by."""
_CARD_LINES, _CARDS_ACROSS = 4, 3  # lines with captioned values at least, fields on a line at most
_CAPTIONED = 0.5  # share of what is labelled in cards that has a caption
_SHORTEST_CAPTION = 2  # letters: "D/I"; single ones are values


def follow_captions(labelled: Labelled, by_page: dict[int, list[int]], labels: list[str]) -> None:
    """Labels of the values of cards by their captions, table by table. The title above says which table it is."""
    prefix = ""
    found: list[list[tuple[str, list[int]]]] = []
    for line in lines_of(labelled, (i for page in sorted(by_page) for i in by_page[page])):
        letters = letters_of(labelled, line)
        is_title = _TITLE.search(letters) is not None and not _TITLE_CAPTION.match(letters)
        if is_title or (prefix and FOLLOWS.fullmatch(" ".join(labelled.texts(line)))):
            _take_captions(labelled, found, prefix, labels)
            prefix, found = (TABLE_PREFIXES["nonderivative" not in letters] if is_title else ""), []
        elif prefix and not _COUNTED.fullmatch(" ".join(labelled.texts(line))):
            found.append(captioned(labelled, line, prefix == TABLE_PREFIXES[True]))
    _take_captions(labelled, found, prefix, labels)


def _take_captions(
    labelled: Labelled, lines: Sequence[list[tuple[str, list[int]]]], prefix: str, labels: list[str]
) -> None:
    """Labels from the captioned values on the lines below a table's title, if these are cards and no rows."""
    filled = [[pair for pair in line if pair[0]] for line in lines if any(name for name, _ in line)]
    told = [pair for line in filled for pair in line if any(map(labelled.in_table, pair[1]))]
    if len({labelled.tokens[value[0]].line for _, value in told}) < _CARD_LINES or not _hold_no_rows(labelled, lines):
        return
    inside = {i for _, value in told for i in value}
    if sum(map(labelled.in_table, inside)) < _CAPTIONED * sum(labelled.in_table(i) for i in _all(labelled, lines)):
        return
    for index in (i for line in lines for name, caption in line if not name for i in caption):
        labels[index] = OUTSIDE if labelled.in_table(index) else labels[index]
    numbers: list[int] = []  # of the card: what the letter behind them is said of
    for name, value in (pair for line in filled for pair in line):
        if name == "acquired_disposed" and prefix == TABLE_PREFIXES[True]:
            named_by = number_column(labelled.tokens[value[0]].text)
            for index in numbers:
                labels[index] = prefix + named_by
            labels[value[0]] = OUTSIDE
            continue
        for index in value:
            text, was = labelled.tokens[index].text, labels[index]
            if not (was == OUTSIDE or was.startswith(TABLE_PREFIXES)) or BARE_MARK.fullmatch(text):
                continue
            if was.partition(".")[2] in OF_CODE and name in OF_CODE:
                labels[index] = prefix + was.partition(".")[2]
            elif can_be(name, text) and (text != "V" or name == "voluntary"):
                labels[index] = prefix + name
        if name in ("shares_acquired", "shares_disposed"):
            numbers = [i for i in value if labels[i] == prefix + name]


def _all(labelled: Labelled, lines: Sequence[list[tuple[str, list[int]]]]) -> list[int]:
    """All tokens from the first captioned line to the last."""
    numbers = [labelled.tokens[part[0]].line for line in lines for _, part in line]
    return [i for number in range(min(numbers), max(numbers) + 1) for i in labelled.line(number)]


def _hold_no_rows(labelled: Labelled, lines: Sequence[list[tuple[str, list[int]]]]) -> bool:
    """Whether no line holds so many fields as the row of a table does."""
    fields: dict[int, set[str]] = defaultdict(set)
    for index in _all(labelled, lines):
        if labelled.in_table(index) and not labelled.label(index).endswith("equity_swap_involved"):
            fields[labelled.tokens[index].line].add(labelled.label(index))
    return max(map(len, fields.values()), default=0) <= _CARDS_ACROSS


def captioned(labelled: Labelled, line: Sequence[int], derivative: bool) -> list[tuple[str, list[int]]]:
    """The values on a line with the fields that their captions name, left of them or on the line above.

    Captions that end in a colon are among them, with no field.
    """
    segment = labelled.tagging.layout.segment
    parts: list[list[int]] = []
    for index in line:
        if parts and segment[parts[-1][-1]] == segment[index]:
            parts[-1].append(index)
        else:
            parts.append([index])
    found: list[tuple[str, list[int]]] = []
    before = ""
    for part in parts:
        name = _caption(labelled, part, derivative)
        if name:
            before = name
            if labelled.tokens[part[-1]].text.endswith(":"):
                found.append(("", part))
            continue
        if not before:
            before = _caption(labelled, words_above(labelled, part[0]), derivative)
        if before:
            found.append((before, part))
        before = ""
    return found


def _caption(labelled: Labelled, words: Sequence[int], derivative: bool) -> str:
    letters = letters_of(labelled, words)
    if letters == "v" and labelled.tokens[words[-1]].text.endswith(":"):
        return "voluntary"
    if len(letters) < _SHORTEST_CAPTION:
        return ""
    if _TITLE_CAPTION.fullmatch(letters):
        return "security_title"
    if _TITLE.search(letters):
        return ""
    if derivative and _NUMBER_CAPTION.fullmatch(letters):
        return "shares_acquired"  # or disposed: the letter says it
    return named(letters, derivative)
