"""The record that an annotation's labels give, as if the tagger had said them with certainty."""

from __future__ import annotations

import numpy as np

from extractor.assembly.assemble import assemble
from extractor.checking import check_filing
from extractor.record import Filing
from extractor.tagging.landmarks import find_landmarks
from extractor.tagging.model import TaggerModel, Tagging
from training.annotations import AnnotatedDocument


def tagging_of(item: AnnotatedDocument, model: TaggerModel) -> Tagging:
    """The annotation as a tagging; the model only lends its layout and its list of form words."""
    tokens = item.document.tokens
    _, layout = model.extractor(item.document)
    sure = np.ones(len(tokens), dtype=np.float32)
    form_words = np.array([model.extractor.word(token.text).keyword > 0 for token in tokens], dtype=bool)
    return Tagging(item.token_labels(), sure, sure, layout, form_words)


def filing_of(item: AnnotatedDocument, model: TaggerModel) -> Filing:
    """What extraction would make of the document if the tagger gave just these labels."""
    filing = assemble(item.document, tagging_of(item, model), find_landmarks(item.document.tokens))
    check_filing(filing)
    return filing
