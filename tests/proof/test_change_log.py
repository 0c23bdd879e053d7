"""The log only grows, in one chain, in the transaction of the act; a person can be erased."""

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain import merkle
from directory.domain.events import NO_HASH, Doer, Event, Logged, canonical, moment_text
from directory.domain.sealing import SealBroken, Sealed, new_key, seal, unseal
from directory.domain.vocabulary import Role
from directory.errors import Denied, NotFound
from directory.models.change_log import LogEvent, LogNode, PersonKey
from directory.policy import Actor
from directory.queries.change_log import EventFilters, list_events, read_events, read_nodes
from directory.services.change_log import append, doer, lock, read_tail, record, record_all
from directory.services.erasure import destroy_key, scrub
from tests.proof.conftest import Log
from tests.proof.events import AT, sample_event
from tests.support.factories import statement_counter

AUDITOR = Actor(name="auditor", account_id=1, roles=frozenset({Role.AUDITOR}))
OTHERS = (Role.READER, Role.FOCAL_POINT)


def events(engine: Engine) -> list[Logged]:
    with Session(engine) as session:
        return list(read_events(session))


# --- refusals


@pytest.mark.parametrize("table", ["change_log", "log_node", "checkpoint"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_recorded(
    log: Log, table: str, change: str
) -> None:
    log.append(4)
    log.checkpoint()
    before = events(log.engine)
    column = {"change_log": "reason", "log_node": "hash", "checkpoint": "note"}[table]
    with pytest.raises(DBAPIError, match="only grows"), log.engine.begin() as connection:
        connection.execute(text(change.format(table, column, "'x'")))
    assert events(log.engine) == before


@pytest.mark.parametrize("table", ["change_log", "log_node", "checkpoint"])
def test_the_database_refuses_to_empty_the_log(log: Log, table: str) -> None:
    if log.engine.dialect.name == "sqlite":
        verb = f"DELETE FROM {table} WHERE 1"
    else:
        verb = f"TRUNCATE {table}"
    log.append(4)
    log.checkpoint()
    with pytest.raises(DBAPIError, match="only grows"), log.engine.begin() as connection:
        connection.execute(text(verb))


def test_the_database_refuses_to_replace_what_was_recorded(log: Log) -> None:
    """INSERT OR REPLACE of SQLite deletes without a DELETE trigger."""
    if log.engine.dialect.name == "sqlite":
        verb = "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"
    else:
        verb = "INSERT INTO {0} SELECT * FROM {0}"
    log.append(4)
    log.checkpoint()
    before = events(log.engine)
    for table in ("change_log", "log_node", "checkpoint"):
        with pytest.raises(DBAPIError), log.engine.begin() as connection:
            connection.execute(text(verb.format(table)))
    assert events(log.engine) == before


@pytest.mark.parametrize(
    "change", [{"sequence": 6}, {"sequence": 3}, {"previous_hash": NO_HASH}, {"hash": "same"}]
)
def test_the_database_refuses_an_event_that_does_not_follow(
    log: Log, change: dict[str, object]
) -> None:
    log.append(4)
    table = LogEvent.__table__
    with log.engine.begin() as connection:
        last = connection.execute(select(table).order_by(table.c.sequence.desc())).first()
    assert last
    good = {**last._mapping, "sequence": 5, "previous_hash": last.hash, "hash": "5" * 64}
    if change.get("hash"):
        change = {"hash": last.hash}
    with pytest.raises(DBAPIError), log.engine.begin() as connection:
        connection.execute(insert(LogEvent), [good | change])
    with log.engine.begin() as connection:
        connection.execute(insert(LogEvent), [good])


def test_a_stale_tail_is_refused_and_nothing_forks(log: Log) -> None:
    log.append(3)
    with Session(log.engine) as session:
        stale = read_tail(session)
    log.append(1, first=4)
    with pytest.raises(DBAPIError), UnitOfWork(log.engine) as uow:
        append(uow, stale, [sample_event(9)])
    assert [one.subject_id for one in events(log.engine)] == ["RO-1", "RO-2", "RO-3", "RO-4"]


def test_an_act_that_is_rolled_back_leaves_no_event(log: Log) -> None:
    class Refused(Exception):
        pass

    def refused_act() -> None:
        with UnitOfWork(log.engine) as uow:
            record(uow, sample_event(3))
            raise Refused

    with pytest.raises(Refused):
        refused_act()
    assert events(log.engine) == []
    with Session(log.engine) as session:
        assert session.scalars(select(PersonKey)).all() == []


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), {"a": 0.1}, [2**53 + 1], {1: "a"}, "\ud800", b"bytes", {"a": AT}]
)
def test_what_two_readers_could_read_differently_is_not_hashed(value: object) -> None:
    with pytest.raises(ValueError, match=r"hashed|surrogates"):
        canonical(value)


