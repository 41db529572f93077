"""The values of ownership XML without its tags: a line each, or told apart by their shapes; and their labels."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE, TABLE_PREFIXES

DATE = r"\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?"
NUMBER = r"-?\$?(?:\d[\d,]*(?:\.\d*)?|\.\d+)"
FLAG = r"(?:0|1|true|false)"
# a line holds one value, whatever damage parted or doubled it
IS_DATE = re.compile(rf"(?P<date>{DATE})(?:\s+(?P=date))*")
IS_NUMBER = re.compile(rf"{NUMBER}|\d{{1,3}}(?:\s+[\d,.]+)+")
IS_FLAG = re.compile(FLAG)
CODE = re.compile(r"[ACDEFGHIJKLMOPSUVWXZ]")
CIK = re.compile(r"0\d{9}")
_CORE = re.compile(  # what a transaction prints between its title and what hangs on its table
    rf"(?<!\S)(?:{DATE}\s+){{1,2}}[345]\s+{CODE.pattern}\s+{FLAG}(?:\s+[EL])?(?:\s+{NUMBER}){{0,2}}\s+[AD](?!\S)"
    rf"(?:(?:\s+{NUMBER})?\s+[DI](?!\S))?"
)
_TAIL = re.compile(rf"(?<!\S){NUMBER}(?:\s+{NUMBER})?\s+[DI](?!\S)")
_DATES = re.compile(rf"(?<!\S)(?:{NUMBER}\s+(?=\d{{4}}-))?{DATE}(?!\S)")
_NUMBERS_OF_OWNERS = re.compile(rf"(?<!\S){CIK.pattern}(?!\S)")
_FLAGS = re.compile(rf"(?<!\S){FLAG}(?:\s+{FLAG})+(?!\S)|(?<!\S)(?:true|false)(?!\S)")
_LINE, _WORD = re.compile(r"\S[^\n\r]*"), re.compile(r"\S+")
_LONE_FLAG = re.compile(r"(?<!\S)[01](?!\S)")
_STRIKE = re.compile(r"(?<!\S)(?<!value )\d+\.\d{2,}(?!\S)")


@dataclass(slots=True)
class SchemaValue:
    """One value, or a run of words that may be several; offsets into the text."""

    text: str
    start: int
    end: int


class Named:
    """Labels under change, addressed by offsets."""

    def __init__(self, labelled: Labelled) -> None:
        self.labels = list(labelled.tagging.labels)
        self.starts = [token.start for token in labelled.tokens]

    def tokens(self, start: int, end: int) -> range:
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def put(self, label: str, span: tuple[int, int]) -> None:
        for index in self.tokens(*span):
            self.labels[index] = label

    def has(self, label: str, value: SchemaValue) -> bool:
        """Whether the tagger gave a value that label."""
        return any(self.labels[index] == label for index in self.tokens(value.start, value.end))

    def in_table(self, value: SchemaValue) -> bool:
        """Whether the tagger took all of a value for a title of a security."""
        here = self.tokens(value.start, value.end)
        return bool(here) and all(self.labels[index].endswith("security_title") for index in here)

    def clear(self, start: int, end: int) -> None:
        self.put(OUTSIDE, (start, end))


def by_lines(labelled: Labelled, start: int, last: int) -> list[SchemaValue]:
    """The values of a text that gives each its line."""
    found = _LINE.finditer(labelled.document.text, start, last)
    return [SchemaValue(m.group().rstrip(), m.start(), m.start() + len(m.group().rstrip())) for m in found]


def by_shapes(labelled: Labelled, start: int, last: int) -> Iterator[SchemaValue]:
    """Values of a text without line ends: of what has a row's shape each word, else words by runs of one label."""
    text = labelled.document.text
    single: list[tuple[int, int]] = []

    def find(pattern: re.Pattern[str], low: int, high: int) -> None:
        inside = sorted(span for span in single if low <= span[0] and span[1] <= high)
        edges = [low, *(edge for span in inside for edge in span), high]
        for lo, hi in zip(edges[::2], edges[1::2], strict=True):
            single.extend(match.span() for match in pattern.finditer(text, lo, hi))

    for pattern in (_CORE, _NUMBERS_OF_OWNERS, _FLAGS, _DATES, _TAIL, _STRIKE):
        find(pattern, start, last)
    flags = max((hi for lo, hi in single if _FLAGS.fullmatch(text, lo, hi)), default=last)
    tables = min((lo for lo, hi in single if lo >= flags), default=last)
    if not any(lo < flags < hi for lo, hi in single):
        find(_LONE_FLAG, flags, tables)
    at = start
    titles: Counter[str] = Counter()
    for lo, hi in [*sorted(single), (last, last)]:
        if at < lo:
            yield from _words(labelled, at, lo, titles)
        for match in _WORD.finditer(text, lo, hi):
            yield SchemaValue(match.group(), *match.span())
        at = hi


def _words(labelled: Labelled, lo: int, hi: int, titles: Counter[str]) -> Iterator[SchemaValue]:
    """A run of words parted where the labels change; a title that came before is one wherever the run ends in it."""
    text = labelled.document.text
    tokens = [
        i
        for i in range(bisect_left(labelled.tokens, lo, key=lambda t: t.start), len(labelled.tokens))
        if labelled.tokens[i].start < hi
    ]
    if not tokens:
        return
    whole = text[labelled.tokens[tokens[0]].start : labelled.tokens[tokens[-1]].end]
    known = max((t for t in titles if whole.endswith(f" {t}") or whole == t), key=len, default="")
    cut = hi - (hi - labelled.tokens[tokens[-1]].end) - len(known) if known else None
    runs: list[list[int]] = []
    for i in tokens:
        label = _kind(labelled.label(i))
        begins = cut is not None and labelled.tokens[i].start == cut
        inside = cut is not None and labelled.tokens[i].start > cut
        if runs and not begins and (inside or label == _kind(labelled.label(runs[-1][0]))):
            runs[-1].append(i)
        else:
            runs.append([i])
    for run in runs:
        start, end = labelled.tokens[run[0]].start, labelled.tokens[run[-1]].end
        if len(run) <= 12:
            titles[text[start:end]] += 1
        yield SchemaValue(text[start:end], start, end)


def _kind(label: str) -> str:
    return label.rpartition(".")[2] if label.startswith(TABLE_PREFIXES) else label
