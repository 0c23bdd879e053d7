"""The only writer of entries: the revision, the current state, and the rows projected from it."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select, update

from directory.db.base import Base
from directory.db.unit_of_work import UnitOfWork
from directory.domain import vocabulary as words
from directory.domain.caveats import as_published
from directory.domain.conflicts import conflicts
from directory.domain.document import EntryHead, entry_document
from directory.domain.events import Doer, Event
from directory.domain.freshness import freshness
from directory.domain.line_tests import LineResult, result_to_dict
from directory.domain.personal import erased
from directory.domain.record import (
    Designation,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    cooperation_types,
    display_name,
    from_dict,
    to_dict,
)
from directory.domain.validity import days_of
from directory.errors import StaleRevision
from directory.models import entry as tables
from directory.policy import is_restricted, visible_to_all_readers
from directory.services import change_log
from directory.services.publication_events import Revision, published, read_current

#: Entries written by one round of statements.
BATCH = 500
#: Above this many entries the index is asked to rebuild instead of learning one by one.
REBUILD_ABOVE = 200

Row = dict[str, Any]

#: The tables made again from the current record, children first.
PROJECTIONS: tuple[type[Base], ...] = (
    tables.OpeningInterval,
    tables.Hours,
    tables.LiaisonState,
    tables.Channel,
    tables.Designation,
    tables.EntrySource,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """That somebody said, on that day, that all of the entry is true."""

    on: dt.date
    by: str
    how: words.ConfirmationMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A record to be published as the next revision of an entry.

    ``base`` is the number of the revision it was made against, 0 for a new entry.
    """

    entry_id: str
    state: str
    record: Record
    by: str
    at: dt.datetime
    reason: str
    base: int = 0
    status: words.EntryStatus = words.EntryStatus.PUBLISHED
    synthetic: bool = False
    #: None leaves the confirmation as it was: a change confirms nothing.
    confirmation: Confirmation | None = None
    #: Who acted, for the change log; None is the directory itself, under the name ``by``.
    doer: Doer | None = None
    #: SHA-256 of the evidence files, in hexadecimal.
    evidence: tuple[str, ...] = ()
    #: While suspended: the entry to use instead; '' when there is none.
    alternative: str = ""
    #: Published at once by the secretariat's setting, without an officer's look.
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class EntriesPublished:
    """The fact that these entries have a new revision."""

    entry_ids: tuple[str, ...]


