"""Mends misread words of security titles and natures of ownership with a small dictionary.

The words that these cells are made of are few and known, and a filing says most of them more than once. Only words that
are nearly one of them, and no word themselves, are changed; numbers, single letters and names stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extractor.assembly.names import WORDS
from extractor.record import Field, Row

TITLE_WORDS = frozenset(
    """
    american appreciation award awards buy cash cashless class common convertible deferred depositary director employee
    equity equivalent exercisable global incentive interests limited long member membership nonqualified non-qualified
    non-voting obligation option options ordinary partnership performance phantom preferred purchase qualified
    restricted right rights sale senior series settled share shares stock subordinate term trust unit units value
    voting warrant warrants without
    """.split()  # noqa: SIM905
)
NATURE_WORDS = frozenset(
    """
    account charitable child children corporation custodial custodian family footnote footnotes foundation grantor
    irrevocable limited living partnership plan retirement revocable savings spouse through trust trustee trusts
    """.split()  # noqa: SIM905
)
_GLYPHS = str.maketrans({"0": "o", "1": "l", "5": "s", "$": "s", "|": "l", "8": "b", "€": "e", "@": "a"})
_PUNCTUATION = "‘’“”'\"`.,;:|[](){}"
_PAR_VALUE = re.compile(r"(?i)(\bpar(?: value)?),?\s+(?:[-–]\s*)?(?:[$§5Ss]\s?(?=\.)|[58](?=0\.))(0?\.\d*[\dlI!|]+)")
_GLUED_LETTER = re.compile(r"[A-Z][A-Z][a-z]{3,}")
_WORD = re.compile(r"[\w$|€@]+(?:-[\w$|€@]+)*")


def mend_rows(rows: list[Row], recognised: bool = False) -> None:
    """Mend titles and natures of all rows in place: by the dictionary, then by what other rows of the filing say.

    `recognised`: the rows were read from plain text without geometry, where scraps of other cells hang on titles.
    """
    for name, words, loose in (
        ("security_title", TITLE_WORDS, True),
        ("underlying_security_title", TITLE_WORDS, True),
        ("nature_of_ownership", NATURE_WORDS, False),
    ):
        fields = [field for row in rows if (field := getattr(row, name)) is not None and isinstance(field.value, str)]
        for field in fields:
            _replace(field, mend_text(str(field.value), words, loose))
    titles = [
        field
        for row in rows
        for field in (row.security_title, row.underlying_security_title)
        if field is not None and isinstance(field.value, str)
    ]
    if recognised:
        for field in titles:
            _replace(field, without_tail(str(field.value)))
    _follow_majority(titles)
    if recognised:
        _follow_likeness(titles)
        _part_titles(rows)
        _pass_on(rows)


def _pass_on(rows: list[Row]) -> None:
    """Gives words behind a title that two other rows end without to the next row's nature of ownership.

    Where cells are centred the first line of a nature stands above its row, right behind the row before.
    """
    common = Counter(str(row.security_title.value) for row in rows if row.security_title is not None)
    whole = [title for title, count in common.items() if count > 1]
    for row, after in pairwise(rows):
        title, nature = row.security_title, after.nature_of_ownership
        if title is None or nature is None or not isinstance(title.value, str) or not isinstance(nature.value, str):
            continue
        begun = next((known for known in whole if title.value.startswith(f"{known} ")), None)
        if begun is None or common[title.value] > 1 or _BEGINS.match(nature.value):
            continue
        tail = title.value[len(begun) + 1 :]
        _replace(title, begun)
        _replace(nature, f"{tail} {nature.value}")


_BEGINS = re.compile(r"(?i)(?:held )?by\b|see\b|through\b|as\b|in\b")


_KINDS_OF_SECURITY = frozenset(("stock", "share", "shares", "unit", "units", "interest", "interests", "note", "notes"))


def _part_titles(rows: list[Row]) -> None:
    """Gives the underlying title of a Table II row the words back that were taken for the security's own.

    Both titles wrap side by side over the same lines, "Restricted Common / Stock Units Stock". The underlying security
    is mostly one that Table I or another row names in full; what is missing of that stands twice in the row's title.
    """
    known = Counter(
        str(field.value)
        for row in rows
        for field in (row.underlying_security_title, row.security_title if _is_table_1(row) else None)
        if field is not None and isinstance(field.value, str)
    )
    for row in rows:
        title, under = row.security_title, row.underlying_security_title
        if title is None or under is None or not isinstance(title.value, str) or not isinstance(under.value, str):
            continue
        if under.value.rsplit(" ", 1)[-1].casefold() in _KINDS_OF_SECURITY:
            continue  # whole in itself
        if any(row.security_title and row.security_title.value == under.value for row in rows if _is_table_1(row)):
            continue
        options = [full for full in known if under.value != full and full.startswith(f"{under.value} ")]
        if len(options) != 1:
            continue
        words = title.value.split(" ")
        for word in options[0][len(under.value) + 1 :].split(" "):
            if words.count(word) > 1:
                del words[len(words) - 1 - words[::-1].index(word)]
        _replace(under, options[0])
        _replace(title, " ".join(words))


def _is_table_1(row: Row) -> bool:
    return row.underlying_security_title is None and row.underlying_security_shares is None


def without_tail(text: str) -> str:
    """A title without what hangs on its end and cannot be of one: scraps of letters, words of digits and letters.

    >>> without_tail("Common Stock, $0.001 par value Ce ee")
    'Common Stock, $0.001 par value'
    >>> without_tail("American Depositary Shares o1/os/2027")
    'American Depositary Shares'
    >>> without_tail("Class B Common Stock Series A")
    'Class B Common Stock Series A'
    """
    words = text.split(" ")
    end = len(words)
    while end > 1 and _is_scrap(words[end - 1], words[end - 2]):
        end -= 1
    kept = " ".join(words[:end])
    known = any(word.casefold().strip("(),.") in _ENOUGH for word in words[:end])
    return kept.rstrip(" [|") if end < len(words) and known else text


def _is_scrap(word: str, before: str) -> bool:
    plain = word.strip("()[],.'\"").casefold()
    if plain in TITLE_WORDS or plain in WORDS or before.casefold() in ("class", "series", "par"):
        return bool(not plain)
    if re.fullmatch(r"\$?[\d.,]+|[A-Z]|[IVX]+|[A-Z]{2,}", word.strip("(),.")) and len(plain) > 0:
        return False
    return len(plain) <= 2 or bool(re.search(r"\d", plain) and re.search(r"[a-z]", plain) and "/" in plain)


_ENOUGH = frozenset(
    ("stock", "share", "shares", "units", "unit", "option", "options", "interest", "warrant", "warrants")
)
"""A title that has one of these says what it is; so what follows may be left out."""


def _follow_likeness(fields: Iterable[Field]) -> None:
    """A title that reads nearly like one said several times, or begins with it and goes on in no words, is that one."""
    known = list(fields)
    counts = Counter(str(field.value) for field in known)
    common = [(other, count) for other, count in counts.most_common() if count >= 2]
    for field in known:
        text = str(field.value)
        for other, count in common:
            if text == other or count < 2 * counts[text] or _kinds(text) != _kinds(other):
                continue
            alike = Levenshtein.normalized_similarity(_letters(text), _letters(other)) >= _ALIKE
            if alike or _repeats_title(text, other):
                _replace(field, other)
                break


_ALIKE = 0.85
_KIND = re.compile(r"(?i)\b(?:class|series)\s+[a-z0-9]\b|\(.*?\)|\b(?:option|warrant|unit|right|preferred|restricted)")


def _kinds(text: str) -> list[str]:
    """What tells titles of one issuer apart, however alike they are."""
    return [found.casefold() for found in _KIND.findall(text)]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


def _repeats_title(text: str, other: str) -> bool:
    """Whether a text begins or ends with a title and the rest is the same title once more, misread or in part."""
    a, b = text.casefold(), other.casefold()
    rest = a[len(b) :] if a.startswith(b) else a[: -len(b)] if a.endswith(b) else ""
    if not rest.startswith(" ") and not rest.endswith(" "):
        return False
    from rapidfuzz import fuzz

    return len(rest) > 3 and fuzz.partial_ratio(rest.strip(), b) >= 80.0


def mend_text(text: str, words: frozenset[str], loose: bool = True) -> str:
    """The text with nearly right words made right; `loose` allows two changed letters in words of seven and more.

    >>> mend_text("Cornmon St0ck, $0.01 par", TITLE_WORDS)
    'Common Stock, $0.01 par'
    >>> mend_text("Class B CommonStock", TITLE_WORDS)
    'Class B Common Stock'
    >>> mend_text("Series ACommon Stock", TITLE_WORDS)
    'Series A Common Stock'
    >>> mend_text("Common Stock, par value 5.0!", TITLE_WORDS)
    'Common Stock, par value $.01'
    >>> mend_text("Common Stock, par value 80.01 per share", TITLE_WORDS)
    'Common Stock, par value $0.01 per share'
    >>> mend_text("Series Seed Preferred", TITLE_WORDS)
    'Series Seed Preferred'
    """
    text = _PAR_VALUE.sub(lambda m: f"{m.group(1)} ${re.sub('[lI!|]', '1', m.group(2))}", text)
    return _WORD.sub(lambda match: _mend_word(match.group(), words, loose), text)


def _mend_word(word: str, words: frozenset[str], loose: bool) -> str:
    plain = word.casefold()
    if _GLUED_LETTER.fullmatch(word) and plain[1:] in words and plain not in words:
        return f"{word[0]} {word[1:]}"
    if len(plain) < 4 or plain in words or sum(c.isdigit() for c in plain) > len(plain) // 3:
        return word
    clean = plain.translate(_GLYPHS)
    if clean in words:
        return _cased(word, clean)
    for cut in range(4, len(clean) - 3):
        if clean[:cut] in words and clean[cut:] in words:
            return f"{_cased(word[:cut], clean[:cut])} {_cased(word[cut:], clean[cut:])}"
    most = 2 if loose and len(clean) >= 7 else 1
    if not loose and len(clean) < 5:
        return word
    # a plural is a word of its own, not a misread singular
    near = [
        w for w in words if Levenshtein.distance(clean, w, score_cutoff=most) <= most and w + "s" != clean != w[:-1]
    ]
    ranked = sorted((Levenshtein.distance(clean, w), w) for w in near)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return word
    return _cased(word, ranked[0][1])


def _cased(model: str, word: str) -> str:
    letters = [c for c in model if c.isalpha()]
    if letters and all(c.isupper() for c in letters):
        return word.upper()
    return word.capitalize() if model[:1].isupper() or not model[:1].isalpha() else word


def _follow_majority(fields: Iterable[Field]) -> None:
    """A title that differs from one said at least twice as often in a letter or two of a long word is that title."""
    known = list(fields)
    counts = Counter(str(field.value) for field in known)
    for field in known:
        text = str(field.value)
        for other, count in counts.most_common():
            if count < 2 or count < 2 * counts[text] or other == text:
                continue
            if _misreading(text, other):
                _replace(field, other)
                break


def _misreading(text: str, other: str) -> bool:
    a, b = text.split(), other.split()
    if len(a) != len(b):
        # stray marks between the words of the same title, which a class's letter is not
        if re.search(r"(?i)\b(?:class|series) [a-z0-9]\b", text):
            return False
        words = [w.strip(_PUNCTUATION) for w in a]
        return [w for w in words if len(w) > 1 and w.isalpha()] == b and len(a) - len(b) <= 2
    differing = [(x, y) for x, y in zip(a, b, strict=True) if x.casefold() != y.casefold()]
    return len(differing) == 1 and all(
        min(len(x), len(y)) >= 4
        and not any(c.isdigit() for c in y)
        and Levenshtein.distance(x, y) <= max(1, len(y) // 4)
        for x, y in differing
    )


def _replace(field: Field, text: str) -> None:
    if text != field.value:
        field.mend(text)
