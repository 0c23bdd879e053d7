"""The secretariat's queue: what waits, how long, for whom, and what looks odd about it.

Risks of all rows are read together (``proposal_risks``), as those of one are for its page.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.diff import diff
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import OFFICERS_TURN, WAITING, ProposalState, is_simple
from directory.domain.record import Record, display_name, from_dict
from directory.domain.risks import Risk, risks
from directory.models.account import Account
from directory.models.proposal import Proposal
from directory.policy import READ_PROPOSAL, Actor, require
from directory.queries.current import CurrentEntry, read_entries
from directory.queries.proposal_facts import UNCHANGED
from directory.queries.proposal_lists import ProposalHead, QueueFilters, list_queue
from directory.queries.proposal_risks import Subject, surroundings


@dataclass(frozen=True, slots=True)
class Targets:
    """Hours within which officers mean to decide, by class; less where it is an emergency."""

    by_class: Mapping[FieldClass, int]
    emergency: int

    def hours(self, head: ProposalHead) -> int:
        """The target of one proposal."""
        of_class = self.by_class[head.field_class]
        return min(of_class, self.emergency) if head.emergency else of_class

    def due_at(self, head: ProposalHead) -> dt.datetime | None:
        """When it should be decided; None while no officer is awaited."""
        if head.state not in OFFICERS_TURN or head.submitted_at is None:
            return None
        return head.submitted_at + dt.timedelta(hours=self.hours(head))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One proposal of the queue. ``name`` is '' for requirements, which bear none."""

    head: ProposalHead
    name: str
    #: Since it was submitted.
    age: dt.timedelta
    #: When it should be decided; None while no officer is awaited.
    due_at: dt.datetime | None
    is_overdue: bool
    risks: tuple[Risk, ...]
    assignee: str
    #: May it be verified together with others by this actor?
    in_bulk: bool


def review_queue(
    actor: Actor, session: Session, targets: Targets, language: str, at: dt.datetime
) -> tuple[QueueRow, ...]:
    """What waits, the most pressing first; eight statements.

    The ``MOST`` that wait longest: the page says where more do.
    """
    require(actor, "reviews:read")
    heads = list_queue(actor, session, QueueFilters())
    records = _records(actor, session)
    current = read_entries(session, [head.entry_id for head in heads])
    found = _risks(session, heads, records, current, at)
    names = _names(session, heads)
    rows = [
        QueueRow(
            head=head,
            name=_name(records.get(head.id), current.get(head.entry_id), language),
            age=at - (head.submitted_at or head.created_at),
            due_at=(due := targets.due_at(head)),
            is_overdue=due is not None and due <= at,
            risks=found[head.id],
            assignee=names.get(head.assignee_id or 0, ""),
            in_bulk=_in_bulk(actor, head),
        )
        for head in heads
    ]
    return tuple(sorted(rows, key=_pressing))


def _pressing(row: QueueRow) -> tuple[bool, bool, dt.datetime, str]:
    """Emergencies first, then by the time left; what waits for nobody last."""
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return not row.head.emergency, row.due_at is None, row.due_at or latest, row.head.id


def _records(actor: Actor, session: Session) -> dict[str, Record]:
    statement = select(Proposal.id, Proposal.entry_kind, Proposal.record).where(
        READ_PROPOSAL.filter(actor), Proposal.state.in_(sorted(WAITING))
    )
    return {row.id: from_dict(row.entry_kind, row.record) for row in session.execute(statement)}


def _in_bulk(actor: Actor, head: ProposalHead) -> bool:
    """Simple, and free for this officer, who did not propose it."""
    is_free = head.state is ProposalState.SUBMITTED or (
        head.state is ProposalState.IN_REVIEW and head.assignee_id == actor.account_id
    )
    return (
        is_simple(head.kind, head.field_class) and is_free and head.proposer_id != actor.account_id
    )


def _name(record: Record | None, current: CurrentEntry | None, language: str) -> str:
    shown = current.record if current else record
    return display_name(shown, language) if shown else ""


def _names(session: Session, heads: Sequence[ProposalHead]) -> dict[int, str]:
    ids = sorted({head.assignee_id for head in heads if head.assignee_id})
    statement = select(Account.id, Account.email).where(Account.id.in_(ids))
    return {row.id: row.email for row in session.execute(statement)}


def _risks(
    session: Session,
    heads: Sequence[ProposalHead],
    records: Mapping[str, Record],
    current: Mapping[str, CurrentEntry],
    at: dt.datetime,
) -> dict[str, tuple[Risk, ...]]:
    subjects = [Subject(head, records[head.id]) for head in heads if head.id in records]
    around = surroundings(session, subjects, at)
    found: dict[str, tuple[Risk, ...]] = {}
    for head in heads:
        record = records.get(head.id)
        if record is None:
            found[head.id] = ()
            continue
        entry = current.get(head.entry_id)
        unchanged = head.kind in UNCHANGED
        differences = () if unchanged else diff(entry.record if entry else None, record)
        found[head.id] = risks(record, differences, around[head.id], at)
    return found
