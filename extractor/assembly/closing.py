"""What stands below the tables: footnotes, remarks, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractor.assembly.cuts import split_at_anchors
from extractor.assembly.members import MARK, PROSE, Member
from extractor.assembly.spans import Labelled, append_line
from extractor.assembly.values import join_text, parse_date, parse_marks, parse_signature_name
from extractor.record import Filing, Footnote, Signature

_LINES_BELOW = 5  # texts may have empty lines between any two, and the date between two lines of the name


def assemble_footnotes(labelled: Labelled, filing: Filing) -> set[int]:
    """Footnotes, numbered by the mark in front of each. Returns the marks that number them."""
    pieces = _hanging_footnotes(labelled) or _following_footnotes(labelled)
    taken: dict[int, Footnote] = {}
    for number_token, indices in pieces:
        numbers = parse_marks([labelled.tokens[number_token].text]) if number_token is not None else []
        number = numbers[0] if numbers else len(taken) + 1
        indices = labelled.in_lines(indices)
        field = labelled.field(indices, value=join_text(labelled.texts(indices)))
        if number in taken:
            first = taken[number].text
            if numbers or first is None:
                continue  # printed again on another owner's page
            first.value = f"{first.value} {field.value}"
        else:
            taken[number] = Footnote(number, field)
    filing.footnotes = [taken[n] for n in sorted(taken)]
    return {mark for mark, _ in pieces if mark is not None}


def _following_footnotes(labelled: Labelled) -> list[tuple[int | None, list[int]]]:
    """(number token, text tokens) of each footnote where the text follows its number."""
    pieces: list[tuple[int | None, list[int]]] = []
    mark: int | None = None
    since = 99
    for index in labelled.order:
        label = labelled.label(index)
        if label == "footnote.mark":
            mark, since = index, 0
        elif label == "footnote.text":
            if mark is not None and since <= 1:
                pieces.append((mark, [index]))
                mark = None
            elif pieces:
                pieces[-1][1].append(index)
            else:
                pieces.append((None, [index]))
            since = 99
        else:
            since += 1
    return pieces


def _hanging_footnotes(labelled: Labelled) -> list[tuple[int | None, list[int]]]:
    """The same where numbers hang left of their texts, often at half their height: text begins above its number.

    Empty where numbers do not hang.
    """
    texts = [i for _, i, label in labelled.labelled() if label == "footnote.text"]
    if not texts or labelled.document.kind == "html":
        return []
    tokens = labelled.tokens
    pieces: list[tuple[int | None, list[int]]] = []
    for page in sorted({tokens[i].page for i in texts}):
        here = [i for i in texts if tokens[i].page == page]
        left = sorted(tokens[i].bbox[0] for i in here)[len(here) // 20]
        top = min(tokens[i].bbox[1] for i in here)
        bottom = max(tokens[i].bbox[3] for i in here)
        hanging = [
            i
            for i in labelled.order
            if labelled.label(i) == "footnote.mark"
            and tokens[i].page == page
            and tokens[i].bbox[2] <= left + 1.0
            and top - 2.0 <= (tokens[i].bbox[1] + tokens[i].bbox[3]) / 2 <= bottom + 2.0
        ]
        if not hanging:
            return []
        hung = {*hanging}
        members = [(i, MARK if i in hung else PROSE) for i in sorted({*here, *hung}, key=labelled.rank.__getitem__)]
        lead = _lead_of(labelled, members) if pieces else []
        if lead:
            pieces[-1][1].extend(lead)  # the last footnote of the page before goes on here
            taken = set(lead)
            members = [(i, name) for i, name in members if i not in taken]
        for row in split_at_anchors(labelled, members, lambda line: any(name == MARK for _, name in line)):
            marks = [i for i, name in row if name == MARK]
            body = sorted((i for i, name in row if name != MARK), key=lambda i: (tokens[i].line, tokens[i].bbox[0]))
            if body:
                pieces.append((marks[0] if marks else None, body))
    return pieces


def _lead_of(labelled: Labelled, members: Sequence[Member]) -> list[int]:
    """Text above the first number of a further page that begins in mid-sentence: a footnote that goes on."""
    tokens = labelled.tokens
    first = min((i for i, name in members if name == MARK), key=lambda i: tokens[i].bbox[1])
    above = [i for i, name in members if name == PROSE and tokens[i].bbox[3] < tokens[first].bbox[1] + 1.0]
    above.sort(key=lambda i: (tokens[i].line, tokens[i].bbox[0]))
    if not above or not tokens[above[0]].text[:1].islower():
        return []
    ends = [k for k, i in enumerate(above) if tokens[i].text.endswith((".", ")", '"', "”"))]
    line_ends = [k for k in ends if k + 1 == len(above) or tokens[above[k + 1]].line != tokens[above[k]].line]
    return above[: line_ends[-1] + 1] if line_ends else above


def assemble_closing(labelled: Labelled, filing: Filing) -> None:
    """Remarks and signatures."""
    remarks = [i for run in labelled.runs(["remarks"], gap=3) for i in run]
    if remarks:
        remarks = labelled.in_lines(remarks)
        filing.remarks = labelled.field(remarks, value=join_text(labelled.texts(remarks)))
    filing.signatures = _signatures(labelled)


def _signatures(labelled: Labelled) -> list[Signature]:
    """Names with their dates. A name that no date follows, close below a signed one, is that one's next line."""
    runs: list[list[int]] = []
    for run in labelled.runs(["signature.name", "signature.date"], gap=2):
        runs += (
            _split_names(labelled, run) if labelled.label(run[0]) == "signature.name" else _split_dates(labelled, run)
        )
    runs = _pair_stacked(labelled, runs)
    signatures: list[Signature] = []
    undated: list[Signature] = []
    last_name: list[int] = []
    for place, run in enumerate(runs):
        if labelled.label(run[0]) == "signature.date":
            parsed = parse_date(labelled.texts(run))
            if parsed is None:
                continue
            date = labelled.field(run, parsed)
            if undated:
                undated.pop(0).date = date
            else:
                signatures.append(Signature(date=date))
            continue
        run = labelled.in_lines(run)
        signed = parse_signature_name(labelled.texts(run))
        if signed is None:
            continue
        name = labelled.field(run, signed)
        dated_next = place + 1 < len(runs) and labelled.label(runs[place + 1][0]) == "signature.date"
        if (
            signatures
            and signatures[-1].name is not None
            and _goes_on(labelled, last_name, run, dated_next and not undated)
        ):
            append_line(signatures[-1].name, name)
        elif signatures and signatures[-1].name is None:
            signatures[-1].name = name
        else:
            signatures.append(Signature(name=name))
            undated.append(signatures[-1])
        last_name = run
    return signatures


