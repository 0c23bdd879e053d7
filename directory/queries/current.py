"""Entries as the workflow needs them: whole, current, whoever asks.

For services that have checked the actor already; pages read entries by ``queries.entries``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from directory.domain.call_backs import PastRevision
from directory.domain.record import Record, from_dict
from directory.domain.vocabulary import ChannelKind, EntryKind, EntryStatus
from directory.models.entry import Channel, Entry, EntryRevision
from directory.models.proposal import Proposal

#: Other entries of a State that are asked for a number to call.
MOST_OTHERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentEntry:
    """An entry with its current revision."""

    id: str
    kind: EntryKind
    state: str
    status: EntryStatus
    revision: int
    synthetic: bool
    alternative_id: str
    unreviewed: bool
    #: Reports that nobody has answered.
    open_reports: int
    record: Record


_CURRENT = and_(EntryRevision.entry_id == Entry.id, EntryRevision.number == Entry.revision)


def read_entries(session: Session, ids: Iterable[str]) -> dict[str, CurrentEntry]:
    """Those of the entries that exist; one statement."""
    statement = (
        select(
            Entry.id,
            Entry.kind,
            Entry.state_code,
            Entry.status,
            Entry.revision,
            Entry.synthetic,
            Entry.alternative_id,
            Entry.unreviewed,
            Entry.open_reports,
            EntryRevision.record,
        )
        .join(EntryRevision, _CURRENT)
        .where(Entry.id.in_(sorted(set(ids))))
    )
    return {
        row.id: CurrentEntry(
            id=row.id,
            kind=row.kind,
            state=row.state_code,
            status=row.status,
            revision=row.revision,
            synthetic=row.synthetic,
            alternative_id=row.alternative_id,
            unreviewed=row.unreviewed,
            open_reports=row.open_reports,
            record=from_dict(row.kind, row.record),
        )
        for row in session.execute(statement)
    }


def read_entry(session: Session, entry_id: str) -> CurrentEntry | None:
    """The entry, if there is one."""
    return read_entries(session, [entry_id]).get(entry_id)


def read_revisions(
    session: Session, kind: EntryKind, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], Record]:
    """Records by entry and number, of entries of one kind; one statement."""
    pairs = sorted(set(wanted))
    if not pairs:
        return {}
    which = or_(
        *(and_(EntryRevision.entry_id == id_, EntryRevision.number == n) for id_, n in pairs)
    )
    columns = (EntryRevision.entry_id, EntryRevision.number, EntryRevision.record)
    return {
        (id_, number): from_dict(kind, record)
        for id_, number, record in session.execute(select(*columns).where(which))
    }


def read_histories(session: Session, ids: Sequence[str]) -> dict[str, list[PastRevision]]:
    """The revisions of the entries from the first on, each with who proposed it; one statement."""
    made = and_(
        Proposal.entry_id == EntryRevision.entry_id,
        Proposal.published_revision == EntryRevision.number,
    )
    columns = (EntryRevision.entry_id, EntryRevision.recorded_at, EntryRevision.record)
    statement = (
        select(*columns, Proposal.proposer_id)
        .outerjoin(Proposal, made)
        .where(EntryRevision.entry_id.in_(ids))
        .order_by(EntryRevision.entry_id, EntryRevision.number)
    )
    found: dict[str, list[PastRevision]] = {}
    for id_, recorded_at, record, proposer_id in session.execute(statement):
        revision = PastRevision(
            recorded_at=recorded_at,
            record=record,
            proposer_id=proposer_id,
            proposed=proposer_id is not None,
        )
        found.setdefault(id_, []).append(revision)
    return found


def entries_reached_by(
    session: Session, state: str, kinds: Iterable[ChannelKind], but: str
) -> list[str]:
    """Other published entries of the State with a channel of these kinds, authorities first."""
    statement = (
        select(Entry.id, Entry.kind)
        .join(Channel, Channel.entry_id == Entry.id)
        .where(
            Entry.state_code == state,
            Entry.status == EntryStatus.PUBLISHED,
            Entry.id != but,
            Channel.kind.in_(sorted(kinds)),
        )
        .group_by(Entry.id, Entry.kind)
        .order_by(Entry.kind, Entry.id)
        .limit(MOST_OTHERS)
    )
    return [row.id for row in session.execute(statement)]
