"""Labelled tokens of one filing as the assembler sees them, and fields made from groups of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from extractor.assembly.names import WORDS
from extractor.assembly.surroundings import Surroundings
from extractor.document import BBox, Document, Token
from extractor.labels import TABLE_PREFIXES
from extractor.memo import remembers_short
from extractor.record import Field, Value
from extractor.tagging.model import Tagging

_CONNECTIVES = frozenset(("&", "and", "of"))
_WHOLE_WORD = 6  # letters; shorter ones may be pieces that happen to spell a word


class ParsedValue(Protocol):
    """What the value parsers give; see extractor.assembly.parsed."""

    @property
    def value(self) -> Any: ...
    @property
    def mended(self) -> int: ...
    @property
    def derived(self) -> bool: ...


@dataclass(slots=True)
class Labelled:
    """A document with its labels, and the order in which its tokens are decoded and read.

    `rank[i]` is the place of token i in `order`; `probability` and `margin` are the tagging's, as plain numbers.
    A span below is always a list of token indices sorted by rank.
    `row_of` is the table row of each token of the tables, where the order of values told it. What is computed once is
    kept; `relabelled` drops what the labels decide.
    """

    document: Document
    tagging: Tagging
    order: list[int]
    rank: list[int]
    probability: list[float]
    margin: list[float]
    tokens: list[Token] = field(init=False)
    row_of: dict[int, int] | None = None
    _words: frozenset[str] | None = None
    _found: list[tuple[int, int, str]] | None = None
    _around: Surroundings | None = None
    _lines: dict[int, list[int]] | None = None
    _cells: dict[int, list[int]] | None = None

    def __post_init__(self) -> None:
        self.tokens = self.document.tokens

    @classmethod
    def of(cls, document: Document, tagging: Tagging) -> Labelled:
        order = tagging.layout.order.tolist()
        rank = [0] * len(order)
        for place, index in enumerate(order):
            rank[index] = place
        return cls(document, tagging, order, rank, tagging.probability.tolist(), tagging.margin.tolist())

    def relabelled(self, labels: list[str]) -> Labelled:
        """The same document with other labels; what stands around values is still told by those that it had."""
        return replace(self, tagging=replace(self.tagging, labels=labels), _found=None)

    def line(self, number: int) -> list[int]:
        """Indices of the tokens of a line of the document, from left to right; none for an empty one."""
        if self._lines is None:
            self._lines = {}
            for index, token in enumerate(self.tokens):
                self._lines.setdefault(token.line, []).append(index)
        return self._lines.get(number, [])

    def by_table(self) -> dict[int, list[int]]:
        """Indices of the tokens in cells, by the table of their cell."""
        if self._cells is None:
            self._cells = {}
            for index, token in enumerate(self.tokens):
                if token.cell is not None:
                    self._cells.setdefault(token.cell[0], []).append(index)
        return self._cells

    def middle(self, index: int) -> float:
        """The x of the middle of a token."""
        box = self.tokens[index].bbox
        return (box[0] + box[2]) / 2

    def pitch(self, index: int) -> float:
        """The width of a character of a token."""
        token = self.tokens[index]
        return (token.bbox[2] - token.bbox[0]) / max(1, len(token.text))

    def in_table(self, index: int) -> bool:
        """Whether a token is labelled as a value of Table I or II."""
        return self.label(index).startswith(TABLE_PREFIXES)

    @property
    def words(self) -> frozenset[str]:
        """The words that values are made of, and those that the document prints in one piece somewhere."""
        if self._words is None:
            self._words = WORDS.union(map(_long_word, {token.text for token in self.tokens})) - {""}
        return self._words

    def surroundings(self) -> Surroundings:
        if self._around is None:
            self._around = Surroundings(self.document, self.tagging)
        return self._around

    def label(self, index: int) -> str:
        return self.tagging.labels[index]

    def texts(self, indices: Iterable[int]) -> list[str]:
        return [self.tokens[i].text for i in indices]

    def runs(self, labels: Iterable[str], gap: int = 0) -> list[list[int]]:
        """Runs of tokens of one label among `labels`, in reading order.

        A run ends where another label begins; up to `gap` unlabelled tokens in between do not end it.
        """
        wanted = set(labels)
        out: list[list[int]] = []
        run: list[int] = []
        current, last = "", 0
        for place, index, label in self.labelled():
            # unlabelled tokens in between are not among these: the places tell how many there are
            if run and (place - last - 1 > gap or (label != current and label not in wanted)):
                out.append(run)
                run = []
            if label not in wanted:
                continue
            if run and label == current:
                run.append(index)
            else:
                if run:
                    out.append(run)
                run, current = [index], label
            last = place
        if run:
            out.append(run)
        return out

    def labelled(self) -> list[tuple[int, int, str]]:
        """(place in reading order, index, label) of the tokens that have a label: one in five or so of a page."""
        if self._found is None:
            labels = self.tagging.labels
            self._found = [(place, i, labels[i]) for place, i in enumerate(self.order) if labels[i] != "O"]
        return self._found

    def in_lines(self, indices: Sequence[int]) -> list[int]:
        """Tokens of one cell or paragraph as one reads them: by visual line, then from left to right.

        On scans the print of one line can lie at slightly different heights; elsewhere the order is right as it is.
        """
        tokens = self.tokens
        if len(indices) < 2 or self.document.virtual_layout:
            return list(indices)
        if self.document.page(tokens[indices[0]].page).kind == "pdf_text":
            return list(indices)
        by_height = sorted(indices, key=lambda i: (tokens[i].page, tokens[i].bbox[1] + tokens[i].bbox[3]))
        heights = sorted(tokens[i].bbox[3] - tokens[i].bbox[1] for i in indices)
        tolerance = 0.55 * heights[len(heights) // 2]
        out: list[int] = []
        line: list[int] = []
        for i in by_height:
            last = tokens[line[-1]] if line else tokens[i]
            if tokens[i].page != last.page or _middle(tokens[i]) - _middle(last) > tolerance:
                out += sorted(line, key=lambda k: tokens[k].bbox[0])
                line = []
            line.append(i)
        return out + sorted(line, key=lambda k: tokens[k].bbox[0])

    def from_cell_start(self, run: Sequence[int]) -> list[int]:
        """The run with the words before it in its cell, where they are all capitalised and none is of the form itself.

        A value begins where its cell begins: in a text that a table recogniser cut, a title's first words can look like
        nothing the tagger knows. Other runs come back as they are.
        """
        form_words = self.tagging.form_words
        cell = self.tokens[run[0]].cell
        if form_words is None or cell is None or self.document.kind != "text":
            return list(run)
        before: list[int] = []
        index = run[0] - 1
        while index >= 0 and self.tokens[index].cell == cell and self.tokens[index].line == self.tokens[run[0]].line:
            text = self.tokens[index].text
            if form_words[index] or self.label(index) != "O" or not (text[0].isupper() and text[0].isalpha()):
                return list(run)
            before.insert(0, index)
            index -= 1
        return [*before, *run] if len(before) <= len(run) else list(run)

    def past_connective(self, run: Sequence[int]) -> list[int]:
        """The run with the word behind it where it ends in "&", "and", "of" or a comma: no title ends so.

        The word must stand in the same line and cell, be capitalised, and be no word of the form itself.
        """
        out = list(run)
        last, index = self.tokens[out[-1]], out[-1] + 1
        if last.text.casefold() not in _CONNECTIVES and not last.text.endswith(","):
            return out
        if index < len(self.tokens) and self.label(index) == "O":
            after = self.tokens[index]
            of_form = self.tagging.form_words is not None and bool(self.tagging.form_words[index])
            here = (after.line, after.cell, after.page) == (last.line, last.cell, last.page)
            if here and not of_form and after.text[0].isupper():
                out.append(index)
        return out

    def field(
        self,
        indices: Sequence[int],
        parsed: ParsedValue | None = None,
        *,
        value: Value = None,
        marks: Sequence[int] = (),
        method: str | None = None,
        separator: str = " ",
    ) -> Field:
        """A field from the tokens it was read from; `parsed` or else `value` holds what they mean."""
        document, tokens, probability, margin = self.document, self.tokens, self.probability, self.margin
        probabilities = [probability[i] for i in indices]
        qualities = [tokens[i].quality for i in indices] or [1.0]
        signals = {
            "label_min": min(probabilities, default=0.0),
            "label_mean": sum(probabilities) / max(1, len(probabilities)),
            "margin_min": min([margin[i] for i in indices], default=0.0),
            "edge_min": self._edge(indices),
            "quality_min": min(qualities),
            "quality_mean": sum(qualities) / len(qualities),
            "tokens": float(len(indices)),
            "mended": float(parsed.mended) if parsed is not None else 0.0,
        }
        signals |= self.surroundings().signals(indices)
        agreements = [a for i in indices if (a := tokens[i].agreement) is not None]
        if agreements:  # only where something was read twice
            signals["agreement"] = min(agreements)
        result = parsed.value if parsed is not None else value
        derived = method == "derived" or (parsed is not None and parsed.derived)
        if derived:
            signals["derived"] = 1.0
        return Field(
            value=result,
            raw=self.raw(indices, separator),
            page=(1 if document.kind == "text" else self.tokens[indices[0]].page) if indices else None,
            bbox=self.bbox(indices),
            span=self.span(indices),
            method="derived" if derived else (method or "read"),
            marks=sorted(set(marks)),
            signals=signals,
            readings=self._readings(indices),
        )

    def _readings(self, indices: Sequence[int]) -> tuple[tuple[str, float], ...]:
        """What else the one number among these tokens may be; nothing where there are several."""
        numbers = [self.tokens[i] for i in indices if any(c.isdigit() for c in self.tokens[i].text)]
        return numbers[0].readings if len(numbers) == 1 else ()

    def _edge(self, indices: Sequence[int]) -> float:
        """The least probability among the labels of the tokens beside a value: doubt about where it begins or ends."""
        if not indices:
            return 1.0
        inside = set(indices)
        places = [self.rank[i] for i in indices]
        beside = [self.order[p] for p in (min(places) - 1, max(places) + 1) if 0 <= p < len(self.order)]
        return min([self.probability[i] for i in beside if i not in inside], default=1.0)

    def raw(self, indices: Sequence[int], separator: str = " ") -> str | None:
        """The tokens as printed; for text input just as they stand there when they are one stretch of one line."""
        if not indices:
            return None
        span = self.span(indices)
        # a value that a typed column cut is one token, whose offsets are those of its first piece
        cut = any(self.tokens[i].end - self.tokens[i].start != len(self.tokens[i].text) for i in indices)
        if span is not None and span[1] - span[0] < 200 and not cut:
            stretch = self.document.text[span[0] : span[1]]
            if "\n" not in stretch and "\t" not in stretch:
                return stretch
        parts: list[str] = []
        for place, index in enumerate(indices):
            if place:
                before = self.tokens[indices[place - 1]]
                here = self.tokens[index]
                touching = here.start == before.end
                parts.append("" if touching else (separator if here.line != before.line else " "))
            parts.append(self.tokens[index].text)
        return "".join(parts)

    def bbox(self, indices: Sequence[int]) -> BBox | None:
        """Union of the tokens' boxes on the first one's page, on the page as it came in; None without real pages."""
        if self.document.virtual_layout or not indices:
            return None
        from extractor.document import original_bbox

        page = self.tokens[indices[0]].page
        boxes = [self.tokens[i].bbox for i in indices if self.tokens[i].page == page]
        union = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        return original_bbox(self.document.page(page), union)

    def span(self, indices: Sequence[int]) -> tuple[int, int] | None:
        """Character offsets in a text input; None for other kinds."""
        if self.document.kind != "text" or not indices:
            return None
        return min([self.tokens[i].start for i in indices]), max([self.tokens[i].end for i in indices])


@remembers_short()
def _long_word(text: str) -> str:
    """The word in small letters without what stands around it, "" where it is too short to be sure that it is one."""
    word = text.strip("(\"',.;:)").lower()
    return word if len(word) >= _WHOLE_WORD and word.isalpha() else ""


def _middle(token: Token) -> float:
    return (token.bbox[1] + token.bbox[3]) / 2


def append_line(field: Field, more: Field) -> None:
    """Join a further line to a value. A scrap of one or two capitals is the end of a word that the cell cut."""
    text = str(more.value)
    cut_word = len(text) <= 2 and text.isupper() and str(field.value)[-1:].isalpha()
    field.value = f"{field.value}{text}" if cut_word else f"{field.value} {text}"
    field.raw = f"{field.raw}\n{more.raw}"
    for name in ("label_min", "label_mean", "margin_min", "quality_min"):
        field.signals[name] = min(field.signals.get(name, 1.0), more.signals.get(name, 1.0))
    field.signals["tokens"] = field.signals.get("tokens", 1.0) + more.signals.get("tokens", 1.0)
