"""'Changed on ..., formerly ...': what decided where requests go, and changed a short while ago."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.diff import Difference, diff
from directory.domain.record import from_dict
from directory.models.entry import EntryRevision
from directory.policy import Actor, require, visible
from directory.queries.entries import EntryView

#: How long readers are told of a routing-critical change.
TOLD_FOR = dt.timedelta(days=60)
#: Most revisions looked at; an entry is hardly changed so often in that time.
MOST = 20


@dataclass(frozen=True, slots=True)
class RecentChange:
    """What one revision changed of what decides where requests go."""

    on: dt.date
    differences: tuple[Difference, ...]


def recent_changes(
    actor: Actor, session: Session, view: EntryView, at: dt.datetime
) -> tuple[RecentChange, ...]:
    """The routing-critical changes of the entry that readers are still told of, newest first.

    No statement where the entry did not change in that time.
    """
    require(actor, "entries:read")
    head = view.head
    if head.revision < 2 or at - head.changed_at > TOLD_FOR:
        return ()
    table = EntryRevision
    statement = (
        select(table.recorded_at, table.record)
        .where(table.entry_id == head.id)
        .order_by(table.number.desc())
        .limit(MOST)
    )
    rows = [
        (recorded_at, visible(actor, head.state, from_dict(head.kind, record)))
        for recorded_at, record in session.execute(statement)
    ]
    found = []
    for (recorded_at, record), (_earlier, before) in pairwise(rows):
        critical = tuple(one for one in diff(before, record) if one.is_critical)
        if critical and at - recorded_at <= TOLD_FOR:
            found.append(RecentChange(recorded_at.date(), critical))
    return tuple(found)
