"""Records as objects, the latest used kept in memory.

Making a record from its JSON costs more than everything else a question needs. A revision is never
changed, so what was made of it stays right; what an actor may see of it is decided at each use.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from threading import Lock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import BindParameter, Connection, Engine, Text, bindparam, cast, select

from directory.db.session import WRITES
from directory.db.swift import SwiftSelect
from directory.domain.record import Record, from_dict
from directory.domain.vocabulary import EntryKind
from directory.models.entry import EntryRevision

#: Identifier, revision, and the moment of the last change: a restored backup may give the same
#: number to another revision.
Key = tuple[str, int, dt.datetime]
#: Records kept for each database, of about 5 KB each.
MOST = 1000
#: Revisions asked for in one statement: as many as there are, with room.
_PLACES = (4, 20, 100, 400)

_kept: WeakKeyDictionary[Engine, "Kept"] = WeakKeyDictionary()


class Kept:
    """The latest used records; safe for several threads."""

    def __init__(self) -> None:
        self._records: OrderedDict[Key, Record] = OrderedDict()
        self._lock = Lock()

    def take(self, keys: Iterable[Key]) -> dict[Key, Record]:
        """Those of the records that are kept."""
        with self._lock:
            found = {key: record for key in keys if (record := self._records.get(key)) is not None}
            for key in found:
                self._records.move_to_end(key)
        return found

    def put(self, records: Mapping[Key, Record]) -> None:
        """Keep these, and forget those that were not used for longest."""
        with self._lock:
            self._records.update(records)
            while len(self._records) > MOST:
                self._records.popitem(last=False)


class Head(Protocol):
    """What is read of an entry's row."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> EntryKind: ...
    @property
    def revision(self) -> int: ...
    @property
    def changed_at(self) -> dt.datetime: ...


def read_records(connection: Connection, heads: Iterable[Head]) -> dict[str, Record]:
    """Entry -> its whole record at that revision, for the policy to narrow down.

    No statement where all are kept. A transaction that writes neither gives nor takes: what it
    sees may never come to be.
    """
    wanted = {(one.id, one.revision, one.changed_at): one for one in heads}
    if connection.get_execution_options().get(WRITES):
        return {key[0]: record for key, record in _read(connection, wanted).items()}
    kept = _kept.setdefault(connection.engine, Kept())
    found = kept.take(wanted)
    missing = {key: head for key, head in wanted.items() if key not in found}
    if missing:
        fresh = _read(connection, missing)
        kept.put(fresh)
        found |= fresh
    return {key[0]: record for key, record in found.items()}


def _read(connection: Connection, wanted: Mapping[Key, Head]) -> dict[Key, Record]:
    keys = {(head.id, head.revision): key for key, head in wanted.items()}
    found: dict[Key, Record] = {}
    pairs = list(keys)
    for start in range(0, len(pairs), _PLACES[-1]):
        for entry_id, number, plain in _rows(connection, pairs[start : start + _PLACES[-1]]):
            key = keys.get((entry_id, number))
            if key:
                found[key] = from_dict(wanted[key].kind, orjson.loads(plain))
    return found


def _rows(connection: Connection, pairs: Sequence[tuple[str, int]]) -> list[Any]:
    places = next(most for most in _PLACES if most >= len(pairs))
    given: dict[str, Any] = {}
    # No entry has an empty identifier, and no revision the number 0.
    for at, (entry_id, number) in zip_longest(range(places), pairs, fillvalue=("", 0)):
        given |= {f"id_{at}": entry_id, f"number_{at}": number}
    return _statement(places).all(connection, given)


@lru_cache(maxsize=len(_PLACES))
def _statement(places: int) -> SwiftSelect:
    """These revisions: ``id_0`` with ``number_0``, and so on; and others with these numbers.

    Two lists use the index on both databases; a list of pairs makes SQLite read it all.
    """
    table = EntryRevision
    ids: list[BindParameter[str]] = [bindparam(f"id_{at}") for at in range(places)]
    numbers: list[BindParameter[int]] = [bindparam(f"number_{at}") for at in range(places)]
    # As text, for a swifter reader than the driver's.
    record = cast(table.record, Text).label("record")
    wanted = table.entry_id.in_(ids), table.number.in_(numbers)
    return SwiftSelect(select(table.entry_id, table.number, record).where(*wanted))
