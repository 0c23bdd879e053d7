"""What a restored directory must agree with, and what must be done again after an older backup."""

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from directory.models.change_log import LogEvent, PersonKey
from directory.queries.change_log import newest_checkpoint, read_root, read_size


def log_facts(connection: Connection) -> dict[str, Any]:
    """Size and root of the log, and the newest signed note, on that connection's moment."""
    with Session(connection) as session:
        size, newest = read_size(session), newest_checkpoint(session)
        root = read_root(session, size).hex() if size else ""
    return {"events": size, "root": root, "checkpoint": newest.note if newest else ""}


def erased_since(session: Session) -> list[str]:
    """Persons whose key was destroyed after this log ends, so that its rows still show them.

    The keys come from the newest copy and know it, the log from an older one does not.
    """
    recorded = select(LogEvent.after).where(LogEvent.action == "person.erased")
    known = {(after or {}).get("key") for after in session.scalars(recorded)}
    destroyed = select(PersonKey.id, PersonKey.person).where(PersonKey.destroyed_at.is_not(None))
    return sorted(row.person for row in session.execute(destroyed) if row.id not in known)
