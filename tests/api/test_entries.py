"""Entries: each may be walked to exactly once, and asked again cheaply."""

import datetime as dt
import json

import pytest
from sqlalchemy import Engine

from directory.domain.vocabulary import Audience, CooperationType, EntryKind, EntryStatus, Role
from tests.api.conftest import Program, Programs
from tests.support.factories import (
    AT,
    authority,
    channel,
    confirmed,
    designation,
    publication,
    publish_all,
    record_of,
    statement_counter,
)


def ids(program: Program, address: str) -> list[str]:
    return [one["id"] for one in program.json(address)["items"]]


def test_retired_entry_is_unknown_to_readers_of_other_states(
    program: Program, programs: Programs, reference_engine: Engine
) -> None:
    publish_all(reference_engine, publication("RO-1", status=EntryStatus.RETIRED))
    assert program.get("/entries/RO-1").status_code == 404
    assert ids(program, "/entries") == []
    own = programs(Role.FOCAL_POINT, "RO")
    assert own.json("/entries/RO-1")["status"] == "retired"


def test_restricted_channel_is_told_only_to_its_audience(
    program: Program, programs: Programs, reference_engine: Engine
) -> None:
    record = authority(
        channels=(
            channel("open@justice.example"),
            channel("own@justice.example", Audience.OWN_STATE),
        )
    )
    publish_all(reference_engine, publication("RO-1", record))
    own = programs(Role.READER, "RO")
    assert "own@" not in program.get("/entries/RO-1").text
    assert "own@" in own.get("/entries/RO-1").text
    assert program.get("/entries/RO-1").headers["ETag"] != own.get("/entries/RO-1").headers["ETag"]


@pytest.mark.parametrize("kind", EntryKind)
def test_each_kind_is_answered_in_full(
    program: Program, reference_engine: Engine, kind: EntryKind
) -> None:
    publish_all(reference_engine, publication("RO-1", record_of(kind)))
    body = program.json("/entries/RO-1")
    assert body["kind"] == kind
    assert body["freshness"]["state"] == "lapsed"
    assert program.json("/states/ro")["entries"][0]["id"] == "RO-1"


def test_entry_that_did_not_change_is_not_sent_again(
    program: Program, reference_engine: Engine
) -> None:
    publish_all(reference_engine, publication("RO-1"))
    first = program.get("/entries/RO-1")
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = program.get("/entries/RO-1", If_None_Match=tag)
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == tag
    assert program.get("/entries/RO-1", If_None_Match='"other"').status_code == 200


def test_new_revision_has_a_new_tag(program: Program, reference_engine: Engine) -> None:
    publish_all(reference_engine, publication("RO-1"))
    tag = program.get("/entries/RO-1").headers["ETag"]
    publish_all(reference_engine, publication("RO-1", authority("Renamed"), base=1))
    answer = program.get("/entries/RO-1", If_None_Match=tag)
    assert answer.status_code == 200
    assert json.loads(answer.text)["revision"] == 2


def test_following_the_cursor_gives_every_entry_once_while_others_are_added(
    program: Program, reference_engine: Engine
) -> None:
    publish_all(reference_engine, *(publication(f"RO-{number:03}") for number in range(0, 60, 2)))
    walked: list[str] = []
    address, added = "/entries?limit=7", 1
    while True:
        page = program.json(address)
        walked += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        publish_all(reference_engine, publication(f"RO-{added:03}"))
        added += 2
        address = f"/entries?limit=7&cursor={page['next']}"
    assert len(walked) == len(set(walked))
    assert {f"RO-{number:03}" for number in range(0, 60, 2)} <= set(walked)


def test_filters_narrow(program: Program, reference_engine: Engine) -> None:
    later = AT + dt.timedelta(days=3)
    publish_all(
        reference_engine,
        publication("RO-1", authority(types=(CooperationType.MLA,))),
        publication("FR-1", authority(types=(CooperationType.EXTRADITION,)), state="FR"),
        publication("RO-2", record_of(EntryKind.REQUIREMENTS), at=later),
        publication("RO-3", authority(designations=(designation(instrument=""),))),
        publication("RO-4", confirmation=confirmed()),
    )
    assert ids(program, "/entries?state=fr") == ["FR-1"]
    assert ids(program, "/entries?type=extradition") == ["FR-1"]
    assert ids(program, "/entries?kind=requirements") == ["RO-2"]
    assert ids(program, "/entries?state=RO&instrument=untoc") == ["RO-1", "RO-4"]
    assert ids(program, "/entries?freshness=confirmed") == ["RO-4"]
    assert ids(program, "/entries?updated_since=2026-03-04") == ["RO-2"]
    assert ids(program, "/entries?updated_since=2026-03-05T09:30:00Z") == ["RO-2"]
    assert ids(program, "/entries?updated_since=2026-03-05T09:30:01Z") == []
    assert program.json("/entries?limit=1")["total"] == 5


def test_number_of_statements_is_bounded(program: Program, reference_engine: Engine) -> None:
    publish_all(reference_engine, *(publication(f"RO-{number}") for number in range(30)))
    program.json("/states")
    # The first look-up of an hour asks how many there were.
    assert len(read_for(program, reference_engine, "/entries/RO-1")) <= 3
    bounds = {
        "/entries/RO-1": 2,
        "/entries?limit=30": 5,
        "/states": 3,
        "/states/RO": 5,
        "/instruments": 2,
        "/cooperation-types": 2,
        "/counterparts?requesting=FR&requested=RO&type=mla": 4,
    }
    for address, bound in bounds.items():
        sent = read_for(program, reference_engine, address)
        assert len(sent) <= bound, (address, sent)


def read_for(program: Program, engine: Engine, address: str) -> list[str]:
    """What is read for an answer; look-ups are written meanwhile, by a thread of its own."""
    with statement_counter(engine) as sent:
        program.json(address)
    return [one for one in sent if one.startswith("SELECT")]
