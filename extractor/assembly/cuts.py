"""Cuts the lines of a page into rows: by white space, alignment, and how the titles read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from extractor.assembly.members import ANCHORS, LATE, MARK, PROSE, SINGLE, SUPPORT, WORDED, WRAPPING, Member
from extractor.assembly.row_fields import DATES, cell_date
from extractor.assembly.spans import Labelled
from extractor.assembly.wording import DISTINCT, text_cost

_CLEARLY = 1e-9  # a gain below this is rounding
_PASSES = 2
_ALIKE = 16
_GLUED_MARK = re.compile(r"(?<=\w)[^\w\s]*[)®©°*@][^\w]*$")
"""What OCR makes of a mark behind a word: "Trust”)", "LLC®"."""


def split_at_anchors(
    labelled: Labelled, members: list[Member], is_anchor: Callable[[Sequence[Member]], bool]
) -> list[list[Member]]:
    """Members of one page divided into as many rows as there are anchor lines, by white space and alignment."""
    lines = _visual_lines(labelled, members)
    lines = _join_half_lines(labelled, lines)
    anchored = [i for i, line in enumerate(lines) if is_anchor(line)]
    if not anchored:
        return [members]
    below = len(lines) - 1 - anchored[-1]
    if anchored[0] > 0:
        top_lean = 0.0
    elif len(anchored) > 1 and anchored[-1] - anchored[-2] - 1 >= below:
        top_lean = 0.25  # either is possible: the last anchor may have as many lines above it as below
    else:
        top_lean = 1.0
    space = _Space(labelled, lines, top_lean)
    above = anchored[0]  # lines of the current row above its anchor
    cuts: list[int] = []
    for here, after in pairwise(anchored):
        cuts.append(space.best_cut(here, after, above))
        above = after - cuts[-1]
    if any(name in WORDED for line in lines for _, name in line):
        cuts = _by_wording(labelled, lines, anchored, cuts, space)
    owner: list[int] = []  # per line: which anchor's row it belongs to
    for place, (begin, end) in enumerate(pairwise([0, *cuts, len(lines)])):
        owner += [place] * (end - begin)
    rows: list[list[Member]] = [[] for _ in anchored]
    place_of = {index: i for i, line in enumerate(lines) for index, _ in line}
    for member in members:
        rows[owner[place_of[member[0]]]].append(member)
    return rows


def _by_wording(
    labelled: Labelled, lines: list[list[Member]], anchored: list[int], cuts: list[int], space: _Space
) -> list[int]:
    """The cuts that make titles and natures read best: one after the other moved, and all of them at once.

    Geometry keeps its say: a cut moves only where the gain in wording outweighs what it costs in white space.
    """
    between = list(pairwise(anchored))
    words = _Wording(labelled, lines, anchored[0])

    def cost(chosen: Sequence[int]) -> float:
        return words.cost(chosen) + sum(
            space.cost(here, after, cut) for (here, after), cut in zip(between, chosen, strict=True)
        )

    # all rows alike: so many lines above each anchor, or so many below it
    most = max((after - here for here, after in between), default=1)
    alike = [[max(here + 1, after - above) for here, after in between] for above in range(most)]
    alike += [[min(after, here + 1 + below) for here, after in between] for below in range(most)]
    usual = [[here + 1 for here in anchored[:-1]], list(anchored[1:])]
    best = min((list(cuts), *(alike[:_ALIKE] if words.centred else usual)), key=lambda chosen: round(cost(chosen), 9))
    words.take(best)
    for _ in range(_PASSES):
        for place, (here, after) in enumerate(between):
            for cut in range(here + 1, after + 1):
                gain = space.cost(here, after, best[place]) - space.cost(here, after, cut)
                if cut != best[place] and gain - words.change(place, cut) > _CLEARLY:
                    words.move(place, cut)
                    best[place] = cut
    return best


class _Wording:
    """How the titles and natures of rows read, for cuts that are moved one at a time."""

    def __init__(self, labelled: Labelled, lines: list[list[Member]], first: int) -> None:
        above = {name for line in lines[:first] for _, name in line}
        self.centred = bool(above & LATE)
        loose = labelled.document.kind == "text"

        def said(index: int, name: str) -> str:
            text = labelled.tokens[index].text
            return _GLUED_MARK.sub("", text) if loose and name == "nature_of_ownership" and "(" not in text else text

        self._words = [[" ".join(said(i, n) for i, n in line if n == name) for name in WORDED] for line in lines]
        self._edges: list[int] = []
        self._said: list[Counter[str]] = []

    def _texts(self, begin: int, end: int) -> list[str]:
        """The row's texts, one for each field of WORDED."""
        return [" ".join(filter(None, words)) for words in zip(*self._words[begin:end], strict=True)] or [""] * len(
            WORDED
        )

    def cost(self, cuts: Sequence[int]) -> float:
        """How badly all texts read, see `wording.wording_cost`, with the lines cut there."""
        rows = [self._texts(begin, end) for begin, end in pairwise([0, *cuts, len(self._words)])]
        columns = list(zip(*rows, strict=True))
        distinct = sum(len({text.casefold() for text in column if text}) for column in columns)
        return DISTINCT * distinct + sum(text_cost(text) for column in columns for text in column)

    def take(self, cuts: Sequence[int]) -> None:
        """Start from these cuts."""
        self._edges = [0, *cuts, len(self._words)]
        rows = [self._texts(begin, end) for begin, end in pairwise(self._edges)]
        self._said = [Counter(text.casefold() for text in column if text) for column in zip(*rows, strict=True)]

    def _around(self, place: int, cut: int) -> list[list[str]]:
        """Of each field, the texts of the two rows that a cut divides."""
        begin, end = self._edges[place], self._edges[place + 2]
        return [list(pair) for pair in zip(self._texts(begin, cut), self._texts(cut, end), strict=True)]

    def change(self, place: int, cut: int) -> float:
        """What moving one cut adds to the cost."""
        change = 0.0
        for said, old, new in zip(
            self._said, self._around(place, self._edges[place + 1]), self._around(place, cut), strict=True
        ):
            change += sum(map(text_cost, new)) - sum(map(text_cost, old))
            less, more = ([text.casefold() for text in texts if text] for texts in (old, new))
            for text in {*less, *more}:
                left = said[text] - less.count(text) + more.count(text)
                change += DISTINCT * ((left > 0) - (said[text] > 0))
        return change

    def move(self, place: int, cut: int) -> None:
        """Move one cut for good."""
        for said, old, new in zip(
            self._said, self._around(place, self._edges[place + 1]), self._around(place, cut), strict=True
        ):
            said.subtract(text.casefold() for text in old if text)
            said.update(text.casefold() for text in new if text)
        self._edges[place + 1] = cut


