"""Writes confidences into a filing and decides whether a person should look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from extractor.confidence.model import ConfidenceModel, Parts
from extractor.confidence.signals import KIND_GROUPS, Item, items
from extractor.record import Check, Field, Filing, Row

_UNQUESTIONED = "xml"  # parsed exactly, nothing to doubt
_UNCALIBRATED_THRESHOLD = 0.9
OCR_LOW = "ocr_low"
_POORLY_READ = 0.6  # a reader's belief in a word below which a doubtful value's doubt is put down to reading
_LABEL_DOUBT = 0.7
_NAMED = 12  # places that one check names; a page read badly throughout needs no longer list


def threshold_of(info: Mapping[str, Any], input_kind: str) -> float | None:
    """The confidence from which on values of this kind of input are accepted; None where nothing can be promised.

    `info` is a model's: "thresholds" by kind group, "review_threshold" for kinds that have none of their own, and a
    cautious guess where the model was never calibrated.
    """
    by_kind = info.get("thresholds") or {}
    group = KIND_GROUPS.get(input_kind, "text")
    chosen = by_kind[group] if group in by_kind else info.get("review_threshold", _UNCALIBRATED_THRESHOLD)
    return None if chosen is None else float(chosen)


def score_filing(filing: Filing, model: ConfidenceModel, threshold: float | None) -> None:
    """Sets the confidence of every field, row and of the record, then `needs_review` with its reasons.

    Reasons are "low_confidence" (a value below `threshold`), "no_threshold" (`threshold` is None: the model can promise
    nothing), why values are doubted where that is known ("ocr_low": read poorly; "label_unsure": which value it is; the
    codes of warnings that touch them) and the codes of checks with severity "error". Reasons that are there already
    stay. Filings from ownership XML keep their confidence of 1.0; only checks can send them to review.
    """
    reasons = list(filing.review_reasons)
    if filing.source.input_kind != _UNQUESTIONED:
        doubted = _set_confidences(filing, model, threshold)
        if threshold is None:
            reasons.append("no_threshold")
        elif doubted:
            reasons.append("low_confidence")
            reasons += _explain(filing, doubted)
    reasons += sorted({check.code for check in filing.checks if check.severity == "error"})
    filing.review_reasons = list(dict.fromkeys(reasons))
    filing.needs_review = bool(filing.review_reasons)


def _set_confidences(filing: Filing, model: ConfidenceModel, threshold: float | None) -> list[Item]:
    """Fills in all confidences; gives the values that count (prose does not) and are below the threshold."""
    kind = KIND_GROUPS.get(filing.source.input_kind, "text")
    found = items(filing)
    beliefs = model.beliefs([item.signals for item in found], [item.group for item in found], kind)
    values: dict[str, list[float]] = defaultdict(list)
    absent: dict[str, list[float]] = defaultdict(list)
    doubted: list[Item] = []
    for item, belief in zip(found, map(float, beliefs), strict=True):
        if item.field is None:
            absent[item.part].append(belief)
            continue
        item.field.confidence = belief
        values[item.part].append(belief)
        if threshold is not None and belief < threshold and item.part != "prose" and _counts(item.field):
            doubted.append(item)
    below: list[float] = []
    for part, row in _rows(filing):
        row.confidence = model.row.probability(Parts(values[part], absent[part], (), kind))
        below.append(row.confidence)
    filing.confidence = model.record.probability(Parts(values["header"], absent["header"], below, kind))
    return doubted


def _counts(field: Field) -> bool:
    """Whether doubt about it alone sends the record to review: values do, empty boxes and cells do not.

    What is missing altogether is the business of a check ("missing_required") and of the row's confidence.
    """
    return field.value is not None and field.value is not False


def _explain(filing: Filing, doubted: list[Item]) -> list[str]:
    """Why values are doubted, as codes; those that no rule has found become checks that name the values."""
    reasons: list[str] = []
    poorly = [item for item in doubted if item.signals.get("quality_min", 1.0) < _POORLY_READ]
    unsure = [item for item in doubted if item not in poorly and item.signals.get("label_min", 1.0) < _LABEL_DOUBT]
    for code, found, said in (
        (OCR_LOW, poorly, "read with little certainty"),
        ("label_unsure", unsure, "uncertain which values these are"),
    ):
        if found:
            reasons.append(code)
            paths = [item.path for item in found]
            filing.checks.append(Check(code, "info", paths[:_NAMED], f"{said}: {len(paths)} values"))
    touched = {item.path for item in doubted}
    reasons += sorted({c.code for c in filing.checks if c.severity == "warning" and touched.intersection(c.fields)})
    return reasons


def _rows(filing: Filing) -> list[tuple[str, Row]]:
    return [
        (f"{table}[{index}]", row)
        for table, rows in (("non_derivative", filing.non_derivative), ("derivative", filing.derivative))
        for index, row in enumerate(rows)
    ]
