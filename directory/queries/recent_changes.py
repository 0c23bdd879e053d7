"""'Changed on ..., formerly ...': what decided where requests go, and changed a short while ago."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from directory.domain.lately import RecentChange, told_changes
from directory.domain.record import Record, from_dict
from directory.models.entry import Entry, EntryRevision
from directory.policy import Actor, last_audiences, require, visible_then

#: Most revisions of an entry looked at; it is hardly changed so often in that time.
MOST = 20


def recent_changes(
    actor: Actor, reader: Session | Connection, entry_ids: Collection[str], at: dt.datetime
) -> dict[str, tuple[RecentChange, ...]]:
    """The routing-critical changes of those entries that readers are told of, newest first.

    One statement, none for no entry: give those for which ``domain.lately.may_be_told`` holds.
    """
    require(actor, "entries:read")
    if not entry_ids:
        return {}
    table = EntryRevision
    statement = (
        select(Entry.id, Entry.kind, Entry.state_code, table.recorded_at, table.record)
        .join(Entry, Entry.id == table.entry_id)
        .where(Entry.id.in_(entry_ids), table.number > Entry.revision - MOST)
        .order_by(Entry.id, table.number.desc())
    )
    revisions: dict[tuple[str, str], list[tuple[dt.datetime, Record]]] = {}
    for row in reader.execute(statement):
        of_entry = revisions.setdefault((row.id, row.state_code), [])
        of_entry.append((row.recorded_at, from_dict(row.kind, row.record)))
    found = {
        id_: told_changes(_seen(actor, state, rows), at) for (id_, state), rows in revisions.items()
    }
    return {id_: changes for id_, changes in found.items() if changes}


def _seen(
    actor: Actor, state: str, rows: list[tuple[dt.datetime, Record]]
) -> list[tuple[dt.datetime, Record]]:
    """The revisions, newest first, without the lines that were closed to the actor since."""
    last = last_audiences(record for _at, record in reversed(rows))
    return [(at, visible_then(actor, state, record, last)) for at, record in rows]
