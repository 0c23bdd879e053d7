"""Which texts lead requests somewhere: numbers and mailboxes in them are found, however written."""

import datetime as dt
import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from directory.domain.contact_texts import (
    brings_contacts,
    brings_links,
    contacts_in,
    unchecked_problems,
)
from directory.domain.diff import Difference
from directory.domain.fields import FieldClass

SEED = Path(__file__).parents[2] / "seed_data"

#: Ways past a search for numbers; each was tried on the running directory.
HIDDEN = [
    "Call +33    142    685    399 instead",
    "+33\u00b71\u00b742\u00b768\u00b753\u00b700",
    "+33,1,42,68,53,00",
    "+33:1:42:68:53:00",
    "+33_1_42_68_53_00",
    "+33 (0) 1 -- 42 ~ 68 / 53 | 00",
    "+33\n142\n685\n399",
    "+33\u200b142\u2060685\u00ad399",
    "0722-1219-99",
    "0722-1219",
    "1200-1300-99",
    "0720-1215 OO",
    "2004-05-12-99",
    "+2004-05-12",
    "+40 21/2004-1515",
    "21/2004 1515",
    "(+40) 2004/1515",
    "art. 12, 13, 14, 15, 0722",
    "CEP 70064-900 12",
    "\u2779\u2777 55 \u2460\u2461 \u24ea\u2474",
    "\u00b3\u00b3 \u00b9\u2074\u00b2 \u2086\u2088\u2085",
    "\u32b7 \u3251 99 7",
    "3\ufe0f\u20e33\ufe0f\u20e3 1\ufe0f\u20e342 685",
    "\U0001d7db\U0001d7db 142 685",
    "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03",
    "+33 l42 68 53 OO",
    "+33 142 O 685 399",
    "+33 142 o 685 399",
    "O722 l2l 99",
    "\u041e722 \u0406\u0417l2199",
    "+33 14Z 68S 399",
    "33x142x685x399",
    "+33\u3164142\u3164685",
    "+33\u2122142\u2122685",
    "+33\u02d0142\u02d0685",
    "www.0142685399",
    "https://wa.me/33142685399",
    "https://justice.example/+33142685399",
    "evil (at) mail.example",
    "evil[at]mail[dot]example",
    "evil { AT } mail.example",
    "evil at mail.example",
    "evil at mail dot example",
    "evil @ mail.example",
    "evil\uff20mail.example",
    "evil\ufe6bmail\uff0eexample",
    "evil arroba mail.example",
    "on the messenger: @evil_desk",
]
NUMBERS = [
    "Our number has changed, call +40 21 999 99 99.",
    "Call 0040219999999",
    "(021) 999-99-99",
    "tel. 021.999.99.99",
    "021/9999999 ext. 4",
    "+٤٠٢١٩٩٩٩٩٩٩",
    "＋４０ ２１ ９９９ ９９ ９９",
    "+40\u00a021\u2011999\u201399\u201399",
    "6123 4567",
    "Since 2024-05-01 call +40219999999",
]


@pytest.mark.parametrize("text", [*NUMBERS, *HIDDEN])
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert contacts_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ring twice.",
        "Law 302/2004 and Law No. 535/2004, art. 12, 13 and 14",
        "Closed from 2026-12-24 to 2027-01-02, and on 01.05.2027",
        "Open 08:30-16:30, 0900-1700 in summer; 2019-2024",
        "See https://www.justice.example/doc/123456789",
        "ISBN 92-1",
        "At most 250 000 EUR",
        "24/7; office 07:30-15:30, 16:00-18:00 (lunch 11:30-13:00)",
        "8h30-12h00 and 14h-18h, 8.30-12.00",
        "Act 21/2004 of 12 May, Lei 13.445/2017, Regulation (EU) 2018/1805, 2014/41/EU",
        "Articles 12, 13, 14, 25 and § 107, 108, 109",
        "C.N.794.2017, BOE-A-2017-8752, Treaty Series No. 185",
        "from 2019-04-01 - 2020-03-31; 2021, 2022; 12. 5. 2004, 12/31/2004",
        "reported 2026-11-29 02:55",
        "1461 Nicosia; 050741 Bucharest; Brasília-DF 70064-900, CEP 70064-900, 〒100-8977",
        "il 12.05.2004, 2004 o 2005, Annex II, 12 o 13",
        "Look at the desk at noon. The point of contact at headquarters",
        "第三十五条, 第二款",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert contacts_in(text) == frozenset()


def test_a_mailbox_is_found() -> None:
    assert contacts_in("Write to Desk@Justice.example.") == {"desk@justice.example"}


def test_what_stood_there_before_is_nothing_new() -> None:
    assert not brings_contacts("Call +40 21 999 99 99", "Do not call +40219999999 at night")
    assert brings_contacts(None, ["Call +40219999999"])
    assert brings_contacts({"note": "x"}, {"note": "call +40219999999", "more": 3})
    assert not brings_contacts("Call +40219999999", None)


def test_a_new_web_address_is_found() -> None:
    assert brings_links([], ["https://evil.example/a"])
    assert brings_links("See www.a.example", "See www.b.example")
    assert not brings_links(["https://a.example/1"], ["https://a.example/1"])


