"""Titles of Table II whose words a text mixed with each other, told apart by the titles of Table I.

Converters that write a page line by line put the second line of a security's title beside the second line of what
underlies it: "Market Common" / "Stock Units Stock". Most of what underlies is what Table I lists, under the same title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extractor.record import Field, Row


def settle_underlying(non_derivative: Sequence[Row], derivative: Sequence[Row]) -> None:
    """Gives a row of Table II the title of Table I that its words make up, and leaves the rest to its own title.

    Only where both titles together hold every word of it, what was taken for the underlying title holds no other, and
    it is clear which words go: none of them stands more often in the security's title than it is wanted.
    """
    titles = dict.fromkeys(text for row in non_derivative if len((text := _text(row.security_title)).split()) > 1)
    for row in derivative:
        own, below = _text(row.security_title), _text(row.underlying_security_title)
        if not own or below in titles or own in titles:
            continue
        found = {parted for title in titles if (parted := _parted(own.split(), below.split(), title)) is not None}
        if len(found) == 1:
            title, rest = found.pop()
            _set(row, title, rest)


def _parted(own: list[str], below: list[str], title: str) -> tuple[str, str] | None:
    """(title, what is left of the other one's words), None where the words do not part so."""
    wanted, held = Counter(title.split()), Counter(below)
    if held - wanted:
        return None
    missing, there = wanted - held, Counter(own)
    if any(there[word] != count for word, count in missing.items()):
        return None
    rest = [word for word in own if word not in missing]
    return (title, " ".join(rest)) if rest else None


def _set(row: Row, title: str, rest: str) -> None:
    own, below = row.security_title, row.underlying_security_title
    assert own is not None
    if below is None:
        below = row.underlying_security_title = own.derive(title, own.signals)
        below.method = "repaired"
    for field, text in ((below, title), (own, rest)):
        if field.value != text:
            field.mend(text)


def _text(field: Field | None) -> str:
    return str(field.value) if field is not None and field.value is not None else ""
