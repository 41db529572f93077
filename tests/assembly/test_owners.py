"""Reporting owners: one or several, printed once or again, with their addresses and boxes."""

from __future__ import annotations

import pytest
from grids import marked_text
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly.owners import assemble_owners, same_name
from extractor.record import Field, Filing, ReportingOwner
from extractor.tagging.landmarks import Hit

RELATIONSHIP = Hit("relationship", 0, 0, 100.0)


def owners_of(text: str, *hits: Hit, kind: str = "text") -> list[ReportingOwner]:
    filing = Filing()
    assemble_owners(marked_text(text, kind=kind), filing, hits)
    return filing.reporting_owners


def of(owner: ReportingOwner, *names: str) -> list[object]:
    fields: list[Field | None] = [getattr(owner, name) for name in names]
    return [field.value if field is not None else None for field in fields]


ONE = """
{owner.name: Tavener Odile R}
(Last) (First) (Middle)
{owner.street: 12 PIER ROAD}
(Street)
{owner.city: PORT ELDER,} {owner.state: ME} {owner.zip: 04999}
"""
OTHER = """
{owner.name: Brannock Fund LP}
(Last) (First) (Middle)
{owner.street: 40 QUAY STREET}
(Street)
{owner.city: NEWHAVEN} {owner.state: CT} {owner.zip: 06599}
"""


def test_an_owner_has_name_and_address() -> None:
    (owner,) = owners_of(ONE)
    assert of(owner, "name", "street", "city", "state", "zip") == [
        "Tavener Odile R",
        "12 PIER ROAD",
        "PORT ELDER",
        "ME",
        "04999",
    ]


def test_joint_filers_are_owners_in_the_order_of_the_form() -> None:
    first, second = owners_of(ONE + OTHER)
    assert of(first, "name", "city") == ["Tavener Odile R", "PORT ELDER"]
    assert of(second, "name", "city") == ["Brannock Fund LP", "NEWHAVEN"]


def test_an_owner_printed_twice_is_one_and_gaps_are_filled() -> None:
    again = "\n{owner.name: TAVENER, ODILE R.} {owner.street: 12 PIER ROAD} {owner.country: CANADA}\n"
    first, second = owners_of(ONE + OTHER + again)
    assert of(first, "name", "street", "country") == ["Tavener Odile R", "12 PIER ROAD", "CANADA"]
    assert of(second, "name", "country") == ["Brannock Fund LP", None]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brannock Fund 2014 LP", "Brannock Fund 2015 LP"),
        ("Brannock Fund II, L.P.", "Brannock Fund III, L.P."),
        ("Brannock Fund I, L.P.", "Brannock Fund V, L.P."),
    ],
)
def test_numerals_tell_funds_apart(one: str, other: str) -> None:
    assert not same_name(one, other)
    owners = owners_of(f"{{owner.name: {one}}}\n(Last) (First)\n{{owner.name: {other}}}")
    assert [of(owner, "name") for owner in owners] == [[one], [other]]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Tavener Odile R", "TAVENER ODILE R.", True),
        ("Brannock Partners LP", "Brannock Partmers LP", True),
        ("Tavener Odile R", "Tavener Magnus", False),
        ("Lee Ann", "Lee Jan", False),
    ],
)
def test_names_are_the_same_but_for_case_points_and_a_misread_letter(one: str, other: str, alike: bool) -> None:
    assert same_name(one, other) is alike


@given(st.text(alphabet="abcdeFGH IVX12.,", max_size=16), st.text(alphabet="abcdeFGH IVX12.,", max_size=16))
def test_being_the_same_name_is_mutual(one: str, other: str) -> None:
    assert same_name(one, one)
    assert same_name(one, other) == same_name(other, one)


def test_a_city_that_wraps_goes_on_in_its_next_line() -> None:
    (owner,) = owners_of(
        """
{owner.name: Tavener Odile R}
{owner.city: SAINT ELDER}    {owner.state: ME}   {owner.zip: 04999}
{owner.city: ON THE MARSH}
"""
    )
    assert of(owner, "city", "state") == ["SAINT ELDER ON THE MARSH", "ME"]


def test_a_scrap_that_a_cells_edge_cut_off_ends_the_word() -> None:
    (owner,) = owners_of("{owner.name: TAVENER ODILE}\n{owner.city: PORT ELDE}  {owner.state: ME}\n{owner.city: R}")
    assert of(owner, "city") == ["PORT ELDER"]


