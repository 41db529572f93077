"""Rules about prices: ranges stated in footnotes, prices of one security side by side, codes that need a price."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Iterator

from extractor.checking.rule import (
    Entry,
    Place,
    Rule,
    date_of,
    entries,
    is_exact,
    number_of,
    plain_number,
    text_of,
    value_of,
)
from extractor.checking.similarity import misreading, repair_number
from extractor.record import Check, Filing

_MONEY = r"(?:US)?\s?\$\s?(\d[\d,]*(?:\.\d+)?|\.\d+)"
_RANGE = re.compile(
    rf"{_MONEY}(?:\s*per\s+\w+)?\s*(?:to|and|through|-|–|—)\s*(?:US)?\s?\$?\s?(\d[\d,]*(?:\.\d+)?|\.\d+)"
)
_SLACK = 5e-5  # prices are stated with up to four decimals, their range often with fewer
_CENT = 0.005 + 1e-9
_MARKET = ("P", "S", "F")
_CLOSE = 1.3  # how far prices of a month differ at most where a lost point is put back
_POINT = re.compile(r"\d\.\d")
_FACTOR = 3.0
_DAYS = 31


def _within(price: float, low: float, high: float) -> bool:
    """Whether a price lies in a range, as exactly as the range is stated: $0.92 to $0.92 holds 0.9213."""
    slack = max(_SLACK, *(0.5 * 10.0 ** -len(f"{x:.6f}".rstrip("0").partition(".")[2]) for x in (low, high)))
    return low - min(slack, _CENT) <= price <= high + min(slack, _CENT)


def _amount(text: str) -> float:
    return float(text.replace(",", ""))


def stated_ranges(text: str) -> list[tuple[float, float]]:
    """The price ranges in a footnote.

    >>> stated_ranges("at prices ranging from $150.30 to $151.295, inclusive")
    [(150.3, 151.295)]
    """
    found = [(_amount(low), _amount(high)) for low, high in _RANGE.findall(text)]
    return [(low, high) for low, high in found if low <= high]


class PriceInStatedRange(Rule):
    """A weighted average lies within the range that its footnote states."""

    code = "price_outside_range"
    statement = "the price lies within the range stated in the footnote that is marked on it"
    source = (
        "SEC staff no-action letter to Skadden, Arps (June 25, 2008): one row at the average, the range in a footnote"
    )

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry, ranges in self._stated(filing):
            place = entry.place("price_per_share")
            price = number_of(place.field)
            if price is None:
                continue
            if any(_within(price, low, high) for low, high in ranges):
                self.passed([place])
            else:
                stated = ", ".join(f"{plain_number(low)} to {plain_number(high)}" for low, high in ranges)
                found.append(self.failed("error", [place], f"{plain_number(price)} is outside the stated {stated}"))
        return found

    def repair(self, filing: Filing) -> list[Check]:
        """Puts back a lost point where that alone brings the price into its range, and takes off glued marks."""
        marks = {footnote.id for footnote in filing.footnotes}
        found = list(self._unglue(filing))
        for entry, ranges in self._stated(filing):
            place = entry.place("price_per_share")
            price = number_of(place.field)
            if (
                price is None
                or place.field is None
                or is_exact(place.field)
                or len(ranges) != 1
                or "." in (place.field.raw or "")
            ):
                continue  # with its point in place a price lacks a digit rather than a point
            low, high = ranges[0]
            if _within(price, low, high):
                continue
            shifted = [round(price / 10.0**power, 6) for power in range(-4, 7) if power]
            inside = [value for value in shifted if low - _SLACK <= value <= high + _SLACK]
            if len(inside) != 1 or misreading(price, inside[0], marks) != "point":
                continue
            repair_number(place.field, inside[0], marks)
            message = f"{plain_number(price)} was read; {plain_number(inside[0])} lies in the stated range"
            found.append(Check("price_repaired", "info", [place.path], message))
        return found

    @staticmethod
    def _unglue(filing: Filing) -> Iterator[Check]:
        """Takes a mark off a price with more than four decimals, where the mark's footnote states the price's range."""
        ranges = {note.id: stated_ranges(str(value_of(note.text) or "")) for note in filing.footnotes}
        for entry in entries(filing, kind="transaction"):
            place = entry.place("price_per_share")
            price = number_of(place.field)
            if price is None or place.field is None or is_exact(place.field) or place.field.marks:
                continue
            _, _, decimals = f"{price:.8f}".rstrip("0").partition(".")
            for size in (1, 2):
                mark, rest = decimals[-size:], decimals[:-size]
                if len(decimals) <= 4 or len(rest) > 4 or not mark.isdecimal() or int(mark) not in ranges:
                    continue
                meant = float(f"{int(price)}.{rest or 0}")
                if any(low - _SLACK <= meant <= high + _SLACK for low, high in ranges[int(mark)]):
                    place.field.raw = place.field.raw or str(place.field.value)
                    place.field.value, place.field.method = meant, "repaired"
                    place.field.marks = [int(mark)]
                    place.field.signals["repaired"] = 1.0
                    entry.row.footnotes = sorted({*entry.row.footnotes, int(mark)})
                    message = f"{price} was read; footnote {mark} states the range of {plain_number(meant)}"
                    yield Check("price_repaired", "info", [place.path], message)
                    break

    @staticmethod
    def _stated(filing: Filing) -> Iterator[tuple[Entry, list[tuple[float, float]]]]:
        texts = {footnote.id: value_of(footnote.text) for footnote in filing.footnotes}
        for entry in entries(filing, kind="transaction"):
            price = entry.row.price_per_share
            if price is None or price.value is None:
                continue
            ranges = [span for mark in price.marks for span in stated_ranges(str(texts.get(mark) or ""))]
            if ranges:
                yield entry, ranges


def _meant(raw: str, price: float) -> list[float]:
    """What a price that is far too high may have been: its point lost, or its dollar sign read as a digit."""
    if not _POINT.search(raw):
        return [round(price / 10.0**power, 6) for power in range(1, 7)]
    # four digits without a comma are one too many, too
    digit = re.match(r"\s*(?:[358](?=\d)|\d(?=\d{3}\.))(\d[\d,]*\.\d+)", raw)
    return [float(digit[1].replace(",", ""))] if digit else []


class PricesAlike(Rule):
    """Market prices of one security within a month are of one size."""

    code = "price_out_of_line"
    statement = "prices of P, S and F rows of the same security within a month differ by less than a factor of three"
    source = "market prices; a lost decimal point or a glued footnote mark is a factor of ten"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for place, price, middle in self._beside(filing):
            if middle / _FACTOR < price < middle * _FACTOR:
                self.passed([place])
            else:
                message = f"{plain_number(price)} beside prices around {plain_number(middle)}"
                found.append(self.failed("error", [place], message))
        return found

    def repair(self, filing: Filing) -> list[Check]:
        """Mends a price of text that is far too high where one way to do so brings it in line with those beside it."""
        found: list[Check] = []
        for place, price, middle in list(self._beside(filing)):
            field = place.field
            if field is None or is_exact(field) or price < middle * _FACTOR:
                continue
            inside = [value for value in _meant(field.raw or "", price) if middle / _CLOSE <= value <= middle * _CLOSE]
            if len(inside) != 1:
                continue
            repair_number(field, inside[0], set())
            message = f"{plain_number(price)} was read beside prices around {plain_number(middle)}"
            found.append(Check("price_repaired", "info", [place.path], message))
        return found

    def _beside(self, filing: Filing) -> Iterator[tuple[Place, float, float]]:
        """(place, price, median of the others' prices) of the market rows that have at least two such others."""
        by_title: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries(filing, derivative=False, kind="transaction"):
            price = number_of(entry.row.price_per_share)
            if value_of(entry.row.transaction_code) in _MARKET and price:
                by_title[text_of(entry.row.security_title)].append(entry)
        for group in by_title.values():
            for entry in group:
                place = entry.place("price_per_share")
                near = [number_of(other.row.price_per_share) or 0.0 for other in group if self._near(entry, other)]
                price = number_of(place.field)
                if len(near) >= 2 and price is not None:
                    yield place, price, statistics.median(near)

    @staticmethod
    def _near(entry: Entry, other: Entry) -> bool:
        if other is entry:
            return False
        here, there = date_of(entry.row.transaction_date), date_of(other.row.transaction_date)
        return here is None or there is None or abs((here - there).days) <= _DAYS


class PriceExpected(Rule):
    """Purchases, sales and withholding have a price above zero."""

    code = "price_missing"
    statement = "P, S and F rows of Table I have a price, and not zero"
    source = "Form 4, General Instruction 8: open market or private purchase, sale; payment of exercise price or tax"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, derivative=False, kind="transaction"):
            code = value_of(entry.row.transaction_code)
            if code not in _MARKET:
                continue
            place = entry.place("price_per_share")
            if not number_of(place.field) and not (place.field is not None and place.field.marks):
                found.append(self.failed("warning", [place], f"code {code} without a price"))
        return found
