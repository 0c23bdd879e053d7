"""The few statements that run at nearly every request, without SQLAlchemy's work around each.

Setting up an execution and its result costs SQLAlchemy ten times what the database needs to find a
row by its key. A ``SwiftSelect`` is compiled once for each dialect; running it is a call of the
driver, with the same conversions of values both ways.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]
Place = tuple[int, Convert]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one dialect."""

    text: str
    #: Values the statement itself holds.
    constants: Mapping[str, Any]
    #: Parameter -> how its value is put for the driver; only those that need it.
    given: Mapping[str, Convert]
    #: Names in their order, where the driver takes a sequence.
    order: tuple[str, ...] | None
    #: Columns whose values are read from what the driver gives.
    read: tuple[Place, ...]
    make_row: Callable[[Sequence[Any]], Any]


class SwiftSelect:
    """A ``select`` whose values are all bound parameters (no ``in_`` with a list).

    It runs in the connection's transaction where one was begun, else in none: it sees what is
    committed at that moment.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        columns = (str(column.key) for column in statement.selected_columns)
        row: Any = namedtuple("Row", columns)  # type: ignore[misc]
        self._make_row: Callable[[Sequence[Any]], Any] = row._make
        self._compiled: WeakKeyDictionary[Dialect, _Compiled] = WeakKeyDictionary()

    def all(self, connection: Connection, given: Mapping[str, Any]) -> list[Any]:
        """All rows, as named tuples of the selected columns; raises as SQLAlchemy does."""
        return self.made(connection, self.raw(connection, given))

    def raw(self, connection: Connection, given: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The rows as the driver gives them: to compare with earlier ones, or for ``made``."""
        compiled = self._compiled.get(connection.dialect) or self._compile(connection.dialect)
        values = {**compiled.constants, **given}
        for name, convert in compiled.given.items():
            values[name] = convert(values[name])
        wanted = values if compiled.order is None else [values[name] for name in compiled.order]
        return _fetch(connection, compiled.text, wanted)

    def made(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Named tuples of the selected columns, of what ``raw`` gave."""
        compiled = self._compiled.get(connection.dialect) or self._compile(connection.dialect)
        return [_read(row, compiled) for row in rows]

    def first(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """The first row; None where there is none."""
        rows = self.all(connection, given)
        return rows[0] if rows else None

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self.statement.compile(dialect=dialect)
        puts = {
            name: _native(bound.type, dialect).bind_processor(dialect)
            for bound, name in compiled.bind_names.items()
        }
        reads = [
            _native(column.type, dialect).result_processor(dialect, None)
            for column in self.statement.selected_columns
        ]
        order = compiled.positiontup
        made = _Compiled(
            text=str(compiled),
            constants=dict(compiled.params),
            given={name: put for name, put in puts.items() if put is not None},
            order=None if order is None else tuple(order),
            read=tuple((at, read) for at, read in enumerate(reads) if read is not None),
            make_row=self._make_row,
        )
        self._compiled[dialect] = made
        return made


def _native(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _read(row: Sequence[Any], compiled: _Compiled) -> Any:
    values = list(row)
    for at, read in compiled.read:
        values[at] = read(values[at])
    return compiled.make_row(values)


def _fetch(connection: Connection, text: str, values: Any) -> Sequence[Sequence[Any]]:
    cursor = connection.connection.cursor()
    # Whoever counts or refuses statements is told of this one, too.
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, text, values, None, False)
    errors: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        with closing(cursor):
            cursor.execute(text, values)
            return cursor.fetchall()
    except errors as error:
        # The driver's connection may be broken, or in a transaction that failed.
        connection.invalidate(error)
        raise DBAPIError.instance(
            text, None, error, errors, hide_parameters=True, dialect=connection.dialect
        ) from error
