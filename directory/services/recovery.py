"""Somebody lost every way in: two officers, each on their own, make sure anew who it is.

E-mail is never a proof. The first officer opens the recovery and says how they made sure; the
second makes sure again, by another way, and only then the account starts over with a new link,
which is handed on outside the directory. The owner and all officers are told of each step.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.marks import N_
from directory.domain.vocabulary import Role
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.models.account import Account, AccountRole
from directory.models.sign_in import Recovery, RecoveryOutcome
from directory.policy import Actor, require
from directory.services.accounts import (
    add_invitation,
    get_account,
    record_act,
    start_over,
)
from directory.services.notices import Notice, queue
from directory.services.secrets import new_secret

PROVE = "recovery:prove"
#: How long the second officer may take.
RECOVERY_LASTS = dt.timedelta(days=7)
SHORTEST_PROOF = 20
LONGEST_PROOF = 2000
OFFICERS = (Role.VERIFIER, Role.ADMINISTRATOR)

OWN = N_("This is your own account: two other officers must make sure of you.")
SAME_OFFICER = N_("You opened this recovery: another officer must make sure again.")
OPEN_ALREADY = N_("A recovery of this account is open already.")
NOT_IN_USE = N_(
    "Nobody has signed in with this account yet, or it is closed: send a new invitation."
)
SAY_HOW = N_("Say in %(least)s to %(most)s characters how you made sure, and by which way.")
OVER = N_("This recovery is over.")


def open_recovery(uow: UnitOfWork, actor: Actor, email: str, proof: str, at: dt.datetime) -> int:
    """The first officer has made sure; gives the number. Raises as its rules are broken."""
    require(actor, PROVE)
    account = _to_recover(uow.session, actor, email)
    said = _proof(proof)
    _close_overdue(uow, account.id, at)
    if _open_one(uow.session, account.id) is not None:
        raise InvalidState(reasons=[Problem("email", OPEN_ALREADY)])
    made = Recovery(
        account_id=account.id,
        opened_by=actor.account_id,
        opened_at=at,
        proof=said,
        ends_at=at + RECOVERY_LASTS,
    )
    uow.session.add(made)
    uow.session.flush()
    record_act(uow, actor, "account.recovery_opened", account, at, after={"recovery": made.id})
    _tell(uow, actor, account, made.id, "recovery_opened", at)
    return made.id


def _to_recover(session: Session, actor: Actor, email: str) -> Account:
    try:
        account = get_account(session, email.replace("\0", ""))
    except NotFound as error:
        message = N_("There is no account with this address.")
        raise Invalid([Problem("email", message)]) from error
    if account.id == actor.account_id:
        raise InvalidState(reasons=[Problem("email", OWN)])
    if not account.active or account.demo or account.accepted_at is None:
        raise InvalidState(reasons=[Problem("email", NOT_IN_USE)])
    return account


def _proof(typed: str) -> str:
    said = typed.strip().replace("\0", "")
    if not SHORTEST_PROOF <= len(said) <= LONGEST_PROOF:
        limits: dict[str, object] = {"least": SHORTEST_PROOF, "most": LONGEST_PROOF}
        raise Invalid([Problem("proof", SAY_HOW, limits)])
    return said


def approve_recovery(
    uow: UnitOfWork, actor: Actor, recovery_id: int, proof: str, at: dt.datetime
) -> str:
    """The second officer has made sure: the account starts over; gives the secret of its link."""
    require(actor, PROVE)
    found = _waiting(uow.session, recovery_id, at)
    account = uow.session.get_one(Account, found.account_id)
    if actor.account_id == found.opened_by:
        raise InvalidState(reasons=[Problem("proof", SAME_OFFICER)])
    if actor.account_id == account.id:
        raise InvalidState(reasons=[Problem("proof", OWN)])
    if not account.active:
        raise InvalidState(reasons=[Problem("proof", NOT_IN_USE)])
    _close(found, actor, RecoveryOutcome.APPROVED, _proof(proof), at)
    start_over(uow, account, at)
    record_act(uow, actor, "account.recovered", account, at, after={"recovery": recovery_id})
    _tell(uow, actor, account, recovery_id, "recovery_approved", at)
    return add_invitation(uow, account.id, new_secret(), at)


def refuse_recovery(
    uow: UnitOfWork, actor: Actor, recovery_id: int, reason: str, at: dt.datetime
) -> None:
    """Close it without letting anybody in; whoever opened it may do so too."""
    require(actor, PROVE)
    found = _waiting(uow.session, recovery_id, at)
    _close(found, actor, RecoveryOutcome.REFUSED, _proof(reason), at)
    account = uow.session.get_one(Account, found.account_id)
    record_act(uow, actor, "account.recovery_refused", account, at, after={"recovery": recovery_id})
    _tell(uow, actor, account, recovery_id, "recovery_refused", at)


def _waiting(session: Session, recovery_id: int, at: dt.datetime) -> Recovery:
    """The open recovery, its row held until this transaction ends."""
    query = select(Recovery).where(Recovery.id == recovery_id).with_for_update()
    found = session.scalar(query)
    if found is None:
        raise NotFound("recovery", str(recovery_id))
    if found.outcome is not None or found.ends_at <= at:
        raise InvalidState(reasons=[Problem("", OVER)])
    return found


def _close(
    found: Recovery, actor: Actor, outcome: RecoveryOutcome, said: str, at: dt.datetime
) -> None:
    found.outcome, found.closed_at, found.closed_by = outcome, at, actor.account_id
    found.second_proof = said


def _open_one(session: Session, account_id: int) -> Recovery | None:
    mine = (Recovery.account_id == account_id, Recovery.outcome.is_(None))
    return session.scalar(select(Recovery).where(*mine))


def _close_overdue(uow: UnitOfWork, account_id: int, at: dt.datetime) -> None:
    """What nobody decided in time counts as refused when the next one is opened."""
    found = _open_one(uow.session, account_id)
    if found is not None and found.ends_at <= at:
        found.outcome, found.closed_at = RecoveryOutcome.REFUSED, at
        uow.session.flush()


def _tell(
    uow: UnitOfWork, actor: Actor, account: Account, recovery_id: int, kind: str, at: dt.datetime
) -> None:
    """Write to the owner and to every officer, but not to who acts."""
    officers = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role.in_(OFFICERS), Account.active)
    )
    told = dict.fromkeys([account.id, *uow.session.scalars(officers)])
    notices = [
        Notice(
            kind=kind,
            key=f"{kind}:{recovery_id}:{one}",
            account_id=one,
            params={
                "recovery": recovery_id,
                "moment": at.isoformat(),
                "state": account.state_code or "",
            },
        )
        for one in told
    ]
    queue(uow, notices, at, actor)
