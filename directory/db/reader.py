"""By what something is read: a session, a connection, or a connection that may never be needed."""

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.orm import Session

from directory.db.commits import LastCommit, last_commit
from directory.db.session import WRITES


class LateConnection:
    """A connection for reading, taken from the pool when the first thing must be read by it."""

    __slots__ = ("_engine", "_opened")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._opened: Connection | None = None

    @property
    def dialect(self) -> Dialect:
        """Of the database it would lead to."""
        return self._engine.dialect

    def last_commit(self) -> LastCommit | None:
        """The newest commit to that database, where they are counted."""
        return last_commit(self._engine)

    def connection(self) -> Connection:
        """The connection."""
        if self._opened is None:
            self._opened = self._engine.connect()
        return self._opened

    def close(self) -> None:
        """Give it back, if it was taken; what is read later takes another."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


Reader = Session | Connection | LateConnection


def connection_of(reader: Reader) -> Connection:
    """The connection of a session, one that is taken now, or the connection itself."""
    return reader if isinstance(reader, Connection) else reader.connection()


def dialect_of(reader: Reader) -> Dialect:
    """What tells the databases apart: each engine has a dialect of its own, and keeps it when its
    connections are renewed.
    """
    return reader.dialect if isinstance(reader, LateConnection) else connection_of(reader).dialect


def is_writing(reader: Reader) -> bool:
    """Does it belong to a transaction that writes? What it sees may never come to be."""
    if isinstance(reader, LateConnection):
        return False
    return bool(connection_of(reader).get_execution_options().get(WRITES))
