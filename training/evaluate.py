"""Entity and record figures of a model on annotations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from extractor.pipeline import extract_filing
from extractor.tagging.model import TaggerModel, Tagging, label_runs
from training.annotations import AnnotatedDocument
from training.scoring import Tally, tally

Entity = tuple[str, frozenset[int]]


def predicted_entities(tagging: Tagging) -> set[Entity]:
    """Labelled values as (label, tokens)."""
    return {(tagging.labels[run[0]], frozenset(run)) for run in label_runs(tagging)}


def evaluate(documents: Iterable[AnnotatedDocument], model: TaggerModel) -> dict[str, Any]:
    """{"spans": micro, macro and per-label figures of exact spans, "records": row, cell and header F1 or None}."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    total = Tally()
    with_record = 0
    tokens_right = tokens = 0
    for item in documents:
        tagging = model.tag(item.document)
        gold = {(span.label, frozenset(span.tokens)) for span in item.spans}
        found = predicted_entities(tagging)
        for label, _ in gold & found:
            counts[label]["tp"] += 1
        for label, _ in found - gold:
            counts[label]["fp"] += 1
        for label, _ in gold - found:
            counts[label]["fn"] += 1
        truth = item.token_labels()
        tokens += len(truth)
        tokens_right += sum(a == b for a, b in zip(tagging.labels, truth, strict=True))
        if item.record is not None:
            total.add(tally(extract_filing(item.document, model), item.record))
            with_record += 1
    labels = {label: _figures(counts[label]) for label in sorted(counts)}
    pooled: Counter[str] = Counter()
    for count in counts.values():
        pooled.update(count)
    macro = {
        key: sum(figures[key] for figures in labels.values()) / max(1, len(labels))
        for key in ("precision", "recall", "f1")
    }
    return {
        "spans": {"micro": _figures(pooled), "macro": macro | {"support": len(labels)}, "labels": labels},
        "tokens": {"accuracy": tokens_right / max(1, tokens), "support": tokens},
        "records": total.figures() | {"documents": with_record} if with_record else None,
    }


def _figures(count: Counter[str]) -> dict[str, float]:
    tp, fp, fn = count["tp"], count["fp"], count["fn"]
    return {
        "precision": tp / (tp + fp) if tp + fp else 0.0,
        "recall": tp / (tp + fn) if tp + fn else 0.0,
        "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0,
        "support": tp + fn,
    }


def show(figures: dict[str, Any]) -> str:
    """The figures as a table for people."""
    lines = [f"{'label':38} {'precision':>9} {'recall':>7} {'f1':>7} {'support':>8}"]
    rows = {**figures["spans"]["labels"], "(micro)": figures["spans"]["micro"], "(macro)": figures["spans"]["macro"]}
    for label, f in rows.items():
        lines.append(f"{label:38} {f['precision']:9.4f} {f['recall']:7.4f} {f['f1']:7.4f} {f['support']:8d}")
    if figures["records"]:
        lines += [""] + [f"{key:20} {value:.4f}" for key, value in figures["records"].items()]
    return "\n".join(lines)
