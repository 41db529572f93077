"""Numbers: share amounts and prices, from the texts of a span.

Several readings of the same texts are written down, each with what it costs; the cheapest one wins. What makes readings
comparable is the grouping of thousands: pieces joined rightly are nearly always grouped rightly, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extractor.assembly.glyphs import AS_DIGIT, MARK, once, pieces
from extractor.assembly.parsed import Parsed

Number = int | float

_ABSENT = {"none", "n/a", "na", "nil", "not applicable", "n.a.", "-", "--", "---", "*", ".", "", "$", "see footnote"}
_ZERO = re.compile(r"\$?\s*-\s*0?\s*-|-?\$?\s*[0Oo]\.?[0Oo]*\s*-?|\$\s*-+|zero", re.IGNORECASE)
_ZERO_PRICE = re.compile(r"[Ss$gG][0Oo][r|]?|[sS§]\s*[0oO]", re.IGNORECASE)  # "$0" as OCR reads it: so, go, S0
_TORN_MARK = re.compile("\\s*[)\\]}*'\"\u00b0\u2019\u201d]+$")  # what is left of a raised mark
_FRACTION = re.compile(r"(?:(\d[\d,]*)?[\s&+-]*(\d{1,2})\s*/\s*(2|4|8|16|32|64))(?=\D|$)")
_CURRENCY = re.compile(r"(?:US|C|CAD|A)?\s?\$|USD|CAD|EUR|GBP|[€£¥]", re.IGNORECASE)
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}\.?(?![A-Za-z])")
_UNCLOSED_MARK = re.compile(r"\(\d{0,2}$|(?<=[\d.,])\s*[\"'*°^`)\]}]+$")
_MOVED = re.compile(r"(\d+)\s+([.,](?:\s*[.,])*)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d*(?:\.\d+)?")
_BODY = "0-9A-Za-z.,|!$"
_GLUED_LETTER_COST = {"D": 2.0, "I": 2.0, "Q": 2.0, "G": 2.0, "|": 2.5, "!": 2.0, "i": 2.0}
_STRIP_COST = 1.5
_HOPELESS = 3.0  # cost of digits whose separators make no sense


def parse_number(fragments: Iterable[str], *, price: bool = False) -> Parsed[Number] | None:
    """The number that the texts of one span spell, None where they spell none.

    Whole numbers come back as int, others as float. `price` says that a "$" may stand in front (so that a leading S is
    one) and that a comma before one, two or four last digits is a misread point.

    >>> parse_number(["2,520"])
    Parsed(value=2520, mended=0, derived=False)
    >>> parse_number(["757,75", "6"]).value
    757756
    >>> parse_number(["$12", "1/2"], price=True).value
    12.5
    >>> parse_number(["None"]) is None
    True
    """
    parts, doubled = once(_without_repeated_cuts(" ".join(pieces(fragments)).split()))
    spaced = " ".join(parts)
    if spaced.casefold() in _ABSENT:
        return None
    extra = int(doubled)
    stripped, marks = MARK.subn(" ", spaced)
    negative = False
    if not stripped.strip(" -$.,"):
        inner = re.fullmatch(r"\$?\s*\(\s*\$?\s*(\d{3,}|[\d,.]*[,.]\d+)\s*\)", spaced)
        if inner is None:
            return None  # nothing but footnote marks
        stripped, negative = inner.group(1), True
    elif inner := re.fullmatch(r"\$?\s*\(\s*(\$?\s*[\d,.]{3,})\s*\)", stripped.strip()):
        stripped, negative = inner.group(1), True
    extra += marks
    stripped = stripped.strip()
    if _ZERO.fullmatch(stripped) or (price and _ZERO_PRICE.fullmatch(_TORN_MARK.sub("", stripped))):
        return Parsed(0, extra + (0 if re.fullmatch(r"-?\$?\s*0\.?0*\s*-?|\$?-0-", stripped) else 1))
    if re.search(r"\d\s*/\s*\d+\s*/\s*\d", stripped):
        return None  # a date
    if fraction := _fraction(stripped):
        return Parsed(fraction.value, fraction.mended + extra)
    if moved := _moved_separators(stripped, price):
        return Parsed(moved.value, moved.mended + extra)
    best = _best_reading(stripped, price)
    if best is None:
        return None
    text, cost = best
    value = float(text)
    if negative or (re.match(r"\$?\s*-\s*\$?\s*[\d.]", stripped) and not stripped.endswith("-")):
        value = -value
    joined = sum(bool(re.search(r"\d", part)) for part in MARK.sub(" ", " ".join(parts)).split()) > 1
    return Parsed(int(value) if value.is_integer() else value, extra + int(joined) + int(cost + 0.5))


def _without_repeated_cuts(parts: list[str]) -> list[str]:
    """A cut cell that was written twice (",168(2" ",168(2") once; only where half a mark shows that it is one cell."""
    out: list[str] = []
    for part in parts:
        if out and part == out[-1] and "(" in part and len(part) > 2:
            continue
        out.append(part)
    return out


def _fraction(text: str) -> Parsed[Number] | None:
    """Prices in eighths and the like, as filings print them before 2001: "12 1/2", "$1-3/8", "5/8"."""
    bare = _CURRENCY.sub("", text).strip()
    match = _FRACTION.match(bare)
    if match is None or match.end() < len(bare.rstrip(" .-")):
        return None
    whole, over, under = match.groups()
    if int(over) >= int(under) * (1 if whole else 100):
        return None
    value = int((whole or "0").replace(",", "")) + int(over) / int(under)
    return Parsed(int(value) if float(value).is_integer() else value, 0)


def _best_reading(text: str, price: bool) -> tuple[str, float] | None:
    """The cheapest reading as (digits with a point, cost)."""
    best: tuple[str, float] | None = None
    for body, cost in _bodies(text, price):
        read = _structure(body, price)
        if read is not None and (best is None or read[1] + cost < best[1]):
            best = (read[0], read[1] + cost)
    return best


def _bodies(text: str, price: bool) -> Iterator[tuple[str, float]]:
    """Candidate strings of digits and separators, with what was done to get them."""
    lost = 0.0
    text, unclosed = _UNCLOSED_MARK.subn("", text)
    lost += unclosed
    text = _CURRENCY.sub(" ", text)
    for word in _WORD.findall(text):
        if not all(char in AS_DIGIT or char == "." for char in word) or word.islower():
            text = text.replace(word, " ", 1)
            lost += 1
    parts = [re.sub(rf"[^{_BODY}]", "", part) for part in text.split()]
    parts = [part for part in parts if part]
    for reading, cost in _joins(parts):
        yield from ((body, cost + lost + more) for body, more in _digits(reading, price))


def _joins(parts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The parts joined; joined with an overlap taken once; or one part alone, where two values met in one span."""
    yield "".join(parts), 0.0
    if len(parts) == 2:
        left, right = parts
        for size in range(min(len(left), len(right)) - 1, 0, -1):
            if left.endswith(right[:size]):
                yield left + right[size:], 2.0
    if len(parts) > 1:
        for position, part in enumerate(parts):
            if _GROUPED.fullmatch(part) or re.fullmatch(r"\d+\.\d+", part):
                yield part, 2.5 + 0.1 * position


