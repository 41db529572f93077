"""Book-keeping for invented rows: balances that run, footnotes numbered as they are first used."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from extractor.record import Field, Filing, Footnote, Row
from training.synthesis import prose, vocabulary
from training.synthesis.invent_parties import Party, fund, spoken_person, trust


@dataclass(slots=True)
class Book:
    """State while one filing is invented."""

    rng: random.Random
    filing: Filing
    parties: list[Party]
    start: date
    form: str
    price: float
    decimals: int
    title: str
    notes: dict[str, int] = field(default_factory=dict)
    balances: dict[tuple[str, str, str], float] = field(default_factory=dict)

    @property
    def issuer_name(self) -> str:
        return str(self.filing.issuer.name.value) if self.filing.issuer.name else "the Issuer"

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def later(self, most: int = 3) -> date:
        """A trading day on or shortly after the first transaction."""
        return weekday(self.start + timedelta(days=self.rng.choice((0, 0, 0, 1, 1, 2, most))))

    def amount(self, scale: float = 1.0) -> float:
        """A number of shares: round ones and odd ones, over five orders of magnitude."""
        rng = self.rng
        size = 10 ** rng.gauss(3.6, 0.9) * scale
        if rng.random() < 0.4:
            step = 10 ** max(0, len(str(int(size))) - rng.choice((1, 2, 2)))
            value = float(max(step, round(size / step) * step))
        else:
            value = float(max(1, round(size)))
        if self.decimals and rng.random() < 0.7:
            value = round(value + rng.random(), self.decimals)
        return min(value, 9e9)

    def near_price(self) -> float:
        """Today's price, a few percent from the filing's usual one, with its usual number of decimals."""
        value = self.price * self.rng.uniform(0.97, 1.03)
        return round(max(value, 0.01), self.rng.choice((2, 2, 2, 2, 3, 4, 4)))

    def note(self, patterns: tuple[str, ...], **gaps: object) -> int:
        """The number of a footnote made from one of the patterns; the same text keeps its number."""
        text = self.fill(self.rng.choice(patterns), **gaps)
        return self.notes.setdefault(text, len(self.notes) + 1)

    def fill(self, pattern: str, **gaps: object) -> str:
        rng = self.rng
        low = self.price * rng.uniform(0.9, 1.0)
        values: dict[str, object] = {
            "issuer": rng.choice((self.issuer_name, "the Issuer", "the Company", self.issuer_name)),
            "form": self.form[0],
            "day": spoken_date(self.start + timedelta(days=rng.randint(-900, 900))),
            "day2": spoken_date(self.start + timedelta(days=rng.randint(20, 400))),
            "year": self.start.year - rng.randint(0, 12),
            "n": rng.choice(("two", "three", "four", "five", "3", "4")),
            "a": f"{rng.randint(100, 900000):,}",
            "b": f"{rng.randint(1, 90000):,}",
            "low": f"{low:.2f}",
            "high": f"{low * rng.uniform(1.002, 1.012) + 0.01:.2f}",
            "did": "sold",
            "title": "Class B Common Stock",
            "fund": self.parties[0].spoken if not self.parties[0].is_person else fund(rng),
            "fund2": fund(rng),
            "trust": trust(rng),
            "job": rng.choice(prose.JOBS),
            "low_name": self.parties[0].spoken.split()[-1].lower().strip(".,"),
            "agent": spoken_person(rng),
        }
        return pattern.format(**(values | gaps))

    def hold(self, title: str, line: str, nature: str, shares: float, sign: int) -> float:
        """The balance of one security and one line of ownership after a transaction."""
        key = (title, line, nature)
        if key not in self.balances:
            opening = self.amount(self.rng.choice((0.3, 3, 10, 30)))
            opening = 0.0 if sign > 0 and self.chance(0.15) else opening
            self.balances[key] = opening if sign >= 0 else opening + shares * self.rng.choice((1, 1, 2, 6))
            if sign < 0 and self.chance(0.1):
                self.balances[key] = shares
        self.balances[key] = round(max(0.0, self.balances[key] + sign * shares), 4)
        return self.balances[key]

    def drop_note_gaps(self) -> None:
        """Write the footnotes into the filing."""
        self.filing.footnotes = [Footnote(number, Field(text)) for text, number in self.notes.items()]


def settle(rows: Sequence[Row]) -> None:
    """Raise the totals of Table I rows before a disposition of more than was owned, so that the balance runs to 0."""
    lines: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.shares_owned_following is None or row.shares_owned_following.value is None:
            continue
        named = (row.security_title, row.direct_or_indirect, row.nature_of_ownership)
        lines[tuple(str(value.value) if value is not None else "" for value in named)].append(row)
    for line in lines.values():
        for place, row in enumerate(line):
            sold = row.acquired_disposed is not None and row.acquired_disposed.value == "D" and row.shares is not None
            if not place or not sold:
                continue
            before = [_total(earlier) for earlier in line[:place]]
            short = float(row.shares.value or 0) - float(before[-1].value or 0)  # type: ignore[union-attr]
            if short > 0 and _total(row).value == 0:
                for field in before:
                    field.value = round(float(field.value or 0) + short, 4)


def _total(row: Row) -> Field:
    assert row.shares_owned_following is not None
    return row.shares_owned_following


def weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


def spoken_date(day: date) -> str:
    return f"{vocabulary.MONTHS[day.month - 1]} {day.day}, {day.year}"


def marked(field: Field | None, marks: list[int]) -> Field:
    """The field with marks added; an absent one becomes a cell that holds only marks."""
    if field is None:
        return Field(None, marks=list(marks))
    field.marks += [mark for mark in marks if mark not in field.marks]
    return field


def collect_marks(row: Row, derivative: bool) -> None:
    """Fill `row.footnotes` with the marks of all its fields."""
    found = {mark for value in row.fields(derivative).values() if value is not None for mark in value.marks}
    row.footnotes = sorted(found)


def scatter_marks(book: Book, row: Row, derivative: bool) -> None:
    """Hang marks of further footnotes on the fields where filers put them."""
    rng = book.rng
    if rng.random() < 0.25:
        place = rng.choice(
            ("security_title", "transaction_date", "transaction_code", "shares", "shares_owned_following")
        )
        value = getattr(row, place)
        if value is not None:
            value.marks.append(book.note(prose.BALANCE if place == "shares_owned_following" else prose.OTHER))
    if row.direct_or_indirect is not None and row.direct_or_indirect.value == "I" and rng.random() < 0.45:
        note = book.note(prose.INDIRECT)
        where = row.nature_of_ownership if row.nature_of_ownership and rng.random() < 0.75 else row.direct_or_indirect
        marked(where, [note])
    if rng.random() < 0.04 and row.shares_owned_following is not None:
        marked(row.shares_owned_following, [book.note(prose.BALANCE), book.note(prose.BALANCE)])
    collect_marks(row, derivative)
