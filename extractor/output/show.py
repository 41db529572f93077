"""Records as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extractor.output.tables import Record, at

if TYPE_CHECKING:
    from rich.console import Console

_COLUMNS = (
    ("Security", "security_title", "left"),
    ("Date", "transaction_date", "left"),
    ("Code", "transaction_code", "left"),
    ("Shares", "shares", "right"),
    ("A/D", "acquired_disposed", "left"),
    ("Price", "price_per_share", "right"),
    ("Owned after", "shares_owned_following", "right"),
    ("D/I", "direct_or_indirect", "left"),
    ("Nature", "nature_of_ownership", "left"),
)
_DERIVATIVE = (
    ("Exercise price", "conversion_or_exercise_price", "right"),
    ("Exercisable", "exercise_date", "left"),
    ("Expires", "expiration_date", "left"),
    ("Underlying", "underlying_security_title", "left"),
    ("Amount", "underlying_security_shares", "right"),
)
_WRAPPED = ("security_title", "nature_of_ownership", "underlying_security_title")
_DOUBT = 0.9


def show(record: Record, console: Console | None = None) -> None:
    """Print one record: a heading, its tables with doubtful values marked "?", and what asks for review."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = console or Console()
    issuer = at(record, "issuer.name.value") or "unknown issuer"
    ticker = at(record, "issuer.ticker.value")
    form = at(record, "form_type.value") or "?"
    period = at(record, "period_of_report.value") or "no date"
    console.print(Text(f"{record['source']['path'] or '-'}", style="dim"))
    console.print(Text(f"Form {form}  {issuer}{f' [{ticker}]' if ticker else ''}  {period}", style="bold"))
    for owner in record["reporting_owners"]:
        console.print(Text("  " + _owner(owner)))
    for part, title in (("non_derivative", "Table I"), ("derivative", "Table II")):
        if not record[part]:
            continue
        columns = [c for c in _COLUMNS + (_DERIVATIVE if part == "derivative" else ()) if _any(record[part], c[1])]
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for heading, name, side in columns:  # where room is short names wrap; numbers and dates stay whole
            table.add_column(heading, justify="right" if side == "right" else "left", no_wrap=name not in _WRAPPED)
        table.add_column("Conf.", justify="right", no_wrap=True)
        for row in record[part]:
            table.add_row(*(Text(_shown(row[name])) for _, name, _ in columns), f"{row['confidence']:.2f}")
        console.print(table)
    review = f"needs review: {', '.join(record['review_reasons'])}" if record["needs_review"] else "accepted"
    console.print(Text(f"confidence {record['confidence']:.2f}, {review}\n"))


def _any(rows: list[dict[str, Any]], name: str) -> bool:
    return any(row[name] is not None for row in rows)


def _owner(owner: dict[str, Any]) -> str:
    said = [
        caption
        for name, caption in (
            ("is_director", "director"),
            ("is_officer", "officer"),
            ("is_ten_percent_owner", "10% owner"),
            ("is_other", "other"),
        )
        if at(owner, f"{name}.value")
    ]
    title = at(owner, "officer_title.value")
    return "  ".join(filter(None, [at(owner, "name.value") or "unknown owner", ", ".join(said), title]))


def _shown(field: dict[str, Any] | None) -> str:
    if field is None:
        return ""
    value = field["value"]
    if isinstance(value, float | int) and not isinstance(value, bool):
        text = f"{value:,.4f}".rstrip("0").rstrip(".")
    else:
        text = "" if value is None else str(value)
    marks = "".join(f"({mark})" for mark in field["marks"])
    return text + marks + (" ?" if field["confidence"] < _DOUBT and value is not None else "")
