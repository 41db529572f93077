"""Readers: bytes in, a document of tokens with boxes out (for ownership XML the finished records)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractor.readers.detect import Kind, detect_kind

if TYPE_CHECKING:
    from extractor.document import Document
    from extractor.readers.limits import Limits
    from extractor.record import Filing

__all__ = ["Kind", "ReadResult", "detect_kind", "read"]


@dataclass(slots=True)
class ReadResult:
    """What one input gave: `filings` for XML, which needs no extraction, else `document`."""

    kind: Kind
    filings: list[Filing] = field(default_factory=list)
    document: Document | None = None


def read(data: bytes, path: str = "", limits: Limits | None = None) -> ReadResult:
    """Read an input of any kind, told by its content. `path` is what errors name.

    Raises a subclass of `extractor.errors.InputError` for anything that cannot be read.
    """
    from extractor.readers.limits import Limits

    limits = limits or Limits()
    limits.check_bytes(len(data), path)
    kind = detect_kind(data, path)
    if kind == "xml":
        from extractor.readers.xml import read_ownership_xml

        return ReadResult(kind, filings=read_ownership_xml(data, path))
    return ReadResult(kind, document=_read_document(kind, data, path, limits))


def _read_document(kind: Kind, data: bytes, path: str, limits: Limits) -> Document:
    # Each reader is imported where it is used: OCR and PDF libraries are heavy, and most runs need one or two kinds.
    if kind == "html":
        from extractor.readers.html import read_html

        return read_html(data, path, limits)
    if kind == "pdf":
        from extractor.readers.pdf import read_pdf

        return read_pdf(data, path, limits)
    if kind == "image":
        from extractor.readers.image import read_image

        return read_image(data, path, limits)
    from extractor.readers.decode import decode_text
    from extractor.readers.text import read_text

    return read_text(decode_text(data), path, limits)