def test_a_note_with_a_number_needs_what_a_number_needs() -> None:
    plain = Difference(field="note", after="Ring twice.")
    leading = Difference(field="note", after="Now at +40 21 999 99 99.")
    inner = Difference(
        field="designations", part="a", inner="note", before="", after="x@evil.example"
    )
    assert plain.field_class is FieldClass.DESCRIPTIVE
    assert leading.field_class is inner.field_class is FieldClass.ROUTING_CRITICAL
    assert leading.is_critical


EVERY = [chr(code) for code in range(0x20000)]
#: Every character that is a digit, in whatever form; all that is neither letter nor number.
DIGITS = [one for one in EVERY if unicodedata.digit(one, None) is not None]
SIGNS = [one for one in EVERY if unicodedata.category(one)[0] in "ZPS" or one.isspace()]
UNSEEN = [one for one in EVERY if unicodedata.category(one) in {"Cf", "Mn"}]
NUMBER = st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True)
WRITTEN = st.lists(
    st.tuples(
        st.sampled_from(DIGITS),
        st.lists(st.sampled_from(SIGNS) | st.sampled_from(UNSEEN) | st.just(" "), max_size=4),
    ),
    min_size=7,
    max_size=15,
)


@given(WRITTEN)
def test_any_number_is_found_with_any_digits_and_any_signs_between(
    written: list[tuple[str, list[str]]],
) -> None:
    number = "".join(digit + "".join(signs) for digit, signs in written)
    assert contacts_in(f"Now call +{number} or wait")
    assert unchecked_problems("reason", f"call +{number}")


@given(NUMBER, st.data())
def test_any_number_is_found_with_letters_for_noughts_and_ones(
    number: str, data: st.DataObject
) -> None:
    assume(set(number) - {"0", "1"})
    letters = {"0": "0Oo\u041e\u043e", "1": "1lI\u0406"}
    written = "".join(data.draw(st.sampled_from(letters.get(one, one))) for one in number)
    assert contacts_in(f"+{written}") == {number}


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
YEARS = st.integers(1800, 2099).map(str)
HOURS = st.times().map(lambda one: f"{one:%H:%M}")
ALONE = st.one_of(
    YEARS,
    st.tuples(
        DAYS, st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d. %m. %Y", "%d/%m/%Y", "%m/%d/%Y"])
    ).map(lambda one: one[0].strftime(one[1])),
    st.tuples(YEARS, YEARS).map("-".join),
    st.tuples(HOURS, HOURS).map(" - ".join),
    st.tuples(st.integers(1, 9999), YEARS).map(lambda one: f"{one[0]}/{one[1]}"),
    st.tuples(st.integers(1, 999), st.integers(1, 99)).map(
        lambda one: f"article {one[0]}({one[1]})"
    ),
    st.integers(0, 999_999).map(str),
)


@given(st.lists(ALONE, min_size=1, max_size=4), st.sampled_from([" and ", ", under ", " bis "]))
@example(["24:00"], "")
def test_dates_hours_years_and_articles_alone_are_no_numbers(parts: list[str], word: str) -> None:
    text = f"See {word.join(parts)}."
    assert contacts_in(text) == frozenset()
    assert unchecked_problems("reason", text) == []


def test_in_the_real_data_only_texts_with_a_number_are_found() -> None:
    rows = json.loads((SEED / "authorities.json").read_text(encoding="utf-8"))
    texts = {row[name] for row in rows for name in ("note", "office_hours", "scope", "source_id")}
    found = {text for text in texts if contacts_in(text)}
    misprints = {"26-06-201)", "07-06-204"}
    numbers = {"+375-17 227-31", "+941122438181", "admin@gfiu@gov.gi"}
    assert {text for text in found if not any(one in text for one in misprints | numbers)} == set()
    assert len(found) == 5


def test_a_long_text_of_anything_is_read_in_a_moment() -> None:
    started = time.process_time()
    for text in ("1 .", "a at b-", "a.b-", "( at", "12:30, ", "@", "\u2779 ", "art. 1, ", "www.a."):
        contacts_in(text * 5000)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "text", ["Closed 2026-12-24, 2026-12-28", "08:30-12:00, 13:00-16:30", "2004, 2005, 2006"]
)
def test_a_text_shown_unchecked_holds_no_row_of_digits_longer_than_a_date(text: str) -> None:
    assert contacts_in(text) == frozenset()
    (problem,) = unchecked_problems("note", text)
    assert "put words between" in str(problem)
    assert unchecked_problems("note", text.replace(", ", " and ").replace("-1", " to 1")) == []


@pytest.mark.parametrize(
    "text", [*NUMBERS, *HIDDEN, "see https://evil.example", "WWW.evil.example"]
)
def test_a_text_shown_unchecked_holds_no_way_elsewhere(text: str) -> None:
    (problem,) = unchecked_problems("reason", text)
    assert problem.path == "reason"
    assert unchecked_problems("reason", "The mailbox is no longer safe.") == []


@pytest.mark.parametrize("sign", [", ", " - ", "; ", ". ("])
def test_a_long_row_of_what_can_be_read_in_two_ways_is_read_at_once(sign: str) -> None:
    """'2010' is a year and an hour: tried in every way, thirty of them would never end."""
    begun = time.process_time()
    assert contacts_in(sign.join(["2010"] * 200) + sign + "99")
    assert time.process_time() - begun < 1
