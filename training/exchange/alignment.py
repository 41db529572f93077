"""Lays a corrected record back on the document's tokens: which tokens are which value.

Three sources, the surest first. (1) Where the record says where a value was read and the tokens there still mean it,
they are it. (2) What a person changed or added is searched for by its parsed value, in any printed form. (3) Where
several places would do, the tagger's own opinion, the row's other values and the column decide: rows are laid in page
order by dynamic programming over the places of their values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from extractor.document import Document, original_bbox
from extractor.labels import OUTSIDE
from extractor.tagging.model import TaggerModel, Tagging, label_runs
from training.annotations import Span
from training.comparing import comparable
from training.exchange.candidates import Candidate, Candidates
from training.exchange.wanted import PROSE, TEXTS, Wanted, wanted_values

_FADE = 0.03  # what a candidate loses with each token between it and the rest of its row
_REACH = 90  # tokens of a row may stand so far from its middle
_KEPT = ("footnote.mark", "box.one_person", "box.joint")
"""Labels of what records do not hold: the tagger's opinion stays."""
_REPEATED = ("owner.", "issuer.", "form_type", "period_of_report", "signature.", "box.", "no_securities_owned")
_WEIGHT = {"date": 1.0, "day": 1.0, "number": 1.2, "price": 1.0, "code": 0.6, "acquired": 0.5, "direct": 0.5}
_NO_ANCHOR = frozenset(("acquired", "direct", "code", "tick", "voluntary", "swap"))


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that the annotation lacks, or holds in tokens that read otherwise.

    `reason` is "not found" or "reads otherwise"; `printed` what the tokens say in the second case.
    """

    path: str
    value: Any
    reason: str
    printed: str | None = None

    def sentence(self) -> str:
        if self.reason == "not found":
            return f"{self.path}: {self.value!r} was not found on the page"
        return f"{self.path}: {self.value!r} stands where the page reads {self.printed!r}"


@dataclass(slots=True)
class Alignment:
    """Spans of a document, what could not be placed, and the paths of the values that were searched for and found."""

    spans: list[Span]
    gaps: list[Gap]
    found: list[str]


def align(
    document: Document, record: Mapping[str, Any], model: TaggerModel, tagging: Tagging | None = None
) -> Alignment:
    """Annotate a document with a record. `tagging` is the model's own reading, computed where it is not given."""
    return _Aligner(document, record, model, tagging or model.tag(document)).run()


