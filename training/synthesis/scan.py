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

_POINT = 72.0


@dataclass(frozen=True, slots=True)
class Level:
    """A severity: its weight in a mix, resolutions, the most skew in degrees and curl in points, and what else befalls.

    `rows` is the vertical resolution where it is coarser than the horizontal one. `turned`, `border`, `header` and
    `stamp` are the shares of pages turned by a quarter, with the black rim of an open lid, with the line that a fax
    machine prints at the top, with a stamp across the page.
    """

    weight: float
    resolutions: tuple[int, ...]
    skew: float
    curl: float = 0.0
    rows: int | None = None
    turned: float = 0.0
    border: float = 0.0
    header: float = 0.0
    stamp: float = 0.0


LEVELS: dict[str, Level] = {
    "office": Level(38, (200, 200, 300), 0.5, turned=0.03, stamp=0.05),
    "photocopy": Level(24, (200,), 1.5, 5.0, border=0.25, stamp=0.1),
    "worn": Level(6, (200, 300), 2.0, 3.0, border=0.4),
    "faint": Level(6, (200, 300), 0.8, border=0.1),
    "bilevel": Level(8, (200, 300), 0.8, turned=0.03, border=0.2),
    "fax": Level(9, (204,), 0.8, header=0.7, stamp=0.05),
    "fax_standard": Level(3, (204,), 0.8, rows=98, header=0.7),
    "photo": Level(6, (170, 220), 2.5, 9.0),
}
"""Scan levels: an office scanner, a copy, a copy of a copy, low contrast, black and white, a fax in fine and standard
resolution, a photo of a page."""


