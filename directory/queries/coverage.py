"""Coverage as one actor may see it: the matrix, the scores of States, the days before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import Session

from directory.domain.book import ReferenceBook
from directory.domain.coverage import KEPT_COVERS, Cell, Cover, Matrix, Named, gaps, matrix
from directory.domain.scores import StateFacts
from directory.domain.vocabulary import (
    SPOKEN,
    Audience,
    ChannelKind,
    CooperationType,
    EntryKind,
    EntryStatus,
    Freshness,
)
from directory.models.coverage import CoverageDay
from directory.models.entry import Channel, Designation, Entry, Hours
from directory.policy import READ_ENTRY, Actor, require
from directory.queries.entry_lists import EntrySummary, entries_of_state, is_fresh
from directory.queries.reference import get_book, get_state

#: An officer abroad or a list of requirements is nobody to send a request to.
OFFICES = (EntryKind.AUTHORITY, EntryKind.CONTACT_POINT)
_MAIL = (ChannelKind.EMAIL, ChannelKind.SECURE_PLATFORM)
#: Days of trends on one page.
MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFilters:
    """What the matrix is narrowed to; an empty field does not narrow."""

    region: str = ""
    state: str = ""
    type: CooperationType | None = None
    #: Only States with such a cell.
    cover: Cover | None = None
    #: Only States that a treaty in force obliges to name somebody they have not named.
    open_duty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """One cell with the entries behind it."""

    cell: Cell
    entries: tuple[EntrySummary, ...]


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Cells of all States together at the end of one day."""

    day: dt.date
    counts: dict[Cover, int]
    open_duties: int


def get_matrix(
    actor: Actor, session: Session, filters: CoverageFilters, today: dt.date
) -> tuple[Matrix, ReferenceBook]:
    """The matrix of the States that the filters leave, in two statements."""
    require(actor, "coverage:read")
    book = get_book(actor, session)
    types = [filters.type] if filters.type else list(book.types)
    states = [
        state.code
        for state in book.states.values()
        if filters.region in {"", state.regional_group} and filters.state in {"", state.code}
    ]
    found = matrix(book, states, types, _named(actor, session, filters, today), today)
    rows = {state: row for state, row in found.rows.items() if _is_wanted(row, filters)}
    return Matrix(found.types, rows), book


def cells_of_state(
    actor: Actor, session: Session, book: ReferenceBook, state: str, today: dt.date
) -> tuple[Cell, ...]:
    """The cells of one State in the order of the vocabulary; one statement."""
    named = _named(actor, session, CoverageFilters(state=state), today)
    return matrix(book, [state], CooperationType, named, today).rows[state]


def _is_wanted(row: Sequence[Cell], filters: CoverageFilters) -> bool:
    if filters.open_duty and not any(cell.is_open_duty for cell in row):
        return False
    return filters.cover is None or any(cell.cover is filters.cover for cell in row)


def _named(actor: Actor, session: Session, filters: CoverageFilters, today: dt.date) -> list[Named]:
    """Who is named on ``today``, counted by the database."""
    fresh, ever_confirmed = freshness_case(today), Entry.confirmed_on.is_not(None)
    statement = (
        select(
            Designation.state_code,
            Designation.cooperation_type,
            fresh,
            ever_confirmed,
            func.count(distinct(Entry.id)),
            func.count(distinct(case((Entry.synthetic.is_(False), Entry.id)))),
        )
        .join(Entry, Entry.id == Designation.entry_id)
        .where(
            READ_ENTRY.filter(actor, today),
            Entry.kind.in_(OFFICES),
            Entry.status == EntryStatus.PUBLISHED,
            *_in_force(today),
        )
        .group_by(Designation.state_code, Designation.cooperation_type, fresh, ever_confirmed)
    )
    return [
        Named(state, kind, Freshness(word), entries, real, bool(ever))
        for state, kind, word, ever, entries, real in session.execute(_narrowed(statement, filters))
    ]


