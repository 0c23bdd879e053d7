"""What is known around a proposal that may make it look odd."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.domain.call_backs import key_of, record_channels
from directory.domain.diff import Difference
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import ProposalState
from directory.domain.record import Record
from directory.domain.risks import RECENT, Risk, Surroundings, hosts, risks
from directory.domain.vocabulary import ChannelKind
from directory.models.entry import Channel, Entry
from directory.models.proposal import Proposal

_WRITTEN = (ChannelKind.EMAIL, ChannelKind.WEB_FORM, ChannelKind.SECURE_PLATFORM)


def proposal_risks(
    session: Session,
    proposal: Proposal,
    record: Record,
    differences: Sequence[Difference],
    at: dt.datetime,
) -> tuple[Risk, ...]:
    """The signs that the proposal deserves a harder look; four statements."""
    around = Surroundings(
        known_hosts=_known_hosts(session, proposal.state_code),
        changed_at=_changed_at(session, proposal.entry_id),
        published_before=_published_before(session, proposal.proposer_id),
        other_states=_other_states(session, proposal, record, at),
    )
    return risks(record, differences, around, at)


def _known_hosts(session: Session, state: str) -> frozenset[str]:
    statement = (
        select(Channel.value)
        .join(Entry, Entry.id == Channel.entry_id)
        .where(Entry.state_code == state, Channel.kind.in_(_WRITTEN))
    )
    return hosts(session.scalars(statement))


def _changed_at(session: Session, entry_id: str) -> dt.datetime | None:
    statement = select(func.max(Proposal.decided_at)).where(
        Proposal.entry_id == entry_id,
        Proposal.state == ProposalState.PUBLISHED,
        Proposal.field_class == int(FieldClass.ROUTING_CRITICAL),
    )
    return session.scalars(statement).one()


def _published_before(session: Session, proposer_id: int) -> int:
    statement = select(func.count(Proposal.id)).where(
        Proposal.proposer_id == proposer_id, Proposal.published_revision.is_not(None)
    )
    return session.scalars(statement).one()


def _other_states(
    session: Session, proposal: Proposal, record: Record, at: dt.datetime
) -> tuple[str, ...]:
    """Other States that use, or lately proposed, a channel this one brings."""
    keys = {key_of(one) for one in record_channels(record)}
    used = (
        select(Entry.state_code)
        .join(Channel, Channel.entry_id == Entry.id)
        .where(
            Channel.value.in_(sorted(value for _, value in keys)),
            Entry.state_code != proposal.state_code,
        )
        .distinct()
    )
    found = set(session.scalars(used)) if keys else set()
    lately = select(Proposal.state_code, Proposal.record).where(
        Proposal.state_code != proposal.state_code,
        Proposal.changes_channels,
        Proposal.updated_at >= at - dt.timedelta(days=RECENT),
    )
    for state, plain in session.execute(lately):
        if keys & {key_of(one) for one in plain.get("channels", ())}:
            found.add(state)
    return tuple(sorted(found))
