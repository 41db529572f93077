"""The tables of typed filings as their typists set them: columns of characters under headings that were cut alike.

A typed table has bars, or columns that are blank in all of its lines, between its cells; its headings are broken at the
same places as the values below. The words that stand over each other in a column of the heading say what the column
holds, whichever way they were broken ("Transa", "ction", "Date"), and a piece of a value says it by where it stands
("2/7/0" above "0"), whatever it looks like.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extractor.assembly.members import COLUMNS
from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE, ROW_FIELDS

_NUMBERED = re.compile(r"(\d{1,2})[.,]")
_MIN_NUMBERED = 4  # numbered headings on the first line of a table: Table I of Form 3
_LONGEST_HEADING, _LONGEST_TABLE = 40, 400  # lines
_RULE = frozenset("-=_ —–~")
_BAR = frozenset("|¦")
_BARRED = 0.6  # share of the lines of a table that a bar stands in
_MIN_COLUMNS = 4
_SHIFTED = 12  # one line in so many may be out of its columns
_EVEN = 1.04  # of the widest to the narrowest character of the heading
_AGREES = 0.6  # share of the labels below headings that must be what the headings say
_ENDS = re.compile(r"(?:explanation|signature|remarks|reminder|footnotes?|\*\*|note:|table|form)\b", re.IGNORECASE)
_MARK = re.compile(r"[(\[{]\w{1,2}[)\]}]?(?:[(,]\w{1,2}\)?)*")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_LETTER = re.compile(r"[A-Za-z|1](?:[(\[].*)?|[A-Z]/[A-Z].*")
_LETTERS = frozenset(("transaction_code", "acquired_disposed", "direct_or_indirect"))
_OF_CODE = frozenset(("transaction_code", "equity_swap_involved", "voluntary"))

_HEADINGS: dict[bool, tuple[tuple[str, str], ...]] = {
    False: (
        ("titleof", "security_title"),
        ("deemed", "deemed_execution_date"),
        ("natureof", "nature_of_ownership"),
        ("price", "price_per_share"),
        ("amountofsec", "shares_owned_following"),
        ("beneficiallyowned", "shares_owned_following"),
        ("formdirect", "direct_or_indirect"),
        ("ownershipform", "direct_or_indirect"),
        ("amount", "shares"),
        ("code", "transaction_code"),
        ("transactiondate", "transaction_date"),
    ),
    True: (
        ("titleofder", "security_title"),
        ("deemed", "deemed_execution_date"),
        ("natureof", "nature_of_ownership"),
        ("conversion", "conversion_or_exercise_price"),
        ("priceofder", "price_per_share"),
        ("amountornumber", "underlying_security_shares"),
        ("titleand", "underlying_security_title"),
        ("ofunderlying", "underlying_security_title"),
        ("exercisable", "exercise_date"),
        ("expir", "expiration_date"),
        ("formdirect", "direct_or_indirect"),
        ("ownershipform", "direct_or_indirect"),
        ("acquired", "shares_acquired"),
        ("beneficiallyowned", "shares_owned_following"),
        ("numberofder", "shares_owned_following"),
        ("code", "transaction_code"),
        ("transactiondate", "transaction_date"),
    ),
}
"""Words of a column's heading, in the order in which they are looked for. A later column does not repeat an earlier."""
_WHOLE_HEADINGS: dict[bool, dict[str, str]] = {
    False: {"v": "voluntary", "aord": "acquired_disposed", "ad": "acquired_disposed"},
    True: {"v": "voluntary", "d": "shares_disposed", "ad": "acquired_disposed"},
}


