"""Scanned pages as PDFs of the rarer kinds: JPEG 2000, JBIG2, and several images a page."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from PIL import Image, ImageOps

Stream = tuple[bytes, str, int, int]
"""An image as coded: its bytes, the name of their filter, width and height in pixels."""

STRIPS = 8


def coded(page: Image.Image, wrap: str) -> list[Stream]:
    """A page as image streams from top to bottom: JPEG 2000 ("jp2"), JBIG2 ("jbig2"), or strips of JPEG."""
    out = io.BytesIO()
    if wrap == "jp2":
        page.save(out, "JPEG2000", quality_mode="dB", quality_layers=[38])
        return [(out.getvalue(), "/JPXDecode", page.width, page.height)]
    if wrap == "jbig2":
        return [(jbig2(page), "/JBIG2Decode", page.width, page.height)]
    strips: list[Stream] = []
    height = -(-page.height // STRIPS)
    for top in range(0, page.height, height):
        strip = page.crop((0, top, page.width, min(top + height, page.height)))
        out = io.BytesIO()
        strip.save(out, "JPEG", quality=80)
        strips.append((out.getvalue(), "/DCTDecode", strip.width, strip.height))
    return strips


def jbig2(page: Image.Image) -> bytes:
    """A page as a JBIG2 stream for PDF: one generic region coded as group 4 codes it (ITU-T T.88, 6.2.6 and 7.4.6)."""
    out = io.BytesIO()
    # ink is 1 in JBIG2
    ink = ImageOps.invert(page.convert("L")).convert("1", dither=Image.Dither.NONE)
    ink.save(out, "TIFF", compression="group4", tiffinfo={278: page.height})
    tags = Image.open(io.BytesIO(out.getvalue())).tag_v2  # type: ignore[attr-defined]
    (offset,), (length,) = tags[273], tags[279]
    size = struct.pack(">II", page.width, page.height)
    about = size + bytes(8) + b"\0" + b"\0\0"
    region = size + bytes(8) + b"\0" + b"\1" + out.getvalue()[offset : offset + length]

    def segment(number: int, kind: int, data: bytes) -> bytes:
        return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data

    return segment(0, 48, about) + segment(1, 38, region) + segment(2, 49, b"")


def pdf_of_streams(pages: Sequence[Sequence[Stream]], dpi: float) -> bytes:
    """A PDF whose pages, at `dpi`, are the images given for each, one below the other."""
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, StreamObject

    writer = pypdf.PdfWriter()
    for strips in pages:
        top = 72 * sum(height for _, _, _, height in strips) / dpi
        leaf = writer.add_blank_page(72 * strips[0][2] / dpi, top)
        drawing, objects = "", DictionaryObject()
        for number, (coded, name, width, height) in enumerate(strips):
            stream = StreamObject()
            stream._data = coded
            for key, value in (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/ColorSpace", "/DeviceGray")):
                stream[NameObject(key)] = NameObject(value)
            bits = 1 if name == "/JBIG2Decode" else 8
            stream[NameObject("/Filter")] = NameObject(name)
            for key, count in (("/Width", width), ("/Height", height), ("/BitsPerComponent", bits)):
                stream[NameObject(key)] = NumberObject(count)
            objects[NameObject(f"/I{number}")] = writer._add_object(stream)
            top -= 72 * height / dpi
            drawing += f"q {72 * width / dpi} 0 0 {72 * height / dpi} 0 {top} cm /I{number} Do Q\n"
        content = DecodedStreamObject()
        content.set_data(drawing.encode())
        resources = DictionaryObject({NameObject("/XObject"): objects})
        leaf[NameObject("/Resources")] = resources
        leaf[NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
