"""Damage that any converter may do to values, at rates that differ from document to document."""

from __future__ import annotations

import random
import re

from training.synthesis.garble_lines import confuse
from training.synthesis.tape import BLANK, TAB, Atom, Tape, space

_NUMBER = re.compile(r"\$?[\d,]+(?:\.\d+)?")


def damage(rng: random.Random, tape: Tape) -> Tape:
    """A strayed header value now and then; one to three kinds of damage on table values in half of the documents."""
    if rng.random() < 0.25:  # independent of the damage to table values below
        tape = _strayed(rng, tape, 1.0)
    if rng.random() < 0.5:
        return tape
    kinds = rng.sample(sorted(_DAMAGES), k=rng.choice((1, 1, 2, 3)))
    rate = rng.choice((0.05, 0.15, 0.4))
    out = tape
    for kind in kinds:
        out = _DAMAGES[kind](rng, out, rate)
    return out


def _is_value(atom: Atom) -> bool:
    return atom.mark is not None and atom.mark.row is not None and not atom.is_space


def _separators_last(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """ "$2,382.57" becomes "$238257 , ."."""
    out: Tape = []
    for atom in tape:
        if _is_value(atom) and _NUMBER.fullmatch(atom.text) and rng.random() < rate:
            marks = [c for c in atom.text if c in ",."]
            if marks:
                bare = "".join(c for c in atom.text if c not in ",.")
                out.append(Atom(bare + " " + " ".join(marks), atom.mark))
                continue
        out.append(atom)
    return out


def _doubled(rng: random.Random, tape: Tape, rate: float) -> Tape:
    out: Tape = []
    for atom in tape:
        out.append(atom)
        if _is_value(atom) and len(atom.text) > 1 and rng.random() < rate * 0.5:
            out += [space(), Atom(atom.text, atom.mark)]
    return out


def _glued(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """Blanks and tabs between values are lost: "1,619$04,172(3)D"."""
    out: Tape = []
    for number, atom in enumerate(tape):
        between = atom.is_space and atom.text.strip("\n") == atom.text and 0 < number < len(tape) - 1
        if between and rng.random() < rate * 0.6 and _is_value(tape[number - 1]) and _is_value(tape[number + 1]):
            continue
        out.append(atom)
    return out


def _marks_misread(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """Footnote marks glued to their numbers, without brackets, or turned into signs."""
    out: Tape = []
    for atom in tape:
        is_mark = _is_value(atom) and atom.mark is not None and atom.mark.label == "footnote.mark"
        if is_mark and rng.random() < max(rate, 0.3):
            bare = atom.text.strip("()")
            text = rng.choice((bare, "." + bare, f"{bare})", f"({bare}", f"[{bare}]", "O)", "®", "(" + bare + " )"))
            if out and out[-1].is_space and "\n" not in out[-1].text and rng.random() < 0.4:
                out.pop()
            out.append(Atom(text, atom.mark))
        else:
            out.append(atom)
    return out


def _markup(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """Marks written as superscripts of some markup, dollar signs escaped."""
    before, after = rng.choice((("<sup>", "</sup>"), ("^{", "}"), ("$^{", "}$"), ("^", ""), ("[^", "]")))
    escape = rng.random() < 0.5
    out: Tape = []
    for atom in tape:
        if _is_value(atom) and atom.mark is not None and atom.mark.label == "footnote.mark" and rng.random() < rate * 2:
            out += [Atom(before), Atom(atom.text, atom.mark), *([Atom(after)] if after else [])]
        elif escape and _is_value(atom) and atom.text.startswith("$"):
            out.append(Atom("\\" + atom.text, atom.mark))
        else:
            out.append(atom)
    return out


def _ticks_lost(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """Ticks of check boxes vanish altogether."""
    return [Atom("") if a.mark and a.mark.label.startswith("box.") and rng.random() < 0.8 else a for a in tape]


def _tabs_lost(rng: random.Random, tape: Tape, rate: float) -> Tape:
    return [space(BLANK) if atom.text == TAB and rng.random() < rate else atom for atom in tape]


def _empty_dropped(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """Of two tabs in a row one goes: columns shift."""
    out: Tape = []
    for atom in tape:
        if atom.text == TAB and out and out[-1].text == TAB and rng.random() < rate:
            continue
        out.append(atom)
    return out


def _letters_confused(rng: random.Random, tape: Tape, rate: float) -> Tape:
    return [
        Atom(confuse(rng, atom.text, rate * 0.08) or atom.text, atom.mark) if _is_value(atom) else atom for atom in tape
    ]


def _dollar_away(rng: random.Random, tape: Tape, rate: float) -> Tape:
    out: Tape = []
    for atom in tape:
        if _is_value(atom) and atom.text.startswith("$") and rng.random() < rate:
            kept = atom.text[1:].strip()
            text = rng.choice((kept, "$ " + kept, kept + " $", "S" + kept, "8" + kept)) if kept else atom.text
            out.append(Atom(text, atom.mark))
        else:
            out.append(atom)
    return out


def _cut_inside(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """Numbers and dates cut by a blank or a tab."""
    tabbed = any(atom.text == TAB for atom in tape)
    out: Tape = []
    for atom in tape:
        if _is_value(atom) and len(atom.text) > 3 and rng.random() < rate * 0.4:
            at = rng.randint(1, len(atom.text) - 1)
            out += [Atom(atom.text[:at], atom.mark), space(TAB if tabbed else BLANK), Atom(atom.text[at:], atom.mark)]
        else:
            out.append(atom)
    return out


def _strayed(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """A header value lands inside a caption below it, mostly in the middle of a word: "Indi", title, "ividual"."""
    labels = ("owner.officer_title", "owner.other_text", "period_of_report", "issuer.name")
    found = [label for label in labels if any(a.mark is not None and a.mark.label == label for a in tape)]
    if not found:
        return tape
    label = found[0] if rng.random() < 0.7 else rng.choice(found)
    first = next(i for i, a in enumerate(tape) if a.mark is not None and a.mark.label == label)
    key = tape[first].mark
    last = first
    while last + 1 < len(tape) and (tape[last + 1].is_space or tape[last + 1].mark == key):
        last += 1
    while tape[last].is_space:
        last -= 1
    value = [space() if a.is_space else a for a in tape[first : last + 1]]
    rest = tape[:first] + tape[last + 1 :]
    captions = [
        i
        for i in range(first, min(len(rest), first + 90))
        if rest[i].mark is None and rest[i].text.isalpha() and len(rest[i].text) >= 4
    ]
    if not captions:
        return tape
    at = rng.choice(captions)
    word = rest[at].text
    if rng.random() < 0.3:
        return [*rest[:at], *value, space(), *rest[at:]]
    cut = rng.randint(2, len(word) - 2)
    # the letter at the edge is often read in both cells
    tail = word[cut - 1 :] if rng.random() < 0.4 else word[cut:]
    between = TAB if rng.random() < 0.7 else BLANK
    return [*rest[:at], Atom(word[:cut]), space(between), *value, space(), Atom(tail), *rest[at + 1 :]]


def _lines_joined(rng: random.Random, tape: Tape, rate: float) -> Tape:
    """Line ends become blanks, here and there."""
    return [space(BLANK) if atom.text == "\n" and rng.random() < rate * 0.5 else atom for atom in tape]


_DAMAGES = {
    "separators_last": _separators_last,
    "doubled": _doubled,
    "glued": _glued,
    "marks_misread": _marks_misread,
    "markup": _markup,
    "ticks_lost": _ticks_lost,
    "tabs_lost": _tabs_lost,
    "empty_dropped": _empty_dropped,
    "letters_confused": _letters_confused,
    "dollar_away": _dollar_away,
    "cut_inside": _cut_inside,
    "lines_joined": _lines_joined,
}
