"""Boxes and footnote marks, however a page sets them."""

from __future__ import annotations

import pytest

from extractor.readers.html import read_html

TICKED, EMPTY = "☒", "☐"


def words(markup: str) -> list[str]:
    return [token.text for token in read_html(markup.encode()).tokens]


@pytest.mark.parametrize(
    ("markup", "tick"),
    [
        ("<font face=Wingdings>þ</font>", TICKED),
        ("<font face=Wingdings>¨</font>", EMPTY),
        ("<span style='font-family:Wingdings'>x</span>", TICKED),
        ("<span style=\"font-family:'Wingdings 2'\">R</span>", TICKED),
        ("<span>&#61694;</span>", TICKED),
        ("<span>●</span>", TICKED),
        ("<span>○</span>", EMPTY),
        ("<img src='img/box-checked.gif'>", TICKED),
        ("<img src='img/box-unchecked.gif'>", EMPTY),
        ("<img src='a.jpg' alt='[X]'>", TICKED),
        ("<img src='a.jpg' alt='[ ]'>", EMPTY),
        ("<svg><title>Checked box</title></svg>", TICKED),
        ("<svg><title>Not checked</title></svg>", EMPTY),
        ("<span role=checkbox aria-checked=true></span>", TICKED),
        ("<span role=checkbox aria-checked=false></span>", EMPTY),
        ("<i class='fa fa-check-square-o'></i>", TICKED),
        ("<i class='fa fa-square-o'></i>", EMPTY),
    ],
)
def test_boxes_are_read(markup, tick):
    assert words(f"<p>{markup} Director</p>") == [tick, "Director"]


@pytest.mark.parametrize(
    "markup",
    ["<img src='logo.gif' alt='Fir Ltd'>", "<svg><path d='M0'/></svg>", "<i></i>", "<svg><text>no</text></svg>"],
)
def test_other_pictures_are_not(markup):
    assert words(f"<p>{markup}Director</p>") == ["Director"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("1,000<sup>1</sup>", ["1,000", "(1)"]),
        ("1,000<sup>1, 2</sup>", ["1,000", "(1)", ",", "(2)"]),
        ("1,000<sup>[12]</sup>", ["1,000", "(12)"]),
        ("1,000[3]", ["1,000", "(3)"]),
        ("1,000¹", ["1,000", "(1)"]),
        ("<a href='#n'>(4)</a>", ["(4)"]),
        ("1<sup>st</sup>", ["1", "st"]),
        ("[1.5]", ["[", "1.5", "]"]),
        ("[ALTO]", ["[", "ALTO", "]"]),
    ],
)
def test_marks_are_read_as_the_form_prints_them(markup, expected):
    assert words(f"<p>{markup}</p>") == expected
