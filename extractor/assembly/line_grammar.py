"""Rows of Table I that a table recogniser cut at the wrong letters, read as what the line spells.

Whatever the cuts, a row of Table I spells a date, perhaps a second one, a code, an amount, A or D, and a price:
"Commo | n Stock | 0 | 1/05/2 | 026 | A | 15 | 0,000 | (1) | A | $0.83". From the first date to A or D that can be read
in one way only, so the tokens there are named after it, whatever their pieces look like one by one.
"""

from __future__ import annotations

import re

from extractor.assembly.spans import Labelled

_DATE = r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d{2}"
_ROW = re.compile(
    rf"(?P<date>{_DATE})(?P<deemed>{_DATE})?(?P<code>[ACDEFGHIJKLMOPSUWXZ])(?P<mark0>\(\d\))?(?P<voluntary>V)?"
    r"(?P<shares>\d{1,3}(?:,\d{3})*(?:\.\d+)?)(?P<mark>(?:\(\d{1,2}\)|\(\d{1,2}\),?)*)(?P<more>\d{0,3})(?P<way>[AD])"
    r"(?=\$?\d|\$|\(\d)"
)
_NAMES = {
    "date": "transaction_date",
    "deemed": "deemed_execution_date",
    "code": "transaction_code",
    "voluntary": "voluntary",
    "shares": "shares",
    "more": "shares",
    "way": "acquired_disposed",
}
_TABLE = "non_derivative."


def name_by_grammar(labelled: Labelled) -> Labelled:
    """The document with tokens of such rows named after the grammar of Table I; as it is where none is cut so.

    Only lines of tabbed text that begin with a title of Table I. A token that would have to be two things at once
    leaves its line to the labels.
    """
    tokens = labelled.tokens
    if labelled.document.kind != "text":
        return labelled
    titled = sorted({tokens[i].line for _, i, label in labelled.labelled() if label == f"{_TABLE}security_title"})
    changed: list[str] | None = None
    for number in titled:
        line = labelled.line(number)
        if not any(tokens[i].cell is not None for i in line):
            continue
        named = _names(labelled, line)
        if named and any(labelled.label(i) != label for i, label in named.items()):
            changed = changed if changed is not None else list(labelled.tagging.labels)
            for index, label in named.items():
                changed[index] = label
    return labelled if changed is None else labelled.relabelled(changed)


def _names(labelled: Labelled, line: list[int]) -> dict[int, str]:
    """Labels of the tokens between title and price of a line; none where the line does not read so in just one way."""
    texts = labelled.texts(line)
    starts: list[int] = []
    spelt = ""
    for text in texts:
        starts.append(len(spelt))
        spelt += text
    found = list(_ROW.finditer(spelt))
    if len(found) != 1:
        return {}
    match = found[0]
    if match.start() not in starts or match.end() not in starts:
        return {}
    out: dict[int, str] = {}
    for index, text, start in zip(line, texts, starts, strict=True):
        if not match.start() <= start < match.end():
            continue
        name = next((name for name in match.groupdict() if match.start(name) <= start < match.end(name)), None)
        if name is None:
            return {}
        inside = start + len(text.rstrip("()")) <= match.end(name)
        if not inside:
            return {}
        out[index] = f"{_TABLE}{_NAMES[name]}" if name in _NAMES else "footnote.mark"
    return out
