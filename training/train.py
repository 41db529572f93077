"""From annotation files to a stored model: fit the tagger, calibrate on owners it has not seen, write the card."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from extractor.confidence import ConfidenceModel, score_filing
from extractor.confidence.drift import observe, summarise
from extractor.errors import AnnotationError
from extractor.pipeline import extract_filing
from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument, read_annotations
from training.card import write_card
from training.confidence import Fitted, Samples, compare, fit_confidence, kind_of
from training.evaluate import evaluate
from training.fit import FitOptions, fit
from training.guarantee import Judged, promise, said
from training.reliability import picture, report
from training.split import owner_key, split_by_owner

Progress = Callable[[str], None]
_HELD_SHARE = 0.12
NOTHING_KNOWN = "no document with a record to calibrate on"


def train(
    annotations: Sequence[Path],
    out: Path,
    *,
    base: Path | None = None,
    seed: int = 0,
    epochs: int | None = None,
    name: str = "form4",
    progress: Progress = lambda line: None,
) -> TaggerModel:
    """Train on annotation files and store the model in `out`. Owners in a fixed share are kept for calibration.

    The tagger that is calibrated has not seen the held-out owners, and it is the one that is stored, so its figures
    are those of its card.
    """
    began = time.monotonic()
    documents = list(read_annotations(annotations))
    progress(f"{len(documents)} documents read")
    learn, held = split_by_owner(documents, _HELD_SHARE, seed)
    if len(held) < 3:
        learn, held = documents, []
    base_model = TaggerModel.load(base) if base is not None else None
    options = FitOptions(seed=seed)
    if base_model is not None:
        options = replace(options, epochs=3, learning_rate=options.learning_rate / 4)
    if epochs is not None:
        options = replace(options, epochs=epochs)
    model = fit(learn, options, base=base_model, progress=progress)
    model.name = name
    digest = data_hash(documents)
    model.version = f"1.0.0+{digest[:10]}"
    model.info = {
        "training_data_sha256": digest,
        "documents": len(learn),
        "documents_held_out": len(held),
        "kinds": dict(sorted(Counter(_kind(item) for item in documents).items())),
        "sources": dict(sorted(Counter(str(item.meta.get("source", "given")) for item in documents).items())),
        "seed": seed,
        "options": {key: getattr(options, key) for key in FitOptions.__dataclass_fields__},
        "base": base_model.version if base_model is not None else None,
    }
    if held:
        progress(f"calibrating on {len(held)} documents of other owners")
        progress(fit_calibration(model, held, max_error=0.005, certainty=0.9, seed=seed, progress=progress))
        model.info["held_out_figures"] = evaluate(held, model)
    model.save(out)
    write_card(model, out)
    _draw(model, out)
    progress(f"stored {out} after {time.monotonic() - began:.0f} s")
    return model


def calibrate(
    annotations: Sequence[Path],
    directory: Path,
    *,
    max_error: float = 0.005,
    certainty: float = 0.9,
    progress: Progress = lambda line: None,
) -> str:
    """Fit confidence and thresholds of a stored model anew; returns what can be promised, a sentence a kind of input.

    Documents of owners that the model has learned from must not be among the annotations: the caller's business, since
    a model does not know them. AnnotationError without any document that has a record.
    """
    model = TaggerModel.load(directory)
    documents = list(read_annotations(annotations))
    progress(f"calibrating on {len(documents)} documents")
    said = fit_calibration(model, documents, max_error=max_error, certainty=certainty, progress=progress)
    if said == NOTHING_KNOWN:
        raise AnnotationError(f"{', '.join(map(str, annotations))}: {said}")
    model.save(directory)
    write_card(model, directory)
    _draw(model, directory)
    return said


def fit_calibration(
    model: TaggerModel,
    documents: Iterable[AnnotatedDocument],
    *,
    max_error: float,
    certainty: float,
    seed: int = 0,
    progress: Progress = lambda line: None,
) -> str:
    """Fit `model.confidence` and the review thresholds on documents that the tagger has not learned from.

    Every figure comes from predictions for owners left out of the fit (five folds), so that nothing is promised on
    what it was fitted to. Stored in `model.info`: "thresholds" by kind of input, "review_threshold" over all kinds,
    "promise" (the same with what stands behind it), "reliability" (`training.reliability.report`), "calibration" (what
    drift is measured against).
    """
    samples, observed = Samples(), []
    count = 0
    for item in documents:
        if item.record is None:
            continue
        filing = extract_filing(item.document, model)
        samples.extend(compare(filing, item.record, f"{count}:{item.id}", owner_key(item)))
        observed.append(filing)
        count += 1
        if count % 100 == 0:
            progress(f"{count} documents read")
    if not samples.fields:
        return NOTHING_KNOWN
    progress(f"fitting confidence on {len(samples.fields)} values of {count} documents")
    fitted = fit_confidence(samples, seed)
    model.confidence = fitted.model.to_dict()
    judged = judged_values(samples, fitted)
    promises = promises_of(judged, max_error, certainty, seed)
    model.info["review_threshold"] = promises["all"]["threshold"]
    model.info["thresholds"] = {kind: made["threshold"] for kind, made in promises.items() if kind != "all"}
    model.info["promise"] = {key: promises["all"][key] for key in ("max_error", "certainty", "values")} | {
        "kinds": promises
    }
    model.info["reliability"] = report(judged, seed=seed)
    scored = ConfidenceModel.from_dict(model.confidence)
    for filing in observed:
        score_filing(filing, scored, None)
    model.info["calibration"] = summarise(seen for filing in observed if (seen := observe(filing)) is not None)
    return "\n".join(f"{kind}: {said(made)}" for kind, made in promises.items())


def judged_values(samples: Samples, fitted: Fitted) -> Judged:
    """The values that count, with the confidences that were fitted without their owners."""
    counting = [i for i, sample in enumerate(samples.fields) if sample.counts]
    chosen = [samples.fields[i] for i in counting]
    return Judged(
        fitted.fields[counting],
        np.array([sample.right for sample in chosen], dtype=bool),
        [sample.document for sample in chosen],
        [sample.owner or sample.document for sample in chosen],
        [kind_of(sample.signals) for sample in chosen],
    )


def promises_of(values: Judged, max_error: float, certainty: float, seed: int = 0) -> dict[str, dict[str, Any]]:
    """`training.guarantee.promise` for all values ("all") and for each kind of input."""
    out = {"all": promise(values, max_error, certainty, seed)}
    kinds = np.asarray(values.kinds)
    for kind in sorted(set(values.kinds)):
        out[kind] = promise(values.part(kinds == kind), max_error, certainty, seed)
    return out


def _draw(model: TaggerModel, directory: Path) -> None:
    """The reliability diagram beside the card."""
    if model.info.get("reliability"):
        (directory / "reliability.svg").write_text(picture(model.info["reliability"]), encoding="utf-8")


def data_hash(documents: Iterable[AnnotatedDocument]) -> str:
    """Hash over ids, tokens and labels: which data a model learned from."""
    digest = hashlib.sha256()
    for item in documents:
        digest.update(item.id.encode())
        for token, label in zip(item.document.tokens, item.token_labels(), strict=True):
            digest.update(f"{token.text}\x1f{label}\x1e".encode("utf-8", "replace"))
    return digest.hexdigest()


def _kind(item: AnnotatedDocument) -> str:
    meta: dict[str, Any] = item.meta
    return ":".join(str(meta[key]) for key in ("kind", "layout", "garbler") if meta.get(key))
