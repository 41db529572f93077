"""Misread titles and natures of ownership: what these columns say is mostly one of few phrases, or said elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz.distance import Levenshtein

from extractor.assembly.mending import NATURE_WORDS, TITLE_WORDS
from extractor.assembly.names import WORDS
from extractor.checking.par_value import with_par_value, without_par_value
from extractor.checking.rule import Place, Rule, entries, is_exact, value_of
from extractor.record import Check, Filing

TITLES = tuple(
    """
    Common Stock|Class A Common Stock|Class B Common Stock|Class C Common Stock|Common Shares|Class A Common Shares|
    Class B Common Shares|Ordinary Shares|Class A Ordinary Shares|Class B Ordinary Shares|Common Units|
    American Depositary Shares|Preferred Stock|Restricted Stock|Restricted Common Stock|Restricted Stock Unit|
    Restricted Stock Units|Restricted Share Units|Performance Stock Units|Performance Share Units|
    Deferred Stock Unit|Deferred Stock Units|Stock Units|Phantom Stock|Phantom Stock Unit|Dividend Equivalents|
    Phantom Stock Units|Stock Option (Right to Buy)|Stock Options (Right to Buy)|Employee Stock Option (Right to Buy)|
    Non-Qualified Stock Option (Right to Buy)|Incentive Stock Option (Right to Buy)|Stock Appreciation Right|
    Stock Appreciation Rights|Dividend Equivalent Rights|Warrant to Purchase Common Stock
    """.replace("\n    ", "")
    .strip()
    .split("|")
)
NATURES = tuple(
    """
    See Footnote|See Footnotes|By Trust|By Trusts|By Spouse|By Spouse's Trust|By Family Trust|By Living Trust|
    By Revocable Trust|By Irrevocable Trust|By Grantor Retained Annuity Trust|By Partnership|By Limited Partnership|
    By Family Limited Partnership|By Corporation|By Foundation|By Children|By Daughter|By 401(k) Plan|
    By Employee Stock Ownership Plan|As Custodian for Minor Children|By Estate|By Limited Liability Company
    """.replace("\n    ", "")
    .strip()
    .split("|")
)
"""The commonest phrases of filings, apart from names."""

_KNOWN_WORDS = WORDS | TITLE_WORDS | NATURE_WORDS | {"each", "no", "nominal", "of", "per"}
_SHORT, _SHORTEST = 10, 7  # letters; of shorter phrases one may be wrong, of the shortest none
_WRONG = 0.2  # of a longer phrase's letters
_PLAN = "401(k)"
_PLAN_WRONG = 2  # letters of it
_DIGITS = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1"})
_CLEARER = 1  # edits by which the next best phrase must be further off
_LOOKALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "$": "s", "8": "b", "j": "l"})
_KIND = re.compile(r"(?i)\b(?:class|series|cl\.?)\s*([a-z0-9](?:-\d)?)\b")


def nearest_phrase(text: str, phrases: Iterable[str]) -> str | None:
    """The one phrase that a text is, a few letters misread; None where none or more than one comes into question.

    A text of known words alone is right as it is, and letters of classes and numbers are never misread for others.

    >>> nearest_phrase("By Far tnership", NATURES), nearest_phrase("Restncted Stodt Units", TITLES)
    ('By Partnership', 'Restricted Stock Units')
    >>> nearest_phrase("Class B Commcn Stock", TITLES), nearest_phrase("Class D Commcn Stock", TITLES)
    ('Class B Common Stock', None)
    >>> nearest_phrase("Series G Preferred Stock", TITLES), nearest_phrase("See Footnot3 4", NATURES)
    (None, None)
    """
    if _is_known(text):
        return None
    letters, numbers = _letters(text), _numbers(text)
    kinds, lone = _kinds(text), re.findall(r"\b[a-z0-9]\b", text.casefold())
    meant: dict[str, str] = {}
    for phrase in phrases:
        wanted = _kinds(phrase)
        # the word before the letter may be misread itself
        # "Cla s A": what stands alone may be a piece of a word, too
        same = wanted == lone or (kinds in ([], wanted) and set(wanted) < set(lone)) if wanted else not kinds
        if same and _numbers(phrase) == numbers:
            meant.setdefault(_letters(phrase), phrase)
    ranked = sorted((Levenshtein.distance(letters, each), each) for each in meant)
    if not ranked or ranked[0][0] > _most_wrong(ranked[0][1]):
        return None
    if ranked[0][0] == len(letters) - len(ranked[0][1]) > 1:
        return None  # nothing is misread, but there is a word more: "Common OP Units"
    if len(ranked) > 1 and ranked[1][0] < ranked[0][0] + _CLEARER:
        return None
    return meant[ranked[0][1]]


def _most_wrong(letters: str) -> int:
    return int(_WRONG * len(letters)) if len(letters) >= _SHORT else int(len(letters) >= _SHORTEST)


def _letters(text: str) -> str:
    plain = text.casefold().replace("rn", "m").translate(_LOOKALIKE)
    return re.sub(r"[^a-z]", "", plain)


def _kinds(text: str) -> list[str]:
    return [kind.casefold() for kind in _KIND.findall(text)]


def _numbers(text: str) -> list[str]:
    """The words that are numbers; a digit inside a word is a misread letter."""
    return re.findall(r"(?<![^\W\d_])\d+(?![^\W\d_])", text)


def _is_known(text: str) -> bool:
    """Whether all words are such as titles and natures have, lone letters behind "class" or "series" among them."""
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.casefold())
    lone = [word for word in words if len(word) == 1 and not word.isdigit()]
    kinds = [*_kinds(text), *(["k"] if "401" in words else [])]
    return all(word in _KNOWN_WORDS or word.isdigit() or len(word) == 1 for word in words) and set(lone) <= {
        "a",
        *kinds,
    }


class MisreadWording(Rule):
    """A title or nature of ownership that is no wording is the one that it nearly is."""

    code = "wording_repaired"
    statement = "what a title or nature of ownership says in words of no language is a phrase of the form, misread"
    source = "Form 4, Table I columns 1 and 7, Table II columns 1, 7 and 11; the commonest phrases of filings"

    def run(self, filing: Filing) -> list[Check]:
        return []

    def repair(self, filing: Filing) -> list[Check]:
        """Mends what was read from images; titles also by those that the filing prints elsewhere."""
        if filing.source.input_kind == "text":
            return []
        rows = list(entries(filing))
        titles = [entry.place(name) for entry in rows for name in ("security_title", "underlying_security_title")]
        natures = [entry.place("nature_of_ownership") for entry in rows]
        said = [with_par_value(text) for place in titles if isinstance(text := value_of(place.field), str)]
        printed = [text for text in dict.fromkeys(said) if _is_known(text) and len(_letters(text)) >= _SHORTEST]

        def title_of(text: str) -> str:
            mended = with_par_value(text)
            name, value = without_par_value(mended)
            whole = nearest_phrase(mended, [*printed, *TITLES])
            return whole or (nearest_phrase(name, TITLES) or name) + value

        return [*_mend(titles, title_of), *_mend(natures, lambda text: nearest_phrase(text, NATURES) or plan_of(text))]


def plan_of(text: str) -> str | None:
    """The retirement plan of a nature of ownership whose section was misread; None where it is none, or right.

    >>> plan_of("By 40Kk) plan"), plan_of("By 401K) Pian"), plan_of("By 401(k) Plan"), plan_of("By 403(b) Plan")
    ('By 401(k) plan', 'By 401(k) Plan', None, None)
    """
    words = text.split()
    if len(words) != 3 or words[0].casefold() != "by" or Levenshtein.distance(words[2].casefold(), "plan") > 1:
        return None
    section = words[1].casefold().translate(_DIGITS)
    if words[1].casefold() == _PLAN or "b" in section or Levenshtein.distance(section, _PLAN) > _PLAN_WRONG:
        return None
    return f"By {_PLAN} {'plan' if words[2][:1].islower() else 'Plan'}"


def _mend(places: Iterable[Place], meant: Callable[[str], str | None]) -> list[Check]:
    found = []
    for place in places:
        field = place.field
        if field is None or is_exact(field) or not isinstance(field.value, str):
            continue
        phrase = meant(field.value)
        if phrase is None or phrase.casefold() == field.value.casefold():
            continue
        message = f"{field.value!r} was read; {phrase!r} is what it nearly says"
        field.raw = field.raw or field.value
        field.mend(phrase)
        found.append(Check("wording_repaired", "info", [place.path], message))
    return found
