"""Dates, as forms print them since the 1990s and as readers garble them."""

from __future__ import annotations

import calendar
import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractor.assembly.glyphs import AS_DIGIT, MARK, once, pieces
from extractor.assembly.parsed import Parsed

_MONTHS = [name.lower() for name in calendar.month_name[1:]]
_FIRST_YEAR, _LAST_YEAR = 1930, 2099
_WINDOW = 70  # two-digit years from here on belong to the 1900s: filings begin in the 1990s, options run to the 2040s

_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:[\d:.]*)?(?:Z|[+-]\d{2}:\d{2})?")
_MONTH_FIRST = re.compile(r"([A-Za-z0]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*[,.]?\s*(\d{4}|'\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s-]*([A-Za-z0]{3,9})\.?[\s,-]*(\d{4}|'?\d{2})(?!\d)")
_MONTH_ONLY = re.compile(r"([A-Za-z0]{3,9})\.?[\s,/-]*(\d{4}|(?<=[-/])\d{2}|'\d{2})(?!\d)")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{4}|\d{2})")
_ABSENT = re.compile(r"(?:none|n/?a|immed\w*|currently|exercisable|presently|-*|\*+)\.?", re.IGNORECASE)
_SEPARATOR_COST = {"/": 0.0, "-": 0.2, ".": 0.4, "\\": 0.5, ",": 0.8, "|": 0.8, "l": 0.8, "I": 0.8}
_SEPARATOR_COST |= {"7": 1.0, "f": 1.0, "1": 1.2}  # a slanted stroke read as what it looks like
_LIMIT = 6.0  # a reading that costs more than this is none


@dataclass(frozen=True, slots=True)
class _Reading:
    date: dt.date
    cost: float


def parse_date(fragments: Iterable[str], *, near: dt.date | None = None, month_year: bool = True) -> Parsed[str] | None:
    """The date that the texts of one span spell as an ISO string, None where they spell none.

    `near` is a date known from elsewhere in the filing: it decides the century of two-digit years and between readings
    that are equally good. `month_year` says that "3/14" may be March 2014 (the box "Statement for Month/Year" of forms
    before August 2002); month and year give the month's last day, `derived`.

    >>> parse_date(["01/24/202", "3"]).value
    '2023-01-24'
    >>> parse_date(["03/1-", "14/2023"]).value
    '2023-03-14'
    >>> parse_date(["2027-07-3", "0"]).value
    '2027-07-30'
    >>> parse_date(["21-Jul-203", "5"]).value
    '2035-07-21'
    >>> parse_date(["February 2000"])
    Parsed(value='2000-02-29', mended=0, derived=True)
    """
    parts, doubled = once(pieces(fragments))
    parts, marks = _without_marks(parts)
    extra = int(doubled) + marks
    spaced = " ".join(parts).strip(" ,;:")
    if not re.search(r"\d", spaced) and not re.search(r"[OolISZB]", spaced):
        return None
    if _ABSENT.fullmatch(spaced):
        return None
    found = _as_printed(spaced, near)
    if found is None and len(parts) > 1:
        joined = _as_printed("".join(parts), near)
        found = None if joined is None else Parsed(joined.value, joined.mended + 1, joined.derived)
    if found is None:
        found = _written_out(spaced, near)
    if len(parts) > 1 and (found is None or found.mended):  # "21-Jul-203" above "5", "28-Aug-20" above "16"
        joined = _written_out("".join(parts), near)
        if joined is not None and (found is None or not joined.mended):
            found = Parsed(joined.value, joined.mended + 1, joined.derived)
    if found is None and (match := _MONTH_YEAR.fullmatch(spaced)):
        found = _month_and_year(match, near, month_year)
        if found is None:
            return None  # month and day, the year cut off
    if found is None:
        found = _garbled(parts, near)
    return None if found is None else Parsed(found.value, found.mended + extra, found.derived)


