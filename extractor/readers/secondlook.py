"""Numbers, dates, codes and marks are read a second time, by a network; where the readings differ, a third decides.

The engine reads a whole page, the network (see `linenet`) each short run of print by itself. Where both say the same,
that is worth more than either's belief. Where they differ, well-formed values win over spoilt ones; between two
well-formed ones the network decides where it is sure, and otherwise a third look: the engine again, on the run alone,
larger, nothing but digits allowed.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from extractor.readers import otherengine
from extractor.readers.cuts import cuts_of, strip_of
from extractor.readers.layout import readings_of_pieces
from extractor.readers.linenet import LineText, Reading
from extractor.readers.marks import MARKS, Mark, read_marks
from extractor.readers.ocr import Read, engine, with_separators
from extractor.readers.segments import Segment
from extractor.readers.tokenise import split_word
from extractor.readers.wellformed import CHARACTERS, is_value, is_well_formed

Image = np.ndarray[Any, Any]

_MOST = 30  # third looks a page
_MOST_ASKED = 24  # runs a page that another engine is asked about
_LONGEST = 16  # spots of a run that may be one number
_SURE = 0.8  # the network's belief that needs no third look
_UNSURE = 0.6  # the engine's belief from which on a short word is a word
_LIKELY = 0.5  # the network's belief from which on it is rather right
_POSSIBLE = 0.3  # the network's belief from which on a word may be a value
_RATHER = 4.0  # times its belief in the word
_DOUBTFUL = 0.7  # the engine's belief below which a longer word may be a spoilt number
_LEAST = 0.02  # belief below which it has seen nothing
_FAINT = 200  # grey level of whitened pages; what is darker is ink
_TAIL = (0.6, 3.4)  # of the height of letters: how wide marks behind a number are
_LETTER = 30  # pixels; the height of digits in the third look
_MARGIN = 16
_ALLOWED = "0123456789,./$-()"
_THREE_BEHIND = re.compile(r"([1-9]\d{0,2})\.(\d{3}(?:\(\d{1,2}\))*)")
_THREE_LAST = re.compile(r"(\$?\d{1,3}(?:,\d{3})*)([.,])(\d{3}(?:\(\d{1,2}\))*)")
_BARE = re.compile(r"(\$?)([1-9]\d{2,7})((?:\(\d{1,2}\))*)")
_MOST_DECIMALS = 4
_HEARD = 4.0  # times the network's belief in what the engine read, too
_RARE = 0.1  # odds of three decimals without a sign of currency to those that the network has learned from
_LETTERED = re.compile(r"\d\([a-z]\)|\d[A-Z]-?\d")  # "401(k)", "16a-3"
_HEADING = re.compile(r"\([ADI]\)")  # in the form's own headings
_SPOILT_DATE = re.compile(r"([01OoIl(])(\d)([.:;'/\-|_!I]?)(\d\d)([.:;'/\-|_!I]?)(\d{4})")
_SLASHES = (0.25, 0.53)  # of a date's width
_SLASH_NEAR = 0.06  # of that
_SLASH_GAP = 0.25  # of the height of letters
_WORDY = re.compile(r"[A-Za-z]{3}|[A-Za-z][a-z]")


def look_again(
    image: Image,
    segments: Sequence[Segment],
    words: list[Read],
    lines: Sequence[Reading | None],
    known: Container[int] = (),
) -> list[Read]:
    """The words of all runs, those of numbers, codes and marks as two or three readings together have them.

    `lines` are the network's readings of the segments; those of the numbers `known` are left out. `Read.agreement` is
    1.0 where two readings are the same, 0.0 where they differ, None where there was but one.
    """
    by_segment: dict[int, list[Read]] = {}
    for word in words:
        by_segment.setdefault(word.segment, []).append(word)
    typical = float(np.median([s.letter for s in segments])) if segments else 0.0
    olds = [sorted(by_segment.get(index, []), key=lambda w: w.x0) for index in range(len(segments))]
    out: list[Read] = []
    looked_at: dict[int, Reading] = {}
    looks = asked = 0
    for index, segment in enumerate(segments):
        if index in known:
            continue
        old, text = olds[index], "".join(word.text for word in olds[index])
        line = lines[index] if _is_asked(segment, old, typical) else None
        if line is None:
            if not segment.raised and len(segment.components) <= _LONGEST and _is_wordy(text, _belief(old)):
                old = _with_marks_behind(image, segment, index, old)
            out.extend(old)
            continue
        looked_at[index] = line
        if len(text) >= 2 and text.isalpha() and text.isupper():
            # capitals are no spoilt number: the other reading can only bear them out
            belief = line.belief_in(text)
            if belief >= _LIKELY:
                _agree(old, belief)
            out.extend(old)
            continue
        net = line.best(CHARACTERS, is_well_formed)
        changed = False
        if net is not None:
            with_comma = _rather_thousands(line, net.text)
            if with_comma is not None:
                changed = text == net.text
                net.text, net.belief = with_comma, max(_LIKELY * net.belief, line.belief_in(with_comma))
        if _is_wordy(text, _belief(old)) and not _is_rather_value(line, net, text):
            out.extend(_with_marks_behind(image, segment, index, old))
            continue
        if net is None or net.belief < _LEAST:
            for word in old:
                word.agreement = 0.0 if is_well_formed(text) else None
            out.extend(old)
            continue
        if not text and len(segment.components) < 2 and net.belief < _SURE:
            continue
        if net.text == text or {net.text, text} == {"1", "I"}:
            # which of the two an upright stroke is, the engine's line and its shape have told
            _agree(old, net.belief)
            out.extend(old)
            continue
        if changed or (net.text == _rather_thousands(line, text) and is_well_formed(text)):
            out.extend(_as_reads(segment, index, net, 0.9 * net.belief, 0.5))
            continue
        third = None
        if looks < _MOST and _needs_third(text, net):
            looks += 1
            third = _look(image, segment, index)
        reads = _decided(segment, index, old, net, third, line.belief_in(text) if is_well_formed(text) else 0.0)
        if asked < _MOST_ASKED and otherengine.is_installed() and _stays_doubtful(reads):
            asked += 1
            reads = _with_another(image, segment, index, reads, [text, net.text])
        out.extend(reads)
    out = _with_slashes(segments, out)
    _note_readings(out, looked_at, ["".join(word.text for word in old) for old in olds])
    return out


def _note_readings(reads: list[Read], lines: Mapping[int, Reading], engine_said: Sequence[str]) -> None:
    """Leaves on numbers what else their print may be, for those who know what stands around them."""
    by_segment: dict[int, list[Read]] = {}
    for read in reads:
        by_segment.setdefault(read.segment, []).append(read)
    for index, own in by_segment.items():
        line = lines.get(index)
        own.sort(key=lambda read: read.x0)
        said = "".join(read.text for read in own)
        if line is None or not _is_number(said):
            continue
        texts = list(dict.fromkeys([said, *_other_points(said), *filter(_is_number, (engine_said[index], *line.seen))]))
        if len(texts) == 1:
            continue
        beliefs = [
            belief * (_HEARD if text == engine_said[index] else 1.0)
            for text, belief in zip(texts, line.beliefs_in(texts), strict=True)
        ]
        seen = sorted(zip(texts, beliefs, strict=True), key=lambda each: -each[1])
        readings = readings_of_pieces(seen, [read.text for read in own]) if len(own) > 1 else [tuple(seen)]
        for read, each in zip(own, readings, strict=True):
            read.readings = each


def _is_number(text: str) -> bool:
    return is_value(text) and text[0] != "(" and "/" not in text and "-" not in text


def _other_points(text: str) -> Iterator[str]:
    """A number with its last separator as the other one, or with the point put in that it may have lost.

    >>> list(_other_points("1,310.258(2)")), list(_other_points("$1915"))
    (['1,310,258(2)'], ['$191.5', '$19.15', '$1.915'])
    """
    if match := _THREE_LAST.fullmatch(text):
        head, separator, last = match.groups()
        yield head + ("." if separator == "," else ",") + last
    elif match := _BARE.fullmatch(text):
        head, digits, tail = match.groups()
        for places in range(1, min(_MOST_DECIMALS, len(digits) - 1) + 1):
            yield f"{head}{digits[:-places]}.{digits[-places:]}{tail}"


def _is_asked(segment: Segment, old: Sequence[Read], typical: float) -> bool:
    """Whether a run may hold a number, date, code or mark, so that it is worth a second reading."""
    if segment.raised or len(segment.components) > _LONGEST or segment.letter < 0.6 * typical:
        return False
    text = "".join(word.text for word in old)
    if _HEADING.fullmatch(text) or _LETTERED.search(text):
        return False
    wordy = _is_wordy(text, _belief(old)) and (len(text) > 5 or len(segment.components) > 7)
    return not wordy or _belief(old) < _DOUBTFUL


def _with_slashes(segments: Sequence[Segment], words: list[Read]) -> list[Read]:
    """The words with dates mended whose slashes are lost: they are the thinnest strokes of a page.

    "02252025" is 02/25/2025 where wider gaps stand for the slashes; "(2:25.2028" is 02/25/2028 by its form.
    """
    by_segment: dict[int, list[Read]] = {}
    for word in words:
        by_segment.setdefault(word.segment, []).append(word)
    out: list[Read] = []
    for index, own in by_segment.items():
        own.sort(key=lambda word: word.x0)
        date = _date_in("".join(word.text for word in own), segments[index])
        if date is None or any(word.agreement == 1.0 and len(word.text) > 4 for word in own):
            out.extend(own)
            continue
        segment = segments[index]
        belief = 0.8 * _belief(own)
        out.append(Read(date, segment.x0, own[0].top, segment.x1, own[0].bottom, belief, index, 0.0))
    return out


def _date_in(text: str, segment: Segment) -> str | None:
    match = _SPOILT_DATE.fullmatch(text)
    if match is None:
        return None
    tens, units, first, day, second, year = match.groups()
    if first == second == "/" and tens in "01":
        return None  # nothing is spoilt
    if not (first and second):
        width = segment.x1 - segment.x0
        gaps = []
        right = segment.x0
        for x, _, w, _ in segment.components:
            if x - right > _SLASH_GAP * segment.letter:
                gaps.append(((right + x) / 2 - segment.x0) / width)
            right = max(right, x + w)
        for place, sign in zip(_SLASHES, (first, second), strict=True):
            if not sign and not any(abs(gap - place) < _SLASH_NEAR for gap in gaps):
                return None
    month = ("1" if tens in "Il1" else "0") + units
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31 and 1990 <= int(year) <= 2049):
        return None
    return f"{month}/{day}/{year}"


def _stays_doubtful(reads: Sequence[Read]) -> bool:
    return not reads or _belief(reads) < _UNSURE or any(read.agreement != 1.0 for read in reads)


def _with_another(image: Image, segment: Segment, index: int, reads: list[Read], texts: Sequence[str]) -> list[Read]:
    """The reading that another engine confirms; its own where no other is well-formed; else what there was."""
    crop = strip_of(image, (segment.x0, segment.top, segment.x1, segment.bottom), segment.others)
    text, belief = otherengine.read_crop(crop)
    text = text.replace(" ", "")
    said = "".join(read.text for read in reads)
    if text == said:
        _agree(reads, belief)
        return reads
    confirmed = text in texts
    if (
        not is_well_formed(text)
        or belief < _SURE
        or not (confirmed or belief > _belief(reads) or not is_well_formed(said))
    ):
        return reads
    step = (segment.x1 - segment.x0) / len(text)
    agreement = 1.0 if confirmed else 0.0
    return [
        Read(piece, segment.x0 + step * at, segment.top, segment.x0 + step * (at + len(piece)), segment.bottom,
             belief, index, agreement)
        for piece, at in split_word(text)
    ]  # fmt: skip


def _rather_thousands(line: Reading, text: str) -> str | None:
    """A number with three digits behind a lone point as one with a comma, unless the network is sure of the point.

    Commas of worn print have lost their tails, and hardly any price or share of the form has three decimals.
    """
    match = _THREE_BEHIND.fullmatch(text)
    if match is None:
        return None
    other = f"{match.group(1)},{match.group(2)}"
    return other if line.belief_in(other) > _RARE * line.belief_in(text) else None


def _is_rather_value(line: Reading, net: LineText | None, text: str) -> bool:
    """Whether what the engine took for a word ("agg" for 268) is rather a value: the network knows letters too."""
    return net is not None and net.belief >= _POSSIBLE and net.belief > _RATHER * line.belief_in(text)


def _is_wordy(text: str, belief: float) -> bool:
    """Whether a run is words rather than a spoilt number or code."""
    digits = sum(c.isdigit() for c in text)
    if digits or "$" in text:
        return bool(_WORDY.search(text)) and 2 * digits < len(text)
    letters = sum(c.isalpha() for c in text)
    return letters >= 3 or (bool(_WORDY.search(text)) and belief >= _UNSURE)


def _agree(words: Sequence[Read], belief: float) -> None:
    for word in words:
        word.confidence = 1 - (1 - word.confidence) * (1 - belief)
        word.agreement = 1.0


def _needs_third(text: str, net: LineText) -> bool:
    """Whether the engine should look at a run again, alone: two readings of it are well-formed, or none is likely."""
    if len(text) < 2 and len(net.text) < 2:
        return False
    if not any(c.isdigit() for c in text + net.text):
        return False
    return net.belief < (_SURE if is_well_formed(text) else _LIKELY)


def _belief(words: Sequence[Read]) -> float:
    return min((word.confidence for word in words), default=0.0)


def _decided(
    segment: Segment, index: int, old: list[Read], net: LineText, third: Read | None, other: float
) -> list[Read]:
    """What two or three differing readings of a run come to; `other` is the network's belief in the engine's."""
    text = "".join(word.text for word in old)
    if third is not None:
        if third.text[:1].isdigit() and net.text[:1] == "$":
            third.text = "$" + third.text
        if third.text == net.text:
            return _as_reads(segment, index, net, 1 - (1 - net.belief) * (1 - third.confidence), 1.0)
        if third.text == text and is_well_formed(text) and net.belief < _SURE:
            _agree(old, other)
            for word in old:
                word.agreement = 0.5
            return old
    if not is_well_formed(text) or net.belief >= max(_SURE, 2 * other):
        return _as_reads(segment, index, net, 0.9 * net.belief, 0.0)
    if net.belief > max(_belief(old), _LIKELY):
        return _as_reads(segment, index, net, 0.9 * net.belief, 0.0)
    for word in old:
        word.agreement = 0.0
    return old


def _as_reads(segment: Segment, index: int, net: LineText, belief: float, agreement: float) -> list[Read]:
    """The network's reading as words with boxes on the page, cut as tokens are."""
    out = []
    for piece, at in split_word(net.text):
        x0, x1 = net.places[at][0], net.places[at + len(piece) - 1][1]
        out.append(Read(piece, x0, segment.top, x1, segment.bottom, belief, index, agreement))
    return out


