"""Record figures against gold: header fields, cells of matched rows, whole rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extractor.labels import DERIVATIVE_ONLY_FIELDS, ROW_FIELDS
from extractor.record import Filing
from training.comparing import comparable, match_best, same

_HEADER = ("form_type", "period_of_report", "date_of_original_submission")
_OWNER = ("name", "street", "city", "state", "zip", "officer_title", "other_text")
_TABLES = (("non_derivative", ROW_FIELDS), ("derivative", ROW_FIELDS + DERIVATIVE_ONLY_FIELDS))


def plain(value: Any) -> Any:
    """A record of fields as plain values: every {"value": …} becomes its value."""
    if isinstance(value, dict):
        if "value" in value and "confidence" in value:
            return value["value"]
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


@dataclass(slots=True)
class Tally:
    """True positives, false positives and false negatives of header fields, cells and rows."""

    counts: dict[str, list[int]] = field(default_factory=lambda: {key: [0, 0, 0] for key in ("header", "cell", "row")})

    def add(self, other: Tally) -> None:
        for key, values in other.counts.items():
            self.counts[key] = [a + b for a, b in zip(self.counts[key], values, strict=True)]

    def put(self, key: str, gold: Any, given: Any) -> bool:
        """Count one value; returns whether the two agree."""
        g, p = comparable(gold), comparable(given)
        right = same(gold, given)
        has_gold, has_given = g is not None and g is not False, p is not None and p is not False
        if has_gold and has_given and right:
            self.counts[key][0] += 1
        else:
            self.counts[key][1] += has_given
            self.counts[key][2] += has_gold
        return right

    def figures(self) -> dict[str, float]:
        """F1 of each, 1.0 where there was nothing to find and nothing was found."""
        return {
            f"{key}_f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0
            for key, (tp, fp, fn) in self.counts.items()
        }


def tally(filing: Filing, gold: dict[str, Any]) -> Tally:
    """Count one filing against the plain record that it should have given."""
    given = plain(filing.to_dict())
    out = Tally()
    for name in _HEADER:
        out.put("header", gold.get(name), given.get(name))
    for name in ("name", "ticker"):
        out.put("header", (gold.get("issuer") or {}).get(name), given["issuer"].get(name))
    owners, given_owners = gold.get("reporting_owners") or [], given["reporting_owners"]
    pairs = match_best(owners, given_owners, _OWNER)
    for i, owner in enumerate(owners):
        for name in _OWNER:
            out.put("header", owner.get(name), given_owners[pairs[i]].get(name) if i in pairs else None)
    for j in set(range(len(given_owners))) - set(pairs.values()):
        out.put("header", None, given_owners[j].get("name"))
    for table, names in _TABLES:
        rows, given_rows = gold.get(table) or [], given[table]
        pairs = match_best(rows, given_rows, names)
        for i, row in enumerate(rows):
            found = given_rows[pairs[i]] if i in pairs else {}
            cells = [out.put("cell", row.get(name), found.get(name)) for name in names]
            whole = i in pairs and all(cells) and row.get("kind") == found.get("kind")
            out.counts["row"][0] += whole
            out.counts["row"][2] += not whole
        for j, found in enumerate(given_rows):
            if j not in pairs.values():
                for name in names:
                    out.put("cell", None, found.get(name))
        out.counts["row"][1] += len(given_rows)
    # a whole row was counted as given too: what is left are the rows given and not whole
    out.counts["row"][1] -= out.counts["row"][0]
    return out
