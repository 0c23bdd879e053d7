"""Cards: what is no card is refused by the reader, and every card is read back to the letter."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.domain.record import AuthorityRecord, Name, Record
from directory.domain.vocabulary import ChannelKind, ChannelPurpose
from directory.exchange.content_lines import content_line, escaped, folded
from directory.exchange.export import ExportedEntry
from directory.exchange.vcard import CardWords, Version, further_ways, short_card, write_card
from tests.exchange.vcards import Property, read_cards
from tests.support import factories as make

WORDS = CardWords(
    state="Romania",
    types=("Mutual legal assistance", "Extradition, and transit"),
    notes=("Suspended: do not use it now.", "For a@b.example, X-1"),
    source="https://directory.example/entries/RO-1",
)
ARABIC, CHINESE, RUSSIAN = "وزارة العدل", "司法部 (国际合作局)", "Министерство юстиции"


def entry(record: Record, **more: Any) -> ExportedEntry:
    given: dict[str, Any] = {"changed_at": dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)} | more
    return ExportedEntry(
        id="RO-1", kind=record.kind, state="RO", revision=1, name="x", record=record, **given
    )


def card(record: Record, version: Version = Version.V4, language: str = "en") -> list[Property]:
    text = write_card(entry(record), version, WORDS, language)
    (found,) = read_cards(text.encode())
    return found


def values(found: list[Property], name: str) -> list[str]:
    return [one.value for one in found if one.name == name]


OFFICE = AuthorityRecord(
    names=(
        Name(text="Ministry, of; Justice \\ Unit", language="en"),
        Name(text=ARABIC, language="ar"),
        Name(text=CHINESE, language="zh"),
        Name(text=RUSSIAN, language="ru"),
    ),
    ministry="Government\nof the State",
    unit="Unit; for aid",
    channels=(
        make.channel("+40215550100", kind=ChannelKind.TELEPHONE, extension="ext. 12"),
        make.channel("+40215550101", kind=ChannelKind.FAX),
        make.channel("desk@justice.example"),
        make.channel("0800 JUSTICE", kind=ChannelKind.MOBILE, purpose=ChannelPurpose.URGENT),
        make.channel("RO-NCB", kind=ChannelKind.INTERPOL),
    ),
    addresses=(),
)


@pytest.mark.parametrize(
    "broken",
    [
        b"x",
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\nVERSION:4.0\nFN:a\nEND:VCARD\n",
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:a,b\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:a\\x\r\nEND:VCARD\r\n",
        b'BEGIN:VCARD\r\nVERSION:4.0\r\nFN;X=a"b:a\r\nEND:VCARD\r\n',
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:" + b"a" * 80 + b"\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\nEND:VCARD\r\n",
    ],
)
def test_the_reader_takes_no_card_that_is_none(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_cards(broken)


def test_requirements_have_no_card() -> None:
    with pytest.raises(ValueError, match="no card"):
        write_card(entry(make.requirements()), Version.V4, WORDS, "en")


@pytest.mark.parametrize("version", list(Version))
def test_names_in_every_script_and_numbers_are_read_back(version: Version) -> None:
    found = card(OFFICE, version)
    assert found[0].value == version.value
    assert values(found, "FN")[0] == OFFICE.names[0].text
    numbers = values(found, "TEL")
    assert any("+40215550100" in one and one.endswith("12") for one in numbers)
    assert any("0800 JUSTICE" in one for one in numbers)
    assert values(found, "EMAIL") == ["desk@justice.example"]
    assert values(found, "NOTE") == ["\n".join(WORDS.notes)]


def test_a_new_card_has_every_name_with_its_language() -> None:
    found = card(OFFICE, language="ar")
    names = [one for one in found if one.name == "FN"]
    assert (names[0].value, names[0].params["LANGUAGE"]) == (ARABIC, ["ar"])
    assert {one.value for one in names} == {one.text for one in OFFICE.names}
    (first, *_rest) = [one for one in found if one.name == "TEL"]
    assert first.value == "tel:+40215550100;ext=12"
    assert first.params == {"VALUE": ["uri"], "TYPE": ["work", "voice"], "PREF": ["1"]}


def test_what_an_address_book_has_no_place_for_stands_in_the_note() -> None:
    assert list(further_ways(OFFICE, lambda word: word.value)) == [
        ("urgent", "0800 JUSTICE"),
        ("interpol", "RO-NCB"),
    ]


def test_a_code_leaves_out_the_last_lines_first_and_keeps_the_mark() -> None:
    whole = short_card(entry(OFFICE), WORDS, "en", 700)
    short = short_card(entry(OFFICE), WORDS, "en", len(whole.encode()) - 1)
    (all_lines,), (fewer,) = read_cards(whole.encode()), read_cards(short.encode())
    assert len(values(all_lines, "TEL")) == 3
    assert len(values(fewer, "TEL")) == 2
    assert values(fewer, "NOTE") == values(all_lines, "NOTE")


def test_a_line_of_a_value_begins_no_other_property() -> None:
    assert content_line("URL", "https://a.example\r\nTEL:+1").count("\r\n") == 1
    assert escaped("a\r\nb\x00") == "a\\nb"


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=120), st.sampled_from(list(Version)))
def test_any_name_is_read_back(name: str, version: Version) -> None:
    encodable = name.encode("utf-8", "ignore").decode()
    found = card(make.authority(encodable or "x"), version)
    kept = "".join(letter for letter in values(found, "FN")[0] if letter.isprintable())
    assert kept.replace(" ", "") == "".join(
        letter for letter in encodable or "x" if letter.isprintable()
    ).replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aé中🎉 ", max_size=300))
def test_folded_lines_are_narrow_and_join_again(text: str) -> None:
    lines = folded(text).split("\r\n")
    assert all(len(one.encode()) <= 75 for one in lines)
    assert folded(text).replace("\r\n ", "") == text