def test_a_line_far_below_is_not_the_rest_of_the_address() -> None:
    (owner,) = owners_of(
        "{owner.name: Tavener Odile}\n{owner.city: PORT ELDER}\n\n(City) (State)\n\n{owner.city: NEWHAVEN}"
    )
    assert of(owner, "city") == ["PORT ELDER"]


def test_ticks_are_the_owners_relationship() -> None:
    (owner,) = owners_of(
        ONE
        + "{box.director: X} Director {box.ten_percent_owner: ☐} 10% Owner\n"
        + "{box.officer: ☒} Officer {box.other: __} Other\n"
        + "{owner.officer_title: Chief Tide Officer}",
        RELATIONSHIP,
    )
    assert of(owner, "is_director", "is_officer", "is_ten_percent_owner", "is_other") == [True, True, False, False]
    assert of(owner, "officer_title") == ["Chief Tide Officer"]


def test_boxes_that_left_no_character_are_false_for_the_first_owner_of_a_printed_form() -> None:
    first, second = owners_of(ONE + "{box.director: X} Director" + OTHER, RELATIONSHIP)
    assert of(first, "is_director", "is_officer", "is_other") == [True, False, False]
    assert of(second, "is_director", "is_officer", "is_other") == [None, None, None]


def test_boxes_are_unknown_where_their_part_is_not_printed() -> None:
    (owner,) = owners_of(ONE)
    assert of(owner, "is_director", "is_officer") == [None, None]


def test_an_officers_title_makes_an_officer_whose_tick_was_lost() -> None:
    (owner,) = owners_of(ONE + "{owner.officer_title: Chief Tide Officer}", RELATIONSHIP)
    assert owner.is_officer is not None
    assert (owner.is_officer.value, owner.is_officer.method) == (True, "derived")


def test_nothing_labelled_is_no_owner() -> None:
    assert owners_of("a letter about {issuer.name: Quillon Harbor Foods}", RELATIONSHIP) == []


def test_a_line_below_the_boxes_explains_the_ticked_one() -> None:
    (owner,) = owners_of(
        "{owner.name: Tavener Odile R}\n{box.officer: ☐} Officer {box.other: ☒} Other\n"
        "{owner.officer_title: Settlor} {owner.other_text: of voting trust}"
    )
    assert of(owner, "is_officer", "is_other", "officer_title", "other_text") == [
        False,
        True,
        None,
        "Settlor of voting trust",
    ]


def test_a_postal_code_wrapped_after_its_dash_is_one() -> None:
    text = """
    {owner.name: Tavener Odile R}
    {owner.street: 12 PIER ROAD =}
    {owner.city: 04999-}{owner.city: PORT ELDER} {owner.state: ME} {owner.zip: 2014}
    """
    (owner,) = owners_of(text)
    assert of(owner, "street", "city", "zip") == ["12 PIER ROAD", "PORT ELDER", "04999-2014"]


def test_strokes_and_a_misread_caption_are_no_part_of_an_address() -> None:
    text = """
    {owner.name: Tavener Odile R}
    {owner.street: 12 PIER ROAD (Sueet)}
    {owner.city: PORT I ELDER |} {owner.state: ME} {owner.zip: 04999}
    """
    (owner,) = owners_of(text)
    assert of(owner, "street", "city") == ["12 PIER ROAD", "PORT ELDER"]


def test_words_in_brackets_that_are_no_caption_stay_in_a_street() -> None:
    text = "{owner.name: Tavener Odile R}\n{owner.street: 12 PIER ROAD (North)}\n"
    (owner,) = owners_of(text)
    assert of(owner, "street") == ["12 PIER ROAD (North)"]


def test_the_list_of_relationships_below_all_names_is_the_first_owners() -> None:
    text = ONE + OTHER + "Relationship of Reporting Person(s) to Issuer: {box.director: X} Director\n"
    labelled = marked_text(text)
    item = next(i for i, token in enumerate(labelled.tokens) if token.text == "Relationship")
    filing = Filing()
    assemble_owners(labelled, filing, [Hit("relationship", item, item + 5, 100.0)])
    assert [of(owner, "is_director") for owner in filing.reporting_owners] == [[True], [None]]


def test_boxes_beside_a_later_name_are_its_own() -> None:
    text = "Relationships\n" + ONE + OTHER + "{box.director: X} Director\n"
    labelled = marked_text(text)
    filing = Filing()
    assemble_owners(labelled, filing, [Hit("relationship", 0, 0, 100.0)])
    assert of(filing.reporting_owners[1], "is_director") == [True]
