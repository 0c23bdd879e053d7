"""Nothing acknowledged is lost and nothing is half done when the serving process is killed.

``DIRECTORY_TEST_KILLS`` sets how often, 30 times by default (``DIRECTORY_TEST_KILLS=1000 python -m
pytest tests/security/test_kills.py``). A process of its own is killed with SIGKILL at a random
moment while it publishes entries, answers reports and submits proposals, one after the other; it
says what it was answered only after it has the answer.
"""

import os
import random
import signal
import string
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from directory.models.change_log import LogEvent
from directory.models.entry import Entry, EntryRevision
from directory.models.proposal import Proposal, Report
from directory.queries.log_check import check_log
from directory.services.checkpoints import known_keys
from tests.support.factories import authority, publication, publish_all
from tests.support.reviewing import with_note
from tests.support.secretariat import ENTRY, PROPOSER, Office, open_office

KILLS = int(os.environ.get("DIRECTORY_TEST_KILLS", "30"))
#: Seconds after the first answer within which the process is killed; an act takes some hundredths.
WITHIN = 0.25
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)
Say = Callable[[str], None]


@pytest.fixture
def office(engine: Engine) -> Office:
    made = open_office(engine)
    made.client(PROPOSER)
    # Whoever works until they are killed reports more than a person does.
    parts = made.place.parts
    endless = replace(parts, settings=replace(parts.settings, reports_daily=0))
    made.place.app.extensions["directory"] = endless
    return made


def entry_id(number: int) -> str:
    """RO-KAAAAA, RO-KAAAAB ..."""
    letters = ""
    for _place in range(5):
        number, rest = divmod(number, 26)
        letters = string.ascii_uppercase[rest] + letters
    return f"RO-K{letters}"


def work(office: Office, first: int, say: Say) -> None:
    """Act after act; each is told of once its answer has come."""
    for number in count(first):
        note, entry = f"act {number}", entry_id(number)
        publish_all(office.place.parts.engine, publication(entry, authority(f"Office {number}")))
        say(f"entry {entry}")
        answer = office.post(PROPOSER, f"/entries/{entry}/reports", kind="no_answer", note=note)
        assert answer.status_code == 303, answer.status_code
        say(f"report {note}")
        say(f"proposal {office.desk.propose(PROPOSER, entry, with_note(note))}")


def say_to(pipe: int, line: str) -> None:
    """At once, so that nothing is forgotten by dying."""
    os.write(pipe, f"{line}\n".encode())


def killed_at_work(office: Office, first: int, after: float) -> list[str]:
    """What a process was answered before it was killed, so many seconds after its first answer."""
    engine = office.place.parts.engine
    engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            work(office, first, partial(say_to, writing))
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as heard:
        told = [heard.readline()]
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        _child, status = os.waitpid(child, 0)
        told += heard.readlines()
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, "it ended by itself"
    settle(engine)
    return [line.strip() for line in told]


def settle(engine: Engine) -> None:
    """A server still ends what its client began; wait until it has noticed."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            while connection.scalar(text(OTHERS)):
                connection.rollback()
                time.sleep(0.01)


def lost(session: Session, told: list[str]) -> set[str]:
    """What was acknowledged and is not there."""
    kept = {f"report {note}" for note in session.scalars(select(Report.note))}
    kept |= {f"entry {one}" for one in session.scalars(select(Entry.id))}
    kept |= {f"proposal {one}" for one in session.scalars(select(Proposal.id))}
    return set(told) - kept


def halves(session: Session) -> list[str]:
    """Rows without the event that tells of them, and events without their row."""
    events = session.execute(select(LogEvent.action, LogEvent.subject_id, LogEvent.after)).all()
    rows = [f"{one.entry_id} {one.number}" for one in session.scalars(select(EntryRevision))]
    rows += [f"report {number}" for number, _ in enumerate(session.scalars(select(Report)))]
    rows += [f"proposal {one}" for one in session.scalars(select(Proposal.id))]
    made = [one for one in events if one.action == "report.made"]
    told = [f"report {number}" for number, _ in enumerate(made)]
    told += [f"proposal {one.subject_id}" for one in events if one.action == "proposal.save"]
    for one in events:
        if one.action == "entry.published":
            told.append(f"{one.subject_id} {one.after['revision']}")
    current = {f"{one.id} {one.revision}" for one in session.scalars(select(Entry))}
    return sorted({*rows} ^ {*told} | current - {*rows})


def is_sound(session: Session) -> bool:
    """Does the database's own check find nothing? (PostgreSQL recovers by itself.)"""
    if session.get_bind().dialect.name != "sqlite":
        return True
    return bool(session.scalar(text("PRAGMA integrity_check")) == "ok")


@pytest.mark.slow
def test_killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_half_done(
    office: Office,
) -> None:
    moments, told = random.Random(7), list[str]()
    for turn in range(KILLS):
        told += killed_at_work(office, 1000 * turn, moments.uniform(0, WITHIN))
        with office.place.parts.reading() as session:
            assert lost(session, told) == set()
            assert halves(session) == []
            assert is_sound(session)
    assert len(told) >= KILLS
    with office.place.parts.reading() as session:
        assert check_log(session, known_keys(office.place.parts.settings)).faults == ()
    # Work goes on without tools.
    office.get(PROPOSER, f"/entries/{ENTRY}")
    assert office.desk.propose(PROPOSER, ENTRY, with_note("after"))


def test_what_was_acknowledged_too_early_would_be_found(office: Office) -> None:
    with office.place.parts.reading() as session:
        assert lost(session, ["report never kept"]) == {"report never kept"}


def test_half_an_act_would_be_found(office: Office) -> None:
    """A planted bug: a report in a transaction without its event."""
    office.post(PROPOSER, f"/entries/{ENTRY}/reports", kind="no_answer", note="whole")
    with office.place.parts.reading() as session:
        assert halves(session) == []
        (whole,) = session.scalars(select(Report)).all()
    with office.place.work() as uow:
        same = {name: getattr(whole, name) for name in ("entry_id", "revision", "kind", "at", "by")}
        uow.session.add(Report(**same))
    with office.place.parts.reading() as session:
        assert halves(session) == ["report 1"]
