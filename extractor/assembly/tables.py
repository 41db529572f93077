"""Rows of labelled tokens to typed rows of the record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from extractor.assembly.cards import are_cards
from extractor.assembly.lonemarks import column_of_mark, place_lone_marks, stands_apart
from extractor.assembly.lost_lines import keep_lost
from extractor.assembly.members import MARK, Member
from extractor.assembly.ocr_lines import lost_rows, order_amounts
from extractor.assembly.resplit import resplit_amounts, shares_before_letter
from extractor.assembly.row_fields import AMOUNTS, DATES, FRACTION, AmountContext, cell_date, set_field
from extractor.assembly.rows import group_rows
from extractor.assembly.spans import Labelled
from extractor.assembly.spoilt_dates import Unread, recover_dates
from extractor.assembly.typed_columns import typed_tables
from extractor.assembly.values import parse_marks
from extractor.assembly.woven_cells import gather_digits, join_nature
from extractor.assembly.wrapped import follow_columns, in_order
from extractor.labels import TABLE_PREFIXES
from extractor.record import Field, Row

_CODE_COLUMN = {"M": "D", "C": "D", "O": "D", "X": "D"}
_SURE_OF_COLUMN = 0.995
_SURE_OF_LABEL = 0.9
_WHOLE_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}.*")
_DEFINING = ("transaction_date", "transaction_code", "shares", "shares_owned_following", "underlying_security_shares")


def assemble_table(labelled: Labelled, derivative: bool, list_marks: set[int]) -> list[Row]:
    """Rows of Table I or II in page order. `list_marks` are marks that number the footnotes and hang on no value."""
    members = _members(labelled, "derivative." if derivative else "non_derivative.", list_marks)
    typed = labelled.document.kind == "text"
    lost = lost_rows(labelled, members) if typed and not derivative else set()
    members = [member for member in members if labelled.tokens[member[0]].line not in lost]
    tables = typed_tables(labelled)
    groups = follow_columns(labelled, group_rows(labelled, members, derivative), tables)
    if lost:
        groups = [[member for member in group if labelled.tokens[member[0]].line not in lost] for group in groups]
    if typed and not derivative:
        placed = {i for table in tables for row in table.rows for i in row}
        loose = [group for group in groups if not any(i in placed for i, _ in group)]
        mended = [shares_before_letter(labelled, group) for group in resplit_amounts(labelled, loose)]
        mended = [order_amounts(labelled, gather_digits(labelled, group)) for group in mended]
        kept = [group for group in groups if any(i in placed for i, _ in group)]
        groups = in_order(labelled, [*mended, *kept]) if kept else mended
    fractional = any(
        name in AMOUNTS and FRACTION.search(labelled.tokens[i].text) for group in groups for i, name in group
    )
    cards = are_cards(labelled, members)
    read = [_row(labelled, group, groups, fractional, cards) for group in groups]
    rows = [(row, group) for (row, _, _), group in zip(read, groups, strict=True)]
    place_lone_marks(labelled, rows, [lone for _, lone, _ in read], derivative)
    recover_dates(labelled, [(row, unread) for row, _, unread in read])
    if derivative:
        _follow_headings(labelled, rows)
    _note_lost(labelled, rows, lost)
    if typed and not derivative:
        rows = [(row, list(group)) for row, group in keep_lost(labelled, rows, lost)]
    if typed:
        for row, group in rows:
            join_nature(labelled, group, row)
    found = [row for row, _ in rows if _is_row(row)]
    if typed:
        _hand_over(found)
    for row in found:
        if typed and not derivative:
            _hold(row)
        if typed:
            _give_back(row)
            _drop_rubbish(row)
        _derive_ownership_form(row)
        if derivative:
            _follow_code(row, typed)
    return found


def _note_lost(labelled: Labelled, rows: Sequence[tuple[Row, Sequence[Member]]], lost: set[int]) -> None:
    """Leaves the signal "gap_before" on the balance of a row that lost rows stand before: it does not run on."""
    before = -1
    for row, group in rows:
        line = min((labelled.tokens[i].line for i, _ in group), default=before)
        if row.shares_owned_following is not None and any(before <= gap <= line for gap in lost):
            row.shares_owned_following.signals["gap_before"] = 1.0
        before = line


_NATURES = re.compile(
    r"\b(?:by|see|footnote|trust|ira|llc|l\.?p\.?|grat|401|plan|spouse|wife|husband|child|esop|fund|inc)", re.I
)


_ENDS_NATURE = re.compile(
    r"(.+?),? ((?:\S+ )??(?:foot ?notes?|trust|spouse|wife|husband|son|daughter|children|family|ira|roth|keogh|llc|"
    r"plan|partnership|foundation|account|corporation))",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"(?:.* )?(?:by|see|for|as|of|the|held|through|in|family|roth)", re.IGNORECASE)
_BEGINS_NATURE = re.compile(r"(.+?) ((?:Held |Owned )?(?:By|Through)|As|See)", re.IGNORECASE)


def _give_back(row: Row) -> None:
    """Gives the first word of a nature of ownership back where it was taken for a title's last: no title ends so."""
    title, nature = row.security_title, row.nature_of_ownership
    if title is None or nature is None or not isinstance(title.value, str) or not isinstance(nature.value, str):
        return
    match = _BEGINS_NATURE.fullmatch(title.value)
    if match is None or _BEGINS_NATURE.match(f"x {nature.value}"):
        return
    title.value, nature.value = match[1], f"{match[2]} {nature.value}"
    title.method = nature.method = "repaired"


