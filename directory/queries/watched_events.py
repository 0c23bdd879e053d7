"""What was tested, reported and announced of watched entries and States since a moment."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.domain.closures import ClosureStatus
from directory.domain.line_tests import REPORTED
from directory.domain.vocabulary import EntryKind
from directory.models.closure import StateClosure
from directory.models.entry import Entry
from directory.models.line_test import LineTest
from directory.models.proposal import Report
from directory.policy import READ_ENTRY, Actor, is_own_state
from directory.queries.reports import BY_LINE_TEST

AnyRow = Any
#: Name of a list of the digest -> its lines; a list without lines is left out.
Events = Mapping[str, list[list[Any]]]

#: Lists of a digest, the gravest first: (entry, State, kind of report) each.
FAILED, REPORTS, ANSWERED = "failed", "reports", "answered"
#: (first day, State, last day, taken back)
CLOSED = "closed"
#: Those who answer for an entry get a notice of these at once.
_TOLD_AT_ONCE = (FAILED, REPORTS)
#: Entries that closed days of their State concern; an officer abroad has the host's.
_OFFICES = (EntryKind.AUTHORITY, EntryKind.CONTACT_POINT)
_HEAD = (Entry.id, Entry.kind, Entry.state_code, Entry.status, Entry.visible_until)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched -> since when nothing of it was told; the earliest of several watches."""

    states: dict[str, dt.datetime] = field(default_factory=dict)
    entries: dict[str, dt.datetime] = field(default_factory=dict)
    #: States of which closed days are told.
    closed_days: dict[str, dt.datetime] = field(default_factory=dict)
    #: Entries of whose State closed days are told.
    offices: dict[str, dt.datetime] = field(default_factory=dict)

    def add_state(self, code: str, since: dt.datetime) -> None:
        """All of its entries, and its closed days."""
        _put(self.states, code, since)
        self.add_closed_days(code, since)

    def add_entry(self, id_: str, since: dt.datetime, *, with_closed_days: bool = False) -> None:
        """The entry, and if asked for the closed days of its State."""
        _put(self.entries, id_, since)
        if with_closed_days:
            _put(self.offices, id_, since)

    def add_closed_days(self, code: str, since: dt.datetime) -> None:
        """The closed days of the State."""
        _put(self.closed_days, code, since)

    @property
    def since(self) -> dt.datetime:
        """The earliest moment; raises ``ValueError`` when nothing is watched."""
        return min((*self.states.values(), *self.entries.values(), *self.closed_days.values()))

    def is_new(self, id_: str, state: str, at: dt.datetime) -> bool:
        """Is something that befell this entry then still to be told?"""
        since = (self.entries.get(id_), self.states.get(state))
        return any(one is not None and one < at for one in since)


