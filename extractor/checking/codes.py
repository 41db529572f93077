"""Rules about transaction codes: known ones, their direction, and what else their rows hold."""

from __future__ import annotations

from extractor.checking.rule import Rule, entries, number_of, value_of
from extractor.record import Check, Filing

CODES = frozenset("PSVADFIMCEHOXGLWZJKU")
"""Form 4, General Instruction 8."""
DIRECTION = {"P": "A", "A": "A", "L": "A", "S": "D", "F": "D", "D": "D", "U": "D"}
"""Acquired or disposed, where the code's definition says so for both tables."""
EXERCISES = frozenset("MCOX")
"""Exercise and conversion: an acquisition in Table I, a disposition of the derivative in Table II."""
_LEGS = {"A": "acquired", "D": "disposed"}


def direction_of(code: object, derivative: bool) -> str | None:
    """A or D, where the code decides it; None where either is possible."""
    if code in EXERCISES:
        return "D" if derivative else "A"
    return DIRECTION.get(str(code))


class KnownCode(Rule):
    """Transaction codes come from a closed list."""

    code = "unknown_code"
    statement = "the transaction code is one of " + " ".join(sorted(CODES))
    source = "Form 4, General Instruction 8: transaction codes"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, kind="transaction"):
            code = value_of(entry.row.transaction_code)
            if code is None:
                continue
            if code not in CODES:
                place = entry.place("transaction_code")
                found.append(self.failed("error", [place], f"{code!r} is no transaction code"))
        return found


class CodeAgainstDirection(Rule):
    """Purchases and grants acquire; sales, withholding and dispositions to the issuer dispose."""

    code = "code_against_direction"
    statement = "P, A, L acquire and S, F, D, U dispose; M, C, O, X acquire in Table I and dispose in Table II"
    source = "Form 4, General Instruction 8: the codes' definitions"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing, kind="transaction"):
            code, printed = value_of(entry.row.transaction_code), value_of(entry.row.acquired_disposed)
            expected = direction_of(code, entry.derivative)
            if expected is None or printed not in _LEGS:
                continue
            places = [entry.place("transaction_code"), entry.place("acquired_disposed")]
            if printed == expected:
                self.passed(places)
                continue
            # exercises go the other way now and then: class B shares listed in Table I turn into class A
            severity = "info" if code in EXERCISES else "error"
            found.append(self.failed(severity, places, f"code {code} with securities {_LEGS[str(printed)]}"))
        return found

    def repair(self, filing: Filing) -> list[Check]:
        """Fills in a missing A or D where the code decides it (method "derived")."""
        for entry in entries(filing, kind="transaction"):
            row = entry.row
            if row.acquired_disposed is not None and row.acquired_disposed.value is not None:
                continue
            expected = direction_of(value_of(row.transaction_code), entry.derivative)
            # without an amount there is nothing that was acquired or disposed of
            if expected is None or row.transaction_code is None or number_of(row.shares) is None:
                continue
            code = row.transaction_code
            marks = row.acquired_disposed.marks if row.acquired_disposed is not None else []
            kept = {name: value for name, value in code.signals.items() if name in ("label_min", "label_mean")}
            row.acquired_disposed = code.derive(expected, kept, marks)
        return []


class DerivativeOnlyCode(Rule):
    """Expiration of a derivative position is reported in Table II."""

    code = "code_in_wrong_table"
    statement = "E and H (expiration of derivative positions), O and X (exercise by its price) need a derivative"
    source = "Form 4, General Instruction 8: codes for derivative securities"

    def run(self, filing: Filing) -> list[Check]:
        return [
            self.failed(
                "warning", [entry.place("transaction_code")], f"code {entry.row.transaction_code.value} in Table I"
            )
            for entry in entries(filing, derivative=False, kind="transaction")
            if entry.row.transaction_code is not None and entry.row.transaction_code.value in ("E", "H")
        ]