def _marks_read(marks: Sequence[Mark], segment: Segment, index: int) -> list[Read]:
    return [Read(m.text, m.x0, segment.top, m.x1, segment.bottom, m.belief, index) for m in marks]


def _with_marks_behind(image: Image, segment: Segment, index: int, old: list[Read]) -> list[Read]:
    """Words whose last was read with a footnote mark as quotes or brackets: `Footnotes")` is Footnotes (3)."""
    match = re.fullmatch(r"(.*[A-Za-z.])([^A-Za-z.,;:]{1,4})", old[-1].text) if old else None
    if match is None or MARKS.search(match.group(2)) or match.group(2) in (")", "-", "&"):
        return old
    tail = _tail_marks(image, segment)
    if tail is None or min(mark.belief for mark in tail[1]) < _LIKELY:
        return old
    last = old[-1]
    word = Read(match.group(1), last.x0, last.top, segment.x0 + tail[0], last.bottom, last.confidence, index)
    return [*old[:-1], word, *_marks_read(tail[1], segment, index)]


def _tail_marks(image: Image, segment: Segment) -> tuple[int, list[Mark]] | None:
    """The footnote marks at the end of a run, raised above its line, and the column in the run at which they begin."""
    strip = _strip(image, segment)
    foot = segment.baseline - segment.top
    best: tuple[int, list[Mark]] | None = None
    for x in reversed(cuts_of(strip, segment.letter)[1:-1]):
        width = strip.shape[1] - x
        if width > _TAIL[1] * segment.letter:
            break
        rows = np.flatnonzero((strip[:, x:] < _FAINT).any(1))
        if width < _TAIL[0] * segment.letter or not len(rows):
            continue
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        if bottom > foot - 0.1 * segment.letter or bottom - top < 0.45 * segment.letter:
            continue
        marks = read_marks(image, (segment.x0 + x, segment.top + top, segment.x1, segment.top + bottom))
        if marks and (best is None or marks[0].belief > best[1][0].belief):
            best = (x, marks)
    return best


