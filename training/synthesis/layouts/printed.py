"""What a layout gives: pages, and the filing as those pages print it."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass

from extractor.record import Filing
from training.synthesis.page import CanvasPage


@dataclass(slots=True)
class Printed:
    """`filing` holds what the pages show: what a layout does not print is None in it."""

    pages: list[CanvasPage]
    filing: Filing


Layout = Callable[[random.Random, Filing], Printed]


def as_shown(filing: Filing, joint_relations: bool = False, ten_b5: bool = True) -> Filing:
    """A copy without what official pages leave out: relations of joint filers, boxes an older form does not have."""
    shown = copy.deepcopy(filing)
    for owner in shown.reporting_owners[1:]:
        if not joint_relations:
            owner.is_director = owner.is_officer = owner.is_ten_percent_owner = owner.is_other = None
            owner.officer_title = owner.other_text = None
    form = form_of(shown)
    if not ten_b5 or form == "3":
        shown.aff10b5_one = None
    if form == "3":
        shown.not_subject_to_section_16 = None
    if form != "5":
        shown.form3_holdings_reported = shown.form4_transactions_reported = None
    for owner in shown.reporting_owners:
        owner.cik = None
    shown.issuer.cik = None
    return shown


def form_of(filing: Filing) -> str:
    """ "3", "4" or "5", without the mark of an amendment."""
    text = str(filing.form_type.value) if filing.form_type and filing.form_type.value else "4"
    return text[0] if text[0] in "345" else "4"
