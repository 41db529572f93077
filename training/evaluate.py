"""Entity, record and confidence figures of a model on annotations, with intervals, and the comparison of two models.

What confidences are worth comes from training.reliability, as in the model card.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractor.pipeline import extract_filing
from extractor.tagging.model import TaggerModel, Tagging, label_runs
from training.annotations import AnnotatedDocument
from training.bootstrap import Difference, Figures, interval, paired, ratio_f1, summed_f1, weights_of
from training.comparing import compare
from training.guarantee import Judged as Values
from training.reliability import ece, joined, report, table
from training.reliability import judged as judged_values
from training.scoring import Tally, tally
from training.split import owner_key

Entity = tuple[str, frozenset[int]]
_PARTS = ("header", "cell", "row")


@dataclass(slots=True)
class Judged:
    """What one document adds to every figure.

    `spans` has true positives, false positives and false negatives by label; `tally` the same for header fields, cells
    and rows, None without a record; `beliefs` (BINS, 3) the number, the sum of confidences and the number right of its
    values by confidence.
    """

    kind: str
    spans: dict[str, list[int]] = field(default_factory=dict)
    tokens: int = 0
    tokens_right: int = 0
    tally: Tally | None = None
    values: Values = field(default_factory=lambda: judged_values([]))


def predicted_entities(tagging: Tagging) -> set[Entity]:
    """Labelled values as (label, tokens)."""
    return {(tagging.labels[run[0]], frozenset(run)) for run in label_runs(tagging)}


def judge(item: AnnotatedDocument, model: TaggerModel) -> Judged:
    """Label one document and count what is right. A span is right only where label and tokens are just the same."""
    tagging = model.tag(item.document)
    gold = {(span.label, frozenset(span.tokens)) for span in item.spans}
    found = predicted_entities(tagging)
    spans: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, entities in enumerate((gold & found, found - gold, gold - found)):
        for label, _ in entities:
            spans[label][place] += 1
    truth = item.token_labels()
    right = sum(a == b for a, b in zip(tagging.labels, truth, strict=True))
    judged = Judged(item.document.kind, dict(spans), len(truth), right)
    if item.record is not None:
        filing = extract_filing(item.document, model)
        judged.tally = tally(filing, item.record)
        judged.values = judged_values(compare(filing, item.record, item.id, owner_key(item)).fields)
    return judged


def evaluate(documents: Iterable[AnnotatedDocument], model: TaggerModel) -> dict[str, Any]:
    """Figures of a model on annotations; see `figures`."""
    return figures([judge(item, model) for item in documents])


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """{"spans": micro, macro and per-label figures of exact spans, "tokens", "records": row, cell and header F1 or
    None, "reliability": training.reliability.report of the records' values or None, "intervals": 95 % intervals over
    documents of the F1s and of the calibration error}.
    """
    names = sorted({label for item in judged for label in item.spans})
    labels = {label: _figures(np.sum([item.spans.get(label, [0, 0, 0]) for item in judged], axis=0)) for label in names}
    pooled = np.sum([counts for item in judged for counts in item.spans.values()] or [[0, 0, 0]], axis=0)
    macro = {
        key: sum(figures[key] for figures in labels.values()) / max(1, len(labels))
        for key in ("precision", "recall", "f1")
    }
    tokens = sum(item.tokens for item in judged)
    total = Tally()
    with_record = [item for item in judged if item.tally is not None]
    for item in with_record:
        total.add(item.tally or Tally())
    return {
        "spans": {"micro": _figures(pooled), "macro": macro | {"support": len(labels)}, "labels": labels},
        "tokens": {"accuracy": sum(item.tokens_right for item in judged) / max(1, tokens), "support": tokens},
        "records": total.figures() | {"documents": len(with_record)} if with_record else None,
        "reliability": report(joined([item.values for item in with_record])) if with_record else None,
        "intervals": _intervals(judged, names),
    }


def _figures(counts: NDArray[Any]) -> dict[str, float]:
    tp, fp, fn = (int(count) for count in counts)
    return {
        "precision": tp / (tp + fp) if tp + fp else 0.0,
        "recall": tp / (tp + fn) if tp + fn else 0.0,
        "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0,
        "support": tp + fn,
    }


def _intervals(judged: Sequence[Judged], names: Sequence[str]) -> dict[str, Any]:
    if len(judged) < 2:
        return {}
    drawn = weights_of(len(judged))
    by_label = {label: interval(ratio_f1(drawn @ _label_counts(judged, label))) for label in names}
    out: dict[str, Any] = {name: interval(of(drawn)) for name, of in measures(judged).items()}
    return out | {"level": 0.95, "labels": by_label}


def _label_counts(judged: Sequence[Judged], label: str) -> NDArray[np.float64]:
    return np.array([item.spans.get(label, [0, 0, 0]) for item in judged], dtype=float)


def measures(judged: Sequence[Judged]) -> dict[str, Figures]:
    """The main figures as functions of how often each document is drawn: span micro and macro F1, header, cell and row
    F1 of the records, and the calibration error (training.reliability.ece) of their confidences."""
    names = sorted({label for item in judged for label in item.spans})
    spans = np.array([[item.spans.get(label, [0, 0, 0]) for label in names] for item in judged], dtype=float)
    spans = spans.reshape(len(judged), -1, 3)
    out: dict[str, Figures] = {
        "span_micro_f1": summed_f1(spans.sum(axis=1).tolist()),
        "span_macro_f1": _macro(spans),
    }
    if any(item.tally is not None for item in judged):
        for part in _PARTS:
            out[f"{part}_f1"] = summed_f1([item.tally.counts[part] if item.tally else [0, 0, 0] for item in judged])
        out["ece"] = _calibration_error([item.values for item in judged])
    return out


def _macro(spans: NDArray[np.float64]) -> Figures:
    def figure(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        f1 = ratio_f1(np.tensordot(weights, spans, axes=1))
        known = ~np.isnan(f1)
        return np.asarray(np.where(known, f1, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))

    return figure


def _calibration_error(parts: Sequence[Values]) -> Figures:
    values = joined(parts)
    sizes = [len(part.right) for part in parts]
    document = np.repeat(np.arange(len(parts)), sizes)
    order = np.argsort(-values.confidence, kind="stable")  # once for all draws
    confidence, right, document = values.confidence[order], values.right[order], document[order]

    def figure(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        times = weights.astype(np.int64)[:, document]
        return np.array([ece(np.repeat(confidence, row), np.repeat(right, row)) for row in times])

    return figure


def compare_models(
    documents: Sequence[AnnotatedDocument], model: TaggerModel, other: TaggerModel
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(figures of `model`, its comparison with `other` on the same documents by a paired bootstrap)."""
    mine, others = [judge(item, model) for item in documents], [judge(item, other) for item in documents]
    return figures(mine), comparison(mine, others, f"{other.name} {other.version}")


