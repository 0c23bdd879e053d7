"""The only writer of entries: the revision, the current state, and the rows projected from it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from directory.db.base import Base
from directory.db.unit_of_work import UnitOfWork
from directory.domain import vocabulary as words
from directory.domain.events import Doer, Event
from directory.domain.freshness import freshness
from directory.domain.line_tests import LineResult, result_to_dict
from directory.domain.personal import erased
from directory.domain.record import (
    from_dict,
)
from directory.errors import StaleRevision
from directory.models import entry as tables
from directory.services import change_log
from directory.services.entry_rows import (
    Confirmation,
    Publication,
    Row,
    Rows,
    entry_row,
    revision_row,
    rows_before,
    rows_of,
)
from directory.services.publication_events import Revision, published, read_current

#: Entries written by one round of statements.
BATCH = 500
#: Above this many entries the index is asked to rebuild instead of learning one by one.
REBUILD_ABOVE = 200


#: The tables made again from the current record, children first.
PROJECTIONS: tuple[type[Base], ...] = (
    tables.OpeningInterval,
    tables.Hours,
    tables.LiaisonState,
    tables.Channel,
    tables.Designation,
    tables.EntrySource,
)


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
    revisions = [revision_row(one) for one in batch]
    _record(uow, batch, revisions, current, also)
    _insert(uow, tables.Entry, [entry_row(one) for one in created])
    for one in amended:
        row = entry_row(one)
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
    olds = {one.entry_id: rows_before(one, replaced[one.entry_id]) for one in batch if one.base}
    news = {one.entry_id: rows_of(one) for one in batch}
    for table in PROJECTIONS:
        changed = [id_ for id_, old in olds.items() if _differs(table, old, news[id_])]
        if gone := [id_ for id_ in changed if olds[id_][table]]:
            uow.session.execute(delete(table).where(table.__table__.c.entry_id.in_(gone)))
    for table in reversed(PROJECTIONS):
        made = [new for id_, new in news.items() if _differs(table, olds.get(id_), new)]
        _insert(uow, table, [row for new in made for row in new[table]])


def _differs(table: type[Base], old: Rows | None, new: Rows) -> bool:
    """Are the rows of the table others than they were? Hours and their intervals go together."""
    together = _HOURS if table in _HOURS else (table,)
    return old is None or any(old[one] != new[one] for one in together)


_HOURS: tuple[type[Base], ...] = (tables.Hours, tables.OpeningInterval)


def _insert(uow: UnitOfWork, table: type[Base], rows: list[Row]) -> None:
    if rows:
        # Without it each change between a value and None begins another statement.
        uow.session.execute(insert(table), rows, execution_options={"render_nulls": True})


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
    shown = entry_row(
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
