"""A small directory for ``python -m bench.log``: a State, its entries, and who may change them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, event, insert, select

from directory.db.migration import upgrade
from directory.db.unit_of_work import UnitOfWork
from directory.domain import vocabulary as words
from directory.domain.events import Doer, Event
from directory.domain.record import AuthorityRecord, Channel, Designation, Name
from directory.models import reference
from directory.models.account import Account
from directory.policy import Actor
from directory.queries.reference import read_book
from directory.services.change_log import record_all
from directory.services.demo_accounts import ensure_demo_accounts
from directory.services.entry_rows import Publication
from directory.services.publishing import publish
from directory.services.reference import renew_stamp
from directory.settings import Settings

#: When the entries were published, and when the first change of them is proposed.
LONG_AGO = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)
AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
STATE = "RO"
INSTRUMENT = "UNTOC"
#: The number that is called back; it stays as it is.
CALLED = "+40211234568"
FOCAL_POINT = "focal.ro@demo.example"
OFFICERS = ("verifier.a@demo.example", "verifier.b@demo.example")
READER = "reader.fr@demo.example"
#: Events appended in one transaction while a log is grown.
PORTION = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """A directory, its people by e-mail address, and their passwords."""

    engine: Engine
    people: Mapping[str, Actor]
    passwords: Mapping[str, str]


@dataclass(slots=True)
class Sent:
    """What reached the database meanwhile."""

    statements: int = 0
    commits: int = 0


def furnish(engine: Engine, settings: Settings, entries: int) -> Place:
    """The schema, States, accounts and that many authorities of Romania."""
    upgrade(engine)
    with UnitOfWork(engine) as uow:
        _add_reference(uow)
    with UnitOfWork(engine) as uow:
        passwords = ensure_demo_accounts(uow, settings, LONG_AGO)
    with UnitOfWork(engine) as uow:
        publish(uow, [_publication(entry_id(number)) for number in range(entries)])
    _remember(engine)
    return Place(engine, _people(engine), passwords)


def _add_reference(uow: UnitOfWork) -> None:
    states = ("FR", "JP", STATE)
    uow.session.execute(insert(reference.State), [_state_row(code) for code in states])
    treaty = {"code": INSTRUMENT, "short_title": INSTRUMENT, "title": INSTRUMENT}
    since = dt.date(2003, 9, 29)
    uow.session.execute(insert(reference.Instrument), [treaty | {"entry_into_force": since}])
    kinds = [
        {"code": kind, "position": position, "names": {"en": kind.value}, "synonyms": []}
        for position, kind in enumerate(words.CooperationType)
    ]
    uow.session.execute(insert(reference.CooperationType), kinds)
    party = {"instrument_code": INSTRUMENT, "status": words.ParticipationStatus.PARTY}
    rows = [party | {"state_code": code, "entry_into_force": since} for code in states]
    uow.session.execute(insert(reference.Participation), rows)
    renew_stamp(uow, LONG_AGO)


def _state_row(code: str) -> dict[str, object]:
    return {
        "code": code,
        "kind": words.StateKind.MEMBER,
        "languages": ["en"],
        "time_zones": ["UTC"],
        "weekend": [6, 7],
    }


def entry_id(number: int) -> str:
    """The id of an entry of the bench."""
    letters = "".join("ABCDEFGHJK"[int(digit)] for digit in f"{number:06}")
    return f"{STATE}-{letters}"


def a_record(changed: int = 0) -> AuthorityRecord:
    """An authority; ``changed`` gives its first number, up to 9,999."""
    numbers = (f"+4021999{changed:04}", CALLED)
    telephones = [Channel(kind=words.ChannelKind.TELEPHONE, value=one) for one in numbers]
    mailbox = Channel(kind=words.ChannelKind.EMAIL, value="desk@justice.example")
    kind = words.CooperationType.MLA
    return AuthorityRecord(
        names=(Name(text="Ministry of Justice", language="en"),),
        designations=(Designation(key="mla", instrument=INSTRUMENT, cooperation_type=kind),),
        channels=tuple(
            replace(one, audience=words.Audience.ALL_READERS) for one in (*telephones, mailbox)
        ),
    )


def _publication(id_: str) -> Publication:
    return Publication(
        entry_id=id_, state=STATE, record=a_record(), by="bench", at=LONG_AGO, reason="a trial"
    )


def add_revisions(place: Place, id_: str, count: int) -> None:
    """Publish until the entry has ``count`` revisions."""
    for number in range(1, count):
        moment = LONG_AGO + dt.timedelta(hours=number)
        one = replace(_publication(id_), record=a_record(number), base=number, at=moment)
        with UnitOfWork(place.engine) as uow:
            publish(uow, [one])


def _people(engine: Engine) -> dict[str, Actor]:
    focal, officer = frozenset({words.Role.FOCAL_POINT}), frozenset({words.Role.VERIFIER})
    roles = {FOCAL_POINT: focal} | dict.fromkeys(OFFICERS, officer)
    with engine.connect() as connection:
        query = select(Account.id, Account.email, Account.state_code)
        rows = connection.execute(query.where(Account.email.in_(roles))).all()
    return {
        email: Actor(name=email, account_id=id_, state=state or "", roles=roles[email])
        for id_, email, state in rows
    }


def an_event(number: int) -> Event:
    """A small event about no person."""
    return Event(
        at=LONG_AGO + dt.timedelta(seconds=number),
        doer=Doer(name="bench"),
        action="entry.published",
        subject_kind="entry",
        subject_id=f"FR-{number}",
        after={"revision": 1, "record": f"{number:064x}"},
    )


def grow(engine: Engine, have: int, size: int) -> None:
    """Append events until the log that has ``have`` has ``size``."""
    _set_cache(engine, 400_000)
    for start in range(have, size, PORTION):
        with UnitOfWork(engine) as uow:
            record_all(uow, [an_event(n) for n in range(start, min(start + PORTION, size))])
    # What is measured meets a new connection, as a running directory has it.
    engine.dispose()
    _remember(engine)


def _remember(engine: Engine) -> None:
    """A running directory has the reference data in memory."""
    with engine.connect() as connection:
        read_book(connection)


def _set_cache(engine: Engine, kilobytes: int) -> None:
    """Let SQLite's one pooled connection keep that much, or a large log grows slowly."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA cache_size=-{kilobytes}")


@contextmanager
def watched(engine: Engine) -> Iterator[Sent]:
    """Count statements (not what opens or ends a transaction) and commits inside the block."""
    sent = Sent()

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.statements += not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"))

    def commit(_connection: Connection) -> None:
        sent.commits += 1

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", commit)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", commit)