class _Space:
    """What white space, alignment and rules say of cuts between anchor lines; each cut is looked at once."""

    def __init__(self, labelled: Labelled, lines: list[list[Member]], top_lean: float) -> None:
        self._labelled = labelled
        self._lines = lines
        self._top_lean = top_lean
        boxes = [[labelled.tokens[i].bbox for i, _ in line] for line in lines]
        self._top = [min(box[1] for box in line) for line in boxes]
        self._bottom = [max(box[3] for box in line) for line in boxes]
        self._known: dict[tuple[int, int], float] = {}

    def best_cut(self, here: int, after: int, above: int) -> int:
        """Index of the first line between two anchors that belongs to the lower one.

        Cells are centred or top-aligned: in a centred table (a lean of 0) as many lines hang below the upper anchor as
        stand `above` it; in a top-aligned one none stand above.
        """

        def cost(cut: int) -> float:
            even = 0.0 if self._top_lean else 0.3 * abs(cut - here - 1 - above)
            return self.cost(here, after, cut) + even

        return min(range(after, here, -1), key=lambda cut: round(cost(cut), 9))

    def cost(self, here: int, after: int, cut: int) -> float:
        """What speaks against a cut before line `cut`, between the anchors `here` and `after`."""
        if (here, cut) not in self._known:
            self._known[here, cut] = self._cost(here, after, cut)
        return self._known[here, cut]

    def _cost(self, here: int, after: int, cut: int) -> float:
        """White space speaks for a cut, a repeated cell against a side."""
        if after == here + 1:
            return 0.0
        labelled, lines, top, bottom = self._labelled, self._lines, self._top, self._bottom
        height = max(1.0, bottom[here] - top[here])
        gaps = {c: max(0.0, min(top[c] - bottom[c - 1], 3 * height)) for c in range(here + 1, after + 1)}
        even = min(gaps.values()) + 0.1 * height  # what the spacing of lines varies by says nothing
        cost = -4.0 * max(0.0, gaps[cut] - even) / height
        cost += sum(_conflict(labelled, lines[here], lines[i]) for i in range(here + 1, cut))
        cost += sum(_conflict(labelled, lines[after], lines[i]) for i in range(cut, after))
        cost += self._top_lean * (after - cut)
        if cut < after and _begins_low(labelled, lines[cut]):
            cost += 0.4
        if _ruled_off(labelled, lines[cut - 1], lines[cut]):
            cost -= 5.0
        if _is_prose(lines[cut - 1]) and not _ends_sentence(labelled, lines[cut - 1]):
            cost += 1.5
        return cost


