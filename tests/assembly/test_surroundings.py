"""Signals about what stands beside a value on its line."""

import numpy as np

from extractor.assembly.surroundings import Surroundings
from extractor.confidence.quality import document_signals
from extractor.document import Document
from extractor.readers.text import read_text
from extractor.tagging.layout import analyse_layout
from extractor.tagging.model import Tagging


def labelled(text: str, labels: dict[str, str], form: tuple[str, ...] = ()):
    document = read_text(text)
    names = [labels.get(token.text, "O") for token in document.tokens]
    sure = np.full(len(names), 0.9, dtype=np.float32)
    known = np.array([token.text in form for token in document.tokens], dtype=bool)
    tagging = Tagging(names, sure, sure, analyse_layout(document), known)
    place = {token.text: index for index, token in enumerate(document.tokens)}
    return document, tagging, place


def test_a_scrap_of_digits_beside_a_number_is_noticed():
    document, tagging, at = labelled("Stock\t1\t35,027\tD\nStock\t\t9,450\tD", {"35,027": "shares", "9,450": "shares"})
    around = Surroundings(document, tagging)
    assert around.signals([at["35,027"]])["scrap_beside"] == 1.0
    assert around.signals([at["9,450"]])["scrap_beside"] == 0.0


def test_words_of_no_value_beside_a_value_are_strays_unless_the_form_prints_them():
    labels = {"NETFL": "issuer.name", "Acme": "issuer.name"}
    document, tagging, at = labelled("NETFL IX [\nAcme Issuer", labels, form=("Issuer",))
    around = Surroundings(document, tagging)
    assert around.signals([at["NETFL"]])["stray_beside"] == 1.0
    assert around.signals([at["Acme"]])["stray_beside"] == 0.0


def test_words_said_once_only_are_counted():
    document, tagging, at = labelled("Share Op here\nThe Share, Option", {"Share": "title", "Op": "title"})
    around = Surroundings(document, tagging)
    first = document.tokens.index(next(token for token in document.tokens if token.text == "Share"))
    assert around.signals([first, at["Op"]])["once_only"] == 1.0


def test_no_tokens_no_signals():
    document, tagging, _ = labelled("Stock", {})
    assert Surroundings(document, tagging).signals([]) == {}


def test_a_document_says_how_much_of_it_is_unexplained():
    document, tagging, _ = labelled("Stock 12 sold 13 Form", {"12": "shares"}, form=("Form",))
    made = document_signals(document, tagging, [])
    assert made["unexplained"] == 0.5
    assert made["form_words"] == 0.2
    assert made["strays"] == 0.4
    assert made["landmarks"] == 0.0
    assert made["word_quality"] == 1.0
    assert document_signals(Document("text", [], [], ""), tagging, []) == {}
