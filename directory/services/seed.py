"""Load the seed data: reference records and the real entries, in one transaction.

Loading is idempotent: what the database already says is left alone. Rows that the seed does not
know are never removed, and an entry that somebody has changed since is never overwritten.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from directory.db.base import Base
from directory.db.unit_of_work import UnitOfWork
from directory.domain.record import to_dict
from directory.models import entry as entries
from directory.seeding.entries import SeedEntry, build_entries
from directory.seeding.folder import read_seed
from directory.services.entry_rows import Publication
from directory.services.publishing import publish
from directory.services.reference import ask_for_new_index, renew_stamp
from directory.services.seed_rows import Row, reference_rows

#: Recorded as the author of revisions that come from the seed data.
SEEDER = "seed data"
REASON = "as published by the depositaries; not confirmed by the State"

#: Told what is being done, in English.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TableReport:
    """What happened to one table; ``left_alone`` names entries changed by others since."""

    name: str
    added: int
    changed: int
    unchanged: int
    left_alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What one loading did, table by table."""

    tables: tuple[TableReport, ...] = field(default=())

    @property
    def wrote_nothing(self) -> bool:
        return not any(table.added or table.changed for table in self.tables)


def seed(
    uow: UnitOfWork, folder: Path, at: dt.datetime, progress: Progress | None = None
) -> SeedReport:
    """Bring the database up to the seed data in ``folder``.

    Raises ``SeedRefused``, naming file, row and column, before anything is written.
    """
    tell = progress or _silent
    tell("reading the seed data")
    data = read_seed(folder)
    built = build_entries(data)
    tell("loading the reference records")
    reports = [_sync(uow.session, table, key, rows) for table, key, rows in reference_rows(data)]
    if any(report.added or report.changed for report in reports):
        renew_stamp(uow, at)
        ask_for_new_index(uow, at)
    tell(f"publishing {len(built)} entries")
    published = publish_seed_entries(uow, built, SEEDER, REASON, at)
    return SeedReport((*_by_table(reports), published))


def _by_table(reports: Iterable[TableReport]) -> Iterable[TableReport]:
    """One line for each table, though its rows may be found by different keys."""
    found: dict[str, TableReport] = {}
    for one in reports:
        before = found.get(one.name, TableReport(one.name, 0, 0, 0))
        found[one.name] = TableReport(
            one.name,
            before.added + one.added,
            before.changed + one.changed,
            before.unchanged + one.unchanged,
        )
    return found.values()


def _silent(_message: str) -> None:
    """Nobody listens."""


def _sync(
    session: Session, table: type[Base], key: tuple[str, ...], rows: Sequence[Row]
) -> TableReport:
    """Insert and update ``rows`` by their natural ``key``."""
    columns = table.__table__.c
    stored = session.execute(select(table.__table__)).mappings()
    known = {tuple(row[name] for name in key): row for row in stored}
    added: list[Row] = []
    changed: list[Row] = []
    for row in rows:
        before = known.get(tuple(row[name] for name in key))
        if before is None:
            added.append(row)
        elif any(before[name] != value for name, value in row.items()):
            changed.append(row)
    if added:
        session.execute(insert(table), added)
    for row in changed:
        matches = (columns[name] == row[name] for name in key)
        session.execute(update(table).where(*matches).values(row))
    unchanged = len(rows) - len(added) - len(changed)
    return TableReport(table.__tablename__, len(added), len(changed), unchanged)


def publish_seed_entries(
    uow: UnitOfWork, built: Sequence[SeedEntry], by: str, reason: str, at: dt.datetime
) -> TableReport:
    """Publish those entries that are new, or changed in the seed and by nobody else since."""
    current = _current_revisions(uow.session, [one.id for one in built])
    wanted: list[Publication] = []
    left_alone: list[str] = []
    for one in built:
        revision = current.get(one.id)
        if revision is None:
            wanted.append(_publication(one, by, reason, at, base=0))
        elif revision.recorded_by != by:
            left_alone.append(one.id)
        elif revision.record != to_dict(one.record):
            wanted.append(_publication(one, by, reason, at, base=revision.number))
    publish(uow, wanted)
    added = sum(one.base == 0 for one in wanted)
    unchanged = len(built) - len(wanted) - len(left_alone)
    return TableReport("entry", added, len(wanted) - added, unchanged, tuple(left_alone))


def _publication(one: SeedEntry, by: str, reason: str, at: dt.datetime, base: int) -> Publication:
    return Publication(
        entry_id=one.id,
        state=one.state,
        record=one.record,
        by=by,
        at=at,
        reason=reason,
        base=base,
        synthetic=one.synthetic,
    )


#: Identifiers asked for in one statement.
_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Revision:
    number: int
    recorded_by: str
    record: Row


def _current_revisions(session: Session, ids: Sequence[str]) -> dict[str, _Revision]:
    """The current revision of those of the entries that exist."""
    found: dict[str, _Revision] = {}
    revision = entries.EntryRevision
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        statement = (
            select(revision.entry_id, revision.number, revision.recorded_by, revision.record)
            .join(entries.Entry, entries.Entry.id == revision.entry_id)
            .where(revision.number == entries.Entry.revision)
            .where(revision.entry_id.in_(ids[start : start + _ASKED_AT_ONCE]))
        )
        for entry_id, number, by, record in session.execute(statement):
            found[entry_id] = _Revision(number, by, record)
    return found
