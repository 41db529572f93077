"""Values of ownership XML without their tags, named by the order that the schema prescribes.

Element names are gone, but not their order: a transaction is title, (exercise price), date, (deemed date), form, code,
swap, amounts, A or D, and so on (SEC, "EDGAR Ownership XML Technical Specification"). Where each value has a line of
its own that order leaves one reading; where all stand in one line, dates, numbers and letters are told by their shapes
and the words between them are parted by titles that came before and by the tagger's labels.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE
from extractor.readers.stripped import stripped_heads
from extractor.record import Field, Filing

_DATE = r"\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?"
_NUMBER = r"-?\$?(?:\d[\d,]*(?:\.\d*)?|\.\d+)"
_FLAG = r"(?:0|1|true|false)"
# a line holds one value, whatever damage parted or doubled it
_IS_DATE = re.compile(rf"(?P<date>{_DATE})(?:\s+(?P=date))*")
_IS_NUMBER = re.compile(rf"{_NUMBER}|\d{{1,3}}(?:\s+[\d,.]+)+")
_IS_FLAG = re.compile(_FLAG)
_CODE = re.compile(r"[ACDEFGHIJKLMOPSUVWXZ]")
_FORM = re.compile(r"[345]")
_CIK = re.compile(r"0\d{9}")
_CORE = re.compile(  # what a transaction prints between its title and what hangs on its table
    rf"(?<!\S)(?:{_DATE}\s+){{1,2}}[345]\s+{_CODE.pattern}\s+{_FLAG}(?:\s+[EL])?(?:\s+{_NUMBER}){{0,2}}\s+[AD](?!\S)"
    rf"(?:(?:\s+{_NUMBER})?\s+[DI](?!\S))?"
)
_TAIL = re.compile(rf"(?<!\S){_NUMBER}(?:\s+{_NUMBER})?\s+[DI](?!\S)")
_DATES = re.compile(rf"(?<!\S)(?:{_NUMBER}\s+(?=\d{{4}}-))?{_DATE}(?!\S)")
_NUMBERS_OF_OWNERS = re.compile(rf"(?<!\S){_CIK.pattern}(?!\S)")
_FLAGS = re.compile(rf"(?<!\S){_FLAG}(?:\s+{_FLAG})+(?!\S)|(?<!\S)(?:true|false)(?!\S)")
_LINE, _WORD = re.compile(r"\S[^\n\r]*"), re.compile(r"\S+")
_LONE_FLAG = re.compile(r"(?<!\S)[01](?!\S)")
_STRIKE = re.compile(r"(?<!\S)(?<!value )\d+\.\d{2,}(?!\S)")
_STATE = re.compile(r"[A-Z][A-Z0-9]")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
_BOXES = ("is_director", "is_officer", "is_ten_percent_owner", "is_other")


@dataclass(slots=True)
class _Value:
    """One value, or a run of words that may be several; offsets into the text."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Stripped:
    """What the order of a stripped filing tells beside its labels: flags of the form, and of each owner by place."""

    section_16: bool | None = None
    aff10b5_one: bool | None = None
    owners: list[dict[str, bool]] = field(default_factory=list)


def name_by_schema(labelled: Labelled) -> tuple[Labelled, Stripped | None]:
    """The document with its values named by their order; as it is, and None, where it is no stripped XML."""
    tokens = labelled.tokens
    if labelled.document.kind != "text" or not tokens:
        return labelled, None
    first, last = tokens[0].start, tokens[-1].end
    head = next((h for h in stripped_heads(labelled.document) if first <= h.start < last), None)
    if head is None:
        return labelled, None
    named = _Named(labelled)
    found = Stripped(section_16=head.flags[0] if head.flags and labelled.document.text[head.form[0]] != "3" else None)
    named.clear(head.start, head.end)
    named.put("form_type", head.form)
    named.put("period_of_report", head.period)
    if head.original is not None:
        named.put("date_of_original_submission", head.original)
    by_line = "\n" in labelled.document.text[head.form[1] : head.period[0]]
    values = _lines(labelled, head.end, last) if by_line else list(_pieces(labelled, head.end, last))
    place = _parties(values, named, found, by_line)
    rows = _tables(values, place, named)
    return replace(labelled.relabelled(named.labels), row_of=rows), found


