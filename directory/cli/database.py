"""``directory db``: the schema."""

import click
from alembic.util import CommandError

from directory.cli.frame import Exit, as_json, emit, fail, parts_from_environment
from directory.db import migration


@click.group()
def db() -> None:
    """Bring the database's schema up or down, or check it."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to what this release needs."""
    parts = parts_from_environment()
    state = migration.schema_state(parts.engine)
    if state.is_newer:
        fail(state.fault, Exit.DATABASE)
    migration.upgrade(parts.engine)
    click.echo(f"schema {state.database or 'empty'} -> {state.code}")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Data of newer tables are lost. Go on?")
def downgrade(revision: str) -> None:
    """Take the schema down to REVISION ('base' empties the database)."""
    parts = parts_from_environment()
    try:
        migration.downgrade(parts.engine, revision)
    except CommandError as error:
        known = ", ".join(migration.revisions())
        fail(f"{error}: give an earlier one of {known}, or 'base'", Exit.DATABASE)
    click.echo(f"schema at {migration.schema_state(parts.engine).database or 'base'}")


@db.command()
@as_json
def check(as_json: bool) -> None:
    """Say whether the schema is the one this release needs."""
    parts = parts_from_environment()
    state = migration.schema_state(parts.engine)
    found = migration.differences(parts.engine) if state.is_current else []
    facts = {"database": state.database, "code": state.code, "differences": found}
    lines = [f"schema {state.database or 'empty'}, needed {state.code}", *found]
    emit(facts, lines, as_json=as_json)
    if state.fault:
        fail(state.fault, Exit.DATABASE)
    if found:
        mend = "undo what is listed, or fill an empty database with 'directory restore'"
        fail(f"the tables were changed by hand, which no upgrade mends: {mend}", Exit.DATABASE)
