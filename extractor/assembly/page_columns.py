"""The columns of tables on born-digital pages: what stands in one says what a piece of a cell is, rules or none.

A cell that wraps or is cut at its column's edge ("06/04/20" above "23", "$452." above "86") leaves pieces that say
little by themselves, and which price or date of two a value is the tagger guesses from near it. The white corridors
between columns run through all rows, so that the sure labels of a column, and the heading over it, name the doubtful.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractor.assembly.cards import are_cards, words_above
from extractor.assembly.members import COLUMNS, WORDED
from extractor.assembly.spans import Labelled
from extractor.assembly.typed_columns import typed_tables
from extractor.labels import OUTSIDE

PREFIXES = ("non_derivative.", "derivative.")
_CORRIDOR = 0.5  # points; ink no further apart is of one column
_MARGIN = 20.0  # points; headings begin hardly further right than tables
_APART = 6.0  # heights of a line; rows of one table lie nearer to each other
_FIELDS = 3  # different ones on a line, by which a table's row is known
_AGREES = 0.6  # share of a column's labels, by their probability, that must be what it is said to hold
_HEADING = (0.2, 0.5)  # what a heading counts, in labels: by itself, and for each line of its column
_HEAD_LINES = 24
_BESIDE = 4.0  # points that a mark may stand beside its column's heading
_LEADING = 0.9  # heights between two lines of one heading
_NOT_LETTERS = re.compile(r"[^a-z]+")
_MARK = re.compile(r"(?:\(\w{1,2}\)[,;]?)+")
_OF_CODE = frozenset(("transaction_code", "equity_swap_involved", "voluntary"))
_LETTER_FIELDS = frozenset(("acquired_disposed", "direct_or_indirect", *_OF_CODE))
_DASHES = frozenset("-–—_|")
_FOLLOWS = re.compile(
    r"(?i)(?:foot ?notes?|explanations? of responses|notes:|remarks|signatures?)\W*"
    r"|(?:\d\W+)?name and address of (?:reporting|joint).*"
)
"""Headings that stand right below a table's last row."""
_TITLE = re.compile(r"derivativesecurit|derivativetransactions")
_TITLE_CAPTION = re.compile(r"(?:titleof(?:derivative)?)?security(?:title)?|class|title")
_NUMBER_CAPTION = re.compile(r"number(?:ofderivatives?(?:securities)?)?|quantity")
_COUNTED = re.compile(r"(?i)(?:transaction|row|holding|#)?\W*\d{1,3}\W*")
"""What a card is headed by."""
_CARD_LINES, _CARDS_ACROSS = 4, 3  # lines with captioned values at least, fields on a line at most
_CAPTIONED = 0.5  # share of what is labelled in cards that has a caption
_SHORTEST_CAPTION = 2  # letters: "D/I"; single ones are values
_HOLDS_VALUE = re.compile(r"\d[/.,-]\d|\d{3}")
_MONTH = re.compile(r"(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")

_HEADINGS: dict[bool, tuple[tuple[re.Pattern[str], str], ...]] = {
    table: tuple((re.compile(pattern), name) for pattern, name in words)
    for table, words in {
        False: (
            (r"deemed|exec(?:ution)?date", "deemed_execution_date"),
            (r"natureof|nature$", "nature_of_ownership"),
            (r"ownershipform|formdirect|direct(?:or)?(?:d|indirect)|^di$|^dori$|^ownership$", "direct_or_indirect"),
            (r"owned|following|holdings", "shares_owned_following"),
            (r"price", "price_per_share"),
            (r"^aord$|^ad$|^acq(?:uired)?(?:or)?disp", "acquired_disposed"),
            (r"code|^type$", "transaction_code"),
            (r"^v$", "voluntary"),
            (r"date", "transaction_date"),
            (r"^amount$|^shares$|^numberofshares$|^quantity$", "shares"),
        ),
        True: (
            (r"deemed|exec(?:ution)?date", "deemed_execution_date"),
            (r"natureof|nature$", "nature_of_ownership"),
            (r"ownershipform|formdirect|direct(?:or)?(?:d|indirect)|^di$|^dori$|^ownership$", "direct_or_indirect"),
            (r"conversion|exerciseprice|strike", "conversion_or_exercise_price"),
            (r"exercisable", "exercise_date"),
            (r"expir", "expiration_date"),
            (r"amountornumber|underlyingshares|(?:shares|amountof)underlying|^shares$", "underlying_security_shares"),
            (r"^aord$|^ad$|^acq(?:uired)?(?:or)?disp", "acquired_disposed"),
            (r"^acquireda?$|^a$", "shares_acquired"),
            (r"^disposedd?$|^d$", "shares_disposed"),
            (r"underlying|^title$", "underlying_security_title"),
            (r"owned|following|holdings", "shares_owned_following"),
            (r"price", "price_per_share"),
            (r"code|^type$", "transaction_code"),
            (r"^v$", "voluntary"),
            (r"(?:transaction|trans|trade)date|^date$", "transaction_date"),
        ),
    }.items()
}
"""Letters of a heading's lowest lines, by table, in the order in which they are looked for."""

