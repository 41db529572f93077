"""Whether one number can have been printed and another read: the ways in which digits go wrong."""

from __future__ import annotations

import re
from collections.abc import Collection

from extractor.checking.rule import whole_or_broken
from extractor.record import Field

STRONG = ("glued_mark", "point")
"""Misreadings that hardly come about by chance; a single changed digit may."""
SEEN = 0.02
"""How likely, in times of what was read, print must be something else so that a reader has seen it."""
_FEWEST_DIGITS = 3
_LEAST = 1e-3
_ROUND = 2  # zeros that a round number ends in


def digits_of(value: float) -> str:
    """A number's digits without separators and without zeros behind the point.

    >>> digits_of(65935), digits_of(12.50)
    ('65935', '125')
    """
    return f"{abs(value):.4f}".rstrip("0").rstrip(".").replace(".", "")


def misreading(read: float, meant: float, marks: Collection[int]) -> str | None:
    """How `meant` can have been read as `read`: "glued_mark", "point", "digit", None if in no such way.

    `marks` are the footnote numbers of the filing.

    >>> misreading(546662, 54666, {1, 2}), misreading(10236800, 102.368, set()), misreading(65835, 65935, set())
    ('glued_mark', 'point', 'digit')
    >>> misreading(120, 65935, set()) is None
    True
    """
    if meant <= 0 or read <= 0 or read == meant:
        return None
    seen, right = digits_of(read), digits_of(meant)
    if seen.strip("0") == right.strip("0") and _power_of_ten(read / meant):
        return "point" if len(right.strip("0")) >= 2 else None
    for rest in (
        seen[len(right) :] if seen.startswith(right) else "",
        seen[: -len(right)] if seen.endswith(right) else "",
    ):
        if rest and len(rest) <= 2 and rest[0] != "0" and int(rest) in marks:
            return "glued_mark"
    if min(len(seen), len(right)) >= _FEWEST_DIGITS and _one_edit(seen, right):
        return "digit"
    return None


def conceivable(read: float, meant: float, marks: Collection[int]) -> bool:
    """Whether `meant` might have been read as `read` at all: as `misreading`, without its demand for enough digits.

    Too weak to repair by, but enough to leave open which of two values was misread.

    >>> conceivable(88, 78, set()), misreading(88, 78, set()) is None
    (True, True)
    """
    if meant < 0 or read == meant:
        return False
    if read == 0 or misreading(read, meant, marks) is not None:
        return True
    return _one_edit(digits_of(read), digits_of(meant))


def one_digit_apart(left: float, right: float) -> bool:
    """Whether two numbers of as many digits differ in one of them, however few they are.

    >>> one_digit_apart(21, 11), one_digit_apart(10, 100), one_digit_apart(5, 7)
    (True, False, False)
    """
    one, other = digits_of(left), digits_of(right)
    return len(one) == len(other) > 1 and _one_edit(one, other)


def zeros_of(value: float) -> int:
    """How many zeros a whole number ends in; 0 for broken ones and for nothing.

    >>> zeros_of(36000), zeros_of(36001), zeros_of(36000.5), zeros_of(0)
    (3, 0, 0, 0)
    """
    if not value or not float(value).is_integer():
        return 0
    digits = str(int(abs(value)))
    return len(digits) - len(digits.rstrip("0"))


def is_rounder(value: float, other: float, zeros: int = _ROUND) -> bool:
    """Whether `value` ends in `zeros` zeros at least, and in two more than `other`, which differs from it in a digit.

    People grant, buy and sell round amounts; that a digit was misread makes a number round once in a hundred times.

    >>> is_rounder(3700, 3772), is_rounder(3700, 3770), is_rounder(640, 644), is_rounder(17000, 16000)
    (True, False, False, False)
    """
    return zeros_of(value) >= max(zeros, zeros_of(other) + 2)


def _power_of_ten(ratio: float) -> bool:
    return any(abs(ratio * 10.0**-power - 1.0) < 1e-9 for power in range(-6, 7) if power)


def _one_edit(left: str, right: str) -> bool:
    """Whether one digit changed, lost or added makes one string the other."""
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) == 1
    if abs(len(left) - len(right)) != 1:
        return False
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def seen_instead(field: Field | None, meant: float) -> float:
    """How likely print of a scan is `meant`, in times of the number that was read; 0 where no reader saw it.

    >>> seen_instead(Field(42000, readings=(("42,000", 0.6), ("12,000", 0.3), ("42.000", 0.1))), 12000)
    0.5
    """
    if field is None:
        return 0.0
    beliefs: dict[float, float] = {}
    for text, belief in field.readings:
        plain = text.lstrip("$").replace(",", "")
        if re.fullmatch(r"\d+(\.\d+)?", plain):
            beliefs[float(plain)] = max(belief, beliefs.get(float(plain), 0.0))
    read = float(field.value) if isinstance(field.value, int | float) else 0.0
    return beliefs.get(meant, 0.0) / max(beliefs.get(read, 0.0), _LEAST) if meant in beliefs else 0.0


def repair_number(field: Field, meant: float, marks: Collection[int]) -> None:
    """Gives the field the number that was meant; a footnote mark that was glued on becomes one of its marks."""
    read = float(field.value) if isinstance(field.value, int | float) else 0.0
    if field.raw is None:
        field.raw = str(field.value)
    if misreading(read, meant, marks) == "glued_mark":
        rest = digits_of(read).removeprefix(digits_of(meant))
        if rest.isdecimal() and int(rest) in marks and int(rest) not in field.marks:
            field.marks = sorted([*field.marks, int(rest)])
    field.value = whole_or_broken(meant)
    field.method = "repaired"
    field.signals["repaired"] = 1.0
