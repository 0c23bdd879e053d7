"""Reading entries: one in full, one as stored JSON, many in a list."""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from directory.db.reader import Reader, connection_of
from directory.db.swift import SwiftSelect
from directory.domain.book import ReferenceBook
from directory.domain.document import EntryHead, entry_document
from directory.domain.freshness import NOTICE_DAYS, FreshnessView, freshness, freshness_json
from directory.domain.line_tests import LineResult, result_from_dict, told_result
from directory.domain.marks import N_
from directory.domain.record import Record
from directory.domain.reference import State
from directory.domain.vocabulary import (
    ConfirmationMethod,
    CooperationType,
    EntryKind,
    EntryStatus,
    Freshness,
)
from directory.errors import Invalid, NotFound, Problem
from directory.models.entry import Designation, Entry, EntryRevision
from directory.policy import (
    READ_ENTRY,
    Actor,
    EntryFacts,
    behind_glass,
    hidden_channels,
    require,
    visible,
)
from directory.queries.moments import KeptSince, Moment, read_moment
from directory.queries.records import read_records
from directory.queries.reference import get_book
from directory.queries.reported import HAS_REPORTED

#: A row of whatever columns.
AnyRow = Row[*tuple[Any, ...]]
#: Most entries in one list.
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry as one actor may see it, with what is needed to show it."""

    head: EntryHead
    record: Record
    hidden_channels: int
    #: Of these: what is shown on a stated reason.
    behind_glass: int
    freshness: FreshnessView
    confirmed_by: str
    confirmed_how: ConfirmationMethod | None
    visible_until: dt.date | None
    #: While suspended: the entry to use instead; '' when there is none.
    alternative_id: str
    #: Published at once; no officer has looked at it yet.
    unreviewed: bool
    #: The latest test of a 24/7 point; None when it was never tested.
    line_test: LineResult | None
    #: Its State reported channels that nobody has verified.
    has_reported: bool
    state: State
    book: ReferenceBook


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


#: What lists and documents show of an entry beside its record.
HEAD = (
    Entry.id,
    Entry.kind,
    Entry.state_code,
    Entry.status,
    Entry.revision,
    Entry.name,
    Entry.synthetic,
    Entry.conflict,
    Entry.restricted,
    Entry.as_published,
    Entry.changed_at,
    Entry.confirmed_on,
    Entry.confirmed_by,
    Entry.confirmed_how,
    Entry.visible_until,
    Entry.open_reports,
    Entry.alternative_id,
    Entry.unreviewed,
    Entry.line_test,
)
#: Joins the revision that stands.
CURRENT = and_(EntryRevision.entry_id == Entry.id, EntryRevision.number == Entry.revision)


_HEAD_OF_ONE = SwiftSelect(
    select(*HEAD, HAS_REPORTED.label("has_reported")).where(Entry.id == bindparam("entry_id"))
)


def get_entry(actor: Actor, session: Session, entry_id: str, today: dt.date) -> EntryView:
    """The entry as the actor may see it; raises ``NotFound`` where there is none to see."""
    require(actor, "entries:read")
    _refuse_unprintable(entry_id)
    book = get_book(actor, session)
    found = _HEAD_OF_ONE.first(session.connection(), {"entry_id": entry_id})
    if found is None or not READ_ENTRY.allows(actor, cast("EntryFacts", found), today):
        raise NotFound("entry", entry_id)
    record = read_records(session.connection(), [found])[entry_id]
    return EntryView(
        head=head_of(found),
        record=visible(actor, found.state_code, record),
        hidden_channels=hidden_channels(actor, found.state_code, record),
        behind_glass=behind_glass(actor, found.state_code, record),
        freshness=freshness(found.kind, found.confirmed_on, today, found.open_reports),
        confirmed_by=found.confirmed_by,
        confirmed_how=found.confirmed_how,
        visible_until=found.visible_until,
        alternative_id=found.alternative_id,
        unreviewed=found.unreviewed,
        line_test=result_from_dict(found.line_test),
        has_reported=found.has_reported,
        state=book.states[found.state_code],
        book=book,
    )


def get_name(actor: Actor, session: Session, entry_id: str, today: dt.date) -> str:
    """What the entry is listed as; '' where there is none that the actor may see."""
    require(actor, "entries:read")
    wanted = (Entry.id == entry_id, READ_ENTRY.filter(actor, today))
    found = session.scalar(select(Entry.name).where(*wanted)) if entry_id.isprintable() else None
    return found or ""


def _refuse_unprintable(entry_id: str) -> None:
    # No identifier holds such a character, and PostgreSQL fails on some instead of finding nothing.
    if not entry_id.isprintable():
        raise NotFound("entry", entry_id)


def head_of(row: AnyRow) -> EntryHead:
    """The head in a row of ``HEAD``."""
    return EntryHead(
        id=row.id,
        kind=row.kind,
        state=row.state_code,
        status=row.status,
        revision=row.revision,
        name=row.name,
        synthetic=row.synthetic,
        conflict=row.conflict,
        as_published=row.as_published,
        changed_at=row.changed_at,
    )


class EntryText(NamedTuple):
    """An entry in JSON; the tag changes with it, so with whatever the actor sees."""

    body: bytes
    #: The entity tag, without quotes.
    tag: str
    kind: EntryKind
    state: str
    #: What tells who may read it.
    facts: EntryFacts


#: Texts kept for each database, of about 3 KB each, and the day they were made on.
MOST_TEXTS = 1000
_TEXTS: KeptSince[tuple[str, dt.date], EntryText] = KeptSince(MOST_TEXTS)


def get_entry_json(
    actor: Actor,
    reader: Reader,
    entry_id: str,
    today: dt.date,
    at: Moment | None = None,
) -> EntryText:
    """The entry in JSON; ``at`` is the moment where it is read already. Raises ``NotFound``.

    No statement where all see alike and it was asked for since anything changed, else one; two
    where some lines of it are not for everybody. Who may read it is decided at each use.
    """
    require(actor, "entries:read")
    _refuse_unprintable(entry_id)
    kept = _TEXTS.at(reader, at or read_moment(reader))
    text = kept.find((entry_id, today))
    if text is not None and READ_ENTRY.allows(actor, text.facts, today):
        return text
    connection = connection_of(reader)
    row = _DOCUMENT.first(connection, {"entry_id": entry_id})
    if row is None or not READ_ENTRY.allows(actor, cast("EntryFacts", row), today):
        raise NotFound("entry", entry_id)
    if row.restricted:
        return _entry_text(row, _document_for(actor, connection, row), today)
    text = _entry_text(row, row.document, today)
    kept.put((entry_id, today), text)
    return text


def _entry_text(row: AnyRow, document: str, today: dt.date) -> EntryText:
    fresh = orjson.dumps(
        freshness_json(freshness(row.kind, row.confirmed_on, today, row.open_reports))
    ).decode()
    tested = orjson.dumps(told_result(row.line_test)).decode()
    body = f'{document[:-1]},"freshness":{fresh},"line_test":{tested}}}'.encode()
    tag = hashlib.sha256(body).hexdigest()[:32]
    facts = cast("EntryFacts", row._replace(document=""))
    return EntryText(body, tag, row.kind, row.state_code, facts)


_DOCUMENT = SwiftSelect(
    select(
        *(column for column in HEAD if column.key not in {"confirmed_by", "confirmed_how"}),
        Entry.document,
    ).where(Entry.id == bindparam("entry_id"))
)


def _document_for(actor: Actor, connection: Connection, row: AnyRow) -> str:
    whole = read_records(connection, [row])[row.id]
    document = entry_document(head_of(row), visible(actor, row.state_code, whole))
    return orjson.dumps(document).decode()


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
