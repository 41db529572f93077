"""Bytes to filing records: read, find the filings, label, assemble, check, score. One pure function a document."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.document import Document
from extractor.errors import ModelError
from extractor.record import Filing, Source
from extractor.stages import stage
from extractor.tagging.model import TaggerModel

if TYPE_CHECKING:
    from extractor.confidence import ConfidenceModel
    from extractor.readers.limits import Limits
    from extractor.tagging.landmarks import Hit

NOT_A_FORM = "not_an_ownership_form"
_built: tuple[dict[str, Any], ConfidenceModel] | None = None


def default_model_path() -> Path:
    """The model that came with the installation, or that of the source tree."""
    here = Path(__file__).resolve().parent
    for candidate in (here / "default_model", here.parent / "models" / "default"):
        if (candidate / "model.json").is_file():
            return candidate
    raise ModelError("no default model: neither installed with the package nor in models/default")


@lru_cache(maxsize=4)
def _load(directory: str) -> TaggerModel:
    return TaggerModel.load(directory)


def load_model(model: TaggerModel | Path | str | None = None) -> TaggerModel:
    """A model as it is, from a directory, or the default one. Loaded once a process. Raises ModelError."""
    if isinstance(model, TaggerModel):
        return model
    return _load(str(model if model is not None else default_model_path()))


def extract_bytes(
    data: bytes, path: str = "", model: TaggerModel | Path | str | None = None, limits: Limits | None = None
) -> list[Filing]:
    """All filings in one input, at least one record. Raises InputError where it cannot be read, or is over `limits`.

    A readable input that holds no ownership form gives one record without rows that asks for review.
    """
    from extractor.readers import read

    with stage("read"):
        result = read(data, path, limits)
    digest = hashlib.sha256(data).hexdigest()
    tagger = load_model(model)
    if result.document is None:
        filings = result.filings
        for filing in filings:
            filing.source = Source(path, digest, "xml", filing.source.pages)
            _check_and_score(filing, tagger)
    else:
        result.document.path, result.document.sha256 = path, digest
        filings = extract_document(result.document, tagger)
    for filing in filings:
        filing.model_name, filing.model_version = tagger.name, tagger.version
    return filings


def extract_document(document: Document, model: TaggerModel) -> list[Filing]:
    """All filings in a read document, at least one record."""
    from extractor.tagging.filings import find_filings

    with stage("find filings"):
        parts = find_filings(document)
    if not parts:
        first, last = (document.pages[0].number, document.pages[-1].number) if document.pages else (1, 1)
        source = Source(document.path, document.sha256, document.kind, (first, last))
        return [Filing(source=source, confidence=0.0, needs_review=True, review_reasons=[NOT_A_FORM])]
    return [extract_filing(part, model, hits) for part, hits in parts]


def extract_filing(document: Document, model: TaggerModel, hits: list[Hit] | None = None) -> Filing:
    """One filing from the tokens of one filing; `hits` are its landmarks where they are known already."""
    from extractor.assembly.assemble import assemble
    from extractor.confidence.quality import document_signals
    from extractor.tagging.landmarks import find_landmarks

    if hits is None:
        hits = find_landmarks(document.tokens)
    with stage("label"):
        tagging = model.tag(document, hits)
    with stage("assemble"):
        filing = assemble(document, tagging, hits)
    filing.signals = document_signals(document, tagging, hits)
    numbers = [page.number for page in document.pages] or [1]
    filing.source = Source(document.path, document.sha256, document.kind, (min(numbers), max(numbers)))
    filing.model_name, filing.model_version = model.name, model.version
    _check_and_score(filing, model)
    return filing


def _check_and_score(filing: Filing, model: TaggerModel) -> None:
    from extractor.checking import check_filing
    from extractor.confidence import score_filing, threshold_of

    with stage("check"):
        check_filing(filing)
    confidence = _confidence_of(model)
    # what was promised was promised of the confidences that the model was calibrated with
    outdated = bool(model.confidence) and not confidence.fitted
    threshold = None if outdated else threshold_of(model.info, filing.source.input_kind)
    with stage("score"):
        score_filing(filing, confidence, threshold)


def _confidence_of(model: TaggerModel) -> ConfidenceModel:
    """The model's confidence, built once for as long as it stays the same.

    One of another format counts as none: the model labels as well as before but must be calibrated anew.
    """
    global _built
    from extractor.confidence import ConfidenceModel

    if _built is None or _built[0] is not model.confidence:
        stored = model.confidence
        usable = stored.get("format") == ConfidenceModel.FORMAT
        _built = (stored, ConfidenceModel.from_dict(stored) if usable else ConfidenceModel.default())
    return _built[1]