@pytest.mark.parametrize("role", OTHERS)
def test_the_log_is_not_for_readers(log: Log, role: Role) -> None:
    actor = Actor(name="reader", roles=frozenset({role}))
    with Session(log.engine) as session, pytest.raises(Denied):
        list_events(actor, session, EventFilters(), 10)


# --- the chain and the tree


def test_events_follow_one_another_without_a_gap(log: Log) -> None:
    for step, first in ((1, 1), (2, 2), (30, 4), (7, 34)):
        log.append(step, first)
    found = events(log.engine)
    assert [one.sequence for one in found] == list(range(1, 41))
    previous = NO_HASH
    for one in found:
        assert one.previous_hash == previous
        assert one.hash == one.computed_hash
        assert one.leaf == one.computed_leaf
        previous = one.hash


def test_events_read_back_as_they_were_recorded(log: Log) -> None:
    log.append(30)
    for number, one in enumerate(events(log.engine), start=1):
        given = sample_event(number)
        assert (one.at, one.before, one.after) == (given.at, given.before, given.after)
        assert (one.reason, one.evidence) == (given.reason, given.evidence)
        assert (one.actor_account, one.actor_state) == (given.doer.account_id, given.doer.state)


def test_kept_nodes_are_those_of_the_tree(log: Log) -> None:
    for first in range(1, 71, 7):
        log.append(7, first)
    leaves = [bytes.fromhex(one.leaf) for one in events(log.engine)]
    expected = merkle.grow(0, [], leaves)
    with Session(log.engine) as session:
        assert read_nodes(session, expected) == expected
        assert read_nodes(session, []) == {}
        inner = session.scalars(select(LogNode)).all()
        assert len(inner) == sum(node.level > 0 for node in expected)
        with pytest.raises(NotFound):
            read_nodes(session, [merkle.Node(3, 99)])


def test_more_events_than_one_round_are_one_chain(log: Log) -> None:
    log.append(2345)
    found = events(log.engine)
    assert [one.sequence for one in found] == list(range(1, 2346))
    pairs = pairwise(found)
    assert all(after.previous_hash == before.hash for before, after in pairs)


def test_recording_nothing_records_nothing(log: Log) -> None:
    with UnitOfWork(log.engine) as uow:
        assert record_all(uow, []) == []
    assert events(log.engine) == []


def test_an_event_takes_few_statements_at_any_size(log: Log) -> None:
    counts = []
    for size in (10, 2000):
        log.append(size)
        with statement_counter(log.engine) as statements, UnitOfWork(log.engine) as uow:
            record(uow, sample_event(1))
        counts.append(len(statements))
    assert max(counts) <= 5


def test_the_form_of_a_moment_is_fixed() -> None:
    eastern = dt.timezone(dt.timedelta(hours=5, minutes=30))
    at = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=eastern)
    assert moment_text(at) == "2026-01-01T21:34:05.000000Z"


def test_canonical_json_is_sorted_and_unspaced() -> None:
    value = {"b": [True, None, 1], "a": {"é": "ț\n"}, "B": ()}
    assert canonical(value).decode() == '{"B":[],"a":{"é":"ț\\n"},"b":[true,null,1]}'


# --- reading


def test_the_auditor_reads_names_that_stand_nowhere_in_the_clear(log: Log) -> None:
    log.append(15)
    filters = EventFilters(subject_kind="entry", subject_id="RO-15")
    with Session(log.engine) as session:
        (view,) = list_events(AUDITOR, session, filters, 10)
    assert view.actor == "person15@example.org"
    assert view.event.actor == ""
    assert view.personal[0]["names"] == [{"text": "Attaché 15"}]
    assert view.erased == 0


def test_events_are_listed_newest_first_and_filtered(log: Log) -> None:
    log.append(20)
    since, until = AT + dt.timedelta(seconds=5), AT + dt.timedelta(seconds=12)
    with Session(log.engine) as session, statement_counter(log.engine) as statements:
        shown = list_events(AUDITOR, session, EventFilters(since=since, until=until), 4)
        older = list_events(AUDITOR, session, EventFilters(since=since, before=8), 4)
        of_state = list_events(AUDITOR, session, EventFilters(actor_state="RO"), 9)
        none = list_events(AUDITOR, session, EventFilters(action="entry.retired"), 9)
    assert [one.event.sequence for one in shown] == [11, 10, 9, 8]
    assert [one.event.sequence for one in older] == [7, 6, 5]
    assert [one.event.sequence for one in of_state] == [20, 15, 10, 5]
    assert none == ()
    assert len([one for one in statements if one.startswith("SELECT")]) <= 8


def test_a_doer_is_the_actor_with_the_strength_of_the_sign_in() -> None:
    actor = Actor(name="someone@example.org", account_id=7, state="RO")
    given = sample_event(5).doer.authentication
    expected = Doer(name="someone@example.org", state="RO", account_id=7, authentication=given)
    assert doer(actor, given) == expected


