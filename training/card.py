"""MODEL_CARD.md, generated from what the model stores of itself, so that the two cannot disagree."""

from __future__ import annotations

from pathlib import Path

from extractor.tagging.model import TaggerModel

_OWNERSHIP_FORMS = (
    "A token classifier for SEC Forms 3, 4 and 5: hashed lexical, shape, layout and neighbourhood features, one",
    "hidden layer (trained with scikit-learn), a chain over its probabilities, a calibrated confidence a value.",
)
_ANY_FORM = (
    "A sequence labeller for the labels below: hashed features of words, line segments and their neighbours that know",
    "no form in particular, learned together with the chain over them (a linear-chain conditional random field).",
)


def write_card(model: TaggerModel, directory: Path) -> None:
    """Write the card of a stored model beside it."""
    info = model.info
    lines = [
        f"# {model.name} {model.version}",
        "",
        *(_ANY_FORM if model.generic else _OWNERSHIP_FORMS),
        "",
        f"- Labels: {len(model.labels)}; features: {len(model.vocabulary)}; hidden units: {_hidden(model)}",
        f"- Learned from {info.get('documents')} documents, calibrated on {info.get('documents_held_out')} of others",
        f"- Training data (SHA-256): `{info.get('training_data_sha256')}`",
        f"- Sources: {_listed(info.get('sources'))}",
        f"- Seed {info.get('seed')}; continued from {info.get('base') or 'nothing'}",
    ]
    promise = info.get("promise")
    if promise:
        threshold = info.get("review_threshold")
        said = f"at confidence {threshold:.4f} and above" if threshold is not None else "no threshold can promise"
        lines.append(
            f"- Promise: {said} at most {promise['max_error']:.2%} of values are wrong, with {promise['certainty']:.0%}"
            f" certainty ({promise['values']} values certified)"
        )
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


def _listed(counts: dict[str, int] | None) -> str:
    return ", ".join(f"{key} ({value})" for key, value in (counts or {}).items()) or "-"


def _hidden(model: TaggerModel) -> str:
    options = model.info.get("options") or {}
    return "none" if options.get("hidden") == 0 else str(model.embedding.shape[1])
