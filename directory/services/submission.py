"""Submitting a proposal: merged, looked at by every rule, classed, and handed on."""

import datetime as dt

from sqlalchemy import Select, and_, or_, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.call_backs import (
    changes_channels,
    denied_things,
    key_of,
    protection_problems,
    record_channels,
)
from directory.domain.contact_texts import unchecked_problems
from directory.domain.diff import Difference, highest_class, may_be_shown_at_once
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import (
    OPEN,
    Action,
    CallBackResult,
    ProposalKind,
    ProposalState,
    Verification,
    after_submit,
    class_of,
    needs,
)
from directory.domain.marks import N_
from directory.domain.record import Plain, Record, part_to_dict
from directory.domain.record_rules import new_problems
from directory.domain.vocabulary import Audience, EntryStatus
from directory.errors import InvalidState, Problem
from directory.models.proposal import CallBack, Proposal
from directory.policy import Actor, require_fresh
from directory.queries.call_backs import call_back_lines
from directory.queries.current import CurrentEntry, read_entry
from directory.queries.proposal_facts import UNCHANGED, differences_of
from directory.queries.reference import read_book
from directory.services.acting import doer_of
from directory.services.cases import adopt, content_facts, finish, forget_review, rebase, refuse
from directory.services.confirmations import REPORTED
from directory.services.decisions import publish_proposal
from directory.services.notices import queue
from directory.services.recipients import notices_of, notices_to_officers
from directory.services.workflow import Workflow

#: States in which a proposal holds on to the channels it relies on.
RELYING = tuple(sorted(OPEN - {ProposalState.DRAFT}))

DENIED = N_(
    "The office denied this when it was called back. Change everything that it denied, or withdraw "
    "this and propose what is right anew."
)

#: Kind -> the states of an entry in which it can be asked for.
FITTING = {
    ProposalKind.AMEND: frozenset({EntryStatus.PUBLISHED, EntryStatus.SUSPENDED}),
    ProposalKind.CONFIRM: frozenset({EntryStatus.PUBLISHED}),
    ProposalKind.SUSPEND: frozenset({EntryStatus.PUBLISHED}),
    ProposalKind.RETIRE: frozenset({EntryStatus.PUBLISHED, EntryStatus.SUSPENDED}),
    ProposalKind.RESTORE: frozenset({EntryStatus.SUSPENDED, EntryStatus.RETIRED}),
}


def submit_loaded(
    uow: UnitOfWork, actor: Actor, proposal: Proposal, at: dt.datetime, workflow: Workflow
) -> int:
    """Submit a proposal whose act was checked; gives its new version.

    A suspension works at once and takes an office out of every answer, so a stolen session or token
    alone cannot do it.
    """
    if proposal.kind is ProposalKind.SUSPEND:
        require_fresh(actor)
    current, record = rebase(uow, proposal)
    refuse_unfit(proposal, current)
    differences = differences_of(proposal, current, record)
    refuse(submission_problems(uow, proposal, current, record, differences))
    _refuse_denied(uow, proposal, differences)
    adopt(proposal, current, record)
    _classify(proposal, current, record, differences)
    needed = needs(
        proposal.kind,
        FieldClass(proposal.field_class),
        descriptive_at_once=workflow.descriptive_at_once and may_be_shown_at_once(differences),
    )
    if not needed.officers:
        refuse(unchecked_problems("reason", proposal.reason))
    if needed.call_back:
        _rely_on_channels(uow, proposal, current, record, at)
    forget_review(proposal, at)
    proposal.decision_code = ""
    to = after_submit(needed)
    if to is ProposalState.PUBLISHED:
        return _publish_at_once(uow, actor, proposal, current, record, needed, at)
    facts = content_facts(proposal)
    version = finish(uow, actor, proposal, Action.SUBMIT, to, at, proposal.reason, **facts)
    told = notices_to_officers(uow.session, "submitted", proposal, at.date(), actor.account_id)
    if proposal.reported_channels and current is not None:
        # Readers see these from now on, so whoever would know better hears of it now.
        told += notices_of(uow, "lines_reported", proposal, current, at)
    queue(uow, told, at)
    return version


def _refuse_denied(
    uow: UnitOfWork, proposal: Proposal, differences: tuple[Difference, ...]
) -> None:
    """Raise ``Invalid`` while something is proposed that the office denied when it was called.

    Else one officer's denial would be gone with the next submission. Where all of it was changed,
    the denials are of the past.
    """
    denials = uow.session.scalars(
        select(CallBack).where(
            CallBack.proposal_id == proposal.id, CallBack.result == CallBackResult.DENIED
        )
    ).all()
    things = set(denied_things(proposal.kind, differences))
    refuse([Problem("", DENIED) for one in denials if things & set(one.denied)][:1])
    for one in denials:
        one.denied = []


