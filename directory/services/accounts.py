"""Accounts: made, given a password and a second factor by their owner, closed again.

What is here asks nobody, or is for the command line; services that act for somebody ask the policy
first.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.account_addresses import address_problems
from directory.domain.accounts import WITHOUT_STATE, RequestKind, RequestOutcome
from directory.domain.events import Event, Personal, account_person
from directory.domain.marks import N_
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.account import (
    Account,
    AccountRequest,
    AccountRole,
    ApiToken,
    Invitation,
)
from directory.models.reference import State
from directory.policy import SYSTEM, Actor
from directory.queries.accounts import invited_email
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.listed_passwords import require_good
from directory.services.lost_words import Loss, lose_word
from directory.services.notices import Notice, queue
from directory.services.passkeys import void_factors
from directory.services.passwords import hash_password
from directory.services.secrets import hash_secret, new_secret
from directory.services.sessions import fold_email, revoke_sessions_of

#: How long an invitation can be accepted.
INVITATION_LASTS = dt.timedelta(days=3)
IN_USE = (
    "The account is in use, so its owner gets no new link this way: two officers recover it, under "
    "'Accounts', 'Recoveries'. Without two officers, invite the person under another address."
)
ADDRESS_TAKEN = N_("There is an account with this address already.")


def require_operator(actor: Actor) -> None:
    """Raise ``Denied`` for all but the command line."""
    if actor is not SYSTEM:
        raise Denied("accounts:change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """Where somebody belongs: the authority in words, what it deals with, until when."""

    authority: str = ""
    types: frozenset[CooperationType] = frozenset()
    ends_on: dt.date | None = None


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
    """A new account with a role and without a password; raises ``Invalid``."""
    belongs = Affiliation(authority=authority, types=frozenset(types))
    account = add_without_role(uow, email, role, state, belongs, at, demo=demo)
    uow.session.add(AccountRole(account_id=account.id, role=role))
    return account


def add_without_role(
    uow: UnitOfWork,
    email: str,
    role: Role,
    state: str,
    belongs: Affiliation,
    at: dt.datetime,
    *,
    demo: bool = False,
) -> Account:
    """A new account that is meant for ``role`` and has none yet; raises ``Invalid``."""
    folded = fold_email(email)
    problems = account_problems(uow.session, folded, role, state)
    if problems:
        raise Invalid(problems)
    account = Account(
        email=folded,
        fs_uniquifier=new_secret(),
        state_code=state or None,
        authority=belongs.authority,
        cooperation_types=sorted(belongs.types),
        ends_on=belongs.ends_on,
        created_at=at,
        confirmed_on=at.date(),
        demo=demo,
    )
    uow.session.add(account)
    uow.session.flush()
    return account


def account_problems(session: Session, email: str, role: Role, state: str) -> list[Problem]:
    """What speaks against a new account with that (folded) address."""
    problems = address_problems(email)
    if known_account(session, email) is not None:
        problems.append(Problem("email", ADDRESS_TAKEN))
    return problems + state_problems(session, role, state)


def state_problems(session: Session, role: Role, state: str) -> list[Problem]:
    """Does the role fit the State, and is there such a State?"""
    if role in WITHOUT_STATE and state:
        return [Problem("state", N_("This role belongs to no State."))]
    if role not in WITHOUT_STATE and (not state or session.get(State, state) is None):
        return [Problem("state", N_("This role needs a State known here, e.g. FR."))]
    return []


def prepare_invited(
    uow: UnitOfWork,
    actor: Actor,
    email: str,
    role: Role,
    state: str,
    at: dt.datetime,
    belongs: Affiliation | None = None,
) -> Account:
    """A new account with its role, to be sent a link; for the command line.

    Who was invited and has not come in yet is invited again, and earlier links are void. An account
    in use is recovered by two officers; else one person alone could take it over. Raises
    ``InvalidState``.
    """
    require_operator(actor)
    account = known_account(uow.session, email)
    if account is None:
        given = belongs or Affiliation()
        account = add_without_role(uow, email, role, state, given, at)
        uow.session.add(AccountRole(account_id=account.id, role=role))
    else:
        _refuse_closed(account)
        if account.accepted_at is not None:
            raise InvalidState(reasons=[Problem("", IN_USE)])
        start_over(uow, account, at)
    record_act(uow, actor, "account.invite", account, at, after={"role": role, "state": state})
    return account


def record_act(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    account: Account,
    at: dt.datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Append an event about an account; the address stands in it under the person's own key."""
    event = Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="account",
        subject_id=str(account.id),
        before=before,
        after=after,
        reason=reason,
        personal=(Personal(person=account_person(account.id), fields={"email": account.email}),),
    )
    change_log.record(uow, event)


def add_invitation(uow: UnitOfWork, account_id: int, secret: str, at: dt.datetime) -> str:
    """Let the secret open the account once, for a while; gives it back."""
    uow.session.add(
        Invitation(
            id=hash_secret(secret),
            account_id=account_id,
            created_at=at,
            ends_at=at + INVITATION_LASTS,
        )
    )
    return secret


def known_account(session: Session, email: str) -> Account | None:
    """The account with that address, folded or not."""
    return session.scalar(select(Account).where(Account.email == fold_email(email)))


def _refuse_closed(account: Account) -> None:
    if not account.active or account.demo:
        raise InvalidState("This account is disabled or part of a demonstration.")