def _strip(image: Image, segment: Segment) -> Image:
    """A run of a whitened page without the print of others in its box."""
    box = (segment.x0, segment.top, segment.x1, segment.bottom)
    return strip_of(image, box, segment.others, margin=0)


def _look(image: Image, segment: Segment, index: int) -> Read | None:
    import cv2
    import tesserocr

    crop = _strip(image, segment)
    scale = min(_LETTER / segment.letter, 3.0)
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    large = np.pad(large, _MARGIN, constant_values=255)
    api = engine()
    api.SetPageSegMode(tesserocr.PSM.SINGLE_LINE)
    api.SetVariable("tessedit_char_whitelist", _ALLOWED)
    try:
        height, width = large.shape
        api.SetImageBytes(large.tobytes(), width, height, 1, width)
        api.SetSourceResolution(300)
        api.Recognize()
        symbols = []
        iterator = api.GetIterator()
        for symbol in tesserocr.iterate_level(iterator, tesserocr.RIL.SYMBOL) if iterator else ():
            box = symbol.BoundingBox(tesserocr.RIL.SYMBOL)
            try:
                text = symbol.GetUTF8Text(tesserocr.RIL.SYMBOL).strip()
            except RuntimeError:  # a symbol without text
                continue
            if box and text:
                x0, x1 = (segment.x0 + (box[k] - _MARGIN) / scale for k in (0, 2))
                symbols.append((text, x0, x1))
        belief = api.MeanTextConf() / 100
    finally:
        api.SetVariable("tessedit_char_whitelist", "")
        api.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK)
    if not symbols:
        return None
    text = with_separators(symbols, segment)
    return Read(text, segment.x0, segment.top, segment.x1, segment.bottom, belief, index)