# --- seals and erasure


def test_a_seal_opens_only_with_its_key_to_what_was_sealed() -> None:
    key, fields = new_key(), {"names": [{"text": "Attaché"}], "count": 1}
    sealed = seal("id", key, fields)
    assert unseal(key, sealed) == fields
    assert sealed.is_whole
    parts = (sealed.commitment, sealed.ciphertext_sha256)
    changed = sealed.ciphertext[:-1] + bytes([sealed.ciphertext[-1] ^ 1])
    for broken in (
        Sealed("id", *parts, changed),
        Sealed("id", *parts, b""),
        Sealed("di", *parts, sealed.ciphertext),
        Sealed("id", seal("id", key, fields).commitment, parts[1], sealed.ciphertext),
    ):
        with pytest.raises(SealBroken):
            unseal(key, broken)
    with pytest.raises(SealBroken):
        unseal(new_key(), sealed)
    assert not Sealed("id", *parts, changed).is_whole


def test_the_same_data_never_make_the_same_seal() -> None:
    key = new_key()
    first, second = seal("id", key, {"a": 1}), seal("id", key, {"a": 1})
    assert first.commitment != second.commitment
    assert first.ciphertext != second.ciphertext


def test_one_person_has_one_key(log: Log) -> None:
    for _ in range(3):
        log.append(21)
    with Session(log.engine) as session:
        persons = session.scalars(select(PersonKey.person)).all()
    assert len(persons) == len(set(persons))


def officer_event(name: str, number: str) -> Event:
    event = sample_event(21)
    personal = event.personal[0]
    fields = {"names": [{"text": name}], "channels": [number]}
    return Event(
        at=AT,
        doer=Doer(name="seed data"),
        action="entry.published",
        subject_kind="entry",
        subject_id="RO-LO",
        personal=(type(personal)(person="officer:RO-LO", fields=fields),),
    )


def test_an_erased_officer_leaves_no_trace_and_the_chain_still_holds(
    log: Log, tmp_path: Path
) -> None:
    with UnitOfWork(log.engine) as uow:
        record(uow, officer_event("Ana Exemplu", "+40990000001"))
    log.append(3)
    before = events(log.engine)
    export = log.export(tmp_path / "before.jsonl").read_text("utf-8")
    assert "Exemplu" not in export
    assert "+40990000001" not in export
    with Session(log.engine) as session:
        key = session.scalar(select(PersonKey.key).where(PersonKey.person == "officer:RO-LO"))
    assert key
    with UnitOfWork(log.engine) as uow:
        destroy_key(uow, Doer(name="system"), "officer:RO-LO", AT, "posting ended")
    scrub(log.engine)
    after = events(log.engine)
    assert after[:-1] == before
    assert all(one.hash == one.computed_hash for one in after)
    with Session(log.engine) as session:
        filters = EventFilters(subject_id="RO-LO")
        (view,) = list_events(AUDITOR, session, filters, 9)
        assert view.personal == ()
        assert view.erased == 1
        row = session.scalars(select(PersonKey).where(PersonKey.person == "officer:RO-LO")).one()
        assert row.key is None
        assert row.destroyed_at == AT
    if log.engine.dialect.name == "sqlite":
        path = Path(str(log.engine.url.database))
        stored = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
        assert key not in stored


def test_an_erasure_is_recorded_itself(log: Log) -> None:
    with UnitOfWork(log.engine) as uow:
        record(uow, officer_event("Ana Exemplu", "+40990000001"))
        destroy_key(uow, Doer(name="system"), "officer:RO-LO", AT, "posting ended")
    last = events(log.engine)[-1]
    assert (last.action, last.subject_id) == ("person.erased", "officer:RO-LO")
    assert last.reason == "posting ended"


def test_the_successor_of_an_erased_officer_has_a_key_of_its_own(log: Log) -> None:
    for name in ("Ana Exemplu", "Ion Exemplu"):
        with UnitOfWork(log.engine) as uow:
            record(uow, officer_event(name, "+40990000001"))
            if name == "Ana Exemplu":
                destroy_key(uow, Doer(name="system"), "officer:RO-LO", AT, "posting ended")
    with Session(log.engine) as session:
        shown = list_events(AUDITOR, session, EventFilters(subject_id="RO-LO"), 9)
    assert [view.erased for view in shown] == [0, 1]
    assert shown[0].personal[0]["names"] == [{"text": "Ion Exemplu"}]


def test_a_person_without_a_key_cannot_be_erased(log: Log) -> None:
    with pytest.raises(NotFound), UnitOfWork(log.engine) as uow:
        destroy_key(uow, Doer(name="system"), "officer:XX", AT, "")
    with UnitOfWork(log.engine) as uow:
        lock(uow.session)
    assert events(log.engine) == []
