"""Watching entries, States and questions; saving searches. Only ever for oneself.

The change log says that a person watches something more, or less, and not what: it is read by
others and kept for ever, and what a person works on is theirs.
"""

import datetime as dt
from typing import Any, cast

from sqlalchemy import delete, func, select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Event
from directory.domain.marks import N_
from directory.domain.watching import (
    MOST_SAVED,
    MOST_WATCHES,
    WatchKind,
    named_by,
    watched_question,
)
from directory.errors import Denied, InvalidState, NotFound, Problem
from directory.models.entry import Entry
from directory.models.reference import State
from directory.models.watching import SavedSearch, Watch
from directory.policy import READ_ENTRY, Actor, EntryFacts, require
from directory.queries.counterparts import answer
from directory.services import change_log
from directory.services.acting import doer_of


def owner_of(actor: Actor) -> int:
    """The account that keeps something for itself; raises ``Denied`` for who has none."""
    require(actor, "account:own")
    if actor.account_id is None:
        raise Denied("account:own")
    return actor.account_id


def watch(uow: UnitOfWork, actor: Actor, kind: WatchKind, key: str, at: dt.datetime) -> None:
    """Begin to watch; watching twice changes nothing.

    ``key`` is an entry's identifier, a State's code or ``question_key`` of a question. Raises
    ``NotFound`` for what the actor may not see, ``InvalidState`` for too many watches.
    """
    account_id = owner_of(actor)
    named = _named(uow, actor, kind, key, at)
    change_log.lock(uow.session)
    mine = select(Watch.kind, Watch.key).where(Watch.account_id == account_id)
    found = {(row.kind, row.key) for row in uow.session.execute(mine)}
    if (kind, key) in found:
        return
    if len(found) >= MOST_WATCHES:
        _refuse_more(
            N_("You watch %(most)s things already; end a watch, or watch the State."), MOST_WATCHES
        )
    row = Watch(
        account_id=account_id, kind=kind, key=key, created_at=at, looked_at=at, named=list(named)
    )
    uow.session.add(row)
    change_log.record(uow, _event("watch.begun", actor, at, kind.value))


def _refuse_more(message: str, most: int) -> None:
    raise InvalidState(reasons=[Problem("", message, {"most": most})])


def _named(
    uow: UnitOfWork, actor: Actor, kind: WatchKind, key: str, at: dt.datetime
) -> tuple[str, ...]:
    """What the answer names now; raises ``NotFound`` for what is not there for the actor."""
    if kind is WatchKind.ENTRY:
        _refuse_unseen_entry(uow, actor, key, at)
    elif kind is WatchKind.STATE:
        require(actor, "states:read")
        if uow.session.get(State, key) is None:
            raise NotFound("state", key)
    else:
        return named_by(answer(actor, uow.session, watched_question(key, at), at.date()))
    return ()


def _refuse_unseen_entry(uow: UnitOfWork, actor: Actor, key: str, at: dt.datetime) -> None:
    columns = (Entry.state_code, Entry.status, Entry.visible_until)
    found: Any = None
    if key.isprintable():
        found = uow.session.execute(select(*columns).where(Entry.id == key)).one_or_none()
    if found is None or not READ_ENTRY.allows(actor, cast("EntryFacts", found), at.date()):
        raise NotFound("entry", key)


def end_watch(uow: UnitOfWork, actor: Actor, watch_id: int, at: dt.datetime) -> None:
    """Watch no longer; raises ``NotFound`` for a watch of somebody else."""
    account_id = owner_of(actor)
    change_log.lock(uow.session)
    row = uow.session.get(Watch, watch_id)
    if row is None or row.account_id != account_id:
        raise NotFound("watch", str(watch_id))
    uow.session.delete(row)
    change_log.record(uow, _event("watch.ended", actor, at, row.kind.value))


def end_watch_of(uow: UnitOfWork, actor: Actor, kind: WatchKind, key: str, at: dt.datetime) -> None:
    """Watch this no longer; nothing happens where it was not watched."""
    wanted = select(Watch.id).where(
        Watch.account_id == owner_of(actor), Watch.kind == kind, Watch.key == key
    )
    found = uow.session.scalar(wanted)
    if found is not None:
        end_watch(uow, actor, found, at)


def save_search(uow: UnitOfWork, actor: Actor, query: str, at: dt.datetime) -> None:
    """Keep a search by the parameters of its address; saving twice changes nothing."""
    account_id = owner_of(actor)
    change_log.lock(uow.session)
    mine = SavedSearch.account_id == account_id
    if uow.session.scalar(select(SavedSearch.id).where(mine, SavedSearch.query == query)):
        return
    if (uow.session.scalar(select(func.count()).where(mine)) or 0) >= MOST_SAVED:
        _refuse_more(N_("You keep %(most)s searches already; remove one first."), MOST_SAVED)
    uow.session.add(SavedSearch(account_id=account_id, query=query, created_at=at))
    change_log.record(uow, _event("search.saved", actor, at))


def remove_search(uow: UnitOfWork, actor: Actor, search_id: int, at: dt.datetime) -> None:
    """Keep a search no longer; raises ``NotFound`` for a search of somebody else."""
    account_id = owner_of(actor)
    change_log.lock(uow.session)
    removed = delete(SavedSearch).where(
        SavedSearch.id == search_id, SavedSearch.account_id == account_id
    )
    if not cast("Any", uow.session.execute(removed)).rowcount:
        raise NotFound("saved_search", str(search_id))
    change_log.record(uow, _event("search.removed", actor, at))


def _event(action: str, actor: Actor, at: dt.datetime, kind: str = "") -> Event:
    return Event(
        at=at,
        doer=doer_of(actor),
        action=action,
        subject_kind="account",
        subject_id=str(actor.account_id),
        after={"kind": kind} if kind else None,
    )
