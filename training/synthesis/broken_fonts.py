"""PDFs whose text layer says nothing: they look as before, but their fonts' character maps are lost.

What is done to a PDF here is what careless producers do: the map from glyphs to characters is moved by a constant (the
glyph numbers of a TrueType font, which other readers print as `(cid:36)`), points into the private area, exchanges
characters, or is missing, so that every character is unknown.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

_CODES = range(32, 127)

CharacterMap = Callable[[random.Random], dict[int, int]]


def _shifted(rng: random.Random) -> dict[int, int]:
    by = rng.choice((29, 29, 29, 3, 31, -1, -20))
    return {code: max(1, code - by) for code in _CODES}


def _private(rng: random.Random) -> dict[int, int]:
    start = 0xE000 + rng.randrange(1, 64)
    places = list(range(len(_CODES)))
    rng.shuffle(places)
    return {code: start + 3 * place for code, place in zip(_CODES, places, strict=True)}


def _exchanged(rng: random.Random) -> dict[int, int]:
    other = list(_CODES)
    rng.shuffle(other)
    return dict(zip(_CODES, other, strict=True))


def _missing(rng: random.Random) -> dict[int, int]:
    return dict.fromkeys(_CODES, 0xFFFD)


FONT_FAULTS: dict[str, CharacterMap] = {
    "shifted": _shifted,
    "private": _private,
    "exchanged": _exchanged,
    "missing": _missing,
}
"""Ways for a character map to be lost, by name."""


def break_fonts(pdf: bytes, fault: str, rng: random.Random) -> bytes:
    """The PDF with the character maps of all its simple fonts spoilt in one way; KeyError for an unknown fault."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    character_map = FONT_FAULTS[fault](rng)
    stream = StreamObject()
    stream.set_data(_cmap(character_map))
    reference = writer._add_object(stream)
    for page in writer.pages:
        fonts: Any = page["/Resources"]
        for font in fonts["/Font"].values():
            font.get_object()[NameObject("/ToUnicode")] = reference
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _cmap(character_map: dict[int, int]) -> bytes:
    entries = [f"<{code:02X}> <{meaning:04X}>" for code, meaning in character_map.items()]
    lines = ["/CIDInit /ProcSet findresource begin 12 dict begin begincmap", "/CMapName /Lost def /CMapType 2 def"]
    lines += ["1 begincodespacerange <00> <FF> endcodespacerange", f"{len(entries)} beginbfchar", *entries, "endbfchar"]
    lines += ["endcmap CMapName currentdict /CMap defineresource pop end end"]
    return "\n".join(lines).encode("ascii")
