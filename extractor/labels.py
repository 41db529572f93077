"""The closed list of labels of Forms 3, 4 and 5: what the assembler knows. The tagger itself takes any label set."""

from __future__ import annotations

OUTSIDE = "O"
TABLE_PREFIXES = ("non_derivative.", "derivative.")
"""What the labels of Table I and of Table II begin with."""

ROW_FIELDS = (
    "security_title",
    "transaction_date",
    "deemed_execution_date",
    "transaction_code",
    "voluntary",
    "equity_swap_involved",
    "shares",
    "acquired_disposed",
    "price_per_share",
    "shares_owned_following",
    "direct_or_indirect",
    "nature_of_ownership",
)
DERIVATIVE_ONLY_FIELDS = (
    "conversion_or_exercise_price",
    "exercise_date",
    "expiration_date",
    "underlying_security_title",
    "underlying_security_shares",
)
HEADER_LABELS = (
    "form_type",
    "period_of_report",
    "date_of_original_submission",
    "issuer.name",
    "issuer.ticker",
    "owner.name",
    "owner.street",
    "owner.city",
    "owner.state",
    "owner.zip",
    "owner.country",
    "owner.officer_title",
    "owner.other_text",
)
BOX_LABELS = (
    "box.director",
    "box.ten_percent_owner",
    "box.officer",
    "box.other",
    "box.section_16",
    "box.aff10b5_one",
    "box.form3_holdings",
    "box.form4_transactions",
    "box.one_person",
    "box.joint",
)
NON_DERIVATIVE_LABELS = tuple(f"non_derivative.{name}" for name in ROW_FIELDS)
DERIVATIVE_LABELS = (
    *(
        f"derivative.{name}"
        for name in ROW_FIELDS + DERIVATIVE_ONLY_FIELDS
        if name not in ("shares", "acquired_disposed")
    ),
    "derivative.shares_acquired",
    "derivative.shares_disposed",
)
OTHER_LABELS = ("no_securities_owned", "footnote.mark", "footnote.text", "remarks", "signature.name", "signature.date")

FORM_LABELS = HEADER_LABELS + BOX_LABELS + NON_DERIVATIVE_LABELS + DERIVATIVE_LABELS + OTHER_LABELS
