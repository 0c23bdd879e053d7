"""What lists of results show of entries, kept in memory while nothing changes.

What was read is right for the moment it was read at (``queries.moments``). Who may see a line is
decided at each use, never kept.
"""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Protocol

from sqlalchemy import BindParameter, Connection, bindparam, select

from directory.db.swift import SwiftSelect
from directory.domain.vocabulary import EntryStatus
from directory.models.entry import Entry
from directory.queries.moments import KeptSince, Moment

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


_LINES: KeptSince[str, Line] = KeptSince(MOST)


def read_lines(connection: Connection, at: Moment, ids: Collection[str]) -> dict[str, Line]:
    """The lines of these entries, for the policy to choose from; one statement if any is new."""
    lines = _LINES.at(connection, at)
    found = {key: line for key in ids if (line := lines.find(key)) is not None}
    missing = [key for key in ids if key not in found]
    if missing:
        for line in _read(connection, missing):
            lines.put(line.id, line)
            found[line.id] = line
    return found


def _read(connection: Connection, ids: Collection[str]) -> list[Line]:
    places = next((most for most in _PLACES if most >= len(ids)), len(ids))
    # No entry has an empty identifier.
    given = {f"id_{at}": key for at, key in zip_longest(range(places), ids, fillvalue="")}
    return _statement(places).all(connection, given)


@lru_cache(maxsize=len(_PLACES) + 1)
def _statement(places: int) -> SwiftSelect:
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
