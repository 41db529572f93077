"""Typed values from the texts of labelled spans: one door to the parsers of numbers, dates, codes and names."""

from __future__ import annotations

from extractor.assembly.codes import (
    TRANSACTION_CODES,
    parse_acquired_disposed,
    parse_code,
    parse_direct_indirect,
    parse_form_type,
    parse_marks,
    parse_tick,
)
from extractor.assembly.dates import parse_date
from extractor.assembly.names import join_text, parse_signature_name, parse_state, parse_text, parse_ticker, parse_zip
from extractor.assembly.numbers import parse_number
from extractor.assembly.parsed import Parsed, ParsedCode

__all__ = [
    "TRANSACTION_CODES",
    "Parsed",
    "ParsedCode",
    "join_text",
    "parse_acquired_disposed",
    "parse_code",
    "parse_date",
    "parse_direct_indirect",
    "parse_form_type",
    "parse_marks",
    "parse_number",
    "parse_signature_name",
    "parse_state",
    "parse_text",
    "parse_tick",
    "parse_ticker",
    "parse_zip",
]
