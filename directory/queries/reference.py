"""Reference data: read once for each edition, kept in memory, checked by its stamp at every use."""

from collections import defaultdict
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, select

from directory.db.reader import Reader, connection_of, dialect_of, is_writing
from directory.db.swift import SwiftSelect
from directory.domain.book import ReferenceBook, TypeNames
from directory.domain.closures import IN_EFFECT, AnnouncedClosure, ClosureStatus
from directory.domain.reference import (
    Declaration,
    Instrument,
    LegalBasis,
    Participation,
    State,
    Territory,
)
from directory.domain.vocabulary import CooperationType
from directory.errors import NotFound
from directory.models import reference as tables
from directory.models.closure import StateClosure
from directory.policy import Actor, require
from directory.queries.moments import Moment

_STAMP = select(tables.ReferenceEdition.stamp)
_SWIFT_STAMP = SwiftSelect(_STAMP)

#: Database -> the stamp and the book read last. Books are immutable; a lost race reads one twice.
#: A unit of work uses what is kept but keeps nothing: what it reads may never be committed.
_kept: WeakKeyDictionary[Dialect, tuple[str, ReferenceBook]] = WeakKeyDictionary()


def get_book(actor: Actor, reader: Reader) -> ReferenceBook:
    """The reference data as they stand; one statement while the stamp is unchanged."""
    require(actor, "states:read")
    return read_book(reader)


def get_book_at(actor: Actor, reader: Reader, at: Moment) -> ReferenceBook:
    """The same for a request that has read the moment: no statement while nothing changed."""
    require(actor, "states:read")
    return book_of(reader, at.book)


def read_book(reader: Reader) -> ReferenceBook:
    """The reference data for the directory's own work (indexing), without an actor."""
    connection = connection_of(reader)
    edition = _SWIFT_STAMP.first(connection, {})
    return book_of(connection, edition.stamp if edition else None)


def book_of(reader: Reader, stamp: str | None) -> ReferenceBook:
    """The reference data of whoever has just read that ``stamp``; None before there are any."""
    database = dialect_of(reader)
    kept = _kept.get(database)
    if kept and kept[0] == stamp:
        return kept[1]
    book = _read(connection_of(reader))
    if stamp and not is_writing(reader):
        _kept[database] = (stamp, book)
    return book


def book_at_hand(reader: Reader) -> ReferenceBook:
    """The reference data read last, without asking whether they still stand; else read now.

    For what decides nothing and stands on every page, such as the name of the reader's State.
    """
    kept = _kept.get(dialect_of(reader))
    return kept[1] if kept else read_book(reader)


def get_state(book: ReferenceBook, code: str) -> State:
    """The State with that code, in capitals or not; raises ``NotFound``."""
    state = book.states.get(code.upper())
    if state is None:
        raise NotFound("state", code)
    return state


def _read(connection: Connection) -> ReferenceBook:
    official, aliases = _state_names(connection)
    territories, territory_aliases = _territories(connection)
    return ReferenceBook(
        states={state.code: state for state in _states(connection, official, territories)},
        instruments={one.code: one for one in _instruments(connection)},
        types={one.code: one for one in _types(connection)},
        participations=tuple(_participations(connection)),
        declarations=tuple(_declarations(connection)),
        legal_bases=tuple(_legal_bases(connection)),
        aliases=aliases,
        territory_aliases=territory_aliases,
        closures=_closures(connection),
    )


