"""Amounts that a converter cut at column edges and mixed with the next column's, told apart again.

Such text leaves "$ 3 1,158.6 09" where the page has a price of $1,158.6 and a balance of 309: all digits are there, in
the order of each column. Of all ways to deal them out again, that one is taken that gives well-formed numbers, agrees
best with the labels and lets the balance run from row to row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from extractor.assembly.members import MARK, Member
from extractor.assembly.spans import Labelled

_PIECE = re.compile(r"\$?[\d.,]*\d[\d.,]*|\$|[.,]\d+|\d+[.,]")
_TYPED_ZERO = re.compile(r"\$?-0-")
_HALF_MARK = re.compile(r"\(\d{0,2}\)?$")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_SHORT = re.compile(r"\d{1,3}(\.\d+)?")
_PLAIN = re.compile(r"\d+(\.\d+)?")
_AMOUNTS = ("shares", "price_per_share", "shares_owned_following")
_MOST_PIECES = 7
_KEPT = 8
_RUNS = 3.0  # what a balance that runs on is worth, in the units of the scores below


@dataclass(slots=True)
class _Dealing:
    """One way to deal out a row's pieces: token indices of each field, its score, and the values."""

    tokens: dict[str, list[int]]
    score: float
    shares: float | None
    balance: float | None


def resplit_amounts(labelled: Labelled, groups: list[list[Member]]) -> list[list[Member]]:
    """Rows of Table I with the amounts dealt out anew; rows where nothing can be dealt stay as they are."""
    options = [_dealings(labelled, group) for group in groups]
    chosen = _best_chain(labelled, groups, options)
    out = []
    for group, deal in zip(groups, chosen, strict=True):
        out.append(_move_date_digit(labelled, _relabel(group, deal) if deal is not None else group))
    return out


def _dealings(labelled: Labelled, group: Sequence[Member]) -> list[_Dealing]:
    ad = [i for i, name in group if name == "acquired_disposed"]
    ends = [i for i, name in group if name == "direct_or_indirect"]
    begins = [i for i, name in group if name in ("transaction_code", "voluntary", "transaction_date", "security_title")]
    amounts = [i for i, name in group if name in _AMOUNTS]
    if any(labelled.tokens[i].cell is None for i in amounts):
        return []  # only what lies in a table recogniser's cells was cut at their edges
    if len({labelled.tokens[i].line for i in amounts}) > 1:
        return []  # cells of several lines wrap in themselves, as typists' do
    if not amounts or not begins:
        return []
    first = max((i for i in begins if i < max(amounts)), default=-1)
    last = min((i for i in ends if i > min(amounts)), default=max(amounts) + 1)
    if first < 0 or last - first > 40:
        return []
    middle = max((i for i in ad if first < i < last), default=None)
    inside = [i for i in range(first + 1, last) if _is_piece(labelled, i)]
    left = _once(labelled, [i for i in inside if middle is not None and i < middle])
    right = _once(labelled, [i for i in inside if middle is None or i > middle])
    if len(right) > _MOST_PIECES or not right:
        return []
    holding = middle is None
    if holding and any(name in ("shares", "price_per_share") for _, name in group):
        return []  # a transaction whose A/D was lost: nothing tells amount and balance apart
    found = []
    shares_text = _joined(labelled, left)
    shares_score = _amount_score(shares_text) if left else 0.0
    for dealt in product((False, True), repeat=len(right)):
        balance = [i for i, b in zip(right, dealt, strict=True) if b]
        price = [i for i, b in zip(right, dealt, strict=True) if not b]
        if holding and price:
            continue
        score = (
            shares_score + _amount_score(_joined(labelled, balance)) + _price_score(_joined(labelled, price), holding)
        )
        for i, b in zip(right, dealt, strict=True):
            name = "shares_owned_following" if b else "price_per_share"
            if labelled.label(i).endswith(f".{name}"):
                score += 0.8 * float(labelled.tagging.probability[i])
        # pieces of one column keep together more often than not
        score -= 0.15 * sum(a != b for a, b in pairwise(dealt))
        tokens = {"shares": left, "price_per_share": price, "shares_owned_following": balance}
        found.append(_Dealing(tokens, score, _value(shares_text), _value(_joined(labelled, balance))))
    found.sort(key=lambda deal: -deal.score)
    return found[:_KEPT]


def _is_piece(labelled: Labelled, index: int) -> bool:
    label = labelled.label(index)
    # a digit alone between code and A/D is no V, whatever it was taken for
    allowed = label in ("O", "footnote.mark") or label.rpartition(".")[2] in (*_AMOUNTS, "voluntary")
    return allowed and _PIECE.fullmatch(_core(labelled.tokens[index].text)) is not None


def _core(text: str) -> str:
    """A piece without the beginning of a footnote mark that hangs on it: ",617(1" is ",617". A typist's "-0-" is 0."""
    return "0" if _TYPED_ZERO.fullmatch(text) else _HALF_MARK.sub("", text)


def _once(labelled: Labelled, indices: list[int]) -> list[int]:
    """Without pieces that only repeat the one before them, and without a second half that repeats the first."""
    half = len(indices) // 2
    if half > 1 and labelled.texts(indices[:half]) == labelled.texts(indices[half : 2 * half]):
        indices = [*indices[:half], *indices[2 * half :]]
    for size in range(2, half + 1):
        if labelled.texts(indices[:size]) == labelled.texts(indices[size : 2 * size]):
            indices = [*indices[:size], *indices[2 * size :]]
            break
    out: list[int] = []
    for i in indices:
        text = labelled.tokens[i].text
        if out and len(text) > 1 and text == labelled.tokens[out[-1]].text:
            continue
        out.append(i)
    return out


