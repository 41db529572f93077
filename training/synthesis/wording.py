# ruff: noqa: E501 - printed sentences are kept whole
"""The printed words of the forms: headings with their column numbers, captions, notes. By form and by era."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TITLES = {
    "3": "INITIAL STATEMENT OF BENEFICIAL OWNERSHIP OF SECURITIES",
    "4": "STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP",
    "5": "ANNUAL STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP",
}
OMB_NUMBERS = {"3": "3235-0104", "4": "3235-0287", "5": "3235-0362"}
SEC_NUMBERS = {"3": "SEC 1473", "4": "SEC 1474", "5": "SEC 2270"}
BURDEN = {"3": "0.5", "4": "0.5", "5": "1.0"}

COMMISSION = "UNITED STATES SECURITIES AND EXCHANGE COMMISSION"
PLACE = "Washington, D.C. 20549"
PURSUANT = (
    "Filed pursuant to Section 16(a) of the Securities Exchange Act of 1934",
    "or Section 30(h) of the Investment Company Act of 1940",
)
PURSUANT_OLD = (
    "Filed pursuant to Section 16(a) of the Securities Exchange Act of 1934, Section 17(a) of the Public Utility Holding",
    "Company Act of 1935 or Section 30(f) of the Investment Company Act of 1940",
)
SECTION_16 = "Check this box if no longer subject to Section 16. Form 4 or Form 5 obligations may continue. See Instruction 1(b)."
TEN_B5 = (
    "Check this box to indicate that a transaction was made pursuant to a contract, instruction or written plan for the "
    "purchase or sale of equity securities of the issuer that is intended to satisfy the affirmative defense conditions "
    "of Rule 10b5-1(c). See Instruction 10."
)
TEN_B5_SHORT = (
    "Check this box to indicate that a transaction was made pursuant to a contract, instruction or written plan that is "
    "intended to satisfy the affirmative defense conditions of Rule 10b5-1(c). See Instruction 10."
)
FORM_3_HOLDINGS = "Form 3 Holdings Reported."
FORM_4_TRANSACTIONS = "Form 4 Transactions Reported."
NO_SECURITIES = "No securities are beneficially owned."

REMINDER = "Reminder: Report on a separate line for each class of securities beneficially owned directly or indirectly."
NOTE_MORE = "* If the form is filed by more than one reporting person, see Instruction 4 (b)(v)."
NOTE_CRIMINAL = (
    "** Intentional misstatements or omissions of facts constitute Federal Criminal Violations See 18 U.S.C. 1001 and "
    "15 U.S.C. 78ff(a)."
)
NOTE_MORE_REDUCED = "* If the form is filed by more than one reporting person, see Instruction 4(b)(v)."
NOTE_CRIMINAL_REDUCED = NOTE_CRIMINAL.replace("Violations See", "Violations. See")
NOTE_COPIES = (
    "Note: File three copies of this Form, one of which must be manually signed. If space is insufficient, see "
    "Instruction 6 for procedure."
)
NOTE_OMB = (
    "Persons who respond to the collection of information contained in this form are not required to respond unless the "
    "form displays a currently valid OMB Number."
)
POTENTIAL = (
    "Potential persons who are to respond to the collection of information contained in this form are not required to "
    "respond unless the form displays a currently valid OMB number."
)


@dataclass(slots=True)
class Group:
    """A heading over one or more columns; `keys` name the columns, `subs` their own headings where there are several."""

    heading: str
    keys: list[str]
    subs: list[str] = field(default_factory=list)
    share: list[float] = field(default_factory=list)


@dataclass(slots=True)
class TableWording:
    title: str
    subtitle: str
    groups: list[Group]

    @property
    def keys(self) -> list[str]:
        return [key for group in self.groups for key in group.keys]

    @property
    def shares(self) -> list[float]:
        """Widths of the columns, relative."""
        return [share for group in self.groups for share in group.share]


_EG = "(e.g., puts, calls, warrants, options, convertible securities)"


def table_wording(form: str, derivative: bool, old: bool = False, deemed: bool = True) -> TableWording:
    """The table's headings for form "3", "4" or "5". `old`: as printed before 2002."""
    if form == "3":
        return _form_3(derivative)
    end = {
        "4": "at End of Month" if old else "Following Reported Transaction(s)",
        "5": "at end of Issuer's Fiscal Year",
    }[form]
    groups = _derivative(end) if derivative else _non_derivative(end)
    if old or not deemed:
        groups = [group for group in groups if group.keys != ["deemed"]]
    kind = "Derivative" if derivative else "Non-Derivative"
    title = f"Table {'II' if derivative else 'I'} - {kind} Securities Acquired, Disposed of, or Beneficially Owned"
    return TableWording(title, _EG if derivative else "", groups)


