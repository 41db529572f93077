"""How well a document as a whole could be read and labelled: what its values have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from extractor.document import Document
from extractor.memo import remembers_short
from extractor.tagging.landmarks import Hit
from extractor.tagging.model import Tagging

_POOR = 0.8  # a reader's belief in a word below which the word counts as poorly read
_DOUBTFUL = 0.9  # a label's probability below which the label counts as doubtful
_CUT = re.compile(r"^[,.)/%&-]\w|\w[(&/]$")
_EXPECTED = ("owner", "issuer", "period", "amendment", "relationship", "table_1", "table_2", "signature", "remarks")


def document_signals(document: Document, tagging: Tagging, hits: Sequence[Hit]) -> dict[str, float]:
    """Signals that hold for every value of a filing, each 0..1.

    "page_quality" the worst page as its reader judged it; "word_quality" the mean belief in a word; "poor_words" the
    share read poorly. "landmarks" the share of the form's parts that were found, "wording" how alike the worst of them
    is to what the form prints; "form_words" the share of tokens that are words of the printed form. "label_doubt" the
    share of labelled tokens with a doubtful label, "label_level" the mean probability of all labels; "unexplained" the
    share of tokens with digits that belong to no value although they are not the form's own; "strays" the share of
    words that belong to no value and are not the form's; "cut" the share of words that look cut.
    """
    tokens = document.tokens
    if not tokens:
        return {}
    quality = np.array([token.quality for token in tokens])
    labelled = np.array([label != "O" for label in tagging.labels], dtype=bool)
    probability = np.asarray(tagging.probability, dtype=float)
    form = tagging.form_words if tagging.form_words is not None else np.zeros(len(tokens), dtype=bool)
    looks = np.fromiter((_looks(token.text) for token in tokens), dtype=np.uint8, count=len(tokens))
    digits, words, cut = (looks & flag > 0 for flag in (_DIGIT, _LETTER, _LOOKS_CUT))
    found = {hit.name for hit in hits}
    expected = [hit.score for hit in hits if hit.name in _EXPECTED]
    return {
        "page_quality": min((page.quality for page in document.pages), default=1.0),
        "word_quality": float(quality.mean()),
        "poor_words": float((quality < _POOR).mean()),
        "landmarks": sum(name in found for name in _EXPECTED) / len(_EXPECTED),
        "wording": min(expected, default=0.0) / 100.0,
        "form_words": float(form.mean()),
        "label_doubt": float((probability[labelled] < _DOUBTFUL).mean()) if labelled.any() else 1.0,
        "label_level": float(probability.mean()),
        "unexplained": float((digits & ~labelled & ~form).sum() / max(1, digits.sum())),
        "strays": float((words & ~labelled & ~form).mean()),
        "cut": float(cut.mean()),
    }


_DIGIT, _LETTER, _LOOKS_CUT = 1, 2, 4


@remembers_short()
def _looks(text: str) -> int:
    """Whether a word has a digit, has a letter, looks cut, as flags."""
    digit, letter = any(map(str.isdigit, text)), any(map(str.isalpha, text))
    return _DIGIT * digit | _LETTER * letter | _LOOKS_CUT * bool(_CUT.search(text))
