"""What is drawn on a page of a PDF: visible paths and images with their corners in points, form objects opened up."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat

import pypdfium2.raw as pdfium

from extractor.document import BBox
from extractor.readers.pdfium import Affine, PdfPage, prototype

_MAX_SEGMENTS = 64  # paths with more are drawings, of which only the bounds matter
_MAX_DEPTH = 8  # of form objects within form objects
_THIN = 4.0  # a filled path no thicker than this is a line, whatever its corners
_WHITE = 240  # a fill no darker than this cannot be seen on paper
_FAINT = 24  # nor one with less alpha than this

Point = tuple[float, float]


@dataclass(slots=True)
class Drawn:
    """One painted path or image; all measures in points of the page as a viewer shows it.

    `subpaths` are its corners, empty for images, for thin fills (the box says all) and where there are too many to
    matter. `curved` says that it has Bézier curves. `width` is the stroke's width, 0 for a fill. `light` is a fill or
    stroke that cannot be seen on white paper.
    """

    kind: str  # "fill", "stroke" or "image"
    bbox: BBox
    subpaths: list[list[Point]] = field(default_factory=list)
    curved: bool = False
    width: float = 0.0
    light: bool = False


@dataclass(slots=True)
class PageObjects:
    """What is drawn on a page, in painting order, and what its text objects look like.

    `largest_image` is the size in pixels of the largest image, as the file states it. `last_text` and `last_image` are
    the places of the last of each in painting order, -1 where there is none.
    """

    drawn: list[Drawn] = field(default_factory=list)
    text_count: int = 0
    invisible_text: int = 0
    last_text: int = -1
    last_image: int = -1
    seen: int = 0
    largest_image: tuple[int, int] = (0, 0)


_VOID = ctypes.c_void_p
_TEXT, _PATH = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH
_IMAGE, _FORM = pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM
_page_object = prototype(pdfium.FPDFPage_GetObject, _VOID, ctypes.c_int, result=_VOID)
_form_object = prototype(pdfium.FPDFFormObj_GetObject, _VOID, ctypes.c_ulong, result=_VOID)
_count_form_objects = prototype(pdfium.FPDFFormObj_CountObjects, _VOID)
_object_type = prototype(pdfium.FPDFPageObj_GetType, _VOID)
_render_mode = prototype(pdfium.FPDFTextObj_GetTextRenderMode, _VOID)
_bounds = prototype(pdfium.FPDFPageObj_GetBounds, _VOID, _VOID, _VOID, _VOID, _VOID)
_fill_color = prototype(pdfium.FPDFPageObj_GetFillColor, _VOID, _VOID, _VOID, _VOID, _VOID)
_stroke_color = prototype(pdfium.FPDFPageObj_GetStrokeColor, _VOID, _VOID, _VOID, _VOID, _VOID)
_stroke_width = prototype(pdfium.FPDFPageObj_GetStrokeWidth, _VOID, _VOID)
_draw_mode = prototype(pdfium.FPDFPath_GetDrawMode, _VOID, _VOID, _VOID)
_count_segments = prototype(pdfium.FPDFPath_CountSegments, _VOID)
_segment = prototype(pdfium.FPDFPath_GetPathSegment, _VOID, ctypes.c_int, result=_VOID)
_segment_type = prototype(pdfium.FPDFPathSegment_GetType, _VOID)
_segment_closes = prototype(pdfium.FPDFPathSegment_GetClose, _VOID)
_segment_point = prototype(pdfium.FPDFPathSegment_GetPoint, _VOID, _VOID, _VOID)
_pixel_size = prototype(pdfium.FPDFImageObj_GetImagePixelSize, _VOID, _VOID, _VOID)
_matrix = prototype(pdfium.FPDFPageObj_GetMatrix, _VOID, _VOID)


def page_objects(page: PdfPage, limit: int = 30_000) -> PageObjects:
    """Everything drawn on the page; at most `limit` objects are looked at."""
    found = PageObjects()
    handle = ctypes.cast(page.handle, _VOID).value
    count = max(0, pdfium.FPDFPage_CountObjects(page.handle))
    objects = map(_page_object, repeat(handle), range(min(count, limit)))
    _collect(objects, page.to_view, found, limit, 0)
    return found


def _collect(objects: Iterable[int | None], to_view: Affine, found: PageObjects, limit: int, depth: int) -> None:
    reader = _ObjectReader(to_view)
    for handle in objects:
        if found.seen >= limit:
            return
        found.seen += 1
        if handle is None:
            continue
        kind = _object_type(handle)
        if kind == _TEXT:
            found.text_count += 1
            found.last_text = found.seen
            # asking each text object costs too much on born-digital pages, and a layer is all of one kind
            if found.text_count % 8 == 1 and _render_mode(handle) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                found.invisible_text += 8
        elif kind == _PATH:
            path = reader.path(handle)
            if path is not None:
                found.drawn.append(path)
        elif kind == _IMAGE:
            found.last_image = found.seen
            found.largest_image = max(found.largest_image, reader.pixels(handle), key=lambda size: size[0] * size[1])
            found.drawn.append(Drawn("image", reader.bounds(handle)))
        elif kind == _FORM and depth < _MAX_DEPTH:
            inner = map(_form_object, repeat(handle), range(max(0, _count_form_objects(handle))))
            _collect(inner, _multiply(reader.matrix(handle), to_view), found, limit, depth + 1)


class _ObjectReader:
    """Reads page objects through buffers that are made once."""

    def __init__(self, to_view: Affine) -> None:
        self._to_view = to_view
        self._floats = (ctypes.c_float * 6)()
        first = ctypes.addressof(self._floats)
        self._at = [first + 4 * k for k in range(6)]
        self._ints = (ctypes.c_int * 4)()
        first = ctypes.addressof(self._ints)
        self._int_at = [first + 4 * k for k in range(4)]

    def pixels(self, handle: int) -> tuple[int, int]:
        """Width and height of an image object in pixels; (0, 0) where it does not say."""
        ok = _pixel_size(handle, self._int_at[0], self._int_at[1])
        return (self._ints[0], self._ints[1]) if ok else (0, 0)

    def matrix(self, handle: int) -> Affine:
        """The object's own matrix; the identity where it has none."""
        if not _matrix(handle, self._at[0]):
            return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        a, b, c, d, e, f = self._floats
        return (a, b, c, d, e, f)

    def bounds(self, handle: int) -> BBox:
        """The object's box; empty where PDFium knows none. Strokes count with their width."""
        at = self._at
        if not _bounds(handle, at[0], at[1], at[2], at[3]):
            return (0.0, 0.0, 0.0, 0.0)
        left, bottom, right, top, _, _ = self._floats
        a, b, c, d, e, f = self._to_view
        if b == 0 == c:
            x0, x1, y0, y1 = a * left + e, a * right + e, d * top + f, d * bottom + f
            return (x0 if x0 < x1 else x1, y0 if y0 < y1 else y1, x1 if x0 < x1 else x0, y1 if y0 < y1 else y0)
        xs = [a * x + c * y + e for x in (left, right) for y in (top, bottom)]
        ys = [b * x + d * y + f for x in (left, right) for y in (top, bottom)]
        return (min(xs), min(ys), max(xs), max(ys))

    def path(self, handle: int) -> Drawn | None:
        """The path as painted; None where it only clips or has no extent."""
        ints, int_at = self._ints, self._int_at
        if not _draw_mode(handle, int_at[0], int_at[1]):
            return None
        fill, stroke = ints[0], ints[1]
        if not fill and not stroke:
            return None
        box = self.bounds(handle)
        color = _stroke_color if stroke else _fill_color
        light = False
        if color(handle, int_at[0], int_at[1], int_at[2], int_at[3]):
            red, green, blue, alpha = ints
            light = alpha < _FAINT or min(red, green, blue) > _WHITE
        width, height = box[2] - box[0], box[3] - box[1]
        segments = _count_segments(handle)
        if (not stroke and min(width, height) <= _THIN and segments <= 6) or segments > _MAX_SEGMENTS:
            return Drawn("fill" if not stroke else "stroke", box, light=light)
        path = Drawn("stroke" if stroke else "fill", box, light=light)
        to_view = _multiply(self.matrix(handle), self._to_view)
        if stroke and _stroke_width(handle, self._at[0]):
            path.width = self._floats[0] * _scale(to_view)
        self._read_segments(handle, segments, to_view, path)
        if stroke and path.subpaths and not path.curved:
            # PDFium's bounds of strokes are too wide where corners are mitred
            xs = [x for subpath in path.subpaths for x, _ in subpath]
            ys = [y for subpath in path.subpaths for _, y in subpath]
            half = path.width / 2
            path.bbox = (min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half)
        return path

    def _read_segments(self, handle: int, count: int, to_view: Affine, path: Drawn) -> None:
        a, b, c, d, e, f = to_view
        floats, x_at, y_at = self._floats, self._at[0], self._at[1]
        current: list[Point] = []
        for index in range(count):
            segment = _segment(handle, index)
            if not segment:
                continue
            _segment_point(segment, x_at, y_at)
            x, y = floats[0], floats[1]
            point = (a * x + c * y + e, b * x + d * y + f)
            kind = _segment_type(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                current = [point]
                path.subpaths.append(current)
                continue
            if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
                path.curved = True
            current.append(point)
            if _segment_closes(segment) and current and current[0] != point:
                current.append(current[0])


def _multiply(first: Affine, then: Affine) -> Affine:
    a1, b1, c1, d1, e1, f1 = first
    a2, b2, c2, d2, e2, f2 = then
    return (
        a1 * a2 + b1 * c2,
        a1 * b2 + b1 * d2,
        c1 * a2 + d1 * c2,
        c1 * b2 + d1 * d2,
        e1 * a2 + f1 * c2 + e2,
        e1 * b2 + f1 * d2 + f2,
    )


def _scale(matrix: Affine) -> float:
    return abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
