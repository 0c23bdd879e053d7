"""Reading the read audit: an auditor all of it, a State what its own accounts looked at."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from directory.domain.looking import Way
from directory.models.account import Account
from directory.models.entry import Entry
from directory.models.read_audit import ExportMade, ReadAlert, ReadView
from directory.policy import READ_LOOK_UPS, Actor, is_own_state, require

#: Most rows of an export of the audit itself.
MOST_EXPORTED = 100_000
AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpFilters:
    """What the list is narrowed to; empty does not narrow."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    #: E-mail of the account that looked.
    email: str = ""
    #: State of that account.
    state: str = ""
    way: Way | None = None
    entry: str = ""
    #: State of the entry.
    entry_state: str = ""
    beyond: bool = False
    #: Only rows with smaller numbers.
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpView:
    """One entry that somebody looked at; ``email`` is '' where the account is gone."""

    id: int
    at: dt.datetime
    email: str
    state: str
    way: Way
    program: bool
    beyond: bool
    entry: str
    entry_name: str
    entry_state: str


def list_look_ups(
    actor: Actor, session: Session, filters: LookUpFilters, limit: int
) -> list[LookUpView]:
    """Look-ups, the newest first; one statement."""
    return [_view(row) for row in session.execute(_wanted(actor, filters).limit(limit))]


def all_look_ups(actor: Actor, session: Session, filters: LookUpFilters) -> Iterator[LookUpView]:
    """The same for a file, up to ``MOST_EXPORTED``."""
    statement = _wanted(actor, filters).limit(MOST_EXPORTED)
    for row in session.execute(statement, execution_options={"yield_per": AT_ONCE}):
        yield _view(row)


def _wanted(actor: Actor, filters: LookUpFilters) -> Select[*tuple[Any, ...]]:
    require(actor, "audit:read")
    return (
        select(
            ReadView.id,
            ReadView.at,
            ReadView.account_state,
            ReadView.way,
            ReadView.program,
            ReadView.beyond,
            ReadView.entry_id,
            ReadView.entry_state,
            Account.email,
            Entry.name,
        )
        .outerjoin(Account, Account.id == ReadView.account_id)
        .outerjoin(Entry, Entry.id == ReadView.entry_id)
        .where(READ_LOOK_UPS.filter(actor), *_conditions(filters))
        .order_by(ReadView.id.desc())
    )


def _conditions(filters: LookUpFilters) -> list[ColumnElement[bool]]:
    equal: tuple[tuple[Any, Any], ...] = (
        (Account.email, filters.email.strip().casefold()),
        (ReadView.account_state, filters.state),
        (ReadView.way, filters.way),
        (ReadView.entry_id, filters.entry),
        (ReadView.entry_state, filters.entry_state),
        (ReadView.beyond, filters.beyond),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value]
    if filters.since:
        found.append(ReadView.at >= filters.since)
    if filters.until:
        found.append(ReadView.at < filters.until)
    if filters.before:
        found.append(ReadView.id < filters.before)
    return found


def _view(row: Any) -> LookUpView:
    return LookUpView(
        id=row.id,
        at=row.at,
        email=row.email or "",
        state=row.account_state,
        way=row.way,
        program=row.program,
        beyond=row.beyond,
        entry=row.entry_id,
        entry_name=row.name or "",
        entry_state=row.entry_state,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLookUps:
    """How often others looked at an entry, and from how many States."""

    entry: str
    name: str
    views: int
    states: int
    last: dt.datetime


def look_ups_of_own_entries(
    actor: Actor, session: Session, since: dt.datetime
) -> tuple[EntryLookUps, ...]:
    """For the actor's own State: counts per entry, most first, and never by whom; one statement."""
    require(actor, "audit:read")
    if not is_own_state(actor, actor.state):
        return ()
    views = func.count(ReadView.id)
    statement = (
        select(
            ReadView.entry_id,
            Entry.name,
            views.label("views"),
            func.count(ReadView.account_state.distinct()).label("states"),
            func.max(ReadView.at, type_=ReadView.at.type).label("last"),
        )
        .join(Entry, Entry.id == ReadView.entry_id)
        .where(
            ReadView.entry_state == actor.state,
            ReadView.account_state.not_in(("", actor.state)),
            ReadView.at >= since,
        )
        .group_by(ReadView.entry_id, Entry.name)
        .order_by(views.desc(), ReadView.entry_id)
    )
    return tuple(
        EntryLookUps(
            entry=row.entry_id, name=row.name, views=row.views, states=row.states, last=row.last
        )
        for row in session.execute(statement)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """A file that left the directory."""

    serial: str
    at: dt.datetime
    email: str
    state: str
    way: Way
    form: str
    subject: str
    entries: int


def list_exports(actor: Actor, session: Session, serial: str, limit: int) -> tuple[ExportView, ...]:
    """Files, the newest first; or the one with that serial number."""
    require(actor, "audit:read")
    statement = (
        select(ExportMade, Account.email)
        .outerjoin(Account, Account.id == ExportMade.account_id)
        .where(READ_LOOK_UPS.exports(actor))
        .order_by(ExportMade.at.desc(), ExportMade.serial)
        .limit(limit)
    )
    if serial:
        statement = statement.where(ExportMade.serial == serial.strip().upper())
    return tuple(
        ExportView(
            serial=one.serial,
            at=one.at,
            email=email or "",
            state=one.account_state,
            way=one.way,
            form=one.form,
            subject=one.subject,
            entries=one.entries,
        )
        for one, email in session.execute(statement)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """A pattern of copying that was found."""

    alert: ReadAlert
    email: str


def list_alerts(actor: Actor, session: Session, limit: int) -> Sequence[AlertView]:
    """Alerts, the newest first; for administrators and auditors."""
    require(actor, "audit:alerts")
    statement = (
        select(ReadAlert, Account.email)
        .outerjoin(Account, Account.id == ReadAlert.account_id)
        .order_by(ReadAlert.id.desc())
        .limit(limit)
    )
    return [AlertView(alert=one, email=email or "") for one, email in session.execute(statement)]
