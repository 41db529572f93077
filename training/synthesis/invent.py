"""Invented filings: Forms 3, 4 and 5 of people and companies that do not exist, with the variety of real ones."""

from __future__ import annotations

import random
from datetime import date, timedelta

from extractor.record import Field, Filing, Row, Signature
from training.synthesis import prose
from training.synthesis import scenarios as s
from training.synthesis import vocabulary as v
from training.synthesis.invent_parties import issuer, owners, spoken_person
from training.synthesis.ledger import Book, collect_marks, marked, scatter_marks, settle, weekday

ERAS = {
    "typed": (date(1996, 1, 2), date(2003, 6, 20)),
    "older": (date(2003, 7, 1), date(2023, 3, 20)),
    "current": (date(2023, 4, 3), date(2027, 12, 20)),
}
TEN_B5_BOX = date(2023, 4, 1)


def invent_filing(rng: random.Random, era: str | None = None) -> Filing:
    """A consistent filing: balances run, dates follow each other, footnotes are numbered by first use.

    `era` is a key of ERAS; none given means mostly the current one.
    """
    era = era or rng.choices(("current", "older"), (65, 35))[0]
    first, last = ERAS[era]
    start = weekday(first + timedelta(days=rng.randint(0, (last - first).days)))
    form = rng.choices(("4", "4/A", "3", "3/A", "5", "5/A"), (73, 9, 10, 2, 5, 1))[0]
    filing = Filing(form_type=Field(form), issuer=issuer(rng))
    parties = owners(rng, str(filing.issuer.name.value) if filing.issuer.name else "")
    filing.reporting_owners = [party.owner for party in parties]
    book = Book(
        rng,
        filing,
        parties,
        start,
        form,
        price=round(10 ** rng.gauss(1.4, 0.6), 4),
        decimals=rng.choice((1, 2, 3, 3, 4, 4)) if rng.random() < 0.13 else 0,
        title=rng.choice(v.COMMON_TITLES),
    )
    if form[0] == "3":
        _initial_statement(book)
    else:
        _changes(book)
    for row in filing.non_derivative:
        scatter_marks(book, row, derivative=False)
    for row in filing.derivative:
        scatter_marks(book, row, derivative=True)
    _header(book)
    _number_notes_by_place(book)
    return filing


def _changes(book: Book) -> None:
    scenarios, weights = zip(*s.SCENARIOS, strict=True)
    for scenario in book.rng.choices(scenarios, weights, k=book.rng.choices((1, 2, 3), (74, 20, 6))[0]):
        scenario(book)
    filing = book.filing
    if book.chance(0.05):
        filing.non_derivative.sort(key=lambda row: str(row.transaction_date.value if row.transaction_date else ""))
    for row in filing.non_derivative + filing.derivative:
        _rare_cells(book, row)
    for _ in range(book.rng.choices((0, 1, 2, 3, 5), (60, 20, 11, 6, 3))[0]):
        title = book.title if book.chance(0.85) else book.rng.choice(v.COMMON_TITLES)
        s.holding(book, s.ownership(book, 0.85), title)
    if book.chance(0.06):
        row = s.derivative(book, book.rng.choice(v.OPTION_TITLES), None, "", 1, book.amount(), round(book.price, 2))
        s.option_dates(book, row)
    if book.form[0] == "5":
        late = book.rng.choice(filing.non_derivative) if filing.non_derivative else None
        if late is not None and late.kind == "transaction" and book.chance(0.5):
            text = "This transaction should have been reported earlier on Form 4."
            marked(late.transaction_code, [book.note((text,))])


def _rare_cells(book: Book, row: Row) -> None:
    """V, /K and deemed dates: rare in real filings, so invented oftener here, to be learnt at all."""
    if row.transaction_date is None:
        return
    if book.chance(0.07):
        row.voluntary = Field(True)
    if book.chance(0.025):
        row.equity_swap_involved = Field(True)
    if book.chance(0.1):
        day = date.fromisoformat(str(row.transaction_date.value))
        row.deemed_execution_date = Field((day + timedelta(days=book.rng.choice((0, 1, 1, 2)))).isoformat())