def _visual_lines(labelled: Labelled, members: Sequence[Member]) -> list[list[Member]]:
    """Members grouped to lines by the height of their middles, from top to bottom."""
    tokens = labelled.tokens

    def middle(member: Member) -> float:
        box = tokens[member[0]].bbox
        return (box[1] + box[3]) / 2

    heights = sorted(tokens[i].bbox[3] - tokens[i].bbox[1] for i, name in members if name != MARK) or [8.0]
    tolerance = 0.6 * heights[len(heights) // 2]
    lines: list[list[Member]] = []
    base = float("-inf")
    for member in sorted(members, key=lambda m: (middle(m), tokens[m[0]].bbox[0])):
        if lines and middle(member) - base <= tolerance:
            lines[-1].append(member)
        else:
            lines.append([member])
            base = middle(member)
    return lines


def _join_half_lines(labelled: Labelled, lines: list[list[Member]]) -> list[list[Member]]:
    """Joins a line to the one above when the two hold different short cells of one row.

    Where some cells of a row have two lines and others one, the short cells stand on neighbouring lines of text. Two
    rows would both have a D/I, a balance, a code; two halves of one row have none in common.
    """
    out: list[list[Member]] = []
    for line in lines:
        here = {name for _, name in line} & (ANCHORS | SUPPORT)
        if out and here:
            above = {name for _, name in out[-1]} & (ANCHORS | SUPPORT)
            halves = here & SINGLE and above & ANCHORS and not here & above and _is_close(labelled, out[-1], line)
            if halves and not (len(out) > 1 and _goes_on(labelled, out[-2], out[-1], above)):
                out[-1] = [*out[-1], *line]
                continue
        out.append(line)
    return out


def _goes_on(labelled: Labelled, before: Sequence[Member], line: Sequence[Member], short: set[str]) -> bool:
    """Whether the short cells of a line, all of them, are the second halves of cells in the line before it."""
    there = {name for _, name in before}
    return labelled.document.kind == "pdf_text" and all(
        name in there and not (_is_whole(labelled, line, name) or _is_whole(labelled, before, name)) for name in short
    )


def _is_close(labelled: Labelled, upper: Sequence[Member], lower: Sequence[Member]) -> bool:
    boxes = [labelled.tokens[i].bbox for i, _ in upper]
    gap = min(labelled.tokens[i].bbox[1] for i, _ in lower) - max(box[3] for box in boxes)
    return gap < 0.6 * max(box[3] - box[1] for box in boxes)


def _begins_low(labelled: Labelled, line: Sequence[Member]) -> bool:
    """Whether the text of a line goes on from one above: it begins with a small letter."""
    first = next((labelled.tokens[i].text for i, name in line if name in WRAPPING and name != MARK), "")
    return first[:1].islower()


def _ruled_off(labelled: Labelled, upper: Sequence[Member], lower: Sequence[Member]) -> bool:
    """Whether a rule is drawn between two lines, along a good part of them."""
    boxes = [labelled.tokens[i].bbox for i, _ in (*upper, *lower)]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    high = max(labelled.tokens[i].bbox[3] for i, _ in upper)
    low = min(labelled.tokens[i].bbox[1] for i, _ in lower)
    return any(
        rule.is_horizontal
        and high - 2.0 <= (rule.top + rule.bottom) / 2 <= low + 2.0
        and min(rule.x1, right) - max(rule.x0, left) > 0.5 * (right - left)
        for rule in labelled.document.page(labelled.tokens[upper[0][0]].page).rules
    )


def _is_prose(line: Sequence[Member]) -> bool:
    return any(name == PROSE for _, name in line)


def _ends_sentence(labelled: Labelled, line: Sequence[Member]) -> bool:
    last = max((i for i, name in line if name == PROSE), key=lambda i: labelled.tokens[i].bbox[2])
    return labelled.tokens[last].text.endswith((".", ")", '"', "”", ":", ";"))


def _conflict(labelled: Labelled, anchor: Sequence[Member], line: Sequence[Member]) -> float:
    """How badly a line fits to an anchor: it repeats a cell there that does not wrap, or brings a title to one.

    On pages the pieces of cells that wrap or are cut are no cells of their own.
    """
    there = {name for _, name in anchor}
    pieces = labelled.document.kind == "pdf_text"
    cost = 0.0
    for name in {name for _, name in line}:
        if name == PROSE:
            continue
        if pieces and name not in WRAPPING and name not in SINGLE:
            if name in there and not _is_whole(labelled, anchor, name):
                cost -= 1.5  # two halves of a date, a number below its "$"
            elif _is_whole(labelled, line, name):
                cost += 1.5 if name in there else -0.5
        elif name in there and name not in WRAPPING:
            cost += 1.5
        elif name not in there and name not in WRAPPING:
            cost -= 0.5  # the anchor lacks this cell
        elif name == "security_title" and name not in there:
            cost -= 0.7
    return cost


def _is_whole(labelled: Labelled, line: Sequence[Member], name: str) -> bool:
    """Whether what a line holds of a date or number is a value by itself."""
    texts = labelled.texts(i for i, other in line if other == name)
    if name in DATES:
        return cell_date(texts) is not None
    last = texts[-1]
    return any(c.isdigit() for c in last) and last[-1] not in ",."