ORDER: dict[bool, tuple[str, ...]] = {
    False: (
        "security_title",
        "transaction_date",
        "transaction_code",
        "shares",
        "acquired_disposed",
        "price_per_share",
        "shares_owned_following",
        "direct_or_indirect",
        "nature_of_ownership",
    ),
    True: tuple(
        name
        for name in COLUMNS
        if name
        not in (
            "deemed_execution_date",
            "equity_swap_involved",
            "voluntary",
            "shares",
            "shares_acquired",
            "shares_disposed",
            "acquired_disposed",
        )
    ),
}
"""Columns as the forms after Form 3 have them, without those that are empty more often than not."""


@dataclass(slots=True)
class _Strip:
    """The rows of a table on one page: from `top` to `bottom` in points."""

    page: int
    top: float
    bottom: float
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Column:
    """A column's extent in points, the tokens in it that the table's labels name, and the field that it holds."""

    x0: float
    x1: float
    tokens: list[int]
    field: str = ""
    sure: bool = False


def settle_page_columns(labelled: Labelled) -> Labelled:
    """Labels of what stands in the columns of tables on pages with a text layer, by what the columns hold."""
    if labelled.document.kind not in ("pdf_text", "html"):
        return labelled
    labels = list(labelled.tagging.labels)
    taken = {index for table in typed_tables(labelled) for index in table.columns}
    pages = {page.number for page in labelled.document.pages if page.kind in ("pdf_text", "html")}
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, token in enumerate(labelled.tokens):
        if token.page in pages and index not in taken:
            by_page[token.page].append(index)
    for index in _wording(labelled, by_page):
        labels[index] = OUTSIDE
    if labelled.document.kind != "html":
        _follow_captions(labelled, by_page, labels)
    if labels != labelled.tagging.labels:
        labelled = labelled.relabelled(list(labels))
    if labelled.document.kind == "html":
        return labelled  # cells are known there
    for prefix in PREFIXES:
        strips = [strip for page in sorted(by_page) for strip in _strips(labelled, by_page[page], page, prefix)]
        if not strips:
            continue
        if are_cards(labelled, [(i, labelled.label(i)) for strip in strips for i in strip.members]):
            continue
        columns = _columns(labelled, strips)
        _name(labelled, columns, strips[0], by_page[strips[0].page], prefix)
        for strip in strips:
            for index in by_page[strip.page]:
                if strip.top <= _middle(labelled, index) <= strip.bottom:
                    labels[index] = _settled(labelled, index, columns, prefix)
        if prefix == PREFIXES[True]:
            _follow_letters(labelled, strips, labels)
    return labelled if labels == labelled.tagging.labels else labelled.relabelled(labels)


def _wording(labelled: Labelled, by_page: dict[int, list[int]]) -> list[int]:
    """Tokens labelled as a table's in lines that only say what follows below the table."""
    lines: dict[int, list[int]] = defaultdict(list)
    for indices in by_page.values():
        for index in indices:
            lines[labelled.tokens[index].line].append(index)
    found: list[int] = []
    for line in lines.values():
        inside = [i for i in line if labelled.in_table(i)]
        if not inside or not _FOLLOWS.fullmatch(" ".join(labelled.texts(line))):
            continue
        rank = labelled.rank[line[0]]
        before = labelled.tokens[labelled.order[rank - 1]].text.lower() if rank else ""
        # "See" above "Footnotes" is a nature of ownership that wrapped, in a column; headings stand at the margin
        at_margin = labelled.document.kind == "html" or labelled.tokens[line[0]].bbox[0] <= _MARGIN + min(
            labelled.tokens[i].bbox[0] for i in by_page[labelled.tokens[line[0]].page] if labelled.in_table(i)
        )
        if before != "see" and at_margin and labelled.tokens[line[0]].cell is None:
            found += inside
    return found


