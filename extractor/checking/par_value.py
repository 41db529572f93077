"""The par value in a security's title, as scans spoil it: "Common Stock. pat value $0 01 per snare".

Hardly a dozen par values are in use, and the words around them are always the same.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

PAR_VALUES = (
    "$0.00001", "$0.0001", "$0.0005", "$0.001", "$0.0025", "$0.005", "$0.01", "$0.02", "$0.05", "$0.10", "$0.1",
    "$0.20", "$0.25", "$0.50", "$1.00", "$1", "$5.00", "$5", "$10.00", "$.00001", "$.0001", "$.001", "$.005", "$.01",
    "$.05", "$.10", "$.20", "$.25", "$.50",
)  # fmt: skip
"""As they are printed; no two are as alike as what is misread."""

_ONES = str.maketrans({**dict.fromkeys("]|!lIi[)L", "1"), **dict.fromkeys("OoQ", "0"), ",": ".", ":": ".", "§": "$"})
_NUMBER = re.compile(r"[\d$§S][\d$§SOoQlIiL|!\]\[).,: ]*")
_MOST_TOKENS = 3  # that a number fell apart into
_MAY_BE_SIGN = "S5389B"  # what a sign of currency is read as


def par_value_of(text: str) -> str | None:
    """The par value that a text of digits and what is read for them is; None where it is none for certain.

    >>> par_value_of("$0.00]"), par_value_of("$] .00"), par_value_of("50,0001"), par_value_of("$0 01")
    ('$0.001', '$1.00', '$0.0001', '$0.01')
    >>> par_value_of("$0.37") is None, par_value_of("401") is None
    (True, True)
    """
    if not _NUMBER.fullmatch(text) and not text.startswith(("]", "|")):
        return None
    if f"${text}" in PAR_VALUES:
        return text  # printed without a sign
    lettered = text.strip().translate(_ONES)
    bare = lettered.replace(" ", "")
    forms = [bare]
    if "." not in bare:
        forms.append(re.sub(r"(?<=\d) +(?=\d)", ".", lettered, count=1).replace(" ", ""))
    if bare[:1] in _MAY_BE_SIGN and len(bare) > 3:
        forms.append("$" + bare[1:])
    forms += ["$" + form for form in forms if form[:1].isdigit() or form[:1] == "."]
    return next((form for form in forms if form in PAR_VALUES), None)


def with_par_value(title: str) -> str:
    """A title with its par value mended and the words around it; as it is where there is none, or none to tell.

    >>> with_par_value("Common Stock. pat value $0 01 per snare")
    'Common Stock, par value $0.01 per share'
    >>> with_par_value("Common Stock , $ ] .00 par va ] ue per shire")
    'Common Stock, $1.00 par value per share'
    >>> with_par_value("Class A Common Stock, no par value"), with_par_value("Participating Preferred Stock")
    ('Class A Common Stock, no par value', 'Participating Preferred Stock')
    """
    words = title.split()
    for at in range(1, len(words)):
        if Levenshtein.distance(_plain(words[at]), "par") > 1 or len(words[at]) > 4:
            continue
        width = _spoilt_word(words, at + 1, "value")
        if not width:
            continue
        after = at + 1 + width
        before = _number_before(words, at)
        behind = None if before else _number_behind(words, after)
        number = before or behind
        if number is None:
            continue
        value, count = number
        rest = after + (count if behind else 0)
        per = len(words) > rest + 1 and Levenshtein.distance(_plain(words[rest]), "per") <= 1
        tail = _spoilt_word(words, rest + 1, "share") if per else 0
        head = " ".join(words[: at - count] if before else words[:at]).rstrip(" .,;:")
        said = f"{value} par value" if before else f"par value {value}"
        said += " per share" if tail else ""
        left = words[rest + 1 + tail :] if tail else words[rest:]
        comma = re.search(r"[.,;:]\s*$", " ".join(words[: at - count] if before else words[:at]))
        return " ".join([f"{head}{',' if comma else ''} {said}".strip(), *left])
    return title


_AT_END = re.compile(r"(.*?)(,? (?:\S+ par value|par value \S+)(?: per share)?)")


def without_par_value(title: str) -> tuple[str, str]:
    """A title's name and the par value behind it, as far as it is spelt right; "" where there is none.

    >>> without_par_value("Class A Common Stock, par value $0.01 per share")
    ('Class A Common Stock', ', par value $0.01 per share')
    """
    match = _AT_END.fullmatch(title)
    return (match.group(1), match.group(2)) if match else (title, "")


def _plain(word: str) -> str:
    return word.casefold().strip(".,;:'\"")


def _spoilt_word(words: list[str], at: int, meant: str) -> int:
    """How many of the words from `at` on are the one that is meant, a few letters misread; 0 for none."""
    for count in (1, 2, 3):
        said = "".join(words[at : at + count]).casefold().strip(".,;:'\"")
        if len(words) >= at + count and Levenshtein.distance(said, meant) <= 1 + (count > 1 or len(said) >= 5):
            return count
    return 0


def _number_before(words: list[str], at: int) -> tuple[str, int] | None:
    for count in range(min(_MOST_TOKENS, at - 1), 0, -1):
        value = par_value_of(" ".join(words[at - count : at]).rstrip(" ,"))
        if value is not None:
            return value, count
    return None


def _number_behind(words: list[str], at: int) -> tuple[str, int] | None:
    for count in range(min(_MOST_TOKENS, len(words) - at), 0, -1):
        value = par_value_of(" ".join(words[at : at + count]).rstrip(" ,"))
        if value is not None:
            return value, count
    return None
