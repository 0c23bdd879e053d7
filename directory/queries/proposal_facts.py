"""What guards and differences look at, read for one proposal; used by reads and by acts."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from directory.domain.diff import Difference, diff, merge
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import By, ProposalKind, needs
from directory.domain.record import Record, from_dict
from directory.domain.verification import Call, Case, Person
from directory.domain.vocabulary import Role
from directory.errors import NotFound, StaleRevision
from directory.models.notice import Notice
from directory.models.proposal import CallBack, ObjectionLink, Proposal
from directory.policy import Actor, is_own_state
from directory.queries.call_backs import CallBackLines, call_back_lines, lines_of_others
from directory.queries.current import CurrentEntry, read_revisions

#: Kinds that leave the record as it is.
UNCHANGED = frozenset(
    {ProposalKind.CONFIRM, ProposalKind.SUSPEND, ProposalKind.RETIRE, ProposalKind.RESTORE}
)


def told_by_link() -> ColumnElement[bool]:
    """Is it the notice that brought the objection link to its recipient?"""
    # Narrowed by its recipient, for which notices have an index.
    theirs = or_(
        Notice.account_id == ObjectionLink.account_id, Notice.address == ObjectionLink.address
    )
    return and_(theirs, Notice.params["objection_link"].as_string() == ObjectionLink.id)


def person_on(actor: Actor, proposal: Proposal) -> Person:
    """As what the actor may act on the proposal."""
    by = set()
    if is_own_state(actor, proposal.state_code):
        by.add(By.FOCAL_POINT)
    if Role.VERIFIER in actor.roles:
        by.add(By.VERIFIER)
    return Person(account_id=actor.account_id, state=actor.state, by=frozenset(by))


def case_facts(session: Session, proposal: Proposal) -> Case:
    """The proposal as guards look at it, with the calls made for it where they matter."""
    needed = needs(proposal.kind, FieldClass(proposal.field_class))
    return Case(
        state=proposal.state,
        state_code=proposal.state_code,
        needed=needed,
        proposer_id=proposal.proposer_id,
        assignee_id=proposal.assignee_id,
        verified_by=proposal.verified_by,
        approved_by=proposal.approved_by,
        submitted_at=proposal.submitted_at,
        hold_until=proposal.hold_until,
        calls=read_calls(session, proposal) if needed.call_back else (),
    )


def read_calls(session: Session, proposal: Proposal) -> tuple[Call, ...]:
    """The call-backs made for the proposal, in their order."""
    statement = select(CallBack).where(CallBack.proposal_id == proposal.id).order_by(CallBack.id)
    return tuple(
        Call(
            at=one.at,
            by=one.by,
            result=one.result,
            channel=(one.channel_kind.value if one.channel_kind else "", one.channel_value),
            binds=bool(one.denied),
        )
        for one in session.scalars(statement)
    )


def proposed_of(proposal: Proposal) -> Record:
    """The record as it was proposed."""
    return from_dict(proposal.entry_kind, proposal.record)


def merged_record(session: Session, proposal: Proposal, current: CurrentEntry | None) -> Record:
    """The record that the proposal makes of the current one.

    Raises ``StaleRevision`` with the fields that both changed, ``NotFound`` when the entry is gone.
    """
    record = proposed_of(proposal)
    if current is None:
        if proposal.kind is not ProposalKind.CREATE:
            raise NotFound("entry", proposal.entry_id)
        return record
    if proposal.kind is ProposalKind.CREATE:
        raise StaleRevision(current.id, 0, current.revision)
    if proposal.base_revision == current.revision:
        return current.record if proposal.kind in UNCHANGED else record
    if proposal.kind is ProposalKind.CONFIRM:
        # Nobody says 'still correct' of what they have not seen.
        raise StaleRevision(current.id, proposal.base_revision, current.revision)
    if proposal.kind in UNCHANGED:
        return current.record
    key = (current.id, proposal.base_revision)
    base = read_revisions(session, current.kind, [key]).get(key)
    if base is None:
        raise StaleRevision(current.id, proposal.base_revision, current.revision)
    merged = merge(base, record, current.record)
    if merged.record is None:
        raise StaleRevision(current.id, proposal.base_revision, current.revision, merged.clashes)
    return merged.record


def differences_of(
    proposal: Proposal, current: CurrentEntry | None, record: Record
) -> tuple[Difference, ...]:
    """What the proposal changes of the entry as it stands."""
    if proposal.kind in UNCHANGED:
        return ()
    return diff(current.record if current else None, record)


def lines_for(
    session: Session,
    proposal: Proposal,
    current: CurrentEntry | None,
    record: Record,
    at: dt.datetime,
) -> CallBackLines:
    """The channels to call for the proposal, of the entry named when it was submitted."""
    entry_id, proposer = proposal.call_back_entry_id, proposal.proposer_id
    if not entry_id:
        return CallBackLines()
    if entry_id != proposal.entry_id:
        return lines_of_others(session, [entry_id], proposer, at.date())
    found = call_back_lines(
        session, entry_id, proposal.state_code, current, record, proposer, at.date()
    )
    return found if found.entry_id == entry_id else CallBackLines()