def set_flags(filing: Filing, found: Stripped) -> None:
    """Sets the check boxes that the flags of a stripped filing stand for."""
    signals = {"label_min": 0.95, "label_mean": 0.95, "quality_min": 1.0}

    def box(value: bool | None) -> Field | None:
        return None if value is None else Field(value, page=1, signals=dict(signals))

    filing.not_subject_to_section_16 = box(found.section_16)
    filing.aff10b5_one = box(found.aff10b5_one)
    if len(found.owners) == len(filing.reporting_owners):
        for owner, flags in zip(filing.reporting_owners, found.owners, strict=True):
            for name, value in flags.items():
                setattr(owner, name, box(value))


class _Named:
    """Labels under change, addressed by offsets."""

    def __init__(self, labelled: Labelled) -> None:
        self.labels = list(labelled.tagging.labels)
        self.starts = [token.start for token in labelled.tokens]

    def tokens(self, start: int, end: int) -> range:
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def put(self, label: str, span: tuple[int, int]) -> None:
        for index in self.tokens(*span):
            self.labels[index] = label

    def has(self, label: str, value: _Value) -> bool:
        """Whether the tagger gave a value that label."""
        return any(self.labels[index] == label for index in self.tokens(value.start, value.end))

    def in_table(self, value: _Value) -> bool:
        """Whether the tagger took all of a value for a title of a security."""
        here = self.tokens(value.start, value.end)
        return bool(here) and all(self.labels[index].endswith("security_title") for index in here)

    def clear(self, start: int, end: int) -> None:
        self.put(OUTSIDE, (start, end))


def _lines(labelled: Labelled, start: int, last: int) -> list[_Value]:
    """The values of a text that gives each its line."""
    found = _LINE.finditer(labelled.document.text, start, last)
    return [_Value(m.group().rstrip(), m.start(), m.start() + len(m.group().rstrip())) for m in found]


def _pieces(labelled: Labelled, start: int, last: int) -> Iterator[_Value]:
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
            yield _Value(match.group(), *match.span())
        at = hi


def _words(labelled: Labelled, lo: int, hi: int, titles: Counter[str]) -> Iterator[_Value]:
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
        yield _Value(text[start:end], start, end)


def _kind(label: str) -> str:
    return label.rpartition(".")[2] if label.startswith(("non_derivative.", "derivative.")) else label


# The head ------------------------------------------------------------------------------------------------------------


def _parties(values: list[_Value], named: _Named, found: Stripped, by_line: bool) -> int:
    """Names issuer and owners; the place behind the last owner's number and flags."""
    owners = [place for place, value in enumerate(values) if _CIK.fullmatch(value.text)]
    if not owners:
        return 0
    if by_line and owners[0] in (1, 2):
        named.clear(values[0].start, values[owners[0]].end)
        named.put("issuer.name", (values[0].start, values[0].end))
        if owners[0] == 2:
            named.put("issuer.ticker", (values[1].start, values[1].end))
    place = owners[-1]
    for number, at in enumerate(owners):
        end = owners[number + 1] if number + 1 < len(owners) else len(values)
        flags = _flags(values, at + _LEAST_ADDRESS, min(end, at + _FURTHEST))
        if flags is None:
            found.owners.append({})
            place = at + 2
            continue
        begin, stop = flags
        found.owners.append(_boxes(values, begin, stop))
        place = stop
        for value in values[at:begin]:
            if _IS_FLAG.fullmatch(value.text):
                named.clear(value.start, value.end)
        named.clear(values[begin].start, values[stop - 1].end)
        if by_line:
            _address([v for v in values[at + 1 : begin] if not _IS_FLAG.fullmatch(v.text)], named)
            place = _titles(values, stop, end, found.owners[-1], named)
        else:
            while place < end and named.has("owner.officer_title", values[place]):
                place += 1
    return _plan_box(values, place, named, found)


_LEAST_ADDRESS = 4  # values of an owner before the flags: number, name, street or city, postal code
_FURTHEST = 40


def _flags(values: list[_Value], begin: int, end: int) -> tuple[int, int] | None:
    """First run of flags, (begin, end)."""
    start = next((i for i in range(begin, end) if _IS_FLAG.fullmatch(values[i].text)), None)
    if start is None:
        return None
    stop = start
    while stop < end and stop - start < 4 and _IS_FLAG.fullmatch(values[stop].text):
        stop += 1
    return start, stop


def _boxes(values: list[_Value], begin: int, end: int) -> dict[str, bool]:
    flags = [value.text in ("1", "true") for value in values[begin:end]]
    return dict(zip(_BOXES, flags, strict=True)) if len(flags) == len(_BOXES) else {}


