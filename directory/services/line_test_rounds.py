"""Rounds of line tests: the secretariat says whom and within which days, the system draws when."""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, or_, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.book import ReferenceBook
from directory.domain.events import Event
from directory.domain.line_tests import (
    LineMethod,
    LineTimes,
    Place,
    draw_moment,
    line_to_test,
    wanted_times,
)
from directory.domain.marks import N_
from directory.domain.record import ContactPointRecord
from directory.domain.vocabulary import EntryKind, EntryStatus
from directory.errors import Invalid, InvalidState, NotFound, Problem
from directory.models.entry import Entry
from directory.models.line_test import LineTest, LineTestRound
from directory.policy import Actor, require
from directory.queries.current import CurrentEntry, read_entries
from directory.queries.national_holidays import holidays_around
from directory.queries.reference import read_book
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.identifiers import new_round_id
from directory.services.scope import scope_problems

RUN = "line_tests:run"
#: Longest time within which the moments of a round are drawn.
LONGEST = dt.timedelta(days=92)
#: Minutes a desk may be given to answer.
LEAST_MINUTES, MOST_MINUTES = 5, 24 * 60
#: No test is due sooner after the round has begun.
FIRST_AFTER = dt.timedelta(minutes=5)
#: Points that a refusal names.
MOST_NAMED = 10
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundForm:
    """What the secretariat asks for; empty ``states`` and group are no limit."""

    first_day: dt.date
    last_day: dt.date
    methods: tuple[str, ...]
    times: LineTimes = LineTimes.BOTH
    minutes: int = 60
    regional_group: str = ""
    states: tuple[str, ...] = ()


def start_round(uow: UnitOfWork, actor: Actor, form: RoundForm, at: dt.datetime) -> str:
    """Draw the moments and keep them secret until they come; gives the round's id.

    Raises ``Invalid`` also when no point in the scope has a line that could be tested, and when an
    open round still asks one of them: two rounds would ask one desk twice, and one would count the
    other's answer.
    """
    require(actor, RUN)
    change_log.lock(uow.session)
    book = read_book(uow.session)
    group_of = {code: state.regional_group for code, state in book.states.items()}
    scope = scope_problems(form.regional_group, form.states, group_of)
    problems = [*_problems(form, at.date()), *scope]
    if problems:
        raise Invalid(problems)
    asked = LineTestRound(
        id=new_round_id(),
        regional_group=form.regional_group,
        states=sorted(set(form.states)),
        methods=sorted(set(form.methods)),
        times=form.times,
        first_day=form.first_day,
        last_day=form.last_day,
        minutes=form.minutes,
        started_at=at,
        started_by=actor.account_id or 0,
    )
    points = _points(uow, form, book)
    still_asked = list(_still_asked(uow, points))
    if still_asked:
        raise Invalid(still_asked)
    rows = list(_tests(asked, points, book, at))
    if not rows:
        raise Invalid([_nothing_drawn(asked, points)])
    uow.session.add(asked)
    uow.session.flush()
    uow.session.execute(insert(LineTest), rows)
    change_log.record(uow, _event(actor, "line_tests.started", asked, at, len(rows)))
    return asked.id


def close_round(uow: UnitOfWork, actor: Actor, round_id: str, at: dt.datetime) -> None:
    """Call off what has not begun. Raises ``NotFound``, ``InvalidState``."""
    require(actor, RUN)
    change_log.lock(uow.session)
    known = round_id.isprintable()
    found = uow.session.get(LineTestRound, round_id, with_for_update=True) if known else None
    if found is None:
        raise NotFound("round", round_id)
    if found.closed_at is not None:
        raise InvalidState(reasons=[Problem("", N_("This round was called off already."))])
    found.closed_at, found.closed_by = at, actor.account_id
    change_log.record(uow, _event(actor, "line_tests.closed", found, at))


def _points(uow: UnitOfWork, form: RoundForm, book: ReferenceBook) -> list[CurrentEntry]:
    """The published 24/7 points of the States asked; two statements."""
    codes = [
        code
        for code, state in book.states.items()
        if (not form.states or code in form.states)
        and (not form.regional_group or state.regional_group == form.regional_group)
    ]
    wanted = (
        Entry.kind == EntryKind.CONTACT_POINT,
        Entry.status == EntryStatus.PUBLISHED,
        Entry.state_code.in_(codes),
    )
    ids = uow.session.scalars(select(Entry.id).where(*wanted).order_by(Entry.id)).all()
    return list(read_entries(uow.session, ids).values())


