"""``directory read-only``: a switch that lets everybody read and nobody change anything.

It is a file and not a row, so that it works where the database does not. Each machine has its own.
"""

import os

import click

from directory.cli.frame import Exit, as_json, emit, fail
from directory.parts import read_only_reason
from directory.settings import Settings


@click.group("read-only")
def read_only() -> None:
    """Let everybody read and nobody change anything, at once and without starting anew."""


@read_only.command()
@click.option("--reason", default="", help="Shown on every page, in a few words.")
def on(reason: str) -> None:
    """Refuse changes by pages, programs and the worker; people go on reading and signing in."""
    path = Settings.from_env().read_only_file
    path.parent.mkdir(parents=True, exist_ok=True)
    # Readable by whoever serves, whoever the operator is; it holds nothing secret.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(" ".join(reason.split())[:200] + "\n")
    click.echo(f"reading only, from now on ({path}); end it with 'directory read-only off'")


@read_only.command()
def off() -> None:
    """Allow changes again."""
    settings = Settings.from_env()
    settings.read_only_file.unlink(missing_ok=True)
    if settings.read_only:
        fail("read_only is set: take it out of the settings and start anew", Exit.REFUSED)
    click.echo("changes are allowed")


@read_only.command()
@as_json
def status(as_json: bool) -> None:
    """Say whether changes are allowed on this machine."""
    reason = read_only_reason(Settings.from_env())
    said = (
        "changes are allowed" if reason is None else f"reading only: {reason or 'no reason given'}"
    )
    emit({"read_only": reason is not None, "reason": reason}, [said], as_json=as_json)