def comparison(mine: Sequence[Judged], others: Sequence[Judged], name: str) -> dict[str, Any]:
    """Each main figure of both models, their difference (mine - others) and its 95 % interval."""
    return {"model": name, "documents": len(mine)} | {
        "figures": {key: difference_dict(d) for key, d in differences(mine, others).items()}
    }


def differences(mine: Sequence[Judged], others: Sequence[Judged], level: float = 0.95) -> dict[str, Difference]:
    """The main figures of two models judged on the same documents."""
    old = measures(others)
    return {key: paired(of, old[key], len(mine), level) for key, of in measures(mine).items() if key in old}


def difference_dict(d: Difference) -> dict[str, Any]:
    between = list(d.interval) if d.interval else None
    return {"this": d.new, "other": d.old, "difference": d.difference, "interval": between, "chance": d.chance}


def show(figures: dict[str, Any]) -> str:
    """The figures as a table for people."""
    intervals = figures.get("intervals") or {}
    between = intervals.get("labels") or {}
    lines = [f"{'label':38} {'precision':>9} {'recall':>7} {'f1':>7} {'support':>8}  95 % of f1"]
    rows = {**figures["spans"]["labels"], "(micro)": figures["spans"]["micro"], "(macro)": figures["spans"]["macro"]}
    between = between | {"(micro)": intervals.get("span_micro_f1"), "(macro)": intervals.get("span_macro_f1")}
    for label, f in rows.items():
        lines.append(
            f"{label:38} {f['precision']:9.4f} {f['recall']:7.4f} {f['f1']:7.4f} {f['support']:8d}"
            f"  {_range(between.get(label))}"
        )
    if figures["records"]:
        lines.append("")
        for key, value in figures["records"].items():
            shown = f"{value:.4f}" if isinstance(value, float) else str(value)
            lines.append(f"{key:20} {shown}  {_range(intervals.get(key))}")
    if figures.get("reliability"):
        lines += ["", "confidence of values, 95 % intervals in brackets:", "", table(figures["reliability"])]
    if figures.get("comparison"):
        lines += ["", show_comparison(figures["comparison"])]
    return "\n".join(line.rstrip() for line in lines)


def show_comparison(comparison: dict[str, Any]) -> str:
    """A comparison of two models as a table for people."""
    lines = [f"against {comparison['model']}, {comparison['documents']} documents"]
    lines.append(f"{'figure':16} {'this':>8} {'other':>8} {'difference':>11}  95 %")
    for key, d in comparison["figures"].items():
        lines.append(
            f"{key:16} {d['this']:8.4f} {d['other']:8.4f} {d['difference']:+11.4f}  {_range(d['interval'], '+.4f')}"
        )
    return "\n".join(lines)


def _range(between: Sequence[float] | None, form: str = ".4f") -> str:
    return f"[{between[0]:{form}}, {between[1]:{form}}]" if between else ""
