"""Groups the labelled tokens of one table into its rows.

Three kinds of evidence, strongest first: cells that the reader knew (HTML, ruled grids, tabs), the geometry of lines,
and, in text that lost its layout, the order of columns. A row is anchored by its short cells (code, date, A/D, D/I),
which are one line high; titles and natures wrap around them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

from extractor.assembly.spans import Labelled
from extractor.assembly.wording import wording_cost

MARK = "mark"
PROSE = "prose"
_ANCHORS = frozenset(
    ("transaction_code", "transaction_date", "acquired_disposed", "direct_or_indirect", "shares_owned_following")
)
_SUPPORT = frozenset(
    (
        "shares",
        "shares_acquired",
        "shares_disposed",
        "price_per_share",
        "underlying_security_shares",
        "expiration_date",
        "conversion_or_exercise_price",
    )
)
_WRAPPING = frozenset(("security_title", "nature_of_ownership", "underlying_security_title", MARK))
_WORDED = ("security_title", "nature_of_ownership", "underlying_security_title")
_SINGLE = frozenset(("transaction_code", "acquired_disposed", "direct_or_indirect"))
_COLUMN = {
    name: i
    for i, name in enumerate(
        (
            "security_title",
            "conversion_or_exercise_price",
            "transaction_date",
            "deemed_execution_date",
            "transaction_code",
            "equity_swap_involved",
            "voluntary",
            "shares",
            "shares_acquired",
            "shares_disposed",
            "acquired_disposed",
            "exercise_date",
            "expiration_date",
            "underlying_security_title",
            "underlying_security_shares",
            "price_per_share",
            "shares_owned_following",
            "direct_or_indirect",
            "nature_of_ownership",
        )
    )
}
_TABLE_1_PRICE = 10.5  # in Table I the price stands behind (A) or (D)

Member = tuple[int, str]
"""Token index and the row field it was labelled as (MARK for a footnote mark)."""


def group_rows(labelled: Labelled, members: Sequence[Member], derivative: bool) -> list[list[Member]]:
    """Rows in page order, each its members in reading order. `members` must be in reading order."""
    if not members:
        return []
    tokens = labelled.tokens
    in_cells = sum(tokens[i].cell is not None for i, _ in members)
    typed = labelled.document.kind == "text"
    if in_cells >= (0.95 if typed else 0.8) * len(members):
        rows = _by_cell(labelled, members, derivative)
    elif typed and (_starts_over(labelled, members) or not _has_columns(labelled, members)):
        rows = _by_sequence(labelled, members, derivative)
    else:
        rows = _by_geometry(labelled, members)
    out: list[list[Member]] = []
    for row in rows:
        out += _split_crowded(labelled, row)
    return _merge_fragments(labelled, out)


def _by_cell(labelled: Labelled, members: Sequence[Member], derivative: bool) -> list[list[Member]]:
    tokens = labelled.tokens
    rows: dict[tuple[int, int, int], list[Member]] = {}
    last: tuple[int, int, int] | None = None
    for index, name in members:
        token = tokens[index]
        if token.cell is not None:
            key = (token.page, token.cell[0], token.cell[1])
        elif last is not None:
            key = last
        else:
            key = (token.page, -1, -token.line - 1)
        rows.setdefault(key, []).append((index, name))
        last = key
    found = list(rows.values())
    return _join_continued(found, derivative) if labelled.document.kind == "text" else found


def _join_continued(rows: list[list[Member]], derivative: bool) -> list[list[Member]]:
    """Joins to a row what only goes on with it: a line end inside a cell cut the row of the table in two.

    Such a rest holds no cell that the row before has, and all its columns come behind that row's.
    """
    out: list[list[Member]] = []
    for row in rows:
        names = {name for _, name in row if name != MARK}
        if out and names and not names & {"security_title", "transaction_date", "transaction_code"}:
            there = {name for _, name in out[-1] if name not in _WRAPPING}
            short = {name for name in names if name not in _WRAPPING}
            ends_in_text = next((n for _, n in reversed(out[-1]) if n != MARK), "") in _WORDED
            behind = short and min(_column(n, derivative) for n in short) > max(
                (_column(n, derivative) for n in there), default=-1.0
            )
            if behind and ends_in_text and "direct_or_indirect" not in there:
                out[-1].extend(row)
                continue
        out.append(row)
    return out


def _has_columns(labelled: Labelled, members: Sequence[Member]) -> bool:
    """Whether a text kept its columns: lines of the table hold several stretches apart from each other."""
    segment, tokens = labelled.tagging.layout.segment, labelled.tokens
    per_line: dict[int, set[int]] = defaultdict(set)
    for index, _ in members:
        per_line[tokens[index].line].add(int(segment[index]))
    apart = sum(len(s) >= 3 for s in per_line.values())
    return apart >= max(1, 0.25 * len(per_line))


def _starts_over(labelled: Labelled, members: Sequence[Member]) -> bool:
    """Whether a line of text holds more than one row: a cell of one letter or a date comes again behind others."""
    before: dict[int, str] = {}
    seen: dict[tuple[int, str], int] = defaultdict(int)
    lines: set[int] = set()
    for index, name in members:
        line = labelled.tokens[index].line
        if name in ("transaction_code", "transaction_date", "direct_or_indirect") and before.get(line) != name:
            seen[line, name] += 1
        if name != MARK:
            before[line] = name
        lines.add(line)
    twice = {line for (line, _), count in seen.items() if count > 1}
    return len(twice) > 0.5 * len(lines)


def _by_geometry(labelled: Labelled, members: Sequence[Member]) -> list[list[Member]]:
    rows: list[list[Member]] = []
    by_page: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        by_page[labelled.tokens[member[0]].page].append(member)
    for page in sorted(by_page):
        rows += _page_rows(labelled, by_page[page])
    return rows


def _page_rows(labelled: Labelled, members: list[Member]) -> list[list[Member]]:
    return split_at_anchors(labelled, members, _is_anchor)


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
    above = anchored[0]  # lines of the current row above its anchor
    cuts: list[int] = []
    for here, after in pairwise(anchored):
        cuts.append(_best_cut(labelled, lines, here, after, above, top_lean))
        above = after - cuts[-1]
    if any(name in _WORDED for line in lines for _, name in line):
        cuts = _by_wording(labelled, lines, anchored, cuts, top_lean)
    owner: list[int] = []  # per line: which anchor's row it belongs to
    for place, (begin, end) in enumerate(pairwise([0, *cuts, len(lines)])):
        owner += [place] * (end - begin)
    rows: list[list[Member]] = [[] for _ in anchored]
    place_of = {index: i for i, line in enumerate(lines) for index, _ in line}
    for member in members:
        rows[owner[place_of[member[0]]]].append(member)
    return rows


def _by_wording(
    labelled: Labelled, lines: list[list[Member]], anchored: list[int], cuts: list[int], top_lean: float
) -> list[int]:
    """The cuts that make titles and natures read best: one after the other moved, and all of them at once.

    Geometry keeps its say: a cut moves only where the gain in wording outweighs what it costs in white space.
    """

    def cost(chosen: Sequence[int]) -> float:
        return _wording(labelled, lines, chosen) + sum(
            _geometry(labelled, lines, h, a, c, top_lean)
            for h, a, c in zip(anchored, anchored[1:], chosen, strict=False)
        )

    best, best_cost = list(cuts), cost(cuts)
    # all rows alike: nothing below the anchors, nothing above them
    for same in ([here + 1 for here in anchored[:-1]], list(anchored[1:])):
        if (here_cost := cost(same)) < best_cost - 1e-9:
            best, best_cost = same, here_cost
    for _ in range(2):
        for place in range(len(best)):
            for cut in range(anchored[place] + 1, anchored[place + 1] + 1):
                moved = [*best[:place], cut, *best[place + 1 :]]
                if cut != best[place] and (here_cost := cost(moved)) < best_cost - 1e-9:
                    best, best_cost = moved, here_cost
    return best


def _wording(labelled: Labelled, lines: list[list[Member]], cuts: Sequence[int]) -> float:
    texts: dict[str, list[str]] = {name: [] for name in _WORDED}
    for begin, end in pairwise([0, *cuts, len(lines)]):
        for name, found in texts.items():
            words = [labelled.tokens[i].text for line in lines[begin:end] for i, n in line if n == name]
            found.append(" ".join(words))
    return sum(wording_cost(found) for found in texts.values())


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
        here = {name for _, name in line} & (_ANCHORS | _SUPPORT)
        if out and here:
            above = {name for _, name in out[-1]} & (_ANCHORS | _SUPPORT)
            if here & _SINGLE and above & _ANCHORS and not here & above and _is_close(labelled, out[-1], line):
                out[-1] = [*out[-1], *line]
                continue
        out.append(line)
    return out


def _is_close(labelled: Labelled, upper: Sequence[Member], lower: Sequence[Member]) -> bool:
    boxes = [labelled.tokens[i].bbox for i, _ in upper]
    gap = min(labelled.tokens[i].bbox[1] for i, _ in lower) - max(box[3] for box in boxes)
    return gap < 0.6 * max(box[3] - box[1] for box in boxes)


def _is_anchor(line: Sequence[Member]) -> bool:
    names = {name for _, name in line}
    return (
        len(names & _ANCHORS) >= 2
        or bool(names & _SINGLE and len(names) >= 2)
        or len(names & (_ANCHORS | _SUPPORT)) >= 3
    )


def _best_cut(labelled: Labelled, lines: list[list[Member]], here: int, after: int, above: int, top_lean: float) -> int:
    """Index of the first line between two anchors that belongs to the lower one.

    Cells are centred or top-aligned: in a centred table (`top_lean` 0) as many lines hang below the upper anchor as
    stand `above` it; in a top-aligned one none stand above.
    """

    def cost(cut: int) -> float:
        even = 0.0 if top_lean else 0.3 * abs(cut - here - 1 - above)
        return _geometry(labelled, lines, here, after, cut, top_lean) + even

    return min(range(after, here, -1), key=lambda cut: round(cost(cut), 9))


def _geometry(labelled: Labelled, lines: list[list[Member]], here: int, after: int, cut: int, top_lean: float) -> float:
    """What speaks against a cut before line `cut`, between the anchors `here` and `after`.

    White space speaks for a cut, a repeated cell against a side.
    """
    if after == here + 1:
        return 0.0
    tokens = labelled.tokens

    def top(line: int) -> float:
        return min(tokens[i].bbox[1] for i, _ in lines[line])

    def bottom(line: int) -> float:
        return max(tokens[i].bbox[3] for i, _ in lines[line])

    height = max(1.0, bottom(here) - top(here))
    gaps = {c: max(0.0, min(top(c) - bottom(c - 1), 3 * height)) for c in range(here + 1, after + 1)}
    even = min(gaps.values()) + 0.1 * height  # what the spacing of lines varies by says nothing
    cost = -4.0 * max(0.0, gaps[cut] - even) / height
    cost += sum(_conflict(lines[here], lines[i]) for i in range(here + 1, cut))
    cost += sum(_conflict(lines[after], lines[i]) for i in range(cut, after))
    cost += top_lean * (after - cut)
    if cut < after and _begins_low(labelled, lines[cut]):
        cost += 0.4
    if _ruled_off(labelled, lines[cut - 1], lines[cut]):
        cost -= 5.0
    if _is_prose(lines[cut - 1]) and not _ends_sentence(labelled, lines[cut - 1]):
        cost += 1.5
    return cost


def _begins_low(labelled: Labelled, line: Sequence[Member]) -> bool:
    """Whether the text of a line goes on from one above: it begins with a small letter."""
    first = next((labelled.tokens[i].text for i, name in line if name in _WRAPPING and name != MARK), "")
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


def _conflict(anchor: Sequence[Member], line: Sequence[Member]) -> float:
    """How badly a line fits to an anchor: it repeats a cell there that does not wrap, or brings a title to one."""
    there = {name for _, name in anchor}
    cost = 0.0
    for name in {name for _, name in line}:
        if name == PROSE:
            continue
        if name in there and name not in _WRAPPING:
            cost += 1.5
        elif name not in there and name not in _WRAPPING:
            cost -= 0.5  # the anchor lacks this cell
        elif name == "security_title" and name not in there:
            cost -= 0.7
    return cost


def _by_sequence(labelled: Labelled, members: Sequence[Member], derivative: bool) -> list[list[Member]]:
    """A new row begins where the columns start over.

    Where text goes line by line over the page, a title's further lines follow its row; where it goes cell by cell, they
    all come before it. The table's first row tells which of the two it is.
    """
    tokens = labelled.tokens
    anchor_lines = {tokens[i].line for i, name in members if name in _ANCHORS}
    first_title = next((i for i, name in members if name == "security_title"), None)
    titles_follow = first_title is not None and tokens[first_title].line in anchor_lines
    rows: list[list[Member]] = []
    filled: dict[str, int] = {}  # field -> line on which it was last met
    furthest = -1.0
    for index, name in members:
        if name == MARK:
            if not rows:
                rows.append([])
            rows[-1].append((index, name))
            continue
        line = tokens[index].line
        column = _column(name, derivative)
        anchored = bool(_ANCHORS & filled.keys())
        if name == "security_title":
            starts = anchored and not (titles_follow and line not in anchor_lines)
            starts = starts and not (filled.get(name) == line and _last_name(rows[-1]) == name)
        else:
            starts = (
                column < furthest and name in filled and not (filled[name] == line and _last_name(rows[-1]) == name)
            )
            starts = starts and name not in _WRAPPING
        if starts or not rows:
            rows.append([])
            filled, furthest = {}, -1.0
        filled[name] = line
        if name not in _WRAPPING:
            furthest = max(furthest, column)
        rows[-1].append((index, name))
    return rows


def _last_name(row: Sequence[Member]) -> str | None:
    return next((name for _, name in reversed(row) if name != MARK), None)


def _column(name: str, derivative: bool) -> float:
    if name == "price_per_share" and not derivative:
        return _TABLE_1_PRICE
    return float(_COLUMN.get(name, 0))


def _split_crowded(labelled: Labelled, row: list[Member]) -> list[list[Member]]:
    """A cell can hold several rows where rules are missing between them; then geometry or the sequence decides."""
    counts: dict[str, set[int]] = defaultdict(set)
    for index, name in row:
        if name in _ANCHORS:
            counts[name].add(labelled.tokens[index].line)
    crowded = sum(len(lines) >= 2 for name, lines in counts.items() if name in _SINGLE or name == "transaction_date")
    if crowded < 2:
        return [row]
    parts = _by_geometry(labelled, row)
    return parts if len(parts) > 1 else [row]


def _merge_fragments(labelled: Labelled, rows: list[list[Member]]) -> list[list[Member]]:
    """Rows without any short cell are the rest of a row that a page's end or a wrapped cell cut off."""
    out: list[list[Member]] = []
    waiting: list[Member] = []
    for row in rows:
        if not _is_fragment(labelled, row):
            out.append([*waiting, *row])
            waiting = []
        elif out:
            out[-1].extend(row)
        else:
            waiting.extend(row)
    if waiting and not out:
        return [waiting]
    return out


def _is_fragment(labelled: Labelled, row: Sequence[Member]) -> bool:
    names = {name for _, name in row}
    if names & _SINGLE:
        return False
    values = [labelled.tokens[i].text for i, name in row if name in (_ANCHORS | _SUPPORT)]
    return not any(len(re.sub(r"\W", "", text)) > 3 for text in values)
