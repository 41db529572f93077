"""Learns how prices, footnotes and other rows tell a transaction's code, and writes extractor/checking/code_table.py.

    python -m training.code_statistics FILINGS… [--out extractor/checking/code_table.py]

FILINGS are ownership XML files or folders of them. Of every transaction the code is hidden, together with its direction
or its marks or neither; a multinomial logistic regression over the signs of `extractor.checking.lost_codes` learns to
tell it. Filings weigh the same whatever their number of rows. Figures are cross-validated by owner.
"""

from __future__ import annotations

import argparse
import copy
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from extractor.checking.rule import entries, value_of
from extractor.record import Filing

_RARE = 3
_STRENGTH = 0.6
_COPIES = 4


def filings_of(paths: Sequence[Path]) -> Iterator[Filing]:
    from extractor.readers import read

    for path in paths:
        for file in sorted(path.rglob("*.xml")) if path.is_dir() else [path]:
            yield from read(file.read_bytes(), str(file)).filings


def examples(filing: Filing, rng: random.Random) -> Iterator[tuple[list[str], str]]:
    """(signs, code) of every transaction, with the losses that reading brings."""
    from extractor.checking.lost_codes import signs

    count = len(list(entries(filing, kind="transaction")))
    for number in range(count):
        for _ in range(_COPIES if count <= 4 else 1):
            lost = copy.deepcopy(filing)
            rows = list(entries(lost, kind="transaction"))
            code = value_of(rows[number].row.transaction_code)
            if code is None:
                continue
            keep = rng.choice((0.0, 0.0, 0.5, 0.9))
            for other in rows:
                if rng.random() > keep:
                    other.row.transaction_code = None
                if rng.random() < 0.5:
                    other.row.footnotes = []
                if rng.random() < 0.2:
                    other.row.acquired_disposed = None
            if rng.random() < 0.3:
                lost.aff10b5_one = None
            entry = rows[number]
            entry.row.transaction_code = None
            way = value_of(entry.row.acquired_disposed) if rng.random() < 0.6 else None
            yield list(signs(lost, entry, str(way) if way else None)), str(code)


def fit(filings: Sequence[Filing], seed: int = 1) -> tuple[list[str], list[str], np.ndarray, np.ndarray, str]:
    """(codes, signs, weights by sign and code, bias, what cross-validation says)."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rng = random.Random(seed)
    rows: list[dict[str, int]] = []
    codes: list[str] = []
    weights: list[float] = []
    owners: list[str] = []
    for filing in filings:
        found = list(examples(filing, rng))
        owner = str(value_of(filing.reporting_owners[0].name)) if filing.reporting_owners else ""
        for told, code in found:
            rows.append(dict.fromkeys(told, 1))
            codes.append(code)
            weights.append(3.0 / len(found) ** 0.5)
            owners.append(owner)
    vectorizer = DictVectorizer(dtype=np.float64, sparse=False)
    matrix = vectorizer.fit_transform(rows)
    kept = [i for i in range(matrix.shape[1]) if len({owners[j] for j in np.flatnonzero(matrix[:, i])}) >= _RARE]
    matrix = matrix[:, kept]
    target, weight = np.array(codes), np.array(weights)
    fold = np.array([int.from_bytes(owner.encode()[-6:], "big") % 5 for owner in owners])
    probability, right = np.zeros(len(target)), np.zeros(len(target), dtype=bool)
    for number in range(5):
        train, test = fold != number, fold == number
        model = LogisticRegression(C=_STRENGTH, max_iter=3000)
        model.fit(matrix[train], target[train], sample_weight=weight[train])
        told = model.predict_proba(matrix[test])
        probability[test] = told.max(axis=1)
        right[test] = model.classes_[told.argmax(axis=1)] == target[test]
    lines = []
    for least in (0.0, 0.5, 0.8, 0.9, 0.95):
        given = probability >= least
        lines.append(
            f"at {least:.2f}: {np.average(given, weights=weight):.3f} given, "
            f"{np.average(right[given], weights=weight[given]):.3f} of them right"
        )
    model = LogisticRegression(C=_STRENGTH, max_iter=3000)
    model.fit(matrix, target, sample_weight=weight)
    names = [str(vectorizer.feature_names_[i]) for i in kept]
    return [str(c) for c in model.classes_], names, model.coef_.T, model.intercept_, "\n".join(lines)


def table(codes: Sequence[str], names: Sequence[str], weights: np.ndarray, bias: np.ndarray, said: str) -> str:
    """The module as text."""
    out = [
        '"""How signs speak for transaction codes: made by `python -m training.code_statistics`, not by hand.',
        "",
        "Multinomial logistic regression on real ownership filings with codes hidden; cross-validated by owner:",
        *said.splitlines(),
        '"""',
        "",
        "from __future__ import annotations",
        "",
        f"CODES = {tuple(codes)!r}".replace("'", '"'),
        "BIAS = (" + ", ".join(f"{x:.2f}" for x in bias) + ")",
        "WEIGHTS: dict[str, tuple[float, ...]] = {",
    ]
    for name, row in zip(names, weights, strict=True):
        out.append(f'    "{name}": (' + ", ".join(f"{x:.2f}" for x in row) + "),")
    return "\n".join([*out, "}", ""])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("filings", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("extractor/checking/code_table.py"))
    options = parser.parse_args(argv)
    codes, names, weights, bias, said = fit(list(filings_of(options.filings)))
    print(said)
    options.out.write_text(table(codes, names, weights, bias, said), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
