"""``directory backup`` and ``directory restore``: everything but what must not be kept.

Sessions and counters of guesses are left out: whoever was signed in signs in anew. The keys of
persons lie in a file of their own, which each backup replaces: an older copy of them would undo an
erasure. Settings with their secrets are no part of it; see docs/manual/operator/backup.md.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, Table

from directory.cli.frame import Exit, as_json, emit, fail, parts_from_environment, progress
from directory.composition import refuse_unfit_schema
from directory.db import backup as form
from directory.db import migration
from directory.db.backup import BackupRefused, Summary
from directory.exchange.sealed_file import SealRefused, reading, writing
from directory.parts import Parts
from directory.queries.log_check import check_log
from directory.queries.restored import erased_since, log_facts
from directory.services.checkpoints import known_keys
from directory.services.indexing import mend

#: What is not kept: it would let in who is out by then, only counts, is for its owner alone, or is
#: made again from the rest.
LEFT_OUT = frozenset(
    {"login_session", "sign_in_failure", "recent_lookups", "search_edition", "search_entry"}
)
PERSON_KEYS = "person_key"
KEYS_FILE = "person-keys.backup"
#: A file whose first line is the passphrase; nothing secret stands on a command line.
passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Encrypt (or open) with the passphrase in this file.",
)
SHORTEST_PASSPHRASE = 20


def _passphrase(file: Path | None) -> str:
    if file is None:
        return ""
    if file.stat().st_mode & 0o077:
        fail(f"{file} is readable by others: chmod 600 {file}")
    passphrase = (file.read_text("utf-8").splitlines() or [""])[0].strip()
    if len(passphrase) < SHORTEST_PASSPHRASE:
        fail(f"{file} holds less than {SHORTEST_PASSPHRASE} characters: make a longer passphrase")
    return passphrase


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@passphrase_file
@as_json
def backup(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write a backup into FOLDER while people work, and read it back to see that it is whole."""
    passphrase = _passphrase(passphrase_file)
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"directory-{parts.clock():%Y%m%dT%H%M%S.%fZ}.backup"
    moment = parts.engine.connect()
    if parts.engine.dialect.name == "postgresql":
        moment = moment.execution_options(isolation_level="REPEATABLE READ")
    with moment as connection, connection.begin():
        facts = log_facts(connection)
        every = form.tables(LEFT_OUT)
        keys = [one for one in every if one.name == PERSON_KEYS]
        others = [one for one in every if one.name != PERSON_KEYS]
        for target, chosen in ((folder / KEYS_FILE, keys), (path, others)):
            _write(target, passphrase, connection, facts, chosen)
    summary = _checked(path, passphrase)
    _checked(folder / KEYS_FILE, passphrase)
    count = sum(summary.rows.values())
    told = f"wrote {path}: {count} rows, {facts['events']} events; and {KEYS_FILE} beside it"
    emit({"file": str(path), "rows": dict(summary.rows), **facts}, [told], as_json=as_json)


def _write(
    path: Path,
    passphrase: str,
    connection: Connection,
    facts: Mapping[str, Any],
    which: Iterable[Table],
) -> None:
    revision = migration.revisions()[-1]
    with writing(path, passphrase) as out:
        out.writelines(form.dump(connection, revision, facts, which))


def _checked(path: Path, passphrase: str) -> Summary:
    try:
        with reading(path, passphrase) as lines:
            return form.check(lines)
    except (BackupRefused, SealRefused) as error:
        fail(f"{path}: {error}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@passphrase_file
@as_json
def restore(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Fill an empty database from FILE and the person keys beside it, then check the log."""
    passphrase = _passphrase(passphrase_file)
    parts = parts_from_environment()
    summary = _checked(file, passphrase)
    keys = file.parent / KEYS_FILE
    if not keys.exists():
        fail(f"{keys} is missing: put the newest copy of it beside the backup")
    _checked(keys, passphrase)
    if summary.revision != migration.revisions()[-1]:
        fail(f"the backup is of schema {summary.revision}: restore with the release that made it")
    if not migration.schema_state(parts.engine).database:
        migration.upgrade(parts.engine)
    refuse_unfit_schema(parts)
    rows = _fill(parts, [keys, file], passphrase, quiet=as_json)
    faults = differences(parts, summary)
    with parts.reading() as session:
        erased = erased_since(session)
    mend(parts.engine, parts.index)
    lines = [f"{sum(rows.values())} rows, {summary.facts['events']} events; the same root"]
    lines += [f"erased since that backup: {one}; erase it again" for one in erased]
    facts = {"rows": rows, "faults": faults, "erased_since": erased, **summary.facts}
    emit(facts, faults or lines, as_json=as_json)
    if faults:
        fail("what was restored is not what was kept: do not serve it", Exit.REFUSED)


def _fill(parts: Parts, files: list[Path], passphrase: str, *, quiet: bool) -> dict[str, int]:
    rows: dict[str, int] = {}
    with parts.unit_of_work() as uow, progress("Rows", quiet=quiet) as told:
        connection = uow.session.connection()
        if not form.is_empty(connection):
            fail("the database is not empty: restore into a new one")
        for file in files:
            with reading(file, passphrase) as lines:
                rows |= form.load(connection, lines, lambda done: told(done, done + 1))
    return rows


def differences(parts: Parts, summary: Summary) -> list[str]:
    """Where the restored log is not the one that was kept; checks every event of it."""
    with parts.engine.connect() as connection:
        found = log_facts(connection)
    faults = [f"{name} differs" for name, kept in summary.facts.items() if found[name] != kept]
    with parts.reading() as session:
        report = check_log(session, known_keys(parts.settings))
    return faults + [str(one) for one in report.faults]