_ORDER: dict[bool, tuple[str, ...]] = {
    False: tuple(name for name in ROW_FIELDS if name not in ("deemed_execution_date", "equity_swap_involved")),
    True: tuple(
        name
        for name in COLUMNS
        if name not in ("deemed_execution_date", "equity_swap_involved", "shares", "acquired_disposed")
    ),
}
"""Columns as the form has them: one that lies between two known ones is known where only one is missing there."""


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A typed table: the field of each column ("" where unknown), its tokens' columns, and its rows' tokens.

    Tokens of lines that do not keep to the columns have none.
    """

    derivative: bool
    first: int
    last: int
    fields: tuple[str, ...]
    columns: dict[int, int]
    rows: tuple[tuple[int, ...], ...]

    def field(self, index: int) -> str:
        """What the column says of a token; "" for nothing."""
        column = self.columns.get(index)
        return self.fields[column] if column is not None else ""


def typed_tables(labelled: Labelled) -> list[TypedTable]:
    """The tables of a document that kept the columns of a typewriter, where headings and labels agree on them."""
    document = labelled.document
    if document.kind == "html":
        return []
    found: list[TypedTable] = []
    for number in sorted({token.line for token in labelled.tokens if token.text.startswith(("1.", "1,"))}):
        if found and number <= found[-1].last:
            continue
        table = _table(labelled, number)
        if table is not None:
            found.append(table)
    return found


def _table(labelled: Labelled, heading: int) -> TypedTable | None:
    tokens = labelled.tokens
    first_line = labelled.line(heading)
    numbered = [i for i in first_line if _NUMBERED.match(tokens[i].text)]
    pitches = [labelled.pitch(i) for i in first_line if len(tokens[i].text) > 1]
    if len(numbered) < _MIN_NUMBERED or not pitches or max(pitches) > _EVEN * min(pitches):
        return None
    head = _heading_lines(labelled, heading)
    if head is None:
        return None
    body, last = _body_lines(labelled, head[-1] + 1)
    if not body or _has_tabs(labelled, heading, last):
        return None
    pitch = median(pitches)
    found = _by_bars(labelled, head, body) or _by_gutters(labelled, head, body, pitch)
    if found is None:
        return None
    columns, lines = found
    if len({columns[i] for i in numbered if i in columns}) < len(numbered) - 1:
        return None  # some columns were not told apart
    words = _headings(labelled, head, columns)
    derivative = any("derivative" in text or "exercisable" in text or "underlying" in text for text in words)
    fields = _fields(words, derivative)
    if "direct_or_indirect" not in fields:
        return None  # every table has that column: where it is lost in another's, rows cannot be told apart
    rows = _rows(labelled, lines, columns, fields, head[-1] + 1)
    table = TypedTable(derivative, head[-1] + 1, last, tuple(fields), columns, tuple(rows))
    return table if rows and _agrees(labelled, table) else None


def _has_tabs(labelled: Labelled, first: int, last: int) -> bool:
    """Whether tabs part the cells of lines of a text: these have no columns of characters."""
    if labelled.document.kind != "text":
        return False
    start, end = labelled.tokens[labelled.line(first)[0]].start, labelled.tokens[labelled.line(last)[-1]].end
    return "\t" in labelled.document.text[start:end]


def _heading_lines(labelled: Labelled, heading: int) -> list[int] | None:
    """Lines of a heading, up to the rule below it, which no typist left out; None where there is none."""
    lines: list[int] = []
    page = labelled.tokens[labelled.line(heading)[0]].page
    for number in range(heading, heading + _LONGEST_HEADING):
        line = labelled.line(number)
        if line and labelled.tokens[line[0]].page != page:
            return None
        if _is_rule(labelled, line) or (line and labelled.tokens[line[0]].text == "<S>"):
            return lines
        lines.append(number)
    return None


def _body_lines(labelled: Labelled, start: int) -> tuple[list[int], int]:
    """Lines with values of a table, and the last line that belongs to it."""
    out: list[int] = []
    blank, last_labelled = 0, 0
    for number in range(start, start + _LONGEST_TABLE):
        line = labelled.line(number)
        if not line:
            blank += 1
            if blank > 8:
                break
            continue
        blank = 0
        if _ENDS.match(labelled.tokens[line[0]].text):
            break
        if _is_rule(labelled, line) or labelled.tokens[line[0]].text == "<S>":
            continue
        if any(labelled.in_table(i) for i in line):
            last_labelled = len(out) + 1
        elif last_labelled and number - out[-1] > 1 and _bars(labelled, line) < _MIN_COLUMNS - 1:
            break
        out.append(number)
    # below the last line that has a value, only what goes on without a gap
    end = last_labelled
    while 0 < end < len(out) and out[end] == out[end - 1] + 1:
        end += 1
    out = out[:end] if last_labelled else []
    return out, out[-1] if out else start


Columns = tuple[dict[int, int], list[list[int]]]
"""The column of each token, and the lines of the body: two where an end of line was lost between them."""


def _by_bars(labelled: Labelled, head: Sequence[int], body: Sequence[int]) -> Columns | None:
    """Columns by counting the bars of a line, which stay in their order where converters shift them."""
    tokens = labelled.tokens
    counts = Counter(_bars(labelled, labelled.line(number)) for number in body)
    usual = max(counts, key=lambda count: (counts[count], count))
    if usual < _MIN_COLUMNS - 1 or counts[usual] < _BARRED * len(body):
        return None
    columns: dict[int, int] = {}
    lines: list[list[int]] = []
    places: list[list[float]] = [[] for _ in range(usual)]
    uneven: list[int] = []
    for number in (*head, *body):
        line = labelled.line(number)
        bars = _bars(labelled, line)
        parts: list[list[int]] = [[]]
        if bars and bars % usual == 0:
            passed = 0
            for index in line:
                if tokens[index].text in _BAR:
                    if bars == usual:
                        places[passed].append(tokens[index].bbox[0])
                    passed += 1
                    if passed == usual and bars > usual:
                        passed = 0
                        parts.append([])
                elif not _is_drawn(tokens[index].text):
                    columns[index] = passed
                    parts[-1].append(index)
        else:
            uneven.append(number)
            parts[0] = [i for i in line if tokens[i].text not in _BAR and not _is_drawn(tokens[i].text)]
        if number not in head:
            lines += [part for part in parts if part]
    edges = [median(lefts) for lefts in places if lefts]
    if len(edges) < usual:
        return None
    for number in uneven:
        for index in labelled.line(number):
            if number in head and tokens[index].text not in _BAR:
                columns[index] = bisect_right(edges, tokens[index].bbox[0])
    return columns, lines


def _by_gutters(labelled: Labelled, head: Sequence[int], body: Sequence[int], pitch: float) -> Columns | None:
    """Columns by what is blank in all lines but those few that a converter shifted."""
    tokens = labelled.tokens
    numbers = (*head, *body)
    content = {number: [i for i in labelled.line(number) if tokens[i].text not in _BAR] for number in numbers}
    everything = [i for line in content.values() for i in line]
    origin = min(tokens[i].bbox[0] for i in everything)
    width = round((max(tokens[i].bbox[2] for i in everything) - origin) / pitch) + 1

    def place(x: float) -> int:
        return round((x - origin) / pitch)

    filled = [0] * (width + 2)
    for line in content.values():
        for at in {at for i in line for at in range(place(tokens[i].bbox[0]), place(tokens[i].bbox[2]))}:
            filled[at] += 1
    few = len(numbers) // _SHIFTED
    blank = [count <= few for count in filled]
    # words of a title stand apart in all lines by chance: the title's column ends where "2." begins
    second = next((place(tokens[i].bbox[0]) for i in content[head[0]] if tokens[i].text.startswith(("2.", "2,"))), None)
    if second is None:
        return None
    edges = [0, *(at for at in range(1, width) if at >= second and not blank[at] and blank[at - 1])]
    if len(edges) < _MIN_COLUMNS:
        return None
    columns: dict[int, int] = {}
    for number in numbers:
        line = content[number]
        crossed = any(place(tokens[i].bbox[0]) < at < place(tokens[i].bbox[2]) for i in line for at in edges)
        if not crossed or number in head:
            for index in line:
                columns[index] = bisect_right(edges, place(tokens[index].bbox[0])) - 1
    return columns, [content[number] for number in body if content[number]]


def _bars(labelled: Labelled, line: Sequence[int]) -> int:
    return sum(labelled.tokens[i].text in _BAR for i in line)


def _headings(labelled: Labelled, head: Sequence[int], columns: dict[int, int]) -> list[str]:
    """The letters that stand in the heading of each column."""
    words: list[str] = [""] * (max(columns.values()) + 1)
    for number in head:
        for index in labelled.line(number):
            if index in columns:
                words[columns[index]] += labelled.tokens[index].text.lower()
    return [_NOT_LETTERS.sub("", text) for text in words]


def _fields(words: Sequence[str], derivative: bool) -> list[str]:
    fields: list[str] = []
    for place, letters in enumerate(words):
        name = _WHOLE_HEADINGS[derivative].get(letters, "")
        if not name:
            name = next((n for word, n in _HEADINGS[derivative] if word in letters and n not in fields), "")
        fields.append(name or ("security_title" if place == 0 else ""))
    order = _ORDER[derivative]
    for place in range(1, len(fields) - 1):
        before, after = fields[place - 1], fields[place + 1]
        if not fields[place] and before in order and after in order:
            between = order[order.index(before) + 1 : order.index(after)]
            if len(between) == 1 and between[0] not in fields:
                fields[place] = between[0]
    return fields


def _agrees(labelled: Labelled, table: TypedTable) -> bool:
    """Whether the tagger's labels are mostly those of the columns they stand in."""
    same = other = 0
    for index in (i for row in table.rows for i in row):
        field = table.field(index)
        if labelled.in_table(index) and field:
            same += labelled.label(index).partition(".")[2] == field
            other += labelled.label(index).partition(".")[2] != field
    return same >= max(3, _AGREES * (same + other))


