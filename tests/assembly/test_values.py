"""Values come out of every garbling that readers are known to make of them."""

import datetime as dt
import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractor.assembly.values import (
    join_text,
    parse_acquired_disposed,
    parse_code,
    parse_date,
    parse_direct_indirect,
    parse_form_type,
    parse_marks,
    parse_number,
    parse_signature_name,
    parse_state,
    parse_text,
    parse_tick,
    parse_ticker,
    parse_zip,
)

# numbers

amounts = st.integers(1, 999_999_999).map(lambda n: (f"{n:,}", n))
decimal_amounts = st.integers(1_000, 999_999_999).map(lambda n: (f"{n / 1000:,.3f}", n / 1000))
prices = st.integers(1, 9_999_999).map(lambda n: (f"${n / 10_000:,.4f}", n / 10_000))
any_number = st.one_of(
    amounts.map(lambda pair: (*pair, False)),
    decimal_amounts.map(lambda pair: (*pair, False)),
    prices.map(lambda pair: (*pair, True)),
)


def cut(text: str, places: list[int]) -> list[str]:
    edges = sorted({0, len(text), *(place % len(text) for place in places)})
    return [text[a:b] for a, b in itertools.pairwise(edges)]


def says_it_twice(parts: list[str]) -> bool:
    """Pieces that a reader must take for a value written twice: ("11", "11") may be 11 or 1111."""
    bare = [part for part in parts if part != "$"]
    half = len(bare) // 2
    whole = "".join(bare)
    return (len(bare) % 2 == 0 and bare[:half] == bare[half:]) or whole[: len(whole) // 2] == whole[len(whole) // 2 :]


def number(fragments, price=False):
    parsed = parse_number(fragments, price=price)
    return None if parsed is None else parsed.value


@given(any_number)
def test_number_as_printed_is_read_without_mending(printed):
    text, value, price = printed
    parsed = parse_number([text], price=price)
    assert parsed is not None
    assert parsed.value == pytest.approx(value)
    assert parsed.mended == 0


@given(any_number, st.lists(st.integers(1, 20), max_size=3))
def test_number_survives_cuts_at_column_edges(printed, places):
    text, value, price = printed
    parts = cut(text, places)
    assume(not says_it_twice(parts))
    assert number(parts, price) == pytest.approx(value)
    assert number([" ".join(parts)], price) == pytest.approx(value)


@given(any_number)
def test_number_written_twice_counts_once(printed):
    text, value, price = printed
    assert number([text, text], price) == pytest.approx(value)
    assert number([f"{text} {text}"], price) == pytest.approx(value)


@given(any_number, st.integers(1, 40))
def test_number_drops_marks_that_hang_on_it(printed, mark):
    text, value, price = printed
    assert number([f"{text}({mark})"], price) == pytest.approx(value)
    assert number([text, f"({mark})"], price) == pytest.approx(value)
    assert number([text + "(1)", f"({mark})"], price) == pytest.approx(value)


@given(amounts)
def test_separators_that_moved_behind_the_number_change_nothing(printed):
    text, value = printed
    commas = text.count(",")
    assume(commas)
    assert number([text.replace(",", ""), *[","] * commas]) == value


@given(st.integers(1_000, 999_999))
def test_a_point_behind_the_digits_goes_back_where_prices_have_it(digits):
    found = number([f"${digits}", "."], price=True)
    assert found is not None
    assert found < 1000
    assert str(digits).rstrip("0").startswith(f"{found}".replace(".", "").rstrip("0"))


@given(amounts, st.sampled_from(["A", "D", " A", "]", "|", '"', "°"]))
def test_signs_and_letters_behind_a_grouped_number_are_dropped(printed, tail):
    text, value = printed
    assume("," in text)
    assert number([text + tail]) == value


@given(any_number, st.data())
def test_letters_that_look_like_digits_are_read_as_digits(printed, data):
    text, value, price = printed
    looks = {"0": "oO", "1": "l", "2": "Z", "5": "S", "8": "B"}
    places = [i for i, char in enumerate(text) if char in looks and i > 0 and text[i - 1] != "$"]
    assume(places)
    place = data.draw(st.sampled_from(places))
    garbled = text[:place] + data.draw(st.sampled_from(looks[text[place]])) + text[place + 1 :]
    assume(any(char.isdigit() for char in garbled))
    parsed = parse_number([garbled], price=price)
    assert parsed is not None
    assert parsed.value == pytest.approx(value)
    assert parsed.mended > 0


@given(prices)
def test_a_leading_s_is_the_dollar_of_a_price(printed):
    text, value = printed
    assert number(["S" + text[1:]], price=True) == pytest.approx(value)
    assert number(["$", text[1:]], price=True) == pytest.approx(value)
    assert number([text[1:]], price=True) == pytest.approx(value)


@given(st.integers(1_000_000, 999_999_999_999))
def test_points_read_for_commas_still_group(value):
    assert number([f"{value:,}".replace(",", ".")]) == value


@pytest.mark.parametrize(
    ("fragments", "price", "value"),
    [
        (["1", "2.5934"], False, 12.5934),
        (["757,75", "6"], False, 757756),
        (["6,", " 000"], False, 6000),
        (["6", ",168(2", ",168(2", ")"], False, 6168),
        (["757,75", "56"], False, 757756),
        (["1,234.567,00"], False, 1234567),
        (["$154,72"], True, 154.72),
        (["(5,000)"], False, -5000),
        (["-500"], False, -500),
        (["12,000", "-"], False, 12000),
        (["10,000", "shares"], False, 10000),
        (["$25.00", "per", "share"], True, 25),
        (["US$1.50"], True, 1.5),
        (["$.98"], True, 0.98),
        (["12 1/2"], True, 12.5),
        (["$1-3/8"], True, 1.375),
        (["5/8"], True, 0.625),
        (["12½"], True, 12.5),
        (["-0-"], True, 0),
        (["$0"], True, 0),
        (["$", "0"], True, 0),
        (["so"], True, 0),
        (["so)"], True, 0),
        (["so”"], True, 0),
        (["$5)"], True, 5),
        (["go"], True, 0),
        (["(1)12.38"], True, 12.38),
        (['169")'], False, 169),
        (["$263.1658°"], True, 263.1658),
    ],
)
def test_numbers_seen_in_the_wild(fragments, price, value):
    assert number(fragments, price) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "None", "N/A", "-", "(1)", "(1)(2)", "Common", "A", "D", "06/13/2020", "See footnote"]
)
def test_what_is_no_number_gives_none(text):
    assert parse_number([text]) is None


