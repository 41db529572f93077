"""What an input may cost. Inputs are hostile until read: every reader stops at these bounds."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.errors import LimitExceeded


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one input; going over one raises `LimitExceeded`.

    `max_bytes` is the size of the file, `max_pages` its pages, `max_pixels` the pixels of one image or rendered page,
    `max_objects` the drawn objects looked at on one page (those behind it are left out, the page is still read).
    """

    max_bytes: int = 100_000_000
    max_pages: int = 500
    max_pixels: int = 60_000_000
    max_objects: int = 30_000

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
