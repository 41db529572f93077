"""What stands beside a value on its line: left-over scraps there tell of cells that were cut or ran together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from extractor.document import Document
from extractor.memo import remembers_short
from extractor.tagging.model import Tagging

_SCRAP = re.compile(r"[\d.,/]{1,4}|[.,]\d[\d.,]*")
_ENDS = re.compile(r"^[,.)/%&-]\w|\w[(&/]$|\w\)$(?<!\(\d\))(?<!\(\d\d\))")
_NEAR = 12  # tokens to each side whose state is taken for that of the place


_WORDY, _SCRAPPY, _CUT = 1, 2, 4


@remembers_short()
def _looks(text: str) -> tuple[int, str]:
    """Whether a word has a letter or digit, is a scrap, looks cut, as flags; and what of it is compared."""
    wordy = text.isalnum() or any(char.isalnum() for char in text)
    flags = _WORDY * wordy | _SCRAPPY * bool(_SCRAP.fullmatch(text)) | _CUT * bool(_ENDS.search(text))
    return flags, _word(text)


def _word(text: str) -> str:
    return text.casefold().strip(".,()[]'\"")


class Surroundings:
    """Signals about the tokens beside values, computed once a document."""

    def __init__(self, document: Document, tagging: Tagging) -> None:
        tokens = document.tokens
        self._document = document
        self._labels = tagging.labels
        count = len(tokens)
        form = tagging.form_words if tagging.form_words is not None else np.zeros(count, dtype=bool)
        outside = np.array([label == "O" for label in tagging.labels], dtype=bool)
        looks = [_looks(token.text) for token in tokens]
        flags = np.fromiter((look[0] for look in looks), dtype=np.uint8, count=count)
        cut = flags & _CUT > 0
        stray = outside & (flags & _WORDY > 0) & ~form
        self._stray = stray.tolist()
        self._scrap = (flags & _SCRAPPY > 0).tolist()
        self._stray_sums = np.concatenate([[0], np.cumsum(stray)]).tolist()
        self._cut_sums = np.concatenate([[0], np.cumsum(cut)]).tolist()
        self._cells = Counter(token.cell for token in tokens if token.cell is not None)
        # a word cut or misread stands there once, a right one often twice: in a footnote, another row, the signature
        self._words = words = [look[1] for look in looks]
        self._said = Counter(words)
        self._said.update(words[i] for i in np.flatnonzero(form).tolist())

    def signals(self, indices: Sequence[int]) -> dict[str, float]:
        """Signals of the value made of these tokens.

        "scrap_beside" whether the next token on its line, to either side, is a few digits or begins with a separator;
        "stray_beside" whether it is a word that belongs to no value and is not the form's own; "strays_near" and
        "cuts_near" the share of such words, and of words that look cut, around it; "once_only" how many of its words
        stand nowhere else in the document and are not the form's; "inside" how many tokens stand
        between the value's own; "cell_others" how many share its cell, where cells are known.
        """
        if not indices:
            return {}
        tokens = self._document.tokens
        first, last = min(indices), max(indices)
        scrap = stray = 0.0
        for own, other in ((first, first - 1), (last, last + 1)):
            if 0 <= other < len(tokens) and tokens[other].line == tokens[own].line:
                scrap = max(scrap, float(self._scrap[other]))
                stray = max(stray, float(self._stray[other]))
        lo, hi = max(0, first - _NEAR), min(len(tokens), last + _NEAR + 1)
        out = {
            "scrap_beside": scrap,
            "stray_beside": stray,
            "strays_near": (self._stray_sums[hi] - self._stray_sums[lo]) / (hi - lo),
            "cuts_near": (self._cut_sums[hi] - self._cut_sums[lo]) / (hi - lo),
            "once_only": float(sum(self._said[self._words[i]] == 1 for i in indices)),
            "inside": float(min(20, last - first + 1 - len(set(indices)))),
        }
        cell = tokens[first].cell
        if cell is not None:
            out["cell_others"] = float(min(20, self._cells[cell] - len(indices)))
        return out