def test_whole_numbers_are_int_and_others_float():
    assert isinstance(number(["2,520"]), int)
    assert isinstance(number(["2,520.00"]), int)
    assert isinstance(number(["2,520.5"]), float)


@given(st.lists(st.text(alphabet="0123456789.,$()lOSB /-A%½", max_size=8), max_size=4), st.booleans())
def test_parse_number_never_raises(fragments, price):
    parsed = parse_number(fragments, price=price)
    assert parsed is None or parsed.mended >= 0


# dates

dates = st.dates(dt.date(1990, 1, 1), dt.date(2045, 12, 31))


def date(fragments, **hints):
    parsed = parse_date(fragments, **hints)
    return None if parsed is None else parsed.value


@pytest.mark.parametrize(
    "form", ["%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%B %d, %Y", "%d-%b-%Y", "%b. %d, %Y", "%d %B %Y"]
)
@given(day=dates)
def test_date_as_printed_is_read_without_mending(form, day):
    parsed = parse_date([day.strftime(form)])
    assert parsed is not None
    assert (parsed.value, parsed.mended, parsed.derived) == (day.isoformat(), 0, False)


@given(dates, st.lists(st.integers(1, 9), max_size=3))
def test_date_survives_cuts_at_column_edges(day, places):
    assert date(cut(day.strftime("%m/%d/%Y"), places)) == day.isoformat()


@given(dates)
def test_date_without_leading_zeros_and_cut_in_the_year(day):
    text = f"{day.month}/{day.day}/{day.year % 100:02d}"
    assume(1990 <= day.year < 2045)
    assert date([text]) == day.isoformat()
    assert date([text[:-1], text[-1]]) == day.isoformat()


@given(dates)
def test_date_written_twice_counts_once(day):
    text = day.strftime("%m/%d/%Y")
    assert date([text, text]) == day.isoformat()
    assert date([f"{text} {text}"]) == day.isoformat()


@given(dates, st.integers(1, 20))
def test_date_drops_marks(day, mark):
    text = day.strftime("%m/%d/%Y")
    assert date([f"{text}({mark})"]) == day.isoformat()
    assert date([text, f"({mark})"]) == day.isoformat()


@given(st.dates(dt.date(1996, 1, 1), dt.date(2035, 12, 31)), st.data())
def test_letters_in_a_date_are_digits(day, data):
    text = day.strftime("%m/%d/%Y")
    looks = {"0": "oOQ", "1": "lI|", "5": "S", "8": "B", "2": "Z"}
    place = data.draw(st.sampled_from([i for i, char in enumerate(text) if char in looks]))
    garbled = text[:place] + data.draw(st.sampled_from(looks[text[place]])) + text[place + 1 :]
    parsed = parse_date([garbled])
    assert parsed is not None
    assert parsed.value == day.isoformat()
    assert parsed.mended > 0


