"""Labelled tokens of a table as members of its rows, and which of its fields say what of a row's extent."""

from __future__ import annotations

Member = tuple[int, str]
"""Token index and the row field it was labelled as (MARK for a footnote mark)."""

MARK = "mark"
PROSE = "prose"
ANCHORS = frozenset(
    ("transaction_code", "transaction_date", "acquired_disposed", "direct_or_indirect", "shares_owned_following")
)
"""Short cells, one line high: a row is anchored by them."""
SUPPORT = frozenset(
    (
        "shares",
        "shares_acquired",
        "shares_disposed",
        "price_per_share",
        "underlying_security_shares",
        "expiration_date",
        "conversion_or_exercise_price",
    )
)
WORDED = ("security_title", "nature_of_ownership", "underlying_security_title")
WRAPPING = frozenset((*WORDED, MARK))
"""What wraps around the short cells."""
LATE = frozenset(("nature_of_ownership", "underlying_security_title"))
"""Texts of a row's last columns: above the first row's short cells they stand only where cells are centred."""
SINGLE = frozenset(("transaction_code", "acquired_disposed", "direct_or_indirect"))
"""Letters, of which a row has one each."""

COLUMNS = (
    "security_title",
    "conversion_or_exercise_price",
    "transaction_date",
    "deemed_execution_date",
    "transaction_code",
    "equity_swap_involved",
    "voluntary",
    "shares",
    "shares_acquired",
    "shares_disposed",
    "acquired_disposed",
    "exercise_date",
    "expiration_date",
    "underlying_security_title",
    "underlying_security_shares",
    "price_per_share",
    "shares_owned_following",
    "direct_or_indirect",
    "nature_of_ownership",
)
"""Fields in the order of Table II's columns, with those that only Table I has where they stand there."""
