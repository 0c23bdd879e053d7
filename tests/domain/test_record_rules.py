"""The rules of a record that no single field shows, and which of their problems stop a change."""

import datetime as dt
from typing import Any

import pytest

from directory.domain.book import ReferenceBook
from directory.domain.record import (
    Address,
    AuthorityRecord,
    Channel,
    Closure,
    ContactPointRecord,
    Designation,
    EncryptionKey,
    Hours,
    Interval,
    LiaisonOfficerRecord,
    Name,
    Record,
    RequirementsRecord,
    SourceAct,
)
from directory.domain.record_rules import (
    LAST_LINE,
    LONGEST_BY_FIELD,
    MOST_PARTS,
    new_problems,
    record_problems,
    time_zones,
    urgent_lines,
)
from directory.domain.reference import Instrument, State, Territory
from directory.domain.vocabulary import (
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    Possible,
    SourceKind,
    StateKind,
)

BOOK = ReferenceBook(
    states={
        "XA": State(
            code="XA",
            kind=StateKind.MEMBER,
            territories=(Territory(key="XA-N", state="XA", name="North"),),
        ),
        "XB": State(code="XB", kind=StateKind.MEMBER),
        "XC": State(code="XC", kind=StateKind.MEMBER),
    },
    instruments={"UNTOC": Instrument(code="UNTOC", short_title="UNTOC", title="UNTOC")},
    types={},
    participations=(),
    declarations=(),
)
NAMES = (Name(text="Central Authority", language="en"),)
DESK = Channel(kind=ChannelKind.TELEPHONE, value="+442079460001")
NIGHT = Channel(kind=ChannelKind.MOBILE, value="+442079460002", purpose=ChannelPurpose.OUT_OF_HOURS)
GAZETTE = SourceAct(key="g1", kind=next(iter(SourceKind)), reference="Gazette 1")
MLA = next(iter(CooperationType))


def authority(**values: Any) -> AuthorityRecord:
    return AuthorityRecord(**{"names": NAMES, **values})


def point(*channels: Channel, **values: Any) -> ContactPointRecord:
    return ContactPointRecord(**{"names": NAMES, "channels": channels, **values})


def officer(**values: Any) -> LiaisonOfficerRecord:
    return LiaisonOfficerRecord(**{"names": NAMES, "host_state": "XB", **values})


def requirements(**values: Any) -> RequirementsRecord:
    return RequirementsRecord(cooperation_type=MLA, **values)


def designation(key: str = "d1", **values: Any) -> Designation:
    return Designation(key=key, cooperation_type=MLA, **values)


def hours(*intervals: tuple[int, str, str], **values: Any) -> Hours:
    week = tuple(Interval(weekday=day, opens=first, closes=last) for day, first, last in intervals)
    return Hours(**{"zone": "Europe/Bucharest", "intervals": week, **values})


def problems(record: Record) -> list[str]:
    """Each problem as a reader meets it: its path and its filled message."""
    return [str(one) for one in record_problems(record, "XA", BOOK)]


def fresh(before: Record | None, after: Record) -> list[str]:
    return [str(one) for one in new_problems(before, after, "XA", BOOK)]


# Texts and parts


def test_a_text_longer_than_its_field_is_refused_wherever_it_stands() -> None:
    long = "x" * (LONGEST_BY_FIELD["city"] + 1)
    found = problems(authority(addresses=(Address(text="1 Example Street", city=long),)))
    assert found == ["addresses.0.city: Give at most 120 characters."]


def test_a_line_break_is_refused_in_a_field_of_one_line() -> None:
    (found,) = problems(authority(unit="Unit\nof two lines"))
    assert found.startswith("unit: It holds characters that cannot be seen (U+000A)")


def test_more_parts_of_one_kind_than_a_reader_can_use_are_refused() -> None:
    many = tuple(Address(text=f"{number} Example Street") for number in range(MOST_PARTS + 1))
    assert problems(authority(addresses=many)) == ["addresses: Give at most 100 of these."]
    assert problems(authority(addresses=many[1:])) == []


# Names


def test_a_record_without_a_name_is_refused() -> None:
    found = problems(authority(names=()))
    assert found == ["names: Give the name, in the original language at least."]


