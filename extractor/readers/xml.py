"""EDGAR ownership XML, alone or inside a full submission: exact records without any guessing.

Element names follow the SEC's "EDGAR Ownership XML Technical Specification". A value stands in `<value>` within its
element, footnotes hang beside it as `<footnoteId id="F1"/>`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.errors import DamagedInput, UnknownFormat
from extractor.readers.decode import decode_text
from extractor.record import Field, Filing, Footnote, Issuer, ReportingOwner, Row, Signature, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

_OPENING = re.compile(r"<((?:[\w.-]+:)?ownershipDocument)\b")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z]\w{1,30});)?")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:?\d{2})?")
_TRUE, _FALSE = {"1", "true", "y", "yes"}, {"0", "false", "n", "no"}


def read_ownership_xml(data: bytes, path: str = "") -> list[Filing]:
    """Every ownership document in the bytes, in order, with confidence 1.0.

    Entities other than XML's own and HTML's named characters are never expanded, nothing outside is fetched.
    Raises UnknownFormat where there is no ownership document, DamagedInput where one is not well-formed.
    """
    text = decode_text(data)
    filings = [_filing(_parse(document, path), path) for document in _documents(text)]
    if not filings:
        if _OPENING.search(text):
            raise DamagedInput(path, "the ownership XML ends before its last element is closed")
        raise UnknownFormat(path, "no ownershipDocument element in this XML")
    return filings


def _documents(text: str) -> Iterator[str]:
    """Each ownership document from its opening to its end. In one pass: hostile files hold openings by the million."""
    at = 0
    while opening := _OPENING.search(text, at):
        end = re.compile(rf"</{re.escape(opening.group(1))}\s*>").search(text, opening.end())
        if end is None:
            return
        yield text[opening.start() : end.end()]
        at = end.end()


def _parse(text: str, path: str) -> _Element:
    from lxml import etree

    text = _LOOSE_AMPERSAND.sub(_mend_ampersand, _ILLEGAL.sub(" ", text))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError as error:
        raise DamagedInput(path, f"the ownership XML is not well-formed: {error.msg}") from None
    for element in root.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return root


def _mend_ampersand(match: re.Match[str]) -> str:
    """Hand-made files hold "AT&T" and "&nbsp;": the character itself where HTML knows the name, else a plain "&"."""
    name = match.group(1)
    character = html.unescape(f"&{name};") if name else ""
    if name and character != f"&{name};":
        return character
    return "&amp;" + (f"{name};" if name else "")


def _filing(root: _Element, path: str) -> Filing:
    form_type = _text(root, "documentType")
    form = (form_type.value if form_type and isinstance(form_type.value, str) else "").upper()
    base = form[:1]
    return Filing(
        source=Source(path=path, input_kind="xml"),
        form_type=form_type,
        period_of_report=_date(root, "periodOfReport"),
        date_of_original_submission=_date(root, "dateOfOriginalSubmission"),
        not_subject_to_section_16=_flag(root, "notSubjectToSection16", absent=False) if base in ("4", "5") else None,
        aff10b5_one=_flag(root, "aff10b5One"),
        no_securities_owned=_no_securities(root) if base == "3" else None,
        form3_holdings_reported=_flag(root, "form3HoldingsReported", absent=False) if base == "5" else None,
        form4_transactions_reported=_flag(root, "form4TransactionsReported", absent=False) if base == "5" else None,
        issuer=_issuer(root.find("issuer")),
        reporting_owners=[_owner(element) for element in root.iterfind("reportingOwner")],
        non_derivative=_rows(root.find("nonDerivativeTable"), base),
        derivative=_rows(root.find("derivativeTable"), base),
        footnotes=_footnotes(root),
        remarks=_text(root, "remarks"),
        signatures=[
            Signature(_text(element, "signatureName"), _date(element, "signatureDate"))
            for element in root.iterfind("ownerSignature")
        ],
    )


def _issuer(element: _Element | None) -> Issuer:
    if element is None:
        return Issuer()
    return Issuer(
        name=_text(element, "issuerName"),
        ticker=_text(element, "issuerTradingSymbol"),
        cik=_text(element, "issuerCik"),
    )


def _owner(element: _Element) -> ReportingOwner:
    where = "reportingOwnerAddress/"
    what = "reportingOwnerRelationship/"
    country = _text(element, where + "rptOwnerCountry")
    if country:  # the page prints a foreign country by its name; the code stands in the XML alone
        country = _text(element, where + "rptOwnerStateDescription") or country
    state = _text(element, where + "rptOwnerState") or _text(element, where + "rptOwnerNonUSStateTerritory")
    if state and country and state.value == country.value:  # filled in twice: a country is no state
        state = None
    return ReportingOwner(
        name=_text(element, "reportingOwnerId/rptOwnerName"),
        street=_joined(element, where + "rptOwnerStreet1", where + "rptOwnerStreet2"),
        city=_text(element, where + "rptOwnerCity"),
        state=state,
        zip=_text(element, where + "rptOwnerZipCode"),
        country=country,
        is_director=_flag(element, what + "isDirector", absent=False),
        is_officer=_flag(element, what + "isOfficer", absent=False),
        is_ten_percent_owner=_flag(element, what + "isTenPercentOwner", absent=False),
        is_other=_flag(element, what + "isOther", absent=False),
        officer_title=_text(element, what + "officerTitle"),
        other_text=_text(element, what + "otherText"),
        cik=_text(element, "reportingOwnerId/rptOwnerCik"),
    )


def _rows(table: _Element | None, base: str) -> list[Row]:
    if table is None:
        return []
    return [
        _row(element, base)
        for element in table
        if isinstance(element.tag, str) and element.tag.endswith(("Transaction", "Holding"))
    ]


def _row(element: _Element, base: str) -> Row:
    amounts, after, coding = "transactionAmounts/", "postTransactionAmounts/", "transactionCoding/"
    owned = "ownershipNature/"
    code = _text(element, coding + "transactionCode")
    if code:
        code.marks = _marks(element.find("transactionCoding"))
    early = _text(element, coding + "transactionFormType")
    swap = _flag(element, coding + "equitySwapInvolved")
    return Row(
        kind="holding" if element.tag.endswith("Holding") else "transaction",
        footnotes=_all_marks(element),
        security_title=_text(element, "securityTitle"),
        transaction_date=_date(element, "transactionDate"),
        deemed_execution_date=_date(element, "deemedExecutionDate"),
        transaction_code=code,
        # a transaction of Form 5 on a Form 4 is one reported earlier than required: the V of the page
        voluntary=Field(True, raw=early.raw) if early and early.value == "5" and base == "4" else None,
        equity_swap_involved=swap if swap and swap.value else None,
        shares=_number(element, amounts + "transactionShares", amounts + "transactionTotalValue"),
        acquired_disposed=_text(element, amounts + "transactionAcquiredDisposedCode"),
        price_per_share=_number(element, amounts + "transactionPricePerShare"),
        shares_owned_following=_number(
            element, after + "sharesOwnedFollowingTransaction", after + "valueOwnedFollowingTransaction"
        ),
        direct_or_indirect=_text(element, owned + "directOrIndirectOwnership"),
        nature_of_ownership=_text(element, owned + "natureOfOwnership"),
        conversion_or_exercise_price=_number(element, "conversionOrExercisePrice"),
        exercise_date=_date(element, "exerciseDate"),
        expiration_date=_date(element, "expirationDate"),
        underlying_security_title=_text(element, "underlyingSecurity/underlyingSecurityTitle"),
        underlying_security_shares=_number(
            element, "underlyingSecurity/underlyingSecurityShares", "underlyingSecurity/underlyingSecurityValue"
        ),
    )


def _footnotes(root: _Element) -> list[Footnote]:
    out = []
    for element in root.iterfind("footnotes/footnote"):
        number = _mark(element)
        if number is not None:
            raw = "".join(element.itertext())
            text = " ".join(raw.split())
            out.append(Footnote(number, Field(text, raw=raw.strip()) if text else None))
    return out


def _no_securities(root: _Element) -> Field | None:
    flag = _flag(root, "noSecuritiesOwned")
    return flag if flag and flag.value else None


# Single values ------------------------------------------------------------------------------------------------------


def _raw(parent: _Element, path: str) -> tuple[str, list[int]]:
    """What stands in an element (in its `<value>` where it has one), blanks trimmed, with the marks beside it."""
    element = parent.find(path)
    if element is None:
        return "", []
    value = element.find("value")
    raw = (element.text if value is None else "".join(value.itertext())) or ""
    return raw.strip(), _marks(element)


def _text(parent: _Element, path: str) -> Field | None:
    raw, marks = _raw(parent, path)
    text = " ".join(raw.split())
    return Field(text or None, raw=raw or None, marks=marks) if text or marks else None


def _joined(parent: _Element, *paths: str) -> Field | None:
    lines = [" ".join(raw.split()) for raw, _ in (_raw(parent, path) for path in paths)]
    lines = [line for line in lines if line]
    return Field(" ".join(lines), raw="\n".join(lines)) if lines else None


def _date(parent: _Element, path: str) -> Field | None:
    raw, marks = _raw(parent, path)
    match = _DATE.fullmatch(raw)
    return Field(match.group(1) if match else None, raw=raw or None, marks=marks) if raw or marks else None


def _number(parent: _Element, *paths: str) -> Field | None:
    """The first of the elements that says anything: filers give shares or, for securities without, a value."""
    for path in paths:
        raw, marks = _raw(parent, path)
        if raw or marks:
            try:
                value: float | None = float(raw.replace(",", "").replace("$", "")) if raw else None
            except ValueError:
                value = None
            if value is not None and (value != value or value in (float("inf"), float("-inf"))):
                value = None
            return Field(value, raw=raw or None, marks=marks)
    return None


def _flag(parent: _Element, path: str, absent: bool | None = None) -> Field | None:
    """A check box. `absent` is what a missing or empty element means; None for "no such box on this form"."""
    raw, marks = _raw(parent, path)
    word = raw.lower()
    if word in _TRUE or word in _FALSE:
        return Field(word in _TRUE, raw=raw, marks=marks)
    return None if absent is None else Field(absent, marks=marks)


def _mark(element: _Element) -> int | None:
    digits = re.search(r"\d{1,4}", element.get("id") or "")
    return int(digits.group()) if digits else None


def _marks(element: _Element | None) -> list[int]:
    if element is None:
        return []
    found = [_mark(child) for child in element.iterfind("footnoteId")]
    return [number for number in dict.fromkeys(found) if number is not None]


def _all_marks(element: _Element) -> list[int]:
    found = {_mark(child) for child in element.iter("footnoteId")}
    return sorted(number for number in found if number is not None)
