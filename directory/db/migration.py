"""The schema: bring it up or down, and say whether it fits the code."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from directory.db.base import Base
from directory.db.session import WRITES, missing_file
from directory.paths import migrations_dir


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Revision of the database ('' when empty), of the code; whether the code knows the first."""

    database: str
    code: str
    known: bool
    #: Where the file of the database should be and is not: looking into it would make it.
    missing: Path | None = None

    @property
    def is_current(self) -> bool:
        return self.database == self.code

    @property
    def is_newer(self) -> bool:
        return bool(self.database) and not self.known

    @property
    def fault(self) -> str:
        """What keeps this release from using the database, and how to mend it; '' when it fits."""
        if self.missing:
            mend = "mend database_url, or make a new one with 'directory db upgrade'"
            return f"there is no database at {self.missing}: {mend}"
        if self.is_newer:
            where = f"{self.database}, newer than this release ({self.code})"
            return f"the database is at {where}: install the newer release"
        if not self.is_current:
            where = f"{self.database or 'nothing'}, this release needs {self.code}"
            return f"the database is at {where}: run 'directory db upgrade'"
        return ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    return config


def revisions() -> tuple[str, ...]:
    """The revisions that the code knows, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(reversed([one.revision for one in script.walk_revisions()]))


def schema_state(engine: Engine) -> SchemaState:
    """Compare the revision in the database with those of the code."""
    script = ScriptDirectory.from_config(_config())
    missing = missing_file(engine)
    if missing:
        return SchemaState("", script.get_current_head() or "", True, missing)
    with engine.connect() as connection:
        database = MigrationContext.configure(connection).get_current_revision() or ""
    known = {revision.revision for revision in script.walk_revisions()}
    return SchemaState(database, script.get_current_head() or "", database in known or not database)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to ``revision``, in one transaction."""
    _run(engine, revision, command.upgrade)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema down to ``revision``, in one transaction."""
    _run(engine, revision, command.downgrade)


def _run(engine: Engine, revision: str, direction: Callable[[Config, str], None]) -> None:
    config = _config()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def differences(engine: Engine) -> list[str]:
    """How the schema differs from the models, in words; empty when it does not."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(one) for one in compare_metadata(context, Base.metadata)]
