"""The hold: objections while it lasts, what settles them, publication when it is over."""

import datetime as dt
from typing import Any

from sqlalchemy import Label, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import SYSTEM_DOER, Doer, Event
from directory.domain.lifecycle import Action, ProposalState, transition
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems, text_problems
from directory.domain.verification import AN_OBJECTOR, THE_SYSTEM, Anew, refusals
from directory.errors import Invalid, InvalidState, NotFound, Problem, StaleRevision
from directory.models import notice as outbox
from directory.models.proposal import ObjectionLink, Proposal
from directory.policy import Actor
from directory.queries.proposal_facts import case_facts, told_by_link
from directory.services import change_log
from directory.services.cases import (
    PROPOSE,
    REVIEW,
    check,
    finish,
    hold,
    load,
    move,
    raise_refusals,
    refuse,
)
from directory.services.decisions import publish_proposal, told_of
from directory.services.lost_words import (
    SOMEBODY_CLOSED,
    end_with_account,
    officer_gone,
    proposer_left,
    review_anew,
    void_links,
)
from directory.services.notices import Notice, queue
from directory.services.objections import link_of
from directory.services.proposals import LONGEST_TEXT
from directory.services.reviews import begin_hold, notice_to_proposer, settle
from directory.services.workflow import Workflow

#: Most proposals published, or let expire, in one transaction.
AT_ONCE = 50
#: How long somebody must have known of a hold before it ends (half of it, where it is shorter), and
#: for how long it goes on while nobody does.
HEARD_FOR = dt.timedelta(days=1)
#: States that end when nobody touches the proposal.
FADING = tuple(state for state in ProposalState if transition(state, Action.EXPIRE))
#: A column of an act's moment, which may not have come yet.
Moment = InstrumentedAttribute[dt.datetime] | InstrumentedAttribute[dt.datetime | None]


def object_by_focal_point(
    uow: UnitOfWork, actor: Actor, proposal_id: str, version: int, at: dt.datetime, text: str
) -> int:
    """Freeze a held change of the own State; gives its new version."""
    proposal = load(uow, actor, PROPOSE, proposal_id)
    check(uow, actor, Action.OBJECT, proposal, version, at)
    refuse(required_problems("text", text, LONGEST_TEXT))
    proposal.decision_text = text.strip()
    to = ProposalState.FROZEN
    new_version = finish(uow, actor, proposal, Action.OBJECT, to, at, text.strip())
    queue(uow, _notices_of_objection(proposal, actor.account_id), at)
    return new_version


def object_by_link(
    uow: UnitOfWork, token: str, at: dt.datetime, text: str, workflow: Workflow
) -> str:
    """Freeze the held change that the link is for; gives the proposal's id.

    Raises ``NotFound`` for a link that was not made here, ``InvalidState`` for one that was used or
    is too old, or when nothing is on hold any more.
    """
    change_log.lock(uow.session)
    link = _open_link(uow, token, at, workflow)
    refuse(list(text_problems("text", text, LONGEST_TEXT, lines=True)))
    proposal = hold(uow, link.proposal_id)
    if proposal is None:
        raise NotFound("proposal", link.proposal_id)
    case = case_facts(uow.session, proposal)
    raise_refusals(Action.OBJECT, refusals(Action.OBJECT, case, AN_OBJECTOR, at))
    link.used_at = at
    proposal.decision_text = text.strip()
    doer = Doer(name="holder of an objection link", state=proposal.state_code)
    event = move(
        proposal,
        Action.OBJECT,
        ProposalState.FROZEN,
        doer,
        at,
        reason=text.strip(),
        to_account=link.account_id,
    )
    change_log.record(uow, event)
    queue(uow, _notices_of_objection(proposal, link.account_id), at)
    return proposal.id


def _open_link(uow: UnitOfWork, token: str, at: dt.datetime, workflow: Workflow) -> ObjectionLink:
    link_id = link_of(token, workflow.link_keys)
    link = uow.session.get(ObjectionLink, link_id, with_for_update=True) if link_id else None
    if link is None:
        raise NotFound("objection", "")
    reason = link_problem(link, at)
    if reason is not None:
        raise InvalidState(reasons=[reason])
    return link


def link_problem(link: ObjectionLink, at: dt.datetime) -> Problem | None:
    """Why the link opens nothing any more; None when it does."""
    if link.used_at is not None:
        return Problem("", N_("An objection was made with this link already."))
    if at >= link.expires_at:
        return Problem("", N_("The time for objections is over; write to the secretariat."))
    return None


def _notices_of_objection(proposal: Proposal, but: int | None) -> list[Notice]:
    """To the proposer and both officers, but not to whoever objected."""
    people = {proposal.proposer_id, proposal.verified_by, proposal.approved_by} - {None, but}
    return [
        Notice(
            kind="objection_made",
            key=f"objection_made:{proposal.id}:{proposal.version}:{account_id}",
            account_id=account_id,
            params=told_of(proposal),
        )
        for account_id in sorted(one for one in people if one is not None)
    ]


def dismiss_objection(
    uow: UnitOfWork,
    actor: Actor,
    proposal_id: str,
    version: int,
    at: dt.datetime,
    text: str,
    workflow: Workflow,
) -> int:
    """Find an objection unfounded: the hold begins anew, with new links to everybody."""
    proposal = load(uow, actor, REVIEW, proposal_id)
    check(uow, actor, Action.DISMISS_OBJECTION, proposal, version, at)
    refuse(required_problems("text", text, LONGEST_TEXT))
    current, _ = settle(uow, proposal)
    void_links(uow, proposal, at)
    action = Action.DISMISS_OBJECTION
    new_version = begin_hold(uow, actor, proposal, action, current, at, workflow, text.strip())
    until = proposal.hold_until.isoformat() if proposal.hold_until else ""
    dismissed = notice_to_proposer(
        "objection_dismissed", proposal, text=text.strip(), hold_until=until
    )
    queue(uow, [dismissed], at)
    return new_version


