"""What happens in an invented filing: each scenario adds the rows that such an event brings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from extractor.record import Field, Row
from training.synthesis import prose
from training.synthesis import vocabulary as v
from training.synthesis.ledger import Book, marked

Line = tuple[str, str]
"""D or I, and the nature of indirect ownership ("" for D)."""


def ownership(book: Book, indirect: float = 0.25) -> Line:
    if book.rng.random() >= indirect:
        return "D", ""
    return "I", "" if book.chance(0.04) else book.rng.choice(v.NATURES)


def trade(
    book: Book,
    day: date,
    code: str,
    sign: int,
    shares: float,
    price: float | None,
    line: Line = ("D", ""),
    title: str = "",
) -> Row:
    """One Table I transaction, its balance carried on."""
    title = title or book.title
    after = book.hold(title, line[0], line[1], shares, sign)
    row = Row(
        security_title=Field(title),
        transaction_date=Field(day.isoformat()),
        transaction_code=Field(code),
        shares=Field(shares),
        acquired_disposed=Field("A" if sign > 0 else "D"),
        price_per_share=None if price is None else Field(price),
        shares_owned_following=Field(after),
        direct_or_indirect=Field(line[0]),
        nature_of_ownership=Field(line[1]) if line[1] else None,
    )
    book.filing.non_derivative.append(row)
    return row


def holding(book: Book, line: Line, title: str = "") -> Row:
    title = title or book.title
    row = Row(
        kind="holding",
        security_title=Field(title),
        shares_owned_following=Field(book.hold(title, line[0], line[1], 0, 0) or book.amount(3)),
        direct_or_indirect=Field(line[0]),
        nature_of_ownership=Field(line[1]) if line[1] else None,
    )
    book.filing.non_derivative.append(row)
    return row


def derivative(
    book: Book,
    title: str,
    day: date | None,
    code: str,
    sign: int,
    shares: float,
    strike: float | None,
    price: float | None = 0.0,
    line: Line = ("D", ""),
    under: float | None = None,
) -> Row:
    """One Table II row; a holding where `day` is None."""
    rng = book.rng
    start = day or book.start
    granted = start if sign > 0 else start - timedelta(days=rng.randint(200, 3000))
    after = book.hold(title, line[0], line[1], shares, sign) if day else shares
    if day and sign < 0 and rng.random() < 0.4:
        after = book.balances[(title, *line)] = 0.0
    row = Row(
        kind="transaction" if day else "holding",
        security_title=Field(title),
        conversion_or_exercise_price=None if strike is None else Field(strike),
        exercise_date=Field((granted + timedelta(days=365)).isoformat()),
        expiration_date=Field((granted + timedelta(days=3652)).isoformat()),
        underlying_security_title=Field(book.title),
        underlying_security_shares=Field(shares if under is None else under),
        direct_or_indirect=Field(line[0]),
        nature_of_ownership=Field(line[1]) if line[1] else None,
    )
    if day or book.form[0] != "3":
        row.shares_owned_following = Field(after)
    if day:
        row.transaction_date, row.transaction_code = Field(day.isoformat()), Field(code)
        row.shares, row.acquired_disposed = Field(shares), Field("A" if sign > 0 else "D")
        row.price_per_share = None if price is None else Field(price)
    book.filing.derivative.append(row)
    return row


def sale(book: Book, code: str = "S", sign: int = -1) -> None:
    rng = book.rng
    count = rng.choices((1, 2, 3, 4, 5, 6, 8, 12, 20, 32), (40, 18, 12, 8, 6, 5, 4, 3, 1.6, 1))[0]
    plan = [book.note(prose.PLAN_10B5)] if sign < 0 and book.chance(0.5) else []
    line, day, price = ownership(book, 0.3), book.start, book.near_price()
    weighted = book.chance(0.55)
    second = ownership(book, 1.0) if book.chance(0.12) else None
    for _ in range(count):
        shares = book.amount(0.6)
        row = trade(book, day, code, sign, shares, price, second if second and book.chance(0.5) else line)
        if plan:
            marked(row.transaction_code if book.chance(0.7) else row.shares, plan)
        if weighted:
            low, did = price * rng.uniform(0.993, 0.9995), "sold" if sign < 0 else "purchased"
            note = book.note(prose.WEIGHTED_PRICE, low=f"{low:,.2f}", high=f"{2 * price - low:,.2f}", did=did)
            marked(row.price_per_share, [note])
        price = round(price * rng.uniform(0.99, 1.013), rng.choice((2, 4, 4, 3)))
        if book.chance(0.2):
            day = max(day, book.later())


def purchase(book: Book) -> None:
    sale(book, "P", 1)


def grant(book: Book) -> None:
    price = book.rng.choice((0.0, 0.0, 0.0, None, round(book.price, 2)))
    for _ in range(book.rng.choice((1, 1, 1, 2))):
        row = trade(book, book.start, "A", 1, book.amount(), price)
        if book.chance(0.8):
            where = book.rng.choice(("shares", "transaction_code", "security_title", "shares"))
            marked(getattr(row, where), [book.note(prose.GRANT)])
        if price is None and book.chance(0.5):
            row.price_per_share = marked(None, [book.note(prose.UNIT_VALUE)])


def withhold(book: Book) -> None:
    for _ in range(book.rng.choice((1, 1, 1, 2, 3))):
        row = trade(book, book.start, "F", -1, book.amount(0.4), book.near_price())
        if book.chance(0.7):
            marked(book.rng.choice((row.shares, row.transaction_code)), [book.note(prose.WITHHELD)])


def unit_row(book: Book, title: str, day: date | None, code: str, sign: int, shares: float) -> Row:
    """Stock units: price and dates are often a mark alone, or nothing."""
    rng = book.rng
    value, vesting = [book.note(prose.UNIT_VALUE)], [book.note(prose.VESTING)]
    row = derivative(book, title, day, code, sign, shares, None, rng.choice((0.0, 0.0, None, round(book.price, 2))))
    row.conversion_or_exercise_price = rng.choice(
        (marked(None, value), marked(None, value), marked(None, value), Field(0.0), marked(Field(0.0), value), None)
    )
    kind = rng.random()
    if kind < 0.6:
        row.exercise_date = marked(None, vesting)
        row.expiration_date = marked(None, vesting)
    elif kind < 0.75:
        row.exercise_date, row.expiration_date = marked(None, vesting), None
    elif kind < 0.85:
        row.exercise_date = row.expiration_date = None
    elif row.exercise_date is not None and book.chance(0.4):
        row.exercise_date.marks += vesting
    if book.chance(0.08) and row.price_per_share is not None:
        row.price_per_share = marked(None, value)
    return row


def vesting(book: Book) -> None:
    """Units turn into shares, some of which are withheld: M in both tables, F in Table I."""
    title = book.rng.choice(v.UNIT_TITLES)
    for _ in range(book.rng.choice((1, 1, 1, 2, 2, 3, 4))):
        shares = book.amount(0.4)
        row = trade(book, book.start, "M", 1, shares, book.rng.choice((0.0, 0.0, None)))
        if row.price_per_share is None:
            row.price_per_share = marked(None, [book.note(prose.UNIT_VALUE)]) if book.chance(0.7) else None
        unit_row(book, title, book.start, "M", -1, shares)
        if book.chance(0.75):
            withheld = trade(book, book.start, "F", -1, float(max(1, int(shares * 0.38))), book.near_price())
            if book.chance(0.6):
                marked(withheld.shares, [book.note(prose.WITHHELD)])


def exercise(book: Book) -> None:
    """Options are exercised, and often sold at once."""
    rng = book.rng
    title = rng.choice(v.OPTION_TITLES)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
        shares, strike = book.amount(), round(book.price * rng.uniform(0.1, 0.9), rng.choice((2, 2, 3, 4)))
        code = rng.choices(("M", "X", "O"), (94, 4, 2))[0]
        trade(book, book.start, code, 1, shares, strike)
        row = derivative(book, title, book.start, code, -1, shares, strike, rng.choice((0.0, 0.0, None)))
        option_dates(book, row)
        if book.chance(0.6):
            sold = trade(book, book.start, "S", -1, shares, book.near_price())
            if book.chance(0.4):
                marked(sold.transaction_code, [book.note(prose.PLAN_10B5)])


def option_dates(book: Book, row: Row) -> None:
    roll = book.rng.random()
    if roll < 0.4:
        row.exercise_date = marked(None, [book.note(prose.VESTING)])
    elif roll < 0.5 and row.exercise_date is not None:
        row.exercise_date.marks.append(book.note(prose.VESTING))


def option_grant(book: Book) -> None:
    for _ in range(book.rng.choice((1, 1, 1, 2))):
        strike, shares = round(book.price, 2), book.amount(3)
        row = derivative(
            book,
            book.rng.choice(v.OPTION_TITLES),
            book.start,
            "A",
            1,
            shares,
            strike,
            book.rng.choice((0.0, 0.0, None)),
        )
        option_dates(book, row)


def unit_grant(book: Book) -> None:
    title = book.rng.choice(v.UNIT_TITLES)
    for _ in range(book.rng.choice((1, 1, 1, 1, 2, 3))):
        row = unit_row(book, title, book.start, book.rng.choices(("A", "I", "J"), (90, 6, 4))[0], 1, book.amount(0.7))
        if book.chance(0.3):
            marked(row.shares, [book.note(prose.GRANT)])


def gift(book: Book) -> None:
    line, shares = ownership(book, 0.3), book.amount()
    row = trade(book, book.start, "G", -1, shares, 0.0, line)
    if book.chance(0.7):
        marked(book.rng.choice((row.transaction_code, row.shares)), [book.note(prose.GIFT)])
    if book.chance(0.35):
        trade(book, book.start, "G", 1, shares, 0.0, ownership(book, 1.0))


def conversion(book: Book) -> None:
    """Preferred stock or Class B turns into common stock, for each of a few lines of ownership."""
    rng = book.rng
    title = rng.choice(v.CONVERTIBLE_TITLES)
    note = book.note(prose.CONVERSION, title=title)
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        line, shares = ownership(book, 0.6), book.amount(10)
        row = trade(book, book.start, "C", 1, shares, rng.choice((0.0, None)), line)
        if row.price_per_share is None and book.chance(0.7):
            row.price_per_share = marked(None, [note])
        other = derivative(book, title, book.start, "C", -1, shares, None, rng.choice((0.0, None)), line)
        other.conversion_or_exercise_price = rng.choice((marked(None, [note]), Field(0.0), None))
        other.exercise_date = marked(None, [note])
        other.expiration_date = marked(None, [note])
        if book.chance(0.3):
            trade(book, book.start, "S", -1, shares, book.near_price(), line)


def warrants(book: Book) -> None:
    rng = book.rng
    code, sign = rng.choice(
        (("P", 1), ("P", 1), ("X", -1), ("J", 1), ("J", -1), ("S", -1), ("E", -1), ("H", -1), ("K", 1))
    )
    title = rng.choice(v.WARRANT_TITLES)
    for _ in range(rng.choice((1, 1, 2, 3))):
        strike, shares = round(book.price * rng.uniform(0.7, 1.6), 2), book.amount(2)
        row = derivative(
            book, title, book.start, code, sign, shares, strike, round(rng.uniform(0, 3), 2), ownership(book, 0.4)
        )
        if code == "K" or book.chance(0.06):
            row.equity_swap_involved = Field(True)
            marked(row.transaction_code, [book.note(prose.OTHER)])
        if code == "X":
            trade(book, book.start, "X", 1, shares, strike)


def other_code(book: Book) -> None:
    rng = book.rng
    code, sign = rng.choice(
        (
            ("J", 1),
            ("J", -1),
            ("J", -1),
            ("D", -1),
            ("L", 1),
            ("W", 1),
            ("W", -1),
            ("I", 1),
            ("I", -1),
            ("U", -1),
            ("Z", -1),
            ("A", 1),
        )
    )
    for _ in range(rng.choice((1, 1, 2, 3))):
        row = trade(
            book,
            book.later(),
            code,
            sign,
            book.amount(),
            rng.choice((0.0, None, book.near_price())),
            ownership(book, 0.4),
        )
        if book.chance(0.75):
            marked(rng.choice((row.transaction_code, row.shares)), [book.note(prose.OTHER)])
        if row.price_per_share is None and book.chance(0.5):
            row.price_per_share = marked(None, [book.note(prose.OTHER)])
        if book.chance(0.1):
            row.equity_swap_involved = Field(True)


SCENARIOS: list[tuple[Callable[[Book], None], float]] = [
    (sale, 20),
    (purchase, 16),
    (grant, 13),
    (withhold, 7),
    (vesting, 13),
    (exercise, 10),
    (option_grant, 5),
    (unit_grant, 8),
    (gift, 6),
    (conversion, 4),
    (warrants, 4),
    (other_code, 6),
]
