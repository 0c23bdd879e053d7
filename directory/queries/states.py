"""Reading States: the list, and one State with what it is bound by, has designated and lacks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.domain.book import ReferenceBook
from directory.domain.coverage import SOMEBODY_NAMED, Cell
from directory.domain.reference import Declaration, LegalBasis, Participation, State
from directory.domain.vocabulary import CooperationType
from directory.models.entry import Entry
from directory.policy import READ_ENTRY, Actor
from directory.queries.coverage import cells_of_state
from directory.queries.entry_lists import EntrySummary, entries_of_state
from directory.queries.reference import get_book
from directory.queries.reference import get_state as find_state


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSummary:
    """A State as a line of the list, with the number of entries the actor may see."""

    state: State
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A type for which nobody is named today, and the articles in force for it that bear on it."""

    cooperation_type: CooperationType
    legal_bases: tuple[LegalBasis, ...]
    #: Does one of the duties leave a month only?
    has_clock: bool = False

    @property
    def is_duty(self) -> bool:
        """Does an article in force for the State oblige it to designate?"""
        return any(basis.must_designate == "yes" for basis in self.legal_bases)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """One State in full."""

    state: State
    participations: tuple[Participation, ...]
    declarations: tuple[Declaration, ...]
    entries: tuple[EntrySummary, ...]
    missing: tuple[Missing, ...]
    book: ReferenceBook


def list_states(actor: Actor, session: Session, today: dt.date) -> tuple[StateSummary, ...]:
    """All States by code, in two statements."""
    book = get_book(actor, session)
    statement = (
        select(Entry.state_code, func.count())
        .where(READ_ENTRY.filter(actor, today))
        .group_by(Entry.state_code)
    )
    counts = dict(session.execute(statement).all())
    return tuple(
        StateSummary(state=state, entries=counts.get(state.code, 0))
        for state in book.states.values()
    )


def get_state(actor: Actor, session: Session, code: str, today: dt.date) -> StateView:
    """The State with that code; raises ``NotFound``."""
    book = get_book(actor, session)
    state = find_state(book, code)
    entries = entries_of_state(actor, session, state.code, today)
    return StateView(
        state=state,
        participations=book.participations_by_state.get(state.code, ()),
        declarations=book.declarations_by_state.get(state.code, ()),
        entries=entries,
        missing=_missing(cells_of_state(actor, session, book, state.code, today)),
        book=book,
    )


def _missing(cells: Iterable[Cell]) -> tuple[Missing, ...]:
    """The types nobody is named for today, by the rule of the coverage matrix."""
    return tuple(
        Missing(
            cooperation_type=cell.cooperation_type,
            legal_bases=cell.legal_bases,
            has_clock=cell.has_clock,
        )
        for cell in cells
        if cell.cover not in SOMEBODY_NAMED
    )
