"""Footnotes, remarks and signatures below the tables."""

from __future__ import annotations

from grids import marked_text

from extractor.assembly.closing import assemble_closing, assemble_footnotes
from extractor.assembly.spans import Labelled
from extractor.record import Filing, Signature

ONE, TWO = "{footnote.mark: (1)}", "{footnote.mark: (2)}"


def notes(labelled: Labelled) -> dict[int, object]:
    filing = Filing()
    assemble_footnotes(labelled, filing)
    return {note.id: note.text.value if note.text else None for note in filing.footnotes}


def closing(text: str, kind: str = "text") -> Filing:
    filing = Filing()
    assemble_closing(marked_text(text, kind=kind), filing)
    return filing


def signed(signatures: list[Signature]) -> list[tuple[object, object]]:
    return [(s.name.value if s.name else None, s.date.value if s.date else None) for s in signatures]


# footnotes


def test_a_footnote_follows_its_number() -> None:
    text = f"""
{ONE} {{footnote.text: Shares held by a trust}}
{{footnote.text: for the owner's heirs.}}
{TWO} {{footnote.text: Under a plan.}}
"""
    assert notes(marked_text(text)) == {1: "Shares held by a trust for the owner's heirs.", 2: "Under a plan."}


def test_numbers_may_hang_in_a_column_of_their_own() -> None:
    text = f"""
{ONE}    {{footnote.text: Shares held by a trust}}
       {{footnote.text: for the owner's heirs.}}
{TWO}    {{footnote.text: Under a plan.}}
"""
    assert notes(marked_text(text, kind="pdf_text")) == {
        1: "Shares held by a trust for the owner's heirs.",
        2: "Under a plan.",
    }


def test_numbers_that_hang_at_half_the_height_of_their_texts_have_lines_above_them() -> None:
    text = f"""
       {{footnote.text: Shares held by a trust}}
{ONE}    {{footnote.text: for the heirs of the owner,}}
       {{footnote.text: who disclaims them.}}

       {{footnote.text: Under a plan}}
{TWO}    {{footnote.text: adopted on January 5,}}
       {{footnote.text: two years ago.}}
"""
    assert notes(marked_text(text, kind="pdf_text")) == {
        1: "Shares held by a trust for the heirs of the owner, who disclaims them.",
        2: "Under a plan adopted on January 5, two years ago.",
    }


def test_the_marks_that_number_footnotes_are_given_back() -> None:
    labelled = marked_text(f"{{price: $31.07}} {ONE}\n\n{ONE} {{footnote.text: Weighted average.}}")
    marks = assemble_footnotes(labelled, Filing())
    assert [labelled.tokens[i].line for i in marks] == [2]


def test_a_footnote_printed_again_for_another_owner_is_one() -> None:
    text = f"{ONE} {{footnote.text: Under a plan.}}\n\nPage 2\n\n{ONE} {{footnote.text: Under a plan.}}"
    assert notes(marked_text(text)) == {1: "Under a plan."}


def test_a_footnote_without_number_is_the_first() -> None:
    assert notes(marked_text("Explanation: {footnote.text: Shares held by a trust.}")) == {1: "Shares held by a trust."}


def test_footnotes_are_listed_by_number() -> None:
    text = f"{TWO} {{footnote.text: Second.}}\n{ONE} {{footnote.text: First.}}"
    assert list(notes(marked_text(text))) == [1, 2]


# remarks and signatures


def test_remarks_are_joined_over_their_lines() -> None:
    filing = closing("Remarks:\n{remarks: Exhibit 24 is}\n{remarks: attached.}")
    assert filing.remarks is not None
    assert filing.remarks.value == "Exhibit 24 is attached."


def test_a_signature_has_name_and_date() -> None:
    filing = closing("{signature.name: /s/ Odile R. Tavener}      {signature.date: 03/15/2024}\n** Signature    Date")
    assert signed(filing.signatures) == [("/s/ Odile R. Tavener", "2024-03-15")]


def test_signatures_below_each_other_keep_their_dates() -> None:
    filing = closing(
        """
{signature.name: /s/ Odile R. Tavener}      {signature.date: 03/15/2024}
{signature.name: /s/ Magnus Brannock}       {signature.date: 03/18/2024}
"""
    )
    assert signed(filing.signatures) == [
        ("/s/ Odile R. Tavener", "2024-03-15"),
        ("/s/ Magnus Brannock", "2024-03-18"),
    ]


def test_signatures_stacked_in_one_cell_beside_their_dates_are_told_apart() -> None:
    filing = closing(
        "{signature.name: Odile R. Tavener}\n{signature.name: Magnus Brannock}\n"
        "{signature.date: 03/15/2024}\n{signature.date: 03/18/2024}"
    )
    assert signed(filing.signatures) == [("Odile R. Tavener", "2024-03-15"), ("Magnus Brannock", "2024-03-18")]


def test_names_behind_their_own_slash_s_are_signatures_of_their_own() -> None:
    filing = closing(
        "{signature.name: /s/ Odile Tavener}\n{signature.name: /s/ Magnus Brannock}\n{signature.date: 03/15/2024}"
    )
    assert signed(filing.signatures) == [("/s/ Odile Tavener", "2024-03-15"), ("/s/ Magnus Brannock", None)]


def test_a_signature_that_wraps_beside_its_date_is_one() -> None:
    filing = closing(
        """
{signature.name: /s/ Odile R. Tavener,}        {signature.date: 03/15/2024}
{signature.name: by Magnus Brannock,}
{signature.name: Attorney-in-Fact}
""",
        kind="pdf_text",
    )
    assert signed(filing.signatures) == [("/s/ Odile R. Tavener, by Magnus Brannock, Attorney-in-Fact", "2024-03-15")]


def test_a_date_before_its_name_belongs_to_it() -> None:
    filing = closing("{signature.date: 03/15/2024}\n{signature.name: /s/ Odile R. Tavener}")
    assert signed(filing.signatures) == [("/s/ Odile R. Tavener", "2024-03-15")]


def test_what_is_no_date_is_left_out() -> None:
    filing = closing("{signature.name: /s/ Odile R. Tavener}      {signature.date: Date}")
    assert signed(filing.signatures) == [("/s/ Odile R. Tavener", None)]


def test_a_form_without_closing_parts_has_none() -> None:
    filing = closing("{issuer.name: Quillon Harbor Foods}")
    assert (filing.remarks, filing.signatures) == (None, [])