def _without_marks(parts: Sequence[str]) -> tuple[list[str], int]:
    text, marks = MARK.subn(" ", "\0".join(parts))
    text, tails = re.subn(r"\(\d{0,2}$", "", text)
    return [part.strip() for part in text.split("\0") if part.strip()], marks + tails


def _as_printed(text: str, near: dt.date | None) -> Parsed[str] | None:
    """Dates in digits with both separators in place."""
    text = re.sub(r"\s*([/.-])\s*", r"\1", text).strip(" .,")
    if match := _NUMERIC.fullmatch(text):
        month, _, day, year = match.groups()
        full = _year(year, near)
        # day before month is foreign to the form; taken only where the other order is no date
        return _valid(full, int(month), int(day)) or _valid(full, int(day), int(month), mended=2)
    if match := _ISO.fullmatch(text):
        year, _, month, day = match.groups()
        return _valid(int(year), int(month), int(day))
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        return _valid(int(text[:4]), int(text[4:6]), int(text[6:]), mended=1)
    return None


def _valid(year: int, month: int, day: int, mended: int = 0) -> Parsed[str] | None:
    found = _date(year, month, day)
    return None if found is None else Parsed(found.isoformat(), mended)


def _date(year: int, month: int, day: int) -> dt.date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _year(text: str, near: dt.date | None) -> int:
    year = int(text.lstrip("'"))
    if len(text.lstrip("'")) == 4:
        return year
    if near is not None:
        return min((1900 + year, 2000 + year), key=lambda full: abs(full - near.year))
    return year + (1900 if year >= _WINDOW else 2000)


def _month(name: str) -> tuple[int, int] | None:
    """(month, mended) of a month's name, abbreviated or misread."""
    name = name.lower().replace("0", "o")
    for number, full in enumerate(_MONTHS, 1):
        if full == name or (len(name) >= 3 and full.startswith(name)) or (name == "sept" and number == 9):
            return number, 0
    if len(name) >= 5:
        close = difflib.get_close_matches(name, _MONTHS, n=1, cutoff=0.75)
        if close:
            return _MONTHS.index(close[0]) + 1, 1
    return None


def _written_out(text: str, near: dt.date | None) -> Parsed[str] | None:
    """Dates with the month's name: "March 13, 2000", "13-Mar-2000", "February 2000"."""
    if not re.search(r"[A-Za-z]{3}", text):
        return None
    for pattern, (m, d) in ((_MONTH_FIRST, (1, 2)), (_DAY_FIRST, (2, 1))):
        for match in pattern.finditer(text):
            if (month := _month(match.group(m))) is None:
                continue
            around = int(len(match.group()) < len(text.strip(" .")))
            return _valid(_year(match.group(3), near), month[0], int(match.group(d)), month[1] + around)
    for match in _MONTH_ONLY.finditer(text):
        if (month := _month(match.group(1))) is not None:
            return _month_end(_year(match.group(2), near), month[0], month[1])
    return None


def _month_and_year(match: re.Match[str], near: dt.date | None, allowed: bool) -> Parsed[str] | None:
    month, year = match.groups()
    could_be_day = len(year) == 2 and 1 <= int(year) <= 31
    if could_be_day and not allowed:
        return None
    return _month_end(_year(year, near), int(month), int(could_be_day))


def _month_end(year: int, month: int, mended: int) -> Parsed[str] | None:
    if not (1 <= month <= 12 and _FIRST_YEAR <= year <= _LAST_YEAR):
        return None
    day = calendar.monthrange(year, month)[1]
    return Parsed(dt.date(year, month, day).isoformat(), mended, derived=True)


def _garbled(parts: Sequence[str], near: dt.date | None) -> Parsed[str] | None:
    """The cheapest reading of cut, overlapping, misread or glued pieces."""
    best: _Reading | None = None
    for text, cost in _texts(parts):
        reading = _search(text, near)
        if reading is None:
            continue
        reading = _Reading(reading.date, reading.cost + cost)
        if best is None or (reading.cost, _distance(reading.date, near)) < (best.cost, _distance(best.date, near)):
            best = reading
    if best is None or best.cost > _LIMIT:
        return None
    return Parsed(best.date.isoformat(), max(1, round(best.cost)))


