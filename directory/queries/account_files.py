"""What is known of an account: its roles, what is asked for, the link that was sent, its status."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from directory.domain.account_addresses import Sign
from directory.domain.accounts import (
    AccountAct,
    AccountKind,
    AccountStatus,
    Life,
    RequestKind,
    RequestOutcome,
    confirmed_since,
    due_on,
    kind_of,
    status_of,
)
from directory.domain.vocabulary import CooperationType, Role
from directory.errors import Denied, NotFound
from directory.models.account import (
    Account,
    AccountApproval,
    AccountRequest,
    AccountRole,
    Invitation,
)
from directory.models.notice import Notice
from directory.policy import ACCOUNT_ACTS, Actor, may_account


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of an account, and its last day."""

    role: Role
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFile:
    """What was asked for, and who agreed."""

    id: int
    account_id: int
    kind: RequestKind
    role: Role
    ends_on: dt.date | None
    replaces_id: int | None
    leaves: bool
    #: None: the operator.
    asked_by: int | None
    asked_at: dt.datetime
    needed: int
    signs: tuple[Sign, ...]
    approved_by: frozenset[int]
    outcome: RequestOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFile:
    """An account as those see it who look after it."""

    id: int
    email: str
    state: str
    authority: str
    types: frozenset[CooperationType]
    held: tuple[HeldRole, ...]
    request: RequestFile | None
    status: AccountStatus
    confirmed_on: dt.date
    created_at: dt.datetime
    accepted_at: dt.datetime | None
    ends_on: dt.date | None
    demo: bool

    @property
    def roles(self) -> frozenset[Role]:
        """Held, and asked for."""
        asked = [self.request.role] if self.request else []
        return frozenset((*(one.role for one in self.held), *asked))

    @property
    def kind(self) -> AccountKind:
        return kind_of(self.roles)

    @property
    def due_on(self) -> dt.date:
        """The day by which it is to be confirmed."""
        return due_on(self.confirmed_on)

    def end_of(self, role: Role) -> dt.date | None:
        """Last day of a role that it holds."""
        return next(one.ends_on for one in self.held if one.role is role)


@dataclass(frozen=True, slots=True)
class LinkFile:
    """The newest invitation: when it was made, when its mail left, until when it works."""

    made_at: dt.datetime
    sent_at: dt.datetime | None
    ends_at: dt.datetime
    is_void: bool


def require_act(actor: Actor, act: AccountAct, file: AccountFile) -> None:
    """Raise ``NotFound`` for an account that is none of the actor's business, else ``Denied``."""
    if may_account(actor, act, file):
        return
    if not may_account(actor, AccountAct.READ, file):
        raise NotFound("account", str(file.id))
    raise Denied(ACCOUNT_ACTS[act])


def get_file(actor: Actor, session: Session, account_id: int, today: dt.date) -> AccountFile:
    """One account that the actor may see; raises ``NotFound``."""
    file = load_file(session, account_id, today)
    require_act(actor, AccountAct.READ, file)
    return file


def load_file(session: Session, account_id: int, today: dt.date) -> AccountFile:
    """One account, whoever asks; raises ``NotFound``."""
    found = read_files(session, select(Account).where(Account.id == account_id), today)
    if not found:
        raise NotFound("account", str(account_id))
    return found[0]


def read_files(session: Session, which: Select[Account], today: dt.date) -> tuple[AccountFile, ...]:
    """The accounts of the statement in its order; four statements."""
    accounts = session.scalars(which).all()
    ids = [one.id for one in accounts]
    roles = _read_roles(session, ids)
    asked = open_requests(session, AccountRequest.account_id.in_(ids))
    return tuple(_file(one, roles.get(one.id, ()), asked.get(one.id), today) for one in accounts)


def _file(
    account: Account, held: Sequence[HeldRole], request: RequestFile | None, today: dt.date
) -> AccountFile:
    life = Life(
        active=account.active,
        accepted=account.accepted_at is not None,
        waits=request is not None,
        confirmed_on=account.confirmed_on,
        ends_on=account.ends_on,
        role_ends=tuple(one.ends_on for one in held),
    )
    return AccountFile(
        id=account.id,
        email=account.email,
        state=account.state_code or "",
        authority=account.authority,
        types=frozenset(CooperationType(code) for code in account.cooperation_types),
        held=tuple(held),
        request=request,
        status=status_of(life, today),
        confirmed_on=account.confirmed_on,
        created_at=account.created_at,
        accepted_at=account.accepted_at,
        ends_on=account.ends_on,
        demo=account.demo,
    )


