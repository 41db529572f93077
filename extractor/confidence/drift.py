"""Whether documents differ from those that the model was calibrated on, so that its promises may not hold for them.

At calibration `summarise` stores for each kind of input how sure the values were and how well the pages could be read;
a batch run observes the same of its own documents and `warnings` compares the two.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from extractor.confidence.signals import KIND_GROUPS
from extractor.record import Filing

_TAIL = 0.1  # the worst tenth of the documents at calibration is what a batch is held against
_FEWEST = 15  # documents of a kind, below which nothing is said
_FEWEST_STORED = 30
_CHANCE = 1e-4  # how rarely a batch like those at calibration gets a warning
_MEASURES = {
    "confidence": ("values are less certain", -1),
    "lowest": ("the most doubtful values are more doubtful", -1),
    "quality": ("pages are read less well", -1),
    "doubt": ("more labels are doubtful", 1),
    "strays": ("more of the text belongs to nothing known", 1),
}
"""What is observed of a document, what a worse batch means, and which direction is worse."""


class Observation(NamedTuple):
    """What is looked at in one document: its kind group and its measures, NaN where they are not known."""

    kind: str
    confidence: float
    lowest: float
    quality: float = float("nan")
    doubt: float = float("nan")
    strays: float = float("nan")


def observe(filing: Filing) -> Observation | None:
    """The measures of a scored filing; None for XML and for documents without values."""
    kind = KIND_GROUPS.get(filing.source.input_kind, "text")
    if kind == "xml":
        return None
    beliefs = [
        field.confidence
        for derivative, rows in ((False, filing.non_derivative), (True, filing.derivative))
        for row in rows
        for field in row.fields(derivative).values()
        if field is not None and field.value is not None
    ]
    header = (filing.form_type, filing.period_of_report, filing.issuer.name, filing.issuer.ticker)
    beliefs += [field.confidence for field in header if field is not None]
    signals = filing.signals
    return _observation(
        kind,
        beliefs,
        signals.get("word_quality", 1.0),
        signals.get("label_doubt", 0.0),
        signals.get("strays", 0.0),
    )


def observe_record(record: Mapping[str, Any]) -> Observation | None:
    """As `observe`, from a record as it is written out: it tells how sure its values were, not how pages were read."""
    kind = KIND_GROUPS.get(record["source"]["input_kind"], "text")
    if kind == "xml":
        return None
    rows = [*record["non_derivative"], *record["derivative"]]
    cells = [cell for row in rows for cell in row.values() if isinstance(cell, Mapping) and cell["value"] is not None]
    header = (record["form_type"], record["period_of_report"], record["issuer"]["name"], record["issuer"]["ticker"])
    return _observation(kind, [cell["confidence"] for cell in (*cells, *header) if cell is not None])


def _observation(kind: str, beliefs: Sequence[float], *reading: float) -> Observation | None:
    """None where there is no value; `reading` are the measures that the values do not tell."""
    if not beliefs:
        return None
    return Observation(kind, float(np.mean(beliefs)), float(np.quantile(beliefs, 0.1)), *reading)


def summarise(observations: Iterable[Observation]) -> dict[str, Any]:
    """{kind: {"documents": n, measure: its bound}}: a tenth of the documents lies beyond each bound on the bad side."""
    by_kind = _by_kind(observations)
    out: dict[str, Any] = {}
    for kind, seen in sorted(by_kind.items()):
        bounds: dict[str, float] = {}
        for measure, (_, worse) in _MEASURES.items():
            values = np.array([getattr(one, measure) for one in seen])
            bounds[measure] = float(np.quantile(values, _TAIL if worse < 0 else 1.0 - _TAIL))
        out[kind] = {"documents": len(seen)} | {name: float(f"{x:.6g}") for name, x in bounds.items()}
    return out


def warnings(summary: Mapping[str, Any], observations: Iterable[Observation]) -> list[str]:
    """Sentences on what is worse in a batch than at calibration, by kind; none where it is as good or too small to say.

    A measure gives a warning where more documents lie beyond the bound than chance allows (binomial tail under
    `_CHANCE`), counted with the uncertainty of the bound itself. Kinds that calibration has not seen are named.
    """
    found: list[str] = []
    for kind, seen in sorted(_by_kind(observations).items()):
        stored = summary.get(kind)
        if stored is None:
            if summary:
                found.append(f"{kind}: {len(seen)} documents of a kind that the model was not calibrated on")
            continue
        if len(seen) < _FEWEST or stored["documents"] < _FEWEST_STORED:
            continue
        # a quantile of n documents is itself off by about sqrt(p (1 - p) / n)
        share = _TAIL + 2.0 * float(np.sqrt(_TAIL * (1.0 - _TAIL) / stored["documents"]))
        for measure, (meaning, worse) in _MEASURES.items():
            beyond = sum((getattr(one, measure) - stored[measure]) * worse > 1e-9 for one in seen)
            if _chance_of(beyond, len(seen), share) < _CHANCE:
                found.append(
                    f"{kind}: {meaning} than at calibration ({beyond} of {len(seen)} documents beyond what a tenth was)"
                )
    return found


def _chance_of(beyond: int, seen: int, share: float) -> float:
    """The probability that at least `beyond` of `seen` documents lie where a `share` of all does.

    The binomial tail term by term: the library that has it takes a run's process half its memory again.
    """
    ways = (math.lgamma(seen + 1) - math.lgamma(k + 1) - math.lgamma(seen - k + 1) for k in range(beyond, seen + 1))
    each = zip(ways, range(beyond, seen + 1), strict=True)
    return math.fsum(math.exp(way + k * math.log(share) + (seen - k) * math.log1p(-share)) for way, k in each)


def _by_kind(observations: Iterable[Observation]) -> dict[str, Sequence[Observation]]:
    out: dict[str, list[Observation]] = defaultdict(list)
    for one in observations:
        out[one.kind].append(one)
    return dict(out)
