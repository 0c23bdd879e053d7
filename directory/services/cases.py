"""Loading a proposal for an act, checking the act, moving the proposal on: what all acts share."""

import datetime as dt
from typing import Any

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event, digest
from directory.domain.lifecycle import (
    OPEN,
    Action,
    ProposalState,
)
from directory.domain.marks import N_
from directory.domain.personal import split
from directory.domain.record import Record, to_dict
from directory.domain.verification import Case, Refusal, refusals
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.proposal import Proposal
from directory.policy import READ_PROPOSAL, Actor, require
from directory.queries.current import CurrentEntry, read_entry
from directory.queries.proposal_facts import case_facts, merged_record, person_on
from directory.services import change_log
from directory.services.acting import doer_of

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
    case = case_facts(uow.session, proposal)
    raise_refusals(action, refusals(action, case, person_on(actor, proposal), at))
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


def rebase(uow: UnitOfWork, proposal: Proposal) -> tuple[CurrentEntry | None, Record]:
    """The entry as it stands, and the record that the proposal makes of it now.

    Raises ``StaleRevision`` with the fields that both changed, ``InvalidState`` when the entry is
    there already, gone, or in no state for this.
    """
    current = read_entry(uow.session, proposal.entry_id)
    return current, merged_record(uow.session, proposal, current)


def adopt(proposal: Proposal, current: CurrentEntry | None, record: Record) -> None:
    """Keep the merged record, made against the current revision from now on."""
    plain = to_dict(record)
    if current is not None and proposal.base_revision != current.revision:
        proposal.base_revision = current.revision
    if plain != proposal.record:
        proposal.record = plain


def forget_review(proposal: Proposal, at: dt.datetime) -> None:
    """Let calls and agreement count from now on only."""
    proposal.submitted_at = at
    proposal.assignee_id = None
    proposal.verified_by = proposal.verified_at = None
    proposal.approved_by = proposal.approved_at = None
    proposal.hold_until = None


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
