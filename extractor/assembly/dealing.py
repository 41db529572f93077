"""Deals the words of a woven box to its lines: which fragment of a cell goes on which fragment of the cell before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations_with_replacement, pairwise

from extractor.assembly.seams import is_known, join_pieces
from extractor.assembly.spans import Labelled

_MOST_TOKENS = 24
_BEAM = 60
Spelled = dict[tuple[int, ...], tuple[str, float]]
"""What tokens read as a line, and what its words cost: most ways to deal them share most lines."""
# Lines of a box in their order. Captions lie between them: slot n is what stands below the captions of slot n.
NAME, STREET, CITY, COUNTRY = 1, 2, 3, 4
ISSUER, FOREIGN, DATE, AMENDED = 1, 2, 3, 4


def pieces_of(labelled: Labelled, tokens: Sequence[int]) -> list[str]:
    """The texts of a line cell by cell; words that touched stay together."""
    out: list[str] = []
    before: int | None = None
    for index in tokens:
        token = labelled.tokens[index]
        if before is not None and labelled.tokens[before].cell == token.cell:
            out[-1] += ("" if labelled.tokens[before].end == token.start else " ") + token.text
        else:
            out.append(token.text)
        before = index
    return out


def width_of(labelled: Labelled, tokens: Sequence[int]) -> float:
    """About how wide a proportional font sets these words, in small letters."""
    return sum(_letter_width(c) for c in " ".join(labelled.tokens[i].text for i in tokens))


@lru_cache(maxsize=2_000)
def _letter_width(letter: str) -> float:
    """Averages of Times and Helvetica."""
    if letter in "MW@%":
        return 1.76
    if letter in "mw":
        return 1.56
    if letter in "ijlItf":
        return 0.58
    if letter.isdigit():
        return 1.06
    if letter.isupper() or letter == "&":
        return 1.36
    return 1.0 if letter.isalpha() else 0.54


def _lines_in_first(
    labelled: Labelled, spans: list[list[tuple[int, int, int]]], widths: list[float], slots: set[int]
) -> float:
    """How many times its own width the first cell holds of these slots: lines begin at the left and fill it."""
    if not spans or not widths[0]:
        return 10.0
    held = [token for lo, hi, token in spans[0] if set(range(lo, hi + 1)) & slots]
    return width_of(labelled, held) / widths[0]


_EXTRA: dict[int, tuple[dict[int, int], ...]] = {
    1: ({}, {STREET: 1}, {STREET: 2}, {CITY: 1}, {STREET: 1, CITY: 1}, {STREET: 2, CITY: 1}, {CITY: 2}),
    2: ({}, {ISSUER: 1}),
}
_LOOSE = {1: frozenset((CITY,)), 2: frozenset((DATE, AMENDED, FOREIGN))}
"""Slots that can have more lines than one, by box: what is tried."""


def deal(
    labelled: Labelled,
    spans: list[list[tuple[int, int, int]]],
    widths: list[float],
    wanted: list[int],
    box: int,
    vocabulary: set[str],
) -> dict[int, list[list[int]]]:
    """Deals the cells' tokens to lines: a line that goes on in the next cell fills its column.

    Lines are the slots in order, with two or three for a street and two for an issuer's name where that fits better.
    """
    best: tuple[float, list[int], list[list[list[int]]]] | None = None
    spelled: Spelled = {}
    for extra in _EXTRA[box]:
        if not extra.keys() <= set(wanted):
            continue
        if extra and box == 1 and _lines_in_first(labelled, spans, widths, set(extra)) < sum(extra.values()) + 0.05:
            continue
        order = [slot for slot in wanted for _ in range(1 + extra.get(slot, 0))]
        dealt = _deal_lines(labelled, spans, widths, order, _LOOSE[box], vocabulary, spelled)
        if dealt is None:
            continue
        cost = dealt[0] + sum(count * (1.5 if slot in _LOOSE[box] else 0.6) for slot, count in extra.items())
        if best is None or cost < best[0] - 1e-9:
            best = (cost, order, dealt[1])
    if best is None:
        return {}
    out: dict[int, list[list[int]]] = {}
    for line, slot in enumerate(best[1]):
        tokens = [t for cell in best[2] for t in cell[line]]
        if tokens:
            out.setdefault(slot, []).append(tokens)
    return out


def _deal_lines(
    labelled: Labelled,
    spans: list[list[tuple[int, int, int]]],
    widths: list[float],
    order: list[int],
    loose: frozenset[int],
    vocabulary: set[str],
    spelled: Spelled,
) -> tuple[float, list[list[list[int]]]] | None:
    """The cheapest way found to give each cell's tokens to the lines, in order: (cost, tokens by cell and line).

    `loose` are slots whose lines have gaps (city, state, postal code); the others run on from cell to cell.
    """
    count = len(order)
    beam: list[tuple[float, int, list[list[list[int]]]]] = [(0.0, 0, [])]  # (cost, lines that have ended, path)
    first = next((place for place, span in enumerate(spans) if span), 0)
    known: dict[tuple[int, ...], float] = {}

    def width(part: list[int]) -> float:
        key = tuple(part)
        if key not in known:
            known[key] = width_of(labelled, part)
        return known[key]

    for place, span in enumerate(spans):
        reached: list[tuple[float, int, list[list[list[int]]]]] = []
        if len(span) > _MOST_TOKENS:
            return None
        for bounds in combinations_with_replacement(range(len(span) + 1), count - 1):
            cuts = (0, *bounds, len(span))
            parts = [span[a:b] for a, b in pairwise(cuts)]
            if place == first and any(
                not part and order.count(slot) > 1 for part, slot in zip(parts, order, strict=True)
            ):
                continue  # every line begins at the left
            outside = sum(8.0 for line, part in enumerate(parts) for lo, hi, _ in part if not lo <= order[line] <= hi)
            taken = [[token for _, _, token in part] for part in parts]
            filled = [width(part) for part in taken]
            for cost, ended, path in beam:
                now, more = ended, outside
                for line, part in enumerate(taken):
                    before = path[-1][line] if path else []
                    if part and widths[place]:
                        more += 3.0 * max(0.0, filled[line] / widths[place] - 1.15)
                    if order[line] in loose:
                        if FOREIGN in loose:  # lines of dates
                            more += sum(1.0 for t in part if not any(c.isdigit() for c in labelled.tokens[t].text))
                        continue
                    if part and ended >> line & 1:
                        more += 1.5  # a line that had ended goes on
                    if not part and place >= first:
                        now |= 1 << line
                    if part and before and widths[place - 1]:  # the piece before reached the edge
                        more += 2.0 * min(1.0, abs(width(before) / widths[place - 1] - 1.0))
                reached.append((cost + more, now, [*path, taken]))
        reached.sort(key=lambda state: state[0])
        beam = reached[:_BEAM]
    scored = [
        (cost + _wordiness(labelled, path, order, vocabulary, FOREIGN in loose, spelled), path)
        for cost, _, path in beam
    ]
    return min(scored, key=lambda item: item[0]) if scored else None


_SUFFIX = (
    r"(?:STREET|ST|AVENUE|AVE|ROAD|RD|DRIVE|DR|BOULEVARD|BLVD|LANE|LN|PARKWAY|PKWY|PLAZA|WAY|COURT|CT|CIRCLE|PLACE)"
)
_STREET_END = re.compile(rf"\b{_SUFFIX}\.?$", re.IGNORECASE)
_STREET_START = re.compile(r"\d+ |P\.?O\.? ")
_SCRAPS = re.compile(r"(?:^|(?<= ))(?!NE|NW|SE|SW|[NSEW]\b)[A-Z]{1,2}(?= |$)")
_HOUSE = re.compile(rf"\b\d+ (?:[A-Z]\S* ){{1,3}}{_SUFFIX}\b", re.IGNORECASE)
_WITH_TICKER = re.compile(r"[^\[\]]{3,}\[[^\[\]]{1,12}\][^A-Za-z]*")


def _wordiness(
    labelled: Labelled,
    path: list[list[list[int]]],
    order: list[int],
    vocabulary: set[str],
    issuer: bool,
    spelled: Spelled,
) -> float:
    """Less than nothing where the lines are made of known words and laid out as such lines are, more where not."""
    cost = 0.0
    texts: list[str] = []
    street: list[str] = []
    for line, slot in enumerate(order):
        tokens = tuple([t for cell in path for t in cell[line]])
        if tokens not in spelled:
            text, _ = join_pieces(pieces_of(labelled, tokens), vocabulary)
            words = (word for word in text.split() if len(word) > 2)
            spelled[tokens] = text, sum(-0.5 if is_known(word, vocabulary) else 0.25 for word in words)
        text, worth = spelled[tokens]
        cost += worth
        if slot == STREET and not issuer:
            cost += 0.5 * len(_SCRAPS.findall(text))
            street.append(text)
            cost -= 0.3 * bool(_STREET_END.search(text))
            cost -= 0.4 * bool(_STREET_START.match(text)) + 0.3 * text.endswith(",")
        if slot == ISSUER and issuer:
            texts.append(text)
    cost -= 0.6 * bool(_HOUSE.search(" ".join(street)))
    if texts and "[" in "".join(texts):
        cost -= 2.0 * bool(_WITH_TICKER.fullmatch(" ".join(texts)))
    return cost
