# ruff: noqa: E501 - tables of confusions are read better in long lines
"""Text as converters leave it line by line: columns kept by blanks, reading order, and OCR."""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import median

from training.synthesis.page import CanvasPage, DrawnRule, PlacedWord
from training.synthesis.tape import BLANK, END, Atom, Tape, mark_of, space, visual_lines


def _visible_text(word: PlacedWord, boxes: bool) -> str:
    """Drawn boxes leave no characters in a text layer, unless the converter draws them."""
    return word.text if not word.box or boxes else ""


def keep_columns(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """As `-layout` converters do: every character has a place in a grid of fixed pitch, lines hold all columns."""
    tape: Tape = []
    boxes = rng.random() < 0.15
    scale = rng.uniform(0.36, 0.52)
    flush = rng.random() < 0.7
    for page in pages:
        words = [word for word in page.words if _visible_text(word, boxes)]
        if not words:
            continue
        pitch = page.pitch or median(word.size for word in words) * scale
        left = min(word.x0 for word in words) if flush else 0.0
        last_bottom = None
        for line in visual_lines(words, rng.choice((0.3, 0.5))):
            top, bottom = min(w.top for w in line), max(w.bottom for w in line)
            if last_bottom is not None and top - last_bottom > 0.7 * (bottom - top):
                tape.append(space(END * min(3, int((top - last_bottom) / max(4.0, bottom - top)) + 1)))
            last_bottom = bottom
            at, end = 0, 0.0
            for word in line:
                want = round((word.x0 - left) / pitch)
                gap = 0 if word.joined and at else max(1 if at and not page.pitch else 0, want - at)
                if (
                    at and gap and not page.pitch and word.x0 - end < 0.6 * word.size
                ):  # an ordinary blank, whatever the font's width
                    gap = 1
                end = word.x1
                if gap:
                    tape.append(space(BLANK * gap))
                    at += gap
                tape.append(Atom(word.text, mark_of(word)))
                at += len(word.text)
            tape.append(space(END))
        if rng.random() < 0.5:
            tape.append(space("\f"))
    return tape


def reading_order(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """As simple extractors do: text as it was drawn, a new line wherever the base line changes."""
    tape: Tape = []
    per_cell = rng.random() < 0.3  # some break lines between cells as well
    blank_lines = rng.random() < 0.15
    boxes = rng.random() < 0.1
    for page in pages:
        before: PlacedWord | None = None
        base = 0.0
        for word in page.words:
            text = _visible_text(word, boxes)
            if not text:
                continue
            if before is not None and not word.joined:
                same = abs(word.bottom - base) < 0.55 * max(word.size, before.size)
                jump = word.x0 - before.x1 > 1.2 * word.size or word.x0 < before.x0
                if not same or (per_cell and jump):
                    tape.append(space(END + END if blank_lines else END))
                else:
                    tape.append(space())
            if before is None or word.size >= before.size or not word.joined:
                base = word.bottom
            tape.append(Atom(text, mark_of(word)))
            before = word
        tape.append(space(END))
    return tape


CONFUSIONS: dict[str, tuple[str, ...]] = {
    "0": ("O", "o", "Q", "6"), "1": ("l", "I", "|", "7", "i"), "2": ("Z", "z"), "3": ("8", "5"), "4": ("A",), "5": ("S", "§"),
    "6": ("8", "b"), "7": ("1", "?"), "8": ("3", "B", "&"), "9": ("g", "4"), "/": ("1", "7", "l", "i", "I", ""), ",": (".", "", "'"),
    ".": (",", "", "-"), "$": ("S", "8", "s", ""), "S": ("5", "s", "$"), "D": ("O", "0", "p", "pD", "|D|"), "I": ("l", "1", "|", ""),
    "A": ("a", "4", "Al"), "M": ("m", "Mm"), "F": ("E", "f"), "P": ("p", "Pp"), "G": ("6", "cS", "c"), "V": ("v", "Vv"),
    "(": ("{", "[", "C", ""), ")": ("}", "]", "”", ""), "l": ("1", "I", "|"), "e": ("c", "o"), "o": ("0", "a"), "n": ("ri", "m"),
    "m": ("rn",), "c": ("e",), "t": ("f", "l"), "r": ("t",), "a": ("o", "e"), "i": ("l", "j", "1"), "h": ("b",), "u": ("v",), "X": ("x", "xX", "K"),
    "-": ("—", "~", ""), "'": ("’", "`"), "*": ("”", "’", "“", "~"), "fi": ("ﬁ",),
}  # fmt: skip
_RUBBISH = (
    "|",
    "|",
    "|",
    "_",
    "—",
    "]",
    "[",
    "]",
    "}",
    ":",
    ".",
    "ee",
    "Ce ee",
    "__",
    "eee",
    "=",
    "~",
    "‘",
    "i",
    "| |",
    "-",
    "aa",
    "SS",
)
_RAISED = ("0)", "®", "™", "@", "”", "0", "(", ")", "1)", "M", "®)", "2)", "*", "' )", "o", "")


def ocr_lines(rng: random.Random, pages: Sequence[CanvasPage]) -> Tape:
    """As OCR of the whole page does: lines of words, rules read as letters, small and single letters lost."""
    rate = rng.choice((0.002, 0.006, 0.015, 0.03, 0.05))
    lost_single = rng.choice((0.0, 0.08, 0.25, 0.5))
    rubbish = rng.choice((0.0, 0.03, 0.12, 0.3))
    raised = rng.choice((0.1, 0.35, 0.7))
    boxes = rng.choice((0.0, 0.3, 0.8))
    tape: Tape = []
    for page in pages:
        uprights = sorted(
            rule.x0 for rule in page.rules if rule.bottom - rule.top > 8 and (rule.x1 - rule.x0 < 2 or rule.frame)
        )
        words = [word for word in page.words if not word.box or rng.random() < boxes]
        for line in visual_lines(words, 0.4):
            _ocr_line(rng, line, page.rules, uprights, tape, rate, lost_single, rubbish, raised)
            tape.append(space(END))
        tape.append(space(END))
    return tape


def _ocr_line(
    rng: random.Random,
    line: list[PlacedWord],
    rules: list[DrawnRule],
    uprights: list[float],
    tape: Tape,
    rate: float,
    lost_single: float,
    rubbish: float,
    raised: float,
) -> None:
    before: PlacedWord | None = None
    for word in line:
        text = word.text
        if word.box:
            text = (
                rng.choice(("[]", "O", "[_]", "☐", "im", "Oo", "L]"))
                if text == "☐"
                else rng.choice(("X", "[X]", "☒", "Xl", "x"))
            )
        small = word.label == "footnote.mark" and word.size < 7.5 and word.row is not None
        if len(text) == 1 and rng.random() < lost_single * (0.6 if word.label else 0.2):
            if rng.random() < 0.4:  # read as something else altogether
                tape += [space(), Atom(rng.choice(_RUBBISH))]
            before = word
            continue
        if small and rng.random() < raised:
            text = rng.choice(_RAISED)
            if not text:
                continue
        else:
            text = confuse(rng, text, rate * (1.6 if word.label else 1.0))
        if not text:
            continue
        if before is not None:
            if not (word.joined and rng.random() < 0.9):
                tape.append(space())
            crossed = any(before.x1 - 1 <= x <= word.x0 + 1 for x in uprights) if word.x0 - before.x1 > 1 else False
            if crossed and rng.random() < rubbish:
                tape += [Atom(rng.choice(_RUBBISH)), space(rng.choice((" ", " ", "")))]
        tape.append(Atom(text, mark_of(word)))
        before = word
    if rng.random() < rubbish * 0.15:
        tape += [space(), Atom(rng.choice(_RUBBISH))]


def confuse(rng: random.Random, text: str, rate: float) -> str:
    """Characters misread at that rate; a few dropped."""
    if rate <= 0:
        return text
    out = []
    for letter in text:
        roll = rng.random()
        if roll < rate:
            choices = CONFUSIONS.get(letter)
            out.append(rng.choice(choices) if choices else "" if roll < rate * 0.25 else letter)
        else:
            out.append(letter)
    return "".join(out)
