"""Asking for an account, a role or a hand-over; officers agree or decline; then it is granted.

How many officers it takes stands in ``domain.accounts``. Every act waits for the log's lock first,
so that of two at the same moment the second sees what the first did.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.account_addresses import Sign, look_alikes, signs_of
from directory.domain.accounts import (
    OPEN,
    AccountAct,
    AccountKind,
    RequestKind,
    RequestOutcome,
    approvals_needed,
    confirmed_since,
    end_problems,
    kind_of,
)
from directory.domain.marks import N_
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, Invalid, InvalidState, Problem
from directory.models.account import (
    Account,
    AccountApproval,
    AccountRequest,
    AccountRole,
    StateDomain,
)
from directory.policy import SECRETARIAT, SYSTEM, Actor, may_account, may_approve, may_decline
from directory.queries.account_files import (
    AccountFile,
    counting_accounts,
    load_file,
    load_request,
    require_act,
)
from directory.services.accounts import (
    Affiliation,
    add_without_role,
    end_what_is_open,
    hand_over,
    known_account,
    record_act,
    start_over,
    state_problems,
)
from directory.services.change_log import lock
from directory.services.invitations import AccountRules, send_invitation
from directory.services.notices import Notice, queue

LONGEST_AUTHORITY = 200
LONGEST_REASON = 1000
ASKED_ALREADY = N_("Something is asked for this account already; that must be decided first.")
NO_FOCAL_POINT = N_("Only somebody who is a focal point now can hand over.")
NOT_HIMSELF = N_("Name another person as the successor.")
NOT_OF_STATE = N_("The successor's account belongs to another State, or is closed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Who is to come in, as what, and until when."""

    email: str
    role: Role
    state: str = ""
    authority: str = ""
    types: frozenset[CooperationType] = frozenset()
    #: Last day of the role.
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account that does not exist yet, as the policy looks at it."""

    state: str
    roles: frozenset[Role]
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a request says beside whom it is about."""

    kind: RequestKind
    role: Role
    ends_on: dt.date | None = None
    replaces_id: int | None = None
    leaves: bool = False


def ask_account(
    uow: UnitOfWork, actor: Actor, wanted: Wanted, rules: AccountRules, at: dt.datetime
) -> AccountRequest:
    """Ask for a new account; it is invited at once where no officer must agree.

    Raises ``Denied`` and ``Invalid``.
    """
    lock(uow.session)
    _require_invite(actor, Newcomer(wanted.state, frozenset({wanted.role})))
    problems = belonging_problems(wanted.authority)
    problems += end_problems("ends_on", wanted.ends_on, None, at.date())
    account = _new_account(uow, wanted, at, problems)
    asking = Asking(kind=RequestKind.NEW_ACCOUNT, role=wanted.role, ends_on=wanted.ends_on)
    return _ask(uow, actor, account, asking, rules, at)


def _require_invite(actor: Actor, newcomer: Newcomer) -> None:
    if not may_account(actor, AccountAct.INVITE, newcomer):
        raise Denied("accounts:invite")


def belonging_problems(authority: str) -> list[Problem]:
    """An account belongs to an authority, in words."""
    if 1 <= len(authority.strip()) <= LONGEST_AUTHORITY:
        return []
    message = N_("Name the authority, in at most %(limit)s characters.")
    return [Problem("authority", message, {"limit": LONGEST_AUTHORITY})]


def _new_account(
    uow: UnitOfWork, wanted: Wanted, at: dt.datetime, problems: Iterable[Problem]
) -> Account:
    belongs = Affiliation(authority=wanted.authority.strip(), types=wanted.types)
    found = list(problems)
    try:
        account = add_without_role(uow, wanted.email, wanted.role, wanted.state, belongs, at)
    except Invalid as error:
        raise Invalid([*error.problems, *found]) from error
    if found:
        raise Invalid(found)
    return account


def ask_role(
    uow: UnitOfWork,
    actor: Actor,
    account_id: int,
    role: Role,
    ends_on: dt.date | None,
    rules: AccountRules,
    at: dt.datetime,
) -> AccountRequest:
    """Ask for a role of an account that exists: a new one, a longer one, or to open it again.

    Raises ``NotFound``, ``Denied``, ``Invalid``, ``InvalidState``.
    """
    lock(uow.session)
    file = load_file(uow.session, account_id, at.date())
    require_act(actor, AccountAct.INVITE, file)
    if actor.account_id == account_id:
        raise Denied("accounts:invite")
    _require_invite(actor, Newcomer(file.state, file.roles | {role}, account_id))
    _refuse_second_request(file)
    problems = state_problems(uow.session, role, file.state)
    problems += end_problems("ends_on", ends_on, None, at.date())
    if problems:
        raise Invalid(problems)
    account = uow.session.get_one(Account, account_id)
    asking = Asking(kind=RequestKind.ROLE, role=role, ends_on=ends_on)
    return _ask(uow, actor, account, asking, rules, at)


