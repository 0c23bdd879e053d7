"""Dates, times, hours, numbers and links in the form the house asks for."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, request, url_for

from directory.domain.record import Channel, Hours, Interval
from directory.domain.reference import Declaration
from directory.domain.vocabulary import ChannelKind, DeclarationKind
from directory.web import formats, links, presentation
from directory.web.formats import by_name
from directory.web.labels import CONSENTS
from tests.domain.sentences import seed_book

BUCHAREST = dt.datetime(2026, 11, 24, 14, 5, tzinfo=ZoneInfo("Europe/Bucharest"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2014", "2014"), ("2014-05-01", "1 May 2014"), ("2022-03", "2022-03"), ("", "")],
)
def test_publication_is_a_year_a_day_or_words(pages: Flask, value: str, shown: str) -> None:
    with pages.test_request_context():
        assert formats.published_day(value) == shown


def test_day_and_clock_leave_no_doubt(pages: Flask) -> None:
    with pages.test_request_context():
        assert formats.day(dt.date(2026, 11, 23)) == "23 Nov 2026"
        assert formats.clock(BUCHAREST) == "14:05"
        assert formats.weekday_clock(BUCHAREST) == "Tue 14:05"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Bucharest", "EET, UTC+2"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/St_Johns", "NST, UTC-3:30"),
        ("UTC", "UTC"),
    ],
)
def test_zone_is_told_by_name_and_distance(zone: str, shown: str) -> None:
    assert formats.zone(BUCHAREST.astimezone(ZoneInfo(zone))) == shown


def test_days_with_the_same_hours_stand_together(pages: Flask) -> None:
    weekdays = [
        Interval(weekday=day, opens=opens, closes=closes)
        for day in range(1, 6)
        for opens, closes in (("13:00", "16:00"), ("08:00", "12:00"))
    ]
    hours = Hours(zone="Europe/Bucharest", intervals=tuple(weekdays))
    with pages.test_request_context():
        assert list(formats.week(hours)) == [
            ("Monday to Friday", "08:00–12:00, 13:00–16:00"),
            ("Saturday to Sunday", "closed"),
        ]


@pytest.mark.parametrize(
    ("kind", "value", "link"),
    [
        (ChannelKind.TELEPHONE, "+40213155280", "tel:+40213155280"),
        (ChannelKind.FAX, "+40213155227", ""),
        (ChannelKind.TELEPHONE, "410 54 35", ""),
        (ChannelKind.TELEPHONE, "+1;phone-context=evil", ""),
        (ChannelKind.EMAIL, "desk@example.org", "mailto:desk@example.org"),
        (ChannelKind.EMAIL, "desk@example.org?bcc=evil@example.com\r\nX: y", ""),
        (ChannelKind.EMAIL, "desk at example", ""),
        (ChannelKind.WEB_FORM, "www.example.org/form", "https://www.example.org/form"),
        (ChannelKind.WEB_FORM, "javascript:alert(1)", ""),
        (ChannelKind.SECURE_PLATFORM, "https://example.org", "https://example.org"),
        (ChannelKind.INTERPOL, "INTERPOL", ""),
    ],
)
def test_only_what_can_be_used_is_a_link(kind: ChannelKind, value: str, link: str) -> None:
    assert formats.channel_link(Channel(kind=kind, value=value)) == link


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (ChannelKind.TELEPHONE, "+40213155280", "+40 21 315 5280"),
        (ChannelKind.TELEPHONE, "410 54 35", "410 54 35"),
        (ChannelKind.TELEPHONE, "+", "+"),
        (ChannelKind.EMAIL, "+desk@example.org", "+desk@example.org"),
    ],
)
def test_number_is_shown_in_the_international_form(
    kind: ChannelKind, value: str, shown: str
) -> None:
    assert formats.channel_text(Channel(kind=kind, value=value)) == shown


def test_extension_is_dialled_too() -> None:
    channel = Channel(kind=ChannelKind.TELEPHONE, value="+40213155280", extension="12")
    assert formats.channel_link(channel) == "tel:+40213155280;ext=12"


@pytest.mark.parametrize(
    ("value", "as_given", "says_more"),
    [
        ("+40213155280", "+40 21 315 52 80", False),
        ("+442070356985", "+44 (0)207 035 6985 (urgent only)", True),
        ("+40213155280", "", False),
        ("+9", "+9", False),
    ],
)
def test_printed_form_is_shown_where_it_says_more(
    value: str, as_given: str, says_more: bool
) -> None:
    channel = Channel(kind=ChannelKind.TELEPHONE, value=value, as_given=as_given)
    assert formats.is_written_otherwise(channel) is says_more


@pytest.mark.parametrize("address", ["", "ftp://example.org", "not a link", "//evil", "data:x"])
def test_anything_but_a_web_address_is_no_link(address: str) -> None:
    assert formats.web_link(address) == ""


def test_language_that_is_unknown_stays_as_it_is(pages: Flask) -> None:
    with pages.test_request_context():
        assert presentation.languages_text(("fr", "pt-BR", "xx-klingon")) == (
            "French, Portuguese (Brazil), xx-klingon"
        )
    assert presentation.text_direction("ar") == "rtl"
    assert presentation.text_direction("az-Arab") == "rtl"
    assert presentation.text_direction("az") == "ltr"
    assert presentation.text_direction("??") == "auto"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("en;fr", "English, French"),
        ("nl;en [Aruba]", "Dutch, English [Aruba]"),
        ("en or a translation", None),
        ("nl;en (European part) [European part]", None),
    ],
)
def test_declared_languages_are_named_where_they_are_a_list(
    pages: Flask, value: str, shown: str | None
) -> None:
    one = Declaration(
        state="RO",
        instrument="UNTOC",
        article="18(14)",
        kind=DeclarationKind.LANGUAGE,
        value=value,
    )
    with pages.test_request_context():
        assert presentation.declared(one) == (shown or value)


def test_snippet_marks_words_and_escapes_all() -> None:
    shown = presentation.marked((("<b>Ministry</b> of ", False), ("<i>", True)))
    assert shown == "&lt;b&gt;Ministry&lt;/b&gt; of <mark>&lt;i&gt;</mark>"


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/entries/RO-1?lang=fr",
        "/search?q=a%26b+c%2Fd%C3%A9&page=2&kind=&lang=fr",
        "/search?q=%E2%80%AE&q=other&lang=xx",
        f"/search?q={'x' * 1001}&state=RO",
        "/nowhere",
    ],
)
def test_links_of_a_page_to_itself_are_those_that_flask_builds(pages: Flask, address: str) -> None:
    with pages.test_request_context(address):
        given = {name: text for name, text in request.args.items() if len(text) <= 1000}
        for changes in ({}, {"lang": "ar"}, {"page": None}, {"q": "ü&=", "page": 3}):
            kept = {**given, **(request.view_args or {}), **changes}
            kept = {name: value for name, value in kept.items() if value not in {None, ""}}
            built = url_for(request.endpoint or "home.show", **kept)
            assert links.url_with(**changes) == built


def test_what_is_chosen_from_is_sorted_as_people_sort_it() -> None:
    names = ["Zimbabwe", "Égypte", "Espagne", "États-Unis", "allemagne", "Équateur"]
    expected = ["allemagne", "Égypte", "Équateur", "Espagne", "États-Unis", "Zimbabwe"]
    assert [text for _value, text in by_name(("", name) for name in names)] == expected


def test_every_way_of_consent_in_the_seed_data_has_its_words() -> None:
    assert {one.action for one in seed_book().participations} - {""} <= CONSENTS.keys()