def _in_force(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    """The designations that count on ``today``."""
    return (
        or_(Designation.valid_from.is_(None), Designation.valid_from <= today),
        or_(Designation.valid_to.is_(None), Designation.valid_to >= today),
    )


def _narrowed(statement: Select[Any], filters: CoverageFilters) -> Select[Any]:
    if filters.state:
        statement = statement.where(Designation.state_code == filters.state)
    if filters.type:
        statement = statement.where(Designation.cooperation_type == filters.type)
    return statement


def freshness_case(today: dt.date) -> Any:
    """The word of ``domain.freshness`` for a row of entries."""
    words = [(is_fresh(word, today), word.value) for word in Freshness]
    return case(*words, else_=Freshness.LAPSED.value)


def get_cell(
    actor: Actor, session: Session, code: str, kind: CooperationType, today: dt.date
) -> CellView:
    """One cell and the entries of the State that answer for the type; raises ``NotFound``."""
    state = get_state(get_book(actor, session), code).code
    filters = CoverageFilters(state=state, type=kind)
    found, _book = get_matrix(actor, session, filters, today)
    entries = entries_of_state(actor, session, state, today)
    in_force = _narrowed(select(Designation.entry_id).where(*_in_force(today)), filters)
    named = set(session.scalars(in_force))
    return CellView(
        cell=found.cells[0],
        entries=tuple(one for one in entries if one.kind in OFFICES and one.id in named),
    )


def list_gaps(
    actor: Actor, session: Session, filters: CoverageFilters, today: dt.date
) -> tuple[Cell, ...]:
    """What is to be done, the gravest first: a State's own list, or the secretariat's."""
    found, _book = get_matrix(actor, session, filters, today)
    return gaps(found.cells)


def list_facts(actor: Actor, session: Session, today: dt.date) -> tuple[StateFacts, ...]:
    """What the scores are made of, by State, in one statement.

    Counts channels that every reader may see, so that a score tells nothing of others.
    """
    require(actor, "coverage:read")
    is_office = Entry.kind.in_(OFFICES)
    is_current = or_(is_fresh(Freshness.CONFIRMED, today), is_fresh(Freshness.DUE, today))
    columns = {
        "entries": func.count(),
        "current": _number_of(is_current),
        "offices": _number_of(is_office),
        "with_telephone": _number_of(and_(is_office, _has_channel(sorted(SPOKEN)))),
        "with_mail": _number_of(and_(is_office, _has_channel(_MAIL))),
        "with_hours": _number_of(and_(is_office, exists().where(Hours.entry_id == Entry.id))),
        "without_conflict": _number_of(and_(is_office, Entry.conflict.is_(False))),
    }
    statement = (
        select(Entry.state_code, *(column.label(name) for name, column in columns.items()))
        .where(READ_ENTRY.filter(actor, today), Entry.status == EntryStatus.PUBLISHED)
        .group_by(Entry.state_code)
        .order_by(Entry.state_code)
    )
    return tuple(
        StateFacts(state=row.state_code, **{name: getattr(row, name) for name in columns})
        for row in session.execute(statement)
    )


def _number_of(condition: Any) -> Any:
    return func.count(case((condition, 1)))


def _has_channel(kinds: Sequence[ChannelKind]) -> Any:
    return exists().where(
        Channel.entry_id == Entry.id,
        Channel.kind.in_(kinds),
        Channel.warning == "",
        Channel.audience == Audience.ALL_READERS,
    )


def list_days(actor: Actor, session: Session, state: str = "") -> tuple[DayTotals, ...]:
    """The last days on record, the oldest first; of one State, or of all together."""
    require(actor, "coverage:read")
    sums = [func.sum(getattr(CoverageDay, cover.value)) for cover in KEPT_COVERS]
    statement = (
        select(CoverageDay.day, func.sum(CoverageDay.open_duties), *sums)
        .group_by(CoverageDay.day)
        .order_by(CoverageDay.day.desc())
        .limit(MOST_DAYS)
    )
    if state:
        statement = statement.where(CoverageDay.state_code == state)
    return tuple(
        DayTotals(day, dict(zip(KEPT_COVERS, map(int, counts), strict=True)), int(open_duties))
        for day, open_duties, *counts in reversed(session.execute(statement).all())
    )
