"""The feed of changes: each entry once, at the newest event about it, as its reader may see it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import Session, aliased

from directory.domain.document import entry_document
from directory.domain.events import officer_person
from directory.domain.feed import (
    ENTRY_ACTIONS,
    ERASURE,
    Place,
    What,
    read_place,
    view_mark,
    what_happened,
    write_place,
)
from directory.domain.freshness import freshness, freshness_json
from directory.domain.marks import N_
from directory.errors import Invalid, Problem, Unavailable
from directory.models.change_log import LogEvent
from directory.models.entry import Entry
from directory.policy import READ_ENTRY, Actor, EntryFacts, require, visible
from directory.queries.entries import HEAD, head_of
from directory.queries.records import read_records

_PERSON = officer_person("")
_later = aliased(LogEvent)
#: The entry an event is about, whichever of the two kinds of subjects it has.
_entry_id = case(
    (LogEvent.subject_kind == "entry", LogEvent.subject_id),
    else_=func.substr(LogEvent.subject_id, len(_PERSON) + 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry of the feed; ``entry`` is None where a copy has to let it go."""

    id: str
    what: What
    at: dt.datetime
    #: Number of the event in the change log; None where no event but the calendar hid it.
    sequence: int | None
    state: str
    entry: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """What is told at once; ``next`` is the cursor to go on at, also when nothing is left."""

    items: tuple[Told, ...]
    next: str
    more: bool


def changes_since(
    actor: Actor, session: Session, cursor: str, limit: int, today: dt.date
) -> ChangesPage:
    """What happened to entries after the cursor, in the order of the change log.

    Raises ``Invalid`` for a cursor that is none, or was given to a reader who sees otherwise;
    ``Unavailable`` while restricted lines are closed, for a copy would lose them.
    """
    require(actor, "changes:follow")
    # A token may have the one and not the other; then every entry would look gone.
    require(actor, "entries:read")
    if actor.narrow:
        message = N_("It cannot be written down now who takes restricted numbers; ask again later.")
        raise Unavailable(message)
    # Read first: what is committed between the two statements has a higher number, and waits.
    top = session.scalar(select(func.max(LogEvent.sequence))) or 0
    place = _place(actor, cursor, top, today)
    ended = list(_ended(actor, session, place, today))
    rows = session.execute(_page(place, top, limit)).all()
    kept = rows[:limit]
    told = _told(actor, session, kept, place, today)
    more = len(rows) > limit
    following = replace(
        place, sequence=kept[-1].sequence if more else top, day=max(today, place.day)
    )
    return ChangesPage(items=(*ended, *told), next=write_place(following), more=more)


def _place(actor: Actor, cursor: str, top: int, today: dt.date) -> Place:
    view = view_mark(actor.state, actor.roles, actor.cooperation_types)
    if not cursor:
        return Place(sequence=0, begun=top, day=today, view=view)
    place = read_place(cursor)
    if place is None or max(place.sequence, place.begun) > top:
        message = N_("not a cursor of this feed: take the value of 'next' of the answer before")
        raise Invalid([Problem("cursor", message)])
    if place.view != view:
        message = N_("what you may see has changed since: begin a new copy, without a cursor")
        raise Invalid([Problem("cursor", message)])
    return place


def _about(event: Any) -> ColumnElement[bool]:
    """Is the event one that is told?"""
    return or_(
        and_(event.subject_kind == "entry", event.action.in_(ENTRY_ACTIONS)),
        and_(
            event.subject_kind == "person",
            event.action == ERASURE,
            event.subject_id.startswith(_PERSON),
        ),
    )


def _told_later(entry_id: Any, after: Any) -> ColumnElement[bool]:
    """Is there an event about the entry behind that number?"""
    by_entry = and_(_later.subject_kind == "entry", _later.subject_id == entry_id)
    by_person = and_(
        _later.subject_kind == "person", _later.subject_id == literal(_PERSON).concat(entry_id)
    )
    return or_(
        *(
            select(_later.sequence).where(which, _later.sequence > after, _about(_later)).exists()
            for which in (by_entry, by_person)
        )
    )


def _page(place: Place, top: int, limit: int) -> Any:
    """The newest event of each entry with the entry as it is, in one statement, so in one view."""
    return (
        select(
            LogEvent.sequence, LogEvent.at, LogEvent.action, LogEvent.before, LogEvent.after, *HEAD
        )
        .join(Entry, Entry.id == _entry_id)
        .where(
            LogEvent.sequence > place.sequence,
            LogEvent.sequence <= top,
            _about(LogEvent),
            not_(_told_later(_entry_id, LogEvent.sequence)),
        )
        .order_by(LogEvent.sequence)
        .limit(limit + 1)
    )


def _ended(actor: Actor, session: Session, place: Place, today: dt.date) -> Iterator[Told]:
    """Entries that were to be seen on the day of the cursor and are not today; no event says so."""
    if place.day >= today:
        return
    statement = (
        select(Entry.id, Entry.state_code, Entry.visible_until)
        .where(
            Entry.visible_until.is_not(None),
            READ_ENTRY.filter(actor, place.day),
            not_(READ_ENTRY.filter(actor, today)),
            not_(_told_later(Entry.id, place.sequence)),
        )
        .order_by(Entry.visible_until, Entry.id)
    )
    for row in session.execute(statement):
        over = dt.datetime.combine(row.visible_until + dt.timedelta(days=1), dt.time(), dt.UTC)
        yield Told(
            id=row.id, what=What.HIDDEN, at=over, sequence=None, state=row.state_code, entry=None
        )


def _told(
    actor: Actor, session: Session, rows: Sequence[Row[Any]], place: Place, today: dt.date
) -> Iterator[Told]:
    shown = [row for row in rows if READ_ENTRY.allows(actor, cast("EntryFacts", row), today)]
    records = read_records(session.connection(), shown)
    for row in rows:
        what = what_happened(row.action, row.before, row.after)
        if row.id not in records:
            if row.sequence > place.begun:
                yield _gone(row, what)
            continue
        fresh = freshness(row.kind, row.confirmed_on, today, row.open_reports)
        seen = visible(actor, row.state_code, records[row.id])
        entry = {**entry_document(head_of(row), seen), "freshness": freshness_json(fresh)}
        yield Told(
            id=row.id,
            what=what,
            at=row.at,
            sequence=row.sequence,
            state=row.state_code,
            entry=entry,
        )


def _gone(row: Row[Any], what: What) -> Told:
    # Hidden by the calendar, and touched afterwards: by what the reader may not see.
    shown = what if what in {What.RETIRED, What.ERASED} else What.HIDDEN
    return Told(
        id=row.id,
        what=shown,
        at=row.at,
        sequence=row.sequence,
        state=row.state_code,
        entry=None,
    )
