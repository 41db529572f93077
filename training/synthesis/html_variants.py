"""Other ways to set the same web page: what editors, mail programs, viewers and style sheets make of a filing's tables.

Each variation takes the element tree of a labelled page and changes it in place; labels ride along as attributes, so
that what the page says stays the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from lxml import etree, html
from lxml.html import HtmlElement

from training.synthesis.html_arrangements import (
    broken_columns,
    card_lines,
    card_tables,
    cell_tables,
    css_classes,
    css_everywhere,
    css_grid,
    css_table,
    definitions,
    flex_rows,
    floats,
    headings_again,
    headings_apart,
    inline_blocks,
    preformatted,
    responsive,
    row_tables,
    rows_by_class,
    spacers,
    table_per_security,
    transposed,
    without_headings,
)
from training.synthesis.html_writing import (
    MARKS,
    TICKS,
    as_word_saves,
    entities,
    inline_xbrl,
    nothing,
    other_marks,
    other_ticks,
    padded,
    quoted,
    split_runs,
    unclosed,
    wrapped_source,
)


def vary(rng: random.Random, markup: str, variation: str) -> str:
    """The page set in another way. `variation` is one of `VARIATIONS`."""
    root = html.document_fromstring(markup)
    VARIATIONS[variation](rng, root)
    text = etree.tostring(root, encoding="unicode", method="html")
    after = _TEXT_VARIATIONS.get(variation)
    return after(rng, text) if after else text


VARIATIONS: dict[str, Callable[[random.Random, HtmlElement], None]] = {
    "as_it_is": nothing,
    "cell_tables": cell_tables,
    "row_tables": row_tables,
    "css_table": css_table,
    "css_classes": css_classes,
    "css_everywhere": css_everywhere,
    "rows_by_class": rows_by_class,
    "flex": flex_rows,
    "css_grid": css_grid,
    "floats": floats,
    "inline_blocks": inline_blocks,
    "broken_columns": broken_columns,
    "spacers": spacers,
    "without_headings": without_headings,
    "headings_apart": headings_apart,
    "headings_again": headings_again,
    "table_per_security": table_per_security,
    "transposed": transposed,
    "responsive": responsive,
    "definitions": definitions,
    "card_tables": card_tables,
    "card_lines": card_lines,
    "preformatted": preformatted,
    "padded": padded,
    "split_runs": split_runs,
    "word": as_word_saves,
    "quoted": quoted,
    "inline_xbrl": inline_xbrl,
    "other_ticks": other_ticks,
    "other_marks": other_marks,
    **{f"ticks_{way}": partial(other_ticks, way=way) for way in TICKS},
    **{f"marks_{way}": partial(other_marks, way=way) for way in MARKS},
    "unclosed": nothing,
    "entities": nothing,
    "wrapped_source": nothing,
}

_TEXT_VARIATIONS: dict[str, Callable[[random.Random, str], str]] = {
    "unclosed": unclosed,
    "entities": entities,
    "wrapped_source": wrapped_source,
}
