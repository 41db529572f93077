"""Typed tables read by their columns."""

from __future__ import annotations

from extractor.assembly.spans import Labelled
from extractor.assembly.typed_columns import settle_columns, typed_tables
from extractor.pipeline import extract_bytes, load_model
from extractor.readers import read
from extractor.record import Filing
from extractor.tagging.filings import find_filings

_HEAD = """FORM 4
STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP
1. Name and Address of Reporting Person
   Ostrander, Nils
   12 Quarry Road
   Dover, DE 19901
2. Issuer Name and Ticker or Trading Symbol
   Velmont Mills Inc. VLM
4. Statement for Month/Year
   March 1999
6. Relationship of Reporting Person(s) to Issuer (Check all applicable)
   (X) Director ( ) 10% Owner ( ) Officer (give title below) ( ) Other (specify below)

Table I - Non-Derivative Securities Acquired, Disposed of, or Beneficially Owned
"""
_RULE = "_" * 78 + "\n"
_FREE = (
    _HEAD
    + _RULE
    + """1. Title of Security    2.     3.   V 4.     (A Price 5.      6.   7.
(Instr. 3)              Transa Tran   Securi )        Amount  Owne Nature
                        ction  sact   ties   or       of      rshi of
                        Date   ion    Acquir (D       Securit p    Indirec
                        (Month Code   ed (A) )        ies     Form t
                        /Day/Y (Ins   or              Benefic :    Benefic
                        ear)   tr.    Dispos          ially   Dire ial
                               8)     ed Of           Owned   ct   Ownersh
                               Code   (D)             at End  (D)  ip
                                      Amount          of      or   (Instr.
                                                      Month   Indi 4)
"""
    + _RULE
    + """Common Stock, $.01 par  03/02/ P      10,317 A  $144. 3,747,9 D
value                   1999                    05    42.57
Common Stock, $.01 par  03/02/ P      7,900. A  $143. 3,755,8 D
value                   1999          26        051   42.83
"""
    + _RULE
    + "\nExplanation of Responses:\n\nSIGNATURE OF REPORTING PERSON\n  /s/ Nils Ostrander\nDATE\n  04/05/1999\n"
)
_CELLS = (
    ["1. Title of", "2.Trans-", "3.", "V", "4.Sec", "(A)", "Price", "5.Amount", "6.Own", "7.Nature"],
    [
        "Security",
        "action",
        "Code",
        "",
        "Amount",
        "or (D)",
        "",
        "of Secur",
        "ership",
        "of Indirect",
    ],
)
_VALUES = [
    ["Common Stock", "3/4/99", "P", "", "1,200", "A", "$5.25", "9,300", "D", "-"],
    ["Common Stock", "3/9/99", "S", "", "300", "D", "-0-", "9,000", "D", "-"],
]


def _barred(shift: str = "") -> str:
    widths = (14, 9, 5, 2, 8, 7, 7, 9, 7, 12)
    lines = ["|".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + "|" for row in (*_CELLS, *_VALUES)]
    lines[3] = lines[3].replace("S    ", f"S{shift}    ")
    rule = "-" * len(lines[0])
    body = f"{lines[2]}\n{lines[3]}\n"
    return _HEAD + f"{rule}\n{lines[0]}\n{lines[1]}\n{rule}\n{body}{rule}\n\nExplanation of Responses:\n"


def _labelled(text: str) -> Labelled:
    part, _ = find_filings(read(text.encode(), "typed.txt").document)[0]
    return Labelled.of(part, load_model(None).tag(part))


def _filing(text: str) -> Filing:
    return extract_bytes(text.encode(), "typed.txt", load_model(None))[0]


def test_columns_are_named_by_headings_broken_at_their_edges() -> None:
    (table,) = typed_tables(_labelled(_FREE))
    assert not table.derivative
    assert tuple(field for field in table.fields if field != "voluntary") == (
        "security_title",
        "transaction_date",
        "transaction_code",
        "shares",
        "acquired_disposed",
        "price_per_share",
        "shares_owned_following",
        "direct_or_indirect",
        "nature_of_ownership",
    )
    assert len(table.rows) == 2


def test_values_broken_over_lines_without_bars_are_joined_by_column() -> None:
    rows = _filing(_FREE).non_derivative
    values = [
        (
            r.security_title and r.security_title.value,
            r.transaction_date and r.transaction_date.value,
            r.shares and r.shares.value,
            r.price_per_share and r.price_per_share.value,
            r.shares_owned_following and r.shares_owned_following.value,
        )
        for r in rows
    ]
    assert values == [
        ("Common Stock, $.01 par value", "1999-03-02", 10317, 144.05, 3747942.57),
        ("Common Stock, $.01 par value", "1999-03-02", 7900.26, 143.051, 3755842.83),
    ]
    assert rows[0].transaction_date is not None
    assert rows[0].transaction_date.raw == "03/02/1999"


def test_bars_are_counted_where_a_line_is_shifted() -> None:
    for shift in ("", "    "):
        rows = _filing(_barred(shift)).non_derivative
        prices = [row.price_per_share and row.price_per_share.value for row in rows]
        owned = [row.shares_owned_following and row.shares_owned_following.value for row in rows]
        assert prices == [5.25, 0], shift
        assert owned == [9300, 9000], shift


def test_prose_has_no_typed_table_and_keeps_its_labels() -> None:
    labelled = _labelled(_HEAD + "1. The shares, 2. the price and 3. the code are 4. none of a table's headings.\n")
    assert typed_tables(labelled) == []
    assert settle_columns(labelled) is labelled
