"""Owner and issuer that a text prints side by side on one line, told apart by what names look like.

Box 1 and box 2 of the form lie beside each other. Whole-page OCR and many converters give both names as one stretch of
words, "Quill Ada M ALTO FREIGHT CORP [ ALTO ]", with nothing between them. How long owners' names are, how tickers are
spelt from companies' names, who signs and how words are capitalised tells where the one ends. The weights are those of
a conditional logit over the places between words (`training.head_statistics`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

from extractor.assembly.names import parse_text
from extractor.assembly.parsed import Parsed
from extractor.assembly.spans import Labelled
from extractor.record import Field, Filing, ReportingOwner
from extractor.tagging.landmarks import Hit

WEIGHTS: dict[str, float] = {
    "case changes": 2.74,
    "case mixed left": -1.18,
    "comma left": -0.56,
    "company begins": -1.30,
    "company left": 1.28,
    "company left ends": 1.33,
    "ends in initial": 2.02,
    "initial begins": -2.46,
    "joins": -1.31,
    "left 1": -1.60,
    "left 2": 1.57,
    "left 3": 0.98,
    "left 4": -0.50,
    "left 5": -0.07,
    "left 6": -0.38,
    "left does not sign": -0.17,
    "left signs": 0.89,
    "right 1": -1.39,
    "right 2": 0.52,
    "right 3": 0.93,
    "right 4": -0.06,
    "right signs": -0.89,
    "ticker begins": 0.88,
    "ticker differs": -0.88,
    "ticker spelt": 1.04,
}
"""How each sign of `signs` speaks for a place: made by `python -m training.head_statistics`, not by hand.

On real names, by owner and issuer cross-validated: 96 % of lines cut rightly, 98.7 % of those (94 %) that are sure.
"""
_SURE = 0.7
_MOST_WORDS = 14
_LINES_BELOW = 5  # lines between the captions of the two boxes and their names
_COMPANY = re.compile(
    r"(?:inc|corp|corporation|co|company|ltd|limited|llc|l\.?p|plc|n\.?v|s\.?a|ag|trust|fund|group|holdings?|partners|"
    r"bancorp|bancshares|therapeutics|pharmaceuticals|technologies|systems|international|financial|energy|capital|"
    r"resources|industries|properties|realty|reit|labs?|sciences|motors?|networks?|software|platforms?|brands?|foods?|"
    r"stores?|bank|insurance|management|ventures?|associates|foundation|de)[.,]*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|md|phd|esq)[.,]*", re.IGNORECASE)
_TICKER = re.compile(r"[A-Z][A-Z0-9./-]{0,6}")


def signs(words: Sequence[str], place: int, ticker: str, signed: Collection[str]) -> list[str]:
    """The signs by which a line of names is cut before the word at `place`, as names of features.

    `ticker` is the issuer's symbol, "" where none was read; `signed` are the words of the signatures, casefolded.
    """
    left, right = words[:place], words[place:]
    out = [f"left {min(place, 6)}", f"right {min(len(right), 4)}"]
    letters = re.sub(r"[^a-z]", "", ticker.casefold())
    if letters:
        out.append("ticker begins" if right[0][:1].casefold() == letters[0] else "ticker differs")
        rest = iter("".join(right).casefold())
        if len(letters) > 1 and right[0][:1].casefold() == letters[0] and all(letter in rest for letter in letters):
            out.append("ticker spelt")
    if signed:
        out += ["left signs" if _is_signed(word, signed) else "left does not sign" for word in left]
        out += ["right signs" for word in right if _is_signed(word, signed)]
    capitals = [_capitals(word) for word in words]
    known = [(a, b) for a, b in ((capitals[place - 1], capitals[place]),) if a is not None and b is not None]
    out += ["case changes" for a, b in known if a != b]
    uniform = {c for c in capitals[:place] if c is not None}
    out += ["case mixed left"] if len(uniform) > 1 else []
    companies = sum(bool(_COMPANY.fullmatch(word)) for word in left)
    out += ["company left"] * min(companies, 2)
    out += ["company left ends"] if _COMPANY.fullmatch(left[-1]) else []
    out += ["company begins"] if _COMPANY.fullmatch(right[0]) else []
    if len(left[-1].strip(".,")) == 1 or _SUFFIX.fullmatch(left[-1]):
        out.append("ends in initial")
    if _SUFFIX.fullmatch(right[0]) or (len(right[0].strip(".,")) == 1 and right[0] != "&"):
        out.append("initial begins")
    if right[0] in "&/-" or left[-1] in "&/-" or right[0].casefold() in ("of", "and", "the"):
        out.append("joins")
    if left[-1].endswith(","):
        out.append("comma left")
    return out


def cut_names(words: Sequence[str], ticker: str, signed: Collection[str]) -> tuple[int, float]:
    """Where the owner's name ends in a line of both names, and how likely: (number of its words, probability)."""
    scores = [
        sum(WEIGHTS.get(sign, 0.0) for sign in signs(words, place, ticker, signed)) for place in range(1, len(words))
    ]
    top = max(scores)
    return scores.index(top) + 1, 1.0 / sum(math.exp(score - top) for score in scores)


