"""Garbled text keeps its labels; corpora repeat exactly; scans know their way back."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from extractor.record import Filing
from training.annotations import AnnotatedDocument, read_annotations
from training.synthesis import garble
from training.synthesis.annotate import Mark
from training.synthesis.corpus import make_document, synthesize
from training.synthesis.garble import GARBLERS, annotate_text
from training.synthesis.garble_noise import damage
from training.synthesis.invent import invent_filing
from training.synthesis.scan import LEVELS, Warp, scan_pdf
from training.synthesis.tape import Atom, Tape, read_tape, space


def texts(document: AnnotatedDocument, label: str) -> list[str]:
    tokens = document.document.tokens
    return ["".join(tokens[i].text for i in span.tokens) for span in document.spans if span.label == label]


def undamaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garble, "damage", lambda rng, tape: tape)


@pytest.mark.parametrize(
    "garbler", ["layout", "reading", "cells", "markdown", "pypdf", "pdfplumber", "pdfminer", "pdfium", "stripped"]
)
def test_a_garbler_that_loses_nothing_keeps_every_value(garbler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    undamaged(monkeypatch)
    rng = random.Random(f"{garbler}:3")
    filing = invent_filing(rng, "current")
    while not filing.non_derivative or len(filing.non_derivative) > 6:
        filing = invent_filing(rng, "current")
    document = annotate_text(filing, "official", rng, garbler)
    assert document.record is not None
    for index, row in enumerate(filing.non_derivative):
        spans = [s for s in document.spans if s.row == index and s.label == "non_derivative.shares_owned_following"]
        assert row.shares_owned_following is not None
        value = float(row.shares_owned_following.value or 0)
        read = {"".join(document.document.tokens[i].text for i in s.tokens).replace(",", "") for s in spans}
        assert {float(text) for text in read} == {value}
    assert len(texts(document, "footnote.text")) == len(filing.footnotes)


def test_ocr_damages_some_values_but_labels_what_is_left() -> None:
    rng = random.Random(1)
    document = annotate_text(invent_filing(rng), "official", rng, "ocr")
    assert texts(document, "issuer.name")
    assert texts(document, "signature.name")


def recognised(seed: int) -> tuple[Filing, AnnotatedDocument]:
    rng = random.Random(seed)
    filing = invent_filing(rng, "current")
    while not 1 <= len(filing.non_derivative) <= 5 or filing.derivative:
        filing = invent_filing(rng, "current")
    return filing, annotate_text(filing, "official", rng, "tesseract")


def test_recognised_pages_label_the_numbers_that_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tesserocr")
    undamaged(monkeypatch)
    right = whole = 0
    for seed in range(3):
        filing, document = recognised(seed)
        balances = [row.shares_owned_following for row in filing.non_derivative]
        values = {float(field.value or 0) for field in balances if field is not None}
        read = texts(document, "non_derivative.shares_owned_following")
        whole += len(values)
        right += sum(bool(re.fullmatch(r"[\d,.]+", t)) and float(t.replace(",", "")) in values for t in set(read))
        assert not any(set(text) <= set("|[]{}") for text in read)
    assert right >= 0.4 * whole


def test_recognised_pages_repeat_exactly() -> None:
    pytest.importorskip("tesserocr")
    first, second = recognised(1)[1], recognised(1)[1]
    assert first.document.text == second.document.text
    assert first.spans == second.spans


def test_cells_cut_values_at_column_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    undamaged(monkeypatch)
    cut = 0
    for seed in range(12):
        rng = random.Random(seed)
        document = annotate_text(invent_filing(rng), "official", rng, "cells")
        cells = [token.cell for token in document.document.tokens]
        assert any(cells)
        for span in document.spans:
            if span.label.endswith("transaction_date"):
                cut += len({cells[i] for i in span.tokens}) > 1
    assert cut > 0


def test_tokens_take_the_mark_of_most_of_their_characters() -> None:
    price, mark = Mark("non_derivative.price_per_share", 0, 1), Mark("footnote.mark", 0, 2)
    document, marks = read_tape([Atom("$1,619", price), Atom("(3)", mark), space(), Atom("D"), Atom("3", mark)])
    found = {token.text: m.label if m else None for token, m in zip(document.tokens, marks, strict=True)}
    assert found["$1,619"] == price.label
    assert found["(3)"] == mark.label


@pytest.mark.parametrize("seed", range(12))
def test_damage_changes_text_but_never_loses_a_label(seed: int) -> None:
    value = Mark("non_derivative.shares", 0, 1)
    after = Mark("non_derivative.shares_owned_following", 0, 2)
    tape: Tape = [Atom("1,619", value), space("\t"), Atom("$104,172.5", after), space("\n")] * 5
    damaged = damage(random.Random(seed), list(tape))
    assert {atom.mark.label for atom in damaged if atom.mark} == {value.label, after.label}


def test_the_same_seed_gives_the_same_corpus(tmp_path: Path) -> None:
    kinds = {"pdf": 1.0, "html": 1.0, "text": 2.0}
    first, second = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    assert synthesize(6, 11, first, kinds=kinds) == first
    synthesize(6, 11, second, kinds=kinds)
    assert first.read_bytes() == second.read_bytes()
    documents = list(read_annotations([first]))
    assert len({document.id for document in documents}) == 6
    for document in documents:
        assert document.meta["owner_key"]
        assert document.meta["source"] == "invented"
        assert document.spans


def test_a_folder_gets_a_file_named_after_the_seed(tmp_path: Path) -> None:
    path = synthesize(1, 4, tmp_path / "out", kinds={"html": 1.0})
    assert path == tmp_path / "out" / "synthetic-4.jsonl.gz"
    assert len(list(read_annotations([tmp_path / "out"]))) == 1


def test_only_the_layouts_asked_for_are_rendered(tmp_path: Path) -> None:
    path = synthesize(
        6, 9, tmp_path / "typed.jsonl", kinds={"pdf": 1, "text": 1}, layouts={"typed": 1, "typed_free": 1}
    )
    assert {document.meta["layout"] for document in read_annotations([path])} == {"typed", "typed_free"}


def test_given_filings_are_used_and_left_alone(tmp_path: Path) -> None:
    filing = invent_filing(random.Random(2))
    before = filing.to_dict()
    document = make_document(0, 5, [filing], {"text": 1.0})
    assert document.meta["source"] == "filed"
    assert filing.to_dict() == before


def test_every_mechanism_occurs_in_a_corpus() -> None:
    made = Counter(make_document(i, 21, kinds={"text": 1.0}).meta["garbler"] for i in range(24))
    assert {"layout", "reading", "cells", "ocr"} <= set(made) <= {*GARBLERS, "stripped"}


def test_a_scan_knows_where_its_points_come_from() -> None:
    warp = Warp(612, 792, 0.02, 3.0, 0.5, 1.0, (2.0, -1.0))
    x, y = np.array([100.0, 500.0], dtype=np.float32), np.array([200.0, 700.0], dtype=np.float32)
    sx, sy = warp.to_source(x, y)
    box = warp.box_to_source((90, 195, 110, 205))
    assert abs((box[0] + box[2]) / 2 - sx[0]) < 0.01
    assert abs((box[1] + box[3]) / 2 - sy[0]) < 0.01
    assert np.hypot(sx - x, sy - y).max() < 20


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_scan_leads_back_to_the_page(turns: int) -> None:
    warp = Warp(612, 792, 0.0, 0.0, 0.5, 0.0, (0.0, 0.0), turns)
    image = np.zeros((792, 612), np.uint8)
    image[195:205, 90:110] = 255
    rows, columns = np.nonzero(np.rot90(image, turns))
    box = (float(columns.min()), float(rows.min()), float(columns.max()) + 1, float(rows.max()) + 1)
    assert warp.box_to_source(box) == pytest.approx((90, 195, 110, 205))


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_every_scan_level_keeps_the_page_and_gives_the_same_bytes(level: str) -> None:
    import io

    import pypdfium2
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, (612, 792), invariant=1)
    canvas.setFont("Times-Roman", 40)
    canvas.drawString(100, 400, "QUILLON HARBOR")
    canvas.save()
    scan = scan_pdf(random.Random(1), buffer.getvalue(), level, turns=0)
    assert scan.pdf == scan_pdf(random.Random(1), buffer.getvalue(), level, turns=0).pdf
    page = pypdfium2.PdfDocument(scan.pdf)[0]
    assert page.get_size() == pytest.approx((612, 792), abs=3)
    image = page.render(scale=0.5, grayscale=True).to_numpy().squeeze()
    assert image[185:200, 60:200].mean() < image[220:235, 60:200].mean() - 15


def test_a_scanned_page_is_read_and_labelled() -> None:
    pytest.importorskip("tesserocr")
    from training.synthesis.annotate import annotate_scan

    rng = random.Random(6)
    filing = invent_filing(rng)
    while len(filing.non_derivative) + len(filing.derivative) != 2:
        filing = invent_filing(rng)
    document = annotate_scan(filing, "official", rng, "office")
    labels = {span.label for span in document.spans}
    assert {"issuer.name", "owner.name", "signature.name"} <= labels
