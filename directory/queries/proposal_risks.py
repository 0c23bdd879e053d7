"""What is known around proposals that may make them look odd: for the page and for the queue.

Read for all of them together, in a number of statements that does not grow with them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.domain.call_backs import record_channels
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import ProposalState
from directory.domain.record import Record
from directory.domain.risks import RECENT, Surroundings, hosts
from directory.domain.vocabulary import ChannelKind
from directory.models.entry import Channel, Entry
from directory.models.proposal import Proposal

_WRITTEN = (ChannelKind.EMAIL, ChannelKind.WEB_FORM, ChannelKind.SECURE_PLATFORM)


class Proposed(Protocol):
    """What is asked of a proposal: the row itself, or its line in a list."""

    @property
    def id(self) -> str: ...
    @property
    def entry_id(self) -> str: ...
    @property
    def state_code(self) -> str: ...
    @property
    def proposer_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """A proposal, and the record it would publish."""

    proposal: Proposed
    record: Record


def surroundings(
    session: Session, subjects: Sequence[Subject], at: dt.datetime
) -> dict[str, Surroundings]:
    """Proposal -> what is known around it; four statements."""
    proposals = [one.proposal for one in subjects]
    known = _known_hosts(session, {one.state_code for one in proposals})
    changed = _changed_at(session, {one.entry_id for one in proposals})
    published = _published_before(session, {one.proposer_id for one in proposals})
    users = _users(session, {value for one in subjects for value in _values(one.record)}, at)
    return {
        one.proposal.id: Surroundings(
            known_hosts=known.get(one.proposal.state_code, frozenset()),
            changed_at=changed.get(one.proposal.entry_id),
            published_before=published.get(one.proposal.proposer_id, 0),
            other_states=_others(users, one),
        )
        for one in subjects
    }


def _values(record: Record) -> frozenset[str]:
    return frozenset(one.value for one in record_channels(record))


def _known_hosts(session: Session, states: Collection[str]) -> dict[str, frozenset[str]]:
    statement = (
        select(Entry.state_code, Channel.value)
        .join(Entry, Entry.id == Channel.entry_id)
        .where(Entry.state_code.in_(sorted(states)), Channel.kind.in_(_WRITTEN))
    )
    values: dict[str, list[str]] = defaultdict(list)
    for state, value in session.execute(statement):
        values[state].append(value)
    return {state: hosts(some) for state, some in values.items()}


def _changed_at(session: Session, entries: Collection[str]) -> dict[str, dt.datetime]:
    statement = (
        select(Proposal.entry_id, func.max(Proposal.decided_at))
        .where(
            Proposal.entry_id.in_(sorted(entries)),
            Proposal.state == ProposalState.PUBLISHED,
            Proposal.field_class == int(FieldClass.ROUTING_CRITICAL),
        )
        .group_by(Proposal.entry_id)
    )
    return {entry: at for entry, at in session.execute(statement) if at}


def _published_before(session: Session, proposers: Collection[int]) -> dict[int, int]:
    statement = (
        select(Proposal.proposer_id, func.count(Proposal.id))
        .where(
            Proposal.proposer_id.in_(sorted(proposers)), Proposal.published_revision.is_not(None)
        )
        .group_by(Proposal.proposer_id)
    )
    return dict(session.execute(statement).all())


def _users(session: Session, values: Collection[str], at: dt.datetime) -> dict[str, frozenset[str]]:
    """Number or address -> the States that use it, or lately proposed it, as whatever kind.

    A mobile that another State lists as its fax is that State's number all the same.
    """
    users: dict[str, set[str]] = defaultdict(set)
    used = (
        select(Channel.value, Entry.state_code)
        .join(Entry, Entry.id == Channel.entry_id)
        .where(Channel.value.in_(sorted(values)))
        .distinct()
    )
    for value, state in session.execute(used):
        users[value].add(state)
    lately = select(Proposal.state_code, Proposal.record).where(
        Proposal.changes_channels, Proposal.updated_at >= at - dt.timedelta(days=RECENT)
    )
    for state, plain in session.execute(lately):
        for one in plain.get("channels", ()):
            users[one["value"]].add(state)
    return {value: frozenset(states) for value, states in users.items()}


def _others(users: Mapping[str, frozenset[str]], subject: Subject) -> tuple[str, ...]:
    states = {one for value in _values(subject.record) for one in users.get(value, ())}
    return tuple(sorted(states - {subject.proposal.state_code}))