def _refuse_second_request(file: AccountFile) -> None:
    if file.request is not None:
        raise InvalidState(reasons=[Problem("", ASKED_ALREADY)])


def ask_hand_over(
    uow: UnitOfWork,
    actor: Actor,
    account_id: int,
    email: str,
    leaves: bool,
    rules: AccountRules,
    at: dt.datetime,
) -> AccountRequest:
    """Ask that a focal point's role passes to a successor; ``leaves`` closes the account as well.

    It takes effect when officers agreed and the successor has come in. Raises ``NotFound``,
    ``Denied``, ``Invalid``, ``InvalidState``.
    """
    lock(uow.session)
    file = load_file(uow.session, account_id, at.date())
    require_act(actor, AccountAct.HAND_OVER, file)
    if file.status not in OPEN or Role.FOCAL_POINT not in {one.role for one in file.held}:
        raise InvalidState(reasons=[Problem("", NO_FOCAL_POINT)])
    successor = _successor(uow, file, email, at)
    asking = Asking(
        kind=RequestKind.HAND_OVER,
        role=Role.FOCAL_POINT,
        ends_on=file.end_of(Role.FOCAL_POINT),
        replaces_id=account_id,
        leaves=leaves,
    )
    return _ask(uow, actor, successor, asking, rules, at)


def _successor(uow: UnitOfWork, file: AccountFile, email: str, at: dt.datetime) -> Account:
    """The successor's account, a new one with the same affiliation where there is none."""
    known = known_account(uow.session, email)
    if known is None:
        wanted = Wanted(
            email=email,
            role=Role.FOCAL_POINT,
            state=file.state,
            authority=file.authority,
            types=file.types,
        )
        return _new_account(uow, wanted, at, ())
    if known.id == file.id:
        raise Invalid([Problem("email", NOT_HIMSELF)])
    other = load_file(uow.session, known.id, at.date())
    if other.state != file.state or other.status not in OPEN:
        raise Invalid([Problem("email", NOT_OF_STATE)])
    _refuse_second_request(other)
    return known


def _ask(
    uow: UnitOfWork,
    actor: Actor,
    account: Account,
    asking: Asking,
    rules: AccountRules,
    at: dt.datetime,
) -> AccountRequest:
    signs = read_signs(uow.session, account)
    held = uow.session.scalars(select(AccountRole.role).where(AccountRole.account_id == account.id))
    request = AccountRequest(
        account_id=account.id,
        kind=asking.kind,
        role=asking.role,
        role_ends_on=asking.ends_on,
        replaces_id=asking.replaces_id,
        leaves=asking.leaves,
        asked_by=actor.account_id,
        asked_at=at,
        needed=_needed(actor, kind_of({asking.role, *held}), signs),
        signs=[{"code": one.code, "text": one.text} for one in signs],
    )
    uow.session.add(request)
    uow.session.flush()
    record_act(uow, actor, "account.ask", account, at, after=_said(request))
    if request.needed:
        queue(uow, _to_officers(uow.session, request, rules, at), at, by=actor)
    else:
        _grant(uow, actor, request, rules, at)
    return request


def _needed(actor: Actor, kind: AccountKind, signs: list[Sign]) -> int:
    if actor is SYSTEM:
        return 0
    return approvals_needed(kind, bool(actor.roles & SECRETARIAT), not signs)


def _said(request: AccountRequest) -> dict[str, object]:
    """What the log keeps of a request; signs by their code, for their texts are addresses."""
    ends = request.role_ends_on
    return {
        "request": request.id,
        "kind": request.kind,
        "role": request.role,
        "ends_on": ends.isoformat() if ends else None,
        "replaces": request.replaces_id,
        "officers_needed": request.needed,
        "signs": [one["code"] for one in request.signs],
    }


def read_signs(session: Session, account: Account) -> list[Sign]:
    """Why the account's address deserves a harder look."""
    addresses = session.scalars(select(Account.email).where(Account.id != account.id)).all()
    agreed = session.execute(
        select(StateDomain.domain, StateDomain.state_code).where(StateDomain.agreed_at.is_not(None))
    ).all()
    domains = [domain for domain, _ in agreed]
    if account.state_code is None:
        return look_alikes(account.email, addresses, domains)
    own = [domain for domain, state in agreed if state == account.state_code]
    return signs_of(account.email, own, addresses, domains)


def _to_officers(
    session: Session, request: AccountRequest, rules: AccountRules, at: dt.datetime
) -> list[Notice]:
    return [
        Notice(
            kind="account_waits",
            key=f"account_waits:{request.id}:{officer}",
            account_id=officer,
            params={"account": request.account_id},
        )
        for officer in officers(session, rules, at.date())
        if officer != request.account_id
    ]