def _joined(labelled: Labelled, indices: Sequence[int]) -> str:
    return "".join(_core(labelled.tokens[i].text) for i in indices)


def _value(text: str) -> float | None:
    digits = text.replace("$", "").replace(",", "")
    return float(digits) if _PLAIN.fullmatch(digits) else None


def _amount_score(text: str) -> float:
    if not text or "$" in text:
        return -4.0
    if _GROUPED.fullmatch(text):
        return 2.0 if text[0] != "0" else -2.0
    if _SHORT.fullmatch(text):
        return 1.5 if text[0] != "0" or text == "0" or text.startswith("0.") else -2.0
    return 0.3 if _PLAIN.fullmatch(text) else -4.0


def _price_score(text: str, holding: bool) -> float:
    if not text:
        return 0.0 if holding else -0.3
    if "$" in text[1:]:
        return -4.0
    number = text.removeprefix("$")
    bonus = 1.0 if text != number else 0.0
    if _GROUPED.fullmatch(number) or _SHORT.fullmatch(number):
        return bonus + (1.5 if number[0] != "0" or number == "0" or number.startswith("0.") else -2.0)
    return bonus + 0.2 if _PLAIN.fullmatch(number) else -4.0


def _best_chain(labelled: Labelled, groups: list[list[Member]], options: list[list[_Dealing]]) -> list[_Dealing | None]:
    """The best dealing of every row, with a bonus where the balance runs on from the row before (Viterbi)."""
    chosen: list[_Dealing | None] = [None] * len(groups)
    place = 0
    while place < len(groups):
        if not options[place]:
            place += 1
            continue
        end = place + 1
        while end < len(groups) and options[end]:
            end += 1
        scores = [[deal.score for deal in options[place]]]
        back: list[list[int]] = [[0] * len(options[place])]
        for row in range(place + 1, end):
            sign = _sign(labelled, groups[row])
            if _holder(labelled, groups[row]) != _holder(labelled, groups[row - 1]):
                sign = 0  # another line of ownership: the balance does not run on
            kept, origin = [], []
            for deal in options[row]:
                reached = [
                    before + (_RUNS if _runs_on(earlier, deal, sign) else 0.0)
                    for before, earlier in zip(scores[-1], options[row - 1], strict=True)
                ]
                best = max(range(len(reached)), key=lambda k: reached[k])
                kept.append(reached[best] + deal.score)
                origin.append(best)
            scores.append(kept)
            back.append(origin)
        pick = max(range(len(scores[-1])), key=lambda k: scores[-1][k])
        for row in range(end - 1, place - 1, -1):
            chosen[row] = options[row][pick]
            pick = back[row - place][pick]
        place = end
    return chosen


def _sign(labelled: Labelled, group: Sequence[Member]) -> int:
    for i, name in group:
        if name == "acquired_disposed":
            return 1 if labelled.tokens[i].text.strip("()").upper() == "A" else -1
    return 0


def _holder(labelled: Labelled, group: Sequence[Member]) -> str:
    """D or I with the nature of ownership, as one string."""
    names = ("direct_or_indirect", "nature_of_ownership")
    return "".join(dict.fromkeys(labelled.tokens[i].text for i, name in group if name in names)).casefold()


def _runs_on(before: _Dealing, here: _Dealing, sign: int) -> bool:
    if before.balance is None or here.balance is None or here.shares is None or not sign:
        return False
    return abs(before.balance + sign * here.shares - here.balance) < 0.01


def shares_before_letter(labelled: Labelled, group: list[Member]) -> list[Member]:
    """A row of Table I in which what stands left of its (A) or (D), behind the code, is the amount.

    Where a cell's lines lie at different heights, the amount can stand above its row and be taken for a price or a
    balance; the order of columns tells.
    """
    names = {name for _, name in group}
    letters = [i for i, name in group if name == "acquired_disposed"]
    codes = [i for i, name in group if name in ("transaction_code", "transaction_date")]
    tokens = labelled.tokens
    if "shares" in names or len(letters) != 1 or not codes or tokens[letters[0]].cell is not None:
        return group
    left = max(tokens[i].bbox[2] for i in codes)
    right = tokens[letters[0]].bbox[0]
    between = {
        i
        for i, name in group
        if name in ("price_per_share", "shares_owned_following")
        and left <= tokens[i].bbox[0]
        and tokens[i].bbox[2] <= right + 1.0
        and _PIECE.fullmatch(tokens[i].text)
        and "$" not in tokens[i].text
    }
    if len({tokens[i].line for i in between}) != 1:
        return group
    return [(i, "shares" if i in between else name) for i, name in group]


def _relabel(group: Sequence[Member], deal: _Dealing) -> list[Member]:
    dealt = {i for indices in deal.tokens.values() for i in indices}
    kept = [(i, name) for i, name in group if i not in dealt and name not in _AMOUNTS]
    new = [(i, name) for name, indices in deal.tokens.items() for i in indices]
    return sorted([*kept, *new])


def _move_date_digit(labelled: Labelled, group: list[Member]) -> list[Member]:
    """The first digit of a date that was cut off into the title's cell goes back: "Common Stock 0" and "8/04/2025"."""
    titles = [i for i, name in group if name == "security_title"]
    dates = [i for i, name in group if name == "transaction_date"]
    if len(titles) < 2 or not dates:
        return group
    last, first = titles[-1], dates[0]
    cut_off = re.fullmatch(r"[01]", labelled.tokens[last].text)
    if cut_off and last < first and re.match(r"\d/", labelled.tokens[first].text):
        return [(i, "transaction_date" if i == last and name != MARK else name) for i, name in group]
    return group
