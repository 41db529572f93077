"""How tokens lie to each other: segments, blocks, neighbours and the order to decode them in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extractor.document import Document, Page, Token
from extractor.readers.text import read_text
from extractor.tagging.layout import Layout, analyse_layout


def laid_out(text: str) -> tuple[list[str], Layout]:
    document = read_text(text)
    return [token.text for token in document.tokens], analyse_layout(document)


def in_order(text: str) -> str:
    words, layout = laid_out(text)
    return " ".join(words[i] for i in layout.order)


def together(text: str, groups: str) -> list[str]:
    """The words of each group (segment, block or row), as running text, in the order of their first words."""
    words, layout = laid_out(text)
    out: dict[int, list[str]] = {}
    for word, group in zip(words, getattr(layout, groups), strict=True):
        out.setdefault(int(group), []).append(word)
    return [" ".join(group) for group in out.values()]


TABLE = """\
Class A            03/14/2024        98,000
Common Stock
"""


def test_wide_gaps_part_a_line_into_segments() -> None:
    assert together(TABLE, "segment") == ["Class A", "03/14/2024", "98,000", "Common Stock"]


def test_lines_closely_below_each_other_are_one_block() -> None:
    assert together(TABLE, "block") == ["Class A Common Stock", "03/14/2024", "98,000"]


def test_an_empty_line_ends_a_block() -> None:
    assert together("Class A\n\nCommon Stock", "block") == ["Class A", "Common Stock"]


def test_a_line_under_two_segments_at_once_is_a_block_of_its_own() -> None:
    text = "Acquired              Disposed\nof in the year to the end of March"
    assert together(text, "block") == ["Acquired", "Disposed", "of in the year to the end of March"]


def test_lines_are_rows() -> None:
    assert together(TABLE, "row") == ["Class A 03/14/2024 98,000", "Common Stock"]


def test_cells_are_segments_and_blocks_of_their_own_and_a_row_of_cells_is_a_row() -> None:
    text = "Class A\tCommon\t98,000\nClass B\tPreferred\t410"
    assert together(text, "segment") == ["Class A", "Common", "98,000", "Class B", "Preferred", "410"]
    assert together(text, "block") == together(text, "segment")
    assert together(text, "row") == ["Class A Common 98,000", "Class B Preferred 410"]


def test_a_wrapped_cell_is_decoded_as_one_run() -> None:
    assert in_order(TABLE) == "Class A Common Stock 03/14/2024 98,000"


def test_bonds_say_how_a_token_hangs_on_the_one_before() -> None:
    words, layout = laid_out(TABLE + "\nOther words")
    order = [words[i] for i in layout.order]
    bonds = dict(zip(order, layout.bond.tolist(), strict=True))
    assert bonds["A"] == 0  # "Class" before it, in the same segment
    assert bonds["Common"] == 1  # a further line of the block
    assert bonds["98,000"] == 2  # the next cell of the row
    assert bonds["Other"] == 3


def test_neighbours_are_found_in_line_and_column() -> None:
    words, layout = laid_out("Date          Amount\n03/14/2024    98,000\n03/15/2024    97,250")
    at = {word: i for i, word in enumerate(words)}

    def neighbour(of: str, where: str) -> str | None:
        index = int(getattr(layout, where)[at[of]])
        return words[index] if index >= 0 else None

    assert neighbour("98,000", "above") == "Amount"
    assert neighbour("97,250", "above") == "98,000"
    assert neighbour("Amount", "above") is None
    assert neighbour("Amount", "below") == "98,000"
    assert neighbour("97,250", "below") is None
    assert neighbour("98,000", "left") == "03/14/2024"
    assert neighbour("03/14/2024", "left") is None
    assert neighbour("03/14/2024", "right") == "98,000"


def test_columns_reach_half_way_to_their_neighbours() -> None:
    words, layout = laid_out("Date    Amount")
    date, amount = layout.zone[words.index("Date")], layout.zone[words.index("Amount")]
    assert date[1] == amount[0] == 30.0


def test_pages_do_not_mix() -> None:
    boxes = [(0.0, 0.0, 50.0, 10.0), (0.0, 12.0, 50.0, 22.0)]
    tokens = [Token("upper", 1, boxes[0], 0, 0, 5), Token("lower", 2, boxes[1], 1, 6, 11)]
    document = Document("pdf_text", [Page(1, 600, 800), Page(2, 600, 800)], tokens, "upper lower")
    layout = analyse_layout(document)
    assert layout.above.tolist() == [-1, -1]
    assert layout.block[0] != layout.block[1]


def test_a_document_without_tokens_has_an_empty_layout() -> None:
    layout = analyse_layout(Document("pdf_text", [Page(1, 600, 800)], [], ""))
    assert len(layout.order) == len(layout.bond) == len(layout.above) == len(layout.zone) == 0


texts = st.text(alphabet="ab1$,\n\t |(☒", min_size=1, max_size=120).filter(lambda text: text.strip() != "")


@given(texts)
def test_the_decoding_order_holds_every_token_once_and_keeps_rows_of_a_block_in_line_order(text: str) -> None:
    words, layout = laid_out(text)
    assert sorted(layout.order.tolist()) == list(range(len(words)))
    for block in set(layout.block.tolist()):
        places = [i for i in layout.order.tolist() if layout.block[i] == block]
        assert places == sorted(places)


@given(texts)
def test_neighbours_are_mutual_and_never_in_the_same_line(text: str) -> None:
    words, layout = laid_out(text)
    for i in range(len(words)):
        if layout.left[i] >= 0:
            assert layout.right[layout.left[i]] == i
        if layout.above[i] >= 0:
            assert layout.line[layout.above[i]] != layout.line[i]
            assert layout.box[layout.above[i], 1] < layout.box[i, 1]
        if layout.below[i] >= 0:
            assert layout.above[layout.below[i]] == i


@given(texts)
def test_a_bond_is_what_the_groups_say(text: str) -> None:
    _, layout = laid_out(text)
    order = layout.order
    for place in range(1, len(order)):
        before, here = order[place - 1], order[place]
        groups = (layout.segment, layout.block, layout.row)
        expected = next((bond for bond, group in enumerate(groups) if group[before] == group[here]), 3)
        assert layout.bond[place] == expected
    assert np.all(layout.bond[:1] == 3)


def plain_nearest_above(layout: Layout) -> list[int]:
    """The definition, a pair at a time: of tokens above that overlap in x the nearest, of equally near ones the first.

    Windows are those of the layout module: 900 tokens before the token's chunk of 256, and that chunk.
    """
    box, out = layout.box, []
    middle = (box[:, 1] + box[:, 3]) / 2
    for i in range(len(box)):
        chunk = i - i % 256
        best, least = -1, np.inf
        for j in range(max(0, chunk - 900), min(len(box), chunk + 256)):
            overlap = min(box[i, 2], box[j, 2]) - max(box[i, 0], box[j, 0])
            distance = middle[i] - middle[j]
            apart = layout.page[i] != layout.page[j] or layout.line[i] == layout.line[j]
            if overlap > 0 and distance > 1.0 and not apart and distance < least:
                best, least = j, distance
        out.append(best)
    return out


def scattered(seed: int, count: int, pages: int) -> Document:
    """Tokens in lines with gaps, ties, ragged heights and lines that come out of order."""
    rng = np.random.default_rng(seed)
    tokens = []
    for number in range(count):
        line = number // int(rng.integers(3, 9))
        page = 1 + number * pages // count
        x = float(rng.integers(0, 40)) * 12.5
        top = (line % 60) * 9.0 + float(rng.choice([0.0, 0.0, 0.4, -3.0, 14.0]))
        tokens.append(Token("x", page, (x, top, x + float(rng.integers(1, 30)) * 5, top + 8.0), line, 0, 1))
    return Document("pdf_text", [Page(p + 1, 600, 800) for p in range(pages)], tokens, "")


def test_the_neighbour_above_is_the_nearest_of_all_in_the_window() -> None:
    for seed, count, pages in ((0, 300, 1), (1, 500, 3), (2, 700, 1)):
        layout = analyse_layout(scattered(seed, count, pages))
        assert layout.above.tolist() == plain_nearest_above(layout)


def test_the_neighbour_below_is_the_first_of_those_that_have_the_token_above_them() -> None:
    layout = analyse_layout(scattered(3, 300, 2))
    above = layout.above.tolist()
    expected = [above.index(i) if i in above else -1 for i in range(len(above))]
    assert layout.below.tolist() == expected
