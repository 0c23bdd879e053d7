"""What happened to entries since a moment, and who had a hand in it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from directory.domain.record import Record, from_dict
from directory.domain.vocabulary import EntryStatus
from directory.domain.watching import Version, told_fields
from directory.models.entry import Entry, EntryRevision
from directory.models.proposal import Proposal
from directory.policy import READ_ENTRY, Actor, visible

AnyRow = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision as recorded; ``own`` are the accounts that brought it about."""

    number: int
    at: dt.datetime
    record: Record
    status: EntryStatus
    own: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedEntry:
    """An entry with its revisions since a moment, and the one before them, by number."""

    head: AnyRow
    revisions: tuple[Revision, ...]

    def told(self, actor: Actor, since: dt.datetime, today: dt.date) -> tuple[str, ...]:
        """The fields that others changed since, as far as the actor may see them."""
        if not READ_ENTRY.allows(actor, self.head, today):
            return ()
        fields: dict[str, None] = {}
        for at, one in enumerate(self.revisions):
            if one.at <= since or actor.account_id in one.own:
                continue
            before = self._version(actor, self.revisions[at - 1]) if at else None
            if before is None and one.number > 1:
                continue
            fields |= dict.fromkeys(told_fields(before, self._version(actor, one)))
        return tuple(fields)

    def is_only_own(self, actor: Actor, since: dt.datetime) -> bool:
        """Did nobody but the actor change it since?"""
        return all(actor.account_id in one.own for one in self.revisions if one.at > since)

    def _version(self, actor: Actor, one: Revision) -> Version:
        return Version(visible(actor, self.head.state_code, one.record), one.status)


def changed_entries(
    session: Session, states: Collection[str], ids: Collection[str], since: dt.datetime
) -> dict[str, ChangedEntry]:
    """The entries of those States, and those with these identifiers, that changed since.

    Everything is read, whoever may see it: ``ChangedEntry.told`` cuts it to one actor. Three
    statements.
    """
    of_interest = or_(Entry.state_code.in_(states), Entry.id.in_(ids))
    first = (
        select(EntryRevision.entry_id, func.min(EntryRevision.number).label("number"))
        .join(Entry, Entry.id == EntryRevision.entry_id)
        .where(Entry.changed_at > since, EntryRevision.recorded_at > since, of_interest)
        .group_by(EntryRevision.entry_id)
        .subquery()
    )
    statement = (
        select(EntryRevision, Entry.kind)
        .join(first, first.c.entry_id == EntryRevision.entry_id)
        .join(Entry, Entry.id == EntryRevision.entry_id)
        .where(EntryRevision.number >= first.c.number - 1)
        .order_by(EntryRevision.entry_id, EntryRevision.number)
    )
    rows = session.execute(statement).all()
    heads = _heads(session, {row.EntryRevision.entry_id for row in rows})
    own = _own(session, heads)
    found: dict[str, list[Revision]] = {}
    for row in rows:
        one = row.EntryRevision
        revision = Revision(
            number=one.number,
            at=one.recorded_at,
            record=from_dict(row.kind, one.record),
            status=one.status,
            own=own.get((one.entry_id, one.number), frozenset()),
        )
        found.setdefault(one.entry_id, []).append(revision)
    return {
        id_: ChangedEntry(head=heads[id_], revisions=tuple(revisions))
        for id_, revisions in found.items()
    }


def _heads(session: Session, ids: Collection[str]) -> dict[str, AnyRow]:
    columns = (Entry.id, Entry.kind, Entry.state_code, Entry.status, Entry.visible_until)
    rows = session.execute(select(*columns).where(Entry.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def _own(session: Session, ids: Iterable[str]) -> Mapping[tuple[str, int], frozenset[int]]:
    """(Entry, revision) -> the accounts that proposed, verified or approved it."""
    wanted = select(
        Proposal.entry_id,
        Proposal.published_revision,
        Proposal.proposer_id,
        Proposal.verified_by,
        Proposal.approved_by,
    ).where(and_(Proposal.entry_id.in_(ids), Proposal.published_revision.is_not(None)))
    return {
        (row.entry_id, row.published_revision or 0): frozenset(
            one for one in (row.proposer_id, row.verified_by, row.approved_by) if one is not None
        )
        for row in session.execute(wanted)
    }
