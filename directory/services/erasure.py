"""Erasure of a person: the key is destroyed, what it sealed is noise, every hash stays right."""

import datetime as dt

from sqlalchemy import Engine, select, text, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event, officer_person
from directory.domain.personal import PERSONAL_FIELDS, erased
from directory.errors import InvalidState, NotFound
from directory.models.change_log import PersonKey
from directory.models.entry import Entry
from directory.models.proposal import CallBack, ObjectionLink, Proposal, Report
from directory.services import publishing
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


def erase_officer(uow: UnitOfWork, doer: Doer, entry_id: str, at: dt.datetime, reason: str) -> None:
    """Erase the officer an entry is about: from the entry, its history, the log, and what was said
    of it in proposals and reports. Files of evidence stay; they are the State's own.

    Raises ``NotFound`` without such an entry, ``InvalidState`` when it is about no person. Call
    ``scrub`` after the commit.
    """
    kind = uow.session.scalar(select(Entry.kind).where(Entry.id == entry_id))
    if kind is None:
        raise NotFound("entry", entry_id)
    if kind not in PERSONAL_FIELDS:
        raise InvalidState(f"{entry_id} is an office, not a person; its history is there to stay")
    destroy_key(uow, doer, officer_person(entry_id), at, reason)
    publishing.erase(uow, entry_id, at)
    for proposal in uow.session.scalars(select(Proposal).where(Proposal.entry_id == entry_id)):
        proposal.record = erased(kind, proposal.record)
        proposal.reported_channels = []
    made_for = select(Proposal.id).where(Proposal.entry_id == entry_id)
    for statement in (
        update(CallBack).where(CallBack.proposal_id.in_(made_for)).values(channel_value=""),
        update(ObjectionLink).where(ObjectionLink.proposal_id.in_(made_for)).values(address=""),
        update(Report).where(Report.entry_id == entry_id).values(channel="", note=""),
    ):
        uow.session.execute(statement, execution_options={"synchronize_session": False})


#: What erased data stood in.
SCRUBBED = "person_key, entry, entry_revision, channel, proposal, report, call_back, objection_link"


def scrub(engine: Engine) -> None:
    """Take what is left of what was erased off the disk: dead rows and the write-ahead log.

    On PostgreSQL old segments of the write-ahead log go with its next recycling. Backups must keep
    ``person_key`` apart from the rest, and never more than its newest copy.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            connection.execute(text(f"VACUUM {SCRUBBED}"))