def _form_3(derivative: bool) -> TableWording:
    if not derivative:
        return TableWording(
            "Table I - Non-Derivative Securities Beneficially Owned",
            "",
            [
                Group("1. Title of Security (Instr. 4)", ["title"], share=[36]),
                Group("2. Amount of Securities Beneficially Owned (Instr. 4)", ["after"], share=[22]),
                Group("3. Ownership Form: Direct (D) or Indirect (I) (Instr. 5)", ["form"], share=[16]),
                Group("4. Nature of Indirect Beneficial Ownership (Instr. 5)", ["nature"], share=[26]),
            ],
        )
    return TableWording(
        "Table II - Derivative Securities Beneficially Owned",
        _EG,
        [
            Group("1. Title of Derivative Security (Instr. 4)", ["title"], share=[22]),
            Group(
                "2. Date Exercisable and Expiration Date (Month/Day/Year)",
                ["exercisable", "expires"],
                ["Date Exercisable", "Expiration Date"],
                [9, 9],
            ),
            Group(
                "3. Title and Amount of Securities Underlying Derivative Security (Instr. 4)",
                ["under", "under_amount"],
                ["Title", "Amount or Number of Shares"],
                [16, 9],
            ),
            Group("4. Conversion or Exercise Price of Derivative Security", ["strike"], share=[10]),
            Group("5. Ownership Form: Direct (D) or Indirect (I) (Instr. 5)", ["form"], share=[10]),
            Group("6. Nature of Indirect Beneficial Ownership (Instr. 5)", ["nature"], share=[15]),
        ],
    )


def _non_derivative(end: str) -> list[Group]:
    return [
        Group("1. Title of Security (Instr. 3)", ["title"], share=[32]),
        Group("2. Transaction Date (Month/Day/Year)", ["date"], share=[10]),
        Group("2A. Deemed Execution Date, if any (Month/Day/Year)", ["deemed"], share=[10]),
        Group("3. Transaction Code (Instr. 8)", ["code", "v"], ["Code", "V"], [6, 3]),
        Group(
            "4. Securities Acquired (A) or Disposed Of (D) (Instr. 3, 4 and 5)",
            ["amount", "ad", "price"],
            ["Amount", "(A) or (D)", "Price"],
            [9, 4, 8],
        ),
        Group(f"5. Amount of Securities Beneficially Owned {end} (Instr. 3 and 4)", ["after"], share=[11]),
        Group("6. Ownership Form: Direct (D) or Indirect (I) (Instr. 4)", ["form"], share=[8]),
        Group("7. Nature of Indirect Beneficial Ownership (Instr. 4)", ["nature"], share=[10]),
    ]


def _derivative(end: str) -> list[Group]:
    return [
        Group("1. Title of Derivative Security (Instr. 3)", ["title"], share=[12]),
        Group("2. Conversion or Exercise Price of Derivative Security", ["strike"], share=[8]),
        Group("3. Transaction Date (Month/Day/Year)", ["date"], share=[9]),
        Group("3A. Deemed Execution Date, if any (Month/Day/Year)", ["deemed"], share=[9]),
        Group("4. Transaction Code (Instr. 8)", ["code", "v"], ["Code", "V"], [5, 3]),
        Group(
            "5. Number of Derivative Securities Acquired (A) or Disposed of (D) (Instr. 3, 4 and 5)",
            ["acquired", "disposed"],
            ["(A)", "(D)"],
            [6, 6],
        ),
        Group(
            "6. Date Exercisable and Expiration Date (Month/Day/Year)",
            ["exercisable", "expires"],
            ["Date Exercisable", "Expiration Date"],
            [9, 9],
        ),
        Group(
            "7. Title and Amount of Securities Underlying Derivative Security (Instr. 3 and 4)",
            ["under", "under_amount"],
            ["Title", "Amount or Number of Shares"],
            [9, 8],
        ),
        Group("8. Price of Derivative Security (Instr. 5)", ["price"], share=[7]),
        Group(f"9. Number of derivative Securities Beneficially Owned {end} (Instr. 4)", ["after"], share=[9]),
        Group("10. Ownership Form: Direct (D) or Indirect (I) (Instr. 4)", ["form"], share=[8]),
        Group("11. Nature of Indirect Beneficial Ownership (Instr. 4)", ["nature"], share=[9]),
    ]


