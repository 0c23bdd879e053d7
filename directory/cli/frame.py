"""What all commands share: parts from the environment, errors in one line, output for machines."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import click

from directory.composition import build_parts
from directory.parts import Parts
from directory.settings import Settings


class Exit(IntEnum):
    """Exit codes; 2 is click's own for a wrong command line."""

    DONE = 0
    #: Something is wrong with what was asked or found.
    REFUSED = 1
    SETTINGS = 3
    DATABASE = 4
    INTERRUPTED = 130


def fail(message: str, code: Exit = Exit.REFUSED) -> NoReturn:
    """Say what is wrong on standard error and end."""
    for line in message.splitlines():
        click.echo(f"directory: {line}", err=True)
    sys.exit(code)


def parts_from_environment() -> Parts:
    """The parts that the settings ask for; their connections are closed when the command ends."""
    parts = build_parts(Settings.from_env())
    click.get_current_context().call_on_close(parts.engine.dispose)
    return parts


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def emit(facts: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the facts as one JSON object, or the lines for people."""
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    for line in lines:
        click.echo(line)


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A progress bar to be told (done, of); silent when output is not a terminal."""
    with click.progressbar(
        length=1, label=label, file=sys.stderr, hidden=quiet or not sys.stderr.isatty()
    ) as bar:

        def told(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield told
