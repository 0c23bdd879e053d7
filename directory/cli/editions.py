"""``directory edition``: the whole directory on paper."""

from pathlib import Path

import click

from directory.cli.edition_job import make_edition
from directory.cli.frame import as_json, emit, fail, parts_from_environment, progress
from directory.composition import refuse_unfit_schema
from directory.domain.vocabulary import LANGUAGES
from directory.exchange.edition_files import FileLost, kept
from directory.exchange.edition_pdf import marked_copy
from directory.parts import Parts
from directory.policy import SYSTEM
from directory.queries.editions import find_edition, list_editions
from directory.queries.exports import actor_by_email, export_mark
from directory.services.editions import ask_edition, claim_edition, take_edition


@click.group()
def edition() -> None:
    """The whole directory as PDF, in each of the six languages."""


def _ready_parts() -> Parts:
    parts = parts_from_environment()
    click.get_current_context().call_on_close(parts.engine.dispose)
    refuse_unfit_schema(parts)
    return parts


@edition.command()
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@as_json
def make(language: str, as_json: bool) -> None:
    """Make an edition now; changes are marked against the newest one made."""
    parts = _ready_parts()
    with parts.unit_of_work() as uow:
        ask_edition(uow, SYSTEM, language, parts.clock())
    with parts.unit_of_work() as uow:
        number = claim_edition(uow, parts.clock())
    if number is None:
        fail("another process makes it: see 'directory edition list'")
    with progress("Entries set", quiet=as_json) as told:
        make_edition(parts, number, lambda _state, done, total: told(done, total))
    with parts.reading() as session:
        made = find_edition(session, number)
    if made is None:
        fail(f"edition {number} is gone")
    facts = {"number": number, "pages": made.pages, "size": made.size, "sha256": made.sha256}
    emit(facts, [f"edition {number}: {made.pages} pages, SHA-256 {made.sha256}"], as_json=as_json)


@edition.command("list")
@as_json
def list_all(as_json: bool) -> None:
    """Show the newest editions: number, language, state, entries set of how many, pages."""
    parts = _ready_parts()
    with parts.reading() as session:
        found = list_editions(SYSTEM, session)
    facts = [
        {
            "number": one.number,
            "language": one.language,
            "state": one.state.value,
            "done": one.done,
            "total": one.total,
            "pages": one.pages,
            "made_at": one.made_at.isoformat() if one.made_at else None,
            "sha256": one.sha256,
        }
        for one in found
    ]
    lines = [
        f"{one['number']}  {one['language']}  {one['state']}  {one['done']}/{one['total']}  "
        f"{one['pages']} pages"
        for one in facts
    ]
    emit({"editions": facts}, lines or ["no edition was made yet"], as_json=as_json)


@edition.command()
@click.argument("number", type=click.IntRange(1))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, metavar="EMAIL", help="For whom the copy is made.")
def take(number: int, file: Path, email: str) -> None:
    """Write a copy of edition NUMBER to FILE, marked with its recipient and a serial number."""
    parts = _ready_parts()
    with parts.reading() as session:
        actor = actor_by_email(session, email, parts.today())
    with parts.unit_of_work() as uow:
        found, serial = take_edition(uow, actor, number, parts.settings.takes_daily, parts.clock())
        mark = export_mark(actor, uow.session, parts.clock(), serial)
    try:
        source = kept(found.sha256, parts.settings.editions_dir)
    except FileLost as lost:
        fail(f"{lost}: make a new one")
    marked_copy(source, mark.text(str), found.language, file)
    click.echo(f"edition {number} in {file}, number {serial}", err=True)
