"""What stands behind glass, for those who gave a reason a moment ago."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.domain.document import EntryHead
from directory.domain.record import Channel, from_dict
from directory.domain.vocabulary import Audience
from directory.errors import NotFound
from directory.models.break_glass import GlassOpening
from directory.models.entry import Entry, EntryRevision
from directory.policy import READ_ENTRY, Actor, EntryFacts, behind_glass, require, visible
from directory.queries.entries import CURRENT, HEAD, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassView:
    """An entry that keeps lines behind glass; ``lines`` is empty while it is closed."""

    head: EntryHead
    number: int
    lines: tuple[Channel, ...]
    #: Until when they are shown; None while it is closed.
    until: dt.datetime | None


def look_behind_glass(actor: Actor, session: Session, entry_id: str, now: dt.datetime) -> GlassView:
    """The lines, while an opening of this account lasts; two statements.

    Raises ``NotFound`` where nothing is behind glass for this actor.
    """
    require(actor, "glass:break")
    row = _read(session, entry_id)
    if row is None or not READ_ENTRY.allows(actor, cast("EntryFacts", row), now.date()):
        raise NotFound("entry", entry_id)
    record = from_dict(row.kind, row.record)
    number = behind_glass(actor, row.state_code, record)
    if not number:
        raise NotFound("line behind glass", entry_id)
    until = session.scalar(
        select(func.max(GlassOpening.ends_at)).where(
            GlassOpening.account_id == actor.account_id,
            GlassOpening.entry_id == entry_id,
            GlassOpening.ends_at > now,
        )
    )
    shown = visible(actor, row.state_code, record, opened=until is not None)
    lines = tuple(
        one for one in getattr(shown, "channels", ()) if one.audience is Audience.BREAK_GLASS
    )
    return GlassView(head=head_of(row), number=number, lines=lines, until=until)


def _read(session: Session, entry_id: str) -> Any:
    if not entry_id.isprintable():
        return None
    statement = select(*HEAD, EntryRevision.record).join(EntryRevision, CURRENT)
    return session.execute(statement.where(Entry.id == entry_id)).one_or_none()
