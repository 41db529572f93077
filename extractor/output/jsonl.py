"""JSON Lines: one record a line."""

from __future__ import annotations

import json
from typing import Protocol

from extractor.output.tables import Record


class TextOut(Protocol):
    """Anything that text can be written to."""

    def write(self, text: str, /) -> object: ...


class JsonlWriter:
    """Writes records to a text stream as they come."""

    def __init__(self, stream: TextOut) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        self._stream.write(json.dumps(record, ensure_ascii=False) + "\n")
