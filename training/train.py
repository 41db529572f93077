"""From annotation files to a stored model: fit the tagger, calibrate on owners it has not seen, write the card."""

from __future__ import annotations

import platform
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from extractor.tagging.model import TaggerModel
from training.annotations import AnnotatedDocument, data_hash, read_annotations
from training.calibration import fit_calibration
from training.card import store
from training.closely import learn_closely
from training.evaluate import evaluate
from training.fit import fit
from training.guarantee import fewest_values, holds_as_much
from training.lint import content_key
from training.options import choose_options
from training.rehearsal import keep, mix, recall
from training.split import split_by_owner

_PROMISED = ("review_threshold", "thresholds", "promise", "reliability", "calibration")
Progress = Callable[[str], None]
_HELD_SHARE = 0.12
_GUARDS = 4  # known documents for each that is learned closely: they only stand guard
_MAX_ERROR, _CERTAINTY = 0.005, 0.9  # what is promised


def train(
    annotations: Sequence[Path],
    out: Path,
    *,
    base: Path | None = None,
    seed: int = 0,
    epochs: int | None = None,
    name: str = "form4",
    replay: Sequence[Path] = (),
    closely: bool = False,
    progress: Progress = lambda line: None,
) -> TaggerModel:
    """Train on annotation files and store the model in `out`. Owners in a fixed share are kept for calibration.

    The tagger that is calibrated has not seen the held-out owners, and it is the one that is stored, so its figures
    are those of its card.

    With a base, `closely` learns the new documents down to the last token, as corrections ask for, where the usual
    few passes only lean towards them. `replay` names annotations that the base already knows: as many documents of
    them as there are new ones, or all, are learned again along with them, so that what is new does not push out the
    old. ValueError where either is given without a base.
    """
    if base is None and (replay or closely):
        raise ValueError("replay and closely go with a base")
    began = time.monotonic()
    documents = list(read_annotations(annotations))
    progress(f"{len(documents)} documents read")
    learn, held = split_by_owner(documents, _HELD_SHARE, seed)
    base_model = TaggerModel.load(base) if base is not None else None
    if closely or (len(held) < 3 if base_model is None else not _may_promise(held)):
        learn, held = documents, []  # nothing is held out for a promise that so few values cannot carry
    known = replayed(replay, learn, seed, times=_GUARDS if closely else 1)
    kept = recall(base) if base is not None else []
    if known:
        progress(f"{len(known)} documents that the base knows are learned again")
    elif kept:
        progress(f"learning on from {len(learn)} documents, beside some of {len(kept)} that the base kept")
    lesson = [*learn, *known] if known else mix(learn, kept)
    options = choose_options(lesson, seed, base_model, rehearsed=bool(known or kept))
    if epochs is not None:
        options = replace(options, epochs=epochs)
    if base_model is not None and closely:
        if base_model.begins:
            raise ValueError("closely goes with a base that was learned token by token")
        model = learn_closely(base_model, learn, known or kept, progress)
    else:
        model = fit(lesson, options, base=base_model, progress=progress)
    model.name = name
    digest = data_hash(documents)
    model.version = f"1.0.0+{digest[:10]}"
    model.info = {
        "training_data_sha256": digest,
        "documents": len(learn),
        "documents_held_out": len(held),
        "kinds": dict(sorted(Counter(_kind(item) for item in documents).items())),
        "sources": dict(sorted(Counter(str(item.meta.get("source", "given")) for item in documents).items())),
        "documents_replayed": len(known),
        "libraries": library_versions(),
        "seed": seed,
        "options": {"closely": True} if closely else asdict(options),
        "base": base_model.version if base_model is not None else None,
    }
    if held:
        progress(f"calibrating on {len(held)} documents of other owners")
        said = fit_calibration(model, held, max_error=_MAX_ERROR, certainty=_CERTAINTY, seed=seed, progress=progress)
        progress(said)
        if base_model is not None and not _as_certain(model, base_model):
            _keep_confidence(model, base_model, f"{len(held)} held-out documents cannot promise as much", progress)
        figures = evaluate(held, model)
        # its confidences were fitted on these very documents: "reliability" is without their owners
        model.info["held_out_figures"] = {key: value for key, value in figures.items() if key != "reliability"}
    elif base_model is not None:
        _keep_confidence(model, base_model, "too few documents to promise anything anew", progress)
    store(model, out)
    keep([*learn, *kept], out)
    progress(f"stored {out} after {time.monotonic() - began:.0f} s")
    return model


def _may_promise(held: Sequence[AnnotatedDocument]) -> bool:
    """Whether these documents' records hold as many values as any promise needs, if all were read right."""
    return sum(_values(item.record) for item in held) >= fewest_values(_MAX_ERROR, _CERTAINTY)


def _values(record: Any) -> int:
    """Values anywhere in a record's plain data; what is absent or an empty box does not count."""
    if isinstance(record, dict):
        return sum(map(_values, record.values()))
    if isinstance(record, list):
        return sum(map(_values, record))
    return int(record is not None and record is not False)


def _as_certain(model: TaggerModel, base: TaggerModel) -> bool:
    """Whether the confidence just fitted may take the place of the base's: it promises all that the base's does.

    Where the base promises nothing, anything that is promised is more, and so is any fit where it has none.
    """
    made, before = ((one.info.get("promise") or {}).get("kinds") or {} for one in (model, base))
    if any(theirs.get("threshold") is not None for theirs in before.values()):
        return holds_as_much(made, before)
    return not base.confidence or any(ours.get("threshold") is not None for ours in made.values())


def _keep_confidence(model: TaggerModel, base: TaggerModel, why: str, progress: Progress) -> None:
    """Give a continued model the confidence and the thresholds of its base, and say so in its log and its card."""
    model.confidence = dict(base.confidence)
    for key in _PROMISED:
        model.info.pop(key, None)
    model.info |= {key: base.info[key] for key in _PROMISED if key in base.info}
    model.info["confidence_kept"] = why
    progress(f"confidence and thresholds stay those of the base: {why}")


def replayed(
    paths: Sequence[Path], learn: Sequence[AnnotatedDocument], seed: int, times: int = 1
) -> list[AnnotatedDocument]:
    """`times` as many documents of these files as there are new ones, drawn by seed; none that is among the new."""
    if not paths:
        return []
    new = {content_key(item) for item in learn}
    known = [item for item in read_annotations(paths) if content_key(item) not in new]
    most = times * len(learn)
    return known if len(known) <= most else random.Random(seed).sample(known, most)


def library_versions() -> dict[str, str]:
    """Versions of what took part in training."""
    return {name: version(name) for name in ("numpy", "scipy", "scikit-learn")} | {"python": platform.python_version()}


def _kind(item: AnnotatedDocument) -> str:
    meta: dict[str, Any] = item.meta
    return ":".join(str(meta[key]) for key in ("kind", "layout", "garbler") if meta.get(key))
