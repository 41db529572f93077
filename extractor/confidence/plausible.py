"""How much a value looks like what its column holds on a clean page: signals from its print and its companions."""

from __future__ import annotations

import datetime as dt
import math
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from extractor.checking.plausible import STATES
from extractor.memo import remembers_short
from extractor.record import Field, Filing

_CLEAN = {
    "number": re.compile(r"\$?\s?(?:\d{1,3}(?:,\d{3})+|\d{1,4}|(?<=\$)\d+)(?:\.\d{1,6})?"),
    "date": re.compile(r"\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})"),
    "code": re.compile(r"[A-Z](?:/K)?|[345](?:/A)?|\([AD]\)"),
    "box": re.compile(r"☒|☐|\[?[Xx_]?\]?"),
    "text": re.compile(r"[A-Za-z0-9][\w\s.,&'/()#:$%;\"@+-]*"),
    "prose": re.compile(r"[\w/(\"'$][\s\S]*"),
}
"""What a value of a group is printed as where nothing was garbled."""
_SHAPES = {
    "owner.zip": re.compile(r"\d{5}(?:-?\d{4})?|(?=.*\d)(?=.*[A-Z ])[A-Z\d -]{3,10}|\d{6,7}"),
    "owner.state": re.compile(r"[A-Z]{2}|[A-Z]\d|(?i:" + "|".join(" *".join(name) for name in STATES) + ")"),
    "issuer.ticker": re.compile(r"[A-Z]{2,5}|[A-Z]|[A-Z]{1,4}[./ -][A-Z]"),
}
"""Fields with a form of their own."""
_ODD = re.compile(r"[|~^_{}\[\]\\<>=*§¢©®°•“”„»«�!?;]")
_THREE_DECIMALS = re.compile(r"(?<!\d)\d{1,3}\.\d{3}(?!\d)")
_MONEY = frozenset(("price_per_share", "conversion_or_exercise_price"))


def shape_signals(name: str, group: str, field: Field) -> dict[str, float]:
    """Signals from how one value is printed.

    "clean" whether the print is that of an ungarbled form; "odd" how many characters of it belong to no value;
    "letters" in a number's or "digits" in a text's print; "three_decimals" where a point may be a comma; "decimals" and
    "magnitude" (log10) of a number; "words" of a text and how it is "capital"ised; "as_printed" whether value and print
    are the same.
    """
    raw = " ".join((field.raw or "").split())
    value = field.value
    out: dict[str, float] = {
        "clean": float(bool(_CLEAN.get(group, _CLEAN["text"]).fullmatch(raw))),
        "odd": float(len(_ODD.findall(raw))),
        "raw_length": float(len(raw)),
    }
    if group in ("number", "date"):
        out["letters"] = float(sum(char.isalpha() for char in raw))
        out["pieces"] = float(len(raw.split()))
    if group == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        out["three_decimals"] = float(bool(_THREE_DECIMALS.search(raw)))
        out["magnitude"] = math.log10(abs(value)) if value else -3.0
        out["zero"] = float(value == 0)
        out["decimals"] = float(len(f"{value:.6f}".rstrip("0").partition(".")[2]))
        out["dollar"] = float("$" in raw) if name.rpartition(".")[2] in _MONEY else float("$" not in raw)
        out["separated"] = float("," in raw or abs(value) < 1000)
        out["as_printed"] = float(_plain(raw) == f"{value:.6f}".rstrip("0").rstrip("."))
    elif group in ("text", "prose") and isinstance(value, str):
        out["digits"] = float(sum(char.isdigit() for char in value)) if len(value) < 200 else 0.0
        out["words"] = float(len(value.split()))
        out["misshapen"] = float(name in _SHAPES and not _SHAPES[name].fullmatch(value.strip()))
        out["capital"] = float(value[:1].isupper())
        out["shouted"] = float(value.isupper())
        out["short_words"] = float(sum(len(word.strip(".,")) == 1 for word in value.split()))
        out["as_printed"] = float(raw == " ".join(value.split()))
        out["ragged"] = float(value[:1] in ".,)-/&" or value[-1:] in ",(-/&" or value.count("(") != value.count(")"))
    return out


