"""What a focal point has to confirm, and who confirmed an entry before."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.vocabulary import ConfirmationMethod, Freshness
from directory.errors import NotFound
from directory.models.entry import Entry
from directory.models.proposal import EntryConfirmation
from directory.policy import READ_ENTRY, Actor, is_own_state, require
from directory.queries.entries import EntrySummary, entries_of_state


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationDesk:
    """A State's entries, by what they ask of its focal points."""

    disputed: tuple[EntrySummary, ...]
    lapsed: tuple[EntrySummary, ...]
    due: tuple[EntrySummary, ...]
    confirmed: tuple[EntrySummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastConfirmation:
    """A confirmation as readers see it: by which State, how, and of which revision."""

    on: dt.date
    revision: int
    by: str
    how: ConfirmationMethod


def confirmation_desk(actor: Actor, session: Session, today: dt.date) -> ConfirmationDesk:
    """The entries of the actor's own State; raises ``NotFound`` for an actor without one."""
    require(actor, "entries:confirm")
    if not is_own_state(actor, actor.state):
        raise NotFound("state", actor.state)
    by_state: dict[Freshness, list[EntrySummary]] = {state: [] for state in Freshness}
    for one in entries_of_state(actor, session, actor.state, today):
        by_state[one.freshness.state].append(one)
    return ConfirmationDesk(
        disputed=tuple(by_state[Freshness.DISPUTED]),
        lapsed=tuple(by_state[Freshness.LAPSED]),
        due=tuple(by_state[Freshness.DUE]),
        confirmed=tuple(by_state[Freshness.CONFIRMED]),
    )


def past_confirmations(
    actor: Actor, session: Session, entry_id: str, today: dt.date
) -> tuple[PastConfirmation, ...]:
    """The confirmations of an entry the actor may read, newest first."""
    table = EntryConfirmation
    statement = (
        select(table.on, table.revision, table.by_name, table.how)
        .join(Entry, Entry.id == table.entry_id)
        .where(READ_ENTRY.filter(actor, today), table.entry_id == entry_id)
        .order_by(table.id.desc())
    )
    return tuple(
        PastConfirmation(on=on, revision=revision, by=by, how=how)
        for on, revision, by, how in session.execute(statement)
    )
