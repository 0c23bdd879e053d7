"""Line tests as they are read: figures for every reader, rounds and calls for the secretariat."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.domain.line_tests import (
    LineMethod,
    LineOutcome,
    LineProof,
    LineTimes,
    result_from_dict,
)
from directory.domain.small_numbers import LEAST, hidden
from directory.domain.vocabulary import EntryKind
from directory.errors import NotFound
from directory.models.entry import Entry
from directory.models.line_test import LineTest, LineTestRound
from directory.models.reference import State
from directory.policy import Actor, require
from directory.services.line_codes import link_of

RUN = "line_tests:run"
#: How far back the figures go.
FIGURES_OF = dt.timedelta(days=365)
#: Rounds on the list, and tests on the page of one.
MOST_ROUNDS = 30
MOST_TESTS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the tests of one group ended; ``told`` is False where they are too few to be told."""

    key: str
    points: int
    tests: int
    answered: int
    #: Median seconds until the answer; None where nobody answered.
    seconds: int | None
    outside: int
    outside_answered: int
    #: Are tests of synthetic entries among them?
    synthetic: bool = False
    told: bool = True

    @property
    def percent(self) -> int:
        return 100 * self.answered // self.tests if self.tests else 0

    @property
    def outside_percent(self) -> int | None:
        """Of the tests outside office hours; None where they are too few."""
        return 100 * self.outside_answered // self.outside if self.outside >= LEAST else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The last year's tests: all, by regional group, by State."""

    whole: Figures
    groups: tuple[Figures, ...]
    states: tuple[Figures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round, and how far it has come."""

    id: str
    regional_group: str
    states: tuple[str, ...]
    methods: tuple[LineMethod, ...]
    times: LineTimes
    first_day: dt.date
    last_day: dt.date
    minutes: int
    started_at: dt.datetime
    closed_at: dt.datetime | None
    tests: int
    answered: int
    failed: int
    not_run: int

    @property
    def open(self) -> int:
        return self.tests - self.answered - self.failed - self.not_run


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTestView:
    """One test; its moment is None until it has begun, for nobody shall know it before."""

    id: int
    entry_id: str
    name: str
    state: str
    method: LineMethod
    office_time: bool
    begun_at: dt.datetime | None
    ends_at: dt.datetime | None
    outcome: LineOutcome | None
    seconds: int | None
    language: str
    proof: LineProof | None
    channel: str
    wrong_codes: int

    @property
    def takes_code(self) -> bool:
        """May an officer note a code that was read out?"""
        return self.begun_at is not None and self.outcome is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls to make now, those begun, and when the next is due."""

    due: tuple[LineTestView, ...]
    next_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class _Ended:
    """A test that ended, as far as figures look at it."""

    entry_id: str
    synthetic: bool
    state_code: str
    regional_group: str
    answered: bool
    #: Seconds until the answer; None where there was none.
    seconds: int | None
    office_time: bool


def line_test_statistics(actor: Actor, session: Session, at: dt.datetime) -> Statistics:
    """The figures of the last year, small numbers held back; two statements."""
    require(actor, "line_tests:read")
    since = at - FIGURES_OF
    rows = [*_tests_of_rounds(session, since), *_tests_told_with_entries(session, since)]
    by_group: dict[str, list[_Ended]] = defaultdict(list)
    by_state: dict[str, dict[str, list[_Ended]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_group[row.regional_group].append(row)
        by_state[row.regional_group][row.state_code].append(row)
    return Statistics(
        whole=_figures("", rows, told=len(rows) >= LEAST),
        groups=_told(by_group),
        states=tuple(
            sorted(
                (one for states in by_state.values() for one in _told(states)),
                key=lambda one: one.key,
            )
        ),
    )


def _tests_of_rounds(session: Session, since: dt.datetime) -> Iterator[_Ended]:
    statement = (
        select(
            Entry.id,
            Entry.synthetic,
            Entry.state_code,
            State.regional_group,
            LineTest.outcome == LineOutcome.ANSWERED,
            LineTest.seconds,
            LineTest.office_time,
        )
        .join(Entry, Entry.id == LineTest.entry_id)
        .join(State, State.code == Entry.state_code)
        .where(LineTest.ended_at > since, LineTest.outcome != LineOutcome.NOT_RUN)
    )
    return (_Ended(*row) for row in session.execute(statement))


def _tests_told_with_entries(session: Session, since: dt.datetime) -> Iterator[_Ended]:
    """The tests that synthetic entries were made with, and that no round ran: they are shown too.

    Only the latest of an entry is known.
    """
    run_here = select(LineTest.entry_id).where(
        LineTest.ended_at > since, LineTest.outcome != LineOutcome.NOT_RUN
    )
    statement = (
        select(Entry.id, Entry.synthetic, Entry.state_code, State.regional_group, Entry.line_test)
        .join(State, State.code == Entry.state_code)
        .where(Entry.synthetic, Entry.line_test.is_not(None), Entry.id.not_in(run_here))
    )
    for entry_id, synthetic, state, group, plain in session.execute(statement):
        test = result_from_dict(plain)
        if test and test.at > since:
            ended = (test.is_answered, test.seconds, test.office_time)
            yield _Ended(entry_id, synthetic, state, group, *ended)


def _told(parts: Mapping[str, Sequence[_Ended]]) -> tuple[Figures, ...]:
    """The figures of parts whose sum is told elsewhere."""
    held_back = hidden({key: len(rows) for key, rows in parts.items()})
    return tuple(
        _figures(key, rows, told=key not in held_back) for key, rows in sorted(parts.items())
    )


def _figures(key: str, rows: Sequence[_Ended], *, told: bool) -> Figures:
    answered = [row for row in rows if row.answered]
    outside = [row for row in rows if not row.office_time]
    waits = [row.seconds for row in answered if row.seconds is not None]
    return Figures(
        key=key,
        points=len({row.entry_id for row in rows}),
        tests=len(rows),
        answered=len(answered),
        seconds=int(median(waits)) if waits else None,
        outside=len(outside),
        outside_answered=sum(row.answered for row in outside),
        synthetic=any(row.synthetic for row in rows),
        told=told,
    )


def list_rounds(actor: Actor, session: Session) -> tuple[RoundView, ...]:
    """The rounds, the newest first; two statements."""
    require(actor, RUN)
    rounds = session.scalars(
        select(LineTestRound).order_by(LineTestRound.started_at.desc()).limit(MOST_ROUNDS)
    ).all()
    return _round_views(session, rounds)


def _round_views(session: Session, rounds: Sequence[LineTestRound]) -> tuple[RoundView, ...]:
    if not rounds:
        return ()
    counts: dict[str, dict[LineOutcome | None, int]] = defaultdict(dict)
    statement = (
        select(LineTest.round_id, LineTest.outcome, func.count())
        .where(LineTest.round_id.in_([one.id for one in rounds]))
        .group_by(LineTest.round_id, LineTest.outcome)
    )
    for round_id, outcome, count in session.execute(statement):
        counts[round_id][outcome] = count
    return tuple(_round_view(one, counts[one.id]) for one in rounds)


def _round_view(one: LineTestRound, counts: Mapping[LineOutcome | None, int]) -> RoundView:
    known = {LineOutcome.ANSWERED, LineOutcome.NOT_RUN, None}
    return RoundView(
        id=one.id,
        regional_group=one.regional_group,
        states=tuple(one.states),
        methods=tuple(LineMethod(method) for method in one.methods),
        times=one.times,
        first_day=one.first_day,
        last_day=one.last_day,
        minutes=one.minutes,
        started_at=one.started_at,
        closed_at=one.closed_at,
        tests=sum(counts.values()),
        answered=counts.get(LineOutcome.ANSWERED, 0),
        failed=sum(count for outcome, count in counts.items() if outcome not in known),
        not_run=counts.get(LineOutcome.NOT_RUN, 0),
    )


def get_round(
    actor: Actor, session: Session, round_id: str
) -> tuple[RoundView, tuple[LineTestView, ...]]:
    """A round with its tests; three statements. Raises ``NotFound``."""
    require(actor, RUN)
    found = session.get(LineTestRound, round_id) if round_id.isprintable() else None
    if found is None:
        raise NotFound("round", round_id)
    (view,) = _round_views(session, [found])
    statement = _tests().where(LineTest.round_id == round_id).limit(MOST_TESTS)
    return view, _views(session.execute(statement))


def list_calls(actor: Actor, session: Session, at: dt.datetime) -> Calls:
    """The calls that wait for a person; two statements."""
    require(actor, RUN)
    waiting = (LineTest.method == LineMethod.TELEPHONE, LineTest.outcome.is_(None))
    due = session.execute(_tests().where(*waiting, LineTest.due_at <= at).limit(MOST_TESTS))
    coming = select(func.min(LineTest.due_at)).where(*waiting, LineTest.due_at > at)
    return Calls(due=_views(due), next_at=session.scalar(coming))


def get_call(actor: Actor, session: Session, test_id: int, at: dt.datetime) -> LineTestView:
    """A test that an officer notes something of. Raises ``NotFound``."""
    require(actor, RUN)
    wanted = _tests().where(LineTest.id == test_id, LineTest.due_at <= at)
    found = _views(session.execute(wanted))
    if not found:
        raise NotFound("line test", str(test_id))
    return found[0]


def get_by_link(session: Session, token: str, key: str) -> LineTestView:
    """The test a link was made for; changes nothing. Raises ``NotFound`` for any other link."""
    link_id = link_of(token, key)
    found = _views(session.execute(_tests().where(LineTest.link_id == link_id))) if link_id else ()
    if not found or found[0].begun_at is None:
        raise NotFound("line test", "")
    return found[0]


def _tests() -> Any:
    return (
        select(LineTest, Entry.name, Entry.state_code)
        .join(Entry, Entry.id == LineTest.entry_id)
        .where(Entry.kind == EntryKind.CONTACT_POINT)
        .order_by(Entry.state_code, LineTest.entry_id, LineTest.id)
    )


def _views(rows: Iterable[Any]) -> tuple[LineTestView, ...]:
    return tuple(
        LineTestView(
            id=test.id,
            entry_id=test.entry_id,
            name=name,
            state=state,
            method=test.method,
            office_time=test.office_time,
            begun_at=test.started_at,
            ends_at=test.ends_at,
            outcome=test.outcome,
            seconds=test.seconds,
            language=test.language,
            proof=test.proof,
            channel=test.channel_value,
            wrong_codes=test.wrong_codes,
        )
        for test, name, state in rows
    )