def _address(values: list[_Value], named: _Named) -> None:
    """Name, street, city, state and postal code, one a line; left to the labels where no code ends them."""
    named.clear(values[0].start, values[-1].end)
    named.put("owner.name", (values[0].start, values[0].end))
    at = next((i for i in range(len(values) - 1, 2, -1) if any(map(str.isdigit, values[i].text))), None)
    if at is None:
        return
    has_state = at >= 4 and _STATE.fullmatch(values[at - 1].text) is not None
    city = at - 2 if has_state else at - 1
    for value in values[1:city]:
        named.put("owner.street", (value.start, value.end))
    named.put("owner.city", (values[city].start, values[city].end))
    if has_state:
        named.put("owner.state", (values[at - 1].start, values[at - 1].end))
    named.put("owner.zip", (values[at].start, values[at].end))
    if at + 1 < len(values) and not (has_state and _ZIP.fullmatch(values[at].text)):
        named.put("owner.country", (values[at + 1].start, values[at + 1].end))


def _titles(values: list[_Value], at: int, end: int, boxes: dict[str, bool], named: _Named) -> int:
    """Names what follows an owner's flags: the officer's title, the other's text. Returns the place behind them."""
    wanted = []
    if boxes.get("is_officer") or not boxes:
        wanted.append("owner.officer_title")
    if boxes.get("is_other"):
        wanted.append("owner.other_text")
    for label in wanted:
        if at >= end or not _is_words(values[at].text) or (not boxes and not named.has(label, values[at])):
            break
        named.put(label, (values[at].start, values[at].end))
        at += 1
    return at


def _plan_box(values: list[_Value], place: int, named: _Named, found: Stripped) -> int:
    """The 10b5-1 flag stands alone between the last owner and the tables."""
    if place < len(values) and _IS_FLAG.fullmatch(values[place].text):
        found.aff10b5_one = values[place].text in ("1", "true")
        named.clear(values[place].start, values[place].end)
        return place + 1
    return place


# The tables ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Row:
    """A row found: its values by field, whether it is one of Table II, and the place behind its D or I."""

    derivative: bool
    fields: dict[str, _Value]
    end: int

    @property
    def indirect(self) -> bool:
        return self.fields["direct_or_indirect"].text == "I"

    def label(self, name: str) -> str:
        """The label of a field's tokens; none for A or D of Table II, which the column that holds the number says."""
        if not self.derivative:
            return f"non_derivative.{name}"
        if name == "acquired_disposed":
            return ""
        if name == "shares":
            way = self.fields.get("acquired_disposed")
            name = "shares_acquired" if way is not None and way.text == "A" else "shares_disposed"
        return f"derivative.{name}"


class _Reader:
    """Reads values one after the other as what is wanted."""

    def __init__(self, values: list[_Value], at: int) -> None:
        self.values, self.at = values, at

    def take(self, pattern: re.Pattern[str]) -> _Value | None:
        if self.at < len(self.values) and pattern.fullmatch(self.values[self.at].text):
            self.at += 1
            return self.values[self.at - 1]
        return None

    def several(self, pattern: re.Pattern[str], most: int) -> list[_Value]:
        out: list[_Value] = []
        while len(out) < most and (value := self.take(pattern)) is not None:
            out.append(value)
        return out

    def words(self) -> _Value | None:
        if self.at >= len(self.values) or not _is_words(self.values[self.at].text):
            return None
        self.at += 1
        return self.values[self.at - 1]


_WAY, _HOW, _TIMELINESS = re.compile("[AD]"), re.compile("[DI]"), re.compile("[EL]")
_MOST_WORDS = 40


def _is_words(text: str) -> bool:
    if _IS_DATE.fullmatch(text) or _IS_NUMBER.fullmatch(text) or len(text) < 2:
        return False
    return len(text.split()) <= _MOST_WORDS


def _row(values: list[_Value], at: int, derivative: bool) -> _Row | None:
    """The row that begins at a place; `derivative` whether Table II has begun. None where there is none."""
    read = _Reader(values, at)
    title = read.words()
    if title is None:
        return None
    found = {"security_title": title}
    start = read.at
    strike = read.take(_IS_NUMBER)
    dates = read.several(_IS_DATE, 2)
    coding = [read.take(p) for p in (_FORM, _CODE, _IS_FLAG)] if dates else [None]
    if any(value is None for value in coding):
        return _holding(values, start, found, derivative)
    if strike is not None:
        found["conversion_or_exercise_price"] = strike
    found |= dict(zip(("transaction_date", "deemed_execution_date"), dates, strict=False))
    assert coding[1] is not None
    found["transaction_code"] = coding[1]
    read.take(_TIMELINESS)
    amounts = read.several(_IS_NUMBER, 2)
    way = read.take(_WAY)
    if way is None:
        return None
    found |= dict(zip(("shares", "price_per_share"), amounts, strict=False))
    found["acquired_disposed"] = way
    owned = read.several(_IS_NUMBER, 1)
    how = read.take(_HOW)
    if how is not None and strike is None and not derivative:
        found |= dict(zip(("shares_owned_following",), owned, strict=False)) | {"direct_or_indirect": how}
        return _Row(False, found, read.at)
    return None if owned else _underlying(read, found)


