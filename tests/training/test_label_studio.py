"""Annotations go to Label Studio and come back; what a person moves there takes the tokens it then covers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import any_spans, notice, notices, spans_of
from PIL import Image

from extractor.cli import main
from extractor.document import Document, Page, Token
from extractor.errors import AnnotationError
from extractor.labels import FORM_LABELS
from training.annotations import AnnotatedDocument, Span, read_annotations, write_annotations
from training.exchange.label_studio import config, from_task, read_tasks, to_task, write_tasks
from training.synthesis.annotate import annotate_pdf
from training.synthesis.garble import annotate_text
from training.synthesis.invent import invent_filing

Region = dict[str, Any]


def through_json(task: dict[str, Any]) -> AnnotatedDocument:
    return from_task(json.loads(json.dumps(task)))


@pytest.fixture(scope="module")
def printed() -> AnnotatedDocument:
    rng = random.Random(2)
    item = annotate_pdf(invent_filing(rng, "current"), "official", rng)
    item.id = "printed.pdf#0"
    return item


@pytest.fixture(scope="module")
def garbled() -> AnnotatedDocument:
    rng = random.Random(3)
    item = annotate_text(invent_filing(rng, "current"), "official", rng, "cells")
    item.id = "garbled.txt#0"
    return item


@pytest.mark.parametrize("view", ["pages", "text"])
@pytest.mark.parametrize("which", ["printed", "garbled"])
def test_spans_come_back_as_they_went(view: str, which: str, request: pytest.FixtureRequest) -> None:
    item = request.getfixturevalue(which)
    again = through_json(to_task(item, view, ["p1.png"] * len(item.document.pages)))
    assert spans_of(again) == spans_of(item)
    assert again.document.tokens == AnnotatedDocument.from_dict(item.to_dict()).document.tokens
    assert again.record == item.record


@pytest.mark.parametrize("view", ["pages", "text"])
def test_regions_say_enough_by_their_place_alone(view: str, printed: AnnotatedDocument) -> None:
    task = to_task(printed, view, ["p.png"])
    task["data"]["form4"]["regions"] = {}
    assert spans_of(through_json(task)) == spans_of(printed)


@given(any_spans(), st.sampled_from(["pages", "text"]))
def test_any_spans_come_back(spans: list[Span], view: str) -> None:
    item = notice(1)
    item.spans = spans
    assert spans_of(through_json(to_task(item, view))) == spans_of(item)


def task_of(item: AnnotatedDocument, view: str) -> tuple[dict[str, Any], list[Region]]:
    task = to_task(item, view, ["p.png"])
    return task, task["annotations"][0]["result"]


def test_a_region_that_was_moved_takes_the_tokens_it_covers() -> None:
    item = notice(1)
    (day,) = (span for span in item.spans if span.label == "day")
    item.spans = [Span("day", [0])]
    task, (region,) = task_of(item, "text")
    tokens = item.document.tokens
    region["value"] |= {"start": tokens[day.tokens[0]].start, "end": tokens[day.tokens[-1]].end}
    assert spans_of(through_json(task)) == [("day", day.tokens, None)]


def test_a_rectangle_drawn_anew_takes_the_tokens_whose_middle_it_covers() -> None:
    tokens = [
        Token("left", 1, (10.0, 10.0, 50.0, 20.0), 0, 0, 4),
        Token("right", 1, (60.0, 10.0, 100.0, 20.0), 0, 5, 10),
        Token("other", 2, (60.0, 10.0, 100.0, 20.0), 1, 11, 16),
    ]
    pages = [Page(1, 200.0, 100.0, "pdf_text"), Page(2, 200.0, 100.0, "pdf_text")]
    item = AnnotatedDocument("a", Document("pdf_text", pages, tokens, "left right\nother"), [])
    task, result = task_of(item, "pages")
    place = {"x": 28.0, "y": 8.0, "width": 25.0, "height": 14.0, "rotation": 0}
    for number, page in enumerate((0, 1)):
        region = {"id": f"new{number}", "type": "rectanglelabels", "from_name": "label", "to_name": "page"}
        result.append(region | {"item_index": page, "value": place | {"rectanglelabels": ["amount"]}})
    result.append({"id": "new1", "type": "number", "from_name": "row", "to_name": "page", "value": {"number": 2}})
    assert spans_of(through_json(task)) == [("amount", [1], None), ("amount", [2], 2)]


def test_a_page_that_lay_on_its_side_is_annotated_as_a_viewer_shows_it() -> None:
    page = Page(1, 792.0, 612.0, "pdf_scan", to_original=(0, 1, 0, -1, 0, 792, 0, 0, 1))
    item = AnnotatedDocument(
        "turned",
        Document("pdf_scan", [page], [Token("x", 1, (10.0, 20.0, 30.0, 40.0), 0, 0, 1)], "x"),
        [Span("a", [0])],
    )
    task, (region,) = task_of(item, "pages")
    assert region["value"]["x"] == pytest.approx(100 * 20 / 612, abs=1e-3)
    assert region["value"]["y"] == pytest.approx(100 * 762 / 792, abs=1e-3)
    task["data"]["form4"]["regions"] = {}
    assert spans_of(through_json(task)) == [("a", [0], None)]


def test_pre_annotations_are_predictions_until_a_person_answers() -> None:
    item = notice(1)
    item.meta["source"] = "pre-annotated"
    task = to_task(item, "text")
    assert "annotations" not in task
    assert spans_of(through_json(task)) == spans_of(item)
    task["annotations"] = [{"result": [], "was_cancelled": True}]
    assert spans_of(through_json(task)) == spans_of(item)
    task["annotations"].append({"result": []})
    answered = through_json(task)
    assert answered.spans == []
    assert answered.meta["source"] == "annotated"


def test_tasks_of_others_are_read_by_their_text() -> None:
    value = {"start": 5, "end": 10, "labels": ["amount"]}
    task = {"id": 7, "data": {"text": "Sold 1,250 shares"}, "annotations": [{"result": [
        {"id": "r", "type": "labels", "from_name": "l", "to_name": "t", "value": value}]}]}  # fmt: skip
    item = from_task(task)
    assert [item.document.tokens[i].text for i in item.spans[0].tokens] == ["1,250"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda task: task["data"].pop("form4"),
        lambda task: task["annotations"][0]["result"][0].pop("id"),
        lambda task: task["annotations"][0]["result"][0]["value"].update(start="x"),
    ],
)
def test_tasks_that_cannot_be_understood_are_refused(spoil: Callable[[dict[str, Any]], Any]) -> None:
    task = to_task(notice(1), "text")
    spoil(task)
    task["data"].pop("text", None)
    with pytest.raises(AnnotationError):
        from_task(task)


def test_the_labelling_interface_names_every_label_once() -> None:
    for view, tag in (("pages", "RectangleLabels"), ("text", "Labels")):
        root = ElementTree.fromstring(config(['a "quoted" <label>', "b", "b"], view))
        labels = [label.get("value") for label in root.iter("Label")]
        assert labels == ['a "quoted" <label>', "b"]
        assert root.find(tag) is not None
    ours = ElementTree.fromstring(config(["issuer.name"], "text"))
    # what nobody labelled yet can be labelled too
    assert [label.get("value") for label in ours.iter("Label")] == list(FORM_LABELS)


def test_page_images_are_written_beside_the_tasks(tmp_path: Path, printed: AnnotatedDocument) -> None:
    out = tmp_path / "tasks.json"
    assert write_tasks(out, [printed]) == 1
    (task,) = json.loads(out.read_text(encoding="utf-8"))
    names = [url.removeprefix("/data/local-files/?d=") for url in task["data"]["pages"]]
    assert len(names) == len(printed.document.pages)
    page = printed.document.pages[0]
    with Image.open(tmp_path / names[0]) as image:
        assert image.width / image.height == pytest.approx(page.width / page.height, rel=0.01)
        assert image.getextrema() != ((255, 255),) * 3
    assert (tmp_path / "tasks.config.xml").exists()


def test_the_commands_take_annotations_out_and_in(tmp_path: Path) -> None:
    write_annotations(tmp_path / "a.jsonl", notices(3))
    assert main(["annotate", "export", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "t.json")]) == 0
    assert main(["annotate", "import", str(tmp_path / "t.json"), "-o", str(tmp_path / "b.jsonl")]) == 0
    before, after = (list(read_annotations([tmp_path / name])) for name in ("a.jsonl", "b.jsonl"))
    assert [spans_of(item) for item in before] == [spans_of(item) for item in after]


@pytest.mark.parametrize("text", ["{", "[{}]", '{"id": 1}'])
def test_files_that_are_no_export_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"x\.json"):
        list(read_tasks(tmp_path / "x.json"))
    assert main(["annotate", "import", str(tmp_path / "x.json"), "-o", str(tmp_path / "y.jsonl")]) == 2
