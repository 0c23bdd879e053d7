"""A backup as lines of text: every row of every table as one moment saw it, with a hash over all.

The same on every database, read in one transaction that sees one moment, so that people go on
working meanwhile. Values are kept exactly: JSON as the text it is stored as, bytes in base64,
moments in ISO 8601. Which tables to leave out is the caller's.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    String,
    Table,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.sql.elements import ColumnElement

from directory.db.base import Base, UtcDateTime

FORMAT = "directory-backup/1"
#: Rows written or read at once.
AT_ONCE = 500
Row = dict[str, Any]


class BackupRefused(Exception):
    """The lines are not a whole backup, or not one for this database; the text says which."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup says of itself: the schema's revision, rows of each table, facts to compare."""

    revision: str
    facts: Mapping[str, Any]
    rows: Mapping[str, int]


def tables(without: Collection[str]) -> list[Table]:
    """The tables in the order in which they can be filled."""
    return [one for one in Base.metadata.sorted_tables if one.name not in without]


def dump(
    connection: Connection, revision: str, facts: Mapping[str, Any], which: Iterable[Table]
) -> Iterator[str]:
    """The lines of a backup, each ending in a newline; the caller's transaction is the moment."""
    digest, rows = hashlib.sha256(), dict[str, int]()
    head = {"format": FORMAT, "revision": revision, "facts": dict(facts)}
    for line in _lines(connection, head, which, rows):
        digest.update(line.encode())
        yield line
    yield json.dumps({"rows": rows, "sha256": digest.hexdigest()}) + "\n"


def digest_of(lines: Iterable[str]) -> str:
    """The hash that the last line holds over all lines before it, in hexadecimal."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()


def _lines(
    connection: Connection, head: Row, which: Iterable[Table], rows: dict[str, int]
) -> Iterator[str]:
    yield json.dumps(head) + "\n"
    for table in which:
        names = [one.name for one in table.columns]
        yield json.dumps({"table": table.name, "columns": names}) + "\n"
        rows[table.name] = 0
        for row in _in_order(connection, table):
            rows[table.name] += 1
            yield json.dumps([_plain(one) for one in row], ensure_ascii=False) + "\n"


def _in_order(connection: Connection, table: Table) -> Iterable[Any]:
    """The rows of a table, those first that others of the same table point at."""
    chosen = select(*(_read(one) for one in table.columns)).order_by(*table.primary_key)
    found = connection.execution_options(yield_per=AT_ONCE).execute(chosen)
    own = next((one.parent.name for one in table.foreign_keys if one.column.table is table), None)
    if own is None:
        return found
    return _parents_first(found.all(), table.primary_key.columns[0].name, own)


def _parents_first(rows: Iterable[Any], key: str, parent: str) -> Iterator[Any]:
    waiting = list(rows)
    known: set[Any] = {None}
    while waiting:
        ready = [one for one in waiting if getattr(one, parent) in known]
        if not ready:
            raise BackupRefused("rows point at one another in a circle")
        yield from ready
        waiting = [one for one in waiting if getattr(one, parent) not in known]
        known |= {getattr(one, key) for one in ready}


def _read(column: Column[Any]) -> ColumnElement[Any]:
    return cast(column, String).label(column.name) if _is_json(column) else column


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value


def read_head(line: str) -> Summary:
    """What the first line says; raises ``BackupRefused`` for what is no backup."""
    try:
        head = json.loads(line)
        if head["format"] != FORMAT:
            raise BackupRefused(f"the form is {head['format']}, this release reads {FORMAT}")
        return Summary(head["revision"], head["facts"], {})
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused("this is no backup of the directory") from error


def check(lines: Iterable[str]) -> Summary:
    """Read all of it and compare its hash; raises ``BackupRefused`` when a byte is another."""
    digest, last, head = hashlib.sha256(), "", None
    for line in lines:
        if head is None:
            head = read_head(line)
        digest.update(last.encode())
        last = line
    if head is None:
        raise BackupRefused("the file is empty")
    try:
        end = json.loads(last)
        whole = end["sha256"] == digest.hexdigest()
        return Summary(head.revision, head.facts, _rows_if(end, whole))
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused("the backup breaks off before its end") from error


def _rows_if(end: Mapping[str, Any], whole: bool) -> Mapping[str, int]:
    if not whole:
        raise BackupRefused("the backup was altered or damaged: its hash does not fit")
    rows: Mapping[str, int] = end["rows"]
    return rows


def load(
    connection: Connection, lines: Iterable[str], told: Callable[[int], None] = lambda _: None
) -> dict[str, int]:
    """Write the rows into empty tables; gives how many of each. Check the lines before.

    ``told`` hears how many rows were written so far.
    """
    known = {one.name: one for one in Base.metadata.sorted_tables}
    written, table, waiting = dict[str, int](), None, list[Row]()
    reading = iter(lines)
    next(reading)
    for line in reading:
        found = json.loads(line)
        if isinstance(found, list) and table is not None:
            waiting.append(_row(table, found))
            if len(waiting) >= AT_ONCE:
                _write(connection, table, waiting, written)
                told(sum(written.values()))
            continue
        if table is not None:
            _write(connection, table, waiting, written)
        if "table" in found:
            table = known[found["table"]]
            written[table.name] = 0
    _renumber(connection, [known[name] for name in written])
    return written


def _row(table: Table, values: list[Any]) -> Row:
    return {
        f"v_{column.name}": _typed(column, value)
        for column, value in zip(table.columns, values, strict=True)
    }


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None or _is_json(column):
        return value
    kind = column.type
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, UtcDateTime | DateTime):
        return dt.datetime.fromisoformat(value)
    if kind.python_type is dt.date:
        return dt.date.fromisoformat(value)
    return value


def _write(
    connection: Connection, table: Table, waiting: list[Row], written: dict[str, int]
) -> None:
    if waiting:
        values = {one.name: _written(one, connection) for one in table.columns}
        connection.execute(insert(table).values(values), waiting)
        written[table.name] += len(waiting)
        waiting.clear()


def _written(column: Column[Any], connection: Connection) -> ColumnElement[Any]:
    """The place of a value; JSON goes in as the text it was, so that nothing is written anew."""
    name = f"v_{column.name}"
    if not _is_json(column):
        return bindparam(name, type_=column.type)
    given = bindparam(name, type_=String())
    return given if connection.dialect.name == "sqlite" else cast(given, column.type)


def _renumber(connection: Connection, which: Iterable[Table]) -> None:
    """Let PostgreSQL go on counting after the rows that were written with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in which:
        counted = table.autoincrement_column
        if counted is None:
            continue
        statement = text("SELECT pg_get_serial_sequence(:table, :column)")
        given = {"table": table.name, "column": counted.name}
        sequence = connection.execute(statement, given).scalar_one()
        highest = connection.execute(select(func.max(counted))).scalar()
        if sequence and highest:
            connection.execute(select(func.setval(sequence, highest)))


def is_empty(connection: Connection) -> bool:
    """Does no table hold a row?"""
    return not any(
        connection.execute(select(func.count()).select_from(one)).scalar_one()
        for one in Base.metadata.sorted_tables
    )
