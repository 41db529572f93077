# ruff: noqa: SIM905 - lists are easier to extend as running text
"""Whether two pieces that a column's edge parted were one word: what is left of a line after it was cut."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from extractor.assembly.names import WORDS

PLACE_WORDS = frozenset(
    """
    alley angeles antonio apartment arbor arlington associates atlanta attention austin ave avenue bay beach blvd boston
    boulevard box bridge broadway building c/o california calle canyon capital care carolina center centre charlotte
    chicago circle city cleveland co colorado columbus commerce commons company connecticut corp corporate corporation
    court creek crossing dallas dakota de denver department diego district dr drive east el execution falls fifth first
    fl floor florida fort fourth francisco gardens georgia glen greenwich group harbor heights hill hills holdings
    houston inc indianapolis industries international island jersey jose kansas la lake lane las legal llc llp lp
    london los louis ltd main maryland massachusetts memphis miami michigan minneapolis mountain nashville new newport
    north northeast northwest ny oak oaks office ohio old one orlando p.o. palm palo park parkway pennsylvania
    philadelphia phoenix pike pittsburgh place plaza po point port portland rd ridge river road room salt san santa
    seattle second sixth south southeast southwest spring springs square st state states ste street suite technologies
    technology tennessee texas the third tower trail turnpike two union unit united valley view village vista
    virginia walnut washington water way wayne west white wilmington wood york
    bancorp bank biosciences brands energy entertainment enterprises environmental financial foods global health
    healthcare home homes industrial insurance intelligent investment investments labs life management manufacturing
    medical motors networks oil partners pharmaceuticals power products properties realty resources retail sciences
    semiconductor services software solutions steel systems therapeutics trust ventures wireless worldwide
    """.split()
)
"""Words of addresses and of companies' names, for the seams of cut lines."""
OFFICER_WORDS = frozenset(
    """
    accounting administrative affairs and board branch business chair chairman chief co-ceo co-president commercial
    compliance controller corporate counsel credit development digital division engineering evp executive finance
    financial general global head human information investment legal managing manufacturing marketing medical officer
    operating operations people president principal product resources revenue risk sales science scientific secretary
    senior strategy svp tax technical technology treasurer vice vp wealth
    """.split()
)
_KNOWN = WORDS | PLACE_WORDS | OFFICER_WORDS


def join_pieces(pieces: Sequence[str], vocabulary: Collection[str] = frozenset()) -> tuple[str, int]:
    """The pieces of one line as text, and at how many seams a word was put together again.

    `vocabulary`: words in small letters that the document holds uncut elsewhere. Of all ways to set blanks at the seams
    the one is taken that gives the most known words; a column's edge seldom hits just between two words.

    >>> join_pieces(["von Hal", "lersund Jasper", "Wilhelm"])
    ('von Hallersund Jasper Wilhelm', 1)
    >>> join_pieces(["NEW Y", "ORK NY", "10", "013"])
    ('NEW YORK NY 10013', 2)
    >>> join_pieces(["LANTERN", "HILL INC., C", "ORPORATE L", "AW STREET"], {"lanternhill"})[0]
    'LANTERNHILL INC., CORPORATE LAW STREET'
    >>> join_pieces(["MOR", "VE", "N", "STA", "DL", "EY"], {"morven", "stadley"})[0]
    'MORVEN STADLEY'
    """
    # (score, text so far, seams joined), by what the last word is: the best of each
    states: dict[str, tuple[float, str, int]] = {}
    for piece in (piece.strip() for piece in pieces):
        if not piece:
            continue
        if not states:
            states = {_last(piece): (0.0, piece, 0)}
            continue
        after: dict[str, tuple[float, str, int]] = {}
        first = piece.split(" ", 1)[0]
        for last, (score, text, mended) in states.items():
            for joined in _choices(last, first):
                whole = text + piece if joined else f"{text} {piece}"
                # what has got its end now counts: the word at the seam, and the piece's own words but the last
                ended = whole[len(text) - len(last) :].split(" ")[:-1]
                value = score + sum(_worth(word, vocabulary) for word in ended) - (0.0 if joined else _BLANK)
                key = _last(whole)
                if key not in after or value > after[key][0]:
                    after[key] = (value, whole, mended + joined)
        states = after
    if not states:
        return "", 0
    best = max(states.items(), key=lambda item: item[1][0] + _worth(item[0], vocabulary))[1]
    return best[1], best[2]


_BLANK = 0.8


def _last(text: str) -> str:
    return text.rsplit(" ", 1)[-1]


def _worth(word: str, vocabulary: Collection[str]) -> float:
    key = _key(word)
    if not key or not key[0].isalpha():
        return 0.0
    if is_known(word, vocabulary):
        return 1.0 if len(key) > 2 else 0.3
    return -0.3 - 0.1 * max(0, len(key) - 11) - (0.4 if len(key) == 1 and not word.endswith(".") else 0.0)


@lru_cache(maxsize=20_000)
def _choices(left: str, right: str) -> tuple[bool, ...]:
    """Whether a piece that begins with a word may be joined to the word before it (True), set apart (False), or either.

    The same two words meet in most of the ways in which lines are put together.
    """
    if re.match(r"[,.;:)\]]", right) or left.endswith(("-", "/", "(", "[")):
        return (True,)
    if left.endswith((",", ".", ";", ":", ")", "]", "&")) or right[0] in "([&#":
        initials = re.fullmatch(r"[A-Z]\.", left) and re.match(r"[A-Z]\.", right)
        return (True,) if initials else (False,)
    if left[-1].isdigit() and right[0].isdigit():
        return (False,) if len(left) >= 5 and left.isdigit() and right.isdigit() else (True,)
    if left[-1].isdigit() != right[0].isdigit():
        ordinal = left[-1].isdigit() and re.match(r"(?:st|nd|rd|th)\b", right, re.IGNORECASE)
        return (True,) if ordinal else (False,)
    if left[-1].islower() and right[0].isupper():
        return (True,) if re.search(r"\b(?:Mc|Mac|De|La|Le|O')$", left) else (False,)
    if left[-1].isupper() and right[0].islower():
        return (True,)
    return (True, False)


def is_known(word: str, vocabulary: Collection[str] = frozenset()) -> bool:
    """Whether a word is one of the form's, of addresses and companies, or of the document."""
    key = _key(word)
    return key in vocabulary or key in _KNOWN


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    return word.casefold().strip(".,;:()[]'\"")


def words_of(texts: Iterable[str]) -> set[str]:
    """The words of uncut text, as `join_pieces` wants them."""
    return {key for text in texts if (key := _key(text)) and len(key) > 1 and key[0].isalpha()}
