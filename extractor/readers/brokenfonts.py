"""Text layers written in glyphs that say nothing: the characters are found again, their places are right as they are.

A PDF whose fonts lost their character maps looks as it should and gives gibberish: all characters moved by a constant
(glyph numbers instead of characters: "A" is 36, the `(cid:36)` of other readers), or exchanged at random. Two keys open
it: the form's fixed wording, which tells a constant shift, and the page's own image, read once by OCR: every
character of the layer lies under a read one, and the votes over the whole page say what each code of a font means.
Digits that OCR misread here and there are outvoted, so that the page is read better than its image alone would be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from extractor.readers.layout import Word
from extractor.readers.pdfium import Chars
from extractor.readers.textlayer import common_words

_SHIFTS = range(-95, 96)
_FEW = 30  # characters of a font: too few to tell a shift by its words
_SPEAKING = 0.12  # share of the words that must be common ones for a shift to be right
_CLEAR = 0.5  # of the share at a font's best shift: the page's usual one is not much worse
_HITS = 4  # and how many of them there must be
_RESOLVED = 0.97  # share of a page's characters that must be known for the layer to be of use
_MAJORITY = 0.55  # of the votes for a code
_OFTEN = 5  # occurrences of a code, of which
_COVERED = 0.1  # this share must lie under read words, unless it is the blank
_AGREEING = 0.8  # of the voted codes that agree on one shift: the others follow it too
_UNKNOWN = "\ufffd"
_MADE_UP = -1

Key = dict[tuple[int, str], str]
"""What a code means, by font."""


def decipher(chars: Chars, fonts: Sequence[int], read_image: Callable[[], Sequence[Word]]) -> Chars | None:
    """The layer with its characters found again, or None where neither wording nor image tells them.

    `fonts` holds a number for the font of each character, -1 for blanks and line ends that are not on the page.
    `read_image` gives the words read in the page's image, boxes in the same points; it is called only where the
    wording does not suffice.
    """
    shifts = _shifts_by_wording(chars.text, fonts)
    written = [font for font in fonts if font != _MADE_UP]
    if shifts and sum(font in shifts for font in written) >= _RESOLVED * len(written):
        return Chars(_moved(chars.text, fonts, shifts), chars.boxes, chars.angle)
    key = _key_by_image(chars, fonts, read_image())
    text = "".join(
        c if f == _MADE_UP else key.get((f, c), " " if c.isspace() else _UNKNOWN)
        for c, f in zip(chars.text, fonts, strict=True)
    )
    ink = [c for c in text if c > " "]
    if not ink or sum(c != _UNKNOWN for c in ink) < _RESOLVED * len(ink):
        return None
    return Chars(text.replace(_UNKNOWN, " "), chars.boxes, chars.angle)


def _shifts_by_wording(text: str, fonts: Sequence[int]) -> dict[int, int]:
    """How far the characters of each font are moved; empty where the words of no font become common ones.

    Fonts of one page mostly lost their maps in the same way: one follows the others unless its own words speak clearly
    for another shift, and wherever it has too few of them.
    """
    codes = np.array([ord(c) for c in text], np.int64)
    of_font = np.asarray(fonts)
    speaking = {
        font: [_common_after(codes, of_font == font, shift) for shift in _SHIFTS]
        for font in sorted(set(fonts) - {_MADE_UP})
        if fonts.count(font) >= _FEW
    }
    weight = sum((np.array(shares) * fonts.count(font) for font, shares in speaking.items()), np.zeros(len(_SHIFTS)))
    if not weight.any():
        return {}
    usual = int(weight.argmax())
    found: dict[int, int] = {}
    for font in sorted(set(fonts) - {_MADE_UP}):
        shares = speaking.get(font, [0.0])
        best = max(shares)
        if best > 0 and shares[usual] < _CLEAR * best:
            found[font] = _SHIFTS[shares.index(best)]
        elif best > 0 or _is_print(codes[of_font == font] + _SHIFTS[usual]):
            found[font] = _SHIFTS[usual]
    return found


def _is_print(codes: np.ndarray[Any, Any]) -> bool:
    """Whether nearly all codes are characters of ordinary print."""
    return bool(((codes >= 32) & (codes < 127)).mean() >= _RESOLVED)


def _common_after(codes: np.ndarray[Any, Any], own: np.ndarray[Any, Any], shift: int) -> float:
    """Share of common words after a shift; 0 where they are too few to mean anything."""
    moved = np.where(own, codes + shift, 32)  # other fonts' characters divide words
    moved[(moved < 32) | (moved >= 0xD800)] = 32
    hits, words = common_words("".join(map(chr, moved.tolist())))
    return hits / words if hits >= _HITS and hits >= _SPEAKING * words else 0.0


def _moved(text: str, fonts: Sequence[int], shifts: dict[int, int]) -> str:
    out = []
    for character, font in zip(text, fonts, strict=True):
        code = ord(character) + shifts.get(font, 0)
        if font == _MADE_UP:
            out.append(character)
        elif 32 < code < 0x3000:
            out.append(chr(code))
        else:
            out.append(" ")
    return "".join(out)


def _key_by_image(chars: Chars, fonts: Sequence[int], words: Sequence[Word]) -> Key:
    """What each code of each font means, by vote of the read words that cover as many characters as they have."""
    boxes = chars.boxes
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    printed = np.asarray(fonts) != _MADE_UP
    votes: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for word in words:
        inside = np.flatnonzero(
            printed & (x >= word.x0) & (x <= word.x1) & (y >= word.top - 1) & (y <= word.bottom + 1)
        )
        letters = word.text.replace(" ", "")
        if len(inside) != len(letters):
            continue
        for index, letter in zip(inside[np.argsort(x[inside], kind="stable")].tolist(), letters, strict=True):
            votes[fonts[index], chars.text[index]][letter] += 1
    key: Key = {}
    for code, occurrences in Counter((f, c) for f, c in zip(fonts, chars.text, strict=True) if f != _MADE_UP).items():
        counts = votes.get(code, Counter())
        if occurrences >= _OFTEN and counts.total() < _COVERED * occurrences:
            key[code] = " "  # no read word covers what is not ink
        elif counts:
            letter, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
            if count >= _MAJORITY * counts.total():
                key[code] = letter
    _follow_shift(key, chars.text, fonts)
    return key


def _follow_shift(key: Key, text: str, fonts: Sequence[int]) -> None:
    """Where nearly all codes of a font are moved by one constant, the rare ones are too, whatever was read there."""
    for font in sorted(set(fonts)):
        moves = Counter(ord(letter) - ord(code) for (of, code), letter in key.items() if of == font)
        if not moves:
            continue
        shift, count = moves.most_common(1)[0]
        if count >= max(5, _AGREEING * moves.total()):
            for code in {c for c, f in zip(text, fonts, strict=True) if f == font}:
                if 32 <= ord(code) + shift < 0x3000:
                    key[font, code] = chr(ord(code) + shift)
