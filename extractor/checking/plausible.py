"""Rules about values that can hardly be: sizes, dates, addresses, tickers, boxes that a form does not print."""

from __future__ import annotations

import re

from extractor.checking.rule import Place, Rule, date_of, entries, form_of, number_of, plain_number, text_of, value_of
from extractor.record import Check, Filing
from extractor.states import STATE_CODES

_MOST_SHARES = 3e9
_HIGHEST_PRICE = 10_000.0
"""Of US shares only Berkshire Hathaway's class A costs more; a warning, not an error."""
_FIRST_YEAR, _LAST_YEAR = 1990, 2040
_LONGEST_LIFE = 31  # years from a transaction to an expiration
_TICKER = re.compile(r"[A-Z]{1,5}(?:[.\-/ ][A-Z]{1,2})?")
_NO_TICKER = frozenset(("NONE", "N/A", "NA", "-"))

_ZIP_PREFIXES = (
    "AL 350-369|AK 995-999|AZ 850-865|AR 716-729|CA 900-961|CO 800-816|CT 060-069|DE 197-199|DC 200-205|FL 320-349|"
    "GA 300-319,398-399|HI 967-968|ID 832-838|IL 600-629|IN 460-479|IA 500-528|KS 660-679|KY 400-427|LA 700-714|"
    "ME 039-049|MD 206-219|MA 010-027,055-055|MI 480-499|MN 550-567|MS 386-397|MO 630-658|MT 590-599|NE 680-693|"
    "NV 889-898|NH 030-038|NJ 070-089|NM 870-884|NY 005-005,063-063,100-149|NC 270-289|ND 580-588|OH 430-459|"
    "OK 730-749|OR 970-979|PA 150-196|PR 006-009|RI 028-029|SC 290-299|SD 570-577|TN 370-385|TX 750-799,885-885|"
    "UT 840-847|VT 050-059|VA 201-201,220-246|WA 980-994|WV 247-268|WI 530-549|WY 820-831"
)


def _prefixes() -> dict[str, tuple[range, ...]]:
    out: dict[str, tuple[range, ...]] = {}
    for part in _ZIP_PREFIXES.split("|"):
        state, _, spans = part.partition(" ")
        bounds = [span.split("-") for span in spans.split(",")]
        out[state] = tuple(range(int(low), int(high) + 1) for low, high in bounds)
    return out


PREFIXES = _prefixes()
"""The first three digits of the ZIP codes of each state."""
STATES = {name.replace(" ", ""): code for name, code in STATE_CODES.items()} | {"puertorico": "PR"}
"""Postal codes by name in small letters without blanks, of the places that have ZIP codes of their own."""


class ZipFitsState(Rule):
    """A ZIP code's first three digits say the state."""

    code = "zip_elsewhere"
    statement = "the owner's ZIP code lies in the owner's state"
    source = "USPS Publication 65, ZIP code prefixes by state"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for index, owner in enumerate(filing.reporting_owners):
            places = [Place(f"reporting_owners[{index}].{name}", getattr(owner, name)) for name in ("state", "zip")]
            state, code = value_of(owner.state), value_of(owner.zip)
            if not isinstance(state, str) or not isinstance(code, str):
                continue
            known = PREFIXES.get(STATES.get(text_of(owner.state), state.strip().upper()))
            if known is None or not re.fullmatch(r"\d{5}(-?\d{4})?", code):
                continue  # abroad, or no US code at all
            if any(int(code[:3]) in span for span in known):
                self.passed(places)
            else:
                found.append(self.failed("warning", places, f"{code} is no ZIP code of {state}"))
        return found


class TickerOfIssuer(Rule):
    """Tickers are a few capitals, most of them from the company's name."""

    code = "ticker_unlikely"
    statement = "a ticker has one to five capitals; one spelt from the issuer's name confirms both"
    source = "Form 4, box 2; listing rules of NYSE and Nasdaq"

    def run(self, filing: Filing) -> list[Check]:
        ticker, name = value_of(filing.issuer.ticker), text_of(filing.issuer.name)
        places = [Place("issuer.ticker", filing.issuer.ticker), Place("issuer.name", filing.issuer.name)]
        if not isinstance(ticker, str) or ticker.upper() in _NO_TICKER:
            return []
        if not _TICKER.fullmatch(ticker.strip().upper()):
            return [self.failed("warning", places[:1], f"{ticker!r} has not the form of a ticker")]
        letters = re.sub(r"[^a-z]", "", ticker.casefold())
        if len(letters) >= 3 and name[:1] == letters[:1] and _spelt_in(letters, name):
            self.passed(places)
        return []


def _spelt_in(letters: str, name: str) -> bool:
    """Whether the letters occur in the name in their order."""
    rest = iter(name)
    return all(letter in rest for letter in letters)


class PlausibleMagnitude(Rule):
    """Sizes and dates that no filing has."""

    code = "implausible_magnitude"
    statement = (
        f"amounts are below {_MOST_SHARES:,.0f}, prices below {_HIGHEST_PRICE:,.0f}; dates lie in {_FIRST_YEAR} to "
        f"{_LAST_YEAR}, expirations within {_LONGEST_LIFE} years"
    )
    source = "Section 16 dates from 1934, its electronic and typed forms from the 1990s; share counts of US issuers"

    def run(self, filing: Filing) -> list[Check]:
        found: list[Check] = []
        for entry in entries(filing):
            for name in ("shares", "shares_owned_following", "underlying_security_shares"):
                found += self._above(entry.place(name), _MOST_SHARES)
            found += self._above(entry.place("price_per_share"), _HIGHEST_PRICE)
            traded = date_of(entry.row.transaction_date)
            for name in ("transaction_date", "deemed_execution_date", "exercise_date", "expiration_date"):
                place = entry.place(name)
                day = date_of(place.field)
                if day is None:
                    continue
                late = traded is not None and name == "expiration_date" and day.year - traded.year > _LONGEST_LIFE
                if not _FIRST_YEAR <= day.year <= _LAST_YEAR + 20 * (name == "expiration_date") or late:
                    found.append(self.failed("warning", [place], f"{day} is hardly meant"))
        return found

    def _above(self, place: Place, most: float) -> list[Check]:
        number = number_of(place.field)
        if number is None or 0 <= number <= most:
            return []
        return [self.failed("warning", [place], f"{plain_number(number)} is hardly meant")]


class BoxesOfTheForm(Rule):
    """Each form prints its own check boxes."""

    code = "box_of_other_form"
    statement = (
        "'Form 3 holdings' and 'Form 4 transactions reported' are boxes of Form 5; 'no securities owned' is said on "
        "Form 3; 'no longer subject to Section 16' is a box of Forms 4 and 5"
    )
    source = "Forms 3, 4 and 5, the boxes beside their titles"

    def run(self, filing: Filing) -> list[Check]:
        form = form_of(filing)
        if not form:
            return []
        found: list[Check] = []
        for name, forms in (
            ("form3_holdings_reported", "5"),
            ("form4_transactions_reported", "5"),
            ("no_securities_owned", "3"),
            ("not_subject_to_section_16", "45"),
            ("aff10b5_one", "45"),
        ):
            place = Place(name, getattr(filing, name))
            if value_of(place.field) is not True:
                continue
            if form in forms:
                self.passed([place])
            else:
                places = [place, Place("form_type", filing.form_type)]
                found.append(self.failed("warning", places, f"{name} on a Form {form}"))
        return found