def _is_slash_s(text: str) -> bool:
    return text.casefold().strip("(") in ("/s/", "/s", "s/", "/s/.")


def _split_names(labelled: Labelled, run: list[int]) -> list[list[int]]:
    """Names that stand below each other in one cell, each behind its own "/s/"."""
    starts = [k for k, i in enumerate(run) if _is_slash_s(labelled.tokens[i].text)]
    starts = [k for k in starts if k == 0 or labelled.tokens[run[k]].line != labelled.tokens[run[k - 1]].line]
    cuts = sorted({0, *starts, len(run)})
    return [run[a:b] for a, b in pairwise(cuts)]


def _split_dates(labelled: Labelled, run: list[int]) -> list[list[int]]:
    """Dates that stand below each other in one cell, each whole."""
    whole = all(parse_date([labelled.tokens[i].text], month_year=False) for i in run)
    return [[i] for i in run] if whole and len(run) > 1 else [run]


def _pair_stacked(labelled: Labelled, runs: list[list[int]]) -> list[list[int]]:
    """One cell of names beside one of dates: as many lines of names as there are dates are as many names."""
    dates = [run for run in runs if labelled.label(run[0]) == "signature.date"]
    names = [run for run in runs if labelled.label(run[0]) == "signature.name"]
    if len(names) != 1 or len(dates) < 2:
        return runs
    lines: dict[int, list[int]] = {}
    for index in names[0]:
        lines.setdefault(labelled.tokens[index].line, []).append(index)
    return (
        [run for pair in zip(lines.values(), dates, strict=True) for run in pair] if len(lines) == len(dates) else runs
    )


def _goes_on(labelled: Labelled, before: Sequence[int], run: Sequence[int], signed_anew: bool) -> bool:
    """Whether a name is the next line of the one before it: close below, no new "/s/", no date of its own."""
    if not before or signed_anew or _is_slash_s(labelled.tokens[run[0]].text):
        return False
    last, here = labelled.tokens[before[-1]], labelled.tokens[run[0]]
    return here.page == last.page and 0 <= here.line - last.line <= _LINES_BELOW
