"""Names, titles and prose: texts whose words matter and whose blanks do not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.assembly.glyphs import once, pieces
from extractor.assembly.parsed import Parsed

WORDS = frozenset(
    """
    a account accounting acquired administrative after agreement alternative amount annuity appreciation award based
    beneficial beneficially benefit bond by call capital cash chair chairman charitable chief child children class
    code common company compensation contract convertible corporation counsel custodial custodian date daughter
    deferred depositary derivative descendants director directors disposed employee equity estate exchange executive
    exercise expiration family filing financial footnote footnotes form foundation founder fund general global grantor
    growth held holding holdings human incentive indirect indirectly instruction interest investment investments
    irrevocable joint legal limited living management manager member membership minor national nature non-qualified
    nonqualified note notes number obligation officer operating option options ordinary owned owner owners ownership
    par partner partners partnership performance person phantom plan preferred president price principal profit
    purchase put qualified redeemable remainder remarks reporting representing resources restricted retirement
    revocable right rights savings secretary securities security senior series settled share shares sharing spouse
    statement stock strategic subordinate subordinated swap technology through title to transaction treasurer trust
    trustee unit units value variable vested vice voting warrant warrants wife with
    """.split()  # noqa: SIM905
)
"""Words that titles of securities, natures of ownership and officers' titles are made of."""

_RULE_REMNANT = re.compile(r"[_|~¦\\]+")
"""What OCR and converters make of the rules around a cell."""
_NO_BLANK_BEFORE = re.compile(r"[,.;:)\]}!?%]+|['’]s")
_EXCHANGES = re.compile(
    r"^(?:N\.?Y\.?S\.?E\.?(?:\s?(?:American|MKT|Arca))?|NASD?AQ(?:\s?\w{2})?|AMEX|ASE|OTC\w*(?:\s?BB)?|BATS|CBOE|TSXV?|Pink\s?Sheets)"
    r"\s*[:\-]\s*",
    re.IGNORECASE,
)


def join_text(fragments: Iterable[str], words: frozenset[str] = WORDS) -> str:
    """The pieces of a name, title or sentence as running text; "" where nothing is left. See `parse_text`.

    >>> join_text(["Commo", "n", "Stock"])
    'Common Stock'
    """
    parsed = parse_text(fragments, words)
    return "" if parsed is None else parsed.value


def parse_text(fragments: Iterable[str], words: frozenset[str] = WORDS) -> Parsed[str] | None:
    """The pieces of a name, title or sentence as running text; None where nothing is left.

    Words cut at a column edge are joined where the whole is in `words` and the pieces are not; a hyphen at a piece's
    end is dropped only where a small letter continues the word. The text is taken once where a cell holds it twice.

    >>> parse_text(["Commo", "n", "Stock"])
    Parsed(value='Common Stock', mended=1, derived=False)
    >>> parse_text(["Quillon Construction Group", ",", "Inc."]).value
    'Quillon Construction Group, Inc.'
    >>> parse_text(["Non-", "Qualified"]).value
    'Non-Qualified'
    >>> parse_text(["as attorney-", "in-fact"]).value
    'as attorney-in-fact'
    """
    words_read = " ".join(pieces(fragments)).split(" ")
    parts, doubled = once([part for word in words_read if (part := _without_remnants(word))])
    if not any(parts):
        return None
    out = ""
    mended = int(doubled)
    for part in parts:
        if not out:
            out = part
            continue
        last = out.rsplit(" ", 1)[-1]
        if len(last) > 2 and last.endswith("-") and last[-2].isalpha() and part[0].islower() and last[:-1].islower():
            # "attorney-" and "in-fact": the hyphen of a compound stays
            out, mended = (out if "-" in part else out[:-1]) + part, mended + 1
        elif _touches(last, part):
            out += part
        elif _one_word(last, part, words):
            out, mended = out + part, mended + 1
        else:
            out += " " + part
    return Parsed(out.strip(), mended)


def without_stutter(text: str) -> str:
    """The text with words that stand twice in a row taken once, as converters double the lines of a cell.

    >>> without_stutter("Class Class C Common Stock Stock")
    'Class C Common Stock'
    """
    out: list[str] = []
    for word in text.split(" "):
        if not (out and len(word) > 1 and word.casefold() == out[-1].casefold()):
            out.append(word)
    return " ".join(out)


def _without_remnants(piece: str) -> str:
    return "" if _RULE_REMNANT.fullmatch(piece) else piece.rstrip("_|")


def _touches(left: str, right: str) -> bool:
    """Whether two pieces stand side by side without a blank: around brackets, points and hyphens."""
    if left.endswith("-") and left != "-" and right[0].isalnum():
        return True
    if left.endswith(("(", "[", "$")):
        return True
    if right[0].isalnum():
        return False
    if _CAPITALISED_HALF.match(right) and left[-1].isalpha():
        return True
    return bool(_NO_BLANK_BEFORE.match(right)) and not _FRACTION.match(right)


