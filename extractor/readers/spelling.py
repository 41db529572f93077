"""Words that the OCR engine read with doubt, spelt as the line network and the form's usual words bear them out.

The engine guesses whole words of poor print, the network says letter by letter what is likely. A usual word that is
nearly what either read, and that the network finds likelier than what the engine read, is the word. Usual words, long
runs of prose and what is nearly no usual word, names above all, stay as the engine read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from extractor.readers.formwording import form_wording
from extractor.readers.linenet import CHARACTERS, Reading
from extractor.readers.ocr import Read
from extractor.readers.segments import Segment

_LETTERS = 3  # of a word that is looked at
_SURE = 0.88  # the engine's belief from which on a word needs no look
_LONGEST = 45  # letters of a run that is looked at; longer ones are prose
_ALIKE = 60.0  # how alike a usual word must be to what was read, 0..100
_MOST = 6  # usual words tried for each
_USUAL = 3.5  # log odds of a usual word to any other
_DOUBT = 1.6  # weight of the engine's belief against the network's
_CLEARLY = 1.0  # by how much another spelling must be likelier
_MOST_RUNS = 90  # a page
_CUT_END = 2  # letters
_GAP = 0.9  # of the height of letters, between pieces of one word
_EDGES = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")


@lru_cache(maxsize=1)
def usual_words() -> frozenset[str]:
    """Words of the form's wording, of titles, natures and footnotes, three letters or more, in small letters."""
    listed = Path(__file__).with_name("usual_words.txt").read_text(encoding="utf-8").split()
    wording = (word.strip(".,;:()*\"'") for _, _, word in form_wording().words)
    return frozenset(word.casefold() for word in (*listed, *wording) if _WORD.fullmatch(word) and len(word) >= _LETTERS)


@lru_cache(maxsize=1)
def _by_length() -> dict[int, list[str]]:
    out: dict[int, list[str]] = {}
    for word in sorted(usual_words()):
        for length in range(len(word) - 2, len(word) + 3):
            out.setdefault(length, []).append(word)
    return out


def spell(reads: Sequence[Read], segments: Sequence[Segment], lines: Sequence[Reading | None]) -> None:
    """Mends the words in place; `lines` are the network's readings of the segments."""
    by_segment: dict[int, list[Read]] = {}
    for read in reads:
        by_segment.setdefault(read.segment, []).append(read)
    looked = 0
    for index, own in by_segment.items():
        line = lines[index]
        if line is None or segments[index].raised or looked >= _MOST_RUNS:
            continue
        own.sort(key=lambda read: read.x0)
        if sum(len(read.text) for read in own) > _LONGEST:
            continue
        doubtful = [k for k, read in enumerate(own) if _is_doubtful(read)]
        if doubtful:
            looked += 1
            _spell_run(own, doubtful, line)


def rejoined(reads: Sequence[Read], segments: Sequence[Segment]) -> list[Read]:
    """The words, pieces of one put together where only the whole is usual and their gap is no blank: "Stoc k"."""
    out: list[Read] = []
    for read in sorted(reads, key=lambda each: (each.segment, each.x0)):
        last = out[-1] if out else None
        if last is not None and last.segment == read.segment and _is_one(last, read, segments[read.segment].letter):
            last.text += read.text
            last.x1, last.top, last.bottom = read.x1, min(last.top, read.top), max(last.bottom, read.bottom)
            last.confidence = min(last.confidence, read.confidence)
        else:
            out.append(read)
    return out


def with_their_ends(words: Sequence[Read]) -> list[Read]:
    """Words in the order of reading with cut ends put back: of "Commo n Stock" the n may stand behind the rest."""
    out: list[Read] = []
    for word in words:
        last = out[-1] if out else None
        if (
            last is not None
            and last.segment == word.segment
            and len(word.text.rstrip(".,")) <= _CUT_END
            and word.text.rstrip(".,").islower()
            and last.text.isalpha()
            and not _is_usual(last.text)
            and _is_usual(last.text + word.text)
        ):
            last.text += word.text
            last.confidence = min(last.confidence, word.confidence)
        else:
            out.append(word)
    return out


def _is_one(one: Read, other: Read, letter: float) -> bool:
    if other.x0 - one.x1 > _GAP * letter or not one.text.isalpha() or not other.text[:1].isalpha():
        return False
    return _is_usual(one.text + other.text) and not (_is_usual(one.text) and _is_usual(other.text))


def _is_doubtful(read: Read) -> bool:
    word = _EDGES.fullmatch(read.text).group(2)  # type: ignore[union-attr]
    if sum(c.isalpha() for c in word) < max(_LETTERS, 0.6 * len(word)) or not set(read.text) <= set(CHARACTERS):
        return False
    return read.confidence < _SURE and word.casefold() not in usual_words()


def _spell_run(own: list[Read], doubtful: Iterable[int], line: Reading) -> None:
    heard = _heard(own, line)
    for k in doubtful:
        read = own[k]
        texts = [each.text.replace(" ", "") for each in own]
        head, word, tail = _EDGES.fullmatch(read.text).groups()  # type: ignore[union-attr]
        said = list(dict.fromkeys([read.text, *_candidates(word, head, tail, heard[k])]))
        if len(said) < 2:
            continue
        before, after = "".join(texts[:k]), "".join(texts[k + 1 :])
        scores = np.array(line.logs_of([before + each + after for each in said]))
        if not np.isfinite(scores).all():
            continue  # what the network does not know stands beside it
        scores += [_USUAL * _is_usual(each) for each in said]
        scores[0] += _DOUBT * float(np.log(max(0.02, read.confidence) / max(0.02, 1 - read.confidence)))
        best = int(np.argmax(scores))
        if best and scores[best] > scores[0] + _CLEARLY:
            read.text = said[best]
            ahead = 1 / (1 + float(np.exp(-(scores[best] - scores[0]))))
            read.confidence, read.agreement = min(0.9, ahead), 0.0


def _is_usual(text: str) -> bool:
    return _EDGES.fullmatch(text).group(2).casefold() in usual_words()  # type: ignore[union-attr]


def _heard(own: Sequence[Read], line: Reading) -> list[str]:
    """What the network read for each of the engine's words, by the alignment of the two texts."""
    engine = "".join(read.text.replace(" ", "") for read in own)
    net = line.likeliest().text
    owner = [k for k, read in enumerate(own) for _ in read.text.replace(" ", "")]
    out = [""] * len(own)
    last = 0
    for op in Levenshtein.opcodes(engine, net):
        for step in range(op.dest_end - op.dest_start):
            if op.src_end > op.src_start:
                last = owner[min(op.src_start + step, op.src_end - 1)]
            out[last] += net[op.dest_start + step]
    return out


def _candidates(word: str, head: str, tail: str, heard: str) -> list[str]:
    found: list[str] = []
    for read in dict.fromkeys([word, heard.strip(".,;:()")]):
        near = process.extract(
            read.casefold(), _by_length().get(len(read), []), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST
        )
        found += [head + _cased(usual, word) + tail for usual, _, _ in near]
        if not word[:1].isalpha():
            found += [head + usual + tail for usual, _, _ in near]
    return found


def _cased(usual: str, like: str) -> str:
    letters = [c for c in like if c.isalpha()]
    if sum(map(str.isupper, letters)) > 0.6 * len(letters) and len(letters) > 1:
        return usual.upper()
    return usual.capitalize() if like[:1].isupper() or not like[:1].isalpha() else usual