class _Aligner:
    def __init__(self, document: Document, record: Mapping[str, Any], model: TaggerModel, tagging: Tagging) -> None:
        self._document, self._tagging = document, tagging
        self._wanted = wanted_values(record)
        self._order = [int(i) for i in tagging.layout.order]
        self._candidates = Candidates(document, [range(len(document.tokens)), self._order])
        self._belief = _beliefs(document, model)
        self._column = {label: i for i, label in enumerate(model.labels)}
        self._record = record
        self._chosen: dict[int, tuple[int, ...]] = {}  # index of the wanted value -> its tokens
        self._inexact: set[int] = set()
        self._taken: set[int] = set()
        self._runs: dict[str, list[list[int]]] = defaultdict(list)
        for run in label_runs(tagging):
            self._runs[tagging.labels[run[0]]].append(run)

    def run(self) -> Alignment:
        for index, wanted in enumerate(self._wanted):
            tokens = self._where_it_was_read(wanted)
            if tokens and not self._taken & set(tokens):
                self._take(index, tokens)
        located = set(self._chosen)
        open_ = [i for i in range(len(self._wanted)) if i not in located]
        pools = {i: self._pool(self._wanted[i]) for i in open_}
        for _ in range(2):  # the second time, columns are known
            for index in open_:
                self._free(index)
            self._search(open_, pools)
        for index in open_:
            tokens = () if index in self._chosen else self._where_it_nearly_stands(self._wanted[index])
            if tokens and not self._taken & set(tokens):
                self._take(index, tokens, exact=False)
        gaps = [gap for i in range(len(self._wanted)) if (gap := self._gap(i)) is not None]
        return Alignment(self._spans(), gaps, [self._wanted[i].path for i in open_ if i in self._chosen])

    def _take(self, index: int, tokens: Sequence[int], exact: bool = True) -> None:
        if self._wanted[index].kind == "tick":
            tokens = self._whole_box(tokens[0], self._wanted[index].label)
        self._chosen[index] = tuple(tokens)
        self._taken.update(tokens)
        if not exact:
            self._inexact.add(index)

    def _whole_box(self, index: int, label: str) -> list[int]:
        """A check box's mark with its brackets."""
        for run in self._runs[label]:
            if index in run and not self._taken & set(run):
                return run
        tokens, out = self._document.tokens, [index]
        for beside, brackets, at in ((index - 1, "[(", 0), (index + 1, "])", len(out))):
            inside = 0 <= beside < len(tokens) and beside not in self._taken
            if inside and tokens[beside].text in brackets and tokens[beside].line == tokens[index].line:
                out.insert(at, beside)
        return sorted(out)

    def _free(self, index: int) -> None:
        self._taken.difference_update(self._chosen.pop(index, ()))
        self._inexact.discard(index)

    # where the record says it was read -------------------------------------------------------------------------

    def _where_it_was_read(self, wanted: Wanted) -> tuple[int, ...]:
        """The tokens at the place that the record's field names, where they mean its value; else none."""
        if wanted.field is None:
            return ()
        here = self._tokens_at(wanted.field)
        if not here:
            return ()
        labelled = [i for i in here if self._tagging.labels[i] == wanted.label]
        for tokens in (labelled, here):
            if tokens and self._candidates.agrees(self._as_decoded(tokens), wanted):
                return tuple(sorted(tokens))
        if labelled and wanted.field.get("method") == "repaired":  # reads otherwise and still stands there
            return tuple(sorted(labelled))
        return ()

    def _where_it_nearly_stands(self, wanted: Wanted) -> tuple[int, ...]:
        """The tokens that were read as this text and say nearly what it should be; for what no search finds."""
        if wanted.field is None or wanted.kind not in TEXTS | PROSE:
            return ()
        here = [i for i in self._tokens_at(wanted.field) if self._tagging.labels[i] == wanted.label]
        raw = " ".join(self._document.tokens[i].text for i in self._as_decoded(here))
        near = fuzz.ratio(str(comparable(raw) or ""), str(comparable(wanted.value) or "")) >= 75
        return tuple(sorted(here)) if here and near else ()

    def _tokens_at(self, field: Mapping[str, Any]) -> list[int]:
        tokens = self._document.tokens
        span, bbox, page = field.get("span"), field.get("bbox"), field.get("page")
        if span is not None:
            return [i for i, t in enumerate(tokens) if t.start >= span[0] and t.end <= span[1]]
        if bbox is not None and page is not None:
            pages = {p.number: p for p in self._document.pages}
            out = []
            for i, token in enumerate(tokens):
                if token.page != page:
                    continue
                box = original_bbox(pages[page], token.bbox)
                x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
                if bbox[0] - 0.6 <= x <= bbox[2] + 0.6 and bbox[1] - 0.6 <= y <= bbox[3] + 0.6:
                    out.append(i)
            return out
        if field.get("raw") and page is not None:  # web pages have neither: the words and the label must do
            words = str(field["raw"]).split()
            for run in self._all_runs():
                if " ".join(tokens[i].text for i in run).split() == words:
                    return run
        return []

    def _all_runs(self) -> list[list[int]]:
        return [run for runs in self._runs.values() for run in runs]

    def _as_decoded(self, tokens: Sequence[int]) -> list[int]:
        inside = set(tokens)
        return [i for i in self._order if i in inside]

    # search ------------------------------------------------------------------------------------------------------

    def _pool(self, wanted: Wanted) -> list[tuple[float, Candidate]]:
        """Candidates with their scores, apart from row and column: how they read, and what the tagger thinks."""
        weight = _WEIGHT.get(wanted.kind, 1.0)
        out = []
        for candidate in self._candidates.of(wanted):
            opinion = self._opinion(candidate.tokens, wanted.label)
            out.append((weight * candidate.worth + 0.9 * opinion, candidate))
        out.sort(key=lambda item: -item[0])
        return out[:60]

    def _opinion(self, tokens: Sequence[int], label: str) -> float:
        """The tagger's opinion, 0..1, of these tokens' being of that label."""
        if label not in self._column:
            return 0.0
        logs = self._belief[list(tokens), self._column[label]]
        return float(np.mean(1.0 + np.clip(logs, -7.0, 0.0) / 7.0))

    def _search(self, open_: Sequence[int], pools: Mapping[int, list[tuple[float, Candidate]]]) -> None:
        columns = self._columns()
        middles = self._row_middles(open_, pools)
        offers: list[tuple[float, int, Candidate]] = []
        for index in open_:
            wanted = self._wanted[index]
            middle = middles.get(wanted.group)
            for score, candidate in pools[index]:
                total = score + self._column_bonus(wanted, candidate, columns)
                if middle is not None:
                    apart = abs(candidate.place - middle)
                    if apart > _REACH:
                        continue
                    total -= _FADE * apart
                elif wanted.kind in _NO_ANCHOR and wanted.kind != "tick":
                    continue  # a lone letter means nothing without its row
                if total > self._least(wanted):
                    offers.append((total, index, candidate))
        for _, index, candidate in sorted(offers, key=lambda offer: (-offer[0], offer[1], offer[2].tokens)):
            if index not in self._chosen and not self._taken & set(candidate.tokens):
                self._take(index, candidate.tokens, candidate.exact)
        self._exchange({(index, candidate.tokens): total for total, index, candidate in offers}, open_)
        self._in_page_order(open_)

    def _exchange(self, worth: Mapping[tuple[int, tuple[int, ...]], float], open_: Sequence[int]) -> None:
        """Two values that took each other's tokens (one "D" for another) change them, where both together gain."""
        chosen = [i for i in open_ if i in self._chosen and i not in self._inexact]
        for place, one in enumerate(chosen):
            for other in chosen[place + 1 :]:
                mine, theirs = self._chosen[one], self._chosen[other]
                swapped = (worth.get((one, theirs)), worth.get((other, mine)))
                if swapped[0] is None or swapped[1] is None:
                    continue
                if swapped[0] + swapped[1] > worth[one, mine] + worth[other, theirs] + 1e-9:
                    self._chosen[one], self._chosen[other] = theirs, mine

    def _in_page_order(self, open_: Sequence[int]) -> None:
        """Rows that share a value take its copies from top to bottom."""
        alike: dict[tuple[str, Any], list[int]] = defaultdict(list)
        for index in open_:
            wanted = self._wanted[index]
            if index in self._chosen and index not in self._inexact and wanted.group[0].endswith("derivative"):
                alike[wanted.label, wanted.value].append(index)
        for indices in alike.values():
            places = sorted((self._chosen[i] for i in indices), key=lambda tokens: tokens[0])
            for index, tokens in zip(sorted(indices, key=lambda i: self._wanted[i].group), places, strict=True):
                self._chosen[index] = tokens

    @staticmethod
    def _least(wanted: Wanted) -> float:
        """Empty boxes and derived values are taken only where the tagger agrees: most print nothing of their own."""
        if wanted.kind == "tick":
            return 1.0 if wanted.value else 1.3
        return 1.1 if wanted.is_derived else 0.45

    def _columns(self) -> dict[str, float]:
        """The middle of each label's column, where at least two values are placed."""
        places: dict[str, list[float]] = defaultdict(list)
        for index, tokens in self._chosen.items():
            boxes = [self._document.tokens[i].bbox for i in tokens]
            places[self._wanted[index].label].append((min(b[0] for b in boxes) + max(b[2] for b in boxes)) / 2)
        return {label: float(np.median(xs)) for label, xs in places.items() if len(xs) >= 2}

    def _column_bonus(self, wanted: Wanted, candidate: Candidate, columns: Mapping[str, float]) -> float:
        if wanted.group[0] not in ("non_derivative", "derivative") or wanted.label not in columns:
            return 0.0
        boxes = [self._document.tokens[i].bbox for i in candidate.tokens]
        x = (min(b[0] for b in boxes) + max(b[2] for b in boxes)) / 2
        return 0.4 if abs(x - columns[wanted.label]) < 30.0 else -0.3

    def _row_middles(
        self, open_: Sequence[int], pools: Mapping[int, list[tuple[float, Candidate]]]
    ) -> dict[tuple[str, int], float]:
        """The middle of each group of values, as a token index. Rows of tables follow each other down the page."""
        out: dict[tuple[str, int], float] = {}
        for parts in (("non_derivative", "derivative"), ("reporting_owners",), ("signatures",), ("issuer",)):
            groups = sorted(
                {w.group for w in self._wanted if w.group[0] in parts}, key=lambda g: (parts.index(g[0]), g)
            )
            if groups:
                scores = np.stack([self._group_scores(group, open_, pools) for group in groups])
                for group, place in zip(groups, _descending(scores), strict=True):
                    if scores[groups.index(group), place] > 0.5:
                        out[group] = float(place)
        return out

    def _group_scores(
        self, group: tuple[str, int], open_: Sequence[int], pools: Mapping[int, list[tuple[float, Candidate]]]
    ) -> NDArray[np.float64]:
        """How well each token index would do as the middle of a group."""
        n = len(self._document.tokens)
        total = np.zeros(n)
        for index, wanted in enumerate(self._wanted):
            if wanted.group != group:
                continue
            peaks = np.zeros(n)
            if index in self._chosen and index not in open_:
                peaks[int(np.mean(self._chosen[index]))] = 3.0
            else:
                for score, candidate in pools.get(index, ()):
                    if not self._taken & set(candidate.tokens):
                        place = int(candidate.place)
                        peaks[place] = max(peaks[place], score)
            total += _spread(peaks)
        return total

    # the result --------------------------------------------------------------------------------------------------

    def _gap(self, index: int) -> Gap | None:
        wanted = self._wanted[index]
        if index in self._inexact:
            printed = " ".join(self._document.tokens[i].text for i in self._chosen[index])
            return Gap(wanted.path, wanted.value, "reads otherwise", printed)
        if index in self._chosen:
            return None
        silent = wanted.kind in ("tick", "swap", "statement") or wanted.is_derived
        if silent or self._repeats_another(wanted):
            return None
        return Gap(wanted.path, wanted.value, "not found")

    def _repeats_another(self, wanted: Wanted) -> bool:
        """Joint filers often share one printed address, title or signature date."""
        if wanted.group[0] not in ("reporting_owners", "signatures"):
            return False
        return any(
            w.label == wanted.label and w.value == wanted.value and i in self._chosen
            for i, w in enumerate(self._wanted)
        )

    def _spans(self) -> list[Span]:
        spans = [
            Span(w.label, sorted(self._chosen[i]), w.group[1] if w.group[0].endswith("derivative") else None)
            for i, w in enumerate(self._wanted)
            if i in self._chosen
        ]
        taken = set(self._taken)
        for label, runs in self._runs.items():
            if label == OUTSIDE or not self._stays(label):
                continue
            for run in runs:
                if taken & set(run) or not (label in _KEPT or self._says_again(label, run)):
                    continue
                spans.append(Span(label, sorted(run), self._row_beside(run) if label == "footnote.mark" else None))
                taken.update(run)
        return sorted(spans, key=lambda span: (span.tokens[0], span.label))

    @staticmethod
    def _stays(label: str) -> bool:
        return label in _KEPT or label.startswith(_REPEATED)

    def _says_again(self, label: str, run: Sequence[int]) -> bool:
        """Whether a run of the tagger is a value of the record printed once more, or an empty box."""
        if label.startswith("box."):
            mine = [w for w in self._wanted if w.label == label and not w.value]
            return any(self._candidates.agrees([i], w) for w in mine for i in run)
        if label == "no_securities_owned":
            return any(w.label == label and w.value for w in self._wanted)
        return any(w.label == label and self._candidates.agrees(run, w) for w in self._wanted)

    def _row_beside(self, run: Sequence[int]) -> int | None:
        """The row of the table cell that a footnote mark follows."""
        before = run[0] - 1
        for index, tokens in self._chosen.items():
            if before in tokens and self._wanted[index].group[0].endswith("derivative"):
                return self._wanted[index].group[1]
        return None


