"""Which numbers the directory names for a call-back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.domain.call_backs import PastRevision, eligible
from directory.domain.record import Channel, Record
from directory.domain.vocabulary import SPOKEN, EntryStatus
from directory.queries.current import (
    CurrentEntry,
    entries_reached_by,
    read_entries,
    read_histories,
)


@dataclass(frozen=True, slots=True)
class CallBackLines:
    """The entry whose channels are called ('' when none will do), and these, best first."""

    entry_id: str = ""
    channels: tuple[Channel, ...] = ()
    #: The revisions of that entry, from the first on.
    history: Sequence[PastRevision] = ()


def call_back_lines(
    session: Session,
    entry_id: str,
    state: str,
    current: CurrentEntry | None,
    proposed: Record,
    proposer_id: int,
    today: dt.date,
) -> CallBackLines:
    """The entry's own lines; where it has none, those of another entry of its State.

    The lines of a retired or suspended entry may have been given up, or be no longer safe: whoever
    holds them now does not vouch for its return.
    """
    if current is not None and current.status is EntryStatus.PUBLISHED:
        history = read_histories(session, [entry_id]).get(entry_id, [])
        own = eligible(history, current.record, proposed, proposer_id, today)
        if own:
            return CallBackLines(entry_id, own, history)
    others = entries_reached_by(session, state, SPOKEN, entry_id)
    return lines_of_others(session, others, proposer_id, today) if others else CallBackLines()


def lines_of_others(
    session: Session, entry_ids: list[str], proposer_id: int, today: dt.date
) -> CallBackLines:
    """The lines of the first of the entries that has one which protects; two statements."""
    entries, histories = read_entries(session, entry_ids), read_histories(session, entry_ids)
    for entry_id in entry_ids:
        if entry_id in entries:
            record, history = entries[entry_id].record, histories[entry_id]
            found = eligible(history, record, None, proposer_id, today)
            if found:
                return CallBackLines(entry_id, found, history)
    return CallBackLines()
