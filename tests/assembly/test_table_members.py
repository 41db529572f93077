"""What of a table's labelled tokens is taken for values of its rows."""

from __future__ import annotations

from grids import marked_text

from extractor.assembly.tables import assemble_table

_ROW = "{title: Common Stock}\n{date: 03/14/2024}\n{code: S}\n%s{shares: 100}\n{A/D: D}\n{owned: 900}\n{D/I: D}\n"


def test_the_heading_of_column_v_is_no_value_of_it() -> None:
    (row,) = assemble_table(marked_text("Code\n\n{V: V}\n\nAmount\n" + _ROW % ""), False, set())
    assert row.voluntary is None


def test_a_v_behind_a_code_is_a_value() -> None:
    (row,) = assemble_table(marked_text("Code\n\nAmount\n" + _ROW % "{V: V}\n"), False, set())
    assert row.voluntary is not None
    assert row.voluntary.value is True