def _initial_statement(book: Book) -> None:
    """Form 3: holdings only, or none at all."""
    rng, filing = book.rng, book.filing
    if book.chance(0.2):
        filing.no_securities_owned = Field(True)
        return
    for _ in range(rng.choices((0, 1, 2, 3, 5, 8), (15, 45, 20, 10, 7, 3))[0]):
        row = s.holding(book, s.ownership(book, 0.35))
        if book.chance(0.3):
            marked(row.shares_owned_following, [book.note(prose.BALANCE + prose.GRANT)])
    at_least = 0 if filing.non_derivative else 1
    for _ in range(max(at_least, rng.choices((0, 1, 2, 3, 4, 7), (45, 20, 14, 10, 8, 3))[0])):
        roll = rng.random()
        if roll < 0.5:
            row = s.derivative(
                book, rng.choice(v.OPTION_TITLES), None, "", 1, book.amount(), round(book.near_price(), 2)
            )
            s.option_dates(book, row)
        elif roll < 0.75:
            s.unit_row(book, rng.choice(v.UNIT_TITLES), None, "", 1, book.amount())
        elif roll < 0.92:
            title = rng.choice(v.CONVERTIBLE_TITLES)
            note = book.note(prose.CONVERSION, title=title)
            row = s.derivative(book, title, None, "", 1, book.amount(20), None, line=s.ownership(book, 0.6))
            row.conversion_or_exercise_price = rng.choice((marked(None, [note]), Field(0.0), None))
            row.exercise_date, row.expiration_date = marked(None, [note]), marked(None, [note])
        else:
            s.derivative(book, rng.choice(v.WARRANT_TITLES), None, "", 1, book.amount(), round(book.price, 2))
    for row in filing.derivative:  # Form 3 has no columns for these
        row.price_per_share = row.shares = row.shares_owned_following = None


def _header(book: Book) -> None:
    rng, filing = book.rng, book.filing
    days = [
        str(row.transaction_date.value) for row in filing.non_derivative + filing.derivative if row.transaction_date
    ]
    period = min(days, default=book.start.isoformat())
    last = max([*days, period])
    if book.form[0] == "5":
        period = f"{int(last[:4])}-{rng.choice(('12-31', '12-31', '12-31', '06-30', '09-30', '01-31'))}"
        last = max(last, period)
    filing.period_of_report = Field(period)
    signed = weekday(
        date.fromisoformat(last) + timedelta(days=rng.choice((0, 1, 2, 2, 2, 3, 4, 10 if book.form[0] == "3" else 2)))
    )
    if book.form.endswith("/A"):
        filing.date_of_original_submission = Field(signed.isoformat())
        signed = weekday(signed + timedelta(days=rng.randint(1, 200)))
        if book.chance(0.6):
            book.note(prose.AMENDED)
            filing.remarks = Field(book.fill(rng.choice(prose.AMENDED))) if book.chance(0.3) else None
    if book.form[0] != "3":
        filing.not_subject_to_section_16 = Field(book.chance(0.08))
        if signed >= TEN_B5_BOX:
            filing.aff10b5_one = Field(book.chance(0.2))
    if book.form[0] == "5":
        filing.form3_holdings_reported, filing.form4_transactions_reported = (
            Field(book.chance(0.2)),
            Field(book.chance(0.3)),
        )
    if filing.remarks is None and book.chance(0.2):
        filing.remarks = Field(book.fill(rng.choice(prose.REMARKS)))
    agent = spoken_person(rng)
    patterns, weights = zip(*prose.SIGNED, strict=True)
    signers = book.parties if book.chance(0.85) else book.parties[:1]
    for party in signers:
        pattern = rng.choices(patterns, weights)[0] if party.is_person else rng.choice(prose.SIGNED_ENTITY)
        name = pattern.format(me=party.spoken, agent=agent, gp=f"{party.spoken.split()[0]} GP LLC")
        filing.signatures.append(Signature(Field(name), Field(signed.isoformat()) if not book.chance(0.01) else None))


def _number_notes_by_place(book: Book) -> None:
    """Number footnotes in the order in which the page shows their marks, as filers do; unused ones come last."""
    filing = book.filing
    order: list[int] = []
    for derivative, rows in ((False, filing.non_derivative), (True, filing.derivative)):
        for row in rows:
            for value in row.fields(derivative).values():
                order += [mark for mark in (value.marks if value else []) if mark not in order]
    if book.chance(0.03):
        book.rng.shuffle(order)
    order += [number for number in book.notes.values() if number not in order]
    if len(order) > 60:  # marks have two digits, and no page carries more notes
        order = order[:60]
    renumbered = {old: new for new, old in enumerate(order, 1)}
    seen: set[int] = set()
    for derivative, rows in ((False, filing.non_derivative), (True, filing.derivative)):
        for row in rows:
            for value in row.fields(derivative).values():
                if value is not None and id(value) not in seen:
                    seen.add(id(value))
                    value.marks = sorted({renumbered[mark] for mark in value.marks if mark in renumbered})
            collect_marks(row, derivative)
    texts = {number: text for text, number in book.notes.items()}
    book.notes = {texts[old]: new for old, new in renumbered.items()}
    book.drop_note_gaps()
    settle(filing.non_derivative)