def _is_signed(word: str, signed: Collection[str]) -> bool:
    return len(word) > 2 and word.casefold().strip(".,") in signed


def _capitals(word: str) -> bool | None:
    """Whether a word is written in capitals; None where it is too short to tell."""
    letters = [char for char in word if char.isalpha()]
    return None if len(letters) < 2 else all(char.isupper() for char in letters)


def part_names(labelled: Labelled, filing: Filing, hits: Sequence[Hit]) -> None:
    """Sets the first owner's and the issuer's name anew where a text prints both as one stretch of words.

    Only where the captions of both boxes stand on one line, and where nobody's name was read elsewhere. A line whose
    labels already part it into two names that touch keeps them unless the names themselves speak clearly against it.
    """
    stretch, ticker = _stretch(labelled, hits)
    if filing.issuer.ticker is None and ticker is not None:
        filing.issuer.ticker = labelled.field([ticker[0]], ticker[1])
    if not stretch:
        return
    owner = filing.reporting_owners[0] if filing.reporting_owners else None
    named = [i for i in stretch if labelled.label(i) == "owner.name"]
    if owner is not None and owner.name is not None and not named and _is_name(str(owner.name.value)):
        return
    words = labelled.texts(stretch)
    symbol = str(filing.issuer.ticker.value) if filing.issuer.ticker is not None else ""
    signed = {
        word
        for run in labelled.runs(["signature.name"])
        for text in labelled.texts(run)
        for word in re.findall(r"[a-z]+", text.casefold())
    }
    place, probability = cut_names(words, symbol, signed)
    if probability < _SURE:
        return
    name = _field(labelled, stretch[:place], probability)
    issuer = _field(labelled, stretch[place:], probability)
    if name is None or issuer is None:
        return
    if owner is None:
        owner = ReportingOwner()
        filing.reporting_owners.append(owner)
    if owner.name is None or str(owner.name.value) != str(name.value):
        owner.name = name
    if filing.issuer.name is None or str(filing.issuer.name.value) != str(issuer.value):
        filing.issuer.name = issuer


def _field(labelled: Labelled, indices: Sequence[int], probability: float) -> Field | None:
    parsed = parse_text(labelled.texts(indices))
    if parsed is None:
        return None
    field = labelled.field(indices, parsed)
    for signal in ("label_min", "label_mean", "margin_min"):
        field.signals[signal] = min(probability, max(probability - 0.1, field.signals[signal]))
    return field


def _is_name(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]{3,}", text)) >= 2


def _stretch(labelled: Labelled, hits: Sequence[Hit]) -> tuple[list[int], tuple[int, Parsed[str]] | None]:
    """The words before the ticker's bracket on the line of the names, and a ticker in brackets below the captions."""
    tokens = labelled.tokens
    owner = next((hit for hit in hits if hit.name == "owner"), None)
    issuer = next((hit for hit in hits if hit.name == "issuer"), None)
    if owner is None or issuer is None or tokens[owner.first].line != tokens[issuer.first].line:
        return [], None
    segment = labelled.tagging.layout.segment
    if segment[owner.first] != segment[issuer.first] or tokens[issuer.first].cell is not None:
        return [], None  # the columns are kept: each name has its own place
    first = tokens[issuer.last].line
    for number in range(first + 1, first + 1 + _LINES_BELOW):
        line = labelled.line(number)
        opening = next((place for place, i in enumerate(line) if tokens[i].text.startswith("[")), None)
        if opening is None:
            continue
        ticker = _ticker(labelled, line[opening : opening + 3])
        before = line[:opening]
        apart = len({int(segment[i]) for i in before}) > 1
        wordy = all(re.search(r"\w|&", tokens[i].text) for i in before)
        if apart or not wordy or not 3 <= len(before) <= _MOST_WORDS:
            return [], ticker
        return before, ticker
    return [], None


def _ticker(labelled: Labelled, indices: Sequence[int]) -> tuple[int, Parsed[str]] | None:
    """The symbol in brackets that begins at the first of these tokens."""
    for index in indices:
        bare = labelled.tokens[index].text.strip("[]")
        if bare:
            return (index, Parsed(bare)) if _TICKER.fullmatch(bare) else None
    return None
