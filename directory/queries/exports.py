"""Entries to hand on: whole, each record as its recipient may see it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from directory.domain.events import Authentication
from directory.domain.record import from_dict
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.errors import NotFound
from directory.exchange.export import ExportedEntry, Mark
from directory.models.account import Account, AccountRole
from directory.models.entry import Entry, EntryRevision
from directory.policy import READ_ENTRY, Actor, require, visible
from directory.queries.change_log import newest_checkpoint

#: Entries fetched at once.
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilters:
    """What an export is narrowed to; empty does not narrow."""

    states: tuple[str, ...] = ()
    kinds: tuple[EntryKind, ...] = ()


def entries_to_export(
    actor: Actor, session: Session, filters: ExportFilters, today: dt.date
) -> Iterator[ExportedEntry]:
    """The entries that are in force, by State, kind and identifier; not those that are retired."""
    require(actor, "entries:read")
    statement = (
        select(
            Entry.id, Entry.kind, Entry.state_code, Entry.revision, Entry.name, EntryRevision.record
        )
        .join(
            EntryRevision,
            and_(EntryRevision.entry_id == Entry.id, EntryRevision.number == Entry.revision),
        )
        .where(READ_ENTRY.filter(actor, today), Entry.status != EntryStatus.RETIRED)
        .order_by(Entry.state_code, Entry.kind, Entry.id)
    )
    if filters.states:
        statement = statement.where(Entry.state_code.in_(filters.states))
    if filters.kinds:
        statement = statement.where(Entry.kind.in_(filters.kinds))
    for row in session.execute(statement, execution_options={"yield_per": AT_ONCE}):
        yield ExportedEntry(
            id=row.id,
            kind=row.kind,
            state=row.state_code,
            revision=row.revision,
            name=row.name,
            record=visible(actor, row.state_code, from_dict(row.kind, row.record)),
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