def _read_roles(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[HeldRole]]:
    query = select(AccountRole).where(AccountRole.account_id.in_(ids)).order_by(AccountRole.role)
    found: dict[int, list[HeldRole]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.account_id].append(HeldRole(row.role, row.ends_on))
    return found


def open_requests(session: Session, *which: ColumnElement[bool]) -> dict[int, RequestFile]:
    """Open requests by the account they are about; two statements."""
    query = select(AccountRequest).where(AccountRequest.outcome.is_(None), *which)
    rows = session.scalars(query.order_by(AccountRequest.asked_at)).all()
    said = _read_approvals(session, [row.id for row in rows])
    return {row.account_id: _request(row, said.get(row.id, frozenset())) for row in rows}


def load_request(session: Session, request_id: int) -> RequestFile:
    """One request, open or not; raises ``NotFound``."""
    row = session.get(AccountRequest, request_id)
    if row is None:
        raise NotFound("request", str(request_id))
    return _request(row, _read_approvals(session, [row.id]).get(row.id, frozenset()))


def _read_approvals(session: Session, ids: Sequence[int]) -> dict[int, frozenset[int]]:
    query = select(AccountApproval).where(AccountApproval.request_id.in_(ids))
    found: dict[int, set[int]] = defaultdict(set)
    for row in session.scalars(query) if ids else ():
        found[row.request_id].add(row.account_id)
    return {request: frozenset(officers) for request, officers in found.items()}


def _request(row: AccountRequest, approved_by: frozenset[int]) -> RequestFile:
    return RequestFile(
        id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        role=row.role,
        ends_on=row.role_ends_on,
        replaces_id=row.replaces_id,
        leaves=row.leaves,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        needed=row.needed,
        signs=tuple(Sign(one["code"], one["text"]) for one in row.signs),
        approved_by=approved_by,
        outcome=row.outcome,
    )


def read_link(session: Session, account_id: int) -> LinkFile | None:
    """The newest invitation of the account; None when none was sent. Never what it holds."""
    query = (
        select(Invitation)
        .where(Invitation.account_id == account_id)
        .order_by(Invitation.created_at.desc())
        .limit(1)
    )
    row = session.scalar(query)
    if row is None:
        return None
    mail = (Notice.account_id == account_id, Notice.kind == "account_invited")
    sent = select(func.max(Notice.sent_at)).where(*mail, Notice.created_at >= row.created_at)
    return LinkFile(row.created_at, session.scalar(sent), row.ends_at, row.used_at is not None)


def read_addresses(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Address of each of these accounts."""
    wanted = sorted({one for one in ids if one is not None})
    query = select(Account.id, Account.email).where(Account.id.in_(wanted))
    return {row.id: row.email for row in session.execute(query)} if wanted else {}


def counting_accounts(
    roles: Iterable[Role], today: dt.date, since: dt.date, demo: bool
) -> Select[int]:
    """The accounts that hold one of the roles, were accepted and let their owner in today."""
    role = and_(
        AccountRole.account_id == Account.id,
        AccountRole.role.in_(list(roles)),
        or_(AccountRole.ends_on.is_(None), AccountRole.ends_on >= today),
    )
    allowed = () if demo else (Account.demo.is_(False),)
    return (
        select(Account.id)
        .where(
            Account.active,
            Account.accepted_at.is_not(None),
            Account.confirmed_on >= since,
            or_(Account.ends_on.is_(None), Account.ends_on >= today),
            exists().where(role),
            *allowed,
        )
        .order_by(Account.id)
    )


def is_over(today: dt.date) -> ColumnElement[bool]:
    """Accounts that open nothing: disabled, ended, lapsed, without a role."""
    role = and_(
        AccountRole.account_id == Account.id,
        or_(AccountRole.ends_on.is_(None), AccountRole.ends_on >= today),
    )
    return or_(
        not_(Account.active),
        and_(Account.ends_on.is_not(None), Account.ends_on < today),
        Account.confirmed_on < confirmed_since(today),
        not_(exists().where(role)),
    )
