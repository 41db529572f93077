"""Where filings begin and end in a document, and which documents hold none."""

from __future__ import annotations

import random

import pytest

from extractor.document import Document
from extractor.readers.text import read_text
from extractor.tagging.filings import find_filings, is_ownership_form
from extractor.tagging.landmarks import Hit
from training.annotations import AnnotatedDocument
from training.synthesis.annotate import annotate_pdf
from training.synthesis.invent import invent_filing

FORM = """\
FORM 4
UNITED STATES SECURITIES AND EXCHANGE COMMISSION
Washington, D.C. 20549
STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP
Filed pursuant to Section 16(a) of the Securities Exchange Act of 1934
1. Name and Address of Reporting Person*
{owner}
2. Issuer Name and Ticker or Trading Symbol
{issuer}
3. Date of Earliest Transaction (Month/Day/Year)
03/14/2024
5. Relationship of Reporting Person(s) to Issuer
6. Individual or Joint/Group Filing
Table I - Non-Derivative Securities Acquired, Disposed of, or Beneficially Owned
Common Stock  03/14/2024  S  1,250  D  $31.07  98,000  D
Explanation of Responses:
** Signature of Reporting Person
/s/ {owner}
"""
ONE = FORM.format(owner="Tavener Odile R", issuer="Quillon Harbor Foods, Inc. [ QHFX ]")
OTHER = FORM.format(owner="Brannock Magnus", issuer="Zephra Tides Corp [ ZPTC ]")
LETTER = """\
Dear Ms. Tavener,
enclosed you find your Form 4, the statement of changes that we are going to file for you. Please look at the name
and the address in it, at the title of the securities, and sign where the signature is asked for.
Yours, Magnus Brannock
"""
EXHIBIT = """\
EXHIBIT 24 - POWER OF ATTORNEY
The undersigned appoints Magnus Brannock to sign Forms 3, 4 and 5 in accordance with Section 16(a) of the Securities
Exchange Act of 1934, and to file them. This power of attorney remains in force until it is revoked.
"""


def words(document: Document) -> str:
    return " ".join(token.text for token in document.tokens)


def parts(text: str) -> list[str]:
    return [words(part) for part, _ in find_filings(read_text(text))]


def test_one_filing_is_the_whole_document() -> None:
    document = read_text(ONE)
    ((part, hits),) = find_filings(document)
    assert part is document
    assert {"form_4_title", "owner", "issuer", "table_1"} <= {hit.name for hit in hits}


def test_two_filings_in_one_text_are_told_apart_at_the_second_ones_heading() -> None:
    first, second = parts(ONE + "\n" + OTHER)
    assert first == words(read_text(ONE))
    assert second == words(read_text(OTHER))


@pytest.mark.parametrize("count", [3, 5])
def test_many_filings_are_found_in_order(count: int) -> None:
    owners = [f"Owner{'abcde'[n]} Odile" for n in range(count)]
    text = "\n".join(FORM.format(owner=owner, issuer="Quillon Harbor Foods, Inc.") for owner in owners)
    found = parts(text)
    assert len(found) == count
    assert all(owner in part for owner, part in zip(owners, found, strict=True))


def test_a_cover_letter_and_an_exhibit_around_a_filing_are_no_filings() -> None:
    (only,) = parts(LETTER + "\n" + ONE + "\n" + EXHIBIT)
    assert "Quillon Harbor Foods" in only


def test_a_title_repeated_on_a_further_page_of_the_filing_begins_no_other() -> None:
    more = "FORM 4 (continued)\nSTATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP\n" + (
        "Table II - Derivative Securities Acquired, Disposed of, or Beneficially Owned\nOption $12 03/14/2024 M 300\n"
    )
    assert len(parts(ONE + more)) == 1


@pytest.mark.parametrize(
    "text", [LETTER, EXHIBIT, LETTER + EXHIBIT, "Form 4", "STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP"]
)
def test_what_only_mentions_the_form_is_none(text: str) -> None:
    assert parts(text) == []


def test_a_blank_form_is_a_form_without_values() -> None:
    blank = "\n".join(line for line in FORM.split("\n") if "{" not in line and "03/14/2024" not in line)
    assert len(parts(blank)) == 1


def test_a_form_that_lost_its_title_is_found_by_its_boxes() -> None:
    assert len(parts(ONE.replace("STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP", ""))) == 1


def test_without_a_tables_title_the_forms_title_and_most_boxes_must_be_there() -> None:
    hits = [Hit(name, 0, 0, 100.0) for name in ("form_4_title", "owner", "issuer", "period", "relationship")]
    assert is_ownership_form(hits)
    assert not is_ownership_form(hits[1:])
    assert not is_ownership_form(hits[:-1])
    assert is_ownership_form([*hits[:-1], Hit("table_1", 0, 0, 100.0)])


def test_filings_of_one_pdf_keep_their_own_pages() -> None:
    rng = random.Random(2)
    one: AnnotatedDocument = annotate_pdf(invent_filing(rng), "official", rng, through_pdf=False)
    pages = len(one.document.pages)
    both = Document("pdf_text", [], [], "")
    for copy in range(2):
        again = annotate_pdf(invent_filing(random.Random(2)), "official", random.Random(2), through_pdf=False).document
        lines = max((token.line for token in both.tokens), default=-1) + 1
        for page in again.pages:
            page.number += copy * pages
        for token in again.tokens:
            token.page += copy * pages
            token.line += lines
        both.pages += again.pages
        both.tokens += again.tokens
    found = find_filings(both)
    size = len(both.pages) // 2
    assert [[page.number for page in part.pages] for part, _ in found] == [
        list(range(1, size + 1)),
        list(range(size + 1, 2 * size + 1)),
    ]