def _holding(values: list[_Value], at: int, found: dict[str, _Value], derivative: bool) -> _Row | None:
    read = _Reader(values, at)
    if not derivative:
        owned = read.take(_IS_NUMBER)
        how = read.take(_HOW)
        if owned is not None and how is not None:
            found |= {"shares_owned_following": owned, "direct_or_indirect": how}
            return _Row(False, found, read.at)
        read.at = at
    strike = read.take(_IS_NUMBER)
    if strike is not None:
        found["conversion_or_exercise_price"] = strike
    return _underlying(read, found)


def _underlying(read: _Reader, found: dict[str, _Value]) -> _Row | None:
    """Table II from its dates on: (exercise), (expiration), title and amount of what underlies, (owned), D or I."""
    dates = read.several(_IS_DATE, 2)
    names = ("exercise_date", "expiration_date") if len(dates) == 2 else ("expiration_date",)
    found |= dict(zip(names, dates, strict=False))
    title = read.words()
    if title is None:
        return None
    while "transaction_code" in found and (more := read.words()) is not None:
        title = _Value(f"{title.text} {more.text}", title.start, more.end)
    found["underlying_security_title"] = title
    amounts = read.several(_IS_NUMBER, 2)
    how = read.take(_HOW)
    if how is None or not amounts:
        return None
    found |= dict(zip(("underlying_security_shares", "shares_owned_following"), amounts, strict=False))
    found["direct_or_indirect"] = how
    return _Row(True, found, read.at)


def _tables(values: list[_Value], at: int, named: _Named) -> dict[int, int]:
    """Names the rows from a place on, and what stands between them: natures of ownership. The row of each token."""
    rows: list[_Row] = []
    derivative = False
    begin = end = values[at].start if at < len(values) else 0
    while at < len(values):
        row, skipped = _next(values, at, derivative, rows[-1] if rows else None)
        if row is None:
            row, skipped = _later(values, at, derivative, named), 0
        if row is None:
            break
        if skipped and rows:
            rows[-1].fields["nature_of_ownership"] = _Value("", values[at].start, values[at + skipped - 1].end)
        derivative |= row.derivative
        rows.append(row)
        at = row.end
        end = values[at - 1].end
    if not rows:
        return {}
    if at < len(values) and rows[-1].indirect and _is_nature(values[at].text):
        rows[-1].fields["nature_of_ownership"] = values[at]
        end = values[at].end
    named.clear(begin, end)
    places: dict[int, int] = {}
    for number, row in enumerate(rows):
        for name, value in row.fields.items():
            label = row.label(name)
            if label:
                named.put(label, (value.start, value.end))
                places |= dict.fromkeys(named.tokens(value.start, value.end), number)
    return places


_MOST_SKIPPED = 3


def _next(values: list[_Value], at: int, derivative: bool, before: _Row | None) -> tuple[_Row | None, int]:
    """The next row and how many values stand before it that are the nature of the one before.

    Behind an indirect holding a text is its nature, unless only without it what follows makes a row.
    """
    indirect = before is not None and before.indirect
    places = range(at, min(at + _MOST_SKIPPED + 1, len(values)))
    order = [*places[1:2], *places[:1], *places[2:]] if indirect else [*places]
    for place in order:
        if not all(_is_words(value.text) for value in values[at:place]):
            continue
        row = _row(values, place, derivative)
        if row is not None:
            return row, place - at
    return None, 0


def _later(values: list[_Value], at: int, derivative: bool, named: _Named) -> _Row | None:
    """The first row further down that is surely one: a transaction, or one whose title is labelled as such.

    What stands before it is a joint filer's address, or a row that damage made unreadable.
    """
    for place in range(at + 1, len(values)):
        row = _row(values, place, derivative)
        if row is not None and ("transaction_code" in row.fields or named.in_table(row.fields["security_title"])):
            return row
    return None


def _is_nature(text: str) -> bool:
    return (_is_words(text) and len(text) <= 120 and not text.endswith(".")) or text.casefold().startswith("by ")
