"""A State says on which days its offices are closed, and takes it back.

What it says waits for one officer, or counts at once where the secretariat's setting for
descriptive changes says so; ``domain.closures`` holds the rule. It closes no 24/7 point and changes
no entry.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.closures import (
    AWAITING,
    ENDED,
    IN_EFFECT,
    TAKING_BACK,
    ClosureAct,
    ClosureStatus,
    announced,
    status_after,
)
from directory.domain.contact_texts import unchecked_problems
from directory.domain.events import Event
from directory.domain.marks import N_
from directory.domain.plain_text import text_problems
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.closure import StateClosure
from directory.policy import Actor, is_own_state, require
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.notices import Notice, queue
from directory.services.recipients import officers
from directory.services.reference import renew_stamp
from directory.services.workflow import Workflow

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


def announce_closure(
    uow: UnitOfWork, actor: Actor, form: ClosureForm, at: dt.datetime, workflow: Workflow
) -> ClosureStatus:
    """Announce it for the actor's State; gives where it stands. Raises ``Invalid``."""
    _require(actor)
    change_log.lock(uow.session)
    problems = [
        *_problems(form, at.date()),
        *_standing_problems(uow, actor.state, form, at.date()),
    ]
    if problems:
        raise Invalid(problems)
    row = StateClosure(
        state_code=actor.state,
        first=form.first,
        last=form.last,
        note=form.note.strip(),
        status=announced(at_once=workflow.descriptive_at_once),
        announced_at=at,
        announced_by=actor.account_id or 0,
    )
    uow.session.add(row)
    uow.session.flush()
    record_closure(uow, actor, "closure.announced", row, None, at)
    _tell_officers(uow, row, at)
    return row.status


def withdraw_closure(
    uow: UnitOfWork, actor: Actor, number: int, at: dt.datetime, workflow: Workflow
) -> ClosureStatus:
    """Take one of the own State back; gives where it stands. Raises ``NotFound``, ``InvalidState``.

    What no officer has vouched for is taken back at once, the rest by the rule for announcing.
    """
    _require(actor)
    row = hold_closure(uow, number)
    if row.state_code != actor.state:
        raise NotFound("closure", str(number))
    before = row.status
    after = status_after(before, ClosureAct.WITHDRAW, at_once=workflow.descriptive_at_once)
    if after is None:
        message = N_("It was withdrawn or refused already, or its withdrawal waits.")
        raise InvalidState(reasons=[Problem("", message)], overtaken=True)
    row.status = after
    row.leaving_at, row.leaving_by, row.decision_text = at, actor.account_id, ""
    row.withdrawn_at = None if after in IN_EFFECT else at
    action = "closure.withdrawal_asked" if after in IN_EFFECT else "closure.withdrawn"
    record_closure(uow, actor, action, row, before, at)
    _tell_officers(uow, row, at)
    return after


def hold_closure(uow: UnitOfWork, number: int) -> StateClosure:
    """The closure, held until the transaction ends; raises ``NotFound``."""
    change_log.lock(uow.session)
    row = uow.session.get(StateClosure, number, with_for_update=True)
    if row is None:
        raise NotFound("closure", str(number))
    return row


def record_closure(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    row: StateClosure,
    before: ClosureStatus | None,
    at: dt.datetime,
    reason: str = "",
) -> None:
    """Append the act, and have readers read anew where other days count than before."""
    event = Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="state",
        subject_id=row.state_code,
        before={"status": before.value} if before else None,
        after=_facts(row),
        reason=reason,
    )
    change_log.record(uow, event)
    if before in IN_EFFECT or row.status in IN_EFFECT:
        renew_stamp(uow, at)


def _facts(row: StateClosure) -> dict[str, object]:
    return {
        "closure": row.id,
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "note": row.note,
        "status": row.status.value,
    }


def closure_notice(kind: str, row: StateClosure, account_id: int, at: dt.datetime) -> Notice:
    """A notice about these days, to one account."""
    return Notice(
        kind=kind,
        key=f"{kind}:{row.id}:{at.isoformat()}:{account_id}",
        account_id=account_id,
        params={
            "state": row.state_code,
            "first_day": row.first.isoformat(),
            "last_day": row.last.isoformat(),
            "text": row.decision_text,
        },
    )


def _tell_officers(uow: UnitOfWork, row: StateClosure, at: dt.datetime) -> None:
    if row.status not in AWAITING:
        return
    told = officers(uow.session, at.date(), row.asked_by)
    queue(uow, [closure_notice("closure_waits", row, one, at) for one in told], at)


def _require(actor: Actor) -> None:
    require(actor, ANNOUNCE)
    if not is_own_state(actor, actor.state):
        raise Denied(ANNOUNCE)


def _problems(form: ClosureForm, today: dt.date) -> Iterator[Problem]:
    yield from text_problems("note", form.note, LONGEST_NOTE)
    yield from unchecked_problems("note", form.note)
    if form.last < form.first:
        yield Problem("last", N_("The last day must not lie before the first."))
    elif form.last < today:
        yield Problem("last", N_("These days are over."))
    elif form.last - form.first > LONGEST:
        yield Problem("last", N_("Longer than two months: suspend the entries instead."))
    if form.first - today > AHEAD:
        yield Problem("first", N_("Too far ahead; announce it within the year before."))


def _standing_problems(
    uow: UnitOfWork, state: str, form: ClosureForm, today: dt.date
) -> Iterator[Problem]:
    """What the days that the State has announced already leave no room for."""
    coming = select(StateClosure.first, StateClosure.last, StateClosure.status).where(
        StateClosure.state_code == state,
        StateClosure.last >= today,
        StateClosure.status.not_in(sorted(ENDED)),
    )
    standing = uow.session.execute(coming.order_by(StateClosure.first)).all()
    if len(standing) >= MOST:
        params: dict[str, object] = {"most": MOST}
        message = N_("A State announces at most %(most)s closures; withdraw one first.")
        yield Problem("first", message, params)
    for first, last, status in standing:
        # Days on their way out stand in nobody's way: a State announces them anew in another shape.
        if status not in TAKING_BACK and first <= form.last and form.first <= last:
            yield Problem("first", _OVERLAP, {"first_day": first, "last_day": last})
            return


_OVERLAP = N_(
    "The days from %(first_day)s to %(last_day)s are announced already; withdraw those first, "
    "or give days that do not touch them."
)
