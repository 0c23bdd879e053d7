"""API tokens: named, narrowed, expiring, shown once, kept as a hash, revocable."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import update

from directory.db.unit_of_work import UnitOfWork
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem
from directory.models.account import Account, ApiToken
from directory.policy import GRANTS, SYSTEM, Actor
from directory.services.accounts import get_account, record_act
from directory.services.factors import way_in_notice
from directory.services.notices import queue
from directory.services.secrets import hash_secret, new_secret

#: Every token begins so; leaked ones can be searched for.
PREFIX = "nad_"
#: Characters kept in clear, to tell tokens apart.
SHOWN = len(PREFIX) + 6
LONGEST_NAME = 80
LASTS = dt.timedelta(days=365)
#: No token lasts longer: accounts are confirmed once a year, and their programs with them.
LASTS_AT_MOST = dt.timedelta(days=366)
#: What a token may do when nothing else is said: look up.
READING = ("counterparts:ask", "coverage:read", "entries:read", "search:ask", "states:read")
#: How often a token's last use is written down.
USED_EVERY = dt.timedelta(minutes=1)


def create_token(
    uow: UnitOfWork,
    actor: Actor,
    email: str,
    name: str,
    at: dt.datetime,
    *,
    expires_at: dt.datetime | None = None,
    scopes: Iterable[str] = READING,
) -> str:
    """The new token, to be shown once. Raises ``Denied``, ``NotFound``, ``Invalid``."""
    account = get_account(uow.session, email)
    _require_owner(actor, account.id)
    if not account.active:
        raise InvalidState("The account is disabled.")
    ends = expires_at or at + LASTS
    wanted = sorted(set(scopes))
    problems = _token_problems(name, at, ends, wanted)
    if problems:
        raise Invalid(problems)
    token = new_secret(PREFIX)
    uow.session.add(_row(account, name.strip(), token, wanted, at, ends))
    facts = {"prefix": token[:SHOWN], "scopes": wanted, "until": ends.date().isoformat()}
    record_act(uow, actor, "token.made", account, at, after=facts)
    queue(uow, [way_in_notice(account.id, "token_made", at)], at)
    return token


def _row(
    account: Account, name: str, token: str, scopes: list[str], at: dt.datetime, ends: dt.datetime
) -> ApiToken:
    return ApiToken(
        prefix=token[:SHOWN],
        token_hash=hash_secret(token),
        account_id=account.id,
        name=name,
        scopes=scopes,
        created_at=at,
        expires_at=ends,
    )


def _require_owner(actor: Actor, account_id: int) -> None:
    # A token must not make tokens: it would outlive itself.
    is_owner = actor.account_id == account_id and actor.scopes is None
    if actor is not SYSTEM and not is_owner:
        raise Denied("account:own")


def _require_holder(actor: Actor, account_id: int) -> None:
    """Raise ``Denied`` unless it is the actor's own; a program may end one, which only closes."""
    if actor is not SYSTEM and actor.account_id != account_id:
        raise Denied("account:own")


def _token_problems(
    name: str, at: dt.datetime, ends: dt.datetime, scopes: list[str]
) -> list[Problem]:
    problems = []
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        message = "Give a name of at most %(limit)s characters."
        problems.append(Problem("name", message, {"limit": LONGEST_NAME}))
    if not at < ends <= at + LASTS_AT_MOST:
        message = "Choose a day within the next %(days)s days."
        problems.append(Problem("expires", message, {"days": LASTS_AT_MOST.days}))
    unknown = [scope for scope in scopes if scope not in GRANTS]
    if unknown or not scopes:
        known = ", ".join(sorted(GRANTS))
        problems.append(Problem("scopes", "Choose one or more of %(known)s.", {"known": known}))
    return problems


def revoke_token(uow: UnitOfWork, actor: Actor, token_id: int, at: dt.datetime) -> None:
    """Make a token open nothing from now on; raises ``NotFound``."""
    token = uow.session.get(ApiToken, token_id)
    if token is None:
        raise NotFound("token", str(token_id))
    _require_holder(actor, token.account_id)
    if token.revoked_at is None:
        token.revoked_at = at
        account = uow.session.get_one(Account, token.account_id)
        facts = {"prefix": token.prefix}
        record_act(uow, actor, "token.revoked", account, at, after=facts)


def touch_token(uow: UnitOfWork, token_id: int, at: dt.datetime) -> None:
    """Write down that the token was used."""
    uow.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=at))