def _still_asked(uow: UnitOfWork, points: Iterable[CurrentEntry]) -> Iterator[Problem]:
    """A refusal for each open round that has yet to ask some of the points, or awaits answers.

    One statement.
    """
    ids = [one.id for one in points]
    waiting = (
        select(LineTest.round_id, LineTest.entry_id)
        .join(LineTestRound, LineTestRound.id == LineTest.round_id)
        .where(
            LineTest.outcome.is_(None),
            LineTest.entry_id.in_(ids),
            or_(LineTestRound.closed_at.is_(None), LineTest.started_at.is_not(None)),
        )
        .distinct()
        .order_by(LineTest.round_id, LineTest.entry_id)
    )
    found: dict[str, list[str]] = {}
    for round_id, entry_id in uow.session.execute(waiting):
        found.setdefault(round_id, []).append(entry_id)
    for round_id, named in found.items():
        params: dict[str, object] = {
            "round": round_id,
            "number": len(named),
            "points": ", ".join(named[:MOST_NAMED]),
        }
        yield Problem("states", _STILL_ASKED if len(named) <= MOST_NAMED else _MANY_ASKED, params)


_STILL_ASKED = N_(
    "Round %(round)s still asks these points: %(points)s. Wait until it has ended, call it off, or "
    "choose other States."
)
_MANY_ASKED = N_(
    "Round %(round)s still asks %(number)s of these points, among them %(points)s. Wait until it "
    "has ended, call it off, or choose other States."
)


def _tests(
    asked: LineTestRound,
    points: Iterable[CurrentEntry],
    book: ReferenceBook,
    at: dt.datetime,
) -> Iterator[dict[str, Any]]:
    first = max(at + FIRST_AFTER, dt.datetime.combine(asked.first_day, dt.time(), dt.UTC))
    last = dt.datetime.combine(asked.last_day + _DAY, dt.time(), dt.UTC)
    for point in points:
        place = place_of(point, book, first)
        if place is None or not isinstance(point.record, ContactPointRecord):
            continue
        for method in (LineMethod(one) for one in asked.methods):
            if line_to_test(point.record.channels, method) is None:
                continue
            for office_time in wanted_times(asked.times):
                due = draw_moment(first, last, place, secrets.randbelow, office_time=office_time)
                if due:
                    yield _row(asked.id, point.id, method, due, office_time)


def _nothing_drawn(asked: LineTestRound, points: Iterable[CurrentEntry]) -> Problem:
    """Why no test could be drawn: no line, or no moment of the time that was asked for."""
    methods = [LineMethod(one) for one in asked.methods]
    records = (one.record for one in points)
    lines = (one.channels for one in records if isinstance(one, ContactPointRecord))
    if any(line_to_test(channels, method) for channels in lines for method in methods):
        message = N_("No point has such a time within these days: choose other days or times.")
        return Problem("times", message)
    message = N_("No published point in this scope has a line that can be tested so.")
    return Problem("methods", message)


def _row(
    round_id: str, entry_id: str, method: LineMethod, due: dt.datetime, office_time: bool
) -> dict[str, Any]:
    return {
        "round_id": round_id,
        "entry_id": entry_id,
        "method": method,
        "office_time": office_time,
        "due_at": due,
        "link_id": secrets.token_urlsafe(24),
        "channel_value": "",
        "language": "",
        "wrong_codes": 0,
    }


def place_of(point: CurrentEntry, book: ReferenceBook, at: dt.datetime) -> Place | None:
    """Where the point is; None where no time zone is known, so that nobody could say its time."""
    state = book.states[point.state]
    hours = point.record.hours if isinstance(point.record, ContactPointRecord) else None
    zone = hours.zone if hours else next(iter(state.time_zones), "")
    if not zone:
        return None
    holidays = holidays_around(state.code, at)
    return Place(zone=zone, weekend=state.weekend, holidays=holidays, hours=hours)


def _problems(form: RoundForm, today: dt.date) -> Iterator[Problem]:
    if form.first_day < today:
        yield Problem("first_day", N_("The first day must not lie before today."))
    if form.last_day < form.first_day:
        yield Problem("last_day", N_("The last day must not lie before the first."))
    elif form.last_day - form.first_day > LONGEST:
        yield Problem("last_day", N_("A round lasts three months at most."))
    if not form.methods or set(form.methods) - set(LineMethod):
        yield Problem("methods", N_("Choose at least one way to ask."))
    if not LEAST_MINUTES <= form.minutes <= MOST_MINUTES:
        params: dict[str, object] = {"least": LEAST_MINUTES, "most": MOST_MINUTES}
        yield Problem("minutes", N_("Give from %(least)s to %(most)s minutes."), params)


def _event(
    actor: Actor, action: str, asked: LineTestRound, at: dt.datetime, tests: int = 0
) -> Event:
    facts: dict[str, Any] = {
        "regional_group": asked.regional_group,
        "states": asked.states,
        "methods": asked.methods,
        "times": asked.times.value,
        "first_day": asked.first_day.isoformat(),
        "last_day": asked.last_day.isoformat(),
        "minutes": asked.minutes,
        "tests": tests,
    }
    return Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="line_tests",
        subject_id=asked.id,
        after=facts if asked.closed_at is None else {"closed": True},
    )
