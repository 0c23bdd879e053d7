"""Reminders: 30, 7 and 0 days before, weekly after; one digest a day and recipient.

Of confirmations that end, and of postings of liaison officers that do.

Who has not confirmed is written to first; then, the longer it lasts, the deputy, the permanent
mission and the secretariat's list. What is told depends on the day, the entries and the digests
told before, so a worker that stood still, or runs twice, neither forgets nor repeats one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.vocabulary import EntryStatus, Role
from directory.models import notice as tables
from directory.models.account import Account, AccountRole
from directory.models.entry import Entry
from directory.services.notices import Notice, queue

KIND = "confirmation_asked"
#: Days before the last day of a confirmation on which it is spoken of, the earliest first.
BEFORE = (30, 7, 0)
#: Days between reminders once that day is over.
WEEK = 7


class Rung(Enum):
    """Who is written to: from how many days after the last day on (before it, when negative)."""

    FOCAL_POINT = -BEFORE[0]
    #: The other focal points of the State.
    DEPUTY = 7
    MISSION = 21
    SECRETARIAT = 35


@dataclass(frozen=True, slots=True)
class Desk:
    """Whom a State's reminders go to, by rung: account ids and addresses."""

    accounts: tuple[int, ...] = ()
    mission: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """An entry whose confirmation ends on ``day``."""

    entry: str
    state: str
    day: dt.date
    #: It is the posting of an officer that ends.
    is_posting: bool = False


#: An account, or an address without one.
Recipient = int | str


def stage(day: dt.date, today: dt.date) -> int | None:
    """Days after ``day`` at which the newest reminder fell due; None when none has yet."""
    late = (today - day).days
    if late >= WEEK:
        return late - late % WEEK
    return next((-before for before in reversed(BEFORE) if late >= -before), None)


def queue_reminders(
    uow: UnitOfWork,
    at: dt.datetime,
    missions: Mapping[str, str],
    secretariat: Sequence[str],
) -> int:
    """Queue the digests of the day; returns how many. Safe to call any number of times a day.

    ``missions``: State -> address of its permanent mission.
    """
    today = at.date()
    due = [*_due(uow.session, today), *_ending(uow.session, today)]
    if not due:
        return 0
    told = _last_told(uow.session)
    wanted = _by_recipient(due, _desks(uow.session, missions, today), secretariat, today)
    never = _never_confirmed(uow.session)
    notices = [
        _digest(recipient, found, never, today)
        for recipient, found in sorted(wanted.items(), key=lambda item: str(item[0]))
        if told.get(recipient) != today and _has_news(found, told.get(recipient), today)
    ]
    queue(uow, notices, at)
    return len(notices)


def _due(session: Session, today: dt.date) -> list[Due]:
    """What readers see and has to be confirmed within the first notice, or is overdue."""
    query = (
        select(Entry.id, Entry.state_code, Entry.due_on)
        .where(
            Entry.due_on <= today + dt.timedelta(days=BEFORE[0]),
            Entry.status != EntryStatus.RETIRED,
            or_(Entry.visible_until.is_(None), Entry.visible_until >= today),
        )
        .order_by(Entry.due_on, Entry.id)
    )
    return [Due(entry, state, day) for entry, state, day in session.execute(query) if day]


def _ending(session: Session, today: dt.date) -> list[Due]:
    """Officers whose posting ends within the first notice; afterwards nobody sees them."""
    query = (
        select(Entry.id, Entry.state_code, Entry.visible_until)
        .where(
            Entry.visible_until.between(today, today + dt.timedelta(days=BEFORE[0])),
            Entry.status == EntryStatus.PUBLISHED,
        )
        .order_by(Entry.visible_until, Entry.id)
    )
    found = session.execute(query)
    return [Due(entry, state, day, is_posting=True) for entry, state, day in found if day]


def _never_confirmed(session: Session) -> dict[str, int]:
    """State -> its entries that no State has ever confirmed; campaigns ask for those."""
    query = (
        select(Entry.state_code, func.count())
        .where(Entry.due_on.is_(None), Entry.status != EntryStatus.RETIRED)
        .group_by(Entry.state_code)
    )
    return dict(session.execute(query).all())


def _desks(session: Session, missions: Mapping[str, str], today: dt.date) -> dict[str, Desk]:
    """The focal points of each State, the one longest in place first, and its mission."""
    query = (
        select(Account.state_code, Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            AccountRole.role == Role.FOCAL_POINT,
            Account.active,
            or_(Account.ends_on.is_(None), Account.ends_on >= today),
            or_(AccountRole.ends_on.is_(None), AccountRole.ends_on >= today),
        )
        .order_by(Account.id)
    )
    accounts: dict[str, list[int]] = defaultdict(list)
    for state, account in session.execute(query):
        accounts[str(state)].append(account)
    return {
        state: Desk(tuple(accounts[state]), missions.get(state, ""))
        for state in {*accounts, *missions}
    }


def _by_recipient(
    due: Iterable[Due], desks: Mapping[str, Desk], secretariat: Sequence[str], today: dt.date
) -> dict[Recipient, list[Due]]:
    wanted: dict[Recipient, list[Due]] = defaultdict(list)
    for one in due:
        late = (today - one.day).days
        for recipient in _recipients(desks.get(one.state, Desk()), secretariat, late):
            wanted[recipient].append(one)
    return wanted


def _recipients(desk: Desk, secretariat: Sequence[str], late: int) -> Iterator[Recipient]:
    """Everybody whose rung is reached, ``late`` days after the last day."""
    yield from desk.accounts[:1]
    if late >= Rung.DEPUTY.value:
        yield from desk.accounts[1:]
    if late >= Rung.MISSION.value and desk.mission:
        yield desk.mission
    if late >= Rung.SECRETARIAT.value:
        yield from secretariat


def _last_told(session: Session) -> dict[Recipient, dt.date]:
    """The day of each recipient's last digest."""
    query = (
        select(tables.Notice.account_id, tables.Notice.address, func.max(tables.Notice.created_at))
        .where(tables.Notice.kind == KIND)
        .group_by(tables.Notice.account_id, tables.Notice.address)
    )
    return {
        account if account is not None else address: at.date()
        for account, address, at in session.execute(query)
    }


def _has_news(found: Iterable[Due], told: dt.date | None, today: dt.date) -> bool:
    """Has any entry reached a further stage since the last digest?"""
    return any(told is None or stage(one.day, told) != stage(one.day, today) for one in found)


def _digest(
    recipient: Recipient, found: Sequence[Due], never: Mapping[str, int], today: dt.date
) -> Notice:
    states = {one.state for one in found}
    return Notice(
        kind=KIND,
        key=f"{KIND}:{recipient}:{today.isoformat()}",
        account_id=recipient if isinstance(recipient, int) else None,
        address=recipient if isinstance(recipient, str) else "",
        params={
            "state": next(iter(states)) if len(states) == 1 else "",
            "due": [
                (one.entry, one.state, one.day.isoformat(), one.day < today)
                for one in found
                if not one.is_posting
            ],
            "postings": [
                (one.entry, one.state, one.day.isoformat()) for one in found if one.is_posting
            ],
            "unconfirmed": sum(never.get(state, 0) for state in states),
        },
    )
