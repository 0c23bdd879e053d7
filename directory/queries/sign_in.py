"""How somebody signs in and where they are signed in, for the owner's own pages."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from directory.domain.browsers import browser_name
from directory.domain.events import Authentication
from directory.errors import NotFound
from directory.models.account import Account, LoginSession
from directory.models.sign_in import Passkey, ProviderIdentity, RecoveryCode
from directory.policy import Actor, require


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyView:
    """One of one's passkeys."""

    id: int
    name: str
    synced: bool
    created_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """What an account can sign in with; ``codes_left`` of its recovery codes are unused."""

    account_id: int
    email: str
    has_application: bool
    passkeys: int
    codes_left: int
    providers: int
    demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A browser one is signed in with. ``id`` is a hash that opens nothing."""

    id: str
    browser: str
    network: str
    method: Authentication
    created_at: dt.datetime
    last_seen_at: dt.datetime
    ends_at: dt.datetime
    duty_desk: bool


def read_ways_in(actor: Actor, session: Session) -> WaysIn:
    """What the actor's own account signs in with. One statement; raises ``NotFound``."""
    query = select(
        Account,
        _number_of(Passkey).scalar_subquery(),
        _number_of(RecoveryCode).where(RecoveryCode.used_at.is_(None)).scalar_subquery(),
        _number_of(ProviderIdentity).scalar_subquery(),
    ).where(Account.id == actor.account_id)
    found = session.execute(query).first()
    if found is None:
        raise NotFound("account", actor.name)
    account, passkeys, codes, providers = found
    return WaysIn(
        account_id=account.id,
        email=account.email,
        has_application=account.tf_totp_secret is not None,
        passkeys=passkeys,
        codes_left=codes,
        providers=providers,
        demo=account.demo,
    )


def _number_of(table: type[Passkey | RecoveryCode | ProviderIdentity]) -> Select[int]:
    return select(func.count(table.id)).where(table.account_id == Account.id)


def list_passkeys(actor: Actor, session: Session) -> tuple[PasskeyView, ...]:
    """The actor's own passkeys, the oldest first."""
    require(actor, "account:own")
    mine = select(Passkey).where(Passkey.account_id == actor.account_id).order_by(Passkey.id)
    return tuple(
        PasskeyView(
            id=one.id,
            name=one.name,
            synced=one.synced,
            created_at=one.created_at,
            last_used_at=one.last_used_at,
        )
        for one in session.scalars(mine)
    )


def list_sessions(actor: Actor, session: Session, now: dt.datetime) -> tuple[SessionView, ...]:
    """Where the actor is signed in, the last used first."""
    require(actor, "account:own")
    mine = (
        select(LoginSession)
        .where(
            LoginSession.account_id == actor.account_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.ends_at > now,
        )
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id)
    )
    return tuple(
        _session_view(one)
        for one in session.scalars(mine)
        if now - one.last_seen_at < dt.timedelta(minutes=one.idle_minutes)
    )


def _session_view(one: LoginSession) -> SessionView:
    return SessionView(
        id=one.id,
        browser=browser_name(one.user_agent),
        network=one.network,
        method=one.method,
        created_at=one.created_at,
        last_seen_at=one.last_seen_at,
        ends_at=one.ends_at,
        duty_desk=one.duty_desk,
    )
