"""``directory doctor``: what is wrong with this installation, and how to mend it."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from directory.cli.frame import Exit, as_json, emit, parts_from_environment
from directory.cli.worker import make_post
from directory.db import migration
from directory.domain.notes import NoteRefused, open_note
from directory.errors import Unavailable
from directory.models.account import Account
from directory.models.entry import Entry, IndexWork
from directory.models.reference import ReferenceEdition
from directory.parts import Parts
from directory.queries.accounts import has_accounts_beyond_demo
from directory.queries.change_log import newest_checkpoint, read_size
from directory.queries.notices import outbox_state
from directory.services.checkpoints import known_keys
from directory.settings import SettingsError

#: How long a notice may be due without causing doubt whether a worker runs.
MAIL_WAITS = dt.timedelta(minutes=15)
#: Bytes of free disk below which a warning is due.
LITTLE_DISK = 500 * 1024 * 1024
MARKS = {"ok": "ok  ", "warning": "warn", "wrong": "BAD "}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: 'ok', 'warning' or 'wrong', and how to mend it."""

    part: str
    level: str
    text: str


@click.command()
@as_json
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Look at settings, database, data, log, index, mail and disk; say what to mend and how."""
    findings = list(examine())
    lines = [f"{MARKS[one.level]} {one.part}: {one.text}" for one in findings]
    emit({"findings": [asdict(one) for one in findings]}, lines, as_json=as_json)
    if any(one.level == "wrong" for one in findings):
        context.exit(Exit.REFUSED)


def examine() -> Iterator[Finding]:
    """All findings; a part that cannot be looked at is itself a finding."""
    try:
        parts = parts_from_environment()
    except SettingsError as error:
        yield from (Finding("settings", "wrong", problem) for problem in error.problems)
        return
    yield Finding("settings", "ok", "complete, secrets are long enough")
    looks: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
        look_at_schema,
        look_at_data,
        look_at_accounts,
        look_at_log,
        look_at_index,
        look_at_mail,
        look_at_disk,
        look_at_switch,
    )
    for look in looks:
        try:
            yield from look(parts)
        except SQLAlchemyError as error:
            cause = str(error).splitlines()[0]
            yield Finding("database", "wrong", f"{cause}; check database_url and the server")
            return


def look_at_schema(parts: Parts) -> Iterator[Finding]:
    """Is the schema the one this code needs, and is the database set up to keep its promises?"""
    state = migration.schema_state(parts.engine)
    yield Finding("schema", "wrong" if state.fault else "ok", state.fault or state.code)
    if parts.engine.dialect.name == "sqlite" and not state.missing:
        with parts.engine.connect() as connection:
            answer = connection.execute(text("PRAGMA quick_check")).scalar_one()
        level = "ok" if answer == "ok" else "wrong"
        yield Finding("database file", level, f"{answer}" if level == "ok" else "restore a backup")


def look_at_data(parts: Parts) -> Iterator[Finding]:
    """Are the reference data there?"""
    if not migration.schema_state(parts.engine).is_current:
        return
    with parts.reading() as session:
        stamp = session.execute(select(ReferenceEdition.loaded_at)).scalar()
        entries = session.execute(select(func.count()).select_from(Entry)).scalar_one()
    if stamp is None:
        yield Finding("reference data", "wrong", "none: run 'directory seed'")
        return
    yield Finding("reference data", "ok", f"loaded {stamp:%Y-%m-%d %H:%M} UTC, {entries} entries")


def look_at_accounts(parts: Parts) -> Iterator[Finding]:
    """Demo accounts belong to demonstrations only."""
    if not migration.schema_state(parts.engine).is_current:
        return
    with parts.reading() as session:
        demo = session.execute(
            select(func.count()).select_from(Account).where(Account.demo, Account.active)
        ).scalar_one()
        is_mixed = parts.settings.demo and has_accounts_beyond_demo(session)
    if demo and not parts.settings.demo:
        yield Finding("accounts", "wrong", f"{demo} demo accounts are active: disable each of them")
    elif parts.settings.demo:
        yield Finding("accounts", "warning", "a demonstration: a password alone signs in")
        if is_mixed:
            beside = "accounts of real people stand beside those of the demonstration"
            mend = "give them an installation of their own, without demo accounts"
            yield Finding("accounts", "warning", f"{beside}: {mend}")
    else:
        yield Finding("accounts", "ok", "no demo account")


def look_at_log(parts: Parts) -> Iterator[Finding]:
    """Does a key that counts vouch for the newest checkpoint, and is what it signed still there?"""
    if not migration.schema_state(parts.engine).is_current:
        return
    with parts.reading() as session:
        size, newest = read_size(session), newest_checkpoint(session)
    signed = newest.size if newest else 0
    if size < signed:
        found = f"{signed} events were signed, {size} are there: restore a backup"
        yield Finding("change log", "wrong", f"{found}, run 'directory log verify'")
        return
    try:
        if newest:
            open_note(newest.note, known_keys(parts.settings))
    except NoteRefused as error:
        mend = "put the earlier public key into checkpoint_public_keys, or restore checkpoint_key"
        yield Finding("change log", "wrong", f"newest checkpoint: {error}: {mend}")
        return
    yield Finding("change log", "ok", f"{size} events, signed up to {signed}")


def look_at_mail(parts: Parts) -> Iterator[Finding]:
    """Can mails be signed, and do notices leave?"""
    try:
        make_post(parts.settings)
    except SettingsError as error:
        yield from (Finding("mail", "wrong", problem) for problem in error.problems)
    if not migration.schema_state(parts.engine).is_current:
        return
    if not parts.settings.smtp_host and not parts.settings.demo:
        yield Finding("mail", "warning", "no mail server: set smtp_host, notices wait until then")
    with parts.reading() as session:
        state = outbox_state(session, parts.clock() - MAIL_WAITS)
    if state.given_up:
        found = f"given up: {state.given_up} notices; last_error in table notice says why"
        yield Finding("mail", "warning", found)
    if state.waiting:
        found = f"waiting: {state.waiting} notices, the oldest of {state.oldest:%Y-%m-%d %H:%M} UTC"
        yield Finding("mail", "warning", f"{found}: does 'directory worker' run?")
    if not (state.given_up or state.waiting):
        yield Finding("mail", "ok", "nothing waits")


def look_at_index(parts: Parts) -> Iterator[Finding]:
    """Is the search index whole, and has it learnt everything?"""
    if not migration.schema_state(parts.engine).is_current:
        return
    with parts.reading() as session:
        newest = session.execute(select(func.max(IndexWork.id))).scalar() or 0
    position = parts.index.position() or 0
    try:
        parts.index.check()
    except Unavailable:
        yield Finding("search index", "wrong", "missing or damaged: run 'directory index rebuild'")
        return
    if position < newest:
        yield Finding(
            "search index",
            "warning",
            f"{newest - position} changes behind: run 'directory index rebuild'",
        )
    else:
        yield Finding("search index", "ok", f"up to change {position}")


def look_at_disk(parts: Parts) -> Iterator[Finding]:
    """Is there room for the database and the index?"""
    folder = nearest_folder(parts.settings.index_dir)
    free = shutil.disk_usage(folder).free
    level = "warning" if free < LITTLE_DISK else "ok"
    yield Finding("disk", level, f"{free // (1024 * 1024)} MB free at {folder}")


def nearest_folder(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    path = path.resolve()
    return path if path.is_dir() else nearest_folder(path.parent)


def look_at_switch(parts: Parts) -> Iterator[Finding]:
    """May anything be changed?"""
    reason = parts.read_only()
    if reason is not None:
        told = f"reading only ({reason or 'no reason given'}): 'directory read-only off' ends it"
        yield Finding("changes", "warning", told)
