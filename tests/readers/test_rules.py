"""Drawn rules of born-digital pages and the cells that they enclose."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pages import HEIGHT, pdf_of, text_at
from reportlab.pdfgen.canvas import Canvas

from extractor.document import Document, Rule
from extractor.readers.layout import Word
from extractor.readers.pdf import read_pdf
from extractor.readers.rules import assign_cells, join_rules


def grid(xs: list[float], ys: list[float]) -> list[Rule]:
    level = [Rule(xs[0], y - 0.5, xs[-1], y + 0.5) for y in ys]
    return level + [Rule(x - 0.5, ys[0], x + 0.5, ys[-1]) for x in xs]


def word_at(x: float, y: float) -> Word:
    return Word("w", x - 5, y - 4, x + 5, y + 4)


def cells_of(words: list[Word], rules: list[Rule]) -> list[tuple[int, int, int] | None]:
    assign_cells(words, rules)
    return [word.cell for word in words]


def cell_of_text(document: Document, text: str) -> tuple[int, int, int] | None:
    return next(t.cell for t in document.tokens if t.text == text)


def test_words_of_a_grid_know_row_and_column() -> None:
    rules = grid([0, 100, 200, 300], [0, 20, 40])
    words = [word_at(50, 10), word_at(250, 10), word_at(150, 30)]
    assert cells_of(words, rules) == [(0, 0, 0), (0, 0, 2), (0, 1, 1)]


def test_words_outside_of_rules_have_no_cell_and_lose_an_old_one() -> None:
    word = word_at(400, 10)
    word.cell = (9, 9, 9)
    assert cells_of([word], grid([0, 100, 200], [0, 20, 40])) == [None]


def test_open_side_encloses_nothing() -> None:
    rules = [Rule(0, 0, 100, 1), Rule(0, 20, 100, 21), Rule(0, 0, 1, 21)]
    assert cells_of([word_at(50, 10)], rules) == [None]


def test_merged_cells_take_the_place_of_their_top_left_corner() -> None:
    # a heading over two columns: the rule between them starts below it
    rules = [
        *(Rule(0, y, 200, y + 1) for y in (0, 20, 40)),
        Rule(0, 0, 1, 41),
        Rule(100, 20, 101, 41),
        Rule(200, 0, 201, 41),
    ]
    words = [word_at(100, 10), word_at(50, 30), word_at(150, 30)]
    assert cells_of(words, rules) == [(0, 0, 0), (0, 1, 0), (0, 1, 1)]


def test_cell_over_two_rows_is_one_cell() -> None:
    rules = [
        *(Rule(0, y, 200, y + 1) for y in (0, 40)),
        Rule(100, 20, 200, 21),
        *(Rule(x, 0, x + 1, 41) for x in (0, 100, 200)),
    ]
    words = [word_at(50, 10), word_at(50, 30), word_at(150, 10), word_at(150, 30)]
    assert cells_of(words, rules) == [(0, 0, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)]


def test_underline_of_a_value_bounds_no_cell() -> None:
    rules = grid([0, 100, 200], [0, 20, 40])
    underlined, below = word_at(50, 6), word_at(50, 16)
    rules.append(Rule(40, 11, 60, 11.5))
    assert cells_of([underlined, below], rules) == [(0, 0, 0), (0, 0, 0)]


def test_tables_that_do_not_touch_are_numbered_from_the_top() -> None:
    rules = grid([0, 100, 200], [300, 320]) + grid([0, 100, 200], [100, 120])
    assert cells_of([word_at(50, 310), word_at(150, 110)], rules) == [(1, 0, 0), (0, 0, 1)]


def test_small_breaks_in_rules_are_bridged() -> None:
    pieces = [(0.0, 0.0, 49.0, 1.0), (51.0, 0.0, 100.0, 1.0), (0.0, 20.0, 100.0, 21.0)]
    pieces += [(0.0, 1.5, 1.0, 20.0), (100.0, 0.0, 101.0, 18.5)]
    assert cells_of([word_at(50, 10)], join_rules(pieces)) == [(0, 0, 0)]


def test_page_without_rules_has_no_cells() -> None:
    assert cells_of([word_at(1, 1)], []) == [None]
    assign_cells([], grid([0, 10], [0, 10]))


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=6),
    st.integers(0, 1),
)
def test_pieces_that_touch_become_one_rule(lengths: list[int], turned: int) -> None:
    pieces, at = [], 0.0
    for length in lengths:
        box = (at, 5.0, at + 10 * length, 6.0)
        pieces.append((box[1], box[0], box[3], box[2]) if turned else box)
        at += 10 * length
    (rule,) = join_rules(pieces)
    assert rule.is_horizontal is not bool(turned)
    assert (rule.top if turned else rule.x0) == 0
    assert (rule.bottom if turned else rule.x1) == at


@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_every_cell_of_a_grid_is_found(rows: int, columns: int, data: st.DataObject) -> None:
    ys = [20.0 * k for k in range(rows + 1)]
    xs = [50.0 * k for k in range(columns + 1)]
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    word = word_at(50 * column + 25, 20 * row + 10)
    assert cells_of([word], grid(xs, ys)) == [(0, row, column)]


def draw_two_cells(canvas: Canvas, how: str) -> None:
    """Two cells side by side, painted the way different programs do."""
    bottom = HEIGHT - 140
    if how == "lines":
        for x in (100, 200, 300):
            canvas.line(x, bottom, x, bottom + 40)
        for y in (bottom, bottom + 40):
            canvas.line(100, y, 300, y)
    elif how == "rectangles":
        canvas.rect(100, bottom, 100, 40)
        canvas.rect(200, bottom, 100, 40)
    elif how == "thin fills":
        for x in (100, 200, 300):
            canvas.rect(x, bottom, 0.7, 40, stroke=0, fill=1)
        for y in (bottom, bottom + 40):
            canvas.rect(100, y, 200, 0.7, stroke=0, fill=1)
    elif how == "borders of each cell":
        for x in (100, 200):
            for dx, dy, w, h in ((0, 0, 100, 0.7), (0, 39.3, 100, 0.7), (0, 0, 0.7, 40), (99.3, 0, 0.7, 40)):
                canvas.rect(x + dx, bottom + dy, w, h, stroke=0, fill=1)
    elif how == "form":
        canvas.beginForm("cells")
        canvas.rect(0, 0, 50, 20)
        canvas.rect(50, 0, 50, 20)
        canvas.endForm()
        canvas.saveState()
        canvas.translate(100, bottom)
        canvas.scale(2, 2)
        canvas.doForm("cells")
        canvas.restoreState()


def test_cells_are_found_however_they_are_painted() -> None:
    for how in ("lines", "rectangles", "thin fills", "borders of each cell", "form"):

        def paint(canvas: Canvas, how: str = how) -> None:
            draw_two_cells(canvas, how)
            text_at(canvas, 120, 125, "left side of it")
            text_at(canvas, 220, 125, "right side of it")
            text_at(canvas, 350, 125, "outside of all")

        document = read_pdf(pdf_of(paint))
        assert cell_of_text(document, "left") == (0, 0, 0), how
        assert cell_of_text(document, "right") == (0, 0, 1), how
        assert cell_of_text(document, "outside") is None, how


def test_white_lines_are_no_rules() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setStrokeColorRGB(1, 1, 1)
        canvas.rect(100, HEIGHT - 140, 100, 40)
        text_at(canvas, 120, 125, "left side of it")

    document = read_pdf(pdf_of(paint))
    assert document.page(1).rules == []
    assert cell_of_text(document, "left") is None
