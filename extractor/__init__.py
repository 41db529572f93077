"""form4: reads SEC Forms 3, 4 and 5 from XML, HTML, PDFs, scans and garbled text into scored records.

from extractor import extract
filing = extract("alto.pdf")
filing.non_derivative[0].shares.value
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractor import errors
    from extractor.api import extract, extract_all, extract_many, extract_text
    from extractor.record import Filing

__version__ = "0.1.0"
__all__ = ["Filing", "__version__", "errors", "extract", "extract_all", "extract_many", "extract_text"]

# What is asked for is imported when it is asked for: `import extractor` and `form4 --help` stay quick.
_HOMES = {
    "extract": "extractor.api",
    "extract_all": "extractor.api",
    "extract_many": "extractor.api",
    "extract_text": "extractor.api",
    "Filing": "extractor.record",
}


def __getattr__(name: str) -> Any:
    if name == "errors":
        return importlib.import_module("extractor.errors")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
