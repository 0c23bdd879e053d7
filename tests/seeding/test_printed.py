"""What sources print of numbers, addresses, hours and languages is read, or kept as it is."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.record import Channel
from directory.domain.vocabulary import ChannelKind, ChannelPurpose
from directory.paths import seed_data_dir
from directory.seeding.contacts import emails, special_channels, telephones
from directory.seeding.entries import SeedEntry
from directory.seeding.printed_hours import printed_hours, zone_with_offset
from directory.seeding.printed_languages import printed_languages

WORKDAYS = (6, 7)


def numbers(cell: str, region: str, *, fax: bool = False) -> list[Channel]:
    return list(telephones(cell, region, "source", fax=fax))


@pytest.mark.parametrize(
    ("cell", "region", "value", "warning"),
    [
        ("410 54 35", "RO", "410 54 35", "number_not_in_plan"),
        ("113 (police, other hours)", "LU", "113", "number_not_in_plan"),
        ("+94 112 186101-4", "LK", "+94 112 186101-4", "number_not_in_plan"),
        ("ask the operator", "FR", "ask the operator", "not_a_number"),
        ("+297 829132", "AW", "+297829132", "number_not_in_plan"),
    ],
)
def test_odd_number_warns_and_stays(cell: str, region: str, value: str, warning: str) -> None:
    (channel,) = numbers(cell, region)
    assert (channel.value, channel.warning, channel.as_given) == (value, warning, cell)


@pytest.mark.parametrize(
    ("cell", "region", "values"),
    [
        ("+40213155280", "RO", ["+40213155280"]),
        ("00355 4 222 15 54", "AL", ["+35542221554"]),
        ("+44 (0)3000 586908", "GB", ["+443000586908"]),
        ("(+49) 611-55 0", "DE", ["+49611550"]),
        ("(350) 200 43618;(350) 200 70211", "GI", ["+35020043618", "+35020070211"]),
        ("+54 11 4819 7000 / 7385", "AR", ["+541148197000", "+541148197385"]),
        ("+972-8-9545444/5/6", "IL", ["+97289545444", "+97289545445", "+97289545446"]),
        ("77 529 00 96", "SN", ["+221775290096"]),
    ],
)
def test_number_is_put_into_e164(cell: str, region: str, values: list[str]) -> None:
    found = numbers(cell, region)
    assert [channel.value for channel in found] == values
    assert not any(channel.warning for channel in found)


def test_extension_and_note_are_kept_apart_from_the_number() -> None:
    (channel,) = numbers("+962 6 460 3630 ext. 309", "JO")
    assert (channel.value, channel.extension) == ("+96264603630", "309")
    first, second = numbers(
        "+356 22942231 (office hours); +356 21224001 (outside office hours)", "MT"
    )
    assert (first.purpose, first.note) == (ChannelPurpose.GENERAL, "office hours")
    assert second.purpose is ChannelPurpose.OUT_OF_HOURS


def test_separator_inside_brackets_does_not_split() -> None:
    cell = "+632 523-8481 (trunk line; local 211, 214)"
    (channel,) = numbers(cell, "PH")
    assert (channel.value, channel.note) == ("+6325238481", "trunk line; local 211, 214")


def test_urgent_numbers_and_mobiles_are_known() -> None:
    (fax,) = numbers("+44 (0)207 035 6985 (urgent only)", "GB", fax=True)
    assert (fax.kind, fax.purpose) == (ChannelKind.FAX, ChannelPurpose.URGENT)
    (mobile,) = numbers("+420 603 191 510", "CZ")
    assert mobile.kind is ChannelKind.MOBILE
    urgent, other = emails("a@b.de (urgent cases only); c@b.de (non-urgent cases only)", "source")
    assert (urgent.purpose, other.purpose) == (ChannelPurpose.URGENT, ChannelPurpose.GENERAL)


def test_wrong_address_warns_and_stays() -> None:
    (channel,) = emails("admin@gfiu@gov.gi", "source")
    assert (channel.value, channel.warning) == ("admin@gfiu@gov.gi", "address_not_valid")


def test_addresses_are_split_and_their_notes_kept() -> None:
    first, second = emails("ipk.lp@liv.li (not secured, as printed); ncb.vaduz@li.igcse.int", "s")
    assert (first.value, first.note) == ("ipk.lp@liv.li", "not secured, as printed")
    assert (second.value, second.warning) == ("ncb.vaduz@li.igcse.int", "")


def test_interpol_is_a_channel_and_other_words_are_none() -> None:
    cell = "INTERPOL (fax) and diplomatic channel accepted"
    interpol, diplomatic = special_channels(cell, "source")
    assert (interpol.kind, interpol.note) == (ChannelKind.INTERPOL, cell)
    assert diplomatic.kind is ChannelKind.DIPLOMATIC
    assert not list(special_channels("fax followed by mail", "source"))


def test_numbers_called_invalid_are_those_of_the_check(real_entries: list[SeedEntry]) -> None:
    path = seed_data_dir() / "phone_check.csv"
    with path.open(encoding="utf-8", newline="") as file:
        checked = {row["as_printed"].split(" (")[0] for row in csv.DictReader(file)}
    # One number of the check was cut at the ';' inside its brackets.
    checked -= {"local 211, 214, 316, 341)"}
    odd = {
        channel.as_given.split(" (")[0]
        for entry in real_entries
        for channel in getattr(entry.record, "channels", ())
        if channel.warning == "number_not_in_plan"
    }
    assert odd == checked


@given(st.text(max_size=60))
def test_any_cell_keeps_its_words(cell: str) -> None:
    for channel in [*numbers(cell, "FR"), *emails(cell, "source")]:
        assert channel.as_given.strip() in cell
        assert channel.value or channel.warning


def hours(text: str, zone: str = "", zones: tuple[str, ...] = ("Europe/Paris",)) -> list[str]:
    found = printed_hours(text, zone, zones, WORKDAYS)
    assert found is not None
    return [f"{one.weekday} {one.opens}-{one.closes}" for one in found.intervals]


def test_nothing_printed_gives_no_hours() -> None:
    assert printed_hours("", "", ("Europe/Paris",), WORKDAYS) is None
    assert printed_hours("24/7", "", (), WORKDAYS) is None


@pytest.mark.parametrize(
    "text",
    [
        "08:00-17:00 (lunch break 12:00-03:00 as printed)",
        "17:00-08:00",
        "mornings",
        "08:00-17:00 (by appointment)",
    ],
)
def test_unreadable_hours_are_kept_as_given(text: str) -> None:
    found = printed_hours(text, "", ("America/Havana",), WORKDAYS)
    assert found is not None
    assert not found.intervals
    assert not found.round_the_clock
    assert found.as_given == text


def test_week_is_read_with_lunch_and_fridays() -> None:
    assert hours("08:00-17:00") == [f"{day} 08:00-17:00" for day in range(1, 6)]
    assert hours("09:00-18:00 (lunch 13:00-14:00)")[:2] == ["1 09:00-13:00", "1 14:00-18:00"]
    assert hours("08:00-16:30 (16:00 on Fridays)")[3:] == ["4 08:00-16:30", "5 08:00-16:00"]
    assert len(hours("working days 09:00-17:00 direct line; otherwise through police 113")) == 5


@pytest.mark.parametrize(
    "text", ["24/7", "24/7 (art. 35)", "24 hours (preferably 9-18 Paris time)"]
)
def test_round_the_clock_is_read(text: str) -> None:
    found = printed_hours(text, "", ("Europe/Monaco",), WORKDAYS)
    assert found is not None
    assert found.round_the_clock
    assert found.as_given == text


def test_weekend_of_the_state_is_kept() -> None:
    found = printed_hours("07:00-14:00", "GMT+3", ("Asia/Qatar",), (5, 6))
    assert found is not None
    assert {one.weekday for one in found.intervals} == {1, 2, 3, 4, 7}


def test_printed_offset_picks_the_zone_and_none_assumes_it() -> None:
    zones = ("America/Argentina/Buenos_Aires", "America/Argentina/Ushuaia")
    for printed, assumed in (("GMT-3", False), ("", True), ("GMT+9", True)):
        found = printed_hours("08:00-20:00", printed, zones, WORKDAYS)
        assert found is not None
        assert (found.zone, found.zone_assumed) == (zones[0], assumed)
        assert printed in found.as_given


def test_summer_offset_and_half_hours_are_known() -> None:
    assert (
        zone_with_offset("UTC+2 (as stated in April 2017)", ("Europe/Prague",)) == "Europe/Prague"
    )
    assert zone_with_offset("GMT+5:30", ("Asia/Kathmandu", "Asia/Colombo")) == "Asia/Colombo"
    assert zone_with_offset("local time", ("Europe/Prague",)) == ""


@pytest.mark.parametrize(
    ("text", "accepted", "spoken"),
    [
        ("", "", ""),
        ("everything", "", ""),
        ("en", "en", ""),
        ("cs;en;fr (in this order of preference)", "cs en fr", ""),
        ("bg or an official language of the Council of Europe (en, fr)", "bg en fr", ""),
        ("nl;fr;en (European part); nl;fr;es (Caribbean part, as printed)", "nl fr en es", ""),
        ("nl;en;de (contact); requests in en or nl", "en nl", "nl en de"),
        ("tr (requests and documents); en (contact language)", "tr", "en"),
        ("en (translation into English or the language of the requested Party)", "en", ""),
        ("en;fil", "en fil", ""),
    ],
)
def test_languages_are_read_in_their_order(text: str, accepted: str, spoken: str) -> None:
    found = printed_languages(text)
    assert (" ".join(found.accepted), " ".join(found.spoken)) == (accepted, spoken)
