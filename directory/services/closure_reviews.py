"""One officer of the secretariat looks at what a State announced about closed days."""

import datetime as dt

from directory.db.unit_of_work import UnitOfWork
from directory.domain.closures import (
    AWAITING,
    IN_EFFECT,
    TRANSITIONS,
    ClosureAct,
    ClosureStatus,
    decision_refusals,
)
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems
from directory.domain.verification import Person
from directory.errors import Denied, Invalid, InvalidState, Problem
from directory.models.closure import StateClosure
from directory.policy import Actor, require
from directory.services.closures import closure_notice, hold_closure, record_closure
from directory.services.notices import queue

REVIEW = "closures:review"
LONGEST_TEXT = 1000
OVERTAKEN = N_("Somebody acted on these days while you looked at them; look at the list anew.")


def accept_closure(
    uow: UnitOfWork, actor: Actor, number: int, seen: ClosureStatus, at: dt.datetime
) -> ClosureStatus:
    """Vouch for the days, or for their withdrawal; gives where they stand.

    ``seen`` is where they stood when the officer looked. Raises ``Denied``, ``InvalidState``.
    """
    row = _hold(uow, actor, number, seen)
    before = _decide(actor, row, ClosureAct.ACCEPT, "", at)
    record_closure(uow, actor, "closure.accepted", row, before, at)
    queue(uow, [closure_notice("closure_accepted", row, row.asked_by, at)], at)
    return row.status


def refuse_closure(
    uow: UnitOfWork, actor: Actor, number: int, seen: ClosureStatus, text: str, at: dt.datetime
) -> ClosureStatus:
    """Refuse the same, with a reason that the State reads. Raises ``Invalid`` without one."""
    row = _hold(uow, actor, number, seen)
    problems = required_problems("text", text, LONGEST_TEXT)
    if problems:
        raise Invalid(problems)
    before = _decide(actor, row, ClosureAct.REFUSE, text.strip(), at)
    record_closure(uow, actor, "closure.rejected", row, before, at, row.decision_text)
    queue(uow, [closure_notice("closure_rejected", row, row.asked_by, at)], at)
    return row.status


def _hold(uow: UnitOfWork, actor: Actor, number: int, seen: ClosureStatus) -> StateClosure:
    require(actor, REVIEW)
    row = hold_closure(uow, number)
    officer = Person(account_id=actor.account_id, state=actor.state)
    found = decision_refusals(row.state_code, row.asked_by, officer)
    if found:
        raise Denied(REVIEW, [one.problem for one in found])
    # Whoever looked at the announcement has not looked at its withdrawal.
    if row.status is not seen or row.status not in AWAITING:
        raise InvalidState(reasons=[Problem("", OVERTAKEN)], overtaken=True)
    return row


def _decide(
    actor: Actor, row: StateClosure, act: ClosureAct, text: str, at: dt.datetime
) -> ClosureStatus:
    """Put it where the decision leads; gives where it stood before."""
    before, row.status = row.status, TRANSITIONS[row.status, act]
    row.decided_at, row.decided_by, row.decision_text = at, actor.account_id, text
    row.withdrawn_at = None if row.status in IN_EFFECT else row.withdrawn_at or at
    return before
