"""Label Studio: annotations as tasks to correct there, and its JSON export back into annotations.

Two views. "pages": rectangles on page images; "text": spans of running text. A value whose parts lie apart is several
regions joined by relations; its row is a number on each region. What a region covered when it was written is kept with
the task, so that regions nobody moved come back as they went out; moved and new ones take the tokens they cover.
Format: https://labelstud.io/guide/export, https://labelstud.io/tags/rectanglelabels
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from extractor.document import BBox, original_bbox
from extractor.errors import AnnotationError
from extractor.labels import FORM_LABELS
from extractor.readers.text import read_text
from training.annotations import AnnotatedDocument, Span

Task = dict[str, Any]
_COLOURS = ("#d1495b", "#00798c", "#edae49", "#30638e", "#6a994e", "#8e5572", "#bc6c25", "#3d405b")
_STILL = 0.05  # percent of the page or characters that a region may differ by and count as not moved


def to_task(item: AnnotatedDocument, view: str, images: Sequence[str] = ()) -> Task:
    """One document as a task. `view` is "pages" or "text"; `images` are the addresses of its page images, in order.

    Spans of pre-annotated documents become a prediction, which Label Studio offers for correction; others become an
    annotation.
    """
    places = _Places(item, view)
    results: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    covered: dict[str, list[int]] = {}
    for number, span in enumerate(item.spans):
        before = None
        for piece, tokens in enumerate(places.pieces(span)):
            region = f"s{number}-{piece}"
            covered[region] = tokens
            results += _region(region, span, tokens, places)
            if before is not None:
                relations.append({"type": "relation", "from_id": before, "to_id": region, "direction": "right"})
            before = region
    whole = item.to_dict()
    del whole["spans"]
    data: dict[str, Any] = {"id": item.id, "form4": {"document": whole, "regions": covered, "view": view}}
    if view == "pages":
        data["pages"] = list(images)
    else:
        data["text"] = item.document.text
    task: Task = {"data": data}
    done = {"result": results + relations}
    if item.meta.get("source") == "pre-annotated":
        task["predictions"] = [{"model_version": str(item.meta.get("model", "")), **done}]
    else:
        task["annotations"] = [done]
    return task


def _region(region: str, span: Span, tokens: Sequence[int], places: _Places) -> Iterator[dict[str, Any]]:
    where = places.value(tokens)
    to_name = "page" if places.view == "pages" else "text"
    kind = "rectanglelabels" if places.view == "pages" else "labels"
    common = {"id": region, "to_name": to_name} | places.page_facts(tokens)
    yield common | {"from_name": "label", "type": kind, "value": where | {kind: [span.label]}}
    if span.row is not None:
        yield common | {"from_name": "row", "type": "number", "value": where | {"number": span.row}}


class _Places:
    """Where tokens lie in a view: boxes in percent of their page, or character offsets."""

    def __init__(self, item: AnnotatedDocument, view: str) -> None:
        if view not in ("pages", "text"):
            raise ValueError(f"no view {view!r}")
        self.view = view
        self._tokens = item.document.tokens
        self._text = item.document.text
        self._pages = {page.number: (place, page) for place, page in enumerate(item.document.pages)}
        self._boxes: list[BBox] = [original_bbox(self._pages[t.page][1], t.bbox) for t in self._tokens]
        self._on_page: dict[int, list[int]] = defaultdict(list)
        for index, token in enumerate(self._tokens):
            self._on_page[token.page].append(index)

    def pieces(self, span: Span) -> list[list[int]]:
        """A span cut into parts that one region can hold: neighbours in the text, or of one line of a page."""
        runs: list[list[int]] = []
        for index in span.tokens:
            if runs and index == runs[-1][-1] + 1 and self._together(runs[-1][-1], index):
                runs[-1].append(index)
            else:
                runs.append([index])
        if self.view == "text":
            return runs
        return [part for run in runs for part in ([run] if self._alone(run) else [[i] for i in run])]

    def _together(self, left: int, right: int) -> bool:
        if self.view == "text":
            return True
        a, b = self._tokens[left], self._tokens[right]
        return a.page == b.page and a.line == b.line

    def _alone(self, run: Sequence[int]) -> bool:
        """Whether the rectangle around a run covers no other token."""
        inside = set(run)
        box = self._union(run)
        return all(i in inside or not _covers(box, self._boxes[i]) for i in self._on_page[self._tokens[run[0]].page])

    def _union(self, tokens: Sequence[int]) -> BBox:
        boxes = [self._boxes[i] for i in tokens]
        return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))

    def value(self, tokens: Sequence[int]) -> dict[str, Any]:
        """The place of a region as Label Studio writes it."""
        if self.view == "text":
            start, end = self._tokens[tokens[0]].start, self._tokens[tokens[-1]].end
            return {"start": start, "end": end, "text": self._text[start:end]}
        x0, top, x1, bottom = self._union(tokens)
        _, (width, height) = self._page_of(tokens)
        return {
            "x": round(100 * x0 / width, 4),
            "y": round(100 * top / height, 4),
            "width": round(100 * (x1 - x0) / width, 4),
            "height": round(100 * (bottom - top) / height, 4),
            "rotation": 0,
        }

    def page_facts(self, tokens: Sequence[int]) -> dict[str, Any]:
        """Which image of several a rectangle lies on, and its size (in points; Label Studio takes any unit)."""
        if self.view == "text":
            return {}
        place, (width, height) = self._page_of(tokens)
        return {
            "item_index": place,
            "original_width": round(width),
            "original_height": round(height),
            "image_rotation": 0,
        }

    def _page_of(self, tokens: Sequence[int]) -> tuple[int, tuple[float, float]]:
        place, page = self._pages[self._tokens[tokens[0]].page]
        size = original_bbox(page, (0.0, 0.0, page.width, page.height))
        if page.to_original is not None and abs(size[2] - size[0] - page.height) < abs(size[2] - size[0] - page.width):
            return place, (page.height, page.width)  # the page lies on its side for a viewer
        return place, (page.width, page.height)

    def tokens_in(self, region: Mapping[str, Any]) -> list[int]:
        """The tokens that a region covers: by their middle."""
        value = region["value"]
        if self.view == "text":
            start, end = int(value["start"]), int(value["end"])
            return [i for i, t in enumerate(self._tokens) if start <= (t.start + t.end - 1) / 2 < end]
        number = list(self._pages)[int(region.get("item_index", value.get("item_index", 0)))]
        members = self._on_page[number]
        if not members:
            return []
        _, (width, height) = self._page_of(members)
        x0, top = float(value["x"]) * width / 100, float(value["y"]) * height / 100
        box = (x0, top, x0 + float(value["width"]) * width / 100, top + float(value["height"]) * height / 100)
        return [i for i in members if _covers(box, self._boxes[i])]


def _covers(outer: BBox, inner: BBox) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def from_task(task: Mapping[str, Any]) -> AnnotatedDocument:
    """One exported task as an annotation; the last annotation that was not skipped counts, else the prediction.

    Tasks that this module did not write must hold their text in `data.text`. AnnotationError where there is neither.
    """
    data = task.get("data") or {}
    ours = data.get("form4")
    if ours:
        whole = dict(ours["document"]) | {"spans": []}
        item, view = AnnotatedDocument.from_dict(whole), str(ours["view"])
    elif isinstance(data.get("text"), str):
        document = read_text(data["text"])
        name = str(data.get("id") or task.get("id") or "task")
        item, view = AnnotatedDocument(name, document, [], {"source": "label studio"}), "text"
    else:
        raise AnnotationError(f"task {task.get('id', '?')}: holds neither our document nor `data.text`")
    places = _Places(item, view)
    results = _results(task)
    if any(answer.get("result") is not None for answer in task.get("annotations") or []):
        item.meta["source"] = "annotated"
    item.spans = _spans(results, places, (ours or {}).get("regions") or {}, item.id)
    return item


def _results(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    answers = [a for a in task.get("annotations") or [] if not a.get("was_cancelled")]
    answers = answers or list(task.get("predictions") or [])
    return list(answers[-1].get("result") or []) if answers else []


def _spans(
    results: Sequence[Mapping[str, Any]], places: _Places, covered: Mapping[str, Sequence[int]], name: str
) -> list[Span]:
    labels: dict[str, str] = {}
    rows: dict[str, int] = {}
    tokens: dict[str, list[int]] = {}
    follows: dict[str, str] = {}
    try:
        for result in results:
            kind, value = result["type"], result.get("value") or {}
            if kind == "relation":
                follows[result["to_id"]] = result["from_id"]
            elif kind == "number":
                rows[result["id"]] = int(value["number"])
            elif kind in ("rectanglelabels", "labels") and value.get(kind):
                labels[result["id"]] = str(value[kind][0])
                tokens[result["id"]] = _tokens_of(result, places, covered)
    except (KeyError, TypeError, ValueError) as exc:
        raise AnnotationError(f"{name}: a region that cannot be understood ({exc!r})") from exc
    groups: dict[str, list[str]] = {}
    for region in labels:
        groups.setdefault(_head(region, follows, labels), []).append(region)
    spans = []
    for regions in groups.values():
        members = sorted({index for region in regions for index in tokens[region]})
        row = next((rows[region] for region in regions if region in rows), None)
        if members:
            spans.append(Span(labels[regions[0]], members, row))
    return spans


def _tokens_of(result: Mapping[str, Any], places: _Places, covered: Mapping[str, Sequence[int]]) -> list[int]:
    before = covered.get(result["id"])
    if before:
        then, now = places.value(before), result["value"]
        keys = ("start", "end") if places.view == "text" else ("x", "y", "width", "height")
        if all(abs(float(now[key]) - float(then[key])) <= _STILL for key in keys):
            return list(before)
    return places.tokens_in(result)


def _head(region: str, follows: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """The first region of a chain of relations between regions of one label."""
    seen = {region}
    while follows.get(region) in labels and labels[follows[region]] == labels[region] and follows[region] not in seen:
        region = follows[region]
        seen.add(region)
    return region


def config(labels: Iterable[str], view: str) -> str:
    """The labelling interface for a project with these tasks, to paste into its settings."""
    known = set(labels)
    ordered = [label for label in FORM_LABELS if label in known or known & set(FORM_LABELS)]
    ordered += sorted(known - set(ordered))
    groups = sorted({label.split(".")[0] for label in ordered})
    lines = [
        f"    <Label value={quoteattr(label)} background={quoteattr(_colour(label, groups))}/>" for label in ordered
    ]
    if view == "pages":
        head = ['  <Image name="page" valueList="$pages" zoom="true" zoomControl="true"/>']
        opened, closed, target = '  <RectangleLabels name="label" toName="page">', "  </RectangleLabels>", "page"
    else:
        head = ['  <Text name="text" value="$text" granularity="word"/>']
        opened, closed, target = '  <Labels name="label" toName="text">', "  </Labels>", "text"
    row = [f'  <Number name="row" toName="{target}" perRegion="true" min="0"/>']
    relations = ["  <Relations>", '    <Relation value="goes on"/>', "  </Relations>"]
    return "\n".join(["<View>", *head, opened, *lines, closed, *row, *relations, "</View>"]) + "\n"


def _colour(label: str, groups: Sequence[str]) -> str:
    return _COLOURS[groups.index(label.split(".")[0]) % len(_COLOURS)]


def read_tasks(path: Path) -> Iterator[AnnotatedDocument]:
    """Annotations from a Label Studio JSON export (format "JSON", not "JSON-MIN")."""
    try:
        tasks = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise AnnotationError(f"{path}: {exc}") from exc
    for task in tasks if isinstance(tasks, list) else [tasks]:
        if not isinstance(task, dict) or "data" not in task:
            raise AnnotationError(f"{path}: not an export of Label Studio's JSON format (a task has no `data`)")
        yield from_task(task)


def write_tasks(
    path: Path,
    documents: Iterable[AnnotatedDocument],
    view: str | None = None,
    folder: Path | None = None,
    prefix: str | None = None,
) -> int:
    """Write tasks, the labelling interface (`NAME.config.xml`) and, for pages, their images (`NAME.images/`).

    `view` defaults to pages where every document has real ones. `folder` is where the documents themselves are looked
    for by name; pages of those that are not found are drawn from their tokens. `prefix` stands before an image's file
    name in its address; the default suits Label Studio's local file storage of the images' parent folder.
    Returns the number of tasks.
    """
    items = list(documents)
    if view is None:
        view = "text" if any(item.document.virtual_layout for item in items) else "pages"
    images = path.parent / f"{path.stem}.images"
    if prefix is None:
        prefix = f"/data/local-files/?d={images.name}/"
    tasks = []
    path.parent.mkdir(parents=True, exist_ok=True)
    for item in items:
        names: list[str] = []
        if view == "pages":
            from training.exchange.page_images import write_page_images

            names = write_page_images(item, images, folder)
        tasks.append(to_task(item, view, [prefix + name for name in names]))
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    labels = {span.label for item in items for span in item.spans}
    path.with_name(f"{path.stem}.config.xml").write_text(config(labels, view), encoding="utf-8")
    return len(tasks)
