"""``directory index``: make the search index anew, or see whether it is whole and up to date."""

import time

import click

from directory.cli.frame import Exit, as_json, emit, fail, parts_from_environment
from directory.composition import refuse_unfit_schema
from directory.errors import Unavailable
from directory.services import indexing


@click.group()
def index() -> None:
    """The search index, a cache that can be made again at any time."""


@index.command()
@as_json
def rebuild(as_json: bool) -> None:
    """Make the index anew from the database and switch to it at once."""
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    started = time.monotonic()
    count = indexing.rebuild(parts.engine, parts.index)
    seconds = round(time.monotonic() - started, 1)
    facts = {"documents": count, "seconds": seconds}
    emit(facts, [f"search index: {count} documents in {seconds} s"], as_json=as_json)


@index.command()
@as_json
def check(as_json: bool) -> None:
    """Read the whole index; ends with 1 when it is missing, damaged or behind."""
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    try:
        count = parts.index.check()
    except Unavailable as error:
        fail(str(error), Exit.REFUSED)
    behind = indexing.is_behind(parts.engine, parts.index)
    facts = {"documents": count, "position": parts.index.position(), "behind": behind}
    state = "behind: run 'directory index rebuild'" if behind else "up to date"
    emit(facts, [f"search index: {count} documents, {state}"], as_json=as_json)
    if behind:
        raise SystemExit(Exit.REFUSED)
