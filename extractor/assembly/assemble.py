"""Labelled tokens of one filing to its record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from extractor.assembly.closing import assemble_closing, assemble_footnotes
from extractor.assembly.header import assemble_form
from extractor.assembly.item_lists import settle_items
from extractor.assembly.line_grammar import name_by_grammar
from extractor.assembly.mending import mend_rows
from extractor.assembly.misplaced import settle_dates
from extractor.assembly.owners import assemble_owners
from extractor.assembly.page_columns import settle_page_columns
from extractor.assembly.prose import bridge_prose
from extractor.assembly.relations import settle_relations
from extractor.assembly.separators import settle_separators
from extractor.assembly.side_by_side import part_names
from extractor.assembly.spans import Labelled
from extractor.assembly.stripped import name_by_schema, set_flags
from extractor.assembly.tables import assemble_table
from extractor.assembly.typed_columns import settle_columns
from extractor.assembly.underlying import settle_underlying
from extractor.assembly.woven import free_woven, take_over
from extractor.document import Document
from extractor.record import Filing
from extractor.tagging.landmarks import Hit
from extractor.tagging.model import Tagging


def assemble(document: Document, tagging: Tagging, hits: Sequence[Hit]) -> Filing:
    """The record of one filing, without checks and confidence. `hits` are the document's landmarks."""
    ordered, stripped = name_by_schema(bridge_prose(Labelled.of(document, tagging)))
    told = ordered
    if stripped is None:
        told = name_by_grammar(settle_page_columns(settle_items(settle_columns(settle_relations(ordered)))))
    labelled, woven = free_woven(told)
    filing = Filing()
    list_marks = assemble_footnotes(labelled, filing)
    assemble_form(labelled, filing, hits)
    assemble_owners(labelled, filing, hits)
    take_over(filing, woven)
    if document.kind == "text" and not woven:
        part_names(labelled, filing, hits)
    filing.non_derivative = assemble_table(labelled, derivative=False, list_marks=list_marks)
    filing.derivative = assemble_table(labelled, derivative=True, list_marks=list_marks)
    settle_separators(filing)
    assemble_closing(labelled, filing)
    if document.kind == "text":
        settle_underlying(filing.non_derivative, filing.derivative)
        form = str(filing.form_type.value)[:1] if filing.form_type is not None else ""
        settle_dates(filing.non_derivative, False, filing.period_of_report, form)
        settle_dates(filing.derivative, True, filing.period_of_report, form)
    if not _read_exactly(document):
        mend_rows([*filing.non_derivative, *filing.derivative], recognised=document.kind == "text")
    _follow_form(filing, document.kind == "text")
    _derive_period(filing)
    if stripped is not None:
        set_flags(filing, stripped)
    return filing


def _read_exactly(document: Document) -> bool:
    """HTML and text layers hold the characters as they were typed; OCR and converters' text may not."""
    return document.kind == "html" or (
        document.kind == "pdf_text" and all(p.kind == "pdf_text" for p in document.pages)
    )


def _follow_form(filing: Filing, typed: bool) -> None:
    """Form 3 has no transactions: what was labelled as an amount is the amount owned. `typed` says it is plain text."""
    if filing.form_type is None or str(filing.form_type.value)[:1] != "3":
        return
    for row in filing.non_derivative:
        if row.shares_owned_following is None and row.shares is not None:
            row.shares_owned_following = row.shares
        row.shares, row.transaction_code, row.acquired_disposed = None, None, None
        row.kind = "holding"
    for row in filing.derivative:
        if row.conversion_or_exercise_price is None and row.underlying_security_shares is not None and not typed:
            # the only price of the form, which Form 4 has elsewhere
            row.conversion_or_exercise_price = row.price_per_share or row.shares_owned_following
            row.price_per_share = None
        elif row.conversion_or_exercise_price is None and row.underlying_security_shares is not None:
            owned = row.shares_owned_following
            if row.price_per_share is None and owned is not None and not owned.signals.get("mended"):
                row.conversion_or_exercise_price = owned
        if row.underlying_security_shares is None:
            row.underlying_security_shares = row.shares or row.shares_owned_following
        row.shares, row.transaction_code, row.acquired_disposed, row.shares_owned_following = None, None, None, None
        row.kind = "holding"


def _derive_period(filing: Filing) -> None:
    """Where box 3 could not be read on a Form 4, it is the earliest transaction's date by definition."""
    if filing.period_of_report is not None or filing.form_type is None or str(filing.form_type.value)[:1] != "4":
        return
    dated = [
        row.transaction_date
        for row in (*filing.non_derivative, *filing.derivative)
        if row.transaction_date is not None and isinstance(row.transaction_date.value, str)
    ]
    if dated:
        first = min(dated, key=lambda field: date.fromisoformat(str(field.value)))
        filing.period_of_report = first.derive(first.value, first.signals)
