"""Values from short lists: transaction codes, A/D, D/I, form types, footnote marks and ticks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.assembly.glyphs import MARK, once, pieces, plain
from extractor.assembly.parsed import Parsed, ParsedCode

TRANSACTION_CODES = frozenset("PSVADFIMCEHOXGLWZJKU")
"""Form 4, General Instruction 8, with V, which stands in a column of its own but strays into that of the code."""

_CODE_LOOKALIKE = {"5": ("S", 1), "$": ("S", 1), "§": ("S", 1), "¢": ("C", 1), "€": ("C", 2), "0": ("O", 2)}
_CODE_LOOKALIKE |= {"2": ("Z", 2), "|": ("I", 2), "1": ("I", 2), "l": ("I", 2), "!": ("I", 2), "(": ("C", 3)}
_RAISED = re.compile(r"(?<=[A-Za-z])\s*(?:\$\s*\^|\[\s*\^?|\^)[\s{}$\]]*$")
"""What markup for a raised mark leaves behind its letter: "P$^", "P["."""
_EDGE = " \t[]{}|_.,;:'\"*-~`"
_DIRECT = {"D": 0, "d": 1, "0": 2, "O": 2, "o": 2, "b": 2, "DIRECT": 0, "P": 2, "p": 2}
_INDIRECT = {"I": 0, "INDIRECT": 0, "i": 1, "|": 1, "l": 1, "1": 1, "!": 1}
_INDIRECT |= dict.fromkeys("T][/JL", 2)
_ACQUIRED = {"A": 0, "a": 1, "ACQUIRED": 0, "4": 2, "^": 2, "Δ": 2, "Α": 0}
_DISPOSED = {"D": 0, "d": 1, "DISPOSED": 0, "0": 2, "O": 2, "o": 2, "b": 2, "P": 2, "p": 2}
_TICKS = frozenset("☒☑✓✔✗✘■×✕xX")
_EMPTY = frozenset("☐□_()[]{}oO0 .-|/")


def parse_code(fragments: Iterable[str]) -> ParsedCode | None:
    """The transaction code of a cell, with "/K" and V taken off it.

    >>> parse_code(["S", "/K"])
    ParsedCode(value='S', mended=0, swap=True, voluntary=False, derived=False)
    >>> parse_code(["$"]).value
    'S'
    >>> parse_code(["Common"]) is None
    True
    """
    parts, doubled = once(pieces(fragments))
    text, marks = MARK.subn(" ", " ".join(parts))
    text, raised = _RAISED.subn("", text.strip())
    mended = int(doubled) + marks + raised
    text, swaps = re.subn(r"(?<=[A-Za-z$5])\s*[/\\|I]\s*[Kk]\b", "", text, count=1)
    swap = bool(swaps)
    voluntary = False
    if match := re.fullmatch(r"(\S+)\s+[Vv]", text):
        text, voluntary = match.group(1), True
    if match := re.fullmatch(r"([A-Za-z])\s*[-–:]\s*[A-Za-z ]+", text):
        text = match.group(1)  # the code with its meaning: "P - Purchase"
    if len(text) > 1 and len(set(text.split())) == 1:
        mended += len(text.split()) - 1
        text = text.split()[0]
    bare = text.strip(_EDGE)
    mended += int(bare != text)
    if not bare:
        # a bar is a rule far more often than the code I, but nothing else is left here
        return ParsedCode("I", 2 + mended, swap, voluntary) if text.strip() == "|" else None
    found = _one_code(bare)
    return None if found is None else ParsedCode(found.value, found.mended + mended, swap, voluntary)


_BOTH_HEIGHTS = frozenset(("Cc", "Oo", "Pp", "Ss", "Uu", "Ww", "Xx", "Zz"))
"""Letters that look the same in both heights, which OCR then reads as both."""


def _one_code(text: str) -> Parsed[str] | None:
    if text in TRANSACTION_CODES:
        return Parsed(text)
    if len(text) == 1:
        if text in _CODE_LOOKALIKE:
            return Parsed(*_CODE_LOOKALIKE[text])
        return Parsed(text.upper(), 1) if text.upper() in TRANSACTION_CODES else None
    if len(text) == 2 and (text[0] == text[1] or text in _BOTH_HEIGHTS) and text[0].upper() in TRANSACTION_CODES:
        return Parsed(text[0].upper(), 1)  # the same cell twice, or OCR in doubt of its height ("Ss")
    # what is left of a glued mark: "S(1", "sO)" for S(1)
    match = re.fullmatch(r"([A-Za-z$5])\s*(?:\(?[0-9OoIl]{0,2}\)?|[^\w\s]{1,2})", text)
    if match is None:
        return None
    first = _one_code(match.group(1))
    if first is None:
        return None
    return Parsed(first.value, first.mended + 1 + int("(" not in text and ")" not in text))


def _choice(fragments: Iterable[str], tables: dict[str, dict[str, int]]) -> Parsed[str] | None:
    parts, doubled = once(pieces(fragments))
    text, marks = MARK.subn(" ", " ".join(parts))
    text = text.strip()
    mended = int(doubled) + marks
    inner = re.fullmatch(r"\(\s*(\S+?)\s*\)", text)
    if inner:
        text = inner.group(1)
    for attempt, more in ((text, 0), (text.strip(_EDGE + "()"), 1)):
        for value, spellings in tables.items():
            cost = spellings.get(attempt, spellings.get(attempt.upper()) if len(attempt) > 1 else None)
            if cost is not None:
                return Parsed(value, cost + more + mended)
    words = {word for word in re.split(r"[\s,;]+", text) if word}
    if len(words) == 1 and len(text.split()) > 1:
        return _choice(words, tables)
    return None


def parse_acquired_disposed(fragments: Iterable[str]) -> Parsed[str] | None:
    """ "A" or "D" of the column between amount and price.

    >>> parse_acquired_disposed(["(D)"]).value
    'D'
    """
    return _choice(fragments, {"A": _ACQUIRED, "D": _DISPOSED})


def parse_direct_indirect(fragments: Iterable[str]) -> Parsed[str] | None:
    """ "D" or "I" of the ownership column; a bar, a one or a small l is an I.

    >>> parse_direct_indirect(["|"])
    Parsed(value='I', mended=1, derived=False)
    """
    return _choice(fragments, {"D": _DIRECT, "I": _INDIRECT})


def parse_form_type(fragments: Iterable[str]) -> Parsed[str] | None:
    """ "3", "4" or "5", with "/A" for an amendment.

    >>> parse_form_type(["FORM", "4", "/A"]).value
    '4/A'
    """
    parts, doubled = once(pieces(fragments))
    text = " ".join(parts)
    match = re.search(r"(?<![\d.])([345])\s*(/?)\s*([Aa](?:mend\w*)?)?(?![\w])", text)
    if match is None:
        return None
    amended = match.group(3) is not None or bool(re.search(r"\bamend", text, re.IGNORECASE))
    mended = int(doubled) + int(match.group(3) is not None and not match.group(2))
    return Parsed(match.group(1) + ("/A" if amended else ""), mended)


def parse_marks(fragments: Iterable[str]) -> list[int]:
    """The numbers of the footnote marks in a text, in order, each once.

    >>> parse_marks(["(1)(2)"]), parse_marks(["(1,3)"]), parse_marks(["1)"]), parse_marks(["(l)"])
    ([1, 2], [1, 3], [1], [1])
    """
    text = " ".join(plain(re.sub("([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"(\1)", fragment)) for fragment in fragments)
    text = re.sub(r"(?<=\()\s*[lI|]\s*(?=\))", "1", text)
    found: list[int] = []
    for low, high in re.findall(r"(\d{1,3})(?:\s*\)?\s*[-–]\s*\(?\s*(\d{1,3}))?", text):
        last = int(high) if high else int(low)
        numbers = range(int(low), last + 1) if 0 <= last - int(low) <= 20 else (int(low), last)
        found += [number for number in numbers if 1 <= number <= 99]
    return list(dict.fromkeys(found))


def parse_tick(text: str) -> bool | None:
    """True for a tick, False for an empty box, None for what is neither.

    >>> parse_tick("__X__"), parse_tick("☐"), parse_tick("Director")
    (True, False, None)
    """
    bare = plain(text)
    if not bare:
        return None
    core = "".join(char for char in bare if char not in _EMPTY)
    if not core:
        return False
    if all(char in _TICKS for char in core):
        return True
    if bare.casefold() in ("yes", "true", "checked"):
        return True
    return False if bare.casefold() in ("no", "false", "unchecked") else None
