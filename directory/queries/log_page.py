"""What the page of the change log shows beside the events: differences, and how far it is signed.

The log holds of a revision its number and the hash of its record; the records themselves are read
from the revisions when the page is shown, so that differences are computed and never stored.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from directory.domain.diff import Difference, diff
from directory.domain.notes import Checkpoint, NoteRefused, VerifierKey, open_note
from directory.domain.record import Record, from_dict
from directory.models.account import Account
from directory.models.entry import Entry, EntryRevision
from directory.policy import (
    Actor,
    LastAudiences,
    last_audiences,
    require,
    visible_then,
)
from directory.queries.change_log import EventView, newest_checkpoint, read_root, read_size

#: Entry and number of a revision.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStatus:
    """How far the log goes, and how far a signature vouches for it."""

    events: int
    #: Number, size and time of the last checkpoint; None before the first.
    checkpoint: int | None = None
    signed: int = 0
    at: dt.datetime | None = None
    root: str = ""
    #: Is it signed by a known key, and is its root that of the log as it stands?
    is_whole: bool = False


def log_status(actor: Actor, session: Session, keys: Sequence[VerifierKey]) -> LogStatus:
    """The last checkpoint held against the log; three statements, however long the log is."""
    require(actor, "log:read")
    size, last = read_size(session), newest_checkpoint(session)
    if last is None:
        return LogStatus(events=size)
    try:
        signed = Checkpoint.parse(open_note(last.note, keys))
    except NoteRefused:
        is_signed = False
    else:
        is_signed = (signed.size, signed.root) == (last.size, last.root)
    return LogStatus(
        events=size,
        checkpoint=last.number,
        signed=last.size,
        at=last.at,
        root=last.root.hex(),
        is_whole=is_signed and last.size <= size and read_root(session, last.size) == last.root,
    )


def find_account(actor: Actor, session: Session, email: str) -> int | None:
    """The number of the account with that address; None when there is none."""
    require(actor, "log:read")
    return session.scalar(select(Account.id).where(Account.email == email.strip().lower()))


def differences_of(
    actor: Actor, session: Session, events: Iterable[EventView]
) -> dict[int, tuple[Difference, ...]]:
    """Sequence number -> what the publication it tells of changed; one statement for all."""
    wanted = {one.event.sequence: keys for one in events if (keys := _revisions_of(one))}
    found = _read(session, {key for keys in wanted.values() for key in keys})
    return {
        sequence: diff(_seen(actor, found, old), _seen(actor, found, new))
        for sequence, (old, new) in wanted.items()
        if old in found and new in found
    }


def _revisions_of(view: EventView) -> tuple[Key, Key] | None:
    event = view.event
    if event.subject_kind != "entry" or not event.before or not event.after:
        return None
    numbers = (event.before.get("revision"), event.after.get("revision"))
    if not all(isinstance(number, int) for number in numbers):
        return None
    return (event.subject_id, numbers[0]), (event.subject_id, numbers[1])  # type: ignore[return-value]


#: State and record of a revision, and whom its lines were last meant for.
_Row = tuple[str, Record, LastAudiences]


def _read(session: Session, keys: set[Key]) -> dict[Key, _Row]:
    """The revisions, and all later ones of those entries: the last word on each line counts."""
    if not keys:
        return {}
    first = {id_: min(n for other, n in keys if other == id_) for id_, _number in keys}
    which = or_(
        *(
            and_(EntryRevision.entry_id == id_, EntryRevision.number >= n)
            for id_, n in first.items()
        )
    )
    columns = (EntryRevision.entry_id, EntryRevision.number, EntryRevision.record)
    statement = (
        select(*columns, Entry.kind, Entry.state_code)
        .join(Entry, Entry.id == EntryRevision.entry_id)
        .where(which)
        .order_by(EntryRevision.entry_id, EntryRevision.number)
    )
    lives: dict[tuple[str, str], list[tuple[int, Record]]] = {}
    for row in session.execute(statement):
        life = lives.setdefault((row.entry_id, row.state_code), [])
        life.append((row.number, from_dict(row.kind, row.record)))
    found: dict[Key, _Row] = {}
    for (entry_id, state), life in lives.items():
        last = last_audiences(record for _number, record in life)
        found |= {(entry_id, number): (state, record, last) for number, record in life}
    return found


def _seen(actor: Actor, found: Mapping[Key, _Row], key: Key) -> Record:
    state, record, last = found[key]
    return visible_then(actor, state, record, last)
