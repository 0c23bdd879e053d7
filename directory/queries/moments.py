"""How the directory stands at a moment: what tells whether what is kept in memory is still right.

The change log grows in the transaction of every act, one event after the other whoever acts, and
each event has a hash of its own; a unit of work that writes entries without one is refused
(``UnitOfWork``). So what was read of entries since the newest event is right as long as that stays
the newest, and what was read of reference data as long as their stamp stays. Both are read in the
statement that finds who asks, before anything else of a request: what changes later can only be
newer than what is kept under them.
"""

from collections.abc import Hashable
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Label, select

from directory.db.reader import Reader, connection_of, dialect_of, is_writing
from directory.db.swift import SwiftSelect
from directory.models.change_log import LogEvent
from directory.models.reference import ReferenceEdition
from directory.search.latest import Latest

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Moment(NamedTuple):
    """The hash of the newest event, and the stamp of the reference data; None before there is."""

    log: str | None
    book: str | None


_NEWEST = select(LogEvent.hash).order_by(LogEvent.sequence.desc()).limit(1)
#: Of any statement that reads the moment along.
MOMENT: tuple[Label[Any], Label[Any]] = (
    _NEWEST.scalar_subquery().label("log"),
    select(ReferenceEdition.stamp).scalar_subquery().label("book"),
)
_MOMENT = SwiftSelect(select(*MOMENT))


def read_moment(reader: Reader) -> Moment:
    """The present moment, for whoever has no statement to read it along with."""
    return moment_in(_MOMENT.first(connection_of(reader), {}))


def moment_in(row: Any) -> Moment:
    """The moment in a row of a statement with ``MOMENT``."""
    return Moment(row.log, row.book)


class KeptSince(Generic[Key, Made]):
    """The ``most`` things made last of what was read at the newest moment, for each database."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Dialect, tuple[Moment, Latest[Key, Made]]] = (
            WeakKeyDictionary()
        )

    def at(self, reader: Reader, moment: Moment) -> Latest[Key, Made]:
        """What was made at that moment; a transaction that writes gets and gives nothing."""
        fresh: Latest[Key, Made] = Latest(self._most)
        if is_writing(reader):
            return fresh
        database = dialect_of(reader)
        kept = self._kept.get(database)
        if kept and kept[0] == moment:
            return kept[1]
        self._kept[database] = (moment, fresh)
        return fresh
