"""What an account watches, keeps and looked up: read by that account alone."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from directory.db.swift import SwiftSelect
from directory.domain.watching import Lookup, WatchKind
from directory.models.entry import Entry
from directory.models.watching import RecentLookups, SavedSearch, Watch
from directory.policy import READ_ENTRY, Actor, require


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """Something watched. ``name`` and ``state`` are of an entry the actor may still read, else ''.

    ``key`` is an entry's identifier, a State's code, or the parameters of a question.
    """

    id: int
    kind: WatchKind
    key: str
    created_at: dt.datetime
    name: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A saved search, by the parameters of its address."""

    id: int
    query: str
    created_at: dt.datetime


def list_watches(actor: Actor, session: Session, today: dt.date) -> tuple[WatchView, ...]:
    """What the actor watches, the newest first; two statements."""
    require(actor, "account:own")
    mine = select(Watch).where(Watch.account_id == actor.account_id).order_by(Watch.id.desc())
    watches = session.scalars(mine).all()
    wanted = [one.key for one in watches if one.kind is WatchKind.ENTRY]
    readable = select(Entry.id, Entry.name, Entry.state_code).where(
        READ_ENTRY.filter(actor, today), Entry.id.in_(wanted)
    )
    entries = {row.id: row for row in session.execute(readable)} if wanted else {}
    return tuple(
        WatchView(
            id=one.id,
            kind=one.kind,
            key=one.key,
            created_at=one.created_at,
            name=entries[one.key].name if one.key in entries else "",
            state=entries[one.key].state_code if one.key in entries else "",
        )
        for one in watches
    )


def is_watched(actor: Actor, session: Session, kind: WatchKind, key: str) -> bool:
    """Does the actor watch this?"""
    wanted = {"account_id": actor.account_id, "kind": kind, "key": key}
    return _WATCHED.first(session.connection(), wanted) is not None


_WATCHED = SwiftSelect(
    select(Watch.id).where(
        Watch.account_id == bindparam("account_id"),
        Watch.kind == bindparam("kind"),
        Watch.key == bindparam("key"),
    )
)


def list_saved(actor: Actor, session: Session) -> tuple[SavedView, ...]:
    """The searches the actor saved, the newest first."""
    require(actor, "account:own")
    mine = select(SavedSearch).where(SavedSearch.account_id == actor.account_id)
    return tuple(
        SavedView(id=one.id, query=one.query, created_at=one.created_at)
        for one in session.scalars(mine.order_by(SavedSearch.id.desc()))
    )


def is_saved(actor: Actor, session: Session, query: str) -> bool:
    """Has the actor saved this search?"""
    wanted = select(SavedSearch.id).where(
        SavedSearch.account_id == actor.account_id, SavedSearch.query == query
    )
    return session.scalar(wanted) is not None


def list_recent(
    actor: Actor, session: Session, opened: Callable[[str], tuple[Lookup, ...]]
) -> tuple[Lookup, ...]:
    """What the actor looked up lately, the latest first; ``opened`` decrypts it."""
    require(actor, "account:own")
    mine = select(RecentLookups.sealed).where(RecentLookups.account_id == actor.account_id)
    sealed = session.scalar(mine)
    return opened(sealed) if sealed else ()
