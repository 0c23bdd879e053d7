"""The database as somebody has it who owns it: what refuses changes is taken away."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from directory.db.migration import downgrade, upgrade

TRIGGERS = {
    "change_log": ("no_update", "no_delete", "follows"),
    "log_node": ("no_update", "no_delete", "no_replace"),
    "checkpoint": ("no_update", "no_delete", "no_replace"),
}


def unguard(connection: Connection) -> None:
    """Take the triggers away, as far as this transaction goes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for table, names in TRIGGERS.items():
        for name in names:
            connection.execute(text(f"DROP TRIGGER {table}_{name}"))


@contextmanager
def loose_tables(engine: Engine) -> Iterator[None]:
    """Tables of the log without key, constraint or trigger, until the block ends."""
    with engine.begin() as connection:
        for table in ("change_log", "log_node"):
            connection.execute(text(f"CREATE TABLE loose AS SELECT * FROM {table}"))
            connection.execute(text(f"DROP TABLE {table}"))
            connection.execute(text(f"ALTER TABLE loose RENAME TO {table}"))
    yield
    downgrade(engine, "0002")
    upgrade(engine)