def test_an_empty_line_of_names_is_refused() -> None:
    found = problems(authority(names=(*NAMES, Name(text=" "))))
    assert found == ["names.1.text: Give the name, or take the line away."]


# Channels


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (ChannelKind.POST, " ", "Give the number or address, or take the line away."),
        (
            ChannelKind.TELEPHONE,
            "on request",
            "'on request' is no telephone number; write it with its country code.",
        ),
        (ChannelKind.EMAIL, "desk at example", "'desk at example' is no e-mail address."),
        (ChannelKind.WEB_FORM, "example.org/form", "Give the whole address, with https://."),
        (ChannelKind.WEB_FORM, "javascript:alert(1)", "Give the whole address, with https://."),
    ],
)
def test_a_channel_that_cannot_be_used_is_refused(
    kind: ChannelKind, value: str, message: str
) -> None:
    found = problems(authority(channels=(Channel(kind=kind, value=value),)))
    assert found == [f"channels.0.value: {message}"]


def test_the_same_channel_twice_is_refused() -> None:
    found = problems(authority(channels=(DESK, NIGHT, DESK)))
    assert found == ["channels.2.value: The same channel, +442079460001, stands there twice."]


def test_a_language_that_is_no_code_is_refused_at_the_channel() -> None:
    channel = Channel(kind=ChannelKind.POST, value="1 Example Street", languages=("fr", "French!"))
    assert problems(authority(channels=(channel,))) == [
        "channels.0.languages.1: 'French!' is no language code; write for example fr or pt-BR."
    ]


@pytest.mark.parametrize("name", ["languages_accepted", "languages_spoken"])
def test_a_language_that_is_no_code_is_refused_in_the_record(name: str) -> None:
    (found,) = problems(authority(**{name: ("pt-BR", "1")}))
    assert found.startswith(f"{name}.1: '1' is no language code")


def test_a_number_that_a_person_can_read_is_kept_though_no_plan_knows_it() -> None:
    untidy = Channel(kind=ChannelKind.TELEPHONE, value="7946 0001 or 0002")
    assert problems(authority(channels=(untidy,))) == []


def test_a_web_form_with_its_whole_address_is_accepted() -> None:
    form = Channel(kind=ChannelKind.WEB_FORM, value="https://form.example.org/ask?for=help")
    mail = Channel(kind=ChannelKind.EMAIL, value="desk@authority.example.org")
    assert problems(authority(channels=(form, mail))) == []


def test_one_number_may_stand_for_two_purposes() -> None:
    urgent = Channel(kind=DESK.kind, value=DESK.value, purpose=ChannelPurpose.URGENT)
    assert problems(authority(channels=(DESK, urgent))) == []


# Hours


def test_a_zone_outside_the_iana_list_is_refused() -> None:
    assert problems(authority(hours=hours(zone="Bucharest"))) == [
        "hours.zone: 'Bucharest' is no time zone; choose one such as Europe/Bucharest."
    ]
    assert "Europe/Bucharest" in time_zones()


@pytest.mark.parametrize("weekday", [0, 8])
def test_a_day_outside_the_week_is_refused(weekday: int) -> None:
    assert problems(authority(hours=hours((weekday, "08:00", "16:00")))) == [
        "hours.intervals.0.weekday: Days run from 1 (Monday) to 7 (Sunday)."
    ]


@pytest.mark.parametrize(("opens", "closes"), [("8:00", "16:00"), ("08:00", "24:01")])
def test_a_time_that_no_clock_shows_is_refused(opens: str, closes: str) -> None:
    assert problems(authority(hours=hours((1, opens, closes)))) == [
        "hours.intervals.0: Write times as 08:30; 24:00 ends a day."
    ]


@pytest.mark.parametrize(("opens", "closes"), [("22:00", "06:00"), ("08:00", "08:00")])
def test_an_opening_that_ends_before_it_begins_is_refused(opens: str, closes: str) -> None:
    assert problems(authority(hours=hours((1, opens, closes)))) == [
        "hours.intervals.0: It closes before it opens; split what runs past midnight."
    ]


