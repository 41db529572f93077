"""How far confidences can be trusted: figures, tables and pictures of values judged against gold.

`judged` and `joined` gather values; `report` gives plain data; `table` and `picture` show it. `form4 evaluate`,
calibration, promotion and the model card all take theirs from here, so that a figure means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from training.bootstrap import interval
from training.comparing import FieldSample, kind_of
from training.guarantee import Judged

BINS = 15
_ERRORS = (0.01, 0.005, 0.001)
_POINTS = 60  # of a risk-coverage curve
Array = npt.NDArray[np.float64]


def judged(samples: Sequence[FieldSample], confidence: Array | None = None) -> Judged:
    """Values that count (not prose, unticked boxes or empty cells), with verdicts and what they came from.

    `confidence` is of all samples, in their order; without it, it is what their filings say.
    """
    counting = [i for i, sample in enumerate(samples) if sample.counts]
    chosen = [samples[i] for i in counting]
    said = [sample.confidence for sample in chosen] if confidence is None else confidence[counting]
    return Judged(
        np.array(said, dtype=float),
        np.array([sample.right for sample in chosen], dtype=bool),
        [sample.document for sample in chosen],
        [sample.owner or sample.document for sample in chosen],
        [kind_of(sample.signals) for sample in chosen],
    )


def joined(parts: Sequence[Judged]) -> Judged:
    """The values of several documents together; each part counts as a document of its own, whatever its name."""
    return Judged(
        np.concatenate([part.confidence for part in parts] or [np.zeros(0)]),
        np.concatenate([part.right for part in parts] or [np.zeros(0, dtype=bool)]),
        [f"{number}:{name}" for number, part in enumerate(parts) for name in part.documents],
        [name for part in parts for name in part.owners],
        [kind for part in parts for kind in part.kinds],
    )


def report(values: Judged, bootstrap: int = 200, seed: int = 0) -> dict[str, Any]:
    """{"all": figures, kind: figures, …} of each kind of input with values.

    Figures: "values", "documents", "accuracy", "ece" (15 bins of equal count), "auroc" (None where all or none are
    right), "brier", "coverage" {"1%", "0.5%", "0.1%": share of values that can be accepted, surest first, with that
    error}, "bins" [[mean confidence, accuracy, count], …], "curve" [[coverage, error], …], and "intervals": 95 %
    bootstrap intervals over documents of ece, auroc, brier and coverage (none for fewer than 5 documents).
    """
    out = {"all": _figures_with_intervals(values, bootstrap, seed)}
    kinds = np.asarray(values.kinds)
    for kind in sorted(set(values.kinds)):
        out[kind] = _figures_with_intervals(values.part(kinds == kind), bootstrap, seed)
    return out


def ece(confidence: Array, right: npt.NDArray[np.bool_], bins: int = BINS) -> float:
    """Expected calibration error over bins of equal count (Nguyen and O'Connor, 2015).

    >>> ece(np.array([0.5, 0.5]), np.array([True, False]), bins=1)
    0.0
    """
    return sum(abs(c - a) * n for c, a, n in _bins(confidence, right, bins)) / max(1, len(right))


def auroc(confidence: Array, right: npt.NDArray[np.bool_]) -> float | None:
    """The chance that a right value is given more confidence than a wrong one; ties count half."""
    positive, negative = int(right.sum()), int((~right).sum())
    if not positive or not negative:
        return None
    ranks = rankdata(confidence)[right].sum()
    return float((ranks - positive * (positive + 1) / 2) / (positive * negative))


def coverage_at(confidence: Array, right: npt.NDArray[np.bool_], error: float) -> float:
    """The largest share of values, surest first, of which at most `error` are wrong."""
    if not len(right):
        return 0.0
    wrong = np.cumsum(~right[np.argsort(-confidence, kind="stable")])
    good = np.flatnonzero(wrong <= error * np.arange(1, len(right) + 1) + 1e-12)
    return float((good[-1] + 1) / len(right)) if len(good) else 0.0


def _bins(confidence: Array, right: npt.NDArray[np.bool_], bins: int) -> list[tuple[float, float, int]]:
    order = np.argsort(-confidence, kind="stable")
    parts = [part for part in np.array_split(order, max(1, min(bins, len(order)))) if len(part)]
    return [(float(confidence[part].mean()), float(right[part].mean()), len(part)) for part in parts]


def _scalars(confidence: Array, right: npt.NDArray[np.bool_]) -> dict[str, float | None]:
    return {
        "ece": ece(confidence, right),
        "auroc": auroc(confidence, right),
        "brier": float(np.mean((confidence - right) ** 2)) if len(right) else 0.0,
        **{f"coverage_{limit:.1%}": coverage_at(confidence, right, limit) for limit in _ERRORS},
    }


def _figures_with_intervals(values: Judged, bootstrap: int, seed: int) -> dict[str, Any]:
    confidence, right = values.confidence, values.right
    plain = _scalars(confidence, right)
    wrong = np.cumsum(~right[np.argsort(-confidence, kind="stable")]) if len(right) else np.zeros(0)
    places = np.unique(np.linspace(0, len(right) - 1, _POINTS).astype(int)) if len(right) else np.zeros(0, dtype=int)
    return {
        "values": len(right),
        "documents": len(set(values.documents)),
        "accuracy": float(right.mean()) if len(right) else 0.0,
        "ece": plain["ece"],
        "auroc": plain["auroc"],
        "brier": plain["brier"],
        "coverage": {f"{limit:.1%}": plain[f"coverage_{limit:.1%}"] for limit in _ERRORS},
        "bins": [[round(c, 5), round(a, 5), n] for c, a, n in _bins(confidence, right, BINS)],
        "curve": [[round((int(i) + 1) / len(right), 5), round(float(wrong[i]) / (int(i) + 1), 6)] for i in places],
        "intervals": _intervals(values, bootstrap, seed),
    }


def _intervals(values: Judged, bootstrap: int, seed: int) -> dict[str, list[float]]:
    names, group = np.unique(np.asarray(values.documents), return_inverse=True)
    if len(names) < 5 or bootstrap < 10:
        return {}
    members = [np.flatnonzero(group == number) for number in range(len(names))]
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {}
    for _ in range(bootstrap):
        chosen = np.concatenate([members[i] for i in rng.integers(0, len(names), len(names))])
        for name, value in _scalars(values.confidence[chosen], values.right[chosen]).items():
            if value is not None:
                drawn.setdefault(name, []).append(value)
    found = {name: interval(np.array(sample)) for name, sample in sorted(drawn.items())}
    return {name: [round(edge, 5) for edge in between] for name, between in found.items() if between is not None}


def table(figures: dict[str, Any]) -> str:
    """The report as a Markdown table, one row a kind; 95 % intervals in brackets."""
    heads = ["kind", "values", "documents", "accuracy", "ece", "AUROC", "Brier"]
    heads += [f"coverage at {limit:.1%} error" for limit in _ERRORS]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for kind, f in figures.items():
        cells = [kind, str(f["values"]), str(f["documents"]), f"{f['accuracy']:.4f}", _with(f, "ece", f["ece"])]
        cells += ["-" if f["auroc"] is None else _with(f, "auroc", f["auroc"]), _with(f, "brier", f["brier"])]
        # by name: a stored model keeps them in another order
        cells += [_with(f, f"coverage_{name}", f["coverage"][name]) for name in (f"{limit:.1%}" for limit in _ERRORS)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _with(figures: dict[str, Any], name: str, value: float) -> str:
    interval = figures["intervals"].get(name)
    return f"{value:.4f}" + (f" ({interval[0]:.3f}-{interval[1]:.3f})" if interval else "")


_COLOURS = ("#1b6ca8", "#c2452d", "#3a7d44", "#8a5a9e", "#b8860b", "#555555")
_SIDE, _MARGIN, _GAP = 300, 46, 40


def picture(figures: dict[str, Any]) -> str:
    """Reliability diagram and risk-coverage curves as one SVG; the same report gives the same bytes."""
    width = 2 * (_SIDE + _MARGIN) + _GAP + 20
    height = _SIDE + 2 * _MARGIN + 18 * ((len(figures) + 2) // 3)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    worst = max((error for f in figures.values() for _, error in f["curve"]), default=0.0)
    top = max(0.01, min(1.0, worst * 1.1))
    left, right = _MARGIN, _MARGIN + _SIDE + _GAP + _MARGIN
    parts += _frame(left, "confidence", "share right", (0.0, 0.5, 1.0), (0.0, 0.5, 1.0), 1.0)
    parts += _frame(right, "share of values accepted", "share wrong", (0.0, 0.5, 1.0), (0.0, top / 2, top), top)
    parts.append(_line([(left, _MARGIN + _SIDE), (left + _SIDE, _MARGIN)], "#bbbbbb", dashed=True))
    for number, (kind, f) in enumerate(figures.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(_line([_at(left, c, a) for c, a, _ in sorted(f["bins"])], colour))
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>'
            for x, y in (_at(left, c, a) for c, a, _ in f["bins"])
        ]
        parts.append(_line([_at(right, c, e / top) for c, e in f["curve"]], colour))
        x, y = left + (number % 3) * 160, _SIDE + 2 * _MARGIN + 4 + 18 * (number // 3)
        parts.append(f'<rect x="{x}" y="{y - 9}" width="12" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="{y}">{kind}: ece {f["ece"]:.3f}, {f["values"]} values</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _at(left: float, x: float, y: float) -> tuple[float, float]:
    return left + _SIDE * x, _MARGIN + _SIDE * (1.0 - min(1.0, y))


def _line(points: Sequence[tuple[float, float]], colour: str, dashed: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>'


def _frame(
    left: float, across: str, up: str, ticks_across: Sequence[float], ticks_up: Sequence[float], top: float
) -> list[str]:
    bottom = _MARGIN + _SIDE
    parts = [f'<rect x="{left}" y="{_MARGIN}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#333333"/>']
    for tick in ticks_across:
        parts.append(f'<text x="{left + _SIDE * tick:.1f}" y="{bottom + 14}" text-anchor="middle">{tick:g}</text>')
    for tick in ticks_up:
        y = bottom - _SIDE * tick / top
        parts.append(f'<text x="{left - 5}" y="{y + 4:.1f}" text-anchor="end">{tick:.3g}</text>')
    parts.append(f'<text x="{left + _SIDE / 2}" y="{bottom + 30}" text-anchor="middle">{across}</text>')
    parts.append(f'<text x="{left}" y="{_MARGIN - 10}">{up}</text>')
    return parts
