"""``directory person``: erasing a liaison officer, for ever."""

import click

from directory.cli.frame import fail, parts_from_environment
from directory.composition import refuse_unfit_schema
from directory.domain.events import Doer
from directory.services.erasure import erase_officer, scrub


@click.group()
def person() -> None:
    """What is kept of persons."""


@person.command()
@click.argument("entry")
@click.option("--reason", required=True, help="Kept in the change log; name nobody in it.")
@click.option(
    "--confirm",
    prompt="Name, channels and note are erased from the entry, its history and the change log. "
    "Type the entry's identifier again",
    help="The entry's identifier once more.",
)
@click.option("--for-ever", is_flag=True, help="Do not ask the second time.")
def erase(entry: str, reason: str, confirm: str, for_ever: bool) -> None:
    """Erase the officer whom ENTRY is about; nobody can undo it, and every proof still holds."""
    if confirm != entry:
        fail("the identifiers differ: nothing was erased")
    if not for_ever:
        click.confirm("This cannot be undone, not from backups either. Erase?", abort=True)
    parts = parts_from_environment()
    try:
        refuse_unfit_schema(parts)
        with parts.unit_of_work() as uow:
            erase_officer(uow, Doer(name="operator"), entry, parts.clock(), reason)
        scrub(parts.engine)
    finally:
        parts.engine.dispose()
    click.echo(
        f"the officer of {entry} is erased; run 'directory index rebuild' where no worker runs, "
        "and keep of person_key no older backup than this"
    )
