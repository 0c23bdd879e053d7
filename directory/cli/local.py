"""``directory run-local``: what ``make run`` starts; a trial of the directory on this machine."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from directory.cli.frame import Exit, fail
from directory.cli.seeding import totals
from directory.cli.serving import refuse_unfit_address, run_server
from directory.cli.worker import worker_beside
from directory.composition import build_parts
from directory.db import migration
from directory.parts import Parts
from directory.paths import seed_data_dir
from directory.services.demo_accounts import ensure_demo_accounts
from directory.services.demo_entries import add_showcase
from directory.services.indexing import mend
from directory.services.seed import seed
from directory.setting_values import SECRETS
from directory.settings import DEFAULT_FILE, FILE_VARIABLE, Settings

ACCOUNTS_FILE = "demo-accounts.txt"


@click.command("run-local")
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--prepare-only", is_flag=True, help="Prepare everything, do not serve.")
def run_local(port: int, prepare_only: bool) -> None:
    """Prepare a demonstration in ./instance (kept when it is there) and serve it."""
    if not prepare_only:
        refuse_unfit_address("127.0.0.1", port)
    path = Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)
    if not path.exists():
        write_settings(path)
        click.echo(f"Made {path} with secrets of its own.")
    settings = Settings.from_env()
    if not settings.demo:
        fail(f"{path} is not of a demonstration: use 'directory serve'", Exit.SETTINGS)
    parts = build_parts(settings)
    prepare(parts, path.parent / ACCOUNTS_FILE)
    show_sign_in(path.parent / ACCOUNTS_FILE, port)
    if not prepare_only:
        address = settings.base_url or f"http://127.0.0.1:{port}"
        with worker_beside(replace(settings, base_url=address)):
            run_server("127.0.0.1", port, workers=2)


def write_settings(path: Path) -> None:
    """A settings file for this machine alone, readable by its owner only."""
    folder = path.parent.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = [
        "# Made by 'directory run-local' for a demonstration on this machine. Never share it.",
        f'database_url = "sqlite:///{folder / "directory.db"}"',
        f'index_dir = "{folder / "index"}"',
        "demo = true",
        "secure_cookies = false",
        "# Many people may try the demonstration with one account.",
        "views_soft_hourly = 600",
        "views_hard_daily = 5000",
        "state_views_soft_hourly = 1000",
        "state_views_hard_daily = 10000",
        *(f'{name} = "{secrets.token_urlsafe(32)}"' for name in sorted(SECRETS | {"pack_key"})),
    ]
    write_private(path, "\n".join(lines) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from the first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def prepare(parts: Parts, accounts_file: Path) -> None:
    """Bring schema, data, demo accounts and index up to date; quick when they are."""
    migration.upgrade(parts.engine)
    with parts.unit_of_work() as uow:
        report = seed(uow, seed_data_dir(), parts.clock())
    with parts.unit_of_work() as uow:
        shown = add_showcase(uow, parts.clock())
    click.echo(f"{totals(report)}; {shown.added} synthetic entries added to show every page")
    with parts.unit_of_work() as uow:
        made = ensure_demo_accounts(uow, parts.settings, parts.clock())
    if made:
        keep_accounts(accounts_file, made)
    mend(parts.engine, parts.index)


def keep_accounts(path: Path, made: Mapping[str, str]) -> None:
    """Add new accounts to the private file that lists how to sign in."""
    before = path.read_text("utf-8") if path.exists() else ""
    lines = "".join(f"{email}\t{password}\n" for email, password in made.items())
    write_private(path, before + lines)


def show_sign_in(path: Path, port: int) -> None:
    """Print the address and the demo accounts."""
    click.echo("")
    click.echo(f"The directory:  http://127.0.0.1:{port}")
    click.echo(f"Demo accounts (also in {path}):")
    for line in path.read_text("utf-8").splitlines():
        email, _, password = line.partition("\t")
        click.echo(f"  {email:<26} {password}")
    click.echo("Stop with Ctrl-C. Everything lies in ./instance; delete it to begin anew.")
    click.echo("")
