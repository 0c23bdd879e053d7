"""What is done to an account that exists: confirmed, changed, its roles ended, closed.

Every act waits for the log's lock first, so that two focal points who leave at the same moment do
not both see the other one stay.
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.accounts import (
    OPEN,
    AccountAct,
    AccountKind,
    confirmed_since,
    end_problems,
    leaving_problems,
    officers_problems,
)
from directory.domain.marks import N_
from directory.domain.vocabulary import Role
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.account import Account, AccountApproval, AccountRequest, AccountRole
from directory.policy import SECRETARIAT, SYSTEM, Actor
from directory.queries.account_files import AccountFile, counting_accounts, load_file, require_act
from directory.services.account_requests import (
    belonging_problems,
    close_request,
    officers,
    require_reason,
)
from directory.services.accounts import (
    Affiliation,
    close_ways_in,
    end_what_is_open,
    record_act,
    void_invitations,
)
from directory.services.change_log import lock
from directory.services.invitations import AccountRules
from directory.services.lost_words import Loss, lose_word
from directory.services.notices import Notice, queue
from directory.services.sessions import revoke_sessions_of

CLOSED = N_("The account is closed. Ask for a role of it to open it again.")
CLOSED_ALREADY = N_("The account is disabled already.")
#: Reasons the log gives for what follows from a closed account.
ASKER_CLOSED = "the account that asked was closed"


def _load(
    uow: UnitOfWork, actor: Actor, act: AccountAct, account_id: int, at: dt.datetime
) -> tuple[AccountFile, Account]:
    """The account as it is and its row; raises ``NotFound`` and ``Denied``."""
    lock(uow.session)
    file = load_file(uow.session, account_id, at.date())
    require_act(actor, act, file)
    return file, uow.session.get_one(Account, account_id)


def _require_open(file: AccountFile) -> None:
    if file.status not in OPEN:
        raise InvalidState(reasons=[Problem("", CLOSED)])


def confirm(uow: UnitOfWork, actor: Actor, account_id: int, at: dt.datetime) -> None:
    """Say that this person still belongs here, for another year.

    Raises ``NotFound``, ``Denied``, and ``InvalidState`` for a closed account.
    """
    file, account = _load(uow, actor, AccountAct.CONFIRM, account_id, at)
    _require_open(file)
    before = {"confirmed_on": account.confirmed_on.isoformat()}
    account.confirmed_on = at.date()
    record_act(uow, actor, "account.confirm", account, at, before=before)


def change(
    uow: UnitOfWork, actor: Actor, account_id: int, belongs: Affiliation, at: dt.datetime
) -> None:
    """Change authority, cooperation types or the last day (to an earlier one).

    Raises ``NotFound``, ``Denied``, ``Invalid``, ``InvalidState``.
    """
    file, account = _load(uow, actor, AccountAct.CHANGE, account_id, at)
    _require_open(file)
    problems = belonging_problems(belongs.authority)
    problems += end_problems("ends_on", belongs.ends_on, account.ends_on, at.date())
    if problems:
        raise Invalid(problems)
    before = _affiliation(account)
    account.authority = belongs.authority.strip()
    account.cooperation_types = sorted(belongs.types)
    account.ends_on = belongs.ends_on
    record_act(
        uow, actor, "account.change", account, at, before=before, after=_affiliation(account)
    )


def _affiliation(account: Account) -> dict[str, object]:
    return {
        "authority": account.authority,
        "types": list(account.cooperation_types),
        "ends_on": account.ends_on.isoformat() if account.ends_on else None,
    }


def end_role(
    uow: UnitOfWork,
    actor: Actor,
    account_id: int,
    role: Role,
    ends_on: dt.date | None,
    rules: AccountRules,
    at: dt.datetime,
) -> None:
    """End a role, now (None) or after a day; without any role left nothing opens the account.

    Raises ``NotFound``, ``Denied``, ``Invalid``, and ``InvalidState`` where the State would have no
    focal point left, or the secretariat too few officers.
    """
    file, account = _load(uow, actor, AccountAct.END_ROLE, account_id, at)
    if role not in {one.role for one in file.held}:
        raise NotFound("role", role)
    _require_enough_left(uow.session, file, {role}, rules, at)
    if ends_on is None:
        own = (AccountRole.account_id == account_id, AccountRole.role == role)
        uow.session.execute(delete(AccountRole).where(*own))
    else:
        _bring_forward(uow.session, file, role, ends_on, at)
    if ends_on is None:
        # Rights are read anew at every request; yet nothing stays open that was begun with more.
        end_what_is_open(uow, account_id, at)
        lose_word(uow, account_id, at, Loss.ROLE_ENDED, {role})
    if ends_on is None and len(file.held) == 1:
        void_invitations(uow, account_id, at)
    after = {"role": role, "ends_on": ends_on.isoformat() if ends_on else None}
    record_act(uow, actor, "account.end_role", account, at, after=after)
    _tell_officers(uow, actor, file, f"end_role:{role}", rules, at)


def _bring_forward(
    session: Session, file: AccountFile, role: Role, ends_on: dt.date, at: dt.datetime
) -> None:
    problems = end_problems("ends_on", ends_on, file.end_of(role), at.date())
    if problems:
        raise Invalid(problems)
    own = (AccountRole.account_id == file.id, AccountRole.role == role)
    session.execute(update(AccountRole).where(*own).values(ends_on=ends_on))


def end_sessions(uow: UnitOfWork, actor: Actor, account_id: int, at: dt.datetime) -> None:
    """Let every browser of the account be signed out; its owner signs in again.

    Raises ``NotFound`` and ``Denied``.
    """
    _file, account = _load(uow, actor, AccountAct.END_SESSIONS, account_id, at)
    after: dict[str, object] = {"sessions": revoke_sessions_of(uow, account_id, at)}
    record_act(uow, actor, "account.sessions_ended", account, at, after=after)


def disable(
    uow: UnitOfWork,
    actor: Actor,
    account_id: int,
    reason: str,
    rules: AccountRules,
    at: dt.datetime,
    *,
    stolen: bool = False,
) -> None:
    """Let nobody in by this account any more; what it asked for or agreed to is taken back.

    ``stolen``: it is in wrong hands. An officer then closes a State's last focal point as well, and
    the operator any account, for safety comes first.

    Raises ``NotFound``, ``Denied``, ``Invalid``, ``InvalidState``.
    """
    file, account = _load(uow, actor, AccountAct.DISABLE, account_id, at)
    if not account.active:
        raise InvalidState(reasons=[Problem("", CLOSED_ALREADY)])
    require_reason(reason)
    if stolen and not (actor is SYSTEM or actor.roles & SECRETARIAT):
        raise Denied("accounts:approve")
    if not (stolen and (actor is SYSTEM or file.kind is AccountKind.FOCAL_POINT)):
        _require_enough_left(uow.session, file, {one.role for one in file.held}, rules, at)
    account.active = False
    close_ways_in(uow, account_id, at)
    _take_back(uow, actor, account_id, at)
    lose_word(uow, account_id, at, Loss.CLOSED)
    after: dict[str, object] = {"stolen": stolen}
    record_act(uow, actor, "account.disable", account, at, after=after, reason=reason.strip())
    _tell_officers(uow, actor, file, "disable", rules, at)


def _require_enough_left(
    session: Session,
    file: AccountFile,
    ending: Collection[Role],
    rules: AccountRules,
    at: dt.datetime,
) -> None:
    """Raise ``InvalidState`` where those who stay could not go on."""
    problems, today = [], at.date()
    if Role.FOCAL_POINT in ending and file.status in OPEN:
        points = counting_accounts([Role.FOCAL_POINT], today, confirmed_since(today), rules.demo)
        same_state = points.where(Account.state_code == file.state, Account.id != file.id)
        problems += leaving_problems(len(session.scalars(same_state).all()))
    if SECRETARIAT & set(ending):
        problems += officers_problems(len({*officers(session, rules, today)} - {file.id}))
    if problems:
        raise InvalidState(reasons=problems)


def _take_back(uow: UnitOfWork, actor: Actor, account_id: int, at: dt.datetime) -> None:
    """Undo what a stolen account may have begun: requests, words for others', links not used."""
    about_or_by = (AccountRequest.account_id == account_id) | (
        AccountRequest.asked_by == account_id
    )
    is_open = AccountRequest.outcome.is_(None)
    for request in uow.session.scalars(select(AccountRequest).where(about_or_by, is_open)).all():
        close_request(uow, actor, request, ASKER_CLOSED, at)
    undecided = select(AccountRequest.id).where(is_open)
    own_words = (
        AccountApproval.account_id == account_id,
        AccountApproval.request_id.in_(undecided),
    )
    uow.session.execute(delete(AccountApproval).where(*own_words))
    waiting = (
        select(Account.id)
        .join(AccountRequest, AccountRequest.account_id == Account.id)
        .where(AccountRequest.asked_by == account_id, Account.accepted_at.is_(None))
    )
    for invited in uow.session.scalars(waiting).all():
        void_invitations(uow, invited, at)


def _tell_officers(
    uow: UnitOfWork,
    actor: Actor,
    file: AccountFile,
    what: str,
    rules: AccountRules,
    at: dt.datetime,
) -> None:
    """An account of weight lost something: every officer learns of it, the sooner the better."""
    if file.kind is AccountKind.READER:
        return
    notices = [
        Notice(
            kind="account_closed",
            key=f"account_closed:{file.id}:{what}:{at.isoformat()}:{officer}",
            account_id=officer,
            params={"account": file.id, "state": file.state},
        )
        for officer in officers(uow.session, rules, at.date())
    ]
    queue(uow, notices, at, by=actor)