def publish_due(uow: UnitOfWork, at: dt.datetime) -> list[str]:
    """Publish what was held long enough, or end what does not fit any more; gives what was dealt
    with. Call it again until it gives nothing."""
    change_log.lock(uow.session)
    statement = (
        select(
            Proposal,
            _first(outbox.Notice.created_at),
            _first(outbox.Notice.sent_at),
            SOMEBODY_CLOSED.label("closed"),
            proposer_left(at.date()).label("left"),
            officer_gone(at.date()).label("gone"),
        )
        .where(Proposal.state == ProposalState.ON_HOLD, Proposal.hold_until <= at)
        .order_by(Proposal.hold_until, Proposal.id)
        .limit(AT_ONCE)
        .with_for_update(of=Proposal)
    )
    dealt = []
    for row in uow.session.execute(statement).all():
        # One that was published a moment ago may have superseded this one.
        if row.Proposal.state is not ProposalState.ON_HOLD:
            continue
        _deal_with(uow, row, at)
        dealt.append(row.Proposal.id)
    return dealt


def _deal_with(uow: UnitOfWork, row: Any, at: dt.datetime) -> None:
    """``row``: the proposal, when its notice was made and sent, and who behind it is gone."""
    proposal = row.Proposal
    if row.closed:
        end_with_account(uow, proposal, at)
    elif row.left or row.gone:
        review_anew(uow, proposal, Anew.PROPOSER_LEFT if row.left else Anew.OFFICER_GONE, at)
    elif _was_heard_of(proposal, row.created_at, row.sent_at, at):
        _publish_held(uow, proposal, at)
    else:
        _hold_longer(uow, proposal, at)


def _publish_held(uow: UnitOfWork, proposal: Proposal, at: dt.datetime) -> None:
    case = case_facts(uow.session, proposal)
    try:
        raise_refusals(Action.PUBLISH, refusals(Action.PUBLISH, case, THE_SYSTEM, at))
        current, record = settle(uow, proposal)
    except (StaleRevision, Invalid, InvalidState, NotFound) as error:
        _supersede(uow, proposal, at, str(error))
        return
    publish_proposal(uow, proposal, Action.PUBLISH, current, record, SYSTEM_DOER, at)


def _first(moment: Moment) -> Label[Any]:
    """The earliest such moment among the notices with the links of a proposal's hold."""
    links = (ObjectionLink.proposal_id == Proposal.id, ObjectionLink.used_at.is_(None))
    found = select(func.min(moment)).join(ObjectionLink, told_by_link()).where(*links)
    return found.correlate(Proposal).scalar_subquery().label(moment.key)


def _was_heard_of(
    proposal: Proposal, queued: dt.datetime | None, sent: dt.datetime | None, at: dt.datetime
) -> bool:
    """Had anybody who could object the time to? A hold protects nothing while no mail goes out.

    ``queued`` and ``sent`` are of the first notice. True where there was nobody to tell, which the
    officers were told when it began.
    """
    if queued is None or proposal.hold_until is None:
        return True
    enough = min(HEARD_FOR, (proposal.hold_until - queued) / 2)
    return sent is not None and at - sent >= enough


def _hold_longer(uow: UnitOfWork, proposal: Proposal, at: dt.datetime) -> None:
    """Wait on, with the links that were given; nobody could use them yet."""
    proposal.hold_until = at + HEARD_FOR
    links = (ObjectionLink.proposal_id == proposal.id, ObjectionLink.used_at.is_(None))
    uow.session.execute(update(ObjectionLink).where(*links).values(expires_at=proposal.hold_until))
    event = Event(
        at=at,
        doer=SYSTEM_DOER,
        action="proposal.hold_longer",
        subject_kind="proposal",
        subject_id=proposal.id,
        after={"hold_until": proposal.hold_until.isoformat()},
        reason="no notice of the hold has reached anybody in time",
    )
    change_log.record(uow, event)


def _supersede(uow: UnitOfWork, proposal: Proposal, at: dt.datetime, why: str) -> None:
    """The entry has moved on so that the change does not fit any more."""
    proposal.decision_code, proposal.decision_text = "superseded", why
    to = ProposalState.SUPERSEDED
    change_log.record(uow, move(proposal, Action.SUPERSEDE, to, SYSTEM_DOER, at, reason=why))
    queue(uow, [notice_to_proposer("superseded", proposal)], at)


def expire_due(uow: UnitOfWork, at: dt.datetime, workflow: Workflow) -> list[str]:
    """End what nobody touched for so long; gives what was ended. Call it until it gives nothing."""
    change_log.lock(uow.session)
    statement = (
        select(Proposal)
        .where(Proposal.state.in_(FADING), Proposal.updated_at <= at - workflow.lasts)
        .order_by(Proposal.updated_at, Proposal.id)
        .limit(AT_ONCE)
        .with_for_update()
    )
    ended = uow.session.scalars(statement).all()
    events = []
    for proposal in ended:
        proposal.decision_code = "expired"
        to = ProposalState.EXPIRED
        events.append(move(proposal, Action.EXPIRE, to, SYSTEM_DOER, at))
    change_log.record_all(uow, events)
    queue(uow, [notice_to_proposer("expired", one) for one in ended], at)
    return [one.id for one in ended]
