"""The thin layer over PDFium's C functions: characters, widgets and pixels of a page, as plain data.

Raw calls on purpose: a Python object for each character or path costs more than reading the page. PDFium is not safe
to call from two threads, so everything here runs under one lock. Points are handed out as a viewer shows the page:
upright, from the page's top left, y downwards.
"""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from extractor.document import BBox, Page
from extractor.errors import DamagedInput, EncryptedInput

Affine = tuple[float, float, float, float, float, float]
"""x' = a*x + c*y + e, y' = b*x + d*y + f, in PDF's order."""

_LOCK = threading.RLock()
_MAX_WIDGETS = 2_000
_ANGLE_SAMPLES = 24
_DEVICE = 100_000  # PDFium maps to whole pixels: a fine raster keeps the page's matrix exact


def prototype(function: Any, *arguments: Any, result: Any = ctypes.c_int) -> Any:
    """The C function taking plain addresses as arguments, which spares an object for each call."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_VOID = ctypes.c_void_p
_loose_box = prototype(pdfium.FPDFText_GetLooseCharBox, _VOID, ctypes.c_int, _VOID)


@dataclass(slots=True)
class Chars:
    """The characters of a page: `text` of length n, `boxes` float32 (n, 4) as x0, top, x1, bottom in points.

    The boxes of blanks mean nothing.
    `angle` is the direction most of them run in as a viewer shows the page: 0, 90, 180 or 270 against the clock.
    """

    text: str
    boxes: np.ndarray[Any, Any]
    angle: int = 0


@dataclass(slots=True)
class Widget:
    """A check box or radio button of a form: its box in points and whether it is on."""

    bbox: BBox
    ticked: bool


class PdfFile:
    """An open PDF. Use it as a context manager; pages are opened by `page(index)`, likewise.

    Raises `EncryptedInput` where it asks for a password, `DamagedInput` where it has no page that can be read.
    """

    def __init__(self, data: bytes, path: str = "") -> None:
        self._data = data  # PDFium reads from it for as long as the document is open
        self._path = path
        with _LOCK:
            self._document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
            error = pdfium.FPDF_GetLastError() if not self._document else 0
        if not self._document:
            if error in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
                raise EncryptedInput(path, "the PDF asks for a password")
            raise DamagedInput(path, "the PDF is damaged beyond reading")
        self.page_count: int = pdfium.FPDF_GetPageCount(self._document)
        if self.page_count < 1:
            self.close()
            raise DamagedInput(path, "the PDF has no pages")

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the document back; safe to call twice."""
        if self._document:
            with _LOCK:
                pdfium.FPDF_CloseDocument(self._document)
            self._document = None

    @contextmanager
    def page(self, index: int) -> Iterator[PdfPage]:
        """The page at `index`, 0-based; `DamagedInput` where PDFium cannot load it."""
        with _LOCK:
            handle = pdfium.FPDF_LoadPage(self._document, index)
            if not handle:
                raise DamagedInput(self._path, f"page {index + 1} is damaged beyond reading")
            page = PdfPage(handle, self._document, index)
            try:
                yield page
            finally:
                page.close()


