"""Synthesis of training documents: invent filings, print them, garble and scan them, and know every label."""

from training.synthesis.corpus import documents, synthesize
from training.synthesis.invent import invent_filing

__all__ = ["documents", "invent_filing", "synthesize"]