def officers(session: Session, rules: AccountRules, today: dt.date) -> list[int]:
    """The accounts of the officers who can act today."""
    since = confirmed_since(today)
    return list(session.scalars(counting_accounts(SECRETARIAT, today, since, rules.demo)))


def approve(
    uow: UnitOfWork, actor: Actor, request_id: int, rules: AccountRules, at: dt.datetime
) -> None:
    """Agree to a request; it is granted with the last word that was missing.

    The operator's word, at the command line, is enough. Raises ``NotFound``, ``Denied``,
    ``InvalidState``.
    """
    lock(uow.session)
    request = load_request(uow.session, request_id)
    file = load_file(uow.session, request.account_id, at.date())
    if request.outcome is not None:
        raise InvalidState(reasons=[Problem("", N_("It was decided already."))], overtaken=True)
    if actor is not SYSTEM and not may_approve(actor, request):
        raise Denied("accounts:approve")
    row = uow.session.get_one(AccountRequest, request_id)
    account = uow.session.get_one(Account, file.id)
    if actor.account_id is not None:
        word = AccountApproval(request_id=request_id, account_id=actor.account_id, at=at)
        uow.session.add(word)
    record_act(uow, actor, "account.approve", account, at, after={"request": request_id})
    said = len(request.approved_by) + 1
    if actor is SYSTEM or said >= request.needed:
        _grant(uow, actor, row, rules, at)


def decline(
    uow: UnitOfWork,
    actor: Actor,
    request_id: int,
    reason: str,
    at: dt.datetime,
) -> None:
    """Decline a request, or take back one's own; raises ``NotFound``, ``Denied``, ``Invalid``."""
    lock(uow.session)
    request = load_request(uow.session, request_id)
    if actor is not SYSTEM and not may_decline(actor, request):
        raise Denied("accounts:approve")
    if request.outcome is not None:
        raise InvalidState(reasons=[Problem("", N_("It was decided already."))], overtaken=True)
    require_reason(reason)
    row = uow.session.get_one(AccountRequest, request_id)
    close_request(uow, actor, row, reason.strip(), at)


def require_reason(reason: str) -> None:
    """Raise ``Invalid`` without a short reason."""
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        message = N_("Give the reason, in at most %(limit)s characters; name nobody in it.")
        raise Invalid([Problem("reason", message, {"limit": LONGEST_REASON})])


def close_request(
    uow: UnitOfWork, actor: Actor, request: AccountRequest, reason: str, at: dt.datetime
) -> None:
    """End a request without granting it; an account that was never granted a role is closed."""
    request.outcome, request.decided_at = RequestOutcome.DECLINED, at
    account = uow.session.get_one(Account, request.account_id)
    if not _roles(uow.session, account.id):
        account.active = False
    after: dict[str, object] = {"request": request.id}
    record_act(uow, actor, "account.decline", account, at, after=after, reason=reason)
    if request.asked_by is not None:
        notice = Notice(
            kind="account_declined",
            key=f"account_declined:{request.id}",
            account_id=request.asked_by,
            params={"account": account.id, "text": reason},
        )
        queue(uow, [notice], at, by=actor)


def _roles(session: Session, account_id: int) -> list[Role]:
    return list(
        session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id))
    )


def _open_again(uow: UnitOfWork, account: Account, at: dt.datetime) -> None:
    """Whoever comes back begins anew: without the old roles, and without any old way in."""
    uow.session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    account.active, account.ends_on = True, None
    start_over(uow, account, at)


def _grant(
    uow: UnitOfWork,
    actor: Actor,
    request: AccountRequest,
    rules: AccountRules,
    at: dt.datetime,
) -> None:
    """Give the role; invite who has no way in yet, and open anew what was closed."""
    request.outcome, request.decided_at = RequestOutcome.APPROVED, at
    account = uow.session.get_one(Account, request.account_id)
    if load_file(uow.session, account.id, at.date()).status not in OPEN:
        _open_again(uow, account, at)
    ends = request.role_ends_on
    if request.role not in _roles(uow.session, account.id):
        # An officer's session is shorter than a reader's, and a duty desk is for readers only.
        end_what_is_open(uow, account.id, at)
    uow.session.merge(AccountRole(account_id=account.id, role=request.role, ends_on=ends))
    if account.ends_on is not None and (ends is None or ends > account.ends_on):
        account.ends_on = ends
    account.confirmed_on = at.date()
    uow.session.flush()
    record_act(uow, actor, "account.grant", account, at, after=_said(request))
    if account.accepted_at is None:
        send_invitation(uow, account, rules, at)
        return
    hand_over(uow, account, at)
    granted = Notice(
        kind="account_granted", key=f"account_granted:{request.id}", account_id=account.id
    )
    queue(uow, [granted], at)