def _hand_over(rows: Sequence[Row]) -> None:
    """Gives words of a nature of ownership that wrapped below the title to the nature, which breaks off without them.

    They are what the title has more than another of the filing's, or the last word where no title ends so.
    """
    titles = {str(field.value) for row in rows for field in (row.security_title,) if field is not None}
    for row in rows:
        title, nature = row.security_title, row.nature_of_ownership
        if title is None or nature is None or not isinstance(title.value, str) or not isinstance(nature.value, str):
            continue
        if not _DANGLING.fullmatch(nature.value):
            continue
        shorter = [other for other in titles if title.value.startswith(f"{other} ")]
        if shorter:
            own = max(shorter, key=len)
            rest = title.value[len(own) + 1 :]
        elif match := _ENDS_NATURE.fullmatch(title.value):
            own, rest = match[1], match[2]
        else:
            continue
        title.value, nature.value = own, f"{nature.value} {rest}"
        title.method = nature.method = "repaired"


def _hold(row: Row) -> None:
    """A row with one amount and nothing else of a transaction is a holding: the amount is what is owned."""
    traded = (row.transaction_date, row.transaction_code, row.acquired_disposed, row.price_per_share)
    if row.shares is None or row.shares_owned_following is not None or any(field is not None for field in traded):
        return
    row.shares_owned_following, row.shares, row.kind = row.shares, None, "holding"


def _drop_rubbish(row: Row) -> None:
    """A nature of ownership made of a few short words, none of them a usual one, is what rules were read as."""
    nature = row.nature_of_ownership
    if nature is None or not isinstance(nature.value, str) or _NATURES.search(nature.value):
        return
    words = re.findall(r"[A-Za-z]+", nature.value)
    doubtful = nature.signals.get("label_mean", 1.0) < 0.95
    tiny = all(len(word) <= 3 for word in words) and len(words) <= 2 and not nature.value.isupper()
    if (doubtful and all(len(word) <= 4 for word in words) and len(words) <= 3) or tiny:
        row.nature_of_ownership = None
        form = row.direct_or_indirect
        if form is not None and form.method == "derived":
            row.direct_or_indirect = None


