"""The reader of short runs of print: what it reads, what forms it is held to, how it believes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from readings import says
from reportlab.pdfgen.canvas import Canvas

from extractor.readers.linenet import LineNet, Reading, candidates, network, read_box
from extractor.readers.restore import restore
from extractor.readers.wellformed import CHARACTERS as OF_VALUES
from extractor.readers.wellformed import is_value, is_well_formed
from training.synthesis.scan import render

SIZE = 11.0
LETTER = 0.66 * SIZE * 200 / 72


def printed(text: str, font: str = "Times-Roman") -> tuple[np.ndarray, tuple[int, int, int, int], float]:
    """A page with a text on it, the box of its ink and the row that it stands on."""
    out = io.BytesIO()
    canvas = Canvas(out, (200, 60))
    canvas.setFont(font, SIZE)
    canvas.drawString(20, 25, text)
    canvas.save()
    page = render(out.getvalue(), 200)[0]
    rows, columns = np.flatnonzero((page < 200).any(1)), np.flatnonzero((page < 200).any(0))
    return page, (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1), (60 - 25) * 200 / 72


def reading(text: str, font: str = "Times-Roman") -> Reading:
    page, box, baseline = printed(text, font)
    found = read_box(page, box, LETTER, baseline)
    assert found is not None
    return found


@pytest.mark.parametrize("font", ["Times-Roman", "Helvetica", "Courier"])
@pytest.mark.parametrize("text", ["45,000", "$10.91", "03/14/2023", "1,309.777", "71(2)", "$0", "M", "S/K", "G(1)"])
def test_values_and_codes_are_read(text: str, font: str) -> None:
    best = reading(text, font).best(OF_VALUES, is_well_formed)
    assert best is not None
    assert best.text == text
    assert best.belief > 0.4


def test_glyphs_that_touch_are_read() -> None:
    page, (x0, top, x1, bottom), baseline = printed("45,827")
    page[round(baseline) - 5 : round(baseline) - 3, x0:x1] = 0  # a stroke through all of them
    best = read_box(page, (x0, top, x1, bottom), LETTER, baseline)
    assert best is not None
    assert best.best(OF_VALUES, is_value).text == "45,827"


def test_black_and_white_print_is_read() -> None:
    page, box, baseline = printed("$264.97")
    black = restore(np.where(page < 150, 0, 255).astype(np.uint8), 200)
    best = read_box(black, box, LETTER, baseline)
    assert best is not None
    assert best.best(OF_VALUES, is_value).text == "$264.97"


def test_a_word_is_no_value() -> None:
    best = reading("Common").best(OF_VALUES, is_well_formed)
    assert best is None or best.belief < 0.05


def test_a_page_without_print_says_nothing() -> None:
    found = read_box(np.full((60, 60), 255, np.uint8), (10, 10, 50, 40), 20.0, 36.0)
    assert found is not None
    assert found.likeliest().text == ""


def test_what_is_too_wide_is_not_read() -> None:
    assert read_box(np.full((40, 4_000), 255, np.uint8), (0, 0, 4_000, 40), 16.0, 30.0) is None


def test_characters_lie_in_order_within_the_run() -> None:
    best = reading("9,270(12)").likeliest()
    assert len(best.places) == len(best.text)
    assert all(a[1] == b[0] and a[0] < a[1] for a, b in zip(best.places, best.places[1:], strict=False))


def test_the_same_print_reads_the_same_beside_other_print() -> None:
    rng = np.random.default_rng(0)
    inks = [rng.integers(0, 255, (32, width), np.uint8) for width in (41, 64, 33)]
    for alone, ink in zip(network().scores(inks), inks, strict=True):
        assert np.allclose(alone[4:-8], network().scores([ink])[0][4:-8], atol=0.5)


def test_double_digits_need_a_blank_between_and_are_kept() -> None:
    assert says("1100").likeliest().text == "1100"
    assert candidates(says("1100")._scores, "01")[0][0] == "1100"


def test_the_best_text_has_the_form_asked_for() -> None:
    view = says("13/14/2023", 3.0)
    assert view.likeliest().text == "13/14/2023"
    best = view.best(OF_VALUES, is_well_formed)
    assert best is not None
    assert is_well_formed(best.text)
    assert best.text != "13/14/2023"


def test_belief_in_a_text_falls_with_every_wrong_character() -> None:
    view = says("9,270", 4.0)
    right, near, far = (view.belief_in(text) for text in ("9,270", "9,210", "1,210"))
    assert right > 20 * near > 20 * far > 0
    assert view.belief_in("9§") == 0.0


def test_beliefs_in_several_texts_are_those_in_each() -> None:
    seen = reading("1,619")
    texts = ["1,619", "1.619", "16 19", "", "1,6\u263a9", "1,6199"]
    assert seen.beliefs_in(texts) == pytest.approx([seen.belief_in(text) for text in texts])
    assert seen.beliefs_in(texts)[0] > 0.4
    assert seen.beliefs_in(["1,6\u263a9"]) == [0.0]
    assert says("77").belief_in("7") < says("77").belief_in("77")


def test_what_fits_is_kept_where_it_had_to_be_looked_for() -> None:
    seen = reading("45,000")
    assert seen.best(OF_VALUES, is_well_formed).text == "45,000"  # type: ignore[union-attr]
    assert seen.seen == []
    best = seen.best("0123456789.", is_well_formed)
    assert best is not None
    assert seen.seen[0] == best.text
    assert "45000" in seen.seen


def test_beliefs_of_all_texts_are_no_more_than_one() -> None:
    view = says("70", 1.0)
    total = sum(np.exp(log) for _, _, log in candidates(view._scores, "70,", beam=200))
    assert 0.5 * view.belief_in("70") < total <= 1.0 + 1e-6


def test_a_network_for_other_characters_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.npz"
    np.savez(file, characters=np.array(list("abc")))
    with pytest.raises(ValueError, match="other characters"):
        LineNet.load(file)
