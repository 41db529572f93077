"""Doubtful words take the spelling that the line network bears out; sure ones, names and numbers stay."""

from __future__ import annotations

import numpy as np
import pytest
from readings import says

from extractor.readers.ocr import Read
from extractor.readers.segments import Segment
from extractor.readers.spelling import rejoined, spell, usual_words, with_their_ends


def run() -> Segment:
    return Segment(100, 50, 500, 70, 14.0, 66, np.zeros((20, 400), np.uint8), [(100, 52, 400, 14)])


def reads(*words: str, belief: float = 0.5, gap: float = 8.0) -> list[Read]:
    out, x = [], 100.0
    for word in words:
        out.append(Read(word, x, 52.0, x + 8 * len(word), 66.0, belief, 0))
        x += 8 * len(word) + gap
    return out


def spelt(*words: str, seen: str, belief: float = 0.5, sure: float = 3.0) -> list[str]:
    found = reads(*words, belief=belief)
    spell(found, [run()], [says(seen, sure)])
    return [read.text for read in found]


@pytest.mark.parametrize(
    ("read", "seen", "said"),
    [
        (("Cammon", "Stock"), "ComonStock", ["Common", "Stock"]),
        (("Restncted", "Stock", "Units"), "RestrctedStockUnits", ["Restricted", "Stock", "Units"]),
        (("(Insir.",), "(Instr.", ["(Instr."]),
    ],
)
def test_a_doubtful_word_is_the_usual_one_that_the_network_bears_out(
    read: tuple[str, ...], seen: str, said: list[str]
) -> None:
    assert spelt(*read, seen=seen) == said


def test_what_the_network_does_not_bear_out_stays() -> None:
    assert spelt("Rigg", "Manager", seen="RiggManager") == ["Rigg", "Manager"]
    assert spelt("Unitas", seen="Unitas", sure=6.0) == ["Unitas"]


def test_sure_words_and_numbers_stay() -> None:
    assert spelt("Cammon", seen="Common", belief=0.95) == ["Cammon"]
    assert spelt("1,O00", seen="1,000") == ["1,O00"]


def test_a_changed_word_is_marked_as_doubtful() -> None:
    found = reads("Cammon")
    spell(found, [run()], [says("Common", 3.0)])
    assert found[0].text == "Common"
    assert found[0].agreement == 0.0
    assert found[0].confidence <= 0.9


def test_pieces_of_a_usual_word_are_put_together_but_words_are_not() -> None:
    assert [r.text for r in rejoined(reads("Commo", "n", "Stock"), [run()])] == ["Common", "Stock"]
    assert [r.text for r in rejoined(reads("Commo", "n", gap=40.0), [run()])] == ["Commo", "n"]
    assert [r.text for r in rejoined(reads("all", "other"), [run()])] == ["all", "other"]


def test_a_cut_end_goes_to_the_word_read_before_it_wherever_it_was_placed() -> None:
    words = reads("Commo", "n", "Stock")
    words[1].x0, words[2].x0 = words[2].x0, words[1].x0
    assert [read.text for read in with_their_ends(words)] == ["Common", "Stock"]


def test_usual_words_are_such_as_forms_have() -> None:
    assert {"common", "stock", "restricted", "spouse", "beneficially"} <= usual_words()
    assert len(usual_words()) > 500