def _derive_ownership_form(row: Row) -> None:
    """A lost D or I follows from column 7: a nature of ownership is stated for indirect holdings, and only for them."""
    if row.direct_or_indirect is not None and row.direct_or_indirect.value is not None:
        return
    indirect = row.nature_of_ownership is not None
    source = row.nature_of_ownership or row.shares_owned_following or row.security_title
    if source is not None:
        row.direct_or_indirect = Field(
            "I" if indirect else "D",
            page=source.page,
            method="derived",
            signals=dict(source.signals) | {"derived": 1.0},
        )


def _follow_headings(labelled: Labelled, rows: Sequence[tuple[Row, Sequence[Member]]]) -> None:
    """Column 5 of Table II: where "(A)" and "(D)" head two columns on the page, a number right below one is its."""
    tokens = labelled.tokens
    heads = [
        (i, i + 1)
        for i in range(len(tokens) - 1)
        if tokens[i].text == "(A)" and tokens[i + 1].text == "(D)" and tokens[i].line == tokens[i + 1].line
    ]
    columned = [i for _, group in rows for i, name in group if name in ("shares_acquired", "shares_disposed")]
    for row, group in rows:
        numbers = [i for i, name in group if name in ("shares_acquired", "shares_disposed")]
        if row.acquired_disposed is None or not numbers:
            continue
        at = tokens[numbers[0]]
        if at.cell is not None and labelled.document.kind == "text":
            continue  # one grid cuts heading and row alike, but not at the same letters
        # a table that runs on to the next page keeps its columns there, without their headings
        above = [(a, d) for a, d in heads if (tokens[a].page, tokens[a].bbox[3]) <= (at.page, at.bbox[1])]
        if not above:
            continue
        acquired, disposed = (labelled.middle(i) for i in above[-1])
        apart = disposed - acquired
        here = labelled.middle(numbers[0])
        ink = [tokens[i].bbox for i in columned if tokens[i].bbox[0] < at.bbox[2] and tokens[i].bbox[2] > at.bbox[0]]
        left, right = min(box[0] for box in ink), max(box[2] for box in ink)
        over = [c for c in (acquired, disposed) if left <= c <= right]
        if len(over) == 1:  # a long number at the side of its column: the heading above it counts, not the nearer one
            here = over[0]
        elif labelled.tagging.probability[numbers[0]] >= _SURE_OF_LABEL and not over:
            continue  # between two headings, its column narrower than both: alignment differs, nearness says little
        for value, column in (("A", acquired), ("D", disposed)):
            if apart > 0 and abs(here - column) < 0.45 * apart:
                row.acquired_disposed.value = value
                row.acquired_disposed.signals["label_min"] = max(
                    _SURE_OF_COLUMN, row.acquired_disposed.signals["label_min"]
                )


def _follow_code(row: Row, typed: bool) -> None:
    """Where the tagger is in doubt which of Table II's two columns holds the number, the transaction code decides.

    Exercised and converted derivatives (M, C, O, X) are disposed of. In text a column is a guess at best (`typed`).
    """
    if row.transaction_code is None or row.acquired_disposed is None:
        return
    expected = _CODE_COLUMN.get(str(row.transaction_code.value))
    sure = not typed and row.acquired_disposed.signals.get("label_min", 0.0) >= _SURE_OF_COLUMN
    if expected is not None and not sure:
        row.acquired_disposed.value = expected


def _members(labelled: Labelled, prefix: str, list_marks: set[int]) -> list[Member]:
    """Tokens of the table with their fields, and the marks that follow a token of it, in reading order."""
    out: list[Member] = []
    pending: list[int] = []
    table = ""
    for _, index, label in labelled.labelled():
        if label == "footnote.mark":
            if index in list_marks:
                continue
            if table == prefix:
                out.append((index, MARK))
            elif not table:
                pending.append(index)
        elif label.startswith(TABLE_PREFIXES):
            name = label.partition(".")[2]
            table = label[: -len(name)]
            if name == "voluntary" and labelled.document.kind == "text" and _heads_column(labelled, index):
                continue
            if table == prefix:
                if not out:
                    out += [(i, MARK) for i in pending if _same_row(labelled, i, index)]
                out.append((index, name))
            pending.clear()
        else:
            table = ""
            pending.clear()
    return out


