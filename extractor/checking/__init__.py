"""Cross-field checks: what one value of a filing says about the others, and the few repairs that follow."""

from __future__ import annotations

from extractor.checking.agreement import (
    DatePrintedAgain,
    ExercisePriceAgrees,
    FootnoteSaysNumber,
    SignatureNamesOwner,
    TitlePrintedAgain,
)
from extractor.checking.balance import RunningBalance
from extractor.checking.codes import CodeAgainstDirection, DerivativeOnlyCode, KnownCode
from extractor.checking.dates import (
    AmendmentNamesOriginal,
    BoxBeforeItsTime,
    DeemedExecution,
    ExpiresAfterExercise,
    PeriodIsEarliestTransaction,
    SignedAfterwards,
    TradedOnWeekday,
)
from extractor.checking.header import (
    MissingRequired,
    NothingOwnedMeansNoRows,
    OwnerIsNotIssuer,
    OwnersDiffer,
    TitleWithBox,
)
from extractor.checking.lost_boxes import LostPlanBox
from extractor.checking.lost_codes import LostLetters
from extractor.checking.lost_dates import LostDates
from extractor.checking.lost_rows import LostRows
from extractor.checking.pairs import AcquiredWithinTotal, ExercisePairs, MarksHaveFootnotes, UnderlyingAmount
from extractor.checking.plausible import BoxesOfTheForm, PlausibleMagnitude, TickerOfIssuer, ZipFitsState
from extractor.checking.prices import PriceExpected, PriceInStatedRange, PricesAlike
from extractor.checking.rule import Rule, note_exact
from extractor.checking.torn_rows import TornRows
from extractor.checking.wording import MisreadWording
from extractor.record import Check, Filing

__all__ = ["RULES", "Rule", "check_filing"]

RULES: tuple[Rule, ...] = (
    LostPlanBox(),
    MisreadWording(),
    LostRows(),
    LostLetters(),
    CodeAgainstDirection(),  # before the balance, which needs A or D
    RunningBalance(),
    LostDates(),
    PriceInStatedRange(),
    KnownCode(),
    DerivativeOnlyCode(),
    PricesAlike(),
    PriceExpected(),
    PeriodIsEarliestTransaction(),
    SignedAfterwards(),
    DeemedExecution(),
    ExpiresAfterExercise(),
    TradedOnWeekday(),
    BoxBeforeItsTime(),
    AmendmentNamesOriginal(),
    ExercisePairs(),
    UnderlyingAmount(),
    AcquiredWithinTotal(),
    MarksHaveFootnotes(),
    OwnerIsNotIssuer(),
    OwnersDiffer(),
    TitleWithBox(),
    NothingOwnedMeansNoRows(),
    TitlePrintedAgain(),
    DatePrintedAgain(),
    SignatureNamesOwner(),
    ExercisePriceAgrees(),
    FootnoteSaysNumber(),
    ZipFitsState(),
    TickerOfIssuer(),
    PlausibleMagnitude(),
    BoxesOfTheForm(),
    TornRows(),
    MissingRequired(),
)
_SEVERITIES = {"error": 0, "warning": 1, "info": 2}


def check_filing(filing: Filing) -> None:
    """Runs every rule: repairs where the evidence leaves one reading, then appends findings to `filing.checks`.

    Checks come sorted by severity, code and path, each once. Fields get the signals "check_passed" and "check_failed"
    (and the same by rule) for the confidence step. Filings from ownership XML are checked but never repaired: what they
    say is what was filed. So do the amounts and prices of web pages and text layers.
    """
    found: list[Check] = list(filing.checks)
    if filing.source.input_kind != "xml":
        note_exact(filing)
        for rule in RULES:
            found += rule.repair(filing)
    for rule in RULES:
        found += rule.run(filing)
    unique = {(check.code, check.severity, tuple(check.fields), check.message): check for check in found}
    filing.checks = sorted(
        unique.values(), key=lambda check: (_SEVERITIES.get(check.severity, 3), check.code, check.fields, check.message)
    )