def _middle(labelled: Labelled, index: int) -> float:
    box = labelled.tokens[index].bbox
    return (box[1] + box[3]) / 2


def _height(labelled: Labelled, indices: Iterable[int]) -> float:
    heights = sorted(labelled.tokens[i].bbox[3] - labelled.tokens[i].bbox[1] for i in indices)
    return max(1.0, heights[len(heights) // 2]) if heights else 1.0


def _strips(labelled: Labelled, on_page: Sequence[int], page: int, prefix: str) -> list[_Strip]:
    """Where rows of a table lie on a page; stray labels far from any row are none."""
    members = [i for i in on_page if labelled.label(i).startswith(prefix)]
    if not members:
        return []
    height = _height(labelled, members)
    strips: list[_Strip] = []
    for index in sorted(members, key=lambda i: _middle(labelled, i)):
        box = labelled.tokens[index].bbox
        if not strips or box[1] - strips[-1].bottom > _APART * height:
            strips.append(_Strip(page, box[1], box[3]))
        strips[-1].bottom = max(strips[-1].bottom, box[3])
        strips[-1].members.append(index)
    return [strip for strip in strips if _has_row(labelled, strip)]


def _has_row(labelled: Labelled, strip: _Strip) -> bool:
    fields: dict[int, set[str]] = defaultdict(set)
    for index in strip.members:
        fields[labelled.tokens[index].line].add(labelled.label(index))
    return max(map(len, fields.values())) >= _FIELDS


def _columns(labelled: Labelled, strips: Sequence[_Strip]) -> list[Column]:
    """The table's ink parted by white corridors, pieces of one field's text joined again."""
    members = [index for strip in strips for index in strip.members]
    columns: list[Column] = []
    for index in sorted(members, key=lambda i: labelled.tokens[i].bbox[0]):
        box = labelled.tokens[index].bbox
        if columns and box[0] - columns[-1].x1 <= _CORRIDOR:
            columns[-1].x1 = max(columns[-1].x1, box[2])
            columns[-1].tokens.append(index)
        else:
            columns.append(Column(box[0], box[2], [index]))
    joined = columns[:1]
    for column in columns[1:]:
        before = joined[-1]
        usual = _usual(labelled, before)
        if usual == _usual(labelled, column) and (
            _one_value(labelled, before, column, usual) or _complete(labelled, before, column)
        ):
            before.x1 = column.x1
            before.tokens += column.tokens
        else:
            joined.append(column)
    return joined


def _votes(labelled: Labelled, column: Column) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    for index in column.tokens:
        votes[labelled.label(index).partition(".")[2]] += float(labelled.tagging.probability[index])
    return votes


def _usual(labelled: Labelled, column: Column) -> str:
    votes = _votes(labelled, column)
    return max(votes, key=lambda name: (votes[name], name))


def _one_value(labelled: Labelled, left: Column, right: Column, name: str) -> bool:
    """Whether two columns are one: no more than a blank parts them on some line, and there are no two values there."""
    segment = labelled.tagging.layout.segment
    pieces: dict[int, list[str]] = defaultdict(list)
    for index in left.tokens:
        pieces[int(segment[index])].append(labelled.tokens[index].text)
    beside = [i for i in right.tokens if int(segment[i]) in pieces]
    if name in WORDED:
        return bool(beside)
    return any(
        not (_HOLDS_VALUE.search(labelled.tokens[i].text) and _HOLDS_VALUE.search(" ".join(pieces[int(segment[i])])))
        for i in beside
    )


def _complete(labelled: Labelled, left: Column, right: Column) -> bool:
    """Whether two narrow columns are one whose cells differ in width: they lie close, and no line has both."""
    if right.x0 - left.x1 > _height(labelled, left.tokens):
        return False
    return {labelled.tokens[i].line for i in left.tokens}.isdisjoint(labelled.tokens[i].line for i in right.tokens)


def _name(labelled: Labelled, columns: Sequence[Column], strip: _Strip, on_page: Sequence[int], prefix: str) -> None:
    """Say which field each column holds, by its labels and by the heading over it; no two hold the same."""
    scores: list[tuple[float, int, str]] = []
    shares: list[dict[str, float]] = []
    headed: list[str] = []
    for place, column in enumerate(columns):
        votes = _votes(labelled, column)
        total = sum(votes.values())
        shares.append({name: value / total for name, value in votes.items()})
        headed.append(_heading(labelled, columns, place, strip, on_page, prefix))
        if name := headed[-1]:
            lines = len({labelled.tokens[i].line for i in column.tokens})
            votes[name] += _HEADING[0] + _HEADING[1] * lines
            shares[-1][name] = max(_AGREES, shares[-1].get(name, 0.0))
        scores += [(score, -place, name) for name, score in votes.items()]
    given: set[str] = set()
    for _, place, name in sorted(scores, reverse=True):
        column = columns[-place]
        if not column.field and name not in given:
            column.field = name
            column.sure = shares[-place][name] >= _AGREES
            given.add(name)
    order = ORDER[prefix == "derivative."]
    for place, column in enumerate(columns):
        name = headed[place]
        free = column.field and name and name not in given
        if free and not _fits(columns, place, column.field, order) and _fits(columns, place, name, order):
            given.add(name)
            column.field, column.sure = name, True
    for place, column in enumerate(columns):
        if column.field:
            continue
        for other in columns[max(0, place - 1) : place + 2]:
            left, right = sorted((column, other), key=lambda c: c.x0)
            if other.sure and _one_value(labelled, left, right, other.field):
                column.field, column.sure = other.field, True
        lacking = [name for name in order if name not in given and _fits(columns, place, name, order)]
        texts = labelled.texts(column.tokens)
        if not column.field and len(lacking) == 1 and all(_can_be(lacking[0], text) for text in texts):
            column.field, column.sure = lacking[0], True


def _fits(columns: Sequence[Column], place: int, name: str, order: Sequence[str]) -> bool:
    """Whether a field stands in the form between those of the columns to the left and to the right."""
    if name not in order:
        return True
    before = [order.index(c.field) for c in columns[:place] if c.field in order]
    behind = [order.index(c.field) for c in columns[place + 1 :] if c.field in order]
    return max(before, default=-1) < order.index(name) < min(behind, default=len(order))


def heading_over(labelled: Labelled, index: int, first: int, derivative: bool) -> str:
    """The field that the words above a lone token of a table name; "" for none. `first` is a token of the first row."""
    top, page = labelled.tokens[first].bbox[1], labelled.tokens[first].page
    box = labelled.tokens[index].bbox
    column = Column(box[0] - _BESIDE, box[2] + _BESIDE, [index])
    on_page = [i for i, token in enumerate(labelled.tokens) if token.page == page]
    return _heading(labelled, [column], 0, _Strip(page, top, top), on_page, PREFIXES[derivative])


def _heading(
    labelled: Labelled, columns: Sequence[Column], place: int, strip: _Strip, on_page: Sequence[int], prefix: str
) -> str:
    """The field that the words right above a column name; "" for none."""
    tokens, segment, column = labelled.tokens, labelled.tagging.layout.segment, columns[place]
    height = _height(labelled, column.tokens)
    lines: dict[int, list[int]] = defaultdict(list)
    for index in on_page:
        box = tokens[index].bbox
        if -1.0 <= strip.top - box[3] < _HEAD_LINES * height and labelled.label(index) == OUTSIDE:
            lines[tokens[index].line].append(index)
    lowest: list[int] = []
    top = 0.0
    for number in sorted(lines, reverse=True):
        over = {int(segment[i]) for i in lines[number] if _over(labelled, i, column)}
        line = [
            i
            for i in lines[number]
            if int(segment[i]) in over
            and (_over(labelled, i, column) or not any(_over(labelled, i, c) for c in columns if c is not column))
        ]
        if not line:
            continue
        if lowest and top - max(tokens[i].bbox[3] for i in line) > _LEADING * height:
            break
        top = min(tokens[i].bbox[1] for i in line)
        lowest = [*line, *lowest]
    letters = _NOT_LETTERS.sub("", "".join(labelled.texts(lowest)).lower())
    return named(letters, prefix == PREFIXES[True])


def named(letters: str, derivative: bool) -> str:
    """The field that the small letters of a heading or caption name; "" for none."""
    return next((name for pattern, name in _HEADINGS[derivative] if pattern.search(letters)), "")


def _over(labelled: Labelled, index: int, column: Column) -> bool:
    """Whether a word stands over a column's ink."""
    box = labelled.tokens[index].bbox
    return box[0] < column.x1 and box[2] > column.x0


def _settled(labelled: Labelled, index: int, columns: Sequence[Column], prefix: str) -> str:
    """The label of a token within a table's rows."""
    was = labelled.label(index)
    text = labelled.tokens[index].text
    if not (was == OUTSIDE or was.startswith(PREFIXES)) or _MARK.fullmatch(text):
        return was
    x = labelled.middle(index)
    column = next((c for c in columns if c.x0 - 1.0 <= x <= c.x1 + 1.0), None)
    if column is None or not column.sure or not column.field:
        return was
    name = was.partition(".")[2]
    if name == column.field or (name in _OF_CODE and column.field in _OF_CODE):
        return was
    if not _can_be(column.field, text) or (was == OUTSIDE and set(text) <= _DASHES):
        return was
    return prefix + column.field


def _follow_captions(labelled: Labelled, by_page: dict[int, list[int]], labels: list[str]) -> None:
    """Labels of the values of cards by their captions, table by table. The title above says which table it is."""
    prefix = ""
    found: list[list[tuple[str, list[int]]]] = []
    for line in _lines(labelled, (i for page in sorted(by_page) for i in by_page[page])):
        letters = _letters(labelled, line)
        is_title = _TITLE.search(letters) is not None and not _TITLE_CAPTION.match(letters)
        if is_title or _FOLLOWS.fullmatch(" ".join(labelled.texts(line))):
            _take_captions(labelled, found, prefix, labels)
            prefix, found = (PREFIXES["nonderivative" not in letters] if is_title else ""), []
        elif prefix and not _COUNTED.fullmatch(" ".join(labelled.texts(line))):
            found.append(captioned(labelled, line, prefix == PREFIXES[True]))
    _take_captions(labelled, found, prefix, labels)


def _take_captions(
    labelled: Labelled, lines: Sequence[list[tuple[str, list[int]]]], prefix: str, labels: list[str]
) -> None:
    """Labels from the captioned values on the lines below a table's title, if these are cards and no rows."""
    filled = [[pair for pair in line if pair[0]] for line in lines if any(name for name, _ in line)]
    told = [pair for line in filled for pair in line if any(map(labelled.in_table, pair[1]))]
    if len({labelled.tokens[value[0]].line for _, value in told}) < _CARD_LINES or not _hold_no_rows(labelled, lines):
        return
    inside = {i for _, value in told for i in value}
    if sum(map(labelled.in_table, inside)) < _CAPTIONED * sum(labelled.in_table(i) for i in _all(labelled, lines)):
        return
    for index in (i for line in lines for name, caption in line if not name for i in caption):
        labels[index] = OUTSIDE if labelled.in_table(index) else labels[index]
    numbers: list[int] = []  # of the card: what the letter behind them is said of
    for name, value in (pair for line in filled for pair in line):
        if name == "acquired_disposed" and prefix == PREFIXES[True]:
            named_by = "shares_acquired" if labelled.tokens[value[0]].text == "A" else "shares_disposed"
            for index in numbers:
                labels[index] = prefix + named_by
            labels[value[0]] = OUTSIDE
            continue
        for index in value:
            text, was = labelled.tokens[index].text, labels[index]
            if not (was == OUTSIDE or was.startswith(PREFIXES)) or _MARK.fullmatch(text):
                continue
            if was.partition(".")[2] in _OF_CODE and name in _OF_CODE:
                labels[index] = prefix + was.partition(".")[2]
            elif _can_be(name, text) and (text != "V" or name == "voluntary"):
                labels[index] = prefix + name
        if name in ("shares_acquired", "shares_disposed"):
            numbers = [i for i in value if labels[i] == prefix + name]


def _all(labelled: Labelled, lines: Sequence[list[tuple[str, list[int]]]]) -> list[int]:
    """All tokens from the first captioned line to the last."""
    numbers = [labelled.tokens[part[0]].line for line in lines for _, part in line]
    return [i for number in range(min(numbers), max(numbers) + 1) for i in labelled.line(number)]


def _hold_no_rows(labelled: Labelled, lines: Sequence[list[tuple[str, list[int]]]]) -> bool:
    """Whether no line holds so many fields as the row of a table does."""
    fields: dict[int, set[str]] = defaultdict(set)
    for index in _all(labelled, lines):
        if labelled.in_table(index) and not labelled.label(index).endswith("equity_swap_involved"):
            fields[labelled.tokens[index].line].add(labelled.label(index))
    return max(map(len, fields.values()), default=0) <= _CARDS_ACROSS


def _lines(labelled: Labelled, indices: Iterable[int]) -> list[list[int]]:
    lines: dict[int, list[int]] = defaultdict(list)
    for index in indices:
        lines[labelled.tokens[index].line].append(index)
    return [lines[number] for number in sorted(lines)]


def _letters(labelled: Labelled, indices: Iterable[int]) -> str:
    return _NOT_LETTERS.sub("", "".join(labelled.texts(indices)).lower())


def captioned(labelled: Labelled, line: Sequence[int], derivative: bool) -> list[tuple[str, list[int]]]:
    """The values on a line with the fields that their captions name, left of them or on the line above.

    Captions that end in a colon are among them, with no field.
    """
    segment = labelled.tagging.layout.segment
    parts: list[list[int]] = []
    for index in line:
        if parts and segment[parts[-1][-1]] == segment[index]:
            parts[-1].append(index)
        else:
            parts.append([index])
    found: list[tuple[str, list[int]]] = []
    before = ""
    for part in parts:
        name = _caption(labelled, part, derivative)
        if name:
            before = name
            if labelled.tokens[part[-1]].text.endswith(":"):
                found.append(("", part))
            continue
        if not before:
            before = _caption(labelled, words_above(labelled, part[0]), derivative)
        if before:
            found.append((before, part))
        before = ""
    return found


def _caption(labelled: Labelled, words: Sequence[int], derivative: bool) -> str:
    letters = _letters(labelled, words)
    if letters == "v" and labelled.tokens[words[-1]].text.endswith(":"):
        return "voluntary"
    if len(letters) < _SHORTEST_CAPTION:
        return ""
    if _TITLE_CAPTION.fullmatch(letters):
        return "security_title"
    if _TITLE.search(letters):
        return ""
    if derivative and _NUMBER_CAPTION.fullmatch(letters):
        return "shares_acquired"  # or disposed: the letter says it
    return named(letters, derivative)


def _follow_letters(labelled: Labelled, strips: Sequence[_Strip], labels: list[str]) -> None:
    """Where Table II has one column of numbers and a letter in another, the letter says what became of the number."""
    numbers = {f"{PREFIXES[True]}{name}" for name in ("shares_acquired", "shares_disposed")}
    for strip in strips:
        lines = {labelled.tokens[i].line for i in strip.members if labels[i] in numbers}
        for number in lines:
            line = labelled.line(number)
            letters = [
                i
                for i in line
                if labels[i] == OUTSIDE
                and labelled.tokens[i].text in ("A", "D")
                and heading_over(labelled, i, strip.members[0], derivative=True) == "acquired_disposed"
            ]
            if len(letters) == 1:
                name = "shares_acquired" if labelled.tokens[letters[0]].text == "A" else "shares_disposed"
                for index in line:
                    if labels[index] in numbers:
                        labels[index] = PREFIXES[True] + name


def _can_be(name: str, text: str) -> bool:
    """Whether a piece of text can be of a field's value."""
    if name in _LETTER_FIELDS:
        return len(text) <= 3 and text[0].isalpha()
    if name in WORDED:
        return True
    return any(c.isdigit() for c in text) or text in ("$", "/") or _MONTH.match(text) is not None