_BESIDE_V = re.compile(r"(?i)code|amount|\(a\)")


def _heads_column(labelled: Labelled, index: int) -> bool:
    """Whether a "V" is the heading of its column: the words around it are those that head its neighbours."""
    beside = [i for i in (index - 1, index + 1) if 0 <= i < len(labelled.tokens) and labelled.label(i) == "O"]
    return any(_BESIDE_V.fullmatch(labelled.tokens[i].text) for i in beside)


def _same_row(labelled: Labelled, a: int, b: int) -> bool:
    return int(labelled.tagging.layout.row[a]) == int(labelled.tagging.layout.row[b])


def _row(
    labelled: Labelled, group: Sequence[Member], groups: Sequence[Sequence[Member]], fractional: bool, cards: bool
) -> tuple[Row, list[int], Unread]:
    """One typed row, the marks in it that hang on no value, and the cells that could not be read."""
    by_name: dict[str, list[int]] = defaultdict(list)
    marks_of: dict[str, list[int]] = defaultdict(list)
    lone: list[int] = []
    all_marks: list[int] = []
    segment, block = labelled.tagging.layout.segment, labelled.tagging.layout.block
    last: tuple[int, str] | None = None
    for index, name in group:
        if name != MARK:
            by_name[name].append(index)
            last = (index, name)
            continue
        numbers = parse_marks([labelled.tokens[index].text])
        all_marks += numbers
        beside = last is not None and (segment[last[0]] == segment[index] or block[last[0]] == block[index])
        if cards and last is not None:  # blocks reach from one value to the next
            beside = bool(segment[last[0]] == segment[index])
        beside = beside and last is not None and not stands_apart(labelled, groups, last[0], last[1], index)
        name = "" if cards else column_of_mark(labelled, group, index)
        name = name or (last[1] if last is not None and beside else "")
        if name:
            # "J/K(1)": the mark is the code's
            marks_of["transaction_code" if name == "equity_swap_involved" else name] += numbers
        else:
            lone.append(index)
    _rejoin_date(labelled, by_name)
    row = Row(footnotes=sorted(set(all_marks)))
    around = AmountContext.of(fractional, labelled.texts(by_name.get("nature_of_ownership", ())))
    for name, indices in by_name.items():
        set_field(labelled, row, name, labelled.in_lines(indices), marks_of[name], around)
    has_transaction = any(
        f is not None and f.value is not None for f in (row.transaction_date, row.transaction_code, row.shares)
    )
    row.kind = "transaction" if has_transaction else "holding"
    unread = {name: indices for name, indices in by_name.items() if name in DATES and getattr(row, name) is None}
    return row, lone, unread


def _rejoin_date(labelled: Labelled, by_name: dict[str, list[int]]) -> None:
    """A transaction date cut in two, its second half taken for the date beside it, is put together again."""
    first, second = by_name.get("transaction_date", []), by_name.get("deemed_execution_date", [])
    if not first or not second or _WHOLE_DATE.fullmatch("".join(labelled.texts(second))):
        return
    if cell_date(labelled.texts(first)) is None and cell_date(labelled.texts([*first, *second])) is not None:
        by_name["transaction_date"] = [*first, *second]
        del by_name["deemed_execution_date"]


def _is_row(row: Row) -> bool:
    """A row says something of a security: a title with a number, a code or a holding. Lone fragments are none."""
    given = sum(f is not None and f.value is not None for f in row.fields(derivative=True).values())
    defining = sum(getattr(row, name) is not None and getattr(row, name).value is not None for name in _DEFINING)
    return defining >= 1 and given >= 2
