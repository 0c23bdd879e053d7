"""Contradictions between the sources of one record, and the stored form of an entry."""

import datetime as dt

from directory.domain.conflicts import conflicts
from directory.domain.document import EntryHead, entry_document
from directory.domain.record import (
    Address,
    AuthorityRecord,
    Channel,
    Name,
    RequirementsRecord,
    to_dict,
)
from directory.domain.vocabulary import ChannelKind, CooperationType, EntryKind, EntryStatus


def telephone(value: str, source: str) -> Channel:
    return Channel(kind=ChannelKind.TELEPHONE, value=value, source=source)


def authority(*channels: Channel, addresses: tuple[Address, ...] = ()) -> AuthorityRecord:
    return AuthorityRecord(names=(Name(text="A"),), channels=channels, addresses=addresses)


def test_two_sources_that_share_no_number_contradict() -> None:
    (found,) = conflicts(authority(telephone("+1", "new"), telephone("+2", "old")))
    assert found.field == "telephone"
    assert found.values == {"new": ("+1",), "old": ("+2",)}


def test_two_sources_that_share_a_number_do_not() -> None:
    record = authority(telephone("+1", "new"), telephone("+1", "old"), telephone("+2", "old"))
    assert conflicts(record) == ()


def test_several_numbers_of_one_source_or_of_none_do_not() -> None:
    record = authority(telephone("+1", "new"), telephone("+2", "new"), telephone("+3", ""))
    assert conflicts(record) == ()


def test_addresses_contradict_too_where_their_source_is_known() -> None:
    addresses = tuple(
        Address(text=text, source=source) for text, source in [("x", "a"), ("y", "b"), ("z", "")]
    )
    assert [one.field for one in conflicts(authority(addresses=addresses))] == ["address.postal"]


def test_requirements_have_nothing_to_contradict() -> None:
    assert conflicts(RequirementsRecord(cooperation_type=CooperationType.MLA)) == ()


def test_stored_form_holds_the_head_and_the_record() -> None:
    record = authority(telephone("+1", "new"))
    head = EntryHead(
        id="XA-1",
        kind=EntryKind.AUTHORITY,
        state="XA",
        status=EntryStatus.PUBLISHED,
        revision=2,
        name="A",
        synthetic=False,
        conflict=False,
        as_published="",
        changed_at=dt.datetime(2026, 11, 23, 23, 59, tzinfo=dt.UTC),
    )
    document = entry_document(head, record)
    assert document["record"] == to_dict(record)
    assert (document["changed_on"], document["as_published"]) == ("2026-11-23", None)
