"""The head of a form that was cut along one grid comes together again."""

from __future__ import annotations

import pytest
from grids import marked_text, with_labels

from extractor.assembly.assemble import assemble
from extractor.assembly.seams import join_pieces
from extractor.assembly.spans import Labelled
from extractor.assembly.unweave import unweave
from extractor.assembly.woven import free_woven
from extractor.readers.text import read_text
from extractor.tagging.landmarks import find_landmarks

NAME = "1. Name and Address of Reporting Person*  "
PARTS = "(Last)        (First)         (Middle)    "
ISSUER = "2. Issuer Name and Ticker or Trading Symbol"
DATE = "3. Date of Earliest Transaction (Month/Day/Year)"
HEAD = [
    (NAME, ISSUER),
    ("Quillon Marguerite T", "Harbor Lantern Industries, Inc. [ HLI ]"),
    (PARTS, DATE),
    ("C/O HARBOR LANTERN INDUSTRIES INC", "11/03/2025"),
    ("482 JUNIPER STREET, SUITE 200", ""),
    ("(Street)", "4. If Amendment, Date of Original Filed (Month/Day/Year)"),
    ("PORTLAND          OR              97205", "11/05/2025"),
    ("(City)           (State)         (Zip)", ""),
]
CUTS = (0, 9, 22, 34, 44, 53, 61, 78, 90, 101)
TABLE = "\n1. Title of Security (Instr. 3)\t2. Transaction Date\nCommon Stock\t11/03/2025\n"


def weave(lines: list[tuple[str, str]], cuts: tuple[int, ...] = CUTS, split: tuple[int, ...] = (0, 2, 5)) -> str:
    """Two boxes beside each other as a recogniser writes them: cells of fragments, lower rows written again.

    `split` are the lines at which a row of the table begins.
    """
    printed = [f"{left:44}{right}" for left, right in lines]
    out = []
    for first in split:
        last = len(printed) if first == split[0] else next((s for s in split if s > first), len(printed))
        cells = []
        for begin, end in zip(cuts, (*cuts[1:], 200), strict=True):
            parts = (" ".join(line[begin:end].split()) for line in printed[first:last])
            cells.append(" ".join(part for part in parts if part))
        out.append("\t".join(cells))
    return "\n".join(out) + "\n"


def labelled(text: str) -> Labelled:
    return marked_text(text.replace("{", "(").replace("}", ")"))


def test_a_woven_head_gives_its_values() -> None:
    _, fields = free_woven(labelled(weave(HEAD) + TABLE))
    assert {name: field.value for name, field in fields.items()} == {
        "owner.name": "Quillon Marguerite T",
        "owner.street": "C/O HARBOR LANTERN INDUSTRIES INC 482 JUNIPER STREET, SUITE 200",
        "owner.city": "PORTLAND",
        "owner.state": "OR",
        "owner.zip": "97205",
        "issuer.name": "Harbor Lantern Industries, Inc.",
        "issuer.ticker": "HLI",
        "period_of_report": "2025-11-03",
        "date_of_original_submission": "2025-11-05",
    }
    assert all(field.method == "repaired" for field in fields.values())


@pytest.mark.parametrize("cuts", [(0, 14, 29, 44, 58, 70, 85), (0, 6, 17, 30, 41, 44, 50, 66, 74, 88, 95)])
def test_other_grids_cut_elsewhere_and_give_the_same(cuts: tuple[int, ...]) -> None:
    _, fields = free_woven(labelled(weave(HEAD, cuts) + TABLE))
    found = {name: fields[name].value for name in ("owner.name", "issuer.ticker", "period_of_report", "owner.zip")}
    assert found == {
        "owner.name": "Quillon Marguerite T",
        "issuer.ticker": "HLI",
        "period_of_report": "2025-11-03",
        "owner.zip": "97205",
    }


def test_a_head_that_was_not_cut_is_left_alone() -> None:
    text = "1. Name and Address of Reporting Person* Quillon Marguerite T\t2. Issuer Name and Ticker or Trading Symbol "
    assert unweave(labelled(text + "Harbor Lantern, Inc. [ HLI ]\n" + TABLE)) is None
    assert free_woven(labelled("no tabs here"))[1] == {}


def test_woven_values_take_the_place_of_what_the_labels_say() -> None:
    document = read_text("FORM 4\n" + weave(HEAD) + TABLE)
    labels = ["O"] * len(document.tokens)
    for index, token in enumerate(document.tokens):
        if token.text in ("Quillon", "PORTLAND", "Har"):
            labels[index] = "owner.name"
    filing = assemble(document, with_labels(document, labels).tagging, find_landmarks(document.tokens))
    assert [str(owner.name.value) for owner in filing.reporting_owners if owner.name] == ["Quillon Marguerite T"]
    assert filing.issuer.name is not None
    assert filing.issuer.name.value == "Harbor Lantern Industries, Inc."


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["Grey Mor", "wen M"], "Grey Morwen M"),
        (["Jasper", "Wilhelm"], "Jasper Wilhelm"),
        (["12 PA", "LM PARKW", "AY"], "12 PALM PARKWAY"),
        (["P.", "O. BOX 8", "1337"], "P.O. BOX 81337"),
        (["HARBOR HOLD", "INGS ", "INC"], "HARBOR HOLDINGS INC"),
        (["Lantern, ", "Inc", "."], "Lantern, Inc."),
        (["500 11", "TH AVENUE"], "500 11TH AVENUE"),
        (["", ""], ""),
    ],
)
def test_blanks_at_seams_follow_from_words_and_letters(pieces: list[str], text: str) -> None:
    assert join_pieces(pieces)[0] == text
