"""What an input may cost. Inputs are hostile until read: every reader stops at these bounds."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.errors import LimitExceeded

DRAWN_TIMES = 10
_UNPACKED_TIMES = 4
_MIN_DPI = 40.0  # below it no print can be read


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one input; going over one raises `LimitExceeded`.

    `max_bytes` is the size of the file, `max_pages` its pages, `max_pixels` the pixels of one image or rendered page,
    `max_objects` the drawn objects looked at on one page (those behind it are left out, the page is still read; to draw
    one with `DRAWN_TIMES` as many is refused), `max_characters` the characters on one page of a PDF, `max_text` those
    of a text file without the exhibits of a submission, `max_words` its words, `max_lines` its lines.
    """

    max_bytes: int = 100_000_000
    max_pages: int = 500
    max_pixels: int = 60_000_000
    max_objects: int = 30_000
    max_characters: int = 300_000
    max_text: int = 5_000_000
    max_words: int = 200_000
    max_lines: int = 200_000

    def check_bytes(self, size: int, path: str) -> None:
        """Raise `LimitExceeded` where a file of `size` bytes is too large."""
        if size > self.max_bytes:
            raise LimitExceeded(path, f"{size:,} bytes, the limit is {self.max_bytes:,}")

    def check_pages(self, count: int, path: str) -> None:
        """Raise `LimitExceeded` where a file of `count` pages is too long."""
        if count > self.max_pages:
            raise LimitExceeded(path, f"{count:,} pages, the limit is {self.max_pages:,}")

    def check_pixels(self, width: int, height: int, path: str) -> None:
        """Raise `LimitExceeded` where an image of that size in pixels is too large."""
        if width * height > self.max_pixels:
            raise LimitExceeded(path, f"an image of {width:,} x {height:,} pixels, the limit is {self.max_pixels:,}")

    def check_image(self, width: int, height: int, path: str) -> None:
        """Raise `LimitExceeded` where an image on a page of a PDF is too large to be unpacked.

        It may be larger than one that is read as it is: scans of 1,200 dpi come smaller onto the page.
        """
        if width * height > _UNPACKED_TIMES * self.max_pixels:
            most = _UNPACKED_TIMES * self.max_pixels
            raise LimitExceeded(path, f"an image of {width:,} x {height:,} pixels on a page, the limit is {most:,}")

    def check_drawing(self, objects: int, dpi: float, path: str) -> None:
        """Raise `LimitExceeded` where drawing a page of so many objects, within the pixels allowed, is of no use."""
        if objects > DRAWN_TIMES * self.max_objects:
            raise LimitExceeded(
                path, f"a page of {objects:,} drawn objects, the limit is {DRAWN_TIMES * self.max_objects:,}"
            )
        if dpi < _MIN_DPI:
            raise LimitExceeded(path, f"a page too large to be read within {self.max_pixels:,} pixels")

    def check_characters(self, count: int, path: str) -> None:
        """Raise `LimitExceeded` where a page of a PDF holds more characters than any page that is read."""
        if count > self.max_characters:
            raise LimitExceeded(path, f"a page of {count:,} characters, the limit is {self.max_characters:,}")

    def check_text(self, length: int, lines: int, words: int, path: str) -> None:
        """Raise `LimitExceeded` where a text is longer than any filing."""
        for count, limit, name in (
            (length, self.max_text, "characters"),
            (lines, self.max_lines, "lines"),
            (words, self.max_words, "words"),
        ):
            if count > limit:
                raise LimitExceeded(path, f"a text of more than {limit:,} {name}")