def refuse_unfit(proposal: Proposal, current: CurrentEntry | None) -> None:
    """Raise ``InvalidState`` when the entry is in no state for this."""
    if current is None:
        return
    if proposal.kind is ProposalKind.CONFIRM and current.open_reports:
        raise InvalidState(reasons=[Problem("", REPORTED, {"entry": current.id})])
    if current.status in FITTING[proposal.kind]:
        return
    message = N_("The entry is %(status)s, so this cannot be done with it.")
    raise InvalidState(reasons=[Problem("", message, {"status": current.status.value})])


def submission_problems(
    uow: UnitOfWork,
    proposal: Proposal,
    current: CurrentEntry | None,
    record: Record,
    differences: tuple[Difference, ...],
) -> list[Problem]:
    """Every rule the proposal breaks."""
    problems = []
    if not proposal.reason:
        problems.append(Problem("reason", N_("Say why, in a sentence.")))
    if proposal.kind is ProposalKind.SUSPEND:
        problems += _alternative_problems(uow, proposal)
    if proposal.kind in UNCHANGED:
        return problems
    before = current.record if current else None
    if not differences:
        problems.append(Problem("", N_("Nothing is different from what is published.")))
    book = read_book(uow.session)
    problems += new_problems(before, record, proposal.state_code, book)
    problems += protection_problems(before, record, differences)
    return problems


def _alternative_problems(uow: UnitOfWork, proposal: Proposal) -> list[Problem]:
    """The alternative is an entry that was verified before; so nobody is led anywhere new."""
    if not proposal.alternative_id:
        return []
    other = read_entry(uow.session, proposal.alternative_id)
    fits = (
        other is not None
        and other.id != proposal.entry_id
        and other.state == proposal.state_code
        and other.status is EntryStatus.PUBLISHED
        and _can_be_reached(other.record)
    )
    message = N_("Choose a published entry of your State that can be used instead.")
    return [] if fits else [Problem("alternative_id", message)]


def _can_be_reached(record: Record) -> bool:
    open_to_all = Audience.ALL_READERS
    return any(one.audience is open_to_all for one in record_channels(record))


def _classify(
    proposal: Proposal,
    current: CurrentEntry | None,
    record: Record,
    differences: tuple[Difference, ...],
) -> None:
    before = current.record if current else None
    proposal.field_class = class_of(proposal.kind, highest_class(differences))
    proposal.changes_channels = bool(current) and changes_channels(before, record)
    proposal.reported_channels = _reported(before, record) if proposal.emergency else []


def _reported(before: Record | None, record: Record) -> list[Plain]:
    """The channels that are new: what an emergency shows beside the old."""
    old = {key_of(one) for one in record_channels(before)}
    return [part_to_dict(one) for one in record_channels(record) if key_of(one) not in old]


def _rely_on_channels(
    uow: UnitOfWork,
    proposal: Proposal,
    current: CurrentEntry | None,
    record: Record,
    at: dt.datetime,
) -> None:
    """Name the entry whose channels protect the proposal; refuse what would change them."""
    lines = call_back_lines(
        uow.session,
        proposal.entry_id,
        proposal.state_code,
        current,
        record,
        proposal.proposer_id,
        at.date(),
    )
    proposal.call_back_entry_id = lines.entry_id
    found = uow.session.execute(_in_the_way(proposal)).first()
    if found is not None:
        message = N_(
            "Proposal %(proposal)s is open, and one of the two changes the channels that protect "
            "the other; wait until it is decided, or withdraw it."
        )
        raise InvalidState(reasons=[Problem("", message, {"proposal": found.id})])


def _in_the_way(proposal: Proposal) -> Select[str]:
    """Open proposals of which either changes the channels the other relies on (rule 8)."""
    relied_on = [proposal.entry_id, proposal.call_back_entry_id or proposal.entry_id]
    changes_ours = and_(Proposal.changes_channels, Proposal.entry_id.in_(relied_on))
    conflict = changes_ours
    if proposal.changes_channels:
        relies_on_this = or_(
            Proposal.entry_id == proposal.entry_id,
            Proposal.call_back_entry_id == proposal.entry_id,
        )
        critical = Proposal.field_class == FieldClass.ROUTING_CRITICAL
        conflict = or_(changes_ours, and_(critical, relies_on_this))
    return (
        select(Proposal.id)
        .where(Proposal.id != proposal.id, Proposal.state.in_(RELYING), conflict)
        .order_by(Proposal.id)
        .limit(1)
    )


def _publish_at_once(
    uow: UnitOfWork,
    actor: Actor,
    proposal: Proposal,
    current: CurrentEntry | None,
    record: Record,
    needed: Verification,
    at: dt.datetime,
) -> int:
    """A suspension, a confirmation, or a descriptive change where the setting says so."""
    doer = doer_of(actor)
    unreviewed = proposal.kind is ProposalKind.AMEND
    version = publish_proposal(
        uow, proposal, Action.SUBMIT, current, record, doer, at, unreviewed=unreviewed
    )
    if needed.notice and current is not None:
        told = notices_of(uow, "suspended", proposal, current, at)
        # Nobody else looks at it before readers do, so the secretariat hears of it at once.
        told += notices_to_officers(uow.session, "suspended", proposal, at.date(), actor.account_id)
        queue(uow, told, at)
    return version
