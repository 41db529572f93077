"""MODEL_CARD.md, generated from what the model stores of itself, so that the two cannot disagree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractor.tagging.model import TaggerModel
from training.guarantee import said
from training.reliability import table


def write_card(model: TaggerModel, directory: Path) -> None:
    """Write the card of a stored model beside it."""
    info = model.info
    lines = [
        f"# {model.name} {model.version}",
        "",
        "A token classifier for SEC Forms 3, 4 and 5: hashed lexical, shape, layout and neighbourhood features, one",
        "hidden layer (trained with scikit-learn), a chain over its probabilities, a calibrated confidence a value.",
        "",
        f"- Labels: {len(model.labels)}; features: {len(model.vocabulary)}; hidden units: {model.embedding.shape[1]}",
        f"- Learned from {info.get('documents')} documents, calibrated on {info.get('documents_held_out')} of others",
        f"- Training data (SHA-256): `{info.get('training_data_sha256')}`",
        f"- Sources: {_listed(info.get('sources'))}",
        f"- Seed {info.get('seed')}; continued from {info.get('base') or 'nothing'}",
    ]
    lines += _confidence(info)
    figures = info.get("held_out_figures")
    if figures:
        lines += ["", "## Figures on held-out owners", ""]
        spans = figures["spans"]
        lines += ["| figure | value |", "|---|---|", f"| span micro F1 | {spans['micro']['f1']:.4f} |"]
        lines.append(f"| span macro F1 | {spans['macro']['f1']:.4f} |")
        lines += [f"| {key} | {value:.4f} |" for key, value in (figures["records"] or {}).items()]
        lines += ["", "| label | precision | recall | F1 | support |", "|---|---|---|---|---|"]
        for label, f in spans["labels"].items():
            lines.append(f"| {label} | {f['precision']:.4f} | {f['recall']:.4f} | {f['f1']:.4f} | {f['support']} |")
    lines += ["", "## Documents by kind, layout and garbling", "", "| kind | documents |", "|---|---|"]
    lines += [f"| {kind} | {count} |" for kind, count in (info.get("kinds") or {}).items()]
    (directory / "MODEL_CARD.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _confidence(info: dict[str, Any]) -> list[str]:
    """What is promised, kind by kind, and how far confidences can be trusted."""
    promised = (info.get("promise") or {}).get("kinds") or {}
    lines = ["", "## Promise", ""] if promised else []
    for kind, made in promised.items():
        tried = made["tried"]
        lines.append(
            f"- {kind}: {said(made)}; over {tried['splits']} random halves of the owners the stated error was exceeded "
            f"in {tried['exceeded']:.1%}"
        )
    if info.get("reliability"):
        lines += ["", "## Confidence on held-out owners", "", table(info["reliability"]), ""]
        lines += ["![Reliability and risk against coverage](reliability.svg)"]
    return lines


def _listed(counts: dict[str, int] | None) -> str:
    return ", ".join(f"{key} ({value})" for key, value in (counts or {}).items()) or "-"
