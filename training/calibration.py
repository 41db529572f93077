"""Confidence of a model: fitted and certified on documents of owners that its tagger has not learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from extractor.confidence import ConfidenceModel, score_filing
from extractor.confidence.drift import observe, summarise
from extractor.errors import AnnotationError
from extractor.pipeline import extract_filing
from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument, data_hash, read_annotations
from training.card import store
from training.confidence import Samples, compare, fit_confidence
from training.guarantee import Judged, promise, said
from training.reliability import judged, report
from training.split import owner_key

Progress = Callable[[str], None]
NOTHING_KNOWN = "no document with a record to calibrate on"


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
    model.info.pop("evaluation", None)  # it was of confidences that are no more
    store(model, directory)
    return said


def store_evaluation(reliability: dict[str, Any], documents: Sequence[AnnotatedDocument], directory: Path) -> None:
    """Put what `form4 evaluate` found of a stored model's confidences, and on what, into the model and its card."""
    model = TaggerModel.load(directory)
    model.info["evaluation"] = {
        "documents": len(documents),
        "sha256": data_hash(documents),
        "reliability": reliability,
    }
    store(model, directory)


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
    values = judged(samples.fields, fitted.fields)  # as fitted without their owners
    promises = promises_of(values, max_error, certainty, seed)
    model.info.pop("confidence_kept", None)  # that of a base no longer is
    model.info["review_threshold"] = promises["all"]["threshold"]
    model.info["thresholds"] = {kind: made["threshold"] for kind, made in promises.items() if kind != "all"}
    model.info["promise"] = {key: promises["all"][key] for key in ("max_error", "certainty", "values")} | {
        "kinds": promises
    }
    model.info["reliability"] = report(values, seed=seed)
    scored = ConfidenceModel.from_dict(model.confidence)
    for filing in observed:
        score_filing(filing, scored, None)
    model.info["calibration"] = summarise(seen for filing in observed if (seen := observe(filing)) is not None)
    return "\n".join(f"{kind}: {said(made)}" for kind, made in promises.items())


def promises_of(values: Judged, max_error: float, certainty: float, seed: int = 0) -> dict[str, dict[str, Any]]:
    """`training.guarantee.promise` for all values ("all") and for each kind of input."""
    out = {"all": promise(values, max_error, certainty, seed)}
    kinds = np.asarray(values.kinds)
    for kind in sorted(set(values.kinds)):
        out[kind] = promise(values.part(kinds == kind), max_error, certainty, seed)
    return out
