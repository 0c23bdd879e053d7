"""Reports ('It did not work'): on one entry, on a desk, and counted."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

from sqlalchemy import Row, Select, exists, select, true
from sqlalchemy.orm import Session

from directory.domain.lifecycle import ReportKind
from directory.domain.line_tests import REPORTED
from directory.models.entry import Entry
from directory.models.line_test import LineTest
from directory.models.proposal import Report
from directory.policy import READ_ENTRY, Actor, answers_report, require

AnyRow = Any
Key = TypeVar("Key")

#: Most reports in one list.
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report as the actor may see it.

    Who made it is for those who answer it: ``by_state`` is '' for others, as is the note.
    """

    id: int
    entry_id: str
    entry_name: str
    state: str
    revision: int
    kind: ReportKind
    channel: str
    note: str
    at: dt.datetime
    by_state: str
    answered_at: dt.datetime | None
    answer: str
    #: May this actor answer it?
    answerable: bool
    #: Was it a line test of the secretariat that failed, and no reader who met it?
    by_line_test: bool


#: A test that failed ended at the very moment its report was made.
BY_LINE_TEST = exists().where(
    LineTest.entry_id == Report.entry_id,
    LineTest.ended_at == Report.at,
    LineTest.outcome.in_(sorted(REPORTED)),
    Report.by_state == "",
)
_COLUMNS = (
    Report.id,
    Report.entry_id,
    Report.revision,
    Report.kind,
    Report.channel,
    Report.note,
    Report.at,
    Report.by,
    Report.by_state,
    Report.answered_at,
    Report.answer,
    Entry.name,
    Entry.state_code,
    BY_LINE_TEST.label("by_line_test"),
)


def _joined() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).join(Entry, Entry.id == Report.entry_id)


def open_reports(
    actor: Actor, session: Session, entry_id: str, today: dt.date, limit: int
) -> tuple[ReportView, ...]:
    """The newest unanswered reports on an entry that the actor may read."""
    require(actor, "entries:read")
    statement = (
        _joined()
        .where(
            READ_ENTRY.filter(actor, today),
            Report.entry_id == entry_id,
            Report.answered_at.is_(None),
        )
        .order_by(Report.id.desc())
        .limit(limit)
    )
    return tuple(_view(actor, row) for row in session.execute(statement))


def is_by_line_test(session: Session, report_id: int) -> bool:
    """Was the report made by a line test that failed? No actor: it decides words, shows nothing."""
    wanted = select(BY_LINE_TEST).select_from(Report).where(Report.id == report_id)
    return bool(session.scalar(wanted))


def list_reports(actor: Actor, session: Session) -> tuple[ReportView, ...]:
    """The open reports the actor may answer, newest first: of the own State, or of all."""
    require(actor, "reports:answer")
    own = true() if actor.is_secretariat else Entry.state_code == actor.state
    statement = _joined().where(own, Report.answered_at.is_(None))
    newest = statement.order_by(Report.id.desc()).limit(MOST)
    return tuple(_view(actor, row) for row in session.execute(newest))


def _view(actor: Actor, row: Row[*tuple[Any, ...]]) -> ReportView:
    concerned = answers_report(actor, row.state_code) or row.by == actor.account_id
    answerable = answers_report(actor, row.state_code) and row.answered_at is None
    return ReportView(
        id=row.id,
        entry_id=row.entry_id,
        entry_name=row.name,
        state=row.state_code,
        revision=row.revision,
        kind=row.kind,
        channel=row.channel if concerned else "",
        note=row.note if concerned else "",
        at=row.at,
        by_state=row.by_state if concerned else "",
        answered_at=row.answered_at,
        answer=row.answer,
        answerable=answerable,
        by_line_test=row.by_line_test,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCount:
    """How many reports were made, how many nobody has answered, how long an answer took."""

    made: int
    open: int
    #: Of those answered; None where none is.
    median_wait: dt.timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStatistics:
    """Reports since a moment; of kinds and States that had one, most first."""

    since: dt.datetime
    total: ReportCount
    by_kind: dict[ReportKind, ReportCount]
    by_state: dict[str, ReportCount]


def report_statistics(actor: Actor, session: Session, since: dt.datetime) -> ReportStatistics:
    """Of all States for the secretariat, of the own State for others; one statement."""
    require(actor, "reviews:read" if actor.is_secretariat else "reports:answer")
    own = true() if actor.is_secretariat else Entry.state_code == actor.state
    statement = (
        select(Entry.state_code, Report.kind, Report.at, Report.answered_at)
        .join(Entry, Entry.id == Report.entry_id)
        .where(own, Report.at >= since)
        .order_by(Entry.state_code, Report.kind)
    )
    rows = session.execute(statement).all()
    return ReportStatistics(
        since=since,
        total=_count(rows),
        by_kind=_counts(rows, lambda row: row.kind),
        by_state=_counts(rows, lambda row: row.state_code),
    )


def _counts(rows: Iterable[AnyRow], key: Callable[[AnyRow], Key]) -> dict[Key, ReportCount]:
    groups: dict[Key, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    counts = {name: _count(group) for name, group in groups.items()}
    return dict(sorted(counts.items(), key=lambda one: -one[1].made))


def _count(rows: Collection[AnyRow]) -> ReportCount:
    waits = [row.answered_at - row.at for row in rows if row.answered_at]
    return ReportCount(
        made=len(rows),
        open=len(rows) - len(waits),
        median_wait=median(waits) if waits else None,
    )