def test_two_openings_of_one_day_that_overlap_are_refused() -> None:
    assert problems(authority(hours=hours((2, "12:00", "16:00"), (2, "08:00", "12:30")))) == [
        "hours.intervals: Two opening times of one day overlap."
    ]


def test_a_closure_that_ends_before_it_begins_is_refused() -> None:
    christmas = Closure(first=dt.date(2026, 12, 24), last=dt.date(2026, 12, 26))
    backwards = Closure(first=christmas.last, last=christmas.first)
    assert problems(authority(hours=hours(closures=(christmas, backwards)))) == [
        "hours.closures.1: The last day is before the first."
    ]


def test_a_lunch_break_and_a_day_to_midnight_are_accepted() -> None:
    week = hours((1, "08:00", "12:00"), (1, "12:00", "24:00"), (7, "08:00", "12:00"))
    assert problems(authority(hours=week)) == []


# Designations


def test_a_designation_without_a_reference_is_refused() -> None:
    assert problems(authority(designations=(designation(" "),))) == [
        "designations.0.key: Each designation needs a reference of its own."
    ]


def test_two_designations_with_one_reference_are_refused() -> None:
    assert problems(authority(designations=(designation(), designation()))) == [
        "designations.1.key: Two designations have the reference d1."
    ]


def test_a_designation_that_ends_before_it_begins_is_refused() -> None:
    first, last = dt.date(2026, 5, 2), dt.date(2026, 5, 1)
    backwards = designation(valid_from=first, valid_to=last)
    assert problems(authority(designations=(backwards,))) == [
        "designations.0.valid_to: It ends on 2026-05-01, before it begins on 2026-05-02."
    ]


def test_an_article_without_its_instrument_is_refused() -> None:
    assert problems(authority(designations=(designation(article="18(13)"),))) == [
        "designations.0.instrument: An article needs its instrument."
    ]


def test_an_instrument_the_directory_does_not_know_is_refused() -> None:
    assert problems(authority(designations=(designation(instrument="NONE"),))) == [
        "designations.0.instrument: The directory does not know NONE."
    ]


def test_a_territory_of_another_state_is_refused() -> None:
    assert problems(authority(designations=(designation(territory="XB-N"),))) == [
        "designations.0.territory: The directory does not know XB-N."
    ]


def test_a_source_that_the_record_does_not_list_is_refused() -> None:
    address = Address(text="1 Example Street", source="g2")
    assert problems(authority(addresses=(address,), sources=(GAZETTE,))) == [
        "addresses.0.source: No source of this record is called g2."
    ]


def test_a_designation_of_one_day_with_all_its_codes_is_accepted() -> None:
    day = dt.date(2026, 5, 1)
    whole = designation(
        instrument="UNTOC",
        article="18(13)",
        territory="XA-N",
        valid_from=day,
        valid_to=day,
        source="g1",
    )
    assert problems(authority(designations=(whole,), sources=(GAZETTE,))) == []


# Keys and web addresses


def test_a_key_of_an_unknown_scheme_is_refused() -> None:
    key = EncryptionKey(scheme="rot13", fingerprint="ABCD 0123")
    assert problems(authority(keys=(key,))) == ["keys.0.scheme: Choose openpgp or smime."]


def test_a_fingerprint_that_is_not_hexadecimal_is_refused() -> None:
    key = EncryptionKey(scheme="smime", fingerprint="WXYZ")
    assert problems(authority(keys=(key,))) == [
        "keys.0.fingerprint: Give the fingerprint in hexadecimal digits."
    ]


def test_a_key_that_lies_at_no_web_address_is_refused() -> None:
    good = EncryptionKey(scheme="openpgp", fingerprint="ABCD:0123", link="https://example.org/k")
    bad = EncryptionKey(scheme="openpgp", fingerprint="ABCD 0123", link="ftp://example.org/k")
    assert problems(authority(keys=(good, bad))) == [
        "keys.1.link: 'ftp://example.org/k' is no web address; write it with https://."
    ]


def test_a_website_that_is_no_web_address_is_refused() -> None:
    assert problems(authority(website="www.example.org")) == [
        "website: 'www.example.org' is no web address; write it with https://."
    ]


