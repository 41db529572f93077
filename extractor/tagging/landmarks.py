"""Where the printed form says which part of it begins: known wording, found again however it was broken up.

Landmarks are features for the tagger and the means by which filings are found in a file. They never label a value.
The wording is that of the SEC's Forms 3, 4 and 5 (SEC 1473, 1474, 2270) from 1993 on.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz import fuzz

from extractor.document import Token
from extractor.memo import remembers_short

_LETTERS = re.compile(r"[^a-z]+")
_MIN_SCORE = 84.0  # partial similarity from which broken-up wording still counts


@dataclass(frozen=True, slots=True)
class Landmark:
    """`name` of the part; `wordings` as letters only; `fuzzy` whether broken spellings are searched for."""

    name: str
    wordings: tuple[str, ...]
    fuzzy: bool = True


LANDMARKS = (
    Landmark("form_heading", ("unitedstatessecuritiesandexchangecommission",)),
    Landmark("form_3_title", ("initialstatementofbeneficialownership",)),
    Landmark("form_4_title", ("statementofchangesinbeneficialownership",)),
    Landmark("form_5_title", ("annualstatementofchangesinbeneficialownership", "annualstatementofbeneficialownership")),
    Landmark("section_16", ("checkthisboxifnolongersubject", "checkboxifnolongersubject")),
    Landmark("aff10b5_one", ("checkthisboxtoindicatethatatransaction",)),
    Landmark("filed_pursuant", ("filedpursuanttosection",)),
    Landmark("owner", ("nameandaddressofreportingperson",)),
    Landmark("issuer", ("issuernameandtickerortradingsymbol", "issuernameandtickerorsymbol")),
    Landmark(
        "period",
        (
            "dateofearliesttransaction",
            "statementformonth",
            "dateofeventrequiringstatement",
            "statementforissuersfiscalyearended",
        ),
    ),
    Landmark("amendment", ("ifamendmentdate",)),
    Landmark("relationship", ("relationshipofreportingperson", "relationshipofreporting")),
    Landmark("joint", ("individualorjointgroupfiling", "individualorjointfiling")),
    Landmark("table_1", ("nonderivativesecuritiesacquired", "nonderivativesecuritiesbeneficiallyowned")),
    Landmark(
        "table_2",
        ("derivativesecuritiesacquireddisposed", "derivativesecuritiesbeneficiallyowned", "egputscallswarrants"),
    ),
    Landmark("explanation", ("explanationofresponses",)),
    Landmark("remarks", ("remarks",), fuzzy=False),
    Landmark("owners_grid", ("reportingownernameaddress",)),
    Landmark("signature", ("signatureofreportingperson",)),
    Landmark("signatures", ("signatures",), fuzzy=False),
    Landmark(
        "reminder",
        (
            "reminderreportonaseparateline",
            "filethreecopies",
            "intentionalmisstatements",
            "personswhorespondtothecollection",
        ),
    ),
)
NAMES = tuple(mark.name for mark in LANDMARKS)
TITLES = {"form_3_title": "3", "form_4_title": "4", "form_5_title": "5"}
"""Landmarks that say which form it is."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One landmark found: its name, the indices of its first and last token, and how alike it was (0..100)."""

    name: str
    first: int
    last: int
    score: float


def find_landmarks(tokens: list[Token]) -> list[Hit]:
    """All landmarks in token order. Letters only are compared, so blanks, tabs and digits do not matter."""
    pieces = [_letters(token.text) for token in tokens]
    starts = list(accumulate(map(len, pieces[:-1]), initial=0)) if pieces else []
    text = "".join(pieces)
    hits: list[Hit] = []
    titled = False  # the titles of the three forms are alike: a broken one is sought only where none is whole
    for mark in LANDMARKS:
        found = False
        for wording in mark.wordings:
            begin = text.find(wording)
            while begin >= 0:
                if not _inside_other(mark.name, text, begin):
                    hits.append(_hit(mark.name, starts, begin, begin + len(wording), 100.0))
                    found = True
                begin = text.find(wording, begin + len(wording))
        titled |= found and mark.name in TITLES
        if not found and mark.fuzzy and mark.name not in TITLES and len(text) >= 200:
            hit = _fuzzy_hit(mark, text, starts)
            if hit is not None:
                hits.append(hit)
    if not titled and len(text) >= 200:
        candidates = [_fuzzy_hit(mark, text, starts) for mark in LANDMARKS if mark.name in TITLES]
        best = max(
            (hit for hit in candidates if hit is not None),
            key=lambda hit: (hit.score, hit.last - hit.first),
            default=None,
        )
        if best is not None:
            hits.append(best)
    return sorted(hits, key=lambda hit: (hit.first, hit.last, hit.name))


@remembers_short()
def _letters(text: str) -> str:
    return _LETTERS.sub("", text.lower())


def _inside_other(name: str, text: str, begin: int) -> bool:
    """Whether the wording found is part of another: "derivative" of "non-derivative", "statement" of "annual …"."""
    before = text[max(0, begin - 6) : begin]
    if name == "table_2":
        return before.endswith(("non", "nor", "nom", "n0n"))
    if name == "form_4_title":
        return before.endswith("annual")
    return False


def _hit(name: str, starts: list[int], begin: int, end: int, score: float) -> Hit:
    first = max(0, bisect_right(starts, begin) - 1)
    last = max(first, bisect_left(starts, end) - 1)
    return Hit(name, first, last, score)


def _fuzzy_hit(mark: Landmark, text: str, starts: list[int]) -> Hit | None:
    best: Hit | None = None
    for wording in mark.wordings:
        aligned = fuzz.partial_ratio_alignment(wording, text, score_cutoff=_MIN_SCORE)
        if aligned is None or (best is not None and aligned.score <= best.score):
            continue
        if not _inside_other(mark.name, text, aligned.dest_start):
            best = _hit(mark.name, starts, aligned.dest_start, aligned.dest_end, aligned.score)
    return best
