"""Entries to hand on: whole, each record as its recipient may see it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from directory.domain.events import Authentication
from directory.domain.freshness import freshness
from directory.domain.record import from_dict
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.errors import NotFound
from directory.exchange.export import ExportedEntry, Mark
from directory.models.account import Account, AccountRole
from directory.models.entry import Designation, Entry, EntryRevision
from directory.policy import READ_ENTRY, Actor, require, visible
from directory.queries.change_log import newest_checkpoint
from directory.queries.entries import HEAD

#: Entries fetched at once.
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilters:
    """What an export is narrowed to; empty does not narrow."""

    states: tuple[str, ...] = ()
    kinds: tuple[EntryKind, ...] = ()
    type: CooperationType | None = None
    instrument: str = ""
    #: Only these, by identifier (what a search found).
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry that an export will hold."""

    id: str
    state: str
    kind: EntryKind


def listed_to_export(
    actor: Actor, session: Session, filters: ExportFilters, today: dt.date
) -> tuple[Listed, ...]:
    """Which entries an export would hold, in its order; one statement, and no record is read."""
    require(actor, "entries:read")
    statement = select(Entry.id, Entry.state_code, Entry.kind).where(
        READ_ENTRY.filter(actor, today), *_conditions(filters)
    )
    return tuple(Listed(*row) for row in session.execute(statement.order_by(*_ORDER)))


def entries_to_export(
    actor: Actor, session: Session, filters: ExportFilters, today: dt.date
) -> Iterator[ExportedEntry]:
    """The entries that are in force, by State, kind and identifier; not those that are retired."""
    require(actor, "entries:read")
    statement = _WHOLE.where(READ_ENTRY.filter(actor, today), *_conditions(filters))
    ordered = statement.order_by(*_ORDER)
    for row in session.execute(ordered, execution_options={"yield_per": AT_ONCE}):
        yield _exported(actor, row, today)


def entry_to_export(actor: Actor, session: Session, entry_id: str, today: dt.date) -> ExportedEntry:
    """One entry, whatever its status; raises ``NotFound`` where there is none to see."""
    require(actor, "entries:read")
    # PostgreSQL fails on some such characters instead of finding nothing.
    which = (Entry.id == entry_id, READ_ENTRY.filter(actor, today))
    row = session.execute(_WHOLE.where(*which)).one_or_none() if entry_id.isprintable() else None
    if row is None:
        raise NotFound("entry", entry_id)
    return _exported(actor, row, today)


_ORDER = (Entry.state_code, Entry.kind, Entry.id)
_WHOLE = select(*HEAD, EntryRevision.record).join(
    EntryRevision,
    and_(EntryRevision.entry_id == Entry.id, EntryRevision.number == Entry.revision),
)


def _conditions(filters: ExportFilters) -> Iterator[ColumnElement[bool]]:
    yield Entry.status != EntryStatus.RETIRED
    if filters.states:
        yield Entry.state_code.in_(filters.states)
    if filters.kinds:
        yield Entry.kind.in_(filters.kinds)
    if filters.ids is not None:
        yield Entry.id.in_(filters.ids)
    if filters.type or filters.instrument:
        designated = select(Designation.entry_id)
        if filters.type:
            designated = designated.where(Designation.cooperation_type == filters.type)
        if filters.instrument:
            designated = designated.where(Designation.instrument_code == filters.instrument)
        yield Entry.id.in_(designated)


def _exported(actor: Actor, row: Any, today: dt.date) -> ExportedEntry:
    return ExportedEntry(
        id=row.id,
        kind=row.kind,
        state=row.state_code,
        revision=row.revision,
        name=row.name,
        record=visible(actor, row.state_code, from_dict(row.kind, row.record)),
        status=row.status,
        synthetic=row.synthetic,
        changed_at=row.changed_at,
        fresh=freshness(row.kind, row.confirmed_on, today, row.open_reports),
    )


def export_mark(actor: Actor, session: Session, at: dt.datetime, serial: str) -> Mark:
    """For whom the export is made, and the newest checkpoint, which its holder can witness."""
    signed = newest_checkpoint(session)
    mark = Mark(recipient=actor.name, at=at, serial=serial)
    return replace(mark, size=signed.size, root=signed.root.hex()) if signed else mark


def actor_by_email(session: Session, email: str, today: dt.date) -> Actor:
    """The account, for a command that acts in its name; raises ``NotFound`` unless it counts."""
    account = session.scalars(
        select(Account).where(Account.email == email.strip().casefold(), Account.active)
    ).one_or_none()
    if account is None or (account.ends_on is not None and account.ends_on < today):
        raise NotFound("account", email)
    roles = session.scalars(select(AccountRole).where(AccountRole.account_id == account.id)).all()
    return Actor(
        name=account.email,
        account_id=account.id,
        state=account.state_code or "",
        roles=frozenset(one.role for one in roles if _counts(one, today)),
        cooperation_types=frozenset(CooperationType(code) for code in account.cooperation_types),
        authentication=Authentication.SYSTEM,
    )


def _counts(role: AccountRole, today: dt.date) -> bool:
    return role.ends_on is None or role.ends_on >= today
