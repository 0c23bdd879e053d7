"""Search and completion: hits of the index, read again from the database through the policy."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from directory.db.reader import Reader, connection_of
from directory.domain.book import ReferenceBook
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.errors import Unavailable
from directory.models.entry import Designation, Entry
from directory.models.reference import StateName
from directory.policy import READ_ENTRY, Actor, require
from directory.queries.documents import entry_key
from directory.queries.lines import Line, read_lines
from directory.queries.moments import Moment, read_moment
from directory.queries.reference import book_of, read_book
from directory.search.index import Hit, SearchIndex, SearchQuestion, SearchResult, Suggestion
from directory.search.text import bounded

#: States shown before entries by the limited search.
_MOST_STATES = 5
#: How the index names an entry, before its identifier.
_ENTRY = entry_key("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchItem:
    """A State (``kind`` 'state', ``id`` its code) or an entry that was found.

    ``name`` is empty for requirements, which are named by their cooperation type.
    """

    kind: str
    id: str
    state: str
    name: str
    snippet: tuple[tuple[str, bool], ...] = ()
    types: tuple[CooperationType, ...] = ()
    status: EntryStatus | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of results; ``complete`` False means 'limited search'."""

    items: tuple[SearchItem, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    understood: Mapping[str, str] = field(default_factory=dict)
    did_you_mean: str = ""
    #: Words that stand for nothing and that no result holds.
    unused: tuple[str, ...] = ()
    complete: bool = True


#: The edition of the index and the moment of the directory that an answer follows from.
Ground = tuple[object, Moment]


def ground_of(index: SearchIndex, at: Moment) -> Ground | None:
    """What complete answers follow from at that moment; None while there are none."""
    try:
        edition = index.edition()
    except Unavailable:
        return None
    return None if edition is None else (edition, at)


def still_stands(ground: Ground, index: SearchIndex) -> bool:
    """Is the index still of that edition, so that what was found meanwhile came from it?"""
    try:
        return index.edition() is ground[0]
    except Unavailable:
        return False


def search(
    actor: Actor,
    reader: Reader,
    index: SearchIndex,
    question: SearchQuestion,
    today: dt.date,
    at: Moment | None = None,
) -> SearchPage:
    """Answer a question; from the database alone while the index cannot be used.

    ``at`` is the moment that the request has read already; else it is read here.
    """
    require(actor, "search:ask")
    connection = connection_of(reader)
    try:
        result = index.search(replace(question, today=today))
    except Unavailable:
        return _limited_search(actor, connection, question, today)
    return SearchPage(
        items=_read_again(actor, connection, at or read_moment(connection), result, today),
        total=result.total,
        facets=result.facets,
        understood=result.understood,
        did_you_mean=result.did_you_mean,
        unused=result.unused,
        complete=result.complete,
    )


def suggest(
    actor: Actor,
    reader: Reader,
    index: SearchIndex,
    text: str,
    today: dt.date,
    limit: int = 10,
    at: Moment | None = None,
) -> tuple[Suggestion, ...]:
    """States and entries that complete what is being typed; ``at`` as for ``search``."""
    require(actor, "search:ask")
    connection = connection_of(reader)
    try:
        suggestions = index.suggest(text, limit, today)
    except Unavailable:
        page = _limited_search(actor, connection, SearchQuestion(text=text, limit=limit), today)
        return tuple(
            Suggestion(
                f"{'state' if one.kind == 'state' else 'entry'}:{one.id}",
                one.kind,
                one.state,
                one.name,
            )
            for one in page.items
        )
    at = at or read_moment(connection)
    book = book_of(connection, at.book)
    entries = _readable(actor, connection, at, [one.key for one in suggestions], today)
    named = [(one, _current_name(one.kind, _id(one.key), entries, book)) for one in suggestions]
    return tuple(
        one if one.name == name else replace(one, name=name)
        for one, name in named
        if name is not None
    )


def _read_again(
    actor: Actor, connection: Connection, at: Moment, result: SearchResult, today: dt.date
) -> tuple[SearchItem, ...]:
    book = book_of(connection, at.book)
    entries = _readable(actor, connection, at, [hit.key for hit in result.hits], today)
    items = (_item(hit, entries, book) for hit in result.hits)
    return tuple(item for item in items if item is not None)


def _id(key: str) -> str:
    return key.partition(":")[2]


def _readable(
    actor: Actor, connection: Connection, at: Moment, keys: Iterable[str], today: dt.date
) -> dict[str, Line]:
    """The entries among these that the actor may read, by identifier."""
    require(actor, "entries:read")
    ids = [_id(key) for key in keys if key.startswith(_ENTRY)]
    lines = read_lines(connection, at, ids)
    return {key: one for key, one in lines.items() if READ_ENTRY.allows(actor, one, today)}


def _current_name(
    kind: str, key: str, entries: Mapping[str, Line], book: ReferenceBook
) -> str | None:
    """The name as it stands in the database; None when it is gone or not for this actor."""
    if kind == "state":
        state = book.states.get(key)
        return state.name() if state else None
    return entries[key].name if key in entries else None


def _item(hit: Hit, entries: Mapping[str, Line], book: ReferenceBook) -> SearchItem | None:
    key = _id(hit.key)
    name = _current_name(hit.kind, key, entries, book)
    if name is None:
        return None
    line = entries.get(key)
    return SearchItem(
        kind=hit.kind,
        id=key,
        state=hit.state,
        name=name,
        snippet=hit.snippet,
        types=hit.types,
        status=line.status if line else None,
        synthetic=line.synthetic if line else False,
    )


def _limited_search(
    actor: Actor, connection: Connection, question: SearchQuestion, today: dt.date
) -> SearchPage:
    """States and entries whose name holds every word as typed; filters hold."""
    words = bounded(question.text).split()[:12]
    states = [] if _is_filtered(question) else _states_named(connection, words)
    matches = and_(
        READ_ENTRY.filter(actor, today), *_holding(Entry.name, words), *_filters(question)
    )
    total = connection.execute(select(func.count()).select_from(Entry).where(matches)).scalar_one()
    wanted = (
        select(Entry.id, Entry.kind, Entry.state_code, Entry.name, Entry.status, Entry.synthetic)
        .where(matches)
        .order_by(Entry.state_code, Entry.name, Entry.id)
        .limit(question.limit)
        .offset(question.offset)
    )
    entries = tuple(_plain_item(row) for row in connection.execute(wanted))
    items = (*(states if not question.offset else ()), *entries)[: question.limit]
    return SearchPage(items=items, total=total + len(states), complete=False)


def _plain_item(row: Row[*tuple[Any, ...]]) -> SearchItem:
    return SearchItem(
        kind=row.kind.value,
        id=row.id,
        state=row.state_code,
        name=row.name,
        status=row.status,
        synthetic=row.synthetic,
    )


def _is_filtered(question: SearchQuestion) -> bool:
    return bool(question.state or question.type or question.kind or question.instrument)


def _states_named(connection: Connection, words: Sequence[str]) -> list[SearchItem]:
    if not words:
        return []
    book = read_book(connection)
    wanted = select(StateName.state_code).where(*_holding(StateName.text, words)).distinct()
    codes = connection.execute(wanted.order_by(StateName.state_code).limit(_MOST_STATES)).scalars()
    return [
        SearchItem(kind="state", id=code, state=code, name=book.states[code].name())
        for code in codes
        if code in book.states
    ]


def _holding(column: Any, words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [column.icontains(word, autoescape=True) for word in words]


def _filters(question: SearchQuestion) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if question.state:
        filters.append(Entry.state_code == question.state)
    if question.kind:
        filters.append(Entry.kind == EntryKind(question.kind))
    designated = []
    if question.type:
        designated.append(Designation.cooperation_type == CooperationType(question.type))
    if question.instrument:
        designated.append(Designation.instrument_code == question.instrument)
    filters += [
        select(Designation.id).where(Designation.entry_id == Entry.id, one).exists()
        for one in designated
    ]
    return filters
