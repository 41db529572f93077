"""JSON Lines: one record a line."""

from __future__ import annotations

import json
from typing import IO

from extractor.output.tables import Record


class JsonlWriter:
    """Writes records to a text stream as they come."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        self._stream.write(json.dumps(record, ensure_ascii=False) + "\n")
