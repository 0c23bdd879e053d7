"""What the secretariat's officers do with a proposal, until it is approved or refused."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from directory.db.unit_of_work import UnitOfWork
from directory.domain.call_backs import Told, call_problems, denied_things
from directory.domain.channel_values import stored_value
from directory.domain.diff import Difference, highest_class
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import (
    Action,
    CallBackResult,
    ProposalState,
    after_approve,
    after_verify,
    class_of,
    is_simple,
)
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems, text_problems
from directory.domain.record import Channel, Record
from directory.domain.verification import REJECTION_CODES, Case
from directory.domain.vocabulary import ChannelKind
from directory.errors import InvalidState, Problem
from directory.models.proposal import CallBack, Proposal
from directory.policy import Actor
from directory.queries.current import CurrentEntry
from directory.queries.proposal_facts import differences_of, lines_for
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.cases import (
    REVIEW,
    adopt,
    check,
    content_facts,
    finish,
    load,
    move,
    rebase,
    refuse,
)
from directory.services.decisions import publish_proposal, told_of
from directory.services.notices import Notice, queue
from directory.services.proposals import LONGEST_TEXT
from directory.services.publishing import set_reviewed
from directory.services.recipients import notices_of_hold, notices_to_officers
from directory.services.submission import refuse_unfit, submission_problems
from directory.services.workflow import Workflow

#: Most proposals verified in one act.
MOST_AT_ONCE = 100
OUTGROWN = N_("Beside what was published meanwhile this changes more than it did; submit it anew.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackForm:
    """What an officer writes down of a call; no channel where a diplomatic note stood in."""

    result: CallBackResult
    channel_kind: ChannelKind | None = None
    channel_value: str = ""
    #: Function of the person reached, never the name.
    function: str = ""
    #: A question about a fact that is not in the proposal; was it answered rightly?
    question: str = ""
    answered: bool = False
    note: str = ""


def take(uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime) -> int:
    """Take a proposal for review, also from another officer; gives its new version."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    check(uow, actor, Action.TAKE, proposal, version, at)
    proposal.assignee_id = actor.account_id
    return finish(uow, actor, proposal, Action.TAKE, ProposalState.IN_REVIEW, at)


def release(uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime) -> int:
    """Give a proposal back to the queue."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    check(uow, actor, Action.RELEASE, proposal, version, at)
    proposal.assignee_id = None
    return finish(uow, actor, proposal, Action.RELEASE, ProposalState.SUBMITTED, at)


def record_call_back(
    uow: UnitOfWork,
    actor: Actor,
    proposal_id: str,
    version: int,
    at: dt.datetime,
    form: CallBackForm,
) -> int:
    """Write a call down. Raises ``Invalid`` for a number the directory did not name."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    case = check(uow, actor, Action.CALL_BACK, proposal, version, at)
    told = _told(form, proposal.state_code)
    current, record = rebase(uow, proposal)
    differences = differences_of(proposal, current, record)
    candidates = lines_for(uow.session, proposal, current, record, at).channels
    refuse(_call_problems(case, told, candidates, differences))
    is_denied = form.result is CallBackResult.DENIED
    row = CallBack(
        proposal_id=proposal.id,
        at=at,
        by=actor.account_id,
        by_name=actor.name,
        channel_kind=form.channel_kind if told.channel[0] else None,
        channel_value=told.channel[1],
        function=form.function.strip(),
        question=form.question.strip(),
        answered=form.answered,
        result=form.result,
        note=form.note.strip(),
        denied=denied_things(proposal.kind, differences) if is_denied else [],
    )
    uow.session.add(row)
    if is_denied:
        # The office knows nothing of it, so readers are not shown it any longer.
        proposal.emergency, proposal.reported_channels = False, []
    facts = {"result": form.result.value, "channel": list(told.channel)}
    return finish(uow, actor, proposal, Action.CALL_BACK, proposal.state, at, "", **facts)


def _told(form: CallBackForm, region: str) -> Told:
    channel = ("", "")
    if form.result is not CallBackResult.NOTE_VERBALE and form.channel_kind is not None:
        value, _ = stored_value(form.channel_kind, form.channel_value, region)
        channel = (form.channel_kind.value, value)
    return Told(
        channel=channel,
        function=form.function,
        question=form.question,
        answered=form.answered,
        result=form.result,
        note=form.note,
    )


def _call_problems(
    case: Case, told: Told, candidates: Sequence[Channel], differences: Sequence[Difference]
) -> list[Problem]:
    texts = {"function": told.function, "question": told.question, "note": told.note}
    problems = [
        one
        for path, text in texts.items()
        for one in text_problems(path, text, LONGEST_TEXT, lines=True)
    ]
    return problems + call_problems(told, candidates, case.counting_calls, differences)


