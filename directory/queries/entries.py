"""Reading entries: one in full, one as stored JSON."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import orjson
from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    select,
)
from sqlalchemy.orm import Session

from directory.db.reader import Reader, connection_of
from directory.db.swift import SwiftSelect
from directory.domain.book import ReferenceBook
from directory.domain.document import EntryHead, entry_document
from directory.domain.freshness import FreshnessView, freshness, freshness_json
from directory.domain.line_tests import LineResult, result_from_dict, told_result
from directory.domain.record import Record
from directory.domain.reference import State
from directory.domain.vocabulary import (
    ConfirmationMethod,
    EntryKind,
)
from directory.errors import NotFound
from directory.models.entry import Entry, EntryRevision
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
