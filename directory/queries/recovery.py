"""Recoveries that wait for a second officer, and those of late."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from directory.models.account import Account
from directory.models.sign_in import Recovery, RecoveryOutcome
from directory.policy import Actor, require

#: Most recoveries on the page.
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryView:
    """A recovery as officers see it."""

    id: int
    email: str
    state: str
    opened_by: str
    opened_at: dt.datetime
    proof: str
    ends_at: dt.datetime
    closed_by: str
    closed_at: dt.datetime | None
    outcome: RecoveryOutcome | None
    second_proof: str
    #: May this officer be the second one?
    may_approve: bool

    def is_open(self, now: dt.datetime) -> bool:
        """Does it still wait for somebody?"""
        return self.outcome is None and self.ends_at > now


def list_recoveries(actor: Actor, session: Session) -> tuple[RecoveryView, ...]:
    """The newest first. One statement."""
    require(actor, "recovery:prove")
    whose, opener, closer = aliased(Account), aliased(Account), aliased(Account)
    query = (
        select(Recovery, whose.email, whose.state_code, opener.email, closer.email)
        .join(whose, whose.id == Recovery.account_id)
        .join(opener, opener.id == Recovery.opened_by)
        .outerjoin(closer, closer.id == Recovery.closed_by)
        .order_by(Recovery.id.desc())
        .limit(MOST)
    )
    return tuple(_view(actor, *row) for row in session.execute(query))


def _view(
    actor: Actor, row: Recovery, email: str, state: str | None, opener: str, closer: str | None
) -> RecoveryView:
    return RecoveryView(
        id=row.id,
        email=email,
        state=state or "",
        opened_by=opener,
        opened_at=row.opened_at,
        proof=row.proof,
        ends_at=row.ends_at,
        closed_by=closer or "",
        closed_at=row.closed_at,
        outcome=row.outcome,
        second_proof=row.second_proof,
        may_approve=actor.account_id not in {row.opened_by, row.account_id},
    )
