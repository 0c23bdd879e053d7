"""Accounts: invited, given a password and a second factor by their owner, disabled."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.sign_in import password_problems
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.account import Account, AccountRole, Invitation
from directory.models.reference import State
from directory.policy import SECRETARIAT, SYSTEM, Actor
from directory.queries.accounts import invited_email
from directory.services.passwords import hash_password
from directory.services.secrets import hash_secret, new_secret
from directory.services.sessions import fold_email, revoke_sessions_of

#: How long an invitation can be accepted.
INVITATION_LASTS = dt.timedelta(days=3)
#: Roles of the secretariat and its auditor belong to no State; the others must belong to one.
WITHOUT_STATE = SECRETARIAT | {Role.AUDITOR}


def require_operator(actor: Actor) -> None:
    """Raise ``Denied`` for all but the command line (officers' own ways come with their pages)."""
    if actor is not SYSTEM:
        raise Denied("accounts:manage")


def add_account(
    uow: UnitOfWork,
    email: str,
    role: Role,
    state: str,
    at: dt.datetime,
    *,
    authority: str = "",
    types: Iterable[CooperationType] = (),
    demo: bool = False,
) -> Account:
    """A new account without a password; raises ``Invalid``."""
    folded = fold_email(email)
    problems = _account_problems(uow.session, folded, role, state)
    if problems:
        raise Invalid(problems)
    account = Account(
        email=folded,
        fs_uniquifier=new_secret(),
        state_code=state or None,
        authority=authority,
        cooperation_types=sorted(types),
        created_at=at,
        demo=demo,
    )
    uow.session.add(account)
    uow.session.flush()
    uow.session.add(AccountRole(account_id=account.id, role=role))
    return account


def _account_problems(session: Session, email: str, role: Role, state: str) -> list[Problem]:
    problems = []
    name, at, host = email.partition("@")
    if not (name and at and host) or any(letter.isspace() for letter in email):
        problems.append(Problem("email", "Give an e-mail address."))
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        problems.append(Problem("email", "There is an account with this address already."))
    if role in WITHOUT_STATE and state:
        problems.append(Problem("state", "This role belongs to no State."))
    if role not in WITHOUT_STATE and (not state or session.get(State, state) is None):
        problems.append(Problem("state", "This role needs a State known here, e.g. FR."))
    return problems


def invite(
    uow: UnitOfWork, actor: Actor, email: str, role: Role, state: str, at: dt.datetime
) -> str:
    """A new account, and the secret of the single-use link with which it gets its password.

    Who was invited and has not accepted, or lost password or device, is invited again: the account
    then loses both, and earlier links are void.
    """
    require_operator(actor)
    account = _known(uow.session, email)
    if account is None:
        account = add_account(uow, email, role, state, at)
    else:
        _start_over(uow, account, at)
    secret = new_secret()
    uow.session.add(
        Invitation(
            id=hash_secret(secret),
            account_id=account.id,
            created_at=at,
            ends_at=at + INVITATION_LASTS,
        )
    )
    return secret


def _known(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == fold_email(email)))


def _start_over(uow: UnitOfWork, account: Account, at: dt.datetime) -> None:
    if not account.active or account.demo:
        raise InvalidState("This account is disabled or part of a demonstration.")
    account.password_hash = ""  # nosec B105 - no password fits it
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_step = None
    account.fs_uniquifier = new_secret()
    revoke_sessions_of(uow, account.id, at)
    _void_invitations(uow, account.id, at)


def _void_invitations(uow: UnitOfWork, account_id: int, at: dt.datetime) -> None:
    unused = (Invitation.account_id == account_id, Invitation.used_at.is_(None))
    uow.session.execute(update(Invitation).where(*unused).values(used_at=at))


def accept_invitation(
    uow: UnitOfWork, secret: str, password: str, pepper: str, at: dt.datetime
) -> None:
    """Give the invited account its password; raises ``NotFound`` or ``Invalid``."""
    email = invited_email(uow.session, secret, at)
    problems = password_problems(password, email)
    if problems:
        raise Invalid(problems)
    account = get_account(uow.session, email)
    set_password(uow, account, password, pepper, at)
    _void_invitations(uow, account.id, at)


def set_password(
    uow: UnitOfWork, account: Account, password: str, pepper: str, at: dt.datetime
) -> None:
    """Keep a new password; whatever was signed in with the old one is not any more."""
    account.password_hash = hash_password(password, pepper)
    account.fs_uniquifier = new_secret()
    revoke_sessions_of(uow, account.id, at)


def renew_hash(uow: UnitOfWork, account_id: int, before: str, after: str) -> None:
    """Keep the same password under another pepper, unless it was changed in the meantime."""
    unchanged = (Account.id == account_id, Account.password_hash == before)
    uow.session.execute(update(Account).where(*unchanged).values(password_hash=after))


def get_account(session: Session, email: str) -> Account:
    """The account with this address; raises ``NotFound``."""
    account = _known(session, email)
    if account is None:
        raise NotFound("account", email)
    return account


def disable_account(uow: UnitOfWork, actor: Actor, email: str, at: dt.datetime) -> None:
    """Let nobody in by this account any more; its sessions end, its tokens open nothing."""
    require_operator(actor)
    account = get_account(uow.session, email)
    account.active = False
    revoke_sessions_of(uow, account.id, at)
    _void_invitations(uow, account.id, at)


def keep_second_factor(uow: UnitOfWork, account_id: int, method: str, totp_secret: str) -> None:
    """Keep the (encrypted) secret of a first second factor that was just shown to work."""
    uow.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.tf_totp_secret.is_(None))
        .values(tf_primary_method=method, tf_totp_secret=totp_secret)
    )


def use_code(uow: UnitOfWork, account_id: int, step: int) -> bool:
    """Take the code of a time step; False when it, or a later one, was taken before.

    One conditional statement, so that of two at the same moment one is refused (RFC 6238 5.2).
    """
    unused = or_(Account.tf_last_step.is_(None), Account.tf_last_step < step)
    taken = uow.session.execute(
        update(Account)
        .where(Account.id == account_id, unused)
        .values(tf_last_step=step)
        .returning(Account.id)
    )
    return taken.scalar_one_or_none() is not None
