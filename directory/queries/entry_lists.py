"""Entries in a list: one line each, with filters and a cursor."""

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from directory.domain.freshness import NOTICE_DAYS, FreshnessView, freshness
from directory.domain.marks import N_
from directory.domain.vocabulary import (
    CooperationType,
    EntryKind,
    EntryStatus,
    Freshness,
)
from directory.errors import Invalid, Problem
from directory.models.entry import Designation, Entry
from directory.policy import (
    READ_ENTRY,
    Actor,
    require,
)
from directory.queries.entries import HEAD, AnyRow

#: Most entries in one list.
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySummary:
    """An entry as a line of a list."""

    id: str
    kind: EntryKind
    state: str
    name: str
    status: EntryStatus
    types: tuple[CooperationType, ...]
    freshness: FreshnessView
    as_published: str
    synthetic: bool
    conflict: bool
    revision: int
    changed_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilters:
    """What a list is narrowed to; an empty field does not narrow."""

    state: str = ""
    type: CooperationType | None = None
    kind: EntryKind | None = None
    instrument: str = ""
    freshness: Freshness | None = None
    updated_since: dt.datetime | None = None
    #: Only these, by identifier (what a search found).
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list; ``next`` is the cursor of the following page, None at the end."""

    items: tuple[EntrySummary, ...]
    next: str | None
    total: int


def list_entries(
    actor: Actor,
    session: Session,
    filters: EntryFilters,
    today: dt.date,
    limit: int = 50,
    cursor: str = "",
) -> Listing:
    """Entries by identifier, each exactly once over all pages, also while others are added.

    Raises ``Invalid`` for a cursor that was not given by an earlier page.
    """
    require(actor, "entries:read")
    limit = max(1, min(limit, MOST))
    wanted = [READ_ENTRY.filter(actor, today), *_conditions(filters, today)]
    total = session.execute(select(func.count()).select_from(Entry).where(*wanted)).scalar_one()
    page = select(*HEAD).where(*wanted).order_by(Entry.id).limit(limit + 1)
    if cursor:
        page = page.where(Entry.id > read_cursor(cursor))
    rows = session.execute(page).all()
    items = summaries(session, rows[:limit], today)
    following = make_cursor(items[-1].id) if len(rows) > limit else None
    return Listing(items=items, next=following, total=total)


def entries_of_state(
    actor: Actor, session: Session, code: str, today: dt.date
) -> tuple[EntrySummary, ...]:
    """All entries of one State that the actor may see, by kind and name."""
    statement = (
        select(*HEAD)
        .where(READ_ENTRY.filter(actor, today), Entry.state_code == code)
        .order_by(Entry.kind, Entry.name, Entry.id)
    )
    return summaries(session, session.execute(statement).all(), today)


def summaries(session: Session, rows: Sequence[AnyRow], today: dt.date) -> tuple[EntrySummary, ...]:
    """Lines for rows of the head's columns, with their types, in one more statement."""
    types = types_of(session, [row.id for row in rows])
    return tuple(
        EntrySummary(
            id=row.id,
            kind=row.kind,
            state=row.state_code,
            name=row.name,
            status=row.status,
            types=types.get(row.id, ()),
            freshness=freshness(row.kind, row.confirmed_on, today, row.open_reports),
            as_published=row.as_published,
            synthetic=row.synthetic,
            conflict=row.conflict,
            revision=row.revision,
            changed_at=row.changed_at,
        )
        for row in rows
    )


def types_of(session: Session, ids: list[str]) -> Mapping[str, tuple[CooperationType, ...]]:
    """Entry -> its cooperation types, in the order of the vocabulary."""
    if not ids:
        return {}
    found: dict[str, set[CooperationType]] = {}
    statement = select(Designation.entry_id, Designation.cooperation_type).where(
        Designation.entry_id.in_(ids)
    )
    for entry_id, kind in session.execute(statement.distinct()):
        found.setdefault(entry_id, set()).add(kind)
    return {
        entry_id: tuple(kind for kind in CooperationType if kind in kinds)
        for entry_id, kinds in found.items()
    }


def _conditions(filters: EntryFilters, today: dt.date) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if not (filters.state + filters.instrument).isprintable():
        return [false()]
    if filters.ids is not None:
        wanted.append(Entry.id.in_(filters.ids))
    if filters.state:
        wanted.append(Entry.state_code == filters.state)
    if filters.kind:
        wanted.append(Entry.kind == filters.kind)
    if filters.updated_since:
        wanted.append(Entry.changed_at >= filters.updated_since)
    if filters.freshness:
        wanted.append(is_fresh(filters.freshness, today))
    if filters.type or filters.instrument:
        wanted.append(Entry.id.in_(_designated(filters)))
    return wanted


def _designated(filters: EntryFilters) -> Select[str]:
    statement = select(Designation.entry_id)
    if filters.type:
        statement = statement.where(Designation.cooperation_type == filters.type)
    if filters.instrument:
        statement = statement.where(Designation.instrument_code == filters.instrument)
    return statement


def is_fresh(wanted: Freshness, today: dt.date) -> ColumnElement[bool]:
    """The same rule as ``domain.freshness``, for the database."""
    if wanted is Freshness.DISPUTED:
        return Entry.open_reports > 0
    notice = today + dt.timedelta(days=NOTICE_DAYS)
    by_date = {
        Freshness.CONFIRMED: Entry.due_on > notice,
        Freshness.DUE: Entry.due_on.between(today, notice),
        Freshness.LAPSED: or_(Entry.due_on.is_(None), Entry.due_on < today),
    }
    return and_(Entry.open_reports == 0, by_date[wanted])


def make_cursor(entry_id: str) -> str:
    """A cursor that continues after the entry."""
    return base64.urlsafe_b64encode(entry_id.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """The identifier a cursor stands for; raises ``Invalid``."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        entry_id = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        entry_id = ""
    if not entry_id or not entry_id.isprintable():
        message = N_("not a cursor of this list: take the value of 'next' of the page before")
        raise Invalid([Problem("cursor", message)])
    return entry_id