def _distance(found: dt.date, near: dt.date | None) -> int:
    return 0 if near is None else abs((found - near).days)


def _texts(parts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Ways to put the pieces together: end to end, with overlaps taken once, or a whole date found among them."""
    compact = [re.sub(r"\s", "", part) for part in parts]
    joined = "".join(compact)
    yield joined, 0.0
    for place, part in enumerate(" ".join(parts).split()):
        if _NUMERIC.fullmatch(part):
            yield part, 1.5 + 0.1 * place
    for index in range(len(compact) - 1):
        head, tail = compact[: index + 1], compact[index + 1 :]
        left, right = "".join(head), "".join(tail)
        for size in range(1, min(len(left), len(right)) + 1):
            # The cell on the left shows the characters at the cut in part only, so its last one may be misread:
            # "03/1-" and "14/2023", "03/10" and "/16/2023". The right cell has them whole.
            wrong = sum(a != b for a, b in zip(left[-size:], right[:size], strict=True))
            if wrong <= 1 and (size > 1 or wrong == 0):
                yield left[:-size] + right, 1.0 + wrong


def _search(text: str, near: dt.date | None) -> _Reading | None:
    """The cheapest split of a text into month, separator, day, separator, year."""
    text = re.sub(r"^[^0-9A-Za-z|]+|[^0-9A-Za-z|]+$", "", text)
    if not 6 <= len(text) <= 16:
        return None
    if re.fullmatch(r"\d{8}", text) and (found := _date(int(text[4:]), int(text[:2]), int(text[2:4]))):
        return _Reading(found, 2.0)  # both separators lost, nothing else wrong
    best: _Reading | None = None
    for month, month_cost, at in _number(text, 0, (2, 1), 12):
        for first_cost, at_day in _separator(text, at):
            for day, day_cost, after_day in _number(text, at_day, (2, 1), 31):
                for second_cost, at_year in _separator(text, after_day):
                    for year, year_cost in _years(text[at_year:], near):
                        cost = month_cost + first_cost + day_cost + second_cost + year_cost
                        if best is not None and cost >= best.cost:
                            continue
                        found = _date(year, month, day)
                        if found is not None:
                            best = _Reading(found, cost)
    return best


def _as_digits(text: str) -> tuple[str, float]:
    mapped = "".join(AS_DIGIT.get(char, char) for char in text)
    return mapped, float(sum(a != b for a, b in zip(text, mapped, strict=True)))


def _number(text: str, start: int, sizes: Sequence[int], most: int) -> Iterator[tuple[int, float, int]]:
    for size in sizes:
        digits, cost = _as_digits(text[start : start + size])
        if len(digits) == size and digits.isdecimal() and 1 <= int(digits) <= most:
            yield int(digits), cost + (0.1 if size == 1 else 0.0), start + size


def _separator(text: str, start: int) -> Iterator[tuple[float, int]]:
    """A separator at `start`: one character, two of punctuation, or none where it was lost."""
    if start < len(text) and text[start] in _SEPARATOR_COST:
        yield _SEPARATOR_COST[text[start]], start + 1
        pair = text[start : start + 2]
        if len(pair) == 2 and all(not char.isalnum() for char in pair):
            yield 1.0, start + 2
    yield 1.3, start


def _years(text: str, near: dt.date | None) -> Iterator[tuple[int, float]]:
    digits, cost = _as_digits(text[:4])
    if len(digits) == 4 and digits.isdecimal():
        year = int(digits)
        # characters behind the year are marks or the next cell's
        yield year, cost + 1.0 * len(text[4:]) + (0.0 if 1990 <= year <= 2060 else 1.5)
    digits, cost = _as_digits(text)
    if len(text) == 2 and digits.isdecimal():
        yield _year(digits, near), cost + 0.5