def _put(since: dict[str, dt.datetime], key: str, at: dt.datetime) -> None:
    since[key] = min(at, since.get(key, at))


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEvent:
    """A failed test, a report or its answer; ``own`` had a hand in it, or got its own notice."""

    which: str
    at: dt.datetime
    head: AnyRow
    kind: str
    own: frozenset[int | None]

    def is_for(self, actor: Actor, today: dt.date) -> bool:
        """May the actor read it, and did they not learn of it at once?"""
        is_told = self.which in _TOLD_AT_ONCE and is_own_state(actor, self.head.state_code)
        is_known = is_told or actor.account_id in self.own
        return not is_known and READ_ENTRY.allows(actor, self.head, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedEvents:
    """What happened to all that is watched by some persons, whoever may see it."""

    entries: tuple[EntryEvent, ...]
    closures: tuple[StateClosure, ...]
    #: Watched entry -> its facts, where closed days of its State concern it.
    offices: Mapping[str, AnyRow]

    def told(self, actor: Actor, watched: Watched, today: dt.date) -> Events:
        """The lines for one person: each once, in the order of entries, States and days."""
        found: dict[str, set[tuple[Any, ...]]] = {}
        for one in self.entries:
            is_new = watched.is_new(one.head.id, one.head.state_code, one.at)
            if is_new and one.is_for(actor, today):
                line = (one.head.id, one.head.state_code, one.kind)
                found.setdefault(one.which, set()).add(line)
        closed = set(self._closed(actor, watched, today))
        if closed:
            found[CLOSED] = closed
        return {which: [list(line) for line in sorted(lines)] for which, lines in found.items()}

    def _closed(
        self, actor: Actor, watched: Watched, today: dt.date
    ) -> Iterator[tuple[str, str, str, bool]]:
        since = dict(watched.closed_days)
        for id_, at in watched.offices.items():
            head = self.offices.get(id_)
            if head is not None and READ_ENTRY.allows(actor, head, today):
                _put(since, head.state_code, at)
        for one in self.closures:
            looked_at = since.get(one.state_code)
            is_new = looked_at is not None and one.decided_at and looked_at < one.decided_at
            is_own = actor.account_id in (one.decided_by, one.asked_by)
            if is_new and not is_own and one.last >= today:
                is_taken_back = one.status is ClosureStatus.WITHDRAWN
                yield one.first.isoformat(), one.state_code, one.last.isoformat(), is_taken_back


def watched_events(session: Session, watched: Watched) -> WatchedEvents:
    """All that happened since to what is watched; four statements."""
    since = watched.since
    of_interest = or_(Entry.state_code.in_(watched.states), Entry.id.in_(watched.entries))
    wanted = select(*_HEAD).where(Entry.id.in_(watched.offices), Entry.kind.in_(_OFFICES))
    offices = {row.id: row for row in session.execute(wanted)}
    states = {*watched.closed_days, *(row.state_code for row in offices.values())}
    return WatchedEvents(
        entries=(*_failed(session, of_interest, since), *_reports(session, of_interest, since)),
        closures=tuple(_closures(session, states, since)),
        offices=offices,
    )


def _failed(session: Session, of_interest: Any, since: dt.datetime) -> Iterator[EntryEvent]:
    statement = (
        select(*_HEAD, LineTest.ended_at, LineTest.outcome, LineTest.noted_by)
        .join(LineTest, LineTest.entry_id == Entry.id)
        .where(of_interest, LineTest.ended_at > since, LineTest.outcome.in_(sorted(REPORTED)))
    )
    for row in session.execute(statement):
        kind = REPORTED[row.outcome].value
        own = frozenset({row.noted_by})
        yield EntryEvent(which=FAILED, at=row.ended_at, head=row, kind=kind, own=own)


def _reports(session: Session, of_interest: Any, since: dt.datetime) -> Iterator[EntryEvent]:
    """Of readers while they stand, and every answer; what a test made is told as a failed test."""
    statement = (
        select(
            *_HEAD,
            Report.kind.label("report_kind"),
            Report.at,
            Report.by,
            Report.answered_at,
            Report.answered_by,
        )
        .join(Report, Report.entry_id == Entry.id)
        .where(
            of_interest,
            or_(
                (Report.at > since) & Report.answered_at.is_(None) & ~BY_LINE_TEST,
                Report.answered_at > since,
            ),
        )
    )
    for row in session.execute(statement):
        yield EntryEvent(
            which=ANSWERED if row.answered_at else REPORTS,
            at=row.answered_at or row.at,
            head=row,
            kind=row.report_kind.value,
            own=frozenset({row.by, row.answered_by}),
        )


def _closures(
    session: Session, states: Iterable[str], since: dt.datetime
) -> Iterable[StateClosure]:
    """Those an officer has vouched for since, or for taking them back.

    A refusal always gives a reason, so it is not among them; nor are days that the State asks to
    have back while an officer has not looked.
    """
    decided = (ClosureStatus.VERIFIED, ClosureStatus.WITHDRAWN)
    wanted = select(StateClosure).where(
        StateClosure.state_code.in_(sorted(states)),
        StateClosure.status.in_(decided),
        StateClosure.decided_at > since,
        StateClosure.decision_text == "",
    )
    return session.scalars(wanted)
