"""Where on a document's pages a value could stand: groups of tokens that read as it, with how well they do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from extractor.document import Document
from training.comparing import alike, comparable, same
from training.exchange.wanted import NUMBERS, PROSE, TEXTS, Reading, Wanted, read_as

_MONTHS = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
_LONGEST = {"number": 3, "price": 3, "date": 5, "day": 6, "code": 2, "form_type": 3}
_UNLIKE = 0.35
"""Worth of tokens that stand where the value should but read otherwise, such as a misread digit."""
_APART = 40  # tokens between two pieces of a number
_SKIPPED = 14  # tokens of other columns between two lines of a wrapped cell


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens that could be a value. `worth` is 1.0 where they read as it without mending; `exact` is false where they
    only look like it and the reader makes something else of them."""

    tokens: tuple[int, ...]
    worth: float
    exact: bool

    @property
    def place(self) -> float:
        return sum(self.tokens) / len(self.tokens)


class Candidates:
    """Finds candidates in one document. `orders` are token orders in which values may be contiguous."""

    def __init__(self, document: Document, orders: Sequence[Sequence[int]]) -> None:
        self._document = document
        self._texts = [token.text for token in document.tokens]
        self._plain = [_letters(text) for text in self._texts]
        self._digits = [re.sub(r"\D", "", text) for text in self._texts]
        self._orders = [list(order) for order in orders]

    def of(self, wanted: Wanted) -> list[Candidate]:
        """All candidates for a value, each group of tokens once, the best reading of it."""
        if wanted.kind in PROSE:
            found = list(self._prose(str(wanted.value)))
        elif wanted.kind in TEXTS:
            found = list(self._running(str(wanted.value))) or list(self._similar(str(wanted.value)))
        elif wanted.kind == "statement":
            found = []  # a sentence of the form: only the tagger knows its words
        else:
            found = [*self._windows(wanted), *self._pieces(wanted)]
        best: dict[tuple[int, ...], Candidate] = {}
        for item in found:
            if item.tokens not in best or best[item.tokens].worth < item.worth:
                best[item.tokens] = item
        return list(best.values())

    def reads(self, tokens: Sequence[int], wanted: Wanted) -> Reading | None:
        """What tokens mean as a value of the wanted kind."""
        return _read(wanted.kind, tuple(self._texts[i] for i in tokens))

    def agrees(self, tokens: Sequence[int], wanted: Wanted) -> bool:
        """Whether tokens read as just the wanted value."""
        reading = self.reads(tokens, wanted)
        if reading is None:
            return False
        if wanted.kind in PROSE:
            return alike(wanted.value, reading[0])
        return same(wanted.value, reading[0], state=wanted.kind == "state")

    def _windows(self, wanted: Wanted) -> Iterator[Candidate]:
        longest = _LONGEST.get(wanted.kind, 1)
        for order in self._orders:
            for start in range(len(order)):
                for end in range(start + 1, min(start + longest, len(order)) + 1):
                    tokens = order[start:end]
                    if not self._hangs_together(tokens):
                        break
                    if self._hopeless(tokens, wanted):
                        continue
                    reading = self.reads(tokens, wanted)
                    if reading is not None and same(wanted.value, reading[0]):
                        worth = (1.0, 0.85, 0.65)[min(reading[1], 2)] - 0.02 * (len(tokens) - 1)
                        if wanted.kind == "price" and self._texts[tokens[0]].startswith("$"):
                            worth += 0.1  # the sign belongs to its price
                        yield Candidate(tuple(sorted(tokens)), worth, True)
                    elif wanted.kind in NUMBERS | {"date", "day"} and self._looks_like(tokens, wanted):
                        yield Candidate(tuple(sorted(tokens)), _UNLIKE - 0.02 * len(tokens), False)

    def _pieces(self, wanted: Wanted) -> Iterator[Candidate]:
        """Two pieces of a number or date that a column's edge cut apart, with other columns in between."""
        if wanted.kind in NUMBERS:
            targets = {_digits_of(wanted)}
        elif wanted.kind in ("date", "day"):
            year, month, day = str(wanted.value).split("-")
            targets = {
                m + d + y for m in (month, month.lstrip("0")) for d in (day, day.lstrip("0")) for y in (year, year[2:])
            }
        else:
            return
        for target in sorted(targets):
            if len(target) < 4:
                continue
            for first, head in enumerate(self._digits):
                if not head or len(head) >= len(target) or not target.startswith(head):
                    continue
                for second in range(first + 2, min(first + _APART, len(self._digits))):
                    if head + self._digits[second] == target and self.agrees((first, second), wanted):
                        yield Candidate((first, second), 0.75 - 0.01 * (second - first), True)

    def _hangs_together(self, tokens: Sequence[int]) -> bool:
        if len(tokens) < 2:
            return True
        last, here = self._document.tokens[tokens[-2]], self._document.tokens[tokens[-1]]
        return last.page == here.page and abs(here.line - last.line) <= 2

    def _hopeless(self, tokens: Sequence[int], wanted: Wanted) -> bool:
        """Cheap tests that spare the parsers most of the tokens."""
        if wanted.kind in NUMBERS:
            digits = "".join(self._digits[i] for i in tokens)
            zero = not float(wanted.value)
            if not digits:
                return not zero or len(tokens) > 1
            return len(digits) > 2 * len(_digits_of(wanted)) + 6 if not zero else len(digits.strip("0")) > 0
        if wanted.kind in ("date", "day"):
            digits = "".join(self._digits[i] for i in tokens)
            if len(digits) < 3 or len(digits) > 12:
                return True
            written = any(_MONTHS.search(self._texts[i]) for i in tokens)
            return not written and str(wanted.value)[2:4] not in digits and len(digits) < 5
        return False

    def _looks_like(self, tokens: Sequence[int], wanted: Wanted) -> bool:
        """Whether the digits printed are the value's but for one: what reading spoilt still stands in its place."""
        if not all(self._digits[i] or not self._plain[i] for i in tokens):
            return False
        digits = "".join(self._digits[i] for i in tokens)
        if wanted.kind in NUMBERS:
            target = _digits_of(wanted)
            return len(target) >= 4 and Levenshtein.distance(digits.rstrip("0"), target.rstrip("0")) <= 1
        year, month, day = str(wanted.value).split("-")
        return len(digits) >= 6 and Levenshtein.distance(digits, month + day + year) <= 1

    def _running(self, value: str) -> Iterator[Candidate]:
        """Tokens whose letters spell a text one after the other, with tokens of other columns in between."""
        target = _letters(value)
        if not target:
            return
        for order, most in zip(self._orders, (_SKIPPED, 2), strict=False):
            for start in range(len(order)):
                head = self._plain[order[start]]
                if head and target.startswith(head):
                    taken = self._follow(order, start, target, most)
                    if taken is not None:
                        tokens, skipped = taken
                        yield Candidate(tuple(sorted(tokens)), 1.0 - 0.02 * skipped, True)

    def _follow(self, order: Sequence[int], start: int, target: str, most: int) -> tuple[list[int], int] | None:
        """The tokens from `start` on that spell the target, and how many were passed over; None where none do.

        A short piece may belong to another column ("3" of a heading before "3500 Deer Road"): where taking it leads
        nowhere, it is passed over.
        """
        budget = 400  # steps; bounds the retries

        def step(place: int, at: int, skipped: int) -> tuple[list[int], int] | None:
            nonlocal budget
            tail: list[int] = []
            while at < len(target):
                budget -= 1
                if budget < 0 or place >= len(order) or skipped > 2 * most:
                    return None
                piece, last = self._plain[order[place]], (tail[-1] if tail else order[place - 1])
                if piece and target.startswith(piece, at):
                    if len(piece) <= 3 and len(piece) < len(target) - at:
                        taken = step(place + 1, at + len(piece), skipped)
                        if taken is not None:
                            return [*tail, order[place], *taken[0]], taken[1]
                        skipped += 1
                    else:
                        tail.append(order[place])
                        at += len(piece)
                elif not piece and self._touch(last, order[place]):
                    tail.append(order[place])  # punctuation inside the text
                else:
                    skipped += 1
                place += 1
            return tail, skipped

        found = step(start + 1, len(self._plain[order[start]]), 0)
        if found is None:
            return None
        taken, skipped = [order[start], *found[0]], found[1]
        after = order.index(taken[-1], start) + 1
        closes = after < len(order) and self._texts[order[after]] in (".", ")", '"')
        if closes and self._touch(taken[-1], order[after]):
            taken.append(order[after])
        return taken, skipped

    def _touch(self, left: int, right: int) -> bool:
        a, b = self._document.tokens[left], self._document.tokens[right]
        return a.line == b.line and b.start == a.end

    def _similar(self, value: str) -> Iterator[Candidate]:
        """Contiguous tokens that spell nearly the text, as OCR leaves it."""
        target = _letters(value)
        if len(target) < 4:
            return
        for order in self._orders:
            for start in range(len(order)):
                head = self._plain[order[start]]
                if not head or (head[0] != target[0] and head[-1] != target[min(len(head), len(target)) - 1]):
                    continue
                text, best, best_tokens = "", 0.0, []
                for end in range(start, min(start + 14, len(order))):
                    text += self._plain[order[end]]
                    if len(text) > len(target) + 3:
                        break
                    if len(text) >= len(target) - 3:
                        ratio = fuzz.ratio(text, target) / 100
                        if ratio > best:
                            best, best_tokens = ratio, order[start : end + 1]
                if best >= 0.8:
                    yield Candidate(tuple(sorted(best_tokens)), 0.8 * best, False)

    def _prose(self, value: str) -> Iterator[Candidate]:
        """The stretch of tokens in reading order that holds a longer text nearly whole."""
        words = [word for word in map(_letters, value.split()) if word]
        if len(words) < 2:
            yield from self._running(value)
            return
        first, last = words[0], words[-1]
        for start, text in enumerate(self._plain):
            if text != first:
                continue
            reach = range(start + len(words) // 2, min(len(self._plain), start + 2 * len(words) + 10))
            for end in reach:
                if self._plain[end] == last:
                    tokens = tuple(range(start, end + 1))
                    joined = comparable(" ".join(self._texts[i] for i in tokens))
                    if fuzz.ratio(str(joined), _letters(value)) >= 92:
                        yield Candidate(tokens, 1.0, True)
                        break


def _letters(text: str) -> str:
    return re.sub(r"[^\w%$&/]+", "", text).casefold()


def _digits_of(wanted: Wanted) -> str:
    return re.sub(r"\D", "", f"{float(wanted.value):.6f}".rstrip("0").rstrip("."))


@lru_cache(maxsize=200_000)
def _read(kind: str, texts: tuple[str, ...]) -> Reading | None:
    return read_as(kind, texts)
