"""Looking for copying in the read audit, and letting go of what is older than is kept.

The worker does both. A pattern of one account or State is told once a day, to every administrator
and auditor; it closes nothing by itself, because the same desk may have a reason.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.looking import (
    Limits,
    Way,
    account_subject,
    day_of,
    hour_of,
    state_subject,
)
from directory.domain.scraping import Found, Pattern, Thresholds, patterns_of_account
from directory.domain.vocabulary import Role
from directory.models.account import Account
from directory.models.read_audit import ReadAlert, ReadCount, ReadView
from directory.services.notices import Notice, queue
from directory.services.recipients import officers

#: Stretches of time that are looked at.
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(hours=24)
#: Most accounts whose order of looking is read in one round; the busiest come first.
MOST_ACCOUNTS = 50
#: Ways by which one asks for one entry after the other.
ONE_BY_ONE = (Way.PAGE, Way.API, Way.FINDER, Way.HISTORY, Way.EXTRACT)
#: Rows let go of in one transaction.
AT_ONCE = 10_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A pattern and whose it is: an account's, or that of a whole State (``account_id`` None)."""

    account_id: int | None
    state: str
    found: Found

    def key(self, at: dt.datetime) -> str:
        """The same for the whole day."""
        whose = account_subject(self.account_id) if self.account_id else state_subject(self.state)
        return f"{self.found.pattern}:{whose}:{day_of(at)}"


def raise_alerts(uow: UnitOfWork, at: dt.datetime, limits: Limits, thresholds: Thresholds) -> int:
    """Keep and tell the patterns that were not told today; gives their number."""
    session = uow.session
    suspects = {
        one.key(at): one
        for find in (_orderly(session, at, thresholds), _broad(session, at, thresholds))
        for one in find
    }
    for find in (_shared(session, at, thresholds), _counted(session, at, limits)):
        suspects |= {one.key(at): one for one in find}
    suspects |= {one.key(at): one for one in _beyond(session, at)}
    known = session.scalars(select(ReadAlert.key).where(ReadAlert.key.in_(sorted(suspects))))
    for key in known:
        suspects.pop(key)
    for key, one in suspects.items():
        _tell(uow, key, one, at)
    return len(suspects)


def _tell(uow: UnitOfWork, key: str, one: Suspect, at: dt.datetime) -> None:
    uow.session.add(
        ReadAlert(
            at=at,
            pattern=one.found.pattern,
            account_id=one.account_id,
            state=one.state,
            facts={"number": one.found.number},
            key=key,
        )
    )
    log.warning("reading_alert", pattern=one.found.pattern, account=one.account_id, state=one.state)
    told = {
        account_id
        for role in (Role.ADMINISTRATOR, Role.AUDITOR)
        for account_id in officers(uow.session, at.date(), one.account_id, role)
    }
    params = {"pattern": one.found.pattern.value, "by": one.state or "-"}
    notices = [
        Notice(
            kind="reading_alert",
            key=f"reading_alert:{key}:{account_id}",
            account_id=account_id,
            params=params,
        )
        for account_id in sorted(told)
    ]
    queue(uow, notices, at)


def _orderly(session: Session, at: dt.datetime, thresholds: Thresholds) -> Iterator[Suspect]:
    """Accounts that went through entries or States in order within the hour."""
    recent = (
        ReadView.at > at - HOUR,
        ReadView.way.in_(ONE_BY_ONE),
        ReadView.account_id.is_not(None),
    )
    least = min(thresholds.entries_in_order, thresholds.states_in_order)
    busy = (
        select(ReadView.account_id)
        .where(*recent)
        .group_by(ReadView.account_id)
        .having(func.count() >= least)
        .order_by(func.count().desc())
        .limit(MOST_ACCOUNTS)
    )
    accounts = [one for one in session.scalars(busy) if one is not None]
    rows = session.execute(
        select(
            ReadView.account_id,
            ReadView.account_state,
            ReadView.way,
            ReadView.entry_id,
            ReadView.entry_state,
        )
        .where(*recent, ReadView.account_id.in_(accounts))
        .order_by(ReadView.id)
    )
    looked: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    for account_id, state, way, entry, entry_state in rows:
        if account_id is not None:
            # The entries of one answer come in the finder's own order, which says nothing.
            told = "" if way is Way.FINDER else entry
            looked[account_id, state].append((told, entry_state))
    for (account_id, state), pairs in looked.items():
        for found in patterns_of_account(pairs, thresholds):
            yield Suspect(account_id, state, found)


