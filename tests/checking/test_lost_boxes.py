"""The 10b5-1 box is ticked where its mark was lost and a footnote says so."""

from __future__ import annotations

import pytest
from made_filings import make_filing, make_trade

from extractor.checking.lost_boxes import LostPlanBox
from extractor.record import Field

PLAN = "This transaction was effected pursuant to a Rule 10b5-1 trading plan adopted on 05/06/2025."


@pytest.mark.parametrize(
    ("note", "box", "kind", "ticked"),
    [
        (PLAN, Field(False), "text", True),
        ("Not made under any plan; see Rule 10b5-1.", Field(False), "text", False),
        (PLAN, Field(False, span=(10, 13)), "text", False),
        (PLAN, Field(False), "pdf_text", False),
    ],
)
def test_a_lost_mark_follows_from_the_footnote(note: str, box: Field, kind: str, ticked: bool) -> None:
    filing = make_filing(make_trade("S", "D", 100, 900), notes={1: note})
    filing.aff10b5_one, filing.source.input_kind = box, kind
    LostPlanBox().repair(filing)
    assert filing.aff10b5_one is not None
    assert filing.aff10b5_one.value is ticked
    assert (filing.aff10b5_one.method == "derived") is ticked
