"""Where the channels that a proposal takes away or brings stood before: when, by which revision."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.call_backs import Key, channels_of
from directory.domain.record import Channel, Record, RequirementsRecord
from directory.models.entry import Entry, EntryRevision
from directory.policy import READ_ENTRY, Actor
from directory.queries.proposals import ProposalView


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A stretch of revisions in which a channel stood, the last of them included."""

    first: int
    last: int
    since: dt.datetime
    #: Why it came, and the source act it rests on, as kept.
    reason: str
    source: str
    #: Does it stand in the current revision?
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPast:
    """A channel the proposal touches; no stands for one that was never on record here."""

    channel: Channel
    #: True where the proposal brings it, False where it takes it away.
    is_new: bool
    stands: tuple[Stand, ...]


def channel_pasts(
    actor: Actor, session: Session, view: ProposalView, today: dt.date
) -> tuple[ChannelPast, ...]:
    """The channels taken away, then those brought; one statement, none when no channel changes."""
    after = view.merged or view.record
    old = _channels(view.current.record if view.current else None)
    new = _channels(after)
    touched = [(old[key], False) for key in old if key not in new]
    touched += [(new[key], True) for key in new if key not in old]
    if not touched:
        return ()
    rows = _revisions(actor, session, view.head.entry_id, today)
    return tuple(
        ChannelPast(channel=channel, is_new=is_new, stands=tuple(_stands(rows, _key(channel))))
        for channel, is_new in touched
    )


def _channels(record: Record | None) -> dict[Key, Channel]:
    if record is None or isinstance(record, RequirementsRecord):
        return {}
    return {_key(channel): channel for channel in record.channels}


def _key(channel: Channel) -> Key:
    return channel.kind.value, channel.value


def _revisions(actor: Actor, session: Session, entry_id: str, today: dt.date) -> Sequence[Any]:
    statement = (
        select(
            EntryRevision.number,
            EntryRevision.recorded_at,
            EntryRevision.reason,
            EntryRevision.record,
        )
        .join(Entry, Entry.id == EntryRevision.entry_id)
        .where(READ_ENTRY.filter(actor, today), EntryRevision.entry_id == entry_id)
        .order_by(EntryRevision.number)
    )
    return session.execute(statement).all()


def _stands(rows: Sequence[Any], key: Key) -> Iterator[Stand]:
    begun: Any = None
    before: Any = None
    for row in rows:
        stands = key in channels_of(row.record)
        if stands and begun is None:
            begun = row
        elif not stands and begun is not None:
            yield _stand(begun, before, key, is_current=False)
            begun = None
        before = row
    if begun is not None:
        yield _stand(begun, before, key, is_current=True)


def _stand(first: Any, last: Any, key: Key, *, is_current: bool) -> Stand:
    source = channels_of(first.record)[key].get("source", "")
    acts = {one["key"]: one["reference"] for one in first.record.get("sources", ())}
    return Stand(
        first=first.number,
        last=last.number,
        since=first.recorded_at,
        reason=first.reason,
        source=acts.get(source, ""),
        is_current=is_current,
    )