@dataclass(slots=True)
class Warp:
    """Where a pixel of the scan comes from. `angle` in radians about the middle; a sine curls lines up and down.

    `turns` quarter turns against the clock were made last; width and height are those before it.
    """

    width: float
    height: float
    angle: float
    curl: float
    waves: float
    phase: float
    shift: tuple[float, float]
    turns: int = 0

    def unturned(self, x: float, y: float) -> tuple[float, float]:
        """A point of the turned scan before it was turned."""
        turned = {
            0: (x, y),
            1: (self.width - y, x),
            2: (self.width - x, self.height - y),
            3: (y, self.height - x),
        }
        return turned[self.turns % 4]

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
        ux, uy = self.unturned((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        sx, sy = self.to_source(np.array([ux], dtype=np.float32), np.array([uy], dtype=np.float32))
        w, h = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        if self.turns % 2:
            w, h = h, w
        return (float(sx[0]) - w, float(sy[0]) - h, float(sx[0]) + w, float(sy[0]) + h)


@dataclass(slots=True)
class Scan:
    """An image-only PDF and, for each page, the warp in points."""

    pdf: bytes
    warps: list[Warp]
    level: str

    def to_page(self, number: int, box: BBox) -> BBox:
        return self.warps[number - 1].box_to_source(box)


def scan_pdf(
    rng: random.Random, pdf: bytes, level: str | None = None, dpi: int | None = None, turns: int | None = None
) -> Scan:
    """Scan every page of a PDF with the same machine, at `dpi` and turned by `turns` quarters where they are given."""
    level = level or rng.choices(list(LEVELS), [each.weight for each in LEVELS.values()])[0]
    images, warps, dpi, machine = scan_images(rng, pdf, level, dpi, turns)
    return Scan(_image_pdf(images, dpi, machine.quality, machine.bilevel), _in_points(warps, dpi), level)


def scan_pages(rng: random.Random, pdf: bytes, level: str | None = None) -> tuple[int, list[Image], Scan]:
    """The scanned pages, upright: (dots an inch, images, the scan with its warps but without a PDF)."""
    level = level or rng.choices(list(LEVELS), [each.weight for each in LEVELS.values()])[0]
    images, warps, dpi, _ = scan_images(rng, pdf, level, turns=0)
    return dpi, images, Scan(b"", _in_points(warps, dpi), level)


def _in_points(warps: Sequence[Warp], dpi: int) -> list[Warp]:
    scale = _POINT / dpi
    return [
        Warp(w.width * scale, w.height * scale, w.angle, w.curl * scale, w.waves, w.phase,
             (w.shift[0] * scale, w.shift[1] * scale), w.turns)
        for w in warps
    ]  # fmt: skip


def scan_images(
    rng: random.Random, pdf: bytes, level: str, dpi: int | None = None, turns: int | None = None
) -> tuple[list[Image], list[Warp], int, _Machine]:
    """The pages of a PDF as scanned, grey levels, with their warps in pixels, their resolution and the machine."""
    kind = LEVELS[level]
    dpi = dpi or rng.choice(kind.resolutions)
    machine = _Machine.of(rng, level)
    turned = rng.randint(1, 3) if rng.random() < kind.turned else 0
    turns = turned if turns is None else turns
    border, header, stamp = (rng.random() < share for share in (kind.border, kind.header, kind.stamp))
    images, warps = [], []
    for number, image in enumerate(render(pdf, dpi), 1):
        warp = _warp(rng, kind, image.shape[1], image.shape[0], dpi)
        noise = np.random.default_rng(rng.getrandbits(32))
        page = _apply(image, warp)
        if stamp and number == 1:
            _stamp(rng, page, dpi)
        if header:
            _fax_header(rng, page, dpi, number)
        if border:
            _border(rng, page, dpi)
        if kind.rows:
            page = _coarse(page, kind.rows / dpi)
        page = machine.degrade(noise, page, dpi)
        if kind.rows:
            import cv2

            page = np.asarray(cv2.resize(page, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST))
        warp.turns = turns
        images.append(np.ascontiguousarray(np.rot90(page, turns)) if turns % 4 else page)
        warps.append(warp)
    return images, warps, dpi, machine


def _coarse(page: Image, rows: float) -> Image:
    import cv2

    return np.asarray(cv2.resize(page, None, fx=1, fy=rows, interpolation=cv2.INTER_AREA))


def _fax_header(rng: random.Random, page: Image, dpi: int, number: int) -> None:
    """The line of date, sender and page that a receiving machine prints at the top."""
    import cv2

    text = (
        f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/{rng.randint(1998, 2024)} {rng.randint(7, 19):02d}:"
        f"{rng.randint(0, 59):02d} FAX 555 {rng.randint(1000, 9999)}  QUILLON HARBOR LLP  P.{number:03d}"
    )
    at = (round(rng.uniform(0.4, 1.2) * dpi), round(rng.uniform(0.12, 0.3) * dpi))
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_PLAIN, dpi / 150, (30,), max(1, dpi // 150), cv2.LINE_AA)


def _stamp(rng: random.Random, page: Image, dpi: int) -> None:
    """A stamp in a slanting frame, grey, somewhere on the page: it may lie over print."""
    import cv2

    width, height = round(1.9 * dpi), round(0.55 * dpi)
    stamp = np.full((height, width), 255, np.uint8)
    cv2.rectangle(stamp, (3, 3), (width - 4, height - 4), (0,), max(2, dpi // 70))
    word = rng.choice(("RECEIVED", "COPY", "FILED", "SCANNED"))
    cv2.putText(stamp, word, (round(0.1 * dpi), round(0.4 * dpi)), cv2.FONT_HERSHEY_DUPLEX, dpi / 110, (0,), 2)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-12, 12), 1)
    stamp = np.asarray(cv2.warpAffine(stamp, turn, (width, height), borderValue=(255,)))
    x = rng.randint(0, max(1, page.shape[1] - width - 1))
    y = rng.randint(0, max(1, page.shape[0] - height - 1))
    grey = rng.randint(120, 190)
    area = page[y : y + height, x : x + width]
    area[stamp < 128] = np.minimum(area[stamp < 128], grey)


def _border(rng: random.Random, page: Image, dpi: int) -> None:
    """The black rim that a copier leaves where the lid stood open."""
    for side in rng.sample(("left", "right", "top", "bottom"), rng.randint(1, 4)):
        reach = round(rng.uniform(0.03, 0.22) * dpi)
        index: tuple[slice, slice] = {
            "left": (slice(None), slice(0, reach)),
            "right": (slice(None), slice(-reach, None)),
            "top": (slice(0, reach), slice(None)),
            "bottom": (slice(-reach, None), slice(None)),
        }[side]
        page[index] = rng.randint(0, 40)


def degraded(rng: random.Random, pdf: bytes, level: str) -> tuple[Image, int]:
    """The first page of a PDF as a scanner of that level gives it, but neither turned nor bent, and its resolution."""
    dpi = rng.choice(LEVELS[level].resolutions)
    noise = np.random.default_rng(rng.getrandbits(32))
    return _Machine.of(rng, level).degrade(noise, render(pdf, dpi)[0], dpi), dpi


def render(pdf: bytes, dpi: int) -> list[Image]:
    """The pages of a PDF in grey."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmaps = [page.render(scale=dpi / _POINT, grayscale=True).to_numpy() for page in document]
        return [np.ascontiguousarray(bitmap.reshape(bitmap.shape[:2])) for bitmap in bitmaps]
    finally:
        document.close()


def _warp(rng: random.Random, level: Level, width: int, height: int, dpi: int) -> Warp:
    angle = math.radians(max(-level.skew, min(level.skew, rng.gauss(0, level.skew / 2))))
    curl = rng.uniform(0.0, level.curl) * dpi / 200
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
        between = rng.uniform
        if level == "office":
            return cls(between(0.3, 0.7), between(2, 7), between(240, 255), between(10, 60), 4.0, False, 0.0, 85)
        if level == "photocopy":
            return cls(
                between(0.6, 1.1), between(8, 18), between(215, 245), between(20, 90), between(15, 45), False,
                between(0, 0.0006), rng.randint(50, 75),
            )  # fmt: skip
        if level == "worn":
            return cls(
                between(0.9, 1.4), between(10, 20), between(220, 245), between(30, 80), between(10, 40), False,
                between(0.0002, 0.0012), rng.randint(45, 70),
            )  # fmt: skip
        if level == "faint":
            return cls(
                between(0.4, 0.8), between(4, 9), between(228, 250), between(120, 165), between(5, 20), False, 0.0,
                rng.randint(60, 85),
            )  # fmt: skip
        if level == "photo":
            return cls(
                between(0.5, 1.0), between(3, 9), between(190, 235), between(25, 70), between(40, 90), False, 0.0,
                rng.randint(60, 85),
            )  # fmt: skip
        if level == "bilevel":
            return cls(between(0.3, 0.6), between(3, 9), 250.0, 15.0, between(0, 8), True, between(0, 0.0004), 90)
        return cls(between(0.5, 0.9), between(6, 16), 245.0, 20.0, between(0, 15), True, between(0, 0.001), 90)

    def degrade(self, noise: np.random.Generator, image: Image, dpi: int = 200) -> Image:
        """The page as this machine gives it; blur is as much paper at every resolution."""
        import cv2

        height, width = image.shape
        page = cv2.GaussianBlur(image, (0, 0), self.blur * max(0.6, dpi / 200)).astype(np.float32)
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


def _image_pdf(images: Sequence[Image], dpi: int, quality: int, bilevel: bool = False) -> bytes:
    """One image a page: JPEG, or CCITT group 4 where it is black and white."""
    from PIL import Image as Pillow

    pages = [Pillow.fromarray(image) for image in images]
    if bilevel:
        pages = [page.convert("1") for page in pages]
    out = io.BytesIO()
    epoch = time.gmtime(0)  # the same scan gives the same bytes
    quality_of = {} if bilevel else {"quality": quality}
    pages[0].save(
        out,
        "PDF",
        resolution=float(dpi),
        save_all=True,
        append_images=pages[1:],
        creationDate=epoch,
        modDate=epoch,
        **quality_of,
    )
    return out.getvalue()
