"""What is told of a watch, and which look-ups are remembered."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from directory.domain.answer import Question
from directory.domain.vocabulary import CooperationType, EntryStatus
from directory.domain.watching import (
    ADDED,
    MOST_RECENT,
    RECENT_FOR,
    STATUS,
    Front,
    Lookup,
    Version,
    entries_named,
    question_key,
    told_fields,
    watched_question,
    with_lookup,
)
from tests.support.factories import authority, channel

AT = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
PLAIN = Version(authority(), EntryStatus.PUBLISHED)


def test_nothing_is_told_where_nothing_differs() -> None:
    assert told_fields(PLAIN, PLAIN) == ()


def test_a_new_entry_is_told_as_new() -> None:
    assert told_fields(None, PLAIN) == (ADDED,)


def test_each_field_that_differs_is_told_once_and_the_status_last() -> None:
    lines = (channel("a@justice.example"), channel("b@justice.example"))
    record = replace(authority(), channels=lines, note="Moved.")
    after = Version(record, EntryStatus.SUSPENDED)
    assert told_fields(PLAIN, after) == ("channels", "note", STATUS)


@given(
    urgent=st.booleans(),
    kind=st.sampled_from(list(CooperationType)),
    instrument=st.sampled_from(["", "UNTOC", "ETS-030"]),
    territory=st.sampled_from(["", "NL-AW"]),
)
def test_a_watched_question_is_asked_again_as_it_was(
    urgent: bool, kind: CooperationType, instrument: str, territory: str
) -> None:
    asked = Question(
        requesting="FR",
        requested="RO",
        cooperation_type=kind,
        at=AT,
        urgent=urgent,
        instrument=instrument,
        territory=territory,
    )
    assert watched_question(question_key(asked), AT) == asked
    assert len(question_key(asked)) <= 200


def test_entries_are_told_from_instruments() -> None:
    named = ("instrument:UNTOC", "authority:RO-1", "nearest:RO-1", "contact_point:RO-2")
    assert entries_named(named) == ("RO-1", "RO-2")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60 * 24)), max_size=60))
def test_few_look_ups_are_remembered_each_once_the_latest_first(
    asked: list[tuple[int, int]],
) -> None:
    lookups = [
        Lookup(Front.SEARCH, f"q={word}", AT + dt.timedelta(hours=hours)) for word, hours in asked
    ]
    kept = with_lookup(lookups[: len(lookups) // 2], lookups[len(lookups) // 2 :])
    assert len(kept) <= MOST_RECENT
    assert len({one.query for one in kept}) == len(kept)
    assert [one.at for one in kept] == sorted((one.at for one in kept), reverse=True)
    if kept:
        newest = max(one.at for one in lookups)
        assert kept[0].at == newest
        assert all(one.at >= newest - RECENT_FOR for one in kept)
        for one in kept:
            assert one.at == max(other.at for other in lookups if other.query == one.query)
