"""What becomes of open proposals when the word of somebody behind them does not count any more.

A closed account proposes nothing: what it proposed ends. Where the account was recovered, or the
role ended, the review begins anew with another call-back, as it does when an officer who called
back, verified or approved goes. So nobody brings a change through with an account that is not
theirs, and the work of a person who merely moves on is not lost.

It happens with the act on the account; the end of a hold looks once more (``services.holds``).
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, Exists, and_, exists, not_, or_, select, update

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import SYSTEM_DOER
from directory.domain.lifecycle import Action, ProposalState, transition
from directory.domain.marks import N_
from directory.domain.verification import ANEW_TEXTS, Anew
from directory.domain.vocabulary import Role
from directory.models.account import Account, AccountRole
from directory.models.proposal import CallBack, ObjectionLink, Proposal
from directory.services import change_log
from directory.services.cases import forget_review, move
from directory.services.decisions import RIVALS, told_of
from directory.services.notices import Notice, queue
from directory.services.recipients import counting, focal_points, officers

#: States from which a proposal goes back to the queue.
REVIEWED = tuple(state for state in ProposalState if transition(state, Action.REVIEW_ANEW))
CLOSED = N_(
    "An account of those who proposed or agreed to it was closed meanwhile, as stolen ones are; "
    "propose it anew."
)


class Loss(StrEnum):
    """What happened to the account."""

    CLOSED = "closed"
    #: Every way in was taken away, as after a theft.
    RECOVERED = "recovered"
    #: It lost the role with which it spoke.
    ROLE_ENDED = "role_ended"


_CALLERS = (
    select(CallBack.by)
    .where(CallBack.proposal_id == Proposal.id, CallBack.at >= Proposal.submitted_at)
    .correlate(Proposal)
)
_IS_OFFICER = or_(
    Account.id == Proposal.verified_by,
    Account.id == Proposal.approved_by,
    Account.id.in_(_CALLERS),
)
#: What was reviewed anew because its proposer left stands on the word of others since.
_IS_PROPOSER = and_(
    Account.id == Proposal.proposer_id, Proposal.decision_code != Anew.PROPOSER_LEFT.value
)
#: Is the account of anybody closed on whose word the proposal of the enclosing statement stands?
SOMEBODY_CLOSED = (
    exists().where(or_(_IS_OFFICER, _IS_PROPOSER), Account.active.is_(False)).correlate(Proposal)
)


def proposer_left(today: dt.date) -> Exists:
    """Is whoever made the proposal of the enclosing statement no focal point today?"""
    return _without(Role.FOCAL_POINT, _IS_PROPOSER, today)


def officer_gone(today: dt.date) -> Exists:
    """Is any officer on whose word it stands no verifier today?"""
    return _without(Role.VERIFIER, _IS_OFFICER, today)


def _without(role: Role, who: ColumnElement[bool], today: dt.date) -> Exists:
    held = (AccountRole.account_id == Account.id, AccountRole.role == role, *counting(today))
    has_role = exists().where(*held).correlate(Account)
    return exists().where(who, not_(has_role)).correlate(Proposal)


def lose_word(
    uow: UnitOfWork,
    account_id: int,
    at: dt.datetime,
    loss: Loss,
    roles: Iterable[Role] = (Role.FOCAL_POINT, Role.VERIFIER),
) -> None:
    """End what the account proposed, or have it reviewed anew, and what it agreed to as well.

    ``roles`` are those with which it does not speak any more.
    """
    change_log.lock(uow.session)
    standing = (
        select(Proposal)
        .where(Proposal.state.in_(RIVALS), _stands_on(account_id, set(roles)))
        .order_by(Proposal.id)
        .with_for_update()
    )
    for proposal in uow.session.scalars(standing).all():
        own = proposal.proposer_id == account_id
        if own and loss is Loss.CLOSED:
            end_with_account(uow, proposal, at)
        elif proposal.state in REVIEWED:
            review_anew(uow, proposal, _why(own=own, loss=loss), at)


def _stands_on(account_id: int, roles: set[Role]) -> ColumnElement[bool]:
    as_focal_point = Proposal.proposer_id == account_id
    called = exists().where(
        CallBack.proposal_id == Proposal.id,
        CallBack.at >= Proposal.submitted_at,
        CallBack.by == account_id,
    )
    as_officer = or_(Proposal.verified_by == account_id, Proposal.approved_by == account_id, called)
    if Role.FOCAL_POINT not in roles:
        return as_officer
    return or_(as_focal_point, as_officer) if Role.VERIFIER in roles else as_focal_point


def _why(*, own: bool, loss: Loss) -> Anew:
    if not own:
        return Anew.OFFICER_GONE
    return Anew.PROPOSER_RECOVERED if loss is Loss.RECOVERED else Anew.PROPOSER_LEFT


def end_with_account(uow: UnitOfWork, proposal: Proposal, at: dt.datetime) -> None:
    """End what a closed account proposed or carried; everybody who waits for it is told."""
    proposal.decision_code, proposal.decision_text = "superseded", CLOSED
    void_links(uow, proposal, at)
    to = ProposalState.SUPERSEDED
    event = move(proposal, Action.SUPERSEDE, to, SYSTEM_DOER, at, reason=CLOSED)
    change_log.record(uow, event)
    queue(uow, _notices_to_all("ended_with_account", uow, proposal, at), at)


def review_anew(uow: UnitOfWork, proposal: Proposal, why: Anew, at: dt.datetime) -> None:
    """Put it back into the queue, with its review forgotten; what an objection said stays."""
    objection = proposal.decision_text if proposal.state is ProposalState.FROZEN else ""
    left_before = proposal.decision_code == Anew.PROPOSER_LEFT
    void_links(uow, proposal, at)
    forget_review(proposal, at)
    proposal.decision_code = (Anew.PROPOSER_LEFT if left_before else why).value
    proposal.decision_text = objection
    if why is Anew.PROPOSER_RECOVERED:
        # Whoever held the account may have put these lines before readers.
        proposal.emergency, proposal.reported_channels = False, []
    to = ProposalState.SUBMITTED
    event = move(proposal, Action.REVIEW_ANEW, to, SYSTEM_DOER, at, reason=ANEW_TEXTS[why])
    change_log.record(uow, event)
    queue(uow, _notices_to_all("reviewed_anew", uow, proposal, at), at)


def void_links(uow: UnitOfWork, proposal: Proposal, at: dt.datetime) -> None:
    """Let no objection link that was given for it open anything any more."""
    unused = (ObjectionLink.proposal_id == proposal.id, ObjectionLink.used_at.is_(None))
    uow.session.execute(update(ObjectionLink).where(*unused).values(used_at=at))


def _notices_to_all(
    kind: str, uow: UnitOfWork, proposal: Proposal, at: dt.datetime
) -> list[Notice]:
    """To the proposer, the State's focal points and the officers; of an import to its proposer."""
    people = [proposal.proposer_id]
    if not proposal.batch:
        people += focal_points(uow.session, proposal.state_code, at.date(), None)
        people += officers(uow.session, at.date(), None)
    return [
        Notice(
            kind=kind,
            key=f"{kind}:{proposal.id}:{proposal.version}:{one}",
            account_id=one,
            params=told_of(proposal),
        )
        for one in dict.fromkeys(people)
    ]
