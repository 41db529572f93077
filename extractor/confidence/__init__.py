"""Calibrated confidence per field, row and record, and the decision what a person should review."""

from extractor.confidence.model import ConfidenceModel
from extractor.confidence.score import score_filing, threshold_of

__all__ = ["ConfidenceModel", "score_filing", "threshold_of"]
