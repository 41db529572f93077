"""Values of cards take the fields that their captions name."""

from __future__ import annotations

from grids import marked_text, with_labels

from extractor.assembly.captions import follow_captions
from extractor.assembly.spans import Labelled
from extractor.labels import OUTSIDE

_CARD = """Derivative Securities
Security Title:   {title: Stock Option}
Trade Date:       {date: 03/01/2024}
Code:             {code: M}
Quantity:         {disposed: 1,200}
A/D:              D
Strike:           {strike: 4.50}
Underlying:       {underlying: Common Stock}
Owned Following:  {owned: 800}
D/I:              {D/I: D}
Footnotes:
"""


def _followed(labelled: Labelled, changes: dict[str, str]) -> dict[str, str]:
    """Labels of all words after captions were followed, with `changes` made to what the tagger says."""
    labels = [changes.get(t.text, label) for t, label in zip(labelled.tokens, labelled.tagging.labels, strict=True)]
    by_page = {1: list(range(len(labels)))}
    follow_captions(with_labels(labelled.document, labels), by_page, labels)
    return {token.text: label for token, label in zip(labelled.tokens, labels, strict=True)}


def _card(text: str = _CARD) -> Labelled:
    return marked_text(text, table="derivative", kind="pdf_text")


def test_a_caption_names_the_value_behind_it() -> None:
    labels = _followed(_card(), {"4.50": "derivative.price_per_share", "03/01/2024": OUTSIDE})
    assert labels["4.50"] == "derivative.conversion_or_exercise_price"
    assert labels["03/01/2024"] == "derivative.transaction_date"


def test_the_title_above_says_which_table_it_is() -> None:
    labels = _followed(_card(), {"800": "non_derivative.shares_owned_following"})
    assert labels["800"] == "derivative.shares_owned_following"


def test_the_letter_behind_table_iis_one_number_says_what_became_of_it() -> None:
    assert _followed(_card(), {"1,200": "derivative.shares_acquired"})["1,200"] == "derivative.shares_disposed"
    acquired = _followed(_card(_CARD.replace("A/D:              D", "A/D:              A")), {})
    assert acquired["1,200"] == "derivative.shares_acquired"


def test_captions_are_no_values() -> None:
    assert _followed(_card(), {"Strike:": "derivative.security_title"})["Strike:"] == OUTSIDE


def test_a_blank_form_gets_no_labels() -> None:
    labelled = _card()
    labels = [OUTSIDE] * len(labelled.tokens)
    follow_captions(with_labels(labelled.document, labels), {1: list(range(len(labels)))}, labels)
    assert set(labels) == {OUTSIDE}


def test_a_table_with_rows_on_lines_is_left_alone() -> None:
    row = "{title: Stock Option}  {date: 03/01/2024}  {code: M}  {disposed: 1,200}  {strike: 4.50}  {owned: 800}\n"
    labelled = _card("Derivative Securities\nTitle  Date  Code  Number  Strike  Owned\n" + row * 5)
    labels = list(labelled.tagging.labels)
    follow_captions(labelled, {1: list(range(len(labels)))}, labels)
    assert labels == labelled.tagging.labels
