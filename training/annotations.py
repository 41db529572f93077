"""Annotation lines: tokens with boxes, labelled spans, and the plain record where it is known. Read, write, convert."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.document import Document, Page, Rule, Token
from extractor.errors import AnnotationError


@dataclass(slots=True)
class Span:
    """One labelled value: the indices of its tokens, and for table cells the 0-based row within the table."""

    label: str
    tokens: list[int]
    row: int | None = None


@dataclass(slots=True)
class AnnotatedDocument:
    """A document with its labelled spans. `record` holds plain values in the shape of the output contract."""

    id: str
    document: Document
    spans: list[Span]
    meta: dict[str, Any] = field(default_factory=dict)
    record: dict[str, Any] | None = None

    def token_labels(self, outside: str = "O") -> list[str]:
        """One label a token. Where spans overlap the later one wins."""
        labels = [outside] * len(self.document.tokens)
        for span in self.spans:
            for index in span.tokens:
                labels[index] = span.label
        return labels

    def to_dict(self) -> dict[str, Any]:
        # boxes are exact: rounded ones put a token at the border of a column on its other side, and what was learned
        # of it there would not be found again in the document itself
        doc = self.document
        tokens: list[dict[str, Any]] = []
        for token in doc.tokens:
            item: dict[str, Any] = {
                "text": token.text,
                "page": token.page,
                "bbox": [float(x) for x in token.bbox],
                "line": token.line,
                "start": token.start,
                "end": token.end,
            }
            if token.quality < 1.0:
                item["quality"] = round(token.quality, 3)
            if token.cell is not None:
                item["cell"] = list(token.cell)
            if token.agreement is not None:
                item["agreement"] = round(token.agreement, 3)
            tokens.append(item)
        pages = []
        for page in doc.pages:
            item = {"number": page.number, "width": float(page.width), "height": float(page.height)}
            if page.rules:
                item["rules"] = [[float(v) for v in (r.x0, r.top, r.x1, r.bottom)] for r in page.rules]
            if page.quality < 1.0:
                item["quality"] = round(page.quality, 3)
            if page.to_original is not None:
                item["to_original"] = [round(v, 9) for v in page.to_original]
            pages.append(item)
        meta = dict(self.meta) | {"kind": doc.kind, "virtual_layout": doc.virtual_layout}
        out: dict[str, Any] = {
            "id": self.id,
            "pages": pages,
            "tokens": tokens,
            "spans": [{"label": s.label, "tokens": s.tokens, "row": s.row} for s in self.spans],
            "meta": meta,
        }
        if self.record is not None:
            out["record"] = self.record
        return out

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> AnnotatedDocument:
        """Build from one parsed line. Keys that only our own readers give (cell, quality, rules) may be absent."""
        try:
            meta = dict(data.get("meta") or {})
            kind = str(meta.get("kind", "text"))
            pages = [
                Page(
                    number=int(p["number"]),
                    width=float(p["width"]),
                    height=float(p["height"]),
                    kind=kind,
                    rules=[Rule(*map(float, r)) for r in p.get("rules", [])],
                    quality=float(p.get("quality", 1.0)),
                    to_original=tuple(map(float, p["to_original"])) if p.get("to_original") else None,
                )
                for p in data["pages"]
            ]
            tokens = [_token(t) for t in data["tokens"]]
            spans = [Span(str(s["label"]), [int(i) for i in s["tokens"]], s.get("row")) for s in data["spans"]]
        except (KeyError, TypeError, ValueError) as exc:
            raise AnnotationError(f"{data.get('id', '?')}: not an annotation line ({exc!r})") from exc
        for span in spans:
            if not span.tokens or min(span.tokens) < 0 or max(span.tokens) >= len(tokens):
                raise AnnotationError(f"{data['id']}: span {span.label} points outside of the tokens")
        document = Document(
            kind=kind,
            pages=pages,
            tokens=tokens,
            text=_joined_text(tokens),
            virtual_layout=bool(meta.get("virtual_layout", False)),
            path=str(data["id"]),
        )
        return cls(str(data["id"]), document, spans, meta, data.get("record"))


def _token(item: dict[str, Any]) -> Token:
    bbox = item.get("bbox")
    start, end, line = int(item["start"]), int(item["end"]), int(item["line"])
    if bbox is None:  # text without a layout of its own: offsets along the line stand in
        bbox = [start * 5.0, line * 12.0, end * 5.0, line * 12.0 + 10.0]
    cell = item.get("cell")
    return Token(
        text=str(item["text"]),
        page=int(item["page"]),
        bbox=(float(bbox[0]), float(bbox[1]), float(bbox[2]), float(bbox[3])),
        line=line,
        start=start,
        end=end,
        quality=float(item.get("quality", 1.0)),
        cell=(int(cell[0]), int(cell[1]), int(cell[2])) if cell else None,
        agreement=float(item["agreement"]) if item.get("agreement") is not None else None,
    )


def _joined_text(tokens: list[Token]) -> str:
    """Text of the right length with each token at its offsets; what stood between them is blanks and line ends."""
    parts: list[str] = []
    at = 0
    line = 0
    for token in tokens:
        if token.start > at:
            gap = " " * (token.start - at)
            parts.append(gap if token.line == line else "\n" + gap[1:])
            at = token.start
        parts.append(token.text)
        at += len(token.text)
        line = token.line
    return "".join(parts)


def read_annotations(paths: Iterable[Path | str]) -> Iterator[AnnotatedDocument]:
    """Stream documents from .jsonl and .jsonl.gz files; directories are searched for both.

    Raises AnnotationError naming file and line where a line is no annotation.
    """
    for path in _files(paths):
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    yield AnnotatedDocument.from_dict(json.loads(line))
                except (json.JSONDecodeError, AnnotationError) as exc:
                    raise AnnotationError(f"{path}:{number}: {exc}") from exc


def _files(paths: Iterable[Path | str]) -> list[Path]:
    found: list[Path] = []
    for item in map(Path, paths):
        if item.is_dir():
            found += sorted(p for p in item.rglob("*") if p.name.endswith((".jsonl", ".jsonl.gz")))
        elif item.exists():
            found.append(item)
        else:
            raise AnnotationError(f"{item}: no such file")
    return found


def write_annotations(path: Path, documents: Iterable[AnnotatedDocument]) -> int:
    """Write one document a line, gzipped (without a time stamp) where the name ends in .gz. Returns the count."""
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as raw:
        stream = (
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9)
            if path.suffix == ".gz"
            else raw
        )
        for document in documents:
            stream.write((json.dumps(document.to_dict(), ensure_ascii=False, separators=(",", ":")) + "\n").encode())
            count += 1
        if stream is not raw:
            stream.close()
    return count


def data_hash(documents: Iterable[AnnotatedDocument]) -> str:
    """Hash over ids, tokens and labels: which data a model learned from."""
    digest = hashlib.sha256()
    for item in documents:
        digest.update(item.id.encode())
        for token, label in zip(item.document.tokens, item.token_labels(), strict=True):
            digest.update(f"{token.text}\x1f{label}\x1e".encode("utf-8", "replace"))
    return digest.hexdigest()
