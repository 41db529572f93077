"""Writes confidences into a filing and decides whether a person should look at it."""

from __future__ import annotations

from collections import defaultdict

from extractor.confidence.model import ConfidenceModel
from extractor.confidence.signals import Item, items
from extractor.record import Filing, Row

_UNQUESTIONED = "xml"  # parsed exactly, nothing to doubt


def score_filing(filing: Filing, model: ConfidenceModel, threshold: float | None) -> None:
    """Sets the confidence of every field, row and of the record, then `needs_review` with its reasons.

    Reasons are "low_confidence" (a value below `threshold`), "no_threshold" (`threshold` is None: the model can promise
    nothing) and the codes of checks with severity "error". Reasons that are there already stay.
    Filings from ownership XML keep their confidence of 1.0; only checks can send them to review.
    """
    reasons = list(filing.review_reasons)
    if filing.source.input_kind != _UNQUESTIONED:
        lowest = _set_confidences(filing, model)
        if threshold is None:
            reasons.append("no_threshold")
        elif lowest < threshold:
            reasons.append("low_confidence")
    reasons += sorted({check.code for check in filing.checks if check.severity == "error"})
    filing.review_reasons = list(dict.fromkeys(reasons))
    filing.needs_review = bool(filing.review_reasons)


def _set_confidences(filing: Filing, model: ConfidenceModel) -> float:
    """Fills in all confidences; gives the lowest one among the values that count (prose does not)."""
    parts: dict[str, list[float]] = defaultdict(list)
    lowest = 1.0
    for item in items(filing):
        confidence = model.field(item.signals, item.group)
        if item.field is not None:
            item.field.confidence = confidence
        parts[item.part].append(confidence)
        if item.part != "prose" and _counts(item):
            lowest = min(lowest, confidence)
    whole = parts["header"]
    for part, row in _rows(filing):
        row.confidence = model.row(parts[part])
        whole.append(row.confidence)
    filing.confidence = model.record(whole)
    return lowest


def _counts(item: Item) -> bool:
    """Whether doubt about it alone sends the record to review: values do, empty boxes and cells do not.

    What is missing altogether is the business of a check ("missing_required") and of the row's confidence.
    """
    return item.field is not None and item.field.value is not None and item.field.value is not False


def _rows(filing: Filing) -> list[tuple[str, Row]]:
    return [
        (f"{table}[{index}]", row)
        for table, rows in (("non_derivative", filing.non_derivative), ("derivative", filing.derivative))
        for index, row in enumerate(rows)
    ]
