"""Erasure of a person: the key is destroyed, what it sealed is noise, every hash stays right."""

import datetime as dt

from sqlalchemy import Engine, select, text, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event
from directory.errors import NotFound
from directory.models.change_log import PersonKey
from directory.services.change_log import lock, record


def destroy_key(uow: UnitOfWork, doer: Doer, person: str, at: dt.datetime, reason: str) -> None:
    """Destroy the key of a person ('officer:RO-3F7K2Q', 'account:12') and record that it was done.

    What is sealed for the same pseudonym afterwards (the successor at a post) gets a new key.
    Raises ``NotFound`` when the person has no key. Call ``scrub`` after the commit.
    """
    lock(uow.session)
    if uow.session.get_bind().dialect.name == "sqlite":
        # Without it SQLite leaves the old bytes in the page's free room.
        uow.session.execute(text("PRAGMA secure_delete = ON"))
    live = (PersonKey.person == person, PersonKey.key.is_not(None))
    id_ = uow.session.scalar(select(PersonKey.id).where(*live))
    if id_ is None:
        raise NotFound("person_key", person)
    row = {"key": None, "destroyed_at": at}
    uow.session.execute(update(PersonKey).where(PersonKey.id == id_).values(row))
    event = Event(
        at=at,
        doer=doer,
        action="person.erased",
        subject_kind="person",
        subject_id=person,
        after={"key": id_},
        reason=reason,
    )
    record(uow, event)


def scrub(engine: Engine) -> None:
    """Take what is left of destroyed keys off the disk: dead rows and the write-ahead log.

    On PostgreSQL old segments of the write-ahead log go with its next recycling. Backups must keep
    ``person_key`` apart from the rest, and never more than its newest copy.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            connection.execute(text("VACUUM person_key"))