def start_over(uow: UnitOfWork, account: Account, at: dt.datetime) -> None:
    """Take every way in away: password, passkeys, second factor, sessions, tokens, links.

    What was done with them may not have been its owner's doing, so it is reviewed anew.
    """
    lose_word(uow, account.id, at, Loss.RECOVERED)
    account.password_hash = ""  # nosec B105 - no password fits it
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_step = None
    account.fs_uniquifier = new_secret()
    account.accepted_at = None
    close_ways_in(uow, account.id, at)
    void_factors(uow, account.id)


def close_ways_in(uow: UnitOfWork, account_id: int, at: dt.datetime) -> None:
    """End what is open, and links that were not used."""
    end_what_is_open(uow, account_id, at)
    void_invitations(uow, account_id, at)


def end_what_is_open(uow: UnitOfWork, account_id: int, at: dt.datetime) -> None:
    """End sessions and tokens: also where a role came or went, for they were begun without."""
    revoke_sessions_of(uow, account_id, at)
    own = (ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    uow.session.execute(update(ApiToken).where(*own).values(revoked_at=at))


def void_invitations(uow: UnitOfWork, account_id: int, at: dt.datetime) -> None:
    """Let no link that was not used open the account any more."""
    unused = (Invitation.account_id == account_id, Invitation.used_at.is_(None))
    uow.session.execute(update(Invitation).where(*unused).values(used_at=at))


def accept_invitation(
    uow: UnitOfWork,
    secret: str,
    password: str,
    pepper: str,
    at: dt.datetime,
    breached: Path | None = None,
) -> None:
    """Give the invited account its password; raises ``NotFound`` or ``Invalid``.

    ``breached`` is the operator's list of passwords that are known.
    """
    email = invited_email(uow.session, secret, at)
    require_good(password, email, breached)
    account = get_account(uow.session, email)
    set_password(uow, account, password, pepper, at)
    mark_accepted(uow, account, at)


def mark_accepted(uow: UnitOfWork, account: Account, at: dt.datetime) -> None:
    """An invitation was used: note it, void the other links, tell who invited.

    The owner is told as well, who may know nothing of it.
    """
    account.accepted_at = at
    void_invitations(uow, account.id, at)
    record_act(uow, SYSTEM, "account.accept", account, at)
    asked = select(AccountRequest.asked_by).where(AccountRequest.account_id == account.id)
    asker = uow.session.scalar(asked.order_by(AccountRequest.id.desc()).limit(1))
    told = dict.fromkeys(one for one in (account.id, asker) if one is not None)
    queue(uow, [_accepted(account, one, at) for one in told], at)
    hand_over(uow, account, at)


def hand_over(uow: UnitOfWork, successor: Account, at: dt.datetime) -> None:
    """Let agreed hand-overs to the account take effect, now that its owner is in.

    Not earlier: a State would have nobody between the agreement and the first sign-in.
    """
    agreed = (
        AccountRequest.account_id == successor.id,
        AccountRequest.kind == RequestKind.HAND_OVER,
        AccountRequest.outcome == RequestOutcome.APPROVED,
        AccountRequest.handed_over_at.is_(None),
    )
    for request in uow.session.scalars(select(AccountRequest).where(*agreed)):
        request.handed_over_at = at
        predecessor = uow.session.get_one(Account, request.replaces_id)
        _step_down(uow, predecessor, request, at)


def _step_down(uow: UnitOfWork, account: Account, request: AccountRequest, at: dt.datetime) -> None:
    """The predecessor stays as a reader, or leaves."""
    own = AccountRole.account_id == account.id
    uow.session.execute(delete(AccountRole).where(own, AccountRole.role == request.role))
    after = {"successor": request.account_id, "leaves": request.leaves}
    record_act(uow, SYSTEM, "account.hand_over", account, at, after=after)
    if request.leaves:
        account.active = False
        close_ways_in(uow, account.id, at)
    else:
        uow.session.merge(AccountRole(account_id=account.id, role=Role.READER))
        end_what_is_open(uow, account.id, at)
    lose_word(uow, account.id, at, Loss.ROLE_ENDED, {request.role})
    told = dict.fromkeys(one for one in (account.id, request.asked_by) if one is not None)
    notices = [
        Notice(
            kind="account_handed_over",
            key=f"account_handed_over:{request.id}:{one}",
            account_id=one,
            params={"account": account.id, "state": account.state_code or ""},
        )
        for one in told
    ]
    queue(uow, notices, at)


def _accepted(account: Account, told: int, at: dt.datetime) -> Notice:
    return Notice(
        kind="account_accepted",
        key=f"account_accepted:{account.id}:{at.isoformat()}:{told}",
        account_id=told,
        params={"account": account.id, "state": account.state_code or ""},
    )


def set_password(
    uow: UnitOfWork, account: Account, password: str, pepper: str, at: dt.datetime
) -> None:
    """Keep a new password; whatever was signed in with the old one is not any more."""
    account.password_hash = hash_password(password, pepper)
    account.accepted_at = account.accepted_at or at
    account.fs_uniquifier = new_secret()
    revoke_sessions_of(uow, account.id, at)


def renew_hash(uow: UnitOfWork, account_id: int, before: str, after: str) -> None:
    """Keep the same password under another pepper, unless it was changed in the meantime."""
    unchanged = (Account.id == account_id, Account.password_hash == before)
    uow.session.execute(update(Account).where(*unchanged).values(password_hash=after))


def get_account(session: Session, email: str) -> Account:
    """The account with this address; raises ``NotFound``."""
    account = known_account(session, email)
    if account is None:
        raise NotFound("account", email)
    return account


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