# Contact points


def test_a_point_without_a_telephone_is_refused() -> None:
    mail = Channel(kind=ChannelKind.EMAIL, value="desk@example.org", purpose=ChannelPurpose.URGENT)
    assert problems(point(mail)) == [
        "channels: A 24/7 point keeps at least one urgent telephone; replace it, never remove it."
    ]


def test_a_language_of_the_night_that_is_no_code_is_refused() -> None:
    (found,) = problems(point(NIGHT, languages_night=("?",)))
    assert found.startswith("languages_night.0: '?' is no language code")


def test_the_urgent_lines_of_a_point_are_those_marked_so() -> None:
    assert urgent_lines(point(DESK, NIGHT)) == (NIGHT,)


def test_every_telephone_is_urgent_where_none_is_marked_so() -> None:
    fax = Channel(kind=ChannelKind.FAX, value="+442079460003")
    spelled = Channel(kind=ChannelKind.TELEPHONE, value="on request")
    assert urgent_lines(point(DESK, fax, spelled)) == (DESK,)


# Liaison officers


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"host_state": ""}, "host_state: Give the State the officer is posted in."),
        (
            {"host_state": "XA"},
            "host_state: The officer is posted in another State than the own.",
        ),
        (
            {"covered_states": ("XC", "XB")},
            "covered_states: The host State is covered already.",
        ),
        ({"covered_states": ("XC", "XZ")}, "covered_states.1: The directory does not know XZ."),
        (
            {"posted_from": dt.date(2026, 5, 2), "posted_to": dt.date(2026, 5, 1)},
            "posted_to: It ends on 2026-05-01, before it begins on 2026-05-02.",
        ),
    ],
)
def test_a_posting_that_cannot_be_is_refused(values: dict[str, Any], problem: str) -> None:
    assert problems(officer(**values)) == [problem]


def test_an_officer_posted_abroad_without_an_end_is_accepted() -> None:
    posting = officer(posted_from=dt.date(2026, 5, 2), covered_states=("XC",), channels=(DESK,))
    assert problems(posting) == []


# Requirements


def test_help_that_is_given_partly_must_say_to_what_extent() -> None:
    assert problems(requirements(possible=Possible.PARTLY)) == [
        "alternative: Say to what extent, or what can be done instead."
    ]


def test_a_link_of_requirements_that_is_no_web_address_is_refused() -> None:
    assert problems(requirements(links=("https://example.org", "law 1"))) == [
        "links.1: 'law 1' is no web address; write it with https://."
    ]


def test_requirements_may_have_several_lines_and_an_alternative() -> None:
    partly = requirements(possible=Possible.PARTLY, alternative="By letter.\nNever by telephone.")
    assert problems(partly) == []


# What a change adds


def test_a_new_record_is_judged_whole() -> None:
    broken = authority(website="www.example.org")
    assert fresh(None, broken) == problems(broken)


def test_a_point_never_loses_its_last_urgent_telephone() -> None:
    assert fresh(point(NIGHT, DESK), point(DESK)) == [f"channels: {LAST_LINE}"]


def test_a_point_without_any_telephone_hears_it_once() -> None:
    mail = Channel(kind=ChannelKind.EMAIL, value="desk@example.org")
    assert fresh(point(NIGHT), point(mail)) == problems(point(mail))


def test_a_second_problem_of_the_same_kind_is_a_new_one() -> None:
    empty = Name(text="")
    before = authority(names=(*NAMES, empty))
    assert fresh(before, authority(names=(*NAMES, empty, empty))) == [
        "names.2.text: Give the name, or take the line away."
    ]


def test_an_urgent_telephone_of_a_point_may_be_replaced() -> None:
    other = Channel(kind=NIGHT.kind, value="+442079460009", purpose=ChannelPurpose.URGENT)
    assert fresh(point(NIGHT), point(other)) == []


def test_a_problem_that_stands_published_does_not_stop_a_change_elsewhere() -> None:
    bad = Channel(kind=ChannelKind.EMAIL, value="desk at example")
    before = authority(channels=(bad,))
    assert fresh(before, authority(channels=(DESK, bad), unit="New unit")) == []
