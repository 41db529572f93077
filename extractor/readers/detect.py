"""What kind of input some bytes are, by their content alone. File names are not looked at."""

from __future__ import annotations

import re
from typing import Literal

from extractor.errors import EmptyInput, UnknownFormat
from extractor.readers.decode import decode_text, utf16_without_mark

Kind = Literal["xml", "html", "pdf", "image", "text"]

_HEAD = 1024
_IMAGES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",  # BigTIFF
    b"MM\x00+",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n",
)
_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "rich text (RTF)"),
    (b"%!PS", "PostScript"),
)
_OWNERSHIP_XML = re.compile(r"<(?:[\w.-]+:)?ownershipDocument\b")
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_BLOCK = re.compile(r"<(/?)(table|t[dr]|p|div)(?=[\s>])", re.IGNORECASE)
_BLOCK_REACH = 4000
_MIN_PRINTABLE = 0.85


def detect_kind(data: bytes, path: str = "") -> Kind:
    """The kind of some bytes. Raises EmptyInput for none at all, UnknownFormat for what is none of the kinds."""
    if not data.strip(b"\x00 \t\r\n\f\v\xef\xbb\xbf"):
        raise EmptyInput(path, "the file is empty" if not data else "the file holds nothing but blanks")
    if b"%PDF-" in data[:_HEAD]:  # viewers allow some junk before the mark, and mail gateways add it
        return "pdf"
    if _is_image(data):
        return "image"
    for mark, name in _OTHERS:
        if data.startswith(mark):
            raise UnknownFormat(path, f"this is {name}, not a filing in XML, HTML, PDF, image or text")
    if not _is_text(data):
        raise UnknownFormat(path, "binary data of no kind that is known")
    text = decode_text(data)
    if _OWNERSHIP_XML.search(text):
        return "xml"
    head = text[:200_000]
    return "html" if _HTML.search(head) or _has_blocks(head) else "text"


def _has_blocks(text: str) -> bool:
    """Whether there are tables with cells, or blocks that are closed again within some 4,000 characters.

    A stray <br> or <b> is what converters leave in plain text.
    """
    last: dict[str, int] = {}
    for match in _BLOCK.finditer(text):
        name = match[2].lower()
        if match[1]:
            if name in ("p", "div", "td") and match.start() - last.get(name, -_BLOCK_REACH) < _BLOCK_REACH:
                return True
        elif name in ("td", "tr") and match.start() - last.get("table", -_BLOCK_REACH) < _BLOCK_REACH:
            return True
        else:
            last[name] = match.end()
    return False


def _is_image(data: bytes) -> bool:
    if data.startswith(b"BM"):  # two letters are weak evidence: the size that a bitmap states must make sense
        return len(data) > 54 and int.from_bytes(data[14:18], "little") in (12, 40, 52, 56, 64, 108, 124)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return True
    return data.startswith(_IMAGES)


def _is_text(data: bytes) -> bool:
    """Whether most of a sample are characters that people read. NULs here and there are damage, not binary data."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or utf16_without_mark(data):
        return True
    sample = data[:65536]
    try:
        text = sample.decode("utf-8", errors="strict" if len(data) <= 65536 else "ignore")
        strange = {char for char in set(text) if not (char.isprintable() or char in "\t\n\r\f\v")}
        if not strange:
            return True
        return sum(map(strange.__contains__, text)) <= (1 - _MIN_PRINTABLE) * max(1, len(text))
    except UnicodeDecodeError:
        pass
    control = sum(1 for byte in sample if byte < 32 and byte not in b"\t\n\r\f\v")
    high = sum(1 for byte in sample if byte >= 127)
    return control <= 0.02 * len(sample) and high <= 0.3 * len(sample)
