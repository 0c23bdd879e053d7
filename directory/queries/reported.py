"""Channels that a State says are new and nobody has confirmed: the emergency lane."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, exists, or_, select
from sqlalchemy.orm import Session

from directory.domain.lately import ReportedChannel
from directory.domain.lifecycle import UNDISPUTED
from directory.domain.record import cooperation_types, from_dict
from directory.models.entry import Entry, EntryRevision
from directory.models.proposal import Proposal
from directory.policy import Actor, audiences, require

#: While a proposal stands so its reported channels are shown; an objection hides them.
SHOWING = sorted(UNDISPUTED)
#: Has the entry of the enclosing statement such a proposal? Without a list, as swift ones must be.
HAS_REPORTED = exists(
    select(Proposal.id).where(
        Proposal.entry_id == Entry.id,
        Proposal.emergency,
        or_(*(Proposal.state == one for one in SHOWING)),
    )
)


def reported_channels(
    actor: Actor, reader: Session | Connection, entry_ids: Collection[str]
) -> dict[str, tuple[ReportedChannel, ...]]:
    """The reported channels of those entries that this actor may see; one statement."""
    require(actor, "entries:read")
    if not entry_ids:
        return {}
    current = and_(EntryRevision.entry_id == Entry.id, EntryRevision.number == Entry.revision)
    statement = (
        select(
            Proposal.id,
            Proposal.entry_id,
            Proposal.state_code,
            Proposal.submitted_at,
            Proposal.entry_kind,
            Proposal.record,
            Proposal.reported_channels,
            EntryRevision.record.label("published"),
        )
        .join(Entry, Entry.id == Proposal.entry_id)
        .join(EntryRevision, current)
        .where(
            Proposal.entry_id.in_(entry_ids),
            Proposal.emergency,
            Proposal.state.in_(SHOWING),
        )
        .order_by(Proposal.submitted_at, Proposal.id)
    )
    found: dict[str, tuple[ReportedChannel, ...]] = {}
    for row in reader.execute(statement):
        published = from_dict(row.entry_kind, row.published)
        types = frozenset(cooperation_types(published))
        allowed = audiences(actor, row.state_code, types)
        wanted = from_dict(row.entry_kind, {**row.record, "channels": row.reported_channels})
        shown = tuple(
            ReportedChannel(channel=one, since=row.submitted_at, proposal_id=row.id)
            for one in getattr(wanted, "channels", ())
            if one.audience in allowed
        )
        if shown:
            found[row.entry_id] = (*found.get(row.entry_id, ()), *shown)
    return found
