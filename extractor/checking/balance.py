"""The running balance of Table I: what is owned after a row is what was owned before it, plus or minus its shares."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from extractor.checking.codes import EXERCISES, direction_of
from extractor.checking.coincidences import TELLING, exercises_agree, supposing, told_apart
from extractor.checking.rule import Entry, Place, Rule, entries, is_exact, number_of, plain_number, text_of, value_of
from extractor.checking.similarity import SEEN, STRONG, conceivable, is_rounder, misreading, repair_number, seen_instead
from extractor.record import Check, Filing

_PRINTED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
CENT = 0.011  # sums of decimals that were rounded to cents
_ROUND_AMOUNT, _ROUND_TOTAL = 2, 3  # zeros that numbers end in which are hardly round by chance
_ROUNDED = 1.0  # filers who hold fractions often round the totals to whole shares


@dataclass(slots=True)
class Step:
    """Two rows that follow each other in one line of ownership; `error` is by how much the second misses."""

    before: Entry
    after: Entry
    error: float
    repeated: bool
    backwards: bool

    @property
    def balanced(self) -> bool:
        return abs(self.error) <= CENT

    @property
    def moved(self) -> float:
        """By how much the total changed, without its sign."""
        return round(abs(_owned(self.after) - _owned(self.before)), 4)

    @property
    def excused(self) -> bool:
        """One of the exceptions that real filings make: totals repeated, rows latest first, totals rounded."""
        return self.repeated or self.backwards or abs(self.error) <= _ROUNDED

    @property
    def whole(self) -> bool:
        """Whether no number has a fraction: rounding explains a miss by one only where amounts were rounded too."""
        return all((number_of(place.field) or 0.0).is_integer() for place in self.places())

    def places(self) -> list[Place]:
        names = ("shares", "shares_owned_following")
        return [self.before.place("shares_owned_following"), *(self.after.place(name) for name in names)]


@dataclass(slots=True)
class _Evidence:
    """What else a filing says of numbers: footnote marks, numbers printed anywhere, whether print can be misread."""

    filing: Filing
    marks: set[int]
    printed: Counter[float]
    exact: bool

    @classmethod
    def of(cls, filing: Filing) -> _Evidence:
        printed: Counter[float] = Counter()
        for entry in entries(filing):
            for name in ("shares", "shares_owned_following", "underlying_security_shares"):
                number = number_of(getattr(entry.row, name))
                if number is not None:
                    printed[round(number, 4)] += 1
        printed.update(numbers_in_footnotes(filing))
        marks = {footnote.id for footnote in filing.footnotes}
        return cls(filing, marks, printed, filing.source.input_kind in ("html", "pdf_text"))

    def confirms(self, place: Place, meant: float) -> bool:
        """Whether the number as read is right: printed twice, or round where its correction is not.

        A misread digit hardly ever makes a number round; a round one is often misread into one that is not.
        """
        read = number_of(place.field)
        if read is None or read < TELLING:
            return False
        return self.printed[round(read, 4)] > 1 or (read % 100 == 0 and meant % 100 != 0)


def numbers_in_footnotes(filing: Filing) -> Counter[float]:
    """The numbers with commas that the footnotes state, and how often."""
    texts = (str(value_of(footnote.text) or "") for footnote in filing.footnotes)
    return Counter(float(found.replace(",", "")) for text in texts for found in _PRINTED.findall(text))


class RunningBalance(Rule):
    """Table I column 5 runs from row to row within one security and one line of ownership."""

    code = "balance_mismatch"
    statement = "shares owned following = shares owned before ± shares of the row, within one security and one D/I line"
    source = "Form 4, Table I column 5 and General Instruction 4(a): ownership following the reported transactions"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for chain in chains(filing):
            for step in steps(chain):
                if step.balanced:
                    self.passed(step.places())
                elif not step.excused:
                    found.append(self.failed("error", step.places(), _message(step)))
                elif not (step.repeated or step.backwards):
                    severity = "warning" if step.whole else "info"
                    found.append(self.failed(severity, step.places(), _message(step)))
        for chain in chains(filing, derivative=True):
            # Table II counts each option or unit for itself in more than half of the filings: failure says nothing
            for step in steps(chain):
                if step.balanced:
                    self.passed(step.places())
        return found

    def repair(self, filing: Filing) -> list[Check]:
        evidence = _Evidence.of(filing)
        found: list[Check] = []
        for chain in chains(filing):
            for _ in range(len(chain)):
                change = self._repair_one(chain, evidence)
                if change is None:
                    break
                found.append(change)
        return found

    def _repair_one(self, chain: list[Entry], evidence: _Evidence) -> Check | None:
        """Mends the first value of the chain for which only one change makes the rows around it agree."""
        links = steps(chain)
        for index, link in enumerate(links):
            if link.balanced or link.excused:
                continue
            place, meant = _only_reading(links, index, evidence)
            if place is None or place.field is None:
                continue
            read = number_of(place.field)
            assert read is not None
            repair_number(place.field, meant, evidence.marks)
            if place.path.endswith("shares_owned_following"):
                _carry_marks(chain, place)
            return Check(
                "balance_repaired",
                "info",
                [place.path],
                f"{plain_number(read)} was read; only {plain_number(meant)} agrees with the rows around it",
            )
        return None


def _carry_marks(chain: list[Entry], place: Place) -> None:
    for entry in chain:
        if place.path.startswith(entry.path + ".") and place.field is not None:
            entry.row.footnotes = sorted({*entry.row.footnotes, *place.field.marks})


def chains(filing: Filing, derivative: bool = False) -> list[list[Entry]]:
    """Transactions with all three numbers, in page order, by security and line of ownership.

    Footnote marks on the line of ownership may tell lines apart ("See footnote") or say something else of one and the
    same: whichever of the two balances more often is taken.
    """
    lines: dict[tuple[object, ...], dict[tuple[object, ...], list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries(filing, derivative, "transaction"):
        row = entry.row
        if number_of(row.shares_owned_following) is None or number_of(row.shares) is None:
            continue
        if value_of(row.acquired_disposed) not in ("A", "D"):
            continue
        nature, form = row.nature_of_ownership, row.direct_or_indirect
        line: tuple[object, ...] = (text_of(row.security_title), value_of(form), text_of(nature))
        if derivative:
            line = (*line, number_of(row.conversion_or_exercise_price), value_of(row.expiration_date))
        marks = (tuple(nature.marks if nature else ()), tuple(form.marks if form else ()))
        lines[line][marks].append(entry)
    found: list[list[Entry]] = []
    for by_marks in lines.values():
        apart = list(by_marks.values())
        rank = {entry.path: place for place, entry in enumerate(entries(filing, derivative, "transaction"))}
        together = sorted(itertools.chain(*apart), key=lambda entry: rank[entry.path])
        found += [together] if _misses([together]) <= _misses(apart) else apart
    return [chain for chain in found if len(chain) > 1]


def _misses(chains_of_line: list[list[Entry]]) -> int:
    return sum(not step.balanced and not step.excused for chain in chains_of_line for step in steps(chain))


def _change(entry: Entry) -> float:
    shares = number_of(entry.row.shares) or 0.0
    return shares if value_of(entry.row.acquired_disposed) == "A" else -shares


def _owned(entry: Entry) -> float:
    return number_of(entry.row.shares_owned_following) or 0.0


def steps(chain: list[Entry]) -> list[Step]:
    """The steps from each row of a chain to the next."""
    found: list[Step] = []
    for before, after in itertools.pairwise(chain):
        error = _owned(after) - _owned(before) - _change(after)
        backwards = abs(_owned(before) - _owned(after) - _change(before)) <= CENT and not _exercised_first(
            before, after
        )
        repeated = _owned(after) == _owned(before)
        found.append(Step(before, after, error, repeated, backwards))
    return found


def _exercised_first(before: Entry, after: Entry) -> bool:
    """An exercise above a sale is the order of time: equal amounts of both only look like rows latest first."""
    codes = value_of(before.row.transaction_code), value_of(after.row.transaction_code)
    return codes[0] in EXERCISES and codes[1] in ("S", "F")


def _message(step: Step) -> str:
    sign = "+" if _change(step.after) >= 0 else "-"
    before, shares, after = _owned(step.before), abs(_change(step.after)), _owned(step.after)
    return f"{plain_number(before)} {sign} {plain_number(shares)} is not {plain_number(after)}"


def _only_reading(links: list[Step], index: int, evidence: _Evidence) -> tuple[Place | None, float]:
    """The one value whose change makes step `index` and the steps beside it balance, and what it must be.

    (None, 0) where no value or more than one could be it: then nothing tells which was misread. Of several, those drop
    out that something else confirms as they were read (see `_Evidence.confirms`), and one that the filing prints
    elsewhere as it must be is preferred.
    """
    marks = evidence.marks
    link = links[index]
    previous = links[index - 1] if index else None
    following = links[index + 1] if index + 1 < len(links) else None
    nothing: tuple[Place | None, float] = (None, 0.0)
    candidates: list[tuple[Place, float]] = []
    total_after = link.after.place("shares_owned_following")
    if following is not None and not following.balanced:
        if abs(link.error + following.error) > CENT or following.excused:
            return nothing
        candidates.append((total_after, _owned(link.after) - link.error))  # both its steps miss by the same
    else:
        direction = 1.0 if value_of(link.after.row.acquired_disposed) == "A" else -1.0
        candidates.append((link.after.place("shares"), direction * (_owned(link.after) - _owned(link.before))))
        if following is None:
            candidates.append((total_after, _owned(link.after) - link.error))
        if previous is None:
            candidates.append((link.before.place("shares_owned_following"), _owned(link.before) + link.error))
        elif not previous.balanced:
            return nothing
    possible = [(place, meant) for place, meant in candidates if _conceivable(place, meant, marks)]
    # what is printed in another of the disputed places speaks for nothing
    beside = evidence.printed - Counter(round(number_of(place.field) or 0.0, 4) for place, _ in candidates)
    spoken_for = [pair for pair in possible if pair[1] >= TELLING and beside[round(pair[1], 4)]]
    if possible and _turned_round(link):
        return nothing
    if len(possible) > 1:
        possible = _exercised(possible, link.after, evidence)
    if len(possible) > 1:
        possible = [pair for pair in possible if not evidence.confirms(*pair)]
        possible = spoken_for if len(spoken_for) == 1 else possible
    if len(possible) > 1:
        possible = _rather_round(possible, link, is_first=previous is None)
    if len(possible) > 1:
        seen = [pair for pair in possible if seen_instead(pair[0].field, pair[1]) >= SEEN]
        possible = seen if len(seen) == 1 else possible
    if len(possible) > 1:
        chain = [links[0].before, *(one.after for one in links)]
        possible = told_apart(evidence.filing, chain, possible, evidence.printed)
    if len(possible) != 1:
        return nothing
    place, meant = possible[0]
    kind = _kind(place, meant, marks)
    if kind is None and seen_instead(place.field, meant) >= SEEN:
        kind = "digit"
    if kind is None and previous is not None and following is not None and previous.balanced and following.balanced:
        kind = "digit"  # between rows that balance even a number of two digits can only be the one they leave
    if kind is None or (kind not in STRONG and len(links) < 2 and not spoken_for and evidence.exact):
        return nothing  # two rows alone, on a page whose characters are known: one digit proves too little
    return place, meant


def _turned_round(link: Step) -> bool:
    """Whether an A read as D, or a D as A, would explain the miss, too, and the code does not say which it is."""
    row = link.after.row
    if direction_of(value_of(row.transaction_code), link.after.derivative) == value_of(row.acquired_disposed):
        return False
    return abs(link.error + 2 * _change(link.after)) <= CENT


def _exercised(possible: list[tuple[Place, float]], entry: Entry, evidence: _Evidence) -> list[tuple[Place, float]]:
    """Of several corrections that of an exercised amount, where it alone makes both tables agree."""
    for place, meant in possible:
        if place.path == f"{entry.path}.shares" and not exercises_agree(evidence.filing, entry):
            with supposing(place, meant):
                if exercises_agree(evidence.filing, entry):
                    return [(place, meant)]
    return possible


def _rather_round(possible: list[tuple[Place, float]], link: Step, is_first: bool) -> list[tuple[Place, float]]:
    """Of several corrections the one that alone makes a number round; all, where none or more than one does.

    In a chain's first row it is also a correction of the total that makes what was owned before it round, or nothing.
    """
    rounder = []
    for place, meant in possible:
        read = number_of(place.field) or 0.0
        owned_first = is_first and place.path == link.before.place("shares_owned_following").path
        before, instead = meant - _change(link.before), read - _change(link.before)
        # totals are round by far not as often as what is traded
        zeros = _ROUND_TOTAL if place.path.endswith("shares_owned_following") else _ROUND_AMOUNT
        begun = owned_first and ((before == 0 and instead) or is_rounder(before, instead))
        if begun or is_rounder(meant, read, zeros):
            rounder.append((place, meant))
        elif owned_first and ((instead == 0 and before) or is_rounder(instead, before)):
            possible = [pair for pair in possible if pair[0] != place]
    return rounder if len(rounder) == 1 else possible


def _conceivable(place: Place, meant: float, marks: Collection[int]) -> bool:
    read = number_of(place.field)
    if read is None or place.field is None or is_exact(place.field):
        return False
    if meant > read and misreading(read, meant, marks) == "point" and "." not in (place.field.raw or "."):
        return False  # "36" is not what is left of 36,000, as "36.000" would be
    return conceivable(read, meant, marks)


def _kind(place: Place, meant: float, marks: Collection[int]) -> str | None:
    read = number_of(place.field)
    if place.field is None or read is None or place.field.method == "repaired" or is_exact(place.field):
        return None
    return misreading(read, meant, marks)