def _rows(
    labelled: Labelled, lines: Sequence[Sequence[int]], columns: dict[int, int], fields: Sequence[str], first: int
) -> list[tuple[int, ...]]:
    """The tokens of each row, from its lines.

    A row begins with a letter in a column of letters, which is one line high in every row, or below a rule.
    """
    tokens = labelled.tokens
    rows: list[list[int]] = []
    last = first - 1
    for line in lines:
        number = tokens[line[0]].line
        ruled = any(_is_rule(labelled, labelled.line(n)) for n in range(max(first, last), number)) or not rows
        cells: dict[str, str] = {}
        for index in line:
            column = columns.get(index)
            name = labelled.label(index).partition(".")[2] if column is None else fields[column]
            cells[name] = cells.get(name, "") + tokens[index].text
        lettered = any(_LETTER.fullmatch(cells[name]) for name in _LETTERS & cells.keys())
        if lettered or (ruled and len(cells) >= 2) or not rows:
            rows.append([])
        rows[-1] += line
        last = number
    return [tuple(row) for row in rows]


def settle_columns(labelled: Labelled) -> Labelled:
    """Labels of the cells of typed tables by the columns they stand in. Marks stay marks, dashes what they were."""
    labels = list(labelled.tagging.labels)
    for table in typed_tables(labelled):
        prefix = "derivative." if table.derivative else "non_derivative."
        for row in table.rows:
            letters = "".join(labelled.tokens[i].text for i in row if table.field(i) == "acquired_disposed").upper()
            for index in row:
                token, field, was = labelled.tokens[index], table.field(index), labels[index]
                if not field or was == "footnote.mark" or _MARK.fullmatch(token.text):
                    continue
                if was == OUTSIDE and set(token.text) <= _RULE:
                    continue
                if table.derivative and field == "acquired_disposed":
                    labels[index] = OUTSIDE
                    continue
                if table.derivative and field == "shares_acquired" and letters.startswith("D"):
                    field = "shares_disposed"
                if field in _OF_CODE and was.partition(".")[2] in _OF_CODE:
                    field = was.partition(".")[2]
                labels[index] = prefix + field
    return labelled if labels == labelled.tagging.labels else labelled.relabelled(labels)


def _is_rule(labelled: Labelled, line: Sequence[int]) -> bool:
    """Whether a line is drawn, of dashes and the like."""
    tokens, drawn = labelled.tokens, False
    for index in line:
        text = tokens[index].text
        if text in _BAR:
            continue
        if not set(text) <= _RULE:
            return False  # as the first word of most lines
        drawn = drawn or _is_drawn(text)
    return drawn


def _is_drawn(text: str) -> bool:
    return len(text) >= 5 and set(text) <= _RULE
