"""Closures that a State announced: for its own desk, and for the officers who look at them."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.closures import AWAITING, TAKING_BACK, ClosureStatus, decision_refusals
from directory.domain.verification import Person
from directory.errors import Problem
from directory.models.closure import StateClosure
from directory.policy import Actor, require

#: Most announcements in the officers' list.
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureView:
    """Days that are not over and that the State still has, or an officer still looks at."""

    id: int
    first: dt.date
    last: dt.date
    note: str
    status: ClosureStatus
    #: Why an officer refused the days, or to take them back; '' otherwise.
    decision_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingClosure:
    """What an officer is to look at; ``refusals`` say why it may not be this one."""

    id: int
    state_code: str
    first: dt.date
    last: dt.date
    note: str
    status: ClosureStatus
    asked_at: dt.datetime
    refusals: tuple[Problem, ...]

    @property
    def takes_back(self) -> bool:
        """Is it the withdrawal that is looked at, and not the days?"""
        return self.status in TAKING_BACK


def own_closures(actor: Actor, session: Session, today: dt.date) -> tuple[ClosureView, ...]:
    """Those of the actor's State that are not over or taken back, next first; one statement."""
    require(actor, "closures:announce")
    statement = (
        select(StateClosure)
        .where(
            StateClosure.state_code == actor.state,
            StateClosure.last >= today,
            StateClosure.status != ClosureStatus.WITHDRAWN,
        )
        .order_by(StateClosure.first, StateClosure.id)
    )
    return tuple(
        ClosureView(
            id=row.id,
            first=row.first,
            last=row.last,
            note=row.note,
            status=row.status,
            decision_text=row.decision_text,
        )
        for row in session.scalars(statement)
    )


def waiting_closures(actor: Actor, session: Session, today: dt.date) -> tuple[WaitingClosure, ...]:
    """What waits for officers and is not over, the next days first; one statement."""
    require(actor, "reviews:read")
    person = Person(account_id=actor.account_id, state=actor.state)
    statement = (
        select(StateClosure)
        .where(StateClosure.status.in_(sorted(AWAITING)), StateClosure.last >= today)
        .order_by(StateClosure.first, StateClosure.id)
        .limit(MOST)
    )
    return tuple(
        WaitingClosure(
            id=row.id,
            state_code=row.state_code,
            first=row.first,
            last=row.last,
            note=row.note,
            status=row.status,
            asked_at=row.asked_at,
            refusals=tuple(
                one.problem for one in decision_refusals(row.state_code, row.asked_by, person)
            ),
        )
        for row in session.scalars(statement)
    )
