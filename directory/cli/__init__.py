"""The ``directory`` command."""

import sys

import click
from sqlalchemy.exc import DatabaseError

from directory.cli import (
    accounts,
    backup,
    database,
    doctor,
    editions,
    exchange,
    index,
    keys,
    local,
    log,
    person,
    read_only,
    seeding,
    serving,
    users,
    worker,
)
from directory.cli.frame import Exit, fail
from directory.errors import DomainError, NotFound
from directory.seeding.problems import SeedRefused
from directory.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="competent-authorities-directory")
def cli() -> None:
    """The restricted-access directory of competent national authorities."""


cli.add_command(backup.backup)
cli.add_command(backup.restore)
cli.add_command(database.db)
cli.add_command(doctor.doctor)
cli.add_command(editions.edition)
cli.add_command(exchange.export)
cli.add_command(exchange.import_file)
cli.add_command(index.index)
cli.add_command(keys.keys)
cli.add_command(local.run_local)
cli.add_command(log.log)
cli.add_command(person.person)
cli.add_command(read_only.read_only)
cli.add_command(seeding.seed)
cli.add_command(seeding.demo)
cli.add_command(serving.serve)
cli.add_command(accounts.token)
cli.add_command(users.user)
cli.add_command(worker.worker)


def main() -> None:
    """Run the command; every foreseen error is told in one line, with an exit code of its own."""
    try:
        cli()
    except SettingsError as error:
        fail("\n".join(error.problems), Exit.SETTINGS)
    except SeedRefused as error:
        fail(str(error), Exit.REFUSED)
    except NotFound as error:
        fail(f"there is no {error}", Exit.REFUSED)
    except DomainError as error:
        fail(str(error), Exit.REFUSED)
    except DatabaseError as error:
        fail(f"the database cannot be used: {error.orig}; run 'directory doctor'", Exit.DATABASE)
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), Exit.REFUSED)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