def _broad(session: Session, at: dt.datetime, thresholds: Thresholds) -> Iterator[Suspect]:
    """Accounts that looked at very many States within a day."""
    states = func.count(ReadView.entry_state.distinct())
    statement = (
        select(ReadView.account_id, ReadView.account_state, states)
        .where(ReadView.at > at - DAY, ReadView.account_id.is_not(None), ReadView.entry_state != "")
        .group_by(ReadView.account_id, ReadView.account_state)
        .having(states >= thresholds.states_a_day)
    )
    for account_id, state, number in session.execute(statement):
        yield Suspect(account_id, state, Found(Pattern.BREADTH, number))


def _shared(session: Session, at: dt.datetime, thresholds: Thresholds) -> Iterator[Suspect]:
    """States of which several accounts looked at the same entries of others within a day."""
    lookers = func.count(ReadView.account_id.distinct())
    shared = (
        select(ReadView.account_state, ReadView.entry_id)
        .where(
            ReadView.at > at - DAY,
            ReadView.account_state != "",
            ReadView.entry_id != "",
            ReadView.entry_state != ReadView.account_state,
        )
        .group_by(ReadView.account_state, ReadView.entry_id)
        .having(lookers >= thresholds.accounts_sharing)
        .subquery()
    )
    number = func.count()
    statement = (
        select(shared.c.account_state, number)
        .group_by(shared.c.account_state)
        .having(number >= thresholds.entries_shared)
    )
    for state, entries in session.execute(statement):
        yield Suspect(None, state, Found(Pattern.SHARED, entries))


def _counted(session: Session, at: dt.datetime, limits: Limits) -> Iterator[Suspect]:
    """Accounts and States above a quota in this hour or day."""
    statement = select(ReadCount.subject, ReadCount.period, ReadCount.views).where(
        ReadCount.period.in_((hour_of(at), day_of(at)))
    )
    rows = session.execute(statement).all()
    homes = _homes(session, (subject for subject, _period, _views in rows))
    by_kind = {
        ("account", True): (limits.hard_daily, Pattern.QUOTA),
        ("account", False): (limits.soft_hourly, Pattern.RATE),
        ("state", True): (limits.state_hard_daily, Pattern.QUOTA),
        ("state", False): (limits.state_soft_hourly, Pattern.RATE),
    }
    for subject, period, views in rows:
        kind, _, name = subject.partition(":")
        limit, pattern = by_kind[kind, period == day_of(at)]
        if limit and views >= limit:
            account_id = int(name) if kind == "account" else None
            state = homes.get(account_id, "") if account_id else name
            yield Suspect(account_id, state, Found(pattern, views))


def _homes(session: Session, subjects: Iterable[str]) -> dict[int, str]:
    """Account -> its State."""
    wanted = {int(one.partition(":")[2]) for one in subjects if one.startswith("account:")}
    statement = select(Account.id, Account.state_code).where(Account.id.in_(sorted(wanted)))
    return {account_id: state or "" for account_id, state in session.execute(statement)}


def _beyond(session: Session, at: dt.datetime) -> Iterator[Suspect]:
    """Accounts whose urgent look-ups went on beyond the quota of the day."""
    statement = (
        select(ReadView.account_id, ReadView.account_state, func.count())
        .where(ReadView.at > at - HOUR, ReadView.beyond, ReadView.account_id.is_not(None))
        .group_by(ReadView.account_id, ReadView.account_state)
    )
    for account_id, state, number in session.execute(statement):
        yield Suspect(account_id, state, Found(Pattern.BEYOND_QUOTA, number))


def forget_look_ups(uow: UnitOfWork, at: dt.datetime, days: int) -> int:
    """Let go of look-ups older than that, and of counts that are over; gives how many look-ups."""
    session, oldest = uow.session, at - dt.timedelta(days=days)
    session.execute(delete(ReadCount).where(ReadCount.period < day_of(at - DAY)))
    session.execute(delete(ReadAlert).where(ReadAlert.at < oldest))
    some = select(ReadView.id).where(ReadView.at < oldest).limit(AT_ONCE)
    gone = list(session.scalars(some))
    if gone:
        session.execute(delete(ReadView).where(ReadView.id <= max(gone), ReadView.at < oldest))
    return len(gone)
