"""MODEL_CARD.md, generated from what the model stores of itself, so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.tagging.model import TaggerModel
from training.guarantee import said
from training.reliability import picture, table

_OWNERSHIP_FORMS = (
    "A token classifier for SEC Forms 3, 4 and 5: hashed lexical, shape, layout and neighbourhood features, one",
    "hidden layer (trained with scikit-learn), a chain over its probabilities, a calibrated confidence a value.",
)
_ANY_FORM = (
    "A sequence labeller for the labels below: hashed features of words, line segments and their neighbours that know",
    "no form in particular, learned together with the chain over them (a linear-chain conditional random field).",
)


def store(model: TaggerModel, directory: Path) -> None:
    """Write a model with its card and its pictures."""
    model.save(directory)
    write_card(model, directory)
    _draw_reliability(model, directory)


def write_card(model: TaggerModel, directory: Path) -> None:
    """Write the card of a stored model beside it."""
    lines = [*_head(model), *_figures(model.info), *_promotion(model.info), *_documents(model.info)]
    (directory / "MODEL_CARD.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _draw_reliability(model: TaggerModel, directory: Path) -> None:
    """The reliability diagrams beside the card; none is left of figures that the model no longer holds."""
    evaluated = (model.info.get("evaluation") or {}).get("reliability")
    for name, figures in (("reliability", model.info.get("reliability")), ("evaluation", evaluated)):
        path = directory / f"{name}.svg"
        if figures:
            path.write_text(picture(figures), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def _head(model: TaggerModel) -> Iterator[str]:
    info = model.info
    yield f"# {model.name} {model.version}"
    yield ""
    yield from _ANY_FORM if model.generic else _OWNERSHIP_FORMS
    yield ""
    yield f"- Labels: {len(model.labels)}; features: {len(model.vocabulary)}; hidden units: {_hidden(model)}"
    fitted = ((info.get("promise") or {}).get("kinds") or {}).get("all") or {}
    yield f"- Learned from {info.get('documents')} documents, tried on {info.get('documents_held_out')} of others"
    yield f"- Confidence fitted on {fitted.get('documents', 0)} documents of others"
    yield f"- Training data (SHA-256): `{info.get('training_data_sha256')}`"
    yield f"- Sources: {_listed(info.get('sources'))}"
    yield f"- Seed {info.get('seed')}; continued from {info.get('base') or 'nothing'}"
    if info.get("documents_replayed"):
        yield f"- Learned again with them: {info['documents_replayed']} documents that the base knew"
    if info.get("libraries"):
        yield "- Made with " + ", ".join(f"{name} {number}" for name, number in sorted(info["libraries"].items()))
    yield from _confidence(info)


def _figures(info: dict[str, Any]) -> Iterator[str]:
    figures = info.get("held_out_figures")
    if not figures:
        return
    spans, intervals = figures["spans"], figures.get("intervals") or {}
    yield from ("", "## Figures on held-out owners", "", "| figure | value | 95 % |", "|---|---|---|")
    yield f"| span micro F1 | {spans['micro']['f1']:.4f} | {_range(intervals.get('span_micro_f1'))} |"
    yield f"| span macro F1 | {spans['macro']['f1']:.4f} | {_range(intervals.get('span_macro_f1'))} |"
    for key, value in (figures["records"] or {}).items():
        shown = f"{value:.4f}" if isinstance(value, float) else str(value)
        yield f"| {key} | {shown} | {_range(intervals.get(key))} |"
    yield from ("", "| label | precision | recall | F1 | 95 % | support |", "|---|---|---|---|---|---|")
    between = intervals.get("labels") or {}
    for label, f in spans["labels"].items():
        yield (
            f"| {label} | {f['precision']:.4f} | {f['recall']:.4f} | {f['f1']:.4f} | {_range(between.get(label))}"
            f" | {f['support']} |"
        )


def _promotion(info: dict[str, Any]) -> Iterator[str]:
    promotion = info.get("promotion")
    if not promotion:
        return
    how = "by force " if promotion["forced"] else ""
    yield from ("", "## Promotion", "")
    yield (
        f"Promoted {how}on {promotion['at'][:10]} over {promotion['replaced']},"
        f" on {promotion['evaluation']['documents']} documents (SHA-256 `{promotion['evaluation']['sha256']}`)."
    )
    yield from (
        "",
        "| kind | documents | figure | before | now | difference | noise |",
        "|---|---|---|---|---|---|---|",
    )
    for f in promotion["figures"]:
        worse = " **worse**" if f["worse"] else ""
        yield (
            f"| {f['kind']} | {f['documents']} | {f['figure']} | {f['other']:.4f} | {f['this']:.4f}"
            f" | {f['difference']:+.4f}{worse} | {_range(f['interval'], '+.4f')} |"
        )


def _documents(info: dict[str, Any]) -> Iterator[str]:
    yield from ("", "## Documents by kind, layout and garbling", "", "| kind | documents |", "|---|---|")
    for kind, count in (info.get("kinds") or {}).items():
        yield f"| {kind} | {count} |"


def _range(between: Any, form: str = ".4f") -> str:
    return f"{between[0]:{form}} to {between[1]:{form}}" if isinstance(between, list) else ""


def _confidence(info: dict[str, Any]) -> list[str]:
    """What is promised, kind by kind, and how far confidences can be trusted."""
    promised = (info.get("promise") or {}).get("kinds") or {}
    lines = ["", "## Promise", ""] if promised else []
    if info.get("confidence_kept"):
        lines.insert(0, f"- Confidence and thresholds are those of the base: {info['confidence_kept']}")
    for kind, made in promised.items():
        tried = made["tried"]
        lines.append(
            f"- {kind}: {said(made)}; over {tried['splits']} random halves of the owners the stated error was exceeded "
            f"in {tried['exceeded']:.1%}"
        )
    if info.get("reliability"):
        lines += ["", "## Confidence on held-out owners", "", table(info["reliability"]), ""]
        lines += ["![Reliability and risk against coverage](reliability.svg)"]
    evaluation = info.get("evaluation")
    if evaluation:
        lines += ["", "## Confidence as evaluated", ""]
        lines += [f"On {evaluation['documents']} documents (SHA-256 `{evaluation['sha256']}`).", ""]
        lines += [table(evaluation["reliability"]), "", "![Reliability and risk against coverage](evaluation.svg)"]
    return lines


def _listed(counts: dict[str, int] | None) -> str:
    return ", ".join(f"{key} ({value})" for key, value in (counts or {}).items()) or "-"


def _hidden(model: TaggerModel) -> str:
    options = model.info.get("options") or {}
    return "none" if options.get("hidden") == 0 else str(model.embedding.shape[1])
