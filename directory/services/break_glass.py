"""Breaking the glass: lines that are shown on a stated reason only, for a short time, and told.

The opening, its event in the change log and the notices to the owner and to two officers stand in
one transaction: whoever sees a line has been told of. It rests on nothing else, so it works while
the read audit or a quota closes other things.
"""

import datetime as dt
from typing import Any, cast

from sqlalchemy import select

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Event
from directory.domain.marks import N_
from directory.domain.plain_text import required_problems
from directory.errors import Invalid, NotFound, Problem
from directory.models.break_glass import GlassOpening
from directory.models.entry import Entry
from directory.policy import READ_ENTRY, Actor, EntryFacts, behind_glass, require
from directory.queries.current import CurrentEntry, read_entry
from directory.services import change_log
from directory.services.acting import doer_of
from directory.services.notices import Notice, queue
from directory.services.recipients import focal_points, officers, old_mailboxes
from directory.services.secrets import hash_secret

#: Characters of a reason: one sentence at least, none of the case at length.
SHORTEST_REASON, LONGEST_REASON = 10, 500
#: Officers who are told of each opening.
OFFICERS_TOLD = 2


def open_glass(
    uow: UnitOfWork, actor: Actor, entry_id: str, reason: str, at: dt.datetime, minutes: int
) -> dt.datetime:
    """Show the actor what the entry keeps behind glass, until the moment given back.

    Raises ``NotFound`` where there is nothing behind glass for this actor, and ``Invalid``.
    """
    require(actor, "glass:break")
    change_log.lock(uow.session)
    entry = _entry(uow, actor, entry_id, at)
    _refuse_reason(reason)
    until = at + dt.timedelta(minutes=minutes)
    row = GlassOpening(
        entry_id=entry_id,
        account_id=actor.account_id,
        at=at,
        ends_at=until,
        reason=reason.strip(),
    )
    uow.session.add(row)
    uow.session.flush()
    change_log.record(uow, _event(actor, row, behind_glass(actor, entry.state, entry.record)))
    queue(uow, _notices(uow, actor, row, entry, minutes), at)
    return until


def _entry(uow: UnitOfWork, actor: Actor, entry_id: str, at: dt.datetime) -> CurrentEntry:
    columns = (Entry.state_code, Entry.status, Entry.visible_until)
    head: Any = None
    if entry_id.isprintable():
        head = uow.session.execute(select(*columns).where(Entry.id == entry_id)).one_or_none()
    if head is None or not READ_ENTRY.allows(actor, cast("EntryFacts", head), at.date()):
        raise NotFound("entry", entry_id)
    entry = read_entry(uow.session, entry_id)
    if entry is None or not behind_glass(actor, entry.state, entry.record):
        raise NotFound("line behind glass", entry_id)
    return entry


def _refuse_reason(reason: str) -> None:
    problems = required_problems("reason", reason, LONGEST_REASON)
    if not problems and len(reason.strip()) < SHORTEST_REASON:
        message = N_("Say in a sentence why it is needed now.")
        problems = [Problem("reason", message)]
    if problems:
        raise Invalid(problems)


def _event(actor: Actor, row: GlassOpening, lines: int) -> Event:
    return Event(
        at=row.at,
        doer=doer_of(actor),
        action="glass.opened",
        subject_kind="entry",
        subject_id=row.entry_id,
        after={"lines": lines, "until": row.ends_at.isoformat()},
        reason=row.reason,
    )


def _notices(
    uow: UnitOfWork, actor: Actor, row: GlassOpening, entry: CurrentEntry, minutes: int
) -> list[Notice]:
    """To the owner's focal points (its mailboxes where there are none) and two officers."""
    session, today = uow.session, row.at.date()
    owners = focal_points(session, entry.state, today, actor.account_id)
    told: list[int | str] = [*owners] if owners else [*old_mailboxes(entry)]
    told += _two_of(officers(session, today, actor.account_id), row.id)
    params = {
        "entry": row.entry_id,
        "by": actor.state or "-",
        "text": row.reason,
        "minutes": minutes,
    }
    return [
        Notice(
            kind="glass_opened",
            key=f"glass_opened:{row.id}:{hash_secret(str(one))}",
            account_id=one if isinstance(one, int) else None,
            address=one if isinstance(one, str) else "",
            params=params,
        )
        for one in told
    ]


def _two_of(found: list[int], turn: int) -> list[int]:
    """Two officers, others at the next opening, so that it does not fall to the same ones."""
    start = turn * OFFICERS_TOLD % len(found) if found else 0
    return [*found[start:], *found[:start]][:OFFICERS_TOLD]
