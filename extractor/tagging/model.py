"""The tagger as it is stored: weights without pickle, and labelling with numpy alone.

A model is a directory with `weights.npz`, `model.json` and a card. scikit-learn trains it (training.fit); here its
network is only evaluated, so that labelling needs no import of scikit-learn.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractor.document import Document
from extractor.errors import ModelError
from extractor.labels import OUTSIDE
from extractor.tagging.decode import BONDS, decode
from extractor.tagging.features import FEATURE_VERSION, HASH_BITS, FeatureExtractor
from extractor.tagging.landmarks import Hit
from extractor.tagging.layout import Layout
from extractor.threads import one_thread

FORMAT_VERSION = 2
"""2 told states apart from labels and added the checksum over model.json itself; models of format 1 are still read."""
PLAIN, BEGINS, CONTINUES = 0, 1, 2
_ABSENT = np.int32(-1)
_DIGITS = 5  # of probabilities
_MOST_SUMMED = np.iinfo(np.int16).max // 127  # 8-bit weights that 16 bits can sum


@dataclass(slots=True)
class Tagging:
    """What the tagger says of a document's tokens, in token order.

    `labels` (n,) names; `probability` (n,) of the chosen label; `margin` (n,) its lead over the second;
    `layout` the layout it was computed from; `form_words` (n,) which tokens are words of the printed form itself;
    `role` (n,) BEGINS or CONTINUES a value where the label knows, else PLAIN.
    """

    labels: list[str]
    probability: NDArray[np.float32]
    margin: NDArray[np.float32]
    layout: Layout
    form_words: NDArray[np.bool_] | None = None
    role: NDArray[np.int64] | None = None


@dataclass(slots=True)
class TaggerModel:
    """A one-hidden-layer network over hashed features, and the chain over its probabilities.

    `vocabulary` (features,) the hashes in use, ascending; `embedding` (features, hidden); `hidden_bias` (hidden,);
    `output` (hidden, states); `output_bias` (states,); `transition` (BONDS, states, states). A label in `begins` has
    two states, for the first token of a value and for those after it; other labels have one. See states(). `generic`
    models see features of any form (tagging.generic), others those of ownership forms.
    """

    labels: list[str]
    keywords: list[str]
    vocabulary: NDArray[np.int32]
    embedding: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    output: NDArray[np.float32]
    output_bias: NDArray[np.float32]
    transition: NDArray[np.float32]
    begins: list[str] = field(default_factory=list)
    generic: bool = False
    name: str = "form4"
    version: str = "0"
    confidence: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    _slots: NDArray[np.int32] | None = None
    _padded: NDArray[np.float32] | None = None
    _stored: tuple[NDArray[np.int16], NDArray[np.float32]] | None = None  # whole numbers and their scale, once loaded
    _extractor: FeatureExtractor | None = None

    @property
    def extractor(self) -> FeatureExtractor:
        if self._extractor is None:
            self._extractor = FeatureExtractor(self.keywords, generic=self.generic)
        return self._extractor

    def slots(self) -> NDArray[np.int32]:
        """Row of the embedding for every possible hash, -1 for features never seen."""
        if self._slots is None:
            self._slots = np.full(1 << HASH_BITS, _ABSENT)
            self._slots[self.vocabulary] = np.arange(len(self.vocabulary), dtype=np.int32)
        return self._slots

    def states(self) -> list[tuple[str, int]]:
        """(label, role) of every state: two for labels in `begins`, one for the others, in the order of `labels`."""
        out: list[tuple[str, int]] = []
        for label in self.labels:
            out += [(label, BEGINS), (label, CONTINUES)] if label in self.begins else [(label, PLAIN)]
        return out

    def _table(self) -> tuple[NDArray[Any], NDArray[np.float32] | float]:
        """The embedding with a row of zeros behind it, which is what the slot -1 finds, and the scale of its columns.

        A stored model's are whole numbers below 128: the sums of some hundred templates fit 16 bits and are exact.
        """
        if self._stored is not None:
            return self._stored
        if self._padded is None:
            self._padded = np.concatenate([self.embedding, np.zeros((1, self.embedding.shape[1]), dtype=np.float32)])
            self.embedding = self._padded[:-1]  # the same memory
        return self._padded, 1.0

    def log_probabilities(self, hashes: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Log probability of every state for every token, (n, states), from hashed features (n, templates)."""
        table, scale = self._table()
        if table.dtype == np.int16 and hashes.shape[1] > _MOST_SUMMED:
            table = table.astype(np.int32)
        total = np.zeros((len(hashes), table.shape[1]), dtype=table.dtype)
        rows = np.empty_like(total)
        # a template after another, so that nothing larger than (tokens, hidden) is ever gathered
        for places in self.slots().take(hashes.T.astype(np.intp, copy=False)).astype(np.intp):
            table.take(places, axis=0, out=rows, mode="wrap")
            total += rows
        hidden = np.maximum(total * scale + self.hidden_bias, 0.0)
        scores = hidden @ self.output + self.output_bias
        scores -= scores.max(axis=1, keepdims=True) if len(scores) else 0.0
        return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), dtype=np.float32)

    @one_thread()
    def tag(self, document: Document, hits: Sequence[Hit] | None = None) -> Tagging:
        """Label every token of one filing; `hits` are its landmarks where they are known already."""
        hashes, layout = self.extractor(document, hits)
        emission = self.log_probabilities(hashes)[layout.order]
        path, belief = decode(emission, self.transition, layout.bond)
        role = None
        if self.begins:
            states = self.states()
            label_of = np.array([self.labels.index(label) for label, _ in states])
            role = np.array([kind for _, kind in states])[path]
            path = label_of[path]
            # states stand in the order of labels: those of one label lie side by side
            belief = np.add.reduceat(belief, np.flatnonzero(np.r_[True, np.diff(label_of) > 0]), axis=1)
        n = len(path)
        chosen = belief[np.arange(n), path] if n else np.zeros(0, dtype=np.float32)
        if n:
            rest = belief.copy()
            rest[np.arange(n), path] = 0.0
            margin = chosen - rest.max(axis=1)
        else:
            margin = chosen
        # confidence splits close to 1: the last digits, which another processor sums otherwise, must not decide there
        chosen, margin = np.round(chosen, _DIGITS), np.round(margin, _DIGITS)
        inverse = np.argsort(layout.order)
        labels = [self.labels[i] for i in path[inverse].tolist()]
        role = role[inverse] if role is not None else None
        return Tagging(labels, chosen[inverse], margin[inverse], layout, self.extractor.form_words(document), role)

    def save(self, directory: Path) -> None:
        """Write `weights.npz` and `model.json`. The embedding is stored as 8-bit integers with one scale a column."""
        directory.mkdir(parents=True, exist_ok=True)
        scale = np.maximum(np.abs(self.embedding).max(axis=0), 1e-8) / 127.0
        arrays = {
            "vocabulary": self.vocabulary.astype(np.int32),
            "embedding": np.rint(self.embedding / scale).astype(np.int8),
            "embedding_scale": scale.astype(np.float32),
            "hidden_bias": self.hidden_bias.astype(np.float32),
            "output": self.output.astype(np.float32),
            "output_bias": self.output_bias.astype(np.float32),
            "transition": self.transition.astype(np.float32),
        }
        weights = directory / "weights.npz"
        _write_npz(weights, arrays)
        meta = {
            "format_version": FORMAT_VERSION,
            "feature_version": FEATURE_VERSION,
            "name": self.name,
            "version": self.version,
            "labels": self.labels,
            "begins": self.begins,
            "features": "generic" if self.generic else "form",
            "keywords": self.keywords,
            "weights_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
            "confidence": self.confidence,
            "info": self.info,
        }
        meta = json.loads(json.dumps(meta))  # as it will be read again: tuples are lists, keys are texts
        meta["content_sha256"] = content_hash(meta)
        partial = directory / "model.json.part"
        partial.write_text(json.dumps(meta, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        os.replace(partial, directory / "model.json")

    @classmethod
    def load(cls, directory: Path | str) -> TaggerModel:
        """Read a model directory. ModelError says why one is refused: missing, damaged, tampered with, or too new."""
        directory = Path(directory)
        try:
            meta = json.loads((directory / "model.json").read_text(encoding="utf-8"))
            weights = (directory / "weights.npz").read_bytes()
        except FileNotFoundError as exc:
            raise ModelError(f"{directory}: no model here ({Path(str(exc.filename)).name} is missing)") from exc
        except (OSError, ValueError) as exc:
            raise ModelError(f"{directory}: model.json cannot be read ({exc})") from exc
        if not isinstance(meta, dict) or not isinstance(meta.get("format_version"), int):
            raise ModelError(f"{directory}: model.json says no format version")
        if meta["format_version"] > FORMAT_VERSION:
            raise ModelError(f"{directory}: the model has a newer format than this version of form4 reads")
        if meta.get("feature_version") != FEATURE_VERSION:
            raise ModelError(f"{directory}: the model was trained for feature version {meta.get('feature_version')}")
        if meta["format_version"] >= 2 and meta.get("content_sha256") != content_hash(meta):
            raise ModelError(f"{directory}: model.json was changed after it was written (checksum differs)")
        if hashlib.sha256(weights).hexdigest() != meta.get("weights_sha256"):
            raise ModelError(f"{directory}: weights.npz is not the file that model.json describes (checksum differs)")
        try:
            with np.load(io.BytesIO(weights), allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            whole = np.zeros((len(arrays["embedding"]) + 1, arrays["embedding"].shape[1]), dtype=np.int16)
            whole[:-1] = arrays["embedding"]
            model = cls(
                labels=list(meta["labels"]),
                keywords=list(meta["keywords"]),
                vocabulary=arrays["vocabulary"],
                embedding=arrays["embedding"].astype(np.float32) * arrays["embedding_scale"],
                hidden_bias=arrays["hidden_bias"],
                output=arrays["output"],
                output_bias=arrays["output_bias"],
                transition=arrays["transition"],
                begins=list(meta.get("begins") or []),
                generic=meta.get("features") == "generic",
                name=str(meta["name"]),
                version=str(meta["version"]),
                confidence=dict(meta.get("confidence") or {}),
                info=dict(meta.get("info") or {}),
                _stored=(whole, arrays["embedding_scale"]),
            )
        except (KeyError, ValueError, OSError, zipfile.BadZipFile, zlib.error) as exc:
            raise ModelError(f"{directory}: the stored model is incomplete ({exc})") from exc
        if (
            model.output.shape[1] != len(model.states())
            or not set(model.begins) <= set(model.labels)
            or model.transition.shape[0] != BONDS
            or OUTSIDE not in model.labels
        ):
            raise ModelError(f"{directory}: labels and weights do not fit together")
        return model


def content_hash(meta: dict[str, Any]) -> str:
    """SHA-256 over what model.json says, apart from this hash, in a form that white space and key order leave alone."""
    said = {key: value for key, value in meta.items() if key != "content_sha256"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def label_runs(tagging: Tagging) -> list[list[int]]:
    """Token indices of each labelled value, in the order of their first tokens.

    Where a label knows no beginnings: runs of one label in decoding order within a row or block. Where it does: from
    one beginning to the next; a part that was cut off by something else goes on with the nearest value of its label
    before it.
    """
    runs: list[list[int]] = []
    open_run: list[int] | None = None  # that the next token may go on with
    latest: dict[str, list[int]] = {}  # last value of each label
    for place, index in enumerate(map(int, tagging.layout.order)):
        label = tagging.labels[index]
        if label == OUTSIDE:
            open_run = None
            continue
        role = int(tagging.role[index]) if tagging.role is not None else PLAIN
        same = open_run is not None and tagging.labels[open_run[0]] == label
        if role == CONTINUES and not same:
            open_run = latest.get(label)
            same = open_run is not None
        if not same or role == BEGINS or (role == PLAIN and tagging.layout.bond[place] >= 2):
            open_run = []
            runs.append(open_run)
        assert open_run is not None
        open_run.append(index)
        latest[label] = open_run
    return runs


def _write_npz(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """As numpy.savez_compressed, but with a fixed time stamp, so that the same arrays give the same bytes."""
    partial = path.with_name(path.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0)),
                buffer.getvalue(),
                zipfile.ZIP_DEFLATED,
                9,
            )
    os.replace(partial, path)
