"""What was done to one's own account lately, for its owner to notice what they did not do."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.change_log import LogEvent
from directory.policy import Actor, require

#: So many of the newest are shown.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event about the actor's account; ``is_own``: they did it themselves."""

    at: dt.datetime
    action: str
    is_own: bool


def list_own_events(actor: Actor, session: Session) -> tuple[OwnEvent, ...]:
    """The newest events about the actor's account, newest first. One statement, by an index."""
    require(actor, "account:own")
    mine = (LogEvent.subject_kind == "account", LogEvent.subject_id == str(actor.account_id))
    rows = session.execute(
        select(LogEvent.at, LogEvent.action, LogEvent.actor_account)
        .where(*mine)
        .order_by(LogEvent.sequence.desc())
        .limit(SHOWN)
    )
    return tuple(
        OwnEvent(row.at, row.action, row.actor_account == actor.account_id) for row in rows
    )