def _state_names(
    connection: Connection,
) -> tuple[dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    official: dict[str, dict[str, str]] = defaultdict(dict)
    aliases: dict[str, tuple[str, ...]] = defaultdict(tuple)
    table = tables.StateName
    rows = connection.execute(
        select(table.state_code, table.language, table.form, table.text).order_by(table.id)
    )
    for code, language, form, text in rows:
        if form == "official":
            official[code].setdefault(language, text)
        else:
            aliases[code] += (text,)
    return official, aliases


def _territories(
    connection: Connection,
) -> tuple[dict[str, tuple[Territory, ...]], dict[str, tuple[str, ...]]]:
    by_state: dict[str, tuple[Territory, ...]] = defaultdict(tuple)
    aliases: dict[str, tuple[str, ...]] = {}
    table = tables.Territory
    rows = connection.execute(
        select(table.key, table.state_code, table.name, table.names, table.aliases).order_by(
            table.key
        )
    )
    for key, code, name, names, others in rows:
        by_state[code] += (Territory(key=key, state=code, name=name, names=names),)
        aliases[key] = tuple(others)
    return by_state, aliases


def _closures(connection: Connection) -> dict[str, tuple[AnnouncedClosure, ...]]:
    """The announced days that count; whoever changes which do renews the stamp."""
    by_state: dict[str, tuple[AnnouncedClosure, ...]] = defaultdict(tuple)
    table = StateClosure
    rows = connection.execute(
        select(table.state_code, table.first, table.last, table.note, table.status)
        .where(table.status.in_(sorted(IN_EFFECT)))
        .order_by(table.first, table.id)
    )
    for code, first, last, note, status in rows:
        unreviewed = status is ClosureStatus.UNREVIEWED
        closure = AnnouncedClosure(first=first, last=last, note=note, unreviewed=unreviewed)
        by_state[code] += (closure,)
    return dict(by_state)


def _states(
    connection: Connection,
    names: dict[str, dict[str, str]],
    territories: dict[str, tuple[Territory, ...]],
) -> Iterable[State]:
    for row in connection.execute(select(tables.State.__table__).order_by(tables.State.code)):
        yield State(
            code=row.code,
            kind=row.kind,
            names=names.get(row.code, {}),
            regional_group=row.regional_group,
            languages=tuple(row.languages),
            time_zones=tuple(row.time_zones),
            weekend=tuple(row.weekend),
            calling_code=row.calling_code,
            capital=row.capital,
            territories=territories.get(row.code, ()),
        )


def _instruments(connection: Connection) -> Iterable[Instrument]:
    table = tables.Instrument.__table__
    for row in connection.execute(select(table).order_by(table.c.code)):
        yield Instrument(
            code=row.code,
            short_title=row.short_title,
            title=row.title,
            place=row.place,
            adopted=row.adopted,
            entry_into_force=row.entry_into_force,
            depositary=row.depositary,
            number=row.number,
            text_url=row.text_url,
            status_url=row.status_url,
            parent=row.parent_code or "",
            entry_into_force_rule=row.entry_into_force_rule,
            short_titles=row.short_titles,
            titles=row.titles,
        )


def _types(connection: Connection) -> Iterable[TypeNames]:
    table = tables.CooperationType
    rows = connection.execute(
        select(table.code, table.names, table.synonyms).order_by(table.position)
    )
    for code, names, synonyms in rows:
        yield TypeNames(code=CooperationType(code), names=names, synonyms=tuple(synonyms))


def _participations(connection: Connection) -> Iterable[Participation]:
    table = tables.Participation.__table__
    for row in connection.execute(select(table).order_by(table.c.id)):
        yield Participation(
            state=row.state_code,
            instrument=row.instrument_code,
            status=row.status,
            signature=row.signature,
            consent=row.consent,
            action=row.action,
            entry_into_force=row.entry_into_force,
            computed=row.computed,
            ended=row.ended,
            source=row.source,
            source_copy=row.source_copy,
            note=row.note,
        )


def _declarations(connection: Connection) -> Iterable[Declaration]:
    table = tables.Declaration.__table__
    for row in connection.execute(select(table).order_by(table.c.id)):
        yield Declaration(
            state=row.state_code,
            instrument=row.instrument_code,
            article=row.article,
            kind=row.kind,
            value=row.value,
            date=row.date,
            source=row.source,
        )


def _legal_bases(connection: Connection) -> Iterable[LegalBasis]:
    table = tables.LegalBasis.__table__
    for row in connection.execute(select(table).order_by(table.c.id)):
        yield LegalBasis(
            cooperation_type=row.cooperation_type,
            instrument=row.instrument_code,
            article=row.article,
            must_designate=row.must_designate,
            notify=row.notify,
            time_limit=row.time_limit,
            keep_current=row.keep_current,
            note=row.note,
        )