def _plain(raw: str) -> str:
    number = raw.replace("$", "").replace(",", "").strip()
    return number.rstrip("0").rstrip(".") if "." in number else number


class Companions:
    """What else a filing prints, so that each value can be held against it: built once a filing."""

    def __init__(self, filing: Filing, fields: Sequence[tuple[str, Field]]) -> None:
        self.said: Counter[object] = Counter()
        by_name: dict[str, list[float]] = {}
        texts: dict[str, Counter[str]] = {}
        for name, field in fields:
            value = field.value
            if isinstance(value, bool) or value is None:
                continue
            if isinstance(value, int | float):
                self.said[float(value)] += 1
                if value > 0:
                    by_name.setdefault(name, []).append(float(value))
            else:
                self.said[_key(value)] += 1
                texts.setdefault(name, Counter())[_key(value)] += 1
        self._texts = texts
        self._levels = {name: statistics.median(map(math.log10, values)) for name, values in by_name.items()}
        self._sizes = {name: len(values) for name, values in by_name.items()}
        self._notes = " ".join(str(note.text.value) for note in filing.footnotes if note.text is not None)
        self._note_numbers = {float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", self._notes)}
        signed = [str(s.date.value) for s in filing.signatures if s.date is not None and s.date.value]
        self._signed = max(map(_day, signed), default=None, key=lambda d: d or 0) if signed else None

    def signals(self, name: str, group: str, field: Field) -> dict[str, float]:
        """Signals from the rest of the filing.

        "again" how often the same value occurs elsewhere; "in_notes" whether a footnote says a number; "column" the
        number of values in its column, "alike" the share of them that say the same, "apart" how many powers of ten a
        number lies from its column's middle; "days" between a date and the signature (signed logarithm).
        """
        value = field.value
        if value is None or isinstance(value, bool):
            return {}
        if isinstance(value, int | float):
            out = {"again": min(3.0, float(self.said[float(value)] - 1))}
            out["in_notes"] = float(abs(value) >= 10 and float(value) in self._note_numbers)
            out["column"] = float(self._sizes.get(name, 0))
            if value > 0 and self._sizes.get(name, 0) > 1:
                out["apart"] = abs(math.log10(value) - self._levels[name])
            return out
        key = _key(value)
        out = {"again": min(3.0, float(self.said[key] - 1))}
        column = self._texts.get(name, Counter())
        out["column"] = float(column.total())
        out["alike"] = column[key] / max(1, column.total())
        if group == "date" and self._signed is not None and (day := _day(value)) is not None:
            apart = self._signed - day
            out["days"] = math.copysign(math.log1p(abs(apart)), apart)
        return out


def _key(value: object) -> str:
    return _letters_and_digits(str(value))


@remembers_short()
def _letters_and_digits(text: str) -> str:
    return _OTHERS.sub("", text).casefold()


_OTHERS = re.compile(r"\W+")


@lru_cache(maxsize=4096)
def _day(text: str) -> int | None:
    try:
        return dt.date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def row_signals(signals: Sequence[Mapping[str, float]], missing: int) -> dict[str, float]:
    """What the values of one row say about each other: its weakest and mean label, its weakest print, what failed."""
    labels = [s.get("label_min", 1.0) for s in signals]
    return {
        "row_label_min": min(labels, default=1.0),
        "row_label_mean": sum(labels) / max(1, len(labels)),
        "row_quality_min": min((s.get("quality_min", 1.0) for s in signals), default=1.0),
        "row_edge_min": min((s.get("edge_min", 1.0) for s in signals), default=1.0),
        "row_scraps": float(sum(bool(s.get("scrap_beside")) for s in signals)),
        "row_mended": float(sum(s.get("mended", 0.0) > 0 for s in signals)),
        "row_unclean": float(sum(not s.get("clean", 1.0) for s in signals)),
        "row_failed": float(any(s.get("check_failed") for s in signals)),
        "row_passed": float(sum(bool(s.get("check_passed")) for s in signals)),
        "row_values": float(len(signals)),
        "row_missing": float(missing),
    }
