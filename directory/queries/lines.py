"""What lists of results show of entries, kept in memory while nothing changes.

The change log grows in the transaction of every act, one event after the other whoever acts, and
each event has a hash of its own. So what was read since the newest event is right as long as that
stays the newest. Who may see a line is decided at each use, never kept.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, Dialect, bindparam, select

from directory.db.session import WRITES
from directory.db.swift import SwiftSelect
from directory.domain.vocabulary import EntryStatus
from directory.models.change_log import LogEvent
from directory.models.entry import Entry
from directory.models.reference import ReferenceEdition
from directory.search.latest import Latest

#: Lines kept for each database, of about 300 octets each.
MOST = 4000
#: Sizes of a page for which a statement is kept.
_PLACES = (20, 100, 500)


class Line(Protocol):
    """What is shown of an entry in a list."""

    @property
    def id(self) -> str: ...
    @property
    def state_code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def status(self) -> EntryStatus: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def visible_until(self) -> dt.date | None: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """The directory as it stands: the hash of the newest event, the stamp of reference data."""

    log: str | None
    book: str | None
    #: Lines read since that event.
    lines: Latest[str, Line] = field(default_factory=lambda: Latest(MOST), compare=False)


_NEWEST = select(LogEvent.hash).order_by(LogEvent.sequence.desc()).limit(1)
_MOMENT = SwiftSelect(
    select(
        _NEWEST.scalar_subquery().label("log"),
        select(ReferenceEdition.stamp).scalar_subquery().label("book"),
    )
)

#: Dialect (each engine has one of its own) -> its newest moment with what was read since.
_kept: WeakKeyDictionary[Dialect, Moment] = WeakKeyDictionary()


def moment(connection: Connection) -> Moment:
    """The present moment, with the lines read since its event; one statement.

    A transaction that writes gets and gives none: what it sees may never come to be.
    """
    read = _MOMENT.first(connection, {})
    found = Moment(read.log, read.book)
    if connection.get_execution_options().get(WRITES):
        return found
    kept = _kept.get(connection.dialect)
    if kept == found:
        return kept
    _kept[connection.dialect] = found
    return found


def read_lines(connection: Connection, at: Moment, ids: Collection[str]) -> dict[str, Line]:
    """The lines of these entries, for the policy to choose from; one statement if any is new."""
    found = {key: line for key in ids if (line := at.lines.find(key)) is not None}
    missing = [key for key in ids if key not in found]
    if missing:
        for line in _read(connection, missing):
            at.lines.put(line.id, line)
            found[line.id] = line
    return found


def _read(connection: Connection, ids: Collection[str]) -> list[Line]:
    places = next((most for most in _PLACES if most >= len(ids)), len(ids))
    # No entry has an empty identifier.
    given = {f"id_{at}": key for at, key in zip_longest(range(places), ids, fillvalue="")}
    return _lines(places).all(connection, given)


@lru_cache(maxsize=len(_PLACES) + 1)
def _lines(places: int) -> SwiftSelect:
    """What is shown of the entries with these identifiers: ``id_0``, ``id_1`` ..."""
    wanted: list[BindParameter[str]] = [bindparam(f"id_{at}") for at in range(places)]
    columns: tuple[Any, ...] = (
        Entry.id,
        Entry.state_code,
        Entry.name,
        Entry.status,
        Entry.synthetic,
        Entry.visible_until,
    )
    return SwiftSelect(select(*columns).where(Entry.id.in_(wanted)))
