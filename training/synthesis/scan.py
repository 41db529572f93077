"""Printed pages as scans: skewed, curled, lit unevenly, blurred, thresholded; the way back is known exactly."""

from __future__ import annotations

import io
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor.document import BBox

Image = NDArray[np.uint8]
Points = NDArray[np.float32]

LEVELS = {"office": 50, "photocopy": 35, "fax": 15}
"""Scan levels with their weights."""

_POINT = 72.0


@dataclass(slots=True)
class Warp:
    """Where a pixel of the scan comes from. `angle` in radians about the middle; a sine curls lines up and down."""

    width: float
    height: float
    angle: float
    curl: float
    waves: float
    phase: float
    shift: tuple[float, float]

    def to_source(
        self, x: NDArray[np.float32], y: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Source points of scan points, both in the same unit."""
        y = y - (self.curl * np.sin(2 * math.pi * self.waves * x / self.width + self.phase)).astype(np.float32)
        cx, cy = self.width / 2, self.height / 2
        dx, dy = x - cx - self.shift[0], y - cy - self.shift[1]
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return cx + cos * dx + sin * dy, cy - sin * dx + cos * dy

    def box_to_source(self, box: BBox) -> BBox:
        """A box of the scan on the page as it was printed; its size is kept, its middle moved."""
        x = np.array([(box[0] + box[2]) / 2], dtype=np.float32)
        y = np.array([(box[1] + box[3]) / 2], dtype=np.float32)
        sx, sy = self.to_source(x, y)
        w, h = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        return (float(sx[0]) - w, float(sy[0]) - h, float(sx[0]) + w, float(sy[0]) + h)


@dataclass(slots=True)
class Scan:
    """An image-only PDF and, for each page, the warp in points."""

    pdf: bytes
    warps: list[Warp]
    level: str

    def to_page(self, number: int, box: BBox) -> BBox:
        return self.warps[number - 1].box_to_source(box)


def scan_pdf(rng: random.Random, pdf: bytes, level: str | None = None) -> Scan:
    """Scan every page of a PDF with the same machine."""
    dpi, images, warps, level, quality = _scanned(rng, pdf, level)
    return Scan(_image_pdf(images, dpi, quality), warps, level)


def scan_pages(rng: random.Random, pdf: bytes, level: str | None = None) -> tuple[int, list[Image], Scan]:
    """The scanned pages as images: (dots an inch, images, the scan with its warps but without a PDF)."""
    dpi, images, warps, level, _ = _scanned(rng, pdf, level)
    return dpi, images, Scan(b"", warps, level)


def _scanned(rng: random.Random, pdf: bytes, level: str | None) -> tuple[int, list[Image], list[Warp], str, int]:
    """(dots an inch, images, warps in points, level, JPEG quality)."""
    level = level or rng.choices(list(LEVELS), list(LEVELS.values()))[0]
    dpi = {"office": rng.choice((200, 200, 300)), "photocopy": 200, "fax": 204}[level]
    machine = _Machine.of(rng, level)
    warps: list[Warp] = []
    images: list[Image] = []
    for image in render(pdf, dpi):
        warp = _warp(rng, level, image.shape[1], image.shape[0])
        noise = np.random.default_rng(rng.getrandbits(32))
        images.append(machine.degrade(noise, _apply(image, warp)))
        scale = _POINT / dpi
        warps.append(
            Warp(
                warp.width * scale,
                warp.height * scale,
                warp.angle,
                warp.curl * scale,
                warp.waves,
                warp.phase,
                (warp.shift[0] * scale, warp.shift[1] * scale),
            )
        )
    return dpi, images, warps, level, machine.quality


def render(pdf: bytes, dpi: int) -> list[Image]:
    """The pages of a PDF in grey."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmaps = [page.render(scale=dpi / _POINT, grayscale=True).to_numpy() for page in document]
        return [np.ascontiguousarray(bitmap.reshape(bitmap.shape[:2])) for bitmap in bitmaps]
    finally:
        document.close()


def _warp(rng: random.Random, level: str, width: int, height: int) -> Warp:
    most = {"office": 0.5, "photocopy": 1.5, "fax": 0.8}[level]
    curl = {"office": 0.0, "photocopy": rng.uniform(0.0, 5.0), "fax": 0.0}[level]
    angle = math.radians(max(-most, min(most, rng.gauss(0, most / 2))))
    shift = (rng.uniform(-6, 6), rng.uniform(-6, 6))
    return Warp(width, height, angle, curl, rng.uniform(0.3, 0.8), rng.uniform(0, 6.28), shift)


def _apply(image: Image, warp: Warp) -> Image:
    import cv2

    height, width = image.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    sx, sy = warp.to_source(x, y)
    out = cv2.remap(
        image,
        sx.astype(np.float32),
        sy.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255,),
    )
    return np.asarray(out, dtype=np.uint8)


@dataclass(slots=True)
class _Machine:
    """What one scanner does to every page."""

    blur: float
    noise: float
    paper: float
    ink: float
    uneven: float
    bilevel: bool
    specks: float
    quality: int

    @classmethod
    def of(cls, rng: random.Random, level: str) -> _Machine:
        if level == "office":
            return cls(
                rng.uniform(0.3, 0.7),
                rng.uniform(2, 7),
                rng.uniform(240, 255),
                rng.uniform(10, 60),
                4.0,
                False,
                0.0,
                85,
            )
        if level == "photocopy":
            return cls(
                rng.uniform(0.6, 1.1),
                rng.uniform(8, 18),
                rng.uniform(215, 245),
                rng.uniform(20, 90),
                rng.uniform(15, 45),
                False,
                rng.uniform(0, 0.0006),
                rng.randint(50, 75),
            )
        return cls(
            rng.uniform(0.5, 0.9), rng.uniform(6, 16), 245.0, 20.0, rng.uniform(0, 15), True, rng.uniform(0, 0.001), 90
        )

    def degrade(self, noise: np.random.Generator, image: Image) -> Image:
        import cv2

        height, width = image.shape
        page = cv2.GaussianBlur(image, (0, 0), self.blur).astype(np.float32)
        page = self.ink + page * ((self.paper - self.ink) / 255.0)
        if self.uneven:
            x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
            y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
            a, b, c = noise.uniform(-1, 1, 3)
            page -= self.uneven * np.clip(a * x + b * y + c * x * y, 0, 2).astype(np.float32)
        page += noise.normal(0, self.noise, page.shape).astype(np.float32)
        if self.specks:
            page[noise.random(page.shape) < self.specks] = 0
        if self.bilevel:
            page = np.where(page < noise.uniform(130, 175), 0, 255).astype(np.float32)
        return np.clip(page, 0, 255).astype(np.uint8)


def _image_pdf(images: Sequence[Image], dpi: int, quality: int) -> bytes:
    from PIL import Image as Pillow

    pages = [Pillow.fromarray(image) for image in images]
    out = io.BytesIO()
    epoch = time.gmtime(0)  # the same scan gives the same bytes
    pages[0].save(
        out,
        "PDF",
        resolution=float(dpi),
        save_all=True,
        append_images=pages[1:],
        quality=quality,
        creationDate=epoch,
        modDate=epoch,
    )
    return out.getvalue()