_CAPITALISED_HALF = re.compile(r"-[A-Z][a-z]")
_FRACTION = re.compile(r"\.\d")
_HALVES = re.compile(r"[-/]")


def _one_word(left: str, right: str, words: frozenset[str]) -> bool:
    """Whether two pieces are one word that a column edge cut."""
    head = _HALVES.split(left)[-1].lstrip("(\"'").lower()
    tail = _HALVES.split(right)[0].rstrip(",.;:)\"'").lower()
    if not (head.isalpha() and tail.isalpha()) or head + tail not in words:
        return False
    return head not in WORDS or tail not in WORDS


def parse_ticker(fragments: Iterable[str]) -> Parsed[str] | None:
    """The trading symbol without its brackets and the name of its exchange; several are kept as printed.

    >>> parse_ticker(["[", "ALTO", "]"]).value
    'ALTO'
    >>> parse_ticker(["(NYSE: BRK.B)"]).value
    'BRK.B'
    >>> parse_ticker(["I", "QFDS"]).value
    'QFDS'
    >>> parse_ticker(["NONE"]) is None
    True
    """
    # "BRK" "." "B", "SCW" "O ]": symbols are short, pieces of one are joined unless a list separates them
    parts, doubled = once([part for part in (piece.strip("[](){}| ") for piece in pieces(fragments)) if part])
    text = " ".join(parts)
    bare = _EXCHANGES.sub("", text).strip(" :;.\"'")
    mended = int(doubled)
    if bracketed := re.fullmatch(r"[Il1|] ([A-Z]{2,5})", bare):  # the bracket, as recognition reads it
        bare, mended = bracketed[1], mended + 1
    if re.fullmatch(r"[A-Za-z]{1,4}( [A-Za-z]{1,2})+", bare) and len(bare.replace(" ", "")) <= 5:
        bare, mended = bare.replace(" ", ""), mended + 1
    bare = re.sub(r"\s*([./-])\s*", r"\1", bare)
    bare = re.sub(r"\s+([,;])", r"\1", bare)
    if not bare or bare.casefold() in ("none", "n/a", "na", "not applicable", "-"):
        return None
    return Parsed(bare, mended)


def parse_zip(fragments: Iterable[str]) -> Parsed[str] | None:
    """The postal code; the five or nine digits of a US one are joined again where a column edge cut them.

    >>> parse_zip(["1001", "3"]).value
    '10013'
    >>> parse_zip(["SW1A", "1AA"]).value
    'SW1A 1AA'
    """
    parts, doubled = once(pieces(fragments))
    text = " ".join(parts).strip(" ,;|[]")
    joined = text.replace(" ", "")
    if match := re.fullmatch(r"(\d{5})-?(\d{4})?", joined):
        tail = match.group(2)
        dashed = joined if "-" in joined or not tail else f"{match.group(1)}-{tail}"
        return Parsed(dashed, int(doubled) + int(dashed != text))
    fixed = joined.translate(str.maketrans("OolI", "0011"))
    if re.fullmatch(r"\d{5}(?:-\d{4})?", fixed) and sum(char.isdigit() for char in joined) >= 3:
        return Parsed(fixed, int(doubled) + 1)
    return Parsed(text, int(doubled)) if re.search(r"\w", text) else None


def parse_state(fragments: Iterable[str]) -> Parsed[str] | None:
    """The state as printed, a code or a name.

    >>> parse_state(["N", "Y"]).value
    'NY'
    >>> parse_state(["NORTH", "DAKOTA"]).value
    'NORTH DAKOTA'
    """
    parts, doubled = once(pieces(fragments))
    text = " ".join(parts).strip(" ,;|[]_")
    if re.fullmatch(r"[A-Z] [A-Z0-9]", text):
        return Parsed(text.replace(" ", ""), int(doubled) + 1)
    return Parsed(text, int(doubled)) if re.search(r"\w", text) else None


def parse_signature_name(fragments: Iterable[str]) -> Parsed[str] | None:
    """The signer's name as printed, with "/s/" where it stands there.

    >>> parse_signature_name(["/s/", "Ann", "B.", "Lee", ",", "Attorney-in-Fact"]).value
    '/s/ Ann B. Lee, Attorney-in-Fact'
    """
    joined = parse_text(fragments)
    if joined is None:
        return None
    text = re.sub(r"^/\s*[sS5]\s*/\s*", "/s/ ", joined.value).strip(" _|*")
    return Parsed(text, joined.mended) if re.search(r"\w", text) else None