@given(st.dates(dt.date(1996, 1, 1), dt.date(2035, 12, 31)), st.sampled_from(["7", "|", "l", "", " ", ".", "-", "/ "]))
def test_date_with_misread_or_lost_separators(day, stroke):
    assert date([day.strftime(f"%m{stroke}%d{stroke}%Y")]) == day.isoformat()


@given(st.dates(dt.date(1996, 1, 1), dt.date(2035, 12, 31)), st.integers(3, 5), st.sampled_from("-.|"))
def test_halves_that_overlap_at_the_edge_are_laid_together(day, edge, remnant):
    """The left cell ends in a remnant of the character that begins the right one: "03/1-" and "14/2023"."""
    text = day.strftime("%m/%d/%Y")
    assume(text[edge - 1] not in "/")
    left, right = text[: edge - 1] + text[edge - 1] + remnant, text[edge - 1 :]
    assume(left[-2:] != right[:2])
    assert date([left, right]) == day.isoformat()


@pytest.mark.parametrize(
    ("fragments", "value"),
    [
        (["03/1-", "14/2023"], "2023-03-14"),
        (["03/10", "/16/2023"], "2023-03-16"),
        (["2/7/0", "0"], "2000-02-07"),
        (["2/7/0", "5"], "2005-02-07"),
        (["1272372021"], "2021-12-23"),
        (["127292016"], "2016-12-29"),
        (["12282017"], "2017-12-28"),
        (["February 29,2000"], "2000-02-29"),
        (["[06/16/2026"], "2026-06-16"),
        (["Date: 06/02/2026"], "2026-06-02"),
        (["05/29./2026"], "2026-05-29"),
        (["2023-03-14-05:00"], "2023-03-14"),
        (["Mareh 13, 2000"], "2000-03-13"),
        (["12/31/99"], "1999-12-31"),
    ],
)
def test_dates_seen_in_the_wild(fragments, value):
    assert date(fragments) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("2/00", "2000-02-29"), ("February 2000", "2000-02-29"), ("12/1999", "1999-12-31"), ("Nov-98", "1998-11-30")],
)
def test_month_and_year_give_the_last_day_as_derived(text, value):
    parsed = parse_date([text])
    assert parsed is not None
    assert (parsed.value, parsed.derived) == (value, True)


def test_month_and_day_with_the_year_cut_off_is_no_date_in_a_row():
    assert parse_date(["03/14"], month_year=False) is None


def test_a_date_near_by_decides_the_century():
    assert date(["6/30/65"], near=dt.date(1998, 1, 1)) == "1965-06-30"
    assert date(["6/30/65"], near=dt.date(2030, 1, 1)) == "2065-06-30"


@pytest.mark.parametrize("text", ["", "(3)", "Immediately", "02/30/2023", "2,520", "Common Stock", "MonthiDay", "N/A"])
def test_what_is_no_date_gives_none(text):
    assert parse_date([text]) is None


@given(st.lists(st.text(alphabet="0123456789/-.lO7 JanuaryM,", max_size=10), max_size=4))
def test_parse_date_never_raises_and_gives_real_dates(fragments):
    parsed = parse_date(fragments)
    if parsed is not None:
        dt.date.fromisoformat(parsed.value)


# codes


@pytest.mark.parametrize("code", list("PSVADFIMCEHOXGLWZJKU"))
def test_every_code_is_read_clean_small_doubled_and_marked(code):
    assert parse_code([code]).value == code
    assert parse_code([code]).mended == 0
    assert parse_code([code.lower()]).value == code if code != "L" else True
    assert parse_code([code, code]).value == code
    assert parse_code([f"{code}(1)"]).value == code
    assert parse_code([f"|{code}|"]).value == code


@pytest.mark.parametrize("code", list("PSADJ"))
def test_equity_swap_is_taken_off_the_code(code):
    for fragments in ([f"{code}/K"], [code, "/K"], [f"{code} /K"]):
        parsed = parse_code(fragments)
        assert (parsed.value, parsed.swap) == (code, True)
    assert parse_code(["K"]).swap is False


def test_v_behind_a_code_says_voluntary():
    parsed = parse_code(["G", "V"])
    assert (parsed.value, parsed.voluntary) == ("G", True)


@pytest.mark.parametrize(("text", "code"), [("5", "S"), ("$", "S"), ("sO)", "S"), ("1", "I"), ("0", "O")])
def test_misread_codes_are_mended(text, code):
    parsed = parse_code([text])
    assert parsed.value == code
    assert parsed.mended > 0