def _digits(text: str, price: bool) -> Iterator[tuple[str, float]]:
    """The text with letters in digits' places read as digits, or dropped at its ends."""
    head = re.match(r"[^0-9.,]*", text)
    tail = re.search(r"[^0-9.,]*$", text)
    assert head is not None
    assert tail is not None
    if head.end() == len(text):
        if text and all(char in AS_DIGIT for char in text) and len(text) > 1:
            yield _mapped(text), float(len(text))
        return
    middle = text[head.end() : tail.start()]
    if any(not char.isdigit() and char not in ".," and char not in AS_DIGIT and char != "$" for char in middle):
        start = re.match(r"[0-9.,]+", middle)
        if start:
            yield start.group(), 2.0 + len(middle) - start.end()
        return
    inner = _mapped(middle)
    cost = float(sum(a != b for a, b in zip(middle, inner, strict=True)))
    for left, left_cost in _end_readings(head.group(), price, at_start=True):
        for right, right_cost in _end_readings(tail.group(), price, at_start=False):
            yield left + inner + right, cost + left_cost + right_cost


def _end_readings(letters: str, price: bool, at_start: bool) -> Iterator[tuple[str, float]]:
    if not letters:
        yield "", 0.0
        return
    dollar = at_start and price and letters in ("S", "s", "§", "g")
    yield "", (1.0 if dollar else _STRIP_COST)
    if all(char in AS_DIGIT for char in letters):
        yield _mapped(letters), sum(_GLUED_LETTER_COST.get(char, 1.0) for char in letters) + (0.6 if dollar else 0.0)


