"""Every revision leaves an event that proves it; no officer stands there in the clear."""

import json

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Authentication, Doer, Logged, digest
from directory.domain.personal import split
from directory.domain.record import Channel, to_dict
from directory.domain.vocabulary import ChannelKind, EntryKind, EntryStatus, Role
from directory.errors import StaleRevision
from directory.models.entry import EntryRevision
from directory.policy import Actor
from directory.queries.change_log import EventFilters, list_events, read_events
from directory.services.erasure import destroy_key
from tests.support import factories as make

AUDITOR = Actor(name="auditor", roles=frozenset({Role.AUDITOR}))


@pytest.fixture(autouse=True)
def reference(engine: Engine) -> None:
    make.add_reference(engine)


def events(engine: Engine) -> list[Logged]:
    with Session(engine) as session:
        return list(read_events(session))


def test_a_refused_publication_leaves_no_event(engine: Engine) -> None:
    make.publish_all(engine, make.publication("RO-1"))
    with pytest.raises(StaleRevision):
        make.publish_all(engine, make.publication("RO-1"))
    assert len(events(engine)) == 1


def test_an_event_holds_the_hashes_of_the_revisions_before_and_after(engine: Engine) -> None:
    evidence = ("ab" * 32,)
    make.publish_all(engine, make.publication("RO-1", make.authority("First")))
    second = make.publication(
        "RO-1",
        make.authority("Second"),
        base=1,
        status=EntryStatus.SUSPENDED,
        evidence=evidence,
        doer=Doer(name="x@ro.example", state="RO", account_id=7),
        reason="moved",
    )
    make.publish_all(engine, second)
    created, changed = events(engine)
    with Session(engine) as session:
        query = select(EntryRevision.record).order_by(EntryRevision.number)
        first_record, second_record = session.scalars(query)
    assert created.before is None
    assert created.after == changed.before
    assert changed.before == {
        "kind": "authority",
        "revision": 1,
        "status": "published",
        "record": digest(first_record),
    }
    assert changed.after == {
        "kind": "authority",
        "revision": 2,
        "status": "suspended",
        "record": digest(second_record),
    }
    assert (changed.reason, changed.evidence) == ("moved", evidence)
    assert (changed.actor, changed.actor_account, changed.actor_state) == ("", 7, "RO")
    assert changed.authentication == Authentication.SYSTEM


def test_an_officer_stands_in_the_log_only_under_a_key_that_can_be_destroyed(
    engine: Engine,
) -> None:
    mobile = Channel(kind=ChannelKind.MOBILE, value="+40990000001")
    officer = make.officer("Ana Exemplu", channels=(mobile,), note="asks for Ana")
    make.publish_all(engine, make.publication("RO-LO", officer))
    (event,) = events(engine)
    shown = json.dumps(event.body, ensure_ascii=False)
    assert not any(text in shown for text in ("Ana", "40990000001"))
    assert event.after
    assert event.after["record"] == digest(split(EntryKind.LIAISON_OFFICER, to_dict(officer))[0])
    with Session(engine) as session:
        (view,) = list_events(AUDITOR, session, EventFilters(subject_id="RO-LO"), 2)
    assert set(view.personal[0]) == {"names", "channels", "note"}
    with UnitOfWork(engine) as uow:
        destroy_key(uow, Doer(name="system"), "officer:RO-LO", make.AT, "posting ended")
    with Session(engine) as session:
        (view,) = list_events(AUDITOR, session, EventFilters(subject_id="RO-LO"), 2)
    assert (view.personal, view.erased) == ((), 1)


def test_the_hash_of_an_officers_facts_tells_nothing_of_the_person(engine: Engine) -> None:
    """Else whoever guesses a name or a number could test the guess after the erasure."""
    for number, name in enumerate(("Ana Exemplu", "Ion Exemplu")):
        make.publish_all(engine, make.publication(f"RO-{number}", make.officer(name)))
    first, second = events(engine)
    assert first.after == second.after
