"""A label set that is not the product's: parcels with a number, a weight and a day, as invented notices say them."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from extractor.labels import OUTSIDE
from extractor.readers.text import read_text
from training.annotations import AnnotatedDocument, Span

_NAMES = ("Tavener", "Brannock", "Quillon", "Zephra", "Odile", "Magnus")


def notice(number: int) -> AnnotatedDocument:
    """A short notice of a parcel, by one of six senders."""
    rng = random.Random(number)
    sender = _NAMES[number % len(_NAMES)]
    parts = [
        ("Parcel", ""),
        (f"{rng.randint(1000, 9999)}-{rng.randint(10, 99)}", "parcel.number"),
        ("from", ""),
        (sender, "sender"),
        ("weighs", ""),
        (f"{rng.randint(1, 40)}.{rng.randint(0, 9)}", "parcel.weight"),
        ("kg\nand was sent on", ""),
        (f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/20{rng.randint(10, 29)}", "day"),
        (rng.choice(("by ship", "by rail", "on foot")), ""),
    ]
    text, labels = "", []
    for piece, label in parts:
        text += " " if text else ""
        labels += [(len(text), len(text) + len(piece), label)]
        text += piece
    document = read_text(text)
    spans: list[Span] = []
    for begin, end, label in labels:
        inside = [i for i, token in enumerate(document.tokens) if begin <= token.start < end]
        if label:
            spans.append(Span(label, inside))
    return AnnotatedDocument(f"notice-{number}", document, spans, {"owner_key": sender, "kind": "text"})


def notices(count: int, first: int = 0) -> list[AnnotatedDocument]:
    return [notice(number) for number in range(first, first + count)]


def labels_of(documents: list[AnnotatedDocument]) -> set[str]:
    return {label for item in documents for label in item.token_labels()} - {OUTSIDE}


def spans_of(item: AnnotatedDocument) -> list[tuple[str, list[int], int | None]]:
    """A document's spans in an order that only depends on what they are."""
    return sorted(((s.label, sorted(s.tokens), s.row) for s in item.spans), key=str)


def any_spans() -> st.SearchStrategy[list[Span]]:
    """Spans over the first tokens of a notice: any labels, overlaps, gaps, with rows and without."""
    return st.lists(
        st.builds(
            lambda label, tokens, row: Span(label, sorted(tokens), row),
            st.sampled_from(["a", "b", "x.y"]),
            st.sets(st.integers(0, 9), min_size=1, max_size=5),
            st.none() | st.integers(0, 4),
        ),
        max_size=6,
    )