def _mapped(text: str) -> str:
    return "".join("5" if char == "$" else AS_DIGIT.get(char, char) for char in text)


def _structure(body: str, price: bool) -> tuple[str, float] | None:
    """Digits and separators as a number: (text for float(), cost). None without any digit."""
    cost = 0.0
    trimmed = body.rstrip(".,")
    if trimmed != body:
        cost += 1
    if trimmed.startswith(","):
        trimmed, cost = trimmed.lstrip(","), cost + 1.5
    collapsed = re.sub(r"[.,]{2,}", lambda run: "." if "." in run.group() else ",", trimmed)
    if collapsed != trimmed:
        cost += 1
    if not re.search(r"\d", collapsed):
        return None
    if _GROUPED.fullmatch(collapsed) or _PLAIN.fullmatch(collapsed):
        number = collapsed.replace(",", "")
        whole, _, decimals = number.partition(".")
        if len(whole) > 1 and whole[0] == "0":
            cost += 2
        if not whole and not price:
            cost += 1
        cost += 0.0 if len(decimals) <= 4 else 0.5 if len(decimals) <= 6 else 2.0
        return number, cost
    number, more = _regroup(collapsed, price)
    return number, cost + more


def _regroup(text: str, price: bool) -> tuple[str, float]:
    """Separators that are not those of an English number, read as what they most likely were."""
    groups = re.split(r"[.,]", text)
    separators = re.findall(r"[.,]", text)
    regular = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:-1])
    last = len(groups[-1])
    if regular and last == 3 and (len(set(separators)) == 1 or separators[-1] == ","):
        return "".join(groups), 1.0 if len(set(separators)) == 1 else 2.0
    decimal_comma = last in (1, 2, 4) if price else last in (1, 2) and len(separators) > 1
    if regular and separators[-1] == "," and decimal_comma:
        return "".join(groups[:-1]) + "." + groups[-1], 2.0
    if regular and separators[-1] == "." and len(groups) > 1:
        return "".join(groups[:-1]) + "." + groups[-1], 2.0
    if regular and last in (4, 5) and set(separators) == {","} and not price:
        return "".join(groups)[: 3 - last], 2.9  # digits of a footnote mark hang on the last group of three
    head, point, decimals = text.rpartition(".")
    if point and "," not in decimals:
        return re.sub(r"[.,]", "", head) + "." + decimals, _HOPELESS
    return re.sub(r"[.,]", "", text), _HOPELESS


def _moved_separators(text: str, price: bool) -> Parsed[Number] | None:
    """Separators that moved behind the number: "1150783 , ," is 1,150,783; "238257 ." is 238.257.

    With k commas there are 3k + 1 to 3k + 3 digits before the point. Of these the most are taken that leave at least
    two decimals to a price and one to an amount, which is where points stand in most filings.
    """
    match = _MOVED.fullmatch(_CURRENCY.sub("", text).strip())
    if match is None:
        return None
    digits, separators = match.group(1), match.group(2)
    commas = separators.count(",")
    if "." not in separators:
        return Parsed(int(digits), 1) if (len(digits) - 1) // 3 == commas else None
    whole = min(3 * commas + 3, len(digits) - (2 if price else 1))
    if whole < 3 * commas + 1 or (digits.endswith("0") and not price):
        return None
    value = float(digits[:whole] + "." + digits[whole:])
    return Parsed(int(value) if value.is_integer() else value, 3)
