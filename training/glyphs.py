"""Makes the small network that reads single glyphs in scans (`extractor/readers/glyphs.npz`) from printed fonts.

    python -m training.glyphs [--out FILE] [--samples N] [--seed S]

Random strings in the standard fonts are printed, scanned at several severities by `training.synthesis.scan`, and cut
where their glyphs are known to lie. Cuts at wrong places become the class that says so, which lets the reader find
where glyphs that touch must be parted (over-segmentation, as in LeCun et al. 1998, section V).
"""

from __future__ import annotations

import argparse
import io
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from extractor.readers.glyphs import CLASSES, JUNK, features_of
from extractor.readers.straighten import flatten_light, whiten
from training.synthesis.scan import degraded

_FONTS = (
    ("Times-Roman", 6), ("Helvetica", 4), ("Times-Bold", 1), ("Helvetica-Bold", 1), ("Courier", 2), ("Courier-Bold", 1),
    ("Times-Italic", 0.5),
)  # fmt: skip
_DIGITS = "0123456789"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_LEVELS = {"office": 35, "photocopy": 45, "fax": 20}
_ROWS, _CAPITAL = 34, 0.66  # lines a page; height of capitals to the size of type
_JUNK_SHARE = 0.45  # wrong cuts for each right one


@dataclass(slots=True)
class _Glyph:
    """A printed character: its advance box on the page in points, its baseline, the height of capitals."""

    text: str
    x0: float
    x1: float
    baseline: float
    capital: float


def make_samples(count: int, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Features (n, d) and class numbers (n,) of about `count` glyphs and wrong cuts."""
    rng = random.Random(seed)
    features: list[np.ndarray[Any, Any]] = []
    labels: list[int] = []
    while len(labels) < count:
        pdf, lines = _page(rng)
        level = rng.choices(list(_LEVELS), list(_LEVELS.values()))[0]
        image, dpi = degraded(rng, pdf, level)
        clean = whiten(flatten_light(image, dpi))
        for line in lines:
            _cut_line(rng, clean, dpi, line, features, labels)
    return np.array(features, np.float32), np.array(labels)


def _page(rng: random.Random) -> tuple[bytes, list[list[_Glyph]]]:
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, (612, 792))
    lines = []
    for row in range(_ROWS):
        font = rng.choices([f for f, _ in _FONTS], [w for _, w in _FONTS])[0]
        size = rng.choice((5.2, 5.6, 6, 6.5, 7, 7.5, 8, 9, 10, 11, 12))
        x, baseline = 40.0, 60.0 + row * 20
        canvas.setFont(font, size)
        line = []
        while x < 560:
            word = _word(rng)
            for character in word:
                width = stringWidth(character, font, size)
                canvas.drawString(x, 792 - baseline, character)
                line.append(_Glyph(character, x, x + width, baseline, _CAPITAL * size))
                x += width
            x += size * rng.uniform(0.25, 1.5)
            line.append(_Glyph(" ", x, x, baseline, 0))
        lines.append(line)
    canvas.save()
    return out.getvalue(), lines


def _word(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.38:
        return f"({rng.randint(1, 12)})" * rng.choice((1, 1, 2))
    if kind < 0.5:
        return f"{rng.choice(('', '$'))}{rng.randint(0, 10 ** rng.randint(1, 7)):,}"
    if kind < 0.65:
        return f"{rng.choice(('', '$'))}{rng.randint(0, 99)}.{rng.randint(0, 9999)}"
    if kind < 0.78:
        return f"{rng.randint(1, 12):02d}/{rng.randint(1, 31):02d}/{rng.randint(1995, 2030)}"
    if kind < 0.88:
        return "".join(rng.choices(_UPPER, k=rng.choice((1, 1, 2, 4))))
    if kind < 0.94:
        return "".join(rng.choices(_LOWER, k=rng.randint(3, 7)))
    return "".join(rng.choices("[]()$/-.,%" + _DIGITS, k=rng.randint(2, 5)))


def _cut_line(
    rng: random.Random,
    image: np.ndarray[Any, Any],
    dpi: float,
    line: list[_Glyph],
    features: list[np.ndarray[Any, Any]],
    labels: list[int],
) -> None:
    k = dpi / 72
    for index, glyph in enumerate(line):
        if glyph.text == " ":
            continue
        capital, baseline = glyph.capital * k, glyph.baseline * k
        top, bottom = round(baseline - 1.35 * capital), round(baseline + 0.5 * capital)
        if top < 0 or bottom > image.shape[0]:
            continue
        strip = image[top:bottom]
        # the reader knows the height of letters and the line they stand on only roughly
        letter = capital * rng.uniform(0.9, 1.3)
        foot = baseline - top + capital * rng.uniform(-0.08, 0.12)
        x0, x1 = glyph.x0 * k + rng.uniform(-0.7, 0.5), glyph.x1 * k + rng.uniform(-0.5, 0.7)
        found = features_of(strip, round(x0), round(x1), letter, foot)
        if found is not None:
            features.append(found)
            labels.append(CLASSES.index(glyph.text) if glyph.text in CLASSES else JUNK)
        if rng.random() < _JUNK_SHARE:
            wrong = _wrong_cut(rng, line, index)
            if wrong is None:
                continue
            found = features_of(strip, round(wrong[0] * k), round(wrong[1] * k), letter, foot)
            if found is not None:
                features.append(found)
                labels.append(JUNK)


def _wrong_cut(rng: random.Random, line: list[_Glyph], index: int) -> tuple[float, float] | None:
    """Half a glyph, one and a half, or two that stand together."""
    glyph = line[index]
    after = line[index + 1] if index + 1 < len(line) and line[index + 1].text != " " else None
    width = glyph.x1 - glyph.x0
    kind = rng.random()
    if kind < 0.3 and glyph.text not in ".,-/()1I[]" and width > 2.5:
        middle = glyph.x0 + width * rng.uniform(0.4, 0.6)
        return (glyph.x0, middle) if rng.random() < 0.5 else (middle, glyph.x1)
    if after is None:
        return None
    if kind < 0.65:
        return (glyph.x0, after.x1)
    if after.text in ".,":
        return None
    return (glyph.x0, after.x0 + (after.x1 - after.x0) * rng.uniform(0.4, 0.7))


def main(argv: list[str] | None = None) -> int:
    from sklearn.neural_network import MLPClassifier

    here = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=here / "extractor" / "readers" / "glyphs.npz")
    parser.add_argument("--samples", type=int, default=120_000)
    parser.add_argument("--hidden", type=int, default=96)
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    x, y = make_samples(args.samples, args.seed)
    held, held_y = make_samples(max(2_000, args.samples // 10), args.seed + 1)
    net = MLPClassifier(
        (args.hidden,), batch_size=256, max_iter=args.epochs, alpha=3e-4, random_state=args.seed, early_stopping=False
    )
    net.fit(x, y)
    right = net.predict(held) == held_y
    printed = held_y != JUNK
    print(f"{len(y)} samples; held-out accuracy {right.mean():.4f}, of printed glyphs {right[printed].mean():.4f}")
    weights = {}
    for number, (w, b) in enumerate(zip(net.coefs_, net.intercepts_, strict=True)):
        weights[f"w{number}"], weights[f"b{number}"] = w.astype(np.float16), b.astype(np.float16)
    seen = net.classes_
    np.savez_compressed(args.out, classes=np.array([CLASSES[k] if k != JUNK else "" for k in seen]), **weights)
    return 0


if __name__ == "__main__":
    sys.exit(main())