def _beliefs(document: Document, model: TaggerModel) -> NDArray[np.float32]:
    """Log probabilities (tokens, labels) of the classifier alone: the chain's would be too sure of what it chose."""
    hashes, _ = model.extractor(document)
    return model.log_probabilities(hashes)


def _spread(peaks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each peak as a hill that falls by _FADE a token to both sides; the upper outline of all."""
    ramp = _FADE * np.arange(len(peaks))
    left = np.maximum.accumulate(peaks + ramp) - ramp
    right = (np.maximum.accumulate((peaks + ramp[::-1])[::-1]) - ramp)[::-1]
    return np.maximum(np.maximum(left, right), 0.0)


def _descending(scores: NDArray[np.float64]) -> list[int]:
    """For each row of scores (groups, places) a place, never before the previous one's, of the greatest total."""
    groups, n = scores.shape
    best = scores[0].copy()
    back = np.zeros((groups, n), dtype=np.int64)
    for row in range(1, groups):
        reach = np.maximum.accumulate(best)
        at = np.zeros(n, dtype=np.int64)
        for place in range(1, n):
            at[place] = place if best[place] > best[at[place - 1]] else at[place - 1]
        shifted = np.concatenate([[-1e9], reach[:-1]])
        back[row, 1:] = at[:-1]
        best = scores[row] + shifted
    places = [int(best.argmax())]
    for row in range(groups - 1, 0, -1):
        places.append(int(back[row, places[-1]]))
    return places[::-1]
