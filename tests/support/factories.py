"""Small builders: just enough of a State, a record, an actor or an entry for one test."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, insert

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event
from directory.domain.record import (
    AuthorityRecord,
    Channel,
    ContactPointRecord,
    Designation,
    Hours,
    Interval,
    LiaisonOfficerRecord,
    Name,
    Record,
    RequirementsRecord,
    SourceAct,
)
from directory.domain.vocabulary import (
    Audience,
    ChannelKind,
    ConfirmationMethod,
    CooperationType,
    EntryKind,
    ParticipationStatus,
    Role,
    SourceKind,
    StateKind,
)
from directory.models import reference
from directory.policy import Actor
from directory.services import change_log
from directory.services.entry_rows import Confirmation, Publication
from directory.services.publishing import publish
from directory.services.reference import renew_stamp

#: The moment at which everything in a test happens unless it says otherwise.
AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
TODAY = AT.date()

UNTOC = "UNTOC"
#: What ``add_reference`` puts in beside the States.
STATES = ("FR", "JP", "RO")

Row = dict[str, Any]


def actor(
    *roles: Role,
    state: str = "",
    types: Iterable[CooperationType] = (),
    scopes: Iterable[str] | None = None,
) -> Actor:
    """An account with these roles."""
    return Actor(
        name="someone@example.org",
        account_id=1,
        state=state,
        roles=frozenset(roles),
        cooperation_types=frozenset(types),
        scopes=None if scopes is None else frozenset(scopes),
        is_fresh=True,
    )


def reader(state: str = "FR", types: Iterable[CooperationType] = ()) -> Actor:
    """Somebody who only looks up, of that State."""
    return actor(Role.READER, state=state, types=types)


def verifier() -> Actor:
    """Somebody of the secretariat."""
    return actor(Role.VERIFIER)


def authority(
    name: str = "Ministry of Justice",
    types: Iterable[CooperationType] = (CooperationType.MLA,),
    **fields: Any,
) -> AuthorityRecord:
    """An authority designated for ``types`` under UNTOC, unless ``designations`` are given."""
    fields.setdefault("designations", tuple(designation(kind) for kind in types))
    return AuthorityRecord(names=(Name(text=name, language="en"),), **fields)


def designation(kind: CooperationType = CooperationType.MLA, **fields: Any) -> Designation:
    """A designation under UNTOC."""
    fields.setdefault("key", kind.value)
    fields.setdefault("instrument", UNTOC)
    return Designation(cooperation_type=kind, **fields)


def channel(
    value: str = "desk@justice.example",
    audience: Audience = Audience.ALL_READERS,
    kind: ChannelKind = ChannelKind.EMAIL,
    **fields: Any,
) -> Channel:
    """A way to reach somebody, an e-mail address unless told."""
    return Channel(kind=kind, value=value, audience=audience, **fields)


def source(key: str = "note", kind: SourceKind = SourceKind.NOTE_VERBALE, **fields: Any) -> Any:
    """An act to rest on."""
    return SourceAct(key=key, kind=kind, reference="Note 1", **fields)


def office_hours() -> Hours:
    """Mondays with a lunch break, Tuesdays without."""
    return Hours(
        zone="Europe/Bucharest",
        intervals=(
            Interval(weekday=1, opens="08:00", closes="12:00"),
            Interval(weekday=1, opens="13:00", closes="17:00"),
            Interval(weekday=2, opens="08:00", closes="17:00"),
        ),
    )


def contact_point(name: str = "Duty desk", **fields: Any) -> ContactPointRecord:
    """A 24/7 point for electronic evidence."""
    fields.setdefault("designations", (designation(CooperationType.E_EVIDENCE),))
    return ContactPointRecord(names=(Name(text=name, language="en"),), **fields)


def officer(name: str = "Liaison officer", **fields: Any) -> LiaisonOfficerRecord:
    """An officer posted in France who also covers Japan."""
    fields.setdefault("host_state", "FR")
    fields.setdefault("covered_states", ("JP",))
    fields.setdefault("cooperation_types", (CooperationType.LAW_ENFORCEMENT,))
    return LiaisonOfficerRecord(names=(Name(text=name, language="en"),), **fields)


def requirements(kind: CooperationType = CooperationType.MLA, **fields: Any) -> RequirementsRecord:
    """What a State requires for one type."""
    return RequirementsRecord(cooperation_type=kind, **fields)


def record_of(kind: EntryKind) -> Record:
    """Some record of that kind."""
    made: dict[EntryKind, Record] = {
        EntryKind.AUTHORITY: authority(),
        EntryKind.CONTACT_POINT: contact_point(),
        EntryKind.LIAISON_OFFICER: officer(),
        EntryKind.REQUIREMENTS: requirements(),
    }
    return made[kind]


def publication(entry_id: str, record: Record | None = None, **fields: Any) -> Publication:
    """The publication of an entry of Romania, by a test, at ``AT``."""
    given: Row = {"state": "RO", "by": "a test", "at": AT, "reason": "a trial"} | fields
    return Publication(entry_id=entry_id, record=record or authority(), **given)


def confirmed(on: dt.date = TODAY, by: str = "Ministry of Justice") -> Confirmation:
    """A confirmation by the State itself."""
    return Confirmation(on=on, by=by, how=ConfirmationMethod.STATE)


def publish_all(engine: Engine, *publications: Publication) -> None:
    """Publish in a transaction of its own."""
    with UnitOfWork(engine) as uow:
        publish(uow, publications)


def add_reference(engine: Engine, states: Sequence[str] = STATES) -> None:
    """States, all cooperation types, UNTOC in force for all the States, and a stamp."""
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(reference.State), [_state_row(code) for code in states])
        uow.session.execute(insert(reference.Instrument), [_untoc_row()])
        uow.session.execute(insert(reference.CooperationType), _type_rows())
        uow.session.execute(
            insert(reference.Participation), [participation_row(code) for code in states]
        )
        renew_stamp(uow, AT)


def something_happened(uow: UnitOfWork) -> None:
    """Append an event of any act, as whoever writes entries does."""
    doer = Doer(name="somebody")
    done = Event(at=AT, doer=doer, action="report.made", subject_kind="entry", subject_id="RO-1")
    change_log.record(uow, done)


def add_rows(engine: Engine, table: type[Any], *rows: Row) -> None:
    """Add reference rows in a transaction of its own, with a new stamp."""
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(table), list(rows))
        renew_stamp(uow, AT)


def _state_row(code: str) -> Row:
    return {
        "code": code,
        "kind": StateKind.MEMBER,
        "languages": ["en"],
        "time_zones": ["UTC"],
        "weekend": [6, 7],
    }


def _untoc_row() -> Row:
    return {
        "code": UNTOC,
        "short_title": "UNTOC",
        "title": "United Nations Convention against Transnational Organized Crime",
        "entry_into_force": dt.date(2003, 9, 29),
    }


def _type_rows() -> list[Row]:
    return [
        {"code": kind, "position": position, "names": {"en": kind.value}, "synonyms": []}
        for position, kind in enumerate(CooperationType)
    ]


def participation_row(code: str, instrument: str = UNTOC, **fields: Any) -> Row:
    """That the State has been a party since 2004."""
    row = {
        "state_code": code,
        "instrument_code": instrument,
        "status": ParticipationStatus.PARTY,
        "entry_into_force": dt.date(2004, 1, 1),
    }
    return row | fields


@contextmanager
def statement_counter(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements sent inside the block; not what opens or ends a transaction."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
