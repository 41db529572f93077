"""Amounts that a converter cut and mixed are dealt out again."""

from __future__ import annotations

from grids import column, marked_text, members_of, spelled

from extractor.assembly.resplit import resplit_amounts
from extractor.assembly.rows import group_rows


def dealt(text: str, sure: float = 0.6) -> list[dict[str, str]]:
    """Rows after dealing; "|" stands for the tab between two cells."""
    labelled = marked_text(text.strip("\n").replace(" | ", "\t"), sure=sure)
    groups = group_rows(labelled, members_of(labelled), derivative=False)
    return spelled(labelled, resplit_amounts(labelled, groups))


def bare(texts: list[str | None]) -> list[str | None]:
    return [None if text is None else text.replace(" ", "") for text in texts]


HEAD = "{title: Common Stock} | {date: 08/04/2025} | {code: S} | "


def test_a_digit_that_the_column_edge_cut_off_goes_back_where_the_balance_runs() -> None:
    first = HEAD + "{shares: 10} | {A/D: D} | {price: $1,158.6} | {owned: 334} | {D/I: D}\n"
    second = HEAD + "{shares: 25} | {A/D: D} | {price: $} | {price: 3} | {price: 1,158.6} | {owned: 09} | {D/I: D}"
    rows = dealt(first + second)
    assert bare(column(rows, "price")) == ["$1,158.6", "$1,158.6"]
    assert bare(column(rows, "owned")) == ["334", "309"]


def test_amounts_that_are_whole_stay_as_they_are() -> None:
    (row,) = dealt(HEAD + "{shares: 1,250} | {A/D: D} | {price: $31.07} | {owned: 98,000} | {D/I: D}")
    assert (row["shares"], row["price_per_share"], row["shares_owned_following"]) == ("1,250", "$31.07", "98,000")


def test_pieces_of_an_amount_before_the_letter_are_the_amount() -> None:
    (row,) = dealt(HEAD + "{shares: 1,2} | {price: 50} | {A/D: D} | {price: $31.07} | {owned: 98,000} | {D/I: D}")
    assert bare([row["shares"], row["price_per_share"]]) == ["1,250", "$31.07"]


def test_the_running_balance_decides_between_two_ways_to_deal() -> None:
    # labels give the 5 to the price; 1,400 - 50 = 1,350 says that it ends the balance
    first = HEAD + "{shares: 100} | {A/D: D} | {price: $20} | {owned: 51,400} | {D/I: D}\n"
    second = HEAD + "{shares: 50} | {A/D: D} | {price: 2} | {price: 5} | {owned: 1,350} | {D/I: D}"
    alone = dealt(second)
    together = dealt(first + second)
    assert bare(column(alone, "price")) == ["25"]
    assert bare(column(together, "owned")) == ["51,400", "51,350"]
    assert bare(column(together, "price")) == ["$20", "2"]


def test_a_piece_that_repeats_the_one_before_it_counts_once() -> None:
    (row,) = dealt(HEAD + "{shares: 25} | {A/D: D} | {price: $31.07} | {price: $31.07} | {owned: 98,000} | {D/I: D}")
    assert (row["price_per_share"], row["shares_owned_following"]) == ("$31.07", "98,000")


def test_a_row_without_code_and_letter_is_a_holding_and_holds_only_a_balance() -> None:
    (row,) = dealt("{title: Common Stock} | {owned: 1,} | {owned: 410} | {D/I: D}")
    assert bare([row["shares_owned_following"]]) == ["1,410"]
    assert "price_per_share" not in row


def test_amounts_outside_of_cells_are_left_alone() -> None:
    text = (
        "{title: Common} {date: 08/04/2025} {code: S} {shares: 25} {A/D: D} {price: $ 3 1,158.6} {owned: 09} {D/I: D}"
    )
    (row,) = dealt(text)
    assert row["price_per_share"] == "$ 3 1,158.6"


def test_a_first_digit_of_the_date_goes_back_from_the_titles_cell() -> None:
    (row,) = dealt(
        "{title: Common Stock} {title: 0} | {date: 8/04/2025} | {code: S} | {shares: 25} | {A/D: D} | {price: $5} | "
        "{owned: 98,000} | {D/I: D}"
    )
    assert row["security_title"] == "Common Stock"
    assert bare([row["transaction_date"]]) == ["08/04/2025"]


def test_a_title_that_ends_in_a_digit_keeps_it_before_a_whole_date() -> None:
    (row,) = dealt(
        "{title: Series} {title: 1} | {date: 10/04/2025} | {code: S} | {shares: 25} | {A/D: D} | {owned: 98,000} | "
        "{D/I: D}"
    )
    assert (row["security_title"], row["transaction_date"]) == ("Series 1", "10/04/2025")


def test_half_a_mark_that_hangs_on_a_piece_is_no_part_of_the_number() -> None:
    (row,) = dealt(
        HEAD + "{shares: 13} | {shares: ,617(1} | ) | {A/D: D} | {price: $2.13} | {owned: 747,105} | {D/I: D}"
    )
    assert bare([row["shares"]]) == ["13,617(1"]
    assert bare([row["price_per_share"], row["shares_owned_following"]]) == ["$2.13", "747,105"]


def test_the_balance_does_not_run_into_another_line_of_ownership() -> None:
    first = HEAD + "{shares: 9,172} {A/D: D} | {price: $} | {price: 0} | {owned: 142,487.20} | {D/I: D}\n"
    second = (
        HEAD + "{shares: 9,172} {A/D: A} | {price: $} | {price: 0} | {owned: 9,172} | {D/I: I} | {nature: By Trust}"
    )
    rows = dealt(first + second)
    assert bare(column(rows, "owned")) == ["142,487.20", "9,172"]


def test_a_typed_zero_stays_the_price() -> None:
    (row,) = dealt(HEAD + "{shares: 6,183} | {A/D: D} | {price: -0-} | {owned: 10,742} | {owned: 10,742} | {D/I: D}")
    assert (row["price_per_share"], row["shares_owned_following"]) == ("-0-", "10,742")