@pytest.mark.parametrize("text", ["", "Common", "eee", "(1)", "10", "2,520", "T"])
def test_what_is_no_code_gives_none(text):
    assert parse_code([text]) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A", "A"),
        ("D", "D"),
        ("(A)", "A"),
        ("(D)", "D"),
        ("a", "A"),
        ("|p|", "D"),
        ("A A", "A"),
        ("Disposed", "D"),
        ("A,D", None),
    ],
)
def test_acquired_or_disposed(text, value):
    parsed = parse_acquired_disposed([text])
    assert (parsed and parsed.value) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("D", "D"),
        ("I", "I"),
        ("(D)", "D"),
        ("|", "I"),
        ("l", "I"),
        ("1", "I"),
        ("Indirect", "I"),
        ("Direct", "D"),
        ("I (3)", "I"),
    ],
)
def test_direct_or_indirect(text, value):
    assert parse_direct_indirect([text]).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("4", "4"), ("4/A", "4/A"), ("FORM 4", "4"), ("4 /A", "4/A"), ("SEC Form 3", "3"), ("FORM 5/A", "5/A")],
)
def test_form_type(text, value):
    assert parse_form_type([text]).value == value


def test_form_type_needs_its_number():
    assert parse_form_type(["FORM 10"]) is None
    assert parse_form_type(["144"]) is None


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("(1)", [1]),
        ("(1)(2)", [1, 2]),
        ("(1,2)", [1, 2]),
        ("1)", [1]),
        ("(l)", [1]),
        ("¹", [1]),
        ("(1)-(3)", [1, 2, 3]),
        ("O)", []),
    ],
)
def test_marks(text, marks):
    assert parse_marks([text]) == marks


@pytest.mark.parametrize("text", ["X", "x", "☒", "☑", "__X__", "[X]", "(X)", "✓", "XX"])
def test_ticks(text):
    assert parse_tick(text) is True


@pytest.mark.parametrize("text", ["☐", "_____", "( )", "[ ]", "o", "□"])
def test_empty_boxes(text):
    assert parse_tick(text) is False


@pytest.mark.parametrize("text", ["", "Director", "10%"])
def test_neither_tick_nor_box(text):
    assert parse_tick(text) is None


# names


@pytest.mark.parametrize(
    ("fragments", "value"),
    [
        (["Commo", "n", "Stock"], "Common Stock"),
        (["Restric", "ted", "Stock", "Units"], "Restricted Stock Units"),
        (["Class", "A", "Ordinary", "S", "hare"], "Class A Ordinary Share"),
        (["Northwind", "Tools", ",", "Inc", "."], "Northwind Tools, Inc."),
        (["deriva-", "tive"], "derivative"),
        (["Non-", "Qualified"], "Non-Qualified"),
        (["Stock", "Option", "(", "right", "to", "buy", ")"], "Stock Option (right to buy)"),
        (["Common", "Stock", "Common", "Stock"], "Common Stock"),
        (["$", "0.01", "par"], "$0.01 par"),
        ([], ""),
    ],
)
def test_texts_are_joined(fragments, value):
    assert join_text(fragments) == value


@given(
    st.lists(
        st.sampled_from(["Maple", "Street", "Suite", "400", "c/o", "Birch", "LLC", "Ann", "B."]), min_size=1, max_size=6
    )
)
def test_whole_words_keep_their_blanks(words):
    half = len(words) // 2
    assume(len(words) % 2 or words[:half] != words[half:])
    assert join_text(words) == " ".join(words)
    assert parse_text(words).mended == 0


@pytest.mark.parametrize(
    ("fragments", "value"),
    [
        (["[", "NWTL", "]"], "NWTL"),
        (["NYSE:", "NWTL"], "NWTL"),
        (["NASDAQ", ":", "NWTL"], "NWTL"),
        (["NWT", "L", "]"], "NWTL"),
        (["[", "NWT.A", ",", "NWT.B", "]"], "NWT.A, NWT.B"),
        (["NONE"], None),
    ],
)
def test_tickers(fragments, value):
    parsed = parse_ticker(fragments)
    assert (parsed and parsed.value) == value


@pytest.mark.parametrize(
    ("fragments", "value"),
    [
        (["1001", "3"], "10013"),
        (["10013-", "1234"], "10013-1234"),
        (["1OO13"], "10013"),
        (["SW1A", "1AA"], "SW1A 1AA"),
        (["L-1163"], "L-1163"),
    ],
)
def test_postal_codes(fragments, value):
    assert parse_zip(fragments).value == value


def test_states_and_signers():
    assert parse_state(["N", "Y"]).value == "NY"
    assert parse_state(["NORTH", "DAKOTA"]).value == "NORTH DAKOTA"
    assert parse_signature_name(["/s/", "Ann", "B.", "Lee"]).value == "/s/ Ann B. Lee"
