"""What is due at a State, as its focal points' calendars show it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.models.calendar_link import CalendarLink
from directory.models.entry import Designation, Entry
from directory.policy import Actor, is_own_state, require
from directory.queries.accounts import find_actors
from directory.services.secrets import hash_secret

#: How long ago something may have been due and still stand in the calendar.
PAST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An entry of the State with the day until which it counts as confirmed, or on which the
    posting ends; ``type`` names requirements."""

    id: str
    kind: EntryKind
    name: str
    type: CooperationType | None
    due_on: dt.date | None
    posted_to: dt.date | None
    changed_at: dt.datetime


def link_made_at(actor: Actor, session: Session) -> dt.datetime | None:
    """When the actor's own address was made; None without one."""
    require(actor, "entries:confirm")
    query = select(CalendarLink.created_at).where(CalendarLink.account_id == actor.account_id)
    return session.scalars(query).one_or_none()


def actor_of_link(session: Session, secret: str, now: dt.datetime, demo: bool) -> Actor | None:
    """Whose calendar it is, with the rights of now; None for an address that opens nothing."""
    query = select(CalendarLink.account_id).where(CalendarLink.secret_hash == hash_secret(secret))
    account_id = session.scalars(query).one_or_none()
    if account_id is None:
        return None
    found = find_actors(session, [account_id], now, demo).get(account_id)
    return found if found and is_own_state(found, found.state) else None


def due_at_state(actor: Actor, session: Session, today: dt.date) -> tuple[Due, ...]:
    """What the actor's State has to confirm, and postings that end, by day; one statement."""
    require(actor, "entries:confirm")
    first = today - PAST
    kind = (
        select(Designation.cooperation_type)
        .where(Designation.entry_id == Entry.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            Entry.id,
            Entry.kind,
            Entry.name,
            kind.label("type"),
            Entry.due_on,
            Entry.visible_until,
            Entry.changed_at,
        )
        .where(
            Entry.state_code == actor.state,
            Entry.status != EntryStatus.RETIRED,
            or_(Entry.due_on >= first, Entry.visible_until >= first),
        )
        .order_by(Entry.due_on, Entry.id)
    )
    return tuple(
        Due(
            id=row.id,
            kind=row.kind,
            name=row.name,
            type=row.type if row.kind is EntryKind.REQUIREMENTS else None,
            due_on=row.due_on,
            posted_to=row.visible_until,
            changed_at=row.changed_at,
        )
        for row in session.execute(query)
    )
