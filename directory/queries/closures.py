"""Closures that a State announced, for its own desk."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.closure import StateClosure
from directory.policy import Actor, require


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureView:
    """A closure that has not ended and was not withdrawn."""

    id: int
    first: dt.date
    last: dt.date
    note: str


def own_closures(actor: Actor, session: Session, today: dt.date) -> tuple[ClosureView, ...]:
    """Those of the actor's State, the next first; one statement."""
    require(actor, "closures:announce")
    statement = (
        select(StateClosure)
        .where(
            StateClosure.state_code == actor.state,
            StateClosure.last >= today,
            StateClosure.withdrawn_at.is_(None),
        )
        .order_by(StateClosure.first, StateClosure.id)
    )
    return tuple(
        ClosureView(id=row.id, first=row.first, last=row.last, note=row.note)
        for row in session.scalars(statement)
    )