class PdfPage:
    """One open page of a PDF; `width` and `height` in points as a viewer shows it."""

    def __init__(self, handle: Any, document: Any, index: int) -> None:
        self.handle = handle
        self._document = document
        self._index = index
        self.width = float(pdfium.FPDF_GetPageWidthF(handle)) or 612.0
        self.height = float(pdfium.FPDF_GetPageHeightF(handle)) or 792.0
        self.rotation = 90 * int(pdfium.FPDFPage_GetRotation(handle))
        self.to_view = self._view_matrix()

    def close(self) -> None:
        """Give the page back; safe to call twice."""
        if self.handle:
            pdfium.FPDF_ClosePage(self.handle)
            self.handle = None

    def _view_matrix(self) -> Affine:
        """From the page's own coordinates to a viewer's, by three points: PDFium knows the boxes and the rotation."""
        x, y = ctypes.c_double(), ctypes.c_double()
        corners = []
        for device_x, device_y in ((0, 0), (_DEVICE, 0), (0, _DEVICE)):
            pdfium.FPDF_DeviceToPage(self.handle, 0, 0, _DEVICE, _DEVICE, 0, device_x, device_y, x, y)
            corners.append((x.value, y.value))
        (ox, oy), (rx, ry), (dx, dy) = corners
        # the page's vectors for one step right and one step down in the view, inverted
        right = ((rx - ox) / self.width, (ry - oy) / self.width)
        down = ((dx - ox) / self.height, (dy - oy) / self.height)
        det = right[0] * down[1] - right[1] * down[0]
        if not det:
            return (1.0, 0.0, 0.0, -1.0, 0.0, self.height)
        a, c = down[1] / det, -down[0] / det
        b, d = -right[1] / det, right[0] / det
        return (a, b, c, d, -(a * ox + c * oy), -(b * ox + d * oy))

    @property
    def object_count(self) -> int:
        """The objects drawn on the page, those within forms left out."""
        return max(0, int(pdfium.FPDFPage_CountObjects(self.handle)))

    # ------------------------------------------------------------------------------------------------- characters

    def chars(self, check: Callable[[int], None] | None = None, every_box: bool = False) -> Chars:
        """The text layer in the order it was written, line ends as they come from PDFium.

        `check` is asked with the number of characters before they are read, and may raise.
        `every_box` asks for the boxes of blanks and line ends too: where fonts lost their characters these may be ink.
        """
        text_page = pdfium.FPDFText_LoadPage(self.handle)
        if not text_page:
            return Chars("", np.zeros((0, 4), np.float32))
        try:
            count = max(0, pdfium.FPDFText_CountChars(text_page))
            if check:
                check(count)
            if not count:
                return Chars("", np.zeros((0, 4), np.float32))
            text = self._text(text_page, count)
            raw = np.zeros((count, 4), np.float32)
            first: int = raw.ctypes.data
            handle = ctypes.cast(text_page, _VOID).value
            # blanks and line ends need no box: they end a word wherever they lie
            codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
            inked = np.flatnonzero(((codes != 32) & (codes != 10) & (codes != 13)) | every_box)
            deque(map(_loose_box, repeat(handle), inked.tolist(), (first + 16 * inked).tolist()), maxlen=0)
            angle = self._angle(text_page, count)
        finally:
            pdfium.FPDFText_ClosePage(text_page)
        return Chars(text, self._view_boxes(raw), angle)

    def fonts(self) -> list[int]:
        """A number for the font of each character of `chars`, equal for equal names; slow, for rare pages.

        -1 where PDFium made the character up: blanks and line ends that the page does not hold.
        """
        text_page = pdfium.FPDFText_LoadPage(self.handle)
        if not text_page:
            return []
        try:
            known: dict[bytes, int] = {}
            numbers = []
            name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
            for index in range(max(0, pdfium.FPDFText_CountChars(text_page))):
                made_up = pdfium.FPDFText_IsGenerated(text_page, index)
                size = 0 if made_up else pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
                numbers.append(known.setdefault(name.raw[:size], len(known)) if size else -1)
            return numbers
        finally:
            pdfium.FPDFText_ClosePage(text_page)

    @staticmethod
    def _text(text_page: Any, count: int) -> str:
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
        codes = np.frombuffer(bytes(buffer), np.uint16, count)
        if written == count + 1 and not ((codes >= 0xD800) & (codes < 0xE000)).any() and codes.all():
            return codes.tobytes().decode("utf-16-le")
        # characters without a code, or beyond 16 bits, shift the buffer: ask for each
        one = pdfium.FPDFText_GetUnicode
        points = [one(text_page, index) for index in range(count)]
        return "".join(chr(p) if 0 < p < 0x110000 and not 0xD800 <= p < 0xE000 else "\ufffd" for p in points)

    def _view_boxes(self, raw: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """FS_RECTF rows (left, top, right, bottom of the page's own space) as x0, top, x1, bottom of the view."""
        a, b, c, d, e, f = self.to_view
        x = np.stack([a * raw[:, 0] + c * raw[:, 1] + e, a * raw[:, 2] + c * raw[:, 3] + e])
        y = np.stack([b * raw[:, 0] + d * raw[:, 1] + f, b * raw[:, 2] + d * raw[:, 3] + f])
        return np.stack([x.min(0), y.min(0), x.max(0), y.max(0)], axis=1).astype(np.float32)

    def _angle(self, text_page: Any, count: int) -> int:
        """The direction most characters run in, by a sample."""
        votes = [0, 0, 0, 0]
        for index in range(0, count, max(1, count // _ANGLE_SAMPLES)):
            angle = pdfium.FPDFText_GetCharAngle(text_page, index)
            if angle >= 0:
                votes[round(-angle / (np.pi / 2)) % 4] += 1  # PDFium counts with the clock
        return (90 * votes.index(max(votes)) - self.rotation) % 360 if any(votes) else 0

    # ------------------------------------------------------------------------------------------------- forms, pixels

    def widgets(self) -> list[Widget]:
        """Check boxes and radio buttons of an interactive form on this page."""
        found: list[Widget] = []
        for index in range(min(max(0, pdfium.FPDFPage_GetAnnotCount(self.handle)), _MAX_WIDGETS)):
            annot = pdfium.FPDFPage_GetAnnot(self.handle, index)
            if not annot:
                continue
            try:
                if pdfium.FPDFAnnot_GetSubtype(annot) != pdfium.FPDF_ANNOT_WIDGET:
                    continue
                state = _annot_string(annot, b"AS")
                rect = pdfium.FS_RECTF()
                # only buttons with two appearances have a state
                if state and pdfium.FPDFAnnot_GetRect(annot, rect):
                    box = self._view_boxes(np.array([[rect.left, rect.top, rect.right, rect.bottom]], np.float32))[0]
                    found.append(Widget((float(box[0]), float(box[1]), float(box[2]), float(box[3])), state != "Off"))
            finally:
                pdfium.FPDFPage_CloseAnnot(annot)
        return found

    def flatten(self) -> None:
        """Make what annotations show part of the page, so that values filled into a form are read as its text."""
        if pdfium.FPDFPage_GetAnnotCount(self.handle) < 1:
            return
        if pdfium.FPDFPage_Flatten(self.handle, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
            return
        again = pdfium.FPDF_LoadPage(self._document, self._index)
        if again:
            pdfium.FPDF_ClosePage(self.handle)
            self.handle = again

    def render(self, dpi: float) -> np.ndarray[Any, Any]:
        """The page as grey levels, uint8 (rows, columns), white where nothing is drawn."""
        width = max(1, round(self.width * dpi / 72))
        height = max(1, round(self.height * dpi / 72))
        pixels = np.full((height, width), 255, np.uint8)
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, pixels.ctypes.data, width)
        try:
            flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
            pdfium.FPDF_RenderPageBitmap(bitmap, self.handle, 0, 0, width, height, 0, flags)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return pixels


def _annot_string(annot: Any, key: bytes) -> str:
    length = pdfium.FPDFAnnot_GetStringValue(annot, key, None, 0)
    if length <= 2:
        return ""
    buffer = (ctypes.c_ushort * (length // 2))()
    pdfium.FPDFAnnot_GetStringValue(annot, key, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


def turn_chars(chars: Chars, page: Page) -> Chars:
    """Characters that run sideways or upside down, turned upright; `page` gets its new size and way back."""
    angle, width, height = chars.angle, page.width, page.height
    x0, top, x1, bottom = chars.boxes.T
    if angle == 90:  # written upwards: turn with the clock
        boxes = np.stack([height - bottom, x0, height - top, x1], axis=1)
        page.width, page.height, page.to_original = height, width, (0, 1, 0, -1, 0, height, 0, 0, 1)
    elif angle == 270:
        boxes = np.stack([top, width - x1, bottom, width - x0], axis=1)
        page.width, page.height, page.to_original = height, width, (0, -1, width, 1, 0, 0, 0, 0, 1)
    else:
        boxes = np.stack([width - x1, height - bottom, width - x0, height - top], axis=1)
        page.to_original = (-1, 0, width, 0, -1, height, 0, 0, 1)
    return Chars(chars.text, boxes.astype(np.float32))
