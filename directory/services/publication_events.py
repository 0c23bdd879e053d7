"""What the change log says of a publication: which revision took the place of which.

A revision stands in the log as the hash of its record, without what is personal; that is sealed
under the person's key beside it. So each revision is provable, and each person erasable.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.events import Doer, Event, Personal, Plain, digest, officer_person
from directory.domain.personal import split
from directory.domain.vocabulary import EntryKind, EntryStatus
from directory.models.entry import Entry, EntryRevision

PUBLISHED = "entry.published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision as it stands in ``entry_revision``; ``record`` in plain form."""

    entry_id: str
    kind: EntryKind
    number: int
    status: EntryStatus
    record: Plain

    @property
    def facts(self) -> Plain:
        """What the log holds of it; ``record`` is the SHA-256 of its canonical facts."""
        return {
            "kind": self.kind.value,
            "revision": self.number,
            "status": self.status.value,
            "record": digest(split(self.kind, self.record)[0]),
        }

    @property
    def personal(self) -> tuple[Personal, ...]:
        """What the log seals of it."""
        fields = split(self.kind, self.record)[1]
        person = officer_person(self.entry_id)
        return (Personal(person=person, fields=fields),) if fields else ()


def read_current(session: Session, entry_ids: Sequence[str]) -> dict[str, Revision]:
    """The current revisions of those entries that exist, held until the transaction ends.

    One statement.
    """
    if not entry_ids:
        return {}
    columns = (Entry.id, Entry.kind, EntryRevision.number, EntryRevision.status)
    query = (
        select(*columns, EntryRevision.record)
        .join(EntryRevision, EntryRevision.entry_id == Entry.id)
        .where(EntryRevision.number == Entry.revision, Entry.id.in_(entry_ids))
        .with_for_update(of=Entry)
    )
    return {
        id_: Revision(entry_id=id_, kind=kind, number=number, status=status, record=record)
        for id_, kind, number, status, record in session.execute(query)
    }


def published(
    new: Revision,
    old: Revision | None,
    *,
    doer: Doer,
    at: dt.datetime,
    reason: str,
    evidence: tuple[str, ...] = (),
) -> Event:
    """That the new revision took the place of the old one (None for a new entry)."""
    return Event(
        at=at,
        doer=doer,
        action=PUBLISHED,
        subject_kind="entry",
        subject_id=new.entry_id,
        before=old.facts if old else None,
        after=new.facts,
        reason=reason,
        evidence=evidence,
        personal=new.personal,
    )
