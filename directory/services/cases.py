"""Loading a proposal for an act, checking the act, moving the proposal on: what all acts share."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.diff import merge
from directory.domain.events import Doer, Event, digest
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import (
    OPEN,
    Action,
    By,
    ProposalKind,
    ProposalState,
    Verification,
    needs,
)
from directory.domain.marks import N_
from directory.domain.personal import split
from directory.domain.record import Record, from_dict, to_dict
from directory.domain.verification import Call, Case, Person, Refusal, refusals
from directory.domain.vocabulary import Role
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem, StaleRevision
from directory.models import proposal as tables
from directory.models.proposal import Proposal
from directory.policy import READ_PROPOSAL, Actor, is_own_state, require
from directory.queries.current import CurrentEntry, read_entry, read_revisions
from directory.services import change_log
from directory.services.acting import doer_of

#: What the current record is taken for, since nothing of it is proposed to change.
UNCHANGED = frozenset(
    {ProposalKind.CONFIRM, ProposalKind.SUSPEND, ProposalKind.RETIRE, ProposalKind.RESTORE}
)
PROPOSE, REVIEW = "proposals:propose", "proposals:review"


def load(uow: UnitOfWork, actor: Actor, permission: str, proposal_id: str) -> Proposal:
    """The proposal, held until the transaction ends; raises ``Denied``, ``NotFound``."""
    require(actor, permission)
    proposal = hold(uow, proposal_id)
    if proposal is None or not READ_PROPOSAL.allows(actor, proposal):
        raise NotFound("proposal", proposal_id)
    return proposal


def hold(uow: UnitOfWork, proposal_id: str) -> Proposal | None:
    """The proposal whoever asks, held until the transaction ends."""
    # The log's lock before all others, always in this order, so that none waits in a circle.
    change_log.lock(uow.session)
    if not proposal_id.isprintable():
        return None
    return uow.session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)


def needed_for(proposal: Proposal) -> Verification:
    """What must happen before the proposal is published."""
    return needs(proposal.kind, FieldClass(proposal.field_class))


def person_of(actor: Actor, proposal: Proposal) -> Person:
    """As what the actor may act on the proposal."""
    by = set()
    if is_own_state(actor, proposal.state_code):
        by.add(By.FOCAL_POINT)
    if Role.VERIFIER in actor.roles:
        by.add(By.VERIFIER)
    return Person(account_id=actor.account_id, state=actor.state, by=frozenset(by))


def read_calls(session: Session, proposal: Proposal) -> tuple[Call, ...]:
    """The call-backs made for the proposal, in their order."""
    table = tables.CallBack
    statement = select(table).where(table.proposal_id == proposal.id).order_by(table.id)
    return tuple(
        Call(
            at=one.at,
            by=one.by,
            result=one.result,
            channel=(one.channel_kind.value if one.channel_kind else "", one.channel_value),
        )
        for one in session.scalars(statement)
    )


def case_of(proposal: Proposal, needed: Verification, calls: Iterable[Call] = ()) -> Case:
    """The proposal as guards look at it."""
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
        calls=tuple(calls),
    )


def check(
    uow: UnitOfWork,
    actor: Actor,
    action: Action,
    proposal: Proposal,
    version: int | None,
    at: dt.datetime,
) -> Case:
    """Raise unless the actor may do this to this version of the proposal now."""
    if version is not None and proposal.version != version:
        raise overtaken(proposal)
    needed = needed_for(proposal)
    calls = read_calls(uow.session, proposal) if needed.call_back else ()
    case = case_of(proposal, needed, calls)
    raise_refusals(action, refusals(action, case, person_of(actor, proposal), at))
    return case


def overtaken(proposal: Proposal) -> InvalidState:
    """That somebody else acted since the caller looked, and what is so now."""
    message = N_("Somebody acted on this proposal while you looked at it: it is now %(state)s.")
    reason = Problem("", message, {"state": proposal.state.value, "version": proposal.version})
    return InvalidState(reasons=[reason], overtaken=True)


def raise_refusals(action: Action, found: tuple[Refusal, ...]) -> None:
    """Raise ``Denied`` where a refusal is for who the person is, else ``InvalidState``."""
    if not found:
        return
    reasons = [one.problem for one in found]
    if any(one.denied for one in found):
        raise Denied(f"proposals:{action.value}", reasons)
    raise InvalidState(reasons=reasons)


def proposed_record(proposal: Proposal) -> Record:
    """The record as it was proposed."""
    return from_dict(proposal.entry_kind, proposal.record)


def rebase(uow: UnitOfWork, proposal: Proposal) -> tuple[CurrentEntry | None, Record]:
    """The entry as it stands, and the record that the proposal makes of it now.

    Raises ``StaleRevision`` with the fields that both changed, ``InvalidState`` when the entry is
    there already, gone, or in no state for this.
    """
    current = read_entry(uow.session, proposal.entry_id)
    return current, rebased_record(uow.session, proposal, current)


def rebased_record(session: Session, proposal: Proposal, current: CurrentEntry | None) -> Record:
    """The record that the proposal makes of the current one; raises as ``rebase`` does."""
    record = proposed_record(proposal)
    if current is None:
        if proposal.kind is not ProposalKind.CREATE:
            raise NotFound("entry", proposal.entry_id)
        return record
    if proposal.kind is ProposalKind.CREATE:
        raise StaleRevision(current.id, 0, current.revision)
    if proposal.kind in UNCHANGED:
        return current.record
    if proposal.base_revision == current.revision:
        return record
    key = (current.id, proposal.base_revision)
    base = read_revisions(session, current.kind, [key]).get(key)
    if base is None:
        raise StaleRevision(current.id, proposal.base_revision, current.revision)
    merged = merge(base, record, current.record)
    if merged.record is None:
        raise StaleRevision(current.id, proposal.base_revision, current.revision, merged.clashes)
    return merged.record


def adopt(proposal: Proposal, current: CurrentEntry | None, record: Record) -> None:
    """Keep the merged record, made against the current revision from now on."""
    plain = to_dict(record)
    if current is not None and proposal.base_revision != current.revision:
        proposal.base_revision = current.revision
    if plain != proposal.record:
        proposal.record = plain


def move(
    proposal: Proposal,
    action: Action,
    to: ProposalState,
    doer: Doer,
    at: dt.datetime,
    *,
    reason: str = "",
    evidence: tuple[str, ...] = (),
    **facts: Any,
) -> Event:
    """Put the proposal into its next state; gives the event that says so.

    ``facts`` are further things the log should hold.
    """
    before = {"state": proposal.state.value, "version": proposal.version}
    proposal.state = to
    proposal.version += 1
    proposal.updated_at = at
    if to not in OPEN:
        proposal.decided_at = at
    after = {"state": to.value, "version": proposal.version, **facts}
    return Event(
        at=at,
        doer=doer,
        action=f"proposal.{action.value}",
        subject_kind="proposal",
        subject_id=proposal.id,
        before=before,
        after=after,
        reason=reason,
        evidence=evidence,
    )


def content_facts(proposal: Proposal) -> dict[str, Any]:
    """What the log holds of what is proposed: a hash of the record without what is personal."""
    return {
        "kind": proposal.kind.value,
        "entry": proposal.entry_id,
        "base": proposal.base_revision,
        "class": proposal.field_class,
        "record": digest(split(proposal.entry_kind, proposal.record)[0]),
    }


def finish(
    uow: UnitOfWork,
    actor: Actor,
    proposal: Proposal,
    action: Action,
    to: ProposalState,
    at: dt.datetime,
    reason: str = "",
    **facts: Any,
) -> int:
    """Move the proposal on and record it; gives its new version."""
    event = move(proposal, action, to, doer_of(actor), at, reason=reason, **facts)
    change_log.record(uow, event)
    return proposal.version


def refuse(problems: list[Problem]) -> None:
    """Raise ``Invalid`` when there are problems."""
    if problems:
        raise Invalid(problems)
