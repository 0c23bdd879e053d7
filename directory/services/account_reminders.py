"""Accounts to be confirmed and roles about to end: told in time; what is over loses every way in.

Whoever may confirm gets one digest a day at most, in which no person is named; the owner is told as
well. What is told depends on the day, the accounts and the digests told before, so a worker that
stood still, or runs twice, neither forgets nor repeats.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.accounts import GRACE, AccountKind, confirmed_since, due_on, kind_of
from directory.domain.vocabulary import Role
from directory.models import notice as tables
from directory.models.account import Account, AccountRole, ApiToken, Invitation, LoginSession
from directory.policy import SYSTEM
from directory.queries.account_files import counting_accounts, is_over
from directory.services.account_requests import officers
from directory.services.accounts import record_act
from directory.services.invitations import AccountRules
from directory.services.notices import Notice, queue
from directory.services.reminders import BEFORE, stage

KIND = "accounts_due"


@dataclass(frozen=True, slots=True)
class Coming:
    """An account that is to be confirmed by ``day``, or ends then (itself, or one of its roles)."""

    account_id: int
    state: str
    kind: AccountKind
    day: dt.date
    ends: bool


def queue_account_reminders(uow: UnitOfWork, rules: AccountRules, at: dt.datetime) -> int:
    """Queue the digests of the day and what owners are told; returns how many digests.

    Safe to call any number of times a day.
    """
    today = at.date()
    coming = [
        one for one in _coming(uow.session, rules, today) if stage(one.day, today) is not None
    ]
    if not coming:
        return 0
    wanted = _by_recipient(uow.session, coming, rules, today)
    told = _last_told(uow.session)
    digests = [
        _digest(recipient, found, today)
        for recipient, found in sorted(wanted.items())
        if told.get(recipient) != today and _has_news(found, told.get(recipient), today)
    ]
    queue(uow, [*digests, *(_to_owner(one, today) for one in coming)], at)
    return len(digests)


def _coming(session: Session, rules: AccountRules, today: dt.date) -> Iterator[Coming]:
    """What is due or ends within the first notice, of accounts that still work."""
    soon = today + dt.timedelta(days=BEFORE[0])
    working = counting_accounts(Role, today, confirmed_since(today), rules.demo)
    query = (
        select(
            Account.id,
            Account.state_code,
            Account.confirmed_on,
            Account.ends_on,
            AccountRole.role,
            AccountRole.ends_on.label("role_ends_on"),
        )
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.id.in_(working))
        .order_by(Account.id)
    )
    rows = defaultdict(list)
    for row in session.execute(query):
        rows[row.id].append(row)
    for account_id, found in rows.items():
        first, kind = found[0], kind_of({row.role for row in found})
        state = first.state_code or ""
        if (day := due_on(first.confirmed_on)) <= soon:
            yield Coming(account_id, state, kind, day, ends=False)
        ends = {first.ends_on, *(row.role_ends_on for row in found)} - {None}
        for day in sorted(ends):
            if today <= day <= soon:
                yield Coming(account_id, state, kind, day, ends=True)


def _by_recipient(
    session: Session, coming: Iterable[Coming], rules: AccountRules, today: dt.date
) -> Mapping[int, Sequence[Coming]]:
    """What each account that can do something about it is told."""
    points = _focal_points(session, rules, today)
    of_secretariat = officers(session, rules, today)
    wanted: dict[int, list[Coming]] = defaultdict(list)
    for one in coming:
        own_state = points.get(one.state, ()) if one.kind is AccountKind.READER else ()
        for recipient in own_state or of_secretariat:
            if recipient != one.account_id:
                wanted[recipient].append(one)
    return wanted


def _focal_points(
    session: Session, rules: AccountRules, today: dt.date
) -> Mapping[str, Sequence[int]]:
    ids = counting_accounts([Role.FOCAL_POINT], today, confirmed_since(today), rules.demo)
    query = select(Account.state_code, Account.id).where(Account.id.in_(ids)).order_by(Account.id)
    found: dict[str, list[int]] = defaultdict(list)
    for state, account_id in session.execute(query):
        found[state or ""].append(account_id)
    return found


def _last_told(session: Session) -> Mapping[int | None, dt.date]:
    """The day of each account's last digest."""
    query = (
        select(tables.Notice.account_id, func.max(tables.Notice.created_at))
        .where(tables.Notice.kind == KIND)
        .group_by(tables.Notice.account_id)
    )
    return {account: at.date() for account, at in session.execute(query)}


def _has_news(found: Iterable[Coming], told: dt.date | None, today: dt.date) -> bool:
    """Has any account reached a further stage since the last digest?"""
    return any(told is None or stage(one.day, told) != stage(one.day, today) for one in found)


def _digest(recipient: int, found: Sequence[Coming], today: dt.date) -> Notice:
    ending = sum(one.ends for one in found)
    return Notice(
        kind=KIND,
        key=f"{KIND}:{recipient}:{today.isoformat()}",
        account_id=recipient,
        params={"to_confirm": len(found) - ending, "ending": ending},
    )


def _to_owner(one: Coming, today: dt.date) -> Notice:
    """One's own account: told once for each stage, whatever else happens."""
    told = f"{one.account_id}:{one.day.isoformat()}:{stage(one.day, today)}"
    if one.ends:
        return Notice(
            kind="own_account_ends",
            key=f"own_account_ends:{told}",
            account_id=one.account_id,
            params={"last_day": one.day.isoformat()},
        )
    return Notice(
        kind="own_account_due",
        key=f"own_account_due:{told}",
        account_id=one.account_id,
        params={"last_day": _stops_on(one.day).isoformat()},
    )


def _stops_on(day: dt.date) -> dt.date:
    """The day from which an account that was to be confirmed by ``day`` no longer works."""
    return day + GRACE + dt.timedelta(days=1)


def close_what_is_over(uow: UnitOfWork, at: dt.datetime) -> int:
    """Revoke what accounts still hold that lapsed or ended; returns of how many accounts.

    It opened nothing any more; revoked, it does not come back to life when the account does.
    """
    closed = (
        _revoke(uow, LoginSession, LoginSession.revoked_at.is_(None), at)
        | _revoke(uow, ApiToken, ApiToken.revoked_at.is_(None), at)
        | _void(uow, at)
    )
    for account in uow.session.scalars(select(Account).where(Account.id.in_(sorted(closed)))):
        record_act(uow, SYSTEM, "account.over", account, at)
    return len(closed)


def _revoke(
    uow: UnitOfWork,
    table: type[LoginSession] | type[ApiToken],
    is_open: ColumnElement[bool],
    at: dt.datetime,
) -> set[int]:
    over = select(Account.id).where(is_over(at.date()))
    statement = (
        update(table)
        .where(is_open, table.account_id.in_(over))
        .values(revoked_at=at)
        .returning(table.account_id)
        .execution_options(synchronize_session=False)
    )
    return set(uow.session.scalars(statement))


def _void(uow: UnitOfWork, at: dt.datetime) -> set[int]:
    over = select(Account.id).where(is_over(at.date()))
    statement = (
        update(Invitation)
        .where(Invitation.used_at.is_(None), Invitation.account_id.in_(over))
        .values(used_at=at)
        .returning(Invitation.account_id)
        .execution_options(synchronize_session=False)
    )
    return set(uow.session.scalars(statement))
