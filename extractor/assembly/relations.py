"""Which of the four relationships a tick means, by where it stands among their captions.

"Director x 10% Owner" says by itself neither whether ticks stand before their captions or behind them. The whole line
does: where each caption has a box, which comes first; else the ticks of "Form filed by …", set in the same way. In a
grid of owners the captions head columns, and a tick belongs to the caption that it stands under. Where two and two
captions stand on two lines, a tick left of both of a line is the first one's, and one between them is told by "Form
filed by …" again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractor.assembly.spans import Labelled
from extractor.assembly.values import parse_tick
from extractor.document import Token
from extractor.memo import remembers_short

_CAPTIONS = {
    "director": "box.director",
    "10%": "box.ten_percent_owner",
    "ten": "box.ten_percent_owner",
    "officer": "box.officer",
    "other": "box.other",
}
_ORDER = tuple(dict.fromkeys(_CAPTIONS.values()))
_GROUP = frozenset(("box.one_person", "box.joint"))
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_BESIDE = 6.0  # of a tick's height; how far it may stand from its caption
_FARTHEST = 14  # tokens between two captions: "Officer (give title below)" and a title
_AHEAD = 8  # tokens between a tick and the first caption
_SURE = 0.9  # of a tick's label, above which places in tabbed text say less
_GRID_REACH = 30  # lines below its headings that a grid of owners may go on


def settle_relations(labelled: Labelled) -> Labelled:
    """Ticks of relationships with the labels of their captions, where all four captions stand on one line."""
    labels: dict[int, str] = {}
    named = [index for index, token in enumerate(labelled.tokens) if _bare(token.text) in _CAPTIONS]
    for line in _caption_lines(labelled, named):
        captions = _captions(labelled, line)
        units = _units(labelled, line)
        if units:
            before = _stand_before(labelled, captions, units)
            if before is None:
                continue
            for unit in units:
                label = _beside(captions, unit[0], before)
                if label is not None:
                    labels |= dict.fromkeys(unit, label)
        else:
            labels |= _under(labelled, line, captions)
    labels |= _before_halves(labelled, named)
    if labelled.document.kind == "text":
        labels |= _in_sequence(labelled, named)
    changed = {i: label for i, label in labels.items() if labelled.label(i) != label}
    if not changed:
        return labelled
    return labelled.relabelled([changed.get(i, label) for i, label in enumerate(labelled.tagging.labels)])


def _caption_lines(labelled: Labelled, named: Sequence[int]) -> list[list[int]]:
    numbers = dict.fromkeys(labelled.tokens[i].line for i in named if _word(labelled.tokens[i]) == "director")
    lines = [labelled.line(number) for number in numbers]
    return [line for line in lines if [label for _, label in _captions(labelled, line)] == list(_ORDER)]


def _before_halves(labelled: Labelled, named: Sequence[int]) -> dict[int, str]:
    """Labels of the ticks left of a caption on a line with two of them, in that line or by its side."""
    tokens = labelled.tokens
    found_at: list[tuple[int, str]] = []
    before = _group_before(labelled)
    for number in dict.fromkeys(tokens[i].line for i in named if _word(tokens[i]) in ("director", "officer")):
        captions = _captions(labelled, labelled.line(number))
        if [label for _, label in captions] in (list(_ORDER[:2]), list(_ORDER[2:])):
            found_at += captions if before else captions[:1]
    found: dict[int, str] = {}
    for index, label in enumerate(labelled.tagging.labels):
        tick = tokens[index]
        if label not in _ORDER or parse_tick(tick.text) is None:
            continue
        height = tick.bbox[3] - tick.bbox[1]
        near = [
            (abs(_middle(tick) - _middle(tokens[at])), caption)
            for at, caption in found_at
            if tokens[at].page == tick.page
            and 0 <= tokens[at].bbox[0] - tick.bbox[2] <= _BESIDE * height
            and abs(_middle(tick) - _middle(tokens[at])) <= height
        ]
        if near:
            found[index] = min(near)[1]
    return found


def _in_sequence(labelled: Labelled, named: Sequence[int]) -> dict[int, str]:
    """Labels of the ticks among the four captions where these stand one after the other, on lines of their own.

    Some converters write each word on a line. A lone tick among the captions is one, whether it was labelled or not.
    """
    grouped = _group_before(labelled)
    found: dict[int, str] = {}
    tokens = labelled.tokens
    captions = _captions(labelled, named)
    for place in range(len(captions) - len(_ORDER) + 1):
        four = captions[place : place + len(_ORDER)]
        places = [index for index, _ in four]
        if [label for _, label in four] != list(_ORDER) or max(b - a for a, b in pairwise(places)) > _FARTHEST:
            continue
        if len({tokens[index].line for index in places}) < len(_ORDER):
            continue
        window = range(max(0, places[0] - _AHEAD), min(len(tokens), places[-1] + _AHEAD))
        boxes = [i for i in window if labelled.label(i) in _ORDER]
        units = _units(labelled, boxes)
        # where each caption has its box, empty or not, the first says it; else the ticks of "Form filed by …" do
        before = boxes[0] < places[0] if len(units) >= len(_ORDER) else grouped
        if before is None:
            continue
        for index in window:
            if parse_tick(tokens[index].text) is not True:
                continue
            inside = places[0] < index < places[-1]
            labelled_so = labelled.label(index) in _ORDER or (inside and labelled.label(index) == "O")
            if labelled_so and _is_alone(labelled, index):
                label = _beside(four, index, before)
                if label is not None:
                    found[index] = label
    return found


def _is_alone(labelled: Labelled, index: int) -> bool:
    """Whether a line holds nothing but a tick, in brackets or not."""
    return all(i == index or labelled.tokens[i].text in "[]()" for i in labelled.line(labelled.tokens[index].line))


def _middle(token: Token) -> float:
    return (token.bbox[1] + token.bbox[3]) / 2


@remembers_short()
def _bare(text: str) -> str:
    return text.strip(".,:;*()").lower()


def _word(token: Token) -> str:
    return _bare(token.text)


def _captions(labelled: Labelled, line: Sequence[int]) -> list[tuple[int, str]]:
    """(first token, label) of the captions on a line, from left to right."""
    tokens, labels = labelled.tokens, labelled.tagging.labels
    named = [(index, _CAPTIONS.get(_bare(tokens[index].text))) for index in line]
    return [(index, label) for index, label in named if label is not None and labels[index] == "O"]


def _units(labelled: Labelled, line: Sequence[int]) -> list[list[int]]:
    """The boxes and ticks of relationships on a line: "(" and ")" are one."""
    units: list[list[int]] = []
    for index in line:
        label = labelled.label(index)
        if label not in _ORDER:
            continue
        text = labelled.tokens[index].text
        last = labelled.tokens[units[-1][-1]].text if units and units[-1][-1] == index - 1 else ""
        if last and (last in _OPENING or text in _CLOSING):
            units[-1].append(index)
        else:
            units.append([index])
    return units


def _stand_before(labelled: Labelled, captions: Sequence[tuple[int, str]], units: Sequence[list[int]]) -> bool | None:
    """Whether the boxes of a line stand before their captions; None where nothing tells."""
    if units[0][0] < captions[0][0]:
        return True
    if units[-1][0] > captions[-1][0]:
        return False
    return _group_before(labelled)


def _group_before(labelled: Labelled) -> bool | None:
    """Whether the ticks of "Form filed by …" stand before these words; None where there are none."""
    for index, label in enumerate(labelled.tagging.labels):
        if label in _GROUP:
            line = labelled.line(labelled.tokens[index].line)
            captions_at = [i for i in line if _word(labelled.tokens[i]) == "form"]
            if captions_at:
                return index < captions_at[0]
            if _is_alone(labelled, index):  # a word on each line
                first = label == "box.one_person" and _word(labelled.tokens[index - 1]).startswith("person")
                words = (_word(token) for token in labelled.tokens[index + 1 : index + 4])
                return not first and next((word for word in words if word.strip("[]☐")), "") == "form"
    return None


def _beside(captions: Sequence[tuple[int, str]], index: int, before: bool) -> str | None:
    """The label of the next caption behind a tick, or of the last one before it."""
    behind = [label for at, label in captions if at > index]
    ahead = [label for at, label in captions if at < index]
    found = behind[:1] if before else ahead[-1:]
    return found[0] if found else None


def _by_cell(labelled: Labelled, captions: Sequence[tuple[int, str]], index: int) -> str:
    """The label of the caption in whose column of cells a tick stands; "" where the captions have no column each.

    In tabbed text cells say where a tick stands, not places: its columns have no width. Where the captions begin their
    line, the heading over the owners' names stands on another, and a column goes before theirs in the rows.
    """
    cells = [labelled.tokens[i].cell for i, _ in captions]
    tick = labelled.tokens[index].cell
    columns = [cell[2] for cell in cells if cell is not None]
    if tick is None or len(columns) != len(_ORDER) or columns != list(range(columns[0], columns[0] + len(_ORDER))):
        return ""
    line = labelled.line(labelled.tokens[index].line)
    row = labelled.document.text[labelled.tokens[line[0]].start : labelled.tokens[line[-1]].end]
    if row.count("|") < tick[2]:
        return ""  # empty cells before it may be dropped
    place = tick[2] - columns[0] - (columns[0] == 0)
    return captions[place][1] if 0 <= place < len(captions) else ""


def _under(labelled: Labelled, line: Sequence[int], captions: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Labels of the ticks below headings of columns: each that of the heading whose words it is nearest to."""
    tokens = labelled.tokens
    spans = []
    for place, (index, label) in enumerate(captions):
        end = captions[place + 1][0] if place + 1 < len(captions) else line[-1] + 1
        inside = [i for i in line if index <= i < end]
        spans.append(((tokens[index].bbox[0] + tokens[inside[-1]].bbox[2]) / 2, label))
    reach = max(b[0] - a[0] for a, b in pairwise(spans))
    number, page = tokens[line[0]].line, tokens[line[0]].page
    found: dict[int, str] = {}
    for below in range(number + 1, number + 1 + _GRID_REACH):
        for index in labelled.line(below):
            if labelled.label(index) not in _ORDER or parse_tick(tokens[index].text) is None:
                continue
            if labelled.document.kind == "text" and tokens[index].cell is not None:
                told = _by_cell(labelled, captions, index)
                if told:
                    found[index] = told
                if told or labelled.tagging.probability[index] >= _SURE:
                    continue
            x = labelled.middle(index)
            distance, label = min((abs(x - middle), label) for middle, label in spans)
            if tokens[index].page == page and distance <= reach:
                found[index] = label
        if any("relationship" in _word(tokens[i]) for i in labelled.line(below)):
            break
    return found
