"""Inputs made to break a reader: bombs, loops, lies about size, broken and locked files, names that mislead.

`POISONS` maps a name to what makes the bytes and what must become of them; `write_poisons` sets them down in a folder,
with those that are no bytes (links in a circle, pipes, files that only claim to be large).
"""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

READABLE = "readable"
"""The input is odd but may be read; anything else below is the class of the error that names it."""

_XML_ROW = "<nonDerivativeHolding><securityTitle><value>{}</value></securityTitle></nonDerivativeHolding>"


def xml(body: str, before: str = "") -> bytes:
    """An ownership document around some markup."""
    head = "<documentType>4</documentType><issuer><issuerName>Bracken Mills Corp</issuerName></issuer>"
    return f'<?xml version="1.0"?>{before}<ownershipDocument>{head}{body}</ownershipDocument>'.encode()


def entity_bomb() -> bytes:
    """A billion laughs: ten levels of entities of ten entities each."""
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return xml("<remarks>&l9;</remarks>", f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>')


def external_entity() -> bytes:
    return xml("<remarks>&leak;</remarks>", '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>')


def entity_inside() -> bytes:
    """The document type lies inside the stretch that is parsed."""
    return b"<ownershipDocument><!DOCTYPE x [<!ENTITY leak SYSTEM 'file:///etc/passwd'>]>&leak;</ownershipDocument>"


# PDF -----------------------------------------------------------------------------------------------------------------


def pdf(objects: list[bytes], root: int = 1) -> bytes:
    """A PDF of numbered objects, with a table of their places."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start))
    return out.getvalue()


def stream(data: bytes, more: bytes = b"", packed: bool = True) -> bytes:
    """A stream object, deflated unless it is already what it shall be."""
    content = zlib.compress(data, 9) if packed else data
    return b"<</Length %d/Filter/FlateDecode%b>>stream\n%b\nendstream" % (len(content), more, content)


def one_page(
    content: bytes, box: bytes = b"0 0 612 792", resources: bytes = b"", more: tuple[bytes, ...] = ()
) -> bytes:
    font = b"/Font<</F 5 0 R>>"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<<%b%b>>>>" % (box, font, resources),
            content,
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ]
    )


def zeros(count: int) -> bytes:
    """Deflated zeros, made piece by piece."""
    pack = zlib.compressobj(9)
    piece = bytes(1_000_000)
    parts = [pack.compress(piece) for _ in range(count // len(piece))]
    return b"".join(parts) + pack.flush()


def huge_page() -> bytes:
    image = stream(
        bytes(64 * 64), b"/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    return one_page(
        stream(b"q 2000000 0 0 2000000 0 0 cm /I Do Q"),
        b"0 0 2000000 2000000",
        b"/XObject<</I 6 0 R>>",
        (image,),
    )


def endless_pages() -> bytes:
    """The tree of pages leads back to itself."""
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 400>>"])


def endless_forms() -> bytes:
    """A form that draws itself, twice."""
    form = stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return one_page(stream(b"/X Do"), resources=b"/XObject<</X 6 0 R>>", more=(form,))


def endless_length() -> bytes:
    return one_page(b"<</Length 4 0 R>>stream\nBT /F 9 Tf (x) Tj ET\nendstream")


def nested_arrays() -> bytes:
    return one_page(b"[" * 200_000 + b"]" * 200_000)


def many_pages(count: int = 10_000) -> bytes:
    kids = b" ".join(b"%d 0 R" % (index + 3) for index in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"
    tree = b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, *[page] * count])


def stream_bomb() -> bytes:
    """Two gigabytes of blanks, deflated twice, as a page's content."""
    content = zlib.compress(zeros(2_000_000_000), 9)
    return one_page(b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%b\nendstream" % (len(content), content))


def image_bomb_in_pdf() -> bytes:
    side = 30_000
    image = stream(
        zeros(side * side),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (side, side),
        packed=False,
    )
    return one_page(stream(b"q 612 0 0 792 0 0 cm /I Do Q"), resources=b"/XObject<</I 6 0 R>>", more=(image,))


def many_paths() -> bytes:
    return one_page(stream(b"0 0 m 9 9 l S " * 1_500_000))


def many_characters() -> bytes:
    return one_page(stream(b"BT /F 9 Tf " + b"(Common Stock 1,234 ) Tj " * 200_000 + b"ET"))


def locked() -> bytes:
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(612, 792)
    writer.encrypt("a password", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# images --------------------------------------------------------------------------------------------------------------


def png(width: int, height: int, data: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def tiff_of_pages(count: int, loop: bool = False) -> bytes:
    """A TIFF of so many empty pages; with `loop` the last leads back to the first."""
    out = bytearray(b"II*\x00" + struct.pack("<I", 8))
    for index in range(count):
        entries = ((256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 64))
        following = len(out) + 2 + 12 * len(entries) + 4
        if index == count - 1:
            following = 8 if loop else 0
        out += struct.pack("<H", len(entries))
        for entry in entries:
            out += struct.pack("<HHII", *entry)
        out += struct.pack("<I", following)
    return bytes(out)


def noise(count: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(count)


_PAGE = "FORM 4\nStatement of Changes in Beneficial Ownership\n1. Name of Reporting Person\nSable Iris M\n"
_BOMBS: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "entity-bomb.xml": (entity_bomb, (READABLE, "DamagedInput")),
    "external-entity.xml": (external_entity, (READABLE, "DamagedInput")),
    "entity-inside.xml": (entity_inside, (READABLE, "DamagedInput")),
    "deep.xml": (lambda: xml("<a>" * 200_000 + "</a>" * 200_000), ("DamagedInput",)),
    "openings.xml": (lambda: b"<ownershipDocument>" * 300_000, ("DamagedInput",)),
    "cut.xml": (lambda: xml(_XML_ROW.format("Common") * 50)[:-30], ("DamagedInput",)),
    "tags.html": (lambda: b"<html><body>" + b"<b>x</b>" * 1_000_000, ("LimitExceeded",)),
    "deep.html": (
        lambda: b"<html><body>" + b"<div>" * 300_000 + b"x",
        (READABLE, "LimitExceeded", "EmptyInput", "DamagedInput"),
    ),
    "tables.html": (
        lambda: b"<html>" + b"<table><tr><td>" * 20_000 + b"x",
        (READABLE, "LimitExceeded", "EmptyInput", "DamagedInput"),
    ),
    "spans.html": (
        lambda: b"<table>" + b"<tr><td colspan=999999999 rowspan=999999999>1</td></tr>" * 2_000,
        (READABLE, "LimitExceeded"),
    ),
    "openings.html": (
        lambda: b"<html>" + b"<p " * 3_000_000,
        (READABLE, "LimitExceeded", "EmptyInput", "DamagedInput"),
    ),
    "style.html": (
        lambda: b"<html><style>" + b"a{display" * 500_000 + b"</style><p>x</p>",
        (READABLE, "LimitExceeded", "EmptyInput"),
    ),
    "huge-page.pdf": (huge_page, (READABLE, "LimitExceeded", "DamagedInput")),
    "endless-pages.pdf": (endless_pages, (READABLE, "DamagedInput")),
    "endless-forms.pdf": (endless_forms, (READABLE, "LimitExceeded", "DamagedInput", "WorkerCrashed")),
    "endless-length.pdf": (endless_length, (READABLE, "DamagedInput")),
    "nested.pdf": (nested_arrays, (READABLE, "DamagedInput")),
    "ten-thousand-pages.pdf": (many_pages, ("LimitExceeded",)),
    "stream-bomb.pdf": (stream_bomb, (READABLE, "LimitExceeded", "DamagedInput", "WorkerCrashed")),
    "image-bomb.pdf": (image_bomb_in_pdf, (READABLE, "LimitExceeded", "DamagedInput", "WorkerCrashed")),
    "paths.pdf": (many_paths, (READABLE, "LimitExceeded")),
    "characters.pdf": (many_characters, (READABLE, "LimitExceeded")),
    "locked.pdf": (locked, ("EncryptedInput",)),
    "cut.pdf": (lambda: many_pages(3)[:120], ("DamagedInput",)),
    "only-a-head.pdf": (lambda: b"%PDF-1.4\n", ("DamagedInput",)),
    "image-bomb.png": (lambda: png(60_000, 60_000, zeros(1_000_000_000)), ("LimitExceeded", "DamagedInput")),
    "lies.png": (lambda: png(5_000, 5_000, zlib.compress(b"x")), ("DamagedInput",)),
    "pages.tif": (lambda: tiff_of_pages(10_000), ("LimitExceeded",)),
    "loop.tif": (lambda: tiff_of_pages(3, loop=True), (READABLE, "LimitExceeded", "DamagedInput")),
    "cut.jpg": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", ("DamagedInput",)),
    "empty.txt": (lambda: b"", ("EmptyInput",)),
    "nuls.txt": (lambda: bytes(100_000), ("EmptyInput",)),
    "blanks.txt": (lambda: b" \r\n\t" * 100_000, ("EmptyInput",)),
    "words.txt": (lambda: b"Common Stock 1,234 " * 4_000_000, ("LimitExceeded",)),
    "one-word.txt": (lambda: b"x" * 20_000_000, (READABLE, "LimitExceeded")),
    "one-line.txt": (lambda: _PAGE.encode() + b"**a " * 100_000, (READABLE, "LimitExceeded")),
    "lines.txt": (lambda: _PAGE.encode() + b"\n" * 5_000_000 + b"x", (READABLE, "LimitExceeded")),
    "headers.txt": (lambda: b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----\n" * 50_000 + b"x", (READABLE, "LimitExceeded")),
    "sections.txt": (lambda: b"<SEC-HEADER>\n" * 200_000 + _PAGE.encode(), (READABLE, "LimitExceeded")),
    "documents.txt": (lambda: b"<DOCUMENT><TYPE>4<TEXT>\n" * 200_000, (READABLE, "LimitExceeded", "EmptyInput")),
    "marks.txt": (lambda: _PAGE.encode() + b"(1)" * 100_000, (READABLE, "LimitExceeded")),
    "digits.txt": (lambda: _PAGE.encode() + b"9" * 500_000, (READABLE, "LimitExceeded")),
    "noise.txt": (lambda: noise(500_000), ("UnknownFormat",)),
    "program.txt": (lambda: b"\x7fELF" + noise(5_000), ("UnknownFormat",)),
    "sprinkled.txt": (lambda: _PAGE.replace("e", "e\0").encode(), (READABLE,)),
    "surrogates.txt": (lambda: _PAGE.encode() + b"Sable \xed\xa0\x80\xed\xbf\xbf Iris\n" * 20, (READABLE,)),
    "right-to-left.txt": (
        lambda: _PAGE.encode() + "\u202e,000,1\u202c Common \u2066x\u2069\n".encode() * 9,
        (READABLE,),
    ),
    "half.utf16": (lambda: b"\xff\xfe" + _PAGE.encode("utf-16-le") + b"x", (READABLE,)),
    "archive.zip": (lambda: b"PK\x03\x04" + noise(500), ("UnknownFormat",)),
}
POISONS = _BOMBS


def write_poisons(folder: Path, names: Iterable[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Write them, or those named and what is no bytes, below a folder; what may become of each, by its name there."""
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name in POISONS if names is None else names:
        make, outcomes = POISONS[name]
        (folder / name).write_bytes(make())
        expected[name] = outcomes
    with open(folder / "two-gigabytes.txt", "wb") as file:
        file.truncate(2_000_000_000)
    expected["two-gigabytes.txt"] = ("LimitExceeded",)
    odd = "odd\nname\u202e \x1b[31m'; rm -rf ..;.txt"
    (folder / odd).write_bytes(b"")
    expected[odd] = ("EmptyInput",)
    os.symlink("nowhere", folder / "gone.txt")
    expected["gone.txt"] = ("MissingInput",)
    os.symlink("circle.txt", folder / "circle.txt")
    expected["circle.txt"] = ("DamagedInput", "MissingInput")
    (folder / "below").mkdir()
    os.symlink("..", folder / "below" / "up")
    (folder / "below" / "..dots.txt").write_bytes(b"hidden")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
        os.symlink("pipe", folder / "to-a-pipe.txt")
        expected["to-a-pipe.txt"] = ("DamagedInput",)
    return expected
