"""Entries as they stood on a day, by what was on record at a moment (``domain.as_of``)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select
from sqlalchemy.orm import Session

from directory.domain.answer import Candidate, Question
from directory.domain.as_of import AsOf, Recorded, as_of, is_required
from directory.domain.book import ReferenceBook
from directory.domain.conflicts import conflicts
from directory.domain.document import EntryHead
from directory.domain.freshness import FreshnessView, freshness
from directory.domain.personal import is_erased
from directory.domain.record import LiaisonOfficerRecord, Record, display_name, from_dict, to_dict
from directory.domain.reference import State
from directory.domain.vocabulary import ConfirmationMethod, EntryKind, EntryStatus
from directory.errors import NotFound
from directory.models.entry import Entry, EntryRevision, LiaisonState
from directory.models.proposal import EntryConfirmation
from directory.policy import READ_ENTRY, Actor, last_audiences, require, visible_then
from directory.queries.reference import get_book

AnyRow = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All revisions of an entry, the oldest first, with what is known of the entry now."""

    id: str
    kind: EntryKind
    state: str
    synthetic: bool
    as_published: str
    #: Number of the current revision.
    current: int
    visible_until: dt.date | None
    revisions: tuple[Recorded, ...]
    reasons: Mapping[int, str]
    #: (day, name of who said so, how), the oldest first.
    confirmations: tuple[tuple[dt.date, str, ConfirmationMethod | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFacts:
    """What the rule on reading an entry looks at, as it was that day.

    The end of a posting is today's: an officer who has left is hidden from then on, in the past
    too. A retired authority may be looked up for the days on which it was in office.
    """

    state_code: str
    status: EntryStatus
    visible_until: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastView:
    """An entry as it stood, as one actor may see it; has the fields that pages of entries use."""

    head: EntryHead
    record: Record
    hidden_channels: int
    freshness: FreshnessView
    confirmed_by: str
    confirmed_how: ConfirmationMethod | None
    state: State
    book: ReferenceBook
    as_of: AsOf
    on: dt.date
    known: dt.datetime | None
    #: Number of the current revision.
    current: int
    is_erased: bool


def get_entry_as_of(
    actor: Actor,
    session: Session,
    entry_id: str,
    on: dt.date,
    known: dt.datetime | None,
    today: dt.date,
) -> PastView:
    """The entry on ``on`` as known at ``known`` (None: now); three statements.

    Raises ``NotFound`` where there was nothing that the actor may see.
    """
    require(actor, "entries:read")
    book = get_book(actor, session)
    life = read_life(session, entry_id)
    then = as_of(life.revisions, on, known)
    if then is None or not _may_read(actor, life, then, today):
        raise NotFound("entry", entry_id)
    return _view(actor, book, life, then, on, known)


def _may_read(actor: Actor, life: Life, then: AsOf, today: dt.date) -> bool:
    facts = PastFacts(
        state_code=life.state, status=then.revision.status, visible_until=life.visible_until
    )
    return READ_ENTRY.allows(actor, facts, today)


def _view(
    actor: Actor,
    book: ReferenceBook,
    life: Life,
    then: AsOf,
    on: dt.date,
    known: dt.datetime | None,
) -> PastView:
    record = visible_now(actor, life, then.record)
    confirmed_on, by, how = confirmed_then(life, on, known)
    hidden = len(_channels(then.record)) - len(_channels(record))
    return PastView(
        head=past_head(life, then.revision, then.record),
        record=record,
        hidden_channels=hidden,
        freshness=freshness(life.kind, confirmed_on, on),
        confirmed_by=by,
        confirmed_how=how,
        state=book.states[life.state],
        book=book,
        as_of=then,
        on=on,
        known=known,
        current=life.current,
        is_erased=is_erased(life.kind, to_dict(then.record)),
    )


def visible_now(actor: Actor, life: Life, record: Record) -> Record:
    """A record of the entry's past, without the lines that are closed to the actor by now."""
    return visible_then(
        actor, life.state, record, last_audiences(one.record for one in life.revisions)
    )


def _channels(record: Record) -> tuple[object, ...]:
    return getattr(record, "channels", ())


def past_head(life: Life, revision: Recorded, record: Record) -> EntryHead:
    """What was known of the entry beside its record."""
    return EntryHead(
        id=life.id,
        kind=life.kind,
        state=life.state,
        status=revision.status,
        revision=revision.number,
        name=display_name(record),
        synthetic=life.synthetic,
        conflict=bool(conflicts(record)),
        as_published=life.as_published,
        changed_at=revision.at,
    )


Confirmed = tuple[dt.date | None, str, ConfirmationMethod | None]


def confirmed_then(life: Life, on: dt.date, known: dt.datetime | None) -> Confirmed:
    """Day, author and way of the last confirmation by that day, as known then."""
    until = min(on, known.date()) if known else on
    said = [one for one in life.confirmations if one[0] <= until]
    return said[-1] if said else (None, "", None)


_LIFE = (
    Entry.id,
    Entry.kind,
    Entry.state_code,
    Entry.synthetic,
    Entry.as_published,
    Entry.revision,
    Entry.visible_until,
    Entry.confirmed_on,
    Entry.confirmed_by,
    Entry.confirmed_how,
    EntryRevision.number,
    EntryRevision.status,
    EntryRevision.recorded_at,
    EntryRevision.reason,
    EntryRevision.record,
)


def read_life(session: Session, entry_id: str) -> Life:
    """All of an entry's revisions, whoever asks; two statements. Raises ``NotFound``."""
    # No identifier holds other characters, and PostgreSQL fails on some instead of finding nothing.
    lives = read_lives(session, Entry.id == entry_id) if entry_id.isprintable() else []
    if not lives:
        raise NotFound("entry", entry_id)
    return lives[0]


def read_lives(reader: Session | Connection, concerned: ColumnElement[bool]) -> list[Life]:
    """The lives of the entries for which the condition holds, by identifier; two statements."""
    statement = (
        select(*_LIFE)
        .join(EntryRevision, EntryRevision.entry_id == Entry.id)
        .where(concerned)
        .order_by(Entry.id, EntryRevision.number)
    )
    by_entry: dict[str, list[AnyRow]] = {}
    for row in reader.execute(statement):
        by_entry.setdefault(row.id, []).append(row)
    confirmed = _confirmations(reader, concerned)
    return [_life(rows, confirmed.get(id_, [])) for id_, rows in by_entry.items()]


Said = tuple[dt.date, str, ConfirmationMethod | None]


def _confirmations(
    reader: Session | Connection, concerned: ColumnElement[bool]
) -> dict[str, list[Said]]:
    table = EntryConfirmation
    statement = (
        select(table.entry_id, table.on, table.by_name, table.how)
        .join(Entry, Entry.id == table.entry_id)
        .where(concerned)
    )
    found: dict[str, list[Said]] = {}
    for entry_id, on, by_name, how in reader.execute(statement):
        found.setdefault(entry_id, []).append((on, by_name, how))
    return found


def _life(rows: list[AnyRow], confirmed: list[Said]) -> Life:
    first = rows[0]
    if first.confirmed_on:
        # Those made while the directory was filled stand nowhere else.
        confirmed = [*confirmed, (first.confirmed_on, first.confirmed_by, first.confirmed_how)]
    return Life(
        id=first.id,
        kind=first.kind,
        state=first.state_code,
        synthetic=first.synthetic,
        as_published=first.as_published,
        current=first.revision,
        visible_until=first.visible_until,
        revisions=tuple(
            Recorded(
                number=row.number,
                at=row.recorded_at,
                status=row.status,
                record=from_dict(row.kind, row.record),
            )
            for row in rows
        ),
        reasons={row.number: row.reason for row in rows},
        confirmations=tuple(sorted(confirmed, key=lambda one: one[0])),
    )


def past_candidates(
    actor: Actor,
    reader: Session | Connection,
    question: Question,
    known: dt.datetime | None,
    today: dt.date,
) -> tuple[Candidate, ...]:
    """What may answer the question, as it stood on its day; two statements.

    The requested State's entries, and the officers that stand between the two States by their
    current record.
    """
    lives = read_lives(reader, _concerned(question))
    found = ((life, as_of(life.revisions, question.on, known)) for life in lives)
    return tuple(
        _candidate(actor, life, then, question.on, known)
        for life, then in found
        if then and _may_read(actor, life, then, today) and _was_there(then, question.on)
    )


def _was_there(then: AsOf, on: dt.date) -> bool:
    """Was it in office: not retired, an officer in post, and what is required then said already?"""
    record = then.record
    if then.revision.status is EntryStatus.RETIRED or not is_required(then, on):
        return False
    if not isinstance(record, LiaisonOfficerRecord):
        return True
    return (record.posted_from is None or record.posted_from <= on) and (
        record.posted_to is None or on <= record.posted_to
    )


def _concerned(question: Question) -> ColumnElement[bool]:
    posted = select(LiaisonState.entry_id).where(LiaisonState.state_code == question.requested)
    return or_(
        Entry.state_code == question.requested,
        and_(Entry.kind == EntryKind.LIAISON_OFFICER, Entry.id.in_(posted)),
    )


def _candidate(
    actor: Actor, life: Life, then: AsOf, on: dt.date, known: dt.datetime | None
) -> Candidate:
    confirmed_on, by, how = confirmed_then(life, on, known)
    seen = visible_now(actor, life, then.record)
    return Candidate(
        id=life.id,
        state=life.state,
        record=seen,
        hidden_lines=len(_channels(then.record)) - len(_channels(seen)),
        status=then.revision.status,
        revision=then.revision.number,
        changed_on=then.revision.day,
        confirmed_on=confirmed_on,
        confirmed_by=by,
        confirmed_how=how.value if how else "",
        as_published=life.as_published,
        synthetic=life.synthetic,
        conflict=bool(conflicts(then.record)),
    )
