"""Invented parties of a filing: issuers, reporting owners with their addresses, and who signs for them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from extractor.record import Field, Issuer, ReportingOwner
from training.synthesis import vocabulary as v


@dataclass(slots=True)
class Party:
    """An owner with the names that prose and signatures use."""

    owner: ReportingOwner
    spoken: str
    is_person: bool


def surname(rng: random.Random) -> str:
    return rng.choice(v.SURNAMES).replace("-", " ")


def spoken_person(rng: random.Random) -> str:
    """A name in reading order: "Ann B. Carver"."""
    middle = f" {rng.choice('ABCDEFGHJKLMNPRSTW')}." if rng.random() < 0.5 else ""
    return f"{rng.choice(v.FIRST_NAMES)}{middle} {surname(rng)}"


def company(rng: random.Random) -> str:
    stem = rng.choice(v.COMPANY_STEMS).replace("-", " ")
    roll = rng.random()
    if roll < 0.62:
        stem = f"{stem} {rng.choice(v.COMPANY_FIELDS)}"
    elif roll < 0.75:
        stem = f"{stem} {rng.choice(v.COMPANY_STEMS).replace('-', ' ')} {rng.choice(v.COMPANY_FIELDS)}"
    elif roll < 0.82:
        stem = (
            f"{surname(rng)} & {surname(rng)}"
            if rng.random() < 0.5
            else f"{surname(rng)} {rng.choice(v.COMPANY_FIELDS)}"
        )
    suffix = rng.choice(v.COMPANY_SUFFIXES)
    if suffix.startswith("Inc"):
        suffix = " " + suffix
    name = stem + suffix
    return name.upper() if rng.random() < 0.25 else name


def fund(rng: random.Random) -> str:
    stem = rng.choice(v.COMPANY_STEMS).replace("-", " ")
    number = f" {rng.choice(v.ROMAN)}" if rng.random() < 0.5 else ""
    return f"{stem} {rng.choice(v.FUND_KINDS)}{number}{rng.choice(v.FUND_SUFFIXES)}"


def trust(rng: random.Random) -> str:
    kind = rng.choice(
        ("Family Trust", "Revocable Trust", "Irrevocable Trust", "Living Trust", "2012 Descendants Trust", "GST Trust")
    )
    dated = (
        f" dated {rng.choice(v.MONTHS)} {rng.randint(1, 28)}, {rng.randint(1990, 2022)}" if rng.random() < 0.3 else ""
    )
    return f"{rng.choice(('The ', ''))}{surname(rng)} {kind}{dated}"


def ticker(rng: random.Random, name: str) -> str:
    roll = rng.random()
    if roll < 0.03:
        return rng.choice(("NONE", "N/A", "NONE", "n/a"))
    letters = [c for c in name.upper() if c.isalpha()] or ["A"]
    size = rng.choices((1, 2, 3, 4, 5), (1, 4, 30, 58, 7))[0]
    text = letters[0] + "".join(rng.choice(letters) for _ in range(size - 1))
    if rng.random() < 0.03:
        text += rng.choice((".A", ".B", "/A", " A", "-B"))
    elif rng.random() < 0.02:
        text = rng.choice(("NYSE: ", "Nasdaq: ", "NASDAQ:")) + text
    return text.lower() if rng.random() < 0.02 else text


def issuer(rng: random.Random) -> Issuer:
    name = company(rng)
    symbol = ticker(rng, name)
    return Issuer(Field(name), None if rng.random() < 0.02 else Field(symbol), Field(f"{rng.randint(1, 1999999):010d}"))


def _zip(rng: random.Random, prefix: str) -> str:
    code = prefix + "".join(str(rng.randint(0, 9)) for _ in range(5 - len(prefix)))
    if rng.random() < 0.12:
        code += f"-{rng.randint(0, 9999):04d}"
    return code


def _postcode(rng: random.Random, pattern: str) -> str:
    return "".join(
        str(rng.randint(0, 9)) if c == "#" else rng.choice("ABCEGHJKLMNPRSTVWXYZ") if c == "@" else c for c in pattern
    )


def street(rng: random.Random, issuer_name: str) -> list[str]:
    """One or two address lines."""
    number = rng.choice((rng.randint(1, 99), rng.randint(100, 999), rng.randint(1000, 19999)))
    side = rng.choice(("", "", "", "", "N. ", "S. ", "West ", "EAST ", "NW "))
    name = rng.choice(v.STREET_NAMES)
    if rng.random() < 0.1:
        name += " " + rng.choice(v.STREET_NAMES)
    if rng.random() < 0.08:
        name = rng.choice(("5th", "42nd", "First", "Third", "17th", "Sixth", "21st", "101st"))
    kind = rng.choice(v.STREET_SHORT if rng.random() < 0.25 else v.STREET_KINDS)
    line = f"{number} {side}{name} {kind}"
    if rng.random() < 0.04:
        line = f"ONE {name} {kind}"
    if rng.random() < 0.06:
        line = f"P.O. BOX {rng.randint(10, 99999)}"
    unit = rng.choice(v.UNITS).format(n=rng.randint(1, 4000), f=rng.randint(2, 48))
    lines = [line]
    roll = rng.random()
    if roll < 0.2:
        lines = [f"{line}, {unit}"]
    elif roll < 0.35:
        lines = [line, unit]
    if rng.random() < 0.35:
        care = f"{rng.choice(('C/O', 'c/o', 'C/O', 'c/o', 'ATTN:'))} {issuer_name}"
        lines = [care, lines[0]] if rng.random() < 0.8 else [f"{care}, {lines[0]}"]
    return lines


def address(rng: random.Random, owner: ReportingOwner, issuer_name: str) -> None:
    """Fill in an address; the two lines of a street are kept apart by a newline in `raw`."""
    lines = street(rng, issuer_name)
    upper = rng.random() < 0.55
    if upper:
        lines = [line.upper() for line in lines]
    owner.street = Field(" ".join(lines), raw="\n".join(lines))
    if rng.random() < 0.07:
        city, code, pattern, country = rng.choice(v.FOREIGN)
        owner.city = Field(city.upper() if upper else city)
        owner.state = Field(code) if code and rng.random() < 0.6 else None
        postal = _postcode(rng, pattern)
        owner.zip = Field(postal) if postal and rng.random() < 0.9 else None
        if owner.state is None or rng.random() < 0.5:
            owner.country = Field(country)
        return
    city, state, prefix = rng.choice(v.CITIES)
    owner.city = Field(city.upper() if upper else city)
    printed = v.STATE_NAMES.get(state, state) if rng.random() < 0.04 else state
    owner.state = Field(printed)
    owner.zip = Field(_zip(rng, prefix))
    if rng.random() < 0.02:
        owner.country = Field(rng.choice(("UNITED STATES", "USA", "US")))


def person(rng: random.Random) -> tuple[str, str]:
    """A name as filed, "Last First Middle", and in reading order."""
    last, first = surname(rng), rng.choice(v.FIRST_NAMES)
    roll = rng.random()
    middle = ""
    if roll < 0.35:
        middle = rng.choice("ABCDEFGHJKLMNPRSTW") + rng.choice(("", "."))
    elif roll < 0.5:
        middle = rng.choice(v.FIRST_NAMES)
    suffix = rng.choice(v.NAME_SUFFIXES) if rng.random() < 0.07 else ""
    filed = " ".join(part for part in (last, first, middle, suffix) if part)
    if rng.random() < 0.03:
        filed = f"{last}, {first} {middle}".strip()
    spoken = " ".join(part for part in (first, f"{middle[0]}." if middle else "", last) if part)
    return (filed.upper() if rng.random() < 0.35 else filed), spoken


def owners(rng: random.Random, issuer_name: str) -> list[Party]:
    """The reporting owners of one filing; joint filers share address and often the name's stem."""
    count = 1 if rng.random() < 0.88 else rng.choice((2, 2, 2, 3, 3, 4, 5, 6, 8, 10))
    entity = rng.random() < (0.08 if count == 1 else 0.75)
    parties: list[Party] = []
    for position in range(count):
        owner = ReportingOwner(cik=Field(f"{rng.randint(1000000, 2100000):010d}"))
        is_person = not entity or (position == count - 1 and rng.random() < 0.4)
        if is_person:
            name, spoken = person(rng)
        else:
            name = spoken = rng.choice((fund, fund, fund, company, trust))(rng)
            if rng.random() < 0.2:
                name = spoken = name.upper()
        owner.name = Field(name)
        if position and rng.random() < 0.8:
            first = parties[0].owner
            owner.street, owner.city, owner.state = _copy(first.street), _copy(first.city), _copy(first.state)
            owner.zip, owner.country = _copy(first.zip), _copy(first.country)
        else:
            address(rng, owner, issuer_name)
        relationship(rng, owner, is_person)
        parties.append(Party(owner, spoken, is_person))
    return parties


def _copy(field: Field | None) -> Field | None:
    return None if field is None else Field(field.value, raw=field.raw)


def relationship(rng: random.Random, owner: ReportingOwner, is_person: bool) -> None:
    """Ticks of the relationship box, with the title that goes with them."""
    director, officer, ten, other = False, False, False, False
    if is_person:
        kind = rng.choices(("d", "o", "do", "t", "dt", "dot", "x"), (38, 38, 13, 4, 3, 2, 2))[0]
        director, officer, ten, other = "d" in kind, "o" in kind, "t" in kind, "x" in kind
    else:
        ten, director, other = rng.random() < 0.85, rng.random() < 0.15, rng.random() < 0.12
        if not (ten or director or other):
            ten = True
    if rng.random() < 0.02:
        other = True
    owner.is_director, owner.is_officer = Field(director), Field(officer)
    owner.is_ten_percent_owner, owner.is_other = Field(ten), Field(other)
    if officer and rng.random() < 0.98:
        owner.officer_title = Field(rng.choice(v.OFFICER_TITLES))
    if other and rng.random() < 0.9:
        owner.other_text = Field(rng.choice(v.OTHER_TEXTS))