def publish(
    uow: UnitOfWork, publications: Sequence[Publication], also: Sequence[Event] = ()
) -> None:
    """Write the revisions, an event for each, what is projected; ask the index to follow.

    ``also`` are events of the acts that led to it, written before those of the revisions. Raises
    ``StaleRevision`` when an entry has moved on since ``base``, or is given twice; then nothing is
    written.
    """
    ids = tuple(publication.entry_id for publication in publications)
    if not ids:
        return
    batches = [publications[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    _refuse_twice(publications)
    # The log's lock before those of entries, always in this order, so that none waits in a circle.
    change_log.lock(uow.session)
    current = [_refuse_stale(uow, batch) for batch in batches]
    for batch, replaced in zip(batches, current, strict=True):
        _publish_batch(uow, batch, replaced, also)
        also = ()
    work: Iterable[str | None] = ids if len(ids) <= REBUILD_ABOVE else (None,)
    at = publications[0].at
    rows = [{"entry_id": entry_id, "at": at} for entry_id in work]
    uow.session.execute(insert(tables.IndexWork), rows)
    uow.note(EntriesPublished(ids))


def _refuse_twice(publications: Sequence[Publication]) -> None:
    seen: set[str] = set()
    for one in publications:
        if one.entry_id in seen:
            raise StaleRevision(one.entry_id, one.base, one.base + 1)
        seen.add(one.entry_id)


def _publish_batch(
    uow: UnitOfWork,
    batch: Sequence[Publication],
    current: Mapping[str, Revision],
    also: Sequence[Event],
) -> None:
    uow.entries_written()
    amended = [publication for publication in batch if publication.base]
    created = [publication for publication in batch if not publication.base]
    revisions = [_revision_row(one) for one in batch]
    _record(uow, batch, revisions, current, also)
    _insert(uow, tables.Entry, [_entry_row(one) for one in created])
    for one in amended:
        row = _entry_row(one)
        uow.session.execute(
            update(tables.Entry).where(tables.Entry.id == row.pop("id")).values(row)
        )
    _insert(uow, tables.EntryRevision, revisions)
    _project(uow, batch, current)


def _record(
    uow: UnitOfWork,
    batch: Sequence[Publication],
    rows: Sequence[Row],
    current: Mapping[str, Revision],
    also: Sequence[Event],
) -> None:
    """Append the event of each new revision to the change log."""
    events = list(also)
    for one, row in zip(batch, rows, strict=True):
        new = Revision(
            entry_id=one.entry_id,
            kind=one.record.kind,
            number=row["number"],
            status=one.status,
            record=row["record"],
        )
        event = published(
            new,
            current.get(one.entry_id),
            doer=one.doer or Doer(name=one.by),
            at=one.at,
            reason=one.reason,
            evidence=one.evidence,
        )
        events.append(event)
    change_log.record_all(uow, events)


def _refuse_stale(uow: UnitOfWork, batch: Sequence[Publication]) -> dict[str, Revision]:
    """The revisions that will be replaced, each the one its publication was made against."""
    current = read_current(uow.session, [one.entry_id for one in batch])
    for one in batch:
        number = current[one.entry_id].number if one.entry_id in current else 0
        if number != one.base:
            raise StaleRevision(one.entry_id, one.base, number)
    return current


def _project(
    uow: UnitOfWork, batch: Sequence[Publication], replaced: Mapping[str, Revision]
) -> None:
    """Make the rows again of those parts that are not what they were."""
    olds = {one.entry_id: _rows_before(one, replaced[one.entry_id]) for one in batch if one.base}
    news = {one.entry_id: _rows_of(one) for one in batch}
    for table in PROJECTIONS:
        changed = [id_ for id_, old in olds.items() if _differs(table, old, news[id_])]
        if gone := [id_ for id_ in changed if olds[id_][table]]:
            uow.session.execute(delete(table).where(table.__table__.c.entry_id.in_(gone)))
    for table in reversed(PROJECTIONS):
        made = [new for id_, new in news.items() if _differs(table, olds.get(id_), new)]
        _insert(uow, table, [row for new in made for row in new[table]])


Rows = dict[type[Base], list[Row]]


def _differs(table: type[Base], old: Rows | None, new: Rows) -> bool:
    """Are the rows of the table others than they were? Hours and their intervals go together."""
    together = _HOURS if table in _HOURS else (table,)
    return old is None or any(old[one] != new[one] for one in together)


_HOURS: tuple[type[Base], ...] = (tables.Hours, tables.OpeningInterval)


def _rows_before(one: Publication, old: Revision) -> Rows:
    return _rows_of(replace(one, record=from_dict(old.kind, old.record)))


def _rows_of(one: Publication) -> Rows:
    """The rows of each projection, as the record gives them."""
    return {table: rows_of(one) for table, rows_of in _ROWS.items()}


def _insert(uow: UnitOfWork, table: type[Base], rows: list[Row]) -> None:
    if rows:
        # Without it each change between a value and None begins another statement.
        uow.session.execute(insert(table), rows, execution_options={"render_nulls": True})


def _head(one: Publication) -> EntryHead:
    return EntryHead(
        id=one.entry_id,
        kind=one.record.kind,
        state=one.state,
        status=one.status,
        revision=one.base + 1,
        name=display_name(one.record),
        synthetic=one.synthetic,
        conflict=bool(conflicts(one.record)),
        as_published=as_published(one.record),
        changed_at=one.at,
    )


def _entry_row(one: Publication) -> Row:
    head = _head(one)
    document = entry_document(head, visible_to_all_readers(one.record))
    officer = one.record if isinstance(one.record, LiaisonOfficerRecord) else None
    return {
        "id": head.id,
        "kind": head.kind,
        "state_code": head.state,
        "status": head.status,
        "revision": head.revision,
        "name": head.name,
        "synthetic": head.synthetic,
        "conflict": head.conflict,
        "restricted": is_restricted(one.record),
        "as_published": head.as_published,
        "changed_at": one.at,
        "visible_until": officer.posted_to if officer else None,
        "alternative_id": one.alternative,
        "unreviewed": one.unreviewed,
        "document": json.dumps(document, ensure_ascii=False, separators=(",", ":")),
    } | _confirmation_row(one)


_UNCONFIRMED: Row = {
    "confirmed_on": None,
    "confirmed_by": "",
    "confirmed_how": None,
    "due_on": None,
}


def _confirmation_row(one: Publication) -> Row:
    if one.confirmation is None:
        return {} if one.base else dict(_UNCONFIRMED)
    kind = one.record.kind
    return {
        "confirmed_on": one.confirmation.on,
        "confirmed_by": one.confirmation.by,
        "confirmed_how": one.confirmation.how,
        "due_on": freshness(kind, one.confirmation.on, one.at.date()).due_on,
    }


def _revision_row(one: Publication) -> Row:
    return {
        "entry_id": one.entry_id,
        "number": one.base + 1,
        "status": one.status,
        "record": to_dict(one.record),
        "recorded_at": one.at,
        "recorded_by": one.by,
        "reason": one.reason,
    }


def _source_rows(one: Publication) -> list[Row]:
    return [
        {
            "entry_id": one.entry_id,
            "key": act.key,
            "kind": act.kind,
            "reference": act.reference,
            "date": act.date,
            "year": act.year,
            "link": act.link,
        }
        for act in one.record.sources
    ]


def _designations(record: Record) -> tuple[Designation, ...]:
    """The record's designations; kinds without any get one bare designation per type."""
    if isinstance(record, LiaisonOfficerRecord | RequirementsRecord):
        return tuple(
            Designation(key=kind.value, cooperation_type=kind, status=_OPERATIONAL)
            for kind in cooperation_types(record)
        )
    return record.designations


_OPERATIONAL = words.DesignationStatus.OPERATIONAL


def _designation_rows(one: Publication) -> list[Row]:
    return [_designation_row(one, designation) for designation in _designations(one.record)]


def _designation_row(one: Publication, designation: Designation) -> Row:
    valid_from, valid_to = days_of(designation)
    return {
        "entry_id": one.entry_id,
        "state_code": one.state,
        "key": designation.key,
        "cooperation_type": designation.cooperation_type,
        "instrument_code": designation.instrument or None,
        "article": designation.article,
        "territory_key": designation.territory or None,
        "scope_kind": designation.scope.kind if designation.scope else None,
        "scope": designation.scope.text if designation.scope else "",
        "rank": designation.rank,
        "function": designation.function,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "status": designation.status,
        "source_key": designation.source,
    }


def _channel_rows(one: Publication) -> list[Row]:
    if isinstance(one.record, RequirementsRecord):
        return []
    return [
        {
            "entry_id": one.entry_id,
            "position": position,
            "kind": channel.kind,
            "value": channel.value,
            "purpose": channel.purpose,
            "audience": channel.audience,
            "tlp": channel.tlp,
            "languages": list(channel.languages),
            "warning": channel.warning,
            "source_key": channel.source,
        }
        for position, channel in enumerate(one.record.channels)
    ]


def _liaison_rows(one: Publication) -> list[Row]:
    record = one.record
    if not isinstance(record, LiaisonOfficerRecord):
        return []
    relations = {(record.host_state, "host")} | {
        (code, "covered") for code in record.covered_states
    }
    return [
        {
            "entry_id": one.entry_id,
            "state_code": code,
            "relation": relation,
            "common_use": record.common_use,
        }
        for code, relation in sorted(relations)
        if code
    ]


def _hours_rows(one: Publication) -> list[Row]:
    hours = None if isinstance(one.record, RequirementsRecord) else one.record.hours
    if hours is None:
        return []
    return [
        {"entry_id": one.entry_id, "zone": hours.zone, "round_the_clock": hours.round_the_clock}
    ]


def _interval_rows(one: Publication) -> list[Row]:
    hours = None if isinstance(one.record, RequirementsRecord) else one.record.hours
    return [
        {
            "entry_id": one.entry_id,
            "weekday": interval.weekday,
            "opens": interval.opens,
            "closes": interval.closes,
        }
        for interval in (hours.intervals if hours else ())
    ]


_ROWS: Mapping[type[Base], Callable[[Publication], list[Row]]] = {
    tables.OpeningInterval: _interval_rows,
    tables.Hours: _hours_rows,
    tables.LiaisonState: _liaison_rows,
    tables.Channel: _channel_rows,
    tables.Designation: _designation_rows,
    tables.EntrySource: _source_rows,
}


@dataclass(frozen=True, slots=True)
class EntriesConfirmed:
    """The fact that these entries were confirmed: nothing of them changed."""

    entry_ids: tuple[str, ...]


def confirm(uow: UnitOfWork, kinds: Mapping[str, words.EntryKind], said: Confirmation) -> None:
    """Move *confirmed on* of these entries (id -> kind), and nothing else of them."""
    uow.entries_written()
    by_kind: dict[words.EntryKind, list[str]] = {}
    for entry_id, kind in kinds.items():
        by_kind.setdefault(kind, []).append(entry_id)
    for kind, ids in by_kind.items():
        values = {
            "confirmed_on": said.on,
            "confirmed_by": said.by,
            "confirmed_how": said.how,
            "due_on": freshness(kind, said.on, said.on).due_on,
        }
        for start in range(0, len(ids), BATCH):
            some = tables.Entry.id.in_(ids[start : start + BATCH])
            uow.session.execute(update(tables.Entry).where(some).values(values))
    uow.note(EntriesConfirmed(tuple(kinds)))


def set_open_reports(uow: UnitOfWork, entry_id: str, number: int) -> None:
    """Keep with the entry how many reports nobody has answered yet."""
    uow.entries_written()
    which = tables.Entry.id == entry_id
    uow.session.execute(update(tables.Entry).where(which).values(open_reports=number))


def set_line_test(uow: UnitOfWork, entry_id: str, result: LineResult) -> None:
    """Keep the latest line test with the entry, where every reader's question meets it."""
    uow.entries_written()
    which = tables.Entry.id == entry_id
    uow.session.execute(update(tables.Entry).where(which).values(line_test=result_to_dict(result)))


def set_reviewed(uow: UnitOfWork, entry_id: str, revision: int) -> None:
    """An officer has looked at the revision that was published at once."""
    uow.entries_written()
    which = (tables.Entry.id == entry_id, tables.Entry.revision == revision)
    uow.session.execute(update(tables.Entry).where(*which).values(unreviewed=False))


def erase(uow: UnitOfWork, entry_id: str, at: dt.datetime) -> None:
    """Take what is about a person out of every revision of the entry, and out of what is projected.

    Numbers, times and facts stay, and so does every hash of the change log: none covers personal
    data. *Changed* moves, so that whoever keeps copies asks again. The index is asked to rebuild,
    since what it forgets it only marks.
    """
    uow.entries_written()
    entry = tables.Entry
    head = uow.session.execute(select(entry).where(entry.id == entry_id)).scalar_one()
    revision = tables.EntryRevision
    last: dict[int, Row] = {}
    for row in uow.session.scalars(select(revision).where(revision.entry_id == entry_id)):
        row.record = last[row.number] = erased(head.kind, row.record)
    shown = _entry_row(
        Publication(
            entry_id=entry_id,
            state=head.state_code,
            record=from_dict(head.kind, last[head.revision]),
            by="",
            at=at,
            reason="",
            base=head.revision - 1,
            status=head.status,
            synthetic=head.synthetic,
        )
    )
    for name in ("name", "document", "restricted", "changed_at"):
        setattr(head, name, shown[name])
    uow.session.execute(delete(tables.Channel).where(tables.Channel.entry_id == entry_id))
    uow.session.execute(insert(tables.IndexWork), [{"entry_id": None, "at": at}])
    uow.note(EntriesPublished((entry_id,)))
