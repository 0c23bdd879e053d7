"""Sessions on the server's side, and the counting that makes guessing slow."""

import datetime as dt
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Authentication
from directory.domain.sign_in import WINDOW, Factor, Failure, SessionLimits, waits_until
from directory.models.account import LoginSession, SignInFailure
from directory.services.secrets import hash_secret, new_secret

#: How often a session's last use is written down.
SEEN_EVERY = dt.timedelta(minutes=5)
#: How long ended sessions and failed attempts are kept.
SESSIONS_KEPT = dt.timedelta(days=30)
FAILURES_KEPT = dt.timedelta(days=1)
#: How much of the browser's own name is kept.
USER_AGENT_LENGTH = 200


def network_of(address: str | None) -> str:
    """What stands for the place a request comes from: an IPv4 address, the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Where a session begins: what the browser calls itself, its network, its device's id."""

    user_agent: str = ""
    network: str = ""
    device_id: str = ""


def open_session(
    uow: UnitOfWork,
    account_id: int,
    at: dt.datetime,
    limits: SessionLimits,
    method: Authentication,
    browser: Browser,
) -> str:
    """Write a new session down and return the id for the cookie, which is kept nowhere."""
    secret = new_secret()
    ended = LoginSession.ends_at < at - SESSIONS_KEPT
    uow.session.execute(delete(LoginSession).where(ended))
    uow.session.add(
        LoginSession(
            id=hash_secret(secret),
            account_id=account_id,
            created_at=at,
            last_seen_at=at,
            ends_at=at + limits.lasts,
            user_agent=browser.user_agent[:USER_AGENT_LENGTH],
            network=browser.network,
            method=method,
            factor_at=at,
            idle_minutes=whole_minutes(limits.idle),
            device_id=browser.device_id,
        )
    )
    return secret


def whole_minutes(duration: dt.timedelta) -> int:
    """The length in minutes, without the rest."""
    return int(duration.total_seconds() // 60)


def note_factor(uow: UnitOfWork, session_id: str, at: dt.datetime) -> None:
    """The owner of a session has shown a factor again."""
    uow.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(factor_at=at)
    )


def make_duty_desk(
    uow: UnitOfWork, session_id: str, limits: SessionLimits, at: dt.datetime
) -> None:
    """Let a session stay open for the night; from now on it only looks up."""
    uow.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id)
        .values(
            duty_desk=True,
            idle_minutes=whole_minutes(limits.idle),
            ends_at=at + limits.lasts,
            last_seen_at=at,
        )
    )


def end_one_session(uow: UnitOfWork, account_id: int, session_id: str, at: dt.datetime) -> int:
    """End one of an account's sessions, not one of another's; gives how many ended."""
    which = and_(LoginSession.id == session_id, LoginSession.account_id == account_id)
    return _revoke(uow, which, at)


def end_other_sessions(uow: UnitOfWork, account_id: int, session_id: str, at: dt.datetime) -> int:
    """End every session of an account but one; gives how many ended."""
    which = and_(LoginSession.account_id == account_id, LoginSession.id != session_id)
    return _revoke(uow, which, at)


def revoke_session(uow: UnitOfWork, session_id: str, at: dt.datetime) -> None:
    """End one session, by its hashed id."""
    _revoke(uow, LoginSession.id == session_id, at)


def revoke_sessions_of(uow: UnitOfWork, account_id: int, at: dt.datetime) -> int:
    """End every session of an account; gives how many ended."""
    return _revoke(uow, LoginSession.account_id == account_id, at)


def _revoke(uow: UnitOfWork, which: ColumnElement[bool], at: dt.datetime) -> int:
    lasting = (which, LoginSession.revoked_at.is_(None), LoginSession.ends_at > at)
    ended = update(LoginSession).where(*lasting).values(revoked_at=at).returning(LoginSession.id)
    return len(uow.session.scalars(ended).all())


def touch_session(uow: UnitOfWork, session_id: str, at: dt.datetime) -> None:
    """Write down that the session was used."""
    uow.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=at)
    )


def account_key(email: str, pepper: str) -> str:
    """What stands for an address typed at the door; keyed, for it may be a stranger's."""
    return hmac.new(
        pepper.encode(), fold_email(email).encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


def fold_email(email: str) -> str:
    """The address as accounts keep it."""
    return email.strip().lower()


def begin_attempt(
    uow: UnitOfWork, factor: Factor, key: str, network: str, at: dt.datetime
) -> dt.datetime | None:
    """Count a guess before it is judged; else the moment from which guessing may go on.

    Counted first, so that guesses sent at once do not all slip through before one has failed.
    """
    until = waits_until(factor, _recent(uow.session, key, network, at), at)
    if until is None:
        uow.session.execute(delete(SignInFailure).where(SignInFailure.at < at - FAILURES_KEPT))
        uow.session.add(SignInFailure(factor=factor, account_key=key, network=network, at=at))
    return until


def _recent(session: Session, key: str, network: str, at: dt.datetime) -> list[Failure]:
    same = or_(SignInFailure.account_key == key, SignInFailure.network == network)
    rows = session.execute(
        select(
            SignInFailure.factor, SignInFailure.account_key, SignInFailure.network, SignInFailure.at
        ).where(same, SignInFailure.at > at - WINDOW)
    )
    return [
        Failure(row.factor, row.account_key == key, row.network == network, row.at) for row in rows
    ]


def forget_attempts(uow: UnitOfWork, factor: Factor, key: str, network: str) -> None:
    """The account's owner got this factor right there: earlier mistakes there count no longer."""
    uow.session.execute(
        delete(SignInFailure).where(
            SignInFailure.factor == factor,
            SignInFailure.account_key == key,
            SignInFailure.network == network,
        )
    )
