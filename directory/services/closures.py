"""A State says on which days its offices are closed; shown at once, as the State gave it.

It closes no 24/7 point and changes no entry, so it needs no second look: the worst a false one does
is to send somebody to the 24/7 point first.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Event
from directory.domain.marks import N_
from directory.domain.plain_text import text_problems
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.closure import StateClosure
from directory.policy import Actor, is_own_state, require
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.reference import renew_stamp

ANNOUNCE = "closures:announce"
#: Longest closure, and how far ahead one is announced.
LONGEST = dt.timedelta(days=60)
AHEAD = dt.timedelta(days=400)
LONGEST_NOTE = 200
#: Closures to come that a State may have.
MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureForm:
    """Days at the place, both included, and why."""

    first: dt.date
    last: dt.date
    note: str = ""


def announce_closure(uow: UnitOfWork, actor: Actor, form: ClosureForm, at: dt.datetime) -> int:
    """Announce it for the actor's State; gives its number. Raises ``Invalid``."""
    _require(actor)
    change_log.lock(uow.session)
    problems = [*_problems(form, at.date())]
    coming = select(func.count(StateClosure.id)).where(
        StateClosure.state_code == actor.state,
        StateClosure.last >= at.date(),
        StateClosure.withdrawn_at.is_(None),
    )
    if uow.session.scalars(coming).one() >= MOST:
        params: dict[str, object] = {"most": MOST}
        message = N_("A State announces at most %(most)s closures; withdraw one first.")
        problems.append(Problem("first", message, params))
    if problems:
        raise Invalid(problems)
    row = StateClosure(
        state_code=actor.state,
        first=form.first,
        last=form.last,
        note=form.note.strip(),
        announced_at=at,
        announced_by=actor.account_id or 0,
    )
    uow.session.add(row)
    uow.session.flush()
    renew_stamp(uow, at)
    change_log.record(uow, _event(actor, "closure.announced", row, at))
    return row.id


def withdraw_closure(uow: UnitOfWork, actor: Actor, number: int, at: dt.datetime) -> None:
    """Withdraw one of the own State. Raises ``NotFound``, ``InvalidState``."""
    _require(actor)
    change_log.lock(uow.session)
    row = uow.session.get(StateClosure, number, with_for_update=True)
    if row is None or row.state_code != actor.state:
        raise NotFound("closure", str(number))
    if row.withdrawn_at is not None:
        raise InvalidState(reasons=[Problem("", N_("It was withdrawn already."))], overtaken=True)
    row.withdrawn_at = at
    renew_stamp(uow, at)
    change_log.record(uow, _event(actor, "closure.withdrawn", row, at))


def _require(actor: Actor) -> None:
    require(actor, ANNOUNCE)
    if not is_own_state(actor, actor.state):
        raise Denied(ANNOUNCE)


def _problems(form: ClosureForm, today: dt.date) -> Iterator[Problem]:
    yield from text_problems("note", form.note, LONGEST_NOTE)
    if form.last < form.first:
        yield Problem("last", N_("The last day must not lie before the first."))
    elif form.last < today:
        yield Problem("last", N_("These days are over."))
    elif form.last - form.first > LONGEST:
        yield Problem("last", N_("Longer than two months: suspend the entries instead."))
    if form.first - today > AHEAD:
        yield Problem("first", N_("Too far ahead; announce it within the year before."))


def _event(actor: Actor, action: str, row: StateClosure, at: dt.datetime) -> Event:
    return Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="state",
        subject_id=row.state_code,
        after={
            "closure": row.id,
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
            "note": row.note,
        },
    )
