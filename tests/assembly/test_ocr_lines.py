"""Numbers of OCR lines are told by their order, and lost rows do not spoil their neighbours."""

from __future__ import annotations

from grids import marked_text, members_of, spelled, values

from extractor.assembly.lost_lines import LOST
from extractor.assembly.ocr_lines import lost_rows, order_amounts
from extractor.assembly.tables import assemble_table


def ordered(text: str) -> dict[str, str]:
    labelled = marked_text(text)
    return spelled(labelled, [order_amounts(labelled, members_of(labelled))])[0]


LINE = "{title: Common Stock} {date: 05/21/2026} ee "


def test_three_numbers_are_amount_price_and_balance() -> None:
    row = ordered(LINE + "{price: 4,257} | {owned: $261.9279} | {shares: 25,369} ea |")
    assert (row["shares"], row["price_per_share"], row["shares_owned_following"]) == ("4,257", "$261.9279", "25,369")


def test_a_zero_price_between_two_numbers_is_a_price() -> None:
    row = ordered(LINE + "{shares: 4,860} fat so | {shares: 16,290} Be ees")
    assert (row["shares"], row["price_per_share"], row["shares_owned_following"]) == ("4,860", "so", "16,290")


def test_with_the_amount_lost_the_dollar_says_which_two_are_left() -> None:
    row = ordered(LINE + "{shares: fee} {shares: $264.1187} } {owned: 51,475}")
    assert (row["price_per_share"], row["shares_owned_following"]) == ("$264.1187", "51,475")
    assert "shares" not in row


def test_numbers_that_say_too_little_stay_as_labelled() -> None:
    row = ordered(LINE + "{shares: 100} {owned: 2,500}")
    assert (row["shares"], row["shares_owned_following"]) == ("100", "2,500")


TEXT = (
    "{title: Common Stock} {date: 05/21/2026} {code: S} {shares: 100} {A/D: D} {price: $20.10} {owned: 900} {D/I: D}\n"
    "{title: Common Sock parvae} | osran | | .» | [ aowo ] so | am |\n"
    "{title: Common Stock} {date: 05/21/2026} {code: S} {shares: 50} {A/D: D} {price: $20.30} {owned: 700} {D/I: D}\n"
)


def test_a_lost_row_leaves_its_neighbours_whole_and_marks_the_gap() -> None:
    labelled = marked_text(TEXT)
    assert lost_rows(labelled, members_of(labelled)) == {1}
    first, lost, second = assemble_table(labelled, derivative=False, list_marks=set())
    assert values(first, "title", "owned") == ["Common Stock", 900]
    assert lost.security_title is not None
    assert lost.security_title.signals[LOST] == 1.0  # for the checks to fill in or drop
    assert lost.shares is None
    assert second.shares_owned_following is not None
    assert second.shares_owned_following.signals["gap_before"] == 1.0


def test_rubbish_of_rules_is_no_nature_of_ownership() -> None:
    text = LINE + "{code: S} {shares: 100} {A/D: D} {price: $20.10} {owned: 900} {D/I: D} {nature: Po ee}"
    (row,) = assemble_table(marked_text(text, sure=0.6), derivative=False, list_marks=set())
    assert row.nature_of_ownership is None
    (kept,) = assemble_table(
        marked_text(text.replace("Po ee", "By Trust"), sure=0.6), derivative=False, list_marks=set()
    )
    assert values(kept, "nature") == ["By Trust"]