def header_captions(form: str, old: bool = False) -> dict[str, str]:
    """Captions of the header boxes. Form 3 numbers them otherwise."""
    if form == "3":
        return {
            "owner": "1. Name and Address of Reporting Person*",
            "period": "2. Date of Event Requiring Statement (Month/Day/Year)",
            "issuer": "3. Issuer Name and Ticker or Trading Symbol",
            "relationship": "4. Relationship of Reporting Person(s) to Issuer",
            "amendment": "5. If Amendment, Date of Original Filed (Month/Day/Year)",
            "group": "6. Individual or Joint/Group Filing (Check Applicable Line)",
        }
    period = "3. Date of Earliest Transaction (Month/Day/Year)"
    if form == "5":
        period = "3. Statement for Issuer's Fiscal Year Ended (Month/Day/Year)"
    elif old:
        period = "4. Statement for Month/Year"
    return {
        "owner": "1. Name and Address of Reporting Person*",
        "issuer": "2. Issuer Name and Ticker or Trading Symbol",
        "period": period,
        "amendment": "4. If Amendment, Date of Original Filed (Month/Day/Year)",
        "relationship": "5. Relationship of Reporting Person(s) to Issuer",
        "group": "6. Individual or Joint/Group Filing (Check Applicable Line)",
    }


def reduced_captions(form: str) -> dict[str, str]:
    """As the reduced page words them: some blanks are missing in it."""
    captions = header_captions(form)
    captions["amendment"] = captions["amendment"].replace("Date of Original Filed (", "Date Original Filed(")
    captions["group"] = captions["group"].replace("Filing (", "Filing(")
    return captions


_SHORT = {
    "title": "Security",
    "date": "Trans. Date",
    "deemed": "Deemed Date",
    "code": "Code",
    "v": "V",
    "amount": "Shares",
    "ad": "A/D",
    "price": "Price",
    "after": "Owned After",
    "form": "D/I",
    "nature": "Nature of Ownership",
    "strike": "Exercise Price",
    "acquired": "Acquired (A)",
    "disposed": "Disposed (D)",
    "exercisable": "Exercisable",
    "expires": "Expires",
    "under": "Underlying Title",
    "under_amount": "Underlying Shares",
}


def reworded(group: Group, how: str) -> Group:
    """The group with its headings as the form has them, as the reduced page has them, without numbers, or in short.

    >>> reworded(Group("1. Title of Security (Instr. 3)", ["title"]), "bare").heading
    'Title of Security'
    """
    if how == "full":
        return group
    if how == "reduced":
        heading = group.heading
        if heading.startswith("10. Ownership Form:"):
            heading = heading.replace("Ownership Form:", "Ownership Form of Derivative Security:")
        heading = heading.replace("derivative Securities", "Derivative Securities").replace(
            "Disposed Of", "Disposed of"
        )
        return Group(heading, group.keys, group.subs, group.share)
    if how == "short":
        subs = [_SHORT[key] for key in group.keys] if group.subs else []
        bare = re.sub(r"\(.*?\)", "", group.heading.split(". ", 1)[-1]).strip()
        heading = bare.split(" and ")[0] if group.subs else _SHORT[group.keys[0]]
        return Group(heading, group.keys, subs, group.share)
    heading = re.sub(r"\s*\(Instr\.[^)]*\)", "", group.heading.split(". ", 1)[-1])
    return Group(heading, group.keys, group.subs, group.share)
