"""``directory token``: which programs may come in."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from directory.cli.frame import as_json, emit, fail, parts_from_environment
from directory.composition import refuse_unfit_schema
from directory.errors import NotFound
from directory.parts import Parts
from directory.policy import GRANTS, SYSTEM
from directory.queries.accounts import TokenSummary, list_tokens
from directory.services.tokens import READING, create_token, revoke_token


def ready_parts() -> Parts:
    """The parts, on a database that fits the code."""
    parts = parts_from_environment()
    click.get_current_context().call_on_close(parts.engine.dispose)
    refuse_unfit_schema(parts)
    return parts


@contextmanager
def naming_the_missing(hint: str) -> Iterator[None]:
    """Say what there is not, and what shows what there is."""
    try:
        yield
    except NotFound as error:
        fail(f"there is no {error.what} {error.key}: {hint}")


@click.group()
def token() -> None:
    """Make, list and revoke the tokens of programs."""


@token.command("create")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--days", type=click.IntRange(1, 366), default=365, show_default=True)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(sorted(GRANTS)),
    help="What it may do; can be repeated. Without it: look up.",
)
def create(email: str, name: str, days: int, scopes: tuple[str, ...]) -> None:
    """Print a new token that acts for EMAIL. It is shown this once."""
    parts = ready_parts()
    at = parts.clock()
    with naming_the_missing("'directory user list' shows all"), parts.unit_of_work() as uow:
        made = create_token(
            uow,
            SYSTEM,
            email,
            name,
            at,
            expires_at=at + dt.timedelta(days=days),
            scopes=scopes or READING,
        )
    click.echo(made)


@token.command("list")
@as_json
def list_all(as_json: bool) -> None:
    """List all tokens, newest first."""
    parts = ready_parts()
    with parts.reading() as session:
        tokens = list_tokens(SYSTEM, session)
    at = parts.clock()
    facts = {"items": [asdict(one) for one in tokens]}
    emit(facts, (_token_line(one, at) for one in tokens), as_json=as_json)


def _token_line(one: TokenSummary, at: dt.datetime) -> str:
    if one.revoked_at:
        fate = f"revoked {one.revoked_at:%Y-%m-%d}"
    elif one.expires_at <= at:
        fate = f"expired {one.expires_at:%Y-%m-%d}"
    else:
        fate = f"until {one.expires_at:%Y-%m-%d}"
    used = f"used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
    return f"{one.id:>4} {one.prefix}… {one.email:<36} {one.name:<20} {fate}, {used}"


@token.command("revoke")
@click.argument("token_id", type=int)
def revoke(token_id: int) -> None:
    """Revoke the token with that number (see 'directory token list')."""
    parts = ready_parts()
    with naming_the_missing("'directory token list' shows all"), parts.unit_of_work() as uow:
        revoke_token(uow, SYSTEM, token_id, parts.clock())
    click.echo(f"token {token_id} is revoked")