def request_changes(
    uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime, text: str
) -> int:
    """Hand the proposal back to be mended; what was verified counts no more."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    check(uow, actor, Action.REQUEST_CHANGES, proposal, version, at)
    refuse(required_problems("text", text, LONGEST_TEXT))
    proposal.assignee_id = None
    proposal.verified_by = proposal.verified_at = None
    proposal.decision_text = text.strip()
    to = ProposalState.CHANGES_REQUESTED
    new_version = finish(uow, actor, proposal, Action.REQUEST_CHANGES, to, at, text.strip())
    queue(uow, [notice_to_proposer("changes_requested", proposal)], at)
    return new_version


def verify(uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime) -> int:
    """The first officer's yes; publishes what needs only one.

    Raises ``StaleRevision`` or ``Invalid`` when the entry has moved on so that it does not fit.
    """
    proposal = load(uow, actor, REVIEW, proposal_id)
    case = check(uow, actor, Action.VERIFY, proposal, version, at)
    current, record = settle(uow, proposal)
    proposal.verified_by, proposal.verified_at = actor.account_id, at
    to = after_verify(case.needed)
    if to is ProposalState.PUBLISHED:
        return publish_proposal(uow, proposal, Action.VERIFY, current, record, doer_of(actor), at)
    facts = content_facts(proposal)
    new_version = finish(uow, actor, proposal, Action.VERIFY, to, at, **facts)
    told = notices_to_officers(uow.session, "verified", proposal, at.date(), actor.account_id)
    queue(uow, told, at)
    return new_version


def verify_many(
    uow: UnitOfWork,
    actor: Actor,
    wanted: Sequence[tuple[str, int]],
    at: dt.datetime,
) -> list[int]:
    """Take and verify several descriptive changes, all or none; gives their new versions."""
    if len(wanted) > MOST_AT_ONCE:
        message = N_("Verify at most %(most)s at once.")
        refuse([Problem("proposals", message, {"most": MOST_AT_ONCE})])
    return [_verify_simple(uow, actor, proposal_id, version, at) for proposal_id, version in wanted]


def _verify_simple(
    uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime
) -> int:
    proposal = load(uow, actor, REVIEW, proposal_id)
    if not is_simple(proposal.kind, FieldClass(proposal.field_class)):
        message = N_("%(proposal)s is no descriptive change; look at it by itself.")
        raise InvalidState(reasons=[Problem("", message, {"proposal": proposal_id})])
    seen = version
    if proposal.state is ProposalState.SUBMITTED:
        seen = take(uow, actor, proposal_id, version, at)
    return verify(uow, actor, proposal_id, seen, at)


def settle(uow: UnitOfWork, proposal: Proposal) -> tuple[CurrentEntry | None, Record]:
    """Merge with what was published meanwhile, and look at every rule again."""
    current, record = rebase(uow, proposal)
    refuse_unfit(proposal, current)
    differences = differences_of(proposal, current, record)
    refuse(submission_problems(uow, proposal, current, record, differences))
    if class_of(proposal.kind, highest_class(differences)) > proposal.field_class:
        # What it changes needs more than what was asked for when it was submitted.
        raise InvalidState(reasons=[Problem("", OUTGROWN)])
    adopt(proposal, current, record)
    return current, record


def approve(
    uow: UnitOfWork,
    actor: Actor,
    proposal_id: str,
    version: int,
    at: dt.datetime,
    workflow: Workflow,
) -> int:
    """The second officer's yes: the hold begins, and everybody who could object is told."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    case = check(uow, actor, Action.APPROVE, proposal, version, at)
    current, record = settle(uow, proposal)
    proposal.approved_by, proposal.approved_at = actor.account_id, at
    to = after_approve(case.needed)
    if to is ProposalState.PUBLISHED:
        return publish_proposal(uow, proposal, Action.APPROVE, current, record, doer_of(actor), at)
    return begin_hold(uow, actor, proposal, Action.APPROVE, current, at, workflow)


def begin_hold(
    uow: UnitOfWork,
    actor: Actor,
    proposal: Proposal,
    action: Action,
    current: CurrentEntry | None,
    at: dt.datetime,
    workflow: Workflow,
    reason: str = "",
) -> int:
    """Wait for objections from now on; gives the new version."""
    proposal.hold_until = at + workflow.hold
    facts = content_facts(proposal) | {"hold_until": proposal.hold_until.isoformat()}
    event = move(
        proposal, action, ProposalState.ON_HOLD, doer_of(actor), at, reason=reason, **facts
    )
    change_log.record(uow, event)
    queue(uow, notices_of_hold(uow, proposal, current, at), at)
    return proposal.version


def reject(
    uow: UnitOfWork,
    actor: Actor,
    proposal_id: str,
    version: int,
    at: dt.datetime,
    code: str,
    text: str,
) -> int:
    """Refuse the proposal for good, with a code of ``REJECTION_CODES`` and a text."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    check(uow, actor, Action.REJECT, proposal, version, at)
    problems = required_problems("text", text, LONGEST_TEXT)
    if code not in REJECTION_CODES:
        problems.append(Problem("code", N_("Choose one of the reasons.")))
    refuse(problems)
    proposal.decision_code, proposal.decision_text = code, text.strip()
    to = ProposalState.REJECTED
    new_version = finish(uow, actor, proposal, Action.REJECT, to, at, text.strip(), code=code)
    queue(uow, [notice_to_proposer("rejected", proposal)], at)
    return new_version


def acknowledge(
    uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime
) -> int:
    """An officer has looked at what was published at once; its mark goes."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    check(uow, actor, Action.ACKNOWLEDGE, proposal, version, at)
    if proposal.verified_by is not None:
        raise InvalidState(reasons=[Problem("", N_("An officer has reviewed this already."))])
    proposal.verified_by, proposal.verified_at = actor.account_id, at
    if proposal.published_revision is not None:
        set_reviewed(uow, proposal.entry_id, proposal.published_revision)
    return finish(uow, actor, proposal, Action.ACKNOWLEDGE, ProposalState.PUBLISHED, at)


def notice_to_proposer(kind: str, proposal: Proposal, **more: str) -> Notice:
    """Tell whoever proposed it."""
    return Notice(
        kind=kind,
        key=f"{kind}:{proposal.id}:{proposal.version}:{proposal.proposer_id}",
        account_id=proposal.proposer_id,
        params=told_of(proposal, **more),
    )
