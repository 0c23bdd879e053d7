"""Proposals in lists: what waits for officers, and a State's own."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from directory.domain.fields import FieldClass
from directory.domain.lifecycle import (
    OPEN,
    WAITING,
    ProposalKind,
    ProposalState,
)
from directory.domain.vocabulary import EntryKind
from directory.models.proposal import Proposal
from directory.policy import READ_PROPOSAL, Actor

#: Most proposals in one list.
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalHead:
    """A proposal as a line of a list. The names of people are for its State and the secretariat."""

    id: str
    entry_id: str
    entry_kind: EntryKind
    state_code: str
    kind: ProposalKind
    state: ProposalState
    #: The entity tag: what an act must name.
    version: int
    base_revision: int
    field_class: FieldClass
    emergency: bool
    reason: str
    proposer_id: int
    proposer_name: str
    created_at: dt.datetime
    updated_at: dt.datetime
    submitted_at: dt.datetime | None
    assignee_id: int | None
    verified_by: int | None
    approved_by: int | None
    hold_until: dt.datetime | None
    decided_at: dt.datetime | None
    decision_code: str
    decision_text: str
    published_revision: int | None
    alternative_id: str
    batch: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


_HEAD_FIELDS = tuple(ProposalHead.__dataclass_fields__)


def head_of(proposal: Proposal) -> ProposalHead:
    values = {name: getattr(proposal, name) for name in _HEAD_FIELDS}
    return ProposalHead(**values | {"field_class": FieldClass(proposal.field_class)})


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilters:
    """What the queue is narrowed to; an empty field does not narrow."""

    states: tuple[ProposalState, ...] = ()
    state_code: str = ""
    field_class: FieldClass | None = None
    assignee_id: int | None = None
    batch: str = ""


def list_queue(actor: Actor, session: Session, filters: QueueFilters) -> tuple[ProposalHead, ...]:
    """What waits for officers, the longest waiting first; one statement."""
    wanted: list[ColumnElement[bool]] = [READ_PROPOSAL.filter(actor)]
    wanted.append(Proposal.state.in_(filters.states or sorted(WAITING)))
    if filters.state_code:
        wanted.append(Proposal.state_code == filters.state_code)
    if filters.field_class:
        wanted.append(Proposal.field_class == int(filters.field_class))
    if filters.assignee_id is not None:
        wanted.append(Proposal.assignee_id == filters.assignee_id)
    if filters.batch:
        wanted.append(Proposal.batch == filters.batch)
    order = (Proposal.emergency.desc(), Proposal.submitted_at, Proposal.id)
    statement = select(Proposal).where(*wanted).order_by(*order).limit(MOST)
    return tuple(head_of(one) for one in session.scalars(statement))


def list_own(actor: Actor, session: Session) -> tuple[ProposalHead, ...]:
    """The proposals of the actor's own State, the latest first; one statement."""
    statement = (
        select(Proposal)
        .where(READ_PROPOSAL.filter(actor), Proposal.state_code == actor.state)
        .order_by(Proposal.updated_at.desc(), Proposal.id)
        .limit(MOST)
    )
    return tuple(head_of(one) for one in session.scalars(statement))
