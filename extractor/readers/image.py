"""Image files: PNG, JPEG and TIFF, of one or many pages, read as scans."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import Any

import numpy as np

from extractor.document import Document
from extractor.errors import DamagedInput, LimitExceeded, UnknownFormat
from extractor.readers.layout import DocumentBuilder
from extractor.readers.limits import Limits

Image = np.ndarray[Any, Any]

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "PPM")
_BELIEVABLE_DPI = (90.0, 1300.0)  # what files say beyond these is a default of their maker
_PAGE_INCHES = (8.5, 11.0)  # where a file does not say its resolution, it is taken for a letter page
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
"""How images begin: what has one and cannot be opened is a broken image, not an unknown format."""


def read_image(data: bytes, path: str = "", limits: Limits | None = None) -> Document:
    """The document in an image file; each frame of a TIFF is a page, boxes are in points of the straightened page.

    `path` names the input in errors. Raises `UnknownFormat` (no image), `DamagedInput` (cannot be decoded),
    `LimitExceeded`.
    """
    limits = limits or Limits()
    limits.check_bytes(len(data), path)
    with warnings.catch_warnings():
        # Pillow warns of large images, for which there is our own limit, and of flaws that do not matter
        warnings.simplefilter("ignore")
        return _read(data, path, limits)


def _read(data: bytes, path: str, limits: Limits) -> Document:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    from extractor.readers.scan import read_page_image

    builder = DocumentBuilder()
    try:
        file = Pillow.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:
        if data.startswith(_SIGNATURES):
            raise DamagedInput(path, "the image is damaged beyond reading") from error
        raise UnknownFormat(path, "the content is no image that can be read") from error
    except Pillow.DecompressionBombError as error:
        raise LimitExceeded(path, f"the image is too large: {error}") from error
    except (OSError, ValueError, SyntaxError, TypeError, KeyError) as error:
        raise DamagedInput(path, f"the image is damaged: {error}") from error
    with file:
        # the other frames of a picture from a telephone or of an animation are no pages
        count = _count_frames(file, limits.max_pages + 1) if file.format == "TIFF" else 1
        limits.check_pages(count, path)
        for index in range(count):
            try:
                file.seek(index)
                limits.check_pixels(file.width, file.height, path)
                pixels = _grey(file)
            except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError) as error:
                raise DamagedInput(path, f"page {index + 1} of the image is damaged: {error}") from error
            page, words = read_page_image(pixels, _dpi_of(file.info, pixels), index + 1, "image")
            builder.add(page, words)
    return builder.build("image", path, hashlib.sha256(data).hexdigest())


def _count_frames(file: Any, most: int) -> int:
    """The frames of a TIFF, counted no further than `most`: finding out how many there are takes the square of it."""
    count = 1
    try:
        while count < most:
            file.seek(count)
            count += 1
    except (EOFError, OSError, ValueError, SyntaxError, TypeError, KeyError):
        pass  # the end, or where the file is damaged: what lies before it is read
    return count


def _grey(file: Any) -> Image:
    """The current frame as grey levels, turned as its camera or scanner says, white where it is transparent."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    frame = ImageOps.exif_transpose(file)
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        white = Pillow.new("RGBA", frame.size, "white")
        frame = Pillow.alpha_composite(white, frame)
    if frame.mode.startswith("I") or frame.mode == "F":
        levels = np.asarray(frame, dtype=np.float64)
        top = float(levels.max()) or 1.0
        return np.asarray(levels * (255 / top), dtype=np.uint8)
    return np.ascontiguousarray(np.asarray(frame.convert("L"), dtype=np.uint8))


def _dpi_of(info: dict[Any, Any], pixels: Image) -> float:
    """What the file says of its resolution if it can be believed, else what makes it a letter page."""
    said = info.get("dpi")
    try:
        dpi = float(said[0]) if said else 0.0
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    long, short = max(pixels.shape), min(pixels.shape)
    inferred = max(long / _PAGE_INCHES[1], short / _PAGE_INCHES[0])
    if _BELIEVABLE_DPI[0] <= dpi <= _BELIEVABLE_DPI[1] and 0.3 * inferred <= dpi <= 3 * inferred:
        return dpi
    return max(inferred, 30.0)
